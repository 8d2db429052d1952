//! Indexes.

use super::generator::{Form, Generator, quote};

pub const FORMS: &[Form] =
    &[create_index, create_index, create_index, create_index, drop_index, alter_index, alter_index, rename_index];

fn create_index(g: &mut Generator) -> Option<String> {
    let table = g.relation("rrrpm")?;
    let unique = g.maybe(25, "UNIQUE ");
    let concurrently = g.maybe(4, "CONCURRENTLY ");
    let mut name = if g.percent(50) { format!("{} ", g.fresh_ident()) } else { String::new() };
    if !name.is_empty() {
        name.insert_str(0, g.maybe(12, "IF NOT EXISTS "));
    }
    let method = match g.dice.below(12) {
        0 => "USING hash ",
        1 => "USING gin ",
        2 => "USING gist ",
        3 => "USING brin ",
        4 => "USING btree ",
        5 if g.percent(20) => "USING nope ",
        _ => "",
    };
    let mut keys = Vec::new();
    for _ in 0..1 + g.dice.below(2) {
        let mut key = match g.dice.below(5) {
            0 => format!("({})", g.expression(&table.columns, "")),
            _ => g.column(&table),
        };
        if g.percent(8) {
            key.push_str(g.one(&[" COLLATE \"C\"", " text_pattern_ops", " int4_ops", " nope_ops", " jsonb_path_ops"]));
        }
        if g.percent(12) {
            key.push_str(g.one(&[" DESC", " ASC NULLS FIRST", " DESC NULLS LAST", " NULLS FIRST"]));
        }
        keys.push(key);
    }
    let include = if g.percent(8) { format!(" INCLUDE ({})", g.column(&table)) } else { String::new() };
    let nulls = g.maybe(5, " NULLS NOT DISTINCT");
    let with = g.maybe(6, " WITH (fillfactor = 80)");
    let filter = if g.percent(20) { format!(" WHERE {}", g.condition(&table, "")) } else { String::new() };
    let only = g.maybe(6, "ONLY ");
    let on = g.name_of(&table);
    let keys = keys.join(", ");
    Some(format!(
        "CREATE {unique}INDEX {concurrently}{name}ON {only}{on} {method}({keys}){include}{nulls}{with}{filter}"
    ))
}

fn drop_index(g: &mut Generator) -> Option<String> {
    let index = g.relation("iI")?;
    let concurrently = if g.percent(5) { "CONCURRENTLY " } else { "" };
    let exists = g.if_exists();
    let behavior = if concurrently.is_empty() { g.behavior() } else { "" };
    Some(format!("DROP INDEX {concurrently}{exists}{}{behavior}", g.name_of(&index)))
}

fn rename_index(g: &mut Generator) -> Option<String> {
    let index = g.relation("iI")?;
    let exists = g.if_exists();
    let name = g.name_of(&index);
    Some(format!("ALTER INDEX {exists}{name} RENAME TO {}", g.fresh_ident()))
}

fn alter_index(g: &mut Generator) -> Option<String> {
    let index = g.relation("iiiI")?;
    let exists = g.if_exists();
    let name = g.name_of(&index);
    let action = match g.dice.below(6) {
        0 => format!("SET (fillfactor = {})", g.one(&["60", "90", "1"])),
        1 => g.one(&["RESET (fillfactor)", "SET (fastupdate = off)", "SET (nope = 1)"]).to_owned(),
        2 => "SET TABLESPACE pg_default".to_owned(),
        3 => format!("ALTER COLUMN {} SET STATISTICS {}", g.one(&["1", "2", "9"]), g.one(&["100", "0"])),
        _ => {
            let parent = g.relation_with(|r| r.kind == 'I')?;
            let index = g.relation_with(|r| r.kind == 'i')?;
            return Some(format!(
                "ALTER INDEX {} ATTACH PARTITION {}",
                g.spell(&parent.schema, &parent.name),
                quote_qualified(&index.schema, &index.name)
            ));
        }
    };
    Some(format!("ALTER INDEX {exists}{name} {action}"))
}

fn quote_qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote(schema), quote(name))
}
