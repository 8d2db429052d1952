//! The rows of users' tables, where they are known.

use std::rc::Rc;
use std::sync::Arc;

use super::Value;
use super::run::{Row, Run};
use crate::catalog::{AttrNumber, Cell, Column, Oid, Relation, Row as TableRow, TypeRef, type_oid as t};
use crate::replay::Exec;
use crate::replay::value::{CastKind, Reason, Types};

impl Types<'_> {
    /// The value of a column in a row.
    pub(in crate::replay) fn value_in(&self, row: &TableRow, column: &Column) -> Exec<Value> {
        match row.iter().find(|(number, _)| *number == column.number) {
            None => Ok(Value::Null),
            Some((_, Cell::Text(text))) => {
                self.cast(&Value::Literal(text.clone()), TypeRef::plain(column.ty.oid), CastKind::Explicit)
            }
            Some((_, Cell::Unknown { reason, present })) => {
                Ok(Value::Unknowable(Reason { present: *present, ..Reason::data(reason.clone()) }))
            }
        }
    }

    /// A value as a table keeps it: as a text that can be read back.
    pub(in crate::replay) fn cell(&self, value: &Value, ty: TypeRef) -> Option<Cell> {
        let unknown = |reason: Arc<str>, present: bool| Some(Cell::Unknown { reason, present });
        match value {
            Value::Null => None,
            Value::Unknowable(reason) => unknown(reason.text.clone(), reason.present),
            value => {
                let text = self.output(value).ok().flatten();
                let read = |text: &str| {
                    self.cast(&Value::Literal(text.into()), TypeRef::plain(ty.oid), CastKind::Explicit).ok()
                };
                match text {
                    Some(text) if read(&text).as_ref() == Some(value) => Some(Cell::Text(text.into())),
                    Some(_) | None => unknown("a value of this type is not kept".into(), true),
                }
            }
        }
    }
}

impl Run<'_> {
    /// The rows of a table, and of those that inherit from it.
    pub(super) fn table_rows(&mut self, table: Oid, only: bool) -> Exec<(Vec<Row>, Option<Reason>)> {
        let view = self.view.clone();
        let catalog = &view.catalog;
        let Some(parent) = catalog.relation(table) else { return Ok(unknown("a table that is gone")) };
        if self.replay.row_security_applies(parent) {
            return Ok(unknown("row level security decides which rows are seen"));
        }
        let tables = match only {
            true => vec![table],
            false => catalog.inheritors(table).into_iter().map(|(oid, _)| oid).collect(),
        };
        let mut found = Vec::new();
        for oid in tables {
            let (Some(relation), Some(rows)) = (catalog.relation(oid), catalog.known_rows(oid)) else {
                return Ok(unknown("the rows of a table are not known"));
            };
            let since = Some(relation.provenance.created);
            if !rows.is_empty() && catalog.taint.of_relation(relation.schema, &relation.name, since).is_some() {
                return Ok(unknown("what became of a table is not known"));
            }
            for row in rows.iter() {
                self.step()?;
                found.push(Row::Stored { table, values: self.seen_row(parent, relation, row)? });
            }
        }
        Ok((found, None))
    }

    /// A row of a table as a row of its parent: the parent's columns, then the system columns.
    fn seen_row(&self, parent: &Relation, relation: &Relation, row: &TableRow) -> Exec<Rc<[Value]>> {
        let types = self.view.types();
        let value = |column: &Column| match relation.column(&column.name) {
            Some(column) => types.value_in(row, column),
            None => Ok(Value::Null),
        };
        let mut values = parent.live_columns().map(value).collect::<Exec<Vec<Value>>>()?;
        values.push(types.cast(&Value::Oid(relation.oid), TypeRef::plain(t::OID), CastKind::Explicit)?);
        // ctid, xmin, cmin, xmax, cmax
        values.resize(values.len() + 5, Value::unknown_data("system columns are not known"));
        Ok(values.into())
    }
}

fn unknown(reason: &str) -> (Vec<Row>, Option<Reason>) {
    (Vec::new(), Some(Reason::data(reason)))
}

/// The values that expressions about a row can refer to: its columns, and what can be referred to around it.
pub(in crate::replay) struct RowVariables<'r> {
    /// Its table.
    pub relation: &'r Relation,
    /// The name by which the statement calls the table.
    pub alias: &'r str,
    /// The values of the columns, by their numbers.
    pub values: Vec<(AttrNumber, Value)>,
    /// What is around it.
    pub outer: &'r dyn super::Variables,
}

impl RowVariables<'_> {
    fn column(&self, names: &[crate::sql::ast::Name]) -> Option<&Value> {
        let name = match names {
            [name] => name,
            [table, name] if *table == *self.alias => name,
            _ => return None,
        };
        let number = self.relation.column(name)?.number;
        self.values.iter().find(|(n, _)| *n == number).map(|(_, value)| value)
    }
}

impl super::Variables for RowVariables<'_> {
    fn variable(&self, names: &[crate::sql::ast::Name]) -> Exec<Option<Value>> {
        match self.column(names) {
            Some(value) => Ok(Some(value.clone())),
            None => self.outer.variable(names),
        }
    }

    fn knows(&self, names: &[crate::sql::ast::Name]) -> bool {
        self.column(names).is_some() || self.outer.knows(names)
    }

    fn param(&self, number: u32) -> Option<Value> {
        self.outer.param(number)
    }

    fn conflict(&self) -> crate::sql::plpgsql::VariableConflict {
        crate::sql::plpgsql::VariableConflict::UseColumn
    }
}
