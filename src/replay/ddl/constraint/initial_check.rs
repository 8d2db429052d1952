//! The query that looks for rows against a foreign key has to find its operators anew (`ri_triggers.c: RI_Initial_Check`).

use crate::catalog::{Constraint, ConstraintKind, Oid, PG_CATALOG, RelationKind};
use crate::replay::ddl::define::is_polymorphic;
use crate::replay::{Exec, Replay, SqlError, Stop};
use crate::sql::ast::{Name, QualifiedName};

impl Replay {
    /// The foreign keys of a table that rows have been looked at for, once a partitioned table has got it: before 18 that
    /// happens for those that are not validated, too (`CloneFkReferencing`).
    pub(in crate::replay::ddl) fn checked_foreign_keys(&self, rel: Oid) -> Vec<Oid> {
        let version = self.catalog.version();
        let constraints = self.catalog.relation(rel).map_or(&[][..], |r| &r.constraints);
        let is_checked =
            |c: &&Constraint| matches!(c.kind, ConstraintKind::ForeignKey(_)) && (c.validated || version < 18);
        constraints.iter().filter(is_checked).map(|c| c.oid).collect()
    }

    /// Operands are cast to the operator's types, which says nothing where these are polymorphic: then a type that casts
    /// implicitly to another may have several operators (`ruleutils.c: generate_operator_clause`).
    pub(in crate::replay::ddl) fn refuse_ambiguous_key(&self, rel: Oid, constraint: Oid) -> Exec {
        let Some(table) = self.catalog.relation(rel) else { return Ok(()) };
        let is_table = |oid: Oid| self.catalog.relation(oid).is_some_and(|r| matches!(r.kind, RelationKind::Table));
        let looked_at = match table.is_partitioned() {
            true => self.catalog.inheritors(rel).into_iter().any(|(oid, _)| is_table(oid)),
            false => is_table(rel),
        };
        let Some(found) = table.constraints.iter().find(|c| c.oid == constraint) else { return Ok(()) };
        let ConstraintKind::ForeignKey(key) = &found.kind else { return Ok(()) };
        let Some(referenced) = self.catalog.relation(key.table).filter(|_| looked_at && found.enforced) else {
            return Ok(());
        };
        for ((&own, &theirs), operators) in found.columns.iter().zip(&key.columns).zip(&key.operators) {
            let Some(operator) = self.catalog.operator_info(operators.pk_fk) else { continue };
            if !is_polymorphic(operator.left) || !is_polymorphic(operator.right) {
                continue;
            }
            let (Some(left), Some(right)) = (referenced.column_at(theirs), table.column_at(own)) else { continue };
            let schema = match operator.schema {
                PG_CATALOG => "pg_catalog",
                schema => self.catalog.schema_name(schema),
            };
            let name = QualifiedName::in_schema(schema, Name::from(operator.name));
            match self.analyze_operator_over(&name, left.ty.oid, right.ty.oid) {
                Err(Stop::Error(error)) if error.sqlstate.as_str() == "42725" => {
                    return Err(SqlError { loc: Default::default(), ..*error }.into());
                }
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }
}
