//! Prints syntax trees as SQL text.
//!
//! A plain tree prints as it was written, on one line, and parses back to itself. A stored tree, whose names are bound,
//! prints as PostgreSQL prints what it stores (`ruleutils.c`: `pg_get_expr`, `pg_get_viewdef`, …): under the current
//! names of the objects, with every operator in parentheses, `IN` as `= ANY (ARRAY[…])`, and so on. What PostgreSQL adds
//! because it knows types, such as `'x'::text` for `'x'`, is not there, but for constants whose type is given.
//!
//! ```
//! use pgproof::expr::print_expr;
//! use pgproof::sql::parse_expr;
//!
//! let expr = parse_expr("a+b*2 BETWEEN 1 AND 5").unwrap();
//! assert_eq!(print_expr(&expr), "((a + (b * 2)) BETWEEN 1 AND 5)");
//! ```

mod definition;
pub(super) mod desugar;
mod dml;
mod from;
mod function;
mod in_list;
mod query;
mod scalar;
mod scope;
#[cfg(test)]
mod tests;
mod types;

pub use definition::{print_constraint_def, print_index_def, print_trigger_def, print_view_def};
pub(crate) use definition::{print_partition_bound, print_partition_key};
pub use function::print_function_def;
pub(crate) use function::{result as print_function_result, setting_name, setting_value};

use self::scope::{Cte, Scope};
use crate::catalog::builtin::{Builtins, NEWEST_VERSION};
use crate::catalog::{Binding, Catalog, Oid, Relation, StoredExpr, StoredQuery, TypeRef, quote_identifier};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// Prints with the names of a catalog.
#[derive(Clone, Copy)]
pub struct Printer<'a> {
    catalog: &'a Catalog,
    path: &'a [Oid],
    relation: Option<&'a Relation>,
    in_domain: bool,
    indent_level: i32,
}

impl<'a> Printer<'a> {
    /// A printer that qualifies the names of objects which are not found along `path`. (What is in `pg_catalog` is
    /// always found.) With an empty path every name outside `pg_catalog` is qualified, as `pg_dump` wants it.
    pub fn new(catalog: &'a Catalog, path: &'a [Oid]) -> Self {
        Printer { catalog, path, relation: None, in_domain: false, indent_level: 0 }
    }

    /// Says to which relation the expressions belong: in a sub-query its columns are qualified with its name, and
    /// another use of the relation gets an alias.
    pub fn on(self, relation: Oid) -> Self {
        Printer { relation: self.catalog.relation(relation), ..self }
    }

    /// Says that the expressions belong to a domain: its value is `VALUE`.
    pub fn in_domain(self) -> Self {
        Printer { in_domain: true, ..self }
    }

    /// New lines begin further to the right.
    fn indented(self, indent_level: i32) -> Self {
        Printer { indent_level, ..self }
    }

    /// A stored expression (`pg_get_expr`).
    pub fn stored(&self, expr: &StoredExpr) -> String {
        let mut writer = self.writer(&expr.names);
        writer.expr(&expr.ast);
        writer.buf
    }

    /// The stored default of a column or parameter of a type: a constant has the type, as the coercion that PostgreSQL
    /// does (`catalog/heap.c: cookDefault`) gives it.
    pub fn stored_default(&self, expr: &StoredExpr, ty: TypeRef) -> String {
        match types::typed_constant(self.catalog, self.path, &expr.ast, ty) {
            Some(constant) => constant,
            None => self.stored(expr),
        }
    }

    /// A stored query, without a semicolon (`pg_get_viewdef`).
    pub fn stored_query(&self, query: &StoredQuery) -> String {
        let mut writer = self.writer(&query.names);
        writer.top_query(&query.ast, None);
        writer.buf
    }

    /// The query of a view whose columns have these names.
    pub(crate) fn view_query(&self, query: &StoredQuery, columns: &[Name]) -> String {
        let mut writer = self.writer(&query.names);
        writer.top_query(&query.ast, Some(columns));
        writer.buf
    }

    /// A plain expression, as it was written.
    pub fn expr(&self, expr: &Expr) -> String {
        let mut writer = Writer::plain(self.catalog.builtins());
        writer.expr(expr);
        writer.buf
    }

    fn writer(&self, names: &'a [(Loc, Binding)]) -> Writer<'a> {
        let mut writer = Writer::plain(self.catalog.builtins());
        writer.indent = true;
        writer.indent_level = self.indent_level;
        writer.stored = Some(Stored { catalog: self.catalog, path: self.path, names, in_domain: self.in_domain });
        writer.scopes.extend(self.relation.map(Scope::of_relation));
        writer
    }
}

/// Prints an expression as it was written, on one line.
pub fn print_expr(expr: &Expr) -> String {
    let mut writer = Writer::plain(Builtins::for_version(NEWEST_VERSION));
    writer.expr(expr);
    writer.buf
}

/// Prints a query as it was written, on one line.
pub fn print_query(query: &Query) -> String {
    let mut writer = Writer::plain(Builtins::for_version(NEWEST_VERSION));
    writer.query(query, None, false);
    writer.buf
}

/// Prints a name of a type as it was written, where the grammar's own names (`pg_catalog.int4`) are SQL's (`integer`).
pub fn print_type_name(ty: &TypeName) -> String {
    let mut writer = Writer::plain(Builtins::for_version(NEWEST_VERSION));
    writer.type_name(ty);
    writer.buf
}

/// A text as a literal (`quote_literal` with `standard_conforming_strings`).
pub fn quote_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What a stored tree is printed with.
#[derive(Clone, Copy)]
struct Stored<'a> {
    catalog: &'a Catalog,
    path: &'a [Oid],
    names: &'a [(Loc, Binding)],
    in_domain: bool,
}

/// The text so far, and where in the tree it is (`ruleutils.c: deparse_context`).
struct Writer<'a> {
    buf: String,
    builtins: &'static Builtins,
    /// There for a stored tree.
    stored: Option<Stored<'a>>,
    /// Lines are broken (`PRETTYFLAG_INDENT`).
    indent: bool,
    indent_level: i32,
    /// The tables that names may refer to, those of the innermost query last.
    scopes: Vec<Scope>,
    /// The common table expressions in sight.
    ctes: Vec<Cte>,
}

/// `PRETTYINDENT_STD`
const INDENT_STD: i32 = 8;
/// `PRETTYINDENT_JOIN`
const INDENT_JOIN: i32 = 4;
/// `PRETTYINDENT_VAR`
const INDENT_VAR: i32 = 4;
/// `PRETTYINDENT_LIMIT`
const INDENT_LIMIT: i32 = 40;

impl<'a> Writer<'a> {
    fn plain(builtins: &'static Builtins) -> Self {
        Writer {
            buf: String::new(),
            builtins,
            stored: None,
            indent: false,
            indent_level: 0,
            scopes: Vec::new(),
            ctes: Vec::new(),
        }
    }

    fn push(&mut self, text: &str) {
        self.buf.push_str(text);
    }

    fn ident(&mut self, name: &str) {
        let quoted = quote_identifier(name, self.builtins);
        self.buf.push_str(&quoted);
    }

    fn idents(&mut self, names: &[Name]) {
        self.list(names, |w, name| w.ident(name));
    }

    fn literal_text(&mut self, text: &str) {
        self.buf.push_str(&quote_literal(text));
    }

    /// The items, with commas between them.
    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        for (i, it) in items.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            item(self, it);
        }
    }

    /// A keyword that begins a new line where lines are broken (`ruleutils.c: appendContextKeyword`).
    fn keyword(&mut self, text: &str, before: i32, after: i32, plus: i32) {
        if !self.indent {
            self.push(text);
            return;
        }
        self.indent_level += before;
        let kept = self.buf.trim_end_matches(' ').len();
        self.buf.truncate(kept);
        self.buf.push('\n');
        let amount = if self.indent_level < INDENT_LIMIT {
            self.indent_level.max(0) + plus
        } else {
            // Deep nesting goes to the right more slowly and begins anew at the left.
            (INDENT_LIMIT + (self.indent_level - INDENT_LIMIT) / (INDENT_STD / 2)) % INDENT_LIMIT + plus
        };
        self.buf.extend(std::iter::repeat_n(' ', amount.max(0) as usize));
        self.push(text);
        self.indent_level = (self.indent_level + after).max(0);
    }

    fn binding(&self, loc: Loc) -> Option<Binding> {
        let names = self.stored?.names;
        let at = names.binary_search_by_key(&loc, |&(l, _)| l).ok()?;
        Some(names[at].1)
    }

    fn is_stored(&self) -> bool {
        self.stored.is_some()
    }

    /// A name of an object as it was written; in a stored tree what is in `pg_catalog` needs no schema.
    fn qualified_name(&mut self, name: &QualifiedName) {
        if let Some(schema) = &name.schema
            && !(self.is_stored() && schema == "pg_catalog")
        {
            self.ident(schema);
            self.push(".");
        }
        self.ident(&name.name);
    }
}
