//! What printing asks parse analysis before it leaves the schema of a function or operator out.

use super::func::{FuncDetail, Wanted};
use super::{Analyzer, Environment};
use crate::catalog::{Catalog, Oid};
use crate::expr::deparse::{Resolve, Visible};
use crate::sql::ast::{Name, QualifiedName};
use crate::sql::span::Loc;

/// Resolves names as a statement's are resolved.
pub(crate) struct ByAnalysis;

fn environment<'a>(catalog: &'a Catalog, path: &'a [Oid]) -> Environment<'a> {
    Environment { catalog, path, time_zone: "UTC", now: None, variables: None }
}

impl Resolve for ByAnalysis {
    fn function(
        &self,
        catalog: &Catalog,
        path: &[Oid],
        name: &str,
        arg_names: &[Name],
        arg_types: &[Oid],
        expand_variadic: bool,
        wanted: Oid,
    ) -> Option<Oid> {
        let analyzer = Analyzer::new(environment(catalog, path));
        let bare = QualifiedName::bare(name);
        let asked = Wanted { count: arg_types.len(), names: arg_names, expand_variadic, with_out: false };
        match analyzer.func_get_detail(&bare, &[], arg_types, asked, Loc::NONE) {
            Ok(FuncDetail::Found(_, found)) => Some(found.oid),
            Ok(FuncDetail::NotFound | FuncDetail::Multiple | FuncDetail::Coercion(_)) => None,
            // Where it cannot be told, what is visible is taken for found.
            Err(_) => Visible.function(catalog, path, name, arg_names, arg_types, expand_variadic, wanted),
        }
    }

    fn operator(&self, catalog: &Catalog, path: &[Oid], name: &str, left: Oid, right: Oid, wanted: Oid) -> Option<Oid> {
        let analyzer = Analyzer::new(environment(catalog, path));
        let bare = QualifiedName::bare(name);
        if left == Oid::INVALID {
            return analyzer.left_oper(&bare, right, Loc::NONE).ok().map(|found| found.oid);
        }
        match analyzer.find_oper(&bare, left, right, Loc::NONE) {
            Ok(found) => found.ok().map(|found| found.oid),
            Err(_) => Visible.operator(catalog, path, name, left, right, wanted),
        }
    }
}
