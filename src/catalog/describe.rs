//! Objects in words, as PostgreSQL's messages name them (`objectaddress.c: getObjectDescription`).

use super::{AclKind, Catalog, DefaultAclKey, Object, Oid, RelationKind};

impl Catalog {
    /// The object in PostgreSQL's words: `column b of table a`, `policy p on table t`. A relation is qualified unless
    /// it is found along `path`.
    pub fn describe(&self, object: Object, path: &[Oid]) -> String {
        match object {
            Object::Schema(oid) => format!("schema {}", self.schema_name(oid)),
            Object::Relation(oid) => self.describe_relation(oid, path),
            Object::Column(rel, number) => {
                let column = self.relation(rel).and_then(|r| r.column_at(number)).map_or("", |c| &c.name);
                format!("column {column} of {}", self.describe_relation(rel, path))
            }
            Object::Default(rel, number) => {
                format!("default value for {}", self.describe(Object::Column(rel, number), path))
            }
            Object::Constraint(rel, oid) => {
                let name = self.relation(rel).and_then(|r| r.constraints.iter().find(|c| c.oid == oid));
                format!("constraint {} on {}", name.map_or("", |c| &c.name), self.describe_relation(rel, path))
            }
            Object::Trigger(rel, oid) => {
                let name = self.relation(rel).and_then(|r| r.triggers.iter().find(|t| t.oid == oid));
                format!("trigger {} on {}", name.map_or("", |t| &t.name), self.describe_relation(rel, path))
            }
            Object::Policy(rel, oid) => {
                let name = self.relation(rel).and_then(|r| r.policies.iter().find(|p| p.oid == oid));
                format!("policy {} on {}", name.map_or("", |p| &p.name), self.describe_relation(rel, path))
            }
            Object::Rule(rel, oid) => {
                let name = self.relation(rel).and_then(|r| r.rules.iter().find(|r| r.oid == oid));
                format!("rule {} on {}", name.map_or("", |r| &r.name), self.describe_relation(rel, path))
            }
            Object::Type(oid) => format!("type {}", self.format_type_be(oid, path)),
            Object::DomainConstraint(domain, oid) => {
                let name = match self.type_(domain).map(|t| &t.kind) {
                    Some(super::TypeKind::Domain(d)) => d.checks.iter().find(|c| c.oid == oid).map(|c| c.name.as_str()),
                    _ => None,
                };
                format!("constraint {}", name.unwrap_or(""))
            }
            Object::Function(oid) => format!("function {}", self.function_signature(oid, path)),
            Object::Role(oid) => format!("role {}", self.role_name(oid)),
            Object::Extension(oid) => format!("extension {}", self.extension(oid).map_or("", |e| &e.name)),
            Object::Publication(oid) => format!("publication {}", self.publication(oid).map_or("", |p| &p.name)),
            Object::PublicationRelation(publication, rel) => {
                let publication = self.publication(publication).map_or("", |p| &p.name);
                format!("publication of {} in publication {publication}", self.describe_relation(rel, path))
            }
            Object::DefaultAcl(oid) => match self.default_acl_key(oid) {
                Some(key) => self.describe_default_acl(key),
                None => "default privileges".to_owned(),
            },
            Object::Operator(oid) => format!("operator {}", self.operator_signature(oid, path)),
            Object::Cast(oid) => {
                let name = |ty| self.format_type_be(ty, path);
                match self.user_cast_by_oid(oid) {
                    Some(cast) => format!("cast from {} to {}", name(cast.source), name(cast.target)),
                    None => "cast".to_owned(),
                }
            }
            Object::OpClass(oid) => match self.opclass_info(oid) {
                Some(class) => {
                    let name = self.qualified(class.schema, class.name, self.opclass_is_visible(oid, path));
                    format!("operator class {name} for access method {}", class.access_method)
                }
                None => "operator class".to_owned(),
            },
            Object::OpFamily(oid) => match self.opfamily_info(oid) {
                Some(family) => {
                    let name = self.qualified(family.schema, family.name, self.opfamily_is_visible(oid, path));
                    format!("operator family {name} for access method {}", family.access_method)
                }
                None => "operator family".to_owned(),
            },
            Object::Collation(oid) => match self.collation_info(oid) {
                Some(c) => {
                    format!("collation {}", self.qualified(c.schema, c.name, self.collation_is_visible(oid, path)))
                }
                None => "collation".to_owned(),
            },
            Object::Conversion(oid) => match self.conversion(oid) {
                Some(c) => {
                    format!("conversion {}", self.qualified(c.schema, &c.name, self.conversion_is_visible(oid, path)))
                }
                None => "conversion".to_owned(),
            },
            Object::TsConfig(oid) => match self.ts_config_name(oid) {
                Some((schema, name)) => {
                    let name = self.qualified(schema, name, self.ts_config_is_visible(oid, path));
                    format!("text search configuration {name}")
                }
                None => "text search configuration".to_owned(),
            },
            Object::TsDict(oid) => match self.ts_dict_name(oid) {
                Some((schema, name)) => {
                    let name = self.qualified(schema, name, self.ts_dict_is_visible(oid, path));
                    format!("text search dictionary {name}")
                }
                None => "text search dictionary".to_owned(),
            },
            Object::Statistics(oid) => match self.statistics(oid) {
                Some(found) => {
                    let mut schemas = path.iter().map(|&schema| self.statistics_of_name(schema, &found.name).next());
                    let visible = schemas.find_map(|s| s).is_some_and(|s| s.oid == oid);
                    format!("statistics object {}", self.qualified(found.schema, &found.name, visible))
                }
                None => "statistics object".to_owned(),
            },
            Object::ForeignDataWrapper(oid) => {
                format!("foreign-data wrapper {}", self.foreign_data_wrapper(oid).map_or("", |w| &w.name))
            }
            Object::ForeignServer(oid) => format!("server {}", self.foreign_server(oid).map_or("", |s| &s.name)),
            Object::EventTrigger(oid) => format!("event trigger {}", self.event_trigger(oid).map_or("", |t| &t.name)),
            Object::Language(oid) => format!("language {}", self.language(oid).map_or("", |l| &l.name)),
            Object::Database(_) => "database".to_owned(),
            Object::LargeObject(oid) => format!("large object {}", oid.0),
            Object::Transform(oid) => match self.transform(oid) {
                Some(transform) => {
                    let ty = self.format_type_be(transform.ty, path);
                    format!("transform for {ty} language {}", self.language(transform.language).map_or("", |l| &l.name))
                }
                None => "transform".to_owned(),
            },
        }
    }

    fn describe_default_acl(&self, key: DefaultAclKey) -> String {
        let what = match key.kind {
            AclKind::Table => "relations",
            AclKind::Sequence => "sequences",
            AclKind::Function => "functions",
            AclKind::Schema => "schemas",
            AclKind::Type => "types",
            AclKind::LargeObject => "large objects",
            // `pg_default_acl` has none of these.
            AclKind::Column
            | AclKind::ForeignDataWrapper
            | AclKind::ForeignServer
            | AclKind::Language
            | AclKind::Database
            | AclKind::Parameter => return "default privileges".to_owned(),
        };
        let place = key.schema.map(|s| format!(" in schema {}", self.schema_name(s))).unwrap_or_default();
        format!("default privileges on new {what} belonging to role {}{place}", self.role_name(key.role))
    }

    /// `views`, `partitioned indexes` … for details of errors (`pg_class.c: errdetail_relkind_not_supported`).
    pub fn kinds_in_words(&self, relation: &super::Relation) -> &'static str {
        match &relation.kind {
            RelationKind::Table => "tables",
            RelationKind::PartitionedTable(_) => "partitioned tables",
            RelationKind::ForeignTable(_) => "foreign tables",
            RelationKind::View(_) => "views",
            RelationKind::MaterializedView(..) => "materialized views",
            RelationKind::Sequence(_) => "sequences",
            RelationKind::Index(index) => match self.relation(index.table).map(|table| &table.kind) {
                Some(RelationKind::PartitionedTable(_)) => "partitioned indexes",
                Some(_) | None => "indexes",
            },
            RelationKind::CompositeType => "composite types",
        }
    }

    fn describe_relation(&self, oid: Oid, path: &[Oid]) -> String {
        let Some(relation) = self.relation(oid) else { return "relation".to_owned() };
        let kind = match &relation.kind {
            RelationKind::CompositeType => "composite type",
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_) => relation.kind_name(),
        };
        format!("{kind} {}", self.relation_name(oid, path))
    }

    /// The relation's name, qualified and quoted where it must be (`regclass`'s text).
    pub fn relation_name(&self, oid: Oid, path: &[Oid]) -> String {
        let Some(relation) = self.relation(oid) else { return oid.0.to_string() };
        let visible = self.find_relation(path, &relation.name).is_some_and(|r| r.oid == oid);
        self.qualified(relation.schema, &relation.name, visible)
    }

    /// `name(argument types)` (`regprocedure`'s text).
    pub fn function_signature(&self, oid: Oid, path: &[Oid]) -> String {
        let Some(function) = self.function(oid) else { return oid.0.to_string() };
        let args: Vec<String> = function.input_types().map(|t| self.format_type_be(t, path)).collect();
        let signature: Vec<Oid> = function.input_types().collect();
        let visible = self
            .find_functions(path, &function.name)
            .find(|f| f.input_types().eq(signature.iter().copied()))
            .is_some_and(|f| f.oid == oid);
        format!("{}({})", self.qualified(function.schema, &function.name, visible), args.join(","))
    }

    /// `name(left,right)`, the name as it is written in expressions (`regoperator`'s text).
    pub fn operator_signature(&self, oid: Oid, path: &[Oid]) -> String {
        let Some(operator) = self.operator_info(oid) else { return oid.0.to_string() };
        let operand = |ty| match ty {
            Oid::INVALID => "NONE".to_owned(),
            ty => self.format_type_be(ty, path),
        };
        let operands = format!("({},{})", operand(operator.left), operand(operator.right));
        if self.operator_is_visible(oid, path) {
            return format!("{}{operands}", operator.name);
        }
        let schema = self.schema_name(operator.schema);
        format!("{}.{}{operands}", self.quote_identifier(schema), operator.name)
    }

    /// A name, quoted where it must be, with its schema unless it is visible.
    pub(crate) fn qualified(&self, schema: Oid, name: &str, visible: bool) -> String {
        let quoted = self.quote_identifier(name);
        if visible {
            quoted.into_owned()
        } else {
            format!("{}.{quoted}", self.quote_identifier(self.schema_name(schema)))
        }
    }
}
