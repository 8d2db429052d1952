//! Visits the expressions of syntax trees.

use super::ast::*;

/// Calls `f` with the expression and all expressions inside it, those of sub-queries too.
pub fn in_expr(expr: &Expr, f: &mut dyn FnMut(&Expr)) {
    f(expr);
    match &expr.kind {
        ExprKind::Column(_)
        | ExprKind::Star(_)
        | ExprKind::Param(_)
        | ExprKind::Literal(_)
        | ExprKind::SqlValue { .. }
        | ExprKind::Default
        | ExprKind::CurrentOf(_)
        | ExprKind::MergeAction
        | ExprKind::Unmodelled(_) => {}
        ExprKind::MultiAssign { source, .. } => source.iter().for_each(|e| in_expr(e, f)),
        ExprKind::Xml(xml) => in_xml(xml, f),
        ExprKind::Json(json) => in_json(json, f),
        ExprKind::Cast { operand, .. }
        | ExprKind::Not(operand)
        | ExprKind::IsNull { operand, .. }
        | ExprKind::BooleanTest { operand, .. }
        | ExprKind::Collate { operand, .. } => in_expr(operand, f),
        ExprKind::Op { left, right, .. } => {
            left.iter().for_each(|e| in_expr(e, f));
            in_expr(right, f);
        }
        ExprKind::OpArray { left, right, .. }
        | ExprKind::Distinct { left, right, .. }
        | ExprKind::NullIf(left, right)
        | ExprKind::Like { operand: left, pattern: right, .. } => {
            in_expr(left, f);
            in_expr(right, f);
        }
        ExprKind::In { operand, list, .. } => {
            in_expr(operand, f);
            in_exprs(list, f);
        }
        ExprKind::Between { operand, low, high, .. } => {
            in_expr(operand, f);
            in_expr(low, f);
            in_expr(high, f);
        }
        ExprKind::And(list)
        | ExprKind::Or(list)
        | ExprKind::Coalesce(list)
        | ExprKind::Greatest(list)
        | ExprKind::Least(list)
        | ExprKind::Array(list)
        | ExprKind::Grouping(list)
        | ExprKind::Row { fields: list, .. } => in_exprs(list, f),
        ExprKind::Func(call) => in_call(call, f),
        ExprKind::Case { operand, whens, otherwise } => {
            operand.iter().for_each(|e| in_expr(e, f));
            for (when, then) in whens {
                in_expr(when, f);
                in_expr(then, f);
            }
            otherwise.iter().for_each(|e| in_expr(e, f));
        }
        ExprKind::Indirection { operand, path } => {
            in_expr(operand, f);
            in_path(path, f);
        }
        ExprKind::SubLink { kind, query } => {
            match kind {
                SubLinkKind::Any { operand, .. } | SubLinkKind::All { operand, .. } => in_expr(operand, f),
                SubLinkKind::Exists | SubLinkKind::Scalar | SubLinkKind::Array => {}
            }
            in_query(query, f);
        }
    }
}

fn in_path(path: &[Indirection], f: &mut dyn FnMut(&Expr)) {
    for step in path {
        match step {
            Indirection::Field(_) | Indirection::Star => {}
            Indirection::Index(index) => in_expr(index, f),
            Indirection::Slice(low, high) => low.iter().chain(high).for_each(|e| in_expr(e, f)),
        }
    }
}

fn in_xml(xml: &XmlExpr, f: &mut dyn FnMut(&Expr)) {
    match xml {
        XmlExpr::Element { attributes, content, .. } => {
            in_targets(attributes, f);
            in_exprs(content, f);
        }
        XmlExpr::Forest(list) => in_targets(list, f),
        XmlExpr::Concat(list) => in_exprs(list, f),
        XmlExpr::Pi { value, .. } => value.iter().for_each(|e| in_expr(e, f)),
        XmlExpr::Root { value, version, .. } => {
            in_expr(value, f);
            in_expr(version, f);
        }
        XmlExpr::Parse { value, .. } | XmlExpr::Serialize { value, .. } | XmlExpr::IsDocument(value) => {
            in_expr(value, f);
        }
    }
}

fn in_json(json: &JsonExpr, f: &mut dyn FnMut(&Expr)) {
    let agg = |agg: &JsonAgg, f: &mut dyn FnMut(&Expr)| {
        in_sort(&agg.order_by, f);
        agg.filter.iter().for_each(|e| in_expr(e, f));
        agg.over.iter().for_each(|w| in_window(w, f));
    };
    match json {
        JsonExpr::Object(object) => {
            for member in &object.members {
                in_expr(&member.key, f);
                in_expr(&member.value.expr, f);
            }
        }
        JsonExpr::Array(array) => array.elements.iter().for_each(|v| in_expr(&v.expr, f)),
        JsonExpr::ArrayQuery(array) => in_query(&array.query, f),
        JsonExpr::ObjectAgg(object) => {
            in_expr(&object.member.key, f);
            in_expr(&object.member.value.expr, f);
            agg(&object.agg, f);
        }
        JsonExpr::ArrayAgg(array) => {
            in_expr(&array.element.expr, f);
            agg(&array.agg, f);
        }
        JsonExpr::Is(is) => in_expr(&is.operand, f),
        JsonExpr::Parse(parse) => in_expr(&parse.value.expr, f),
        JsonExpr::Scalar { value, .. } => in_expr(value, f),
        JsonExpr::Serialize { value, .. } => in_expr(&value.expr, f),
        JsonExpr::Func(func) => {
            in_expr(&func.context.expr, f);
            in_expr(&func.path, f);
            func.passing.iter().for_each(|p| in_expr(&p.value.expr, f));
            in_behaviors([&func.on_empty, &func.on_error], f);
        }
    }
}

fn in_behaviors(list: [&Option<JsonBehavior>; 2], f: &mut dyn FnMut(&Expr)) {
    list.into_iter().flatten().filter_map(|b| b.default.as_ref()).for_each(|e| in_expr(e, f));
}

fn in_json_columns(columns: &[JsonTableColumn], f: &mut dyn FnMut(&Expr)) {
    for column in columns {
        match &column.kind {
            JsonTableColumnKind::ForOrdinality(_) => {}
            JsonTableColumnKind::Regular { on_empty, on_error, .. }
            | JsonTableColumnKind::Exists { on_empty, on_error, .. } => in_behaviors([on_empty, on_error], f),
            JsonTableColumnKind::Nested { columns, .. } => in_json_columns(columns, f),
        }
    }
}

fn in_exprs(list: &[Expr], f: &mut dyn FnMut(&Expr)) {
    list.iter().for_each(|e| in_expr(e, f));
}

/// The expressions in the arguments and clauses of a call.
pub fn in_call(call: &FuncCall, f: &mut dyn FnMut(&Expr)) {
    call.args.iter().for_each(|a| in_expr(&a.value, f));
    in_sort(&call.order_by, f);
    call.filter.iter().for_each(|e| in_expr(e, f));
    call.over.iter().for_each(|w| in_window(w, f));
}

fn in_sort(list: &[SortBy], f: &mut dyn FnMut(&Expr)) {
    list.iter().for_each(|s| in_expr(&s.expr, f));
}

fn in_window(window: &WindowDef, f: &mut dyn FnMut(&Expr)) {
    in_exprs(&window.partition_by, f);
    in_sort(&window.order_by, f);
    window.start_offset.iter().chain(&window.end_offset).for_each(|e| in_expr(e, f));
}

fn in_targets(list: &[Target], f: &mut dyn FnMut(&Expr)) {
    for target in list {
        in_path(&target.indirection, f);
        target.value.iter().for_each(|e| in_expr(e, f));
    }
}

/// All expressions of a query.
pub fn in_query(query: &Query, f: &mut dyn FnMut(&Expr)) {
    query.with.iter().for_each(|w| in_with(w, f));
    match &query.body {
        QueryBody::Select(select) => in_select(select, f),
        QueryBody::Values(rows) => rows.iter().for_each(|row| in_exprs(row, f)),
        QueryBody::SetOp { left, right, .. } => {
            in_query(left, f);
            in_query(right, f);
        }
    }
    in_sort(&query.order_by, f);
    query.limit.iter().chain(&query.offset).for_each(|e| in_expr(e, f));
}

fn in_with(with: &With, f: &mut dyn FnMut(&Expr)) {
    for cte in &with.ctes {
        if let Some(cycle) = &cte.cycle {
            in_expr(&cycle.mark_value, f);
            in_expr(&cycle.mark_default, f);
        }
        match &cte.body {
            CteBody::Query(query) => in_query(query, f),
            CteBody::Insert(stmt) => in_insert(stmt, f),
            CteBody::Update(stmt) => in_update(stmt, f),
            CteBody::Delete(stmt) => in_delete(stmt, f),
            CteBody::Merge(stmt) => in_merge(stmt, f),
        }
    }
}

fn in_select(select: &Select, f: &mut dyn FnMut(&Expr)) {
    if let Distinct::On(list) = &select.distinct {
        in_exprs(list, f);
    }
    in_targets(&select.targets, f);
    select.from.iter().for_each(|t| in_table(t, f));
    select.filter.iter().chain(&select.having).for_each(|e| in_expr(e, f));
    select.group_by.iter().for_each(|g| in_group(g, f));
    select.windows.iter().for_each(|w| in_window(w, f));
}

fn in_group(group: &GroupBy, f: &mut dyn FnMut(&Expr)) {
    match group {
        GroupBy::Expr(expr) => in_expr(expr, f),
        GroupBy::Empty(_) => {}
        GroupBy::Rollup(list, _) | GroupBy::Cube(list, _) | GroupBy::Sets(list, _) => {
            list.iter().for_each(|g| in_group(g, f));
        }
    }
}

fn in_table(table: &TableRef, f: &mut dyn FnMut(&Expr)) {
    match table {
        TableRef::Relation { sample, .. } => {
            if let Some(sample) = sample {
                in_exprs(&sample.args, f);
                sample.repeatable.iter().for_each(|e| in_expr(e, f));
            }
        }
        TableRef::Unmodelled { .. } => {}
        TableRef::XmlTable(table) => {
            in_targets(&table.namespaces, f);
            in_expr(&table.row, f);
            in_expr(&table.document, f);
            for column in &table.columns {
                column.path.iter().chain(&column.default).for_each(|e| in_expr(e, f));
            }
        }
        TableRef::JsonTable(table) => {
            in_expr(&table.context.expr, f);
            table.passing.iter().for_each(|p| in_expr(&p.value.expr, f));
            in_json_columns(&table.columns, f);
            in_behaviors([&table.on_error, &None], f);
        }
        TableRef::Subquery { query, .. } => in_query(query, f),
        TableRef::Function { functions, .. } => functions.iter().for_each(|t| in_expr(&t.call, f)),
        TableRef::Join(join) => {
            in_table(&join.left, f);
            in_table(&join.right, f);
            join.on.iter().for_each(|e| in_expr(e, f));
        }
    }
}

fn in_insert(stmt: &Insert, f: &mut dyn FnMut(&Expr)) {
    stmt.with.iter().for_each(|w| in_with(w, f));
    stmt.source.iter().for_each(|q| in_query(q, f));
    if let Some(conflict) = &stmt.on_conflict
        && let Some((set, filter)) = &conflict.update
    {
        in_targets(set, f);
        filter.iter().for_each(|e| in_expr(e, f));
    }
    in_targets(&stmt.returning, f);
}

fn in_update(stmt: &Update, f: &mut dyn FnMut(&Expr)) {
    stmt.with.iter().for_each(|w| in_with(w, f));
    in_targets(&stmt.set, f);
    stmt.from.iter().for_each(|t| in_table(t, f));
    stmt.filter.iter().for_each(|e| in_expr(e, f));
    in_targets(&stmt.returning, f);
}

fn in_delete(stmt: &Delete, f: &mut dyn FnMut(&Expr)) {
    stmt.with.iter().for_each(|w| in_with(w, f));
    stmt.using.iter().for_each(|t| in_table(t, f));
    stmt.filter.iter().for_each(|e| in_expr(e, f));
    in_targets(&stmt.returning, f);
}

fn in_merge(stmt: &Merge, f: &mut dyn FnMut(&Expr)) {
    stmt.with.iter().for_each(|w| in_with(w, f));
    in_table(&stmt.source, f);
    stmt.on.iter().for_each(|e| in_expr(e, f));
    for clause in &stmt.clauses {
        clause.condition.iter().for_each(|e| in_expr(e, f));
        match &clause.action {
            MergeAction::Insert { columns, values, .. } => {
                in_targets(columns, f);
                values.iter().for_each(|e| in_expr(e, f));
            }
            MergeAction::Update(set) => in_targets(set, f),
            MergeAction::Delete | MergeAction::Nothing => {}
        }
    }
    in_targets(&stmt.returning, f);
}

/// All expressions of a statement that changes or reads rows; other statements have none that are run.
pub fn in_data_statement(statement: &StatementKind, f: &mut dyn FnMut(&Expr)) {
    match statement {
        StatementKind::Select(query) => in_query(query, f),
        StatementKind::Insert(stmt) => in_insert(stmt, f),
        StatementKind::Update(stmt) => in_update(stmt, f),
        StatementKind::Delete(stmt) => in_delete(stmt, f),
        StatementKind::Merge(stmt) => in_merge(stmt, f),
        StatementKind::Call(call) => in_call(call, f),
        StatementKind::CreateTableAs(stmt) => {
            stmt.query.iter().filter(|_| !stmt.into.no_data).for_each(|q| in_query(q, f));
        }
        _ => {}
    }
}

/// Calls `f` with the relations that a statement reads or writes the rows of.
pub fn relations(statement: &StatementKind, f: &mut dyn FnMut(&RangeVar)) {
    match statement {
        StatementKind::Select(query) => relations_of_query(query, f),
        StatementKind::Insert(stmt) => {
            f(&stmt.relation);
            stmt.source.iter().for_each(|q| relations_of_query(q, f));
        }
        StatementKind::Update(stmt) => {
            f(&stmt.relation);
            stmt.from.iter().for_each(|t| relations_of_table(t, f));
        }
        StatementKind::Delete(stmt) => {
            f(&stmt.relation);
            stmt.using.iter().for_each(|t| relations_of_table(t, f));
        }
        StatementKind::Merge(stmt) => {
            f(&stmt.relation);
            relations_of_table(&stmt.source, f);
        }
        StatementKind::CreateTableAs(stmt) => {
            stmt.query.iter().filter(|_| !stmt.into.no_data).for_each(|q| relations_of_query(q, f));
        }
        StatementKind::Copy(stmt) => stmt.relation.iter().for_each(&mut *f),
        StatementKind::RefreshMatView { relation, .. } => f(relation),
        _ => {}
    }
    // Those of sub-queries in expressions.
    in_data_statement(statement, &mut |expr| {
        if let ExprKind::SubLink { query, .. } = &expr.kind {
            relations_of_query(query, f);
        }
        if let ExprKind::Json(json) = &expr.kind
            && let JsonExpr::ArrayQuery(array) = &**json
        {
            relations_of_query(&array.query, f);
        }
    });
}

/// Calls `f` with the relations that a query names in its FROM clauses.
pub(super) fn relations_in_query(query: &Query, f: &mut dyn FnMut(&RangeVar)) {
    relations_of_query(query, f);
}

fn relations_of_query(query: &Query, f: &mut dyn FnMut(&RangeVar)) {
    for cte in query.with.iter().flat_map(|w| &w.ctes) {
        match &cte.body {
            CteBody::Query(query) => relations_of_query(query, f),
            CteBody::Insert(stmt) => f(&stmt.relation),
            CteBody::Update(stmt) => f(&stmt.relation),
            CteBody::Delete(stmt) => f(&stmt.relation),
            CteBody::Merge(stmt) => f(&stmt.relation),
        }
    }
    match &query.body {
        QueryBody::Select(select) => select.from.iter().for_each(|t| relations_of_table(t, f)),
        QueryBody::Values(_) => {}
        QueryBody::SetOp { left, right, .. } => {
            relations_of_query(left, f);
            relations_of_query(right, f);
        }
    }
}

fn relations_of_table(table: &TableRef, f: &mut dyn FnMut(&RangeVar)) {
    match table {
        TableRef::Relation { relation, .. } => f(relation),
        TableRef::Subquery { query, .. } => relations_of_query(query, f),
        TableRef::Join(join) => {
            relations_of_table(&join.left, f);
            relations_of_table(&join.right, f);
        }
        TableRef::Function { .. } | TableRef::XmlTable(_) | TableRef::JsonTable(_) | TableRef::Unmodelled { .. } => {}
    }
}
