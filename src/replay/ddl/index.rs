//! CREATE INDEX (`indexcmds.c: DefineIndex`).

mod key;

pub(in crate::replay) use key::{IndexKeys, name_apart};

use super::constraint::Adding;
use super::virtual_generated::IndexOf;
use crate::catalog::tree::Expr as Tree;
use crate::catalog::{Index, Object, Oid, Origin, RelationKind, StoredExpr};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{CreateIndex, Expr, Name, Persistence};
use crate::sql::span::Loc;

impl Replay {
    pub(in crate::replay) fn create_index(&mut self, stmt: &CreateIndex, cx: &Context) -> Exec {
        self.refuse_system_catalog(&stmt.table.name)?;
        let table = self.relation(&stmt.table)?;
        self.must_own_relation(table)?;
        // The condition is read before keys (`parse_utilcmd.c: transformIndexStmt`), options are looked at in between.
        self.transform_index(table, stmt.filter.as_ref(), &stmt.keys)?;
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        match &relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::MaterializedView(..) => {}
            RelationKind::Index(_) | RelationKind::CompositeType => {
                return Err(lookup::cannot_open(&self.catalog, relation, stmt.table.name.loc));
            }
            RelationKind::ForeignTable(_) | RelationKind::View(_) | RelationKind::Sequence(_) => {
                let message = format!("cannot create index on relation \"{}\"", relation.name);
                let detail = format!("This operation is not supported for {}.", self.catalog.kinds_in_words(relation));
                return Err(SqlError::new("42809", message).detail(detail).at(stmt.table.name.loc).into());
            }
        }
        if stmt.concurrently && matches!(relation.kind, RelationKind::PartitionedTable(_)) {
            let message = format!("cannot create index on partitioned table \"{}\" concurrently", relation.name);
            return Err(SqlError::new("0A000", message).into());
        }
        if stmt.method == "rtree" {
            self.notice("substituting access method \"gist\" for obsolete method \"rtree\"", cx);
            return self.finish_index(table, &CreateIndex { method: "gist".into(), ..stmt.clone() }, cx);
        }
        self.finish_index(table, stmt, cx)?;
        // What CONCURRENTLY does not finish stays, as an invalid index.
        if stmt.concurrently { Ok(()) } else { self.refuse_unfit_rows(table, cx) }
    }

    fn finish_index(&mut self, table: Oid, stmt: &CreateIndex, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        self.may_create_in(relation.schema)?;
        if stmt.tablespace.as_deref() == Some("pg_global") {
            let message = "only shared relations can be placed in pg_global tablespace";
            return Err(SqlError::new("22023", message).into());
        }
        // One that is not known may come with an extension.
        if !self.catalog.has_access_method(&stmt.method) && lookup::maybe_undefined(&self.catalog).is_none() {
            let message = format!("access method \"{}\" does not exist", stmt.method);
            return Err(SqlError::new("42704", message).into());
        }
        let asked = Asked {
            method: &stmt.method,
            unique: stmt.unique,
            including: !stmt.including.is_empty(),
            keys: stmt.keys.len(),
            exclusion: false,
        };
        check_method(&asked, self.catalog.version())?;
        let predicate = self.index_predicate(table, stmt.filter.as_ref())?;
        let options = super::table::options(&stmt.options);
        super::options::check_index(&stmt.method, &options)?;
        let IndexKeys { keys, mut names, mut needs } = self.index_keys(relation, &stmt.keys, &stmt.method, false)?;
        if !relation.is_partitioned() {
            self.refuse_unordered_elements(relation, &keys)?;
        }
        let mut including = Vec::new();
        for element in &stmt.including {
            let number = self.included_column(relation, element)?;
            if let Some(column) = relation.column_at(number) {
                let name = name_apart(&column.name, &names);
                names.push(name);
            }
            including.push(number);
        }
        needs.extend(predicate.iter().flat_map(|p| p.depends_on.clone()));
        let name = match &stmt.name {
            Some(name) => name.clone(),
            None => {
                let joined = super::constraint::join_column_names(names.iter().map(String::as_str));
                self.choose_relation_name(&relation.name, Some(&joined), "idx", relation.schema, false)
            }
        };
        let index = Index {
            table,
            method: stmt.method.clone(),
            unique: stmt.unique,
            primary: false,
            nulls_not_distinct: stmt.nulls_not_distinct,
            valid: true,
            ready: true,
            clustered: false,
            keys,
            including,
            column_names: names.iter().map(|name| name.as_str().into()).collect(),
            predicate,
            constraint: None,
        };
        if let Some(relation) = self.catalog.relation(table) {
            self.check_partitioned_key(relation, &index, &[])?;
            self.refuse_unindexable(relation, &index, IndexOf::Nothing)?;
            // The name is looked at last (`index.c: index_create`).
            let schema = relation.schema;
            if stmt.name.is_some() && self.skip_existing_relation(schema, &name, stmt.if_not_exists, Loc::NONE, cx)? {
                return Ok(());
            }
        }
        self.check_key_types(&index.keys, &index.column_names)?;
        self.check_opclass_options(&index)?;
        let index = self.insert_index(&name, index, options, cx.origin)?;
        self.depend_on_all(Object::Relation(index), &needs, Some(table));
        self.index_partitions(index, None, Adding::Alter { recurse: !stmt.table.only }, cx)
    }

    /// The parameters of operator classes of PostgreSQL's own (`indexam.c: index_opclass_options`); others are not known.
    fn check_opclass_options(&self, index: &Index) -> Exec {
        for key in index.keys.iter().filter(|key| key.opclass.is_builtin() && !key.opclass_options.is_empty()) {
            if let Some(opclass) = self.catalog.opclass_info(key.opclass) {
                super::options::check_opclass(&index.method, opclass.name, &key.opclass_options)?;
            }
        }
        Ok(())
    }

    pub(in crate::replay) fn index_predicate(&self, table: Oid, filter: Option<&Expr>) -> Exec<Option<StoredExpr>> {
        let predicate = filter.map(|filter| self.analyze_index_predicate(table, filter)).transpose()?;
        // `WHERE true` is none (`makefuncs.c: make_ands_implicit`).
        let is_true = |p: &StoredExpr| matches!(&p.tree, Tree::Const(c) if c.value.as_deref() == Some("t"));
        Ok(predicate.filter(|p| !is_true(p)))
    }

    /// Stores an index and tells its table.
    pub(in crate::replay) fn insert_index(
        &mut self,
        name: &Name,
        index: Index,
        options: Vec<(Name, String)>,
        origin: Origin,
    ) -> Exec<Oid> {
        let table = index.table;
        let (schema, persistence, owner) = match self.catalog.relation(table) {
            Some(relation) => (relation.schema, relation.persistence, relation.owner),
            None => (crate::catalog::PUBLIC_SCHEMA, Persistence::Permanent, self.session.current_user),
        };
        let oid = self.insert_relation(schema, name, RelationKind::Index(Box::new(index)), persistence, origin)?;
        let version = self.catalog.version();
        if let Some(relation) = self.catalog.relation_mut(oid) {
            super::options::check(version, &relation.kind, &options)?;
            relation.owner = owner;
            relation.options = options;
        }
        if let Some(relation) = self.catalog.relation_mut(table) {
            relation.indexes.push(oid);
        }
        Ok(oid)
    }

    /// 42P07 for an index that a constraint would make.
    pub(in crate::replay) fn refuse_index_name(&self, schema: Oid, name: &Name, loc: Loc) -> Exec {
        let Some(existing) = self.catalog.relation_in(schema, name) else { return Ok(()) };
        let (origin, text) = lookup::made_here(existing);
        let error = SqlError::new("42P07", format!("relation \"{name}\" already exists")).at(loc);
        Err(error.related(origin, text).about(About::Relation(name.to_string())).into())
    }
}

/// What an index asks of its access method.
pub(super) struct Asked<'a> {
    pub method: &'a str,
    pub unique: bool,
    pub including: bool,
    pub keys: usize,
    pub exclusion: bool,
}

/// What the access methods that come with PostgreSQL can (`IndexAmRoutine`, `indexcmds.c: DefineIndex`).
pub(super) fn check_method(asked: &Asked<'_>, version: u32) -> Exec {
    let (unique, multicolumn, include, tuples) = match asked.method {
        "btree" => (true, true, true, true),
        "gist" => (false, true, true, true),
        "spgist" => (false, false, version >= 14, true),
        "gin" | "brin" => (false, true, false, false),
        "hash" => (false, false, false, true),
        _ => return Ok(()),
    };
    let refuse = |what: &str| {
        let message = format!("access method \"{}\" does not support {what}", asked.method);
        Err(SqlError::new("0A000", message).into())
    };
    if asked.unique && !unique {
        return refuse("unique indexes");
    }
    if asked.including && !include {
        return refuse("included columns");
    }
    if asked.keys > 1 && !multicolumn {
        return refuse("multicolumn indexes");
    }
    if asked.exclusion && !tuples {
        return refuse("exclusion constraints");
    }
    Ok(())
}
