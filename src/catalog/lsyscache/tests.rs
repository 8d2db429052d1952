use super::strategy::*;
use super::*;
use crate::catalog::builtin::{CastContext, NEWEST_VERSION, OLDEST_VERSION};
use crate::catalog::{AggregateKind, CastPath, PG_CATALOG, Subscript, TypeRef, type_oid as t};

fn ty(catalog: &Catalog, name: &str) -> Oid {
    catalog.type_oid_in(PG_CATALOG, name).unwrap()
}

#[test]
fn types_are_those_of_pg_type() {
    let catalog = Catalog::new(15);
    let text = catalog.type_info(t::TEXT).unwrap();
    assert_eq!((text.category, text.preferred, text.collation), ('S', true, Oid(100)));
    let name = catalog.type_info(t::NAME).unwrap();
    assert_eq!((name.subscript, name.element, name.collation), (Subscript::RawArray, t::CHAR, Oid(950)));
    assert!(!name.is_true_array());
    assert_eq!(catalog.element_type(ty(&catalog, "int2vector")), t::INT2);
    assert_eq!(catalog.type_info(t::JSONB).unwrap().subscript, Subscript::Jsonb);
    assert_eq!(catalog.multirange_range(ty(&catalog, "nummultirange")), ty(&catalog, "numrange"));
    assert_eq!(catalog.range_subtype(ty(&catalog, "tstzrange")), t::TIMESTAMPTZ);
    assert_eq!(catalog.promoted_array_type(Oid(1009)), Oid(1009));
    assert_eq!(catalog.promoted_array_type(t::TEXT), Oid(1009));
    let row = catalog.type_info(ty(&catalog, "pg_class")).unwrap();
    assert_eq!((row.typtype, row.relation), ('c', Oid(1259)));
    let cardinal = catalog.type_oid_in(crate::catalog::INFORMATION_SCHEMA, "cardinal_number").unwrap();
    assert_eq!(catalog.base_type_and_typmod(cardinal, -1), TypeRef::plain(t::INT4));
}

#[test]
fn functions_and_operators_have_their_numbers() {
    for version in OLDEST_VERSION..=NEWEST_VERSION {
        let catalog = Catalog::new(version);
        for operator in catalog.builtins().all_operators() {
            let operands = [operator.left, operator.right].into_iter().filter(|&o| o != Oid::INVALID);
            let function = catalog.function_info(operator.function_oid);
            let function = function.unwrap_or_else(|| panic!("{version} {} has no function", operator.name));
            assert_eq!((function.name(), function.input_count()), (operator.function, operands.count()));
        }
        for cast in catalog.builtins().all_casts() {
            if let Some(CastPath::Function(function)) = catalog.cast(cast.source, cast.target).map(|c| c.path) {
                assert!(catalog.function_info(function).is_some(), "{version} {cast:?}");
            }
        }
    }
    let catalog = Catalog::new(15);
    let less = catalog.operator_with_args(PG_CATALOG, "<", t::INT4, t::INT8).unwrap();
    assert_eq!(catalog.operator_info(catalog.commutator(less.oid)).map(|op| (op.name, op.left)), Some((">", t::INT8)));
    assert_eq!(catalog.operator_info(catalog.negator(less.oid)).map(|op| (op.name, op.left)), Some((">=", t::INT4)));
    let cast = catalog.cast(t::INT4, t::INT8).unwrap();
    assert_eq!((cast.context, cast.path), (CastContext::Implicit, CastPath::Function(Oid(481))));
    let percentile = catalog.functions_by_name(PG_CATALOG, "percentile_cont").next().unwrap();
    assert_eq!(percentile.aggregate(), Some((AggregateKind::OrderedSet, 1)));
    let insert = catalog.functions_by_name(PG_CATALOG, "jsonb_insert").next().unwrap();
    let defaults: Vec<bool> = insert.args().map(|arg| arg.has_default).collect();
    assert_eq!(defaults, [false, false, false, true]);
}

#[test]
fn types_are_compared_by_their_default_operator_classes() {
    let catalog = Catalog::new(15);
    let name = |oid| catalog.operator_info(oid).map(|op| (op.name, op.left));
    let int = catalog.type_operators(t::INT4);
    assert_eq!((name(int.eq), name(int.lt)), (Some(("=", t::INT4)), Some(("<", t::INT4))));
    assert!(int.hashable);
    // varchar has no operators of its own.
    assert_eq!(name(catalog.type_operators(t::VARCHAR).gt), Some((">", t::TEXT)));
    assert_eq!(name(catalog.type_operators(Oid(1007)).lt), Some(("<", t::ANYARRAY)));
    // json cannot be compared, nor can arrays of it. xid can be, but not ordered.
    assert_eq!(catalog.type_operators(t::JSON).eq, Oid::INVALID);
    assert_eq!(catalog.type_operators(Oid(199)).eq, Oid::INVALID);
    let xid = catalog.type_operators(ty(&catalog, "xid"));
    assert_eq!((xid.eq == Oid::INVALID, xid.lt), (false, Oid::INVALID));
    let range = catalog.type_operators(ty(&catalog, "int4range"));
    assert_eq!(name(range.eq), Some(("=", t::ANYRANGE)));
    let (family, input) = (int.btree_family, int.btree_input);
    assert_eq!(catalog.opfamily_info(family).map(|f| f.name), Some("integer_ops"));
    assert_eq!(catalog.opfamily_member(family, input, t::INT8, BT_LESS), Oid(37));
    assert_eq!(catalog.operator_strategy(Oid(37), family), BT_LESS);
    assert_eq!(catalog.equality_for_ordering(int.gt), Some((int.eq, true)));
    // in_range(int4, int4, int8, …)
    assert_ne!(catalog.opfamily_function(family, t::INT4, t::INT8, 3), Oid::INVALID);
}

#[test]
fn a_name_is_visible_where_the_path_finds_the_object() {
    let catalog = Catalog::new(15);
    let public = crate::catalog::PUBLIC_SCHEMA;
    assert!(catalog.type_is_visible(t::TEXT, &[PG_CATALOG, public]));
    assert!(!catalog.type_is_visible(t::TEXT, &[public]));
    assert!(catalog.function_is_visible(Oid(870), &[public, PG_CATALOG]));
    assert!(catalog.collation_is_visible(t::C_COLLATION, &[PG_CATALOG]));
    assert!(catalog.relation_is_visible(Oid(1259), &[PG_CATALOG]));
    let english = catalog.ts_config_in(PG_CATALOG, "english").unwrap();
    assert!(catalog.ts_config_is_visible(english, &[PG_CATALOG]));
    let details = catalog.builtins().text_search_details("ts_configuration", english);
    assert!(details.starts_with("default ") && details.contains(" word=english_stem "), "{details}");
}
