//! How a column is stored (`tablecmds.c: GetAttributeStorage, GetAttributeCompression`).

use crate::catalog::{Oid, TypeRef};
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::Name;

impl Replay {
    /// The storage that a column of this type can have.
    pub(super) fn check_storage(&self, ty: Oid, storage: &Name) -> Exec {
        let known = match storage.as_str() {
            "plain" | "external" | "extended" | "main" => true,
            "default" => self.catalog.version() >= 16,
            _ => false,
        };
        if !known {
            return Err(SqlError::new("22023", format!("invalid storage type \"{storage}\"")).into());
        }
        if matches!(storage.as_str(), "external" | "extended" | "main") && !self.is_toastable(ty) {
            let message = format!("column data type {} can only have storage PLAIN", self.stored_type(ty));
            return Err(SqlError::new("0A000", message).into());
        }
        Ok(())
    }

    /// The compression that a column of this type can have; nothing for the default, which every type has.
    pub(super) fn compression_of(&self, ty: Oid, method: Option<&Name>) -> Exec<Option<Name>> {
        let Some(method) = method.filter(|method| *method != "default") else { return Ok(None) };
        if !self.is_toastable(ty) {
            let message = format!("column data type {} does not support compression", self.stored_type(ty));
            return Err(SqlError::new("0A000", message).into());
        }
        match method.as_str() {
            "pglz" | "lz4" => Ok(Some(method.clone())),
            _ => Err(SqlError::new("22023", format!("invalid compression method \"{method}\"")).into()),
        }
    }

    /// `lsyscache.h: TypeIsToastable`
    fn is_toastable(&self, ty: Oid) -> bool {
        self.catalog.type_info(ty).is_none_or(|info| info.storage != 'p')
    }

    fn stored_type(&self, ty: Oid) -> String {
        self.catalog.format_type(TypeRef::plain(ty), &self.path())
    }
}
