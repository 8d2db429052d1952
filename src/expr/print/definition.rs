//! Definitions of constraints, indexes, triggers and views.

use super::{Printer, quote_literal};
use crate::catalog::{
    Catalog, Constraint, ConstraintKind, ForeignKey, Index, IndexKey, IndexKeyKind, Oid, Relation, RelationKind,
    Trigger, TypeRef,
};
use crate::sql::ast::{ForeignKeyAction, ForeignKeyMatch, Name, PartitionBy, PartitionStrategy, TriggerTiming};

/// A constraint of a relation as ADD CONSTRAINT takes it, without its name (`pg_get_constraintdef`).
pub fn print_constraint_def(catalog: &Catalog, path: &[Oid], relation: &Relation, constraint: &Constraint) -> String {
    let printer = Printer::new(catalog, path).on(relation.oid);
    let columns = |numbers: &[i16]| column_list(catalog, relation, numbers);
    let mut out = match &constraint.kind {
        ConstraintKind::Check { expr, no_inherit } => {
            format!("CHECK ({}){}", printer.stored(expr), if *no_inherit { " NO INHERIT" } else { "" })
        }
        ConstraintKind::Key { primary, index } => {
            let index = catalog.relation(*index).and_then(|i| i.as_index());
            let mut out = String::from(if *primary { "PRIMARY KEY " } else { "UNIQUE " });
            if index.is_some_and(|i| i.nulls_not_distinct) {
                out.push_str("NULLS NOT DISTINCT ");
            }
            out.push_str(&columns(&constraint.columns));
            let including = index.map_or(&[][..], |i| i.including.as_slice());
            if !including.is_empty() {
                out.push_str(&format!(" INCLUDE {}", columns(including)));
            }
            out
        }
        ConstraintKind::Exclusion { index, operators } => match catalog.relation(*index).and_then(|i| i.as_index()) {
            Some(found) => {
                let mut out = format!("EXCLUDE USING {} (", catalog.quote_identifier(&found.method));
                let keys = found.keys.iter().enumerate().map(|(i, key)| {
                    let operator = operators.get(i).map_or("=", |o| o.as_str());
                    format!("{} WITH {operator}", index_key(catalog, printer, relation, found, key))
                });
                out.push_str(&keys.collect::<Vec<_>>().join(", "));
                out.push(')');
                if !found.including.is_empty() {
                    out.push_str(&format!(" INCLUDE {}", columns(&found.including)));
                }
                if let Some(predicate) = &found.predicate {
                    out.push_str(&format!(" WHERE ({})", printer.stored(predicate)));
                }
                out
            }
            None => String::from("EXCLUDE"),
        },
        ConstraintKind::ForeignKey(key) => {
            format!("FOREIGN KEY {} {}", columns(&constraint.columns), references(catalog, path, relation, key))
        }
        ConstraintKind::Trigger(_) => String::from("TRIGGER"),
        ConstraintKind::NotNull { no_inherit } => {
            let column = constraint.columns.first().and_then(|&n| relation.column_at(n)).map_or("", |c| &c.name);
            let no_inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("NOT NULL {}{no_inherit}", catalog.quote_identifier(column))
        }
    };
    if constraint.deferrable {
        out.push_str(" DEFERRABLE");
    }
    if constraint.initially_deferred {
        out.push_str(" INITIALLY DEFERRED");
    }
    if !constraint.validated {
        out.push_str(" NOT VALID");
    }
    out
}

/// What a foreign key says behind its columns. Of two different actions ON UPDATE comes first.
fn references(catalog: &Catalog, path: &[Oid], relation: &Relation, key: &ForeignKey) -> String {
    let mut out = format!("REFERENCES {}", catalog.relation_name(key.table, path));
    if let Some(table) = catalog.relation(key.table) {
        out.push_str(&column_list(catalog, table, &key.columns));
    }
    out.push_str(match key.match_type {
        ForeignKeyMatch::Simple => "",
        ForeignKeyMatch::Full => " MATCH FULL",
        ForeignKeyMatch::Partial => " MATCH PARTIAL",
    });
    if let Some(action) = foreign_key_action(key.on_update) {
        out.push_str(&format!(" ON UPDATE {action}"));
    }
    if let Some(action) = foreign_key_action(key.on_delete) {
        out.push_str(&format!(" ON DELETE {action}"));
        if !key.on_delete_columns.is_empty() {
            out.push_str(&format!(" {}", column_list(catalog, relation, &key.on_delete_columns)));
        }
    }
    out
}

/// The action in words, unless it is the default.
fn foreign_key_action(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("RESTRICT"),
        ForeignKeyAction::Cascade => Some("CASCADE"),
        ForeignKeyAction::SetNull => Some("SET NULL"),
        ForeignKeyAction::SetDefault => Some("SET DEFAULT"),
    }
}

/// `(a, b)`
fn column_list(catalog: &Catalog, relation: &Relation, numbers: &[i16]) -> String {
    let names: Vec<_> =
        numbers.iter().filter_map(|&n| relation.column_at(n)).map(|c| catalog.quote_identifier(&c.name)).collect();
    format!("({})", names.join(", "))
}

/// The statement that makes an index (`pg_get_indexdef`); nothing if the relation is no index. The table is qualified
/// whatever the path is.
pub fn print_index_def(catalog: &Catalog, path: &[Oid], relation: &Relation) -> Option<String> {
    let index = relation.as_index()?;
    let table = catalog.relation(index.table)?;
    let printer = Printer::new(catalog, path).on(table.oid);
    let keys: Vec<String> = index.keys.iter().map(|key| index_key(catalog, printer, table, index, key)).collect();
    let mut out = format!(
        "CREATE {}INDEX {} ON {}{} USING {} ({})",
        if index.unique { "UNIQUE " } else { "" },
        catalog.quote_identifier(&relation.name),
        if matches!(table.kind, RelationKind::PartitionedTable(_)) { "ONLY " } else { "" },
        catalog.qualified(table.schema, &table.name, false),
        catalog.quote_identifier(&index.method),
        keys.join(", ")
    );
    if !index.including.is_empty() {
        out.push_str(&format!(" INCLUDE {}", column_list(catalog, table, &index.including)));
    }
    if index.nulls_not_distinct {
        out.push_str(" NULLS NOT DISTINCT");
    }
    if !relation.options.is_empty() {
        out.push_str(&format!(" WITH ({})", print_options(catalog, &relation.options)));
    }
    if let Some(predicate) = &index.predicate {
        out.push_str(&format!(" WHERE {}", printer.stored(predicate)));
    }
    Some(out)
}

/// The strategy and key of a partitioned table, as PARTITION BY takes them (`pg_get_partkeydef`).
pub(crate) fn print_partition_key(catalog: &Catalog, partition_by: &PartitionBy) -> String {
    let strategy = match partition_by.strategy {
        PartitionStrategy::List => "LIST",
        PartitionStrategy::Range => "RANGE",
        PartitionStrategy::Hash => "HASH",
    };
    let mut writer = super::Writer::plain(catalog.builtins());
    writer.list(&partition_by.key, |w, elem| w.index_elem(elem));
    format!("{strategy} ({})", writer.buf)
}

/// Storage parameters as WITH takes them (`ruleutils.c: get_reloptions`).
pub(crate) fn print_options(catalog: &Catalog, options: &[(Name, String)]) -> String {
    let option = |(name, value): &(Name, String)| {
        let name = super::function::setting_name(catalog, name);
        if catalog.quote_identifier(value) == value.as_str() {
            format!("{name}={value}")
        } else {
            format!("{name}={}", quote_literal(value))
        }
    };
    options.iter().map(option).collect::<Vec<_>>().join(", ")
}

fn index_key(catalog: &Catalog, printer: Printer<'_>, table: &Relation, index: &Index, key: &IndexKey) -> String {
    let column = match &key.what {
        IndexKeyKind::Column(number) => table.column_at(*number),
        IndexKeyKind::Expr(_) => None,
    };
    let mut out = match &key.what {
        IndexKeyKind::Column(_) => catalog.quote_identifier(column.map_or("", |c| &c.name)).into_owned(),
        IndexKeyKind::Expr(expr) => {
            let text = printer.stored(expr);
            if looks_like_function(&expr.ast) { text } else { format!("({text})") }
        }
    };
    if let Some(collation) = &key.collation
        && column.is_none_or(|c| c.collation.as_ref().map_or("default", |c| c.as_str()) != collation)
    {
        out.push_str(&format!(" COLLATE {}", catalog.quote_identifier(collation)));
    }
    if let Some(opclass) = &key.opclass {
        // For an expression, whose type is not known here, a class that was written is shown.
        let ty = column.map(|c| c.ty);
        if !ty.is_some_and(|ty| is_default_opclass(catalog, ty, &index.method, opclass)) {
            let schema = opclass_schema(catalog, &index.method, opclass).filter(|s| !printer.path.contains(s));
            out.push_str(&match schema {
                Some(schema) => format!(" {}", catalog.qualified(schema, opclass, false)),
                None => format!(" {}", catalog.quote_identifier(opclass)),
            });
        }
    }
    match (key.descending, key.nulls_first) {
        (true, true) => out.push_str(" DESC"),
        (true, false) => out.push_str(" DESC NULLS LAST"),
        (false, true) => out.push_str(" NULLS FIRST"),
        (false, false) => {}
    }
    out
}

/// The schema of an operator class that a script or an extension made; nothing for PostgreSQL's own.
fn opclass_schema(catalog: &Catalog, method: &str, opclass: &str) -> Option<Oid> {
    if catalog.builtins().opclasses(method).any(|found| found.name == opclass) {
        return None;
    }
    catalog.opclasses().find(|found| found.access_method == method && found.name == opclass).map(|found| found.schema)
}

fn is_default_opclass(catalog: &Catalog, ty: TypeRef, method: &str, opclass: &str) -> bool {
    catalog.opclass_info(catalog.default_opclass(ty.oid, method)).is_some_and(|default| default.name == opclass)
}

/// An expression that CREATE INDEX takes without parentheses (`ruleutils.c: looks_like_function`).
fn looks_like_function(expr: &crate::sql::ast::Expr) -> bool {
    use crate::sql::ast::ExprKind;
    match &expr.kind {
        ExprKind::Func(call) => !call.sql_syntax || call.name.name == "pg_collation_for",
        ExprKind::NullIf(..)
        | ExprKind::Coalesce(_)
        | ExprKind::Greatest(_)
        | ExprKind::Least(_)
        | ExprKind::SqlValue { .. } => true,
        ExprKind::Column(_)
        | ExprKind::Star(_)
        | ExprKind::Param(_)
        | ExprKind::Literal(_)
        | ExprKind::Cast { .. }
        | ExprKind::Op { .. }
        | ExprKind::OpArray { .. }
        | ExprKind::Distinct { .. }
        | ExprKind::In { .. }
        | ExprKind::Like { .. }
        | ExprKind::Between { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::IsNull { .. }
        | ExprKind::BooleanTest { .. }
        | ExprKind::Case { .. }
        | ExprKind::Array(_)
        | ExprKind::Row { .. }
        | ExprKind::Indirection { .. }
        | ExprKind::SubLink { .. }
        | ExprKind::Collate { .. }
        | ExprKind::Grouping(_)
        | ExprKind::Default
        | ExprKind::CurrentOf(_)
        | ExprKind::Xml(_)
        | ExprKind::Json(_)
        | ExprKind::MergeAction
        | ExprKind::MultiAssign { .. }
        | ExprKind::Unmodelled(_) => false,
    }
}

/// The statement that makes a trigger (`pg_get_triggerdef`). The table is qualified whatever the path is.
pub fn print_trigger_def(catalog: &Catalog, path: &[Oid], relation: &Relation, trigger: &Trigger) -> String {
    let mut out = format!(
        "CREATE {}TRIGGER {} {}",
        if trigger.constraint.is_some() { "CONSTRAINT " } else { "" },
        catalog.quote_identifier(&trigger.name),
        match trigger.timing {
            TriggerTiming::Before => "BEFORE",
            TriggerTiming::After => "AFTER",
            TriggerTiming::InsteadOf => "INSTEAD OF",
        }
    );
    let mut events = Vec::new();
    if trigger.events.insert {
        events.push(" INSERT".to_owned());
    }
    if trigger.events.delete {
        events.push(" DELETE".to_owned());
    }
    if trigger.events.update {
        let columns = column_list(catalog, relation, &trigger.columns);
        let of = columns.trim_matches(['(', ')']);
        events.push(if trigger.columns.is_empty() { " UPDATE".to_owned() } else { format!(" UPDATE OF {of}") });
    }
    if trigger.events.truncate {
        events.push(" TRUNCATE".to_owned());
    }
    out.push_str(&events.join(" OR"));
    out.push_str(&format!(" ON {} ", catalog.qualified(relation.schema, &relation.name, false)));
    if trigger.constraint.is_some() {
        if let Some(from) = trigger.constraint_from {
            out.push_str(&format!("FROM {} ", catalog.relation_name(from, path)));
        }
        out.push_str(if trigger.deferrable { "DEFERRABLE INITIALLY " } else { "NOT DEFERRABLE INITIALLY " });
        out.push_str(if trigger.initially_deferred { "DEFERRED " } else { "IMMEDIATE " });
    }
    if trigger.old_table.is_some() || trigger.new_table.is_some() {
        out.push_str("REFERENCING ");
        for (word, table) in [("OLD", &trigger.old_table), ("NEW", &trigger.new_table)] {
            if let Some(table) = table {
                out.push_str(&format!("{word} TABLE AS {} ", catalog.quote_identifier(table)));
            }
        }
    }
    out.push_str(if trigger.row { "FOR EACH ROW " } else { "FOR EACH STATEMENT " });
    if let Some(when) = &trigger.when {
        let printer = Printer::new(catalog, path).indented(super::INDENT_STD);
        out.push_str(&format!("WHEN ({}) ", printer.stored(when)));
    }
    let args: Vec<String> = trigger.args.iter().map(|arg| quote_literal(arg)).collect();
    out.push_str(&format!("EXECUTE FUNCTION {}({})", trigger_function(catalog, path, trigger), args.join(", ")));
    out
}

/// The name of the trigger's function, qualified where it must be.
fn trigger_function(catalog: &Catalog, path: &[Oid], trigger: &Trigger) -> String {
    match catalog.function(trigger.function) {
        Some(function) => super::function::function_name(catalog, function, path),
        None => {
            let builtin = catalog.builtins().function_by_oid(trigger.function);
            catalog.quote_identifier(builtin.map_or("", |f| f.name)).into_owned()
        }
    }
}

/// The query of a view or materialized view with a semicolon (`pg_get_viewdef`); nothing for other relations.
pub fn print_view_def(catalog: &Catalog, path: &[Oid], relation: &Relation) -> Option<String> {
    let query = match &relation.kind {
        RelationKind::View(query) | RelationKind::MaterializedView(query, _) => query,
        RelationKind::Table
        | RelationKind::PartitionedTable(_)
        | RelationKind::ForeignTable(_)
        | RelationKind::Sequence(_)
        | RelationKind::Index(_)
        | RelationKind::CompositeType => return None,
    };
    let columns: Vec<Name> = relation.live_columns().map(|c| c.name.clone()).collect();
    Some(format!("{};", Printer::new(catalog, path).view_query(query, &columns)))
}
