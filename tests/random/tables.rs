//! CREATE TABLE, and ALTER TABLE with all of its sub-commands.

use super::generator::{COLUMNS, Form, Generator, literal, quote};
use super::world::{Column, Relation};

/// CREATE, DROP, and what else is about a whole table.
pub const FORMS: &[Form] = &[
    create_table,
    create_table,
    create_table,
    create_table,
    create_table_as,
    drop_table,
    rename_column,
    rename_column,
    rename_table,
    rename_constraint,
    set_schema,
];

/// A column that is to be made, as expressions may already name it.
fn column_named(name: &str, ty: &str) -> Column {
    let canonical = match ty {
        "int" => "integer",
        "varchar" | "varchar(20)" => "character varying",
        "timestamptz" => "timestamp with time zone",
        other => other,
    };
    Column {
        name: name.to_owned(),
        number: 0,
        ty: canonical.to_owned(),
        category: if ty.ends_with("[]") { 'A' } else { ' ' },
        not_null: false,
        identity: false,
        generated: false,
        default: false,
    }
}

impl Generator {
    /// Columns in parentheses, with their constraints and those of the table.
    pub fn table_elements(&mut self, keyed: bool) -> (String, Relation) {
        let mut columns: Vec<Column> = Vec::new();
        let mut elements: Vec<String> = Vec::new();
        if keyed && self.percent(70) {
            let ty = self.one(&["int", "bigint", "uuid", "text", "bigserial", "serial"]);
            let ty_text = match ty {
                "bigserial" => "bigint",
                "serial" => "integer",
                other => other,
            };
            columns.push(column_named("id", ty_text));
            elements.push(format!("id {ty} PRIMARY KEY"));
        }
        for _ in 0..1 + self.dice.below(5) {
            let name = *self.dice.pick(COLUMNS);
            if columns.iter().any(|c| c.name == name) && !self.percent(4) {
                continue;
            }
            let ty = self.ty();
            let constraints = self.column_constraints(&ty, &columns.clone(), name);
            elements.push(format!("{} {ty}{constraints}", self.ident(name)));
            columns.push(column_named(name, &ty));
        }
        let relation = Relation {
            schema: String::new(),
            name: String::new(),
            kind: 'r',
            owner: String::new(),
            partition: false,
            key: None,
            parent: None,
            columns,
            constraints: Vec::new(),
            indexes: Vec::new(),
            triggers: Vec::new(),
            policies: Vec::new(),
            rules: Vec::new(),
            typed: false,
        };
        for _ in 0..self.dice.below(3) {
            if self.percent(60)
                && let Some(constraint) = self.table_constraint(&relation)
            {
                elements.push(constraint);
            }
        }
        if self.percent(6)
            && let Some(other) = self.relation("rpvmc")
        {
            let options = self.one(&[
                "",
                " INCLUDING ALL",
                " INCLUDING DEFAULTS INCLUDING CONSTRAINTS",
                " INCLUDING INDEXES",
                " INCLUDING ALL EXCLUDING INDEXES",
                " INCLUDING GENERATED INCLUDING IDENTITY",
                " INCLUDING COMMENTS INCLUDING STORAGE INCLUDING STATISTICS",
            ]);
            let other = self.name_of(&other);
            elements.push(format!("LIKE {other}{options}"));
        }
        (elements.join(", "), relation)
    }
}

pub fn create_table(g: &mut Generator) -> Option<String> {
    let unlogged = g.maybe(5, "UNLOGGED ");
    let exists = g.maybe(8, "IF NOT EXISTS ");
    let name = g.new_object();
    let (elements, _) = g.table_elements(true);
    let options = g.maybe(5, " WITH (fillfactor = 70)");
    Some(format!("CREATE {unlogged}TABLE {exists}{name} ({elements}){options}"))
}

fn create_table_as(g: &mut Generator) -> Option<String> {
    let exists = g.maybe(8, "IF NOT EXISTS ");
    let name = g.new_object();
    let query = g.query()?;
    Some(format!("CREATE TABLE {exists}{name} AS {query}{}", g.maybe(30, " WITH NO DATA")))
}

fn drop_table(g: &mut Generator) -> Option<String> {
    if g.world.relations.iter().filter(|r| r.is_table()).count() < 6 && g.percent(80) {
        return None;
    }
    let exists = g.if_exists();
    let table = g.table()?;
    let mut names = g.name_of(&table);
    if g.percent(15)
        && let Some(other) = g.table()
    {
        names = format!("{names}, {}", g.name_of(&other));
    }
    Some(format!("DROP TABLE {exists}{names}{}", g.behavior()))
}

fn rename_column(g: &mut Generator) -> Option<String> {
    let relation = g.relation("rrrpvmc")?;
    let word = match relation.kind {
        'v' if g.percent(70) => "VIEW",
        'm' if g.percent(70) => "MATERIALIZED VIEW",
        'c' => return None,
        _ => "TABLE",
    };
    let exists = g.if_exists();
    let only = if word == "TABLE" { g.maybe(8, "ONLY ") } else { "" };
    let name = g.name_of(&relation);
    let (from, to) = (g.column(&relation), g.new_column(Some(&relation)));
    Some(format!("ALTER {word} {exists}{only}{name} RENAME {}{from} TO {to}", g.maybe(50, "COLUMN ")))
}

fn rename_table(g: &mut Generator) -> Option<String> {
    let relation = g.relation("rrrrpvmSiI")?;
    let word = match relation.kind {
        _ if g.percent(25) => "TABLE",
        'v' => "VIEW",
        'm' => "MATERIALIZED VIEW",
        'S' => "SEQUENCE",
        'i' | 'I' => "INDEX",
        _ => "TABLE",
    };
    let exists = g.if_exists();
    let name = g.name_of(&relation);
    Some(format!("ALTER {word} {exists}{name} RENAME TO {}", g.fresh_ident()))
}

fn rename_constraint(g: &mut Generator) -> Option<String> {
    let table = g.table_with(|r| !r.constraints.is_empty())?;
    let names: Vec<String> = table.constraints.iter().map(|k| k.name.clone()).collect();
    let only = g.maybe(8, "ONLY ");
    let name = g.name_of(&table);
    let from = g.part(&names);
    Some(format!("ALTER TABLE {only}{name} RENAME CONSTRAINT {from} TO {}", g.fresh_ident()))
}

fn set_schema(g: &mut Generator) -> Option<String> {
    let relation = g.relation("rrrpvmS")?;
    let word = match relation.kind {
        'v' => "VIEW",
        'm' => "MATERIALIZED VIEW",
        'S' => "SEQUENCE",
        _ => "TABLE",
    };
    let exists = g.if_exists();
    let name = g.name_of(&relation);
    Some(format!("ALTER {word} {exists}{name} SET SCHEMA {}", g.schema_ident()))
}

/// One or two sub-commands of ALTER TABLE.
pub fn alter_table(g: &mut Generator) -> Option<String> {
    let (needs, action) = *g.dice.pick(ACTIONS);
    // Mostly a table that has what the action is about.
    let able = if g.percent(80) { g.table_with(needs) } else { None };
    let table = match (able, g.dice.below(20)) {
        (None, 0) => g.relation("vmSicf")?,
        (Some(table), n) if n > 3 => table,
        (_, 1..=3) => g.relation("p").or_else(|| g.table())?,
        _ => g.table()?,
    };
    let mut actions: Vec<String> = action(g, &table).into_iter().collect();
    if g.percent(15) {
        let (_, action) = *g.dice.pick(ACTIONS);
        actions.extend(action(g, &table));
    }
    if actions.is_empty() {
        return None;
    }
    let exists = g.maybe(6, "IF EXISTS ");
    let only = g.maybe(10, "ONLY ");
    let name = g.name_of(&table);
    Some(format!("ALTER TABLE {exists}{only}{name} {}", actions.join(", ")))
}

type Action = fn(&mut Generator, &Relation) -> Option<String>;
/// The tables that an action is for.
type Needs = fn(&Relation) -> bool;

fn any(_: &Relation) -> bool {
    true
}

/// A column that may become one of identity.
fn can_count(c: &Column) -> bool {
    matches!(c.ty.as_str(), "integer" | "bigint" | "smallint") && c.not_null && !c.default && !c.identity
}

const ACTIONS: &[(Needs, Action)] = &[
    (any, add_column),
    (any, add_column),
    (any, add_column),
    (any, add_column),
    (any, drop_column),
    (any, drop_column),
    (any, drop_column),
    (any, alter_type),
    (any, alter_type),
    (any, alter_type),
    (any, alter_type),
    (any, |g, t| {
        let column = g.any(&t.columns)?;
        let default = g.default(&column.ty);
        Some(format!("ALTER {} SET DEFAULT {default}", quote(&column.name)))
    }),
    (any, |g, t| Some(format!("ALTER {}{} DROP DEFAULT", g.maybe(50, "COLUMN "), g.column(t)))),
    (any, |g, t| Some(format!("ALTER {} SET NOT NULL", g.column(t)))),
    (any, |g, t| Some(format!("ALTER {} SET NOT NULL", g.column(t)))),
    (any, |g, t| Some(format!("ALTER {} DROP NOT NULL", g.column_with(t, |c| c.not_null)))),
    (
        |t| t.columns.iter().any(|c| c.generated),
        |g, t| {
            Some(format!("ALTER {} DROP EXPRESSION{}", g.column_with(t, |c| c.generated), g.maybe(20, " IF EXISTS")))
        },
    ),
    (
        |t| t.columns.iter().any(|c| c.generated),
        |g, t| {
            Some(format!("ALTER {} DROP EXPRESSION{}", g.column_with(t, |c| c.generated), g.maybe(20, " IF EXISTS")))
        },
    ),
    (any, |g, t| Some(format!("ALTER {} SET STATISTICS {}", g.column(t), g.one(&["0", "100", "-1", "20000"])))),
    (any, |g, t| {
        Some(format!(
            "ALTER {} SET ({})",
            g.column(t),
            g.one(&["n_distinct = 5", "n_distinct_inherited = -0.5", "nope = 1"])
        ))
    }),
    (any, |g, t| Some(format!("ALTER {} RESET (n_distinct)", g.column(t)))),
    (any, |g, t| {
        Some(format!("ALTER {} SET STORAGE {}", g.column(t), g.one(&["PLAIN", "EXTERNAL", "EXTENDED", "MAIN", "nope"])))
    }),
    (any, |g, t| Some(format!("ALTER {} SET COMPRESSION {}", g.column(t), g.one(&["pglz", "default", "nope"])))),
    (|t| t.columns.iter().any(can_count), add_identity),
    (|t| t.columns.iter().any(can_count), add_identity),
    (
        |t| t.columns.iter().any(|c| c.identity),
        |g, t| {
            let column = g.column_with(t, |c| c.identity);
            let change = g.one(&[
                "SET GENERATED ALWAYS",
                "SET GENERATED BY DEFAULT",
                "SET INCREMENT BY 3",
                "RESTART WITH 100",
                "SET START 5 SET CYCLE",
            ]);
            Some(format!("ALTER {column} {change}"))
        },
    ),
    (
        |t| t.columns.iter().any(|c| c.identity),
        |g, t| Some(format!("ALTER {} DROP IDENTITY{}", g.column_with(t, |c| c.identity), g.maybe(30, " IF EXISTS"))),
    ),
    (any, add_constraint),
    (any, add_constraint),
    (any, add_constraint),
    (any, add_constraint),
    (any, add_constraint),
    (
        |t| t.constraints.iter().any(|k| k.kind == 'f'),
        |g, t| {
            let names: Vec<String> = t.constraints.iter().filter(|k| k.kind == 'f').map(|k| k.name.clone()).collect();
            let names = if names.is_empty() { t.constraints.iter().map(|k| k.name.clone()).collect() } else { names };
            let how = g.one(&["DEFERRABLE", "NOT DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED", "INITIALLY IMMEDIATE"]);
            Some(format!("ALTER CONSTRAINT {} {how}", g.part(&names)))
        },
    ),
    (
        |t| !t.constraints.is_empty(),
        |g, t| {
            let names: Vec<String> = t.constraints.iter().map(|k| k.name.clone()).collect();
            Some(format!("VALIDATE CONSTRAINT {}", g.part(&names)))
        },
    ),
    (|t| !t.constraints.is_empty(), drop_constraint),
    (|t| !t.constraints.is_empty(), drop_constraint),
    (|t| !t.constraints.is_empty(), drop_constraint),
    // A view's owner is who reads its tables, and that privilege is not looked at in the replay.
    (any, |g, t| (t.kind != 'v').then(|| format!("OWNER TO {}", g.role()))),
    (|t| t.kind == 'r' && !t.indexes.is_empty(), |g, t| Some(format!("CLUSTER ON {}", g.part(&t.indexes)))),
    (|t| t.kind == 'r', |_, _| Some("SET WITHOUT CLUSTER".to_owned())),
    (|t| t.kind == 'r', |_, _| Some("SET LOGGED".to_owned())),
    (|t| t.kind == 'r', |_, _| Some("SET UNLOGGED".to_owned())),
    (|t| t.kind == 'r', |g, _| Some(format!("SET ACCESS METHOD {}", g.one(&["heap", "heap", "btree", "nope"])))),
    (any, |g, _| Some(format!("SET TABLESPACE {}", g.one(&["pg_default", "pg_default", "nope"])))),
    (any, |g, _| {
        Some(format!(
            "SET ({})",
            g.one(&[
                "fillfactor = 50",
                "autovacuum_enabled = false",
                "toast.autovacuum_enabled = off",
                "nope = 1",
                "fillfactor = 5"
            ])
        ))
    }),
    (any, |g, _| Some(format!("RESET ({})", g.one(&["fillfactor", "autovacuum_enabled, fillfactor", "nope"])))),
    (
        |t| !t.triggers.is_empty(),
        |g, t| {
            let how = g.one(&["ENABLE", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"]);
            let which = match g.dice.below(5) {
                0 if how.len() < 8 => g.one(&["ALL", "USER"]).to_owned(),
                _ => g.part(&t.triggers),
            };
            Some(format!("{how} TRIGGER {which}"))
        },
    ),
    (
        |t| !t.rules.is_empty(),
        |g, t| {
            let how = g.one(&["ENABLE", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"]);
            Some(format!("{how} RULE {}", g.part(&t.rules)))
        },
    ),
    (any, |g, t| {
        let identity = match g.dice.below(4) {
            0 => "DEFAULT".to_owned(),
            1 => "FULL".to_owned(),
            2 => "NOTHING".to_owned(),
            _ => format!("USING INDEX {}", g.part(&t.indexes)),
        };
        Some(format!("REPLICA IDENTITY {identity}"))
    }),
    (any, |_, _| Some("ENABLE ROW LEVEL SECURITY".to_owned())),
    (any, |_, _| Some("DISABLE ROW LEVEL SECURITY".to_owned())),
    (any, |_, _| Some("FORCE ROW LEVEL SECURITY".to_owned())),
    (any, |_, _| Some("NO FORCE ROW LEVEL SECURITY".to_owned())),
    (|t| t.kind == 'r' && !t.partition && !t.typed, inherit),
    (|t| t.kind == 'r' && !t.partition && !t.typed, inherit),
    (
        |t| t.parent.is_some() && !t.partition,
        |g, t| {
            let parent = match &t.parent {
                Some((schema, name)) if !g.percent(10) => g.spell(schema, name),
                _ => {
                    let other = g.table()?;
                    g.name_of(&other)
                }
            };
            Some(format!("NO INHERIT {parent}"))
        },
    ),
    (
        |t| t.kind == 'r' && !t.typed && t.parent.is_none(),
        |g, t| {
            let columns = |r: &Relation| r.columns.iter().map(|c| (c.name.clone(), c.ty.clone())).collect::<Vec<_>>();
            let same = g.relation_with(|r| r.kind == 'c' && columns(r) == columns(t));
            let (schema, name) = match same {
                Some(ty) if !g.percent(20) => (ty.schema, ty.name),
                _ => g.own_type("c").map(|ty| (ty.schema, ty.name))?,
            };
            Some(format!("OF {}", g.spell(&schema, &name)))
        },
    ),
    (|t| t.typed, |_, _| Some("NOT OF".to_owned())),
    (any, |_, _| Some("SET WITHOUT OIDS".to_owned())),
];

fn add_column(g: &mut Generator, t: &Relation) -> Option<String> {
    let exists = g.maybe(10, "IF NOT EXISTS ");
    let name = *g.dice.pick(COLUMNS);
    let name = if t.columns.iter().any(|c| c.name == name) && !g.percent(15) {
        format!("c{}", g.dice.below(40))
    } else {
        name.to_owned()
    };
    let ty = if g.percent(5) { g.one(&["serial", "bigserial"]).to_owned() } else { g.ty() };
    let constraints = g.column_constraints(&ty, &t.columns, &name);
    Some(format!("ADD {}{exists}{} {ty}{constraints}", g.maybe(60, "COLUMN "), g.ident(&name)))
}

fn drop_column(g: &mut Generator, t: &Relation) -> Option<String> {
    let exists = g.maybe(15, "IF EXISTS ");
    let column = g.column(t);
    Some(format!("DROP {}{exists}{column}{}", g.maybe(60, "COLUMN "), g.behavior()))
}

fn alter_type(g: &mut Generator, t: &Relation) -> Option<String> {
    let column = g.any(&t.columns)?;
    let name = quote(&column.name);
    let ty = match column.ty.as_str() {
        "integer" | "smallint" if g.percent(60) => g.one(&["bigint", "numeric", "text", "smallint"]).to_owned(),
        "text" if g.percent(60) => g.one(&["varchar(20)", "varchar", "char(3)", "text COLLATE \"C\""]).to_owned(),
        _ => g.ty(),
    };
    let using = match g.dice.below(10) {
        0..=2 => format!(" USING {name}::{}", ty.split(" COLLATE").next().unwrap_or(&ty)),
        3 => format!(" USING {name}::text::{}", ty.split(" COLLATE").next().unwrap_or(&ty)),
        4 => " USING NULL".to_owned(),
        _ => String::new(),
    };
    Some(format!("ALTER {name} {}TYPE {ty}{using}", g.maybe(40, "SET DATA ")))
}

fn add_identity(g: &mut Generator, t: &Relation) -> Option<String> {
    let column = g.column_with(t, can_count);
    let when = g.one(&["ALWAYS", "BY DEFAULT"]);
    let options = g.one(&["", "", " (START WITH 10)", " (MAXVALUE 100 CYCLE)", " (INCREMENT 0)"]);
    Some(format!("ALTER {column} ADD GENERATED {when} AS IDENTITY{options}"))
}

fn add_constraint(g: &mut Generator, t: &Relation) -> Option<String> {
    Some(format!("ADD {}", g.table_constraint(t)?))
}

fn drop_constraint(g: &mut Generator, t: &Relation) -> Option<String> {
    let exists = g.maybe(10, "IF EXISTS ");
    let names: Vec<String> = t.constraints.iter().map(|k| k.name.clone()).collect();
    Some(format!("DROP CONSTRAINT {exists}{}{}", g.part(&names), g.behavior()))
}

fn inherit(g: &mut Generator, t: &Relation) -> Option<String> {
    // Mostly one whose columns the table has.
    let has = |r: &Relation| r.columns.iter().all(|c| t.columns.iter().any(|own| own.name == c.name && own.ty == c.ty));
    let fits = |r: &Relation| r.kind == 'r' && r.name != t.name && !r.partition && !r.columns.is_empty() && has(r);
    let parent = match g.table_with(fits) {
        Some(parent) if !g.percent(25) => parent,
        _ => g.table()?,
    };
    Some(format!("INHERIT {}", g.name_of(&parent)))
}

/// A comment's text.
pub fn comment_text(g: &mut Generator) -> String {
    match g.dice.below(5) {
        0 => "NULL".to_owned(),
        n => literal(["", "a comment", "it's \"quoted\"", "zwei\nZeilen", "x"][n]),
    }
}
