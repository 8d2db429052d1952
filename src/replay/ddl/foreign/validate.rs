//! The validators of PostgreSQL's own foreign-data wrappers: which options there are, and what their values may be.

use super::options::Of;
use crate::replay::{Context, Exec, Notice, Replay, SqlError};
use crate::sql::ast::Name;

/// An option, and the first version that has it.
type Known = (&'static str, u32);

/// Those of libpq's that say where to connect to, as `fe-connect.c: PQconninfoOptions` lists them, without `user`,
/// secrets and `fallback_application_name`, which comes after these and not everybody takes.
const LIBPQ: &[Known] = &[
    ("service", 0),
    ("passfile", 0),
    ("channel_binding", 0),
    ("connect_timeout", 0),
    ("dbname", 0),
    ("host", 0),
    ("hostaddr", 0),
    ("port", 0),
    ("options", 0),
    ("application_name", 0),
];

/// The others.
const LIBPQ_MORE: &[Known] = &[
    ("keepalives", 0),
    ("keepalives_idle", 0),
    ("keepalives_interval", 0),
    ("keepalives_count", 0),
    ("tcp_user_timeout", 0),
    ("sslmode", 0),
    ("sslcompression", 0),
    ("sslcert", 0),
    ("sslkey", 0),
    ("sslcertmode", 16),
    ("sslrootcert", 0),
    ("sslcrl", 0),
    ("sslcrldir", 0),
    ("sslsni", 0),
    ("sslnegotiation", 17),
    ("requirepeer", 0),
    ("require_auth", 16),
    ("min_protocol_version", 18),
    ("max_protocol_version", 18),
    ("ssl_min_protocol_version", 0),
    ("ssl_max_protocol_version", 0),
    ("gssencmode", 0),
    ("krbsrvname", 0),
    ("gsslib", 0),
    ("gssdelegation", 16),
    ("target_session_attrs", 0),
    ("load_balance_hosts", 16),
];

/// `postgres_fdw/option.c: non_libpq_options`
const POSTGRES_SERVER: &[Known] = &[
    ("use_remote_estimate", 0),
    ("fdw_startup_cost", 0),
    ("fdw_tuple_cost", 0),
    ("extensions", 0),
    ("updatable", 0),
    ("truncatable", 0),
    ("fetch_size", 0),
    ("batch_size", 0),
    ("async_capable", 0),
    ("parallel_commit", 15),
    ("parallel_abort", 16),
    ("keep_connections", 0),
    ("analyze_sampling", 16),
    ("use_scram_passthrough", 18),
];

const POSTGRES_TABLE: &[Known] = &[
    ("schema_name", 0),
    ("table_name", 0),
    ("use_remote_estimate", 0),
    ("updatable", 0),
    ("truncatable", 0),
    ("fetch_size", 0),
    ("batch_size", 0),
    ("async_capable", 0),
    ("analyze_sampling", 16),
];

const POSTGRES_COLUMN: &[Known] = &[("column_name", 0)];

/// `foreign.c: libpq_conninfo_options`
const POSTGRESQL_SERVER: &[Known] = &[
    ("authtype", 0),
    ("service", 0),
    ("connect_timeout", 0),
    ("dbname", 0),
    ("host", 0),
    ("hostaddr", 0),
    ("port", 0),
    ("tty", 0),
    ("options", 0),
    ("requiressl", 0),
    ("sslmode", 0),
    ("gsslib", 0),
    ("gssdelegation", 16),
];

/// `file_fdw.c: valid_options`
const FILE_TABLE: &[Known] = &[
    ("filename", 0),
    ("program", 0),
    ("format", 0),
    ("header", 0),
    ("delimiter", 0),
    ("quote", 0),
    ("escape", 0),
    ("null", 0),
    ("default", 16),
    ("encoding", 0),
    ("on_error", 18),
    ("log_verbosity", 18),
    ("reject_limit", 18),
];

const FILE_COLUMN: &[Known] = &[("force_not_null", 0), ("force_null", 0)];

/// The error for an option that does not exist where it is given; before 16 the hint lists all that do.
fn check_names(sqlstate: &'static str, version: u32, known: &[&[Known]], options: &[(Name, String)]) -> Exec {
    for (name, _) in options {
        check_name(sqlstate, version, known, name)?;
    }
    Ok(())
}

fn check_name(sqlstate: &'static str, version: u32, known: &[&[Known]], name: &str) -> Exec {
    let mut all = known.iter().copied().flatten().filter(|(_, since)| version >= *since).map(|(name, _)| *name);
    if all.clone().any(|known| known == name) {
        return Ok(());
    }
    let error = SqlError::new(sqlstate, format!("invalid option \"{name}\""));
    if all.next().is_none() {
        return Err(error.hint("There are no valid options in this context.").into());
    }
    if version >= 16 {
        return Err(error.into());
    }
    let all = known.iter().copied().flatten().filter(|(_, since)| version >= *since).map(|(name, _)| *name);
    let hint = format!("Valid options in this context are: {}", all.collect::<Vec<_>>().join(", "));
    Err(error.hint(hint).into())
}

/// `foreign.c: postgresql_fdw_validator`
pub(super) fn postgresql(version: u32, of: Of, options: &[(Name, String)]) -> Exec {
    let known: &[&[Known]] = match of {
        Of::Server => &[POSTGRESQL_SERVER],
        Of::Wrapper | Of::Table | Of::Column => &[],
    };
    check_names("42601", version, known, options)
}

/// `dblink.c: dblink_fdw_validator`
pub(super) fn dblink(version: u32, of: Of, options: &[(Name, String)]) -> Exec {
    const FALLBACK: &[Known] = &[("fallback_application_name", 0)];
    const OWN: &[Known] = &[("use_scram_passthrough", 18)];
    let known: &[&[Known]] = match of {
        Of::Server => &[LIBPQ, FALLBACK, LIBPQ_MORE, OWN],
        Of::Wrapper | Of::Table | Of::Column => &[],
    };
    // ERRCODE_FDW_OPTION_NAME_NOT_FOUND
    check_names("HV00J", version, known, options)
}

/// `postgres_fdw/option.c: postgres_fdw_validator`
pub(super) fn postgres_fdw(replay: &mut Replay, of: Of, options: &[(Name, String)], cx: &Context) -> Exec {
    let known: &[&[Known]] = match of {
        Of::Wrapper => &[],
        Of::Server => &[LIBPQ, LIBPQ_MORE, POSTGRES_SERVER],
        Of::Table => &[POSTGRES_TABLE],
        Of::Column => &[POSTGRES_COLUMN],
    };
    let invalid = |message: String| Err(SqlError::new("22023", message).into());
    for (name, value) in options {
        check_name("HV00D", replay.catalog.version(), known, name)?;
        match name.as_str() {
            "use_remote_estimate"
            | "updatable"
            | "truncatable"
            | "async_capable"
            | "parallel_commit"
            | "parallel_abort"
            | "keep_connections"
            | "use_scram_passthrough" => check_boolean(name, value)?,
            "fdw_startup_cost" | "fdw_tuple_cost" => match value.trim().parse::<f64>() {
                Ok(cost) if cost < 0.0 => {
                    return invalid(format!("\"{name}\" must be a floating point value greater than or equal to zero"));
                }
                Ok(_) => {}
                Err(_) => return invalid(format!("invalid value for floating point option \"{name}\": {value}")),
            },
            "fetch_size" | "batch_size" => match value.trim().parse::<i32>() {
                Ok(size) if size <= 0 => {
                    return invalid(format!("\"{name}\" must be an integer value greater than zero"));
                }
                Ok(_) => {}
                Err(_) => return invalid(format!("invalid value for integer option \"{name}\": {value}")),
            },
            "analyze_sampling" if !matches!(value.as_str(), "off" | "random" | "system" | "bernoulli" | "auto") => {
                return invalid(format!("invalid value for string option \"{name}\": {value}"));
            }
            "extensions" => {
                for extension in crate::replay::split_identifiers(value) {
                    if replay.catalog.extension_named(&extension).is_none() {
                        let message = format!("extension \"{extension}\" is not installed");
                        replay.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// `file_fdw.c: file_fdw_validator`, with what COPY says of the options that are its own (`copy.c: ProcessCopyOptions`).
pub(super) fn file_fdw(replay: &Replay, of: Of, options: &[(Name, String)]) -> Exec {
    let version = replay.catalog.version();
    let known: &[&[Known]] = match of {
        Of::Wrapper | Of::Server => &[],
        Of::Table => &[FILE_TABLE],
        Of::Column => &[FILE_COLUMN],
    };
    let mut source = false;
    for (name, value) in options {
        check_name("HV00D", version, known, name)?;
        match name.as_str() {
            "filename" | "program" if std::mem::replace(&mut source, true) => {
                return Err(SqlError::new("42601", "conflicting or redundant options").into());
            }
            "filename" => may_read(replay, name, "pg_read_server_files")?,
            "program" => may_read(replay, name, "pg_execute_server_program")?,
            "force_not_null" | "force_null" => check_boolean(name, value)?,
            _ => {}
        }
    }
    check_copy_options(version, options)?;
    if of == Of::Table && !source {
        let message = "either filename or program is required for file_fdw foreign tables";
        // ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED
        return Err(SqlError::new("HV002", message).into());
    }
    Ok(())
}

fn may_read(replay: &Replay, option: &str, role: &str) -> Exec {
    let has = replay.catalog.role_named(role).is_none_or(|role| replay.has_rights_of(role.oid));
    if has {
        return Ok(());
    }
    if replay.catalog.version() >= 16 {
        let message = format!("permission denied to set the \"{option}\" option of a file_fdw foreign table");
        let detail = format!("Only roles with privileges of the \"{role}\" role may set this option.");
        return Err(SqlError::new("42501", message).detail(detail).into());
    }
    let message = format!(
        "only superuser or a role with privileges of the {role} role may specify the {option} option of a file_fdw \
         foreign table"
    );
    Err(SqlError::new("42501", message).into())
}

fn check_copy_options(version: u32, options: &[(Name, String)]) -> Exec {
    let given = |wanted: &str| options.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    if let Some(format) = given("format").filter(|format| !matches!(*format, "text" | "csv" | "binary")) {
        return Err(SqlError::new("22023", format!("COPY format \"{format}\" not recognized")).into());
    }
    if let Some(header) = given("header")
        && !(version >= 15 && header.eq_ignore_ascii_case("match"))
        && check_boolean("header", header).is_err()
    {
        let or_match = if version >= 15 { " or \"match\"" } else { "" };
        return Err(SqlError::new("42601", format!("header requires a Boolean value{or_match}")).into());
    }
    let unsupported = |message: String| Err(SqlError::new("0A000", message).into());
    if given("delimiter").is_some_and(|delimiter| delimiter.len() != 1) {
        return unsupported("COPY delimiter must be a single one-byte character".to_owned());
    }
    for option in ["quote", "escape"] {
        let Some(value) = given(option) else { continue };
        if given("format") != Some("csv") {
            return unsupported(if version >= 17 {
                format!("COPY {} requires CSV mode", option.to_uppercase())
            } else {
                format!("COPY {option} available only in CSV mode")
            });
        }
        if value.len() != 1 {
            return unsupported(format!("COPY {option} must be a single one-byte character"));
        }
    }
    Ok(())
}

/// `define.c: defGetBoolean` of a text
fn check_boolean(name: &str, value: &str) -> Exec {
    match value.to_ascii_lowercase().as_str() {
        "true" | "false" | "on" | "off" => Ok(()),
        _ => Err(SqlError::new("42601", format!("{name} requires a Boolean value")).into()),
    }
}
