//! Joins (`parse_clause.c: transformFromClauseItem`, `buildMergedJoinVar`).

use super::coerce::Coercion;
use super::error::fail;
use super::from::{FromItem, set_lateral_state};
use super::relation::make_var;
use super::rte::ns_item;
use super::{Analyzer, ExprKind, NsColumn, NsItem};
use crate::catalog::tree::{
    At, BoolExpr, BoolOp, CoalesceExpr, CoercionForm, Expr, JoinExpr, JoinRte, JoinTree, RelabelType, Var,
};
use crate::catalog::{AttrNumber, Oid, TypeRef};
use crate::replay::Exec;
use crate::sql::ast::{Alias, Join, JoinKind, Name};
use crate::sql::span::Loc;

/// The columns of a join as they are gathered.
#[derive(Default)]
struct Columns {
    names: Vec<Name>,
    vars: Vec<Expr>,
    /// What their variables look like; `varno` 0 for a merged column that is only the join's.
    ns: Vec<NsColumn>,
    left: Vec<AttrNumber>,
    right: Vec<AttrNumber>,
}

/// `buildVarFromNSColumn`
fn var_of(column: &NsColumn) -> Var {
    make_var(column.varno, column.varattno, column.ty, column.collation, 0, Loc::NONE)
}

fn number(index: usize) -> AttrNumber {
    AttrNumber::try_from(index + 1).unwrap_or(AttrNumber::MAX)
}

/// The columns that were not merged (`extractRemainingColumns`).
fn remaining(side: &NsItem, merged: &[AttrNumber], columns: &mut Columns, is_left: bool) {
    for (index, column) in side.columns.iter().enumerate() {
        let attno = number(index);
        if column.name.is_empty() || merged.contains(&attno) {
            continue;
        }
        columns.left.push(if is_left { attno } else { 0 });
        columns.right.push(if is_left { 0 } else { attno });
        columns.names.push(column.name.clone());
        columns.vars.push(Expr::Var(Box::new(var_of(column))));
        columns.ns.push(column.clone());
    }
}

/// The column of that name, of which there must be one.
fn using_column(side: &NsItem, name: &Name, which: &str) -> Exec<usize> {
    let mut found = None;
    for (index, column) in side.columns.iter().enumerate() {
        if column.name == *name {
            if found.is_some() {
                let message = format!("common column name \"{name}\" appears more than once in {which} table");
                return fail("42702", message, Loc::NONE);
            }
            found = Some(index);
        }
    }
    match found {
        Some(index) => Ok(index),
        None => {
            let message = format!("column \"{name}\" specified in USING clause does not exist in {which} table");
            fail("42703", message, Loc::NONE)
        }
    }
}

impl Analyzer<'_> {
    /// A join (`transformFromClauseItem`).
    pub(super) fn transform_join(&mut self, join: &Join) -> Exec<FromItem> {
        let mut left = self.transform_from_clause_item(&join.left)?;
        // The right side can refer to the left one, which is an error if it can be without a partner.
        let lateral_ok = matches!(join.kind, JoinKind::Inner | JoinKind::Left);
        set_lateral_state(&mut left.namespace, true, lateral_ok);
        let outside = self.state().namespace.len();
        self.state().namespace.extend(left.namespace.iter().cloned());
        let right = self.transform_from_clause_item(&join.right)?;
        self.state().namespace.truncate(outside);
        self.check_namespace_conflicts(&left.namespace, &right.namespace)?;
        let mut namespace = left.namespace;
        namespace.extend(right.namespace);
        let (left_item, right_item) = (left.top, right.top);

        let using: Vec<Name> = if join.natural {
            let both =
                |c: &&NsColumn| !c.name.is_empty() && right_item.columns.iter().any(|other| other.name == c.name);
            left_item.columns.iter().filter(both).map(|c| c.name.clone()).collect()
        } else {
            join.using.clone()
        };
        let mut columns = Columns::default();
        let (mut left_numbers, mut right_numbers) = (Vec::new(), Vec::new());
        let mut quals = None;
        let before_16 = self.catalog().version() < 16;
        if !using.is_empty() {
            let mut found: Vec<(usize, usize)> = Vec::with_capacity(using.len());
            for (position, name) in using.iter().enumerate() {
                if using[..position].contains(name) {
                    let message = format!("column name \"{name}\" appears more than once in USING clause");
                    return fail("42701", message, Loc::NONE);
                }
                let left_index = using_column(&left_item, name, "left")?;
                left_numbers.push(number(left_index));
                let right_index = using_column(&right_item, name, "right")?;
                right_numbers.push(number(right_index));
                found.push((left_index, right_index));
                // Before 16 the columns are merged one by one, before they are compared.
                if before_16 {
                    let sides = (&left_item.columns[left_index], &right_item.columns[right_index]);
                    self.merge_columns(join.kind, name, sides, &mut columns)?;
                }
            }
            let pairs = found
                .iter()
                .map(|(left, right)| (var_of(&left_item.columns[*left]), var_of(&right_item.columns[*right])));
            let pairs = pairs.collect();
            quals = Some(self.transform_join_using_clause(pairs)?);
            if !before_16 {
                for (name, (left, right)) in using.iter().zip(&found) {
                    let sides = (&left_item.columns[*left], &right_item.columns[*right]);
                    self.merge_columns(join.kind, name, sides, &mut columns)?;
                }
            }
        } else if let Some(on) = &join.on {
            // ON sees the two sides alone.
            set_lateral_state(&mut namespace, false, true);
            let saved = std::mem::replace(&mut self.state().namespace, namespace.clone());
            quals = self.transform_where_clause(Some(on), ExprKind::JoinOn, "JOIN/ON")?;
            self.state().namespace = saved;
        }
        columns.left.clone_from(&left_numbers);
        columns.right.clone_from(&right_numbers);
        remaining(&left_item, &left_numbers, &mut columns, true);
        remaining(&right_item, &right_numbers, &mut columns, false);
        let using_alias = join.using_alias.as_ref().map(|name| Alias { name: name.clone(), columns: using.clone() });
        let (top, using_item) = self.join_item(join, columns, &using, using_alias.as_ref())?;
        if let Some(item) = using_item {
            self.check_namespace_conflicts(std::slice::from_ref(&item), &namespace)?;
            namespace.push(item);
        }
        // An alias hides the sides; without it their columns are the join's.
        if join.alias.is_some() {
            namespace.clear();
        } else {
            namespace.iter_mut().for_each(|item| item.cols_visible = false);
        }
        namespace.push(top.clone());
        let node = JoinTree::Join(Box::new(JoinExpr {
            kind: join.kind,
            natural: join.natural,
            left: left.node,
            right: right.node,
            using,
            using_alias,
            quals,
            alias: self.rte_at(top.rtindex, 0).and_then(|rte| rte.alias.clone()),
            rtindex: top.rtindex,
        }));
        Ok(FromItem { node, top, namespace })
    }

    /// Adds the column that two columns are merged into.
    fn merge_columns(
        &mut self,
        kind: JoinKind,
        name: &Name,
        (left, right): (&NsColumn, &NsColumn),
        columns: &mut Columns,
    ) -> Exec {
        let (left_var, right_var) = (var_of(left), var_of(right));
        let merged = self.build_merged_join_var(kind, &left_var, &right_var)?;
        columns.ns.push(match &merged {
            Merged::Left => left.clone(),
            Merged::Right => right.clone(),
            Merged::Expr(expr) => NsColumn {
                name: name.clone(),
                varno: 0,
                varattno: number(columns.ns.len()),
                ty: expr.ty(self.catalog()),
                collation: expr.collation(),
                dont_expand: false,
            },
        });
        columns.names.push(name.clone());
        columns.vars.push(match merged {
            Merged::Left => Expr::Var(Box::new(left_var)),
            Merged::Right => Expr::Var(Box::new(right_var)),
            Merged::Expr(expr) => expr,
        });
        Ok(())
    }

    /// The join's entry, its item, and that of `USING (…) AS alias`.
    fn join_item(
        &mut self,
        join: &Join,
        columns: Columns,
        using: &[Name],
        using_alias: Option<&Alias>,
    ) -> Exec<(NsItem, Option<NsItem>)> {
        let rte = JoinRte {
            kind: join.kind,
            merged_columns: using.len(),
            alias_vars: columns.vars,
            left_columns: columns.left,
            right_columns: columns.right,
            using_alias: using_alias.cloned(),
        };
        let (rtindex, eref) = self.add_range_table_entry_for_join(&columns.names, rte, join.alias.clone(), true)?;
        let mut ns = columns.ns;
        for (index, (column, name)) in ns.iter_mut().zip(&eref.columns).enumerate() {
            if column.varno == 0 {
                column.varno = rtindex;
            }
            // What an alias names is printed by it: PostgreSQL keeps that apart in `varnosyn`, `varattnosyn`.
            if join.alias.is_some() {
                column.varno = rtindex;
                column.varattno = number(index);
            }
            column.name = name.clone();
            column.dont_expand = false;
        }
        let using_item = using_alias.map(|alias| {
            let merged = ns.iter().zip(&alias.columns);
            let columns: Vec<NsColumn> =
                merged.map(|(column, name)| NsColumn { name: name.clone(), ..column.clone() }).collect();
            ns_item(alias.name.clone(), rtindex, columns.into())
        });
        let mut top = ns_item(eref.name, rtindex, ns.into());
        top.rel_visible = join.alias.is_some();
        Ok((top, using_item))
    }

    /// `a.x = b.x AND …` (`transformJoinUsingClause`).
    fn transform_join_using_clause(&mut self, pairs: Vec<(Var, Var)>) -> Exec<Expr> {
        let saved = self.state().expr_kind.replace(ExprKind::JoinUsing);
        let mut args = Vec::with_capacity(pairs.len());
        let equals = crate::sql::ast::QualifiedName::bare("=");
        for (left, right) in pairs {
            let (left, right) = (Expr::Var(Box::new(left)), Expr::Var(Box::new(right)));
            let last_srf = self.last_srf();
            let arg = self.make_op(&equals, Some(left), right, last_srf, Loc::NONE)?;
            // Those of an AND have to be conditions.
            args.push(arg);
        }
        self.state().expr_kind = saved;
        let result = if args.len() == 1 {
            args.swap_remove(0)
        } else {
            let args = args.into_iter().map(|arg| self.coerce_to_boolean(arg, "AND")).collect::<Exec<Vec<_>>>()?;
            Expr::BoolExpr(Box::new(BoolExpr { op: BoolOp::And, args, at: At::NONE }))
        };
        self.coerce_to_boolean(result, "JOIN/USING")
    }

    /// The column that two columns are merged into (`buildMergedJoinVar`).
    fn build_merged_join_var(&mut self, kind: JoinKind, left: &Var, right: &Var) -> Exec<Merged> {
        let both = [Expr::Var(Box::new(left.clone())), Expr::Var(Box::new(right.clone()))];
        let ty = self.select_common_type(&both, Some("JOIN/USING"))?;
        let typmod = self.select_common_typmod(&both, ty);
        let [left_expr, right_expr] = both;
        let left_node = self.merged_side(left_expr, left, ty, typmod)?;
        let right_node = self.merged_side(right_expr, right, ty, typmod)?;
        let is_var = |expr: &Expr| matches!(expr, Expr::Var(_));
        let merged = match kind {
            JoinKind::Inner if is_var(&left_node) => Merged::Left,
            JoinKind::Inner if is_var(&right_node) => Merged::Right,
            JoinKind::Inner => Merged::Expr(left_node),
            JoinKind::Left if is_var(&left_node) => Merged::Left,
            JoinKind::Left => Merged::Expr(left_node),
            JoinKind::Right if is_var(&right_node) => Merged::Right,
            JoinKind::Right => Merged::Expr(right_node),
            JoinKind::Full => Merged::Expr(Expr::CoalesceExpr(Box::new(CoalesceExpr {
                ty,
                collation: Oid::INVALID,
                args: vec![left_node, right_node],
                at: At::NONE,
            }))),
        };
        Ok(match merged {
            Merged::Expr(mut expr) => {
                self.assign_expr_collations(&mut expr)?;
                Merged::Expr(expr)
            }
            var => var,
        })
    }

    fn merged_side(&mut self, expr: Expr, var: &Var, ty: Oid, typmod: i32) -> Exec<Expr> {
        if var.ty.oid != ty {
            return self.coerce_type(expr, var.ty.oid, ty, typmod, Coercion::IMPLICIT);
        }
        if var.ty.typmod != typmod {
            return Ok(Expr::RelabelType(Box::new(RelabelType {
                arg: expr,
                ty: TypeRef { oid: ty, typmod },
                collation: Oid::INVALID,
                form: CoercionForm::ImplicitCast,
                at: At::NONE,
            })));
        }
        Ok(expr)
    }
}

/// What a merged column is.
enum Merged {
    /// The left side's column.
    Left,
    /// The right side's.
    Right,
    /// Something that only the join has.
    Expr(Expr),
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, columns, error, tree};
    use crate::catalog::tree::{Expr, RteKind};

    const SETUP: &str = "create table a (id int, x text); create table b (id bigint, y text)";

    #[test]
    fn merged_columns_come_first() {
        let replay = catalog(15, SETUP);
        assert_eq!(columns(&replay, "select * from a join b using (id)"), "id bigint, x text, y text");
        assert_eq!(columns(&replay, "select * from a natural full join b"), "id bigint, x text, y text");
        assert_eq!(
            columns(&replay, "select j.* from (a cross join b) as j (p, q)"),
            "p integer, q text, id bigint, y text"
        );
    }

    #[test]
    fn columns_of_each_side() {
        let replay = catalog(15, SETUP);
        let query = tree(&replay, "select * from a join b using (id)");
        let Some(RteKind::Join(join)) = query.tree.rte(3).map(|rte| &rte.kind) else { panic!("{query:?}") };
        assert_eq!(join.merged_columns, 1);
        assert_eq!((&join.left_columns[..], &join.right_columns[..]), (&[1, 2, 0][..], &[1, 0, 2][..]));
        // The right side's column is of the common type already.
        assert!(matches!(&join.alias_vars[0], Expr::Var(var) if var.varno == 2));
    }

    #[test]
    fn names_that_are_not_unique() {
        let replay = catalog(15, SETUP);
        assert_eq!(error(&replay, "select 1 from a, a"), "42712 table name \"a\" specified more than once");
        assert_eq!(error(&replay, "select id from a, b"), "42702 column reference \"id\" is ambiguous at 7");
        assert_eq!(
            error(&replay, "select 1 from a join b using (x)"),
            "42703 column \"x\" specified in USING clause does not exist in right table"
        );
        assert_eq!(
            error(&replay, "select 1 from a right join lateral (select a.id) s on true"),
            "42P10 invalid reference to FROM-clause entry for table \"a\" at 43\n\
             The combining JOIN type must be INNER or LEFT for a LATERAL reference."
        );
    }
}
