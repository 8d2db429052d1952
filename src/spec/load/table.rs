//! `tables`: a table and its columns.

use ecow::EcoString;

use super::Loader;
use super::common::{Meta, not_yet, unsupported};
use crate::spec::model::{ColumnDemand, DefaultDemand, Demand, Placed, RelationName};
use crate::spec::names::{self, quote};
use crate::sql::ast::Name;
use crate::yaml::{Located, Map, Node, NodeKind, Value};

const TABLE_NOT_YET: &[&str] = &["only", "triggers", "grants", "comment", "partitions", "since"];
const COLUMN_NOT_YET: &[&str] =
    &["collation", "comment", "generated", "grants", "identity", "only", "references", "check", "primary_key"];

impl Loader<'_> {
    pub(super) fn table(&mut self, key: &Located<EcoString>, value: Value<'_>) {
        if names::has_wildcard(&key.value) {
            self.errors.push(unsupported("patterns in `tables` are not supported yet", key.span));
            return;
        }
        if self.is_only(key, value) {
            return;
        }
        let errors = self.errors;
        let table = self
            .name(key, names::qualified)
            .map(|(schema, name)| RelationName { schema: schema.unwrap_or_else(|| self.default_schema.clone()), name });
        let Some(mut map) = Map::new(value.node(), "a table", errors) else { return };
        let columns = map.optional("columns");
        let indexes = map.optional("indexes");
        let constraints = map.optional("constraints");
        let rls = map.optional("rls");
        let policies = map.optional("policies");
        let meta = self.meta(&mut map);
        not_yet(&mut map, value.node(), TABLE_NOT_YET, errors);
        map.finish();
        // What is in a table of a malformed name is still looked through for its own errors.
        let named = table.is_some();
        let before = self.requirements.len();
        let table = table.unwrap_or_else(|| RelationName { schema: Name::new(), name: Name::new() });
        self.add(format!("table {table}"), key.span, Demand::Table(table.clone()), meta);
        for (key, value) in columns.and_then(Value::entries).unwrap_or_default() {
            self.column(&table, key, value);
        }
        for item in indexes.and_then(Value::list).unwrap_or_default() {
            self.index(&table, item);
        }
        for item in constraints.and_then(Value::list).unwrap_or_default() {
            self.constraint(&table, item);
        }
        if let Some(value) = rls {
            self.row_security(&table, value);
        }
        for item in policies.and_then(Value::list).unwrap_or_default() {
            self.policy(&table, item);
        }
        if !named {
            self.requirements.truncate(before);
        }
    }

    /// `only: true` in a collection of names: a table or column of that name would have another value.
    fn is_only(&self, key: &Located<EcoString>, value: Value<'_>) -> bool {
        let is_switch = match &value.node().kind {
            NodeKind::Scalar(scalar) => matches!(scalar.text.as_str(), "true" | "false"),
            NodeKind::Null | NodeKind::Sequence(_) | NodeKind::Mapping(_) => false,
        };
        let is_only = key.value == "only" && is_switch;
        if is_only {
            self.errors.push(unsupported("`only` is not supported yet", key.span));
        }
        is_only
    }

    fn column(&mut self, table: &RelationName, key: &Located<EcoString>, value: Value<'_>) {
        if self.is_only(key, value) {
            return;
        }
        if names::has_wildcard(&key.value) {
            self.errors.push(unsupported("patterns in `columns` are not supported yet", key.span));
            return;
        }
        let name = self.name(key, names::identifier);
        let demand = self.column_demand(value);
        let (Some(name), Some((mut demand, meta))) = (name, demand) else { return };
        let id = format!("column {table}.{}", quote(&name));
        demand.name = name;
        self.add(id, key.span, Demand::Column(table.clone(), demand), meta);
    }

    /// The column, as yet without its name.
    fn column_demand(&self, value: Value<'_>) -> Option<(ColumnDemand, Meta)> {
        let mut demand =
            ColumnDemand { name: Name::new(), types: Vec::new(), nullable: None, default: None, unique: None };
        match &value.node().kind {
            NodeKind::Scalar(_) => {
                demand.types = vec![self.type_text(&value.name_str()?)?];
                Some((demand, Meta::default()))
            }
            NodeKind::Mapping(_) => {
                let meta = self.column_keys(value.node(), &mut demand)?;
                Some((demand, meta))
            }
            NodeKind::Null => {
                value.error_with_help(
                    format!("the column `{}` has no description", value.name()),
                    "write its type, or `{}` if it must only exist",
                );
                None
            }
            NodeKind::Sequence(_) => {
                value.error_with_help(
                    format!("the column `{}` must be a type or a mapping, not a list", value.name()),
                    "for several types write `{ type: [a, b] }`",
                );
                None
            }
        }
    }

    fn column_keys(&self, node: &Node, demand: &mut ColumnDemand) -> Option<Meta> {
        let mut map = Map::new(node, "a column", self.errors)?;
        demand.types = map.optional("type").map(|value| self.types(value)).unwrap_or_default();
        demand.nullable = map.optional("nullable").and_then(|value| self.switch(value));
        demand.default = map.optional("default").and_then(|value| {
            let default = match value.is_null() && !value.node().span.range().is_empty() {
                true => DefaultDemand::None,
                false => DefaultDemand::Expr(self.default_expr(value)?),
            };
            Some(Placed { value: default, place: self.place(value.span()) })
        });
        demand.unique = map.optional("unique").and_then(|value| self.switch(value));
        let meta = self.meta(&mut map);
        not_yet(&mut map, node, COLUMN_NOT_YET, self.errors);
        map.finish();
        Some(meta)
    }
}
