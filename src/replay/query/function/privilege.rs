//! Who may do what (`acl.c`).

use super::lookup::oid;
use super::{Scalar, such_arguments};
use crate::catalog::{Acl, AclKind, Oid, Privs, RelationKind};
use crate::replay::query::run::Run;
use crate::replay::query::view::ACLITEM;
use crate::replay::query::{Rows, Value};
use crate::replay::value::{Reason, RegType};
use crate::replay::{Exec, SqlError, lookup};
use crate::sql::ast::Name;

pub(super) const FUNCTIONS: &[(&str, Scalar)] = &[
    ("has_table_privilege", |run, args| has(run, args, "has_table_privilege", RegType::Class)),
    ("has_sequence_privilege", |run, args| has(run, args, "has_sequence_privilege", RegType::Class)),
    ("has_schema_privilege", |run, args| has(run, args, "has_schema_privilege", RegType::Namespace)),
    ("has_function_privilege", |run, args| has(run, args, "has_function_privilege", RegType::Procedure)),
    ("pg_has_role", pg_has_role),
    ("acldefault", acldefault),
];

/// `acldefault(kind, owner)`: the privileges of an object without a list.
fn acldefault(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let [kind, owner] = args else { return such_arguments("acldefault") };
    let kind = match (kind, kind.as_str()) {
        (Value::Char(c), _) => *c,
        (_, Some(text)) => text.chars().next().unwrap_or('\0'),
        _ => return such_arguments("acldefault"),
    };
    let kind = match kind {
        'c' => AclKind::Column,
        'r' => AclKind::Table,
        's' => AclKind::Sequence,
        'f' => AclKind::Function,
        'n' => AclKind::Schema,
        'T' => AclKind::Type,
        _ => return such_arguments("acldefault"),
    };
    let Some(owner) = oid(Some(owner)) else { return such_arguments("acldefault") };
    Ok(run.view.acl_value(Some(&Acl::default_for(kind, owner, run.view.catalog.version()))))
}

/// `aclexplode(list)`: a row for each privilege.
pub(super) fn aclexplode(run: &mut Run<'_>, args: &[Value]) -> Exec<Rows> {
    let columns = ["grantor", "grantee", "privilege_type", "is_grantable"].map(Name::from).to_vec();
    let unknown = || {
        let reason = Reason::not_evaluated("aclexplode() with such arguments is not evaluated");
        Rows { more: Some(reason), ..Rows::default() }
    };
    let mut rows = Vec::new();
    match args {
        [Value::Null] => {}
        [Value::Array(items)] => {
            for item in &items.items {
                let Value::Typed(ACLITEM, text) = item else { return Ok(unknown()) };
                let Some((grantee, letters, grantor)) = split_item(text) else { return Ok(unknown()) };
                let role = |name: &str| match name {
                    "" => Some(Oid::INVALID),
                    name => run.view.catalog.role_named(name).map(|r| r.oid),
                };
                let (Some(grantee), Some(grantor)) = (role(&grantee), role(&grantor)) else { return Ok(unknown()) };
                let mut letters = letters.chars().peekable();
                while let Some(letter) = letters.next() {
                    let Some((_, _, name)) = Privs::ALL.iter().find(|(_, l, _)| *l == letter) else {
                        return Ok(unknown());
                    };
                    let grantable = letters.next_if_eq(&'*').is_some();
                    rows.push(vec![
                        Value::Oid(grantor),
                        Value::Oid(grantee),
                        Value::text(*name),
                        Value::Bool(grantable),
                    ]);
                }
            }
        }
        _ => return Ok(unknown()),
    }
    Ok(Rows { columns, rows, more: None })
}

/// Grantee, privileges and grantor of `grantee=privileges/grantor`.
fn split_item(text: &str) -> Option<(String, &str, String)> {
    let name = |text: &str| -> Option<(String, usize)> {
        if !text.starts_with('"') {
            let end = text.find(['=', '/']).unwrap_or(text.len());
            return Some((text[..end].to_owned(), end));
        }
        let end = text[1..].match_indices('"').map(|(i, _)| i + 2).find(|&i| !text[i..].starts_with('"'))?;
        Some((text[1..end - 1].replace("\"\"", "\""), end))
    };
    let (grantee, end) = name(text)?;
    let (letters, rest) = text[end..].strip_prefix('=')?.split_once('/')?;
    let (grantor, _) = name(rest)?;
    Some((grantee, letters, grantor))
}

const TABLE_PRIVILEGES: [Privs; 8] = [
    Privs::SELECT,
    Privs::INSERT,
    Privs::UPDATE,
    Privs::DELETE,
    Privs::TRUNCATE,
    Privs::REFERENCES,
    Privs::TRIGGER,
    Privs::MAINTAIN,
];

/// `has_…_privilege([role,] object, privilege)`
fn has(run: &mut Run<'_>, args: &[Value], name: &str, kind: RegType) -> Exec<Value> {
    let (role, object, wanted) = match args {
        [object, wanted] => (run.view.current_user, object, wanted),
        [role, object, wanted] => (role_of(run, role)?, object, wanted),
        _ => return such_arguments(name),
    };
    let Some(wanted) = run.text(wanted)? else { return Ok(Value::Null) };
    let object = match oid(Some(object)) {
        Some(oid) => oid,
        None => {
            let Some(text) = run.text(object)? else { return such_arguments(name) };
            match kind {
                // The name is taken as it is (`acl.c: convert_schema_name`).
                RegType::Namespace => lookup::schema(&run.view.catalog, &text, Default::default())?,
                kind => run.view.types().reg_input(kind, &text)?,
            }
        }
    };
    let catalog = &run.view.catalog;
    let of = match kind {
        RegType::Class => catalog.relation(object).map(|r| {
            let kind = if matches!(r.kind, RelationKind::Sequence(_)) { AclKind::Sequence } else { AclKind::Table };
            (kind, r.owner, r.acl.as_ref())
        }),
        RegType::Namespace => catalog.schema(object).map(|s| (AclKind::Schema, s.owner, s.acl.as_ref())),
        RegType::Procedure | RegType::Proc => {
            catalog.function(object).map(|f| (AclKind::Function, f.owner, f.acl.as_ref()))
        }
        RegType::Type | RegType::Role => None,
    };
    let Some((kind, owner, acl)) = of else {
        // PostgreSQL's own objects.
        let all = |text: &str| Privs::by_name(text.trim()).is_some_and(|p| p == Privs::SELECT || p == Privs::USAGE);
        let known = wanted.split(',').all(all);
        return if known && run.view.is_superuser(role) { Ok(Value::Bool(true)) } else { such_arguments(name) };
    };
    let of_kind: &[Privs] = match kind {
        AclKind::Table => &TABLE_PRIVILEGES,
        AclKind::Sequence => &[Privs::USAGE, Privs::SELECT, Privs::UPDATE],
        AclKind::Schema => &[Privs::CREATE, Privs::USAGE],
        AclKind::Function => &[Privs::EXECUTE],
        _ => return such_arguments(name),
    };
    // The privileges in the list are alternatives.
    for privilege in wanted.split(',') {
        let privilege = privilege.trim();
        let of_version = |p: &Privs| *p != Privs::MAINTAIN || run.view.catalog.version() >= 17;
        let Some(privs) = Privs::by_name(privilege).filter(|p| of_kind.contains(p) && of_version(p)) else {
            let upper = privilege.to_ascii_uppercase();
            if upper.ends_with("WITH GRANT OPTION") || upper == "RULE" {
                return such_arguments(name);
            }
            return Err(SqlError::new("22023", format!("unrecognized privilege type: \"{privilege}\"")).into());
        };
        if run.view.has_privileges(role, kind, owner, acl, privs) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn role_of(run: &Run<'_>, value: &Value) -> Exec<Oid> {
    match oid(Some(value)) {
        Some(oid) => Ok(oid),
        None => {
            let name = run.text(value)?.unwrap_or_default();
            if name == "public" { Ok(Oid::INVALID) } else { lookup::role(&run.view.catalog, &name) }
        }
    }
}

/// `pg_has_role([role,] role, privilege)`
fn pg_has_role(run: &mut Run<'_>, args: &[Value]) -> Exec<Value> {
    let (user, role, wanted) = match args {
        [role, wanted] => (run.view.current_user, role_of(run, role)?, wanted),
        [user, role, wanted] => (role_of(run, user)?, role_of(run, role)?, wanted),
        _ => return such_arguments("pg_has_role"),
    };
    if run.view.is_superuser(user) {
        return Ok(Value::Bool(true));
    }
    match run.text(wanted)?.map(|w| w.to_ascii_uppercase()).as_deref() {
        Some("USAGE") => Ok(Value::Bool(run.view.roles_of(user).contains(&role))),
        _ => such_arguments("pg_has_role"),
    }
}
