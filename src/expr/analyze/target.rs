//! Select lists (`parse_target.c`).

use super::coerce::Coercion;
use super::error::fail;
use super::expand::{make_target_entry, ns_item_vars, target_by_resno};
use super::{Analyzer, ExprKind, NsItem};
use crate::catalog::tree::{At, Expr, FieldSelect, RteKind, SetToDefault, TargetEntry, Var};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::replay::{Exec, Opaque, SqlError};
use crate::sql::ast::{self, Indirection, Name, Target, Touches};
use crate::sql::span::Loc;

/// What `*` was expanded to: each with its name.
type Expanded = Vec<(Expr, Name)>;

impl Analyzer<'_> {
    /// The number of the next target.
    pub(super) fn take_resno(&mut self) -> i16 {
        let state = self.state();
        let resno = state.next_resno;
        state.next_resno = state.next_resno.saturating_add(1);
        resno
    }

    /// A target (`transformTargetEntry`).
    pub(super) fn transform_target_entry(
        &mut self,
        node: &ast::Expr,
        expr: Option<Expr>,
        kind: ExprKind,
        name: Option<&Name>,
        junk: bool,
    ) -> Exec<TargetEntry> {
        let expr = match expr {
            Some(expr) => expr,
            // `SET a = DEFAULT` gets its type from the column later.
            None if kind == ExprKind::UpdateSource && matches!(node.kind, ast::ExprKind::Default) => {
                set_to_default(node.loc)
            }
            None => self.transform_expr(node, kind)?,
        };
        let name = match name {
            Some(name) => Some(name.clone()),
            None if junk => None,
            // Before 15 the grammar made TRUE and FALSE casts.
            None if self.catalog().version() < 15
                && matches!(node.kind, ast::ExprKind::Literal(ast::Literal::Boolean(_))) =>
            {
                Some("bool".into())
            }
            None => Some(super::figure_colname(node, Some(&expr))),
        };
        let resno = self.take_resno();
        Ok(make_target_entry(expr, resno, name, junk))
    }

    /// A select list (`transformTargetList`).
    pub(super) fn transform_target_list(&mut self, targets: &[Target], kind: ExprKind) -> Exec<Vec<TargetEntry>> {
        let mut list = Vec::with_capacity(targets.len());
        // `SET a = b.*` takes the row as it is.
        let expand = kind != ExprKind::UpdateSource;
        for target in targets {
            let Some(value) = &target.value else { continue };
            if expand && let Some(expanded) = self.expand_star(value, kind)? {
                for (expr, name) in expanded {
                    let resno = self.take_resno();
                    list.push(make_target_entry(expr, resno, Some(name), false));
                }
                continue;
            }
            list.push(self.transform_target_entry(value, None, kind, target.name.as_ref(), false)?);
        }
        // The sub-queries of multiple assignments come last.
        for expr in std::mem::take(&mut self.state().multiassign) {
            list.push(make_target_entry(expr, 0, None, true));
        }
        Ok(list)
    }

    /// A list of expressions, where `*` is allowed (`transformExpressionList`).
    pub(super) fn transform_expression_list(
        &mut self,
        list: &[ast::Expr],
        kind: ExprKind,
        allow_default: bool,
    ) -> Exec<Vec<Expr>> {
        let mut result = Vec::with_capacity(list.len());
        for expr in list {
            let qualified = !matches!(&expr.kind, ast::ExprKind::Star(parts) if parts.is_empty());
            if qualified && let Some(expanded) = self.expand_star(expr, kind)? {
                result.extend(expanded.into_iter().map(|(expr, _)| expr));
            } else if allow_default && matches!(expr.kind, ast::ExprKind::Default) {
                result.push(set_to_default(expr.loc));
            } else {
                result.push(self.transform_expr(expr, kind)?);
            }
        }
        Ok(result)
    }

    /// What `*`, `t.*` and `(row).*` stand for; nothing for another expression.
    fn expand_star(&mut self, expr: &ast::Expr, kind: ExprKind) -> Exec<Option<Expanded>> {
        match &expr.kind {
            ast::ExprKind::Star(parts) => self.expand_column_ref_star(parts, expr.loc).map(Some),
            ast::ExprKind::Indirection { operand, path } if path.last() == Some(&Indirection::Star) => {
                let rest = path[..path.len() - 1].to_vec();
                let row = if rest.is_empty() {
                    self.transform_expr(operand, kind)?
                } else {
                    let inner = ast::ExprKind::Indirection { operand: operand.clone(), path: rest };
                    self.transform_expr(&ast::Expr { kind: inner, loc: expr.loc }, kind)?
                };
                self.expand_row_reference(row).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `*`, `t.*`, `s.t.*` (`ExpandColumnRefStar`).
    fn expand_column_ref_star(&mut self, parts: &[Name], loc: Loc) -> Exec<Expanded> {
        if parts.is_empty() {
            return self.expand_all_tables(loc);
        }
        let variables = self.env.variables;
        if let Some(variables) = variables
            && let Some(variable) = variables.name(parts, loc, true)?
        {
            let row = self.variable_expr(&variable, loc)?;
            return self.expand_row_reference(row);
        }
        let joined = || parts.iter().map(Name::as_str).chain(["*"]).collect::<Vec<_>>().join(".");
        let (schema, table) = match parts {
            [table] => (None, table),
            [schema, table] => (Some(schema), table),
            [_, _, _] => {
                // Whether it is this database is not known.
                return Err(Opaque::new("a column is qualified by a database", Touches::Nothing).at(loc).into());
            }
            _ => {
                let message = format!("improper qualified name (too many dotted names): {}", joined());
                return fail("42601", message, loc);
            }
        };
        let found = self.refname_namespace_item(schema, table, loc)?;
        if let Some(variables) = variables
            && (found.is_none() || variables.conflicts_with_columns())
            && let Some(variable) = variables.name(parts, loc, false)?
        {
            if found.is_some() {
                return fail("42702", format!("column reference \"{}\" is ambiguous", joined()), loc);
            }
            let row = self.variable_expr(&variable, loc)?;
            return self.expand_row_reference(row);
        }
        match found {
            Some((item, levels_up)) => Ok(expand_single_table(&item, levels_up, loc)),
            None => Err(self.error_missing_rte(schema, table, loc)),
        }
    }

    /// `*` (`ExpandAllTables`).
    fn expand_all_tables(&mut self, loc: Loc) -> Exec<Expanded> {
        let visible: Vec<_> = self.state().namespace.iter().filter(|item| item.cols_visible).collect();
        if visible.is_empty() {
            return fail("42601", "SELECT * with no tables specified is not valid", loc);
        }
        Ok(visible.into_iter().flat_map(|item| expand_single_table(item, 0, loc)).collect())
    }

    /// `(row).*` (`ExpandRowReference`).
    fn expand_row_reference(&mut self, expr: Expr) -> Exec<Expanded> {
        let attributes = match &expr {
            Expr::Var(var) if var.varattno == 0 => {
                let item = self.ns_item_by_position(var.varno, var.levels_up)?;
                return Ok(expand_single_table(&item, var.levels_up, var.at.0));
            }
            Expr::Var(var) if var.ty.oid == t::RECORD => self.expand_record_variable(var)?,
            other => self.get_expr_result_tupdesc(other)?,
        };
        let mut result = Vec::with_capacity(attributes.len());
        for (index, attribute) in attributes.into_iter().enumerate() {
            if attribute.dropped {
                continue;
            }
            let select = FieldSelect {
                arg: expr.clone(),
                field: i16::try_from(index + 1).unwrap_or(i16::MAX),
                ty: attribute.ty,
                collation: attribute.collation,
            };
            result.push((Expr::FieldSelect(Box::new(select)), attribute.name));
        }
        Ok(result)
    }

    /// Literals that nothing has decided the type of become text (`resolveTargetListUnknowns`).
    pub(super) fn resolve_target_list_unknowns(&mut self, list: &mut [TargetEntry]) -> Exec {
        for target in list {
            self.unknown_to_text(target)?;
        }
        Ok(())
    }

    /// A target of unknown type becomes text; its type then.
    pub(super) fn unknown_to_text(&mut self, target: &mut TargetEntry) -> Exec<Oid> {
        let ty = target.expr.ty(self.catalog()).oid;
        if ty != t::UNKNOWN {
            return Ok(ty);
        }
        let expr = std::mem::replace(&mut target.expr, Expr::null(TypeRef::plain(t::UNKNOWN), Oid::INVALID));
        target.expr = self.coerce_type(expr, t::UNKNOWN, t::TEXT, -1, Coercion::IMPLICIT)?;
        Ok(t::TEXT)
    }

    /// Notes of which columns of relations targets are (`markTargetListOrigins`).
    pub(super) fn mark_target_list_origins(&mut self, list: &mut [TargetEntry]) {
        for target in list {
            if let Expr::Var(var) = &target.expr {
                (target.orig_table, target.orig_column) = self.origin(var).unwrap_or((Oid::INVALID, 0));
            }
        }
    }

    /// `markTargetListOrigin`
    fn origin(&self, var: &Var) -> Option<(Oid, i16)> {
        let rte = self.rte_at(var.varno, var.levels_up)?;
        match &rte.kind {
            RteKind::Relation { relation, .. } => Some((*relation, var.varattno)),
            RteKind::Subquery(query) => {
                target_by_resno(query, var.varattno).map(|target| (target.orig_table, target.orig_column))
            }
            RteKind::Join(join) => {
                // Variables of joins with aliases are those of tables in PostgreSQL.
                let index = super::missing::attr_index(var.varattno)?;
                let Expr::Var(inner) = join.alias_vars.get(index)? else { return None };
                let inner = Var { levels_up: var.levels_up, ..(**inner).clone() };
                self.origin(&inner)
            }
            RteKind::Cte { name, levels_up, self_reference: false, .. } => {
                let state = self.level(levels_up + var.levels_up)?;
                let cte = state.ctes.iter().find(|cte| cte.name == *name)?;
                target_by_resno(&cte.query, var.varattno).map(|target| (target.orig_table, target.orig_column))
            }
            RteKind::Cte { .. }
            | RteKind::Function { .. }
            | RteKind::TableFunc(_)
            | RteKind::Values { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => None,
        }
    }

    /// The columns that an INSERT fills: those that are listed, or all; with their numbers (`checkInsertTargets`).
    pub(super) fn check_insert_targets(&mut self, columns: &[Target]) -> Exec<Vec<(Target, i16)>> {
        let Some(relation) = self.state().target_columns.clone() else {
            return Err(super::relation::internal("target"));
        };
        if columns.is_empty() {
            let all = relation.attributes.iter().enumerate().filter(|(_, a)| !a.dropped);
            return Ok(all
                .map(|(index, a)| {
                    let target =
                        Target { name: Some(a.name.clone()), indirection: Vec::new(), value: None, loc: Loc::NONE };
                    (target, i16::try_from(index + 1).unwrap_or(i16::MAX))
                })
                .collect());
        }
        let (mut whole, mut partial): (Vec<i16>, Vec<i16>) = (Vec::new(), Vec::new());
        let mut result = Vec::with_capacity(columns.len());
        for column in columns {
            let name = column.name.clone().unwrap_or_default();
            let Some(attnum) = relation.attnum(&name) else {
                return Err(self.missing_target_column(&name, column.loc));
            };
            let plain = column.indirection.is_empty();
            if whole.contains(&attnum) || plain && partial.contains(&attnum) {
                return Err(SqlError::new("42701", format!("column \"{name}\" specified more than once"))
                    .at(column.loc)
                    .into());
            }
            if plain {
                whole.push(attnum)
            } else {
                partial.push(attnum)
            }
            result.push((column.clone(), attnum));
        }
        Ok(result)
    }
}

/// `ExpandSingleTable`
fn expand_single_table(item: &NsItem, levels_up: u32, loc: Loc) -> Expanded {
    let vars = ns_item_vars(item, levels_up, loc).into_iter();
    vars.map(|(var, name)| (Expr::Var(Box::new(var)), name)).collect()
}

/// DEFAULT, before the column is known.
pub(super) fn set_to_default(loc: Loc) -> Expr {
    Expr::SetToDefault(Box::new(SetToDefault {
        ty: TypeRef::plain(Oid::INVALID),
        collation: Oid::INVALID,
        at: At(loc),
    }))
}
