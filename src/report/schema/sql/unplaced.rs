//! Foreign data, languages, transforms, event triggers, the database itself.

use std::collections::BTreeMap;

use super::Script;
use super::grants::privileges;
use crate::catalog::{Acl, AclKind, BOOTSTRAP_ROLE};
use crate::expr::deparse::{quote_literal, setting_name, setting_value};
use crate::report::schema::build::orders;
use crate::report::schema::model::*;

impl Script<'_> {
    /// ` OPTIONS (name 'value', …)`, or nothing.
    pub(super) fn generic_options(&self, options: &BTreeMap<String, String>) -> String {
        let option = |(name, value): (&String, &String)| format!("{} {}", self.ident(name), quote_literal(value));
        match options.is_empty() {
            true => String::new(),
            false => format!(" OPTIONS ({})", options.iter().map(option).collect::<Vec<_>>().join(", ")),
        }
    }

    pub(super) fn wrapper(&mut self, wrapper: &ForeignDataWrapper) {
        let name = self.ident(&wrapper.name);
        if wrapper.common.platform {
            return self
                .remark(&format!("foreign-data wrapper {name}, which the platform made, may have been changed"));
        }
        if let Some(unknown) = &wrapper.common.history.unknown {
            self.remark(&format!("foreign-data wrapper {name}: {unknown}"));
        }
        let word =
            |word: &str, name: &Option<String>| name.as_ref().map(|name| format!(" {word} {name}")).unwrap_or_default();
        let functions = word("HANDLER", &wrapper.handler) + &word("VALIDATOR", &wrapper.validator);
        let options = self.generic_options(&wrapper.options);
        self.statement(format!("CREATE FOREIGN DATA WRAPPER {name}{functions}{options}"));
    }

    pub(super) fn server(&mut self, server: &Server) {
        let name = self.ident(&server.name);
        if server.common.platform {
            return self.remark(&format!("server {name}, which the platform made, may have been changed"));
        }
        let Some(wrapper) = &server.foreign_data_wrapper else {
            return self.remark(&format!("not made: server {name}, whose foreign-data wrapper is not known"));
        };
        let mut text = format!("CREATE SERVER {name}");
        if let Some(server_type) = &server.server_type {
            text.push_str(&format!(" TYPE {}", quote_literal(server_type)));
        }
        if let Some(version) = &server.server_version {
            text.push_str(&format!(" VERSION {}", quote_literal(version)));
        }
        text.push_str(&format!(" FOREIGN DATA WRAPPER {}", self.ident(wrapper)));
        text.push_str(&self.generic_options(&server.options));
        self.statement(text);
    }

    pub(super) fn language(&mut self, language: &Language) {
        let name = self.ident(&language.name);
        match &language.handler {
            _ if language.common.platform => {}
            Some(handler) => {
                let trusted = if language.trusted { "TRUSTED " } else { "" };
                let mut text = format!("CREATE {trusted}LANGUAGE {name} HANDLER {handler}");
                if let Some(inline) = &language.inline {
                    text.push_str(&format!(" INLINE {inline}"));
                }
                if let Some(validator) = &language.validator {
                    text.push_str(&format!(" VALIDATOR {validator}"));
                }
                self.statement(text);
            }
            None => self.remark(&format!("not made: language {name}")),
        }
    }

    pub(super) fn transform(&mut self, transform: &Transform) {
        if transform.common.platform {
            return;
        }
        let from = transform.from_sql.as_ref().map(|name| format!("FROM SQL WITH FUNCTION {name}"));
        let to = transform.to_sql.as_ref().map(|name| format!("TO SQL WITH FUNCTION {name}"));
        let functions: Vec<String> = from.into_iter().chain(to).collect();
        let language = self.ident(&transform.language);
        self.statement(format!("CREATE TRANSFORM FOR {} LANGUAGE {language} ({})", transform.ty, functions.join(", ")));
    }

    /// Large objects are empty: what is in them is data.
    pub(super) fn large_objects(&mut self) {
        self.section("Large objects");
        for object in self.doc.large_objects.iter().filter(|object| !object.common.platform) {
            self.statement(format!("SELECT pg_catalog.lo_create('{}')", object.number.0));
        }
    }

    /// Event triggers come last: they would fire.
    pub(super) fn event_triggers(&mut self) {
        self.section("Event triggers");
        for trigger in &self.doc.event_triggers {
            let name = self.ident(&trigger.name);
            if !trigger.common.platform {
                let tags: Vec<String> = trigger.tags.iter().map(|tag| quote_literal(tag)).collect();
                let when = if tags.is_empty() { String::new() } else { format!(" WHEN TAG IN ({})", tags.join(", ")) };
                let function = &trigger.function;
                self.statement(format!(
                    "CREATE EVENT TRIGGER {name} ON {}{when} EXECUTE FUNCTION {function}()",
                    trigger.event
                ));
            }
            if let Some(firing) = trigger.firing {
                self.statement(format!("ALTER EVENT TRIGGER {name} {firing}"));
            }
            self.comment(&format!("EVENT TRIGGER {name}"), trigger.common.comment.as_deref(), None);
            if let Some(owner) = &trigger.common.owner {
                self.statement(format!("ALTER EVENT TRIGGER {name} OWNER TO {}", self.ident(owner)));
            }
        }
    }

    /// A command with the name of the database, which is not known here, as `%I`.
    pub(super) fn of_database(&mut self, command: &str) {
        let code = format!("BEGIN EXECUTE format({}, current_database()); END", quote_literal(command));
        self.statement(format!("DO {}", quote_literal(&code)));
    }

    /// What is said of the database, whatever its name is; and privileges on parameters.
    pub(super) fn database(&mut self) {
        self.section("The database");
        let (catalog, platform) = (self.catalog, self.platform);
        let version = catalog.version();
        if self.doc.database.is_some() {
            let (database, old) = (catalog.database(), platform.database());
            let mut commands = Vec::new();
            if database.connection_limit != old.connection_limit {
                commands.push(format!("ALTER DATABASE %I CONNECTION LIMIT {}", database.connection_limit));
            }
            if database.is_template != old.is_template {
                commands.push(format!("ALTER DATABASE %I IS_TEMPLATE {}", database.is_template));
            }
            if let Some(told) = &self.doc.database
                && database.comment != old.comment
            {
                let text = told.common.comment.as_ref().map_or_else(|| "NULL".to_owned(), |text| quote_literal(text));
                commands.push(format!("COMMENT ON DATABASE %I IS {}", text.replace('%', "%%")));
            }
            if database.owner != old.owner {
                commands.push(format!("ALTER DATABASE %I OWNER TO {}", self.role(database.owner)));
            }
            let standard = |owner| Acl::default_for(AclKind::Database, owner, version);
            let mut from = old.acl.clone().unwrap_or_else(|| standard(old.owner));
            from.change_owner(old.owner, database.owner);
            let to = database.acl.clone().unwrap_or_else(|| standard(database.owner));
            for order in orders(&from, &to, database.owner) {
                let privs = privileges(order.privs, AclKind::Database.all(version));
                commands.push(self.grant_text(&order, &privs, "DATABASE %I"));
            }
            for command in commands {
                self.of_database(&command);
            }
        }
        for (name, value) in &self.doc.settings {
            let (name, value) = (setting_name(catalog, name), setting_value(name, value));
            self.of_database(&format!("ALTER DATABASE %I SET {name} TO {}", value.replace('%', "%%")));
        }
        for parameter in &self.doc.parameters {
            let standard = Acl::default_for(AclKind::Parameter, BOOTSTRAP_ROLE, version);
            let from = platform.parameter_acl(&parameter.name).unwrap_or(&standard);
            let to = catalog.parameter_acl(&parameter.name).unwrap_or(&standard);
            for order in orders(from, to, BOOTSTRAP_ROLE) {
                let privs = privileges(order.privs, AclKind::Parameter.all(version));
                self.grant(&order, &privs, &format!("PARAMETER {}", parameter.name), BOOTSTRAP_ROLE);
            }
        }
    }
}
