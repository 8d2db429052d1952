//! What a text may change that code computes and executes, of which only parts are known.

use super::{Effects, MAX_DEPTH};
use crate::catalog::Origin;
use crate::replay::query::Variables;
use crate::replay::value::{Reason, Value};
use crate::replay::{Context, Exec, Replay, lookup};
use crate::sql::ast::*;
use crate::sql::plpgsql::VariableConflict;
use crate::sql::{Segment, shape, visit};

impl Replay {
    /// What a text may change that code computes and executes, whatever its variables are.
    pub(super) fn effects_of_dynamic(&self, text: &Query, depth: usize) -> Effects {
        let mut own = false;
        let path = self.path();
        visit::in_query(text, &mut |expr| {
            own |= match &expr.kind {
                ExprKind::Func(call) => {
                    !matches!(lookup::find_call(&self.catalog, &path, call), Ok(Some(lookup::Callee::Builtin)))
                        || !pastes(&call.name.name)
                }
                ExprKind::SubLink { .. } => true,
                _ => false,
            };
        });
        if own {
            return Effects::everything();
        }
        let cx = Context::computed(Origin::nowhere());
        match self.clone().query(text, &Anything, &cx) {
            Ok(rows) => match rows.rows.as_slice() {
                [row] if rows.more.is_none() => match row.first().and_then(Value::as_shape) {
                    Some(shape) => self.effects_of_text(shape, depth + 1),
                    None => Effects::everything(),
                },
                _ => Effects::everything(),
            },
            Err(_) => Effects::everything(),
        }
    }

    /// What a text may change that has gaps for what is not known of it.
    pub(in crate::replay) fn effects_of_text(&self, text: &str, depth: usize) -> Effects {
        if depth > MAX_DEPTH {
            return Effects::everything();
        }
        let of = |segment: Segment| match segment {
            Segment::Statement(statement) => self.effects_of_shape(&statement.kind, depth),
            _ => Effects::everything(),
        };
        self.grammar().parse(text).into_iter().map(of).collect()
    }

    /// What a statement with gaps in its names may change.
    fn effects_of_shape(&self, statement: &StatementKind, depth: usize) -> Effects {
        use StatementKind as S;
        match statement {
            // A partitioned table has the partition from then on, and no other fact of it changes.
            S::AlterTable(stmt)
                if stmt.commands.iter().all(|c| matches!(c.action, AlterTableAction::AttachPartition { .. })) =>
            {
                let child = |action: &AlterTableAction| match action {
                    AlterTableAction::AttachPartition { partition, .. } => Some(partition.name.clone()),
                    _ => None,
                };
                let children: Vec<_> = stmt.commands.iter().filter_map(|c| child(&c.action)).collect();
                match children.iter().all(|name| shape::has_gap(&name.name)) {
                    true => Effects::relations(&children),
                    false => self.effects_of_at(statement, depth),
                }
            }
            S::Insert(_) | S::Update(_) | S::Delete(_) | S::Merge(_) | S::Truncate { .. } | S::Copy(_) => {
                let mut effects = self.effects_of_at(statement, depth);
                let mut gaps = false;
                visit::relations(statement, &mut |name| gaps |= shape::has_gap(&name.name.name));
                // Any table may be written.
                effects.everything |= gaps && self.has_catalog_trigger();
                effects
            }
            _ => self.effects_of_at(statement, depth),
        }
    }
}

/// Variables of which nothing is known.
struct Anything;

impl Variables for Anything {
    fn variable(&self, _: &[Name]) -> Exec<Option<Value>> {
        Ok(Some(Value::Unknowable(Reason::data("the values of variables are not known"))))
    }

    fn knows(&self, _: &[Name]) -> bool {
        true
    }

    fn param(&self, _: u32) -> Option<Value> {
        Some(Value::Unknowable(Reason::data("the values of variables are not known")))
    }

    fn conflict(&self) -> VariableConflict {
        VariableConflict::UseVariable
    }
}

/// The function makes the same of its arguments whenever it is called, or something unknown.
fn pastes(name: &str) -> bool {
    matches!(
        name,
        "format"
            | "concat"
            | "quote_ident"
            | "quote_literal"
            | "quote_nullable"
            | "lower"
            | "upper"
            | "btrim"
            | "ltrim"
            | "rtrim"
            | "to_char"
            | "now"
    )
}
