//! Which functions and operators a name may mean (`namespace.c`).

use super::super::Analyzer;
use super::super::error::{at, fail};
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::{Oid, PG_CATALOG};
use crate::replay::{Exec, lookup};
use crate::sql::ast::{Name, QualifiedName};
use crate::sql::span::Loc;

/// A function or operator that a name may mean (`FuncCandidateList`).
#[derive(Clone, Debug)]
pub(in super::super) struct Candidate {
    /// The function or operator; none if two are equally good.
    pub oid: Oid,
    /// Its schema's place in the path.
    pub pathpos: usize,
    /// The types that are to be passed, VARIADIC ones one by one, defaults included.
    pub args: Args,
    /// Where the arguments of a call with names go.
    pub arg_numbers: Option<Vec<usize>>,
    /// How many arguments go to the VARIADIC parameter.
    pub variadic_args: usize,
    /// How many defaults are used.
    pub default_args: usize,
}

/// Types of arguments: two are the most common number.
#[derive(Clone, Debug)]
pub(in super::super) enum Args {
    /// Up to four.
    Few([Oid; 4], u8),
    /// More.
    Many(Vec<Oid>),
}

impl Args {
    pub(in super::super) fn new(types: impl Iterator<Item = Oid>) -> Args {
        let mut few = [Oid::INVALID; 4];
        let mut count = 0u8;
        let mut types = types;
        for slot in &mut few {
            match types.next() {
                Some(ty) => *slot = ty,
                None => return Args::Few(few, count),
            }
            count += 1;
        }
        match types.next() {
            None => Args::Few(few, count),
            Some(fifth) => Args::Many(few.into_iter().chain([fifth]).chain(types).collect()),
        }
    }

    /// The types.
    pub(in super::super) fn as_slice(&self) -> &[Oid] {
        match self {
            Args::Few(few, count) => &few[..usize::from(*count)],
            Args::Many(many) => many,
        }
    }
}

/// What is asked of a function (the flags of `FuncnameGetCandidates`).
#[derive(Clone, Copy)]
pub(in super::super) struct Wanted<'w> {
    /// How many arguments are passed.
    pub count: usize,
    /// The names of the last of them.
    pub names: &'w [Name],
    /// Further arguments may go to a VARIADIC parameter.
    pub expand_variadic: bool,
    /// OUT parameters are passed too: it is a CALL.
    pub with_out: bool,
}

impl<'a> Analyzer<'a> {
    /// The schemas of a name, each with its place in the path: those of the path without temporary objects, or the one
    /// that is written (`namespace.c: LookupExplicitNamespace`).
    pub(in super::super) fn schemas_of(&self, name: &QualifiedName) -> Exec<SchemaList<'a>> {
        match &name.schema {
            Some(schema) => {
                let oid = if schema == "pg_catalog" {
                    PG_CATALOG
                } else {
                    lookup::schema(self.env.catalog, schema, name.loc)?
                };
                Ok(SchemaList { path: None, one: oid, temp: Oid::INVALID })
            }
            None => Ok(SchemaList { path: Some(self.env.path), one: Oid::INVALID, temp: self.temp_schema }),
        }
    }

    /// The functions that a call may mean (`namespace.c: FuncnameGetCandidates`).
    pub(in super::super) fn function_candidates(
        &self,
        name: &QualifiedName,
        wanted: Wanted<'_>,
        loc: Loc,
    ) -> Exec<Vec<Candidate>> {
        let schemas = at(loc, self.schemas_of(name))?;
        let mut list: Vec<Candidate> = Vec::new();
        let mut any_special = false;
        for (pathpos, schema) in schemas.iter() {
            for function in self.env.catalog.functions_by_name(schema, &name.name) {
                self.consider(function, pathpos, wanted, &mut any_special, &mut list, schemas.path.is_some());
            }
        }
        Ok(list)
    }

    fn consider(
        &self,
        function: FunctionInfo<'_>,
        pathpos: usize,
        wanted: Wanted<'_>,
        any_special: &mut bool,
        list: &mut Vec<Candidate>,
        along_path: bool,
    ) {
        let declared = if wanted.with_out { function.arg_count() } else { function.input_count() };
        let count = wanted.count;
        let element = if wanted.names.is_empty() && declared > count {
            Oid::INVALID
        } else {
            self.env.catalog.variadic_element(function)
        };
        let mut variadic = false;
        let mut arg_numbers = None;
        let use_defaults = declared > count;
        if use_defaults && count + function.default_count() < declared {
            return;
        }
        if wanted.names.is_empty() {
            if wanted.expand_variadic && declared <= count {
                variadic = element != Oid::INVALID;
            }
            if declared != count && !variadic && !use_defaults {
                return;
            }
            *any_special |= variadic || use_defaults;
        } else {
            if element != Oid::INVALID && wanted.expand_variadic || declared < count {
                return;
            }
            let Some(numbers) = match_named_call(function, wanted, declared) else { return };
            arg_numbers = Some(numbers);
            *any_special = true;
        }
        let types = || function.args().filter(|arg| wanted.with_out || arg.is_input()).map(|arg| arg.ty);
        let effective = declared.max(count);
        let args = match &arg_numbers {
            Some(numbers) => {
                let all: Vec<Oid> = types().collect();
                Args::new(numbers.iter().map(|&n| all.get(n).copied().unwrap_or(Oid::INVALID)))
            }
            None if variadic => {
                Args::new(types().take(declared - 1).chain(std::iter::repeat_n(element, effective + 1 - declared)))
            }
            None => Args::new(types()),
        };
        let candidate = Candidate {
            oid: function.oid(),
            pathpos,
            args,
            arg_numbers,
            variadic_args: if variadic { effective + 1 - declared } else { 0 },
            default_args: if use_defaults { declared - count } else { 0 },
        };
        if list.is_empty() || !(*any_special || along_path) {
            list.push(candidate);
            return;
        }
        // One hides another that takes the same arguments.
        let passed = |c: &Candidate| c.args.as_slice().len() - c.default_args;
        let compared = passed(&candidate);
        let same = |c: &Candidate| {
            passed(c) == compared && c.args.as_slice()[..compared] == candidate.args.as_slice()[..compared]
        };
        let Some(previous) = list.iter().position(same) else {
            list.push(candidate);
            return;
        };
        let before = &mut list[previous];
        if pathpos > before.pathpos || pathpos == before.pathpos && variadic && before.variadic_args == 0 {
            return;
        }
        if pathpos < before.pathpos || !variadic && before.variadic_args > 0 {
            *before = candidate;
            return;
        }
        before.oid = Oid::INVALID;
    }

    /// The operator with exactly these operands (`namespace.c: OpernameGetOprid`).
    pub(in super::super) fn operator_exact(&self, schemas: &SchemaList<'_>, name: &str, left: Oid, right: Oid) -> Oid {
        let find = |schema| self.env.catalog.operator_with_args(schema, name, left, right).map(|op| op.oid);
        schemas.iter().find_map(|(_, schema)| find(schema)).unwrap_or(Oid::INVALID)
    }

    /// The operators that a name may mean (`namespace.c: OpernameGetCandidates`).
    pub(in super::super) fn operator_candidates(
        &self,
        schemas: &SchemaList<'_>,
        name: &str,
        prefix: bool,
    ) -> Vec<Candidate> {
        let mut list: Vec<Candidate> = Vec::new();
        let mut several = false;
        for (pathpos, schema) in schemas.iter() {
            let first = list.len();
            for op in self.env.catalog.operators_by_name(schema, name) {
                if (op.left == Oid::INVALID) != prefix {
                    continue;
                }
                let types = [op.left, op.right];
                let operands = if prefix { &types[1..] } else { &types[..] };
                if several && list[..first].iter().any(|c| c.args.as_slice() == operands) {
                    continue;
                }
                let args = Args::new(operands.iter().copied());
                list.push(Candidate {
                    oid: op.oid,
                    pathpos,
                    args,
                    arg_numbers: None,
                    variadic_args: 0,
                    default_args: 0,
                });
            }
            several |= !list.is_empty();
        }
        list
    }

    /// The collation of that name (`namespace.c: get_collation_oid`).
    pub(in super::super) fn lookup_collation(&self, name: &QualifiedName, loc: Loc) -> Exec<Oid> {
        let catalog = self.env.catalog;
        let schemas = at(loc, self.schemas_of(name))?;
        if let Some(found) = schemas.iter().find_map(|(_, schema)| catalog.collation_in(schema, &name.name)) {
            return Ok(found);
        }
        let mut names = schemas.iter();
        if names.any(|(_, schema)| schema == PG_CATALOG) && is_locale(&name.name) {
            let reason = format!("collation \"{}\" depends on the operating system", name.name);
            return at(loc, Err(super::super::error::unknown(reason)));
        }
        let message =
            format!("collation \"{}\" for encoding \"UTF8\" does not exist", super::super::error::display(name));
        if let Some(unknown) = lookup::maybe_undefined(catalog) {
            return Err(lookup::maybe(crate::replay::SqlError::new("42704", message).at(loc), &unknown));
        }
        fail("42704", message, loc)
    }
}

/// It looks like a locale of an operating system: `en_US`, `de_DE.utf8`, `sr_RS@latin`.
fn is_locale(name: &str) -> bool {
    let stem = name.split(['.', '@']).next().unwrap_or("");
    let mut parts = stem.split('_');
    let language = parts.next().unwrap_or("");
    let territory = parts.next();
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && territory.is_some_and(|t| t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase()))
        && parts.next().is_none()
        || name == "C.utf8"
        || name == "C.UTF-8"
}

/// The schemas that a name is looked up in.
pub(in super::super) struct SchemaList<'a> {
    path: Option<&'a [Oid]>,
    one: Oid,
    temp: Oid,
}

impl SchemaList<'_> {
    /// The schemas and their places.
    pub(in super::super) fn iter(&self) -> impl Iterator<Item = (usize, Oid)> + '_ {
        let one = self.path.is_none().then_some((0, self.one));
        let path = self.path.unwrap_or(&[]).iter().copied().enumerate();
        one.into_iter().chain(path.filter(|&(_, schema)| schema != self.temp))
    }
}

/// Where the arguments of a call with names go: first those that are passed, then those that have defaults
/// (`namespace.c: MatchNamedCall`).
fn match_named_call(function: FunctionInfo<'_>, wanted: Wanted<'_>, declared: usize) -> Option<Vec<usize>> {
    let positional = wanted.count.checked_sub(wanted.names.len())?;
    let mut numbers: Vec<usize> = (0..positional).collect();
    let mut given = vec![false; declared];
    given.get_mut(..positional)?.fill(true);
    let params: Vec<Option<&str>> =
        function.args().filter(|arg| wanted.with_out || arg.is_input()).map(|arg| arg.name).collect();
    for name in wanted.names {
        let number = params.iter().position(|param| *param == Some(name.as_str()))?;
        if std::mem::replace(given.get_mut(number)?, true) {
            return None;
        }
        numbers.push(number);
    }
    if wanted.count < declared {
        let first_default = declared.checked_sub(function.default_count())?;
        for (number, given) in given.iter().enumerate().skip(positional) {
            if *given {
                continue;
            }
            if number < first_default {
                return None;
            }
            numbers.push(number);
        }
    }
    Some(numbers)
}
