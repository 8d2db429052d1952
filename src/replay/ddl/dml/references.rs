//! Foreign keys between rows that are known (`ri_triggers.c`). Only what is certain is refused.

use super::exact::{Values, value_of};
use super::fit::are_same;
use crate::catalog::{
    AttrNumber, Constraint, ConstraintKind, ForeignKey, Index, Object, Oid, Relation, Row, quote_identifier,
};
use crate::replay::value::{Types, Value};
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::ForeignKeyAction;

/// The foreign keys that are looked at when a statement ends.
fn immediate_keys(relation: &Relation) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
    relation.constraints.iter().filter(|c| c.enforced && !c.initially_deferred).filter_map(|c| match &c.kind {
        ConstraintKind::ForeignKey(key) if !key.period => Some((c, &**key)),
        _ => None,
    })
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
            let Some((referenced, there)) = self.all_rows(key.table) else { continue };
            for values in rows.clone() {
                let own: Option<Vec<&Value>> = constraint.columns.iter().map(|n| value_of(values, *n)).collect();
                let Some(own) = own else { continue };
                // Whether a row with NULL is one is a matter of MATCH.
                if own.iter().any(|value| matches!(value, Value::Null | Value::Unknowable(_))) {
                    continue;
                }
                let pairs = own.iter().zip(&key.columns).map(|(own, n)| (*own, *n));
                if !self.has_row(referenced, there, &pairs, |same| same != Some(false))? {
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
        let Some((_, now)) = self.all_rows(table) else { return Ok(()) };
        for edge in self.catalog.dependencies.on(Object::Relation(table)) {
            let Object::Constraint(referencing, oid) = edge.dependent else { continue };
            let Some(referencing) = self.catalog.relation(referencing) else { continue };
            let Some((constraint, key)) = immediate_keys(referencing).find(|(c, _)| c.oid == oid) else { continue };
            let action = if deleted { key.on_delete } else { key.on_update };
            if key.table != table || action != ForeignKeyAction::NoAction {
                continue;
            }
            let Some((_, rows)) = self.all_rows(referencing.oid) else { continue };
            for values in gone {
                let old: Option<Vec<&Value>> = key.columns.iter().map(|n| value_of(values, *n)).collect();
                let Some(old) = old else { continue };
                let theirs = old.iter().zip(&constraint.columns).map(|(value, n)| (*value, *n));
                let ours = old.iter().zip(&key.columns).map(|(value, n)| (*value, *n));
                // A row with the key may be there again.
                if self.has_row(referencing, rows, &theirs, |same| same == Some(true))?
                    && !self.has_row(relation, now, &ours, |same| same != Some(false))?
                {
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

    /// Whether a row has these values, by what is known of whether each is the same.
    fn has_row<'v>(
        &self,
        relation: &Relation,
        rows: &[Row],
        key: &(impl Iterator<Item = (&'v Value, AttrNumber)> + Clone),
        counts: impl Fn(Option<bool>) -> bool,
    ) -> Exec<bool> {
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        'rows: for row in rows {
            for (value, number) in key.clone() {
                let Some(column) = relation.column_at(number) else { continue 'rows };
                if !counts(are_same(value, &types.value_in(row, column)?, false)) {
                    continue 'rows;
                }
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// All rows of a table that is not partitioned; nothing if they are not known.
    fn all_rows(&self, table: Oid) -> Option<(&Relation, &[Row])> {
        let relation = self.catalog.relation(table)?;
        let since = Some(relation.provenance.created);
        let tainted = self.catalog.taint.of_relation(relation.schema, &relation.name, since).is_some();
        let rows = self.catalog.known_rows(table).filter(|_| !tainted && !relation.is_partitioned())?;
        Some((relation, rows))
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
