//! The session: who it is, its settings, its path (`guc_funcs.c`, `namespace.c`, `miscinit.c`).

use super::{Scalar, such_arguments};
use crate::catalog::type_oid as t;
use crate::replay::query::Value;
use crate::replay::query::run::Run;
use crate::replay::session::matters;
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{SetValue, SetVariable};

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("current_user", |run, _| Ok(Value::name(run.view.catalog.role_name(run.view.current_user)))),
    ("session_user", |run, _| Ok(Value::name(run.view.catalog.role_name(run.view.session_user)))),
    ("current_database", |run, _| Ok(run.view.database())),
    ("current_catalog", |run, _| Ok(run.view.database())),
    ("current_schema", |run, _| {
        let first = run.view.session.explicit_path(&run.view.catalog).first().copied();
        Ok(Value::or_null(first, |schema| Value::name(run.view.catalog.schema_name(schema))))
    }),
    ("current_schemas", |run, args| match args {
        [Value::Bool(implicit)] => {
            let view = &run.view;
            let path = if *implicit { view.path.clone() } else { view.session.explicit_path(&view.catalog).into() };
            Ok(Value::array(t::NAME, path.iter().map(|&s| Value::name(view.catalog.schema_name(s))).collect()))
        }
        _ => such_arguments("current_schemas"),
    }),
    ("pg_advisory_lock", |_, _| Ok(Value::Null)),
    ("pg_advisory_xact_lock", |_, _| Ok(Value::Null)),
];

/// They decide themselves about values that are not known.
pub(super) const RAW: &[(&str, Scalar)] = &[("set_config", set_config), ("current_setting", current_setting)];

/// `set_config(name, value, is_local)`: what SET does.
fn set_config(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let [name, value, local] = args else { return such_arguments("set_config") };
    let name = match name {
        Value::Unknowable(reason) => return Err(unknown_setting(reason)),
        Value::Null => return Err(SqlError::new("22004", "SET requires parameter name").into()),
        name => run.text(name)?.unwrap_or_default(),
    };
    let local = match local {
        Value::Bool(local) => *local,
        Value::Unknowable(reason) => return Err(unknown_setting(reason)),
        _ => false,
    };
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "role" | "session_authorization") {
        let written = match value {
            Value::Unknowable(reason) => return Err(unknown_setting(reason)),
            Value::Null => None,
            value => run.text(value)?,
        };
        let set = written.clone().map_or(SetValue::Default, |value| SetValue::Values(vec![value]));
        run.replay.set(&SetVariable { name: Some(name), value: set, local })?;
        run.refresh();
        return Ok(written.map_or(Value::Null, Value::text));
    }
    run.replay.check_parameter(&name)?;
    let result = match value {
        Value::Unknowable(reason) if matters(&lower) => return Err(unknown_setting(reason)),
        Value::Unknowable(reason) => {
            run.replay.session.set(&lower, None, local);
            Value::Unknowable(reason.clone())
        }
        Value::Null => {
            run.replay.session.set(&lower, None, local);
            Value::Null
        }
        value => {
            let text = run.text(value)?.unwrap_or_default();
            run.replay.check_setting(&name, std::slice::from_ref(&text))?;
            run.replay.session.set(&lower, Some(text.clone()), local);
            Value::text(text)
        }
    };
    run.refresh();
    Ok(result)
}

fn unknown_setting(reason: &crate::replay::value::Reason) -> crate::replay::Stop {
    use crate::replay::Opaque;
    let opaque = Opaque::new(reason.text.to_string(), crate::sql::ast::Touches::Everything);
    Opaque { undecided: reason.data, ..opaque }.into()
}

/// `current_setting(name [, missing_ok])`
fn current_setting(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    if let Some(reason) = args.iter().find_map(Value::unknowable) {
        return Ok(Value::Unknowable(reason.clone()));
    }
    if args.iter().any(Value::is_null) {
        return Ok(Value::Null);
    }
    let (name, missing_ok) = match args {
        [name] => (name, false),
        [name, Value::Bool(missing_ok)] => (name, *missing_ok),
        _ => return such_arguments("current_setting"),
    };
    let name = run.text(name)?.unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    if let Some(value) = run.view.session.setting(&lower) {
        return Ok(Value::text(value));
    }
    match lower.as_str() {
        "search_path" => return Ok(Value::text("\"$user\", public")),
        // The minor version is not known; nobody asks for it in a migration.
        "server_version_num" => return Ok(Value::text(format!("{}0000", run.view.catalog.version()))),
        "role" => {
            let session = &run.view.session;
            let set = session.current_user != session.session_user;
            return Ok(Value::text(if set { run.view.catalog.role_name(session.current_user) } else { "none" }));
        }
        "session_authorization" => return Ok(Value::text(run.view.catalog.role_name(run.view.session.session_user))),
        "session_replication_role" => return Ok(Value::text("origin")),
        // `miscinit.c: SetCurrentRoleId`
        "is_superuser" => {
            let superuser = run.replay.is_superuser(run.view.session.current_user);
            return Ok(Value::text(if superuser { "on" } else { "off" }));
        }
        // `variable.c: show_random_seed`
        "seed" => return Ok(Value::text("unavailable")),
        _ => {}
    }
    if run.view.catalog.builtins().parameter(&lower).is_some() {
        return Ok(Value::unknown_data(format!("the server's setting of {lower} is not known")));
    }
    // One that was set in this session and is no more has an empty value (`guc.c: add_placeholder_variable`).
    if run.view.session.was_set(&lower) {
        return Ok(Value::text(""));
    }
    if missing_ok {
        return Ok(Value::Null);
    }
    Err(SqlError::new("42704", format!("unrecognized configuration parameter \"{name}\"")).into())
}
