//! The variables of a body: what is declared where, and the values (`pl_exec.c`, `pl_comp.c`).

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::catalog::{Oid, TypeRef};
use crate::replay::query::{Rows, Variables};
use crate::replay::value::{Reason, Record, Value};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::Name;
use crate::sql::plpgsql::VariableConflict;

/// A variable.
#[derive(Clone, Debug)]
pub(in crate::replay) struct Variable {
    pub name: Name,
    pub ty: VariableType,
    pub value: Value,
    pub constant: bool,
    pub not_null: bool,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::replay) enum VariableType {
    /// A value of a type.
    Scalar(TypeRef),
    /// A row of any columns.
    Record,
    /// A row of a relation's or composite type's columns.
    Row(Oid),
    /// A cursor, by its number.
    Cursor(usize),
    /// The type is not known, because a statement was not executed.
    Unknown,
}

impl Variable {
    pub fn scalar(name: impl Into<Name>, ty: TypeRef, value: Value) -> Variable {
        Variable { name: name.into(), ty: VariableType::Scalar(ty), value, constant: false, not_null: false }
    }
}

/// The variables of a block, or of a loop.
#[derive(Clone, Debug, Default)]
pub(in crate::replay) struct Scope {
    pub label: Option<Name>,
    pub variables: Vec<Variable>,
    /// Other names of variables.
    pub aliases: Vec<(Name, Slot)>,
}

/// All that names can mean in a body, the innermost scope last.
#[derive(Clone, Debug, Default)]
pub(in crate::replay) struct Frames {
    pub scopes: Vec<Scope>,
    /// `$1`, `$2` …
    pub params: Vec<Value>,
    pub conflict: VariableConflict,
}

/// Where a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::replay) struct Slot {
    scope: usize,
    variable: usize,
}

/// The names of the variables that embedded SQL can refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownNames {
    plain: FxHashMap<Name, Option<TypeRef>>,
    /// Fields of rows, variables behind a label; nothing if they are not known.
    qualified: FxHashMap<Name, Option<FxHashSet<Name>>>,
    /// Those of `$1`, `$2` …, where they are known.
    params: Option<Vec<Option<TypeRef>>>,
    conflict: VariableConflict,
}

impl KnownNames {
    /// The parameters of a function in SQL, which columns hide.
    pub fn columns_first(function: &Name, params: impl Iterator<Item = (Name, TypeRef)>) -> Arc<KnownNames> {
        let plain: FxHashMap<Name, Option<TypeRef>> = params.map(|(name, ty)| (name, Some(ty))).collect();
        let names: FxHashSet<Name> = plain.keys().cloned().collect();
        let mut qualified: FxHashMap<Name, Option<FxHashSet<Name>>> = names.iter().map(|n| (n.clone(), None)).collect();
        qualified.insert(function.clone(), Some(names));
        Arc::new(KnownNames { plain, qualified, params: None, conflict: VariableConflict::UseColumn })
    }

    /// Nothing but `$1`, `$2` … with these values.
    pub fn of_values(values: &[Value]) -> Arc<KnownNames> {
        let params = values.iter().map(|value| value.type_oid().map(TypeRef::plain)).collect();
        Arc::new(KnownNames { params: Some(params), conflict: VariableConflict::UseColumn, ..KnownNames::default() })
    }

    /// The type of `$1` where it is known; nothing if there is no such parameter.
    pub fn type_of_parameter(&self, number: u32) -> Option<Option<TypeRef>> {
        let Some(params) = &self.params else { return Some(None) };
        params.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }

    /// Whether a name stands for a variable.
    pub fn knows(&self, names: &[Name]) -> bool {
        let behind = |first: &Name, second: &Name| match self.qualified.get(first) {
            Some(Some(names)) => names.contains(second),
            Some(None) => true,
            None => false,
        };
        match names {
            [name] => self.plain.contains_key(name),
            [first, second] => behind(first, second),
            [label, record, _] => behind(label, record),
            _ => false,
        }
    }

    /// The type of the variable, where it is known.
    pub fn type_of(&self, names: &[Name]) -> Option<TypeRef> {
        match names {
            [name] => self.plain.get(name).copied().flatten(),
            _ => None,
        }
    }

    /// What a name means that a variable and a column have.
    pub fn conflict(&self) -> VariableConflict {
        self.conflict
    }
}

impl Frames {
    pub fn slot(&self, names: &[Name]) -> Option<(Slot, usize)> {
        let in_scope = |scope: usize, name: &Name| {
            let Scope { variables, aliases, .. } = &self.scopes[scope];
            let own = variables.iter().rposition(|v| v.name == *name).map(|variable| Slot { scope, variable });
            own.or_else(|| aliases.iter().find(|(alias, _)| alias == name).map(|(_, slot)| *slot))
        };
        let first = names.first()?;
        for scope in (0..self.scopes.len()).rev() {
            if let Some(slot) = in_scope(scope, first) {
                return Some((slot, 1));
            }
            if let (Some(label), Some(second)) = (&self.scopes[scope].label, names.get(1))
                && label == first
                && let Some(slot) = in_scope(scope, second)
            {
                return Some((slot, 2));
            }
        }
        let number: usize = first.strip_prefix('$')?.parse().ok()?;
        let of_param = self.scopes.first().and_then(|s| s.variables.len().checked_sub(number).map(|_| number - 1));
        of_param.map(|variable| (Slot { scope: 0, variable }, 1))
    }

    pub fn get(&self, slot: Slot) -> Option<&Variable> {
        self.scopes.get(slot.scope)?.variables.get(slot.variable)
    }

    pub fn get_mut(&mut self, slot: Slot) -> Option<&mut Variable> {
        self.scopes.get_mut(slot.scope)?.variables.get_mut(slot.variable)
    }

    /// The names, for code that binds SQL without evaluating it.
    pub fn known_names(&self) -> Arc<KnownNames> {
        let mut known = KnownNames { conflict: self.conflict, ..KnownNames::default() };
        for scope in &self.scopes {
            for variable in &scope.variables {
                let ty = if let VariableType::Scalar(ty) = &variable.ty { Some(*ty) } else { None };
                known.plain.insert(variable.name.clone(), ty);
                let fields = match (&variable.ty, &variable.value) {
                    (VariableType::Record | VariableType::Row(_), Value::Record(record)) => {
                        Some(record.fields.iter().map(|(n, _)| n.clone()).collect())
                    }
                    (VariableType::Record | VariableType::Row(_) | VariableType::Unknown, _) => None,
                    (VariableType::Scalar(_) | VariableType::Cursor(_), _) => continue,
                };
                known.qualified.insert(variable.name.clone(), fields);
            }
            known.plain.extend(scope.aliases.iter().map(|(name, _)| (name.clone(), None)));
            if let Some(label) = &scope.label {
                let names = scope.variables.iter().map(|v| v.name.clone()).collect();
                known.qualified.insert(label.clone(), Some(names));
            }
        }
        Arc::new(known)
    }

    /// Nothing certain is known of a variable any more.
    pub fn forget(&mut self, names: &[Name], reason: &Reason) {
        if let Some((slot, _)) = self.slot(names)
            && let Some(variable) = self.get_mut(slot)
        {
            variable.value = Value::Unknowable(reason.clone());
        }
    }
}

impl Variables for Frames {
    fn variable(&self, names: &[Name]) -> Exec<Option<Value>> {
        let Some((variable, used)) = self.slot(names).and_then(|(slot, used)| Some((self.get(slot)?, used))) else {
            return Ok(None);
        };
        let mut value = variable.value.clone();
        for field in &names[used..] {
            value = match value {
                Value::Record(record) => match record.fields.iter().find(|(name, _)| name == field) {
                    Some((_, value)) => value.clone(),
                    None => {
                        let message = format!("record \"{}\" has no field \"{field}\"", variable.name);
                        return Err(SqlError::new("42703", message).into());
                    }
                },
                Value::Unknowable(reason) => Value::Unknowable(reason),
                Value::Null if variable.ty == VariableType::Record => {
                    let error = SqlError::new("55000", format!("record \"{}\" is not assigned yet", variable.name));
                    let detail = "The tuple structure of a not-yet-assigned record is indeterminate.";
                    return Err(error.detail(detail).into());
                }
                Value::Null if matches!(variable.ty, VariableType::Row(_) | VariableType::Unknown) => Value::Null,
                // A scalar has no fields: the name means something else.
                _ => return Ok(None),
            };
        }
        Ok(Some(value))
    }

    fn knows(&self, names: &[Name]) -> bool {
        match self.slot(names).and_then(|(slot, used)| Some((self.get(slot)?, used))) {
            Some((variable, used)) => used == names.len() || !matches!(variable.ty, VariableType::Scalar(_)),
            None => false,
        }
    }

    fn param(&self, number: u32) -> Option<Value> {
        self.params.get(usize::try_from(number).ok()?.checked_sub(1)?).cloned()
    }

    fn conflict(&self) -> VariableConflict {
        self.conflict
    }

    fn known_names(&self) -> Option<Arc<KnownNames>> {
        Some(Frames::known_names(self))
    }
}

/// A row of a query as a value with the query's column names.
pub(super) fn record_of(rows: &Rows, row: usize) -> Value {
    match rows.rows.get(row) {
        Some(values) => {
            let fields = rows.columns.iter().cloned().zip(values.iter().cloned()).collect();
            Value::Record(Record { fields }.into())
        }
        None => Value::Null,
    }
}
