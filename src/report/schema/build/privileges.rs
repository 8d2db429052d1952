//! Privileges, and the statements that turn one list of them into another.

use super::Builder;
use crate::catalog::{Acl, AclItem, AclKind, Oid, Privs};
use crate::report::schema::model::{DefaultPrivileges, Privilege};

impl Builder<'_> {
    /// What is granted on an object, if that is not what PostgreSQL gives by default. The owner's own privileges are
    /// listed only if some of them are gone.
    pub(in crate::report::schema) fn privileges(
        &self,
        acl: Option<&Acl>,
        kind: AclKind,
        owner: Oid,
    ) -> Option<Vec<Privilege>> {
        let acl = acl?;
        let version = self.catalog.version();
        let standard = Acl::default_for(kind, owner, version);
        if acl.same_as(&standard) {
            return None;
        }
        let mut list = self.privilege_list(acl, owner, Some(kind.all(version)));
        let has_owner = acl.0.iter().any(|item| item.grantee == owner && item.grantor == owner);
        if !has_owner && kind != AclKind::Column {
            let grantee = self.catalog.role_name(owner).to_owned();
            list.push(Privilege { grantee, privileges: Vec::new(), grantable: Vec::new(), grantor: None });
        }
        sort(&mut list);
        Some(list)
    }

    /// The entries of a list but, where the owner has all of `complete`, the owner's.
    fn privilege_list(&self, acl: &Acl, owner: Oid, complete: Option<Privs>) -> Vec<Privilege> {
        let is_complete = |item: &&AclItem| {
            item.grantee == owner && item.grantor == owner && complete.is_some_and(|all| item.privs.contains(all))
        };
        let name = |role: Oid| self.catalog.role_name(role).to_owned();
        let privilege = |item: &AclItem| Privilege {
            grantee: name(item.grantee),
            privileges: item.privs.names().collect(),
            grantable: item.grant_options.names().collect(),
            grantor: (item.grantor != owner).then(|| name(item.grantor)),
        };
        acl.0.iter().filter(|item| !is_complete(item)).map(privilege).collect()
    }

    /// All default privileges.
    pub(in crate::report::schema) fn default_privileges(&self) -> Vec<DefaultPrivileges> {
        let entries = self.catalog.default_acls().filter_map(|(key, acl)| {
            let mut privileges = self.privilege_list(acl, key.role, None);
            sort(&mut privileges);
            Some(DefaultPrivileges {
                role: self.catalog.role_name(key.role).to_owned(),
                schema: key.schema.map(|schema| self.schema_name(schema)),
                objects: default_acl_objects(key.kind)?,
                privileges,
            })
        });
        let mut all: Vec<DefaultPrivileges> = entries.collect();
        all.sort_by(|a, b| (&a.role, &a.schema, a.objects).cmp(&(&b.role, &b.schema, b.objects)));
        all
    }
}

fn sort(list: &mut [Privilege]) {
    list.sort_by(|a, b| (&a.grantee, &a.grantor).cmp(&(&b.grantee, &b.grantor)));
}

/// What ALTER DEFAULT PRIVILEGES calls the objects; columns have none.
pub(in crate::report::schema) fn default_acl_objects(kind: AclKind) -> Option<&'static str> {
    match kind {
        AclKind::Table => Some("TABLES"),
        AclKind::Sequence => Some("SEQUENCES"),
        AclKind::Function => Some("FUNCTIONS"),
        AclKind::Type => Some("TYPES"),
        AclKind::Schema => Some("SCHEMAS"),
        AclKind::LargeObject => Some("LARGE OBJECTS"),
        AclKind::Column
        | AclKind::ForeignDataWrapper
        | AclKind::ForeignServer
        | AclKind::Language
        | AclKind::Database
        | AclKind::Parameter => None,
    }
}

/// A GRANT or a REVOKE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::schema) struct Order {
    /// GRANT rather than REVOKE.
    pub grant: bool,
    /// What.
    pub privs: Privs,
    /// To or from whom.
    pub grantee: Oid,
    /// By whom.
    pub grantor: Oid,
    /// WITH GRANT OPTION, or GRANT OPTION FOR.
    pub option: bool,
}

/// What turns one list into the other: first what is taken away, then what is given, by the owner before by others,
/// who pass on what they have been given.
pub(in crate::report::schema) fn orders(from: &Acl, to: &Acl, owner: Oid) -> Vec<Order> {
    let of = |acl: &Acl, item: &AclItem| {
        let same = acl.0.iter().find(|i| i.grantee == item.grantee && i.grantor == item.grantor);
        same.map_or((Privs::NONE, Privs::NONE), |i| (i.privs, i.grant_options))
    };
    let mut orders = Vec::new();
    let mut push = |grant, privs: Privs, item: &AclItem, option| {
        if !privs.is_empty() {
            orders.push(Order { grant, privs, grantee: item.grantee, grantor: item.grantor, option });
        }
    };
    for item in &from.0 {
        let (privs, options) = of(to, item);
        push(false, item.privs.without(privs), item, false);
        push(false, item.grant_options.without(options).and(privs), item, true);
    }
    for item in &to.0 {
        let (privs, options) = of(from, item);
        let with_option = item.grant_options.without(options);
        push(true, item.privs.without(privs).without(with_option), item, false);
        push(true, with_option, item, true);
    }
    orders.sort_by_key(|order| (order.grant, order.grantor != owner));
    orders
}
