//! Types and names of expressions, as far as they follow from the syntax and the bound names (`parse_target.c:
//! FigureColname`). A type that does not follow is not guessed.

use super::bind::Binder;
use super::scope::ScopeItem;
use crate::catalog::{TypeRef, type_oid as t};
use crate::replay::lookup;
use crate::sql::ast::*;

/// The type of an expression, if it follows.
pub(super) fn expr_type(binder: &Binder<'_>, expr: &Expr) -> Option<TypeRef> {
    let plain = |oid| Some(TypeRef::plain(oid));
    match &expr.kind {
        ExprKind::Column(parts) => binder.find_column(parts, expr.loc).ok()?.1,
        ExprKind::Literal(literal) => match literal {
            Literal::Null | Literal::String(_) => None,
            Literal::Boolean(_) => plain(t::BOOL),
            Literal::Integer(_) => plain(t::INT4),
            Literal::Float(text) if text.parse::<i64>().is_ok() => plain(t::INT8),
            Literal::Float(_) => plain(t::NUMERIC),
            Literal::BitString(_) => plain(t::BIT),
        },
        ExprKind::Cast { ty, .. } => lookup::resolve_type(binder.catalog, binder.path, ty).ok(),
        ExprKind::OpArray { .. }
        | ExprKind::Distinct { .. }
        | ExprKind::In { .. }
        | ExprKind::Like { .. }
        | ExprKind::Between { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::IsNull { .. }
        | ExprKind::BooleanTest { .. } => plain(t::BOOL),
        ExprKind::Op { op, left, right } => operator_type(binder, &op.name, left.as_deref(), right),
        ExprKind::NullIf(first, _) => expr_type(binder, first),
        ExprKind::Func(call) => {
            if let Some(ty) = aggregate_of_argument(binder, call) {
                return Some(ty);
            }
            lookup::result_type(binder.catalog, binder.path, call).map(TypeRef::plain)
        }
        ExprKind::SqlValue { func, .. } => plain(match func {
            SqlValueFunc::CurrentDate => t::DATE,
            SqlValueFunc::CurrentTime => t::TIMETZ,
            SqlValueFunc::CurrentTimestamp => t::TIMESTAMPTZ,
            SqlValueFunc::LocalTime => t::TIME,
            SqlValueFunc::LocalTimestamp => t::TIMESTAMP,
            SqlValueFunc::CurrentRole
            | SqlValueFunc::CurrentUser
            | SqlValueFunc::User
            | SqlValueFunc::SessionUser
            | SqlValueFunc::CurrentCatalog
            | SqlValueFunc::CurrentSchema => t::NAME,
        }),
        ExprKind::Case { whens, otherwise, .. } => {
            common_type(binder, whens.iter().map(|(_, then)| then).chain(otherwise.as_deref()))
        }
        ExprKind::Coalesce(list) | ExprKind::Greatest(list) | ExprKind::Least(list) => common_type(binder, list),
        ExprKind::Array(list) => {
            let element = common_type(binder, list)?;
            plain(binder.catalog.array_of(element.oid)?)
        }
        ExprKind::Collate { operand, .. } => expr_type(binder, operand),
        ExprKind::Grouping(_) => plain(t::INT4),
        ExprKind::SubLink { kind, .. } => match kind {
            SubLinkKind::Exists | SubLinkKind::Any { .. } | SubLinkKind::All { .. } => plain(t::BOOL),
            SubLinkKind::Scalar | SubLinkKind::Array => None,
        },
        ExprKind::Star(_)
        | ExprKind::Param(_)
        | ExprKind::Row { .. }
        | ExprKind::Indirection { .. }
        | ExprKind::Default
        | ExprKind::CurrentOf(_)
        | ExprKind::Unmodelled(_) => None,
    }
}

/// The type that all of these have which are no bare literals, if it is one.
fn common_type<'e>(binder: &Binder<'_>, exprs: impl IntoIterator<Item = &'e Expr>) -> Option<TypeRef> {
    let mut common: Option<TypeRef> = None;
    for expr in exprs {
        match (&expr.kind, expr_type(binder, expr)) {
            (ExprKind::Literal(Literal::Null | Literal::String(_)), _) => {}
            (_, None) => return None,
            (_, Some(ty)) => match common {
                Some(c) if c.oid != ty.oid => return None,
                Some(c) if c.typmod != ty.typmod => common = Some(TypeRef::plain(c.oid)),
                Some(_) => {}
                None => common = Some(ty),
            },
        }
    }
    common
}

/// Operators whose result follows from their name or from an operand.
fn operator_type(binder: &Binder<'_>, op: &str, left: Option<&Expr>, right: &Expr) -> Option<TypeRef> {
    match op {
        "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" | "~" | "~*" | "!~" | "!~*" | "~~" | "~~*" | "@>" | "<@" | "&&"
        | "?" | "?|" | "?&" | "@@" => Some(TypeRef::plain(t::BOOL)),
        "->>" | "#>>" => Some(TypeRef::plain(t::TEXT)),
        "->" | "#>" => expr_type(binder, left?).map(|l| TypeRef::plain(l.oid)),
        "||" => {
            let is_text = |e: &Expr| expr_type(binder, e).is_some_and(|ty| matches!(ty.oid, t::TEXT | t::VARCHAR));
            (is_text(left?) || is_text(right)).then_some(TypeRef::plain(t::TEXT))
        }
        "+" | "-" | "*" | "/" | "%" => {
            let right = expr_type(binder, right)?;
            match left {
                None => Some(TypeRef::plain(right.oid)),
                Some(left) => {
                    let left = expr_type(binder, left)?;
                    let arithmetic =
                        matches!(right.oid, t::INT2 | t::INT4 | t::INT8 | t::NUMERIC | t::FLOAT4 | t::FLOAT8);
                    (left.oid == right.oid && arithmetic).then_some(TypeRef::plain(left.oid))
                }
            }
        }
        _ => None,
    }
}

/// `min`, `max` and `array_agg` have their argument's type, `sum` and `avg` a wider one.
fn aggregate_of_argument(binder: &Binder<'_>, call: &FuncCall) -> Option<TypeRef> {
    let [FuncArg { value, .. }] = call.args.as_slice() else { return None };
    let argument = || expr_type(binder, value);
    match (call.name.name.as_str(), argument()?.oid) {
        ("min" | "max", oid) => Some(TypeRef::plain(oid)),
        ("sum", t::INT2 | t::INT4) => Some(TypeRef::plain(t::INT8)),
        ("sum" | "avg", t::INT8 | t::NUMERIC) | ("avg", t::INT2 | t::INT4) => Some(TypeRef::plain(t::NUMERIC)),
        ("sum", oid @ (t::FLOAT4 | t::FLOAT8 | t::INTERVAL)) => Some(TypeRef::plain(oid)),
        ("avg", t::FLOAT4 | t::FLOAT8) => Some(TypeRef::plain(t::FLOAT8)),
        ("array_agg", oid) => binder.catalog.array_of(oid).map(TypeRef::plain),
        _ => None,
    }
}

/// The name of an output column without AS (`parse_target.c: FigureColname`).
pub(crate) fn column_name(expr: &Expr) -> Name {
    figure_name(expr).0.unwrap_or_else(|| Name::from("?column?"))
}

/// The name that an expression gives to an index (`parse_target.c: FigureIndexColname`).
pub(crate) fn figure_index_name(expr: &Expr) -> String {
    figure_name(expr).0.map_or_else(|| "expr".to_owned(), |name| name.to_string())
}

/// The name and how strongly it suggests itself: 2 for a column or function, 1 for a cast.
fn figure_name(expr: &Expr) -> (Option<Name>, u8) {
    let strong = |name: &str| (Some(Name::from(name)), 2);
    match &expr.kind {
        ExprKind::Column(parts) => (parts.last().cloned(), 2),
        ExprKind::Indirection { operand, path } => {
            let field = path.iter().rev().find_map(|i| match i {
                Indirection::Field(name) => Some(name.clone()),
                Indirection::Star | Indirection::Index(_) | Indirection::Slice(..) => None,
            });
            if field.is_some() { (field, 2) } else { figure_name(operand) }
        }
        ExprKind::Func(call) => (Some(call.name.name.clone()), 2),
        ExprKind::NullIf(..) => strong("nullif"),
        ExprKind::Cast { operand, ty } => {
            let inner = figure_name(operand);
            if inner.1 <= 1 { (Some(ty.name.name.clone()), 1) } else { inner }
        }
        ExprKind::Collate { operand, .. } => figure_name(operand),
        ExprKind::Grouping(_) => strong("grouping"),
        ExprKind::Case { otherwise, .. } => {
            let inner = otherwise.as_ref().map_or((None, 0), |e| figure_name(e));
            if inner.1 <= 1 { (Some("case".into()), 1) } else { inner }
        }
        ExprKind::Array(_) => strong("array"),
        ExprKind::Row { .. } => strong("row"),
        ExprKind::Coalesce(_) => strong("coalesce"),
        ExprKind::Greatest(_) => strong("greatest"),
        ExprKind::Least(_) => strong("least"),
        ExprKind::SqlValue { func, .. } => strong(match func {
            SqlValueFunc::CurrentDate => "current_date",
            SqlValueFunc::CurrentTime => "current_time",
            SqlValueFunc::CurrentTimestamp => "current_timestamp",
            SqlValueFunc::LocalTime => "localtime",
            SqlValueFunc::LocalTimestamp => "localtimestamp",
            SqlValueFunc::CurrentRole => "current_role",
            SqlValueFunc::CurrentUser => "current_user",
            SqlValueFunc::User => "user",
            SqlValueFunc::SessionUser => "session_user",
            SqlValueFunc::CurrentCatalog => "current_catalog",
            SqlValueFunc::CurrentSchema => "current_schema",
        }),
        ExprKind::SubLink { kind, query } => match kind {
            SubLinkKind::Exists => strong("exists"),
            SubLinkKind::Array => strong("array"),
            SubLinkKind::Scalar => match &query.body {
                QueryBody::Select(select) => match select.targets.as_slice() {
                    [Target { name: Some(name), .. }] => (Some(name.clone()), 2),
                    [Target { value: Some(value), .. }] => figure_name(value),
                    _ => (None, 0),
                },
                QueryBody::Values(_) | QueryBody::SetOp { .. } => (None, 0),
            },
            SubLinkKind::Any { .. } | SubLinkKind::All { .. } => (None, 0),
        },
        ExprKind::Star(_)
        | ExprKind::Param(_)
        | ExprKind::Literal(_)
        | ExprKind::Op { .. }
        | ExprKind::OpArray { .. }
        | ExprKind::Distinct { .. }
        | ExprKind::In { .. }
        | ExprKind::Like { .. }
        | ExprKind::Between { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::IsNull { .. }
        | ExprKind::BooleanTest { .. }
        | ExprKind::Default
        | ExprKind::CurrentOf(_)
        | ExprKind::Unmodelled(_) => (None, 0),
    }
}

/// What a function in FROM shows. Only a scalar result or a column definition list is known in full.
pub(super) fn function_item(
    binder: &Binder<'_>,
    functions: &[TableFunction],
    alias: Option<&Alias>,
    columns: &[ColumnSpec],
    ordinality: bool,
) -> ScopeItem {
    let name = match functions {
        [TableFunction { call: Expr { kind: ExprKind::Func(call), .. }, .. }] => Some(call.name.name.clone()),
        _ => None,
    };
    let defined: Vec<_> = columns
        .iter()
        .chain(functions.iter().flat_map(|f| &f.columns))
        .map(|c| (c.name.clone(), lookup::resolve_type(binder.catalog, binder.path, &c.ty).ok()))
        .collect();
    let known = if !defined.is_empty() {
        Some(defined)
    } else {
        let found = match functions {
            [TableFunction { call: Expr { kind: ExprKind::Func(call), .. }, .. }] if !ordinality => {
                lookup::table_function_columns(binder.catalog, binder.path, call, alias)
            }
            _ => None,
        };
        // An alias that names more columns than we know of knows better.
        found.filter(|columns| alias.is_none_or(|a| a.columns.len() <= columns.len()))
    };
    ScopeItem::local(name, known, alias)
}
