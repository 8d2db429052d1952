//! Extensions that the server does not have: their scripts as plain SQL.

use pgproof::catalog::builtin::{AvailableExtension, Builtins};

/// What the script of an extension makes, as statements that every server takes: its functions in C are functions in
/// PL/pgSQL that fail.
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
        sql.push_str("AS 'BEGIN RAISE EXCEPTION ''not here''; END'");
        sql.push_str(rest);
    }
    sql.push_str("RESET search_path;");
    Some(sql)
}

/// A platform's script with stand-ins for the extensions that do not come with PostgreSQL.
pub fn with_stand_ins(script: &str) -> String {
    let builtins = Builtins::for_version(15);
    let replace = |line: &str| {
        let (name, schema) = line.strip_prefix("CREATE EXTENSION ")?.strip_suffix(';')?.split_once(" WITH SCHEMA ")?;
        let extension = builtins.extension(name).filter(|extension| !extension.of_distribution)?;
        stand_in(&extension, schema)
    };
    script.lines().map(|line| replace(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}
