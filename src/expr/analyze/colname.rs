//! Names of columns that have none (`parse_target.c: FigureColname`).

use super::Analyzer;
use crate::catalog::tree;
use crate::sql::ast::{Expr, ExprKind, Indirection, Name, Query, QueryBody, SqlValueFunc, SubLinkKind, XmlExpr};

/// How good a name is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    None,
    SecondBest,
    Good,
}

impl Analyzer<'_> {
    /// The name of a column of a select list (`parse_target.c: FigureColname`).
    pub(super) fn figure_colname(&self, expr: &Expr) -> Name {
        figure_colname(expr, None)
    }
}

/// The name of a column of a select list. The analysed expression tells what `SELECT *` in a sub-query stands for.
pub fn figure_colname(expr: &Expr, analysed: Option<&tree::Expr>) -> Name {
    figure(expr, analysed).1.unwrap_or_else(|| "?column?".into())
}

/// The name of a key of an index that is an expression, if it has one (`parse_target.c: FigureIndexColname`).
pub fn figure_index_colname(expr: &Expr) -> Option<Name> {
    figure(expr, None).1
}

fn good(name: impl Into<Name>) -> (Strength, Option<Name>) {
    (Strength::Good, Some(name.into()))
}

fn figure(expr: &Expr, analysed: Option<&tree::Expr>) -> (Strength, Option<Name>) {
    match &expr.kind {
        ExprKind::Column(names) | ExprKind::Star(names) => match names.last() {
            Some(name) => good(name.clone()),
            None => (Strength::None, None),
        },
        ExprKind::Indirection { operand, path } => {
            let field = |step: &Indirection| match step {
                Indirection::Field(name) => Some(name.clone()),
                Indirection::Star | Indirection::Index(_) | Indirection::Slice(..) => None,
            };
            match path.iter().rev().find_map(field) {
                Some(name) => good(name),
                None => figure(operand, None),
            }
        }
        ExprKind::Func(call) => good(call.name.name.clone()),
        ExprKind::NullIf(..) => good("nullif"),
        ExprKind::Cast { operand, ty } => match figure(operand, analysed) {
            (Strength::Good, name) => (Strength::Good, name),
            _ => (Strength::SecondBest, Some(ty.percent_type.clone().unwrap_or_else(|| ty.name.name.clone()))),
        },
        ExprKind::Collate { operand, .. } => figure(operand, analysed),
        ExprKind::Grouping(_) => good("grouping"),
        ExprKind::MergeAction => good("merge_action"),
        ExprKind::SubLink { kind, query } => match kind {
            SubLinkKind::Exists => good("exists"),
            SubLinkKind::Array => good("array"),
            SubLinkKind::Scalar => match sub_query_name(query, analysed) {
                Some(name) => good(name),
                None => (Strength::None, None),
            },
            SubLinkKind::Any { .. } | SubLinkKind::All { .. } => (Strength::None, None),
        },
        ExprKind::Case { otherwise, .. } => match otherwise.as_deref().map(|e| figure(e, None)) {
            Some((Strength::Good, name)) => (Strength::Good, name),
            _ => (Strength::SecondBest, Some("case".into())),
        },
        ExprKind::Array(_) => good("array"),
        ExprKind::Row { .. } => good("row"),
        ExprKind::Coalesce(_) => good("coalesce"),
        ExprKind::Greatest(_) => good("greatest"),
        ExprKind::Least(_) => good("least"),
        ExprKind::SqlValue { func, .. } => good(match func {
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
        ExprKind::Xml(xml) => match &**xml {
            XmlExpr::Concat(_) => good("xmlconcat"),
            XmlExpr::Element { .. } => good("xmlelement"),
            XmlExpr::Forest(_) => good("xmlforest"),
            XmlExpr::Parse { .. } => good("xmlparse"),
            XmlExpr::Pi { .. } => good("xmlpi"),
            XmlExpr::Root { .. } => good("xmlroot"),
            XmlExpr::Serialize { .. } => good("xmlserialize"),
            XmlExpr::IsDocument(_) => (Strength::None, None),
        },
        ExprKind::Json(json) => match json.what() {
            "IS JSON" => (Strength::None, None),
            what => good(what.to_ascii_lowercase()),
        },
        ExprKind::Param(_)
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
        | ExprKind::MultiAssign { .. }
        | ExprKind::Unmodelled(_) => (Strength::None, None),
    }
}

/// The name of the first column of a sub-query.
fn sub_query_name(query: &Query, analysed: Option<&tree::Expr>) -> Option<Name> {
    if let Some(link) = analysed.and_then(find_sub_link) {
        return link.query.result_targets().next().and_then(|target| target.name.clone());
    }
    match &query.body {
        QueryBody::Values(_) => Some("column1".into()),
        QueryBody::SetOp { left, .. } => sub_query_name(left, None),
        QueryBody::Select(select) => {
            let target = select.targets.first()?;
            match (&target.name, &target.value) {
                (Some(name), _) => Some(name.clone()),
                (None, Some(value)) => Some(figure_colname(value, None)),
                (None, None) => None,
            }
        }
    }
}

/// The sub-query under casts.
fn find_sub_link(expr: &tree::Expr) -> Option<&tree::SubLink> {
    use tree::Expr as E;
    match expr {
        E::SubLink(link) => Some(link),
        E::RelabelType(x) => find_sub_link(&x.arg),
        E::CoerceViaIO(x) => find_sub_link(&x.arg),
        E::ArrayCoerceExpr(x) => find_sub_link(&x.arg),
        E::ConvertRowtypeExpr(x) => find_sub_link(&x.arg),
        E::CoerceToDomain(x) => find_sub_link(&x.arg),
        E::CollateExpr(x) => find_sub_link(&x.arg),
        E::FuncExpr(x) if x.form != tree::CoercionForm::ExplicitCall => x.args.first().and_then(find_sub_link),
        _ => None,
    }
}
