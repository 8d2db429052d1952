//! Comments, owners, schemas, roles, extended statistics, rules, publications, sessions, and statements on rows.

use super::generator::{Form, Generator, literal, quote};
use super::tables::comment_text;

pub const FORMS: &[Form] = &[
    comment,
    comment,
    comment,
    owner,
    create_schema,
    alter_schema,
    drop_schema,
    create_role,
    alter_role,
    alter_role,
    alter_role,
    grant_role,
    drop_role,
    create_statistics,
    create_statistics,
    alter_statistics,
    alter_statistics,
    alter_statistics,
    alter_statistics,
    alter_statistics,
    create_statistics,
    alter_statistics,
    alter_statistics,
    drop_statistics,
    create_rule,
    create_rule,
    drop_rule,
    rename_rule,
    create_publication,
    alter_publication,
    alter_publication,
    drop_publication,
    drop_publication,
    search_path,
    search_path,
    transaction,
    transaction,
    code,
];

/// Statements on rows, and calls.
pub const ROWS: &[Form] = &[data, data, data, update, update, delete, delete, merge, merge, copy, call, call, discard];

fn comment(g: &mut Generator) -> Option<String> {
    let what = match g.dice.below(14) {
        0 | 1 => {
            let relation = g.relation("rrpvmSi")?;
            let word = match relation.kind {
                'v' => "VIEW",
                'm' => "MATERIALIZED VIEW",
                'S' => "SEQUENCE",
                'i' | 'I' => "INDEX",
                _ => "TABLE",
            };
            format!("{word} {}", g.name_of(&relation))
        }
        2 | 3 => {
            let relation = g.relation("rrpvmc")?;
            // Comments on system columns are nowhere to be kept in the replay.
            let column = g.column(&relation);
            let column = if column.to_lowercase().contains("ctid") { g.missing_ident() } else { column };
            format!("COLUMN {}.{}.{column}", quote(&relation.schema), quote(&relation.name))
        }
        4 => {
            let table = g.table_with(|r| !r.constraints.is_empty())?;
            let names: Vec<String> = table.constraints.iter().map(|k| k.name.clone()).collect();
            format!("CONSTRAINT {} ON {}", g.part(&names), g.name_of(&table))
        }
        5 => {
            let function = g.function("fpa")?;
            let word = match function.kind {
                'p' => "PROCEDURE",
                'a' => "AGGREGATE",
                _ => "FUNCTION",
            };
            format!("{word} {}", g.signature(&function))
        }
        6 => format!("SCHEMA {}", g.schema_ident()),
        7 => {
            let ty = g.own_type("edcr")?;
            let word = if ty.kind == 'd' { "DOMAIN" } else { "TYPE" };
            format!("{word} {}", g.spell(&ty.schema, &ty.name))
        }
        8 => {
            let table = g.table_with(|r| !r.policies.is_empty())?;
            format!("POLICY {} ON {}", g.part(&table.policies), g.name_of(&table))
        }
        9 => {
            let table = g.relation_with(|r| !r.triggers.is_empty())?;
            format!("TRIGGER {} ON {}", g.part(&table.triggers), g.name_of(&table))
        }
        10 => {
            let table = g.relation_with(|r| !r.rules.is_empty())?;
            format!("RULE {} ON {}", g.part(&table.rules), g.name_of(&table))
        }
        11 => {
            let (schema, name) = g.any(&g.world.statistics.clone())?;
            format!("STATISTICS {}", g.spell(&schema, &name))
        }
        12 => {
            let ty = g.own_type("d")?;
            format!("CONSTRAINT {} ON DOMAIN {}", g.part(&ty.constraints), g.spell(&ty.schema, &ty.name))
        }
        _ => format!("PUBLICATION {}", g.part(&g.world.publications.clone())),
    };
    Some(format!("COMMENT ON {what} IS {}", comment_text(g)))
}

fn owner(g: &mut Generator) -> Option<String> {
    let what = match g.dice.below(6) {
        0 => format!("SCHEMA {}", g.schema_ident()),
        1 => {
            let ty = g.own_type("edcr")?;
            let word = if ty.kind == 'd' && g.percent(50) { "DOMAIN" } else { "TYPE" };
            format!("{word} {}", g.spell(&ty.schema, &ty.name))
        }
        2 => {
            let (schema, name) = g.any(&g.world.statistics.clone())?;
            format!("STATISTICS {}", g.spell(&schema, &name))
        }
        3 => format!("PUBLICATION {}", g.part(&g.world.publications.clone())),
        4 => {
            let function = g.function("fpa")?;
            let word = match function.kind {
                'p' => "PROCEDURE",
                'a' => "AGGREGATE",
                _ => "FUNCTION",
            };
            format!("{word} {}", g.signature(&function))
        }
        _ => {
            let relation = g.relation_with(|r| matches!(r.kind, 'm' | 'S'))?;
            let word = match relation.kind {
                'm' => "MATERIALIZED VIEW",
                _ => "SEQUENCE",
            };
            format!("{word} {}", g.name_of(&relation))
        }
    };
    Some(format!("ALTER {what} OWNER TO {}", g.role()))
}

fn create_schema(g: &mut Generator) -> Option<String> {
    let exists = g.maybe(20, "IF NOT EXISTS ");
    let name = if g.percent(40) { "extra".to_owned() } else { g.fresh_ident() };
    let authorization = if g.percent(20) { format!(" AUTHORIZATION {}", g.role()) } else { String::new() };
    Some(format!("CREATE SCHEMA {exists}{name}{authorization}"))
}

fn alter_schema(g: &mut Generator) -> Option<String> {
    let schema = g.schema();
    // Scripts live from these two.
    let lived_in = matches!(schema.as_str(), "app" | "My Schema") && !g.percent(10);
    // Not `public`: the comparison of facts takes it to be there.
    let schema = if lived_in || schema == "public" { "extra".to_owned() } else { schema };
    Some(format!(
        "ALTER SCHEMA {} RENAME TO {}",
        quote(&schema),
        if g.percent(60) { "app".to_owned() } else { g.fresh_ident() }
    ))
}

fn drop_schema(g: &mut Generator) -> Option<String> {
    let schema = g.schema();
    let lived_in = matches!(schema.as_str(), "app" | "My Schema" | "public");
    let behavior = if lived_in && !g.percent(4) { " RESTRICT" } else { g.behavior() };
    if schema == "public" {
        return None;
    }
    let exists = g.if_exists();
    Some(format!("DROP SCHEMA {exists}{}{behavior}", g.ident(&schema)))
}

/// Roles that a script makes besides those that it begins with.
const ROLES: &[&str] = &["carol", "\"Dave D\"", "erin"];

fn create_role(g: &mut Generator) -> Option<String> {
    let options = g.one(&[
        "",
        " LOGIN",
        " NOINHERIT CREATEROLE",
        " SUPERUSER",
        " BYPASSRLS CREATEDB",
        " IN ROLE alice",
        " ROLE \"Bob B\"",
        " ADMIN alice",
    ]);
    Some(format!("CREATE {} {}{options}", g.one(&["ROLE", "ROLE", "USER", "GROUP"]), g.one(ROLES)))
}

pub fn alter_role(g: &mut Generator) -> Option<String> {
    let role = g.role();
    Some(match g.dice.below(4) {
        0 => format!("ALTER ROLE {role} RENAME TO {}", g.one(ROLES)),
        1 => format!(
            "ALTER ROLE {role} SET {}",
            g.one(&["search_path = app", "statement_timeout = 100", "nope.setting = 'x'", "nope = 1"])
        ),
        2 => format!("ALTER ROLE {role} RESET {}", g.one(&["search_path", "ALL"])),
        _ => format!(
            "ALTER ROLE {} {}",
            if role == "postgres" || role.ends_with("_USER") { "alice".to_owned() } else { role },
            g.one(&["LOGIN", "NOLOGIN CREATEDB", "NOINHERIT", "CREATEROLE", "BYPASSRLS", "REPLICATION"])
        ),
    })
}

fn grant_role(g: &mut Generator) -> Option<String> {
    let (role, member) = (g.role(), g.role());
    // `postgres` is what the script runs as; it is a superuser on both sides.
    if g.percent(40) {
        return Some(format!("REVOKE {}{role} FROM {member}{}", g.maybe(25, "ADMIN OPTION FOR "), g.behavior()));
    }
    Some(format!("GRANT {role} TO {member}{}", g.maybe(25, " WITH ADMIN OPTION")))
}

fn drop_role(g: &mut Generator) -> Option<String> {
    let role = if g.percent(70) { g.one(ROLES).to_owned() } else { g.role() };
    if role.contains("postgres") {
        return None;
    }
    Some(format!("DROP ROLE {}{role}", g.if_exists()))
}

fn create_statistics(g: &mut Generator) -> Option<String> {
    let table = g.relation("rrrpmv")?;
    let exists = g.maybe(8, "IF NOT EXISTS ");
    let name = if g.percent(80) || !exists.is_empty() { format!("{} ", g.new_object()) } else { String::new() };
    let kinds = g.one(&["", "", " (ndistinct)", " (dependencies, mcv)", " (nope)"]);
    let mut keys = vec![g.column(&table), g.column(&table)];
    if g.percent(25) {
        keys.push(format!("({})", g.expression(&table.columns, "")));
    }
    let on = g.name_of(&table);
    Some(format!("CREATE STATISTICS {exists}{name}{} ON {} FROM {on}", kinds.trim_start(), keys.join(", ")))
}

pub fn alter_statistics(g: &mut Generator) -> Option<String> {
    let (schema, name) = g.any(&g.world.statistics.clone())?;
    let name = g.spell(&schema, &name);
    Some(match g.dice.below(3) {
        0 => format!("ALTER STATISTICS {name} RENAME TO {}", g.fresh_ident()),
        1 => format!("ALTER STATISTICS {name} SET SCHEMA {}", g.schema_ident()),
        _ => format!("ALTER STATISTICS {}{name} SET STATISTICS {}", g.if_exists(), g.one(&["0", "100", "-1"])),
    })
}

fn drop_statistics(g: &mut Generator) -> Option<String> {
    let (schema, name) = g.any(&g.world.statistics.clone())?;
    let exists = g.if_exists();
    Some(format!("DROP STATISTICS {exists}{}{}", g.spell(&schema, &name), g.behavior()))
}

/// Rules on tables, not ON SELECT, which the replay does not execute.
fn create_rule(g: &mut Generator) -> Option<String> {
    let table = g.relation("rrrpv")?;
    let replace = g.maybe(20, "OR REPLACE ");
    let name = if g.percent(20) && !table.rules.is_empty() { g.part(&table.rules) } else { g.fresh_ident() };
    let event = g.one(&["INSERT", "UPDATE", "DELETE"]);
    let on = g.name_of(&table);
    let condition = if g.percent(30) {
        let side = if event == "INSERT" { "new." } else { "old." };
        format!(" WHERE {}", g.comparison(&table.columns, side))
    } else {
        String::new()
    };
    let action = match g.dice.below(4) {
        0 => "ALSO NOTIFY changed".to_owned(),
        1 => {
            let other = g.table()?;
            let condition = g.comparison(&other.columns, "");
            format!("ALSO DELETE FROM {} WHERE {condition}", g.name_of(&other))
        }
        _ => "INSTEAD NOTHING".to_owned(),
    };
    Some(format!("CREATE {replace}RULE {name} AS ON {event} TO {on}{condition} DO {action}"))
}

fn rename_rule(g: &mut Generator) -> Option<String> {
    let table = g.relation_with(|r| !r.rules.is_empty())?;
    let name = g.part(&table.rules);
    let on = g.name_of(&table);
    Some(format!("ALTER RULE {name} ON {on} RENAME TO {}", g.fresh_ident()))
}

fn drop_rule(g: &mut Generator) -> Option<String> {
    let table = g.relation_with(|r| !r.rules.is_empty())?;
    let exists = g.if_exists();
    let name = g.part(&table.rules);
    Some(format!("DROP RULE {exists}{name} ON {}{}", g.name_of(&table), g.behavior()))
}

pub fn create_publication(g: &mut Generator) -> Option<String> {
    let name = g.fresh_ident();
    let what = match g.dice.below(4) {
        0 => String::new(),
        1 => " FOR ALL TABLES".to_owned(),
        2 => format!(" FOR TABLES IN SCHEMA {}", g.schema_ident()),
        _ => {
            let table = g.relation("rrrpv")?;
            format!(" FOR TABLE {}", g.name_of(&table))
        }
    };
    Some(format!("CREATE PUBLICATION {name}{what}"))
}

pub fn alter_publication(g: &mut Generator) -> Option<String> {
    if g.world.publications.is_empty() && g.percent(90) {
        return None;
    }
    let name = g.part(&g.world.publications.clone());
    let action = match g.dice.below(4) {
        0 => format!("RENAME TO {}", g.fresh_ident()),
        n => {
            let table = g.table()?;
            format!("{} TABLE {}", ["ADD", "ADD", "DROP", "SET"][n], g.name_of(&table))
        }
    };
    Some(format!("ALTER PUBLICATION {name} {action}"))
}

fn drop_publication(g: &mut Generator) -> Option<String> {
    let name = g.part(&g.world.publications.clone());
    Some(format!("DROP PUBLICATION {}{name}", g.if_exists()))
}

fn search_path(g: &mut Generator) -> Option<String> {
    Some(
        g.one(&[
            "SET search_path = app, public",
            "SET search_path = \"My Schema\", app, public",
            "RESET search_path",
            "RESET search_path",
            "SET search_path TO DEFAULT",
        ])
        .to_owned(),
    )
}

/// Statements on rows that leave none behind, on tables where nothing fires.
pub fn data(g: &mut Generator) -> Option<String> {
    let quiet = |r: &super::world::Relation| r.kind == 'r' && r.triggers.is_empty() && r.rules.is_empty();
    let table = g.table_with(quiet)?;
    let name = g.spell(&table.schema, &table.name);
    let column = g.any(&table.columns)?;
    let (c, condition) = (quote(&column.name), g.condition(&table, ""));
    if g.percent(15) {
        return of_matview(g, &table, &name);
    }
    Some(match g.dice.below(5) {
        4 => format!("TRUNCATE {name}"),
        0 => format!("INSERT INTO {name} ({c}) SELECT {c} FROM {name} WHERE {condition}"),
        1 => format!("TRUNCATE {name}{}", g.behavior()),
        2 => format!("SELECT count(*) FROM {name} WHERE {condition}"),
        _ => format!("EXPLAIN SELECT {c} FROM {name} WHERE {condition}"),
    })
}

/// A materialized view is read, which may never have been filled, by what leaves no rows.
fn of_matview(g: &mut Generator, table: &super::world::Relation, name: &str) -> Option<String> {
    let view = g.relation("m")?;
    let (from, left, right) = (g.name_of(&view), g.column(table), g.column(&view));
    Some(match g.dice.below(4) {
        0 => format!("SELECT count(*) FROM {from}"),
        1 => format!("INSERT INTO {name} ({left}) SELECT NULL FROM {from} LIMIT 0"),
        2 => format!("SELECT * FROM {name} a LEFT JOIN {from} b ON a.{left}::text = b.{right}::text WHERE false"),
        _ => format!("SELECT 1 FROM {name} a JOIN {from} b ON a.{left}::text = b.{right}::text"),
    })
}

pub fn update(g: &mut Generator) -> Option<String> {
    let table = unfired(g)?;
    let name = g.spell(&table.schema, &table.name);
    let only = only_published(g);
    let column = g.any(&table.columns)?;
    let (c, condition) = (quote(&column.name), g.condition(&table, ""));
    Some(format!("UPDATE {only}{name} SET {c} = {} WHERE {condition}", g.one(&["NULL", "DEFAULT"])))
}

pub fn delete(g: &mut Generator) -> Option<String> {
    let table = unfired(g)?;
    let name = g.spell(&table.schema, &table.name);
    let only = only_published(g);
    Some(format!("DELETE FROM {only}{name} WHERE {}", g.condition(&table, "")))
}

/// What is published is written with a replica identity alone, and which children a condition leaves out is the planner's
/// business.
fn only_published(g: &Generator) -> &'static str {
    if g.world.publications.is_empty() { "" } else { "ONLY " }
}

/// A table on which nothing fires.
fn unfired(g: &mut Generator) -> Option<super::world::Relation> {
    g.table_with(|r| r.kind == 'r' && r.triggers.is_empty() && r.rules.is_empty())
}

pub fn merge(g: &mut Generator) -> Option<String> {
    let (table, other) = (unfired(g)?, g.table_with(|_| true)?);
    let only = only_published(g);
    let (into, using) = (g.name_of(&table), g.name_of(&other));
    let (left, right) = (g.column(&table), g.column(&other));
    let column = g.any(&table.columns)?;
    let then = match g.dice.below(5) {
        0 => "MATCHED THEN DELETE".to_owned(),
        1 => "MATCHED THEN DO NOTHING".to_owned(),
        2 => format!("MATCHED THEN UPDATE SET {} = DEFAULT", quote(&column.name)),
        3 => "NOT MATCHED THEN DO NOTHING".to_owned(),
        _ => format!("NOT MATCHED AND false THEN INSERT ({}) VALUES (DEFAULT)", quote(&column.name)),
    };
    Some(format!("MERGE INTO {only}{into} a USING {using} b ON a.{left}::text = b.{right}::text WHEN {then}"))
}

/// From and to where there is nothing.
fn copy(g: &mut Generator) -> Option<String> {
    let relation = g.relation("rrrrpvm")?;
    let name = g.name_of(&relation);
    let columns = if g.percent(50) { format!(" ({})", g.columns(&relation, 2)) } else { String::new() };
    Some(format!("COPY {name}{columns} {} '/dev/null'", g.one(&["TO", "FROM"])))
}

pub fn call(g: &mut Generator) -> Option<String> {
    let kind = if g.percent(95) { "p" } else { "f" };
    let procedure = g.function(kind)?;
    let name = g.spell(&procedure.schema, &procedure.name);
    let mut arguments = Vec::new();
    for ty in &procedure.types {
        arguments.push(format!("NULL::{ty}"));
    }
    if g.percent(5) {
        arguments.push("1".to_owned());
    }
    Some(format!("CALL {name}({})", arguments.join(", ")))
}

fn discard(g: &mut Generator) -> Option<String> {
    Some(g.one(&["DISCARD ALL", "DISCARD PLANS", "DISCARD SEQUENCES", "DISCARD TEMP", "DISCARD TEMPORARY"]).to_owned())
}

/// Several statements in a transaction that is kept, given up, or given up in part.
fn transaction(g: &mut Generator) -> Option<String> {
    let first = super::tables::create_table(g)?;
    let second = super::tables::alter_table(g)?;
    Some(match g.dice.below(4) {
        0 => format!("BEGIN; {first}; {second}; COMMIT"),
        1 => format!("BEGIN; {first}; {second}; ROLLBACK"),
        2 => format!("BEGIN; {first}; SAVEPOINT s; {second}; ROLLBACK TO s; COMMIT"),
        _ => format!("BEGIN; SAVEPOINT s; {first}; RELEASE s; {second}; COMMIT"),
    })
}

/// A block of code that makes, and catches what goes wrong.
fn code(g: &mut Generator) -> Option<String> {
    let statement = if g.percent(50) { super::tables::alter_table(g)? } else { super::tables::create_table(g)? };
    if statement.contains("$$") {
        return None;
    }
    let dynamic = format!("EXECUTE {};", literal(&statement));
    Some(match g.dice.below(3) {
        0 => format!("DO $$ BEGIN {dynamic} END $$"),
        1 => format!("DO $$ BEGIN {dynamic} EXCEPTION WHEN others THEN NULL; END $$"),
        _ => format!(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 'orders') THEN {dynamic} END IF; END $$"
        ),
    })
}
