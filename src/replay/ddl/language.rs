//! Procedural languages and transforms (`proclang.c`, `functioncmds.c: CreateTransform`).

use crate::catalog::{Object, Oid};
use crate::replay::{Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{Name, Touches};

impl Replay {
    /// `proclang.c: get_language_oid`
    pub(in crate::replay) fn find_language(&self, name: &str) -> Exec<Oid> {
        match self.catalog.language_named(name) {
            Some(language) => Ok(language.oid),
            None => {
                let is_language = |object| matches!(object, Object::Language(_));
                self.missing_unplaced("language", name, is_language, lookup::maybe_undefined(&self.catalog))
            }
        }
    }

    /// The functions of a language follow its name. What is written in PostgreSQL's own languages is known by theirs.
    pub(in crate::replay) fn rename_language(&mut self, language: Oid, old: &Name, new: &Name) -> Exec {
        if language.is_builtin() {
            let reason = "renaming a language of PostgreSQL's own is not executed";
            return Err(Opaque::new(reason, Touches::Everything).into());
        }
        let functions: Vec<Oid> = self.catalog.functions().filter(|f| f.language == *old).map(|f| f.oid).collect();
        for function in functions {
            if let Some(function) = self.catalog.function_mut(function) {
                function.language = new.clone();
            }
        }
        Ok(())
    }

    /// `aclchk.c: ExecGrant_Language_check`
    pub(in crate::replay) fn check_trusted(&self, language: Oid) -> Exec {
        let Some(language) = self.catalog.language(language).filter(|l| !l.trusted) else { return Ok(()) };
        let error = SqlError::new("42809", format!("language \"{}\" is not trusted", language.name));
        let detail = "GRANT and REVOKE are not allowed on untrusted languages, because only superusers can use \
                      untrusted languages.";
        Err(error.detail(detail).into())
    }
}
