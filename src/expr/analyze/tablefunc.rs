//! XMLTABLE and JSON_TABLE (`parse_clause.c: transformRangeTableFunc`, `parse_jsontable.c`).

use super::coerce::{Coercion, make_const};
use super::error::fail;
use super::expr::json::{JsonContext, JsonFuncSpec};
use super::vars::find_var_of_level;
use super::{Analyzer, ExprKind, NsItem};
use crate::catalog::tree::{CaseTestExpr, Expr, JsonExprOp, JsonTablePlan, TableFunc, TableFuncColumn};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{
    self, JsonBehaviorKind, JsonFormat, JsonOutput, JsonQuotes, JsonTable, JsonTableColumn, JsonTableColumnKind,
    JsonWrapper, Name, XmlTable,
};
use crate::sql::span::Loc;

/// JSON_TABLE while it is transformed (`JsonTableParseContext`).
struct JsonTableContext<'q> {
    table: &'q JsonTable,
    path_name_id: u32,
    names: Vec<Name>,
    columns: Vec<TableFuncColumn>,
    row_type: Oid,
}

impl JsonTableContext<'_> {
    /// `generateJsonTablePathName`
    fn generate_path_name(&mut self) -> Name {
        let name = Name::from(format!("json_table_path_{}", self.path_name_id));
        self.path_name_id += 1;
        name
    }

    /// `CheckDuplicateColumnOrPathNames`
    fn check_names(&mut self, columns: &[JsonTableColumn]) -> Exec {
        for column in columns {
            let (name, loc) = match &column.kind {
                JsonTableColumnKind::Nested { path, .. } => match &path.name {
                    Some(name) => (&name.name, name.loc),
                    None => {
                        self.check_nested_names(column)?;
                        continue;
                    }
                },
                JsonTableColumnKind::ForOrdinality(name)
                | JsonTableColumnKind::Regular { name, .. }
                | JsonTableColumnKind::Exists { name, .. } => (name, column.loc),
            };
            if self.names.contains(name) {
                return fail("42712", format!("duplicate JSON_TABLE column or path name: {name}"), loc);
            }
            self.names.push(name.clone());
            self.check_nested_names(column)?;
        }
        Ok(())
    }

    fn check_nested_names(&mut self, column: &JsonTableColumn) -> Exec {
        match &column.kind {
            JsonTableColumnKind::Nested { columns, .. } => self.check_names(columns),
            JsonTableColumnKind::ForOrdinality(_)
            | JsonTableColumnKind::Regular { .. }
            | JsonTableColumnKind::Exists { .. } => Ok(()),
        }
    }
}

impl Analyzer<'_> {
    /// XMLTABLE (`transformRangeTableFunc`).
    pub(super) fn transform_range_table_func(&mut self, table: &XmlTable) -> Exec<NsItem> {
        const CONSTRUCT: &str = "XMLTABLE";
        self.state().lateral_active = true;
        let row = self.xmltable_argument(&table.row, TypeRef::plain(t::TEXT))?;
        let document = self.xmltable_argument(&table.document, TypeRef::plain(t::XML))?;
        let mut ordinality = None;
        let mut columns: Vec<TableFuncColumn> = Vec::with_capacity(table.columns.len());
        for (index, column) in table.columns.iter().enumerate() {
            let name = &column.name;
            let ty = match &column.ty {
                None => {
                    if ordinality.is_some() {
                        return fail("42601", "only one FOR ORDINALITY column is allowed", column.loc);
                    }
                    ordinality = Some(index);
                    TypeRef::plain(t::INT4)
                }
                Some(ty) if ty.setof => {
                    return fail("42P16", format!("column \"{name}\" cannot be declared SETOF"), column.loc);
                }
                Some(ty) => self.typename_type(ty)?,
            };
            let path = match &column.path {
                Some(path) => Some(self.xmltable_argument(path, TypeRef::plain(t::TEXT))?),
                None => None,
            };
            let default = match &column.default {
                Some(default) => Some(self.xmltable_argument(default, ty)?),
                None => None,
            };
            if columns.iter().any(|c| c.name == *name) {
                return fail("42601", format!("column name \"{name}\" is not unique"), column.loc);
            }
            let collation = self.catalog().type_collation(ty.oid);
            let not_null = column.not_null;
            columns.push(TableFuncColumn { name: name.clone(), ty, collation, path, value: None, default, not_null });
        }
        let mut namespace_uris = Vec::new();
        let mut namespace_names: Vec<Option<Name>> = Vec::new();
        for namespace in &table.namespaces {
            let Some(uri) = &namespace.value else { continue };
            let uri = self.transform_expr(uri, ExprKind::FromFunction)?;
            let mut uri = self.coerce_to_specific_type(uri, t::TEXT, CONSTRUCT)?;
            self.assign_expr_collations(&mut uri)?;
            namespace_uris.push(uri);
            if namespace_names.contains(&namespace.name) {
                let message = match &namespace.name {
                    Some(name) => format!("namespace name \"{name}\" is not unique"),
                    None => "only one default namespace is allowed".to_owned(),
                };
                return fail("42601", message, namespace.loc);
            }
            namespace_names.push(namespace.name.clone());
        }
        self.state().lateral_active = false;
        let func = TableFunc {
            json: false,
            namespace_uris,
            namespace_names,
            document,
            row: Some(row),
            columns,
            ordinality,
            plan: None,
            passing: Vec::new(),
            at: table.loc.into(),
        };
        let lateral = table.lateral || has_vars(&func);
        self.add_range_table_entry_for_table_func(func, table.alias.clone(), lateral)
    }

    fn xmltable_argument(&mut self, arg: &ast::Expr, ty: TypeRef) -> Exec<Expr> {
        let arg = self.transform_expr(arg, ExprKind::FromFunction)?;
        let mut arg = self.coerce_to_specific_type_typmod(arg, ty, "XMLTABLE")?;
        self.assign_expr_collations(&mut arg)?;
        Ok(arg)
    }

    /// JSON_TABLE (`parse_jsontable.c: transformJsonTable`, 17).
    pub(super) fn transform_json_table(&mut self, table: &JsonTable) -> Exec<NsItem> {
        if let Some(on_error) = &table.on_error
            && !matches!(
                on_error.kind,
                JsonBehaviorKind::Error | JsonBehaviorKind::Empty | JsonBehaviorKind::EmptyArray
            )
        {
            let detail = "Only EMPTY [ ARRAY ] or ERROR is allowed in the top-level ON ERROR clause.";
            let error = SqlError::new("42601", "invalid ON ERROR behavior").detail(detail);
            return Err(error.at(on_error.loc).into());
        }
        let mut context =
            JsonTableContext { table, path_name_id: 0, names: Vec::new(), columns: Vec::new(), row_type: Oid::INVALID };
        let name = match &table.path.name {
            Some(name) => name.name.clone(),
            None => context.generate_path_name(),
        };
        context.names.push(name.clone());
        context.check_names(&table.columns)?;
        self.state().lateral_active = true;
        let document = self.transform_json_func(&JsonFuncSpec {
            op: JsonExprOp::Table,
            column: None,
            context: JsonContext::Written(&table.context),
            path: &table.path.path,
            passing: &table.passing,
            output: None,
            on_empty: None,
            on_error: table.on_error.as_ref(),
            wrapper: JsonWrapper::Unspecified,
            quotes: JsonQuotes::Unspecified,
            loc: table.loc,
        })?;
        context.row_type = document.ty(self.catalog()).oid;
        let plan = self.transform_json_table_columns(&mut context, &table.columns, &table.path.path, name)?;
        let passing = match &document {
            Expr::JsonExpr(json) => {
                json.passing_names.iter().cloned().zip(json.passing_values.iter().cloned()).collect()
            }
            _ => Vec::new(),
        };
        self.state().lateral_active = false;
        let func = TableFunc {
            json: true,
            namespace_uris: Vec::new(),
            namespace_names: Vec::new(),
            document,
            row: None,
            columns: context.columns,
            ordinality: None,
            plan: Some(Box::new(plan)),
            passing,
            at: table.loc.into(),
        };
        let lateral = table.lateral || has_vars(&func);
        self.add_range_table_entry_for_table_func(func, table.alias.clone(), lateral)
    }

    /// `transformJsonTableColumns`
    fn transform_json_table_columns(
        &mut self,
        context: &mut JsonTableContext<'_>,
        columns: &[JsonTableColumn],
        path: &ast::Expr,
        name: Name,
    ) -> Exec<JsonTablePlan> {
        let first = context.columns.len();
        let mut ordinality = false;
        for column in columns {
            let (name, ty, collation, value) = match &column.kind {
                JsonTableColumnKind::Nested { .. } => continue,
                JsonTableColumnKind::ForOrdinality(name) => {
                    if ordinality {
                        return fail("42601", "only one FOR ORDINALITY column is allowed", column.loc);
                    }
                    ordinality = true;
                    (name, TypeRef::plain(t::INT4), Oid::INVALID, None)
                }
                JsonTableColumnKind::Regular { name, .. } | JsonTableColumnKind::Exists { name, .. } => {
                    let value = self.transform_json_table_column(context, column, name)?;
                    (name, value.ty(self.catalog()), value.collation(), Some(value))
                }
            };
            context.columns.push(TableFuncColumn {
                name: name.clone(),
                ty,
                collation,
                path: None,
                value,
                default: None,
                not_null: false,
            });
        }
        let range = (context.columns.len() > first).then(|| (first, context.columns.len() - 1));
        let child = self.transform_json_table_nested(context, columns)?;
        let text = match &path.kind {
            ast::ExprKind::Literal(ast::Literal::String(text)) => text.as_str(),
            _ => {
                let message = "only string constants are supported in JSON_TABLE path specification";
                return fail("0A000", message, path.loc);
            }
        };
        let path = make_const(t::UNKNOWN, text);
        let path = self.coerce_type(path, t::UNKNOWN, t::JSONPATH, -1, Coercion::IMPLICIT)?;
        let error_on_error =
            context.table.on_error.as_ref().is_some_and(|behavior| behavior.kind == JsonBehaviorKind::Error);
        Ok(JsonTablePlan::Path { path, name, error_on_error, child: child.map(Box::new), columns: range })
    }

    /// `transformJsonTableNestedColumns`
    fn transform_json_table_nested(
        &mut self,
        context: &mut JsonTableContext<'_>,
        columns: &[JsonTableColumn],
    ) -> Exec<Option<JsonTablePlan>> {
        let mut plan = None;
        for column in columns {
            let JsonTableColumnKind::Nested { path, columns } = &column.kind else { continue };
            let name = match &path.name {
                Some(name) => name.name.clone(),
                None => context.generate_path_name(),
            };
            let nested = self.transform_json_table_columns(context, columns, &path.path, name)?;
            plan = Some(match plan {
                Some(before) => JsonTablePlan::Join(Box::new(before), Box::new(nested)),
                None => nested,
            });
        }
        Ok(plan)
    }

    /// `transformJsonTableColumn`
    fn transform_json_table_column(
        &mut self,
        context: &JsonTableContext<'_>,
        column: &JsonTableColumn,
        name: &Name,
    ) -> Exec<Expr> {
        let (op, ty, format, path, wrapper, quotes, on_empty, on_error) = match &column.kind {
            JsonTableColumnKind::Regular { ty, format, path, wrapper, quotes, on_empty, on_error, .. } => {
                let found = self.typename_type(ty)?;
                let query = format.is_some() || self.is_json_composite(found.oid);
                let op = if query { JsonExprOp::Query } else { JsonExprOp::Value };
                (op, ty, *format, path, *wrapper, *quotes, on_empty, on_error)
            }
            JsonTableColumnKind::Exists { ty, path, on_empty, on_error, .. } => {
                let (wrapper, quotes) = (JsonWrapper::Unspecified, JsonQuotes::Unspecified);
                (JsonExprOp::Exists, ty, None, path, wrapper, quotes, on_empty, on_error)
            }
            JsonTableColumnKind::ForOrdinality(_) | JsonTableColumnKind::Nested { .. } => {
                return Err(super::relation::internal("a column of JSON_TABLE"));
            }
        };
        let row = CaseTestExpr { ty: TypeRef::plain(context.row_type), collation: Oid::INVALID };
        let default_path;
        let path = match path {
            Some(path) => &path.path,
            None => {
                // `$."name"`
                let text = format!("$.{}", escape_json(name));
                let kind = ast::ExprKind::Literal(ast::Literal::String(text));
                default_path = ast::Expr { kind, loc: Loc::NONE };
                &default_path
            }
        };
        let output = JsonOutput { ty: ty.clone(), format: format.unwrap_or_else(JsonFormat::default) };
        let mut value = self.transform_json_func(&JsonFuncSpec {
            op,
            column: Some(name),
            context: JsonContext::Row(Expr::CaseTestExpr(Box::new(row))),
            path,
            passing: &context.table.passing,
            output: Some(&output),
            on_empty: on_empty.as_ref(),
            on_error: on_error.as_ref(),
            wrapper,
            quotes,
            loc: column.loc,
        })?;
        self.assign_expr_collations(&mut value)?;
        Ok(value)
    }

    /// Its values are read by JSON_QUERY rather than JSON_VALUE (`parse_jsontable.c: isCompositeType`).
    fn is_json_composite(&self, ty: Oid) -> bool {
        let catalog = self.catalog();
        let composite = |ty: Oid| {
            matches!(ty, t::JSON | t::JSONB | t::RECORD)
                || catalog.element_type(ty) != Oid::INVALID
                || catalog.typtype(ty) == 'c'
        };
        composite(ty) || catalog.typtype(ty) == 'd' && composite(catalog.base_type(ty))
    }
}

/// Variables of this level are in it (`var.c: contain_vars_of_level`).
fn has_vars(table: &TableFunc) -> bool {
    let columns = table.columns.iter().flat_map(|c| c.path.iter().chain(&c.value).chain(&c.default));
    let exprs = table.namespace_uris.iter().chain([&table.document]).chain(&table.row).chain(columns);
    find_var_of_level(exprs.chain(table.passing.iter().map(|(_, expr)| expr)), 0).is_some()
}

/// A JSON string with quotes (`json.c: escape_json`).
fn escape_json(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
