//! REINDEX (`indexcmds.c`).

use crate::catalog::{ConstraintKind, Oid, Relation, RelationKind};
use crate::replay::ddl::define::{option_boolean, option_string};
use crate::replay::ddl::dml::judged;
use crate::replay::query::Variables;
use crate::replay::value::{Reason, Value};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{Name, Persistence, QualifiedName, RangeVar, Reindex, ReindexTarget, Touches};
use crate::sql::plpgsql::VariableConflict;
use crate::sql::span::Loc;

/// The columns of a table, of rows that nobody knows.
struct Columns<'a>(&'a Relation);

/// Why they are not known.
const OF_ROW: &str = "a column of a row";

impl Variables for Columns<'_> {
    fn variable(&self, names: &[Name]) -> Exec<Option<Value>> {
        Ok(self.knows(names).then(|| Value::unknown_data(OF_ROW)))
    }

    fn knows(&self, names: &[Name]) -> bool {
        matches!(names, [name] if self.0.column(name).is_some())
    }

    fn param(&self, _: u32) -> Option<Value> {
        None
    }

    fn conflict(&self) -> VariableConflict {
        VariableConflict::UseVariable
    }
}

impl Replay {
    /// `indexcmds.c: ExecReindex`
    pub(in crate::replay) fn reindex(&mut self, stmt: &Reindex, cx: &Context) -> Exec {
        let (mut concurrently, mut tablespace) = (false, None);
        for option in &stmt.options {
            match option.name.as_str() {
                "verbose" => drop(option_boolean(option)?),
                "concurrently" => concurrently = option_boolean(option)?,
                "tablespace" => tablespace = Some(option_string(option)?),
                name => {
                    let message = format!("unrecognized REINDEX option \"{name}\"");
                    return Err(SqlError::new("42601", message).at(option.loc).into());
                }
            }
        }
        if concurrently {
            self.prevent_in_transaction_block("REINDEX CONCURRENTLY")?;
        }
        let global = match tablespace.as_deref() {
            None | Some("pg_default") => false,
            Some("pg_global") => true,
            Some(_) => return Err(Opaque::new("tablespaces are not recorded", Touches::Nothing).into()),
        };
        let mut rebuilt = Vec::new();
        match &stmt.target {
            ReindexTarget::Index(name) => rebuilt = self.reindex_index(name, concurrently)?,
            ReindexTarget::Table(name) => rebuilt = self.reindex_table(name, concurrently)?,
            ReindexTarget::Schema(name) => {
                self.prevent_in_transaction_block("REINDEX SCHEMA")?;
                if let Some(schema) = judged(lookup::schema(&self.catalog, name, Loc::NONE))? {
                    self.must_maintain_schema(schema)?;
                    let tables = self.catalog.relations_in(schema);
                    rebuilt = tables.flat_map(|table| self.reindexed_with(table, concurrently)).collect();
                }
            }
            ReindexTarget::System(name) => {
                self.prevent_in_transaction_block("REINDEX SYSTEM")?;
                if concurrently {
                    return Err(system_catalogs());
                }
                self.check_this_database(name.as_deref())?;
            }
            ReindexTarget::Database(name) => {
                self.prevent_in_transaction_block("REINDEX DATABASE")?;
                self.check_this_database(name.as_deref())?;
                let tables = self.catalog.relations();
                rebuilt = tables.flat_map(|table| self.reindexed_with(table, concurrently)).collect();
            }
        }
        match global {
            true => {
                let message = "only shared relations can be placed in pg_global tablespace";
                Err(SqlError::new("22023", message).into())
            }
            false => {
                if concurrently {
                    // In the order in which tables list them (`relcache.c: RelationGetIndexList`).
                    rebuilt.sort_by_key(|&index| self.catalog.number_of(index));
                    rebuilt.iter().try_for_each(|&index| self.copy_predicate(index, cx))?;
                }
                self.indexes_are_rebuilt(rebuilt);
                Ok(())
            }
        }
    }

    /// `indexcmds.c: ReindexIndex`
    fn reindex_index(&self, name: &RangeVar, concurrently: bool) -> Exec<Vec<Oid>> {
        let Some(Some(oid)) = judged(self.utility_target(name))? else {
            return if concurrently { Err(system_catalogs()) } else { Ok(Vec::new()) };
        };
        let Some(named) = self.catalog.relation(oid) else { return Ok(Vec::new()) };
        let Some(index) = named.as_index() else {
            return Err(super::wrong_kind(named, "is not an index", Loc::NONE).into());
        };
        let Some(table) = self.catalog.relation(index.table) else { return Ok(Vec::new()) };
        self.must_maintain(table, named)?;
        if table.is_partitioned() {
            self.prevent_in_transaction_block("REINDEX INDEX")?;
            let of_partition = |index: &Oid| {
                let table = self.catalog.relation(*index).and_then(Relation::as_index).map(|index| index.table);
                table.and_then(|table| self.catalog.relation(table)).is_some_and(|table| !table.is_partitioned())
            };
            let indexes = self.catalog.inheritors(oid).into_iter().map(|(index, _)| index);
            return Ok(indexes.filter(of_partition).collect());
        }
        if concurrently && !is_temporary(table) && excludes(table, oid) {
            let message = "concurrent index creation for exclusion constraints is not supported";
            return Err(SqlError::new("0A000", message).into());
        }
        Ok(vec![oid])
    }

    /// `indexcmds.c: ReindexTable`
    fn reindex_table(&self, name: &RangeVar, concurrently: bool) -> Exec<Vec<Oid>> {
        match judged(self.maintained_table(name))? {
            Some(Some(oid)) => match self.catalog.relation(oid) {
                Some(table) if table.is_partitioned() => {
                    self.prevent_in_transaction_block("REINDEX TABLE")?;
                    let partitions = self.catalog.inheritors(table.oid).into_iter();
                    let partitions = partitions.filter_map(|(oid, _)| self.catalog.relation(oid));
                    Ok(partitions.flat_map(|table| self.reindexed_with(table, concurrently)).collect())
                }
                Some(table) => Ok(self.reindexed_with(table, concurrently)),
                None => Ok(Vec::new()),
            },
            Some(None) if concurrently => Err(system_catalogs()),
            Some(None) | None => Ok(Vec::new()),
        }
    }

    /// The indexes of a table that are rebuilt with all of them (`ReindexRelationConcurrently` skips some).
    fn reindexed_with(&self, table: &Relation, concurrently: bool) -> Vec<Oid> {
        if !matches!(table.kind, RelationKind::Table | RelationKind::MaterializedView(..)) {
            return Vec::new();
        }
        let skipped = |index: &Oid| {
            let valid = self.catalog.relation(*index).and_then(Relation::as_index).is_some_and(|index| index.valid);
            concurrently && !is_temporary(table) && (!valid || excludes(table, *index))
        };
        table.indexes.iter().copied().filter(|index| !skipped(index)).collect()
    }

    /// The copy of an index lacks a predicate that is true when it is planned (`index_concurrently_create_copy`,
    /// `relcache.c: RelationGetIndexPredicate`). What the old index needed the new one still needs.
    fn copy_predicate(&mut self, oid: Oid, cx: &Context) -> Exec {
        let Some(record) = self.catalog.shared_relation(oid) else { return Ok(()) };
        if is_temporary(&record) {
            return Ok(());
        }
        self.catalog.make_anew(oid);
        let Some((table, predicate)) = record.as_index().and_then(|i| Some((i.table, i.predicate.clone()?))) else {
            return Ok(());
        };
        let Some(table) = self.catalog.shared_relation(table) else { return Ok(()) };
        let Ok(written) = self.written(table.oid, &predicate) else { return Ok(()) };
        match self.clone().evaluate(&written, &Columns(&table), cx) {
            Ok(Value::Bool(true)) => {
                if let Some(index) = self.catalog.relation_mut(oid).and_then(Relation::as_index_mut) {
                    index.predicate = None;
                }
                Ok(())
            }
            Ok(Value::Unknowable(Reason { text, .. })) if predicate.tree.columns().is_empty() => {
                let schema = Some(self.catalog.schema_name(record.schema).into());
                let name = QualifiedName { schema, ..QualifiedName::bare(&record.name) };
                let reason = format!("whether the predicate of index \"{}\" is always true: {text}", record.name);
                Err(Opaque::undecided(reason, Touches::Relations(vec![name])).into())
            }
            Ok(_) | Err(Stop::Error(_) | Stop::Opaque(_)) => Ok(()),
        }
    }

    /// `index.c: reindex_index`
    fn indexes_are_rebuilt(&mut self, indexes: Vec<Oid>) {
        for index in indexes {
            if let Some(index) = self.catalog.relation_mut(index).and_then(Relation::as_index_mut) {
                index.valid = true;
                index.ready = true;
            }
        }
    }

    /// `indexcmds.c: ReindexMultipleTables`
    fn must_maintain_schema(&self, schema: crate::catalog::Oid) -> Exec {
        let maintains = self.catalog.role_named("pg_maintain").is_some_and(|role| self.has_rights_of(role.oid));
        if maintains { Ok(()) } else { self.must_own_schema(schema) }
    }

    /// Other databases are not reached from here. This one's name is not known.
    fn check_this_database(&self, name: Option<&str>) -> Exec {
        match name {
            Some(name) if self.catalog.other_database(name).flatten().is_some() => {
                Err(SqlError::new("0A000", "can only reindex the currently open database").into())
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The index is that of an exclusion constraint.
fn excludes(table: &Relation, index: Oid) -> bool {
    table.constraints.iter().any(|c| match &c.kind {
        ConstraintKind::Exclusion { index: own, .. } => *own == index,
        ConstraintKind::Key { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::Trigger(_) => false,
    })
}

fn is_temporary(relation: &Relation) -> bool {
    relation.persistence == Persistence::Temporary
}

fn system_catalogs() -> crate::replay::Stop {
    SqlError::new("0A000", "cannot reindex system catalogs concurrently").into()
}
