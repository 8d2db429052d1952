//! Whether a bare name finds a function or an operator: what `ruleutils.c` asks the parser before it leaves a schema out.

use crate::catalog::{Catalog, Oid};
use crate::sql::ast::Name;

/// A call of a function by its bare name.
#[derive(Clone, Copy, Debug)]
pub struct BareCall<'a> {
    /// The name.
    pub name: &'a str,
    /// The names of the last arguments.
    pub arg_names: &'a [Name],
    /// The types of all arguments.
    pub arg_types: &'a [Oid],
    /// A VARIADIC parameter may take several arguments.
    pub expand_variadic: bool,
    /// The function that is hoped for.
    pub wanted: Oid,
}

/// Resolves calls as parse analysis does.
pub trait Resolve {
    /// The function that a call means along the path (`parse_func.c: func_get_detail`).
    fn function(&self, catalog: &Catalog, path: &[Oid], call: BareCall<'_>) -> Option<Oid>;

    /// The operator of that name for these operands (`parse_oper.c: oper`, `left_oper`); the left one is
    /// [`Oid::INVALID`] for a prefix operator. The last is the operator that is hoped for.
    fn operator(&self, catalog: &Catalog, path: &[Oid], name: &str, operands: (Oid, Oid), wanted: Oid) -> Option<Oid>;
}

/// Takes what is visible along the path for found: right but where an overload with other arguments hides it.
pub struct Visible;

impl Resolve for Visible {
    fn function(&self, catalog: &Catalog, path: &[Oid], call: BareCall<'_>) -> Option<Oid> {
        catalog.function_is_visible(call.wanted, path).then_some(call.wanted)
    }

    fn operator(&self, catalog: &Catalog, path: &[Oid], name: &str, operands: (Oid, Oid), wanted: Oid) -> Option<Oid> {
        // An operator for exactly these operands wins.
        let (left, right) = operands;
        let exact = path.iter().find_map(|&schema| catalog.operator_with_args(schema, name, left, right));
        match exact {
            Some(found) => Some(found.oid),
            None => catalog.operator_is_visible(wanted, path).then_some(wanted),
        }
    }
}
