//! Types and names of expressions, as far as they follow from the syntax and the bound names (`parse_target.c:
//! FigureColname`). A type that does not follow is not guessed.

use super::bind::Binder;
use super::scope::ScopeItem;
use crate::catalog::{Catalog, Oid, Relation, TypeKind, TypeRef, type_oid as t};
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
            let known = lookup::result_type(binder.catalog, binder.path, call);
            known.or_else(|| builtin_result(binder, call)).map(TypeRef::plain)
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
            SubLinkKind::Scalar => None,
            SubLinkKind::Array => None,
        },
        ExprKind::Indirection { operand, path } => {
            let [Indirection::Field(field)] = path.as_slice() else { return None };
            let ty = expr_type(binder, operand)?;
            row_relation(binder.catalog, ty.oid)?.column(field).map(|c| c.ty)
        }
        ExprKind::Star(_)
        | ExprKind::Param(_)
        | ExprKind::Row { .. }
        | ExprKind::Default
        | ExprKind::CurrentOf(_)
        | ExprKind::Xml(_)
        | ExprKind::Json(_)
        | ExprKind::MergeAction
        | ExprKind::MultiAssign { .. }
        | ExprKind::Unmodelled(_) => None,
    }
}

/// The type of a column of a result: that of a literal is `unknown` until something decides it.
pub(super) fn output_type(binder: &Binder<'_>, expr: &Expr) -> Option<TypeRef> {
    match &expr.kind {
        ExprKind::Literal(Literal::Null | Literal::String(_)) => Some(TypeRef::plain(t::UNKNOWN)),
        ExprKind::SubLink { kind: SubLinkKind::Scalar, query } => binder.only_column(query),
        ExprKind::SubLink { kind: SubLinkKind::Array, query } => {
            binder.catalog.array_of(binder.only_column(query)?.oid).map(TypeRef::plain)
        }
        _ => expr_type(binder, expr),
    }
}

/// The relation whose rows a type has.
pub(super) fn row_relation(catalog: &Catalog, ty: Oid) -> Option<&Relation> {
    match catalog.type_(ty)?.kind {
        TypeKind::Composite(relation) => catalog.relation(relation),
        _ => None,
    }
}

/// The type of a parameter, if all functions that may be meant agree on it.
pub(super) fn parameter_type(binder: &Binder<'_>, call: &FuncCall, position: usize) -> Option<Oid> {
    let count = call.args.len();
    if call.args.iter().any(|arg| arg.name.is_some()) {
        return None;
    }
    let mut types: Vec<Oid> = match lookup::find_call(binder.catalog, binder.path, call).ok()?? {
        lookup::Callee::User(oid) => {
            let function = binder.catalog.function(oid)?;
            let alike = binder.catalog.functions_in(function.schema, &function.name).count() == 1;
            let inputs: Vec<_> = function.params.iter().filter(|p| p.is_input()).collect();
            if !alike || inputs.iter().any(|p| p.mode == ParamMode::Variadic) {
                return None;
            }
            vec![inputs.get(position)?.ty.oid]
        }
        lookup::Callee::Builtin => {
            let functions = binder.catalog.builtins().functions_named(&call.name.name);
            functions
                .filter(|f| f.input_types().count() == count)
                .filter_map(|f| f.input_types().nth(position))
                .collect()
        }
    };
    types.sort_unstable();
    types.dedup();
    match types.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// What one of PostgreSQL's own functions returns, chosen by the types of its arguments (`func_select_candidate`, as far
/// as types that are known and fit exactly decide). A polymorphic result follows its arguments.
fn builtin_result(binder: &Binder<'_>, call: &FuncCall) -> Option<Oid> {
    if !matches!(lookup::find_call(binder.catalog, binder.path, call), Ok(Some(lookup::Callee::Builtin))) {
        return None;
    }
    let args: Vec<Option<Oid>> = call.args.iter().map(|a| expr_type(binder, &a.value).map(|ty| ty.oid)).collect();
    let functions = binder.catalog.builtins().functions_named(&call.name.name);
    let fits = |wanted: Oid, given: Option<Oid>| match given {
        Some(given) => wanted == given || element_of(binder, wanted, given).is_some() || wanted == t::ANY,
        None => true,
    };
    let mut results: Vec<Oid> = functions
        .filter(|f| f.input_types().count() == args.len())
        .filter(|f| f.input_types().zip(&args).all(|(wanted, &given)| fits(wanted, given)))
        .filter_map(|f| {
            let element = || {
                let mut pairs = f.input_types().zip(&args);
                pairs.find_map(|(wanted, &given)| element_of(binder, wanted, given?))
            };
            match f.returns {
                t::ANYELEMENT | t::ANYCOMPATIBLE | t::ANYNONARRAY | t::ANYCOMPATIBLENONARRAY => element(),
                t::ANYARRAY | t::ANYCOMPATIBLEARRAY => binder.catalog.array_of(element()?),
                other => Some(other),
            }
        })
        .collect();
    results.sort_unstable();
    results.dedup();
    match results.as_slice() {
        [one] if binder.catalog.builtins().type_by_oid(*one).is_none_or(|ty| ty.typtype != 'p') => Some(*one),
        _ => None,
    }
}

/// The element type that an argument gives to a polymorphic parameter.
fn element_of(binder: &Binder<'_>, wanted: Oid, given: Oid) -> Option<Oid> {
    match wanted {
        t::ANYELEMENT | t::ANYCOMPATIBLE => Some(given),
        t::ANYNONARRAY | t::ANYCOMPATIBLENONARRAY => binder.catalog.array_element(given).is_none().then_some(given),
        t::ANYARRAY | t::ANYCOMPATIBLEARRAY => binder.catalog.array_element(given),
        _ => None,
    }
}

/// `unnest(a, b)` in FROM is two functions side by side (`parse_clause.c: transformRangeFunction`).
pub(super) fn several_unnests(functions: &[TableFunction]) -> Vec<TableFunction> {
    let split = |function: &TableFunction| -> Vec<TableFunction> {
        match &function.call.kind {
            ExprKind::Func(call)
                if call.name.name == "unnest"
                    && call.name.schema.as_deref().is_none_or(|s| s == "pg_catalog")
                    && call.args.len() > 1 =>
            {
                let one = |arg: &FuncArg| {
                    let call = FuncCall { args: vec![arg.clone()], ..(**call).clone() };
                    let call = Expr { kind: ExprKind::Func(Box::new(call)), loc: function.call.loc };
                    TableFunction { call, ..function.clone() }
                };
                call.args.iter().map(one).collect()
            }
            _ => vec![function.clone()],
        }
    };
    functions.iter().flat_map(split).collect()
}

/// The type that all of these have which are no bare literals, if it is one.
fn common_type<'e>(binder: &Binder<'_>, exprs: impl IntoIterator<Item = &'e Expr>) -> Option<TypeRef> {
    let (mut common, mut any): (Option<TypeRef>, bool) = (None, false);
    for expr in exprs {
        any = true;
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
    // Literals alone are text (`parse_coerce.c: select_common_type`).
    if any { common.or(Some(TypeRef::plain(t::TEXT))) } else { None }
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
        | ExprKind::Xml(_)
        | ExprKind::Json(_)
        | ExprKind::MergeAction
        | ExprKind::MultiAssign { .. }
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
    let of_call = |call: &Expr, alias: Option<&Alias>| {
        let ExprKind::Func(call) = &call.kind else { return None };
        // Of the functions of this name the one for arrays is told by its argument.
        if call.name.name == "unnest"
            && let [FuncArg { value, .. }] = call.args.as_slice()
            && let Some(element) = expr_type(binder, value).and_then(|ty| binder.catalog.array_element(ty.oid))
        {
            let name = alias.map_or(&call.name.name, |a| &a.name).clone();
            return Some(vec![(name, Some(TypeRef::plain(element)))]);
        }
        let mut columns = lookup::table_function_columns(binder.catalog, binder.path, call, alias)?;
        if let [(_, ty @ None)] = columns.as_mut_slice() {
            *ty = builtin_result(binder, call).map(TypeRef::plain);
        }
        Some(columns)
    };
    let mut known: Option<Vec<_>> = match functions {
        _ if !defined.is_empty() => Some(defined),
        [one] => of_call(&one.call, alias),
        // The name of the whole is not one of its columns.
        several => several.iter().map(|f| of_call(&f.call, None)).collect::<Option<Vec<_>>>().map(|l| l.concat()),
    };
    if ordinality && let Some(columns) = &mut known {
        columns.push(("ordinality".into(), Some(TypeRef::plain(t::INT8))));
    }
    ScopeItem::local(name, known, alias)
}
