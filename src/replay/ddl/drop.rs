//! DROP: what is named (`dropcmds.c`). How it goes, with everything that depends on it, is in [`delete`].

mod delete;
mod remove;
mod search;

pub(super) use search::age;

use crate::catalog::{FunctionKind, Object, Oid, Relation, RelationKind};
use crate::replay::effects::is_relation;
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{Drop, DropBehavior, ObjectKind, ObjectName, ObjectRef, QualifiedName, Touches};

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
