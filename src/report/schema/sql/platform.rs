//! What the platform provides, as the platform's own script makes it.

use super::Script;
use crate::sql::Segment;
use crate::sql::ast::{AlterRole, DefValue, RoleSpec, StatementKind};

impl Script<'_> {
    /// The statements of the platform's script, without those about roles where these are left out; the rest of the script
    /// is for the role that the migrations run as.
    pub(super) fn platform_part(&mut self) {
        let Some(text) = self.source.platform_script.filter(|_| self.source.parts.platform) else { return };
        self.section("What the platform provides: for a superuser");
        for segment in crate::sql::parse(text) {
            let Segment::Statement(statement) = segment else { continue };
            let text = &text[statement.span.range()];
            let of_role = is_of_role(&statement.kind);
            if of_role && !self.source.parts.roles {
                continue;
            }
            match &statement.kind {
                StatementKind::AlterRole(alter) if self.catalog.version() >= 16 && takes_superuser(alter) => {
                    self.unless_it_made_the_server(alter, text);
                }
                _ => self.statement(text),
            }
        }
        let user = self.role(self.source.user);
        self.statement(format!("SET SESSION AUTHORIZATION {user}"));
    }

    /// The role that a server was made with stays a superuser from 16 on (`user.c: AlterRole`).
    fn unless_it_made_the_server(&mut self, alter: &AlterRole, text: &str) {
        let RoleSpec::Name(name) = &alter.role else { return self.statement(text) };
        let name = crate::expr::deparse::quote_literal(name);
        self.statement(format!(
            "DO $pgproof$ BEGIN\n    IF (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = {name}) <> 10 THEN\n        {text};\n    \
             END IF;\nEND $pgproof$"
        ));
    }
}

/// It makes or changes a role, or who is a member of one.
fn is_of_role(statement: &StatementKind) -> bool {
    matches!(
        statement,
        StatementKind::CreateRole(_)
            | StatementKind::AlterRole(_)
            | StatementKind::AlterRoleSet(_)
            | StatementKind::GrantRole(_)
            | StatementKind::DropRole { .. }
    )
}

fn takes_superuser(alter: &AlterRole) -> bool {
    alter.options.iter().any(|option| option.name == "superuser" && option.value == Some(DefValue::Boolean(false)))
}
