//! Functions and procedures (`pg_get_functiondef`).

use crate::catalog::tree::{Expr, Query};
use crate::catalog::{FunctionKind, Oid, parameter_name, type_oid as t};
use crate::expr::deparse::namespace::{Namespace, Signature};
use crate::expr::deparse::query::Standing;
use crate::expr::deparse::{Deparser, Pretty, quote_literal};
use crate::replay::Exec;
use crate::sql::ast::{Name, ParamMode, Volatility};

/// A function or procedure.
#[derive(Clone, Debug)]
pub struct FunctionDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub schema: Oid,
    /// What it is.
    pub kind: FunctionKind,
    /// Its parameters, the columns of RETURNS TABLE included.
    pub params: Vec<ParamDef<'a>>,
    /// How many direct arguments an ordered-set aggregate has.
    pub direct_args: Option<usize>,
    /// What it returns.
    pub returns: Oid,
    /// It returns a set.
    pub returns_set: bool,
    /// `TRANSFORM FOR TYPE`
    pub transforms: &'a [Oid],
    /// Its language.
    pub language: &'a str,
    /// `IMMUTABLE`, `STABLE`, `VOLATILE`
    pub volatility: Volatility,
    /// `PARALLEL`: `u`, `r` or `s`.
    pub parallel: char,
    /// `STRICT`
    pub strict: bool,
    /// `SECURITY DEFINER`
    pub security_definer: bool,
    /// `LEAKPROOF`
    pub leakproof: bool,
    /// `COST`, where it was given.
    pub cost: Option<f32>,
    /// `ROWS`, where it was given.
    pub rows: Option<f32>,
    /// `SUPPORT`
    pub support: Oid,
    /// `SET parameter`: name and value.
    pub config: &'a [(Name, String)],
    /// Its body.
    pub body: BodyDef<'a>,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParamDef<'a> {
    /// Its name.
    pub name: Option<&'a Name>,
    /// Its type.
    pub ty: Oid,
    /// Its mode.
    pub mode: ParamMode,
    /// Its default.
    pub default: Option<&'a Expr>,
}

/// The body of a function.
#[derive(Clone, Copy, Debug)]
pub enum BodyDef<'a> {
    /// Source text; for C the object file and the symbol.
    Source {
        /// The object file.
        file: Option<&'a str>,
        /// The text.
        text: &'a str,
    },
    /// `RETURN expression`
    Return(&'a Query),
    /// `BEGIN ATOMIC …`
    Atomic(&'a [Query]),
}

/// Parameters whose values are lists of names (`GUC_LIST_QUOTE`).
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

impl Deparser<'_> {
    /// The statement that makes a function or procedure (`pg_get_functiondef`).
    pub fn function_def(&self, function: &FunctionDef<'_>) -> Exec<String> {
        let procedure = function.kind == FunctionKind::Procedure;
        let mut out = format!(
            "CREATE OR REPLACE {} {}({})\n",
            if procedure { "PROCEDURE" } else { "FUNCTION" },
            self.catalog().qualified(function.schema, function.name, false),
            self.function_arguments(function)?
        );
        if !procedure {
            out.push_str(&format!(" RETURNS {}\n", self.function_result(function)));
        }
        if !function.transforms.is_empty() {
            let context = self.context();
            let types: Vec<String> =
                function.transforms.iter().map(|&ty| format!("FOR TYPE {}", context.format_type_be(ty))).collect();
            out.push_str(&format!(" TRANSFORM {}\n", types.join(", ")));
        }
        out.push_str(&format!(" LANGUAGE {}\n", self.ident(function.language)));
        let attributes = self.attributes(function)?;
        if !attributes.is_empty() {
            out.push_str(&format!("{attributes}\n"));
        }
        for (name, value) in function.config {
            out.push_str(&format!(" SET {} TO {}\n", self.ident(parameter_name(name)), setting_value(name, value)));
        }
        match function.body {
            BodyDef::Source { file, text } => {
                out.push_str("AS ");
                if let Some(file) = file {
                    out.push_str(&format!("{}, ", quote_literal(file)));
                }
                let mut tag = String::from(if procedure { "$procedure" } else { "$function" });
                while text.contains(&tag) {
                    tag.push('x');
                }
                out.push_str(&format!("{tag}${text}{tag}$"));
            }
            BodyDef::Return(_) | BodyDef::Atomic(_) => out.push_str(&self.sql_body(function)?),
        }
        out.push('\n');
        Ok(out)
    }

    /// The attributes that differ from the defaults, on one line.
    fn attributes(&self, function: &FunctionDef<'_>) -> Exec<String> {
        let mut out = String::new();
        if function.kind == FunctionKind::Window {
            out.push_str(" WINDOW");
        }
        out.push_str(match function.volatility {
            Volatility::Immutable => " IMMUTABLE",
            Volatility::Stable => " STABLE",
            Volatility::Volatile => "",
        });
        out.push_str(match function.parallel {
            's' => " PARALLEL SAFE",
            'r' => " PARALLEL RESTRICTED",
            _ => "",
        });
        if function.strict {
            out.push_str(" STRICT");
        }
        if function.security_definer {
            out.push_str(" SECURITY DEFINER");
        }
        if function.leakproof {
            out.push_str(" LEAKPROOF");
        }
        let usual_cost = if matches!(function.language, "internal" | "c") { 1.0 } else { 100.0 };
        if let Some(cost) = function.cost.filter(|&cost| cost != usual_cost) {
            out.push_str(&format!(" COST {}", general(cost)));
        }
        if let Some(rows) = function.rows.filter(|&rows| rows > 0.0 && rows != 1000.0) {
            out.push_str(&format!(" ROWS {}", general(rows)));
        }
        if function.support != Oid::INVALID {
            let mut context = self.context();
            let name = context.generate_function_name(function.support, &[], &[t::INTERNAL], false);
            context.push(&name);
            out.push_str(&format!(" SUPPORT {}", context.finish()?));
        }
        Ok(out)
    }

    /// The parameters with their defaults (`pg_get_function_arguments`).
    pub fn function_arguments(&self, function: &FunctionDef<'_>) -> Exec<String> {
        self.arguments(function, false, true)
    }

    /// The parameters without defaults (`pg_get_function_identity_arguments`).
    pub fn function_identity_arguments(&self, function: &FunctionDef<'_>) -> Exec<String> {
        self.arguments(function, false, false)
    }

    /// The default of a parameter (`pg_get_function_arg_default`).
    pub fn function_default(&self, default: &Expr) -> Exec<String> {
        self.clone().pretty(Pretty::NONE).expr(default, None)
    }

    /// What stands after RETURNS (`pg_get_function_result`).
    pub fn function_result(&self, function: &FunctionDef<'_>) -> String {
        let columns = match function.returns_set {
            // Without defaults nothing can fail.
            true => self.arguments(function, true, false).unwrap_or_default(),
            false => String::new(),
        };
        let ty = || self.context().format_type_be(function.returns);
        match (columns.is_empty(), function.returns_set) {
            (false, _) => format!("TABLE({columns})"),
            (true, true) => format!("SETOF {}", ty()),
            (true, false) => ty(),
        }
    }

    /// `print_function_arguments`
    fn arguments(&self, function: &FunctionDef<'_>, table: bool, defaults: bool) -> Exec<String> {
        let procedure = function.kind == FunctionKind::Procedure;
        let context = self.context();
        let mut out = String::new();
        let shown: Vec<&ParamDef<'_>> =
            function.params.iter().filter(|param| (param.mode == ParamMode::Table) == table).collect();
        // A hypothetical-set aggregate shows its last argument on both sides of ORDER BY.
        let twice = function.direct_args.filter(|&direct| direct == shown.len()).and(shown.last().copied());
        let original = shown.len();
        for (i, param) in shown.into_iter().chain(twice).enumerate() {
            if function.direct_args == Some(i) {
                out.push_str(if i > 0 { " ORDER BY " } else { "ORDER BY " });
            } else if i > 0 {
                out.push_str(", ");
            }
            out.push_str(match param.mode {
                ParamMode::In if procedure => "IN ",
                ParamMode::In | ParamMode::Table => "",
                ParamMode::Out => "OUT ",
                ParamMode::InOut => "INOUT ",
                ParamMode::Variadic => "VARIADIC ",
            });
            if let Some(name) = param.name.filter(|name| !name.is_empty()) {
                out.push_str(&format!("{} ", self.ident(name)));
            }
            out.push_str(&context.format_type_be(param.ty));
            if let Some(default) = param.default.filter(|_| defaults && i < original) {
                out.push_str(&format!(" DEFAULT {}", self.function_default(default)?));
            }
        }
        Ok(out)
    }

    /// A body in SQL-standard syntax (`pg_get_function_sqlbody`); empty if the body is source text.
    pub fn sql_body(&self, function: &FunctionDef<'_>) -> Exec<String> {
        // Where one parameter has a name, those without one have an empty one.
        let named = function.params.iter().any(|param| param.name.is_some_and(|name| !name.is_empty()));
        let name = |param: &ParamDef<'_>| named.then(|| param.name.cloned().unwrap_or_default());
        let arg_names: Vec<Option<Name>> = function.params.iter().map(name).collect();
        let signature = Signature { name: function.name, arg_names: &arg_names };
        match function.body {
            BodyDef::Source { .. } => Ok(String::new()),
            BodyDef::Return(query) => {
                let deparser = self.clone().pretty(Pretty::NONE).wrap_column(0);
                let mut context = deparser.context();
                context.namespaces.push(Namespace::of_function(signature));
                context.standing_query(query, None, false, 0, Standing::Return);
                context.finish()
            }
            BodyDef::Atomic(statements) => {
                let deparser = self.clone().pretty(Pretty::PLAIN).wrap_column(0);
                let mut context = deparser.context();
                context.namespaces.push(Namespace::of_function(signature));
                context.push("BEGIN ATOMIC\n");
                for statement in statements {
                    context.standing_query(statement, None, false, 1, Standing::Plain);
                    context.push(";\n");
                }
                context.push("END");
                context.finish()
            }
        }
    }
}

/// The name of a parameter, whose parts are quoted apart.
pub(crate) fn setting_name(catalog: &crate::catalog::Catalog, name: &str) -> String {
    name.split('.').map(|part| catalog.quote_identifier(part)).collect::<Vec<_>>().join(".")
}

/// The value of a parameter as SET takes it: a list of names keeps its commas outside the quotes.
pub(crate) fn setting_value(name: &str, value: &str) -> String {
    if !LISTS.iter().any(|list| name.eq_ignore_ascii_case(list)) {
        return quote_literal(value);
    }
    split_list(value).iter().map(|item| quote_literal(item)).collect::<Vec<_>>().join(", ")
}

/// The elements of a list of names, without the quotes around them (`varlena.c: SplitGUCList`).
fn split_list(list: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut chars = list.trim().chars().peekable();
    while chars.peek().is_some() {
        let mut item = String::new();
        if chars.next_if_eq(&'"').is_some() {
            while let Some(c) = chars.next() {
                if c != '"' || chars.next_if_eq(&'"').is_some() {
                    item.push(c);
                } else {
                    break;
                }
            }
            while chars.next_if(|&c| c != ',').is_some() {}
        } else {
            while let Some(c) = chars.next_if(|&c| c != ',') {
                item.push(c);
            }
            item.truncate(item.trim_end().len());
        }
        items.push(item);
        chars.next_if_eq(&',');
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
    }
    items
}

/// C's `%g`: six significant digits, without zeros at the end.
fn general(value: f32) -> String {
    let value = f64::from(value);
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-4..6).contains(&exponent) {
        trim(&format!("{value:.*}", usize::try_from(5 - exponent).unwrap_or(0)))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(digits), exponent.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::{general, split_list};

    #[test]
    fn lists_of_names_are_split() {
        assert_eq!(split_list("public, \"a,\"\"b\", pg_temp"), ["public", "a,\"b", "pg_temp"]);
        assert_eq!(split_list("\"\""), [""]);
        assert!(split_list("").is_empty());
    }

    #[test]
    fn numbers_have_six_digits() {
        let shown = [10.0, 0.5, 1234567.0, 123456.0, 0.0001, 0.00001, 1e30].map(general);
        assert_eq!(shown, ["10", "0.5", "1.23457e+06", "123456", "0.0001", "1e-05", "1e+30"]);
    }
}
