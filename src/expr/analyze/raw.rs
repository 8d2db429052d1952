//! What is directly in nodes of syntax trees (`nodeFuncs.c: raw_expression_tree_walker`).

use crate::sql::ast::*;

/// A node of a syntax tree, as far as WITH is concerned.
#[derive(Clone, Copy)]
pub(super) enum Raw<'a> {
    Expr(&'a Expr),
    Query(&'a Query),
    Insert(&'a Insert),
    Update(&'a Update),
    Delete(&'a Delete),
    Merge(&'a Merge),
    Table(&'a TableRef),
    Relation(&'a RangeVar),
}

impl<'a> Raw<'a> {
    /// The statement of a WITH query.
    pub(super) fn of_cte(cte: &'a Cte) -> Raw<'a> {
        match &cte.body {
            CteBody::Query(query) => Raw::Query(query),
            CteBody::Insert(stmt) => Raw::Insert(stmt),
            CteBody::Update(stmt) => Raw::Update(stmt),
            CteBody::Delete(stmt) => Raw::Delete(stmt),
            CteBody::Merge(stmt) => Raw::Merge(stmt),
        }
    }

    /// WITH of a statement.
    pub(super) fn with(self) -> Option<&'a With> {
        match self {
            Raw::Query(query) => query.with.as_ref(),
            Raw::Insert(stmt) => stmt.with.as_ref(),
            Raw::Update(stmt) => stmt.with.as_ref(),
            Raw::Delete(stmt) => stmt.with.as_ref(),
            Raw::Merge(stmt) => stmt.with.as_ref(),
            Raw::Expr(_) | Raw::Table(_) | Raw::Relation(_) => None,
        }
    }

    /// What is directly in it, WITH left out.
    pub(super) fn children(self) -> Vec<Raw<'a>> {
        let mut out = Vec::new();
        match self {
            Raw::Expr(expr) => of_expr(expr, &mut out),
            Raw::Query(query) => of_query(query, &mut out),
            Raw::Insert(stmt) => {
                out.push(Raw::Relation(&stmt.relation));
                targets(&stmt.columns, &mut out);
                out.extend(stmt.source.iter().map(Raw::Query));
                if let Some(conflict) = &stmt.on_conflict {
                    for element in &conflict.target {
                        if let IndexKey::Expr(expr) = &element.key {
                            out.push(Raw::Expr(expr));
                        }
                    }
                    exprs(&conflict.target_where, &mut out);
                    if let Some((set, filter)) = &conflict.update {
                        targets(set, &mut out);
                        exprs(filter, &mut out);
                    }
                }
                targets(&stmt.returning, &mut out);
            }
            Raw::Update(stmt) => {
                out.push(Raw::Relation(&stmt.relation));
                targets(&stmt.set, &mut out);
                exprs(&stmt.filter, &mut out);
                out.extend(stmt.from.iter().map(Raw::Table));
                targets(&stmt.returning, &mut out);
            }
            Raw::Delete(stmt) => {
                out.push(Raw::Relation(&stmt.relation));
                out.extend(stmt.using.iter().map(Raw::Table));
                exprs(&stmt.filter, &mut out);
                targets(&stmt.returning, &mut out);
            }
            Raw::Merge(stmt) => {
                out.push(Raw::Relation(&stmt.relation));
                out.push(Raw::Table(&stmt.source));
                exprs(&stmt.on, &mut out);
                for clause in &stmt.clauses {
                    exprs(&clause.condition, &mut out);
                    match &clause.action {
                        MergeAction::Insert { columns, values, .. } => {
                            targets(columns, &mut out);
                            exprs(values, &mut out);
                        }
                        MergeAction::Update(set) => targets(set, &mut out),
                        MergeAction::Delete | MergeAction::Nothing => {}
                    }
                }
                targets(&stmt.returning, &mut out);
            }
            Raw::Table(table) => of_table(table, &mut out),
            Raw::Relation(_) => {}
        }
        out
    }
}

fn exprs<'a>(list: impl IntoIterator<Item = &'a Expr>, out: &mut Vec<Raw<'a>>) {
    out.extend(list.into_iter().map(Raw::Expr));
}

fn boxed<'a>(list: impl IntoIterator<Item = &'a Box<Expr>>, out: &mut Vec<Raw<'a>>) {
    out.extend(list.into_iter().map(|expr| Raw::Expr(expr)));
}

fn path<'a>(steps: &'a [Indirection], out: &mut Vec<Raw<'a>>) {
    for step in steps {
        match step {
            Indirection::Field(_) | Indirection::Star => {}
            Indirection::Index(index) => out.push(Raw::Expr(index)),
            Indirection::Slice(low, high) => boxed(low.iter().chain(high), out),
        }
    }
}

fn targets<'a>(list: &'a [Target], out: &mut Vec<Raw<'a>>) {
    for target in list {
        path(&target.indirection, out);
        exprs(&target.value, out);
    }
}

fn sorts<'a>(list: &'a [SortBy], out: &mut Vec<Raw<'a>>) {
    exprs(list.iter().map(|sort| &sort.expr), out);
}

fn window<'a>(window: &'a WindowDef, out: &mut Vec<Raw<'a>>) {
    exprs(&window.partition_by, out);
    sorts(&window.order_by, out);
    boxed(window.start_offset.iter().chain(&window.end_offset), out);
}

fn group<'a>(element: &'a GroupBy, out: &mut Vec<Raw<'a>>) {
    match element {
        GroupBy::Expr(expr) => out.push(Raw::Expr(expr)),
        GroupBy::Empty(_) => {}
        GroupBy::Rollup(list, _) | GroupBy::Cube(list, _) | GroupBy::Sets(list, _) => {
            list.iter().for_each(|element| group(element, out));
        }
    }
}

fn of_query<'a>(query: &'a Query, out: &mut Vec<Raw<'a>>) {
    match &query.body {
        QueryBody::Select(select) => {
            if let Distinct::On(list) = &select.distinct {
                exprs(list, out);
            }
            targets(&select.targets, out);
            out.extend(select.from.iter().map(Raw::Table));
            exprs(&select.filter, out);
            select.group_by.iter().for_each(|element| group(element, out));
            exprs(&select.having, out);
            select.windows.iter().for_each(|def| window(def, out));
        }
        QueryBody::Values(rows) => exprs(rows.iter().flatten(), out),
        QueryBody::SetOp { .. } => {}
    }
    trailing(query, out);
    if let QueryBody::SetOp { left, right, .. } = &query.body {
        out.push(Raw::Query(left));
        out.push(Raw::Query(right));
    }
}

/// ORDER BY, OFFSET, LIMIT and FOR UPDATE.
pub(super) fn trailing<'a>(query: &'a Query, out: &mut Vec<Raw<'a>>) {
    sorts(&query.order_by, out);
    exprs(query.offset.iter().chain(&query.limit), out);
    out.extend(query.locking.iter().flat_map(|locking| &locking.of).map(Raw::Relation));
}

fn behaviors<'a>(list: impl IntoIterator<Item = &'a JsonBehavior>, out: &mut Vec<Raw<'a>>) {
    exprs(list.into_iter().filter_map(|behavior| behavior.default.as_ref()), out);
}

fn json_columns<'a>(columns: &'a [JsonTableColumn], out: &mut Vec<Raw<'a>>) {
    for column in columns {
        match &column.kind {
            JsonTableColumnKind::ForOrdinality(_) => {}
            JsonTableColumnKind::Regular { on_empty, on_error, .. }
            | JsonTableColumnKind::Exists { on_empty, on_error, .. } => behaviors(on_empty.iter().chain(on_error), out),
            JsonTableColumnKind::Nested { columns, .. } => json_columns(columns, out),
        }
    }
}

fn of_table<'a>(table: &'a TableRef, out: &mut Vec<Raw<'a>>) {
    match table {
        TableRef::Relation { relation, sample } => {
            out.push(Raw::Relation(relation));
            if let Some(sample) = sample {
                exprs(sample.args.iter().chain(&sample.repeatable), out);
            }
        }
        TableRef::Subquery { query, .. } => out.push(Raw::Query(query)),
        TableRef::Function { functions, .. } => exprs(functions.iter().map(|function| &function.call), out),
        TableRef::Join(join) => {
            out.push(Raw::Table(&join.left));
            out.push(Raw::Table(&join.right));
            exprs(&join.on, out);
        }
        TableRef::XmlTable(table) => {
            targets(&table.namespaces, out);
            exprs([&table.document, &table.row], out);
            exprs(table.columns.iter().flat_map(|column| column.path.iter().chain(&column.default)), out);
        }
        TableRef::JsonTable(table) => {
            out.push(Raw::Expr(&table.context.expr));
            exprs(table.passing.iter().map(|passing| &passing.value.expr), out);
            json_columns(&table.columns, out);
            behaviors(&table.on_error, out);
        }
        TableRef::Unmodelled { .. } => {}
    }
}

fn of_expr<'a>(expr: &'a Expr, out: &mut Vec<Raw<'a>>) {
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
        ExprKind::MultiAssign { source, .. } => boxed(source, out),
        ExprKind::Xml(xml) => of_xml(xml, out),
        ExprKind::Json(json) => of_json(json, out),
        ExprKind::Cast { operand, .. }
        | ExprKind::Not(operand)
        | ExprKind::IsNull { operand, .. }
        | ExprKind::BooleanTest { operand, .. }
        | ExprKind::Collate { operand, .. } => boxed([operand], out),
        ExprKind::Op { left, right, .. } => boxed(left.iter().chain([right]), out),
        ExprKind::OpArray { left, right, .. }
        | ExprKind::Distinct { left, right, .. }
        | ExprKind::NullIf(left, right)
        | ExprKind::Like { operand: left, pattern: right, .. } => boxed([left, right], out),
        ExprKind::In { operand, list, .. } => {
            boxed([operand], out);
            exprs(list, out);
        }
        ExprKind::Between { operand, low, high, .. } => boxed([operand, low, high], out),
        ExprKind::And(list)
        | ExprKind::Or(list)
        | ExprKind::Coalesce(list)
        | ExprKind::Greatest(list)
        | ExprKind::Least(list)
        | ExprKind::Array(list)
        | ExprKind::Grouping(list)
        | ExprKind::Row { fields: list, .. } => exprs(list, out),
        ExprKind::Func(call) => {
            exprs(call.args.iter().map(|arg| &arg.value), out);
            sorts(&call.order_by, out);
            exprs(&call.filter, out);
            call.over.iter().for_each(|def| window(def, out));
        }
        ExprKind::Case { operand, whens, otherwise } => {
            boxed(operand, out);
            exprs(whens.iter().flat_map(|(when, then)| [when, then]), out);
            boxed(otherwise, out);
        }
        ExprKind::Indirection { operand, path: steps } => {
            boxed([operand], out);
            path(steps, out);
        }
        ExprKind::SubLink { kind, query } => {
            match kind {
                SubLinkKind::Any { operand, .. } | SubLinkKind::All { operand, .. } => boxed([operand], out),
                SubLinkKind::Exists | SubLinkKind::Scalar | SubLinkKind::Array => {}
            }
            out.push(Raw::Query(query));
        }
    }
}

fn of_xml<'a>(xml: &'a XmlExpr, out: &mut Vec<Raw<'a>>) {
    match xml {
        XmlExpr::Element { attributes, content, .. } => {
            targets(attributes, out);
            exprs(content, out);
        }
        XmlExpr::Forest(list) => targets(list, out),
        XmlExpr::Concat(list) => exprs(list, out),
        XmlExpr::Pi { value, .. } => boxed(value, out),
        XmlExpr::Root { value, version, .. } => boxed([value, version], out),
        XmlExpr::Parse { value, .. } | XmlExpr::Serialize { value, .. } | XmlExpr::IsDocument(value) => {
            boxed([value], out);
        }
    }
}

fn of_json<'a>(json: &'a JsonExpr, out: &mut Vec<Raw<'a>>) {
    let agg = |agg: &'a JsonAgg, out: &mut Vec<Raw<'a>>| {
        sorts(&agg.order_by, out);
        exprs(&agg.filter, out);
        agg.over.iter().for_each(|def| window(def, out));
    };
    match json {
        JsonExpr::Object(object) => {
            exprs(object.members.iter().flat_map(|member| [&member.key, &member.value.expr]), out);
        }
        JsonExpr::Array(array) => exprs(array.elements.iter().map(|value| &value.expr), out),
        JsonExpr::ArrayQuery(array) => out.push(Raw::Query(&array.query)),
        JsonExpr::ObjectAgg(object) => {
            exprs([&object.member.key, &object.member.value.expr], out);
            agg(&object.agg, out);
        }
        JsonExpr::ArrayAgg(array) => {
            exprs([&array.element.expr], out);
            agg(&array.agg, out);
        }
        JsonExpr::Is(is) => exprs([&is.operand], out),
        JsonExpr::Parse(parse) => exprs([&parse.value.expr], out),
        JsonExpr::Scalar { value, .. } => exprs([value], out),
        JsonExpr::Serialize { value, .. } => exprs([&value.expr], out),
        JsonExpr::Func(func) => {
            exprs([&func.context.expr, &func.path], out);
            exprs(func.passing.iter().map(|passing| &passing.value.expr), out);
            behaviors(func.on_empty.iter().chain(&func.on_error), out);
        }
    }
}
