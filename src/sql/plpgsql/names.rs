//! The variables that are known at a place of a body (`pl_funcs.c: plpgsql_ns_lookup`).

use super::Environment;
use crate::sql::ast::Name;

/// Nested scopes of names, the outermost first.
#[derive(Clone, Debug)]
pub(super) struct Names {
    scopes: Vec<Scope>,
}

#[derive(Clone, Debug, Default)]
struct Scope {
    label: Option<Name>,
    is_loop: bool,
    variables: Vec<(Name, Variable)>,
}

/// What is known of a variable.
#[derive(Clone, Debug, Default)]
pub(super) struct Variable {
    pub constant: bool,
    pub kind: VariableKind,
    /// The name that it was declared with, if that is another.
    pub refname: Option<Name>,
}

impl Variable {
    pub fn of(kind: VariableKind) -> Variable {
        Variable { kind, ..Variable::default() }
    }
}

/// What a variable is, as far as it is seen without a catalog.
#[derive(Clone, Debug, Default)]
pub(super) enum VariableKind {
    /// Something of a type that is not looked up.
    #[default]
    Unknown,
    /// A value of a type that is no cursor's, or a row.
    Named,
    /// A `record`, or a row of a relation.
    Record,
    /// A cursor that is opened for any query.
    RefCursor,
    /// A cursor for one query, with its parameters.
    Cursor(Vec<Name>),
}

/// What a label is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labelled {
    Block,
    Loop,
}

const TRIGGER_VARIABLES: [&str; 14] = [
    "new",
    "old",
    "tg_name",
    "tg_when",
    "tg_level",
    "tg_op",
    "tg_relid",
    "tg_relname",
    "tg_table_name",
    "tg_table_schema",
    "tg_nargs",
    "tg_argv",
    "tg_event",
    "tg_tag",
];

impl Names {
    /// The names that a body starts with.
    pub fn new(environment: &Environment) -> Names {
        let mut variables = vec![Name::from("found")];
        for (i, param) in environment.params.iter().enumerate() {
            variables.push(format!("${}", i + 1).into());
            variables.extend(param.clone());
        }
        if environment.trigger {
            variables.extend(TRIGGER_VARIABLES[..12].iter().map(|&v| Name::from(v)));
        }
        if environment.event_trigger {
            variables.extend(TRIGGER_VARIABLES[12..].iter().map(|&v| Name::from(v)));
        }
        let variables = variables.into_iter().map(|name| (name, Variable::default())).collect();
        Names { scopes: vec![Scope { label: environment.name.clone(), is_loop: false, variables }] }
    }

    pub fn enter(&mut self, label: Option<Name>) {
        self.scopes.push(Scope { label, ..Scope::default() });
    }

    pub fn enter_loop(&mut self, label: Option<Name>) {
        self.scopes.push(Scope { label, is_loop: true, ..Scope::default() });
    }

    pub fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Another name of a variable; it is called what it was declared as.
    pub fn alias(&mut self, alias: &Name, of: &[Name]) {
        let Some((name, variable)) = self.variable(of) else { return };
        let variable = Variable { refname: variable.refname.clone().or(Some(name.clone())), ..variable.clone() };
        self.declare(alias, variable);
    }

    /// Declares a variable in the innermost scope.
    pub fn declare(&mut self, name: &Name, variable: Variable) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.variables.push((name.clone(), variable));
        }
    }

    /// Whether the innermost scope has a variable of that name.
    pub fn declared_here(&self, name: &Name) -> bool {
        self.scopes.last().is_some_and(|scope| scope.variables.iter().any(|(n, _)| n == name))
    }

    /// Whether `a`, `a.b` or `a.b.c` stands for a variable or a field of one.
    pub fn knows(&self, names: &[Name]) -> bool {
        self.variable(names).is_some()
    }

    /// The variable that `a`, `a.b` or `a.b.c` stands for or is a field of, and the name that is its own.
    pub fn variable(&self, names: &[Name]) -> Option<(&Name, &Variable)> {
        let first = names.first()?;
        self.scopes.iter().rev().find_map(|scope| {
            let find = |name: &Name| scope.variables.iter().rev().find(|(n, _)| n == name).map(|(n, v)| (n, v));
            find(first).or_else(|| find(names.get(1).filter(|_| scope.label.as_ref() == Some(first))?))
        })
    }

    /// What has that label (`pl_funcs.c: plpgsql_ns_lookup_label`).
    pub fn labelled(&self, label: &Name) -> Option<Labelled> {
        let scope = self.scopes.iter().rev().find(|scope| scope.label.as_ref() == Some(label))?;
        Some(if scope.is_loop { Labelled::Loop } else { Labelled::Block })
    }

    /// Whether it is inside of a loop (`plpgsql_ns_find_nearest_loop`).
    pub fn in_loop(&self) -> bool {
        self.scopes.iter().any(|scope| scope.is_loop)
    }
}
