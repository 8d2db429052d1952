//! The form that trees are brought into, and where their columns are from.

use ecow::EcoString;

use crate::catalog::Catalog;
use crate::catalog::tree::{Expr, Query, RteKind, Var};

/// A tree that is the same for all that mean the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Form {
    /// What it is, with everything that has no operands.
    pub(super) head: EcoString,
    /// Its operands; sorted where their order does not matter.
    pub(super) args: Vec<Form>,
}

impl Form {
    pub(super) fn leaf(head: impl Into<EcoString>) -> Form {
        Form { head: head.into(), args: Vec::new() }
    }

    pub(super) fn new(head: impl Into<EcoString>, args: Vec<Form>) -> Form {
        Form { head: head.into(), args }
    }

    /// Operands whose order does not matter.
    pub(super) fn unordered(head: impl Into<EcoString>, mut args: Vec<Form>) -> Form {
        args.sort_unstable();
        Form::new(head, args)
    }

    /// AND or OR: its like among the operands are dissolved, and one operand is that operand.
    pub(super) fn junction(head: &'static str, operands: Vec<Form>) -> Form {
        let mut flat = Vec::with_capacity(operands.len());
        for operand in operands {
            if operand.head == head {
                flat.extend(operand.args);
            } else {
                flat.push(operand);
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => Form::unordered(head, flat),
        }
    }
}

/// What makes forms.
pub(super) struct Former<'a> {
    pub(super) catalog: &'a Catalog,
    /// The queries around, the innermost last.
    pub(super) queries: Vec<&'a Query>,
}

impl<'a> Former<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Former { catalog, queries: Vec::new() }
    }

    /// A column: by the depth of its query, the place of its table there, and its number. Depth 0 is the relation that
    /// an expression belongs to.
    pub(super) fn column(&mut self, var: &'a Var) -> Form {
        let depth = self.queries.len().saturating_sub(var.levels_up as usize);
        let query = depth.checked_sub(1).and_then(|index| self.queries.get(index)).copied();
        let place = (var.varno as usize).saturating_sub(1);
        if let Some(query) = query
            && let Some(RteKind::Join(join)) = query.rtable.get(place).map(|rte| &rte.kind)
            && let Some(column) = usize::try_from(var.varattno - 1).ok().and_then(|index| join.alias_vars.get(index))
        {
            // A join's column is one of its sides', seen from the query that the join is in.
            let inner = self.queries.split_off(depth);
            let form = self.expr(column);
            self.queries.extend(inner);
            return form;
        }
        // Joins have numbers in the range table too, which do not count.
        let place = query.map_or(place, |query| {
            let before = query.rtable.iter().take(place);
            before.filter(|rte| !matches!(rte.kind, RteKind::Join(_))).count()
        });
        let returning = var.returning;
        Form::leaf(ecow::eco_format!("column {depth}.{place} #{} {returning:?}", var.varattno))
    }

    pub(super) fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) -> Vec<Form> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    /// Something that may be missing.
    pub(super) fn optional(&mut self, expr: Option<&'a Expr>) -> Form {
        match expr {
            Some(expr) => self.expr(expr),
            None => Form::leaf("-"),
        }
    }
}
