//! Coercions between types (`parse_coerce.c`).

mod common;
mod generic;
mod pathway;
mod row;

pub(super) use generic::is_polymorphic;
pub use generic::{check_valid_internal_signature, check_valid_polymorphic_signature};
pub use pathway::CoercionPath;

use super::error::{at, error, fail, unknown};
use super::{Analyzer, expression_returns_set};
use crate::catalog::tree::{
    ArrayCoerceExpr, At, CaseTestExpr, CoerceToDomain, CoerceViaIO, CoercionContext, CoercionForm, CollateExpr, Const,
    ConvertRowtypeExpr, Expr, FuncExpr, ParamKind, RelabelType,
};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::expr::datum::{self, DatumEnv};
use crate::replay::{Exec, SqlError};
use crate::sql::span::Loc;

/// How a coercion is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Coercion {
    /// When it may be applied.
    pub context: CoercionContext,
    /// How it was written.
    pub form: CoercionForm,
    /// Where it stands.
    pub loc: Loc,
}

impl Coercion {
    /// One that is not written, in an expression.
    pub const IMPLICIT: Coercion =
        Coercion { context: CoercionContext::Implicit, form: CoercionForm::ImplicitCast, loc: Loc::NONE };
    /// One that is not written, where a value is stored.
    pub const ASSIGNMENT: Coercion =
        Coercion { context: CoercionContext::Assignment, form: CoercionForm::ImplicitCast, loc: Loc::NONE };
    /// `x::t`
    pub fn cast(loc: Loc) -> Coercion {
        Coercion { context: CoercionContext::Explicit, form: CoercionForm::ExplicitCast, loc }
    }
}

/// A constant of a built-in type without a place (`makefuncs.c: makeConst`).
pub(super) fn make_const(ty: Oid, value: &str) -> Expr {
    Expr::Const(Box::new(Const {
        ty: TypeRef::plain(ty),
        collation: Oid::INVALID,
        value: Some(value.into()),
        object: None,
        at: At::NONE,
    }))
}

impl Analyzer<'_> {
    /// The type of an expression.
    pub(super) fn type_of(&self, expr: &Expr) -> Oid {
        match expr {
            // These compute a modifier that nobody asks for.
            Expr::CaseExpr(x) => x.ty,
            Expr::CoalesceExpr(x) => x.ty,
            Expr::MinMaxExpr(x) => x.ty,
            Expr::ArrayExpr(x) => x.ty,
            expr => expr.ty(self.env.catalog).oid,
        }
    }

    /// The modifier of an expression.
    pub(super) fn typmod_of(&self, expr: &Expr) -> i32 {
        expr.ty(self.env.catalog).typmod
    }

    /// Converts an expression to a type and modifier; nothing if that is not possible
    /// (`parse_coerce.c: coerce_to_target_type`).
    pub(super) fn coerce_to_target_type(
        &self,
        expr: Expr,
        input: Oid,
        target: Oid,
        typmod: i32,
        how: Coercion,
    ) -> Exec<Option<Expr>> {
        if !self.can_coerce_type(input, target, how.context) {
            return Ok(None);
        }
        // COLLATE stays outside of the coercion.
        let mut inner = expr;
        let mut collate: Option<Box<CollateExpr>> = None;
        while let Expr::CollateExpr(mut x) = inner {
            inner = std::mem::replace(&mut x.arg, Expr::null(TypeRef::plain(t::UNKNOWN), Oid::INVALID));
            collate.get_or_insert(x);
        }
        let (result, changed) = self.coerce_type_or_keep(inner, input, target, typmod, how)?;
        let hide = changed && !matches!(result, Expr::Const(_));
        let result = self.coerce_type_typmod(result, target, typmod, how, hide)?;
        Ok(Some(match collate {
            Some(mut collate) if self.env.catalog.type_collation(target) != Oid::INVALID => {
                collate.arg = result;
                Expr::CollateExpr(collate)
            }
            _ => result,
        }))
    }

    /// Converts an expression to a type that it is known to be coercible to (`parse_coerce.c: coerce_type`).
    pub(super) fn coerce_type(&self, node: Expr, input: Oid, target: Oid, typmod: i32, how: Coercion) -> Exec<Expr> {
        Ok(self.coerce_type_or_keep(node, input, target, typmod, how)?.0)
    }

    /// The same, with whether anything was done.
    fn coerce_type_or_keep(
        &self,
        node: Expr,
        input: Oid,
        target: Oid,
        typmod: i32,
        how: Coercion,
    ) -> Exec<(Expr, bool)> {
        if target == input {
            return Ok((node, false));
        }
        match target {
            t::ANY | t::ANYELEMENT | t::ANYNONARRAY | t::ANYCOMPATIBLE | t::ANYCOMPATIBLENONARRAY => {
                return Ok((node, false));
            }
            t::ANYARRAY
            | t::ANYENUM
            | t::ANYRANGE
            | t::ANYMULTIRANGE
            | t::ANYCOMPATIBLEARRAY
            | t::ANYCOMPATIBLERANGE
            | t::ANYCOMPATIBLEMULTIRANGE
                if input != t::UNKNOWN =>
            {
                // A domain over an array is taken for the array.
                let base = self.env.catalog.base_type(input);
                if base == input {
                    return Ok((node, false));
                }
                return Ok((relabel(node, TypeRef::plain(base), how.form, how.loc), true));
            }
            _ => {}
        }
        let node = match node {
            Expr::Const(literal) if input == t::UNKNOWN => {
                return Ok((self.coerce_literal(*literal, target, typmod, how)?, true));
            }
            Expr::Param(mut param) if input == t::UNKNOWN && param.kind == ParamKind::Extern => {
                match self.env.variables.and_then(|variables| variables.deduce(param.id, target)) {
                    None => Expr::Param(param),
                    Some(Ok(())) => {
                        param.ty = TypeRef::plain(target);
                        param.collation = self.env.catalog.type_collation(target);
                        return Ok((Expr::Param(param), true));
                    }
                    Some(Err(before)) => {
                        let message = format!("inconsistent types deduced for parameter ${}", param.id);
                        let detail = format!("{} versus {}", self.format_type(before), self.format_type(target));
                        let loc = Expr::Param(param).loc();
                        return Err(SqlError::new("42P08", message).detail(detail).at(loc).into());
                    }
                }
            }
            Expr::CollateExpr(mut collate) => {
                let inner = std::mem::replace(&mut collate.arg, make_const(t::BOOL, "f"));
                let result = self.coerce_type(inner, input, target, typmod, how)?;
                if self.env.catalog.type_collation(target) != Oid::INVALID {
                    collate.arg = result;
                    return Ok((Expr::CollateExpr(collate), true));
                }
                return Ok((result, true));
            }
            node => node,
        };
        let catalog = self.env.catalog;
        match self.find_coercion_pathway(target, input, how.context) {
            CoercionPath::None => {}
            CoercionPath::Relabel => {
                if catalog.typtype(target) == 'd' {
                    return Ok((self.coerce_to_domain(node, None, target, how, false)?, true));
                }
                return Ok((relabel(node, TypeRef::plain(target), how.form, how.loc), true));
            }
            path @ (CoercionPath::Func(_) | CoercionPath::ArrayCoerce | CoercionPath::ViaIO) => {
                let base = catalog.base_type_and_typmod(target, typmod);
                let result = self.build_coercion_expression(node, path, base, how)?;
                if base.oid != target {
                    return Ok((self.coerce_to_domain(result, Some(base), target, how, true)?, true));
                }
                return Ok((result, true));
            }
        }
        if input == t::RECORD && self.is_complex(target) {
            return Ok((self.coerce_record_to_complex(node, target, how)?, true));
        }
        if target == t::RECORD && self.is_complex(input) || target == t::RECORD_ARRAY && self.is_complex_array(input) {
            return Ok((node, false));
        }
        if self.inherits_or_typed(input, target) {
            let base = catalog.base_type(input);
            let arg = if base == input {
                node
            } else {
                relabel(node, TypeRef::plain(base), CoercionForm::ImplicitCast, how.loc)
            };
            let convert = ConvertRowtypeExpr { arg, ty: target, form: how.form, at: how.loc.into() };
            return Ok((Expr::ConvertRowtypeExpr(Box::new(convert)), true));
        }
        Err(unknown(format!(
            "failed to find conversion function from {} to {}",
            self.format_type(input),
            self.format_type(target)
        )))
    }

    /// A literal that gets a type: the type's input function runs.
    fn coerce_literal(&self, literal: Const, target: Oid, typmod: i32, how: Coercion) -> Exec<Expr> {
        let catalog = self.env.catalog;
        let base = catalog.base_type_and_typmod(target, typmod);
        // For most types the modifier is applied afterwards, so that an explicit cast cuts and an assignment complains.
        let input_typmod = if base.oid == t::INTERVAL { base.typmod } else { -1 };
        let (value, object) = match &literal.value {
            None => {
                // The input functions of some pseudo-types refuse NULL too (`pseudotypes.c`): they are not strict.
                let name = catalog.builtins().type_by_oid(base.oid).filter(|ty| ty.typtype == 'p').map(|ty| ty.name);
                if let Some(
                    name @ ("internal" | "trigger" | "event_trigger" | "language_handler" | "fdw_handler"
                    | "index_am_handler" | "table_am_handler" | "tsm_handler"),
                ) = name
                {
                    return fail("0A000", format!("cannot accept a value of type {name}"), literal.at.0);
                }
                (None, None)
            }
            Some(text) => {
                let read = datum::input(&self.datum_env(), base.oid, input_typmod, text);
                match (read, self.env.times) {
                    // What it says is all that is known of it.
                    (Err(stop), Some(times)) if datum::needs_clock(&stop) => {
                        times.set(true);
                        (Some(text.clone()), None)
                    }
                    (read, _) => {
                        let datum = at(literal.at.0, read)?;
                        (Some(datum.text.into()), datum.object)
                    }
                }
            }
        };
        let result = Expr::Const(Box::new(Const {
            ty: TypeRef { oid: base.oid, typmod: input_typmod },
            collation: catalog.type_collation(base.oid),
            value,
            object,
            at: literal.at,
        }));
        if base.oid == target { Ok(result) } else { self.coerce_to_domain(result, Some(base), target, how, false) }
    }

    /// What input functions look at.
    pub(super) fn datum_env(&self) -> DatumEnv<'_> {
        DatumEnv {
            time_zone: self.env.time_zone,
            date_order: self.env.date_order,
            now: self.env.now,
            ..DatumEnv::new(self.env.catalog, self.env.path)
        }
    }

    /// Makes a value of a domain of one of its base type; another type's stays (`parse_coerce.c: coerce_to_domain`).
    pub(super) fn coerce_to_domain(
        &self,
        arg: Expr,
        base: Option<TypeRef>,
        domain: Oid,
        how: Coercion,
        hide_input: bool,
    ) -> Exec<Expr> {
        let base = base.unwrap_or_else(|| self.env.catalog.base_type_and_typmod(domain, -1));
        if base.oid == domain {
            return Ok(arg);
        }
        let mut arg = arg;
        if hide_input {
            hide_coercion_node(&mut arg);
        }
        let inner = Coercion { form: CoercionForm::ImplicitCast, ..how };
        let arg = self.coerce_type_typmod(arg, base.oid, base.typmod, inner, false)?;
        Ok(Expr::CoerceToDomain(Box::new(CoerceToDomain {
            arg,
            ty: TypeRef::plain(domain),
            collation: Oid::INVALID,
            form: how.form,
            at: how.loc.into(),
        })))
    }

    /// Applies a modifier to a value of the right type (`parse_coerce.c: coerce_type_typmod`).
    pub(super) fn coerce_type_typmod(
        &self,
        node: Expr,
        target: Oid,
        typmod: i32,
        how: Coercion,
        hide_input: bool,
    ) -> Exec<Expr> {
        if typmod == self.typmod_of(&node) {
            return Ok(node);
        }
        let mut node = node;
        if hide_input {
            hide_coercion_node(&mut node);
        }
        let path = if typmod < 0 { CoercionPath::None } else { self.find_typmod_coercion_function(target) };
        match path {
            CoercionPath::None => {
                let collation = node.collation();
                Ok(self.apply_relabel_type(node, TypeRef { oid: target, typmod }, collation, how))
            }
            path => self.build_coercion_expression(node, path, TypeRef { oid: target, typmod }, how),
        }
    }

    /// Relabels without stacking (`nodeFuncs.c: applyRelabelType`).
    fn apply_relabel_type(&self, node: Expr, ty: TypeRef, collation: Oid, how: Coercion) -> Expr {
        let mut arg = node;
        while let Expr::RelabelType(inner) = arg {
            arg = inner.arg;
        }
        match arg {
            Expr::Const(mut literal) => {
                literal.ty = ty;
                literal.collation = collation;
                Expr::Const(literal)
            }
            arg if arg.ty(self.env.catalog) == ty && arg.collation() == collation => arg,
            arg => Expr::RelabelType(Box::new(RelabelType { arg, ty, collation, form: how.form, at: how.loc.into() })),
        }
    }

    /// The node of a coercion that does something (`parse_coerce.c: build_coercion_expression`).
    fn build_coercion_expression(&self, node: Expr, path: CoercionPath, target: TypeRef, how: Coercion) -> Exec<Expr> {
        let catalog = self.env.catalog;
        match path {
            CoercionPath::Func(function) => {
                let Some(info) = catalog.function_info(function) else {
                    return Err(unknown("the function of a cast is not known"));
                };
                let count = info.input_count();
                let mut args = vec![node];
                if count >= 2 {
                    args.push(make_const(t::INT4, &target.typmod.to_string()));
                }
                if count == 3 {
                    args.push(make_const(t::BOOL, if how.context == CoercionContext::Explicit { "t" } else { "f" }));
                }
                // The modifier of a call is found from the arguments of a length coercion (`nodeFuncs.c: exprTypmod`).
                let typmod = if count >= 2 { target.typmod } else { -1 };
                Ok(Expr::FuncExpr(Box::new(FuncExpr {
                    function,
                    ty: TypeRef { oid: target.oid, typmod },
                    returns_set: false,
                    variadic: false,
                    form: how.form,
                    collation: Oid::INVALID,
                    input_collation: Oid::INVALID,
                    args,
                    at: how.loc.into(),
                })))
            }
            CoercionPath::ArrayCoerce => {
                let source = node.ty(catalog);
                let source = catalog.base_type_and_typmod(source.oid, source.typmod);
                let element = catalog.element_type(source.oid);
                let test =
                    CaseTestExpr { ty: TypeRef { oid: element, typmod: source.typmod }, collation: Oid::INVALID };
                let target_element = catalog.element_type(target.oid);
                let test = Expr::CaseTestExpr(Box::new(test));
                let element = self
                    .coerce_to_target_type(test, element, target_element, target.typmod, how)?
                    .ok_or_else(|| unknown("failed to coerce array element type as expected"))?;
                let typmod = self.typmod_of(&element);
                Ok(Expr::ArrayCoerceExpr(Box::new(ArrayCoerceExpr {
                    arg: node,
                    element,
                    ty: TypeRef { oid: target.oid, typmod },
                    collation: Oid::INVALID,
                    form: how.form,
                    at: how.loc.into(),
                })))
            }
            CoercionPath::ViaIO => Ok(Expr::CoerceViaIO(Box::new(CoerceViaIO {
                arg: node,
                ty: target.oid,
                collation: Oid::INVALID,
                form: how.form,
                at: how.loc.into(),
            }))),
            CoercionPath::None | CoercionPath::Relabel => Err(unknown("a coercion without work")),
        }
    }

    /// A condition (`parse_coerce.c: coerce_to_boolean`).
    pub(super) fn coerce_to_boolean(&self, node: Expr, construct: &str) -> Exec<Expr> {
        self.coerce_to_specific_type(node, t::BOOL, construct)
    }

    /// An argument of a construct that has this type (`parse_coerce.c: coerce_to_specific_type`).
    pub(super) fn coerce_to_specific_type(&self, node: Expr, target: Oid, construct: &str) -> Exec<Expr> {
        self.coerce_to_specific_type_typmod(node, TypeRef::plain(target), construct)
    }

    /// The same with a modifier (`parse_coerce.c: coerce_to_specific_type_typmod`).
    pub(super) fn coerce_to_specific_type_typmod(&self, node: Expr, target: TypeRef, construct: &str) -> Exec<Expr> {
        let input = self.type_of(&node);
        let mut node = node;
        if input != target.oid {
            if !self.can_coerce_type(input, target.oid, CoercionContext::Assignment) {
                let (wanted, given) = (self.format_type(target.oid), self.format_type(input));
                let message = format!("argument of {construct} must be type {wanted}, not type {given}");
                return fail("42804", message, node.loc());
            }
            let loc = node.loc();
            node = self
                .coerce_to_target_type(node, input, target.oid, target.typmod, Coercion::ASSIGNMENT)?
                .ok_or_else(|| error("42804", format!("argument of {construct} cannot be coerced"), loc))?;
        }
        if expression_returns_set(&node) {
            return fail("42804", format!("argument of {construct} must not return a set"), node.loc());
        }
        Ok(node)
    }
}

/// `makefuncs.c: makeRelabelType`
pub(super) fn relabel(arg: Expr, ty: TypeRef, form: CoercionForm, loc: Loc) -> Expr {
    Expr::RelabelType(Box::new(RelabelType { arg, ty, collation: Oid::INVALID, form, at: loc.into() }))
}

/// A coercion that another is on top of is not shown (`parse_coerce.c: hide_coercion_node`).
fn hide_coercion_node(node: &mut Expr) {
    let hidden = CoercionForm::ImplicitCast;
    match node {
        Expr::FuncExpr(x) => x.form = hidden,
        Expr::RelabelType(x) => x.form = hidden,
        Expr::CoerceViaIO(x) => x.form = hidden,
        Expr::ArrayCoerceExpr(x) => x.form = hidden,
        Expr::ConvertRowtypeExpr(x) => x.form = hidden,
        Expr::RowExpr(x) => x.form = hidden,
        Expr::CoerceToDomain(x) => x.form = hidden,
        // Nothing else is a coercion.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};
    use crate::catalog::tree::{CoercionForm, Expr};

    /// SQLSTATE, message and place of an error.
    fn first_line(replay: &crate::replay::Replay, query: &str) -> String {
        error(replay, query).lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_modifier_is_applied_once_and_the_first_step_is_hidden() {
        let replay = catalog(15, "create table t (a int)");
        let query = tree(&replay, "select a::varchar(5) from t");
        let Expr::FuncExpr(length) = &query.tree.targets[0].expr else { panic!("no length coercion") };
        assert_eq!((length.ty.typmod, length.form), (9, CoercionForm::ExplicitCast));
        let Expr::CoerceViaIO(text) = &length.args[0] else { panic!("no cast through text") };
        assert_eq!(text.form, CoercionForm::ImplicitCast);
    }

    #[test]
    fn what_cannot_be_cast() {
        let replay = catalog(15, "create table t (a int, d date); create type p as (x int, y text)");
        assert_eq!(first_line(&replay, "select d::int from t"), "42846 cannot cast type date to integer at 8");
        assert_eq!(first_line(&replay, "select row(1)::p"), "42846 cannot cast type record to p at 13");
        assert_eq!(first_line(&replay, "select 'x'::int"), "22P02 invalid input syntax for type integer: \"x\" at 7");
        assert_eq!(
            first_line(&replay, "select case when true then 1 else now() end"),
            "42804 CASE types timestamp with time zone and integer cannot be matched at 27"
        );
    }
}
