//! What printing asks parse analysis before it leaves the schema of a function or operator out.

use super::func::{FuncDetail, Wanted};
use super::{Analyzer, Environment};
use crate::catalog::{Catalog, Oid};
use crate::expr::deparse::{BareCall, Resolve, Visible};
use crate::sql::ast::QualifiedName;
use crate::sql::span::Loc;

/// Resolves names as a statement's are resolved.
pub(crate) struct ByAnalysis;

fn environment<'a>(catalog: &'a Catalog, path: &'a [Oid]) -> Environment<'a> {
    Environment::new(catalog, path)
}

impl Resolve for ByAnalysis {
    fn function(&self, catalog: &Catalog, path: &[Oid], call: BareCall<'_>) -> Option<Oid> {
        let analyzer = Analyzer::new(environment(catalog, path));
        let name = QualifiedName::bare(call.name);
        let (names, types) = (call.arg_names, call.arg_types);
        let count = types.len();
        let wanted = Wanted { count, names, expand_variadic: call.expand_variadic, with_out: false };
        match analyzer.func_get_detail(&name, &[], types, wanted, Loc::NONE) {
            Ok(FuncDetail::Found(_, found)) => Some(found.oid),
            Ok(FuncDetail::NotFound | FuncDetail::Multiple | FuncDetail::Coercion(_)) => None,
            // Where it cannot be told, what is visible is taken for found.
            Err(_) => Visible.function(catalog, path, call),
        }
    }

    fn operator(&self, catalog: &Catalog, path: &[Oid], name: &str, operands: (Oid, Oid), wanted: Oid) -> Option<Oid> {
        let analyzer = Analyzer::new(environment(catalog, path));
        let bare = QualifiedName::bare(name);
        let (left, right) = operands;
        if left == Oid::INVALID {
            return analyzer.left_oper(&bare, right, Loc::NONE).ok().map(|found| found.oid);
        }
        match analyzer.find_oper(&bare, left, right, Loc::NONE) {
            Ok(found) => found.ok().map(|found| found.oid),
            Err(_) => Visible.operator(catalog, path, name, operands, wanted),
        }
    }
}
