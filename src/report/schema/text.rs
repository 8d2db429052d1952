//! Every text that a schema prints in PostgreSQL's words: one function for each of PostgreSQL's, with `search_path`
//! empty.
//!
//! Nothing else of `report/schema` prints what is stored, so that all of it can be held against a server's answers.

use crate::catalog::{
    self, Catalog, Constraint, DomainCheck, Function, Oid, Relation, StoredExpr, Trigger, TypeRef, type_oid,
};
use crate::expr::{
    Printer, print_constraint_def, print_function_def, print_function_result, print_index_def, print_partition_key,
    print_trigger_def, print_view_def,
};
use crate::sql::ast::PartitionBy;

/// Whether texts can be had pretty-printed.
pub const HAS_PRETTY: bool = false;

/// Prints what a catalog has stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'a> {
    catalog: &'a Catalog,
}

impl<'a> Texts<'a> {
    /// Of this catalog; `pretty` is the last argument of PostgreSQL's functions.
    pub(super) fn new(catalog: &'a Catalog, pretty: bool) -> Self {
        debug_assert!(HAS_PRETTY || !pretty, "there is no pretty printing");
        Texts { catalog }
    }

    /// `format_type`; nothing for a type that is not known.
    pub(super) fn type_name(&self, ty: TypeRef) -> Option<String> {
        (ty.oid != type_oid::UNKNOWN).then(|| self.catalog.format_type(ty, &[]))
    }

    /// The type of a function's argument (`oidvectortypes`).
    pub(super) fn argument(&self, ty: Oid) -> String {
        self.catalog.format_type_be(ty, &[])
    }

    /// The name of a column's collation, if it is not its type's.
    pub(super) fn collation(&self, column: &catalog::Column) -> Option<String> {
        column.collation.as_ref().map(|name| self.catalog.quote_identifier(name).into_owned())
    }

    /// The same for a domain.
    pub(super) fn domain_collation(&self, domain: &catalog::Domain) -> Option<String> {
        domain.collation.as_ref().map(|name| self.catalog.quote_identifier(name).into_owned())
    }

    /// `pg_get_expr` of an expression over the columns of a relation: of a policy, a row filter, a generated column.
    pub(super) fn expr(&self, relation: Oid, expr: &StoredExpr) -> String {
        Printer::new(self.catalog, &[]).on(relation).stored(expr)
    }

    /// `pg_get_expr(adbin, adrelid)`
    pub(super) fn default(&self, relation: Oid, expr: &StoredExpr, ty: TypeRef) -> String {
        Printer::new(self.catalog, &[]).on(relation).stored_default(expr, ty)
    }

    /// `pg_get_expr(typdefaultbin, 0)`
    pub(super) fn domain_default(&self, expr: &StoredExpr, base: TypeRef) -> String {
        Printer::new(self.catalog, &[]).in_domain().stored_default(expr, base)
    }

    /// `pg_get_constraintdef` of a table's constraint.
    pub(super) fn constraint(&self, relation: &Relation, constraint: &Constraint) -> String {
        print_constraint_def(self.catalog, &[], relation, constraint)
    }

    /// `pg_get_constraintdef` of a domain's.
    pub(super) fn domain_check(&self, check: &DomainCheck) -> String {
        let expr = Printer::new(self.catalog, &[]).in_domain().stored(&check.expr);
        let not_valid = if check.validated { "" } else { " NOT VALID" };
        format!("CHECK ({expr}){not_valid}")
    }

    /// `pg_get_indexdef`
    pub(super) fn index(&self, index: &Relation) -> Option<String> {
        print_index_def(self.catalog, &[], index)
    }

    /// `pg_get_partkeydef`
    pub(super) fn partition_key(&self, key: &PartitionBy) -> String {
        print_partition_key(self.catalog, key)
    }

    /// `pg_get_triggerdef`
    pub(super) fn trigger(&self, relation: &Relation, trigger: &Trigger) -> String {
        print_trigger_def(self.catalog, &[], relation, trigger)
    }

    /// `pg_get_viewdef`
    pub(super) fn view(&self, relation: &Relation) -> Option<String> {
        print_view_def(self.catalog, &[], relation)
    }

    /// `pg_get_functiondef`
    pub(super) fn function(&self, function: Oid) -> Option<String> {
        print_function_def(self.catalog, &[], function)
    }

    /// `pg_get_function_result`
    pub(super) fn function_result(&self, function: &Function) -> String {
        print_function_result(self.catalog, &[], function)
    }
}
