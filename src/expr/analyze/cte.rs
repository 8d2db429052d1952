//! WITH (`parse_cte.c`).

use super::error::fail;
use super::recursion::{check_well_formed_recursion, dependency_order};
use super::{Analyzer, ExprKind};
use crate::catalog::tree::{
    ColumnType, CommandType, CommonTableExpr, CteCycle, CteSearch, Query, SetOperation, TargetEntry,
};
use crate::catalog::{DEFAULT_COLLATION, Oid, TypeRef, type_oid as t};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{Cte, CteBody, CycleClause, Name, SearchClause, With};
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// WITH: its queries can be referred to afterwards (`transformWithClause`).
    pub(super) fn transform_with_clause(&mut self, with: &With) -> Exec {
        for (index, cte) in with.ctes.iter().enumerate() {
            if matches!(cte.body, CteBody::Merge(_)) && self.catalog().version() < 17 {
                return fail("0A000", "MERGE not supported in WITH query", cte.loc);
            }
            if let Some(again) = with.ctes[index + 1..].iter().find(|other| other.name == cte.name) {
                let message = format!("WITH query name \"{}\" specified more than once", again.name);
                return fail("42712", message, again.loc);
            }
            if !matches!(cte.body, CteBody::Query(_)) {
                self.state().has_modifying_cte = true;
            }
        }
        if with.recursive {
            let order = dependency_order(&with.ctes)?;
            check_well_formed_recursion(&order)?;
            for (cte, recursive) in &order {
                let state = self.state();
                state.ctes.push(new_cte(cte, *recursive));
                state.pending_ctes.push(cte.name.clone());
            }
            for (index, (cte, _)) in order.iter().enumerate() {
                self.analyze_cte(cte, Some(index))?;
            }
        } else {
            self.state().future_ctes = with.ctes.clone();
            for cte in &with.ctes {
                self.analyze_cte(cte, None)?;
                self.state().future_ctes.remove(0);
            }
        }
        Ok(())
    }

    /// Analyses a WITH query; one of WITH RECURSIVE is among those that can be referred to already (`analyzeCTE`).
    fn analyze_cte(&mut self, cte: &Cte, index: Option<usize>) -> Exec {
        let mut new = new_cte(cte, false);
        if let Some(cycle) = &cte.cycle {
            let cycle = self.analyze_cycle(cycle)?;
            new.cycle = Some(Box::new(cycle));
        }
        if let Some(index) = index {
            let own = &mut self.state().ctes[index];
            own.cycle = new.cycle.clone();
            new.recursive = own.recursive;
        }
        let parent = new.recursive.then(|| cte.name.clone());
        let query = match &cte.body {
            CteBody::Query(query) => self.nested(|a| {
                a.state().parent_cte = parent;
                a.transform_query(query)
            })?,
            CteBody::Insert(stmt) => self.nested(|a| a.transform_insert(stmt))?,
            CteBody::Update(stmt) => self.nested(|a| a.transform_update(stmt))?,
            CteBody::Delete(stmt) => self.nested(|a| a.transform_delete(stmt))?,
            CteBody::Merge(stmt) => self.nested(|a| a.transform_merge(stmt))?,
        };
        if query.command != CommandType::Select && self.states.len() > 1 {
            let message = "WITH clause containing a data-modifying statement must be at the top level";
            return fail("0A000", message, cte.loc);
        }
        // What the definition of the recursive query found out about itself.
        if let Some(index) = index {
            let own = &self.state().ctes[index];
            new.column_names = own.column_names.clone();
            new.columns = own.columns.clone();
            new.refcount = own.refcount;
        }
        if new.recursive {
            self.check_recursive_columns(&new, &query)?;
        } else {
            let targets: Vec<TargetEntry> = query.result_targets().cloned().collect();
            self.analyze_cte_target_list(&mut new, &targets)?;
        }
        if cte.search.is_some() || cte.cycle.is_some() {
            if !new.recursive {
                return fail("42601", "WITH query is not recursive", cte.loc);
            }
            check_sides(&query)?;
        }
        if let Some(search) = &cte.search {
            check_search(search, &new.column_names)?;
        }
        if let Some(cycle) = &cte.cycle {
            check_cycle(cycle, &new.column_names)?;
            if let Some(search) = &cte.search {
                for (column, what) in [(&cycle.mark_column, "mark"), (&cycle.path_column, "path")] {
                    if search.sequence_column == *column {
                        let message = format!("search sequence column name and cycle {what} column name are the same");
                        return fail("42601", message, search.loc);
                    }
                }
            }
        }
        new.query = query;
        let state = self.state();
        match index {
            Some(index) => {
                state.pending_ctes.retain(|name| *name != new.name);
                state.ctes[index] = new;
            }
            None => state.ctes.push(new),
        }
        Ok(())
    }

    /// CYCLE (the first part of `analyzeCTE`).
    fn analyze_cycle(&mut self, cycle: &CycleClause) -> Exec<CteCycle> {
        let value = self.transform_expr(&cycle.mark_value, ExprKind::CycleMark)?;
        let default = self.transform_expr(&cycle.mark_default, ExprKind::CycleMark)?;
        let both = [value, default];
        let ty = self.select_common_type(&both, Some("CYCLE"))?;
        let [value, default] = both;
        let value = self.coerce_to_common_type(value, ty, "CYCLE/SET/TO")?;
        let default = self.coerce_to_common_type(default, ty, "CYCLE/SET/DEFAULT")?;
        let mut both = [value, default];
        let typmod = self.select_common_typmod(&both, ty);
        let mark_collation = self.select_common_collation(&mut both, true)?;
        let [mark_value, mark_default] = both;
        let eq = self.catalog().type_operators(ty).eq;
        if eq == Oid::INVALID {
            let message = format!("could not identify an equality operator for type {}", self.format_type(ty));
            return fail("42883", message, Loc::NONE);
        }
        let mark_neop = self.catalog().negator(eq);
        if mark_neop == Oid::INVALID {
            let message = format!("could not identify an inequality operator for type {}", self.format_type(ty));
            return fail("42883", message, Loc::NONE);
        }
        Ok(CteCycle {
            columns: cycle.columns.clone(),
            mark_column: cycle.mark_column.clone(),
            mark_value,
            mark_default,
            path_column: cycle.path_column.clone(),
            mark_type: TypeRef { oid: ty, typmod },
            mark_collation,
            mark_neop,
            at: cycle.loc.into(),
        })
    }

    /// The columns of the whole must be those of the non-recursive term.
    fn check_recursive_columns(&mut self, cte: &CommonTableExpr, query: &Query) -> Exec {
        let name = &cte.name;
        let targets: Vec<&TargetEntry> = query.result_targets().collect();
        if targets.len() != cte.columns.len() {
            return Err(super::relation::internal("columns of a recursive query"));
        }
        for (index, (target, column)) in targets.into_iter().zip(&cte.columns).enumerate() {
            let number = index + 1;
            let ty = target.expr.ty(self.catalog());
            if ty != column.ty {
                let message = format!(
                    "recursive query \"{name}\" column {number} has type {} in non-recursive term but type {} overall",
                    self.format_type_with_typmod(column.ty),
                    self.format_type_with_typmod(ty)
                );
                let hint = "Cast the output of the non-recursive term to the correct type.";
                return Err(SqlError::new("42804", message).hint(hint).at(target.expr.loc()).into());
            }
            let collation = target.expr.collation();
            if collation != column.collation {
                let shown = |oid| self.catalog().collation_info(oid).map_or("(null)", |info| info.name);
                let message = format!(
                    "recursive query \"{name}\" column {number} has collation \"{}\" in non-recursive term but collation \"{}\" overall",
                    shown(column.collation),
                    shown(collation)
                );
                let hint = "Use the COLLATE clause to set the collation of the non-recursive term.";
                return Err(SqlError::new("42P21", message).hint(hint).at(target.expr.loc()).into());
            }
        }
        Ok(())
    }

    /// The columns of a WITH query (`analyzeCTETargetList`).
    pub(super) fn analyze_cte_target_list(&mut self, cte: &mut CommonTableExpr, list: &[TargetEntry]) -> Exec {
        cte.column_names = cte.aliases.clone();
        cte.columns.clear();
        let mut count = 0;
        for target in list.iter().filter(|target| !target.junk) {
            count += 1;
            if count > cte.aliases.len() {
                cte.column_names.push(target.name.clone().unwrap_or_default());
            }
            let mut ty = target.expr.ty(self.catalog());
            let mut collation = target.expr.collation();
            // The recursive term has to have a type to refer to.
            if cte.recursive && ty.oid == t::UNKNOWN {
                ty = TypeRef::plain(t::TEXT);
                if collation == Oid::INVALID {
                    collation = DEFAULT_COLLATION;
                }
            }
            cte.columns.push(ColumnType { ty, collation });
        }
        if count < cte.aliases.len() {
            let message = format!(
                "WITH query \"{}\" has {count} columns available but {} columns specified",
                cte.name,
                cte.aliases.len()
            );
            return fail("42P10", message, cte.at.0);
        }
        Ok(())
    }

    /// The columns of the recursive query whose definition is under analysis
    /// (`analyze.c: determineRecursiveColTypes`).
    pub(super) fn set_recursive_columns(&mut self, list: &[TargetEntry]) -> Exec {
        let Some(name) = self.state().parent_cte.clone() else { return Ok(()) };
        let Some(parent) = self.level_mut(1) else { return Ok(()) };
        let Some(index) = parent.ctes.iter().position(|cte| cte.name == name) else { return Ok(()) };
        let mut cte = parent.ctes[index].clone();
        self.analyze_cte_target_list(&mut cte, list)?;
        if let Some(parent) = self.level_mut(1) {
            parent.ctes[index] = cte;
        }
        Ok(())
    }
}

fn new_cte(cte: &Cte, recursive: bool) -> CommonTableExpr {
    CommonTableExpr {
        name: cte.name.clone(),
        aliases: cte.columns.clone(),
        materialized: cte.materialized,
        query: Query::new(CommandType::Select),
        search: cte.search.as_ref().map(|search| CteSearch {
            columns: search.columns.clone(),
            breadth_first: search.breadth_first,
            sequence_column: search.sequence_column.clone(),
            at: search.loc.into(),
        }),
        cycle: None,
        recursive,
        refcount: 0,
        column_names: Vec::new(),
        columns: Vec::new(),
        at: cte.loc.into(),
    }
}

/// Both sides of the UNION must be plain.
fn check_sides(query: &Query) -> Exec {
    let Some(SetOperation::Node { left, right, .. }) = query.set_operations.as_deref() else {
        return Err(super::relation::internal("UNION of a recursive query"));
    };
    if !matches!(**left, SetOperation::Leaf(_)) {
        let message = "with a SEARCH or CYCLE clause, the left side of the UNION must be a SELECT";
        return fail("0A000", message, Loc::NONE);
    }
    if !matches!(**right, SetOperation::Leaf(_)) {
        let message = "with a SEARCH or CYCLE clause, the right side of the UNION must be a SELECT";
        return fail("42601", message, Loc::NONE);
    }
    Ok(())
}

/// The columns of SEARCH or CYCLE are some of the query's, each once.
fn check_columns(columns: &[Name], own: &[Name], what: &str, loc: Loc) -> Exec {
    for (index, column) in columns.iter().enumerate() {
        if !own.contains(column) {
            return fail("42601", format!("{what} column \"{column}\" not in WITH query column list"), loc);
        }
        if columns[..index].contains(column) {
            return fail("42701", format!("{what} column \"{column}\" specified more than once"), loc);
        }
    }
    Ok(())
}

fn check_search(search: &SearchClause, own: &[Name]) -> Exec {
    check_columns(&search.columns, own, "search", search.loc)?;
    let name = &search.sequence_column;
    if own.contains(name) {
        let message = format!("search sequence column name \"{name}\" already used in WITH query column list");
        return fail("42601", message, search.loc);
    }
    Ok(())
}

fn check_cycle(cycle: &CycleClause, own: &[Name]) -> Exec {
    check_columns(&cycle.columns, own, "cycle", cycle.loc)?;
    for (name, what) in [(&cycle.mark_column, "mark"), (&cycle.path_column, "path")] {
        if own.contains(name) {
            let message = format!("cycle {what} column name \"{name}\" already used in WITH query column list");
            return fail("42601", message, cycle.loc);
        }
    }
    if cycle.mark_column == cycle.path_column {
        let message = "cycle mark column name and cycle path column name are the same";
        return fail("42601", message, cycle.loc);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, columns, error};

    #[test]
    fn a_recursive_query_has_the_columns_of_its_first_term() {
        let replay = catalog(15, "");
        assert_eq!(
            columns(&replay, "with recursive r (n) as (select 1 union all select n + 1 from r) select * from r"),
            "n integer"
        );
        assert_eq!(
            error(&replay, "with recursive r (n) as (select 1 union all select n + 1.5 from r) select * from r"),
            "42804 recursive query \"r\" column 1 has type integer in non-recursive term but type numeric overall at 32\n\
             Cast the output of the non-recursive term to the correct type."
        );
    }

    #[test]
    fn references_that_are_not_allowed() {
        let replay = catalog(15, "");
        assert_eq!(
            error(&replay, "with recursive r as (select * from r) select * from r"),
            "42P19 recursive query \"r\" does not have the form non-recursive-term UNION [ALL] recursive-term at 15"
        );
        assert_eq!(
            error(
                &replay,
                "with recursive r (n) as (select 1 union all select 1 where exists (select 1 from r)) table r"
            ),
            "42P19 recursive reference to query \"r\" must not appear within a subquery at 81"
        );
        assert_eq!(
            error(&replay, "with recursive a as (table b), b as (table a) table a"),
            "0A000 mutual recursion between WITH items is not implemented at 15"
        );
        assert_eq!(
            error(&replay, "with a as (table b), b as (select 1) table a"),
            "42P01 relation \"b\" does not exist at 17\n\
             There is a WITH item named \"b\", but it cannot be referenced from this part of the query.\n\
             Use WITH RECURSIVE, or re-order the WITH items to remove forward references."
        );
    }

    #[test]
    fn columns_of_search_and_cycle() {
        let replay = catalog(15, "");
        let text = "with recursive r (n) as (select 1 union all select n + 1 from r) \
            search depth first by n set o cycle n set c using p select * from r";
        assert_eq!(columns(&replay, text), "n integer, o record[], c boolean, p record[]");
    }
}
