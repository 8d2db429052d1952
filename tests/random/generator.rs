//! What the families of statements share: names that exist, names that do not, and how they are written.
//!
//! Most of what is drawn exists, so that most statements are valid; a share is wrong in a way that a migration may be.

use super::world::{Column, Relation, Type, World};
use crate::dice::Random;

/// Grows a script, statement by statement.
pub struct Generator {
    pub dice: Random,
    pub world: World,
    /// Names that were in the world once.
    pub gone: Vec<String>,
}

/// One form of a statement; nothing if the world has nothing that it needs.
pub type Form = fn(&mut Generator) -> Option<String>;

/// Names of objects: plain ones, words of the grammar, and what needs quotes.
const NAMES: &[&str] = &[
    "orders",
    "users",
    "items",
    "audit",
    "tags",
    "stock",
    "logs",
    "Order",
    "user",
    "a b",
    "it's",
    "größe",
    "say \"so\"",
    "select",
    "CamelCase",
    "x.y",
    "$money",
    "a_name_that_is_almost_as_long_as_a_name_can_be_in_postgresql_15",
    "ein_sehr_langer_name_mit_umlauten_äöüß_damit_er_gekürzt_wird",
    "t1",
    "t2",
    "t3",
];

/// Names of columns.
pub const COLUMNS: &[&str] = &[
    "id",
    "name",
    "email",
    "Name",
    "user",
    "order",
    "a b",
    "größe",
    "x\"y",
    "amount",
    "status",
    "flag",
    "data",
    "created_at",
    "ref_id",
    "qty",
    "a_column_whose_name_is_long_enough_to_make_generated_names_cut",
];

/// Those of the names above that are words which a name may not be.
const RESERVED: &[&str] = &["user", "order", "select", "table", "group"];

/// Types of columns.
const TYPES: &[&str] = &[
    "integer",
    "integer",
    "bigint",
    "smallint",
    "text",
    "text",
    "text",
    "varchar(20)",
    "varchar",
    "char(3)",
    "boolean",
    "numeric",
    "numeric(8,2)",
    "date",
    "timestamptz",
    "timestamp(3)",
    "uuid",
    "jsonb",
    "json",
    "bytea",
    "int[]",
    "text[]",
    "real",
    "double precision",
    "inet",
    "interval",
    "time",
    "bit(4)",
    "int4range",
    "name",
    "oid",
    "regclass",
    "point",
];

/// Writes an identifier, with quotes where it needs them.
pub fn quote(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&name);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Writes a string constant.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Generator {
    pub fn percent(&mut self, chance: usize) -> bool {
        self.dice.percent(chance)
    }

    /// One of these texts.
    pub fn one(&mut self, of: &[&'static str]) -> &'static str {
        of[self.dice.below(of.len())]
    }

    /// That text with that chance, or none.
    pub fn maybe(&mut self, chance: usize, text: &'static str) -> &'static str {
        if self.percent(chance) { text } else { "" }
    }

    /// One of them, copied.
    pub fn any<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| self.dice.pick(of).clone())
    }

    /// An identifier as somebody would write it: as it needs to be, with quotes that it does not need, or in capitals.
    pub fn ident(&mut self, name: &str) -> String {
        let written = quote(name);
        match self.dice.below(20) {
            0 => format!("\"{}\"", name.replace('"', "\"\"")),
            1 if written == name => name.to_uppercase(),
            _ => written,
        }
    }

    /// A name for a new object, which seldom is in use.
    pub fn fresh(&mut self) -> String {
        for _ in 0..4 {
            let mut name = (*self.dice.pick(NAMES)).to_owned();
            if self.percent(50) {
                name.push_str(&self.dice.below(40).to_string());
            }
            if !self.in_use(&name) {
                return name;
            }
        }
        (*self.dice.pick(NAMES)).to_owned()
    }

    fn in_use(&self, name: &str) -> bool {
        let world = &self.world;
        world.relations.iter().any(|r| r.name == name) || world.types.iter().any(|t| t.name == name)
    }

    /// The same as SQL.
    pub fn fresh_ident(&mut self) -> String {
        let name = self.fresh();
        self.ident(&name)
    }

    /// A name that most likely is nobody's.
    pub fn missing(&mut self) -> String {
        match self.any(&self.gone.clone()) {
            Some(name) if self.percent(60) => name,
            _ => (*self.dice.pick(&["nope", "Nope", "no such", "missing"])).to_owned(),
        }
    }

    pub fn missing_ident(&mut self) -> String {
        let name = self.missing();
        self.ident(&name)
    }

    /// A schema, which seldom does not exist.
    pub fn schema(&mut self) -> String {
        match self.any(&self.world.schemas.clone()) {
            Some(schema) if !self.percent(1) => schema,
            _ => self.missing(),
        }
    }

    pub fn schema_ident(&mut self) -> String {
        let schema = self.schema();
        self.ident(&schema)
    }

    /// `schema.name`, or the name alone.
    pub fn spell(&mut self, schema: &str, name: &str) -> String {
        let name = self.ident(name);
        let bare = if schema == "public" { 70 } else { 6 };
        if self.percent(bare) { name } else { format!("{}.{name}", self.ident(schema)) }
    }

    /// The name of a new object of a schema.
    pub fn new_object(&mut self) -> String {
        let name = self.fresh();
        let schema = self.schema();
        self.spell(&schema, &name)
    }

    /// A relation of one of these kinds; with a small chance one of another kind.
    pub fn relation(&mut self, kinds: &str) -> Option<Relation> {
        let wrong = self.percent(1);
        // Columns of sequences are not printed by the replay.
        let fits = |r: &&Relation| wrong && r.kind != 'S' || kinds.contains(r.kind);
        let found: Vec<Relation> = self.world.relations.iter().filter(fits).cloned().collect();
        self.any(&found)
    }

    /// A table, partitioned or not.
    pub fn table(&mut self) -> Option<Relation> {
        self.relation("rp")
    }

    /// A table of which something holds.
    pub fn table_with(&mut self, holds: impl Fn(&Relation) -> bool) -> Option<Relation> {
        self.relation_with(|r| r.is_table() && holds(r))
    }

    /// A relation of which something holds.
    pub fn relation_with(&mut self, holds: impl Fn(&Relation) -> bool) -> Option<Relation> {
        let found: Vec<Relation> = self.world.relations.iter().filter(|r| holds(r)).cloned().collect();
        self.any(&found)
    }

    /// A relation's name; seldom another.
    pub fn name_of(&mut self, relation: &Relation) -> String {
        if self.percent(1) {
            let name = self.missing();
            return self.spell(&relation.schema, &name);
        }
        self.spell(&relation.schema, &relation.name)
    }

    /// A column of a relation, which seldom does not exist.
    pub fn column(&mut self, relation: &Relation) -> String {
        let names: Vec<String> = relation.columns.iter().map(|c| c.name.clone()).collect();
        let name = match self.any(&names) {
            Some(name) if !self.percent(2) => name,
            _ if self.percent(20) => "ctid".to_owned(),
            _ => self.missing(),
        };
        self.ident(&name)
    }

    /// A column of which something holds, or else any.
    pub fn column_with(&mut self, relation: &Relation, holds: impl Fn(&Column) -> bool) -> String {
        let names: Vec<String> = relation.columns.iter().filter(|c| holds(c)).map(|c| c.name.clone()).collect();
        match self.any(&names) {
            Some(name) if !self.percent(10) => self.ident(&name),
            _ => self.column(relation),
        }
    }

    /// Some columns, seldom one twice.
    pub fn columns(&mut self, relation: &Relation, most: usize) -> String {
        let wanted = 1 + self.dice.below(most);
        let mut columns: Vec<String> = Vec::new();
        for _ in 0..wanted {
            let column = self.column(relation);
            if !columns.contains(&column) || self.percent(10) {
                columns.push(column);
            }
        }
        columns.join(", ")
    }

    /// A name for a new column of a relation.
    pub fn new_column(&mut self, relation: Option<&Relation>) -> String {
        for _ in 0..4 {
            let name = *self.dice.pick(COLUMNS);
            if relation.is_none_or(|r| r.columns.iter().all(|c| c.name != name)) {
                return self.ident(name);
            }
        }
        let name = format!("c{}", self.dice.below(30));
        self.ident(&name)
    }

    /// A name of a list, seldom another.
    pub fn part(&mut self, of: &[String]) -> String {
        let name = match self.any(of) {
            Some(name) if !self.percent(4) => name,
            _ => self.missing(),
        };
        self.ident(&name)
    }

    /// A type of the world.
    pub fn own_type(&mut self, kinds: &str) -> Option<Type> {
        let found: Vec<Type> = self.world.types.iter().filter(|t| kinds.contains(t.kind)).cloned().collect();
        self.any(&found)
    }

    /// A type of a column.
    pub fn ty(&mut self) -> String {
        if self.percent(1) {
            return self
                .one(&["nosuchtype", "record", "int5", "trigger", "varchar(0)", "numeric(5,9999)", "unknown"])
                .to_owned();
        }
        match self.own_type("edcr") {
            Some(own) if self.percent(18) => {
                let name = self.spell(&own.schema, &own.name);
                format!("{name}{}", self.maybe(10, "[]"))
            }
            _ => self.one(TYPES).to_owned(),
        }
    }

    /// A role, which seldom does not exist.
    pub fn role(&mut self) -> String {
        match self.any(&self.world.roles.clone()) {
            Some(role) if !self.percent(3) => self.ident(&role),
            _ if self.percent(60) => self.one(&["CURRENT_USER", "SESSION_USER", "postgres"]).to_owned(),
            _ => {
                let name = self.missing();
                self.ident(&name)
            }
        }
    }

    /// What DROP does with dependents.
    pub fn behavior(&mut self) -> &'static str {
        self.one(&["", "", " RESTRICT", " CASCADE"])
    }

    pub fn if_exists(&mut self) -> &'static str {
        self.maybe(15, "IF EXISTS ")
    }

    /// One of these forms, that the world has something for.
    pub fn form(&mut self, forms: &[Form]) -> Option<String> {
        let form = *self.dice.pick(forms);
        form(self)
    }
}
