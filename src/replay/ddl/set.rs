//! SET and RESET (`guc_funcs.c: ExecSetVariableStmt`, `variable.c`).

mod value;

use crate::catalog::{Object, Oid};
use crate::replay::{About, Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{DropBehavior, SetValue, SetVariable};

impl Replay {
    pub(in crate::replay) fn set(&mut self, stmt: &SetVariable) -> Exec {
        let Some(written) = &stmt.name else {
            self.session.reset_all();
            return Ok(());
        };
        if stmt.value == SetValue::TransactionModes {
            return Ok(());
        }
        let name = written.to_ascii_lowercase();
        match name.as_str() {
            "role" => return self.set_role(&stmt.value, stmt.local),
            "session_authorization" => return self.set_session_authorization(&stmt.value, stmt.local),
            _ => {}
        }
        self.check_parameter(written)?;
        match &stmt.value {
            SetValue::Values(values) => {
                self.check_setting(written, values)?;
                let value = self.setting_text(&name, values);
                self.session.set(&name, Some(value), stmt.local);
            }
            SetValue::Default => self.session.set(&name, None, stmt.local),
            // Of a session's own SET it means what is there already.
            SetValue::Current | SetValue::TransactionModes => {}
        }
        Ok(())
    }

    /// `discard.c: DiscardCommand`
    pub(in crate::replay) fn discard(&mut self, all: bool, temp: bool, cx: &Context) -> Exec {
        if all {
            let user = self.session.authenticated_user;
            self.session.set_roles(user, user, false);
            self.session.reset_all();
            self.session.prepared.clear();
        }
        if let Some(schema) = self.session.temp_schema.filter(|_| temp) {
            let objects: Vec<Object> = self.catalog.relations_in(schema).map(|r| Object::Relation(r.oid)).collect();
            self.delete_objects(&objects, DropBehavior::Cascade, cx)?;
        }
        Ok(())
    }

    /// The value as it is stored: a list of names has each of them quoted where it must be
    /// (`guc_funcs.c: flatten_set_variable_args`).
    pub(in crate::replay) fn setting_text(&self, name: &str, values: &[String]) -> String {
        let quoted = |value: &String| match name {
            "search_path" => self.catalog.quote_identifier(value).into_owned(),
            _ => value.clone(),
        };
        values.iter().map(quoted).collect::<Vec<_>>().join(", ")
    }

    /// The parameter must exist; a name with a dot makes a custom one (`guc.c: find_option`).
    pub(in crate::replay) fn check_parameter(&mut self, name: &str) -> Exec {
        // `pg_settings` leaves these out.
        match name.to_ascii_lowercase().as_str() {
            "seed" => return Ok(()),
            "is_superuser" => {
                return Err(SqlError::new("55P02", "parameter \"is_superuser\" cannot be changed").into());
            }
            _ => {}
        }
        if let Some(parameter) = self.catalog.builtins().parameter(name) {
            let problem = match parameter.context {
                "internal" => "cannot be changed",
                "postmaster" => "cannot be changed without restarting the server",
                "sighup" => "cannot be changed now",
                "backend" | "superuser-backend" => "cannot be set after connection start",
                _ => return Ok(()),
            };
            return Err(SqlError::new("55P02", format!("parameter \"{}\" {problem}", parameter.name)).into());
        }
        let identifier = |part: &str| {
            let start = part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii());
            start && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii())
        };
        if !name.contains('.') {
            let message = format!("unrecognized configuration parameter \"{name}\"");
            return Err(SqlError::new("42704", message).into());
        }
        if !name.split('.').all(identifier) {
            let error = SqlError::new("42602", format!("invalid configuration parameter name \"{name}\""));
            let detail = "Custom parameter names must be two or more simple identifiers separated by dots.";
            return Err(error.detail(detail).into());
        }
        self.session.add_placeholder(&name.to_ascii_lowercase());
        Ok(())
    }

    /// SHOW (`guc.c: GetConfigOptionByName`); nothing is ALL.
    pub(in crate::replay) fn show(&self, name: &str) -> Exec {
        // Those that `pg_settings` leaves out (`GUC_NO_SHOW_ALL`).
        let hidden = ["all", "role", "session_authorization", "is_superuser", "seed"];
        let lower = name.to_ascii_lowercase();
        let known = hidden.contains(&lower.as_str()) || self.catalog.builtins().parameter(name).is_some();
        if known || self.session.setting(&lower).is_some() {
            return Ok(());
        }
        if self.session.was_set(&lower) {
            return Ok(());
        }
        Err(SqlError::new("42704", format!("unrecognized configuration parameter \"{name}\"")).into())
    }

    /// `SET ROLE`, `RESET ROLE` (`variable.c: check_role`); `NONE` is the session's user.
    fn set_role(&mut self, value: &SetValue, local: bool) -> Exec {
        let user = self.session.session_user;
        let role = match one(value) {
            None | Some("none") => user,
            Some(name) => self.role_setting(name)?,
        };
        if !self.is_superuser(user) && !self.can_set_role(user, role) {
            let message = format!("permission denied to set role \"{}\"", self.catalog.role_name(role));
            return Err(SqlError::new("42501", message).into());
        }
        self.session.set_roles(user, role, local);
        Ok(())
    }

    /// `SET SESSION AUTHORIZATION` (`variable.c: check_session_authorization`); DEFAULT is the user that logged in.
    fn set_session_authorization(&mut self, value: &SetValue, local: bool) -> Exec {
        let authenticated = self.session.authenticated_user;
        let user = match one(value) {
            None => authenticated,
            Some(name) => self.role_setting(name)?,
        };
        if user != authenticated && !self.is_superuser(authenticated) {
            let name = self.catalog.role_name(user);
            let message = if self.catalog.version() >= 16 {
                format!("permission denied to set session authorization \"{name}\"")
            } else {
                "permission denied to set session authorization".to_owned()
            };
            return Err(SqlError::new("42501", message).into());
        }
        self.session.set_roles(user, user, local);
        Ok(())
    }

    /// A role that is the value of a parameter: where it is missing, the value is invalid (22023).
    fn role_setting(&self, name: &str) -> Exec<Oid> {
        lookup::role(&self.catalog, name).map_err(|stop| match stop {
            Stop::Error(error) => {
                let error = SqlError { sqlstate: crate::replay::SqlState::new("22023"), ..*error };
                error.about(About::Role(name.to_owned())).into()
            }
            Stop::Opaque(opaque) => Stop::Opaque(opaque),
        })
    }
}

/// The only value; nothing is DEFAULT.
fn one(value: &SetValue) -> Option<&str> {
    match value {
        SetValue::Values(values) => values.first().map(String::as_str),
        SetValue::Default | SetValue::Current | SetValue::TransactionModes => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::PUBLIC_SCHEMA;

    fn set(replay: &mut Replay, name: &str, values: &[&str]) -> Exec {
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        replay.set(&SetVariable { name: Some(name.to_owned()), local: false, value: SetValue::Values(values) })
    }

    #[test]
    fn search_path_reads_back_as_it_was_set() {
        let mut replay = Replay::new(15);
        set(&mut replay, "search_path", &["a,b", "$user", "public"]).expect("a parameter that exists");
        assert_eq!(replay.session.setting("search_path"), Some("\"a,b\", \"$user\", public"));
        assert_eq!(replay.session.explicit_path(&replay.catalog), [PUBLIC_SCHEMA]);
        set(&mut replay, "search_path", &[""]).expect("a parameter that exists");
        assert!(replay.session.explicit_path(&replay.catalog).is_empty());
    }

    #[test]
    fn parameters_must_exist() {
        let mut replay = Replay::new(15);
        let state = |result: Exec| match result {
            Err(Stop::Error(error)) => error.sqlstate.as_str().to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(state(set(&mut replay, "foo", &["1"])), "42704");
        assert_eq!(state(set(&mut replay, "foo.1", &["1"])), "42602");
        assert_eq!(state(set(&mut replay, "server_version", &["1"])), "55P02");
        assert_eq!(state(set(&mut replay, "role", &["nosuch"])), "22023");
        assert_eq!(set(&mut replay, "app.user", &["1"]), Ok(()));
    }
}
