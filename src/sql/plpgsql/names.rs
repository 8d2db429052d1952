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
    variables: Vec<Name>,
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
        Names { scopes: vec![Scope { label: environment.name.clone(), variables }] }
    }

    pub fn enter(&mut self, label: Option<Name>) {
        self.scopes.push(Scope { label, variables: Vec::new() });
    }

    pub fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Declares a variable in the innermost scope; false if that scope has it already.
    pub fn declare(&mut self, name: &Name) -> bool {
        let Some(scope) = self.scopes.last_mut() else { return false };
        let new = !scope.variables.contains(name);
        scope.variables.push(name.clone());
        new
    }

    /// Whether `a`, `a.b` or `a.b.c` stands for a variable or a field of one.
    pub fn knows(&self, names: &[Name]) -> bool {
        let Some(first) = names.first() else { return false };
        self.scopes.iter().rev().any(|scope| {
            scope.variables.contains(first)
                || (scope.label.as_ref() == Some(first) && names.get(1).is_some_and(|n| scope.variables.contains(n)))
        })
    }
}
