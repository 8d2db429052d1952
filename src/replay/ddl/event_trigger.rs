//! Event triggers (`event_trigger.c`). [`fire`] has what happens when they fire.

pub(in crate::replay) mod fire;
pub(in crate::replay) mod tag;

use crate::catalog::{ChangeKind, DependencyKind, EventTrigger, Object, Oid, Provenance, type_oid as t};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{AlterEventTrigger, CreateEventTrigger, EventTriggerFilter, FiringState};

impl Replay {
    /// `event_trigger.c: CreateEventTrigger`
    pub(in crate::replay) fn create_event_trigger(&mut self, stmt: &CreateEventTrigger, cx: &Context) -> Exec {
        let name = &stmt.name;
        if !self.is_superuser(self.session.current_user) && self.catalog.taint.everything().is_none() {
            let error = SqlError::new("42501", format!("permission denied to create event trigger \"{name}\""));
            return Err(error.hint("Must be superuser to create an event trigger.").into());
        }
        let version = self.catalog.version();
        let event = stmt.event.as_str();
        let known = matches!(event, "ddl_command_start" | "ddl_command_end" | "sql_drop" | "table_rewrite");
        if !(known || event == "login" && version >= 17) {
            return Err(SqlError::new("42601", format!("unrecognized event name \"{event}\"")).into());
        }
        let tags = check_filters(event, &stmt.when, version)?;
        let taken = self.catalog.event_trigger_named(name).map(|t| &t.provenance);
        self.refuse_unplaced_name("event trigger", name, taken)?;
        let function = self.function_named(&stmt.function, &[])?;
        if self.returned_by(function) != t::EVENT_TRIGGER {
            let message = format!("function {} must return type event_trigger", lookup::display(&stmt.function));
            return Err(SqlError::new("42P17", message).into());
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_event_trigger(EventTrigger {
            oid,
            name: name.clone(),
            owner: self.session.current_user,
            event: stmt.event.clone(),
            function,
            enabled: FiringState::Enabled,
            tags,
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        let (trigger, needed) = (Object::EventTrigger(oid), Object::Function(function));
        self.catalog.dependencies.add(trigger, needed, DependencyKind::Normal);
        match event == "login" && self.may_change_catalog(function) {
            true => {
                let reason = "what the function of an event trigger does at each login is not followed";
                Err(Opaque::new(reason, crate::sql::ast::Touches::Everything).into())
            }
            false => Ok(()),
        }
    }

    /// `event_trigger.c: AlterEventTrigger`
    pub(in crate::replay) fn alter_event_trigger(&mut self, stmt: &AlterEventTrigger, cx: &Context) -> Exec {
        let oid = self.find_event_trigger(&stmt.name)?;
        self.must_own_unplaced(Object::EventTrigger(oid))?;
        if let Some(trigger) = self.catalog.event_trigger_mut(oid) {
            trigger.enabled = stmt.state;
            trigger.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `event_trigger.c: get_event_trigger_oid`
    pub(in crate::replay) fn find_event_trigger(&self, name: &str) -> Exec<Oid> {
        match self.catalog.event_trigger_named(name) {
            Some(trigger) => Ok(trigger.oid),
            None => {
                let is_trigger = |object| matches!(object, Object::EventTrigger(_));
                self.missing_unplaced("event trigger", name, is_trigger, None)
            }
        }
    }
}

/// The tags that `WHEN TAG IN` lists (`validate_ddl_tags`, `validate_table_rewrite_tags`).
fn check_filters(event: &str, filters: &[EventTriggerFilter], version: u32) -> Exec<Vec<String>> {
    let mut tags: Option<&[String]> = None;
    for filter in filters {
        let variable = &filter.variable;
        if variable != "tag" {
            return Err(SqlError::new("42601", format!("unrecognized filter variable \"{variable}\"")).into());
        }
        if tags.replace(&filter.values).is_some() {
            let message = format!("filter variable \"{variable}\" specified more than once");
            return Err(SqlError::new("42601", message).into());
        }
    }
    let Some(tags) = tags else { return Ok(Vec::new()) };
    if event == "login" {
        return Err(SqlError::new("0A000", "tag filtering is not supported for login event triggers").into());
    }
    let mut upper = Vec::with_capacity(tags.len());
    for written in tags {
        let tag = written.to_ascii_uppercase();
        let unsupported = || SqlError::new("0A000", format!("event triggers are not supported for {written}"));
        if event == "table_rewrite" {
            if !matches!(tag.as_str(), "ALTER TABLE" | "ALTER TYPE" | "ALTER MATERIALIZED VIEW") {
                return Err(unsupported().into());
            }
        } else {
            match tag::supports_event_triggers(&tag, version) {
                Some(true) => {}
                Some(false) => return Err(unsupported().into()),
                None => {
                    let message = format!("filter value \"{written}\" not recognized for filter variable \"tag\"");
                    return Err(SqlError::new("42601", message).into());
                }
            }
        }
        upper.push(tag);
    }
    Ok(upper)
}
