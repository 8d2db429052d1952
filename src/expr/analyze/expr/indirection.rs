//! Fields and subscripts (`parse_expr.c: transformIndirection`, `parse_node.c: transformContainerSubscripts`,
//! `arraysubs.c`, `jsonbsubs.c`).

use super::super::coerce::{Coercion, make_const};
use super::super::error::{error, fail, unknown};
use super::super::{Analyzer, Exec};
use crate::catalog::tree::{CoercionContext, Expr, SubscriptingRef};
use crate::catalog::{Oid, Subscript, TypeRef, type_oid as t};
use crate::replay::{SqlError, Stop};
use crate::sql::ast::{self, Indirection};
use crate::sql::span::Loc;

/// Subscripts; nothing for an omitted bound.
type Bounds = Vec<Option<Expr>>;

/// The most dimensions of an array (`MAXDIM`).
const MAX_DIMENSIONS: usize = 6;

impl Analyzer<'_> {
    /// `(a).b[1]`
    pub(super) fn transform_indirection(&mut self, operand: &ast::Expr, path: &[Indirection]) -> Exec<Expr> {
        let last_srf = self.last_srf();
        let mut result = self.transform_expr_recurse(operand)?;
        let loc = result.loc();
        // Subscripts that follow each other are one step.
        let mut subscripts: Vec<&Indirection> = Vec::new();
        for step in path {
            match step {
                Indirection::Index(_) | Indirection::Slice(..) => subscripts.push(step),
                Indirection::Star => {
                    return fail("0A000", "row expansion via \"*\" is not supported here", loc);
                }
                Indirection::Field(field) => {
                    if !subscripts.is_empty() {
                        let ty = result.ty(self.env.catalog);
                        result = self.transform_container_subscripts(result, ty, &subscripts, false)?;
                        subscripts.clear();
                    }
                    match self.parse_column_or_func(field, result, last_srf, loc)? {
                        Ok(column) => result = column,
                        Err(row) => return Err(self.unknown_attribute(&row, field, loc)),
                    }
                }
            }
        }
        if subscripts.is_empty() {
            return Ok(result);
        }
        let ty = result.ty(self.env.catalog);
        self.transform_container_subscripts(result, ty, &subscripts, false)
    }

    /// A field that there is not (`parse_expr.c: unknown_attribute`).
    pub(super) fn unknown_attribute(&self, row: &Expr, name: &str, loc: Loc) -> Stop {
        if let Expr::Var(var) = row
            && var.varattno == 0
            && let Some(rte) = self.rte_at(var.varno, var.levels_up)
        {
            return error("42703", format!("column {}.{name} does not exist", rte.eref.name), loc);
        }
        let ty = self.type_of(row);
        if self.is_complex(ty) {
            error("42703", format!("column \"{name}\" not found in data type {}", self.format_type(ty)), loc)
        } else if ty == t::RECORD {
            error("42703", format!("could not identify column \"{name}\" in record data type"), loc)
        } else {
            let ty = self.format_type(ty);
            let message = format!("column notation .{name} applied to type {ty}, which is not a composite type");
            error("42809", message, loc)
        }
    }

    /// The container that a value of a type is when it is subscripted (`parse_node.c: transformContainerType`).
    pub(in super::super) fn transform_container_type(&self, ty: TypeRef) -> TypeRef {
        let base = self.env.catalog.base_type_and_typmod(ty.oid, ty.typmod);
        let oid = match base.oid {
            t::INT2VECTOR => Oid(1005),
            t::OIDVECTOR => Oid(1028),
            oid => oid,
        };
        TypeRef { oid, typmod: base.typmod }
    }

    /// Subscripts of a container (`parse_node.c: transformContainerSubscripts`). For an assignment the type is what
    /// `transform_container_type` made of it.
    pub(in super::super) fn transform_container_subscripts(
        &mut self,
        operand: Expr,
        ty: TypeRef,
        subscripts: &[&Indirection],
        assignment: bool,
    ) -> Exec<Expr> {
        let container = if assignment { ty } else { self.transform_container_type(ty) };
        let info = self.env.catalog.type_info(container.oid);
        let subscript = info.map_or(Subscript::None, |info| info.subscript);
        let element = info.map_or(Oid::INVALID, |info| info.element);
        let (upper, lower, result) = match subscript {
            Subscript::None => {
                let name = self.format_type(container.oid);
                let message = format!("cannot subscript type {name} because it does not support subscripting");
                return fail("42804", message, operand.loc());
            }
            Subscript::Array | Subscript::RawArray => self.array_subscripts(subscripts, container, element)?,
            Subscript::Jsonb => (self.jsonb_subscripts(subscripts)?, Vec::new(), TypeRef::plain(t::JSONB)),
            Subscript::Hstore => (self.hstore_subscripts(subscripts)?, Vec::new(), TypeRef::plain(t::TEXT)),
            Subscript::Other => return Err(unknown("how a type is subscripted is not known")),
        };
        Ok(Expr::SubscriptingRef(Box::new(SubscriptingRef {
            container: container.oid,
            element,
            ty: result,
            collation: Oid::INVALID,
            upper,
            lower,
            operand,
            assign: None,
        })))
    }

    /// `arraysubs.c: array_subscript_transform`
    fn array_subscripts(
        &mut self,
        subscripts: &[&Indirection],
        container: TypeRef,
        element: Oid,
    ) -> Exec<(Bounds, Bounds, TypeRef)> {
        let slice = subscripts.iter().any(|s| matches!(s, Indirection::Slice(..)));
        let mut upper = Vec::with_capacity(subscripts.len());
        let mut lower = Vec::new();
        for subscript in subscripts {
            let (low, high) = match subscript {
                Indirection::Index(index) => {
                    if slice {
                        // A single subscript among slices is an upper bound.
                        lower.push(Some(make_const(t::INT4, "1")));
                    }
                    (None, Some(index))
                }
                Indirection::Slice(low, high) => (Some(low.as_deref()), high.as_deref()),
                Indirection::Field(_) | Indirection::Star => continue,
            };
            if let Some(low) = low {
                lower.push(low.map(|low| self.array_subscript(low)).transpose()?);
            }
            upper.push(high.map(|high| self.array_subscript(high)).transpose()?);
        }
        if upper.len() > MAX_DIMENSIONS {
            let message =
                format!("number of array dimensions ({}) exceeds the maximum allowed ({MAX_DIMENSIONS})", upper.len());
            return fail("54000", message, Loc::NONE);
        }
        let oid = if slice { container.oid } else { element };
        Ok((upper, lower, TypeRef { oid, typmod: container.typmod }))
    }

    fn array_subscript(&mut self, subscript: &ast::Expr) -> Exec<Expr> {
        let kind = self.expr_kind();
        let expr = self.transform_expr(subscript, kind)?;
        let input = self.type_of(&expr);
        match self.coerce_to_target_type(expr, input, t::INT4, -1, Coercion::ASSIGNMENT)? {
            Some(expr) => Ok(expr),
            None => fail("42804", "array subscript must have type integer", subscript.loc),
        }
    }

    /// `jsonbsubs.c: jsonb_subscript_transform`
    fn jsonb_subscripts(&mut self, subscripts: &[&Indirection]) -> Exec<Vec<Option<Expr>>> {
        let slice = |low: Option<&ast::Expr>, high: Option<&ast::Expr>| {
            let loc = high.or(low).map_or(Loc::NONE, |e| e.loc);
            fail("42804", "jsonb subscript does not support slices", loc)
        };
        // Among slices the first subscript is refused, whatever it is.
        if subscripts.iter().any(|s| matches!(s, Indirection::Slice(..))) {
            return match subscripts.first() {
                Some(Indirection::Slice(low, high)) => slice(low.as_deref(), high.as_deref()),
                Some(Indirection::Index(index)) => slice(None, Some(index)),
                _ => slice(None, None),
            };
        }
        let mut upper = Vec::with_capacity(subscripts.len());
        for subscript in subscripts {
            let Indirection::Index(index) = subscript else { continue };
            let kind = self.expr_kind();
            let expr = self.transform_expr(index, kind)?;
            let input = self.type_of(&expr);
            let mut target = t::UNKNOWN;
            if input == t::UNKNOWN {
                target = t::TEXT;
            } else {
                let refuse = |hint: &str| {
                    let message = format!("subscript type {} is not supported", self.format_type(input));
                    Err(SqlError::new("42804", message).hint(hint).at(expr.loc()).into())
                };
                for candidate in [t::INT4, t::TEXT] {
                    if self.can_coerce_type(input, candidate, CoercionContext::Implicit) {
                        if target != t::UNKNOWN {
                            return refuse("jsonb subscript must be coercible to only one type, integer or text.");
                        }
                        target = candidate;
                    }
                }
                if target == t::UNKNOWN {
                    return refuse("jsonb subscript must be coercible to either integer or text.");
                }
            }
            upper.push(Some(self.coerce_type(expr, input, target, -1, Coercion::IMPLICIT)?));
        }
        Ok(upper)
    }

    /// `hstore_subs.c: hstore_subscript_transform`
    fn hstore_subscripts(&mut self, subscripts: &[&Indirection]) -> Exec<Vec<Option<Expr>>> {
        let [Indirection::Index(index)] = subscripts else {
            return fail("42804", "hstore allows only one subscript", Loc::NONE);
        };
        let kind = self.expr_kind();
        let expr = self.transform_expr(index, kind)?;
        let input = self.type_of(&expr);
        match self.coerce_to_target_type(expr, input, t::TEXT, -1, Coercion::ASSIGNMENT)? {
            Some(expr) => Ok(vec![Some(expr)]),
            None => fail("42804", "hstore subscript must have type text", index.loc),
        }
    }
}
