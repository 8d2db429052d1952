//! Whether a bare name finds a function or an operator: what `ruleutils.c` asks the parser before it leaves a schema out.

use crate::catalog::{Catalog, Oid};
use crate::sql::ast::Name;

/// Resolves calls as parse analysis does.
pub trait Resolve {
    /// The function that `name(…)` with these arguments is along the path (`parse_func.c: func_get_detail`). The last
    /// arguments have the names; `expand_variadic` allows a VARIADIC parameter to take several arguments. `wanted` is
    /// the function that is hoped for.
    fn function(
        &self,
        catalog: &Catalog,
        path: &[Oid],
        name: &str,
        arg_names: &[Name],
        arg_types: &[Oid],
        expand_variadic: bool,
        wanted: Oid,
    ) -> Option<Oid>;

    /// The operator of that name for these operands (`parse_oper.c: oper`, `left_oper`); the left one is
    /// [`Oid::INVALID`] for a prefix operator.
    fn operator(&self, catalog: &Catalog, path: &[Oid], name: &str, left: Oid, right: Oid, wanted: Oid) -> Option<Oid>;
}

/// Takes what is visible along the path for found: right but where an overload with other arguments hides it.
pub struct Visible;

impl Resolve for Visible {
    fn function(
        &self,
        catalog: &Catalog,
        path: &[Oid],
        _name: &str,
        _arg_names: &[Name],
        _arg_types: &[Oid],
        _expand_variadic: bool,
        wanted: Oid,
    ) -> Option<Oid> {
        catalog.function_is_visible(wanted, path).then_some(wanted)
    }

    fn operator(&self, catalog: &Catalog, path: &[Oid], name: &str, left: Oid, right: Oid, wanted: Oid) -> Option<Oid> {
        // An operator for exactly these operands wins.
        let exact = path.iter().find_map(|&schema| catalog.operator_with_args(schema, name, left, right));
        match exact {
            Some(found) => Some(found.oid),
            None => catalog.operator_is_visible(wanted, path).then_some(wanted),
        }
    }
}
