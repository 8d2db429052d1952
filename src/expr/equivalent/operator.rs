//! Operators.

use ecow::EcoString;

use super::form::{Form, Former};
use super::literal::is_integer;
use crate::catalog::{Oid, type_oid as t};

impl Former<'_> {
    /// The head of an operator. Comparisons of integers are by name: there is one for each pair of types.
    pub(super) fn operator_head(&self, operator: Oid) -> EcoString {
        match self.catalog.operator_info(operator) {
            Some(op)
                if operator.is_builtin() && is_integer(op.left) && is_integer(op.right) && op.result == t::BOOL =>
            {
                ecow::eco_format!("integer op {}", op.name)
            }
            _ => ecow::eco_format!("op {operator:?}"),
        }
    }

    /// A binary operator. One that gives a boolean reads the same from both sides, if it has a commutator.
    pub(super) fn operation(&self, operator: Oid, left: Form, right: Form) -> Form {
        let head = self.operator_head(operator);
        let is_test = self.catalog.operator_info(operator).is_some_and(|op| op.result == t::BOOL);
        let commutator = if is_test { self.catalog.commutator(operator) } else { Oid::INVALID };
        if commutator == Oid::INVALID {
            return Form::new(head, vec![left, right]);
        }
        let other = self.operator_head(commutator);
        // Of the two ways to write it the first in order is taken.
        let here = Form::new(head, vec![left.clone(), right.clone()]);
        let there = Form::new(other, vec![right, left]);
        here.min(there)
    }
}
