//! Columns of relations, row types and function results (`tupdesc.c`, `funcapi.c`).

use std::sync::Arc;

use super::Analyzer;
use crate::catalog::builtin::BuiltinRelation;
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::tree::Expr;
use crate::catalog::{
    AttrNumber, C_COLLATION, Catalog, FunctionKind, INFORMATION_SCHEMA, Index, IndexKeyKind, Oid, Relation,
    RelationKind, TypeRef, type_oid as t,
};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::Name;

/// A column of a row (`FormData_pg_attribute`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
    /// It was dropped.
    pub dropped: bool,
}

impl Attribute {
    /// A column that is there.
    pub fn new(name: Name, ty: TypeRef, collation: Oid) -> Attribute {
        Attribute { name, ty, collation, dropped: false }
    }
}

/// A relation as parse analysis sees it (`RelationData`).
#[derive(Clone, Debug)]
pub struct OpenRelation {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its schema.
    pub schema: Oid,
    /// `relkind`
    pub relkind: char,
    /// Its columns, dropped ones included.
    pub attributes: Vec<Attribute>,
    /// Its row type.
    pub row_type: Oid,
}

impl OpenRelation {
    /// The column of that number.
    pub fn attribute(&self, number: AttrNumber) -> Option<&Attribute> {
        self.attributes.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The number of the live column of that name (`parse_relation.c: attnameAttNum`).
    pub fn attnum(&self, name: &str) -> Option<AttrNumber> {
        let index = self.attributes.iter().position(|a| !a.dropped && a.name == name)?;
        AttrNumber::try_from(index + 1).ok()
    }

    /// It has the columns of the system (`heap.c: AddNewAttributeTuples`).
    pub fn has_system_columns(&self) -> bool {
        !matches!(self.relkind, 'v' | 'c' | 'i')
    }
}

/// `relkind` of a kind of relation.
pub fn relkind(kind: &RelationKind) -> char {
    match kind {
        RelationKind::Table => 'r',
        RelationKind::PartitionedTable(_) => 'p',
        RelationKind::ForeignTable(_) => 'f',
        RelationKind::View(_) => 'v',
        RelationKind::MaterializedView(..) => 'm',
        RelationKind::Sequence(_) => 'S',
        RelationKind::Index(_) => 'i',
        RelationKind::CompositeType => 'c',
    }
}

/// The columns that every sequence has (`sequence.c: DefineSequence`).
pub const SEQUENCE_ATTRIBUTES: [(&str, Oid); 3] =
    [("last_value", t::INT8), ("log_cnt", t::INT8), ("is_called", t::BOOL)];

/// A column of the system: its number, name and type (`heap.c: SysAtt`).
pub const SYSTEM_ATTRIBUTES: [(AttrNumber, &str, Oid); 6] = [
    (-1, "ctid", t::TID),
    (-2, "xmin", t::XID),
    (-3, "cmin", t::CID),
    (-4, "xmax", t::XID),
    (-5, "cmax", t::CID),
    (TABLE_OID, "tableoid", t::OID),
];

/// The number of the system column `tableoid`.
pub const TABLE_OID: AttrNumber = -6;

/// The system column of that name (`heap.c: SystemAttributeByName`).
pub fn system_attribute(name: &str) -> Option<(AttrNumber, Oid)> {
    SYSTEM_ATTRIBUTES.iter().find(|(_, n, _)| *n == name).map(|&(number, _, ty)| (number, ty))
}

/// A system column has that name.
pub(crate) fn is_system_column(name: &str) -> bool {
    system_attribute(name).is_some()
}

/// The kinds of relation that a query can read.
pub(crate) fn is_readable(kind: &RelationKind) -> bool {
    match kind {
        RelationKind::Table
        | RelationKind::PartitionedTable(_)
        | RelationKind::ForeignTable(_)
        | RelationKind::View(_)
        | RelationKind::MaterializedView(..)
        | RelationKind::Sequence(_) => true,
        RelationKind::Index(_) | RelationKind::CompositeType => false,
    }
}

/// The name of a system column.
pub fn system_attribute_name(number: AttrNumber) -> Option<&'static str> {
    SYSTEM_ATTRIBUTES.iter().find(|(n, ..)| *n == number).map(|(_, name, _)| *name)
}

/// A relation by its number, of the catalog or of PostgreSQL's own (`relation_open`).
pub fn open_relation(catalog: &Catalog, oid: Oid) -> Option<OpenRelation> {
    if let Some(relation) = catalog.relation(oid) {
        return Some(open_user_relation(catalog, relation));
    }
    catalog.builtins().relation_by_oid(oid).map(|relation| open_system_relation(catalog, relation))
}

fn open_user_relation(catalog: &Catalog, relation: &Relation) -> OpenRelation {
    let mut attributes: Vec<Attribute> = relation
        .columns
        .iter()
        .map(|column| Attribute {
            name: if column.dropped { Name::new() } else { column.name.clone() },
            ty: column.ty,
            collation: catalog.column_collation(column),
            dropped: column.dropped,
        })
        .collect();
    // The columns that every sequence has.
    if relation.as_sequence().is_some() && attributes.is_empty() {
        for (name, ty) in SEQUENCE_ATTRIBUTES {
            attributes.push(Attribute::new(name.into(), TypeRef::plain(ty), Oid::INVALID));
        }
    }
    if let RelationKind::Index(index) = &relation.kind {
        attributes = index_attributes(catalog, index);
    }
    OpenRelation {
        oid: relation.oid,
        name: relation.name.clone(),
        schema: relation.schema,
        relkind: relkind(&relation.kind),
        attributes,
        row_type: relation.row_type.unwrap_or(Oid::INVALID),
    }
}

/// The columns of an index (`index.c: ConstructTupleDescriptor`), which expressions can name where an index stands by mistake.
fn index_attributes(catalog: &Catalog, index: &Index) -> Vec<Attribute> {
    let column = |number| catalog.relation(index.table).and_then(|table| table.column_at(number));
    let of_column = |number| column(number).map_or(TypeRef::plain(Oid::INVALID), |column| column.ty);
    let keys = index.keys.iter().map(|key| {
        let ty = match &key.what {
            IndexKeyKind::Column(number) => of_column(*number),
            IndexKeyKind::Expr(expr) => expr.tree.ty(catalog),
        };
        // What the operator class stores, unless that is any array, range or the like.
        let stored = catalog.opclass_info(key.opclass).map_or(Oid::INVALID, |opclass| opclass.key_type);
        let pseudo = catalog.builtins().type_by_oid(stored).is_some_and(|ty| ty.typtype == 'p');
        let ty = if stored == Oid::INVALID || pseudo { ty } else { TypeRef::plain(stored) };
        (ty, key.collation)
    });
    let including = index.including.iter().map(|&number| (of_column(number), Oid::INVALID));
    let columns = keys.chain(including).zip(&index.column_names);
    columns.map(|((ty, collation), name)| Attribute::new(name.clone(), ty, collation)).collect()
}

/// A relation of `pg_catalog` or `information_schema`.
pub fn open_system_relation(catalog: &Catalog, relation: &'static BuiltinRelation) -> OpenRelation {
    let table = relation.relkind == 'r';
    let attributes = relation.columns.iter().map(|column| {
        let collation = catalog.type_collation(column.ty);
        // Text columns of catalogs collate as bytes (`genbki.pl`), and so do the domains of information_schema.
        let bytes = collation != Oid::INVALID
            && (table || relation.namespace == INFORMATION_SCHEMA || is_bytes_in_view(relation.name, column.name));
        let collation = if bytes { C_COLLATION } else { collation };
        Attribute::new(column.name.into(), TypeRef::plain(column.ty), collation)
    });
    OpenRelation {
        oid: relation.oid,
        name: relation.name.into(),
        schema: relation.namespace,
        relkind: relation.relkind,
        attributes: attributes.collect(),
        row_type: catalog.type_oid_in(relation.namespace, relation.name).unwrap_or(Oid::INVALID),
    }
}

/// Text of catalogs that comes through views of `pg_catalog` as it is.
fn is_bytes_in_view(view: &str, column: &str) -> bool {
    matches!(
        (view, column),
        ("pg_available_extensions", "installed_version")
            | ("pg_policies", "qual" | "with_check")
            | ("pg_roles", "rolconfig")
            | ("pg_seclabels", "label" | "objname" | "provider")
            | ("pg_shadow", "passwd" | "useconfig")
            | ("pg_stats_ext", "dependencies" | "n_distinct")
            | ("pg_user", "useconfig")
            | ("pg_user_mappings", "umoptions")
    )
}

/// The columns of a composite type (`typcache.c: lookup_rowtype_tupdesc`); nothing for another type.
pub fn row_type_attributes(catalog: &Catalog, ty: Oid) -> Option<Vec<Attribute>> {
    let relation = catalog.type_relation(ty);
    if relation == Oid::INVALID {
        return None;
    }
    open_relation(catalog, relation).map(|relation| relation.attributes)
}

/// What an expression gives, as far as it concerns FROM (`TypeFuncClass`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultClass {
    /// One value.
    Scalar,
    /// A row with these columns.
    Composite(Vec<Attribute>),
    /// A row of a domain over a composite type.
    CompositeDomain(Vec<Attribute>),
    /// A row whose columns are not known.
    Record,
    /// What cannot stand in FROM.
    Other,
}

/// The result of an expression, its type and what it is (`funcapi.c: get_expr_result_type`).
pub fn expr_result_type(catalog: &Catalog, expr: &Expr) -> (ResultClass, Oid) {
    match expr {
        Expr::FuncExpr(call) => function_result_type(catalog, call.function, expr, &call.args, call.input_collation),
        Expr::OpExpr(op) => function_result_type(catalog, op.function, expr, &op.args, op.input_collation),
        Expr::RowExpr(row) if row.ty == t::RECORD => {
            let attributes = row.args.iter().zip(&row.names);
            let attributes =
                attributes.map(|(arg, name)| Attribute::new(name.clone(), arg.ty(catalog), arg.collation()));
            (ResultClass::Composite(attributes.collect()), t::RECORD)
        }
        other => {
            let ty = other.ty(catalog).oid;
            (type_class(catalog, ty), ty)
        }
    }
}

/// The columns of a row-valued expression, or nothing (`funcapi.c: get_expr_result_tupdesc` with `noError`).
pub fn expr_result_attributes(catalog: &Catalog, expr: &Expr) -> Option<Vec<Attribute>> {
    match expr_result_type(catalog, expr).0 {
        ResultClass::Composite(attributes) | ResultClass::CompositeDomain(attributes) => Some(attributes),
        ResultClass::Scalar | ResultClass::Record | ResultClass::Other => None,
    }
}

/// `funcapi.c: get_type_func_class`
fn type_class(catalog: &Catalog, ty: Oid) -> ResultClass {
    match catalog.typtype(ty) {
        'c' => match row_type_attributes(catalog, ty) {
            Some(attributes) => ResultClass::Composite(attributes),
            None => ResultClass::Other,
        },
        'b' | 'e' | 'r' | 'm' => ResultClass::Scalar,
        'd' => match row_type_attributes(catalog, catalog.base_type(ty)) {
            Some(attributes) => ResultClass::CompositeDomain(attributes),
            None => ResultClass::Scalar,
        },
        'p' if ty == t::RECORD => ResultClass::Record,
        'p' if matches!(ty, t::VOID | t::CSTRING) => ResultClass::Scalar,
        _ => ResultClass::Other,
    }
}

/// `funcapi.c: internal_get_result_type`
fn function_result_type(
    catalog: &Catalog,
    function: Oid,
    call: &Expr,
    args: &[Expr],
    input_collation: Oid,
) -> (ResultClass, Oid) {
    let Some(info) = catalog.function_info(function) else {
        let ty = call.ty(catalog).oid;
        return (type_class(catalog, ty), ty);
    };
    if let Some(mut attributes) = function_result_attributes(catalog, info) {
        let resolved = resolve_polymorphic(catalog, &mut attributes, info, args, input_collation);
        let class = if resolved { ResultClass::Composite(attributes) } else { ResultClass::Record };
        return (class, info.returns());
    }
    let declared = info.returns();
    let ty = if is_polymorphic(declared) { call.ty(catalog).oid } else { declared };
    (type_class(catalog, ty), ty)
}

/// The columns that OUT parameters make (`funcapi.c: build_function_result_tupdesc_d`).
pub fn function_result_attributes(catalog: &Catalog, info: FunctionInfo<'_>) -> Option<Vec<Attribute>> {
    let outputs: Vec<_> = info.args().filter(|arg| arg.is_output()).collect();
    if outputs.is_empty() || outputs.len() < 2 && info.kind() != FunctionKind::Procedure {
        return None;
    }
    let attribute = |(index, arg): (usize, &crate::catalog::lsyscache::ArgumentInfo<'_>)| {
        let name = match arg.name {
            Some(name) if !name.is_empty() => Name::from(name),
            _ => Name::from(format!("column{}", index + 1)),
        };
        Attribute::new(name, TypeRef::plain(arg.ty), catalog.type_collation(arg.ty))
    };
    Some(outputs.iter().enumerate().map(attribute).collect())
}

/// The name of a function's only output parameter (`funcapi.c: get_func_result_name`).
pub fn function_result_name(catalog: &Catalog, function: Oid) -> Option<Name> {
    let info = catalog.function_info(function)?;
    let mut outputs = info.args().filter(|arg| arg.is_output());
    let (first, None) = (outputs.next()?, outputs.next()) else { return None };
    first.name.filter(|name| !name.is_empty()).map(Name::from)
}

/// A pseudo-type that stands for what is passed.
pub fn is_polymorphic(ty: Oid) -> bool {
    matches!(
        ty,
        t::ANYELEMENT
            | t::ANYARRAY
            | t::ANYNONARRAY
            | t::ANYENUM
            | t::ANYRANGE
            | t::ANYMULTIRANGE
            | t::ANYCOMPATIBLE
            | t::ANYCOMPATIBLEARRAY
            | t::ANYCOMPATIBLENONARRAY
            | t::ANYCOMPATIBLERANGE
            | t::ANYCOMPATIBLEMULTIRANGE
    )
}

/// What the types of one of the two families of polymorphic types stand for (`funcapi.c: polymorphic_actuals`).
#[derive(Default)]
struct Actuals {
    element: Oid,
    array: Oid,
    range: Oid,
    multirange: Oid,
}

impl Actuals {
    /// Finds what no argument has from what others have (`resolve_anyelement_from_others` and its neighbours).
    fn deduce(&mut self, catalog: &Catalog) {
        if self.range == Oid::INVALID && self.multirange != Oid::INVALID {
            self.range = catalog.multirange_range(catalog.base_type(self.multirange));
        }
        if self.element == Oid::INVALID {
            if self.array != Oid::INVALID {
                self.element = catalog.element_type(catalog.base_type(self.array));
            } else if self.range != Oid::INVALID {
                self.element = catalog.range_subtype(catalog.base_type(self.range));
            }
        }
        if self.array == Oid::INVALID && self.element != Oid::INVALID {
            self.array = catalog.array_type(self.element);
        }
        if self.multirange == Oid::INVALID && self.range != Oid::INVALID {
            self.multirange = catalog.range_multirange(catalog.base_type(self.range));
        }
    }
}

/// Which family a polymorphic type is of (`anycompatible` or not), and which member.
fn family(ty: Oid) -> Option<(bool, char)> {
    Some(match ty {
        t::ANYELEMENT | t::ANYNONARRAY | t::ANYENUM => (false, 'e'),
        t::ANYARRAY => (false, 'a'),
        t::ANYRANGE => (false, 'r'),
        t::ANYMULTIRANGE => (false, 'm'),
        t::ANYCOMPATIBLE | t::ANYCOMPATIBLENONARRAY => (true, 'e'),
        t::ANYCOMPATIBLEARRAY => (true, 'a'),
        t::ANYCOMPATIBLERANGE => (true, 'r'),
        t::ANYCOMPATIBLEMULTIRANGE => (true, 'm'),
        _ => return None,
    })
}

/// Replaces polymorphic types by what the arguments are (`funcapi.c: resolve_polymorphic_tupdesc`).
fn resolve_polymorphic(
    catalog: &Catalog,
    attributes: &mut [Attribute],
    info: FunctionInfo<'_>,
    args: &[Expr],
    input_collation: Oid,
) -> bool {
    if !attributes.iter().any(|a| is_polymorphic(a.ty.oid)) {
        return true;
    }
    let mut actuals = [Actuals::default(), Actuals::default()];
    for (declared, arg) in info.input_types().zip(args) {
        let Some((compatible, member)) = family(declared) else { continue };
        let actual = arg.ty(catalog).oid;
        if actual == Oid::INVALID {
            return false;
        }
        let of = &mut actuals[usize::from(compatible)];
        let slot = match member {
            'e' => &mut of.element,
            'a' => &mut of.array,
            'r' => &mut of.range,
            _ => &mut of.multirange,
        };
        if *slot == Oid::INVALID {
            *slot = actual;
        }
    }
    actuals.iter_mut().for_each(|a| a.deduce(catalog));
    for attribute in attributes {
        let Some((compatible, member)) = family(attribute.ty.oid) else { continue };
        let of = &actuals[usize::from(compatible)];
        let ty = match member {
            'e' => of.element,
            'a' => of.array,
            'r' => of.range,
            _ => of.multirange,
        };
        attribute.ty = TypeRef::plain(ty);
        let own = catalog.type_collation(ty);
        let collatable = own != Oid::INVALID && input_collation != Oid::INVALID;
        attribute.collation = if collatable { input_collation } else { own };
    }
    true
}

impl Analyzer<'_> {
    /// The columns of a row-valued expression (`funcapi.c: get_expr_result_tupdesc`).
    pub(super) fn get_expr_result_tupdesc(&self, expr: &Expr) -> Exec<Vec<Attribute>> {
        if let Some(attributes) = expr_result_attributes(self.catalog(), expr) {
            return Ok(attributes);
        }
        let ty = expr.ty(self.catalog()).oid;
        let message = if ty == t::RECORD {
            "record type has not been registered".to_owned()
        } else {
            format!("type {} is not composite", self.format_type_be(ty))
        };
        Err(SqlError::new("42809", message).into())
    }

    /// The name of a type in messages (`format_type.c: format_type_be`).
    pub(super) fn format_type_be(&self, ty: Oid) -> String {
        self.catalog().format_type_be(ty, self.env.path)
    }

    /// The same with its modifier (`format_type_with_typemod`).
    pub(super) fn format_type_with_typmod(&self, ty: TypeRef) -> String {
        self.catalog().format_type(ty, self.env.path)
    }

    /// The relation of that number.
    pub(super) fn relation_by_oid(&self, oid: Oid) -> Option<Arc<OpenRelation>> {
        open_relation(self.catalog(), oid).map(Arc::new)
    }
}
