//! Columns, fields and parameters.

use std::rc::Rc;

use super::columns::composite_relation;
use super::context::Context;
use super::names::{column_name, relation_columns};
use super::namespace::Namespace;
use crate::catalog::tree::{Expr, Param, ParamKind, RangeTblEntry, RteKind, Var, VarReturning};
use crate::catalog::{AttrNumber, type_oid as t};
use crate::sql::ast::Name;

impl<'a> Context<'a> {
    /// The range table `levels_up` queries out.
    pub(super) fn namespace(&mut self, levels_up: u32) -> Option<Rc<Namespace<'a>>> {
        let index = self.namespaces.len().checked_sub(1 + levels_up as usize);
        let found = index.and_then(|index| self.namespaces.get(index)).cloned();
        if found.is_none() {
            self.fail("a column of a query that is not around");
        }
        found
    }

    /// A column. `levels_up` is added to its own; `top` says that `t.*` would be taken for a list of columns here. The
    /// column's name is returned, if it has one (`get_variable`).
    pub(super) fn variable(&mut self, var: &Var, levels_up: u32, top: bool) -> Option<Name> {
        let net_levels_up = var.levels_up + levels_up;
        let namespace = self.namespace(net_levels_up)?;
        let Some(rte) = namespace.rte(var.varno) else {
            self.fail("a column of a table that is not there");
            return None;
        };
        // The columns of an unnamed join are those of its sides.
        if let RteKind::Join(join) = &rte.kind
            && rte.alias.is_none()
            && let Some(Expr::Var(alias)) = usize::try_from(var.varattno - 1).ok().and_then(|i| join.alias_vars.get(i))
        {
            return self.variable(alias, net_levels_up, top);
        }
        let table = match var.returning {
            VarReturning::Default => namespace.name(var.varno).cloned(),
            VarReturning::Old => namespace.old_alias.clone(),
            VarReturning::New => namespace.new_alias.clone(),
        };
        let name: Option<Name> = match var.varattno {
            0 => None,
            number @ 1.. => {
                let columns = namespace.columns_of(var.varno);
                let known = columns.and_then(|columns| columns.names.get(number as usize - 1));
                if known.is_none() {
                    self.fail(format!("column {number} of \"{}\" is not there", rte.eref.name));
                }
                Some(known.cloned().flatten().unwrap_or_else(|| "?dropped?column?".into()))
            }
            number => super::names::system_column(number).map(Name::from),
        };
        let mut prefix = self.var_prefix || name.is_none() || var.returning != VarReturning::Default;
        if let Some(name) = &name
            && self.var_in_order_by
            && !self.in_group_by
            && !prefix
        {
            prefix = self.is_another_output_column(var, name);
        }
        if let Some(table) = &table
            && prefix
        {
            self.ident(table);
            self.push(".");
        }
        match &name {
            Some(name) => self.ident(name),
            None => {
                self.push("*");
                if top {
                    self.cast_suffix(var.ty);
                }
            }
        }
        name
    }

    /// A bare name in ORDER BY would be taken for an output column that is something else.
    fn is_another_output_column(&self, var: &Var, name: &Name) -> bool {
        let outputs = self.targets.iter().filter(|target| !target.junk);
        outputs.enumerate().any(|(i, target)| {
            let output = self.result_names.and_then(|names| names.get(i)).or(target.name.as_ref());
            output == Some(name) && !matches!(&target.expr, Expr::Var(other) if other.as_ref() == var)
        })
    }

    /// The name of a field of a composite value (`get_name_for_var_field`).
    pub(super) fn field_name(&mut self, expr: &'a Expr, field: AttrNumber, levels_up: u32) -> Name {
        if let Some(name) = self.find_field_name(expr, field, levels_up) {
            return name;
        }
        self.fail("the name of a field of a record is not known");
        Name::new()
    }

    fn find_field_name(&mut self, expr: &'a Expr, field: AttrNumber, levels_up: u32) -> Option<Name> {
        let index = usize::try_from(field).ok()?.checked_sub(1)?;
        if let Expr::RowExpr(row) = expr
            && let Some(name) = row.names.get(index)
        {
            return Some(name.clone());
        }
        let var = match expr {
            Expr::Var(var) if var.ty.oid == t::RECORD => var,
            _ => return self.result_field_name(expr, index),
        };
        let net_levels_up = var.levels_up + levels_up;
        let namespace = self.namespace(net_levels_up)?;
        let rte = namespace.rte(var.varno)?;
        if var.varattno == 0 {
            return self.rte_column_name(rte, &namespace, index);
        }
        let column = usize::try_from(var.varattno).ok()?.checked_sub(1)?;
        let defined_by = match &rte.kind {
            RteKind::Join(join) => {
                let inner = join.alias_vars.get(column)?;
                if let Expr::Var(_) = inner {
                    return self.find_field_name(inner, field, net_levels_up);
                }
                return self.result_field_name(inner, index);
            }
            RteKind::Subquery(query) => Some((query.as_ref(), net_levels_up)),
            RteKind::Cte { name, levels_up, .. } => {
                let levels_up = levels_up + net_levels_up;
                let ctes = self.namespace(levels_up)?.ctes;
                ctes.iter().find(|cte| cte.name == *name).map(|cte| (&cte.query, levels_up))
            }
            RteKind::Relation { .. }
            | RteKind::Function { .. }
            | RteKind::TableFunc(_)
            | RteKind::Values { .. }
            | RteKind::NamedTuplestore { .. }
            | RteKind::Result => None,
        };
        let (query, levels_up) = defined_by?;
        let target = query.result_targets().nth(column)?;
        if !matches!(target.expr, Expr::Var(_)) {
            return self.result_field_name(&target.expr, index);
        }
        // The column is one of the sub-query's own tables: look from inside it.
        let kept = self.namespaces.len() - levels_up as usize;
        let mut around: Vec<Rc<Namespace<'a>>> = self.namespaces[..kept].to_vec();
        around.push(Namespace::of_query(self.env, query, &around, &[]));
        let saved = std::mem::replace(&mut self.namespaces, around);
        let name = self.find_field_name(&target.expr, field, 0);
        self.namespaces = saved;
        name
    }

    /// `get_rte_attribute_name`
    fn rte_column_name(&self, rte: &RangeTblEntry, namespace: &Namespace<'_>, index: usize) -> Option<Name> {
        let alias = rte.alias.as_ref().and_then(|alias| alias.columns.get(index));
        if let Some(name) = alias {
            return Some(name.clone());
        }
        if let RteKind::Relation { relation, .. } = &rte.kind {
            return column_name(self.catalog(), *relation, AttrNumber::try_from(index + 1).ok()?);
        }
        let _ = namespace;
        rte.eref.columns.get(index).cloned()
    }

    /// The name of a column of the rows that an expression gives (`funcapi.c: get_expr_result_tupdesc`).
    fn result_field_name(&self, expr: &Expr, index: usize) -> Option<Name> {
        let ty = expr.ty(self.catalog()).oid;
        if let Some(relation) = composite_relation(self.catalog(), ty) {
            return relation_columns(self.catalog(), relation).get(index).cloned().flatten();
        }
        match expr {
            Expr::FuncExpr(call) => self.output_name(call.function, index),
            Expr::OpExpr(call) => self.output_name(call.function, index),
            Expr::RowExpr(row) => row.names.get(index).cloned().or_else(|| Some(Name::from(format!("f{}", index + 1)))),
            _ => None,
        }
    }

    /// The name of an output column of a function that returns a record (`funcapi.c: build_function_result_tupdesc_t`).
    fn output_name(&self, function: crate::catalog::Oid, index: usize) -> Option<Name> {
        let output = self.catalog().function_info(function)?.args().filter(|arg| arg.is_output()).nth(index)?;
        Some(match output.name {
            Some(name) if !name.is_empty() => name.into(),
            _ => Name::from(format!("column{}", index + 1)),
        })
    }

    /// A parameter: by its name inside the body of its function (`get_parameter`).
    pub(super) fn parameter(&mut self, param: &Param) {
        let signature = match param.kind {
            ParamKind::Extern => self.namespaces.first().and_then(|outermost| outermost.function),
            ParamKind::SubLink | ParamKind::MultiExpr => None,
        };
        let name = signature.and_then(|signature| {
            let index = (param.id as usize).checked_sub(1)?;
            Some((signature.name, signature.arg_names.get(index)?.as_ref()?))
        });
        match name {
            Some((function, name)) => {
                // With a table in sight, its name could be a column's.
                if self.namespaces.iter().any(|namespace| !namespace.names.is_empty()) {
                    self.ident(function);
                    self.push(".");
                }
                self.ident(name);
            }
            None => self.push(&format!("${}", param.id)),
        }
    }
}
