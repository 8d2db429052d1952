//! Lists of options of foreign-data wrappers, servers, foreign tables and their columns.

use super::validate;
use crate::catalog::{FunctionBody, Oid};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError};
use crate::sql::ast::{DefAction, DefElem, DefValue, Name, Touches};

/// What the options are of: the system catalog that a validator is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Wrapper,
    Server,
    Table,
    Column,
}

/// Options by name.
pub(super) type Options = Vec<(Name, String)>;

impl Replay {
    /// The options after ADD, SET and DROP, which the validator accepts (`foreigncmds.c: transformGenericOptions`).
    pub(super) fn generic_options(
        &mut self,
        of: Of,
        old: &[(Name, String)],
        written: &[DefElem],
        validator: Oid,
        cx: &Context,
    ) -> Exec<Options> {
        let mut options: Options = old.to_vec();
        for option in written {
            let at = options.iter().position(|(name, _)| *name == option.name);
            let not_found = || SqlError::new("42704", format!("option \"{}\" not found", option.name));
            match (option.action, at) {
                (DefAction::Drop, Some(at)) => {
                    options.remove(at);
                }
                (DefAction::Set, Some(at)) => options[at].1 = text(option),
                (DefAction::Drop | DefAction::Set, None) => return Err(not_found().into()),
                (DefAction::Add | DefAction::Unspecified, None) => options.push((option.name.clone(), text(option))),
                (DefAction::Add | DefAction::Unspecified, Some(_)) => {
                    let message = format!("option \"{}\" provided more than once", option.name);
                    return Err(SqlError::new("42710", message).into());
                }
            }
        }
        self.validate(validator, of, &options, cx)?;
        Ok(options)
    }

    /// Calls the validator. Those of PostgreSQL's distribution are known; others that are of an extension are taken to
    /// accept what a migration gives them, as its author saw them do.
    fn validate(&mut self, validator: Oid, of: Of, options: &[(Name, String)], cx: &Context) -> Exec {
        if validator == Oid::INVALID {
            return Ok(());
        }
        let Some(info) = self.catalog.function_info(validator) else { return Ok(()) };
        let (name, builtin) = (Name::from(info.name()), validator.is_builtin());
        let native = self.catalog.function(validator).is_none_or(|f| matches!(f.body, FunctionBody::Native(_)));
        match name.as_str() {
            "postgresql_fdw_validator" if builtin => validate::postgresql(self.catalog.version(), of, options),
            "postgres_fdw_validator" if native => validate::postgres_fdw(self, of, options, cx),
            "file_fdw_validator" if native => validate::file_fdw(self, of, options),
            "dblink_fdw_validator" if native => validate::dblink(self.catalog.version(), of, options),
            _ if native => Ok(()),
            _ => {
                let reason = format!("the validator {name}() of a foreign-data wrapper is not run");
                Err(Opaque::new(reason, Touches::Nothing).into())
            }
        }
    }
}

fn text(option: &DefElem) -> String {
    match &option.value {
        Some(DefValue::String(text)) => text.clone(),
        _ => String::new(),
    }
}
