//! GRANT, REVOKE, default privileges.

use super::*;

impl Lowerer<'_> {
    pub(super) fn grant(&mut self, grant: pg::GrantStmt) -> Grant {
        let behavior = drop_behavior(grant.behavior());
        let (target_type, kind) = (grant.targtype(), grant.objtype());
        let kind = self.object_kind(kind);
        let objects = grant.objects;
        let target = match (target_type, kind) {
            (pg::GrantTargetType::AclTargetAllInSchema, kind) => {
                GrantTarget::AllInSchema { kind, schemas: self.idents(objects) }
            }
            (_, ObjectKind::Table) => GrantTarget::Tables(self.relations(objects)),
            (_, ObjectKind::Sequence) => GrantTarget::Sequences(self.relations(objects)),
            (_, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine) => GrantTarget::Functions {
                kind,
                functions: objects.into_iter().map(|node| self.function_ref_node(node.node)).to_vec(),
            },
            (_, ObjectKind::Schema) => GrantTarget::Schemas(self.idents(objects)),
            (_, ObjectKind::Type | ObjectKind::Domain) => GrantTarget::Types {
                kind,
                names: objects.into_iter().map(|node| self.qualified_node(node.node)).to_vec(),
            },
            (_, kind) => GrantTarget::Other { kind, names: nodes(objects).map(|node| self.spelled(node)).to_vec() },
        };
        Grant {
            grant: grant.is_grant,
            target,
            privileges: self.privileges(grant.privileges),
            grantees: self.roles(grant.grantees),
            grant_option: grant.grant_option,
            grantor: grant.grantor.map(|role| self.role(role)),
            behavior,
        }
    }

    fn idents(&mut self, list: Vec<Node>) -> Vec<Ident> {
        self.names(list).into_iter().map(|name| Ident { name, loc: Loc::NONE }).to_vec()
    }

    fn privileges(&mut self, list: Vec<Node>) -> Privileges {
        if list.is_empty() {
            return Privileges::All;
        }
        Privileges::List(
            nodes(list)
                .filter_map(|node| match node {
                    NodeEnum::AccessPriv(privilege) => Some(Privilege {
                        name: name_if_any(privilege.priv_name).unwrap_or_else(|| "all".into()),
                        columns: self.names(privilege.cols),
                    }),
                    _ => {
                        self.unexpected();
                        None
                    }
                })
                .to_vec(),
        )
    }

    pub(super) fn grant_role(&mut self, grant: pg::GrantRoleStmt) -> GrantRole {
        let behavior = drop_behavior(grant.behavior());
        let roles = nodes(grant.granted_roles)
            .filter_map(|node| match node {
                NodeEnum::AccessPriv(role) if role.cols.is_empty() && !role.priv_name.is_empty() => {
                    Some(role.priv_name.into())
                }
                _ => {
                    // `GRANT ALL (a) TO r` and the like: refused by PostgreSQL's execution, not by its grammar.
                    self.give_up("GRANT ROLE", Touches::Nothing);
                    None
                }
            })
            .to_vec();
        GrantRole {
            grant: grant.is_grant,
            roles,
            members: self.roles(grant.grantee_roles),
            options: self.options(grant.opt),
            grantor: grant.grantor.map(|role| self.role(role)),
            behavior,
        }
    }

    pub(super) fn alter_default_privileges(&mut self, alter: pg::AlterDefaultPrivilegesStmt) -> AlterDefaultPrivileges {
        let mut roles = Vec::new();
        let mut schemas = Vec::new();
        for option in self.def_elems(alter.options) {
            let values = self.list(boxed(option.arg));
            match option.defname.as_str() {
                "roles" => roles = self.roles(values),
                "schemas" => schemas = self.names(values),
                _ => self.unexpected(),
            }
        }
        let action = alter.action.unwrap_or_else(|| {
            self.unexpected();
            pg::GrantStmt::default()
        });
        let kind = self.object_kind(action.objtype());
        AlterDefaultPrivileges {
            roles,
            schemas,
            grant: action.is_grant,
            kind,
            privileges: self.privileges(action.privileges),
            grantees: self.roles(action.grantees),
            grant_option: action.grant_option,
        }
    }
}
