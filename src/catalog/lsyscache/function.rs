//! Functions (`pg_proc`, `pg_aggregate`).

use super::types::has_builtins;
use super::{Catalog, Oid};
use crate::catalog::builtin::BuiltinFunction;
use crate::catalog::type_oid as t;
use crate::catalog::{AggregateKind, BOOTSTRAP_ROLE, Function, FunctionKind, Object};
use crate::sql::ast::{ParamMode, Volatility};

/// A row of `pg_proc`, whoever made it.
#[derive(Clone, Copy, Debug)]
pub enum FunctionInfo<'a> {
    /// One of PostgreSQL's own.
    Builtin(&'static BuiltinFunction),
    /// One that the catalog holds.
    User(&'a Function),
}

/// An argument of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentInfo<'a> {
    /// Its name, where it has one.
    pub name: Option<&'a str>,
    /// Its mode.
    pub mode: ParamMode,
    /// Its type; for a VARIADIC one the array's.
    pub ty: Oid,
    /// It has a default.
    pub has_default: bool,
}

impl ArgumentInfo<'_> {
    /// It is passed by the caller.
    pub fn is_input(&self) -> bool {
        match self.mode {
            ParamMode::In | ParamMode::InOut | ParamMode::Variadic => true,
            ParamMode::Out | ParamMode::Table => false,
        }
    }

    /// It is a column of the result.
    pub fn is_output(&self) -> bool {
        match self.mode {
            ParamMode::Out | ParamMode::InOut | ParamMode::Table => true,
            ParamMode::In | ParamMode::Variadic => false,
        }
    }
}

impl<'a> FunctionInfo<'a> {
    /// Its OID.
    pub fn oid(self) -> Oid {
        match self {
            FunctionInfo::Builtin(f) => f.oid,
            FunctionInfo::User(f) => f.oid,
        }
    }

    /// The object that it is.
    pub fn object(self) -> Object {
        Object::Function(self.oid())
    }

    /// Its schema.
    pub fn schema(self) -> Oid {
        match self {
            FunctionInfo::Builtin(f) => f.namespace,
            FunctionInfo::User(f) => f.schema,
        }
    }

    /// Its name.
    pub fn name(self) -> &'a str {
        match self {
            FunctionInfo::Builtin(f) => f.name,
            FunctionInfo::User(f) => &f.name,
        }
    }

    /// Its owner.
    pub fn owner(self) -> Oid {
        match self {
            FunctionInfo::Builtin(_) => BOOTSTRAP_ROLE,
            FunctionInfo::User(f) => f.owner,
        }
    }

    /// What it is.
    pub fn kind(self) -> FunctionKind {
        match self {
            FunctionInfo::Builtin(f) => f.kind,
            FunctionInfo::User(f) => f.kind,
        }
    }

    /// How many arguments it has, OUT and TABLE ones included.
    pub fn arg_count(self) -> usize {
        match self {
            FunctionInfo::Builtin(f) => f.args.len(),
            FunctionInfo::User(f) => f.params.len(),
        }
    }

    /// An argument by its place among all.
    pub fn arg(self, index: usize) -> Option<ArgumentInfo<'a>> {
        match self {
            FunctionInfo::Builtin(f) => f.args.get(index).map(|arg| {
                let inputs_after = || f.args[index + 1..].iter().filter(|arg| arg.is_input()).count();
                let has_default = f.defaults > 0 && arg.is_input() && inputs_after() < f.defaults;
                ArgumentInfo { name: arg.name, mode: arg.mode, ty: arg.ty, has_default }
            }),
            FunctionInfo::User(f) => f.params.get(index).map(|param| ArgumentInfo {
                name: param.name.as_deref(),
                mode: param.mode,
                ty: param.ty.oid,
                has_default: param.default.is_some(),
            }),
        }
    }

    /// All arguments, OUT and TABLE ones included (`proallargtypes`).
    pub fn args(self) -> impl Iterator<Item = ArgumentInfo<'a>> + Clone {
        (0..self.arg_count()).filter_map(move |index| self.arg(index))
    }

    /// The arguments that a caller passes.
    pub fn inputs(self) -> impl Iterator<Item = ArgumentInfo<'a>> + Clone {
        self.args().filter(ArgumentInfo::is_input)
    }

    /// Their types (`proargtypes`).
    pub fn input_types(self) -> impl Iterator<Item = Oid> + Clone + 'a {
        self.inputs().map(|arg| arg.ty)
    }

    /// How many arguments a caller passes at most, a VARIADIC one counted once (`pronargs`).
    pub fn input_count(self) -> usize {
        self.inputs().count()
    }

    /// How many of the last of them have defaults (`pronargdefaults`).
    pub fn default_count(self) -> usize {
        match self {
            FunctionInfo::Builtin(f) => f.defaults,
            FunctionInfo::User(f) => f.params.iter().filter(|p| p.is_input() && p.default.is_some()).count(),
        }
    }

    /// What it returns; `void` where it says nothing, as a procedure's.
    pub fn returns(self) -> Oid {
        match self {
            FunctionInfo::Builtin(f) => f.returns,
            FunctionInfo::User(f) => f.returns.map_or(t::VOID, |ty| ty.oid),
        }
    }

    /// It returns a set.
    pub fn returns_set(self) -> bool {
        match self {
            FunctionInfo::Builtin(f) => f.returns_set,
            FunctionInfo::User(f) => f.returns_set,
        }
    }

    /// Its volatility.
    pub fn volatility(self) -> Volatility {
        match self {
            FunctionInfo::Builtin(f) => f.volatility,
            FunctionInfo::User(f) => f.volatility,
        }
    }

    /// `STRICT`
    pub fn strict(self) -> bool {
        match self {
            FunctionInfo::Builtin(f) => f.strict,
            FunctionInfo::User(f) => f.strict,
        }
    }

    /// Its language.
    pub fn language(self) -> &'a str {
        match self {
            FunctionInfo::Builtin(f) => f.language,
            FunctionInfo::User(f) => &f.language,
        }
    }

    /// How an aggregate is called, and how many direct arguments it has; nothing for another function.
    pub fn aggregate(self) -> Option<(AggregateKind, usize)> {
        if self.kind() != FunctionKind::Aggregate {
            return None;
        }
        Some(match self {
            FunctionInfo::Builtin(f) => (f.aggregate_kind, f.direct_args.unwrap_or(0)),
            FunctionInfo::User(f) => {
                f.aggregate.as_ref().map_or((AggregateKind::Normal, 0), |agg| (agg.kind, agg.direct_args))
            }
        })
    }
}

impl Catalog {
    /// The function of that number.
    pub fn function_info(&self, oid: Oid) -> Option<FunctionInfo<'_>> {
        match self.function(oid) {
            Some(user) => Some(FunctionInfo::User(user)),
            None => self.builtins().function_by_oid(oid).map(FunctionInfo::Builtin),
        }
    }

    /// The functions of that name in a schema.
    pub fn functions_by_name<'a>(
        &'a self,
        schema: Oid,
        name: &str,
    ) -> impl Iterator<Item = FunctionInfo<'a>> + use<'a> {
        let builtins = has_builtins(schema).then(|| self.builtins().functions_in(schema, name));
        let builtins = builtins.into_iter().flatten().map(FunctionInfo::Builtin);
        builtins.chain(self.functions_of_name(schema, name).map(FunctionInfo::User))
    }

    /// The function with exactly these input types (`PROCNAMEARGSNSP`).
    pub fn function_with_args(&self, schema: Oid, name: &str, args: &[Oid]) -> Option<FunctionInfo<'_>> {
        self.functions_by_name(schema, name).find(|f| f.input_types().eq(args.iter().copied()))
    }

    /// The type of an element of a function's VARIADIC argument; nothing if there is none (`provariadic`).
    pub fn variadic_element(&self, function: FunctionInfo<'_>) -> Oid {
        let user = match function {
            FunctionInfo::Builtin(builtin) => return builtin.variadic,
            FunctionInfo::User(user) => user,
        };
        let Some(variadic) = user.params.iter().find(|p| p.mode == ParamMode::Variadic) else { return Oid::INVALID };
        match variadic.ty.oid {
            t::ANY => t::ANY,
            t::ANYARRAY => t::ANYELEMENT,
            t::ANYCOMPATIBLEARRAY => t::ANYCOMPATIBLE,
            array => self.element_type(array),
        }
    }
}
