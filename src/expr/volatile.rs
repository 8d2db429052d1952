//! Expressions that have to be immutable (`clauses.c: contain_mutable_functions`).
//!
//! Only what is certain is refused: where several functions of a name may be meant, all of them must be mutable.
//! Functions in SQL are left alone, since PostgreSQL looks into them.

use super::bind::Binder;
use super::infer;
use super::place::Place;
use crate::catalog::builtin::CastMethod;
use crate::catalog::{Oid, type_oid as t};
use crate::replay::{Exec, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::visit;

impl Binder<'_> {
    /// 42P17 for an index or a generated column whose value may change although its row does not.
    pub(super) fn refuse_mutable(&self, expr: &Expr) -> Exec {
        let message = match self.place {
            Some(Place::IndexExpression) => "functions in index expression must be marked IMMUTABLE",
            Some(Place::IndexPredicate) => "functions in index predicate must be marked IMMUTABLE",
            Some(Place::PartitionKey) => "functions in partition key expression must be marked IMMUTABLE",
            Some(Place::Generated) => "generation expression is not immutable",
            Some(_) | None => return Ok(()),
        };
        let mut mutable = None;
        visit::in_expr(expr, &mut |part| {
            if mutable.is_none() && self.is_mutable(part) {
                mutable = Some(part.loc);
            }
        });
        match mutable {
            Some(_) => Err(SqlError::new("42P17", message).at(expr.loc).into()),
            None => Ok(()),
        }
    }

    /// The node itself, without what is inside.
    fn is_mutable(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::SqlValue { .. } => true,
            ExprKind::Func(call) => self.is_mutable_call(call),
            ExprKind::Cast { operand, ty } => {
                if matches!(operand.kind, ExprKind::Literal(_)) {
                    return false;
                }
                let from = infer::expr_type(self, operand);
                let to = lookup::resolve_type(self.catalog, self.path, ty).ok();
                matches!((from, to), (Some(from), Some(to)) if self.is_mutable_cast(from.oid, to.oid))
            }
            ExprKind::Op { op, left: Some(left), right } if op.schema.is_none() => {
                let (left, right) = (infer::expr_type(self, left), infer::expr_type(self, right));
                match (left, right) {
                    (Some(left), Some(right)) => self.is_mutable_operator(&op.name, left.oid, right.oid),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn is_mutable_call(&self, call: &FuncCall) -> bool {
        match lookup::find_call(self.catalog, self.path, call) {
            Ok(Some(lookup::Callee::User(oid))) => self.catalog.function(oid).is_some_and(|function| {
                let alone = self.catalog.functions_in(function.schema, &function.name).count() == 1;
                alone && function.language == "plpgsql" && function.volatility != Volatility::Immutable
            }),
            Ok(Some(lookup::Callee::Builtin)) => {
                let args: Vec<Option<Oid>> =
                    call.args.iter().map(|a| infer::expr_type(self, &a.value).map(|ty| ty.oid)).collect();
                let named = self.catalog.builtins().functions_named(&call.name.name);
                let count = |f: &&'static crate::catalog::builtin::BuiltinFunction| {
                    let inputs = f.input_types().count();
                    inputs == args.len()
                        || f.variadic != Oid::INVALID
                        || inputs >= args.len() && inputs - f.defaults <= args.len()
                };
                let candidates: Vec<_> = named.filter(count).collect();
                let exact = |f: &&&'static crate::catalog::builtin::BuiltinFunction| {
                    f.input_types().count() == args.len()
                        && f.input_types().zip(&args).all(|(wanted, given)| given.is_none_or(|given| given == wanted))
                };
                let mutable =
                    |f: &&'static crate::catalog::builtin::BuiltinFunction| f.volatility != Volatility::Immutable;
                let mut exactly = candidates.iter().filter(exact).peekable();
                if exactly.peek().is_some() {
                    exactly.all(mutable)
                } else {
                    !candidates.is_empty() && candidates.iter().all(mutable)
                }
            }
            Ok(None) | Err(_) => false,
        }
    }

    fn is_mutable_cast(&self, from: Oid, to: Oid) -> bool {
        let builtins = self.catalog.builtins();
        if from == to {
            return false;
        }
        match builtins.cast(from, to).map(|cast| cast.method) {
            Some(CastMethod::Function(name)) => {
                let mut functions =
                    builtins.functions_named(name).filter(|f| f.input_types().next() == Some(from)).peekable();
                functions.peek().is_some() && functions.all(|f| f.volatility != Volatility::Immutable)
            }
            Some(CastMethod::Binary) => false,
            // Through text: by the output function of the one and the input function of the other.
            Some(CastMethod::InOut) | None => {
                let text = |oid| matches!(oid, t::TEXT | t::VARCHAR | t::BPCHAR);
                if !text(from) && !text(to) {
                    return false;
                }
                self.has_mutable_function(from, "out") || self.has_mutable_function(to, "in")
            }
        }
    }

    fn has_mutable_function(&self, ty: Oid, suffix: &str) -> bool {
        let builtins = self.catalog.builtins();
        let Some(ty) = builtins.type_by_oid(ty) else { return false };
        let names = [format!("{}{suffix}", ty.name), format!("{}_{suffix}", ty.name)];
        names.iter().any(|name| builtins.functions_named(name).any(|f| f.volatility != Volatility::Immutable))
    }

    fn is_mutable_operator(&self, op: &str, left: Oid, right: Oid) -> bool {
        let builtins = self.catalog.builtins();
        let Some(operator) = builtins.operators_named(op).find(|o| o.left == left && o.right == right) else {
            return false;
        };
        let same = |f: &&'static crate::catalog::builtin::BuiltinFunction| f.input_types().eq([left, right]);
        let mut functions = builtins.functions_named(operator.function).filter(same).peekable();
        functions.peek().is_some() && functions.all(|f| f.volatility != Volatility::Immutable)
    }
}
