//! Procedural languages and transforms (`proclang.c`, `functioncmds.c: CreateTransform`).

use crate::catalog::{Object, Oid};
use crate::replay::{Exec, Replay, SqlError, lookup};

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

    /// `aclchk.c: ExecGrant_Language_check`
    pub(in crate::replay) fn check_trusted(&self, language: Oid) -> Exec {
        let Some(language) = self.catalog.language(language).filter(|l| !l.trusted) else { return Ok(()) };
        let error = SqlError::new("42809", format!("language \"{}\" is not trusted", language.name));
        let detail = "GRANT and REVOKE are not allowed on untrusted languages, because only superusers can use \
                      untrusted languages.";
        Err(error.detail(detail).into())
    }
}
