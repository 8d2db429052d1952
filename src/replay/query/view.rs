//! The catalog as one query sees it.

use std::sync::Arc;

use super::Value;
use crate::catalog::{Acl, AclItem, AclKind, Catalog, Column, Oid, PG_CATALOG, Privs, StoredExpr, TypeRef};
use crate::expr::deparse::Deparser;
use crate::replay::Session;
use crate::replay::value::Types;
use crate::replay::{Exec, Stop};

/// The type of an entry of an access control list.
pub(super) const ACLITEM: Oid = Oid(1033);

/// The name of the database, as long as nobody says another one.
pub(in crate::replay) const DATABASE: &str = "postgres";

/// A snapshot.
pub(in crate::replay) struct View {
    pub catalog: Catalog,
    /// Where names are looked up.
    pub path: Arc<[Oid]>,
    pub current_user: Oid,
    pub session_user: Oid,
    pub session: Session,
    /// The roles whose privileges the current user has.
    roles: Vec<Oid>,
}

impl View {
    pub fn new(catalog: &Catalog, session: &Session) -> View {
        let mut view = View {
            catalog: catalog.clone(),
            path: session.path(catalog),
            current_user: session.current_user,
            session_user: session.session_user,
            session: session.clone(),
            roles: Vec::new(),
        };
        view.roles = view.roles_of(view.current_user);
        view
    }

    pub fn types(&self) -> Types<'_> {
        Types { catalog: &self.catalog, path: &self.path }
    }

    pub fn database(&self) -> Value {
        Value::name(DATABASE)
    }

    // ---- privileges ----

    /// The role and those whose privileges it inherits (`acl.c: roles_is_member_of`).
    pub fn roles_of(&self, role: Oid) -> Vec<Oid> {
        let mut roles = vec![role];
        let mut next = 0;
        while let Some(&role) = roles.get(next) {
            next += 1;
            let Some(role) = self.catalog.role(role) else { continue };
            for membership in &role.member_of {
                if membership.inherit.unwrap_or(role.attributes.inherit) && !roles.contains(&membership.role) {
                    roles.push(membership.role);
                }
            }
        }
        roles
    }

    pub fn is_superuser(&self, role: Oid) -> bool {
        self.catalog.role(role).is_some_and(|r| r.attributes.superuser)
    }

    /// Whether a role has all of the privileges (`acl.c: aclmask`).
    pub fn has_privileges(&self, role: Oid, kind: AclKind, owner: Oid, acl: Option<&Acl>, wanted: Privs) -> bool {
        if self.is_superuser(role) {
            return true;
        }
        let roles = self.roles_of(role);
        let standard;
        let acl = match acl {
            Some(acl) => acl,
            None => {
                standard = Acl::default_for(kind, owner, self.catalog.version());
                &standard
            }
        };
        let granted = acl.0.iter().filter(|i| i.grantee == Oid::INVALID || roles.contains(&i.grantee));
        granted.fold(Privs::NONE, |all, i| all.with(i.privs)).contains(wanted)
    }

    /// The current user owns the object or has some privilege on it, so that `information_schema` shows it.
    pub fn sees(&self, kind: AclKind, owner: Oid, acl: Option<&Acl>) -> bool {
        if self.is_superuser(self.current_user) || self.roles.contains(&owner) {
            return true;
        }
        match acl {
            Some(acl) => self.has_any(acl),
            None => !kind.public_default().is_empty(),
        }
    }

    /// The current user, or everybody, has some privilege.
    pub fn has_any(&self, acl: &Acl) -> bool {
        acl.0.iter().any(|i| !i.privs.is_empty() && (i.grantee == Oid::INVALID || self.roles.contains(&i.grantee)))
    }

    /// An access control list as an array of `aclitem`.
    pub fn acl_value(&self, acl: Option<&Acl>) -> Value {
        let item = |item: &AclItem| Value::Typed(ACLITEM, self.acl_item_text(item).into());
        Value::or_null(acl, |acl| Value::array(ACLITEM, acl.0.iter().map(item).collect()))
    }

    /// `acl.c: aclitemout`
    fn acl_item_text(&self, item: &AclItem) -> String {
        let name = |role: Oid| {
            let name = if role == Oid::INVALID { "" } else { self.catalog.role_name(role) };
            let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
        };
        let mut text = name(item.grantee) + "=";
        for (privilege, letter, _) in Privs::ALL {
            if item.privs.contains(privilege) {
                text.push(letter);
                if item.grant_options.contains(privilege) {
                    text.push('*');
                }
            }
        }
        text + "/" + &name(item.grantor)
    }

    // ---- texts ----

    /// The type as `information_schema` names it.
    pub fn information_type(&self, ty: TypeRef) -> Value {
        let catalog = &self.catalog;
        let ty = match catalog.type_(ty.oid).map(|t| &t.kind) {
            Some(crate::catalog::TypeKind::Domain(domain)) => domain.base,
            _ => match catalog.builtins().type_by_oid(ty.oid) {
                Some(builtin) if builtin.typtype == 'd' => TypeRef::plain(builtin.base),
                _ => ty,
            },
        };
        if catalog.array_element(ty.oid).is_some() {
            return Value::text("ARRAY");
        }
        match catalog.type_name(ty.oid) {
            Some((PG_CATALOG, _)) => Value::text(catalog.format_type_be(ty.oid, &self.path)),
            _ => Value::text("USER-DEFINED"),
        }
    }

    /// A stored expression as PostgreSQL prints it; NULL if there is none.
    pub fn expr_text(&self, relation: Oid, expr: Option<&StoredExpr>) -> Value {
        Value::or_null(expr, |expr| self.text(self.deparser().expr(&expr.tree, Some(relation))))
    }

    /// A column's default as PostgreSQL prints it.
    pub fn default_text(&self, relation: Oid, column: &Column) -> Value {
        self.expr_text(relation, column.default.as_ref().or(column.generated.as_ref().map(|g| &g.expr)))
    }

    /// Prints what is stored, with the session's path.
    pub fn deparser(&self) -> Deparser<'_> {
        Deparser::new(&self.catalog, &*self.path)
    }

    /// A printed text.
    pub fn text(&self, text: Exec<String>) -> Value {
        match text {
            Ok(text) => Value::text(text),
            Err(Stop::Opaque(opaque)) => Value::not_evaluated(opaque.reason),
            Err(Stop::Error(error)) => Value::not_evaluated(error.message),
        }
    }
}
