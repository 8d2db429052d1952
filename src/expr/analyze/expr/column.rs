//! Columns, whole rows, parameters (`parse_expr.c: transformColumnRef`).

use super::super::error::{fail, unknown};
use super::super::state::Variable;
use super::super::{Analyzer, Exec, ExprKind};
use crate::catalog::tree::{CurrentOfExpr, Expr, Param, ParamKind};
use crate::catalog::type_oid as t;
use crate::sql::ast::Name;
use crate::sql::span::Loc;

/// Why a name is not found.
enum Missing {
    Column,
    Entry,
    TooMany,
}

impl Analyzer<'_> {
    /// A name of one to four parts, with `star` a whole row.
    pub(super) fn transform_column_ref(&mut self, names: &[Name], star: bool, loc: Loc) -> Exec<Expr> {
        match self.expr_kind() {
            ExprKind::ColumnDefault => {
                return fail("0A000", "cannot use column reference in DEFAULT expression", loc);
            }
            ExprKind::PartitionBound => {
                return fail("0A000", "cannot use column reference in partition bound expression", loc);
            }
            _ => {}
        }
        // `typecmds.c: replace_domain_constraint_value`
        if let ([name], false) = (names, star)
            && name == "value"
            && let Some(mut value) = self.states.first().and_then(|state| state.domain_value.clone())
        {
            if let Expr::CoerceToDomainValue(value) = &mut value {
                value.at = loc.into();
            }
            return Ok(value);
        }
        let hook_names = |star: bool| if star { &[][..] } else { names };
        if let Some(variable) = self.variable(hook_names(star), loc, true)? {
            return Ok(variable);
        }
        if names.len() + usize::from(star) == 4 {
            // The name of the database is not known: with that of another, it is an error.
            return super::super::error::at(loc, Err(unknown("a column is qualified by a database")));
        }
        let mut missing = Missing::Column;
        let (schema, table, column): (Option<&Name>, Option<&Name>, Option<&Name>) = match (names, star) {
            ([column], false) => (None, None, Some(column)),
            ([table], true) => (None, Some(table), None),
            ([table, column], false) => (None, Some(table), Some(column)),
            ([schema, table], true) => (Some(schema), Some(table), None),
            ([schema, table, column], false) => (Some(schema), Some(table), Some(column)),
            _ => {
                missing = Missing::TooMany;
                (None, None, None)
            }
        };
        let mut node = None;
        match (table, column) {
            _ if matches!(missing, Missing::TooMany) => {}
            (None, Some(column)) => {
                node = self.col_name_to_var(column, loc, false)?;
                if node.is_none()
                    && let Some((item, levels_up)) = self.refname_namespace_item(None, column, loc)?
                {
                    node = Some(self.transform_whole_row_ref(&item, levels_up, loc)?);
                }
            }
            (Some(table), column) => match self.refname_namespace_item(schema, table, loc)? {
                None => missing = Missing::Entry,
                Some((item, levels_up)) => match column {
                    None => node = Some(self.transform_whole_row_ref(&item, levels_up, loc)?),
                    Some(column) => {
                        node = self.scan_ns_item_for_column(&item, levels_up, column, loc)?;
                        if node.is_none() {
                            // It may be a function of the whole row.
                            let row = self.transform_whole_row_ref(&item, levels_up, loc)?;
                            let last_srf = self.last_srf();
                            node = self.parse_column_or_func(column, row, last_srf, loc)?.ok();
                        }
                    }
                },
            },
            (None, None) => {}
        }
        match node {
            Some(node) => {
                if self.env.variables.is_some_and(|v| v.conflicts_with_columns())
                    && self.variable(hook_names(star), loc, false)?.is_some()
                {
                    let error = crate::replay::SqlError::new(
                        "42702",
                        format!("column reference \"{}\" is ambiguous", joined(names, star)),
                    );
                    let detail = "It could refer to either a PL/pgSQL variable or a table column.";
                    return Err(error.detail(detail).at(loc).into());
                }
                return Ok(node);
            }
            None => {
                if let Some(variable) = self.variable(hook_names(star), loc, false)? {
                    return Ok(variable);
                }
            }
        }
        match missing {
            Missing::Column => {
                let Some(name) = column else { return Err(unknown("a column without a name")) };
                Err(self.error_missing_column(table, name, loc))
            }
            Missing::Entry => {
                let Some(table) = table else { return Err(unknown("a table without a name")) };
                Err(self.error_missing_rte(schema, table, loc))
            }
            Missing::TooMany => {
                let name = joined(names, star);
                fail("42601", format!("improper qualified name (too many dotted names): {name}"), loc)
            }
        }
    }

    /// A variable of the code around, where there is one of that name.
    fn variable(&mut self, names: &[Name], loc: Loc, before: bool) -> Exec<Option<Expr>> {
        if names.is_empty() {
            return Ok(None);
        }
        let Some(variables) = self.env.variables else { return Ok(None) };
        match variables.name(names, loc, before)? {
            None => Ok(None),
            // `functions.c: sql_fn_post_column_ref` leaves a field that is none to the caller.
            Some(variable) if !before && !variables.conflicts_with_columns() => {
                Ok(self.fields_of(&variable, loc)?.ok())
            }
            Some(variable) => self.variable_expr(&variable, loc).map(Some),
        }
    }

    /// A variable and the fields of it that are meant.
    pub(in super::super) fn variable_expr(&mut self, variable: &Variable, loc: Loc) -> Exec<Expr> {
        match self.fields_of(variable, loc)? {
            Ok(expr) => Ok(expr),
            Err((row, field)) => Err(self.unknown_attribute(&row, field, loc)),
        }
    }

    /// The same; what has no such field, and the field, where there is none.
    fn fields_of<'v>(&mut self, variable: &'v Variable, loc: Loc) -> Exec<Result<Expr, (Expr, &'v Name)>> {
        let mut expr = Expr::Param(Box::new(Param {
            kind: ParamKind::Extern,
            id: variable.id,
            ty: variable.ty,
            collation: variable.collation,
            at: loc.into(),
        }));
        for field in &variable.fields {
            let last_srf = self.last_srf();
            match self.parse_column_or_func(field, expr, last_srf, loc)? {
                Ok(column) => expr = column,
                Err(row) => return Ok(Err((row, field))),
            }
        }
        Ok(Ok(expr))
    }

    /// `$1` (`parse_expr.c: transformParamRef`).
    pub(super) fn transform_param_ref(&mut self, number: u32, loc: Loc) -> Exec<Expr> {
        match self.env.variables.and_then(|variables| variables.parameter(number)) {
            Some(variable) => self.variable_expr(&variable, loc),
            None => fail("42P02", format!("there is no parameter ${number}"), loc),
        }
    }

    /// `CURRENT OF cursor` (`parse_expr.c: transformCurrentOfExpr`).
    pub(super) fn transform_current_of(&mut self, cursor: &Name) -> Exec<Expr> {
        let Some(varno) = self.state().target.as_ref().map(|target| target.rtindex) else {
            return Err(unknown("CURRENT OF without a table to change"));
        };
        let names = std::slice::from_ref(cursor);
        let mut found = self.variable(names, Loc::NONE, true)?;
        if found.is_none() {
            found = self.variable(names, Loc::NONE, false)?;
        }
        let (cursor, param) = match found {
            Some(Expr::Param(p)) if p.ty.oid == t::REFCURSOR => (None, p.id),
            _ => (Some(cursor.clone()), 0),
        };
        Ok(Expr::CurrentOfExpr(Box::new(CurrentOfExpr { varno, cursor, param })))
    }
}

fn joined(names: &[Name], star: bool) -> String {
    let mut joined = names.iter().map(Name::as_str).collect::<Vec<_>>();
    if star {
        joined.push("*");
    }
    joined.join(".")
}
