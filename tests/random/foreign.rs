//! Foreign data, event triggers, languages and transforms, databases and settings of the server. Their names are a few,
//! so that half of what is altered or dropped is there.

use super::generator::{Form, Generator};
use super::tables::comment_text;

pub const FORMS: &[Form] = &[
    create_wrapper,
    alter_wrapper,
    alter_wrapper,
    create_server,
    create_server,
    alter_server,
    alter_server,
    create_foreign_table,
    create_foreign_table,
    foreign_table_options,
    foreign_table_options,
    foreign_column_options,
    foreign_column_options,
    foreign_column_options,
    foreign_column_options,
    create_event_trigger,
    create_event_trigger,
    alter_event_trigger,
    create_language,
    create_transform,
    drop_transform,
    foreign_table_options,
    alter_any,
    depends_on_extension,
    depends_on_extension,
    system,
    refresh_collation,
    database,
    database,
    database,
    database,
    database,
];

/// Databases that scripts make: they belong to the server, which drops them when a script has ended.
const DATABASES: &[&str] = &["pgproof_other", "\"pgproof Other\""];

const WRAPPERS: &[&str] = &["wrapper", "\"Wrapper 2\""];
const SERVERS: &[&str] = &["srv", "\"Server 2\"", "srv"];
const EVENT_TRIGGERS: &[&str] = &["watch", "\"Watch 2\""];
const LANGUAGES: &[&str] = &["lang", "\"Lang 2\""];

impl Generator {
    /// One that there is, or one of the few names.
    fn stored_or(&mut self, kind: &str, names: &[&'static str]) -> String {
        match self.stored(kind) {
            Some(name) => name,
            None => self.one(names).to_owned(),
        }
    }

    /// `OPTIONS (…)` of a new object.
    fn new_options(&mut self) -> &'static str {
        self.one(&["", "", " OPTIONS (a 'x')", " OPTIONS (\"B b\" 'it''s', c '')", " OPTIONS (a 'x', a 'y')"])
    }

    /// `OPTIONS (…)` of an object that there is.
    fn changed_options(&mut self) -> &'static str {
        self.one(&[
            "OPTIONS (a 'y')",
            "OPTIONS (ADD c 'z')",
            "OPTIONS (SET a 'z')",
            "OPTIONS (DROP a)",
            "OPTIONS (DROP c, ADD a 'v')",
        ])
    }
}

fn create_wrapper(g: &mut Generator) -> Option<String> {
    let name = g.one(WRAPPERS);
    let how =
        g.one(&["", "", " NO HANDLER", " VALIDATOR postgresql_fdw_validator", " HANDLER nope", " HANDLER app.twice"]);
    let options = if how.contains("VALIDATOR") { " OPTIONS (nope 'x')" } else { g.new_options() };
    Some(format!("CREATE FOREIGN DATA WRAPPER {name}{how}{options}"))
}

fn alter_wrapper(g: &mut Generator) -> Option<String> {
    let name = g.stored_or("FOREIGN DATA WRAPPER", WRAPPERS);
    let how = match g.dice.below(4) {
        0 => g.one(&["NO HANDLER", "NO VALIDATOR", "HANDLER nope"]),
        _ => g.changed_options(),
    };
    Some(format!("ALTER FOREIGN DATA WRAPPER {name} {how}"))
}

fn create_server(g: &mut Generator) -> Option<String> {
    let exists = g.maybe(15, "IF NOT EXISTS ");
    let (name, wrapper) = (g.one(SERVERS), g.stored_or("FOREIGN DATA WRAPPER", WRAPPERS));
    let version = g.one(&["", "", " VERSION '1'", " TYPE 't' VERSION '2'"]);
    Some(format!("CREATE SERVER {exists}{name}{version} FOREIGN DATA WRAPPER {wrapper}{}", g.new_options()))
}

fn alter_server(g: &mut Generator) -> Option<String> {
    let name = g.stored_or("SERVER", SERVERS);
    let how = match g.dice.below(3) {
        0 => g.one(&["VERSION '3'", "VERSION NULL"]),
        _ => g.changed_options(),
    };
    Some(format!("ALTER SERVER {name} {how}"))
}

/// A foreign table, or what makes one: they need a server, which needs a wrapper.
fn a_foreign_table(g: &mut Generator) -> Result<super::world::Relation, Option<String>> {
    if !g.percent(85) {
        return g.relation("rv").ok_or(None);
    }
    match g.relation_with(|r| r.kind == 'f') {
        Some(table) => Ok(table),
        None if g.stored("SERVER").is_some() => Err(create_foreign_table(g)),
        None if g.stored("FOREIGN DATA WRAPPER").is_some() => Err(create_server(g)),
        None => Err(create_wrapper(g)),
    }
}

fn create_foreign_table(g: &mut Generator) -> Option<String> {
    let (exists, name) = (g.maybe(10, "IF NOT EXISTS "), g.new_object());
    let server = g.stored_or("SERVER", SERVERS);
    let (first, second) = (g.new_column(None), g.ty());
    let what = match g.dice.below(6) {
        0 => format!("{first} integer OPTIONS (a 'x'), other {second} NOT NULL"),
        1 => format!("{first} integer CHECK ({first} > 0), other {second} DEFAULT NULL"),
        2 => format!("{first} integer PRIMARY KEY"),
        _ => format!("{first} {second}"),
    };
    Some(format!("CREATE FOREIGN TABLE {exists}{name} ({what}) SERVER {server}{}", g.new_options()))
}

fn foreign_table_options(g: &mut Generator) -> Option<String> {
    let table = match a_foreign_table(g) {
        Ok(table) => table,
        Err(instead) => return instead,
    };
    let (word, name) = (g.maybe(70, "FOREIGN "), g.name_of(&table));
    Some(format!("ALTER {word}TABLE {name} {}", g.changed_options()))
}

fn foreign_column_options(g: &mut Generator) -> Option<String> {
    let table = match a_foreign_table(g) {
        Ok(table) => table,
        Err(instead) => return instead,
    };
    let (word, name, column) = (g.maybe(70, "FOREIGN "), g.name_of(&table), g.column(&table));
    Some(match g.dice.below(4) {
        0 => format!("ALTER {word}TABLE {name} ADD COLUMN {} integer OPTIONS (a 'x')", g.new_column(Some(&table))),
        _ => format!("ALTER {word}TABLE {name} ALTER COLUMN {column} {}", g.changed_options()),
    })
}

fn create_event_trigger(g: &mut Generator) -> Option<String> {
    let name = g.one(EVENT_TRIGGERS);
    let event = g.one(&["ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite", "nope"]);
    let filter = g.one(&[
        "",
        "",
        " WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')",
        " WHEN TAG IN ('ALTER TABLE')",
        " WHEN TAG IN ('nope')",
        " WHEN nope IN ('CREATE TABLE')",
    ]);
    let function = g.one(&["app.on_ddl", "app.on_ddl", "app.on_ddl", "nope", "touch"]);
    Some(format!("CREATE EVENT TRIGGER {name} ON {event}{filter} EXECUTE FUNCTION {function}()"))
}

fn alter_event_trigger(g: &mut Generator) -> Option<String> {
    let name = g.stored_or("EVENT TRIGGER", EVENT_TRIGGERS);
    Some(format!("ALTER EVENT TRIGGER {name} {}", g.one(&["DISABLE", "ENABLE", "ENABLE REPLICA", "ENABLE ALWAYS"])))
}

fn create_language(g: &mut Generator) -> Option<String> {
    let (replace, trusted, name) = (g.maybe(20, "OR REPLACE "), g.maybe(30, "TRUSTED "), g.one(LANGUAGES));
    let handler = g.one(&["app.lang_handler", "app.lang_handler", "app.lang_handler", "nope", "app.twice"]);
    Some(format!("CREATE {replace}{trusted}LANGUAGE {name} HANDLER {handler}"))
}

const TRANSFORMED: &[&str] = &["integer", "public.mood", "app.counter"];

fn create_transform(g: &mut Generator) -> Option<String> {
    let (replace, ty) = (g.maybe(20, "OR REPLACE "), g.one(TRANSFORMED));
    let language = g.stored_or("LANGUAGE", &["plpgsql", "nope"]);
    let from = g.one(&["app.from_sql(internal)", "app.from_sql(internal)", "nope(internal)", "app.twice(integer)"]);
    Some(format!("CREATE {replace}TRANSFORM FOR {ty} LANGUAGE {language} (FROM SQL WITH FUNCTION {from})"))
}

fn drop_transform(g: &mut Generator) -> Option<String> {
    let what = match g.stored("TRANSFORM") {
        Some(what) => what,
        None => format!("FOR {} LANGUAGE {}", g.one(TRANSFORMED), g.one(&["plpgsql", "lang", "nope"])),
    };
    Some(match g.dice.below(2) {
        0 => format!("COMMENT ON TRANSFORM {what} IS {}", comment_text(g)),
        _ => format!("DROP TRANSFORM {}{what}{}", g.if_exists(), g.behavior()),
    })
}

/// What all of these have in common.
fn alter_any(g: &mut Generator) -> Option<String> {
    let (word, names) = match g.dice.below(4) {
        0 => ("FOREIGN DATA WRAPPER", WRAPPERS),
        1 => ("SERVER", SERVERS),
        2 => ("EVENT TRIGGER", EVENT_TRIGGERS),
        _ => ("LANGUAGE", LANGUAGES),
    };
    let name = g.stored_or(word, names);
    Some(match g.dice.below(6) {
        0 => format!("DROP {word} {}{name}{}", g.if_exists(), g.behavior()),
        1 => format!("COMMENT ON {word} {name} IS {}", comment_text(g)),
        2 => format!("ALTER {word} {name} RENAME TO {}", g.one(names)),
        3 => format!("ALTER {word} {name} OWNER TO {}", g.role()),
        _ if word == "EVENT TRIGGER" => format!("DROP {word} {}{name}", g.if_exists()),
        4 => {
            let word = word.replace("SERVER", "FOREIGN SERVER");
            format!("GRANT {} ON {word} {name} TO {}", g.one(&["USAGE", "ALL", "SELECT"]), g.role())
        }
        _ => {
            let word = word.replace("SERVER", "FOREIGN SERVER");
            format!("REVOKE USAGE ON {word} {name} FROM {}{}", g.role(), g.behavior())
        }
    })
}

fn depends_on_extension(g: &mut Generator) -> Option<String> {
    let extension = g.one(&["plpgsql", "plpgsql", "plpgsql", "nope"]);
    let no = g.maybe(40, "NO ");
    let what = match g.dice.below(4) {
        0 => {
            let table = g.relation_with(|r| !r.triggers.is_empty())?;
            format!("TRIGGER {} ON {}", g.part(&table.triggers), g.name_of(&table))
        }
        1 => {
            let index = g.relation("iI")?;
            format!("INDEX {}", g.name_of(&index))
        }
        2 => {
            let view = g.relation("m")?;
            format!("MATERIALIZED VIEW {}", g.name_of(&view))
        }
        _ => {
            let function = g.function("fp")?;
            let word = if function.kind == 'p' { "PROCEDURE" } else { "FUNCTION" };
            format!("{word} {}", g.signature(&function))
        }
    };
    Some(format!("ALTER {what} {no}DEPENDS ON EXTENSION {extension}"))
}

fn system(g: &mut Generator) -> Option<String> {
    Some(
        g.one(&[
            "ALTER SYSTEM SET work_mem = '8MB'",
            "ALTER SYSTEM RESET work_mem",
            "ALTER SYSTEM SET nope = 1",
            "ALTER SYSTEM SET server_version = '9'",
            "ALTER SYSTEM RESET ALL",
        ])
        .to_owned(),
    )
}

fn refresh_collation(g: &mut Generator) -> Option<String> {
    let name = g.stored_or("COLLATION", &["pg_catalog.\"C\"", "coll", "nope"]);
    Some(format!("ALTER COLLATION {name} REFRESH VERSION"))
}

fn database(g: &mut Generator) -> Option<String> {
    let new = g.one(DATABASES);
    // What the server has besides is not known to the replay.
    let Some(name) = g.stored("DATABASE") else {
        let options = g.maybe(20, " NOPE = 1");
        return Some(match g.dice.below(4) {
            0 => format!("DROP DATABASE IF EXISTS {new}"),
            _ => format!("CREATE DATABASE {new}{options}"),
        });
    };
    Some(match g.dice.below(12) {
        0 => format!("CREATE DATABASE {name}"),
        1..3 => format!("DROP DATABASE {}{name}", g.if_exists()),
        3..5 => format!("ALTER DATABASE {name} CONNECTION LIMIT {}", g.one(&["3", "-1", "-2"])),
        5 if g.percent(50) => format!("ALTER DATABASE {name} IS_TEMPLATE false"),
        6 => format!("ALTER DATABASE {name} NOPE 1"),
        7 => format!("ALTER DATABASE {name} OWNER TO {}", g.role()),
        8 => format!("COMMENT ON DATABASE {name} IS {}", comment_text(g)),
        _ => format!("ALTER DATABASE {name} REFRESH COLLATION VERSION"),
    })
}
