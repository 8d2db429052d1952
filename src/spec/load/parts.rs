//! `indexes`, `constraints`, `rls` and `policies` of a table.

use ecow::EcoString;

use super::Loader;
use super::common::{name_of, not_yet};
use crate::spec::model::*;
use crate::spec::names::{self, quote};
use crate::sql::ast::{ForeignKeyAction, Name, PolicyCommand};
use crate::sql::span::Span;
use crate::yaml::{Error, Located, Map, Value};

const INDEX_NOT_YET: &[&str] = &["include", "opclass", "order", "nulls_not_distinct", "only", "comment"];
const CONSTRAINT_NOT_YET: &[&str] = &["exclude", "exclusion", "deferrable", "comment", "only"];
const RLS_NOT_YET: &[&str] = &["isolate", "roles", "only"];
const POLICY_NOT_YET: &[&str] = &["comment", "only"];
const DEFAULT_METHOD: &str = "btree";

impl Loader<'_> {
    pub(super) fn index(&mut self, table: &RelationName, item: Value<'_>) {
        let errors = self.errors;
        let Some(mut map) = Map::new(item.node(), "an index", errors) else { return };
        let columns = map.required("columns");
        let name = map.optional("name").map(|value| name_of(value, names::identifier));
        let unique = map.optional("unique").map(Value::bool);
        let method = map.optional("method").map(|value| name_of(value, names::identifier));
        let predicate = map.optional("where").map(|value| self.expr(value));
        let prefix = map.optional("prefix").map(Value::bool);
        let meta = self.meta(&mut map);
        not_yet(&mut map, item.node(), INDEX_NOT_YET, errors);
        map.finish();
        let Some(columns) = columns else { return };
        let keys = self.keys(columns);
        let (Some(keys), Some(name), Some(unique), Some(method), Some(predicate), Some(prefix)) =
            (keys, all_or(name), all_or(unique), all_or(method), all_or(predicate), all_or(prefix))
        else {
            return;
        };
        let demand = IndexDemand {
            name: name.map(|name| name.value),
            keys,
            unique: unique.as_ref().map(|unique| unique.value),
            method: method.map_or(DEFAULT_METHOD.into(), |method| method.value),
            predicate,
            prefix: prefix.is_some_and(|prefix| prefix.value),
        };
        if demand.prefix && demand.unique == Some(true) {
            let message =
                "`prefix` and `unique` exclude each other: a longer unique index says less about its first columns";
            errors.push(Error::new(message, unique.map_or(item.span(), |unique| unique.span)));
            return;
        }
        self.add(index_id(table, &demand), columns.span(), Demand::Index(table.clone(), demand), meta);
    }

    /// Keys of an index: names of columns, or expressions.
    fn keys(&self, value: Value<'_>) -> Option<Vec<KeyDemand>> {
        let texts = value.string_or_list()?;
        if texts.is_empty() {
            value.error(format!("`{}` is empty", value.name()));
            return None;
        }
        let keys: Vec<KeyDemand> = texts.iter().filter_map(|text| self.key(text)).collect();
        (keys.len() == texts.len()).then_some(keys)
    }

    fn key(&self, text: &Located<EcoString>) -> Option<KeyDemand> {
        let written = text.value.trim();
        if written.starts_with('"') || names::is_plain_identifier(written) {
            return self.name(text, names::identifier).map(KeyDemand::Column);
        }
        let last = written.rsplit(char::is_whitespace).next().unwrap_or_default();
        if ["asc", "desc", "first", "last"].iter().any(|word| last.eq_ignore_ascii_case(word)) {
            self.errors.push(super::common::unsupported("the order of an index key is not supported yet", text.span));
            return None;
        }
        self.expr_text(text).map(KeyDemand::Expr)
    }

    pub(super) fn constraint(&mut self, table: &RelationName, item: Value<'_>) {
        let errors = self.errors;
        let Some(mut map) = Map::new(item.node(), "a constraint", errors) else { return };
        let name = map.optional("name").map(|value| name_of(value, names::identifier));
        const KINDS: [&str; 4] = ["primary_key", "foreign_key", "unique", "check"];
        let kinds: Vec<(&'static str, Value<'_>)> =
            KINDS.into_iter().filter_map(|key| map.optional(key).map(|value| (key, value))).collect();
        let meta = self.meta(&mut map);
        let unsupported = not_yet(&mut map, item.node(), CONSTRAINT_NOT_YET, errors);
        map.finish();
        let (key, value) = match kinds.as_slice() {
            [one] => *one,
            [] => {
                if !unsupported {
                    let keys = KINDS.map(|key| format!("`{key}`")).join(", ");
                    let error = Error::new("a constraint must say what it demands", item.span());
                    errors.push(error.help(format!("one of the keys {keys}")));
                }
                return;
            }
            [(first, _), rest @ ..] => {
                for (second, value) in rest {
                    let message = format!("a constraint is one thing, and this one is `{first}` and `{second}`");
                    errors.push(Error::new(message, value.key_span()).help("write an entry for each"));
                }
                return;
            }
        };
        let kind = match key {
            "primary_key" => self.names(value).map(ConstraintDemandKind::PrimaryKey),
            "unique" => self.names(value).map(ConstraintDemandKind::Unique),
            "check" => self.expr(value).map(ConstraintDemandKind::Check),
            _ => self.foreign_key(value).map(ConstraintDemandKind::ForeignKey),
        };
        let (Some(kind), Some(name)) = (kind, all_or(name)) else { return };
        let demand = ConstraintDemand { name: name.map(|name| name.value), kind };
        self.add(constraint_id(table, &demand), value.key_span(), Demand::Constraint(table.clone(), demand), meta);
    }

    fn foreign_key(&self, value: Value<'_>) -> Option<ForeignKeyDemand> {
        let mut map = value.map("a foreign key")?;
        let columns = map.required("columns").and_then(|value| self.names(value));
        let references = map.required("references");
        let on_delete = map.optional("on_delete").map(action);
        let on_update = map.optional("on_update").map(action);
        not_yet(&mut map, value.node(), &["match", "deferrable"], self.errors);
        map.finish();
        let (table, referenced) = self.references(references?)?;
        let columns = columns?;
        if !referenced.is_empty() && referenced.len() != columns.len() {
            value.error(format!(
                "the foreign key has {} and references {}",
                count(columns.len()),
                count(referenced.len())
            ));
            return None;
        }
        Some(ForeignKeyDemand {
            columns,
            table,
            referenced,
            on_delete: all_or(on_delete)?,
            on_update: all_or(on_update)?,
        })
    }

    /// `users(id)`, `users`, or `{ table: users, columns: [id] }`.
    fn references(&self, value: Value<'_>) -> Option<(RelationName, Vec<Name>)> {
        let relation = |(schema, name): (Option<Name>, Name)| RelationName {
            schema: schema.unwrap_or_else(|| self.default_schema.clone()),
            name,
        };
        if let crate::yaml::NodeKind::Mapping(_) = value.node().kind {
            let mut map = value.map("what a foreign key references")?;
            let table = map.required("table").and_then(|value| name_of(value, names::qualified));
            let columns = map.optional("columns").map(|value| self.names(value));
            map.finish();
            return Some((relation(table?.value), all_or(columns)?.unwrap_or_default()));
        }
        let text = value.name_str()?;
        let written = text.value.trim();
        let (table, columns) = match written.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')) {
            Some((table, columns)) => (table, columns.split(',').collect()),
            None => (written, Vec::new()),
        };
        let at = |part: &str| Located::new(EcoString::from(part), text.span);
        let table = self.name(&at(table), names::qualified)?;
        let columns: Option<Vec<Name>> =
            columns.into_iter().map(|column| self.name(&at(column), names::identifier)).collect();
        Some((relation(table), columns?))
    }

    pub(super) fn row_security(&mut self, table: &RelationName, value: Value<'_>) {
        let errors = self.errors;
        let Some(mut map) = Map::new(value.node(), "`rls`", errors) else { return };
        let enabled = map.optional("enabled").map(|value| self.switch(value));
        let forced = map.optional("forced").map(|value| self.switch(value));
        let meta = self.meta(&mut map);
        let unsupported = not_yet(&mut map, value.node(), RLS_NOT_YET, errors);
        map.finish();
        if enabled.is_none() && forced.is_none() && !unsupported {
            let error = Error::new("`rls` asks for nothing", value.key_span());
            errors.push(error.help("write `rls: { enabled: true }`"));
            return;
        }
        let (Some(enabled), Some(forced)) = (all_or(enabled), all_or(forced)) else { return };
        let demand = RowSecurityDemand { enabled, forced };
        let id = format!("row level security {table}");
        self.add(id, value.key_span(), Demand::RowSecurity(table.clone(), demand), meta);
    }

    pub(super) fn policy(&mut self, table: &RelationName, item: Value<'_>) {
        let errors = self.errors;
        let Some(mut map) = Map::new(item.node(), "a policy", errors) else { return };
        let name = map.optional("name").map(|value| name_of(value, names::name));
        let written = map.required("command");
        let command = written.and_then(policy_command);
        let roles = map.optional("roles").map(|value| self.names(value));
        let permissive = map.optional("permissive").map(Value::bool);
        let using = map.optional("using").map(|value| (value.key_span(), self.expr(value)));
        let check = map.optional("check").map(|value| (value.key_span(), self.expr(value)));
        let meta = self.meta(&mut map);
        not_yet(&mut map, item.node(), POLICY_NOT_YET, errors);
        map.finish();
        let Some(command) = command else { return };
        if let Some((span, _)) = &using
            && command == PolicyCommand::Insert
        {
            self.useless_clause(*span, "an insert policy", "USING", "check");
        }
        if let Some((span, _)) = &check
            && matches!(command, PolicyCommand::Select | PolicyCommand::Delete)
        {
            let what = format!("a {} policy", command_word(command));
            self.useless_clause(*span, &what, "WITH CHECK", "using");
        }
        let (using, check) = (using.map(|(_, expr)| expr), check.map(|(_, expr)| expr));
        let (Some(name), Some(roles), Some(permissive), Some(using), Some(check)) =
            (all_or(name), all_or(roles), all_or(permissive), all_or(using), all_or(check))
        else {
            return;
        };
        let roles = roles.map(|mut roles| {
            // `policy.c: policy_role_list_to_array`: beside PUBLIC the others say nothing.
            if roles.iter().any(|role| role == "public") {
                roles.retain(|role| role == "public");
            }
            roles.sort_unstable();
            roles
        });
        let permissive = permissive.is_none_or(|permissive| permissive.value);
        let demand = PolicyDemand { name: name.map(|name| name.value), command, roles, permissive, using, check };
        let span = match written {
            Some(value) => value.key_span().to(value.span()),
            None => item.span(),
        };
        self.add(policy_id(table, &demand), span, Demand::Policy(table.clone(), demand), meta);
    }

    /// PostgreSQL refuses such a policy (`policy.c: CreatePolicy`).
    fn useless_clause(&self, span: Span, what: &str, clause: &str, instead: &str) {
        let error = Error::new(format!("{what} has no {clause} expression"), span);
        self.errors.push(error.help(format!("write it under `{instead}`")));
    }
}

/// What was read of a key that may be absent; nothing if it is there and wrong.
fn all_or<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(Some(value)) => Some(Some(value)),
        Some(None) => None,
    }
}

fn count(columns: usize) -> String {
    if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
}

fn action(value: Value<'_>) -> Option<ForeignKeyAction> {
    use ForeignKeyAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
    const ACTIONS: [(&str, ForeignKeyAction); 8] = [
        ("cascade", Cascade),
        ("restrict", Restrict),
        ("set null", SetNull),
        ("set default", SetDefault),
        ("no action", NoAction),
        ("set_null", SetNull),
        ("set_default", SetDefault),
        ("no_action", NoAction),
    ];
    let written = value.str()?;
    let known = ACTIONS.iter().find(|(word, _)| written.value.trim().eq_ignore_ascii_case(word));
    match known {
        Some((_, action)) => Some(*action),
        // With the words that are shown, for its message.
        None => value.one_of(&ACTIONS[..5]).map(|action| action.value),
    }
}

fn policy_command(value: Value<'_>) -> Option<PolicyCommand> {
    const COMMANDS: [PolicyCommand; 5] = [
        PolicyCommand::All,
        PolicyCommand::Select,
        PolicyCommand::Insert,
        PolicyCommand::Update,
        PolicyCommand::Delete,
    ];
    let written = value.str()?;
    let known = COMMANDS.iter().find(|command| written.value.trim().eq_ignore_ascii_case(command_word(**command)));
    match known {
        Some(command) => Some(*command),
        None => value.one_of(&COMMANDS.map(|command| (command_word(command), command))).map(|command| command.value),
    }
}

pub(in crate::spec) fn command_word(command: PolicyCommand) -> &'static str {
    match command {
        PolicyCommand::All => "all",
        PolicyCommand::Select => "select",
        PolicyCommand::Insert => "insert",
        PolicyCommand::Update => "update",
        PolicyCommand::Delete => "delete",
    }
}

/// Names with quotes and commas: `a, "B"`.
pub(in crate::spec) fn name_list(names: &[Name]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// The keys of an index as SQL: `a, lower(b)`.
pub(in crate::spec) fn key_list(keys: &[KeyDemand]) -> String {
    let key = |key: &KeyDemand| match key {
        KeyDemand::Column(name) => quote(name).into_owned(),
        KeyDemand::Expr(expr) => expr.text.to_string(),
    };
    keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

fn index_id(table: &RelationName, demand: &IndexDemand) -> String {
    if let Some(name) = &demand.name {
        return format!("index {table}.{}", quote(name));
    }
    let mut id = format!("index {table}({}", key_list(&demand.keys));
    id.push_str(if demand.prefix { ", …)" } else { ")" });
    match demand.unique {
        Some(true) => id.push_str(" unique"),
        Some(false) => id.push_str(" not unique"),
        None => {}
    }
    if demand.method != DEFAULT_METHOD {
        id.push_str(&format!(" using {}", quote(&demand.method)));
    }
    if let Some(predicate) = &demand.predicate {
        id.push_str(&format!(" where {}", predicate.text));
    }
    id
}

fn constraint_id(table: &RelationName, demand: &ConstraintDemand) -> String {
    match (&demand.name, &demand.kind) {
        (Some(name), _) => format!("constraint {table}.{}", quote(name)),
        // There can be one only: two that differ contradict each other.
        (None, ConstraintDemandKind::PrimaryKey(_)) => format!("primary key {table}"),
        (None, ConstraintDemandKind::Unique(columns)) => format!("unique {table}({})", name_list(columns)),
        (None, ConstraintDemandKind::Check(expr)) => format!("check {table} ({})", expr.text),
        (None, ConstraintDemandKind::ForeignKey(key)) => {
            let mut id = format!("foreign key {table}({}) references {}", name_list(&key.columns), key.table);
            if !key.referenced.is_empty() {
                id.push_str(&format!("({})", name_list(&key.referenced)));
            }
            id
        }
    }
}

fn policy_id(table: &RelationName, demand: &PolicyDemand) -> String {
    if let Some(name) = &demand.name {
        return format!("policy {table}.{}", quote(name));
    }
    let restrictive = if demand.permissive { "" } else { " restrictive" };
    let mut id = format!("policy {table}{restrictive} for {}", command_word(demand.command));
    if let Some(roles) = &demand.roles {
        id.push_str(&format!(" to {}", name_list(roles)));
    }
    if let Some(using) = &demand.using {
        id.push_str(&format!(" using ({})", using.text));
    }
    if let Some(check) = &demand.check {
        id.push_str(&format!(" check ({})", check.text));
    }
    id
}
