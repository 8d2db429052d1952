//! Privileges (`aclitem`).

use std::fmt;

use super::{Catalog, DefaultAclKey, Oid};

/// A set of privileges (`AclMode`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Privs(u16);

impl Privs {
    /// No privilege.
    pub const NONE: Privs = Privs(0);
    /// `INSERT`
    pub const INSERT: Privs = Privs(1 << 0);
    /// `SELECT`
    pub const SELECT: Privs = Privs(1 << 1);
    /// `UPDATE`
    pub const UPDATE: Privs = Privs(1 << 2);
    /// `DELETE`
    pub const DELETE: Privs = Privs(1 << 3);
    /// `TRUNCATE`
    pub const TRUNCATE: Privs = Privs(1 << 4);
    /// `REFERENCES`
    pub const REFERENCES: Privs = Privs(1 << 5);
    /// `TRIGGER`
    pub const TRIGGER: Privs = Privs(1 << 6);
    /// `EXECUTE`
    pub const EXECUTE: Privs = Privs(1 << 7);
    /// `USAGE`
    pub const USAGE: Privs = Privs(1 << 8);
    /// `CREATE`
    pub const CREATE: Privs = Privs(1 << 9);
    /// `TEMPORARY`
    pub const TEMPORARY: Privs = Privs(1 << 11);
    /// `CONNECT`
    pub const CONNECT: Privs = Privs(1 << 12);
    /// `SET` (15)
    pub const SET: Privs = Privs(1 << 13);
    /// `ALTER SYSTEM` (15)
    pub const ALTER_SYSTEM: Privs = Privs(1 << 14);
    /// `MAINTAIN` (17)
    pub const MAINTAIN: Privs = Privs(1 << 10);

    /// Every privilege with its name, in the order and with the letter of `aclitem`'s text form.
    pub const ALL: [(Privs, char, &'static str); 15] = [
        (Privs::INSERT, 'a', "INSERT"),
        (Privs::SELECT, 'r', "SELECT"),
        (Privs::UPDATE, 'w', "UPDATE"),
        (Privs::DELETE, 'd', "DELETE"),
        (Privs::TRUNCATE, 'D', "TRUNCATE"),
        (Privs::REFERENCES, 'x', "REFERENCES"),
        (Privs::TRIGGER, 't', "TRIGGER"),
        (Privs::EXECUTE, 'X', "EXECUTE"),
        (Privs::USAGE, 'U', "USAGE"),
        (Privs::CREATE, 'C', "CREATE"),
        (Privs::TEMPORARY, 'T', "TEMPORARY"),
        (Privs::CONNECT, 'c', "CONNECT"),
        (Privs::SET, 's', "SET"),
        (Privs::ALTER_SYSTEM, 'A', "ALTER SYSTEM"),
        (Privs::MAINTAIN, 'm', "MAINTAIN"),
    ];

    /// The privilege of that name in any case.
    pub fn by_name(name: &str) -> Option<Privs> {
        Self::ALL.iter().find(|(_, _, n)| n.eq_ignore_ascii_case(name)).map(|&(p, ..)| p)
    }

    /// Both sets.
    pub const fn with(self, other: Privs) -> Privs {
        Privs(self.0 | other.0)
    }

    /// This set without the other.
    pub const fn without(self, other: Privs) -> Privs {
        Privs(self.0 & !other.0)
    }

    /// What is in both.
    pub const fn and(self, other: Privs) -> Privs {
        Privs(self.0 & other.0)
    }

    /// All of `other` is in this set.
    pub const fn contains(self, other: Privs) -> bool {
        self.0 & other.0 == other.0
    }

    /// The set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names of its privileges in the order of `aclitem`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().filter(move |(p, ..)| self.contains(*p)).map(|&(_, _, n)| n)
    }
}

impl fmt::Debug for Privs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::ALL.iter().filter(|(p, ..)| self.contains(*p)).try_for_each(|(_, c, _)| write!(f, "{c}"))
    }
}

/// What one grantor gave one grantee (`AclItem`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AclItem {
    /// Who got it; [`Oid::INVALID`] is PUBLIC.
    pub grantee: Oid,
    /// Who gave it.
    pub grantor: Oid,
    /// What.
    pub privs: Privs,
    /// What the grantee may pass on.
    pub grant_options: Privs,
}

/// An access control list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Acl(pub Vec<AclItem>);

/// The kinds of object that have privileges, as far as default ones go (`acldefault`'s and `pg_default_acl`'s letters).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AclKind {
    /// Tables and views.
    Table,
    /// Columns.
    Column,
    /// Sequences.
    Sequence,
    /// Functions and procedures.
    Function,
    /// Schemas.
    Schema,
    /// Types and domains.
    Type,
    /// Foreign-data wrappers.
    ForeignDataWrapper,
    /// Foreign servers.
    ForeignServer,
    /// Languages.
    Language,
    /// The database.
    Database,
    /// Large objects.
    LargeObject,
    /// Configuration parameters (15).
    Parameter,
}

impl AclKind {
    /// All privileges that such an object has (`ACL_ALL_RIGHTS_…`); MAINTAIN exists from 17 on.
    pub fn all(self, version: u32) -> Privs {
        let relation = Privs::INSERT
            .with(Privs::SELECT)
            .with(Privs::UPDATE)
            .with(Privs::DELETE)
            .with(Privs::TRUNCATE)
            .with(Privs::REFERENCES)
            .with(Privs::TRIGGER);
        match self {
            AclKind::Table if version >= 17 => relation.with(Privs::MAINTAIN),
            AclKind::Table => relation,
            AclKind::Column => Privs::INSERT.with(Privs::SELECT).with(Privs::UPDATE).with(Privs::REFERENCES),
            AclKind::Sequence => Privs::USAGE.with(Privs::SELECT).with(Privs::UPDATE),
            AclKind::Function => Privs::EXECUTE,
            AclKind::Schema => Privs::USAGE.with(Privs::CREATE),
            AclKind::Type | AclKind::ForeignDataWrapper | AclKind::ForeignServer | AclKind::Language => Privs::USAGE,
            AclKind::Database => Privs::CREATE.with(Privs::TEMPORARY).with(Privs::CONNECT),
            AclKind::LargeObject => Privs::SELECT.with(Privs::UPDATE),
            AclKind::Parameter => Privs::SET.with(Privs::ALTER_SYSTEM),
        }
    }

    /// What PUBLIC has on a new object (`acl.c: acldefault`).
    pub fn public_default(self) -> Privs {
        match self {
            AclKind::Function => Privs::EXECUTE,
            AclKind::Type | AclKind::Language => Privs::USAGE,
            AclKind::Database => Privs::TEMPORARY.with(Privs::CONNECT),
            AclKind::Table
            | AclKind::Column
            | AclKind::Sequence
            | AclKind::Schema
            | AclKind::ForeignDataWrapper
            | AclKind::ForeignServer
            | AclKind::LargeObject
            | AclKind::Parameter => Privs::NONE,
        }
    }
}

impl Acl {
    /// What an object of `owner` has before anybody grants anything (`acl.c: acldefault`).
    pub fn default_for(kind: AclKind, owner: Oid, version: u32) -> Acl {
        let mut items = Vec::new();
        if !kind.public_default().is_empty() {
            items.push(AclItem {
                grantee: Oid::INVALID,
                grantor: owner,
                privs: kind.public_default(),
                grant_options: Privs::NONE,
            });
        }
        if kind != AclKind::Column {
            items.push(AclItem {
                grantee: owner,
                grantor: owner,
                privs: kind.all(version),
                grant_options: Privs::NONE,
            });
        }
        Acl(items)
    }

    /// Adds privileges (`acl.c: aclupdate` with `ACL_MODECHG_ADD`).
    pub fn grant(&mut self, grantee: Oid, grantor: Oid, privs: Privs, grant_option: bool) {
        let options = if grant_option { privs } else { Privs::NONE };
        match self.0.iter_mut().find(|i| i.grantee == grantee && i.grantor == grantor) {
            Some(item) => {
                item.privs = item.privs.with(privs);
                item.grant_options = item.grant_options.with(options);
            }
            None => self.0.push(AclItem { grantee, grantor, privs, grant_options: options }),
        }
    }

    /// Takes privileges, or only the right to pass them on, away (`ACL_MODECHG_DEL`).
    pub fn revoke(&mut self, grantee: Oid, grantor: Oid, privs: Privs, grant_option_only: bool) {
        if let Some(item) = self.0.iter_mut().find(|i| i.grantee == grantee && i.grantor == grantor) {
            item.grant_options = item.grant_options.without(privs);
            if !grant_option_only {
                item.privs = item.privs.without(privs);
            }
        }
        self.0.retain(|i| !i.privs.is_empty() || !i.grant_options.is_empty());
    }

    /// What `grantee` has by grants to itself, from whomever.
    pub fn of(&self, grantee: Oid) -> Privs {
        self.0.iter().filter(|i| i.grantee == grantee).fold(Privs::NONE, |all, i| all.with(i.privs))
    }
}

impl Acl {
    /// The same privileges, in whatever order.
    pub fn same_as(&self, other: &Acl) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|i| other.0.contains(i))
    }
}

impl Catalog {
    /// The privileges of an object that a role makes in a schema (`aclchk.c: get_user_default_acl`); nothing if they are
    /// the built-in default.
    pub fn new_object_acl(&self, kind: AclKind, owner: Oid, schema: Option<Oid>) -> Option<Acl> {
        let of = |schema| self.default_acl(DefaultAclKey { role: owner, schema, kind });
        let (global, local) = (of(None), schema.and_then(|s| of(Some(s))));
        if global.is_none() && local.is_none() {
            return None;
        }
        let standard = Acl::default_for(kind, owner, self.version());
        let mut acl = global.cloned().unwrap_or_else(|| standard.clone());
        for item in local.into_iter().flat_map(|a| &a.0) {
            acl.grant(item.grantee, item.grantor, item.privs.without(item.grant_options), false);
            if !item.grant_options.is_empty() {
                acl.grant(item.grantee, item.grantor, item.grant_options, true);
            }
        }
        // Two lists without entries are merged to none (`acl.c: aclmerge`).
        (!acl.0.is_empty() && !acl.same_as(&standard)).then_some(acl)
    }
}
