//! UPDATE of `pg_index`: the one change of PostgreSQL's own tables that migrations make, to switch indexes off for a
//! while.

use crate::catalog::{Oid, Relation};
use crate::replay::query::{NoVariables, Rows};
use crate::replay::value::Value;
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{Expr, ExprKind, Literal, Name, QueryBody, TableRef, Update};

/// The columns of `pg_index` that nothing but the use of the index depends on.
#[derive(Clone, Copy)]
enum Flag {
    Valid,
    Ready,
}

impl Replay {
    /// Sets `indisready` and `indisvalid` of the indexes that the UPDATE is about; false if it is another one, or not all
    /// that it depends on is known.
    pub(super) fn update_pg_index(&mut self, stmt: &Update, cx: &Context) -> Exec<bool> {
        let name = &stmt.relation.name;
        let system = matches!(
            lookup::find_relation_in_query(&self.catalog, &self.path(), name),
            Ok(lookup::FoundRelation::System { .. })
        );
        let plain = stmt.with.is_none() && stmt.from.is_empty() && stmt.returning.is_empty();
        let flags: Option<Vec<(Flag, bool)>> =
            stmt.set.iter().map(|t| flag(t.name.as_ref()?, t.value.as_ref()?)).collect();
        let Some(flags) = flags.filter(|_| system && plain && name.name == "pg_index") else { return Ok(false) };
        if !self.is_superuser(self.session.current_user) {
            return Err(SqlError::new("42501", "permission denied for table pg_index").into());
        }
        let Ok(mut query) = self.grammar().parse_query_at("SELECT indexrelid FROM pg_index", 0) else {
            return Ok(false);
        };
        let QueryBody::Select(select) = &mut query.body else { return Ok(false) };
        for from in &mut select.from {
            if let TableRef::Relation { relation, .. } = from {
                *relation = stmt.relation.clone();
            }
        }
        select.filter.clone_from(&stmt.filter);
        let Rows { rows, more: None, .. } = self.query(&query, &NoVariables, cx)? else { return Ok(false) };
        let indexes: Option<Vec<Oid>> = rows.iter().map(|row| self.index_of_a_user(row.first()?)).collect();
        let Some(indexes) = indexes else { return Ok(false) };
        for index in indexes {
            if let Some(index) = self.catalog.relation_mut(index).and_then(Relation::as_index_mut) {
                for (flag, on) in &flags {
                    match flag {
                        Flag::Valid => index.valid = *on,
                        Flag::Ready => index.ready = *on,
                    }
                }
            }
        }
        Ok(true)
    }

    fn index_of_a_user(&self, value: &Value) -> Option<Oid> {
        let Value::Oid(oid) = value else { return None };
        self.catalog.relation(*oid)?.as_index().map(|_| *oid)
    }
}

fn flag(column: &Name, value: &Expr) -> Option<(Flag, bool)> {
    let on = match &value.kind {
        ExprKind::Literal(Literal::Boolean(on)) => *on,
        _ => return None,
    };
    match column.as_str() {
        "indisvalid" => Some((Flag::Valid, on)),
        "indisready" => Some((Flag::Ready, on)),
        _ => None,
    }
}
