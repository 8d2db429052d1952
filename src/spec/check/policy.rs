//! A policy exists.

use super::graves::Part;
use super::opinion::{Opinion, evidence, join_and};
use super::{Checker, Scope};
use crate::catalog::{ChangeKind, Oid, Policy, Relation, StoredExpr};
use crate::spec::exprs;
use crate::spec::load::{command_word, name_list};
use crate::spec::model::{ExprText, PolicyDemand, RelationName};
use crate::spec::names::quote;
use crate::sql::ast::{Name, PolicyCommand};

/// What a policy must be, with its names resolved.
struct Wanted<'d> {
    demand: &'d PolicyDemand,
    roles: Option<Vec<Oid>>,
    using: Option<StoredExpr>,
    check: Option<StoredExpr>,
}

/// How a policy differs from the one that is wanted.
struct Difference {
    text: String,
    /// How far it makes the policy from what is wanted: one for another command has nothing to do with it.
    weight: u32,
    remedy: Remedy,
}

/// What ALTER POLICY can do about a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Change the clause.
    Alter,
    /// Change the name.
    Rename,
    /// Nothing: the policy must be made anew.
    Recreate,
}

impl<'c> Checker<'c> {
    pub(super) fn policy(&self, table: &RelationName, demand: &PolicyDemand, scope: &Scope) -> Opinion {
        let subject = subject(table, demand);
        let relation = match self.table(table) {
            Ok(relation) => relation,
            Err(missing) => return missing.opinion("missing-table", &subject),
        };
        let wanted = match self.wanted_policy(relation, demand, scope, &subject) {
            Ok(wanted) => wanted,
            Err(opinion) => return *opinion,
        };
        let mut nearest: Option<(u32, Vec<Difference>, &Policy)> = None;
        for policy in &relation.policies {
            let differences = self.policy_differences(&wanted, policy);
            if differences.is_empty() {
                let last = policy.provenance.last();
                if let Some(unknown) = self.doubt(relation, last) {
                    return Opinion::unknown(&subject, unknown);
                }
                let name = quote(&policy.name);
                let mut places = vec![evidence(policy.provenance.created, format!("policy {name} made here"))];
                let defined = policy.provenance.last_of(ChangeKind::Definition);
                if defined != policy.provenance.created {
                    places.push(evidence(defined, format!("policy {name} changed here")));
                }
                return Opinion::satisfied(format!("{subject} exists as {name}"), places);
            }
            let weight = differences.iter().map(|difference| difference.weight).sum();
            if nearest.as_ref().is_none_or(|(lightest, ..)| weight < *lightest) {
                nearest = Some((weight, differences, policy));
            }
        }
        if let Some(unknown) = self.doubt(relation, relation.provenance.created) {
            return Opinion::unknown(&subject, unknown);
        }
        match nearest.filter(|(weight, ..)| *weight < OTHER) {
            Some((_, differences, policy)) => {
                let texts: Vec<&str> = differences.iter().map(|difference| difference.text.as_str()).collect();
                let message = format!("{subject} does not exist: policy {} {}", quote(&policy.name), join_and(&texts));
                Opinion::violated("policy-differs", message)
                    .evidence([evidence(policy.provenance.last(), join_and(&texts))])
                    .help(self.mend_policy(table, demand, policy, &differences))
            }
            None => Opinion::violated("missing-policy", format!("{subject} does not exist"))
                .evidence(self.lost(relation, Part::Policy, &words(demand)))
                .help(self.create_policy(table, demand)),
        }
    }

    fn wanted_policy<'d>(
        &self,
        relation: &'c Relation,
        demand: &'d PolicyDemand,
        scope: &Scope,
        subject: &str,
    ) -> Result<Wanted<'d>, Box<Opinion>> {
        let bind = |expr: &ExprText| {
            exprs::bind(self.catalog, &scope.path, relation.oid, &expr.ast)
                .map_err(|problem| self.unusable(subject, "missing-policy", &expr.text, &problem))
        };
        let using = demand.using.as_ref().map(bind).transpose()?;
        let check = demand.check.as_ref().map(bind).transpose()?;
        let roles = demand.roles.as_ref().map(|names| self.role_oids(names, subject)).transpose()?;
        Ok(Wanted { demand, roles, using, check })
    }

    /// Roles as a policy holds them: sorted, and empty for PUBLIC.
    fn role_oids(&self, names: &[Name], subject: &str) -> Result<Vec<Oid>, Box<Opinion>> {
        let mut oids = Vec::with_capacity(names.len());
        for name in names.iter().filter(|name| *name != "public") {
            match (self.catalog.role_named(name), self.catalog.taint.everything()) {
                (Some(role), _) => oids.push(role.oid),
                (None, Some(unknown)) => return Err(Box::new(Opinion::unknown(subject, unknown))),
                (None, None) => {
                    let message = format!("{subject} cannot exist: there is no role {}", quote(name));
                    let mut opinion = Opinion::violated("missing-policy", message);
                    let roles = self.catalog.roles().map(|role| role.name.as_str());
                    opinion.help =
                        crate::report::closest(name, roles).map(|near| format!("did you mean {}?", quote(near)));
                    return Err(Box::new(opinion));
                }
            }
        }
        oids.sort_unstable();
        Ok(oids)
    }

    /// What keeps a policy from being the one that is wanted. Only what the spec names counts, with two exceptions: a
    /// policy must be permissive unless the spec says otherwise, because a restrictive one gives nothing to anybody;
    /// and where a policy for UPDATE or ALL has no WITH CHECK, its USING holds for new rows too
    /// (`relcache.c: RelationBuildRowSecurity`, `rowsecurity.c: add_with_check_options`).
    fn policy_differences(&self, wanted: &Wanted<'_>, policy: &Policy) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut differs = |weight, remedy, text: String| differences.push(Difference { text, weight, remedy });
        let demand = wanted.demand;
        if let Some(name) = &demand.name
            && policy.name != *name
        {
            differs(OTHER / 2, Remedy::Rename, format!("is not named {}", quote(name)));
        }
        if policy.command != demand.command {
            let text = format!("is for {} instead of {}", command_word(policy.command), command_word(demand.command));
            // Of the same name, it is the one that is meant.
            differs(if demand.name.as_ref() == Some(&policy.name) { 8 } else { OTHER }, Remedy::Recreate, text);
        }
        if policy.permissive != demand.permissive {
            let is = if policy.permissive { "is permissive" } else { "is restrictive" };
            differs(4, Remedy::Recreate, is.to_owned());
        }
        if let Some(roles) = &wanted.roles
            && policy.roles != *roles
        {
            let names: Vec<_> = policy.roles.iter().map(|role| quote(self.catalog.role_name(*role))).collect();
            let is = if names.is_empty() { "PUBLIC".to_owned() } else { names.join(", ") };
            let wanted = name_list(demand.roles.as_deref().unwrap_or_default());
            differs(2, Remedy::Alter, format!("is for {is} instead of {wanted}"));
        }
        let effective_check = match policy.command {
            PolicyCommand::All | PolicyCommand::Update => policy.check.as_ref().or(policy.using.as_ref()),
            PolicyCommand::Select | PolicyCommand::Insert | PolicyCommand::Delete => policy.check.as_ref(),
        };
        let clauses = [("USING", &wanted.using, policy.using.as_ref()), ("WITH CHECK", &wanted.check, effective_check)];
        for (clause, wanted, has) in clauses {
            match (wanted, has) {
                (None, _) => {}
                (Some(_), None) => differs(3, Remedy::Alter, format!("has no {clause} expression")),
                (Some(wanted), Some(has)) => {
                    if !exprs::is_equivalent(self.catalog, wanted, has) {
                        differs(3, Remedy::Alter, format!("has another {clause} expression"));
                    }
                }
            }
        }
        differences
    }

    /// The statements that make the nearest policy the one that is wanted.
    fn mend_policy(
        &self,
        table: &RelationName,
        demand: &PolicyDemand,
        policy: &Policy,
        differences: &[Difference],
    ) -> String {
        let on = format!("{} ON {}", self.catalog.quote_identifier(&policy.name), self.sql_name(table));
        let needs = |remedy| differences.iter().any(|difference| difference.remedy == remedy);
        if needs(Remedy::Recreate) {
            return format!("DROP POLICY {on}; {}", self.create_policy(table, demand));
        }
        let mut statements = Vec::new();
        if needs(Remedy::Alter) {
            statements.push(format!("ALTER POLICY {on}{};", self.policy_clauses(demand)));
        }
        if let Some(name) = demand.name.as_ref().filter(|_| needs(Remedy::Rename)) {
            statements.push(format!("ALTER POLICY {on} RENAME TO {};", self.catalog.quote_identifier(name)));
        }
        statements.join(" ")
    }

    fn create_policy(&self, table: &RelationName, demand: &PolicyDemand) -> String {
        let word = command_word(demand.command);
        let made_up = format!("{}_{word}", table.name);
        let name = self.catalog.quote_identifier(demand.name.as_ref().map_or(&made_up, |name| name.as_str()));
        let restrictive = if demand.permissive { "" } else { " AS RESTRICTIVE" };
        let (table, clauses) = (self.sql_name(table), self.policy_clauses(demand));
        format!("CREATE POLICY {name} ON {table}{restrictive} FOR {}{clauses};", word.to_uppercase())
    }

    fn policy_clauses(&self, demand: &PolicyDemand) -> String {
        let mut sql = String::new();
        if let Some(roles) = &demand.roles {
            let role = |name: &Name| match name.as_str() {
                "public" => "PUBLIC".to_owned(),
                name => self.catalog.quote_identifier(name).into_owned(),
            };
            sql.push_str(&format!(" TO {}", roles.iter().map(role).collect::<Vec<_>>().join(", ")));
        }
        if let Some(using) = &demand.using {
            sql.push_str(&format!(" USING ({})", using.text));
        }
        if let Some(check) = &demand.check {
            sql.push_str(&format!(" WITH CHECK ({})", check.text));
        }
        sql
    }
}

/// The weight of a policy that has nothing to do with the one that is wanted.
const OTHER: u32 = 100;

/// The words that a dropped policy of the kind probably had in its name.
fn words(demand: &PolicyDemand) -> Vec<&str> {
    match (&demand.name, demand.command) {
        (Some(name), _) => vec![name],
        // `Users can view own vehicles`, `vehicles_read`: there is no one word for it.
        (None, PolicyCommand::Select | PolicyCommand::All) => vec!["select"],
        (None, command) => vec![command_word(command)],
    }
}

fn subject(table: &RelationName, demand: &PolicyDemand) -> String {
    let name = demand.name.as_ref().map(|name| format!("{} ", quote(name))).unwrap_or_default();
    let restrictive = if demand.permissive { "" } else { "restrictive " };
    let mut subject = format!("{restrictive}policy {name}on {table} for {}", command_word(demand.command));
    if let Some(roles) = &demand.roles {
        subject.push_str(&format!(" to {}", name_list(roles)));
    }
    if let Some(using) = &demand.using {
        subject.push_str(&format!(" using ({})", using.text));
    }
    if let Some(check) = &demand.check {
        subject.push_str(&format!(" with check ({})", check.text));
    }
    subject
}
