//! `GRANT`, `REVOKE`, `ALTER DEFAULT PRIVILEGES` (`aclchk.c`).

use super::alter_table::has_system_columns;
use crate::catalog::{
    Acl, AclItem, AclKind, BOOTSTRAP_ROLE, Catalog, ChangeKind, DefaultAclKey, FunctionKind, INFORMATION_SCHEMA,
    Object, Oid, PG_CATALOG, Privs, Provenance, RelationKind, TypeKind,
};
use crate::expr::is_system_column;
use crate::replay::{Context, Exec, Notice, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterDefaultPrivileges, DropBehavior, Grant, GrantTarget, Ident, Name, ObjectKind, ObjectName, ObjectRef,
    Privileges, QualifiedName, RangeVar, RoleSpec, Touches, TypeName,
};
use crate::sql::span::Loc;

/// A GRANT or REVOKE with its names looked up (`InternalGrant`).
struct Order {
    grant: bool,
    /// Nothing is ALL.
    privileges: Option<Privs>,
    /// Privileges on columns: the column and its privileges.
    columns: Vec<(Name, Privs)>,
    grantees: Vec<Oid>,
    grant_option: bool,
    cascade: bool,
}

impl Order {
    /// `REVOKE ALL FROM role CASCADE`
    fn all_from(role: Oid) -> Order {
        Order {
            grant: false,
            privileges: None,
            columns: Vec::new(),
            grantees: vec![role],
            grant_option: false,
            cascade: true,
        }
    }
}

impl Replay {
    /// DOMAIN is for domains.
    fn refuse_other_than_domains(&self, target: &GrantTarget, objects: &[Object]) -> Exec {
        let GrantTarget::Types { kind: ObjectKind::Domain, names } = target else { return Ok(()) };
        for (object, written) in objects.iter().zip(names.iter().map(lookup::display)) {
            let Object::Type(oid) = object else { continue };
            if let Some(ty) = self.catalog.type_info(*oid).filter(|ty| ty.typtype != 'd') {
                let name = if self.catalog.version() < 18 { ty.name.to_string() } else { written };
                return Err(SqlError::new("42809", format!("\"{name}\" is not a domain")).into());
            }
        }
        Ok(())
    }

    /// `aclchk.c: ExecuteGrantStmt`
    pub(crate) fn grant(&mut self, stmt: &Grant, cx: &Context) -> Exec {
        if stmt.grantor == Some(RoleSpec::Public) {
            return Err(SqlError::new("42704", "role \"public\" does not exist").into());
        }
        if let Some(grantor) = &stmt.grantor
            && self.role(grantor)? != self.session.current_user
        {
            return Err(SqlError::new("0A000", "grantor must be current user").into());
        }
        let (allowed, what) = match &stmt.target {
            GrantTarget::Tables(_) | GrantTarget::AllInSchema { kind: ObjectKind::Table, .. } => {
                let version = self.catalog.version();
                (AclKind::Table.all(version).with(AclKind::Sequence.all(version)), "relation")
            }
            GrantTarget::Sequences(_) | GrantTarget::AllInSchema { kind: ObjectKind::Sequence, .. } => {
                (AclKind::Sequence.all(self.catalog.version()), "sequence")
            }
            GrantTarget::Functions { kind, .. } | GrantTarget::AllInSchema { kind, .. } => {
                (Privs::EXECUTE, routine_word(*kind))
            }
            GrantTarget::Schemas(_) => (AclKind::Schema.all(self.catalog.version()), "schema"),
            GrantTarget::Types { kind: ObjectKind::Domain, .. } => (Privs::USAGE, "domain"),
            GrantTarget::Types { .. } => (Privs::USAGE, "type"),
            GrantTarget::Other { kind, .. } => match other_acl_kind(*kind) {
                Some((kind, what)) => (kind.all(self.catalog.version()), what),
                None => {
                    // Privileges on these decide neither whether a later statement of a schema's owner succeeds nor any
                    // requirement; their grantees must exist.
                    stmt.grantees.iter().try_for_each(|g| self.role(g).map(drop))?;
                    let reason = "privileges on this kind of object are not recorded";
                    return Err(Opaque::new(reason, Touches::Nothing).into());
                }
            },
        };
        let objects = self.grant_targets(&stmt.target)?;
        // From 18 on it is said when names are looked up, which names it as it is written.
        if self.catalog.version() >= 18 {
            self.refuse_other_than_domains(&stmt.target, &objects)?;
        }
        let grantees = stmt.grantees.iter().map(|g| self.role(g)).collect::<Exec<Vec<Oid>>>()?;
        // `aclchk.c: ExecGrant_Type`
        if let GrantTarget::Types { .. } = &stmt.target
            && objects.iter().any(|o| matches!(o, Object::Type(oid) if self.catalog.array_element(*oid).is_some()))
        {
            let error = SqlError::new("0LP01", "cannot set privileges of array types");
            return Err(error.hint("Set the privileges of the element type instead.").into());
        }
        let multirange = |oid| self.catalog.type_(oid).is_some_and(|ty| matches!(ty.kind, TypeKind::Multirange(_)));
        if self.catalog.version() >= 17
            && let GrantTarget::Types { .. } = &stmt.target
            && objects.iter().any(|o| matches!(o, Object::Type(oid) if multirange(*oid)))
        {
            let error = SqlError::new("0LP01", "cannot set privileges of multirange types");
            return Err(error.hint("Set the privileges of the range type instead.").into());
        }
        self.refuse_other_than_domains(&stmt.target, &objects)?;
        let mut order = Order {
            grant: stmt.grant,
            privileges: None,
            columns: Vec::new(),
            grantees,
            grant_option: stmt.grant_option,
            cascade: stmt.behavior == DropBehavior::Cascade,
        };
        if let Privileges::List(list) = &stmt.privileges {
            let mut all = Privs::NONE;
            for privilege in list {
                if !privilege.columns.is_empty() {
                    if !matches!(
                        stmt.target,
                        GrantTarget::Tables(_) | GrantTarget::AllInSchema { kind: ObjectKind::Table, .. }
                    ) {
                        let message = "column privileges are only valid for relations";
                        return Err(SqlError::new("0LP01", message).into());
                    }
                    let on_column = AclKind::Column.all(self.catalog.version());
                    let privs = if privilege.name == "all" {
                        on_column
                    } else {
                        privilege_named(&privilege.name, self.catalog.version())?
                    };
                    if !on_column.contains(privs) {
                        return Err(invalid_privilege(privs.without(on_column), "column").into());
                    }
                    order.columns.extend(privilege.columns.iter().map(|c| (c.clone(), privs)));
                    continue;
                }
                let privs = privilege_named(&privilege.name, self.catalog.version())?;
                if !allowed.contains(privs) {
                    return Err(invalid_privilege(privs, what).into());
                }
                all = all.with(privs);
            }
            order.privileges = Some(all);
        }
        if let GrantTarget::Other { kind: ObjectKind::Parameter, names } = &stmt.target {
            return self.grant_on_parameters(names, &order, cx);
        }
        let as_table =
            matches!(stmt.target, GrantTarget::Tables(_) | GrantTarget::AllInSchema { kind: ObjectKind::Table, .. });
        objects.into_iter().try_for_each(|object| self.grant_on_object(object, as_table, &order, cx))
    }

    /// Takes from a role what it was granted on an object (`aclchk.c: RemoveRoleFromObjectACL`).
    pub(super) fn remove_role_from_acl(&mut self, object: Object, role: Oid, cx: &Context) -> Exec {
        if let Object::DefaultAcl(oid) = object {
            return match self.catalog.default_acl_key(oid) {
                Some(key) => self.change_default_acl(key, key.kind.all(self.catalog.version()), &Order::all_from(role)),
                None => Ok(()),
            };
        }
        self.grant_on_object(object, true, &Order::all_from(role), cx)
    }

    /// The same for a configuration parameter.
    pub(super) fn remove_role_from_parameter(&mut self, name: &Name, role: Oid, cx: &Context) -> Exec {
        self.grant_on_parameters(&[name.to_string()], &Order::all_from(role), cx)
    }

    /// `aclchk.c: ExecGrantStmt_oids`
    fn grant_on_object(&mut self, object: Object, as_table: bool, order: &Order, cx: &Context) -> Exec {
        {
            match object {
                Object::Relation(oid) => self.grant_on_relation(oid, as_table, order, cx)?,
                Object::Function(oid) => self.grant_on(object, AclKind::Function, order, cx, |catalog| {
                    catalog.function_mut(oid).map(|f| (f.owner, &mut f.acl, &mut f.provenance))
                })?,
                Object::Schema(oid) => self.grant_on(object, AclKind::Schema, order, cx, |catalog| {
                    catalog.schema_mut(oid).map(|s| (s.owner, &mut s.acl, &mut s.provenance))
                })?,
                Object::Type(oid) => self.grant_on(object, AclKind::Type, order, cx, |catalog| {
                    catalog.type_mut(oid).map(|t| (t.owner, &mut t.acl, &mut t.provenance))
                })?,
                Object::Column(..)
                | Object::Default(..)
                | Object::Constraint(..)
                | Object::Trigger(..)
                | Object::Policy(..)
                | Object::Rule(..)
                | Object::DomainConstraint(..)
                | Object::Role(_)
                | Object::Extension(_)
                | Object::Publication(_)
                | Object::PublicationRelation(..)
                | Object::DefaultAcl(_)
                | Object::Operator(_)
                | Object::Cast(_)
                | Object::OpClass(_)
                | Object::OpFamily(_)
                | Object::Collation(_)
                | Object::Conversion(_)
                | Object::TsConfig(_)
                | Object::TsDict(_)
                | Object::Statistics(_)
                | Object::EventTrigger(_)
                | Object::Transform(_) => {}
                Object::Database(_) => self.grant_on(object, AclKind::Database, order, cx, |catalog| {
                    let database = catalog.database_mut();
                    Some((database.owner, &mut database.acl, &mut database.provenance))
                })?,
                Object::ForeignDataWrapper(_) => {
                    self.grant_on_unplaced(object, AclKind::ForeignDataWrapper, order, cx)?
                }
                Object::LargeObject(oid) => self.grant_on(object, AclKind::LargeObject, order, cx, |catalog| {
                    catalog.large_object_mut(oid).map(|o| (o.owner, &mut o.acl, &mut o.provenance))
                })?,
                Object::ForeignServer(_) => self.grant_on_unplaced(object, AclKind::ForeignServer, order, cx)?,
                Object::Language(oid) => {
                    self.check_trusted(oid)?;
                    self.grant_on_unplaced(object, AclKind::Language, order, cx)?;
                }
            }
        }
        Ok(())
    }

    /// The objects that a GRANT names (`objectNamesToOids`, `objectsInSchemaToOids`). PostgreSQL's own are left out:
    /// their privileges are not modelled.
    fn grant_targets(&self, target: &GrantTarget) -> Exec<Vec<Object>> {
        let path = self.path();
        match target {
            GrantTarget::Tables(relations) | GrantTarget::Sequences(relations) => {
                let found = relations.iter().map(|r| self.grantable_relation(r)).collect::<Exec<Vec<_>>>()?;
                Ok(found.into_iter().flatten().map(Object::Relation).collect())
            }
            GrantTarget::Functions { kind, functions } => {
                functions.iter().map(|f| self.find_function(f, *kind).map(Object::Function)).collect()
            }
            GrantTarget::Schemas(schemas) => {
                schemas.iter().map(|s| lookup::schema(&self.catalog, &s.name, s.loc).map(Object::Schema)).collect()
            }
            GrantTarget::Types { names, .. } => names
                .iter()
                .map(|name| {
                    let ty = TypeName { name: name.clone(), loc: name.loc, ..TypeName::default() };
                    let oid = lookup::resolve_type(&self.catalog, &path, &ty)?.oid;
                    Ok(Object::Type(oid))
                })
                .collect(),
            GrantTarget::AllInSchema { kind, schemas } => {
                let mut all = Vec::new();
                for schema in schemas {
                    self.all_in_schema(*kind, schema, &mut all)?;
                }
                Ok(all)
            }
            // They are no objects.
            GrantTarget::Other { kind: ObjectKind::Parameter, .. } => Ok(Vec::new()),
            GrantTarget::Other { kind, names } => {
                let object = |name: &String| {
                    let name = ObjectName::Plain(QualifiedName::bare(name.as_str()));
                    self.resolve_object(&ObjectRef { kind: *kind, name, loc: Loc::NONE })
                };
                Ok(names.iter().map(object).collect::<Exec<Vec<_>>>()?.into_iter().flatten().collect())
            }
        }
    }

    fn all_in_schema(&self, kind: ObjectKind, schema: &Ident, all: &mut Vec<Object>) -> Exec {
        let schema = lookup::schema(&self.catalog, &schema.name, schema.loc)?;
        self.may_use_schema(schema)?;
        let sequences = kind == ObjectKind::Sequence;
        if sequences || kind == ObjectKind::Table {
            let wanted = self.catalog.relations_in(schema).filter(|r| match &r.kind {
                RelationKind::Sequence(_) => sequences,
                RelationKind::Table
                | RelationKind::PartitionedTable(_)
                | RelationKind::ForeignTable(_)
                | RelationKind::View(_)
                | RelationKind::MaterializedView(..) => !sequences,
                RelationKind::Index(_) | RelationKind::CompositeType => false,
            });
            // Kind by kind, as `objectsInSchemaToOids` reads them.
            let mut found: Vec<(u8, Oid)> = wanted
                .map(|r| match &r.kind {
                    RelationKind::View(_) => (1, r.oid),
                    RelationKind::MaterializedView(..) => (2, r.oid),
                    RelationKind::ForeignTable(_) => (3, r.oid),
                    RelationKind::PartitionedTable(_) => (4, r.oid),
                    RelationKind::Table
                    | RelationKind::Sequence(_)
                    | RelationKind::Index(_)
                    | RelationKind::CompositeType => (0, r.oid),
                })
                .collect();
            found.sort_unstable();
            all.extend(found.into_iter().map(|(_, oid)| Object::Relation(oid)));
        } else {
            let wanted = self.catalog.functions_of_schema(schema).filter(|f| match f.kind {
                FunctionKind::Procedure => kind != ObjectKind::Function,
                FunctionKind::Function | FunctionKind::Aggregate | FunctionKind::Window => {
                    kind != ObjectKind::Procedure
                }
            });
            all.extend(wanted.map(|f| Object::Function(f.oid)));
        }
        Ok(())
    }

    /// The relation of a GRANT; nothing for one of PostgreSQL's own.
    fn grantable_relation(&self, relation: &RangeVar) -> Exec<Option<Oid>> {
        let name = &relation.name;
        self.may_use_schema_of(name)?;
        for &schema in self.schemas_of(name)?.iter() {
            if self.catalog.relation_in(schema, &name.name).is_some() {
                break;
            }
            let system = schema == PG_CATALOG || schema == INFORMATION_SCHEMA;
            if system && self.catalog.builtins().system_relation(schema, &name.name).is_some() {
                return Ok(None);
            }
        }
        self.relation(relation).map(Some)
    }

    /// `aclchk.c: ExecGrant_Relation`
    fn grant_on_relation(&mut self, oid: Oid, as_table: bool, order: &Order, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
        let (name, owner) = (relation.name.clone(), relation.owner);
        let wrong = |what: &str| Err(SqlError::new("42809", format!("\"{name}\" is {what}")).into());
        let sequence = match &relation.kind {
            RelationKind::Index(_) => return wrong("an index"),
            RelationKind::CompositeType => return wrong("a composite type"),
            RelationKind::Sequence(_) => true,
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..) => false,
        };
        if !as_table && !sequence {
            return wrong("not a sequence");
        }
        let kind = if sequence { AclKind::Sequence } else { AclKind::Table };
        let all = kind.all(self.catalog.version());
        let mut privs = order.privileges.unwrap_or(all);
        if !all.contains(privs) {
            if !sequence {
                return Err(invalid_privilege(Privs::USAGE, "table").into());
            }
            let message = format!("sequence \"{name}\" only supports USAGE, SELECT, and UPDATE privileges");
            self.warning(message, cx);
            privs = privs.and(all);
        }
        // Revoking a privilege on a table revokes it on each of its columns.
        let on_column = AclKind::Column.all(self.catalog.version());
        let mut columns = Vec::new();
        for (column, privs) in &order.columns {
            let Some(relation) = self.catalog.relation(oid) else { continue };
            match relation.column(column) {
                Some(column) => columns.push((column.number, *privs)),
                None if is_system_column(column) && has_system_columns(relation) => {
                    return Err(Opaque::new("privileges on a system column", Touches::Nothing).into());
                }
                None => {
                    return Err(lookup::undefined_column(&self.catalog, relation, column, Loc::NONE));
                }
            }
        }
        if !order.grant && !privs.and(on_column).is_empty() {
            let live = self.catalog.relation(oid).into_iter().flat_map(|r| r.live_columns());
            columns.extend(live.filter(|c| c.acl.is_some()).map(|c| (c.number, privs.and(on_column))));
        }
        let old = self.catalog.relation(oid).and_then(|r| r.acl.clone());
        let old = old.unwrap_or_else(|| Acl::default_for(kind, owner, self.catalog.version()));
        let of_relation = old.clone();
        if !privs.is_empty() {
            let acl = self.change_acl(old, owner, kind, privs, order, &name, cx)?;
            if let Some(relation) = self.catalog.relation_mut(oid) {
                relation.acl = Some(acl);
                relation.provenance.change(cx.origin, ChangeKind::Privileges);
            }
        }
        for (number, privs) in columns {
            let Some(column) = self.catalog.relation(oid).and_then(|r| r.column_at(number)) else { continue };
            // What is granted on the table with the grant option can be granted on its columns (`ExecGrant_Attribute`).
            let (own, mut old) = (column.acl.clone().unwrap_or_default(), of_relation.clone());
            old.0.extend(own.0.iter().cloned());
            let on = format!("column \"{}\" of relation \"{name}\"", column.name);
            let all = AclKind::Column.all(self.catalog.version());
            let (grantor, privs) = self.may_grant(&old, owner, all, privs, order, [&on, &on], cx)?;
            let acl = merge_all(own, owner, grantor, privs, order)?;
            if let Some(column) = self.catalog.relation_mut(oid).and_then(|r| r.column_at_mut(number)) {
                // `ExecGrant_Attribute`: an empty list is none at all.
                column.acl = Some(acl).filter(|a| !a.0.is_empty());
                column.provenance.change(cx.origin, ChangeKind::Privileges);
            }
        }
        Ok(())
    }

    /// A GRANT on an object without columns.
    fn grant_on(
        &mut self,
        object: Object,
        kind: AclKind,
        order: &Order,
        cx: &Context,
        parts: impl Fn(&mut Catalog) -> Option<(Oid, &mut Option<Acl>, &mut Provenance)>,
    ) -> Exec {
        let version = self.catalog.version();
        // Built-in functions and types are not in the catalog.
        let Some((owner, acl, _)) = parts(&mut self.catalog) else { return Ok(()) };
        let old = acl.clone().unwrap_or_else(|| Acl::default_for(kind, owner, version));
        let name = match self.catalog.unplaced(object) {
            Some(found) => found.name.to_string(),
            // With its kind (`ExecGrant_Largeobject`).
            None if kind == AclKind::LargeObject => self.catalog.describe(object, &[]),
            None => {
                let name = self.catalog.describe(object, &self.path());
                name.split_once(' ').map_or_else(|| name.clone(), |(_, name)| name.to_owned())
            }
        };
        let all = kind.all(version);
        let new = self.change_acl(old, owner, kind, order.privileges.unwrap_or(all), order, &name, cx)?;
        if let Some((_, acl, provenance)) = parts(&mut self.catalog) {
            *acl = Some(new);
            provenance.change(cx.origin, ChangeKind::Privileges);
        }
        Ok(())
    }

    /// `aclchk.c: ExecGrant_Parameter`; the names are looked up first.
    fn grant_on_parameters(&mut self, names: &[String], order: &Order, cx: &Context) -> Exec {
        let kind = AclKind::Parameter;
        let names = names.iter().map(|name| self.parameter_of_acl(name)).collect::<Exec<Vec<Name>>>()?;
        for name in names {
            let standard = Acl::default_for(kind, BOOTSTRAP_ROLE, self.catalog.version());
            let old = self.catalog.parameter_acl(&name).unwrap_or(&standard).clone();
            let all = kind.all(self.catalog.version());
            let new = self.change_acl(old, BOOTSTRAP_ROLE, kind, order.privileges.unwrap_or(all), order, &name, cx)?;
            let acl = (!new.same_as(&standard)).then_some(new);
            self.catalog.set_parameter_acl(&name, acl);
        }
        Ok(())
    }

    /// `guc.c: convert_GUC_name_for_parameter_acl`, `check_GUC_name_for_parameter_acl`
    fn parameter_of_acl(&self, name: &str) -> Exec<Name> {
        if self.catalog.builtins().parameter(name).is_some() || name.contains('.') {
            return Ok(name.to_lowercase().into());
        }
        Err(if self.catalog.version() >= 16 {
            SqlError::new("42704", format!("unrecognized configuration parameter \"{name}\"")).into()
        } else {
            SqlError::new("42602", format!("invalid parameter name \"{name}\"")).into()
        })
    }

    fn grant_on_unplaced(&mut self, object: Object, kind: AclKind, order: &Order, cx: &Context) -> Exec {
        self.grant_on(object, kind, order, cx, |catalog| {
            let found = catalog.unplaced_mut(object)?;
            Some((*found.owner, found.acl?, found.provenance))
        })
    }

    /// The grantor and what it may grant: the owner's rights for superusers and members of the owner, else those of the
    /// role with the most grant options (`acl.c: select_best_grantor`).
    fn best_grantor(&self, acl: &Acl, owner: Oid, all: Privs, wanted: Privs) -> (Oid, Privs) {
        let user = self.session.current_user;
        let superuser = self.catalog.role(user).is_some_and(|r| r.attributes.superuser);
        if superuser || self.has_rights_of(owner) {
            return (owner, all);
        }
        let options = |role: Oid| {
            let own = acl.0.iter().filter(|i| i.grantee == role);
            own.fold(Privs::NONE, |all, i| all.with(i.grant_options))
        };
        let mut best = (user, options(user));
        for item in acl.0.iter().filter(|i| i.grantee != Oid::INVALID && self.has_rights_of(i.grantee)) {
            let has = options(item.grantee);
            if has.and(wanted).names().count() > best.1.and(wanted).names().count() {
                best = (item.grantee, has);
            }
        }
        best
    }

    /// `aclchk.c: restrict_and_check_grant` and `merge_acl_with_grant`
    #[allow(clippy::too_many_arguments)]
    fn change_acl(
        &mut self,
        acl: Acl,
        owner: Oid,
        kind: AclKind,
        wanted: Privs,
        order: &Order,
        name: &str,
        cx: &Context,
    ) -> Exec<Acl> {
        let all = kind.all(self.catalog.version());
        let words = [&format!("{} {name}", acl_kind_word(kind)), &format!("\"{name}\"")];
        let (grantor, privs) = self.may_grant(&acl, owner, all, wanted, order, words, cx)?;
        merge_all(acl, owner, grantor, privs, order)
    }

    /// The grantor, and what of the privileges it may grant (`aclchk.c: restrict_and_check_grant`). The words are those of
    /// errors and of warnings.
    #[allow(clippy::too_many_arguments)]
    fn may_grant(
        &mut self,
        acl: &Acl,
        owner: Oid,
        all: Privs,
        wanted: Privs,
        order: &Order,
        [denied, warned]: [&String; 2],
        cx: &Context,
    ) -> Exec<(Oid, Privs)> {
        let (grantor, options) = self.best_grantor(acl, owner, all, wanted);
        if options.is_empty() {
            let mine = |i: &&AclItem| i.grantee == Oid::INVALID || self.has_rights_of(i.grantee);
            if !acl.0.iter().any(|i| mine(&i)) {
                return Err(SqlError::new("42501", format!("permission denied for {denied}")).into());
            }
        }
        let privs = wanted.and(options);
        let short = privs != wanted;
        let verb = if order.grant { "were granted" } else { "could be revoked" };
        if privs.is_empty() && short {
            self.warning(format!("no privileges {verb} for {warned}"), cx);
        } else if short && order.privileges.is_some() {
            self.warning(format!("not all privileges {verb} for {warned}"), cx);
        }
        Ok((grantor, privs))
    }

    /// 42501 unless the current user has the rights of the role whose default privileges change.
    fn may_change_defaults_of(&self, role: Oid) -> Exec {
        if self.catalog.version() < 16 {
            return self.must_be_able_to_be(role);
        }
        if self.has_rights_of(role) {
            return Ok(());
        }
        Err(SqlError::new("42501", "permission denied to change default privileges").into())
    }

    pub(super) fn warning(&mut self, message: impl Into<String>, cx: &Context) {
        self.notices.push(Notice { severity: "WARNING", message: message.into(), origin: cx.origin, raised: None });
    }

    /// `aclchk.c: ExecAlterDefaultPrivilegesStmt`, `SetDefaultACL`
    pub(crate) fn alter_default_privileges(&mut self, stmt: &AlterDefaultPrivileges, _cx: &Context) -> Exec {
        let Some((kind, what)) = default_acl_kind(stmt.kind) else {
            // Large objects (18); the grammar has no other kind.
            let reason = "default privileges on large objects are not recorded";
            return Err(Opaque::new(reason, Touches::Nothing).into());
        };
        let grantees = stmt.grantees.iter().map(|g| self.role(g)).collect::<Exec<Vec<Oid>>>()?;
        let all = kind.all(self.catalog.version());
        let privs = match &stmt.privileges {
            Privileges::All => all,
            Privileges::List(list) => {
                let mut privs = Privs::NONE;
                for privilege in list {
                    if !privilege.columns.is_empty() {
                        let message = "default privileges cannot be set for columns";
                        return Err(SqlError::new("0LP01", message).into());
                    }
                    let one = privilege_named(&privilege.name, self.catalog.version())?;
                    if !all.contains(one) {
                        return Err(invalid_privilege(one, what).into());
                    }
                    privs = privs.with(one);
                }
                privs
            }
        };
        let mut roles = stmt.roles.iter().map(|r| self.role(r)).collect::<Exec<Vec<Oid>>>()?;
        if stmt.roles.contains(&RoleSpec::Public) {
            return Err(SqlError::new("42704", "role \"public\" does not exist").into());
        }
        if roles.is_empty() {
            roles.push(self.session.current_user);
        }
        for &role in &roles {
            self.may_change_defaults_of(role)?;
        }
        let mut schemas: Vec<Option<Oid>> =
            stmt.schemas.iter().map(|s| lookup::schema(&self.catalog, s, Loc::NONE).map(Some)).collect::<Exec<_>>()?;
        if kind == AclKind::Schema && !schemas.is_empty() {
            let message = "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS";
            return Err(SqlError::new("0LP01", message).into());
        }
        if kind == AclKind::LargeObject && !schemas.is_empty() {
            let message = "cannot use IN SCHEMA clause when using GRANT/REVOKE ON LARGE OBJECTS";
            return Err(SqlError::new("0LP01", message).into());
        }
        if schemas.is_empty() {
            schemas.push(None);
        }
        let order = Order {
            grant: stmt.grant,
            privileges: Some(privs),
            columns: Vec::new(),
            grantees,
            grant_option: stmt.grant_option,
            cascade: false,
        };
        for &role in &roles {
            for &schema in &schemas {
                let key = DefaultAclKey { role, schema, kind };
                self.change_default_acl(key, privs, &order)?;
            }
        }
        Ok(())
    }

    /// `aclchk.c: SetDefaultACL`
    fn change_default_acl(&mut self, key: DefaultAclKey, privs: Privs, order: &Order) -> Exec {
        // A global entry replaces the built-in default, one of a schema comes on top of it.
        let standard = match key.schema {
            None => Acl::default_for(key.kind, key.role, self.catalog.version()),
            Some(_) => Acl::default(),
        };
        let mut acl = self.catalog.default_acl(key).unwrap_or(&standard).clone();
        for &grantee in &order.grantees {
            merge(&mut acl, key.role, key.role, grantee, privs, order)?;
        }
        let acl = (!acl.same_as(&standard)).then_some(acl);
        self.catalog.set_default_acl(key, acl);
        Ok(())
    }
}

fn merge_all(mut acl: Acl, owner: Oid, grantor: Oid, privs: Privs, order: &Order) -> Exec<Acl> {
    for &grantee in &order.grantees {
        merge(&mut acl, owner, grantor, grantee, privs, order)?;
    }
    Ok(acl)
}

/// One grantee's part of a GRANT or REVOKE (`acl.c: aclupdate`).
fn merge(acl: &mut Acl, owner: Oid, grantor: Oid, grantee: Oid, privs: Privs, order: &Order) -> Exec {
    if order.grant {
        if order.grant_option && grantee == Oid::INVALID {
            return Err(SqlError::new("0LP01", "grant options can only be granted to roles").into());
        }
        if order.grant_option && circular(acl, owner, grantor, grantee, privs)? {
            let message = "grant options cannot be granted back to your own grantor";
            return Err(SqlError::new("0LP01", message).into());
        }
        acl.grant(grantee, grantor, privs, order.grant_option);
        acl.0.retain(|i| !i.privs.is_empty() || !i.grant_options.is_empty());
        return Ok(());
    }
    let options = |acl: &Acl, grantee: Oid| {
        let items = acl.0.iter().filter(|i| i.grantee == grantee);
        items.fold(Privs::NONE, |all, i| all.with(i.grant_options))
    };
    let before = options(acl, grantee);
    acl.revoke(grantee, grantor, privs, order.grant_option);
    // What the grantee passed on goes too, unless it can still be passed on (`recursive_revoke`); the owner always can.
    let lost = before.without(options(acl, grantee));
    if grantee == owner || lost.is_empty() {
        return Ok(());
    }
    let passed_on =
        |acl: &Acl| acl.0.iter().find(|i| i.grantor == grantee && !i.privs.and(lost).is_empty()).map(|i| i.grantee);
    while let Some(next) = passed_on(acl) {
        if !order.cascade {
            let error = SqlError::new("2BP01", "dependent privileges exist");
            return Err(error.hint("Use CASCADE to revoke them too.").into());
        }
        let whole = Order {
            grant: false,
            privileges: None,
            columns: Vec::new(),
            grantees: Vec::new(),
            grant_option: false,
            cascade: true,
        };
        merge(acl, owner, grantee, next, lost, &whole)?;
    }
    Ok(())
}

/// Without what the grantee has, the grantor could not grant it (`acl.c: check_circularity`).
fn circular(acl: &Acl, owner: Oid, grantor: Oid, grantee: Oid, privs: Privs) -> Exec<bool> {
    if grantor == owner {
        return Ok(false);
    }
    let mut without = acl.clone();
    let whole = Order {
        grant: false,
        privileges: None,
        columns: Vec::new(),
        grantees: Vec::new(),
        grant_option: false,
        cascade: true,
    };
    while let Some(item) = without.0.iter().find(|i| i.grantee == grantee && !i.grant_options.is_empty()).cloned() {
        merge(&mut without, owner, item.grantor, grantee, item.privs.with(item.grant_options), &whole)?;
    }
    let own = without.0.iter().filter(|i| i.grantee == grantor);
    Ok(!own.fold(Privs::NONE, |all, i| all.with(i.grant_options)).contains(privs))
}

/// `aclchk.c: string_to_privilege`
fn privilege_named(name: &str, version: u32) -> Exec<Privs> {
    let since = match name {
        "maintain" => 17,
        "set" | "alter system" => 15,
        _ => 0,
    };
    match Privs::by_name(if name == "temp" { "temporary" } else { name }).filter(|_| version >= since) {
        Some(privs) => Ok(privs),
        None => Err(SqlError::new("42601", format!("unrecognized privilege type \"{name}\"")).into()),
    }
}

/// The kinds that GRANT names as it names them, and their names in messages.
pub(in crate::replay) fn other_acl_kind(kind: ObjectKind) -> Option<(AclKind, &'static str)> {
    const KINDS: [(ObjectKind, AclKind, &str); 6] = [
        (ObjectKind::LargeObject, AclKind::LargeObject, "large object"),
        (ObjectKind::Database, AclKind::Database, "database"),
        (ObjectKind::Parameter, AclKind::Parameter, "parameter"),
        (ObjectKind::Language, AclKind::Language, "language"),
        (ObjectKind::ForeignDataWrapper, AclKind::ForeignDataWrapper, "foreign-data wrapper"),
        (ObjectKind::ForeignServer, AclKind::ForeignServer, "foreign server"),
    ];
    KINDS.iter().find(|(k, ..)| *k == kind).map(|&(_, acl, what)| (acl, what))
}

/// `aclchk.c: aclcheck_error`
fn acl_kind_word(kind: AclKind) -> &'static str {
    match kind {
        AclKind::Table => "table",
        AclKind::Column => "column",
        AclKind::Sequence => "sequence",
        AclKind::Function => "function",
        AclKind::Schema => "schema",
        AclKind::Type => "type",
        AclKind::ForeignDataWrapper => "foreign-data wrapper",
        AclKind::ForeignServer => "foreign server",
        AclKind::Language => "language",
        AclKind::Database => "database",
        AclKind::LargeObject => "large object",
        AclKind::Parameter => "parameter",
    }
}

fn invalid_privilege(privs: Privs, what: &str) -> SqlError {
    let name = privs.names().next().unwrap_or("");
    SqlError::new("0LP01", format!("invalid privilege type {name} for {what}"))
}

/// A function, procedure or routine as messages name it.
fn routine_word(kind: ObjectKind) -> &'static str {
    if kind == ObjectKind::Procedure {
        "procedure"
    } else if kind == ObjectKind::Routine {
        "routine"
    } else {
        "function"
    }
}

/// The kinds that default privileges are modelled for, and their names in messages.
pub(in crate::replay) fn default_acl_kind(kind: ObjectKind) -> Option<(AclKind, &'static str)> {
    const KINDS: [(ObjectKind, AclKind, &str); 8] = [
        (ObjectKind::LargeObject, AclKind::LargeObject, "large object"),
        (ObjectKind::Table, AclKind::Table, "relation"),
        (ObjectKind::Sequence, AclKind::Sequence, "sequence"),
        (ObjectKind::Function, AclKind::Function, "function"),
        (ObjectKind::Procedure, AclKind::Function, "function"),
        (ObjectKind::Routine, AclKind::Function, "function"),
        (ObjectKind::Type, AclKind::Type, "type"),
        (ObjectKind::Schema, AclKind::Schema, "schema"),
    ];
    KINDS.iter().find(|(k, ..)| *k == kind).map(|&(_, acl, what)| (acl, what))
}
