//! Policies and privileges.

use super::generator::{Form, Generator};

pub const FORMS: &[Form] = &[
    create_policy,
    create_policy,
    create_policy,
    alter_policy,
    alter_policy,
    rename_policy,
    drop_policy,
    grant,
    grant,
    grant,
    revoke,
    revoke,
    default_privileges,
    default_privileges,
];

impl Generator {
    /// Roles of a policy or of a grant.
    pub fn grantees(&mut self) -> String {
        match self.dice.below(6) {
            0 | 1 => "PUBLIC".to_owned(),
            2 => format!("{}, {}", self.role(), self.role()),
            _ => self.role(),
        }
    }

    /// A condition of a policy, which may look into another table.
    fn policy_condition(&mut self, table: &super::world::Relation) -> String {
        if self.percent(15)
            && let Some(other) = self.relation("rp")
        {
            let inner = self.condition(&other, "o.");
            return format!("EXISTS (SELECT 1 FROM {} o WHERE {inner})", self.name_of(&other));
        }
        self.condition(table, "")
    }
}

fn create_policy(g: &mut Generator) -> Option<String> {
    let table = g.table()?;
    let name = g.fresh_ident();
    let on = g.name_of(&table);
    let mode = g.one(&["", "", "", " AS PERMISSIVE", " AS RESTRICTIVE"]);
    let command = g.one(&["", "", " FOR ALL", " FOR SELECT", " FOR INSERT", " FOR UPDATE", " FOR DELETE"]);
    let roles = if g.percent(50) { format!(" TO {}", g.grantees()) } else { String::new() };
    let mut text = format!("CREATE POLICY {name} ON {on}{mode}{command}{roles}");
    // Seldom the one that the command does not take.
    if (command != " FOR INSERT" || g.percent(5)) && g.percent(85) {
        text.push_str(&format!(" USING ({})", g.policy_condition(&table)));
    }
    let takes_check = !matches!(command, " FOR SELECT" | " FOR DELETE") || g.percent(5);
    if takes_check && g.percent(50) {
        text.push_str(&format!(" WITH CHECK ({})", g.policy_condition(&table)));
    }
    Some(text)
}

fn alter_policy(g: &mut Generator) -> Option<String> {
    let table = g.table_with(|r| !r.policies.is_empty())?;
    let name = g.part(&table.policies);
    let mut text = format!("ALTER POLICY {name} ON {}", g.name_of(&table));
    let before = text.len();
    if g.percent(40) {
        text.push_str(&format!(" TO {}", g.grantees()));
    }
    if g.percent(60) {
        text.push_str(&format!(" USING ({})", g.policy_condition(&table)));
    }
    if g.percent(30) || text.len() == before {
        text.push_str(&format!(" WITH CHECK ({})", g.policy_condition(&table)));
    }
    Some(text)
}

fn rename_policy(g: &mut Generator) -> Option<String> {
    let table = g.table_with(|r| !r.policies.is_empty())?;
    let name = g.part(&table.policies);
    let exists = g.if_exists();
    let on = g.name_of(&table);
    Some(format!("ALTER POLICY {exists}{name} ON {on} RENAME TO {}", g.fresh_ident()))
}

fn drop_policy(g: &mut Generator) -> Option<String> {
    let table = g.table_with(|r| !r.policies.is_empty())?;
    let name = g.part(&table.policies);
    let exists = g.if_exists();
    Some(format!("DROP POLICY {exists}{name} ON {}{}", g.name_of(&table), g.behavior()))
}

const TABLE_PRIVILEGES: &[&str] =
    &["ALL", "SELECT", "INSERT", "UPDATE, DELETE", "TRUNCATE", "REFERENCES, TRIGGER", "ALL PRIVILEGES", "EXECUTE"];

/// The privileges and the object of GRANT and REVOKE.
fn privileges(g: &mut Generator) -> Option<String> {
    Some(match g.dice.below(12) {
        0..=3 => {
            let relation = g.relation("rrrrpvmS")?;
            let word = g.maybe(40, "TABLE ");
            format!("{} ON {word}{}", g.one(TABLE_PRIVILEGES), g.name_of(&relation))
        }
        4 | 5 => {
            let relation = g.relation("rrpv")?;
            // Privileges on system columns are nowhere to be kept in the replay.
            let own = |g: &mut Generator| g.any(&relation.columns).map(|c| g.ident(&c.name));
            let (columns, more) = (own(g)?, if g.percent(5) { g.missing_ident() } else { own(g)? });
            let what = match g.dice.below(3) {
                0 => format!("SELECT ({columns})"),
                1 => format!("UPDATE ({columns}), INSERT ({more})"),
                _ => format!("ALL ({columns})"),
            };
            format!("{what} ON {}", g.name_of(&relation))
        }
        6 => {
            let sequence = g.relation("S")?;
            format!("{} ON SEQUENCE {}", g.one(&["USAGE", "SELECT, UPDATE", "ALL", "INSERT"]), g.name_of(&sequence))
        }
        7 => {
            let function = g.function("fp")?;
            let word = if function.kind == 'p' { "PROCEDURE" } else { "FUNCTION" };
            format!("{} ON {word} {}", g.one(&["EXECUTE", "ALL", "SELECT"]), g.signature(&function))
        }
        8 => format!("{} ON SCHEMA {}", g.one(&["USAGE", "CREATE", "ALL", "USAGE, CREATE"]), g.schema_ident()),
        9 => {
            let ty = g.own_type("edr")?;
            format!("USAGE ON {} {}", g.one(&["TYPE", "TYPE", "DOMAIN"]), g.spell(&ty.schema, &ty.name))
        }
        10 => format!("{} ON ALL TABLES IN SCHEMA {}", g.one(&["SELECT", "ALL"]), g.schema_ident()),
        _ => g.one(&["EXECUTE ON ALL FUNCTIONS IN SCHEMA public", "USAGE ON ALL SEQUENCES IN SCHEMA app"]).to_owned(),
    })
}

fn grant(g: &mut Generator) -> Option<String> {
    let what = privileges(g)?;
    Some(format!("GRANT {what} TO {}{}", g.grantees(), g.maybe(15, " WITH GRANT OPTION")))
}

fn revoke(g: &mut Generator) -> Option<String> {
    let option = g.maybe(15, "GRANT OPTION FOR ");
    let what = privileges(g)?;
    let grantees = g.grantees();
    // The functions of range types are the bootstrap superuser's, which the replay's user is and the server's is not.
    if what.contains("FUNCTION") && grantees.contains("CURRENT_USER") {
        return None;
    }
    Some(format!("REVOKE {option}{what} FROM {grantees}{}", g.behavior()))
}

fn default_privileges(g: &mut Generator) -> Option<String> {
    let mut role = if g.percent(25) { format!(" FOR ROLE {}", g.role()) } else { String::new() };
    let schema = if g.percent(50) { format!(" IN SCHEMA {}", g.schema_ident()) } else { String::new() };
    let what = g.one(&[
        "SELECT ON TABLES",
        "ALL ON TABLES",
        "INSERT, UPDATE ON TABLES",
        "EXECUTE ON FUNCTIONS",
        "USAGE ON SEQUENCES",
        "USAGE ON TYPES",
        "USAGE ON SCHEMAS",
        "EXECUTE ON TABLES",
    ]);
    // Constructors of range types are the bootstrap superuser's, whom tests' servers do not call postgres.
    if what.contains("FUNCTIONS") {
        role = " FOR ROLE alice".to_owned();
    }
    let to = g.grantees();
    let action = match g.dice.below(3) {
        0 => format!("REVOKE {what} FROM {to}"),
        1 => format!("GRANT {what} TO {to} WITH GRANT OPTION"),
        _ => format!("GRANT {what} TO {to}"),
    };
    Some(format!("ALTER DEFAULT PRIVILEGES{role}{schema} {action}"))
}
