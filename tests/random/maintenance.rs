//! What keeps a database going: prepared statements, locks, VACUUM and the like, and what belongs to roles.

use super::generator::{Form, Generator};

pub const FORMS: &[Form] = &[
    prepare,
    prepare,
    execute,
    execute,
    deallocate,
    lock,
    lock,
    vacuum,
    vacuum,
    cluster,
    cluster,
    reindex,
    reindex,
    show,
    drop_owned,
    reassign_owned,
    set_expression,
    set_expression,
    set_expression,
    set_expression,
];

const PREPARED: &[&str] = &["plan", "\"Plan 2\"", "plan_3"];

fn prepare(g: &mut Generator) -> Option<String> {
    let name = g.one(PREPARED);
    let table = g.table()?;
    let (from, column) = (g.name_of(&table), g.column(&table));
    Some(match g.dice.below(5) {
        0 => format!("PREPARE {name} AS SELECT {column} FROM {from}"),
        1 => format!("PREPARE {name} (integer, text) AS SELECT $1 + 1, $2 || 'x'"),
        2 => format!("PREPARE {name} AS SELECT count(*) FROM {from} WHERE {column} IS NOT NULL AND $1 > 0"),
        3 => format!("PREPARE {name} (nosuchtype) AS SELECT 1"),
        _ => format!("PREPARE {name} AS SELECT 1 AS a, 'x'::text AS \"B b\""),
    })
}

fn execute(g: &mut Generator) -> Option<String> {
    let name = g.one(PREPARED);
    let arguments = g.one(&["", "", "(1, 'x')", "(1)", "(1, 2, 3)", "('nope')"]);
    Some(match g.dice.below(4) {
        0 => format!("CREATE TABLE {} AS EXECUTE {name}{arguments} WITH NO DATA", g.new_object()),
        _ => format!("EXECUTE {name}{arguments}"),
    })
}

fn deallocate(g: &mut Generator) -> Option<String> {
    Some(match g.dice.below(4) {
        0 => "DEALLOCATE ALL".to_owned(),
        _ => format!("DEALLOCATE {}{}", g.maybe(30, "PREPARE "), g.one(PREPARED)),
    })
}

fn lock(g: &mut Generator) -> Option<String> {
    let relation = g.relation("rrrpvmS")?;
    let name = g.name_of(&relation);
    let mode = g.one(&["", " IN SHARE MODE", " IN ACCESS EXCLUSIVE MODE NOWAIT"]);
    Some(match g.dice.below(3) {
        0 => format!("LOCK {name}{mode}"),
        _ => format!("BEGIN; LOCK TABLE {name}{mode}; COMMIT"),
    })
}

fn vacuum(g: &mut Generator) -> Option<String> {
    let relation = g.relation("rrrpvm")?;
    let name = g.name_of(&relation);
    let columns = if g.percent(40) { format!(" ({})", g.columns(&relation, 2)) } else { String::new() };
    Some(match g.dice.below(5) {
        0 => format!("VACUUM {name}"),
        1 => format!("VACUUM (ANALYZE, TRUNCATE false) {name}{columns}"),
        2 => format!("VACUUM (NOPE) {name}"),
        3 => format!("BEGIN; VACUUM {name}; COMMIT"),
        _ => format!("ANALYZE {name}{columns}"),
    })
}

fn cluster(g: &mut Generator) -> Option<String> {
    let table = g.table_with(|r| !r.indexes.is_empty())?;
    let name = g.name_of(&table);
    Some(match g.dice.below(4) {
        0 => format!("CLUSTER {name}"),
        _ => format!("CLUSTER {name} USING {}", g.part(&table.indexes)),
    })
}

fn reindex(g: &mut Generator) -> Option<String> {
    let concurrently = g.maybe(15, "CONCURRENTLY ");
    Some(match g.dice.below(5) {
        0 => format!("REINDEX SCHEMA {concurrently}{}", g.schema_ident()),
        1 | 2 => {
            let index = g.relation("iI")?;
            format!("REINDEX INDEX {concurrently}{}", g.name_of(&index))
        }
        _ => {
            let table = g.relation("rrrpvm")?;
            format!("REINDEX TABLE {concurrently}{}", g.name_of(&table))
        }
    })
}

fn show(g: &mut Generator) -> Option<String> {
    Some(format!("SHOW {}", g.one(&["search_path", "work_mem", "TIME ZONE", "ALL", "nope", "\"DateStyle\""])))
}

/// A role that scripts have made: the superuser of the tests is not the one that the server began with, whose objects
/// nobody drops.
fn made_role(g: &mut Generator) -> String {
    match g.any(&g.world.roles.clone()) {
        Some(role) if !g.percent(5) => g.ident(&role),
        _ => g.missing_ident(),
    }
}

fn drop_owned(g: &mut Generator) -> Option<String> {
    Some(format!("DROP OWNED BY {}{}", made_role(g), g.behavior()))
}

fn reassign_owned(g: &mut Generator) -> Option<String> {
    Some(format!("REASSIGN OWNED BY {} TO {}", made_role(g), g.role()))
}

/// From 17 on.
fn set_expression(g: &mut Generator) -> Option<String> {
    let table = match g.table_with(|r| r.columns.iter().any(|c| c.generated)) {
        Some(table) => table,
        None => g.table()?,
    };
    let (name, column) = (g.name_of(&table), g.column_with(&table, |c| c.generated));
    let other = g.column(&table);
    let expression = match g.dice.below(3) {
        0 => "NULL".to_owned(),
        1 => format!("{other}::text"),
        _ => format!("length({other}::text)"),
    };
    Some(format!("ALTER TABLE {name} ALTER COLUMN {column} SET EXPRESSION AS ({expression})"))
}
