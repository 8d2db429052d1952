//! Where an expression stands, and what PostgreSQL does not want there (`parse_node.h: ParseExprKind`).

use super::bind::Binder;
use super::infer;
use crate::catalog::{FunctionKind, Oid, TypeKind, type_oid as t};
use crate::replay::{Exec, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// A place where an expression can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `CHECK` of a table or domain.
    Check,
    /// `DEFAULT` of a column.
    ColumnDefault,
    /// The default of a parameter, or of a domain.
    OtherDefault,
    /// `GENERATED ALWAYS AS`
    Generated,
    /// A key of an index.
    IndexExpression,
    /// `WHERE` of an index.
    IndexPredicate,
    /// `PARTITION BY`
    PartitionKey,
    /// `FOR VALUES`
    PartitionBound,
    /// `USING` and `WITH CHECK` of a policy.
    Policy,
    /// `WHEN` of a trigger.
    TriggerWhen,
    /// `USING` of `ALTER COLUMN … TYPE`
    AlterColumnTransform,
    /// `WHERE` of a published table.
    PublicationFilter,
    /// `WHERE` of a query.
    Where,
    /// `ON` of a join.
    JoinCondition,
    /// `GROUP BY`
    GroupBy,
}

impl Place {
    /// The place in the words of errors about aggregates, window functions and sets.
    fn noun(self) -> &'static str {
        match self {
            Place::Check => "check constraints",
            Place::ColumnDefault | Place::OtherDefault => "DEFAULT expressions",
            Place::Generated => "column generation expressions",
            Place::IndexExpression => "index expressions",
            Place::IndexPredicate => "index predicates",
            Place::PartitionKey => "partition key expressions",
            Place::PartitionBound => "partition bound",
            Place::Policy => "policy expressions",
            Place::TriggerWhen => "trigger WHEN conditions",
            Place::AlterColumnTransform => "transform expressions",
            Place::PublicationFilter | Place::Where => "WHERE",
            Place::JoinCondition => "JOIN conditions",
            Place::GroupBy => "GROUP BY",
        }
    }

    /// The place in the words of the error about sub-queries (`parse_expr.c: transformSubLink`); nothing where they may
    /// stand.
    fn without_subqueries(self) -> Option<&'static str> {
        match self {
            Place::Check => Some("check constraint"),
            Place::ColumnDefault | Place::OtherDefault => Some("DEFAULT expression"),
            Place::Generated => Some("column generation expression"),
            Place::IndexExpression => Some("index expression"),
            Place::IndexPredicate => Some("index predicate"),
            Place::PartitionKey => Some("partition key expression"),
            Place::PartitionBound => Some("partition bound"),
            Place::TriggerWhen => Some("trigger WHEN condition"),
            Place::AlterColumnTransform => Some("transform expression"),
            // A publication refuses them later, with other words.
            Place::PublicationFilter | Place::Policy | Place::Where | Place::JoinCondition | Place::GroupBy => None,
        }
    }

    /// What the error calls an expression that has to be a condition (`parse_coerce.c: coerce_to_boolean`).
    fn condition(self) -> Option<&'static str> {
        match self {
            Place::Check => Some("CHECK"),
            Place::IndexPredicate | Place::Where => Some("WHERE"),
            Place::PublicationFilter => Some("PUBLICATION WHERE"),
            Place::Policy => Some("POLICY"),
            Place::TriggerWhen => Some("WHEN"),
            Place::JoinCondition => Some("JOIN/ON"),
            Place::ColumnDefault
            | Place::OtherDefault
            | Place::Generated
            | Place::IndexExpression
            | Place::PartitionKey
            | Place::PartitionBound
            | Place::AlterColumnTransform
            | Place::GroupBy => None,
        }
    }

    /// Aggregates may stand in a sub-query of a sub-query's WHERE if they are the outer query's.
    fn is_clause(self) -> bool {
        matches!(self, Place::Where | Place::JoinCondition | Place::GroupBy)
    }
}

/// What a call calls, as far as a place asks.
struct Kind {
    aggregate: bool,
    returns_set: bool,
}

impl Binder<'_> {
    pub(super) fn refuse_subquery(&self, loc: Loc) -> Exec {
        match self.place.and_then(Place::without_subqueries) {
            Some(place) => Err(SqlError::new("0A000", format!("cannot use subquery in {place}")).at(loc).into()),
            None => Ok(()),
        }
    }

    /// `parse_agg.c: check_agglevels_and_constraints`, `transformWindowFuncCall`, `parse_func.c: check_srf_call_placement`
    pub(super) fn refuse_call(&self, call: &FuncCall, loc: Loc) -> Exec {
        let Some(place) = self.place else { return Ok(()) };
        if place.is_clause() && self.depth() > 1 {
            return Ok(());
        }
        let noun = place.noun();
        if call.over.is_some() {
            let message = format!("window functions are not allowed in {noun}");
            return Err(SqlError::new("42P20", message).at(loc).into());
        }
        let Some(kind) = self.kind_of_call(call) else { return Ok(()) };
        if kind.aggregate {
            let message = format!("aggregate functions are not allowed in {noun}");
            return Err(SqlError::new("42803", message).at(loc).into());
        }
        if kind.returns_set && place != Place::GroupBy {
            let message = format!("set-returning functions are not allowed in {noun}");
            return Err(SqlError::new("0A000", message).at(loc).into());
        }
        Ok(())
    }

    /// Nothing if several functions may be meant that differ in this.
    fn kind_of_call(&self, call: &FuncCall) -> Option<Kind> {
        match lookup::find_call(self.catalog, self.path, call).ok()?? {
            lookup::Callee::User(oid) => {
                let function = self.catalog.function(oid)?;
                let aggregate = function.kind == FunctionKind::Aggregate;
                Some(Kind { aggregate, returns_set: function.returns_set })
            }
            lookup::Callee::Builtin => {
                let mut functions = self.catalog.builtins().functions_named(&call.name.name).peekable();
                functions.peek()?;
                let (mut aggregate, mut returns_set) = (true, true);
                for function in functions {
                    aggregate &= function.kind == FunctionKind::Aggregate;
                    returns_set &= function.returns_set;
                }
                Some(Kind { aggregate, returns_set })
            }
        }
    }

    /// 42804 if the expression is no condition where one is wanted. Types that are not known are taken to fit.
    pub(super) fn refuse_type(&self, expr: &Expr) -> Exec {
        let Some(what) = self.place.and_then(Place::condition) else { return Ok(()) };
        let Some(ty) = infer::expr_type(self, expr) else { return Ok(()) };
        let mut base: Oid = ty.oid;
        while let Some(TypeKind::Domain(domain)) = self.catalog.type_(base).map(|ty| &ty.kind) {
            base = domain.base.oid;
        }
        let pseudo = self.catalog.builtins().type_by_oid(base).is_none_or(|ty| ty.typtype == 'p');
        if base == t::BOOL || pseudo || base == t::UNKNOWN {
            return Ok(());
        }
        let name = self.catalog.format_type(crate::catalog::TypeRef::plain(ty.oid), self.path);
        let message = format!("argument of {what} must be type boolean, not type {name}");
        Err(SqlError::new("42804", message).at(expr.loc).into())
    }
}
