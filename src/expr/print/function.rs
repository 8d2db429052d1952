//! Calls of functions, and definitions of functions.

use super::{Printer, Writer, quote_literal};
use crate::catalog::{Binding, Catalog, Function, FunctionBody, FunctionKind, Object, Oid, Param, TypeRef, type_oid};
use crate::expr::infer::column_name;
use crate::sql::ast::*;

impl Writer<'_> {
    /// `ruleutils.c: get_func_expr`, `get_agg_expr`, `get_windowfunc_expr`
    pub(super) fn call(&mut self, call: &FuncCall) {
        if call.sql_syntax && self.sql_syntax(call) {
            return;
        }
        self.function_name(&call.name);
        self.push("(");
        if call.distinct {
            self.push("DISTINCT ");
        }
        if call.star {
            self.push("*");
        }
        let last = call.args.len().saturating_sub(1);
        self.list(call.args.iter().enumerate(), |w, (i, arg)| {
            if call.variadic && i == last {
                w.push("VARIADIC ");
            }
            if let Some(name) = &arg.name {
                w.ident(name);
                w.push(" => ");
            }
            w.expr(&arg.value);
        });
        if !call.order_by.is_empty() {
            self.push(if call.within_group { ") WITHIN GROUP (ORDER BY " } else { " ORDER BY " });
            self.sort_list(&call.order_by, None);
        }
        self.push(")");
        if let Some(filter) = &call.filter {
            self.push(" FILTER (WHERE ");
            self.expr(filter);
            self.push(")");
        }
        if let Some(over) = &call.over {
            self.push(" OVER ");
            match &over.name {
                Some(name) => self.ident(name),
                None => self.window_spec(over),
            }
        }
    }

    pub(super) fn function_name(&mut self, name: &QualifiedName) {
        let function = match (self.stored, self.binding(name.loc)) {
            (Some(stored), Some(Binding::Object(Object::Function(oid)))) => {
                stored.catalog.function(oid).map(|f| function_name(stored.catalog, f, stored.path))
            }
            _ => None,
        };
        match function {
            Some(current) => self.push(&current),
            None => self.qualified_name(name),
        }
    }

    /// Calls that the standard gives a syntax of its own (`ruleutils.c: get_func_sql_syntax`). Without one, false.
    fn sql_syntax(&mut self, call: &FuncCall) -> bool {
        let args: Vec<&Expr> = call.args.iter().map(|a| &a.value).collect();
        match (call.name.name.as_str(), args.as_slice()) {
            ("timezone", [zone, time]) => {
                self.push("(");
                self.expr(time);
                self.push(" AT TIME ZONE ");
                self.expr(zone);
                self.push(")");
            }
            ("timezone", [time]) => {
                self.push("(");
                self.expr(time);
                self.push(" AT LOCAL)");
            }
            ("overlaps", [a, b, c, d]) => {
                for (i, e) in [a, b, c, d].into_iter().enumerate() {
                    self.push(["((", ", ", ") OVERLAPS (", ", "][i]);
                    self.expr(e);
                }
                self.push("))");
            }
            ("extract", [Expr { kind: ExprKind::Literal(Literal::String(field)), .. }, source]) => {
                self.push("EXTRACT(");
                // The grammar takes a word or a string here.
                if self.is_stored() {
                    self.push(field)
                } else {
                    self.ident(field)
                }
                self.push(" FROM ");
                self.expr(source);
                self.push(")");
            }
            ("is_normalized", [text, form @ ..]) => {
                self.push("(");
                self.expr(text);
                self.push(" IS");
                self.normal_form(form, " ");
                self.push(" NORMALIZED)");
            }
            ("pg_collation_for", [value]) => self.around("COLLATION FOR (", value, ")"),
            ("normalize", [text, form @ ..]) => {
                self.push("NORMALIZE(");
                self.expr(text);
                self.normal_form(form, ", ");
                self.push(")");
            }
            ("overlay", [text, new, from, count @ ..]) => {
                self.around("OVERLAY(", text, " PLACING ");
                self.around("", new, " FROM ");
                self.expr(from);
                if let [count] = count {
                    self.around(" FOR ", count, "");
                }
                self.push(")");
            }
            // The arguments come in the other order.
            ("position", [text, part]) => {
                self.around("POSITION((", part, ") IN (");
                self.around("", text, "))");
            }
            ("substring", [text, from, count @ ..]) => {
                self.around("SUBSTRING(", text, " FROM ");
                self.expr(from);
                if let [count] = count {
                    self.around(" FOR ", count, "");
                }
                self.push(")");
            }
            ("btrim", args) => self.trim("BOTH", args),
            ("ltrim", args) => self.trim("LEADING", args),
            ("rtrim", args) => self.trim("TRAILING", args),
            ("system_user", []) => self.push("SYSTEM_USER"),
            _ => return false,
        }
        true
    }

    fn around(&mut self, before: &str, expr: &Expr, after: &str) {
        self.push(before);
        self.expr(expr);
        self.push(after);
    }

    fn normal_form(&mut self, form: &[&Expr], separator: &str) {
        if let [Expr { kind: ExprKind::Literal(Literal::String(form)), .. }] = form {
            self.push(separator);
            self.push(form);
        }
    }

    fn trim(&mut self, side: &str, args: &[&Expr]) {
        self.push("TRIM(");
        self.push(side);
        // The characters come last, but the syntax has them first.
        if let [_, characters] = args {
            self.around(" ", characters, "");
        }
        if let Some(text) = args.first() {
            self.around(" FROM ", text, "");
        }
        self.push(")");
    }

    /// The names of the columns of functions in FROM (`parse_relation.c: addRangeTableEntryForFunction`); nothing if
    /// they are not known.
    pub(super) fn function_columns(
        &self,
        functions: &[TableFunction],
        alias: Option<&Alias>,
        defined: &[ColumnSpec],
        ordinality: bool,
    ) -> Option<Vec<Name>> {
        let mut columns = Vec::new();
        for function in functions {
            let specs = if function.columns.is_empty() { defined } else { &function.columns };
            if !specs.is_empty() {
                columns.extend(specs.iter().map(|c| c.name.clone()));
                continue;
            }
            match self.result_columns(&function.call)? {
                Some(names) => columns.extend(names),
                None => {
                    let own_name = column_name(&function.call);
                    columns.push(match alias {
                        Some(alias) if functions.len() == 1 => alias.name.clone(),
                        _ => own_name,
                    });
                }
            }
        }
        if ordinality {
            columns.push("ordinality".into());
        }
        for (column, name) in columns.iter_mut().zip(alias.into_iter().flat_map(|a| &a.columns)) {
            *column = name.clone();
        }
        Some(columns)
    }

    /// The names that the function itself gives to the columns of its result: nothing inside for a scalar without a
    /// name, nothing at all if that is not known.
    fn result_columns(&self, call: &Expr) -> Option<Option<Vec<Name>>> {
        let ExprKind::Func(call) = &call.kind else { return Some(None) };
        let out = |names: Vec<Option<Name>>| {
            let named = names.iter().any(Option::is_some);
            let several = names.len() > 1;
            let name = |(i, n): (usize, Option<Name>)| n.unwrap_or_else(|| ecow::eco_format!("column{}", i + 1));
            (named || several).then(|| names.into_iter().enumerate().map(name).collect())
        };
        let is_out = |mode| matches!(mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table);
        match (self.stored, self.binding(call.name.loc)) {
            (Some(stored), Some(Binding::Object(Object::Function(oid)))) => {
                let function = stored.catalog.function(oid)?;
                let names: Vec<_> = function.params.iter().filter(|p| is_out(p.mode)).map(|p| p.name.clone()).collect();
                if !names.is_empty() {
                    return Some(out(names));
                }
                let row = stored.catalog.type_(function.returns?.oid).map(|t| &t.kind);
                match row {
                    Some(crate::catalog::TypeKind::Composite(relation)) => {
                        let relation = stored.catalog.relation(*relation)?;
                        Some(Some(relation.live_columns().map(|c| c.name.clone()).collect()))
                    }
                    _ => Some(None),
                }
            }
            _ => {
                let function = self
                    .builtins
                    .functions_named(&call.name.name)
                    .find(|f| f.args.iter().filter(|a| a.is_input()).count() == call.args.len())?;
                let names: Vec<_> =
                    function.args.iter().filter(|a| is_out(a.mode)).map(|a| a.name.map(Name::from)).collect();
                let is_row = self.builtins.type_by_oid(function.returns).is_some_and(|t| t.typtype == 'c');
                match is_row {
                    true => None,
                    false => Some(out(names)),
                }
            }
        }
    }
}

/// The name of a function, with its schema unless a call with its argument types would find it along `path`
/// (`ruleutils.c: generate_function_name`).
pub(super) fn function_name(catalog: &Catalog, function: &Function, path: &[Oid]) -> String {
    let mut candidates = catalog.find_functions(path, &function.name);
    let first = candidates.find(|f| f.input_types().eq(function.input_types()));
    let hidden = catalog.builtins().functions_named(&function.name).any(|f| f.input_types().eq(function.input_types()));
    catalog.qualified(function.schema, &function.name, !hidden && first.is_some_and(|f| f.oid == function.oid))
}

/// The statement that makes a function (`pg_get_functiondef`). Aggregates have no such statement: nothing.
pub fn print_function_def(catalog: &Catalog, path: &[Oid], function: Oid) -> Option<String> {
    let function = catalog.function(function)?;
    let procedure = match function.kind {
        FunctionKind::Function | FunctionKind::Window => false,
        FunctionKind::Procedure => true,
        FunctionKind::Aggregate => return None,
    };
    let mut out = format!(
        "CREATE OR REPLACE {} {}({})\n",
        if procedure { "PROCEDURE" } else { "FUNCTION" },
        // `pg_get_functiondef` qualifies the name whatever the path is.
        catalog.qualified(function.schema, &function.name, false),
        params(catalog, path, function)
    );
    if !procedure {
        out.push_str(&format!(" RETURNS {}\n", result(catalog, path, function)));
    }
    out.push_str(&format!(" LANGUAGE {}\n", catalog.quote_identifier(&function.language)));
    let options = options(function);
    if !options.is_empty() {
        out.push_str(&format!("{options}\n"));
    }
    for (name, value) in &function.config {
        out.push_str(&format!(" SET {} TO {}\n", setting_name(catalog, name), setting_value(catalog, name, value)));
    }
    match &function.body {
        FunctionBody::Source(code, _) => {
            let mut delimiter = if procedure { "$procedure".to_owned() } else { "$function".to_owned() };
            while code.text.contains(&delimiter) {
                delimiter.push('x');
            }
            out.push_str(&format!("AS {delimiter}${}{delimiter}$\n", code.text));
        }
        FunctionBody::Sql(body) => {
            out.push_str(&sql_body(catalog, body));
            out.push('\n');
        }
        FunctionBody::Native => out.push_str("AS ''\n"),
    }
    Some(out)
}

/// The parameters in parentheses (`ruleutils.c: print_function_arguments`), with their defaults.
pub(crate) fn params(catalog: &Catalog, path: &[Oid], function: &Function) -> String {
    let printer = Printer::new(catalog, path);
    let procedure = function.kind == FunctionKind::Procedure;
    let list: Vec<String> = function
        .params
        .iter()
        .filter(|p| p.mode != ParamMode::Table)
        .map(|p| {
            let mode = match p.mode {
                ParamMode::In if procedure => "IN ",
                ParamMode::In | ParamMode::Table => "",
                ParamMode::Out => "OUT ",
                ParamMode::InOut => "INOUT ",
                ParamMode::Variadic => "VARIADIC ",
            };
            let mut text = format!("{mode}{}", named_type(catalog, path, p));
            if let Some(default) = &p.default {
                text.push_str(&format!(" DEFAULT {}", printer.stored_default(default, p.ty)));
            }
            text
        })
        .collect();
    list.join(", ")
}

fn named_type(catalog: &Catalog, path: &[Oid], param: &Param) -> String {
    // Functions do not keep type modifiers.
    let ty = catalog.format_type(TypeRef::plain(param.ty.oid), path);
    match &param.name {
        Some(name) => format!("{} {ty}", catalog.quote_identifier(name)),
        None => ty,
    }
}

/// What stands after RETURNS (`ruleutils.c: print_function_rettype`).
pub(crate) fn result(catalog: &Catalog, path: &[Oid], function: &Function) -> String {
    let columns: Vec<String> =
        function.params.iter().filter(|p| p.mode == ParamMode::Table).map(|p| named_type(catalog, path, p)).collect();
    if !columns.is_empty() {
        return format!("TABLE({})", columns.join(", "));
    }
    let outs: Vec<&Param> =
        function.params.iter().filter(|p| matches!(p.mode, ParamMode::Out | ParamMode::InOut)).collect();
    let ty = match (function.returns, outs.as_slice()) {
        (Some(ty), _) => ty.oid,
        (None, []) => type_oid::VOID,
        (None, [one]) => one.ty.oid,
        (None, _) => type_oid::RECORD,
    };
    let ty = catalog.format_type(TypeRef::plain(ty), path);
    if function.returns_set { format!("SETOF {ty}") } else { ty }
}

/// The attributes that differ from the defaults, on one line.
fn options(function: &Function) -> String {
    let mut out = String::new();
    if function.kind == FunctionKind::Window {
        out.push_str(" WINDOW");
    }
    match function.volatility {
        Volatility::Immutable => out.push_str(" IMMUTABLE"),
        Volatility::Stable => out.push_str(" STABLE"),
        Volatility::Volatile => {}
    }
    match function.parallel {
        's' => out.push_str(" PARALLEL SAFE"),
        'r' => out.push_str(" PARALLEL RESTRICTED"),
        _ => {}
    }
    if function.strict {
        out.push_str(" STRICT");
    }
    if function.security_definer {
        out.push_str(" SECURITY DEFINER");
    }
    if function.leakproof {
        out.push_str(" LEAKPROOF");
    }
    let is_number = |text: &str, default: f64| text.parse::<f64>().is_ok_and(|n| n == default);
    let default_cost = if matches!(function.language.as_str(), "internal" | "c") { 1.0 } else { 100.0 };
    if let Some(cost) = function.cost.as_deref().filter(|c| !is_number(c, default_cost)) {
        out.push_str(&format!(" COST {cost}"));
    }
    if let Some(rows) = function.rows.as_deref().filter(|r| !is_number(r, 1000.0) && !is_number(r, 0.0)) {
        out.push_str(&format!(" ROWS {rows}"));
    }
    out
}

/// The name of a parameter, whose parts are quoted apart.
pub(crate) fn setting_name(catalog: &Catalog, name: &str) -> String {
    name.split('.').map(|part| catalog.quote_identifier(part)).collect::<Vec<_>>().join(".")
}

/// The value of a parameter as SET takes it: a list of names keeps its commas outside the quotes
/// (`GUC_LIST_QUOTE`, `ruleutils.c: pg_get_functiondef`).
pub(crate) fn setting_value(catalog: &Catalog, name: &str, value: &str) -> String {
    let _ = catalog;
    let is_list = ["search_path", "local_preload_libraries", "session_preload_libraries", "temp_tablespaces"]
        .iter()
        .any(|list| name.eq_ignore_ascii_case(list));
    if !is_list {
        return quote_literal(value);
    }
    let items = split_identifiers(value);
    if items.is_empty() {
        // A list without elements prints as nothing, which SET does not take.
        return "''".to_owned();
    }
    items.iter().map(|item| quote_literal(item)).collect::<Vec<_>>().join(", ")
}

/// The elements of a list of names, without the quotes around them (`varlena.c: SplitGUCList`).
fn split_identifiers(list: &str) -> Vec<String> {
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

/// A body in SQL-standard syntax. Its names are not bound: it prints as it was written.
fn sql_body(catalog: &Catalog, body: &SqlBody) -> String {
    let mut writer = Writer::plain(catalog.builtins());
    match body {
        SqlBody::Return(expr) => {
            writer.push("RETURN ");
            writer.expr(expr);
        }
        SqlBody::Atomic(statements) => {
            writer.push("BEGIN ATOMIC\n");
            for statement in statements {
                writer.push(" ");
                writer.statement(statement);
                writer.push(";\n");
            }
            writer.push("END");
        }
    }
    writer.buf
}

#[cfg(test)]
mod tests {
    use super::split_identifiers;

    #[test]
    fn lists_of_names_are_split() {
        assert_eq!(split_identifiers("public, \"a,\"\"b\", pg_temp"), ["public", "a,\"b", "pg_temp"]);
        assert_eq!(split_identifiers("\"\""), [""]);
        assert!(split_identifiers("").is_empty());
    }
}
