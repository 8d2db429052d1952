use super::*;
use crate::sql::ast::{ParamMode, Volatility};

const PG15: u32 = 15;

fn oid(name: &str) -> Oid {
    Builtins::for_version(PG15).type_by_name(name).map_or(Oid::INVALID, |ty| ty.oid)
}

fn member_ok(ty: MemberType, extension: &AvailableExtension) -> bool {
    match ty {
        MemberType::None | MemberType::Builtin(_) => true,
        MemberType::Extension { extension: owner, name } => {
            let made = |members: Vec<ExtensionMember>| {
                members.iter().any(|member| match member {
                    ExtensionMember::Type(ty) => ty.name == name,
                    ExtensionMember::Relation(relation) => {
                        relation.name == name || name.strip_prefix('_') == Some(relation.name)
                    }
                    _ => false,
                })
            };
            let home = Builtins::for_version(PG15).extension(owner);
            (owner == extension.name || extension.requires().any(|required| required == owner))
                && home.is_some_and(|home| made(home.members()))
        }
    }
}

#[test]
fn every_line_of_every_version_refers_to_types_that_there_are() {
    for version in OLDEST_VERSION..=NEWEST_VERSION {
        let builtins = Builtins::for_version(version);
        for ty in builtins.all_types() {
            assert_eq!(builtins.type_by_oid(ty.oid), Some(ty), "{version}");
            assert_eq!(builtins.type_in(ty.namespace, ty.name), Some(ty), "{version}");
            if ty.is_array() {
                let element = builtins.type_by_oid(ty.element);
                assert_eq!(element.map(|element| element.array), Some(ty.oid), "{version} {}", ty.name);
            }
            assert_eq!(ty.typtype == 'd', ty.base.is_some(), "{version} {}", ty.name);
            assert_eq!(ty.typtype == 'r', ty.range.is_some(), "{version} {}", ty.name);
            assert_eq!(ty.typtype == 'c', ty.is_row_type, "{version} {}", ty.name);
        }
        for function in builtins.all_functions() {
            assert_eq!(builtins.function_by_oid(function.oid), Some(function), "{version}");
            assert!(function.returns.is_some(), "{version} {}", function.name);
            assert!(function.args.iter().all(|arg| arg.ty.is_some()), "{version} {}", function.name);
            assert!(function.defaults <= function.input_types().count(), "{version} {}", function.name);
        }
        for operator in builtins.all_operators() {
            let [left, right] = [operator.left, operator.right];
            assert!(right.is_some() && operator.result.is_some(), "{version} {}", operator.name);
            let does = |f: &BuiltinFunction| f.input_types().eq([left, right].into_iter().filter(|ty| ty.is_some()));
            // A binary-compatible operator may share a function that is declared for another type.
            let same_arity = |f: &BuiltinFunction| f.input_types().count() == 1 + usize::from(left.is_some());
            let mut functions = builtins.functions_named(operator.function);
            assert!(functions.any(|f| does(f) || same_arity(f)), "{version} {}", operator.name);
        }
        for cast in builtins.all_casts() {
            assert!(cast.source.is_some() && cast.target.is_some(), "{version} {cast:?}");
            assert_eq!(builtins.cast(cast.source, cast.target), Some(cast), "{version}");
        }
        for method in ["btree", "hash", "gin", "gist", "brin", "spgist"] {
            assert_eq!(builtins.access_method(method), Some('i'));
            assert!(builtins.opclasses(method).all(|opclass| opclass.input_type.is_some()), "{version} {method}");
        }
        for relation in builtins.all_relations() {
            assert!(!relation.columns.is_empty() || relation.name == "pg_shmem", "{version} {}", relation.name);
            assert!(relation.columns.iter().all(|column| column.ty.is_some()), "{version} {}", relation.name);
            assert!(builtins.type_in(relation.namespace, relation.name).is_some_and(|ty| ty.is_row_type));
        }
    }
}

#[test]
fn every_member_of_every_extension_is_decoded() {
    let builtins = Builtins::for_version(PG15);
    let files = [include_str!("data/extensions.tsv"), include_str!("data/other_extensions.tsv")];
    for name in builtins.extension_names().chain(builtins.other_extension_names()) {
        let extension = builtins.extension(name).expect("an extension that was listed");
        assert!(extension.versions().any(|version| version == extension.default_version), "{name}");
        let members = extension.members();
        let lines = files.into_iter().flat_map(|file| table::lines(file, PG15));
        let here = lines.filter(|line| line.name == name).count();
        let script_only = here == 0 && extension.script.is_some();
        assert_eq!(members.len() + usize::from(!script_only), here, "{name}: one line is the control file's");
        for member in &members {
            let ok = match member {
                ExtensionMember::Type(ty) => {
                    [ty.element, ty.array, ty.base].iter().all(|&ty| member_ok(ty, &extension))
                }
                ExtensionMember::Function(f) => {
                    f.returns.is_some()
                        && member_ok(f.returns, &extension)
                        && f.args.iter().all(|arg| arg.ty.is_some() && member_ok(arg.ty, &extension))
                }
                ExtensionMember::Operator(o) => [o.left, o.right, o.result].iter().all(|&ty| member_ok(ty, &extension)),
                ExtensionMember::Cast(c) => [c.source, c.target].iter().all(|&ty| member_ok(ty, &extension)),
                ExtensionMember::Opclass(o) => o.input_type.is_some() && member_ok(o.input_type, &extension),
                ExtensionMember::Relation(r) => r.columns.iter().all(|column| member_ok(column.ty, &extension)),
                ExtensionMember::Opfamily(family) => !family.access_method.is_empty(),
                ExtensionMember::FamilyOperator(member) => member.left.is_some() && member.operator_right.is_some(),
                ExtensionMember::Other { kind, identity } => !kind.is_empty() && !identity.is_empty(),
            };
            assert!(ok, "{name}: {member:?}");
        }
    }
}

#[test]
fn types_have_postgresqls_numbers() {
    let builtins = Builtins::for_version(PG15);
    assert_eq!(
        (oid("int4"), oid("_int4"), oid("timestamptz"), oid("jsonb")),
        (Oid(23), Oid(1007), Oid(1184), Oid(3802))
    );
    let array = builtins.type_by_oid(Oid(1009)).expect("text[]");
    assert!(array.is_array());
    assert_eq!((array.name, array.element), ("_text", oid("text")));
    // Subscripted, but no true arrays.
    for name in ["int2vector", "oidvector", "point", "name"] {
        assert!(!builtins.type_by_name(name).expect(name).is_array(), "{name}");
    }
    assert_eq!(builtins.type_by_name("text").map(|ty| (ty.category, ty.preferred)), Some(('S', true)));
    assert_eq!(builtins.type_by_name("no_such_type"), None);
    assert_eq!(builtins.type_by_name("sql_identifier"), None);
    let domain = builtins.type_in(INFORMATION_SCHEMA, "sql_identifier").expect("a domain");
    assert_eq!((domain.typtype, domain.base), ('d', oid("name")));
}

#[test]
fn functions_are_told_apart_by_their_arguments() {
    let builtins = Builtins::for_version(PG15);
    let now = builtins.functions_named("now").next().expect("now()");
    assert_eq!((now.oid, now.returns, now.volatility), (Oid(1299), oid("timestamptz"), Volatility::Stable));
    let mut lower: Vec<Oid> = builtins.functions_named("lower").flat_map(|f| f.input_types()).collect();
    lower.sort_unstable();
    assert_eq!(lower, [oid("text"), oid("anyrange"), oid("anymultirange")]);
    let concat = builtins.functions_named("concat").next().expect("concat");
    assert_eq!((concat.variadic, concat.args[0].mode), (oid("any"), ParamMode::Variadic));
    let make = builtins.functions_named("make_interval").next().expect("make_interval");
    assert_eq!((make.defaults, make.args[0].name), (7, Some("years")));
    let each = builtins.functions_named("jsonb_each").next().expect("jsonb_each");
    assert!(each.returns_set);
    assert_eq!(each.args.iter().filter(|arg| arg.is_input()).count(), 1);
    let percentile = builtins.functions_named("percentile_cont").next().expect("percentile_cont");
    assert_eq!(percentile.direct_args, Some(1));
    assert_eq!(builtins.functions_named("uuid_generate_v4").count(), 0);
    assert_eq!(builtins.functions_named("").count(), 0);
}

#[test]
fn versions_differ() {
    let has = |version, name: &str| Builtins::for_version(version).functions_named(name).next().is_some();
    assert!(!has(17, "uuidv7") && has(18, "uuidv7"));
    assert!(!has(15, "any_value") && has(16, "any_value"));
    assert!(Builtins::for_version(14).keyword("system_user").is_none());
    assert_eq!(Builtins::for_version(16).keyword("system_user"), Some(KeywordCategory::Reserved));
    assert!(Builtins::for_version(14).functions_named("pg_start_backup").next().is_some());
    assert!(!has(15, "pg_start_backup"));
    assert_eq!((Builtins::for_version(9).version(), Builtins::for_version(99).version()), (14, 18));
}

#[test]
fn operators_casts_and_operator_classes() {
    let builtins = Builtins::for_version(PG15);
    let equal = builtins.operators_named("=").find(|o| o.left == oid("uuid")).expect("uuid = uuid");
    assert_eq!((equal.oid, equal.negator, equal.commutator), (Oid(2972), Some("<>"), Some("=")));
    assert!(equal.can_hash && equal.can_merge);
    let cast = builtins.cast(oid("int4"), oid("int8")).expect("int4 to int8");
    assert_eq!((cast.context, cast.method), (CastContext::Implicit, CastMethod::Function("int8")));
    assert_eq!(builtins.cast(oid("varchar"), oid("text")).map(|cast| cast.method), Some(CastMethod::Binary));
    assert_eq!(builtins.cast(oid("uuid"), oid("text")), None);
    assert_eq!(builtins.default_opclass(oid("jsonb"), "gin").map(|o| o.name), Some("jsonb_ops"));
    assert_eq!(builtins.default_opclass(oid("json"), "btree"), None);
}

#[test]
fn relations_keywords_conditions_and_names() {
    let builtins = Builtins::for_version(PG15);
    let columns = builtins.system_relation(INFORMATION_SCHEMA, "columns").expect("information_schema.columns");
    assert!(columns.columns.iter().any(|column| column.name == "column_name"));
    assert_eq!(columns.relkind, 'v');
    let class = builtins.system_relation(PG_CATALOG, "pg_class").expect("pg_class");
    assert_eq!((class.oid, class.columns[1].name, class.columns[1].not_null), (Oid(1259), "relname", true));
    assert!(builtins.system_relation(PG_CATALOG, "columns").is_none());
    assert_eq!(builtins.keyword("user"), Some(KeywordCategory::Reserved));
    assert_eq!(builtins.keyword("users"), None);
    assert_eq!(builtins.keyword("between"), Some(KeywordCategory::ColName));
    assert_eq!(builtins.keyword("left"), Some(KeywordCategory::TypeFuncName));
    assert_eq!(builtins.keyword("name"), Some(KeywordCategory::Unreserved));
    assert_eq!(builtins.condition("undefined_table"), Some("42P01"));
    assert_eq!(builtins.condition("unique_violation"), Some("23505"));
    assert_eq!(builtins.condition_name("42701"), Some("duplicate_column"));
    assert_eq!(builtins.condition("others"), None);
    assert!(builtins.roles().any(|role| role == (Oid(6171), "pg_database_owner")));
    assert_eq!(builtins.role_memberships("pg_monitor").count(), 3);
    assert_eq!(builtins.language_is_trusted("plpgsql"), Some(true));
    assert_eq!(builtins.language_is_trusted("c"), Some(false));
    assert_eq!(builtins.language_is_trusted("plruby"), None);
    assert_eq!(builtins.parameter("search_path").map(|p| p.context), Some("user"));
    assert_eq!(builtins.parameter("timezone").map(|p| p.name), Some("TimeZone"));
    assert!(builtins.collation("C").is_some() && builtins.collation("en-x-icu").is_some());
    assert!(builtins.has_text_search_configuration("english"));
}

#[test]
fn an_extension_says_what_it_makes() {
    let builtins = Builtins::for_version(PG15);
    let citext = builtins.extension("citext").expect("citext");
    assert_eq!((citext.default_version, citext.trusted, citext.schema), ("1.6", true, None));
    let members = citext.members();
    let ExtensionMember::Type(first) = &members[0] else { panic!("types come first: {:?}", members[0]) };
    assert!(first.name.ends_with("citext"));
    let names = |name: &str| {
        let extension = builtins.extension(name).expect(name);
        let functions = extension.members();
        functions
            .into_iter()
            .filter_map(|member| if let ExtensionMember::Function(f) = member { Some(f.name) } else { None })
            .collect::<Vec<_>>()
    };
    assert!(names("uuid-ossp").contains(&"uuid_generate_v4"));
    assert!(names("pgcrypto").contains(&"gen_random_bytes"));
    assert_eq!(builtins.extension("earthdistance").expect("earthdistance").requires().collect::<Vec<_>>(), ["cube"]);
    assert!(builtins.extension("no_such_extension").is_none());
    assert!(Builtins::for_version(17).extension("adminpack").is_none());
    assert!(builtins.extension("adminpack").is_some());
}
