//! Roles, schemas, extensions.

use super::*;

impl Lowerer<'_> {
    pub(super) fn create_role(&mut self, create: pg::CreateRoleStmt) -> CreateRole {
        let user = create.stmt_type() == pg::RoleStmtType::RolestmtUser;
        CreateRole { name: create.role.into(), user, options: self.options(create.options) }
    }

    pub(super) fn alter_role(&mut self, alter: pg::AlterRoleStmt) -> AlterRole {
        AlterRole { role: self.required_role(alter.role), options: self.options(alter.options), add: alter.action >= 0 }
    }

    pub(super) fn alter_role_set(&mut self, alter: pg::AlterRoleSetStmt) -> AlterRoleSet {
        AlterRoleSet {
            role: alter.role.map(|role| self.role(role)),
            database: name_if_any(alter.database),
            set: self.set_variable(alter.setstmt.unwrap_or_default()),
        }
    }

    pub(super) fn alter_database_set(&mut self, alter: pg::AlterDatabaseSetStmt) -> AlterRoleSet {
        AlterRoleSet {
            role: None,
            database: Some(alter.dbname.into()),
            set: self.set_variable(alter.setstmt.unwrap_or_default()),
        }
    }

    pub(super) fn create_schema(&mut self, create: pg::CreateSchemaStmt) -> CreateSchema {
        CreateSchema {
            name: name_if_any(create.schemaname),
            authorization: create.authrole.map(|role| self.role(role)),
            if_not_exists: create.if_not_exists,
            elements: create.schema_elts.into_iter().map(|node| self.statement(node.node)).to_vec(),
        }
    }

    pub(super) fn create_extension(&mut self, create: pg::CreateExtensionStmt) -> CreateExtension {
        let (mut schema, mut version, mut cascade) = (None, None, false);
        for option in self.def_elems(create.options) {
            match option.defname.as_str() {
                "schema" => schema = Some(self.option_string(option).into()),
                "new_version" => version = Some(self.option_string(option)),
                "cascade" => cascade = self.option_bool(option),
                _ => self.unexpected(),
            }
        }
        CreateExtension { name: create.extname.into(), if_not_exists: create.if_not_exists, schema, version, cascade }
    }

    pub(super) fn alter_extension(&mut self, alter: pg::AlterExtensionStmt) -> AlterExtension {
        let mut version = None;
        for option in self.def_elems(alter.options) {
            match option.defname.as_str() {
                "new_version" => version = Some(self.option_string(option)),
                _ => self.unexpected(),
            }
        }
        AlterExtension { name: alter.extname.into(), action: AlterExtensionAction::Update(version) }
    }

    pub(super) fn alter_extension_contents(&mut self, alter: pg::AlterExtensionContentsStmt) -> AlterExtension {
        let kind = self.object_kind(alter.objtype());
        let object = self.object_ref(kind, boxed(alter.object));
        let action =
            if alter.action >= 0 { AlterExtensionAction::Add(object) } else { AlterExtensionAction::Drop(object) };
        AlterExtension { name: alter.extname.into(), action }
    }
}
