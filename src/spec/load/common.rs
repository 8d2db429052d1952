//! What many keys have in common.

use ecow::EcoString;

use super::Loader;
use crate::report::Severity;
use crate::spec::date::Date;
use crate::spec::exprs::{self, SqlProblem};
use crate::spec::model::{ExprText, Placed, SqlText, TypeText, Waiver};
use crate::spec::names;
use crate::sql::ast::{ExprKind, Name};
use crate::yaml::{Error, Errors, Located, Map, Node, NodeKind, Value};

/// What any requirement may carry.
#[derive(Clone)]
pub(super) struct Meta {
    pub because: Option<Name>,
    pub from: Option<Name>,
    pub severity: Severity,
    pub waiver: Option<Waiver>,
}

impl Default for Meta {
    fn default() -> Self {
        Meta { because: None, from: None, severity: Severity::Error, waiver: None }
    }
}

impl Loader<'_> {
    /// `because`, `from`, `severity`, `waive`.
    pub(super) fn meta(&self, map: &mut Map<'_>) -> Meta {
        let mut text = |key| map.optional(key).and_then(Value::name_str).map(|text| text.value);
        let (because, from) = (text("because"), text("from"));
        let severities = [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];
        let severity = map.optional("severity").and_then(|value| value.one_of(&severities));
        let waiver = map.optional("waive").and_then(|value| self.waiver(value));
        Meta { because, from, severity: severity.map_or(Severity::Error, |s| s.value), waiver }
    }

    fn waiver(&self, value: Value<'_>) -> Option<Waiver> {
        let mut map = value.map("a waiver")?;
        let reason = map.required("reason").and_then(Value::name_str);
        let until = map.required("until").and_then(date);
        let by = map.optional("by").map(Value::name_str);
        map.finish();
        let by = match by {
            Some(by) => Some(by?.value),
            None => None,
        };
        Some(Waiver { reason: reason?.value, until: until?, by, place: self.place(value.key_span()) })
    }

    /// A name, or a list of them.
    pub(super) fn names(&self, value: Value<'_>) -> Option<Vec<Name>> {
        let texts = value.string_or_list()?;
        if texts.is_empty() {
            value.error(format!("`{}` is empty", value.name()));
            return None;
        }
        let found: Vec<Name> = texts.iter().filter_map(|text| self.name(text, names::identifier)).collect();
        if let Some(twice) = found.iter().enumerate().find_map(|(i, name)| found[..i].contains(name).then_some(name)) {
            value.error(format!("`{}` names {} twice", value.name(), names::quote(twice)));
        }
        (found.len() == texts.len()).then_some(found)
    }

    /// A located text as a name.
    pub(super) fn name<T>(&self, text: &Located<EcoString>, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        read(&text.value).map_err(|message| self.errors.push(Error::new(message, text.span))).ok()
    }

    /// `true` or `false`.
    pub(super) fn switch(&self, value: Value<'_>) -> Option<Placed<bool>> {
        value.bool().map(|found| Placed { value: found.value, place: self.place(found.span) })
    }

    /// A SQL expression.
    pub(super) fn expr(&self, value: Value<'_>) -> Option<ExprText> {
        let text = value.name_str()?;
        self.expr_text(&text)
    }

    /// A SQL expression that is written here.
    pub(super) fn expr_text(&self, text: &Located<EcoString>) -> Option<ExprText> {
        match exprs::parse_expr(&text.value) {
            Ok(ast) => Some(SqlText { text: one_line(&text.value), ast, place: self.place(text.span) }),
            Err(problem) => {
                self.sql_problem("expression", text, problem);
                None
            }
        }
    }

    /// A type, or a list of types of which any will do.
    pub(super) fn types(&self, value: Value<'_>) -> Vec<TypeText> {
        let texts = value.string_or_list().unwrap_or_default();
        if texts.is_empty() && matches!(value.node().kind, NodeKind::Sequence(_)) {
            value.error(format!("`{}` is empty", value.name()));
        }
        texts.iter().filter_map(|text| self.type_text(text)).collect()
    }

    /// A type that is written here.
    pub(super) fn type_text(&self, text: &Located<EcoString>) -> Option<TypeText> {
        let help = match text.value.trim().to_ascii_lowercase().as_str() {
            "smallserial" | "serial2" => Some("smallint"),
            "serial" | "serial4" => Some("integer"),
            "bigserial" | "serial8" => Some("bigint"),
            _ => None,
        };
        if let Some(ty) = help {
            let message = format!("`{}` is no type but a short way to write a type and a default", text.value.trim());
            self.errors.push(Error::new(message, text.span).help(format!("write `{ty}`")));
            return None;
        }
        match exprs::parse_type(&text.value) {
            Ok(ast) if ast.setof => {
                self.errors.push(Error::new("a column cannot have a SETOF type", text.span));
                None
            }
            Ok(ast) => Some(SqlText { text: one_line(&text.value), ast, place: self.place(text.span) }),
            Err(problem) => {
                self.sql_problem("type", text, problem);
                None
            }
        }
    }

    fn sql_problem(&self, what: &str, text: &Located<EcoString>, problem: SqlProblem) {
        let mut error = Error::new(format!("`{}` is no SQL {what}: {}", text.value.trim(), problem.message), text.span);
        error.help = problem.help;
        self.errors.push(error);
    }

    /// A default: `null` for none.
    pub(super) fn default_expr(&self, value: Value<'_>) -> Option<ExprText> {
        let expr = self.expr(value)?;
        if let ExprKind::Column(_) = expr.ast.kind {
            value.error_with_help(
                format!("the default `{}` is the name of a column, which a default cannot use", expr.text),
                format!("for this text write \"'{}'\", with SQL's quotes inside YAML's", expr.text),
            );
            return None;
        }
        Some(expr)
    }
}

/// A value as one name.
pub(super) fn name_of<T>(value: Value<'_>, read: impl FnOnce(&str) -> Result<T, String>) -> Option<Located<T>> {
    let text = value.name_str()?;
    match read(&text.value) {
        Ok(name) => Some(Located::new(name, text.span)),
        Err(message) => {
            value.error(message);
            None
        }
    }
}

fn date(value: Value<'_>) -> Option<Date> {
    let text = value.str()?;
    let date = Date::parse(text.value.trim());
    if date.is_none() {
        value.error_with_help(
            format!("`{}` must be a day, not `{}`", value.name(), text.value),
            "write it as 2026-03-31",
        );
    }
    date
}

/// Reports keys that the language has and this version does not.
/// Returns whether there were any.
pub(super) fn not_yet(map: &mut Map<'_>, node: &Node, keys: &[&'static str], errors: &Errors) -> bool {
    let NodeKind::Mapping(entries) = &node.kind else { return false };
    let mut found = false;
    for entry in entries {
        if let Some(key) = keys.iter().find(|key| **key == entry.key.value) {
            found = true;
            map.optional(key);
            errors.push(unsupported(format!("`{key}` is not supported yet"), entry.key.span));
        }
    }
    found
}

/// The error for what the language has and this version does not.
pub(super) fn unsupported(message: impl Into<String>, span: crate::sql::span::Span) -> Error {
    Error::new(message, span).help("remove it: nothing would check it")
}

/// SQL on one line: white space outside quotes becomes a space.
fn one_line(sql: &str) -> Name {
    let mut out = EcoString::with_capacity(sql.len());
    let mut quote = None;
    for c in sql.trim().chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
                continue;
            }
            None => {}
        }
        out.push(c);
    }
    out
}
