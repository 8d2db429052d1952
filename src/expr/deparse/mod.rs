//! Typed trees to text, as PostgreSQL prints what it stores (`ruleutils.c`).
//!
//! What a server of the same version shows for the same tree comes out here, character by character: `pg_get_expr`,
//! `pg_get_viewdef`, `pg_get_constraintdef` and so on. Files and functions carry the names of PostgreSQL's functions, less
//! their `get_`.
//!
//! A [`Deparser`] is told the catalog, the search path and how pretty the text has to be. Objects that a bare name would
//! not find along the path are qualified; with an empty path that is everything outside `pg_catalog`, as `pg_dump` wants
//! it.
//!
//! A tree that cannot be printed (it means something that is not there) is opaque.

mod clause;
mod columns;
mod constant;
mod context;
mod definition;
mod dml;
mod expr;
mod from;
mod func;
mod json;
mod names;
mod namespace;
mod query;
mod record;
mod resolve;
mod simple;
mod sql_syntax;
mod sublink;
mod table_func;
#[cfg(test)]
mod tests;
mod variable;
mod xml;

pub use definition::*;
pub(crate) use definition::{setting_name, setting_value};
pub(crate) use record::function_record;
pub use resolve::{BareCall, Resolve, Visible};

use std::borrow::Cow;

use self::context::Context;
pub(crate) use self::names::system_column;
use self::namespace::Namespace;
use crate::catalog::tree::{Expr, Query};
use crate::catalog::{Catalog, Oid, PG_CATALOG};
use crate::expr::analyze::ByAnalysis;
use crate::replay::{Exec, Opaque};
use crate::sql::ast::Touches;

/// How pretty the text is (`PRETTYFLAG_…`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pretty {
    /// Parentheses only where they are needed.
    pub paren: bool,
    /// Lines are broken and indented.
    pub indent: bool,
    /// Tables are qualified only where they must be.
    pub schema: bool,
}

impl Pretty {
    /// On one line, with all parentheses: defaults of parameters.
    pub const NONE: Pretty = Pretty { paren: false, indent: false, schema: false };
    /// What the functions give that are not asked for anything: with line breaks, and all parentheses.
    pub const PLAIN: Pretty = Pretty { paren: false, indent: true, schema: false };
    /// What the functions give that are asked to be pretty.
    pub const PRETTY: Pretty = Pretty { paren: true, indent: true, schema: true };

    /// `GET_PRETTY_FLAGS`
    pub const fn flags(pretty: bool) -> Pretty {
        if pretty { Pretty::PRETTY } else { Pretty::PLAIN }
    }

    /// Any flag is set.
    fn any(self) -> bool {
        self.paren || self.indent || self.schema
    }
}

/// Prints trees under the names that objects have now.
#[derive(Clone)]
pub struct Deparser<'a> {
    env: Env<'a>,
    pretty: Pretty,
    wrap_column: i32,
}

/// What printing looks at besides the tree.
#[derive(Clone)]
struct Env<'a> {
    catalog: &'a Catalog,
    /// The search path, `pg_catalog` in its place.
    path: Cow<'a, [Oid]>,
    resolve: &'a dyn Resolve,
}

impl<'a> Deparser<'a> {
    /// Prints as `pg_get_expr(…)` and its like do that are not asked to be pretty. `pg_catalog` is searched first if it is
    /// not in the path.
    pub fn new(catalog: &'a Catalog, path: impl Into<Cow<'a, [Oid]>>) -> Deparser<'a> {
        let path = path.into();
        let path = if path.contains(&PG_CATALOG) {
            path
        } else {
            Cow::Owned(std::iter::once(PG_CATALOG).chain(path.iter().copied()).collect())
        };
        Deparser { env: Env { catalog, path, resolve: &ByAnalysis }, pretty: Pretty::PLAIN, wrap_column: 0 }
    }

    /// Asks this whether a bare name finds a function or operator.
    pub fn resolving(mut self, resolve: &'a dyn Resolve) -> Self {
        self.env.resolve = resolve;
        self
    }

    /// Sets how pretty the text is.
    pub fn pretty(self, pretty: Pretty) -> Self {
        Deparser { pretty, ..self }
    }

    /// Sets how long a line of a select list or of FROM may be: 0 for one item a line, less than 0 for no limit.
    pub fn wrap_column(self, wrap_column: i32) -> Self {
        Deparser { wrap_column, ..self }
    }

    /// An expression over one relation, or over none (`pg_get_expr`).
    pub fn expr(&self, expr: &Expr, relation: Option<Oid>) -> Exec<String> {
        self.expr_with_prefix(expr, relation, false)
    }

    /// An expression whose columns are qualified with the relation's name (`deparse_expression` with `forceprefix`).
    pub fn expr_with_prefix(&self, expr: &Expr, relation: Option<Oid>, prefix: bool) -> Exec<String> {
        let rtable = relation.map(|relation| [namespace::relation_rte(self.env.catalog, relation)]);
        let mut context = self.context();
        if let Some(rtable) = &rtable {
            context.namespaces.push(Namespace::simple(&self.env, rtable));
        }
        context.var_prefix = prefix;
        // Where there is no line width, as `deparse_expression_pretty` has it.
        context.wrap_column = 0;
        context.rule_expr(expr, false);
        context.finish()
    }

    /// A query (`pg_get_querydef`).
    pub fn query(&self, query: &Query) -> Exec<String> {
        let mut context = self.context();
        context.query_def(query, None, true, 0);
        context.finish()
    }

    /// The name of a relation, qualified where it must be (`regclass`).
    pub fn relation_name(&self, relation: Oid) -> String {
        self.context().generate_relation_name(relation, false)
    }

    fn context<'t>(&'t self) -> Context<'t> {
        Context::new(&self.env, self.pretty, self.wrap_column)
    }

    /// The catalog.
    fn catalog(&self) -> &'a Catalog {
        self.env.catalog
    }

    /// A name, quoted where it must be.
    fn ident(&self, name: &str) -> String {
        self.env.catalog.quote_identifier(name).into_owned()
    }
}

/// A text as a literal (`simple_quote_literal` with `standard_conforming_strings`).
pub fn quote_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn opaque(reason: impl Into<String>) -> crate::replay::Stop {
    Opaque::new(reason, Touches::Nothing).into()
}
