//! Lists of options (`DefElem`).

use super::*;

/// What stands for a password.
const REDACTED: &str = "<redacted>";

impl Lowerer<'_> {
    pub(super) fn options(&mut self, list: Vec<Node>) -> Vec<DefElem> {
        self.def_elems(list).into_iter().map(|elem| self.option(elem)).to_vec()
    }

    /// The DefElem nodes of a list.
    pub(super) fn def_elems(&mut self, list: Vec<Node>) -> Vec<pg::DefElem> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::DefElem(elem) => Some(*elem),
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }

    fn option(&mut self, elem: pg::DefElem) -> DefElem {
        let action = match elem.defaction() {
            pg::DefElemAction::DefelemUnspec | pg::DefElemAction::Undefined => DefAction::Unspecified,
            pg::DefElemAction::DefelemSet => DefAction::Set,
            pg::DefElemAction::DefelemAdd => DefAction::Add,
            pg::DefElemAction::DefelemDrop => DefAction::Drop,
        };
        let mut value = boxed(elem.arg).map(|arg| self.def_value(arg));
        if elem.defname == "password"
            && let Some(value) = &mut value
        {
            *value = DefValue::String(REDACTED.to_owned());
        }
        DefElem {
            namespace: name_if_any(elem.defnamespace),
            name: elem.defname.into(),
            value,
            action,
            loc: self.loc(elem.location),
        }
    }

    fn def_value(&mut self, node: NodeEnum) -> DefValue {
        match node {
            NodeEnum::String(string) => DefValue::String(string.sval),
            NodeEnum::Integer(integer) => DefValue::Integer(integer.ival.into()),
            NodeEnum::Float(float) => DefValue::Float(float.fval),
            NodeEnum::Boolean(boolean) => DefValue::Boolean(boolean.boolval),
            NodeEnum::TypeName(ty) => DefValue::Type(self.type_name(ty)),
            NodeEnum::AStar(_) => DefValue::Star,
            NodeEnum::RoleSpec(role) => DefValue::String(match self.role(role) {
                RoleSpec::Name(name) => name.to_string(),
                RoleSpec::CurrentUser => "current_user".to_owned(),
                RoleSpec::SessionUser => "session_user".to_owned(),
                RoleSpec::Public => "public".to_owned(),
            }),
            NodeEnum::List(list) => {
                let all_strings = list.items.iter().all(|item| matches!(item.node, Some(NodeEnum::String(_))));
                if all_strings {
                    DefValue::Names(self.names(list.items))
                } else {
                    DefValue::List(nodes(list.items).map(|item| self.def_value(item)).to_vec())
                }
            }
            node => DefValue::Expr(Box::new(self.expr(Some(node)))),
        }
    }

    /// The string of an option's value.
    pub(super) fn option_string(&mut self, elem: pg::DefElem) -> String {
        let value = boxed(elem.arg);
        self.string(value)
    }

    /// A value that PostgreSQL reads as Boolean (`defGetBoolean`): absent is true.
    pub(super) fn option_bool(&mut self, elem: pg::DefElem) -> bool {
        match boxed(elem.arg) {
            None => true,
            Some(NodeEnum::Boolean(boolean)) => boolean.boolval,
            Some(NodeEnum::Integer(integer)) => integer.ival != 0,
            Some(NodeEnum::String(string)) => {
                !matches!(string.sval.to_ascii_lowercase().as_str(), "false" | "off" | "no" | "0")
            }
            Some(_) => {
                self.unexpected();
                false
            }
        }
    }

    /// A number as it is written (`NumericOnly`).
    pub(super) fn option_number(&mut self, elem: pg::DefElem) -> String {
        match boxed(elem.arg) {
            Some(NodeEnum::Integer(integer)) => integer.ival.to_string(),
            Some(NodeEnum::Float(float)) => float.fval,
            _ => {
                self.unexpected();
                String::new()
            }
        }
    }
}
