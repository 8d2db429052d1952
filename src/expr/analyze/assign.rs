//! Values that are assigned to columns (`parse_target.c: transformAssignedExpr`, `transformAssignmentIndirection`).

use super::coerce::Coercion;
use super::error::{error, fail};
use super::relation::{internal, make_var};
use super::tupdesc::open_relation;
use super::{Analyzer, ExprKind};
use crate::catalog::tree::{CaseTestExpr, CoercionContext, CoercionForm, Expr, FieldStore, TargetEntry};
use crate::catalog::{AttrNumber, Oid, TypeRef};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{Indirection, Name};
use crate::sql::span::Loc;

/// What is assigned to: a column, a field or an element.
#[derive(Clone)]
pub(super) struct Destination<'n> {
    /// Its name.
    pub name: &'n Name,
    /// It is an element of an array.
    pub subscripting: bool,
    /// Its type.
    pub ty: TypeRef,
    /// Its collation.
    pub collation: Oid,
}

/// How something is assigned.
#[derive(Clone, Copy)]
pub(super) struct Assignment {
    /// Which coercions are possible.
    pub context: CoercionContext,
    /// Where the target stands.
    pub loc: Loc,
}

impl Assignment {
    fn coercion(self) -> Coercion {
        Coercion { context: self.context, form: CoercionForm::ImplicitCast, loc: Loc::NONE }
    }
}

impl Analyzer<'_> {
    /// A value as a column of the target takes it (`transformAssignedExpr`).
    pub(super) fn transform_assigned_expr(
        &mut self,
        expr: Expr,
        kind: ExprKind,
        name: &Name,
        attnum: AttrNumber,
        indirection: &[Indirection],
        loc: Loc,
    ) -> Exec<Expr> {
        let saved = self.state().expr_kind.replace(kind);
        let result = self.assigned_expr(expr, name, attnum, indirection, loc)?;
        self.state().expr_kind = saved;
        Ok(result)
    }

    fn assigned_expr(
        &mut self,
        expr: Expr,
        name: &Name,
        attnum: AttrNumber,
        indirection: &[Indirection],
        loc: Loc,
    ) -> Exec<Expr> {
        if attnum <= 0 {
            return fail("0A000", format!("cannot assign to system column \"{name}\""), loc);
        }
        let Some(relation) = self.state().target_columns.clone() else { return Err(internal("target")) };
        let Some(attribute) = relation.attribute(attnum) else { return Err(internal("column")) };
        let mut expr = expr;
        if let Expr::SetToDefault(default) = &mut expr {
            default.ty = attribute.ty;
            default.collation = attribute.collation;
            match indirection.first() {
                None => {}
                Some(Indirection::Index(_) | Indirection::Slice(..)) => {
                    return fail("0A000", "cannot set an array element to DEFAULT", loc);
                }
                Some(Indirection::Field(_) | Indirection::Star) => {
                    return fail("0A000", "cannot set a subfield to DEFAULT", loc);
                }
            }
        }
        let input = expr.ty(self.catalog()).oid;
        let destination = Destination { name, subscripting: false, ty: attribute.ty, collation: attribute.collation };
        let assignment = Assignment { context: CoercionContext::Assignment, loc };
        if indirection.is_empty() {
            let at = expr.loc();
            let coerced =
                self.coerce_to_target_type(expr, input, attribute.ty.oid, attribute.ty.typmod, Coercion::ASSIGNMENT)?;
            return coerced.ok_or_else(|| {
                let message = format!(
                    "column \"{name}\" is of type {} but expression is of type {}",
                    self.format_type(attribute.ty.oid),
                    self.format_type(input)
                );
                rewrite_or_cast(message, at)
            });
        }
        let base = if self.state().is_insert {
            // The rest of a new row's value is NULL.
            Expr::null(attribute.ty, attribute.collation)
        } else {
            let Some(target) = &self.state().target else { return Err(internal("target")) };
            let rtindex = target.rtindex;
            Expr::Var(Box::new(make_var(rtindex, attnum, attribute.ty, attribute.collation, 0, loc)))
        };
        self.transform_assignment_indirection(Some(base), &destination, indirection, expr, assignment)
    }

    /// `SET a = …`: the target becomes the column (`updateTargetListEntry`).
    pub(super) fn update_target_list_entry(
        &mut self,
        target: &mut TargetEntry,
        name: &Name,
        attnum: AttrNumber,
        indirection: &[Indirection],
        loc: Loc,
    ) -> Exec {
        let expr = std::mem::replace(&mut target.expr, super::target::set_to_default(Loc::NONE));
        target.expr = self.transform_assigned_expr(expr, ExprKind::UpdateTarget, name, attnum, indirection, loc)?;
        target.resno = attnum;
        target.name = Some(name.clone());
        Ok(())
    }

    /// `a.b[1].c = …` (`transformAssignmentIndirection`). Without a base the innermost value so far is meant.
    pub(super) fn transform_assignment_indirection(
        &mut self,
        base: Option<Expr>,
        destination: &Destination<'_>,
        indirection: &[Indirection],
        value: Expr,
        assignment: Assignment,
    ) -> Exec<Expr> {
        let base = match base {
            Some(base) => Some(base),
            None if indirection.is_empty() => None,
            None => {
                let test = CaseTestExpr { ty: destination.ty, collation: destination.collation };
                Some(Expr::CaseTestExpr(Box::new(test)))
            }
        };
        let is_subscript = |step: &&Indirection| matches!(step, Indirection::Index(_) | Indirection::Slice(..));
        let subscripts = indirection.iter().take_while(is_subscript).count();
        if subscripts > 0 {
            // What follows is looked at before the subscripts are.
            if indirection.get(subscripts) == Some(&Indirection::Star) {
                return fail("0A000", "row expansion via \"*\" is not supported here", assignment.loc);
            }
            let Some(base) = base else { return Err(internal("base of an assignment")) };
            let (subscripts, rest) = indirection.split_at(subscripts);
            return self.transform_assignment_subscripts(base, destination, subscripts, rest, value, assignment);
        }
        match indirection.split_first() {
            Some((Indirection::Field(field), rest)) => {
                let Some(base) = base else { return Err(internal("base of an assignment")) };
                self.assign_field(base, destination, field, rest, value, assignment)
            }
            Some(_) => fail("0A000", "row expansion via \"*\" is not supported here", assignment.loc),
            None => self.assign_plain(destination, value, assignment),
        }
    }

    fn assign_field(
        &mut self,
        base: Expr,
        destination: &Destination<'_>,
        field: &Name,
        rest: &[Indirection],
        value: Expr,
        assignment: Assignment,
    ) -> Exec<Expr> {
        let target = destination.ty;
        let base_type = self.catalog().base_type_and_typmod(target.oid, target.typmod);
        let relation = self.catalog().type_relation(base_type.oid);
        let name = destination.name;
        let shown = || self.format_type(target.oid);
        let Some(relation) = open_relation(self.catalog(), relation) else {
            let message = format!(
                "cannot assign to field \"{field}\" of column \"{name}\" because its type {} is not a composite type",
                shown()
            );
            return fail("42804", message, assignment.loc);
        };
        let Some(attnum) = relation.attnum(field) else {
            if relation.has_system_columns() && super::tupdesc::system_attribute(field).is_some() {
                return fail("42703", format!("cannot assign to system column \"{field}\""), assignment.loc);
            }
            let message = format!(
                "cannot assign to field \"{field}\" of column \"{name}\" because there is no such column in data type {}",
                shown()
            );
            return fail("42703", message, assignment.loc);
        };
        let Some(attribute) = relation.attribute(attnum) else { return Err(internal("field")) };
        let inner = Destination { name: field, subscripting: false, ty: attribute.ty, collation: attribute.collation };
        let value = self.transform_assignment_indirection(None, &inner, rest, value, assignment)?;
        let store = Expr::FieldStore(Box::new(FieldStore {
            arg: base,
            values: vec![value],
            fields: vec![attnum],
            ty: base_type.oid,
        }));
        if base_type.oid == target.oid {
            return Ok(store);
        }
        let how = Coercion { loc: assignment.loc, ..Coercion::IMPLICIT };
        self.coerce_to_domain(store, Some(base_type), target.oid, how, false)
    }

    fn assign_plain(&mut self, destination: &Destination<'_>, value: Expr, assignment: Assignment) -> Exec<Expr> {
        let input = value.ty(self.catalog()).oid;
        let target = destination.ty;
        let coerced = self.coerce_to_target_type(value, input, target.oid, target.typmod, assignment.coercion())?;
        coerced.ok_or_else(|| {
            let (wanted, given) = (self.format_type(target.oid), self.format_type(input));
            let name = destination.name;
            let message = if destination.subscripting {
                format!("subscripted assignment to \"{name}\" requires type {wanted} but expression is of type {given}")
            } else {
                format!("subfield \"{name}\" is of type {wanted} but expression is of type {given}")
            };
            rewrite_or_cast(message, assignment.loc)
        })
    }

    /// `a[1] = …` (`transformAssignmentSubscripts`).
    fn transform_assignment_subscripts(
        &mut self,
        base: Expr,
        destination: &Destination<'_>,
        subscripts: &[Indirection],
        rest: &[Indirection],
        value: Expr,
        assignment: Assignment,
    ) -> Exec<Expr> {
        let container = self.transform_container_type(destination.ty);
        let steps: Vec<&Indirection> = subscripts.iter().collect();
        let Expr::SubscriptingRef(mut reference) =
            self.transform_container_subscripts(base, container, &steps, true)?
        else {
            return Err(internal("subscripts"));
        };
        let collation = if container.oid == destination.ty.oid {
            destination.collation
        } else {
            self.catalog().type_collation(container.oid)
        };
        let element = Destination { name: destination.name, subscripting: true, ty: reference.ty, collation };
        let value = self.transform_assignment_indirection(None, &element, rest, value, assignment)?;
        reference.assign = Some(value);
        reference.ty = container;
        let result = Expr::SubscriptingRef(reference);
        if container.oid == destination.ty.oid {
            return Ok(result);
        }
        let input = result.ty(self.catalog()).oid;
        let target = destination.ty;
        let coerced = self.coerce_to_target_type(result, input, target.oid, target.typmod, assignment.coercion())?;
        coerced.ok_or_else(|| {
            let (from, to) = (self.format_type(input), self.format_type(target.oid));
            error("42846", format!("cannot cast type {from} to {to}"), assignment.loc)
        })
    }
}

fn rewrite_or_cast(message: String, loc: Loc) -> crate::replay::Stop {
    SqlError::new("42804", message).hint("You will need to rewrite or cast the expression.").at(loc).into()
}
