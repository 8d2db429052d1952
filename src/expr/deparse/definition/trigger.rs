//! Triggers (`pg_get_triggerdef_worker`).

use crate::catalog::tree::Expr;
use crate::catalog::{AttrNumber, Oid};
use crate::expr::deparse::context::INDENT_STD;
use crate::expr::deparse::namespace::{Namespace, named_rte};
use crate::expr::deparse::{Deparser, quote_literal};
use crate::replay::Exec;
use crate::sql::ast::{Name, TriggerEvents, TriggerTiming};

/// A trigger.
#[derive(Clone, Copy, Debug)]
pub struct TriggerDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its table or view.
    pub relation: Oid,
    /// Its function.
    pub function: Oid,
    /// Its arguments.
    pub args: &'a [String],
    /// When it fires.
    pub timing: TriggerTiming,
    /// `FOR EACH ROW`
    pub row: bool,
    /// Its events.
    pub events: TriggerEvents,
    /// `UPDATE OF`
    pub columns: &'a [AttrNumber],
    /// `WHEN`, where OLD is table 1 and NEW table 2.
    pub when: Option<&'a Expr>,
    /// It is a constraint trigger.
    pub constraint: bool,
    /// `FROM table` of a constraint trigger.
    pub constraint_from: Option<Oid>,
    /// `DEFERRABLE`
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`
    pub initially_deferred: bool,
    /// `REFERENCING OLD TABLE AS`
    pub old_table: Option<&'a Name>,
    /// `REFERENCING NEW TABLE AS`
    pub new_table: Option<&'a Name>,
}

impl Deparser<'_> {
    /// The statement that makes a trigger (`pg_get_triggerdef`).
    pub fn trigger_def(&self, trigger: &TriggerDef<'_>) -> Exec<String> {
        let mut context = self.context();
        let mut out = format!(
            "CREATE {}TRIGGER {} {}",
            if trigger.constraint { "CONSTRAINT " } else { "" },
            self.ident(trigger.name),
            match trigger.timing {
                TriggerTiming::Before => "BEFORE",
                TriggerTiming::After => "AFTER",
                TriggerTiming::InsteadOf => "INSTEAD OF",
            }
        );
        let mut events = Vec::new();
        if trigger.events.insert {
            events.push(" INSERT".to_owned());
        }
        if trigger.events.delete {
            events.push(" DELETE".to_owned());
        }
        if trigger.events.update {
            events.push(match trigger.columns {
                [] => " UPDATE".to_owned(),
                columns => format!(" UPDATE OF {}", self.column_list(trigger.relation, columns, false)?),
            });
        }
        if trigger.events.truncate {
            events.push(" TRUNCATE".to_owned());
        }
        out.push_str(&events.join(" OR"));
        let table = if self.pretty.schema {
            context.generate_relation_name(trigger.relation, false)
        } else {
            context.generate_qualified_relation_name(trigger.relation)
        };
        out.push_str(&format!(" ON {table} "));
        if trigger.constraint {
            if let Some(from) = trigger.constraint_from {
                out.push_str(&format!("FROM {} ", self.relation_name(from)));
            }
            out.push_str(if trigger.deferrable { "DEFERRABLE INITIALLY " } else { "NOT DEFERRABLE INITIALLY " });
            out.push_str(if trigger.initially_deferred { "DEFERRED " } else { "IMMEDIATE " });
        }
        if trigger.old_table.is_some() || trigger.new_table.is_some() {
            out.push_str("REFERENCING ");
            for (word, table) in [("OLD", trigger.old_table), ("NEW", trigger.new_table)] {
                if let Some(table) = table {
                    out.push_str(&format!("{word} TABLE AS {} ", self.ident(table)));
                }
            }
        }
        out.push_str(if trigger.row { "FOR EACH ROW " } else { "FOR EACH STATEMENT " });
        if let Some(when) = trigger.when {
            out.push_str(&format!("WHEN ({}) ", self.trigger_when(trigger.relation, when)?));
        }
        let args: Vec<String> = trigger.args.iter().map(|arg| quote_literal(arg)).collect();
        let function = context.generate_function_name(trigger.function, &[], &[], false);
        context.finish()?;
        out.push_str(&format!("EXECUTE FUNCTION {function}({})", args.join(", ")));
        Ok(out)
    }

    /// The condition of a trigger's WHEN, as its definition shows it.
    pub fn trigger_when(&self, relation: Oid, when: &Expr) -> Exec<String> {
        let rows = [named_rte(relation, "old"), named_rte(relation, "new")];
        let mut context = self.context();
        context.namespaces.push(Namespace::simple(&self.env, &rows));
        context.var_prefix = true;
        context.wrap_column = 0;
        context.indent_level = INDENT_STD;
        context.rule_expr(when, false);
        context.finish()
    }
}
