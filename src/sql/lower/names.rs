//! Names, types' names, relations, roles.

use super::*;

impl Lowerer<'_> {
    /// The string of a String node.
    pub(super) fn string(&mut self, node: Option<NodeEnum>) -> String {
        match node {
            Some(NodeEnum::String(string)) => string.sval,
            _ => {
                self.unexpected();
                String::new()
            }
        }
    }

    /// The strings of a list of String nodes.
    pub(super) fn strings(&mut self, list: Vec<Node>) -> Vec<String> {
        list.into_iter().map(|node| self.string(node.node)).to_vec()
    }

    /// The names of a list of String nodes.
    pub(super) fn names(&mut self, list: Vec<Node>) -> Vec<Name> {
        list.into_iter().map(|node| self.string(node.node).into()).to_vec()
    }

    /// A name of one or two parts. Three would name a database, which this type has no room for.
    pub(super) fn qualified(&mut self, list: Vec<Node>, loc: Loc) -> QualifiedName {
        let mut parts = self.names(list);
        let name = parts.pop().unwrap_or_default();
        let schema = parts.pop();
        if name.is_empty() {
            self.unexpected();
        } else if !parts.is_empty() {
            // It is an error (0A000) unless it is this database's, whose name is not known.
            self.give_up("a name with a database in front", Touches::Everything);
        }
        QualifiedName { schema, name, loc }
    }

    /// A name of one or two parts, or nothing for an empty list.
    pub(super) fn qualified_if_any(&mut self, list: Vec<Node>) -> Option<QualifiedName> {
        if list.is_empty() { None } else { Some(self.qualified(list, Loc::NONE)) }
    }

    /// A List node's name of one or two parts.
    pub(super) fn qualified_node(&mut self, node: Option<NodeEnum>) -> QualifiedName {
        let list = self.list(node);
        self.qualified(list, Loc::NONE)
    }

    /// The elements of a List node.
    pub(super) fn list(&mut self, node: Option<NodeEnum>) -> Vec<Node> {
        match node {
            Some(NodeEnum::List(list)) => list.items,
            _ => {
                self.unexpected();
                Vec::new()
            }
        }
    }

    pub(super) fn range_var(&mut self, relation: pg::RangeVar) -> RangeVar {
        let persistence = match relation.relpersistence.as_str() {
            "t" => Persistence::Temporary,
            "u" => Persistence::Unlogged,
            _ => Persistence::Permanent,
        };
        RangeVar {
            catalog: name_if_any(relation.catalogname),
            name: QualifiedName {
                schema: name_if_any(relation.schemaname),
                name: relation.relname.into(),
                loc: self.loc(relation.location),
            },
            only: !relation.inh,
            persistence,
            alias: self.alias(relation.alias),
        }
    }

    /// A relation that the grammar always gives.
    pub(super) fn relation(&mut self, relation: Option<pg::RangeVar>) -> RangeVar {
        let relation = relation.unwrap_or_else(|| {
            self.unexpected();
            pg::RangeVar::default()
        });
        self.range_var(relation)
    }

    /// The relation of a RangeVar node.
    pub(super) fn relation_node(&mut self, node: Option<NodeEnum>) -> RangeVar {
        match node {
            Some(NodeEnum::RangeVar(relation)) => self.range_var(relation),
            _ => self.relation(None),
        }
    }

    /// The relations of a list of RangeVar nodes.
    pub(super) fn relations(&mut self, list: Vec<Node>) -> Vec<RangeVar> {
        list.into_iter().map(|node| self.relation_node(node.node)).to_vec()
    }

    pub(super) fn alias(&mut self, alias: Option<pg::Alias>) -> Option<Alias> {
        let alias = alias?;
        Some(Alias { name: alias.aliasname.into(), columns: self.names(alias.colnames) })
    }

    pub(super) fn role(&mut self, role: pg::RoleSpec) -> RoleSpec {
        match role.roletype() {
            pg::RoleSpecType::RolespecCstring => RoleSpec::Name(role.rolename.into()),
            // CURRENT_ROLE and CURRENT_USER are one and the same to PostgreSQL (acl.c: get_rolespec_oid).
            pg::RoleSpecType::RolespecCurrentRole | pg::RoleSpecType::RolespecCurrentUser => RoleSpec::CurrentUser,
            pg::RoleSpecType::RolespecSessionUser => RoleSpec::SessionUser,
            pg::RoleSpecType::RolespecPublic => RoleSpec::Public,
            pg::RoleSpecType::Undefined => {
                self.unexpected();
                RoleSpec::Public
            }
        }
    }

    /// A role that the grammar always gives.
    pub(super) fn required_role(&mut self, role: Option<pg::RoleSpec>) -> RoleSpec {
        let role = role.unwrap_or_else(|| {
            self.unexpected();
            pg::RoleSpec::default()
        });
        self.role(role)
    }

    /// The roles of a list of RoleSpec nodes.
    pub(super) fn roles(&mut self, list: Vec<Node>) -> Vec<RoleSpec> {
        list.into_iter()
            .map(|node| match node.node {
                Some(NodeEnum::RoleSpec(role)) => self.role(role),
                _ => self.required_role(None),
            })
            .to_vec()
    }

    pub(in crate::sql) fn type_name(&mut self, ty: pg::TypeName) -> TypeName {
        let loc = self.loc(ty.location);
        let mut names = ty.names;
        let percent_type = if ty.pct_type {
            // With %TYPE the last part is a column.
            let column = names.pop().and_then(|node| node.node);
            Some(self.string(column).into())
        } else {
            None
        };
        TypeName {
            name: self.qualified(names, loc),
            percent_type,
            typmods: self.exprs(ty.typmods),
            array_dims: ty.array_bounds.len() as u32,
            setof: ty.setof,
            loc,
        }
    }

    /// A type that the grammar always gives.
    pub(super) fn required_type(&mut self, ty: Option<pg::TypeName>) -> TypeName {
        match ty {
            Some(ty) => self.type_name(ty),
            None => {
                self.unexpected();
                TypeName::default()
            }
        }
    }

    /// The type of a TypeName node, or of a List node that holds nothing but its name (`any_name`).
    pub(super) fn type_node(&mut self, node: Option<NodeEnum>) -> TypeName {
        match node {
            Some(NodeEnum::TypeName(ty)) => self.type_name(ty),
            Some(NodeEnum::List(list)) => {
                TypeName { name: self.qualified(list.items, Loc::NONE), ..TypeName::default() }
            }
            _ => self.required_type(None),
        }
    }

    /// A function as DROP and its like name it.
    pub(super) fn function_ref(&mut self, function: pg::ObjectWithArgs) -> FunctionRef {
        let args = if function.args_unspecified {
            None
        } else {
            // `objargs` has the types of input arguments only. An aggregate without arguments has a NULL in it.
            let args = function.objargs.into_iter().filter(|node| node.node.is_some());
            Some(args.map(|node| self.type_node(node.node)).to_vec())
        };
        let written = |node: &Node| match &node.node {
            Some(NodeEnum::FunctionParameter(param)) => param.mode() != pg::FunctionParameterMode::FuncParamDefault,
            _ => false,
        };
        let modes = function.objfuncargs.iter().any(written);
        FunctionRef { name: self.qualified(function.objname, Loc::NONE), args, modes }
    }

    pub(super) fn function_ref_node(&mut self, node: Option<NodeEnum>) -> FunctionRef {
        let function = match node {
            Some(NodeEnum::ObjectWithArgs(function)) => function,
            _ => {
                self.unexpected();
                pg::ObjectWithArgs::default()
            }
        };
        self.function_ref(function)
    }
}
