//! Extensions that the server does not have: their scripts as plain SQL.

use std::collections::BTreeSet;

use pgproof::catalog::builtin::{AvailableExtension, Builtins};
use pgproof::sql::ast::StatementKind;
use pgproof::sql::{Segment, parse};

/// What the script of an extension makes, as statements that every server takes: its functions in C are functions in
/// PL/pgSQL that do nothing.
pub fn stand_in(extension: &AvailableExtension, schema: &str) -> Option<String> {
    let script = extension.script?.replace("@extschema@", schema).replace("LANGUAGE c ", "LANGUAGE plpgsql ");
    let mut parts = script.split("AS '$libdir/");
    let mut sql = match schema {
        "pg_catalog" => String::new(),
        schema => format!("CREATE SCHEMA IF NOT EXISTS {schema};"),
    };
    sql.push_str(&format!("SET search_path = {schema};"));
    sql.push_str(parts.next()?);
    for part in parts {
        let (_library, rest) = part.split_once('\'')?;
        let declared = sql.rsplit("RETURNS ").next().unwrap_or_default();
        let no_value = ["void", "event_trigger", "SETOF", "TABLE"].iter().any(|word| declared.starts_with(word));
        sql.push_str(if no_value { "AS 'BEGIN RETURN; END'" } else { "AS 'BEGIN RETURN NULL; END'" });
        sql.push_str(rest);
    }
    sql.push_str("RESET search_path;");
    Some(sql)
}

/// A script with stand-ins for the extensions that do not come with PostgreSQL, as far as they are nothing but scripts.
/// `created` has the names of those that are there already.
pub fn with_stand_ins(script: &str, created: &mut BTreeSet<String>) -> String {
    let builtins = Builtins::for_version(15);
    let mut sql = String::new();
    let mut end = 0;
    for segment in parse(script) {
        let Segment::Statement(statement) = segment else { continue };
        let StatementKind::CreateExtension(create) = &statement.kind else { continue };
        let known = builtins.extension(&create.name);
        let known = known.filter(|extension| !extension.of_distribution && extension.members().is_empty());
        let Some(extension) = known else { continue };
        let schema = extension.schema.or(create.schema.as_deref()).unwrap_or("public");
        let Some(stand_in) = stand_in(&extension, schema) else { continue };
        let span = statement.span.range();
        sql.push_str(&script[end..span.start]);
        end = span.end;
        // Without IF NOT EXISTS the second one fails, here on what the first made.
        if created.insert(create.name.to_string()) || !create.if_not_exists {
            sql.push_str(stand_in.trim_end_matches(';'));
        }
    }
    sql + &script[end..]
}
