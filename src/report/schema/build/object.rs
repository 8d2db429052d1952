//! Roles, schemas, extensions, types, functions, publications.

use super::Builder;
use crate::catalog::{
    self, AclKind, DependencyKind, FunctionBody, FunctionKind, Object, Oid, RelationKind, TypeKind, TypeRef,
};
use crate::report::schema::model::*;

impl Builder<'_> {
    pub(super) fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.catalog.roles().map(|role| self.role(role)).collect();
        roles.sort_by(|a, b| a.name.cmp(&b.name));
        roles
    }

    pub(in crate::report::schema) fn role(&self, role: &catalog::Role) -> Role {
        let mut member_of: Vec<Membership> = role
            .member_of
            .iter()
            .map(|m| Membership {
                role: self.catalog.role_name(m.role).to_owned(),
                admin: m.admin,
                inherit: m.inherit.filter(|&inherit| inherit != role.attributes.inherit),
                no_set: !m.set,
            })
            .collect();
        member_of.sort_by(|a, b| a.role.cmp(&b.role));
        // Of several grantors' (16) each gives what it gives.
        member_of.dedup_by(|next, kept| {
            let same = next.role == kept.role;
            if same {
                kept.admin |= next.admin;
                kept.no_set &= next.no_set;
                kept.inherit = kept.inherit.or(next.inherit).filter(|_| kept.inherit == next.inherit);
            }
            same
        });
        Role {
            name: role.name.to_string(),
            attributes: role_attributes(role.attributes),
            member_of,
            settings: self.options(&role.config),
            common: Common {
                comment: self.comment(role.comment.as_ref()),
                history: self.history(&role.provenance, self.doubt(&role.provenance)),
                ..Common::default()
            },
            oid: role.oid,
        }
    }

    pub(super) fn schemas(&self) -> Vec<Namespace> {
        let listed = self.catalog.schemas().filter(|s| !s.is_temporary());
        let mut schemas: Vec<Namespace> = listed
            .map(|schema| Namespace {
                name: schema.name.to_string(),
                common: Common {
                    owner: self.owner(schema.owner),
                    comment: self.comment(schema.comment.as_ref()),
                    privileges: self.privileges(schema.acl.as_ref(), AclKind::Schema, schema.owner),
                    platform: false,
                    history: self.history(&schema.provenance, self.doubt(&schema.provenance)),
                },
                oid: schema.oid,
            })
            .collect();
        schemas.sort_by(|a, b| a.name.cmp(&b.name));
        schemas
    }

    pub(super) fn extensions(&self) -> Vec<Extension> {
        let mut extensions: Vec<Extension> = self
            .catalog
            .extensions()
            .map(|extension| {
                let mut history = self.history(&extension.provenance, self.doubt(&extension.provenance));
                if extension.unknown {
                    history.unknown.get_or_insert_with(|| "what is in this extension is not known".to_owned());
                }
                let comment = self.comment(extension.comment.as_ref());
                Extension {
                    name: extension.name.to_string(),
                    schema: self.schema_name(extension.schema),
                    extversion: extension.version.as_ref().map(ToString::to_string),
                    common: Common { comment, history, ..Common::default() },
                    oid: extension.oid,
                }
            })
            .collect();
        extensions.sort_by(|a, b| a.name.cmp(&b.name));
        extensions
    }

    // ---- types ----

    pub(super) fn types(&self) -> Vec<Type> {
        let listed = |ty: &&catalog::Type| match ty.kind {
            // An array type comes with its element, a multirange with its range, a row type with its relation.
            TypeKind::Array(_) | TypeKind::Multirange(_) => false,
            TypeKind::Composite(relation) => {
                self.catalog.relation(relation).is_some_and(|r| matches!(r.kind, RelationKind::CompositeType))
            }
            TypeKind::Base(_) | TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Range(_) | TypeKind::Shell => true,
        };
        let made = |ty: &&catalog::Type| !self.is_member(Object::Type(ty.oid));
        let mut types: Vec<Type> = self.catalog.types().filter(listed).filter(made).map(|ty| self.ty(ty)).collect();
        types.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        types
    }

    fn ty(&self, ty: &catalog::Type) -> Type {
        let mut doc = Type {
            schema: self.schema_name(ty.schema),
            name: ty.name.to_string(),
            kind: "base",
            labels: Vec::new(),
            attributes: Vec::new(),
            base: None,
            collation: None,
            not_null: false,
            default: None,
            constraints: Vec::new(),
            common: Common {
                owner: self.owner(ty.owner),
                comment: self.comment(ty.comment.as_ref()),
                privileges: self.privileges(ty.acl.as_ref(), AclKind::Type, ty.owner),
                platform: false,
                history: self.history(&ty.provenance, self.doubt_of_type(ty)),
            },
            oid: ty.oid,
        };
        match &ty.kind {
            TypeKind::Enum(labels) => {
                doc.kind = "enum";
                doc.labels = labels.iter().map(|l| l.label.to_string()).collect();
            }
            TypeKind::Domain(domain) => {
                doc.kind = "domain";
                doc.base = Some(self.catalog.format_type(domain.base, &[]));
                doc.collation = self.texts().domain_collation(domain);
                doc.not_null = domain.not_null;
                doc.default = domain.default.as_ref().map(|d| self.text(&self.texts().domain_default(d)));
                doc.constraints = domain.checks.iter().map(|check| self.domain_check(check)).collect();
                doc.constraints.sort_by(|a, b| a.name.cmp(&b.name));
            }
            TypeKind::Composite(relation) => {
                doc.kind = "composite";
                if let Some(relation) = self.catalog.relation(*relation) {
                    doc.attributes = self.columns(relation);
                    if doc.common.comment.is_none() {
                        doc.common.comment = self.comment(relation.comment.as_ref());
                    }
                }
            }
            TypeKind::Range(range) => {
                doc.kind = "range";
                doc.base = Some(self.catalog.format_type(TypeRef::plain(range.subtype), &[]));
            }
            TypeKind::Multirange(_) => doc.kind = "multirange",
            TypeKind::Shell => doc.kind = "shell",
            TypeKind::Base(_) | TypeKind::Array(_) => {}
        }
        doc
    }

    fn domain_check(&self, check: &catalog::DomainCheck) -> Constraint {
        Constraint {
            name: check.name.to_string(),
            ty: "check",
            definition: self.text(&self.texts().domain_check(check)),
            index_options: Default::default(),
            index_comment: None,
            comment: self.comment(check.comment.as_ref()),
            history: self.history(&check.provenance, None),
            oid: check.oid,
        }
    }

    // ---- functions ----

    pub(super) fn functions(&self) -> Vec<Function> {
        // A range type's constructors come with it.
        let alone = |f: &&catalog::Function| {
            let owner = self.catalog.owner_of(Object::Function(f.oid));
            !matches!(owner, Some((Object::Type(_), DependencyKind::Internal)))
        };
        let functions = self.catalog.functions().filter(alone);
        let mut functions: Vec<Function> = functions.filter_map(|f| self.function(f)).collect();
        functions.sort_by(|a, b| (&a.schema, &a.name, &a.arguments).cmp(&(&b.schema, &b.name, &b.arguments)));
        functions
    }

    /// A function. Of an extension's only those are told that something changed after the extension was made.
    fn function(&self, function: &catalog::Function) -> Option<Function> {
        let extension = self.extension_of(Object::Function(function.oid));
        if extension.is_some() && function.provenance.changed.is_empty() {
            return None;
        }
        let mut history = self.history(&function.provenance, self.doubt(&function.provenance));
        let definition = match (&function.body, extension) {
            (FunctionBody::Native(None), None) => {
                let why = match function.kind {
                    FunctionKind::Aggregate => "aggregates are printed in the script only",
                    FunctionKind::Function | FunctionKind::Procedure | FunctionKind::Window => {
                        "where its code is was not kept"
                    }
                };
                history.unknown.get_or_insert_with(|| why.to_owned());
                None
            }
            (FunctionBody::Native(None), Some(_)) => None,
            (FunctionBody::Source(..) | FunctionBody::Sql(_) | FunctionBody::Native(Some(_)), _) => {
                self.texts().function(function.oid).map(|d| self.text(d.trim_end_matches('\n')))
            }
        };
        let procedure = function.kind == FunctionKind::Procedure;
        Some(Function {
            schema: self.schema_name(function.schema),
            name: function.name.to_string(),
            arguments: function.input_types().map(|ty| self.texts().argument(ty)).collect(),
            kind: match function.kind {
                FunctionKind::Function => "function",
                FunctionKind::Procedure => "procedure",
                FunctionKind::Aggregate => "aggregate",
                FunctionKind::Window => "window",
            },
            returns: (!procedure).then(|| self.texts().function_result(function)),
            language: function.language.to_string(),
            security_definer: function.security_definer,
            definition,
            extension: extension.and_then(|e| self.catalog.extension(e)).map(|e| e.name.to_string()),
            common: Common {
                owner: self.owner(function.owner),
                comment: self.comment(function.comment.as_ref()),
                privileges: self.privileges(function.acl.as_ref(), AclKind::Function, function.owner),
                platform: false,
                history,
            },
            oid: function.oid,
        })
    }

    // ---- publications ----

    pub(super) fn publications(&self) -> Vec<Publication> {
        let mut publications: Vec<Publication> = self.catalog.publications().map(|p| self.publication(p)).collect();
        publications.sort_by(|a, b| a.name.cmp(&b.name));
        publications
    }

    fn publication(&self, publication: &catalog::Publication) -> Publication {
        let mut tables: Vec<PublicationTable> =
            publication.relations.iter().map(|member| self.publication_table(member)).collect();
        tables.sort_by(|a, b| a.table.cmp(&b.table));
        let mut schemas: Vec<String> = publication.schemas.iter().map(|&s| self.schema_name(s)).collect();
        schemas.sort();
        Publication {
            name: publication.name.to_string(),
            all_tables: publication.all_tables,
            schemas,
            tables,
            options: self.options(&publication.options),
            common: Common {
                owner: self.owner(publication.owner),
                comment: self.comment(publication.comment.as_ref()),
                privileges: None,
                platform: false,
                history: self.history(&publication.provenance, self.doubt(&publication.provenance)),
            },
            oid: publication.oid,
        }
    }

    fn publication_table(&self, member: &catalog::PublicationRelation) -> PublicationTable {
        let relation = self.catalog.relation(member.relation);
        let column = |&number: &i16| relation.and_then(|r| r.column_at(number)).map(|c| c.name.to_string());
        PublicationTable {
            table: self.relation_name(member.relation),
            columns: member.columns.iter().filter_map(column).collect(),
            filter: member.filter.as_ref().map(|f| self.text(&self.texts().expr(member.relation, f))),
            created: self.line(member.provenance.created),
            oid: member.relation,
        }
    }

    /// The name of a relation, as SQL takes it.
    pub(super) fn relation_name(&self, relation: Oid) -> String {
        self.catalog.relation(relation).map_or_else(String::new, |r| self.name(r.schema, &r.name))
    }
}

/// The attributes that differ from those of a plain `CREATE ROLE`.
fn role_attributes(attributes: catalog::RoleAttributes) -> Vec<&'static str> {
    let catalog::RoleAttributes { superuser, inherit, create_role, create_db, login, replication, bypass_rls } =
        attributes;
    let all = [
        (superuser, "SUPERUSER"),
        (!inherit, "NOINHERIT"),
        (create_role, "CREATEROLE"),
        (create_db, "CREATEDB"),
        (login, "LOGIN"),
        (replication, "REPLICATION"),
        (bypass_rls, "BYPASSRLS"),
    ];
    all.into_iter().filter(|(has, _)| *has).map(|(_, word)| word).collect()
}
