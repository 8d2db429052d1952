//! Statements that name an object of any kind: COMMENT, DROP, RENAME, OWNER TO, SET SCHEMA.

use super::*;

impl Lowerer<'_> {
    pub(super) fn object_kind(&mut self, kind: pg::ObjectType) -> ObjectKind {
        use pg::ObjectType as O;
        match kind {
            O::ObjectAccessMethod => ObjectKind::AccessMethod,
            O::ObjectAggregate => ObjectKind::Aggregate,
            O::ObjectAttribute => ObjectKind::Attribute,
            O::ObjectCast => ObjectKind::Cast,
            O::ObjectColumn => ObjectKind::Column,
            O::ObjectCollation => ObjectKind::Collation,
            O::ObjectConversion => ObjectKind::Conversion,
            O::ObjectDatabase => ObjectKind::Database,
            O::ObjectDefacl => ObjectKind::DefaultPrivileges,
            O::ObjectDomain => ObjectKind::Domain,
            O::ObjectDomconstraint => ObjectKind::DomainConstraint,
            O::ObjectEventTrigger => ObjectKind::EventTrigger,
            O::ObjectExtension => ObjectKind::Extension,
            O::ObjectFdw => ObjectKind::ForeignDataWrapper,
            O::ObjectForeignServer => ObjectKind::ForeignServer,
            O::ObjectForeignTable => ObjectKind::ForeignTable,
            O::ObjectFunction => ObjectKind::Function,
            O::ObjectIndex => ObjectKind::Index,
            O::ObjectLanguage => ObjectKind::Language,
            O::ObjectLargeobject => ObjectKind::LargeObject,
            O::ObjectMatview => ObjectKind::MaterializedView,
            O::ObjectOpclass => ObjectKind::OpClass,
            O::ObjectOperator => ObjectKind::Operator,
            O::ObjectOpfamily => ObjectKind::OpFamily,
            O::ObjectParameterAcl => ObjectKind::Parameter,
            O::ObjectPolicy => ObjectKind::Policy,
            O::ObjectProcedure => ObjectKind::Procedure,
            O::ObjectPublication => ObjectKind::Publication,
            O::ObjectRole => ObjectKind::Role,
            O::ObjectRoutine => ObjectKind::Routine,
            O::ObjectRule => ObjectKind::Rule,
            O::ObjectSchema => ObjectKind::Schema,
            O::ObjectSequence => ObjectKind::Sequence,
            O::ObjectSubscription => ObjectKind::Subscription,
            O::ObjectStatisticExt => ObjectKind::Statistics,
            O::ObjectTabconstraint => ObjectKind::TableConstraint,
            O::ObjectTable => ObjectKind::Table,
            O::ObjectTablespace => ObjectKind::Tablespace,
            O::ObjectTransform => ObjectKind::Transform,
            O::ObjectTrigger => ObjectKind::Trigger,
            O::ObjectTsconfiguration => ObjectKind::TsConfiguration,
            O::ObjectTsdictionary => ObjectKind::TsDictionary,
            O::ObjectTsparser => ObjectKind::TsParser,
            O::ObjectTstemplate => ObjectKind::TsTemplate,
            O::ObjectType => ObjectKind::Type,
            O::ObjectUserMapping => ObjectKind::UserMapping,
            O::ObjectView => ObjectKind::View,
            // Kinds of catalog entry that no statement names.
            O::ObjectAmop
            | O::ObjectAmproc
            | O::ObjectDefault
            | O::ObjectPublicationNamespace
            | O::ObjectPublicationRel
            | O::Undefined => {
                self.unexpected();
                ObjectKind::Table
            }
        }
    }

    /// The object of a node whose form depends on the kind (`objectaddress.c: get_object_address`).
    pub(super) fn object_ref(&mut self, kind: ObjectKind, node: Option<NodeEnum>) -> ObjectRef {
        let name = match kind {
            ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence
            | ObjectKind::ForeignTable
            | ObjectKind::Collation
            | ObjectKind::Conversion
            | ObjectKind::Statistics
            | ObjectKind::TsConfiguration
            | ObjectKind::TsDictionary
            | ObjectKind::TsParser
            | ObjectKind::TsTemplate => ObjectName::Plain(self.qualified_node(node)),
            ObjectKind::AccessMethod
            | ObjectKind::Database
            | ObjectKind::EventTrigger
            | ObjectKind::Extension
            | ObjectKind::ForeignDataWrapper
            | ObjectKind::ForeignServer
            | ObjectKind::Language
            | ObjectKind::Parameter
            | ObjectKind::Publication
            | ObjectKind::Role
            | ObjectKind::Schema
            | ObjectKind::Subscription
            | ObjectKind::Tablespace => ObjectName::Plain(QualifiedName::bare(self.string(node))),
            ObjectKind::Column
            | ObjectKind::Attribute
            | ObjectKind::Policy
            | ObjectKind::Rule
            | ObjectKind::TableConstraint
            | ObjectKind::Trigger => {
                let mut parts = self.list(node);
                let name = parts.pop().and_then(|node| node.node);
                let name = self.string(name).into();
                if parts.is_empty() {
                    ObjectName::Plain(QualifiedName::bare(name))
                } else {
                    ObjectName::OfRelation { relation: self.qualified(parts, Loc::NONE), name }
                }
            }
            ObjectKind::DomainConstraint => {
                let mut parts = self.list(node).into_iter().map(|node| node.node);
                let domain = parts.next().flatten();
                let name = parts.next().flatten();
                ObjectName::OfDomain { domain: self.type_node(domain), name: self.string(name).into() }
            }
            ObjectKind::Aggregate | ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => {
                ObjectName::Function(self.function_ref_node(node))
            }
            ObjectKind::Type | ObjectKind::Domain => ObjectName::Type(self.type_node(node)),
            ObjectKind::Operator => ObjectName::Operator(self.operator_ref_node(node)),
            ObjectKind::Cast => {
                let mut parts = self.list(node).into_iter().map(|node| node.node);
                let (source, target) = (parts.next().flatten(), parts.next().flatten());
                ObjectName::Cast { source: self.type_node(source), target: self.type_node(target) }
            }
            ObjectKind::Transform => {
                let mut parts = self.list(node).into_iter().map(|node| node.node);
                let (ty, language) = (parts.next().flatten(), parts.next().flatten());
                ObjectName::Transform { ty: self.type_node(ty), language: self.string(language).into() }
            }
            ObjectKind::OpClass | ObjectKind::OpFamily => {
                let mut parts = self.list(node);
                let method = if parts.is_empty() { None } else { parts.remove(0).node };
                ObjectName::OfMethod { method: self.string(method).into(), name: self.qualified(parts, Loc::NONE) }
            }
            ObjectKind::DefaultPrivileges | ObjectKind::LargeObject | ObjectKind::UserMapping => {
                ObjectName::Other(node.map(|node| self.spelled(node)).unwrap_or_default())
            }
        };
        let loc = match &name {
            ObjectName::Type(ty) => ty.loc,
            ObjectName::OfDomain { domain, .. } => domain.loc,
            ObjectName::Plain(_)
            | ObjectName::OfRelation { .. }
            | ObjectName::Function(_)
            | ObjectName::Operator(_)
            | ObjectName::Cast { .. }
            | ObjectName::Transform { .. }
            | ObjectName::OfMethod { .. }
            | ObjectName::Other(_) => Loc::NONE,
        };
        ObjectRef { kind, name, loc }
    }

    /// The object that is either a relation, possibly with something of it in `node`, or `node` alone.
    fn object_or_relation(
        &mut self,
        kind: ObjectKind,
        relation: Option<pg::RangeVar>,
        node: Option<NodeEnum>,
    ) -> ObjectRef {
        let Some(relation) = relation else { return self.object_ref(kind, node) };
        let relation = self.range_var(relation);
        if relation.catalog.is_some() {
            self.unexpected();
        }
        let loc = relation.name.loc;
        let name = match node {
            // ALTER TRIGGER … DEPENDS ON EXTENSION
            Some(node) => {
                let mut parts = self.list(Some(node));
                let name = parts.pop().and_then(|node| node.node);
                ObjectName::OfRelation { relation: relation.name, name: self.string(name).into() }
            }
            None => ObjectName::Plain(relation.name),
        };
        ObjectRef { kind, name, loc }
    }

    /// A name of a form that is not modelled, in words.
    pub(super) fn spelled(&mut self, node: NodeEnum) -> String {
        match node {
            NodeEnum::String(string) => string.sval,
            NodeEnum::Integer(integer) => integer.ival.to_string(),
            NodeEnum::Float(float) => float.fval,
            NodeEnum::TypeName(ty) => self.names(ty.names).join("."),
            NodeEnum::List(list) => {
                let parts: Vec<String> = nodes(list.items).map(|node| self.spelled(node)).to_vec();
                parts.join(" ")
            }
            NodeEnum::ObjectWithArgs(object) => {
                let name = self.names(object.objname).join(".");
                let args: Vec<String> = object
                    .objargs
                    .into_iter()
                    .map(|arg| arg.node.map_or_else(|| "NONE".to_owned(), |arg| self.spelled(arg)))
                    .to_vec();
                format!("{name}({})", args.join(", "))
            }
            NodeEnum::RangeVar(relation) => self.range_var(relation).name.name.to_string(),
            _ => {
                self.unexpected();
                String::new()
            }
        }
    }

    pub(super) fn comment(&mut self, comment: pg::CommentStmt) -> Comment {
        let kind = self.object_kind(comment.objtype());
        // An empty comment is no comment either (comment.c: CreateComments).
        Comment { object: self.object_ref(kind, boxed(comment.object)), text: string_if_any(comment.comment) }
    }

    pub(super) fn drop_objects(&mut self, drop: pg::DropStmt) -> Drop {
        let kind = self.object_kind(drop.remove_type());
        Drop {
            kind,
            behavior: drop_behavior(drop.behavior()),
            objects: drop.objects.into_iter().map(|node| self.object_ref(kind, node.node)).to_vec(),
            missing_ok: drop.missing_ok,
            concurrently: drop.concurrent,
        }
    }

    pub(super) fn rename(&mut self, rename: pg::RenameStmt) -> Rename {
        let behavior = drop_behavior(rename.behavior());
        let kind = self.object_kind(rename.rename_type());
        let relation_type = rename.relation_type();
        let subname: Name = rename.subname.into();
        let object = boxed(rename.object);
        let target = match (kind, rename.relation) {
            (ObjectKind::Column, Some(relation)) => RenameTarget::Column {
                kind: self.object_kind(relation_type),
                relation: self.range_var(relation),
                column: subname,
            },
            // `makeRangeVarFromAnyName` leaves the flag unset: a table, which ALTER TYPE takes, too, is renamed in alone.
            (ObjectKind::Attribute, Some(relation)) => RenameTarget::Column {
                kind: self.object_kind(relation_type),
                relation: self.range_var(relation),
                column: subname,
            },
            (
                ObjectKind::TableConstraint | ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule,
                Some(relation),
            ) => RenameTarget::OfRelation { kind, relation: self.range_var(relation), name: subname },
            (_, Some(relation)) => RenameTarget::Relation { kind, relation: self.range_var(relation) },
            (ObjectKind::DomainConstraint, None) => {
                let domain = self.type_node(object);
                let loc = domain.loc;
                RenameTarget::Object(ObjectRef { kind, name: ObjectName::OfDomain { domain, name: subname }, loc })
            }
            // Roles, schemas, databases and tablespaces come as a plain string.
            (_, None) if object.is_none() => RenameTarget::Object(ObjectRef {
                kind,
                name: ObjectName::Plain(QualifiedName::bare(subname)),
                loc: Loc::NONE,
            }),
            (_, None) => RenameTarget::Object(self.object_ref(kind, object)),
        };
        Rename { target, new_name: rename.newname.into(), missing_ok: rename.missing_ok, behavior }
    }

    pub(super) fn alter_object_schema(&mut self, alter: pg::AlterObjectSchemaStmt) -> AlterObjectSchema {
        let kind = self.object_kind(alter.object_type());
        AlterObjectSchema {
            object: self.object_or_relation(kind, alter.relation, boxed(alter.object)),
            new_schema: alter.newschema.into(),
            missing_ok: alter.missing_ok,
        }
    }

    pub(super) fn alter_owner(&mut self, alter: pg::AlterOwnerStmt) -> AlterOwner {
        let kind = self.object_kind(alter.object_type());
        AlterOwner {
            object: self.object_or_relation(kind, alter.relation, boxed(alter.object)),
            new_owner: self.required_role(alter.newowner),
        }
    }

    pub(super) fn alter_object_depends(&mut self, alter: pg::AlterObjectDependsStmt) -> AlterObjectDepends {
        let kind = self.object_kind(alter.object_type());
        AlterObjectDepends {
            object: self.object_or_relation(kind, alter.relation, boxed(alter.object)),
            extension: alter.extname.map(|name| name.sval).unwrap_or_default().into(),
            remove: alter.remove,
        }
    }
}
