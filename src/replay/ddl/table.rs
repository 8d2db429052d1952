//! CREATE TABLE (`tablecmds.c: DefineRelation`, `parse_utilcmd.c: transformCreateStmt`).

mod column;
mod serial;
mod transform;

pub(super) use transform::refuse_set;

use self::serial::serial_type;
use super::constraint::Adding;
use super::constraint::attributes::check_new_foreign_table;
use super::constraint::not_null::{implied_not_null, written_not_null};
use crate::catalog::{AclKind, ForeignTable, Layer, Oid, PartitionKey, Provenance, Relation, RelationKind, TypeKind};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// The type of a column has the name of the table.
fn names_itself(stmt: &CreateTable) -> bool {
    stmt.elements.iter().any(|element| match element {
        TableElement::Column(column) => column.ty.as_ref().is_some_and(|ty| ty.name.name == stmt.relation.name.name),
        TableElement::Constraint(_) | TableElement::Like(_) => false,
    })
}

impl Replay {
    pub(in crate::replay) fn create_table(&mut self, stmt: &CreateTable, cx: &Context) -> Exec {
        let schema = self.creation_schema_of(&stmt.relation)?;
        let name = &stmt.relation.name.name;
        // Without IF NOT EXISTS the name is looked at last (`heap.c: heap_create_with_catalog`), with it first
        // (`transformCreateStmt`).
        if stmt.if_not_exists && self.skip_existing_relation(schema, name, true, stmt.relation.name.loc, cx)? {
            return Ok(());
        }
        if stmt.server.is_some() {
            check_new_foreign_table(stmt)?;
        }
        check_on_commit(stmt.on_commit, stmt.relation.persistence)?;
        let of_type = stmt.of_type.as_ref().map(|ty| self.row_type_of(ty)).transpose()?;
        if stmt.partition_by.is_some() && !stmt.inherits.is_empty() {
            return Err(SqlError::new("42P17", "cannot create partitioned table as inheritance child").into());
        }
        self.transform_create(schema, stmt, of_type)?;
        let parents = self.parents_of(stmt)?;
        // That the name is taken is found when columns are merged (`heap_create_with_catalog`): until then it has another.
        let mut taken = self.skip_existing_relation(schema, name, false, stmt.relation.name.loc, cx).err();
        let mut own_name = if taken.is_some() { super::unnamed(name) } else { name.clone() };
        if let Some(method) = &stmt.access_method {
            self.check_table_method(method)?;
        }
        let (origin, version) = (cx.at(stmt.relation.name.loc), self.catalog.version());
        if stmt.partition_by.is_some() && stmt.relation.persistence == Persistence::Unlogged && version >= 18 {
            return Err(SqlError::new("0A000", "partitioned tables cannot be unlogged").into());
        }
        let kind = match (&stmt.partition_by, &stmt.server) {
            // Its key is computed when its columns are there.
            (Some(by), _) => {
                RelationKind::PartitionedTable(Box::new(PartitionKey { strategy: by.strategy, columns: Vec::new() }))
            }
            // Its server is looked up when its columns are there.
            (None, Some(_)) => {
                let (server, options, columns) = (Oid::INVALID, Vec::new(), Vec::new());
                RelationKind::ForeignTable(Box::new(ForeignTable { server, options, columns }))
            }
            (None, None) => RelationKind::Table,
        };
        self.catalog.reserve_for_sequences(self.sequences_of(stmt));
        let oid = match self.insert_relation(schema, &own_name, kind.clone(), stmt.relation.persistence, origin) {
            // So is that there is a type of that name.
            Err(Stop::Error(error)) if error.sqlstate.as_str() == "42710" => {
                taken = Some(Stop::Error(error));
                own_name = super::unnamed(name);
                self.insert_relation(schema, &own_name, kind, stmt.relation.persistence, origin)?
            }
            made => made?,
        };
        if let Some(relation) = self.catalog.relation_mut(oid) {
            let options = super::options::without_oids(options(&stmt.options))?;
            super::options::check(version, &relation.kind, &options)?;
            relation.options = options;
            // Without spare room: most tables never get another column, and each takes a quarter of a kilobyte.
            let columns = stmt.elements.iter().filter(|e| matches!(e, TableElement::Column(_)));
            relation.columns.reserve_exact(columns.count());
        }
        if stmt.on_commit == OnCommit::Drop {
            self.session.drop_at_commit.push(oid);
        }
        // What stands in a baseline may have rows.
        if matches!(cx.origin.layer, Layer::Migration(_)) && stmt.server.is_none() && !self.code.extension_script {
            self.catalog.mark_empty(oid);
        }
        if let Some(of_type) = of_type {
            self.columns_of_type(oid, of_type, cx)?;
        }
        // There is no row type yet when the types of columns are looked up (`transformCreateStmt`).
        let row_type = self.catalog.relation(oid).and_then(|r| r.row_type).filter(|_| names_itself(stmt));
        if let Some(row_type) = row_type {
            self.move_type_with_array(row_type, schema, super::unnamed(name));
        }
        let (constraints, copies) = self.define_elements(oid, stmt, &parents, cx)?;
        if let Some(row_type) = row_type {
            self.move_type_with_array(row_type, schema, own_name.clone());
        }
        self.catalog.reserve_for_sequences(0);
        if let Some(taken) = taken {
            return Err(taken);
        }
        let mut constraints = self.generate_columns(oid, constraints, cx)?;
        parents.iter().for_each(|&parent| self.catalog.add_parent(oid, parent));
        if let Some(partition_of) = &stmt.partition_of
            && let Some(&parent) = parents.first()
        {
            self.bound_new_partition(oid, parent, &partition_of.bound, cx)?;
        }
        if let Some(by) = &stmt.partition_by {
            self.define_partition_key(oid, by)?;
        }
        if stmt.partition_of.is_some()
            && let Some(&parent) = parents.first()
        {
            self.clone_from_parent(oid, parent, cx)?;
        }
        let is_foreign_key = |c: &mut (Constraint, Option<Name>)| matches!(c.0.kind, ConstraintKind::ForeignKey(_));
        let foreign_keys: Vec<_> = constraints.extract_if(.., is_foreign_key).collect();
        if self.records_not_null() {
            let is_check = |c: &mut (Constraint, Option<Name>)| matches!(c.0.kind, ConstraintKind::Check { .. });
            let checks: Vec<_> = constraints.extract_if(.., is_check).collect();
            self.add_constraints(oid, checks, Adding::Create, cx)?;
            let is_not_null = |c: &mut (Constraint, Option<Name>)| written_not_null(&c.0, c.1.as_ref()).is_some();
            let mut not_nulls: Vec<_> = constraints.extract_if(.., is_not_null).collect();
            not_nulls.extend(self.not_nulls_of_keys(oid, &constraints));
            self.define_not_nulls(oid, &parents, &not_nulls, cx)?;
        }
        self.add_constraints(oid, constraints, Adding::Create, cx)?;
        // Keys that LIKE copies come after the table's own, and before foreign keys, which may refer to them
        // (`transformCreateStmt`).
        for (like, source) in &copies {
            self.expand_like(oid, like, *source, cx)?;
        }
        self.add_constraints(oid, foreign_keys, Adding::Create, cx)?;
        if let Some((server, options)) = &stmt.server {
            self.foreign_table(oid, server, options, cx)?;
        }
        for element in &stmt.elements {
            if let TableElement::Column(column) = element {
                self.foreign_column_options(oid, column, cx)?;
            }
        }
        self.forget_toast_options(oid);
        Ok(())
    }

    /// How many sequences its columns and those that it copies have.
    fn sequences_of(&self, stmt: &CreateTable) -> usize {
        let of_element = |element: &TableElement| match element {
            TableElement::Column(column) => {
                let identity = column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::Identity { .. }));
                let serial = column.ty.as_ref().is_some_and(|ty| serial_type(ty).is_some());
                usize::from(identity || serial)
            }
            TableElement::Constraint(_) => 0,
            TableElement::Like(like) => {
                let source = self.relation(&like.relation).ok().and_then(|source| self.catalog.relation(source));
                source.map_or(0, |source| source.live_columns().filter(|c| c.identity.is_some()).count())
            }
        };
        stmt.elements.iter().map(of_element).sum()
    }

    /// The columns of a primary key are NOT NULL (`transformIndexConstraint`).
    fn not_nulls_of_keys(
        &self,
        rel: Oid,
        constraints: &[(Constraint, Option<Name>)],
    ) -> Vec<(Constraint, Option<Name>)> {
        let Some(relation) = self.catalog.relation(rel) else { return Vec::new() };
        let mut found = Vec::new();
        for (constraint, column) in constraints {
            let ConstraintKind::Key(key) = &constraint.kind else { continue };
            if !key.primary {
                continue;
            }
            let names = column.iter().filter(|_| key.columns.is_empty()).chain(&key.columns);
            let names = names.filter(|name| relation.column(name).is_some());
            found.extend(names.map(|name| (implied_not_null(name, constraint.loc), Some(name.clone()))));
        }
        found
    }

    /// Columns that are generated get their expressions; what remains are the other constraints.
    pub(super) fn generate_columns(
        &mut self,
        rel: Oid,
        constraints: Vec<(Constraint, Option<Name>)>,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let is_generated = |c: &Constraint| matches!(c.kind, ConstraintKind::Generated { .. });
        let is_source =
            |(c, _): &(Constraint, Option<Name>)| is_generated(c) || matches!(c.kind, ConstraintKind::Default(_));
        if !constraints.iter().any(is_source) {
            return Ok(constraints);
        }
        let (sources, rest): (Vec<_>, Vec<_>) = constraints.into_iter().partition(is_source);
        let number =
            |replay: &Replay, name: &Name| replay.catalog.relation(rel).and_then(|r| r.column(name)).map(|c| c.number);
        for (_, name) in sources.iter().filter(|(source, _)| is_generated(source)) {
            if let Some(number) = name.as_ref().and_then(|name| number(self, name)) {
                self.forget_source(rel, number);
            }
        }
        for (source, name) in &sources {
            let Some(number) = name.as_ref().and_then(|name| number(self, name)) else { continue };
            self.set_column_source(rel, number, source, cx)?;
        }
        // Some of them were no generated columns yet when another's expression was analysed.
        for (source, name) in &sources {
            let Some(number) = name.as_ref().and_then(|name| number(self, name)) else { continue };
            if let ConstraintKind::Generated { expr, stored } = &source.kind {
                self.analyze_generated(rel, number, *stored, expr)?;
            }
        }
        Ok(rest)
    }

    /// The columns that a new table inherits, and what is between its parentheses. What remains are constraints, and the
    /// LIKE clauses with the tables that they name.
    #[expect(clippy::type_complexity, reason = "two lists")]
    fn define_elements<'s>(
        &mut self,
        oid: Oid,
        stmt: &'s CreateTable,
        parents: &[Oid],
        cx: &Context,
    ) -> Exec<(Vec<(Constraint, Option<Name>)>, Vec<(&'s LikeClause, Oid)>)> {
        let partition = stmt.partition_of.is_some();
        let inherited = self.inherit(oid, parents, partition, cx)?;
        let (mut constraints, mut copies, mut defaults) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen: Vec<&Name> = Vec::new();
        let mut position = 0;
        for element in &stmt.elements {
            match element {
                TableElement::Column(column) => {
                    position += 1;
                    let there = self.catalog.relation(oid).and_then(|r| r.column(&column.name)).map(|c| c.number);
                    match there {
                        Some(number) if column.ty.is_none() => {
                            if seen.contains(&&column.name) {
                                let message = format!("column \"{}\" specified more than once", column.name);
                                return Err(SqlError::new("42701", message).into());
                            }
                            constraints.extend(self.define_options(oid, number, column, partition, cx)?);
                        }
                        Some(number) if !parents.is_empty() => {
                            let (ty, serial) = self.written_type(column)?;
                            self.may_use_type(ty.oid)?;
                            self.merge_column(oid, column, position, ty, cx)?;
                            constraints.extend(self.column_constraints(oid, number, column, serial, cx)?);
                        }
                        None if column.ty.is_none() => {
                            let message = format!("column \"{}\" does not exist", column.name);
                            return Err(SqlError::new("42703", message).into());
                        }
                        Some(_) | None => match self.define_column(oid, column, cx) {
                            // Types are looked at when all columns are merged (`heap.c: CheckAttributeNamesTypes`).
                            Err(Stop::Error(error)) if error.sqlstate.as_str() == "42P16" => {
                                self.merge_later_columns(oid, stmt, column, cx)?;
                                return Err(Stop::Error(error));
                            }
                            defined => constraints.extend(defined?),
                        },
                    }
                    seen.push(&column.name);
                    if column
                        .constraints
                        .iter()
                        .any(|c| matches!(c.kind, ConstraintKind::Default(_) | ConstraintKind::Generated { .. }))
                    {
                        defaults.push(column.name.clone());
                    }
                }
                TableElement::Constraint(constraint) => constraints.push((constraint.clone(), None)),
                TableElement::Like(like) => {
                    let (source, columns) = self.copy_columns(oid, like, stmt.server.is_some(), position, cx)?;
                    position += columns;
                    constraints.extend(self.copied_not_nulls(source, like.relation.name.loc));
                    copies.push((like, source));
                }
            }
        }
        self.check_conflicting_defaults(oid, &inherited, &defaults)?;
        Ok((constraints, copies))
    }

    /// What is refused of the columns after one when they are merged with inherited ones (`MergeAttributes`).
    fn merge_later_columns(&mut self, oid: Oid, stmt: &CreateTable, after: &ColumnDef, cx: &Context) -> Exec {
        let columns = stmt.elements.iter().filter_map(|element| match element {
            TableElement::Column(column) => Some(column),
            TableElement::Constraint(_) | TableElement::Like(_) => None,
        });
        for (position, column) in (1..).zip(columns).skip_while(|(_, column)| !std::ptr::eq(*column, after)) {
            let inherited = self.catalog.relation(oid).and_then(|r| r.column(&column.name));
            if inherited.is_some_and(|c| c.inherit_count > 0) && column.ty.is_some() {
                let (ty, _) = self.written_type(column)?;
                self.merge_column(oid, column, position, ty, cx)?;
            }
        }
        Ok(())
    }

    /// True if a relation of that name exists and IF NOT EXISTS makes that fine; an error if it does not.
    pub(in crate::replay) fn skip_existing_relation(
        &mut self,
        schema: Oid,
        name: &Name,
        if_not_exists: bool,
        loc: Loc,
        cx: &Context,
    ) -> Exec<bool> {
        let Some(existing) = self.catalog.relation_in(schema, name) else {
            // An opaque statement may have made it: what is there now is not known.
            if let Some(unknown) = self.catalog.taint.of_relation(schema, name, None)
                && (if_not_exists || self.catalog.taint.everything().is_none())
            {
                let name = QualifiedName::in_schema(self.catalog.schema_name(schema), name.clone());
                let reason = format!("whether relation \"{}\" exists is not known", name.name);
                return Err(Opaque::because_of(unknown, &reason, Touches::Relations(vec![name])).at(loc).into());
            }
            return Ok(false);
        };
        let message = format!("relation \"{name}\" already exists");
        if if_not_exists {
            self.notice(format!("{message}, skipping"), cx);
            return Ok(true);
        }
        let (origin, text) = lookup::made_here(existing);
        let error = SqlError::new("42P07", message).at(loc).related(origin, text);
        Err(error.about(About::Relation(name.to_string())).into())
    }

    /// A relation without columns, with its row type.
    pub(in crate::replay) fn insert_relation(
        &mut self,
        schema: Oid,
        name: &Name,
        kind: RelationKind,
        persistence: Persistence,
        origin: crate::catalog::Origin,
    ) -> Exec<Oid> {
        // Whatever is in that schema is temporary (`namespace.c: RangeVarAdjustRelationPersistence`).
        let persistence = match persistence {
            Persistence::Unlogged if Some(schema) == self.session.temp_schema => {
                let message = "only temporary relations may be created in temporary schemas";
                return Err(SqlError::new("42P16", message).into());
            }
            Persistence::Permanent if Some(schema) == self.session.temp_schema => Persistence::Temporary,
            Persistence::Permanent | Persistence::Unlogged | Persistence::Temporary => persistence,
        };
        let owner = self.session.current_user;
        let oid = match kind {
            RelationKind::Sequence(_) => self.catalog.new_sequence_oid(),
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => self.catalog.new_oid(),
        };
        let (has_row_type, acl_kind) = match &kind {
            RelationKind::Index(_) => (false, None),
            RelationKind::Sequence(_) => (false, Some(AclKind::Sequence)),
            RelationKind::CompositeType => (false, None),
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..) => (true, Some(AclKind::Table)),
        };
        let row_type = match has_row_type {
            true => Some(self.make_row_type(schema, name, TypeKind::Composite(oid), owner, origin)?.0),
            false => {
                // Only what has no row type at all may have the name of a type (`heap_create_with_catalog`).
                if matches!(kind, RelationKind::Sequence(_)) {
                    self.free_type_name(schema, name)?;
                }
                None
            }
        };
        let acl = acl_kind.and_then(|kind| self.new_object_acl(kind, owner, Some(schema)));
        self.catalog.taint.clear_relation(schema, name);
        self.catalog.insert_relation(Relation {
            persistence,
            replica_identity: ReplicaIdentity::Default,
            row_type,
            acl,
            ..Relation::new(oid, schema, name.clone(), owner, kind, Provenance::new(origin))
        });
        Ok(oid)
    }
}

/// `tablecmds.c: DefineRelation`
pub(super) fn check_on_commit(on_commit: OnCommit, persistence: Persistence) -> Exec {
    match (on_commit, persistence) {
        (OnCommit::Noop, _) | (_, Persistence::Temporary) => Ok(()),
        (OnCommit::PreserveRows | OnCommit::DeleteRows | OnCommit::Drop, _) => {
            Err(SqlError::new("42P16", "ON COMMIT can only be used on temporary tables").into())
        }
    }
}

/// Storage parameters and view options as text.
pub(in crate::replay) fn options(list: &[DefElem]) -> Vec<(Name, String)> {
    list.iter()
        .map(|option| {
            let name = match &option.namespace {
                Some(namespace) => ecow::eco_format!("{namespace}.{}", option.name),
                None => option.name.clone(),
            };
            (name, option_text(option.value.as_ref()))
        })
        .collect()
}

fn option_text(value: Option<&DefValue>) -> String {
    match value {
        None => "true".to_owned(),
        Some(DefValue::String(text) | DefValue::Float(text)) => text.clone(),
        Some(DefValue::Integer(n)) => n.to_string(),
        Some(DefValue::Boolean(b)) => b.to_string(),
        Some(DefValue::Type(ty)) => lookup::display(&ty.name),
        Some(DefValue::Names(names)) => names.join("."),
        Some(DefValue::List(list)) => {
            let items: Vec<String> = list.iter().map(|v| option_text(Some(v))).collect();
            items.join(", ")
        }
        Some(DefValue::Star) => "*".to_owned(),
        Some(DefValue::Expr(_)) => String::new(),
    }
}
