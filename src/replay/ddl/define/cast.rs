//! Casts (`functioncmds.c: CreateCast`, `pg_cast.c`).

use super::{bad_object, taken};
use crate::catalog::builtin::CastContext;
use crate::catalog::type_oid as t;
use crate::catalog::{Cast, CastPath, DependencyKind, FunctionKind, Object, Oid, Provenance};
use crate::replay::{Context, Exec, Notice, Replay, SqlError, lookup};
use crate::sql::ast::{CreateCast, ObjectKind, TypeName, WrittenCastContext};

impl Replay {
    pub(crate) fn create_cast(&mut self, stmt: &CreateCast, cx: &Context) -> Exec {
        let (source, target) = (self.type_written(&stmt.source)?, self.type_written(&stmt.target)?);
        for (ty, written, what) in [(source, &stmt.source, "source"), (target, &stmt.target, "target")] {
            if self.catalog.typtype(ty) == 'p' {
                let message = format!("{what} data type {} is a pseudo-type", lookup::display(&written.name));
                return Err(SqlError::new("42809", message).into());
            }
        }
        if !self.owns_type(source) && !self.owns_type(target) {
            let message =
                format!("must be owner of type {} or type {}", self.type_words(source), self.type_words(target));
            return Err(SqlError::new("42501", message).into());
        }
        let is_domain = |ty| self.catalog.typtype(ty) == 'd';
        if let Some(what) = if is_domain(source) { Some("source") } else { is_domain(target).then_some("target") } {
            let message = format!("cast will be ignored because the {what} data type is a domain");
            self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
        }
        let (path, args) = match &stmt.function {
            Some(function) => {
                let oid = self.find_function(function, ObjectKind::Function)?;
                (CastPath::Function(oid), self.check_cast_function(oid, source, target)?)
            }
            None if stmt.inout => (CastPath::InOut, 0),
            None => {
                self.must_be_superuser("create a cast WITHOUT FUNCTION")?;
                self.check_binary_cast(source, target)?;
                (CastPath::Binary, 0)
            }
        };
        if source == target && args < 2 {
            return Err(bad_object("source data type and target data type are the same").into());
        }
        let context = match stmt.context {
            WrittenCastContext::Explicit => CastContext::Explicit,
            WrittenCastContext::Assignment => CastContext::Assignment,
            WrittenCastContext::Implicit => CastContext::Implicit,
        };
        self.insert_cast(source, target, context, path, DependencyKind::Normal, cx).map(drop)
    }

    /// `pg_cast.c: CastCreate`
    pub(super) fn insert_cast(
        &mut self,
        source: Oid,
        target: Oid,
        context: CastContext,
        path: CastPath,
        dependency: DependencyKind,
        cx: &Context,
    ) -> Exec<Oid> {
        if self.catalog.cast(source, target).is_some() {
            let (source_words, target_words) = (self.type_words(source), self.type_words(target));
            let message = format!("cast from type {source_words} to type {target_words} already exists");
            let error = taken(message, None);
            return Err(match self.catalog.user_cast(source, target) {
                Some(cast) => error.related(cast.provenance.created, "cast made here"),
                None => error,
            }
            .into());
        }
        let oid = self.catalog.new_oid();
        let provenance = Provenance::new(cx.origin);
        self.catalog.insert_cast(Cast { oid, source, target, context, path, comment: None, provenance });
        let mut needs = vec![Object::Type(source), Object::Type(target)];
        if let CastPath::Function(function) = path {
            needs.push(Object::Function(function));
        }
        for object in needs {
            self.catalog.dependencies.add(Object::Cast(oid), object, dependency);
        }
        Ok(oid)
    }

    /// How many arguments it has.
    fn check_cast_function(&self, oid: Oid, source: Oid, target: Oid) -> Exec<usize> {
        let Some(function) = self.catalog.function_info(oid) else { return Ok(1) };
        let args: Vec<Oid> = function.input_types().collect();
        let coercible = |from, to| self.catalog.is_binary_coercible(from, to);
        let message = match args.as_slice() {
            [] | [_, _, _, _, ..] => "cast function must take one to three arguments",
            [first, ..] if !coercible(source, *first) => {
                "argument of cast function must match or be binary-coercible from source data type"
            }
            [_, second, ..] if *second != t::INT4 => "second argument of cast function must be type integer",
            [_, _, third] if *third != t::BOOL => "third argument of cast function must be type boolean",
            _ if !coercible(function.returns(), target) => {
                "return data type of cast function must match or be binary-coercible to target data type"
            }
            _ if function.kind() != FunctionKind::Function => "cast function must be a normal function",
            _ if function.returns_set() => "cast function must not return a set",
            _ => return Ok(args.len()),
        };
        Err(bad_object(message).into())
    }

    /// What cannot have the same representation.
    fn check_binary_cast(&self, source: Oid, target: Oid) -> Exec {
        let (Some(one), Some(two)) = (self.catalog.type_info(source), self.catalog.type_info(target)) else {
            return Ok(());
        };
        let either = |kind: char| one.typtype == kind || two.typtype == kind;
        let message = if (one.len, one.by_value, one.align) != (two.len, two.by_value, two.align) {
            "source and target data types are not physically compatible"
        } else if either('c') {
            "composite data types are not binary-compatible"
        } else if either('e') {
            "enum data types are not binary-compatible"
        } else if one.is_true_array() || two.is_true_array() {
            "array data types are not binary-compatible"
        } else if self.catalog.version() >= 17 && (either('r') || either('m')) {
            "range data types are not binary-compatible"
        } else if either('d') {
            "domain data types must not be marked binary-compatible"
        } else {
            return Ok(());
        };
        Err(bad_object(message).into())
    }

    /// The cast that DROP and COMMENT name (`objectaddress.c`, `lsyscache.c: get_cast_oid`).
    pub(in crate::replay) fn find_cast(&self, source: &TypeName, target: &TypeName) -> Exec<Oid> {
        let (from, to) = (self.type_written(source)?, self.type_written(target)?);
        if let Some(cast) = self.catalog.user_cast(from, to) {
            return Ok(cast.oid);
        }
        if self.catalog.cast(from, to).is_some() {
            // One of PostgreSQL's own, whose number is not kept.
            return Ok(Oid(1));
        }
        let message =
            format!("cast from type {} to type {} does not exist", self.type_words(from), self.type_words(to));
        self.missing_object(message, source.loc)
    }
}
