//! The text so far and where in the tree it is (`deparse_context`).

use std::rc::Rc;

use super::namespace::Namespace;
use super::{Env, Pretty, opaque};
use crate::catalog::Catalog;
use crate::catalog::tree::{Expr, TargetEntry, WindowClause};
use crate::replay::Exec;
use crate::sql::ast::Name;

/// `PRETTYINDENT_STD`
pub(super) const INDENT_STD: i32 = 8;
/// `PRETTYINDENT_JOIN`
pub(super) const INDENT_JOIN: i32 = 4;
/// `PRETTYINDENT_VAR`
pub(super) const INDENT_VAR: i32 = 4;
/// `PRETTYINDENT_LIMIT`
const INDENT_LIMIT: i32 = 40;

/// What is handed down while a tree is printed.
pub(super) struct Context<'a> {
    pub(super) env: &'a Env<'a>,
    pub(super) buf: String,
    /// The range tables of the queries around, the outermost first.
    pub(super) namespaces: Vec<Rc<Namespace<'a>>>,
    /// The names of the view's columns, of the query at this level.
    pub(super) result_names: Option<&'a [Name]>,
    /// The select list of the query at this level.
    pub(super) targets: &'a [TargetEntry],
    /// Its windows.
    pub(super) windows: &'a [WindowClause],
    pub(super) pretty: Pretty,
    pub(super) wrap_column: i32,
    pub(super) indent_level: i32,
    /// Columns are qualified.
    pub(super) var_prefix: bool,
    /// Somebody cares about the names of the query's columns.
    pub(super) column_names_visible: bool,
    /// `cube` and `rollup` would not be functions here.
    pub(super) in_group_by: bool,
    /// A bare column here may be taken for an output column (16).
    pub(super) var_in_order_by: bool,
    /// What could not be printed.
    problem: Option<String>,
}

impl<'a> Context<'a> {
    pub(super) fn new(env: &'a Env<'a>, pretty: Pretty, wrap_column: i32) -> Context<'a> {
        Context {
            env,
            buf: String::new(),
            namespaces: Vec::new(),
            result_names: None,
            targets: &[],
            windows: &[],
            pretty,
            wrap_column,
            indent_level: 0,
            var_prefix: false,
            column_names_visible: true,
            in_group_by: false,
            var_in_order_by: false,
            problem: None,
        }
    }

    /// The text.
    pub(super) fn finish(self) -> Exec<String> {
        match self.problem {
            None => Ok(self.buf),
            Some(problem) => Err(opaque(problem)),
        }
    }

    /// Notes the first thing that cannot be printed.
    pub(super) fn fail(&mut self, problem: impl Into<String>) {
        self.problem.get_or_insert_with(|| problem.into());
    }

    pub(super) fn catalog(&self) -> &'a Catalog {
        self.env.catalog
    }

    pub(super) fn version(&self) -> u32 {
        self.env.catalog.version()
    }

    pub(super) fn push(&mut self, text: &str) {
        self.buf.push_str(text);
    }

    pub(super) fn ident(&mut self, name: &str) {
        let quoted = self.env.catalog.quote_identifier(name);
        self.buf.push_str(&quoted);
    }

    pub(super) fn literal(&mut self, text: &str) {
        self.buf.push_str(&super::quote_literal(text));
    }

    /// Names with commas between them.
    pub(super) fn idents<'n>(&mut self, names: impl IntoIterator<Item = &'n Name>) {
        self.list(names, |c, name| c.ident(name));
    }

    /// The items, with commas between them.
    pub(super) fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        for (i, it) in items.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            item(self, it);
        }
    }

    /// Expressions with commas between them (`get_rule_expr` of a list).
    pub(super) fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>, show_implicit: bool) {
        self.list(exprs, |c, expr| c.rule_expr(expr, show_implicit));
    }

    /// An opening parenthesis, unless parentheses stand only where they are needed.
    pub(super) fn open(&mut self) {
        if !self.pretty.paren {
            self.push("(");
        }
    }

    /// The closing one.
    pub(super) fn close(&mut self) {
        if !self.pretty.paren {
            self.push(")");
        }
    }

    /// A keyword that begins a new line where lines are broken (`appendContextKeyword`).
    pub(super) fn keyword(&mut self, text: &str, before: i32, after: i32, plus: i32) {
        if !self.pretty.indent {
            self.push(text);
            return;
        }
        self.indent_level += before;
        self.remove_spaces();
        self.buf.push('\n');
        let amount = if self.indent_level < INDENT_LIMIT {
            self.indent_level.max(0) + plus
        } else {
            // Deep nesting goes to the right more slowly and begins anew at the left.
            (INDENT_LIMIT + (self.indent_level - INDENT_LIMIT) / (INDENT_STD / 2)) % INDENT_LIMIT + plus
        };
        self.buf.extend(std::iter::repeat_n(' ', usize::try_from(amount).unwrap_or(0)));
        self.push(text);
        self.indent_level = (self.indent_level + after).max(0);
    }

    /// A clause of a query.
    pub(super) fn clause(&mut self, text: &str, plus: i32) {
        self.keyword(text, -INDENT_STD, INDENT_STD, plus);
    }

    /// `removeStringInfoSpaces`
    pub(super) fn remove_spaces(&mut self) {
        let kept = self.buf.trim_end_matches(' ').len();
        self.buf.truncate(kept);
    }

    /// How long the last line is, in bytes.
    pub(super) fn line_length(&self) -> usize {
        self.buf.len() - self.buf.rfind('\n').map_or(0, |at| at + 1)
    }

    /// What `f` prints, without adding it to the text.
    pub(super) fn apart<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> (String, T) {
        let saved = std::mem::take(&mut self.buf);
        let result = f(self);
        (std::mem::replace(&mut self.buf, saved), result)
    }
}
