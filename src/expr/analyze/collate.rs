//! Collations (`parse_collate.c`).

use super::error::error;
use super::{Analyzer, Exec};
use crate::catalog::tree::{Aggref, AggregateKind, Expr, JoinTree, Query, RelabelType, TargetEntry, children_mut};
use crate::catalog::{DEFAULT_COLLATION, Oid, type_oid as t};
use crate::replay::{SqlError, Stop};
use crate::sql::span::Loc;

/// How certain a collation is (`CollateStrength`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// The value has no collation.
    None,
    /// It follows from the value.
    Implicit,
    /// Two that follow from values differ.
    Conflict,
    /// COLLATE.
    Explicit,
}

/// What is known so far (`assign_collations_context`).
#[derive(Clone, Copy)]
struct State {
    collation: Oid,
    strength: Strength,
    loc: Loc,
    /// The other one of a conflict.
    other: Oid,
    other_loc: Loc,
}

const NOTHING: State = State {
    collation: Oid::INVALID,
    strength: Strength::None,
    loc: Loc::NONE,
    other: Oid::INVALID,
    other_loc: Loc::NONE,
};

const HINT: &str = "You can choose the collation by applying the COLLATE clause to one or both expressions.";

impl Analyzer<'_> {
    /// Decides the collations of an expression (`parse_collate.c: assign_expr_collations`).
    pub(super) fn assign_expr_collations(&self, expr: &mut Expr) -> Exec {
        self.collate(expr, &mut NOTHING.clone())
    }

    /// The same of several, each for itself (`assign_list_collations`).
    pub(super) fn assign_list_collations<'e>(&self, exprs: impl IntoIterator<Item = &'e mut Expr>) -> Exec {
        exprs.into_iter().try_for_each(|expr| self.assign_expr_collations(expr))
    }

    /// The collation that expressions have in common. Without `none_ok` a conflict is an error
    /// (`parse_collate.c: select_common_collation`).
    pub(super) fn select_common_collation<'e>(
        &self,
        exprs: impl IntoIterator<Item = &'e mut Expr>,
        none_ok: bool,
    ) -> Exec<Oid> {
        let mut state = NOTHING;
        for expr in exprs {
            self.collate(expr, &mut state)?;
        }
        match state.strength {
            Strength::Conflict if none_ok => Ok(Oid::INVALID),
            Strength::Conflict => Err(self.implicit_mismatch(&state)),
            Strength::None | Strength::Implicit | Strength::Explicit => Ok(state.collation),
        }
    }

    /// Decides the collations of a query, sub-queries in FROM and WITH left out, which have theirs
    /// (`parse_collate.c: assign_query_collations`).
    pub(super) fn assign_query_collations(&self, query: &mut Query) -> Exec {
        // Each list stands for itself, and so does each of its elements.
        for node in &mut query.jointree.from {
            self.collate_jointree(node)?;
        }
        self.assign_list_collations(&mut query.jointree.quals)?;
        for target in &mut query.targets {
            self.collate_target(target, &mut NOTHING.clone())?;
        }
        for action in &mut query.merge_actions {
            self.assign_list_collations(&mut action.condition)?;
            for target in &mut action.targets {
                self.collate_target(target, &mut NOTHING.clone())?;
            }
        }
        self.assign_list_collations(&mut query.merge_join_condition)?;
        if let Some(conflict) = &mut query.on_conflict {
            self.assign_list_collations(conflict.arbiter.iter_mut().map(|x| &mut x.expr))?;
            self.assign_list_collations(&mut conflict.arbiter_where)?;
            for target in &mut conflict.set {
                self.collate_target(target, &mut NOTHING.clone())?;
            }
            self.assign_list_collations(&mut conflict.filter)?;
        }
        for target in &mut query.returning {
            self.collate_target(target, &mut NOTHING.clone())?;
        }
        self.assign_list_collations(&mut query.having)?;
        for window in &mut query.window_clause {
            self.assign_list_collations(&mut window.start_offset)?;
            self.assign_list_collations(&mut window.end_offset)?;
        }
        self.assign_list_collations(&mut query.limit_offset)?;
        self.assign_list_collations(&mut query.limit_count)
    }

    fn collate_jointree(&self, node: &mut JoinTree) -> Exec {
        match node {
            JoinTree::Ref(_) => Ok(()),
            JoinTree::Join(join) => {
                self.collate_jointree(&mut join.left)?;
                self.collate_jointree(&mut join.right)?;
                self.assign_list_collations(&mut join.quals)
            }
        }
    }

    /// `T_TargetEntry` of `assign_collations_walker`: what is sorted or grouped by needs a collation.
    fn collate_target(&self, target: &mut TargetEntry, context: &mut State) -> Exec {
        let mut local = NOTHING;
        self.collate(&mut target.expr, &mut local)?;
        if local.strength == Strength::Conflict && target.ressortgroupref != 0 {
            return Err(self.implicit_mismatch(&local));
        }
        self.merge(context, local)
    }

    fn implicit_mismatch(&self, state: &State) -> Stop {
        let (a, b) = (self.collation_name(state.collation), self.collation_name(state.other));
        let message = format!("collation mismatch between implicit collations \"{a}\" and \"{b}\"");
        SqlError::new("42P21", message).hint(HINT).at(state.other_loc).into()
    }

    fn collation_name(&self, oid: Oid) -> String {
        self.env.catalog.collation_info(oid).map(|c| c.name.to_owned()).unwrap_or_default()
    }

    /// Decides the collations of an expression and adds it to what is known of its neighbours
    /// (`parse_collate.c: assign_collations_walker`).
    fn collate(&self, node: &mut Expr, context: &mut State) -> Exec {
        let catalog = self.env.catalog;
        let mut local = NOTHING;
        let (collation, strength, loc) = match node {
            Expr::Var(_)
            | Expr::Const(_)
            | Expr::Param(_)
            | Expr::CoerceToDomainValue(_)
            | Expr::CaseTestExpr(_)
            | Expr::SetToDefault(_)
            | Expr::CurrentOfExpr(_) => {
                let collation = node.collation();
                let strength = if collation == Oid::INVALID { Strength::None } else { Strength::Implicit };
                (collation, strength, node.loc())
            }
            Expr::CollateExpr(x) => {
                self.collate(&mut x.arg, &mut local)?;
                (x.collation, Strength::Explicit, x.at.0)
            }
            Expr::FieldSelect(x) => {
                self.collate(&mut x.arg, &mut local)?;
                match x.collation {
                    Oid::INVALID => (Oid::INVALID, Strength::None, Loc::NONE),
                    collation => (collation, Strength::Implicit, x.arg.loc()),
                }
            }
            Expr::RowExpr(x) => return self.assign_list_collations(&mut x.args),
            Expr::RowCompareExpr(x) => {
                x.input_collations.clear();
                for (left, right) in x.left.iter_mut().zip(&mut x.right) {
                    let collation = self.select_common_collation([left, right], true)?;
                    x.input_collations.push(collation);
                }
                return Ok(());
            }
            Expr::CoerceToDomain(x) => {
                self.collate(&mut x.arg, &mut local)?;
                let (collation, strength, loc) = match catalog.type_collation(x.ty.oid) {
                    Oid::INVALID => (Oid::INVALID, Strength::None, Loc::NONE),
                    DEFAULT_COLLATION => (local.collation, local.strength, local.loc),
                    collation => (collation, Strength::Implicit, Loc::NONE),
                };
                x.collation = if strength == Strength::Conflict { Oid::INVALID } else { collation };
                let loc = if collation != local.collation && loc == Loc::NONE { node.loc() } else { loc };
                (collation, strength, loc)
            }
            _ => {
                self.collate_children(node, &mut local)?;
                let (collation, strength, loc) = match catalog.type_collation(self.type_of(node)) {
                    Oid::INVALID => (Oid::INVALID, Strength::None, Loc::NONE),
                    _ if local.strength > Strength::None => (local.collation, local.strength, local.loc),
                    collation => (collation, Strength::Implicit, node.loc()),
                };
                set_collation(node, if strength == Strength::Conflict { Oid::INVALID } else { collation });
                let conflict = local.strength == Strength::Conflict;
                set_input_collation(node, if conflict { Oid::INVALID } else { local.collation });
                (collation, strength, loc)
            }
        };
        self.merge(context, State { collation, strength, loc, other: local.other, other_loc: local.other_loc })
    }

    /// What is under a node that takes its collation from that.
    fn collate_children(&self, node: &mut Expr, local: &mut State) -> Exec {
        match node {
            Expr::Aggref(agg) => {
                match agg.kind {
                    AggregateKind::Normal => self.collate_aggregate(agg, local)?,
                    AggregateKind::OrderedSet => self.collate_ordered_set(agg, local)?,
                    AggregateKind::Hypothetical => self.collate_hypothetical(agg, local)?,
                }
                self.assign_list_collations(&mut agg.filter)
            }
            Expr::WindowFunc(call) => {
                for arg in &mut call.args {
                    self.collate(arg, local)?;
                }
                self.assign_list_collations(&mut call.filter)
            }
            Expr::CaseExpr(case) => {
                // The operand's collation was decided before.
                for when in &mut case.whens {
                    self.collate(&mut when.condition, local)?;
                    self.collate(&mut when.result, local)?;
                }
                self.collate(&mut case.default, local)
            }
            Expr::SubscriptingRef(x) => {
                self.assign_list_collations(x.upper.iter_mut().flatten())?;
                self.assign_list_collations(x.lower.iter_mut().flatten())?;
                self.collate(&mut x.operand, local)?;
                x.assign.iter_mut().try_for_each(|assign| self.collate(assign, local))
            }
            Expr::SubLink(link) => {
                if let Some(test) = &mut link.test {
                    self.collate(test, local)?;
                }
                // A sub-query gives the collation of its first column.
                let Some(first) = link.query.targets.first().filter(|target| !target.junk) else { return Ok(()) };
                let collation = first.expr.collation();
                let strength = Strength::Implicit;
                self.merge(local, State { collation, strength, loc: first.expr.loc(), ..NOTHING })
            }
            Expr::JsonExpr(x) => {
                // `nodeFuncs.c` walks over behaviours too.
                self.collate(&mut x.formatted, local)?;
                self.collate(&mut x.path, local)?;
                for value in &mut x.passing_values {
                    self.collate(value, local)?;
                }
                for behaviour in [&mut x.on_empty, &mut x.on_error].into_iter().flatten() {
                    self.assign_list_collations(&mut behaviour.expr)?;
                }
                Ok(())
            }
            node => {
                let mut result = Ok(());
                children_mut(
                    node,
                    &mut |child| {
                        if result.is_ok() {
                            result = self.collate(child, local);
                        }
                    },
                    &mut |_| {},
                );
                result
            }
        }
    }

    /// `merge_collation_state`
    fn merge(&self, context: &mut State, new: State) -> Exec {
        if new.strength > context.strength {
            let conflict = new.strength == Strength::Conflict;
            let (other, other_loc) =
                if conflict { (new.other, new.other_loc) } else { (context.other, context.other_loc) };
            *context = State { other, other_loc, ..new };
            return Ok(());
        }
        if new.strength < context.strength || new.collation == context.collation {
            return Ok(());
        }
        match new.strength {
            Strength::None | Strength::Conflict => Ok(()),
            Strength::Implicit => {
                if context.collation == DEFAULT_COLLATION {
                    context.collation = new.collation;
                    context.loc = new.loc;
                } else if new.collation != DEFAULT_COLLATION {
                    context.strength = Strength::Conflict;
                    context.other = new.collation;
                    context.other_loc = new.loc;
                }
                Ok(())
            }
            Strength::Explicit => {
                let (a, b) = (self.collation_name(context.collation), self.collation_name(new.collation));
                let message = format!("collation mismatch between explicit collations \"{a}\" and \"{b}\"");
                Err(error("42P21", message, new.loc))
            }
        }
    }

    /// `assign_aggregate_collations`
    fn collate_aggregate(&self, agg: &mut Aggref, local: &mut State) -> Exec {
        for target in &mut agg.args {
            // What is only sorted by does not count.
            let of = if target.junk { &mut NOTHING.clone() } else { &mut *local };
            self.collate_target(target, of)?;
        }
        Ok(())
    }

    /// It takes one argument to sort by, and not any number.
    fn merges_sort_collations(&self, agg: &Aggref) -> bool {
        let function = self.env.catalog.function_info(agg.function);
        agg.args.len() == 1 && function.is_none_or(|f| self.env.catalog.variadic_element(f) == Oid::INVALID)
    }

    /// `assign_ordered_set_collations`
    fn collate_ordered_set(&self, agg: &mut Aggref, local: &mut State) -> Exec {
        let merge = self.merges_sort_collations(agg);
        for arg in &mut agg.direct_args {
            self.collate(arg, local)?;
        }
        for target in &mut agg.args {
            let of = if merge { &mut *local } else { &mut NOTHING.clone() };
            self.collate_target(target, of)?;
        }
        Ok(())
    }

    /// `assign_hypothetical_collations`
    fn collate_hypothetical(&self, agg: &mut Aggref, local: &mut State) -> Exec {
        let merge = self.merges_sort_collations(agg);
        let extra = agg.direct_args.len().saturating_sub(agg.args.len());
        for arg in agg.direct_args.iter_mut().take(extra) {
            self.collate(arg, local)?;
        }
        let catalog = self.env.catalog;
        for (arg, target) in agg.direct_args.iter_mut().skip(extra).zip(&mut agg.args) {
            let mut pair = NOTHING;
            self.collate(arg, &mut pair)?;
            self.collate(&mut target.expr, &mut pair)?;
            if pair.strength == Strength::Conflict {
                return Err(self.implicit_mismatch(&pair));
            }
            // The sort works with the collation of both.
            if pair.collation != Oid::INVALID && pair.collation != target.expr.collation() {
                let ty = target.expr.ty(catalog);
                let arg = std::mem::replace(&mut target.expr, super::coerce::make_const(t::BOOL, "f"));
                target.expr = Expr::RelabelType(Box::new(RelabelType {
                    arg,
                    ty,
                    collation: pair.collation,
                    form: crate::catalog::tree::CoercionForm::ImplicitCast,
                    at: Loc::NONE.into(),
                }));
            }
            if merge {
                self.merge(local, pair)?;
            }
        }
        Ok(())
    }
}

/// `nodeFuncs.c: exprSetCollation`
fn set_collation(node: &mut Expr, collation: Oid) {
    match node {
        Expr::Aggref(x) => x.collation = collation,
        Expr::WindowFunc(x) => x.collation = collation,
        Expr::MergeSupportFunc(x) => x.collation = collation,
        Expr::SubscriptingRef(x) => x.collation = collation,
        Expr::FuncExpr(x) => x.collation = collation,
        Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => x.collation = collation,
        Expr::RelabelType(x) => x.collation = collation,
        Expr::CoerceViaIO(x) => x.collation = collation,
        Expr::ArrayCoerceExpr(x) => x.collation = collation,
        Expr::CaseExpr(x) => x.collation = collation,
        Expr::ArrayExpr(x) => x.collation = collation,
        Expr::CoalesceExpr(x) => x.collation = collation,
        Expr::MinMaxExpr(x) => x.collation = collation,
        Expr::SqlValueFunction(x) => x.collation = collation,
        Expr::JsonValueExpr(x) => set_collation(&mut x.formatted, collation),
        Expr::JsonConstructorExpr(x) => x.coercion.iter_mut().for_each(|c| set_collation(c, collation)),
        Expr::JsonExpr(x) => x.collation = collation,
        Expr::NamedArgExpr(x) => set_collation(&mut x.arg, collation),
        // The others have none, or their own.
        Expr::Var(_)
        | Expr::Const(_)
        | Expr::Param(_)
        | Expr::GroupingFunc(_)
        | Expr::ScalarArrayOpExpr(_)
        | Expr::BoolExpr(_)
        | Expr::SubLink(_)
        | Expr::FieldSelect(_)
        | Expr::FieldStore(_)
        | Expr::ConvertRowtypeExpr(_)
        | Expr::CollateExpr(_)
        | Expr::CaseTestExpr(_)
        | Expr::RowExpr(_)
        | Expr::RowCompareExpr(_)
        | Expr::XmlExpr(_)
        | Expr::JsonIsPredicate(_)
        | Expr::NullTest(_)
        | Expr::BooleanTest(_)
        | Expr::CoerceToDomain(_)
        | Expr::CoerceToDomainValue(_)
        | Expr::SetToDefault(_)
        | Expr::CurrentOfExpr(_) => {}
    }
}

/// `nodeFuncs.c: exprSetInputCollation`
fn set_input_collation(node: &mut Expr, collation: Oid) {
    match node {
        Expr::Aggref(x) => x.input_collation = collation,
        Expr::WindowFunc(x) => x.input_collation = collation,
        Expr::FuncExpr(x) => x.input_collation = collation,
        Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => x.input_collation = collation,
        Expr::ScalarArrayOpExpr(x) => x.input_collation = collation,
        Expr::MinMaxExpr(x) => x.input_collation = collation,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, error, tree};

    /// SQLSTATE, message and place of an error.
    fn first_line(replay: &crate::replay::Replay, query: &str) -> String {
        error(replay, query).lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn collations_that_differ() {
        let setup = "create table t (c text collate \"C\", p text collate \"POSIX\", d text)";
        let replay = catalog(15, setup);
        assert_eq!(
            first_line(&replay, "select c collate \"C\" < p collate \"POSIX\" from t"),
            "42P21 collation mismatch between explicit collations \"C\" and \"POSIX\" at 25"
        );
        assert_eq!(
            first_line(&replay, "select 1 from t order by c || p"),
            "42P21 collation mismatch between implicit collations \"C\" and \"POSIX\" at 30"
        );
        // The default one gives way.
        let query = tree(&replay, "select d || c from t");
        let collation = query.tree.targets[0].expr.collation();
        assert_eq!(replay.catalog.collation_info(collation).map(|c| c.name), Some("C"));
    }
}
