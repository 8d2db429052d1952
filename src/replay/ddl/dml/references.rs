//! Foreign keys between rows that are known (`ri_triggers.c`). Only what is certain is refused.

use super::exact::Values;
use crate::catalog::{Constraint, ConstraintKind, ForeignKey, Index, Object, Oid, Relation, Row, quote_identifier};
use crate::replay::value::{Types, Value, compare};
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::ForeignKeyAction;

/// The foreign keys that are looked at when a statement ends.
fn immediate_keys(relation: &Relation) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
    relation.constraints.iter().filter(|c| c.enforced && !c.initially_deferred).filter_map(|c| match &c.kind {
        ConstraintKind::ForeignKey(key) if !key.period => Some((c, &**key)),
        _ => None,
    })
}

fn value_of(values: &Values, number: i16) -> Option<&Value> {
    values.iter().find(|(n, _)| *n == number).map(|(_, value)| value)
}

/// Whether two values are perhaps the same; nothing is, with NULL.
fn may_be_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::Unknowable(_), _) | (_, Value::Unknowable(_)) => true,
        (a, b) => compare(a, b).map_or(true, std::cmp::Ordering::is_eq),
    }
}

/// Whether two values are the same for certain.
fn are_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null | Value::Unknowable(_), _) | (_, Value::Null | Value::Unknowable(_)) => false,
        (a, b) => compare(a, b).is_ok_and(std::cmp::Ordering::is_eq),
    }
}

impl Replay {
    /// Rows that were written reference rows that are there (`RI_FKey_check`).
    pub(super) fn refuse_dangling<'v>(
        &self,
        table: Oid,
        rows: impl Iterator<Item = &'v Values> + Clone,
        only: impl Fn(&Constraint) -> bool,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        for (constraint, key) in immediate_keys(relation).filter(|(c, _)| only(c)) {
            let Some((referenced, there)) = self.all_rows(key.table)? else { continue };
            for values in rows.clone() {
                let own: Option<Vec<&Value>> = constraint.columns.iter().map(|n| value_of(values, *n)).collect();
                let Some(own) = own else { continue };
                // Whether a row with NULL is one is a matter of MATCH.
                if own.iter().any(|value| matches!(value, Value::Null | Value::Unknowable(_))) {
                    continue;
                }
                let is_there = there.iter().any(|row| {
                    let pairs = own.iter().zip(&key.columns);
                    { pairs }.all(|(own, n)| value_of(row, *n).is_some_and(|value| may_be_equal(own, value)))
                });
                if !is_there {
                    let message = format!(
                        "insert or update on table \"{}\" violates foreign key constraint \"{}\"",
                        relation.name, constraint.name
                    );
                    let error = SqlError::new("23503", message);
                    let Some(text) = self.key_description(relation, &constraint.columns, values) else {
                        return Err(error.into());
                    };
                    let detail = format!("Key {text} is not present in table \"{}\".", referenced.name);
                    return Err(error.detail(detail).into());
                }
            }
        }
        Ok(())
    }

    /// Nothing references rows that are gone, or have another key now (`ri_restrict`). What follows them is not looked at.
    pub(super) fn refuse_referenced_rows(&self, table: Oid, gone: &[Values], deleted: bool) -> Exec {
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        let Some((_, now)) = self.all_rows(table)? else { return Ok(()) };
        for edge in self.catalog.dependencies.on(Object::Relation(table)) {
            let Object::Constraint(referencing, oid) = edge.dependent else { continue };
            let Some(referencing) = self.catalog.relation(referencing) else { continue };
            let Some((constraint, key)) = immediate_keys(referencing).find(|(c, _)| c.oid == oid) else { continue };
            let action = if deleted { key.on_delete } else { key.on_update };
            if key.table != table || action != ForeignKeyAction::NoAction {
                continue;
            }
            let Some((_, rows)) = self.all_rows(referencing.oid)? else { continue };
            for values in gone {
                let references = |row: &Values| {
                    let pairs = constraint.columns.iter().zip(&key.columns);
                    { pairs }.all(|(own, n)| match (value_of(row, *own), value_of(values, *n)) {
                        (Some(own), Some(value)) => are_equal(own, value),
                        _ => false,
                    })
                };
                // A row with the key may be there again.
                let back = |row: &Values| {
                    { key.columns.iter() }.all(|n| match (value_of(row, *n), value_of(values, *n)) {
                        (Some(now), Some(value)) => may_be_equal(now, value),
                        _ => true,
                    })
                };
                if rows.iter().any(references) && !now.iter().any(back) {
                    let message = format!(
                        "update or delete on table \"{}\" violates foreign key constraint \"{}\" on table \"{}\"",
                        relation.name, constraint.name, referencing.name
                    );
                    let error = SqlError::new("23503", message);
                    let Some(text) = self.key_description(relation, &key.columns, values) else {
                        return Err(error.into());
                    };
                    let detail = format!("Key {text} is still referenced from table \"{}\".", referencing.name);
                    return Err(error.detail(detail).into());
                }
            }
        }
        Ok(())
    }

    /// The tables whose rows change with those of this one.
    pub(super) fn following_tables(&self, table: Oid, deleted: bool) -> Vec<Oid> {
        let follows = |action: ForeignKeyAction| match action {
            ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => false,
            ForeignKeyAction::Cascade | ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => true,
        };
        let mut tables = Vec::new();
        for edge in self.catalog.dependencies.on(Object::Relation(table)) {
            let Object::Constraint(referencing, oid) = edge.dependent else { continue };
            let Some(relation) = self.catalog.relation(referencing) else { continue };
            let key = relation.constraints.iter().find(|c| c.oid == oid).map(|c| &c.kind);
            if let Some(ConstraintKind::ForeignKey(key)) = key
                && key.table == table
                && follows(if deleted { key.on_delete } else { key.on_update })
            {
                tables.extend(self.tables_behind(referencing));
            }
        }
        tables
    }

    /// All rows of a table that neither is partitioned nor has children; nothing if they are not known.
    fn all_rows(&self, table: Oid) -> Exec<Option<(&Relation, Vec<Values>)>> {
        let Some(relation) = self.catalog.relation(table) else { return Ok(None) };
        let since = Some(relation.provenance.created);
        let tainted = self.catalog.taint.of_relation(relation.schema, &relation.name, since).is_some();
        let Some(rows) = self.catalog.known_rows(table).filter(|_| !tainted && !relation.is_partitioned()) else {
            return Ok(None);
        };
        let values = rows.iter().map(|row: &Row| self.values_of(relation, row)).collect::<Exec<Vec<Values>>>()?;
        Ok(Some((relation, values)))
    }

    /// `(a, b)=(1, 2)` (`ri_triggers.c: ri_ReportViolation`); nothing if a value is not known.
    fn key_description(&self, relation: &Relation, columns: &[i16], values: &Values) -> Option<String> {
        let name = |number: i16| relation.column_at(number).map(|column| column.name.to_string());
        self.described(columns.iter().map(|n| name(*n)).collect::<Option<Vec<_>>>()?, columns, values)
    }

    /// The same of an index, with names as they are written (`genam.c: BuildIndexValueDescription`).
    pub(super) fn index_key_description(&self, target: &Relation, index: &Index, values: &Values) -> Option<String> {
        let columns = index.keys.iter().map(|key| key.as_column()).collect::<Option<Vec<_>>>()?;
        let builtins = self.catalog.builtins();
        let name = |number: i16| target.column_at(number).map(|c| quote_identifier(&c.name, builtins).into_owned());
        self.described(columns.iter().map(|n| name(*n)).collect::<Option<Vec<_>>>()?, &columns, values)
    }

    fn described(&self, names: Vec<String>, columns: &[i16], values: &Values) -> Option<String> {
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        let mut texts = Vec::new();
        for &number in columns {
            texts.push(types.output(value_of(values, number)?).ok()?.unwrap_or_else(|| "null".to_owned()));
        }
        Some(format!("({})=({})", names.join(", "), texts.join(", ")))
    }
}
