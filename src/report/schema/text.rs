//! Every text that a schema prints in PostgreSQL's words: one function for each of PostgreSQL's, with `search_path`
//! empty.
//!
//! Nothing else of `report/schema` prints what is stored, so that all of it can be held against a server's answers.
//! What cannot be printed is nothing.

use crate::catalog::{
    self, Catalog, Constraint, DomainCheck, Function, Oid, PartitionBound, PartitionKey, Relation, Rule, StoredExpr,
    Trigger, TypeRef,
};
use crate::expr::deparse::{Deparser, Pretty};
use crate::replay::Exec;

/// Prints what a catalog has stored.
#[derive(Clone)]
pub(super) struct Texts<'a> {
    catalog: &'a Catalog,
    deparser: Deparser<'a>,
}

impl<'a> Texts<'a> {
    /// Of this catalog; `pretty` is the last argument of PostgreSQL's functions.
    pub(super) fn new(catalog: &'a Catalog, pretty: bool) -> Self {
        // Temporary objects are found before everything else, whatever the path.
        let path: Vec<Oid> = catalog.schemas().filter(|s| s.is_temporary()).map(|s| s.oid).collect();
        Texts { catalog, deparser: Deparser::new(catalog, path).pretty(Pretty::flags(pretty)) }
    }

    /// `format_type`
    pub(super) fn type_name(&self, ty: TypeRef) -> Option<String> {
        Some(self.catalog.format_type(ty, &[]))
    }

    /// The type of a function's argument (`oidvectortypes`).
    pub(super) fn argument(&self, ty: Oid) -> String {
        self.catalog.format_type_be(ty, &[])
    }

    /// The name of a column's collation, if it is not its type's.
    pub(super) fn collation(&self, column: &catalog::Column) -> Option<String> {
        self.collation_name(column.collation?)
    }

    /// The same for a domain.
    pub(super) fn domain_collation(&self, domain: &catalog::Domain) -> Option<String> {
        self.collation_name(domain.collation?)
    }

    fn collation_name(&self, oid: Oid) -> Option<String> {
        let collation = self.catalog.collation_info(oid)?;
        Some(self.catalog.qualified(collation.schema, collation.name, collation.schema == catalog::PG_CATALOG))
    }

    /// `pg_get_expr` of an expression over the columns of a relation: a default, a policy's, a row filter.
    pub(super) fn expr(&self, relation: Oid, expr: &StoredExpr) -> String {
        shown(self.deparser.expr(&expr.tree, Some(relation)))
    }

    /// `pg_get_expr(typdefaultbin, 0)`
    pub(super) fn domain_default(&self, expr: &StoredExpr) -> String {
        shown(self.deparser.expr(&expr.tree, None))
    }

    /// `pg_get_constraintdef` of a table's constraint.
    pub(super) fn constraint(&self, relation: &Relation, constraint: &Constraint) -> String {
        shown(self.deparser.constraint(relation, constraint))
    }

    /// `pg_get_constraintdef` of a domain's.
    pub(super) fn domain_check(&self, check: &DomainCheck) -> String {
        shown(self.deparser.domain_check(check))
    }

    /// `pg_get_indexdef`
    pub(super) fn index(&self, index: &Relation) -> Option<String> {
        self.deparser.index(index).ok()
    }

    /// `pg_get_partkeydef`
    pub(super) fn partition_key(&self, table: &Relation, key: &PartitionKey) -> String {
        shown(self.deparser.partition_key_of(table, key))
    }

    /// The bound of a partition, as ATTACH PARTITION takes it.
    pub(super) fn partition_bound(&self, bound: &PartitionBound) -> String {
        shown(self.deparser.partition_bound_of(bound))
    }

    /// `pg_get_triggerdef`
    pub(super) fn trigger(&self, relation: &Relation, trigger: &Trigger) -> String {
        shown(self.deparser.trigger(relation, trigger))
    }

    /// `pg_get_ruledef`
    pub(super) fn rule(&self, relation: &Relation, rule: &Rule) -> String {
        shown(self.deparser.rule(relation, rule))
    }

    /// `pg_get_statisticsobjdef`
    pub(super) fn statistics(&self, statistics: &catalog::Statistics) -> String {
        shown(self.deparser.statistics(statistics))
    }

    /// `pg_get_viewdef`
    pub(super) fn view(&self, relation: &Relation) -> Option<String> {
        self.deparser.view(relation).ok()
    }

    /// `pg_get_functiondef`
    pub(super) fn function(&self, function: Oid) -> Option<String> {
        self.deparser.function(self.catalog.function(function)?).ok()
    }

    /// `pg_get_function_result`
    pub(super) fn function_result(&self, function: &Function) -> String {
        self.deparser.function_result_of(function)
    }
}

/// What is printed of a text that may not be had.
fn shown(text: Exec<String>) -> String {
    text.unwrap_or_default()
}
