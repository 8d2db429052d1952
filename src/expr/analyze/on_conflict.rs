//! ON CONFLICT (`analyze.c: transformOnConflictClause`, `parse_clause.c: transformOnConflictArbiter`).

use super::error::{display, fail};
use super::{Analyzer, ExprKind};
use crate::catalog::tree::{Expr, InferenceElem, OnConflictExpr};
use crate::catalog::{INFORMATION_SCHEMA, Oid, PG_CATALOG};
use crate::replay::{About, Exec, SqlError};
use crate::sql::ast::{self, Alias, IndexElem, IndexKey, Name, OnConflict, QualifiedName};
use crate::sql::span::Loc;

/// What finds the index: the elements, their predicate, or the constraint.
type Arbiter = (Vec<InferenceElem>, Option<Expr>, Oid);

impl Analyzer<'_> {
    /// ON CONFLICT (`transformOnConflictClause`).
    pub(super) fn transform_on_conflict_clause(&mut self, clause: &OnConflict) -> Exec<OnConflictExpr> {
        let mut excluded = None;
        if clause.update.is_some() {
            let target = self.target_relation()?;
            let alias = Alias { name: Name::from("excluded"), columns: Vec::new() };
            let item = self.add_range_table_entry_for_relation(&target, Some(alias), false, false)?;
            // It has no columns of the system.
            self.state().excluded = item.rtindex;
            excluded = Some(item);
        }
        let (arbiter, arbiter_where, constraint) = self.transform_on_conflict_arbiter(clause)?;
        let mut result = OnConflictExpr {
            update: clause.update.is_some(),
            arbiter,
            arbiter_where,
            constraint,
            set: Vec::new(),
            filter: None,
            excluded: 0,
        };
        if let (Some((set, filter)), Some(item)) = (&clause.update, excluded) {
            self.state().is_insert = false;
            self.add_ns_item_to_query(&item, false, true, true);
            result.set = self.transform_update_target_list(set)?;
            result.filter = self.transform_where_clause(filter.as_ref(), ExprKind::Where, "WHERE")?;
            result.excluded = item.rtindex;
            // RETURNING does not see it.
            self.state().namespace.pop();
        }
        Ok(result)
    }

    /// `transformOnConflictArbiter`
    fn transform_on_conflict_arbiter(&mut self, clause: &OnConflict) -> Exec<Arbiter> {
        let infer = !clause.target.is_empty() || clause.constraint.is_some();
        // `exprLocation` of the clause is the smaller of its own place and that of the inference.
        let loc = match (clause.loc.offset(), clause.target_loc.offset()) {
            (Some(_), Some(_)) => clause.loc.min(clause.target_loc),
            (Some(_), None) => clause.loc,
            (None, _) => clause.target_loc,
        };
        if clause.update.is_some() && !infer {
            let message = "ON CONFLICT DO UPDATE requires inference specification or constraint name";
            let hint = "For example, ON CONFLICT (column_name).";
            return Err(SqlError::new("42601", message).hint(hint).at(loc).into());
        }
        let target = self.target_relation()?;
        if target.schema == PG_CATALOG && target.oid.is_builtin() && target.schema != INFORMATION_SCHEMA {
            return fail("0A000", "ON CONFLICT is not supported with system catalog tables", loc);
        }
        let mut elements = Vec::new();
        for element in &clause.target {
            elements.push(self.infer_element(element, clause.target_loc)?);
        }
        let filter = match &clause.target_where {
            Some(filter) => Some(self.transform_expr(filter, ExprKind::IndexPredicate)?),
            None => None,
        };
        let constraint = match &clause.constraint {
            Some(name) => self.constraint_oid(target.oid, &target.name, name)?,
            None => Oid::INVALID,
        };
        Ok((elements, filter, constraint))
    }

    /// An element that infers an index (`resolve_unique_index_expr`).
    fn infer_element(&mut self, element: &IndexElem, loc: Loc) -> Exec<InferenceElem> {
        if element.descending.is_some() {
            return fail("42P10", "ASC/DESC is not allowed in ON CONFLICT clause", loc);
        }
        if element.nulls_first.is_some() {
            return fail("42P10", "NULLS FIRST/LAST is not allowed in ON CONFLICT clause", loc);
        }
        let expr = match &element.key {
            IndexKey::Column(column) => {
                let kind = ast::ExprKind::Column(vec![column.name.clone()]);
                self.transform_expr(&ast::Expr { kind, loc }, ExprKind::IndexExpression)?
            }
            IndexKey::Expr(expr) => self.transform_expr(expr, ExprKind::IndexExpression)?,
        };
        let collation = match &element.collation {
            Some(name) => self.lookup_collation(name, expr.loc())?,
            None => Oid::INVALID,
        };
        let opclass = match &element.opclass {
            Some(name) => self.btree_opclass(name)?,
            None => Oid::INVALID,
        };
        Ok(InferenceElem { expr, collation, opclass })
    }

    /// The operator class of that name for btree (`opclasscmds.c: get_opclass_oid`).
    fn btree_opclass(&self, name: &QualifiedName) -> Exec<Oid> {
        let schemas = match &name.schema {
            Some(schema) => vec![crate::replay::lookup::schema(self.catalog(), schema, Loc::NONE)?],
            None => self.env.path.to_vec(),
        };
        let found = schemas.into_iter().find_map(|schema| self.catalog().opclass_in(schema, "btree", &name.name));
        found.map(|class| class.oid).ok_or_else(|| {
            let message = format!("operator class \"{}\" does not exist for access method \"btree\"", display(name));
            self.undefined(SqlError::new("42704", message))
        })
    }

    /// The constraint of that name (`pg_constraint.c: get_relation_constraint_oid`).
    fn constraint_oid(&self, relation: Oid, relation_name: &Name, name: &Name) -> Exec<Oid> {
        let found = self.catalog().relation(relation);
        if let Some(constraint) = found.and_then(|relation| relation.constraint(name)) {
            return Ok(constraint.oid);
        }
        let message = format!("constraint \"{name}\" for table \"{relation_name}\" does not exist");
        let error = SqlError::new("42704", message).about(About::Part(relation_name.to_string(), name.to_string()));
        let unknown =
            found.and_then(|r| self.catalog().taint.of_relation(r.schema, &r.name, Some(r.provenance.created)));
        Err(match unknown {
            Some(unknown) => crate::replay::lookup::maybe(error, unknown),
            None => error.into(),
        })
    }
}
