//! `COMMENT ON`, and what the name of an object stands for (`objectaddress.c: get_object_address`).

use super::alter_table::has_system_columns;
use super::policy::lookup_part;
use crate::catalog::{ChangeKind, Object, Oid, Provenance, Relation, RelationKind, TypeKind};
use crate::expr::is_system_column;
use crate::replay::coverage::without_record;
use crate::replay::{About, Context, Exec, Notice, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{self, Name, ObjectKind, ObjectName, ObjectRef, QualifiedName, Touches, TypeName};

impl Replay {
    /// `comment.c: CommentObject`
    pub(crate) fn comment(&mut self, stmt: &ast::Comment, cx: &Context) -> Exec {
        // A dump may name a database that is called otherwise here.
        if let (ObjectKind::Database, ObjectName::Plain(name)) = (stmt.object.kind, &stmt.object.name)
            && self.catalog.other_database(&name.name) == Some(None)
        {
            let message = format!("database \"{}\" does not exist", name.name);
            self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
            return Ok(());
        }
        let Some(object) = self.resolve_object(&stmt.object)? else {
            return without_record(stmt.object.kind, "COMMENT ON");
        };
        let written = match &stmt.object.name {
            ObjectName::Plain(name) => Some(name),
            ObjectName::Function(function) => Some(&function.name),
            _ => None,
        };
        self.must_own_commented(object, written)?;
        self.must_own_to_comment(&stmt.object)?;
        if let Some((comment, provenance)) = self.comment_of(object) {
            // An empty comment is none (`CreateComments`).
            *comment = stmt.text.clone().filter(|t| !t.is_empty());
            provenance.change(cx.origin, ChangeKind::Comment);
        }
        Ok(())
    }

    /// The object that COMMENT, ALTER EXTENSION, OWNER TO and the like name: nothing for one of PostgreSQL's own that
    /// has no record, and for kinds that the catalog does not have ([`without_record`]).
    pub(crate) fn resolve_object(&self, object: &ObjectRef) -> Exec<Option<Object>> {
        use ObjectKind as K;
        let found = match object.kind {
            K::Table | K::View | K::MaterializedView | K::ForeignTable | K::Sequence | K::Index => {
                let ObjectName::Plain(name) = &object.name else { return Ok(None) };
                Object::Relation(self.relation_of_kind(name, object.kind)?)
            }
            K::Column | K::Attribute => {
                let ObjectName::OfRelation { relation, name } = &object.name else {
                    return Err(SqlError::new("42601", "column name must be qualified").into());
                };
                self.may_use_schema_of(relation)?;
                let Some(relation) = self.relation_or_system(relation)? else {
                    self.check_system_column(relation, name)?;
                    return Ok(None);
                };
                if object.kind == K::Column {
                    check_columns_have_comments(relation)?;
                }
                match relation.column(name) {
                    Some(column) => Object::Column(relation.oid, column.number),
                    None if is_system_column(name) && has_system_columns(relation) => {
                        return Err(Opaque::new("a comment on a system column", Touches::Nothing)
                            .at(object.loc)
                            .into());
                    }
                    None => {
                        // The relation as it is written (`get_object_address_attribute`).
                        let ObjectName::OfRelation { relation: written, .. } = &object.name else { return Ok(None) };
                        let written = lookup::display(written);
                        let message = format!("column \"{name}\" of relation \"{written}\" does not exist");
                        let error = SqlError::new("42703", message).at(object.loc);
                        return Err(lookup::missing_column(&self.catalog, relation, name, error));
                    }
                }
            }
            K::TableConstraint | K::Trigger | K::Policy | K::Rule => {
                let ObjectName::OfRelation { relation, name } = &object.name else { return Ok(None) };
                return self.resolve_part(object.kind, relation, name);
            }
            K::DomainConstraint => {
                let ObjectName::OfDomain { domain, name } = &object.name else { return Ok(None) };
                return self.resolve_domain_constraint(domain, name);
            }
            K::Type | K::Domain => {
                let ty = match &object.name {
                    ObjectName::Type(ty) => ty.clone(),
                    ObjectName::Plain(name) => TypeName { name: name.clone(), loc: name.loc, ..TypeName::default() },
                    ObjectName::OfRelation { .. }
                    | ObjectName::OfDomain { .. }
                    | ObjectName::Function(_)
                    | ObjectName::Operator(_)
                    | ObjectName::Cast { .. }
                    | ObjectName::Transform { .. }
                    | ObjectName::OfMethod { .. }
                    | ObjectName::Other(_) => return Ok(None),
                };
                Object::Type(self.resolve_type_or_domain(&ty, object.kind)?)
            }
            K::Function | K::Procedure | K::Routine | K::Aggregate => {
                let ObjectName::Function(function) = &object.name else { return Ok(None) };
                Object::Function(self.find_function(function, object.kind)?)
            }
            K::Schema => {
                let ObjectName::Plain(name) = &object.name else { return Ok(None) };
                Object::Schema(lookup::schema(&self.catalog, &name.name, name.loc)?)
            }
            K::Role => {
                let ObjectName::Plain(name) = &object.name else { return Ok(None) };
                Object::Role(lookup::role(&self.catalog, &name.name)?)
            }
            K::Extension => {
                let ObjectName::Plain(name) = &object.name else { return Ok(None) };
                Object::Extension(self.find_extension(&name.name)?)
            }
            K::Publication => {
                let ObjectName::Plain(name) = &object.name else { return Ok(None) };
                Object::Publication(self.find_publication(&name.name)?)
            }
            K::Database => return self.resolve_database(object),
            K::Operator
            | K::Cast
            | K::OpClass
            | K::OpFamily
            | K::Collation
            | K::Conversion
            | K::Statistics
            | K::TsConfiguration
            | K::TsDictionary => return self.resolve_stored(object),
            K::ForeignDataWrapper | K::ForeignServer | K::EventTrigger | K::Language | K::Transform => {
                return self.resolve_unplaced(object);
            }
            K::LargeObject => return self.resolve_large_object(object),
            K::AccessMethod
            | K::DefaultPrivileges
            | K::Parameter
            | K::Subscription
            | K::Tablespace
            | K::TsParser
            | K::TsTemplate
            | K::UserMapping => return Ok(None),
        };
        Ok(Some(found))
    }

    /// A relation of the kind that was written (`get_relation_by_qualified_name`).
    pub(crate) fn relation_of_kind(&self, name: &QualifiedName, kind: ObjectKind) -> Exec<Oid> {
        self.may_use_schema_of(name)?;
        let oid = lookup::relation(&self.catalog, &self.path(), name)?;
        let Some(relation) = self.catalog.relation(oid) else { return Ok(oid) };
        let Some((right, words)) = is_of_kind(relation, kind) else { return Ok(oid) };
        if right {
            return Ok(oid);
        }
        let error = SqlError::new("42809", format!("\"{}\" is not {words}", relation.name)).at(name.loc);
        let (origin, text) = lookup::made_here(relation);
        Err(error.related(origin, text).into())
    }

    fn relation_or_system(&self, name: &QualifiedName) -> Exec<Option<&Relation>> {
        if let Ok(lookup::FoundRelation::System { .. }) =
            lookup::find_relation_in_query(&self.catalog, &self.path(), name)
        {
            return Ok(None);
        }
        Ok(self.catalog.relation(lookup::relation(&self.catalog, &self.path(), name)?))
    }

    /// 42703 for a column that one of PostgreSQL's own relations does not have.
    fn check_system_column(&self, relation: &QualifiedName, name: &Name) -> Exec {
        match lookup::find_relation_in_query(&self.catalog, &self.path(), relation) {
            Ok(lookup::FoundRelation::System { columns: Some(columns) }) if columns.iter().all(|(n, _)| n != name) => {
                let message = format!("column \"{name}\" of relation \"{}\" does not exist", relation.name);
                Err(SqlError::new("42703", message).into())
            }
            _ => Ok(()),
        }
    }

    /// A constraint, trigger, policy or rule of a relation.
    fn resolve_part(&self, kind: ObjectKind, relation: &QualifiedName, name: &Name) -> Exec<Option<Object>> {
        let Some(relation) = self.relation_or_system(relation)? else { return Ok(None) };
        let table = relation.oid;
        let (found, word) = if kind == ObjectKind::TableConstraint {
            (relation.constraint(name).map(|c| Object::Constraint(table, c.oid)), "constraint")
        } else if kind == ObjectKind::Trigger {
            (relation.trigger(name).map(|t| Object::Trigger(table, t.oid)), "trigger")
        } else if kind == ObjectKind::Policy {
            (relation.policy(name).map(|p| Object::Policy(table, p.oid)), "policy")
        } else if kind == ObjectKind::Rule && !(name == "_RETURN" && relation.is_view()) {
            (relation.rule(name).map(|r| Object::Rule(table, r.oid)), "rule")
        } else {
            return Ok(None);
        };
        match found {
            Some(object) => Ok(Some(object)),
            None => Err(lookup_part(self, table, word, name)),
        }
    }

    fn resolve_domain_constraint(&self, domain: &TypeName, name: &Name) -> Exec<Option<Object>> {
        let oid = self.resolve_type_or_domain(domain, ObjectKind::Domain)?;
        let Some(TypeKind::Domain(found)) = self.catalog.type_(oid).map(|t| &t.kind) else { return Ok(None) };
        match found.checks.iter().find(|c| c.name == *name) {
            Some(check) => Ok(Some(Object::DomainConstraint(oid, check.oid))),
            None => {
                let domain = self.catalog.format_type_be(oid, &self.path());
                let message = format!("constraint \"{name}\" for domain {domain} does not exist");
                Err(SqlError::new("42704", message).about(About::Type(domain)).into())
            }
        }
    }

    /// `get_object_address_type`
    fn resolve_type_or_domain(&self, ty: &TypeName, kind: ObjectKind) -> Exec<Oid> {
        let oid = self.argument_type(ty)?;
        let is_domain = match self.catalog.type_(oid) {
            Some(user) => matches!(user.kind, TypeKind::Domain(_)),
            None => self.catalog.builtins().type_by_oid(oid).is_some_and(|t| t.typtype == 'd'),
        };
        if kind == ObjectKind::Domain && !is_domain {
            let message = format!("\"{}\" is not a domain", lookup::display(&ty.name));
            return Err(SqlError::new("42809", message).at(ty.loc).into());
        }
        Ok(oid)
    }

    /// Where an object's comment is kept.
    fn comment_of(&mut self, object: Object) -> Option<(&mut Option<String>, &mut Provenance)> {
        let catalog = &mut self.catalog;
        match object {
            Object::Schema(oid) => catalog.schema_mut(oid).map(|s| (&mut s.comment, &mut s.provenance)),
            Object::Relation(oid) => catalog.relation_mut(oid).map(|r| (&mut r.comment, &mut r.provenance)),
            Object::Column(rel, number) => {
                let column = catalog.relation_mut(rel)?.column_at_mut(number)?;
                Some((&mut column.comment, &mut column.provenance))
            }
            Object::Constraint(rel, oid) => {
                let mut constraints = catalog.relation_mut(rel)?.constraints.iter_mut();
                constraints.find(|c| c.oid == oid).map(|c| (&mut c.comment, &mut c.provenance))
            }
            Object::Trigger(rel, oid) => {
                let mut triggers = catalog.relation_mut(rel)?.triggers.iter_mut();
                triggers.find(|t| t.oid == oid).map(|t| (&mut t.comment, &mut t.provenance))
            }
            Object::Policy(rel, oid) => {
                let mut policies = catalog.relation_mut(rel)?.policies.iter_mut();
                policies.find(|p| p.oid == oid).map(|p| (&mut p.comment, &mut p.provenance))
            }
            Object::Rule(rel, oid) => {
                let mut rules = catalog.relation_mut(rel)?.rules.iter_mut();
                rules.find(|r| r.oid == oid).map(|r| (&mut r.comment, &mut r.provenance))
            }
            Object::Type(oid) => catalog.type_mut(oid).map(|t| (&mut t.comment, &mut t.provenance)),
            Object::DomainConstraint(domain, oid) => match &mut catalog.type_mut(domain)?.kind {
                TypeKind::Domain(domain) => {
                    let check = domain.checks.iter_mut().find(|c| c.oid == oid)?;
                    Some((&mut check.comment, &mut check.provenance))
                }
                TypeKind::Base(_)
                | TypeKind::Array(_)
                | TypeKind::Composite(_)
                | TypeKind::Enum(_)
                | TypeKind::Range(_)
                | TypeKind::Multirange(_)
                | TypeKind::Shell => None,
            },
            Object::Function(oid) => catalog.function_mut(oid).map(|f| (&mut f.comment, &mut f.provenance)),
            Object::Role(oid) => catalog.role_mut(oid).map(|r| (&mut r.comment, &mut r.provenance)),
            Object::Extension(oid) => catalog.extension_mut(oid).map(|e| (&mut e.comment, &mut e.provenance)),
            Object::Publication(oid) => catalog.publication_mut(oid).map(|p| (&mut p.comment, &mut p.provenance)),
            Object::Default(..) | Object::PublicationRelation(..) | Object::DefaultAcl(_) => None,
            Object::Operator(_)
            | Object::Cast(_)
            | Object::OpClass(_)
            | Object::OpFamily(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::TsConfig(_)
            | Object::TsDict(_)
            | Object::Statistics(_) => catalog.stored_comment(object),
            Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_) => catalog.unplaced_mut(object).map(|o| (o.comment, o.provenance)),
            Object::Database(_) => {
                let database = catalog.database_mut();
                Some((&mut database.comment, &mut database.provenance))
            }
            Object::Transform(oid) => catalog.transform_mut(oid).map(|t| (&mut t.comment, &mut t.provenance)),
            Object::LargeObject(oid) => catalog.large_object_mut(oid).map(|o| (&mut o.comment, &mut o.provenance)),
        }
    }
}

/// `comment.c`: columns of tables, views, composite types and foreign tables only.
fn check_columns_have_comments(relation: &Relation) -> Exec {
    let kinds = match &relation.kind {
        RelationKind::Table
        | RelationKind::PartitionedTable(_)
        | RelationKind::ForeignTable(_)
        | RelationKind::View(_)
        | RelationKind::MaterializedView(..)
        | RelationKind::CompositeType => return Ok(()),
        RelationKind::Sequence(_) => "sequences",
        RelationKind::Index(_) => "indexes",
    };
    let error = SqlError::new("42809", format!("cannot set comment on relation \"{}\"", relation.name));
    Err(error.detail(format!("This operation is not supported for {kinds}.")).into())
}

/// Whether the relation is of the kind that was written, and the kind in words; nothing for a kind that is no
/// relation's.
fn is_of_kind(relation: &Relation, kind: ObjectKind) -> Option<(bool, &'static str)> {
    use RelationKind as R;
    if kind == ObjectKind::Index {
        Some((relation.as_index().is_some(), "an index"))
    } else if kind == ObjectKind::Sequence {
        Some((relation.as_sequence().is_some(), "a sequence"))
    } else if kind == ObjectKind::Table {
        Some((matches!(relation.kind, R::Table | R::PartitionedTable(_)), "a table"))
    } else if kind == ObjectKind::View {
        Some((matches!(relation.kind, R::View(_)), "a view"))
    } else if kind == ObjectKind::MaterializedView {
        Some((matches!(relation.kind, R::MaterializedView(..)), "a materialized view"))
    } else if kind == ObjectKind::ForeignTable {
        Some((matches!(relation.kind, R::ForeignTable(_)), "a foreign table"))
    } else {
        None
    }
}
