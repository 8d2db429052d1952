//! Collations, conversions and what text search is configured with, where a script or an extension made them.

use super::store::in_schema;
use super::{Oid, Provenance};
use crate::sql::ast::Name;

/// A collation (`pg_collation`).
#[derive(Clone, Debug)]
pub struct Collation {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// `collprovider`: `c` library, `i`cu, `b`uiltin, `d`efault.
    pub provider: char,
    /// Equal only if the bytes are.
    pub deterministic: bool,
    /// `LC_COLLATE`
    pub collate: Option<String>,
    /// `LC_CTYPE`
    pub ctype: Option<String>,
    /// `LOCALE` of ICU and the built-in provider.
    pub locale: Option<String>,
    /// `RULES` of ICU.
    pub rules: Option<String>,
    /// It is for all encodings (`collencoding` -1), as `C` and those of ICU are.
    pub any_encoding: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A conversion between encodings (`pg_conversion`).
#[derive(Clone, Debug)]
pub struct Conversion {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// From this encoding.
    pub from: Name,
    /// To this encoding.
    pub to: Name,
    /// The function that does the work.
    pub function: Oid,
    /// `DEFAULT`
    pub is_default: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A text search configuration (`pg_ts_config`).
#[derive(Clone, Debug)]
pub struct TsConfig {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// Its parser.
    pub parser: Oid,
    /// The dictionaries of each token type, by the name of the type.
    pub mappings: Vec<(Name, Vec<Oid>)>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

/// A text search dictionary (`pg_ts_dict`).
#[derive(Clone, Debug)]
pub struct TsDict {
    /// Its OID.
    pub oid: Oid,
    /// Its schema.
    pub schema: Oid,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Oid,
    /// Its template.
    pub template: Oid,
    /// Its options: the name, and the value as PostgreSQL keeps it (`'english'`).
    pub options: Vec<(Name, String)>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}

in_schema!(Collation, Conversion, TsConfig, TsDict);
