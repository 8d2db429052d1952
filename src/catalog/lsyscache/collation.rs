//! Collations (`pg_collation`).

use super::{Catalog, Oid};
use crate::catalog::{BOOTSTRAP_ROLE, Column, PG_CATALOG, type_oid as t};

/// A row of `pg_collation`, whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollationInfo<'a> {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub schema: Oid,
    /// Its owner.
    pub owner: Oid,
    /// `collprovider`: `d`efault, C library, `i`cu, `b`uiltin.
    pub provider: char,
    /// Equal only if the bytes are.
    pub deterministic: bool,
}

impl Catalog {
    /// The collation of that number.
    pub fn collation_info(&self, oid: Oid) -> Option<CollationInfo<'_>> {
        if let Some(user) = self.collation(oid) {
            return Some(CollationInfo {
                oid,
                name: &user.name,
                schema: user.schema,
                owner: user.owner,
                provider: user.provider,
                deterministic: user.deterministic,
            });
        }
        self.builtins().collation_by_oid(oid).map(|collation| CollationInfo {
            oid: collation.oid,
            name: collation.name,
            schema: PG_CATALOG,
            owner: BOOTSTRAP_ROLE,
            provider: collation.provider,
            deterministic: collation.deterministic,
        })
    }

    /// The collation of that name in a schema (`namespace.c: lookup_collation`).
    pub fn collation_in(&self, schema: Oid, name: &str) -> Option<Oid> {
        let builtin = (schema == PG_CATALOG).then(|| self.builtins().collation(name)).flatten();
        builtin.map(|c| c.oid).or_else(|| self.collations_of_name(schema, name).next().map(|c| c.oid))
    }

    /// The collation of a column's values (`attcollation`).
    pub fn column_collation(&self, column: &Column) -> Oid {
        column.collation.unwrap_or_else(|| self.type_collation(column.ty.oid))
    }

    /// A collation of PostgreSQL's own.
    pub(super) fn builtin_collation(&self, name: &str) -> Oid {
        match name {
            "default" => t::DEFAULT_COLLATION,
            "C" => t::C_COLLATION,
            name => self.builtins().collation(name).map_or(Oid::INVALID, |c| c.oid),
        }
    }
}

/// Text search configurations and dictionaries.
impl Catalog {
    /// Schema and name of a text search configuration.
    pub fn ts_config_name(&self, oid: Oid) -> Option<(Oid, &str)> {
        match self.ts_config(oid) {
            Some(user) => Some((user.schema, &user.name)),
            None => self.builtins().text_search_name("ts_configuration", oid).map(|name| (PG_CATALOG, name)),
        }
    }

    /// The text search configuration of that name in a schema.
    pub fn ts_config_in(&self, schema: Oid, name: &str) -> Option<Oid> {
        let builtin = (schema == PG_CATALOG).then(|| self.builtins().text_search_oid("ts_configuration", name));
        builtin.flatten().or_else(|| self.ts_configs_of_name(schema, name).next().map(|c| c.oid))
    }

    /// Schema and name of a text search dictionary.
    pub fn ts_dict_name(&self, oid: Oid) -> Option<(Oid, &str)> {
        match self.ts_dict(oid) {
            Some(user) => Some((user.schema, &user.name)),
            None => self.builtins().text_search_name("ts_dictionary", oid).map(|name| (PG_CATALOG, name)),
        }
    }

    /// The text search dictionary of that name in a schema.
    pub fn ts_dict_in(&self, schema: Oid, name: &str) -> Option<Oid> {
        let builtin = (schema == PG_CATALOG).then(|| self.builtins().text_search_oid("ts_dictionary", name));
        builtin.flatten().or_else(|| self.ts_dicts_of_name(schema, name).next().map(|d| d.oid))
    }

    /// The text search parser of that name, which are PostgreSQL's own only.
    pub fn ts_parser_in(&self, schema: Oid, name: &str) -> Option<Oid> {
        (schema == PG_CATALOG).then(|| self.builtins().text_search_oid("ts_parser", name)).flatten()
    }

    /// Schema and name of a text search parser.
    pub fn ts_parser_name(&self, oid: Oid) -> Option<(Oid, &str)> {
        self.builtins().text_search_name("ts_parser", oid).map(|name| (PG_CATALOG, name))
    }

    /// Schema and name of a text search template.
    pub fn ts_template_name(&self, oid: Oid) -> Option<(Oid, &str)> {
        if let Some(name) = self.builtins().text_search_name("ts_template", oid) {
            return Some((PG_CATALOG, name));
        }
        let dict = self.ts_dict(oid)?;
        let of_extension = EXTENSION_DICTIONARIES.iter().find(|d| dict.name == d.name)?;
        Some((dict.schema, of_extension.template))
    }

    /// The text search template of that name. Those of extensions have no record: the dictionary that comes with one
    /// stands for it.
    pub fn ts_template_in(&self, schema: Oid, name: &str) -> Option<Oid> {
        let builtin = (schema == PG_CATALOG).then(|| self.builtins().text_search_oid("ts_template", name));
        builtin.flatten().or_else(|| {
            let of_extension = EXTENSION_DICTIONARIES.iter().find(|d| d.template == name)?;
            let dict = self.ts_dicts_of_name(schema, of_extension.name).find(|d| d.template == d.oid)?;
            Some(dict.oid)
        })
    }
}

/// A text search dictionary that an extension makes.
pub struct ExtensionDictionary {
    /// The extension.
    pub extension: &'static str,
    /// The dictionary.
    pub name: &'static str,
    /// Its template.
    pub template: &'static str,
    /// Its options.
    pub options: &'static [(&'static str, &'static str)],
}

/// Those of PostgreSQL's own extensions.
pub const EXTENSION_DICTIONARIES: [ExtensionDictionary; 3] = [
    ExtensionDictionary {
        extension: "unaccent",
        name: "unaccent",
        template: "unaccent",
        options: &[("rules", "'unaccent'")],
    },
    ExtensionDictionary { extension: "dict_int", name: "intdict", template: "intdict_template", options: &[] },
    ExtensionDictionary { extension: "dict_xsyn", name: "xsyn", template: "xsyn_template", options: &[] },
];
