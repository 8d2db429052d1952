//! CREATE TABLE (`tablecmds.c: DefineRelation`, `parse_utilcmd.c: transformCreateStmt`).

mod transform;

pub(super) use transform::refuse_set;

use super::constraint::Adding;
use super::constraint::attributes::{check_attributes, check_new_foreign_table};
use super::constraint::not_null::{implied_not_null, written_not_null};
use crate::catalog::lsyscache::CastInfo;
use crate::catalog::{
    AclKind, CastPath, Catalog, Column, DependencyKind, ForeignTable, Identity, Object, Oid, PartitionKey, Provenance,
    Relation, RelationKind, Sequence, StoredExpr, TypeKind, TypeRef, tree, type_oid,
};
use crate::expr::is_system_column;
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Replay {
    pub(in crate::replay) fn create_table(&mut self, stmt: &CreateTable, cx: &Context) -> Exec {
        let schema = self.creation_schema_of(&stmt.relation)?;
        let name = &stmt.relation.name.name;
        if stmt.server.is_some() {
            check_new_foreign_table(stmt)?;
        }
        // Without IF NOT EXISTS the name is looked at last (`heap.c: heap_create_with_catalog`).
        if !stmt.if_not_exists {
            check_on_commit(stmt.on_commit, stmt.relation.persistence)?;
        }
        if stmt.if_not_exists && self.skip_existing_relation(schema, name, true, stmt.relation.name.loc, cx)? {
            return Ok(());
        }
        check_on_commit(stmt.on_commit, stmt.relation.persistence)?;
        let of_type = stmt.of_type.as_ref().map(|ty| self.row_type_of(ty)).transpose()?;
        if stmt.partition_by.is_some() && !stmt.inherits.is_empty() {
            return Err(SqlError::new("42P17", "cannot create partitioned table as inheritance child").into());
        }
        self.transform_create(stmt, of_type)?;
        let parents = self.parents_of(stmt)?;
        // That the name is taken is found when columns are merged (`heap_create_with_catalog`): until then it has another.
        let taken = self.skip_existing_relation(schema, name, false, stmt.relation.name.loc, cx).err();
        let own_name = if taken.is_some() { Name::from(format!("{name}\0")) } else { name.clone() };
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
        let oid = self.insert_relation(schema, &own_name, kind, stmt.relation.persistence, origin)?;
        if let Some(relation) = self.catalog.relation_mut(oid) {
            let options = super::options::without_oids(options(&stmt.options))?;
            super::options::check(version, &relation.kind, &options)?;
            relation.options = super::options::of_relation(options);
            // Without spare room: most tables never get another column, and each takes a quarter of a kilobyte.
            let columns = stmt.elements.iter().filter(|e| matches!(e, TableElement::Column(_)));
            relation.columns.reserve_exact(columns.count());
        }
        if stmt.on_commit == OnCommit::Drop {
            self.session.drop_at_commit.push(oid);
        }
        if let Some(of_type) = of_type {
            self.columns_of_type(oid, of_type, cx)?;
        }
        let (constraints, copies) = self.define_elements(oid, stmt, &parents, cx)?;
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
                        Some(_) | None => constraints.extend(self.define_column(oid, column, cx)?),
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

    /// Adds a column with all that belongs to it alone; what remains are its constraints.
    pub(in crate::replay) fn define_column(
        &mut self,
        rel: Oid,
        def: &ColumnDef,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(Vec::new()) };
        if relation.column(&def.name).is_some() {
            let message = format!("column \"{}\" specified more than once", def.name);
            return Err(SqlError::new("42701", message).into());
        }
        let is_table = !matches!(relation.kind, RelationKind::View(_) | RelationKind::CompositeType);
        if is_table && is_system_column(&def.name) {
            let message = format!("column name \"{}\" conflicts with a system column name", def.name);
            return Err(SqlError::new("42701", message).into());
        }
        let (ty, serial) = self.type_of_column(def)?;
        self.refuse_own_row_type(rel, ty.oid, &mut Vec::new())?;
        let number = i16::try_from(relation.columns.len() + 1).unwrap_or(i16::MAX);
        if number > 1600 {
            return Err(SqlError::new("54011", "tables can have at most 1600 columns").into());
        }
        self.push_column(rel, number, def, ty, cx)?;
        self.column_constraints(rel, number, def, serial, cx)
    }

    /// The type of a column; a serial one is one of these as well.
    pub(super) fn type_of_column(&self, def: &ColumnDef) -> Exec<(TypeRef, Option<Oid>)> {
        let Some(type_name) = &def.ty else {
            return Err(Opaque::new("a column without a type", Touches::Nothing).at(def.loc).into());
        };
        let (ty, serial) = self.written_type(def)?;
        // `BuildDescForRelation`
        self.may_use_type(ty.oid)?;
        self.check_column_type(ty, &def.name, type_name.loc)?;
        Ok((ty, serial))
    }

    /// What a definition says of a column besides its type.
    pub(super) fn column_constraints(
        &mut self,
        rel: Oid,
        number: i16,
        def: &ColumnDef,
        serial: Option<Oid>,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let mut rest: Vec<(Constraint, Option<Name>)> = Vec::new();
        let mut not_null: Option<bool> = None;
        let mut default = None;
        // From 18 on NOT NULL is a constraint; what else makes the column so adds it.
        let records = self.records_not_null();
        let mut written: Option<Constraint> = None;
        let mut implied = serial.is_some();
        check_attributes(&def.constraints)?;
        let table = self.catalog.relation(rel).map_or(Name::new(), |r| r.name.clone());
        self.check_sources(&table, def, serial.is_some())?;
        for constraint in &def.constraints {
            match &constraint.kind {
                ConstraintKind::Null if not_null == Some(true) || implied && records => {
                    return Err(Self::conflicting_null(&table, &def.name));
                }
                ConstraintKind::Null => not_null = Some(false),
                ConstraintKind::NotNull { .. } if not_null == Some(false) => {
                    return Err(Self::conflicting_null(&table, &def.name));
                }
                ConstraintKind::NotNull { .. } => {
                    not_null = Some(true);
                    if records {
                        self.see_not_null(rel, &mut written, constraint, def, serial.is_some())?;
                    }
                }
                ConstraintKind::Identity { .. } if records => {
                    if not_null == Some(false) {
                        return Err(Self::conflicting_null(&table, &def.name));
                    }
                    implied = true;
                    default = Some(constraint);
                }
                ConstraintKind::Key(key) if key.primary && records => {
                    if not_null == Some(false) {
                        return Err(Self::conflicting_null(&table, &def.name));
                    }
                    implied = true;
                    rest.push((constraint.clone(), Some(def.name.clone())));
                }
                ConstraintKind::Identity { .. } => default = Some(constraint),
                // They are looked at in the order of columns, once all of these are there.
                ConstraintKind::Default(_) | ConstraintKind::Generated { .. } => {
                    rest.push((constraint.clone(), Some(def.name.clone())))
                }
                ConstraintKind::Attribute(attribute) => apply_attribute(&mut rest, *attribute),
                ConstraintKind::Check { .. }
                | ConstraintKind::Key(_)
                | ConstraintKind::Exclusion(_)
                | ConstraintKind::ForeignKey(_) => rest.push((constraint.clone(), Some(def.name.clone()))),
            }
        }
        if let Some(serial) = serial {
            if not_null == Some(false) {
                return Err(Self::conflicting_null(&table, &def.name));
            }
            not_null = Some(true);
            self.make_serial(rel, number, serial, cx)?;
        }
        if not_null == Some(true)
            && let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number))
        {
            column.not_null = true;
        }
        if records && (implied || written.is_some()) {
            let constraint = written.unwrap_or_else(|| implied_not_null(&def.name, def.loc));
            rest.push((constraint, Some(def.name.clone())));
        }
        if let Some(constraint) = default {
            self.set_column_source(rel, number, constraint, cx)?;
        }
        Ok(rest)
    }

    /// A column has one source of values (`parse_utilcmd.c: transformColumnDefinition`).
    fn check_sources(&self, table: &str, def: &ColumnDef, serial: bool) -> Exec {
        let (mut default, mut identity, mut generated) = (serial, false, false);
        for constraint in &def.constraints {
            let (seen, what) = match &constraint.kind {
                ConstraintKind::Default(_) => (&mut default, "multiple default values"),
                ConstraintKind::Identity { .. } => (&mut identity, "multiple identity specifications"),
                ConstraintKind::Generated { .. } => (&mut generated, "multiple generation clauses"),
                ConstraintKind::Null
                | ConstraintKind::NotNull { .. }
                | ConstraintKind::Check { .. }
                | ConstraintKind::Key(_)
                | ConstraintKind::Exclusion(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Attribute(_) => continue,
            };
            let twice = std::mem::replace(seen, true);
            let what = match (default, identity, generated) {
                _ if twice && identity && what.contains("identity") => {
                    let message = format!("{what} for column \"{}\" of table \"{table}\"", def.name);
                    return Err(SqlError::new("42601", message).at(constraint.loc).into());
                }
                _ if twice => what,
                (true, true, _) => "both default and identity",
                (true, _, true) => "both default and generation expression",
                (_, true, true) => "both identity and generation expression",
                _ => continue,
            };
            let message = format!("{what} specified for column \"{}\" of table \"{table}\"", def.name);
            return Err(SqlError::new("42601", message).at(constraint.loc).into());
        }
        Ok(())
    }

    pub(super) fn conflicting_null(table: &str, column: &str) -> crate::replay::Stop {
        let message = format!("conflicting NULL/NOT NULL declarations for column \"{column}\" of table \"{table}\"");
        SqlError::new("42601", message).into()
    }

    /// `heap.c: CheckAttributeType`: no pseudo-types.
    pub(super) fn check_column_type(&self, ty: TypeRef, column: &str, loc: Loc) -> Exec {
        if self.catalog.builtins().type_by_oid(ty.oid).is_some_and(|t| t.typtype == 'p') {
            let name = self.catalog.format_type_be(ty.oid, &self.path());
            return Err(SqlError::new("42P16", format!("column \"{column}\" has pseudo-type {name}")).at(loc).into());
        }
        Ok(())
    }

    /// `heap.c: CheckAttributeType`: no row holds itself.
    pub(super) fn refuse_own_row_type(&self, rel: Oid, ty: Oid, seen: &mut Vec<Oid>) -> Exec {
        let ty = self.catalog.array_element(ty).unwrap_or(ty);
        match self.catalog.type_(ty).map(|ty| &ty.kind) {
            Some(TypeKind::Domain(domain)) => return self.refuse_own_row_type(rel, domain.base.oid, seen),
            Some(TypeKind::Range(range)) => return self.refuse_own_row_type(rel, range.subtype, seen),
            _ => {}
        }
        let Some(TypeKind::Composite(of)) = self.catalog.type_(ty).map(|ty| &ty.kind) else { return Ok(()) };
        if *of == rel {
            let name = self.catalog.format_type_be(ty, &self.path());
            let message = format!("composite type {name} cannot be made a member of itself");
            return Err(SqlError::new("42P16", message).into());
        }
        if seen.contains(of) {
            return Ok(());
        }
        seen.push(*of);
        let columns = self.catalog.relation(*of).into_iter().flat_map(Relation::live_columns);
        { columns }.try_for_each(|column| self.refuse_own_row_type(rel, column.ty.oid, seen))
    }

    pub(super) fn push_column(&mut self, rel: Oid, number: i16, def: &ColumnDef, ty: TypeRef, cx: &Context) -> Exec {
        let collation = self.written_collation(def.collation.as_ref(), ty.oid, def.loc)?;
        let column = Column {
            collation: self.own_collation(collation, ty.oid),
            storage: def.storage.clone(),
            compression: self.compression_of(ty.oid, def.compression.as_ref())?,
            ..Column::new(number, def.name.clone(), ty, Provenance::new(cx.at(def.loc)))
        };
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.columns.push(column);
        }
        self.catalog.dependencies.add(Object::Column(rel, number), Object::Type(ty.oid), DependencyKind::Normal);
        self.depend_on_collation(Object::Column(rel, number), collation);
        Ok(())
    }

    /// Sets the default, generation expression or identity of a new column.
    pub(in crate::replay) fn set_column_source(
        &mut self,
        rel: Oid,
        number: i16,
        constraint: &Constraint,
        cx: &Context,
    ) -> Exec {
        match &constraint.kind {
            ConstraintKind::Default(expr) => {
                // One that is inherited gives way.
                self.forget_source(rel, number);
                if let Some(default) = self.analyze_default(rel, number, expr)? {
                    self.store_default(rel, number, default);
                }
                Ok(())
            }
            ConstraintKind::Generated { expr, stored } => {
                self.forget_source(rel, number);
                let bound = self.analyze_generated(rel, number, *stored, expr)?;
                self.store_source(rel, number, bound, Some(*stored));
                Ok(())
            }
            ConstraintKind::Identity { always, options } => self.add_identity(rel, number, *always, options, cx),
            ConstraintKind::Null
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::Key(_)
            | ConstraintKind::Exclusion(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Attribute(_) => Ok(()),
        }
    }

    /// The column does not need what its generation expression does, but for its own type and collation.
    pub(super) fn forget_needs(&mut self, rel: Oid, number: i16, expr: &StoredExpr) {
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { return };
        let own = [Some(Object::Type(column.ty.oid)), column.collation.map(Object::Collation)];
        for &object in expr.depends_on.iter().filter(|object| !own.contains(&Some(**object))) {
            for kind in [DependencyKind::Normal, DependencyKind::Auto] {
                self.catalog.dependencies.remove(Object::Column(rel, number), object, kind);
            }
        }
    }

    /// The column has no default any more, and is not generated.
    pub(super) fn forget_source(&mut self, rel: Oid, number: i16) {
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { return };
        if column.default.is_none() && column.generated.is_none() {
            return;
        }
        let generated = column.generated.clone();
        self.catalog.dependencies.remove_of(Object::Default(rel, number));
        if let Some(generated) = generated {
            self.forget_needs(rel, number, &generated.expr);
        }
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.default = None;
            column.generated = None;
        }
    }

    pub(in crate::replay) fn store_default(&mut self, rel: Oid, number: i16, default: StoredExpr) {
        let needs = default.depends_on.clone();
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.default = Some(default);
        }
        self.depend_on_all(Object::Default(rel, number), &needs, None);
    }

    /// The sequence and default of a serial column (`parse_utilcmd.c: generateSerialExtraStmts`).
    fn make_serial(&mut self, rel: Oid, number: i16, ty: Oid, cx: &Context) -> Exec {
        if let Some(relation) = self.catalog.relation(rel).filter(|r| matches!(r.kind, RelationKind::CompositeType)) {
            let message = format!("sequence cannot be owned by relation \"{}\"", relation.name);
            let detail = "This operation is not supported for composite types.";
            return Err(SqlError::new("42809", message).detail(detail).into());
        }
        let sequence = Sequence { owned_by: Some((rel, number)), ..Sequence::of_type(ty) };
        let (sequence, _) = self.make_owned_sequence(rel, number, sequence, None, cx)?;
        self.store_default(rel, number, nextval(&self.catalog, sequence, ty));
        Ok(())
    }

    /// Makes a column an identity column, with its sequence.
    pub(in crate::replay) fn add_identity(
        &mut self,
        rel: Oid,
        number: i16,
        always: bool,
        options: &[DefElem],
        cx: &Context,
    ) -> Exec {
        let ty = self.catalog.relation(rel).and_then(|r| r.column_at(number)).map_or(type_oid::INT8, |c| c.ty.oid);
        super::sequence::refuse_identity_type(ty)?;
        let mut sequence = Sequence { owned_by: Some((rel, number)), identity: true, ..Sequence::of_type(ty) };
        sequence.apply_to_identity(options)?;
        // `pg_dump` names the sequence where its name is not the one that it would get.
        let name = options.iter().find(|option| option.name == "sequence_name").and_then(|o| match &o.value {
            Some(DefValue::Names(names)) => names.split_last().map(|(name, schema)| QualifiedName {
                schema: schema.last().cloned(),
                name: name.clone(),
                loc: o.loc,
            }),
            _ => None,
        });
        let (made, _) = self.make_owned_sequence(rel, number, sequence, name.as_ref(), cx)?;
        // `parse_utilcmd.c: generateSerialExtraStmts`
        let mut logged = options.iter().filter(|option| matches!(option.name.as_str(), "logged" | "unlogged"));
        if let Some(option) = logged.next()
            && let Some(record) = self.catalog.relation_mut(made)
        {
            if let Some(again) = logged.next() {
                return Err(SqlError::new("42601", "conflicting or redundant options").at(again.loc).into());
            }
            if record.persistence == Persistence::Temporary {
                let message = "cannot set logged status of a temporary sequence";
                return Err(SqlError::new("42P16", message).at(option.loc).into());
            }
            let logged = option.name == "logged";
            record.persistence = if logged { Persistence::Permanent } else { Persistence::Unlogged };
        }
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.identity = Some(if always { Identity::Always } else { Identity::ByDefault });
            column.not_null = true;
        }
        Ok(())
    }

    pub(super) fn make_owned_sequence(
        &mut self,
        rel: Oid,
        number: i16,
        sequence: Sequence,
        name: Option<&QualifiedName>,
        cx: &Context,
    ) -> Exec<(Oid, QualifiedName)> {
        let Some(relation) = self.catalog.shared_relation(rel) else {
            return Err(SqlError::new("XX000", "the table of a sequence is gone").into());
        };
        let column = relation.column_at(number).map_or("", |c| &c.name);
        let schema = match name.and_then(|name| name.schema.as_ref().map(|schema| (schema, name.loc))) {
            Some((schema, loc)) => {
                let schema = lookup::schema(&self.catalog, schema, loc)?;
                self.may_create_in(schema)?;
                schema
            }
            None => relation.schema,
        };
        let name = match name {
            Some(name) => {
                self.skip_existing_relation(schema, &name.name, false, Loc::NONE, cx)?;
                name.name.clone()
            }
            None => self.choose_relation_name(&relation.name, Some(column), "seq", relation.schema, false),
        };
        let kind = if sequence.identity { DependencyKind::Internal } else { DependencyKind::Auto };
        let origin = relation.column_at(number).map_or(cx.origin, |c| c.provenance.last());
        let kind_of = RelationKind::Sequence(Box::new(sequence));
        let oid = self.insert_relation(schema, &name, kind_of, relation.persistence, origin)?;
        // It is the table's owner who makes it (`generateSerialExtraStmts`).
        let acl = self.new_object_acl(AclKind::Sequence, relation.owner, Some(schema));
        if let Some(made) = self.catalog.relation_mut(oid) {
            made.owner = relation.owner;
            made.acl = acl;
        }
        self.catalog.dependencies.add(Object::Relation(oid), Object::Column(rel, number), kind);
        Ok((oid, QualifiedName::in_schema(self.catalog.schema_name(schema), name)))
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

/// `serial` and its kin, which are names for a type with a sequence (`transformColumnDefinition`).
fn serial_type(ty: &TypeName) -> Option<Oid> {
    if ty.name.schema.is_some() {
        return None;
    }
    match ty.name.name.as_str() {
        "smallserial" | "serial2" => Some(type_oid::INT2),
        "serial" | "serial4" => Some(type_oid::INT4),
        "bigserial" | "serial8" => Some(type_oid::INT8),
        _ => None,
    }
}

/// DEFERRABLE and the like change the constraint before them.
fn apply_attribute(constraints: &mut [(Constraint, Option<Name>)], attribute: ConstraintAttribute) {
    let Some((last, _)) = constraints.last_mut() else { return };
    match attribute {
        ConstraintAttribute::Deferrable => last.deferrable = true,
        ConstraintAttribute::NotDeferrable => last.deferrable = false,
        ConstraintAttribute::InitiallyDeferred => {
            last.deferrable = true;
            last.initially_deferred = true;
        }
        ConstraintAttribute::InitiallyImmediate => last.initially_deferred = false,
        ConstraintAttribute::Enforced => last.not_enforced = false,
        ConstraintAttribute::NotEnforced => last.not_enforced = true,
    }
}

/// `nextval(regclass)`
const NEXTVAL: Oid = Oid(1574);

/// `nextval('schema.sequence'::regclass)`
fn nextval(catalog: &Catalog, sequence: Oid, ty: Oid) -> StoredExpr {
    let object = Object::Relation(sequence);
    let argument = tree::Expr::Const(Box::new(tree::Const {
        ty: TypeRef::plain(type_oid::REGCLASS),
        collation: Oid::INVALID,
        // The name is looked up when it is printed.
        value: Some(Name::new()),
        object: Some(object),
        at: tree::At::NONE,
    }));
    let call = tree::Expr::FuncExpr(Box::new(tree::FuncExpr {
        function: NEXTVAL,
        ty: TypeRef::plain(type_oid::INT8),
        returns_set: false,
        variadic: false,
        form: tree::CoercionForm::ExplicitCall,
        collation: Oid::INVALID,
        input_collation: Oid::INVALID,
        args: vec![argument],
        at: tree::At::NONE,
    }));
    let tree = match catalog.cast(type_oid::INT8, ty) {
        Some(CastInfo { path: CastPath::Function(function), .. }) => tree::Expr::FuncExpr(Box::new(tree::FuncExpr {
            function,
            ty: TypeRef::plain(ty),
            returns_set: false,
            variadic: false,
            form: tree::CoercionForm::ImplicitCast,
            collation: Oid::INVALID,
            input_collation: Oid::INVALID,
            args: vec![call],
            at: tree::At::NONE,
        })),
        Some(_) | None => call,
    };
    std::sync::Arc::new(tree::Stored { tree, depends_on: vec![object] })
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
