//! DROP, and the deletion of objects with everything that depends on them (`dropcmds.c`, `dependency.c`).

use rustc_hash::FxHashMap;

use crate::catalog::{
    AttrNumber, ChangeKind, Dependency, DependencyKind, Ending, FunctionKind, Object, Oid, Origin, Relation,
    RelationKind, Tombstone, TypeKind,
};
use crate::replay::effects::is_relation;
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{Drop, DropBehavior, Name, ObjectKind, ObjectName, ObjectRef, QualifiedName, Touches};

impl Replay {
    pub(in crate::replay) fn drop(&mut self, stmt: &Drop, cx: &Context) -> Exec {
        let mut targets = Vec::new();
        // `tablecmds.c: RemoveRelations`
        if stmt.concurrently {
            let refused = if stmt.objects.len() > 1 {
                Some("dropping multiple objects")
            } else {
                (stmt.behavior == DropBehavior::Cascade).then_some("CASCADE")
            };
            if let Some(refused) = refused {
                let message = format!("DROP INDEX CONCURRENTLY does not support {refused}");
                return Err(SqlError::new("0A000", message).into());
            }
        }
        for object in &stmt.objects {
            if let Some(target) = self.find_to_drop(object, stmt, cx)? {
                let written = match &object.name {
                    ObjectName::Function(function) => Some(&function.name),
                    ObjectName::Plain(name) => Some(name),
                    _ => None,
                };
                self.refuse_aggregate(stmt.kind, target, written)?;
                self.must_own_to_drop(target, written)?;
                if let Object::Relation(oid) = target
                    && stmt.concurrently
                    && let Some(index) = self.catalog.relation(oid)
                    && index
                        .as_index()
                        .and_then(|i| self.catalog.relation(i.table))
                        .is_some_and(Relation::is_partitioned)
                {
                    let message = format!("cannot drop partitioned index \"{}\" concurrently", index.name);
                    return Err(SqlError::new("0A000", message).into());
                }
                targets.push(target);
            }
        }
        self.delete_objects(&targets, stmt.behavior, cx)
    }

    /// DROP FUNCTION is not for aggregates (`dropcmds.c: RemoveObjects`).
    fn refuse_aggregate(&self, kind: ObjectKind, target: Object, written: Option<&QualifiedName>) -> Exec {
        if let (ObjectKind::Function, Object::Function(oid), Some(name)) = (kind, target, written)
            && self.catalog.function_info(oid).is_some_and(|f| f.kind() == FunctionKind::Aggregate)
        {
            let message = format!("\"{}\" is an aggregate function", lookup::display(name));
            let hint = "Use DROP AGGREGATE to drop aggregate functions.";
            return Err(SqlError::new("42809", message).hint(hint).into());
        }
        Ok(())
    }

    /// The object that a DROP names; nothing if it is missing and may be.
    fn find_to_drop(&mut self, object: &ObjectRef, stmt: &Drop, cx: &Context) -> Exec<Option<Object>> {
        // The access method has to be there in any case (`objectaddress.c: get_object_address_opcf`).
        if let ObjectName::OfMethod { method, .. } = &object.name {
            self.check_index_method(method)?;
        }
        let found = match stmt.kind {
            ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
            | ObjectKind::Index
            | ObjectKind::ForeignTable => self.relation_to_drop(object, stmt.kind, stmt.missing_ok),
            ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule => {
                self.part_to_drop(object, stmt.kind, stmt.missing_ok)
            }
            ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Routine
            | ObjectKind::Aggregate
            | ObjectKind::Schema
            | ObjectKind::Extension
            | ObjectKind::Publication
            | ObjectKind::Type
            | ObjectKind::Domain => self.resolve_object(object).and_then(|found| match found {
                Some(found) => Ok(found),
                None => Err(unmodelled(stmt)),
            }),
            ObjectKind::Operator
            | ObjectKind::Cast
            | ObjectKind::OpClass
            | ObjectKind::OpFamily
            | ObjectKind::Collation
            | ObjectKind::Conversion
            | ObjectKind::Statistics
            | ObjectKind::TsConfiguration
            | ObjectKind::TsDictionary
            | ObjectKind::ForeignDataWrapper
            | ObjectKind::ForeignServer
            | ObjectKind::EventTrigger
            | ObjectKind::Transform
            | ObjectKind::Language => self.resolve_object(object).and_then(|found| match found {
                Some(found) => Ok(found),
                None => Err(unmodelled(stmt)),
            }),
            ObjectKind::AccessMethod
            | ObjectKind::Attribute
            | ObjectKind::Column
            | ObjectKind::Database
            | ObjectKind::DefaultPrivileges
            | ObjectKind::DomainConstraint
            | ObjectKind::LargeObject
            | ObjectKind::Parameter
            | ObjectKind::Role
            | ObjectKind::Subscription
            | ObjectKind::TableConstraint
            | ObjectKind::Tablespace
            | ObjectKind::TsParser
            | ObjectKind::TsTemplate
            | ObjectKind::UserMapping => Err(unmodelled(stmt)),
        };
        match found {
            Ok(found) => Ok(Some(found)),
            Err(Stop::Error(error)) if stmt.missing_ok && is_missing(error.sqlstate.as_str()) => {
                self.notice(format!("{}, skipping", error.message), cx);
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }

    fn relation_to_drop(&mut self, object: &ObjectRef, kind: ObjectKind, missing_ok: bool) -> Exec<Object> {
        let ObjectName::Plain(name) = &object.name else {
            return Err(Opaque::new("a relation's name was expected", Touches::Everything).into());
        };
        self.may_use_schema_of(name)?;
        let path = self.path();
        let found = match &name.schema {
            Some(schema) => {
                let schema = lookup::schema(&self.catalog, schema, name.loc)?;
                self.catalog.relation_in(schema, &name.name)
            }
            None => self.catalog.find_relation(&path, &name.name),
        };
        let Some(found) = found else {
            // After a DROP the name is free for certain, whatever was unknown before.
            if missing_ok {
                self.free_for_certain(name, &path);
            }
            return Err(self.missing_to_drop(name, kind));
        };
        if kind_matches(found, kind) {
            return Ok(Object::Relation(found.oid));
        }
        let article = match kind {
            ObjectKind::Index => "an index",
            ObjectKind::View => "a view",
            ObjectKind::MaterializedView => "a materialized view",
            ObjectKind::Sequence => "a sequence",
            ObjectKind::ForeignTable => "a foreign table",
            _ => "a table",
        };
        // A composite type is called a type here (`dropmsgstringarray`).
        let real = if matches!(found.kind, RelationKind::CompositeType) { "type" } else { found.kind_name() };
        let article_of_real = if real.starts_with('i') { "an" } else { "a" };
        let hint = format!("Use DROP {} to remove {article_of_real} {real}.", real.to_uppercase());
        let (origin, text) = lookup::made_here(found);
        let error = SqlError::new("42809", format!("\"{}\" is not {article}", name.name)).hint(hint);
        Err(error.related(origin, text).into())
    }

    /// Relations of that name are no longer in doubt.
    fn free_for_certain(&mut self, name: &QualifiedName, path: &[Oid]) {
        let schemas: Vec<Oid> = match &name.schema {
            Some(schema) => self.catalog.schema_named(schema).map(|s| s.oid).into_iter().collect(),
            None => path.to_vec(),
        };
        for schema in schemas {
            self.catalog.taint.clear_relation(schema, &name.name);
        }
    }

    fn is_there(&self, name: &QualifiedName, path: &[Oid]) -> bool {
        match &name.schema {
            Some(schema) => {
                let schema = self.catalog.schema_named(schema).map(|s| s.oid);
                schema.is_some_and(|schema| self.catalog.relation_in(schema, &name.name).is_some())
            }
            None => self.catalog.find_relation(path, &name.name).is_some(),
        }
    }

    /// A DROP of relations that perhaps were there, and that are not known: where it did not fail, their names are free.
    pub(in crate::replay) fn frees_names(&mut self, stmt: &Drop) -> bool {
        let path = self.path();
        let mut names = Vec::new();
        for object in &stmt.objects {
            match &object.name {
                ObjectName::Plain(name) if is_relation(stmt.kind) && !self.is_there(name, &path) => names.push(name),
                _ => return false,
            }
        }
        names.into_iter().for_each(|name| self.free_for_certain(name, &path));
        true
    }

    /// `tablecmds.c: DropErrorMsgNonExistent`
    fn missing_to_drop(&self, name: &QualifiedName, kind: ObjectKind) -> Stop {
        let (state, word) = match kind {
            ObjectKind::Index => ("42704", "index"),
            ObjectKind::View => ("42P01", "view"),
            ObjectKind::MaterializedView => ("42P01", "materialized view"),
            ObjectKind::Sequence => ("42P01", "sequence"),
            ObjectKind::ForeignTable => ("42P01", "foreign table"),
            _ => ("42P01", "table"),
        };
        let message = format!("{word} \"{}\" does not exist", name.name);
        let mut error = SqlError::new(state, message).at(name.loc).about(About::Relation(name.name.to_string()));
        lookup::explain(&self.catalog, &mut error, |t| matches!(t.object, Object::Relation(_)) && t.name == name.name);
        error.into()
    }

    fn part_to_drop(&self, object: &ObjectRef, kind: ObjectKind, missing_ok: bool) -> Exec<Object> {
        let ObjectName::OfRelation { relation, name } = &object.name else {
            return Err(Opaque::new("a name on a relation was expected", Touches::Everything).into());
        };
        self.may_use_schema_of(relation)?;
        let rel = match lookup::relation_if_exists(&self.catalog, &self.path(), relation)? {
            Some(rel) => rel,
            // PostgreSQL's notice for IF EXISTS names the relation.
            None if missing_ok => {
                let message = format!("relation \"{}\" does not exist", lookup::display(relation));
                return Err(SqlError::new("42P01", message).into());
            }
            None => return Err(lookup::undefined_relation(&self.catalog, &self.path(), relation)),
        };
        let Some(record) = self.catalog.relation(rel) else {
            return Err(lookup::undefined_relation(&self.catalog, &self.path(), relation));
        };
        // `table_openrv`
        if matches!(record.kind, RelationKind::Index(_) | RelationKind::CompositeType) {
            return Err(lookup::cannot_open(&self.catalog, record, relation.loc));
        }
        let (found, word) = match kind {
            ObjectKind::Policy => (record.policy(name).map(|p| Object::Policy(rel, p.oid)), "policy"),
            ObjectKind::Rule if name == "_RETURN" && record.is_view() => {
                // A view's own rule is not in the catalog. It is a part of the view.
                let view = self.catalog.describe(Object::Relation(rel), &self.path());
                let message = format!("cannot drop rule _RETURN on {view} because {view} requires it");
                let hint = format!("You can drop {view} instead.");
                return Err(SqlError::new("2BP01", message).hint(hint).into());
            }
            ObjectKind::Rule => (record.rule(name).map(|r| Object::Rule(rel, r.oid)), "rule"),
            _ => (record.trigger(name).map(|t| Object::Trigger(rel, t.oid)), "trigger"),
        };
        found.ok_or_else(|| {
            let of = if word == "rule" { "relation" } else { "table" };
            let message = format!("{word} \"{name}\" for {of} \"{}\" does not exist", record.name);
            let error = SqlError::new("42704", message).at(object.loc);
            let mut error = error.about(About::Part(record.name.to_string(), name.to_string()));
            lookup::explain(&self.catalog, &mut error, |t| {
                t.kind == word && t.name == *name && t.relation.as_ref() == Some(&record.name)
            });
            match self.catalog.taint.of_relation(record.schema, &record.name, Some(record.provenance.created)) {
                Some(unknown) if !missing_ok => lookup::maybe(error, unknown),
                Some(_) | None => error.into(),
            }
        })
    }

    /// Deletes objects and what depends on them (`dependency.c: performMultipleDeletions`).
    pub(in crate::replay) fn delete_objects(
        &mut self,
        targets: &[Object],
        behavior: DropBehavior,
        cx: &Context,
    ) -> Exec {
        if targets.is_empty() {
            return Ok(());
        }
        for &target in targets {
            self.refuse_part(target, targets)?;
        }
        let mut search = Search { order: Vec::new(), found: FxHashMap::default() };
        for &target in targets {
            search.visit(self, target, None);
        }
        if behavior == DropBehavior::Restrict {
            self.refuse_dependents(targets, &search)?;
        }
        let path = self.path();
        let what: Vec<String> = targets.iter().map(|&t| self.catalog.describe(t, &path)).collect();
        let what = Name::from(what.join(", "));
        for object in search.order {
            let how = match targets.contains(&object) {
                true => Ending::Dropped,
                false => Ending::DroppedWith { what: what.clone() },
            };
            self.remove(object, how, cx.origin);
        }
        Ok(())
    }

    /// A part of something else cannot be dropped alone (`findDependentObjects`, at depth 0).
    fn refuse_part(&self, target: Object, targets: &[Object]) -> Exec {
        if self.is_pinned(target) {
            let name = self.describe_pinned(target);
            let message = format!("cannot drop {name} because it is required by the database system");
            return Err(SqlError::new("2BP01", message).into());
        }
        // What was cloned from a partitioned table is dropped there (`DEPFLAG_IS_PART`).
        // The index of a key may be a part of another index, where the key is not.
        let index = match (target, self.catalog.partition_owner(target)) {
            (Object::Constraint(rel, oid), None) => self.index_of_constraint(rel, oid).map(Object::Relation),
            _ => None,
        };
        let target = index.filter(|&index| self.catalog.partition_owner(index).is_some()).unwrap_or(target);
        let partitioned = self.catalog.partition_owner(target).map(|owner| (owner, DependencyKind::Internal));
        let Some((owner, kind)) = partitioned.or_else(|| self.catalog.owner_of(target)) else { return Ok(()) };
        if targets.contains(&owner) || self.within(owner, targets) {
            return Ok(());
        }
        match kind {
            DependencyKind::Internal | DependencyKind::Extension => {}
            DependencyKind::Normal | DependencyKind::Auto | DependencyKind::AutoExtension => return Ok(()),
        }
        let path = self.path();
        let (target, owner) = (self.catalog.describe(target, &path), self.catalog.describe(owner, &path));
        let message = format!("cannot drop {target} because {owner} requires it");
        Err(SqlError::new("2BP01", message).hint(format!("You can drop {owner} instead.")).into())
    }

    fn index_of_constraint(&self, rel: Oid, constraint: Oid) -> Option<Oid> {
        let indexes = self.catalog.relation(rel).into_iter().flat_map(|r| r.indexes.iter().copied());
        let is_its = |oid: &Oid| {
            let index = self.catalog.relation(*oid).and_then(Relation::as_index);
            index.is_some_and(|index| index.constraint == Some(constraint))
        };
        { indexes }.find(is_its)
    }

    pub(super) fn describe_pinned(&self, object: Object) -> String {
        let path = self.path();
        match object {
            Object::Function(oid) => match self.catalog.builtins().function_by_oid(oid) {
                Some(function) => {
                    let types = function.input_types().map(|ty| self.catalog.format_type_be(ty, &path));
                    format!("function {}({})", function.name, types.collect::<Vec<_>>().join(","))
                }
                None => self.catalog.describe(object, &path),
            },
            _ => self.catalog.describe(object, &path),
        }
    }

    /// `dependency.c: IsPinnedObject`: `public` may go.
    pub(super) fn is_pinned(&self, object: Object) -> bool {
        match object {
            Object::Schema(oid) => oid.is_builtin() && oid != crate::catalog::PUBLIC_SCHEMA,
            Object::Relation(oid)
            | Object::Type(oid)
            | Object::Function(oid)
            | Object::Operator(oid)
            | Object::Cast(oid)
            | Object::OpClass(oid)
            | Object::OpFamily(oid)
            | Object::Collation(oid)
            | Object::TsConfig(oid)
            | Object::TsDict(oid)
            | Object::Statistics(oid) => oid.is_builtin(),
            Object::Language(oid) => self.catalog.language(oid).is_some_and(|l| !l.is_procedural()),
            _ => false,
        }
    }

    fn within(&self, object: Object, targets: &[Object]) -> bool {
        object.relation().is_some_and(|rel| targets.contains(&Object::Relation(rel)))
    }

    /// `dependency.c: reportDependentObjects`
    fn refuse_dependents(&self, targets: &[Object], search: &Search) -> Exec {
        let path = self.path();
        let mut details = Vec::new();
        let mut origins = Vec::new();
        // A column goes with its table (`DEPFLAG_SUBOBJECT`).
        let of_whole = |object: &Object| matches!(object, Object::Column(rel, _) if search.found.contains_key(&Object::Relation(*rel)));
        for &object in search.order.iter().rev().filter(|object| !of_whole(object)) {
            let Some(found) = search.found.get(&object) else { continue };
            let Some(on) = found.because.filter(|_| !found.silent) else { continue };
            let dependent = self.catalog.describe(object, &path);
            details.push(format!("{dependent} depends on {}", self.catalog.describe(on, &path)));
            if let Some(origin) = self.made_by(object) {
                origins.push((origin, format!("{dependent} made here")));
            }
        }
        let Some(&first) = targets.first().filter(|_| !details.is_empty()) else { return Ok(()) };
        let message = match targets {
            [_] => format!("cannot drop {} because other objects depend on it", self.catalog.describe(first, &path)),
            _ => "cannot drop desired object(s) because other objects depend on them".to_owned(),
        };
        let mut error = SqlError::new("2BP01", message)
            .detail(details.join("\n"))
            .hint("Use DROP ... CASCADE to drop the dependent objects too.");
        error.related = origins;
        Err(error.into())
    }

    /// When an object got the definition that it has: the number of the statement.
    pub(super) fn defined_at(&self, object: Object) -> Option<u32> {
        let last = |provenance: &crate::catalog::Provenance| provenance.last_of(ChangeKind::Definition).sequence;
        let relation = |rel| self.catalog.relation(rel);
        match object {
            Object::Relation(oid) => relation(oid).map(|r| last(&r.provenance)),
            Object::Trigger(rel, oid) => {
                relation(rel)?.triggers.iter().find(|t| t.oid == oid).map(|t| last(&t.provenance))
            }
            Object::Policy(rel, oid) => {
                relation(rel)?.policies.iter().find(|p| p.oid == oid).map(|p| last(&p.provenance))
            }
            Object::Rule(rel, oid) => relation(rel)?.rules.iter().find(|r| r.oid == oid).map(|r| last(&r.provenance)),
            Object::Function(oid) => self.catalog.function(oid).map(|f| last(&f.provenance)),
            object => self.made_by(object).map(|origin| origin.sequence),
        }
    }

    /// The statement that made an object.
    pub(in crate::replay) fn made_by(&self, object: Object) -> Option<Origin> {
        let relation = |rel| self.catalog.relation(rel);
        match object {
            Object::Schema(oid) => self.catalog.schema(oid).map(|s| s.provenance.created),
            Object::Relation(oid) => relation(oid).map(|r| r.provenance.created),
            Object::Column(rel, number) => relation(rel)?.column_at(number).map(|c| c.provenance.created),
            Object::Default(rel, number) => {
                relation(rel)?.column_at(number).map(|c| c.provenance.last_of(ChangeKind::Default))
            }
            Object::Constraint(rel, oid) => {
                relation(rel)?.constraints.iter().find(|c| c.oid == oid).map(|c| c.provenance.created)
            }
            Object::Trigger(rel, oid) => {
                relation(rel)?.triggers.iter().find(|t| t.oid == oid).map(|t| t.provenance.created)
            }
            Object::Policy(rel, oid) => {
                relation(rel)?.policies.iter().find(|p| p.oid == oid).map(|p| p.provenance.created)
            }
            Object::Rule(rel, oid) => relation(rel)?.rules.iter().find(|r| r.oid == oid).map(|r| r.provenance.created),
            Object::Type(oid) | Object::DomainConstraint(oid, _) => {
                self.catalog.type_(oid).map(|t| t.provenance.created)
            }
            Object::Function(oid) => self.catalog.function(oid).map(|f| f.provenance.created),
            Object::Role(oid) => self.catalog.role(oid).map(|r| r.provenance.created),
            Object::Extension(oid) => self.catalog.extension(oid).map(|e| e.provenance.created),
            Object::Publication(oid) | Object::PublicationRelation(oid, _) => {
                self.catalog.publication(oid).map(|p| p.provenance.created)
            }
            Object::DefaultAcl(_) => None,
            Object::Operator(oid) => self.catalog.operator(oid).map(|o| o.provenance.created),
            Object::Cast(oid) => self.catalog.user_cast_by_oid(oid).map(|c| c.provenance.created),
            Object::OpClass(oid) => self.catalog.opclass(oid).map(|o| o.provenance.created),
            Object::OpFamily(oid) => self.catalog.opfamily(oid).map(|o| o.provenance.created),
            Object::Collation(oid) => self.catalog.collation(oid).map(|c| c.provenance.created),
            Object::Conversion(oid) => self.catalog.conversion(oid).map(|c| c.provenance.created),
            Object::TsConfig(oid) => self.catalog.ts_config(oid).map(|c| c.provenance.created),
            Object::TsDict(oid) => self.catalog.ts_dict(oid).map(|d| d.provenance.created),
            Object::Statistics(oid) => self.catalog.statistics(oid).map(|s| s.provenance.created),
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => self.catalog.unplaced(object).map(|o| o.provenance.created),
            Object::Transform(oid) => self.catalog.transform(oid).map(|t| t.provenance.created),
            Object::LargeObject(oid) => self.catalog.large_object(oid).map(|o| o.provenance.created),
            Object::Database(_) => None,
        }
    }

    /// Removes one object, whose dependents are gone already, and leaves a tombstone.
    fn remove(&mut self, object: Object, how: Ending, origin: Origin) {
        let buried = self.tombstone(object, how, origin);
        self.catalog.dependencies.remove_of(object);
        match object {
            Object::Schema(oid) => self.remove_schema(oid),
            Object::Relation(oid) => self.remove_relation(oid),
            Object::Column(rel, number) => self.remove_column(rel, number),
            Object::Default(rel, number) => {
                if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
                    column.default = None;
                    column.generated = None;
                    column.provenance.change(origin, ChangeKind::Default);
                }
            }
            Object::Constraint(rel, oid) => {
                self.catalog.remove_constraint(rel, oid);
            }
            Object::Trigger(rel, oid) => {
                if let Some(relation) = self.catalog.relation_mut(rel) {
                    relation.triggers.retain(|t| t.oid != oid);
                }
            }
            Object::Policy(rel, oid) => {
                if let Some(relation) = self.catalog.relation_mut(rel) {
                    relation.policies.retain(|p| p.oid != oid);
                }
            }
            Object::Rule(rel, oid) => {
                if let Some(relation) = self.catalog.relation_mut(rel) {
                    relation.rules.retain(|r| r.oid != oid);
                }
            }
            Object::Type(oid) => {
                self.catalog.remove_type(oid);
            }
            Object::DomainConstraint(domain, oid) => {
                self.catalog.remove_domain_check(domain, oid);
            }
            Object::Function(oid) => {
                self.catalog.remove_function_from_families(oid);
                self.catalog.remove_function(oid);
            }
            Object::Role(oid) => {
                self.catalog.remove_role(oid);
            }
            Object::Extension(oid) => {
                self.catalog.remove_extension(oid);
            }
            Object::Publication(oid) => {
                self.catalog.remove_publication(oid);
            }
            Object::PublicationRelation(publication, rel) => {
                if let Some(publication) = self.catalog.publication_mut(publication) {
                    publication.relations.retain(|r| r.relation != rel);
                }
            }
            Object::DefaultAcl(oid) => {
                if let Some(key) = self.catalog.default_acl_key(oid) {
                    self.catalog.set_default_acl(key, None);
                }
            }
            Object::Operator(oid) => {
                self.unlink_operator(oid);
                self.catalog.remove_operator(oid);
            }
            Object::Cast(oid) => {
                self.catalog.remove_cast(oid);
            }
            Object::OpClass(oid) => {
                self.catalog.remove_opclass(oid);
            }
            Object::OpFamily(oid) => {
                self.catalog.remove_opfamily(oid);
            }
            Object::Collation(oid) => {
                self.catalog.remove_collation(oid);
            }
            Object::Conversion(oid) => {
                self.catalog.remove_conversion(oid);
            }
            Object::TsConfig(oid) => {
                self.catalog.remove_ts_config(oid);
            }
            Object::Statistics(oid) => {
                self.catalog.remove_statistics(oid);
            }
            Object::TsDict(oid) => {
                self.catalog.remove_ts_dict(oid);
            }
            Object::ForeignDataWrapper(oid) => {
                self.catalog.remove_foreign_data_wrapper(oid);
            }
            Object::ForeignServer(oid) => {
                self.catalog.remove_foreign_server(oid);
            }
            Object::EventTrigger(oid) => {
                self.catalog.remove_event_trigger(oid);
            }
            Object::Language(oid) => {
                self.catalog.remove_language(oid);
            }
            Object::Transform(oid) => {
                self.catalog.remove_transform(oid);
            }
            Object::LargeObject(oid) => {
                self.catalog.remove_large_object(oid);
            }
            Object::Database(_) => {}
        }
        if let Some(tombstone) = buried {
            self.catalog.bury(tombstone);
        }
    }

    /// Publications and default privileges lose it (`pg_publication_namespace`, `pg_default_acl` depend on it).
    fn remove_schema(&mut self, oid: Oid) {
        self.catalog.remove_schema(oid);
        let published = self.catalog.publications().filter(|p| p.schemas.contains(&oid)).map(|p| p.oid);
        for publication in published.collect::<Vec<Oid>>() {
            if let Some(publication) = self.catalog.publication_mut(publication) {
                publication.schemas.retain(|&s| s != oid);
            }
        }
        let defaults = self.catalog.default_acls().map(|(key, _)| key).filter(|key| key.schema == Some(oid));
        for key in defaults.collect::<Vec<_>>() {
            self.catalog.set_default_acl(key, None);
        }
    }

    fn remove_relation(&mut self, oid: Oid) {
        let Some(relation) = self.catalog.remove_relation(oid) else { return };
        if let Some(index) = relation.as_index()
            && let Some(table) = self.catalog.relation_mut(index.table)
        {
            table.indexes.retain(|&i| i != oid);
        }
        let publications: Vec<Oid> = self.catalog.publications().map(|p| p.oid).collect();
        for publication in publications {
            let member = |p: &crate::catalog::Publication| p.relations.iter().any(|r| r.relation == oid);
            if self.catalog.publication(publication).is_some_and(member)
                && let Some(publication) = self.catalog.publication_mut(publication)
            {
                publication.relations.retain(|r| r.relation != oid);
            }
        }
        for column in &relation.columns {
            self.catalog.dependencies.remove_of(Object::Column(oid, column.number));
            self.catalog.dependencies.remove_of(Object::Default(oid, column.number));
        }
    }

    /// `heap.c: RemoveAttributeById`
    fn remove_column(&mut self, rel: Oid, number: AttrNumber) {
        self.catalog.dependencies.remove_of(Object::Default(rel, number));
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.dropped = true;
            column.not_null = false;
            column.default = None;
            column.generated = None;
            column.identity = None;
        }
    }

    /// What is left of an object; nothing for parts that nobody asks for by name.
    fn tombstone(&self, object: Object, how: Ending, ended: Origin) -> Option<Tombstone> {
        let created = self.made_by(object)?;
        let stone = |kind, schema: Option<Name>, relation: Option<Name>, name: Name| {
            Some(Tombstone { object, kind, schema, relation, name, created, ended, how: how.clone() })
        };
        let schema_name = |oid| Some(Name::from(self.catalog.schema_name(oid)));
        let part = |rel: Oid, kind, name: Option<Name>| {
            let relation = self.catalog.relation(rel)?;
            stone(kind, schema_name(relation.schema), Some(relation.name.clone()), name?)
        };
        match object {
            Object::Schema(oid) => stone("schema", None, None, self.catalog.schema(oid)?.name.clone()),
            Object::Relation(oid) => {
                let relation = self.catalog.relation(oid)?;
                let table = relation.as_index().and_then(|i| self.catalog.relation(i.table)).map(|t| t.name.clone());
                stone(relation.kind_name(), schema_name(relation.schema), table, relation.name.clone())
            }
            Object::Column(rel, number) => {
                part(rel, "column", self.catalog.relation(rel)?.column_at(number).map(|c| c.name.clone()))
            }
            Object::Constraint(rel, oid) => {
                let name =
                    self.catalog.relation(rel)?.constraints.iter().find(|c| c.oid == oid).map(|c| c.name.clone());
                part(rel, "constraint", name)
            }
            Object::Trigger(rel, oid) => {
                let name = self.catalog.relation(rel)?.triggers.iter().find(|t| t.oid == oid).map(|t| t.name.clone());
                part(rel, "trigger", name)
            }
            Object::Policy(rel, oid) => {
                let name = self.catalog.relation(rel)?.policies.iter().find(|p| p.oid == oid).map(|p| p.name.clone());
                part(rel, "policy", name)
            }
            Object::Rule(rel, oid) => {
                let name = self.catalog.relation(rel)?.rules.iter().find(|r| r.oid == oid).map(|r| r.name.clone());
                part(rel, "rule", name)
            }
            Object::Type(oid) => {
                // Nobody names an array type that is gone.
                let ty = self.catalog.type_(oid).filter(|ty| !matches!(ty.kind, TypeKind::Array(_)))?;
                stone("type", schema_name(ty.schema), None, ty.name.clone())
            }
            Object::Function(oid) => {
                let function = self.catalog.function(oid)?;
                stone("function", schema_name(function.schema), None, function.name.clone())
            }
            Object::Role(oid) => stone("role", None, None, self.catalog.role(oid)?.name.clone()),
            Object::Extension(oid) => stone("extension", None, None, self.catalog.extension(oid)?.name.clone()),
            Object::Publication(oid) => stone("publication", None, None, self.catalog.publication(oid)?.name.clone()),
            Object::Operator(oid) => {
                let operator = self.catalog.operator(oid)?;
                stone("operator", schema_name(operator.schema), None, operator.name.clone())
            }
            Object::OpClass(oid) => {
                let class = self.catalog.opclass(oid)?;
                stone("operator class", schema_name(class.schema), None, class.name.clone())
            }
            Object::OpFamily(oid) => {
                let family = self.catalog.opfamily(oid)?;
                stone("operator family", schema_name(family.schema), None, family.name.clone())
            }
            Object::Collation(oid) => {
                let collation = self.catalog.collation(oid)?;
                stone("collation", schema_name(collation.schema), None, collation.name.clone())
            }
            Object::Conversion(oid) => {
                let conversion = self.catalog.conversion(oid)?;
                stone("conversion", schema_name(conversion.schema), None, conversion.name.clone())
            }
            Object::TsConfig(oid) => {
                let config = self.catalog.ts_config(oid)?;
                stone("text search configuration", schema_name(config.schema), None, config.name.clone())
            }
            Object::Statistics(oid) => {
                let found = self.catalog.statistics(oid)?;
                stone("statistics object", schema_name(found.schema), None, found.name.clone())
            }
            Object::TsDict(oid) => {
                let dict = self.catalog.ts_dict(oid)?;
                stone("text search dictionary", schema_name(dict.schema), None, dict.name.clone())
            }
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => {
                let found = self.catalog.unplaced(object)?;
                stone(found.kind, None, None, found.name)
            }
            Object::LargeObject(oid) => stone("large object", None, None, oid.0.to_string().into()),
            Object::Default(..)
            | Object::DomainConstraint(..)
            | Object::PublicationRelation(..)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::Cast(_)
            | Object::DefaultAcl(_) => None,
        }
    }
}

/// The objects to delete, found from the targets outward (`dependency.c: findDependentObjects`).
struct Search {
    /// Dependents before what they need.
    order: Vec<Object>,
    found: FxHashMap<Object, Found>,
}

/// How an object was reached.
struct Found {
    /// It goes silently: it is a target, a part of something, or needs something only in passing.
    silent: bool,
    /// What it needs.
    because: Option<Object>,
}

impl Search {
    fn visit(&mut self, replay: &Replay, object: Object, from: Option<Dependency>) {
        let silent = from.is_none_or(|e| e.kind != DependencyKind::Normal);
        if let Some(found) = self.found.get_mut(&object) {
            found.silent |= silent;
            return;
        }
        self.found.insert(object, Found { silent, because: from.map(|e| e.referenced) });
        let mut edges = replay.catalog.dependents(object);
        if let Object::Relation(rel) = object {
            edges.extend(column_dependents(replay, rel));
        }
        // Newer objects first, as PostgreSQL sorts them: the report, which runs backwards, then names older ones first.
        edges.sort_by_key(|e| newest_first(replay, e));
        for edge in edges {
            let mut dependent = edge.dependent;
            // A part of something else stands for the whole.
            while let Some((owner, DependencyKind::Internal)) = replay.catalog.owner_of(dependent) {
                let own_part = matches!(object, Object::Relation(rel) if owner.relation() == Some(rel));
                if owner == object || own_part || self.found.contains_key(&owner) {
                    break;
                }
                dependent = owner;
            }
            // The whole goes silently only if it is reached in another way, too (`DEPFLAG_REVERSE`).
            let whole = dependent != edge.dependent;
            let kind = if whole { DependencyKind::Normal } else { edge.kind };
            // A column that its table cannot do without stands for the table.
            let of_key = matches!(object, Object::Column(rel, _) if dependent == Object::Relation(rel));
            let referenced = from.filter(|_| of_key).map_or(edge.referenced, |from| from.referenced);
            self.visit(replay, dependent, Some(Dependency { kind, referenced, ..edge }));
        }
        self.order.push(object);
    }
}

/// What needs a column of the relation, from outside of it.
fn column_dependents(replay: &Replay, rel: Oid) -> Vec<Dependency> {
    let Some(relation) = replay.catalog.relation(rel) else { return Vec::new() };
    let of_column = |number| replay.catalog.dependencies.on(Object::Column(rel, number));
    let is_own = |object: Object| object.relation() == Some(rel) && !matches!(object, Object::Relation(_));
    relation.columns.iter().flat_map(|c| of_column(c.number)).filter(|e| !is_own(e.dependent)).collect()
}

/// Newer objects come first, but columns of one relation in their order (`dependency.c: object_address_comparator`).
fn newest_first(replay: &Replay, edge: &Dependency) -> (std::cmp::Reverse<u32>, i16) {
    let (oid, number) = age(edge.dependent);
    let of_type = matches!(edge.referenced, Object::Type(_) | Object::Collation(_));
    match edge.dependent {
        Object::Constraint(_, oid) | Object::Relation(oid) => (std::cmp::Reverse(replay.catalog.number_of(oid)), 0),
        // The type of a column is its own, not that of what it is computed from.
        Object::Column(..) if of_type => (std::cmp::Reverse(oid), number),
        // What a column is computed from has a number of its own, which follows the column's.
        Object::Default(rel, column) | Object::Column(rel, column) => {
            match replay.catalog.number_of_expression(rel, column) {
                Some(new) => (std::cmp::Reverse(new), 0),
                None => (std::cmp::Reverse(oid), -number),
            }
        }
        _ => (std::cmp::Reverse(oid), number),
    }
}

/// The number by which PostgreSQL sorts objects of a deletion.
pub(super) fn age(object: Object) -> (u32, i16) {
    match object {
        Object::Column(rel, number) | Object::Default(rel, number) => (rel.0, number),
        Object::Constraint(_, oid)
        | Object::Trigger(_, oid)
        | Object::Policy(_, oid)
        | Object::Rule(_, oid)
        | Object::DomainConstraint(_, oid)
        | Object::PublicationRelation(oid, _)
        | Object::Schema(oid)
        | Object::Relation(oid)
        | Object::Type(oid)
        | Object::Function(oid)
        | Object::Role(oid)
        | Object::Extension(oid)
        | Object::Publication(oid)
        | Object::DefaultAcl(oid)
        | Object::Operator(oid)
        | Object::Cast(oid)
        | Object::OpClass(oid)
        | Object::OpFamily(oid)
        | Object::Collation(oid)
        | Object::Conversion(oid)
        | Object::TsConfig(oid)
        | Object::TsDict(oid)
        | Object::Statistics(oid)
        | Object::ForeignDataWrapper(oid)
        | Object::ForeignServer(oid)
        | Object::EventTrigger(oid)
        | Object::Language(oid)
        | Object::Transform(oid)
        | Object::Database(oid)
        | Object::LargeObject(oid) => (oid.0, 0),
    }
}

fn kind_matches(relation: &Relation, kind: ObjectKind) -> bool {
    match &relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) => kind == ObjectKind::Table,
        RelationKind::ForeignTable(_) => kind == ObjectKind::ForeignTable,
        RelationKind::View(_) => kind == ObjectKind::View,
        RelationKind::MaterializedView(..) => kind == ObjectKind::MaterializedView,
        RelationKind::Sequence(_) => kind == ObjectKind::Sequence,
        RelationKind::Index(_) => kind == ObjectKind::Index,
        RelationKind::CompositeType => false,
    }
}

/// The states that IF EXISTS turns into a notice.
fn is_missing(sqlstate: &str) -> bool {
    matches!(sqlstate, "42P01" | "42704" | "42883" | "3F000")
}

fn unmodelled(stmt: &Drop) -> Stop {
    let touches = match stmt.behavior {
        DropBehavior::Cascade => Touches::Everything,
        DropBehavior::Restrict => Touches::Nothing,
    };
    Opaque::new(format!("DROP of kind {:?} is not executed yet", stmt.kind), touches).into()
}
