//! Entries of objects that are no relations.

use super::build::Flat;
use super::model::*;
use crate::catalog::{
    self, AclKind, DependencyKind, FunctionBody, FunctionKind, Object, Oid, RelationKind, TypeKind, TypeRef,
};

impl Flat<'_> {
    pub(super) fn objects(&mut self) {
        self.schemas();
        self.extensions();
        self.roles();
        let types: Vec<&catalog::Type> = self.catalog.types().collect();
        for ty in types {
            if !self.builder.is_member(Object::Type(ty.oid)) {
                self.ty(ty);
            }
        }
        let functions: Vec<&catalog::Function> = self.catalog.functions().collect();
        // Constructors of ranges come with their type.
        let own = |function: &&catalog::Function| {
            let owner = self.catalog.owner_of(Object::Function(function.oid));
            owner.is_none_or(|(_, kind)| kind != DependencyKind::Internal)
        };
        let functions: Vec<_> = functions.into_iter().filter(own).collect();
        functions.into_iter().for_each(|function| self.function(function));
        self.unplaced();
        self.publications();
        self.default_privileges();
    }

    fn schemas(&mut self) {
        let schemas: Vec<&catalog::Schema> = self.catalog.schemas().collect();
        for schema in schemas.into_iter().filter(|schema| !schema.is_temporary()) {
            let meta = self.meta(schema.oid, 0, &schema.provenance, self.builder.doubt(&schema.provenance));
            let object = On { on: "schema", name: schema.name.to_string(), ..On::default() };
            self.grants(&object, schema.acl.as_ref(), AclKind::Schema, schema.owner, &meta);
            self.comment(object, schema.comment.as_ref(), &meta);
            let meta = self.owned(meta, schema.owner);
            self.doc.schemas.push(FlatSchema { name: schema.name.to_string(), meta });
        }
    }

    fn extensions(&mut self) {
        let extensions: Vec<&catalog::Extension> = self.catalog.extensions().collect();
        for extension in extensions {
            let doubt = self.builder.doubt(&extension.provenance);
            let mut meta = self.meta(extension.oid, 0, &extension.provenance, doubt);
            if extension.unknown {
                meta.unknown.get_or_insert_with(|| "what is in this extension is not known".to_owned());
            }
            let object = On { on: "extension", name: extension.name.to_string(), ..On::default() };
            self.comment(object, extension.comment.as_ref(), &meta);
            self.doc.extensions.push(FlatExtension {
                schema: self.schema_name(extension.schema),
                name: extension.name.to_string(),
                extversion: extension.version.as_ref().map(ToString::to_string),
                meta,
            });
        }
    }

    fn roles(&mut self) {
        let roles: Vec<&catalog::Role> = self.catalog.roles().collect();
        for role in roles {
            let meta = self.meta(role.oid, 0, &role.provenance, self.builder.doubt(&role.provenance));
            let object = On { on: "role", name: role.name.to_string(), ..On::default() };
            self.comment(object, role.comment.as_ref(), &meta);
            let told = self.builder.role(role);
            self.doc.roles.push(FlatRole {
                name: told.name,
                attributes: told.attributes,
                member_of: told.member_of,
                settings: told.settings,
                meta,
            });
        }
    }

    // ---- types ----

    fn ty(&mut self, ty: &catalog::Type) {
        let meta = self.meta(ty.oid, 0, &ty.provenance, self.builder.doubt_of_type(ty));
        let mut entry = FlatType {
            schema: self.schema_name(ty.schema),
            name: ty.name.to_string(),
            kind: "base",
            labels: Vec::new(),
            attributes: Vec::new(),
            base: None,
            collation: None,
            not_null: false,
            default: None,
            meta: self.owned(meta.clone(), ty.owner),
        };
        let mut comment = ty.comment.as_ref();
        match &ty.kind {
            TypeKind::Enum(labels) => {
                entry.kind = "enum";
                entry.labels = labels.iter().map(|l| l.label.to_string()).collect();
            }
            TypeKind::Domain(domain) => {
                entry.kind = "domain";
                self.domain(ty, domain, &mut entry);
            }
            TypeKind::Composite(relation) => {
                let relation = self.catalog.relation(*relation);
                // The row type of a table comes with it.
                let Some(relation) = relation.filter(|r| matches!(r.kind, RelationKind::CompositeType)) else { return };
                entry.kind = "composite";
                comment = comment.or(relation.comment.as_ref());
                entry.attributes = relation
                    .live_columns()
                    .map(|column| FlatAttribute {
                        name: column.name.to_string(),
                        ty: self.texts.type_name(column.ty),
                        collation: self.texts.collation(column),
                    })
                    .collect();
            }
            TypeKind::Range(range) => {
                entry.kind = "range";
                entry.base = self.texts.type_name(TypeRef::plain(range.subtype));
            }
            TypeKind::Shell => entry.kind = "shell",
            TypeKind::Base(_) => {}
            // An array type comes with its element, a multirange with its range.
            TypeKind::Array(_) | TypeKind::Multirange(_) => return,
        }
        let on = if entry.kind == "domain" { "domain" } else { "type" };
        let object = On { on, schema: Some(entry.schema.clone()), name: entry.name.clone(), ..On::default() };
        self.grants(&object, ty.acl.as_ref(), AclKind::Type, ty.owner, &meta);
        self.comment(object, comment, &meta);
        self.doc.types.push(entry);
    }

    fn domain(&mut self, ty: &catalog::Type, domain: &catalog::Domain, entry: &mut FlatType) {
        entry.base = self.texts.type_name(domain.base);
        entry.collation = self.texts.domain_collation(domain);
        entry.not_null = domain.not_null;
        let default = domain.default.as_ref().map(|d| self.texts.domain_default(d));
        entry.default = default.map(|text| self.text(&text));
        for check in &domain.checks {
            let meta = self.meta(check.oid, 0, &check.provenance, None);
            let object = On {
                on: "constraint",
                schema: Some(self.schema_name(ty.schema)),
                domain: Some(ty.name.to_string()),
                name: check.name.to_string(),
                ..On::default()
            };
            self.comment(object, check.comment.as_ref(), &meta);
            self.doc.constraints.push(FlatConstraint {
                schema: self.schema_name(ty.schema),
                table: None,
                domain: Some(ty.name.to_string()),
                name: check.name.to_string(),
                kind: "check",
                def: self.text(&self.texts.domain_check(check)),
                meta,
            });
        }
    }

    // ---- functions ----

    /// A function. Of an extension's only those are told that something changed after the extension was made.
    fn function(&mut self, function: &catalog::Function) {
        let extension = self.builder.extension_of(Object::Function(function.oid));
        if extension.is_some() && function.provenance.changed.is_empty() {
            return;
        }
        let doubt = self.builder.doubt(&function.provenance);
        let mut meta = self.meta(function.oid, 0, &function.provenance, doubt);
        let aggregate = function.kind == FunctionKind::Aggregate;
        let def = match &function.body {
            FunctionBody::Native(None) => {
                if extension.is_none() && !aggregate {
                    meta.unknown.get_or_insert_with(|| "where its code is was not kept".to_owned());
                }
                None
            }
            FunctionBody::Source(..) | FunctionBody::Sql(_) | FunctionBody::Native(Some(_)) => {
                self.texts.function(function.oid)
            }
        };
        let (kind, procedure) = match function.kind {
            FunctionKind::Function => ("function", false),
            FunctionKind::Procedure => ("procedure", true),
            FunctionKind::Aggregate => ("aggregate", false),
            FunctionKind::Window => ("window", false),
        };
        let schema = self.schema_name(function.schema);
        let name = |ty: Oid| self.texts.argument(ty);
        let arguments: Vec<String> = function.input_types().map(name).collect();
        let object = On {
            on: if kind == "window" { "function" } else { kind },
            schema: Some(schema.clone()),
            name: function.name.to_string(),
            arguments: Some(arguments.clone()),
            ..On::default()
        };
        self.grants(&object, function.acl.as_ref(), AclKind::Function, function.owner, &meta);
        self.comment(object, function.comment.as_ref(), &meta);
        self.doc.functions.push(FlatFunction {
            schema,
            name: function.name.to_string(),
            arguments,
            kind,
            returns: (!procedure).then(|| self.texts.function_result(function)),
            language: function.language.to_string(),
            security_definer: function.security_definer,
            def: def.map(|def| self.text(&def)),
            extension: extension.and_then(|e| self.catalog.extension(e)).map(|e| e.name.to_string()),
            meta: self.owned(meta, function.owner),
        });
    }

    // ---- publications ----

    fn publications(&mut self) {
        let publications: Vec<&catalog::Publication> = self.catalog.publications().collect();
        for publication in publications {
            let doubt = self.builder.doubt(&publication.provenance);
            let meta = self.meta(publication.oid, 0, &publication.provenance, doubt);
            let name = publication.name.to_string();
            let object = On { on: "publication", name: name.clone(), ..On::default() };
            self.comment(object, publication.comment.as_ref(), &meta);
            let mut schemas: Vec<String> = publication.schemas.iter().map(|&s| self.schema_name(s)).collect();
            schemas.sort();
            for member in &publication.relations {
                let Some(relation) = self.catalog.relation(member.relation) else { continue };
                let part = i64::from(member.relation.0);
                let columns = member.columns.iter().filter_map(|&number| relation.column_at(number));
                let filter = member.filter.as_ref().map(|f| self.texts.expr(member.relation, f));
                self.doc.publication_tables.push(FlatPublicationTable {
                    publication: name.clone(),
                    schema: self.schema_name(relation.schema),
                    table: relation.name.to_string(),
                    columns: columns.map(|column| column.name.to_string()).collect(),
                    filter: filter.map(|text| self.text(&text)),
                    meta: self.meta(publication.oid, part, &member.provenance, None),
                });
            }
            self.doc.publications.push(FlatPublication {
                name,
                all_tables: publication.all_tables,
                schemas,
                options: self.builder.options(&publication.options),
                meta: self.owned(meta, publication.owner),
            });
        }
    }

    fn default_privileges(&mut self) {
        for told in self.builder.default_privileges() {
            let nobody = FlatDefaultPrivilege {
                role: told.role,
                schema: told.schema,
                objects: told.objects,
                grantee: None,
                privileges: Vec::new(),
                grantable: Vec::new(),
            };
            if told.privileges.is_empty() {
                self.doc.default_privileges.push(nobody);
                continue;
            }
            self.doc.default_privileges.extend(told.privileges.into_iter().map(|privilege| FlatDefaultPrivilege {
                grantee: Some(privilege.grantee),
                privileges: privilege.privileges,
                grantable: privilege.grantable,
                ..nobody.clone()
            }));
        }
    }
}
