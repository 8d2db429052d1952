//! REINDEX (`indexcmds.c`).

use crate::catalog::{ConstraintKind, Oid, Relation};
use crate::replay::ddl::define::{option_boolean, option_string};
use crate::replay::ddl::dml::judged;
use crate::replay::{Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{Persistence, RangeVar, Reindex, ReindexTarget, Touches};
use crate::sql::span::Loc;

impl Replay {
    /// `indexcmds.c: ExecReindex`
    pub(in crate::replay) fn reindex(&mut self, stmt: &Reindex) -> Exec {
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
            ReindexTarget::Index(name) => rebuilt.extend(self.reindex_index(name, concurrently)?),
            ReindexTarget::Table(name) => rebuilt.extend(self.reindex_table(name, concurrently)?),
            ReindexTarget::Schema(name) => {
                self.prevent_in_transaction_block("REINDEX SCHEMA")?;
                if let Some(schema) = judged(lookup::schema(&self.catalog, name, Loc::NONE))? {
                    self.must_maintain_schema(schema)?;
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
            }
        }
        match global {
            true => {
                let message = "only shared relations can be placed in pg_global tablespace";
                Err(SqlError::new("22023", message).into())
            }
            false => {
                self.indexes_are_rebuilt(rebuilt);
                Ok(())
            }
        }
    }

    /// `indexcmds.c: ReindexIndex`
    fn reindex_index(&self, name: &RangeVar, concurrently: bool) -> Exec<Option<Oid>> {
        let Some(Some(oid)) = judged(self.utility_target(name))? else {
            return if concurrently { Err(system_catalogs()) } else { Ok(None) };
        };
        let Some(named) = self.catalog.relation(oid) else { return Ok(None) };
        let Some(index) = named.as_index() else {
            return Err(super::wrong_kind(named, "is not an index", Loc::NONE).into());
        };
        let Some(table) = self.catalog.relation(index.table) else { return Ok(None) };
        self.must_maintain(table, named)?;
        if table.is_partitioned() {
            return self.prevent_in_transaction_block("REINDEX INDEX").map(|()| None);
        }
        let excludes = |c: &crate::catalog::Constraint| match &c.kind {
            ConstraintKind::Exclusion { index, .. } => *index == oid,
            ConstraintKind::Key { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::Trigger(_) => false,
        };
        if concurrently && !is_temporary(table) && table.constraints.iter().any(excludes) {
            let message = "concurrent index creation for exclusion constraints is not supported";
            return Err(SqlError::new("0A000", message).into());
        }
        Ok(Some(oid))
    }

    /// `indexcmds.c: ReindexTable`
    fn reindex_table(&self, name: &RangeVar, concurrently: bool) -> Exec<Vec<Oid>> {
        match judged(self.maintained_table(name))? {
            Some(Some(oid)) => match self.catalog.relation(oid) {
                Some(table) if table.is_partitioned() => {
                    self.prevent_in_transaction_block("REINDEX TABLE").map(|()| Vec::new())
                }
                Some(table) => Ok(table.indexes.clone()),
                None => Ok(Vec::new()),
            },
            Some(None) if concurrently => Err(system_catalogs()),
            Some(None) | None => Ok(Vec::new()),
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

fn is_temporary(relation: &Relation) -> bool {
    relation.persistence == Persistence::Temporary
}

fn system_catalogs() -> crate::replay::Stop {
    SqlError::new("0A000", "cannot reindex system catalogs concurrently").into()
}
