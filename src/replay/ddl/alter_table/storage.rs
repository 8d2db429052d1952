//! How rows of a relation are stored: access method, tablespace, persistence, CLUSTER, options and statistics of columns
//! (`tablecmds.c: ATPrepSetAccessMethod, ATPrepChangePersistence, ATExecSetStatistics …`). Most of it leaves nothing in
//! the catalog that is compared, but all of it can be refused.

use super::super::sequence::refuse_identity_type;
use super::super::toast::{has_toast_table, is_of_toast};
use super::super::virtual_generated::is_virtual;
use crate::catalog::{
    ChangeKind, ConstraintKind, IndexKeyKind, Object, Oid, Relation, RelationKind, Sequence, type_oid,
};
use crate::replay::ddl::options;
use crate::replay::ddl::table::options as texts_of;
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{AlterTableAction as A, ColumnOrNumber, DefElem, Name, Persistence};

/// The tablespaces that every cluster has; others are not in a database's catalog.
const TABLESPACES: [&str; 2] = ["pg_default", "pg_global"];

impl Replay {
    /// The method is one that tables are kept by (`amcmds.c: get_table_am_oid`).
    pub(in crate::replay::ddl) fn check_table_method(&self, method: &Name) -> Exec {
        if method == "heap" {
            return Ok(());
        }
        if self.catalog.has_access_method(method) {
            return refuse("55000", format!("access method \"{method}\" is not of type TABLE"));
        }
        let error = SqlError::new("42704", format!("access method \"{method}\" does not exist"));
        Err(match lookup::maybe_undefined(&self.catalog) {
            Some(unknown) => lookup::maybe(error, &unknown),
            None => error.into(),
        })
    }

    /// What is refused before any sub-command runs (`ATPrepCmd`).
    pub(super) fn check_storage_action(&self, relation: &Relation, action: &A) -> Exec {
        match action {
            A::SetAccessMethod(method) => {
                if relation.is_partitioned() && self.catalog.version() < 17 {
                    return refuse("42809", "cannot change access method of a partitioned table".to_owned());
                }
                method.as_ref().map_or(Ok(()), |method| self.check_table_method(method))
            }
            // A script cannot make one in its transaction, but may rely on one that is there.
            A::SetTablespace(name) if !TABLESPACES.contains(&name.as_str()) => {
                refuse("42704", format!("tablespace \"{name}\" does not exist"))
            }
            A::SetLogged => self.check_persistence(relation, Persistence::Permanent),
            A::SetUnlogged => self.check_persistence(relation, Persistence::Unlogged),
            _ => Ok(()),
        }
    }

    /// `ATPrepChangePersistence`: what is kept does not refer to what is lost.
    fn check_persistence(&self, relation: &Relation, new: Persistence) -> Exec {
        let (table, logged) = (&relation.name, new == Persistence::Permanent);
        if relation.persistence == Persistence::Temporary {
            let message = format!("cannot change logged status of table \"{table}\" because it is temporary");
            return refuse("42P16", message);
        }
        if relation.persistence == new {
            return Ok(());
        }
        let published = |p: &crate::catalog::Publication| p.relations.iter().any(|r| r.relation == relation.oid);
        if !logged && self.catalog.publications().any(published) {
            let message = format!("cannot change table \"{table}\" to unlogged because it is part of a publication");
            return Err(SqlError::new("55000", message).detail("Unlogged relations cannot be replicated.").into());
        }
        let mut others: Vec<Oid> = Vec::new();
        if logged {
            for constraint in &relation.constraints {
                if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                    others.push(key.table);
                }
            }
        } else {
            for edge in self.catalog.dependents(Object::Relation(relation.oid)) {
                if let Object::Constraint(from, _) = edge.dependent {
                    others.push(from);
                }
            }
            for other in self.catalog.relations() {
                let refers = |k: &ConstraintKind| matches!(k, ConstraintKind::ForeignKey(k) if k.table == relation.oid);
                if other.constraints.iter().any(|c| refers(&c.kind)) {
                    others.push(other.oid);
                }
            }
        }
        for other in others.into_iter().filter(|&other| other != relation.oid) {
            let Some(other) = self.catalog.relation(other) else { continue };
            let permanent = other.persistence == Persistence::Permanent;
            if permanent != logged {
                let (to, is) = if logged { ("logged", "unlogged") } else { ("unlogged", "logged") };
                let message = format!(
                    "could not change table \"{table}\" to {to} because it references {is} table \"{}\"",
                    other.name
                );
                return refuse("42P16", message);
            }
        }
        Ok(())
    }

    pub(super) fn set_persistence(&mut self, rel: Oid, persistence: Persistence, cx: &Context) -> Exec {
        // Nothing is stored of a partitioned table that could be rewritten.
        let same = |r: &Relation| r.is_partitioned() || r.persistence == persistence;
        if self.catalog.relation(rel).is_none_or(same) {
            return Ok(());
        }
        // All rows are written anew (`ATRewriteTables`).
        self.refuse_held_rows(rel)?;
        // Indexes and owned sequences go with the table (`SequenceChangePersistence`).
        let mut relations = vec![rel];
        relations.extend(self.catalog.relation(rel).into_iter().flat_map(|r| r.indexes.iter().copied()));
        // The sequence of a column that the statement adds is linked to it when all else is done.
        let new = |r: &Relation| {
            r.provenance.created.sequence == cx.origin.sequence && self.code.depth == 0 && self.code.bodies == 0
        };
        let owned =
            |r: &&Relation| r.as_sequence().is_some_and(|s| s.owned_by.is_some_and(|(of, _)| of == rel)) && !new(r);
        relations.extend(self.catalog.relations().filter(owned).map(|r| r.oid));
        for oid in relations {
            if let Some(relation) = self.catalog.relation_mut(oid) {
                relation.persistence = persistence;
                relation.provenance.change(cx.origin, ChangeKind::Definition);
            }
        }
        Ok(())
    }

    /// An index that a sub-command names: it is looked for in the table's schema, and must be the table's.
    pub(super) fn index_of(&self, relation: &Relation, name: &str) -> Exec<&Relation> {
        let Some(found) = self.catalog.relation_in(relation.schema, name) else {
            let message = format!("index \"{name}\" for table \"{}\" does not exist", relation.name);
            return Err(SqlError::new("42704", message).into());
        };
        match found.as_index() {
            Some(index) if index.table == relation.oid => Ok(found),
            Some(_) => refuse("42809", format!("\"{name}\" is not an index for table \"{}\"", relation.name)),
            None => refuse("42809", format!("\"{name}\" is not an index")),
        }
    }

    /// `cluster.c: check_index_is_clusterable`
    pub(in crate::replay::ddl) fn check_clusterable(&self, rel: Oid, name: &str) -> Exec<Option<Oid>> {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(None) };
        let found = self.index_of(relation, name)?;
        let Some(index) = found.as_index() else { return Ok(None) };
        if matches!(index.method.as_str(), "hash" | "gin" | "brin" | "spgist") {
            let why = "because access method does not support clustering";
            return refuse("0A000", format!("cannot cluster on index \"{name}\" {why}"));
        }
        if index.predicate.is_some() {
            return refuse("0A000", format!("cannot cluster on partial index \"{name}\""));
        }
        if !index.valid {
            return refuse("0A000", format!("cannot cluster on invalid index \"{name}\""));
        }
        Ok(Some(found.oid))
    }

    /// The index on which a table is clustered, or none (`cluster.c: mark_index_clustered`).
    pub(in crate::replay::ddl) fn mark_clustered(&mut self, rel: Oid, chosen: Option<Oid>) {
        let indexes = self.catalog.relation(rel).map(|r| r.indexes.clone()).unwrap_or_default();
        for oid in indexes {
            let marked = self.catalog.relation(oid).and_then(Relation::as_index).is_some_and(|i| i.clustered);
            if marked != (chosen == Some(oid))
                && let Some(index) = self.catalog.relation_mut(oid).and_then(Relation::as_index_mut)
            {
                index.clustered = !marked;
            }
        }
    }

    /// `cluster.c: mark_index_clustered`
    pub(super) fn refuse_partitioned_cluster(&self, rel: Oid) -> Exec {
        match self.catalog.relation(rel).is_some_and(Relation::is_partitioned) {
            true => refuse("0A000", "cannot mark index clustered in partitioned table".to_owned()),
            false => Ok(()),
        }
    }

    pub(super) fn set_statistics(
        &mut self,
        rel: Oid,
        column: &ColumnOrNumber,
        value: Option<i32>,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let index = relation.as_index();
        if index.is_none() && matches!(column, ColumnOrNumber::Number(_)) {
            return refuse("0A000", "cannot refer to non-index column by number".to_owned());
        }
        if let Some(value) = value.filter(|&value| value < -1) {
            return refuse("22023", format!("statistics target {value} is too low"));
        }
        let number = match (column, index) {
            (ColumnOrNumber::Name(name), None) => self.column_number(rel, name)?,
            (ColumnOrNumber::Name(name), Some(index)) => match index.column_names.iter().position(|own| own == name) {
                Some(position) => i16::try_from(position + 1).unwrap_or(i16::MAX),
                None => {
                    let message = format!("column \"{name}\" of relation \"{}\" does not exist", relation.name);
                    return refuse("42703", message);
                }
            },
            (ColumnOrNumber::Number(number), _) => i16::try_from(*number).unwrap_or(i16::MAX),
        };
        if let Some(index) = index {
            let position = usize::try_from(number - 1).unwrap_or(usize::MAX);
            return match (index.keys.get(position), index.column_names.get(position)) {
                (Some(key), _) if matches!(key.what, IndexKeyKind::Expr(_)) => {
                    if let Some(changed) = self.catalog.relation_mut(rel)
                        && let RelationKind::Index(index) = &mut changed.kind
                    {
                        index.keys[position].statistics = value.filter(|&value| value >= 0);
                        changed.provenance.change(cx.origin, ChangeKind::Definition);
                    }
                    Ok(())
                }
                (Some(_), Some(name)) => {
                    let what = "cannot alter statistics on non-expression column";
                    let message = format!("{what} \"{name}\" of index \"{}\"", relation.name);
                    Err(SqlError::new("0A000", message).hint("Alter statistics on table column instead.").into())
                }
                (None, Some(name)) => {
                    let what = "cannot alter statistics on included column";
                    refuse("0A000", format!("{what} \"{name}\" of index \"{}\"", relation.name))
                }
                (_, None) => {
                    let message = format!("column number {number} of relation \"{}\" does not exist", relation.name);
                    refuse("42703", message)
                }
            };
        }
        if let (ColumnOrNumber::Name(name), true) = (column, is_virtual(relation, number)) {
            return refuse("0A000", format!("cannot alter statistics on virtual generated column \"{name}\""));
        }
        self.change_column(rel, number, ChangeKind::Definition, cx, |c| {
            c.statistics = value.filter(|&v| v >= 0);
            true
        });
        Ok(())
    }

    pub(super) fn set_column_options(
        &mut self,
        rel: Oid,
        column: &Name,
        list: &[DefElem],
        reset: bool,
        cx: &Context,
    ) -> Exec {
        let number = self.column_number(rel, column)?;
        if reset {
            options::check_reset(list)?;
        }
        let list = texts_of(list);
        if !reset {
            options::check_attribute(&list)?;
        }
        self.change_column(rel, number, ChangeKind::Definition, cx, |c| {
            merge_options(&mut c.options, &list, reset);
            true
        });
        Ok(())
    }

    pub(super) fn set_storage(&mut self, rel: Oid, column: &Name, storage: &Name, cx: &Context) -> Exec {
        // From 16 on the word is looked at together with the type (`GetAttributeStorage`).
        if self.catalog.version() < 16 && !matches!(storage.as_str(), "plain" | "external" | "extended" | "main") {
            return refuse("22023", format!("invalid storage type \"{storage}\""));
        }
        let number = self.column_number(rel, column)?;
        let ty = self.catalog.relation(rel).and_then(|r| r.column_at(number)).map_or(Oid::INVALID, |c| c.ty.oid);
        self.check_storage(ty, storage)?;
        self.change_column(rel, number, ChangeKind::Definition, cx, |c| {
            c.storage = Some(storage.clone());
            true
        });
        Ok(())
    }

    pub(super) fn set_compression(&mut self, rel: Oid, column: &Name, method: &Name, cx: &Context) -> Exec {
        let number = self.column_number(rel, column)?;
        let ty = self.catalog.relation(rel).and_then(|r| r.column_at(number)).map_or(Oid::INVALID, |c| c.ty.oid);
        let method = self.compression_of(ty, Some(method))?;
        self.change_column(rel, number, ChangeKind::Definition, cx, |c| {
            c.compression = method;
            true
        });
        Ok(())
    }

    /// The sequence of a new identity column is made before the column is looked at (`transformAlterTableStmt`).
    pub(super) fn check_identity_type(&self, rel: Oid, column: &Name, options: &[DefElem]) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let ty = match relation.column(column) {
            Some(column) => column.ty.oid,
            // System columns have types as well, none of which will do.
            None if crate::expr::is_system_column(column) => type_oid::OID,
            None => return Ok(()),
        };
        refuse_identity_type(ty)?;
        Sequence { identity: true, ..Sequence::of_type(ty) }.apply(options, true)
    }

    pub(super) fn set_options(&mut self, rel: Oid, list: &[DefElem], reset: bool, cx: &Context) -> Exec {
        if reset {
            options::check_reset(list)?;
        }
        let mut list = texts_of(list);
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if let RelationKind::Index(index) = &relation.kind
            && self.catalog.relation(index.table).is_some_and(Relation::is_partitioned)
        {
            return Err(self.wrong_kind(relation, if reset { "RESET" } else { "SET" }));
        }
        if !reset {
            options::check(self.catalog.version(), &relation.kind, &list)?;
        }
        if let RelationKind::View(query) = &relation.kind
            && list.iter().any(|(name, _)| !reset && name == "check_option")
        {
            crate::expr::analyze::updatable::check_updatable(&self.catalog, &query.tree)?;
        }
        if !has_toast_table(&self.catalog, relation) {
            list.retain(|(name, _)| !is_of_toast(name));
        }
        if let Some(relation) = self.catalog.relation_mut(rel) {
            merge_options(&mut relation.options, &list, reset);
            relation.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }
}

fn refuse<T>(sqlstate: &'static str, message: String) -> Exec<T> {
    Err(SqlError::new(sqlstate, message).into())
}

/// `SET (a = b)` and `RESET (a)` on a list of options.
fn merge_options(options: &mut Vec<(Name, String)>, changes: &[(Name, String)], reset: bool) {
    for (name, value) in changes {
        options.retain(|(n, _)| n != name);
        if !reset {
            options.push((name.clone(), value.clone()));
        }
    }
}
