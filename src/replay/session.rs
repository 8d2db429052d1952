//! The state of a session: who it is, its settings, its search_path.

use std::sync::{Arc, Mutex, PoisonError};

use imbl::{OrdMap, OrdSet};

use crate::catalog::{Catalog, Namespace, Oid, PG_CATALOG};
use crate::expr::datum::DateOrder;
use crate::sql::ast::Name;

/// A session. Cloned with the catalog at every savepoint, because settings roll back as well.
#[derive(Clone, Debug)]
pub struct Session {
    /// The role that logged in, or was set by SET SESSION AUTHORIZATION.
    pub session_user: Oid,
    /// The role that privileges and ownership go by.
    pub current_user: Oid,
    /// The role that logged in, whatever SET SESSION AUTHORIZATION made of it.
    pub authenticated_user: Oid,
    /// The roles before SET LOCAL changed them: the session's and the current one.
    local_roles: Option<(Oid, Oid)>,
    /// Settings that differ from the server's defaults, by lower-case name.
    settings: OrdMap<Name, String>,
    /// Settings as the session began, for RESET.
    defaults: OrdMap<Name, String>,
    /// Settings made by SET LOCAL, which end with the transaction: the value before.
    local: OrdMap<Name, Option<String>>,
    /// Parameters of applications that were set at any time in this session, in what was rolled back too.
    placeholders: OrdSet<Name>,
    /// The names in `search_path`; nothing if the server's default holds.
    search_path: Option<Arc<[Name]>>,
    /// The schema of temporary objects, once there is one.
    pub temp_schema: Option<Oid>,
    /// Temporary tables that go when the transaction commits.
    pub drop_at_commit: Vec<Oid>,
    /// The statements that PREPARE made.
    pub(super) prepared: OrdMap<Name, Arc<super::prepare::Prepared>>,
    /// The path that was found last.
    found: FoundPath,
}

/// The schemas of a path, and what they were found from (`namespace.c: baseSearchPathValid`).
#[derive(Debug, Default)]
struct FoundPath(Mutex<Option<(PathSource, Arc<[Oid]>)>>);

impl Clone for FoundPath {
    fn clone(&self) -> FoundPath {
        FoundPath::default()
    }
}

/// All that a path depends on.
#[derive(Debug)]
struct PathSource {
    names: Option<Arc<[Name]>>,
    user: Oid,
    temp_schema: Option<Oid>,
    namespace: Namespace,
}

impl Session {
    /// A session of `user` with the settings that its database and role give it.
    pub fn new(user: Oid) -> Session {
        Session {
            session_user: user,
            current_user: user,
            authenticated_user: user,
            local_roles: None,
            settings: OrdMap::new(),
            defaults: OrdMap::new(),
            local: OrdMap::new(),
            placeholders: OrdSet::new(),
            search_path: None,
            temp_schema: None,
            drop_at_commit: Vec::new(),
            prepared: OrdMap::new(),
            found: FoundPath::default(),
        }
    }

    /// Sets a value that RESET comes back to (from ALTER DATABASE, ALTER ROLE).
    pub fn set_default(&mut self, name: &str, value: &str) {
        self.defaults.insert(name.into(), value.into());
        self.assign(name.into(), Some(value.to_owned()));
    }

    /// The order of the fields of a date.
    pub fn date_order(&self) -> DateOrder {
        self.setting("datestyle").and_then(|value| DateOrder::of_setting(value).1).unwrap_or_default()
    }

    /// `DateStyle` in full: what a value does not say stays as it was.
    fn full_date_style(&self, value: &str) -> String {
        let (style, order) = DateOrder::of_setting(value);
        let old = self.setting("datestyle").and_then(|old| DateOrder::of_setting(old).0);
        format!("{}, {}", style.or(old).unwrap_or("ISO"), order.unwrap_or_else(|| self.date_order()).name())
    }

    /// Writes a setting.
    fn assign(&mut self, name: Name, value: Option<String>) {
        let value = if name == "datestyle" { value.map(|value| self.full_date_style(&value)) } else { value };
        if name == "search_path" {
            self.search_path =
                value.as_deref().map(|list| split_identifiers(list).into_iter().map(Name::from).collect());
        }
        match value {
            Some(value) => self.settings.insert(name, value),
            None => self.settings.remove(&name),
        };
    }

    /// `guc.c: add_placeholder_variable`
    pub(super) fn add_placeholder(&mut self, name: &str) {
        self.placeholders.insert(name.into());
    }

    /// Whether a parameter of an application was set at any time in this session.
    pub fn was_set(&self, name: &str) -> bool {
        self.placeholders.contains(name)
    }

    /// A rollback takes settings back, but not that their parameters exist (`guc.c: AtEOXact_GUC`).
    pub(super) fn keep_placeholders(&mut self, of: &Session) {
        self.placeholders = std::mem::take(&mut self.placeholders).union(of.placeholders.clone());
    }

    /// The value of a setting that was set; nothing if the server's default holds.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).map(String::as_str)
    }

    /// `SET`, `SET LOCAL`, `set_config()`; nothing is `SET … TO DEFAULT`.
    pub fn set(&mut self, name: &str, value: Option<String>, local: bool) {
        let name = Name::from(name);
        if local && !self.local.contains_key(&name) {
            self.local.insert(name.clone(), self.settings.get(&name).cloned());
        }
        if !local {
            self.local.remove(&name);
        }
        let value = value.or_else(|| self.defaults.get(&name).cloned());
        self.assign(name, value);
    }

    /// `RESET ALL`.
    pub fn reset_all(&mut self) {
        self.settings = self.defaults.clone();
        self.local = OrdMap::new();
        self.assign("search_path".into(), self.defaults.get("search_path").cloned());
    }

    /// Makes it another session's user, or a role of that user's; `local` until the transaction ends.
    pub fn set_roles(&mut self, session_user: Oid, current_user: Oid, local: bool) {
        self.local_roles = local.then(|| self.local_roles.unwrap_or((self.session_user, self.current_user)));
        self.session_user = session_user;
        self.current_user = current_user;
    }

    /// What SET LOCAL changed goes back at the end of a transaction.
    pub fn end_transaction(&mut self) {
        if let Some((session_user, current_user)) = self.local_roles.take() {
            self.session_user = session_user;
            self.current_user = current_user;
        }
        for (name, value) in std::mem::take(&mut self.local) {
            self.assign(name, value);
        }
    }

    /// The schemas of `search_path` that exist, without the implicit ones. `$user` is the current user's schema.
    pub fn explicit_path(&self, catalog: &Catalog) -> Vec<Oid> {
        // With room for what `path` adds.
        let mut path = Vec::with_capacity(self.search_path.as_ref().map_or(2, |names| names.len()) + 2);
        let mut add = |name: &str| {
            let schema = match name {
                "$user" => catalog.schema_named(catalog.role_name(self.current_user)).map(|s| s.oid),
                "pg_temp" => self.temp_schema,
                name => catalog.schema_named(name).map(|s| s.oid),
            };
            if let Some(schema) = schema
                && !path.contains(&schema)
            {
                path.push(schema);
            }
        };
        match &self.search_path {
            Some(names) => names.iter().for_each(|name| add(name)),
            // The default of the server: `"$user", public`.
            None => ["$user", "public"].into_iter().for_each(&mut add),
        }
        path
    }

    /// The schemas where names are looked up, in order: temporary, `pg_catalog` (unless listed), then `search_path`
    /// (`namespace.c: recomputeNamespacePath`).
    pub fn path(&self, catalog: &Catalog) -> Arc<[Oid]> {
        let mut found = self.found.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((source, path)) = found.as_ref()
            && self.is_source(source, catalog)
        {
            return path.clone();
        }
        let path: Arc<[Oid]> = self.find_path(catalog).into();
        let source = PathSource {
            names: self.search_path.clone(),
            user: self.current_user,
            temp_schema: self.temp_schema,
            namespace: catalog.namespace(),
        };
        *found = Some((source, path.clone()));
        path
    }

    /// Whether the path is still that of then.
    fn is_source(&self, source: &PathSource, catalog: &Catalog) -> bool {
        let same_names = match (&source.names, &self.search_path) {
            (Some(then), Some(now)) => Arc::ptr_eq(then, now),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same_names
            && source.user == self.current_user
            && source.temp_schema == self.temp_schema
            && source.namespace.is_of(catalog)
    }

    fn find_path(&self, catalog: &Catalog) -> Vec<Oid> {
        let mut path = self.explicit_path(catalog);
        let temporary = self.temp_schema.filter(|t| !path.contains(t));
        if !path.contains(&PG_CATALOG) {
            path.insert(0, PG_CATALOG);
        }
        if let Some(temporary) = temporary {
            path.insert(0, temporary);
        }
        path
    }
}

/// What later statements mean depends on the parameter (in lower case).
pub(super) fn matters(name: &str) -> bool {
    matches!(
        name,
        "search_path" | "role" | "session_authorization" | "check_function_bodies" | "standard_conforming_strings"
    )
}

/// The identifiers of a list such as `"$user", public` (`varlena.c: SplitIdentifierString`).
pub fn split_identifiers(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = list.trim();
    while !rest.is_empty() {
        let (name, after) = if let Some(quoted) = rest.strip_prefix('"') {
            let mut name = String::new();
            let mut chars = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((i, c)) = chars.next() {
                if c != '"' {
                    name.push(c);
                } else if chars.peek().is_some_and(|&(_, c)| c == '"') {
                    name.push('"');
                    chars.next();
                } else {
                    end = i + 1;
                    break;
                }
            }
            (name, &quoted[end..])
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            (rest[..end].trim().to_lowercase(), &rest[end..])
        };
        if !name.is_empty() {
            names.push(name);
        }
        rest = after.trim_start().trim_start_matches(',').trim_start();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_identifiers() {
        assert_eq!(split_identifiers(r#""$user", Public,"a""b" "#), ["$user", "public", "a\"b"]);
        assert!(split_identifiers("").is_empty());
        assert!(split_identifiers("\"\"").is_empty());
    }

    #[test]
    fn local_settings_end_with_the_transaction() {
        let mut session = Session::new(Oid(10));
        session.set("search_path", Some("a".into()), false);
        session.set("search_path", Some("b".into()), true);
        assert_eq!(session.setting("search_path"), Some("b"));
        session.end_transaction();
        assert_eq!(session.setting("search_path"), Some("a"));
    }
}
