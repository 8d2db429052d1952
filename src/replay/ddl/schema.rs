//! `CREATE SCHEMA` (`schemacmds.c: CreateSchemaCommand`).

use crate::catalog::{AclKind, Oid, Provenance, Schema};
use crate::replay::{About, Context, Exec, Replay, SqlError};
use crate::sql::ast::{CreateSchema, Name, StatementKind};

impl Replay {
    pub(crate) fn create_schema(&mut self, stmt: &CreateSchema, cx: &Context) -> Exec {
        let owner = match &stmt.authorization {
            Some(role) => self.role(role)?,
            None => self.session.current_user,
        };
        self.must_be_able_to_be(owner)?;
        let name = stmt.name.clone().unwrap_or_else(|| self.catalog.role_name(owner).into());
        if name.starts_with("pg_") {
            let error = SqlError::new("42939", format!("unacceptable schema name \"{name}\""));
            return Err(error.detail("The prefix \"pg_\" is reserved for system schemas.").into());
        }
        if let Some(taken) = self.catalog.schema_named(&name) {
            let message = format!("schema \"{name}\" already exists");
            if stmt.if_not_exists {
                self.notice(message + ", skipping", cx);
                return Ok(());
            }
            let error = SqlError::new("42P06", message).about(About::Schema(name.to_string()));
            return Err(error.related(taken.provenance.created, format!("schema \"{name}\" made here")).into());
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_schema(Schema {
            oid,
            name: name.clone(),
            owner,
            acl: self.new_object_acl(AclKind::Schema, owner, None),
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        self.create_schema_elements(&name, stmt, owner, cx)
    }

    /// The statements inside run as the owner, with the new schema first in `search_path`, in an order that lets them
    /// refer to each other (`parse_utilcmd.c: transformCreateSchemaStmtElements`).
    fn create_schema_elements(&mut self, schema: &Name, stmt: &CreateSchema, owner: Oid, cx: &Context) -> Exec {
        if stmt.elements.is_empty() {
            return Ok(());
        }
        for element in &stmt.elements {
            if let Some(other) = named_schema(element).filter(|s| *s != schema) {
                let message =
                    format!("CREATE specifies a schema ({other}) different from the one being created ({schema})");
                return Err(SqlError::new("42P15", message).into());
            }
        }
        let mut elements: Vec<&StatementKind> = stmt.elements.iter().collect();
        elements.sort_by_key(|e| rank(e));
        let before = self.session.clone();
        let rest = self.session.setting("search_path").unwrap_or("\"$user\", public");
        let mut path = self.catalog.quote_identifier(schema).into_owned();
        if !rest.trim().is_empty() {
            path = format!("{path}, {}", rest.trim_start());
        }
        self.session.set("search_path", Some(path), true);
        self.session.current_user = owner;
        elements.into_iter().try_for_each(|e| self.execute_alone(e, cx))?;
        let temp_schema = self.session.temp_schema;
        self.session = before;
        self.session.temp_schema = temp_schema;
        Ok(())
    }
}

/// Sequences, tables, views, indexes, triggers, privileges; the grammar allows nothing else.
fn rank(element: &StatementKind) -> u8 {
    if matches!(element, StatementKind::CreateSequence(_)) {
        0
    } else if matches!(element, StatementKind::CreateTable(_)) {
        1
    } else if matches!(element, StatementKind::CreateView(_)) {
        2
    } else if matches!(element, StatementKind::CreateIndex(_)) {
        3
    } else if matches!(element, StatementKind::CreateTrigger(_)) {
        4
    } else {
        5
    }
}

/// The schema that an element names (`setSchemaName`).
fn named_schema(element: &StatementKind) -> Option<&Name> {
    if let StatementKind::CreateSequence(stmt) = element {
        stmt.relation.name.schema.as_ref()
    } else if let StatementKind::CreateTable(stmt) = element {
        stmt.relation.name.schema.as_ref()
    } else if let StatementKind::CreateView(stmt) = element {
        stmt.relation.name.schema.as_ref()
    } else if let StatementKind::CreateIndex(stmt) = element {
        stmt.table.name.schema.as_ref()
    } else if let StatementKind::CreateTrigger(stmt) = element {
        stmt.table.name.schema.as_ref()
    } else {
        None
    }
}
