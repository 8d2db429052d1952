//! A catalog by hand. Every change is a line of a text, which is its origin.

use crate::catalog::*;
use crate::replay::lookup;
use crate::source::{FileId, Place};
use crate::spec::exprs;
use crate::sql::ast::{ForeignKeyAction, ForeignKeyMatch, Name, PolicyCommand, ReplicaIdentity};
use crate::sql::span::Span;

pub struct Db {
    pub catalog: Catalog,
    text: String,
    pub layer: Layer,
    sequence: u32,
}

impl Db {
    /// An empty database.
    pub fn new() -> Db {
        Db { catalog: Catalog::new(15), text: String::new(), layer: Layer::Migration(0), sequence: 0 }
    }

    /// The usual one: `users(id)` on line 1, `vehicles(id, user_id, vin, label)` on line 2.
    pub fn usual() -> Db {
        let mut db = Db::new();
        db.table("public.users", &["id uuid"]);
        db.table("public.vehicles", &["id uuid", "user_id uuid", "vin varchar(20)", "label text"]);
        db
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// A new line, and the statement that stands on it.
    pub fn line(&mut self, sql: &str) -> Origin {
        let start = self.text.len() as u32;
        self.text.push_str(sql);
        let span = Span::new(start, self.text.len() as u32);
        self.text.push('\n');
        self.sequence += 1;
        Origin { place: Place { file: FileId(0), span }, sequence: self.sequence, layer: self.layer }
    }

    fn path(&self) -> [Oid; 2] {
        [PG_CATALOG, PUBLIC_SCHEMA]
    }

    pub fn schema(&mut self, name: &str) -> Oid {
        if let Some(schema) = self.catalog.schema_named(name) {
            return schema.oid;
        }
        let origin = self.line(&format!("CREATE SCHEMA {name};"));
        let oid = self.catalog.new_oid();
        self.catalog.insert_schema(Schema {
            oid,
            name: name.into(),
            owner: BOOTSTRAP_ROLE,
            acl: None,
            comment: None,
            provenance: Provenance::new(origin),
        });
        oid
    }

    fn insert(&mut self, address: &str, kind: RelationKind, origin: Origin) -> Oid {
        let (schema, name) = address.split_once('.').unwrap();
        let schema = self.catalog.schema_named(schema).unwrap().oid;
        let oid = self.catalog.new_oid();
        let provenance = Provenance::new(origin);
        let relation = Relation::new(oid, schema, name.into(), BOOTSTRAP_ROLE, kind, provenance);
        self.catalog.insert_relation(Relation { replica_identity: ReplicaIdentity::Default, ..relation });
        oid
    }

    pub fn table(&mut self, address: &str, columns: &[&str]) -> Oid {
        self.schema(address.split_once('.').unwrap().0);
        let origin = self.line(&format!("CREATE TABLE {address} ({});", columns.join(", ")));
        let oid = self.insert(address, RelationKind::Table, origin);
        for column in columns {
            self.push_column(oid, column, origin);
        }
        oid
    }

    pub fn view(&mut self, address: &str, materialized: bool) -> Oid {
        let origin = self.line(&format!("CREATE VIEW {address} AS SELECT 1;"));
        let tree = tree::Query::new(tree::CommandType::Select);
        let query: StoredQuery = tree::Stored { tree, depends_on: Vec::new() }.into();
        let kind = if materialized { RelationKind::MaterializedView(query, true) } else { RelationKind::View(query) };
        self.insert(address, kind, origin)
    }

    fn push_column(&mut self, table: Oid, definition: &str, origin: Origin) {
        let (name, rest) = definition.split_once(' ').unwrap();
        let (ty, not_null) = match rest.strip_suffix(" NOT NULL") {
            Some(ty) => (ty, true),
            None => (rest, false),
        };
        let ty = self.resolve(ty);
        let relation = self.catalog.relation_mut(table).unwrap();
        let number = relation.columns.len() as AttrNumber + 1;
        let column = Column::new(number, name.into(), ty, Provenance::new(origin));
        relation.columns.push(Column { not_null, ..column });
    }

    pub fn add_column(&mut self, table: &str, definition: &str) {
        let origin = self.line(&format!("ALTER TABLE {table} ADD COLUMN {definition};"));
        let oid = self.oid(table);
        self.push_column(oid, definition, origin);
    }

    pub fn drop_column(&mut self, table: &str, name: &str) {
        let ended = self.line(&format!("ALTER TABLE {table} DROP COLUMN {name};"));
        let oid = self.oid(table);
        let relation = self.catalog.relation_mut(oid).unwrap();
        let relation_name = relation.name.clone();
        let column = relation.column_mut(name).unwrap();
        column.dropped = true;
        let object = Object::Column(oid, column.number);
        let created = column.provenance.created;
        self.bury(object, "column", Some(relation_name), name, created, ended, Ending::Dropped);
    }

    pub fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        let origin = self.line(&format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to};"));
        let oid = self.oid(table);
        let relation = self.catalog.relation_mut(oid).unwrap();
        let relation_name = relation.name.clone();
        let column = relation.column_mut(from).unwrap();
        column.name = to.into();
        column.provenance.change(origin, ChangeKind::Name);
        let (object, created) = (Object::Column(oid, column.number), column.provenance.created);
        let how = Ending::Renamed { schema: None, name: to.into() };
        self.bury(object, "column", Some(relation_name), from, created, origin, how);
    }

    /// Changes a column by a statement.
    pub fn alter_column(
        &mut self,
        table: &str,
        name: &str,
        sql: &str,
        what: ChangeKind,
        change: impl FnOnce(&mut Column),
    ) -> Origin {
        let origin = self.line(sql);
        let oid = self.oid(table);
        let column = self.catalog.relation_mut(oid).unwrap().column_mut(name).unwrap();
        change(column);
        column.provenance.change(origin, what);
        origin
    }

    pub fn set_default(&mut self, table: &str, column: &str, expr: &str) {
        let parsed = exprs::parse_expr(expr).unwrap();
        let relation = self.catalog.relation(self.oid(table)).unwrap();
        let of_type = relation.column(column).unwrap();
        let bound = exprs::bind_default(&self.catalog, &self.path(), of_type, &parsed).unwrap();
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {expr};");
        self.alter_column(table, column, &sql, ChangeKind::Default, |column| column.default = Some(bound));
    }

    /// An index, which may be changed before it is there.
    pub fn index(&mut self, name: &str, table: &str, keys: &[&str], change: impl FnOnce(&mut Index)) -> Oid {
        let origin = self.line(&format!("CREATE INDEX {name} ON {table} ({});", keys.join(", ")));
        let oid = self.oid(table);
        let column_names = keys.iter().map(|&key| key.into()).collect();
        let keys = keys
            .iter()
            .map(|key| {
                let column = self.catalog.relation(oid).unwrap().column(key).map(|column| column.number);
                let what = match column {
                    Some(number) => IndexKeyKind::Column(number),
                    None => IndexKeyKind::Expr(self.expr(table, key)),
                };
                IndexKey {
                    what,
                    opclass: Oid::INVALID,
                    opclass_options: Vec::new(),
                    collation: Oid::INVALID,
                    descending: false,
                    nulls_first: false,
                }
            })
            .collect();
        let mut index = Index {
            table: oid,
            method: "btree".into(),
            unique: false,
            primary: false,
            nulls_not_distinct: false,
            valid: true,
            ready: true,
            clustered: false,
            keys,
            including: Vec::new(),
            column_names,
            predicate: None,
            constraint: None,
        };
        change(&mut index);
        let schema = table.split_once('.').unwrap().0;
        let index = self.insert(&format!("{schema}.{name}"), RelationKind::Index(Box::new(index)), origin);
        self.catalog.relation_mut(oid).unwrap().indexes.push(index);
        index
    }

    pub fn drop_index(&mut self, name: &str) {
        let ended = self.line(&format!("DROP INDEX {name};"));
        let index = self.catalog.remove_relation(self.oid(&format!("public.{name}"))).unwrap();
        let table = index.as_index().unwrap().table;
        let relation = self.catalog.relation_mut(table).unwrap();
        relation.indexes.retain(|oid| *oid != index.oid);
        let table_name = relation.name.clone();
        let object = Object::Relation(index.oid);
        self.bury(object, "index", Some(table_name), name, index.provenance.created, ended, Ending::Dropped);
    }

    /// A primary key or unique constraint with its index.
    pub fn key(&mut self, name: &str, table: &str, columns: &[&str], primary: bool) {
        let index = self.index(name, table, columns, |index| {
            index.unique = true;
            index.primary = primary;
        });
        let numbers = self.numbers(table, columns);
        let oid = self.constraint(name, table, numbers, ConstraintKind::Key { primary, index, operators: Vec::new() });
        if let RelationKind::Index(index) = &mut self.catalog.relation_mut(index).unwrap().kind {
            index.constraint = Some(oid);
        }
    }

    pub fn constraint(&mut self, name: &str, table: &str, columns: Vec<AttrNumber>, kind: ConstraintKind) -> Oid {
        let origin = self.line(&format!("ALTER TABLE {table} ADD CONSTRAINT {name};"));
        let oid = self.catalog.new_oid();
        let table = self.oid(table);
        self.catalog.relation_mut(table).unwrap().constraints.push(Constraint {
            oid,
            name: name.into(),
            kind,
            columns,
            deferrable: false,
            initially_deferred: false,
            enforced: true,
            validated: true,
            is_local: true,
            inherit_count: 0,
            parent: None,
            comment: None,
            provenance: Provenance::new(origin),
        });
        oid
    }

    pub fn foreign_key(
        &mut self,
        name: &str,
        table: &str,
        column: &str,
        to: (&str, &str),
        on_delete: ForeignKeyAction,
    ) {
        let columns = self.numbers(table, &[column]);
        let key = ForeignKey {
            table: self.oid(to.0),
            columns: self.numbers(to.0, &[to.1]),
            index: Oid::INVALID,
            match_type: ForeignKeyMatch::Simple,
            on_delete,
            on_delete_columns: Vec::new(),
            on_update: ForeignKeyAction::NoAction,
            period: false,
            operators: Vec::new(),
        };
        self.constraint(name, table, columns, ConstraintKind::ForeignKey(Box::new(key)));
    }

    pub fn check(&mut self, name: &str, table: &str, expr: &str) {
        let expr = self.expr(table, expr);
        self.constraint(name, table, Vec::new(), ConstraintKind::Check { expr, no_inherit: false });
    }

    pub fn drop_constraint(&mut self, table: &str, name: &str) {
        let ended = self.line(&format!("ALTER TABLE {table} DROP CONSTRAINT {name};"));
        let oid = self.oid(table);
        let relation = self.catalog.relation_mut(oid).unwrap();
        let at = relation.constraints.iter().position(|constraint| constraint.name == name).unwrap();
        let constraint = relation.constraints.remove(at);
        if let ConstraintKind::Key { index, .. } = constraint.kind {
            relation.indexes.retain(|oid| *oid != index);
            self.catalog.remove_relation(index);
        }
        let relation = self.catalog.relation(oid).unwrap();
        let relation_name = relation.name.clone();
        let object = Object::Constraint(oid, constraint.oid);
        let created = constraint.provenance.created;
        self.bury(object, "constraint", Some(relation_name), name, created, ended, Ending::Dropped);
    }

    pub fn policy(
        &mut self,
        name: &str,
        command: PolicyCommand,
        using: &str,
        check: &str,
        change: impl FnOnce(&mut Policy),
    ) {
        let origin = self.line(&format!("CREATE POLICY \"{name}\" ON vehicles USING ({using}) CHECK ({check});"));
        let expr = |db: &Db, text: &str| (!text.is_empty()).then(|| db.expr("public.vehicles", text));
        let mut policy = Policy {
            oid: self.catalog.new_oid(),
            name: name.into(),
            permissive: true,
            command,
            roles: Vec::new(),
            using: expr(self, using),
            check: expr(self, check),
            comment: None,
            provenance: Provenance::new(origin),
        };
        change(&mut policy);
        let oid = self.oid("public.vehicles");
        self.catalog.relation_mut(oid).unwrap().policies.push(policy);
    }

    pub fn drop_policy(&mut self, name: &str) {
        let ended = self.line(&format!("DROP POLICY \"{name}\" ON vehicles;"));
        let oid = self.oid("public.vehicles");
        let relation = self.catalog.relation_mut(oid).unwrap();
        let at = relation.policies.iter().position(|policy| policy.name == name).unwrap();
        let policy = relation.policies.remove(at);
        let object = Object::Policy(oid, policy.oid);
        self.bury(object, "policy", Some("vehicles".into()), name, policy.provenance.created, ended, Ending::Dropped);
    }

    pub fn row_security(&mut self, enabled: bool) {
        let word = if enabled { "ENABLE" } else { "DISABLE" };
        let origin = self.line(&format!("ALTER TABLE vehicles {word} ROW LEVEL SECURITY;"));
        let oid = self.oid("public.vehicles");
        let relation = self.catalog.relation_mut(oid).unwrap();
        relation.row_security = enabled;
        relation.provenance.change(origin, ChangeKind::RowSecurity);
    }

    pub fn drop_table(&mut self, address: &str) {
        let ended = self.line(&format!("DROP TABLE {address};"));
        let relation = self.catalog.remove_relation(self.oid(address)).unwrap();
        let object = Object::Relation(relation.oid);
        self.bury(object, "table", None, &relation.name, relation.provenance.created, ended, Ending::Dropped);
    }

    pub fn rename_table(&mut self, address: &str, to: &str) {
        let origin = self.line(&format!("ALTER TABLE {address} RENAME TO {to};"));
        let oid = self.oid(address);
        let (schema, from) = address.split_once('.').unwrap();
        let schema_oid = self.catalog.schema_named(schema).unwrap().oid;
        self.catalog.move_relation(oid, schema_oid, to.into());
        let relation = self.catalog.relation_mut(oid).unwrap();
        relation.provenance.change(origin, ChangeKind::Name);
        let created = relation.provenance.created;
        let how = Ending::Renamed { schema: Some(schema.into()), name: to.into() };
        self.bury(Object::Relation(oid), "table", None, from, created, origin, how);
    }

    #[allow(clippy::too_many_arguments, reason = "a tombstone, field by field")]
    fn bury(
        &mut self,
        object: Object,
        kind: &'static str,
        relation: Option<Name>,
        name: &str,
        created: Origin,
        ended: Origin,
        how: Ending,
    ) {
        let schema = Some("public".into());
        self.catalog.bury(Tombstone { object, kind, schema, relation, name: name.into(), created, ended, how });
    }

    pub fn role(&mut self, name: &str) -> Oid {
        let origin = self.line(&format!("CREATE ROLE {name};"));
        let attributes = self.catalog.roles().next().unwrap().attributes;
        let oid = self.catalog.new_oid();
        self.catalog.insert_role(Role {
            oid,
            name: name.into(),
            attributes,
            member_of: Vec::new(),
            config: Vec::new(),
            comment: None,
            provenance: Provenance::new(origin),
        });
        oid
    }

    /// A statement that was not executed and may have touched a relation, or everything.
    pub fn opaque(&mut self, relation: Option<&str>) {
        let origin = self.line("DO $$ … $$;");
        let unknown = Unknown { origin, reason: "EXECUTE of a text that is not known".into() };
        match relation {
            Some(address) => {
                let (schema, name) = address.split_once('.').unwrap();
                let schema = self.catalog.schema_named(schema).unwrap().oid;
                self.catalog.taint.mark_relation(schema, name.into(), unknown);
            }
            None => self.catalog.taint.mark_everything(unknown),
        }
    }

    /// An extension whose statement leaves these relations uncertain.
    pub fn extension(&mut self, name: &str, relations: &[&str]) -> Oid {
        let origin = self.line(&format!("CREATE EXTENSION {name};"));
        let oid = self.catalog.new_oid();
        self.catalog.insert_extension(Extension {
            oid,
            name: name.into(),
            schema: PUBLIC_SCHEMA,
            owner: BOOTSTRAP_ROLE,
            version: None,
            unknown: false,
            comment: None,
            provenance: Provenance::new(origin),
        });
        for address in relations {
            let (schema, name) = address.split_once('.').unwrap();
            let schema = self.catalog.schema_named(schema).unwrap().oid;
            let unknown = Unknown { origin, reason: "its relations are not modelled".into() };
            self.catalog.taint.mark_relation(schema, name.into(), unknown);
        }
        oid
    }

    pub fn oid(&self, address: &str) -> Oid {
        let (schema, name) = address.split_once('.').unwrap();
        let schema = self.catalog.schema_named(schema).unwrap().oid;
        self.catalog.relation_in(schema, name).unwrap().oid
    }

    pub fn numbers(&self, table: &str, columns: &[&str]) -> Vec<AttrNumber> {
        let relation = self.catalog.relation(self.oid(table)).unwrap();
        columns.iter().map(|column| relation.column(column).unwrap().number).collect()
    }

    pub fn resolve(&self, ty: &str) -> TypeRef {
        lookup::resolve_type(&self.catalog, &self.path(), &crate::sql::parse_type_name(ty).unwrap()).unwrap()
    }

    pub fn expr(&self, table: &str, text: &str) -> StoredExpr {
        let parsed = exprs::parse_expr(text).unwrap();
        exprs::bind(&self.catalog, &self.path(), self.oid(table), &parsed).unwrap()
    }
}
