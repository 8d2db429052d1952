//! SELECT and what stands in its FROM.

use super::*;

impl Lowerer<'_> {
    /// The query of a SelectStmt node.
    pub(super) fn query_node(&mut self, node: Option<NodeEnum>) -> Query {
        match node {
            Some(NodeEnum::SelectStmt(select)) => self.query(*select),
            _ => {
                self.unexpected();
                no_query()
            }
        }
    }

    pub(in crate::sql) fn query(&mut self, select: pg::SelectStmt) -> Query {
        self.nested(|l| l.query_unnested(select)).unwrap_or_else(no_query)
    }

    fn query_unnested(&mut self, select: pg::SelectStmt) -> Query {
        let with_ties = select.limit_option() == pg::LimitOption::WithTies;
        let op = select.op();
        let with = self.with_clause(select.with_clause);
        let order_by = self.sort_by_list(select.sort_clause);
        let limit = self.expr_if_any(select.limit_count);
        let offset = self.expr_if_any(select.limit_offset);
        let locking = self.locking(select.locking_clause);
        let set_op = match op {
            pg::SetOperation::SetopNone | pg::SetOperation::Undefined => None,
            pg::SetOperation::SetopUnion => Some(SetOp::Union),
            pg::SetOperation::SetopIntersect => Some(SetOp::Intersect),
            pg::SetOperation::SetopExcept => Some(SetOp::Except),
        };
        let body = if let Some(op) = set_op {
            let (Some(left), Some(right)) = (select.larg, select.rarg) else {
                self.unexpected();
                return no_query();
            };
            let left = Box::new(self.query(*left));
            QueryBody::SetOp { op, all: select.all, left, right: Box::new(self.query(*right)) }
        } else if !select.values_lists.is_empty() {
            let rows = select.values_lists.into_iter().map(|row| {
                let row = self.list(row.node);
                self.exprs(row)
            });
            QueryBody::Values(rows.to_vec())
        } else {
            QueryBody::Select(Box::new(Select {
                distinct: self.distinct(select.distinct_clause),
                targets: self.targets(select.target_list),
                into: select.into_clause.map(|into| Box::new(self.lower_into(*into))),
                from: self.table_refs(select.from_clause),
                filter: self.expr_if_any(select.where_clause),
                group_by: self.group_by(select.group_clause),
                group_distinct: select.group_distinct,
                having: self.expr_if_any(select.having_clause),
                windows: self.window_defs(select.window_clause),
            }))
        };
        Query { with, body, order_by, limit, with_ties, offset, locking }
    }

    fn distinct(&mut self, list: Vec<Node>) -> Distinct {
        // DISTINCT without ON is a list of one NULL.
        match list.first() {
            None => Distinct::No,
            Some(Node { node: None }) => Distinct::All,
            Some(_) => Distinct::On(self.exprs(list)),
        }
    }

    pub(super) fn lower_into(&mut self, into: pg::IntoClause) -> IntoTable {
        let on_commit = match into.on_commit() {
            pg::OnCommitAction::OncommitNoop | pg::OnCommitAction::Undefined => None,
            pg::OnCommitAction::OncommitPreserveRows => Some(OnCommit::PreserveRows),
            pg::OnCommitAction::OncommitDeleteRows => Some(OnCommit::DeleteRows),
            pg::OnCommitAction::OncommitDrop => Some(OnCommit::Drop),
        };
        IntoTable {
            relation: self.relation(into.rel),
            columns: self.names(into.col_names),
            access_method: name_if_any(into.access_method),
            options: self.options(into.options),
            on_commit,
            tablespace: name_if_any(into.table_space_name),
            no_data: into.skip_data,
        }
    }

    /// A select list or RETURNING.
    pub(super) fn targets(&mut self, list: Vec<Node>) -> Vec<Target> {
        list.into_iter().filter_map(|node| self.target(node.node)).to_vec()
    }

    pub(super) fn target(&mut self, node: Option<NodeEnum>) -> Option<Target> {
        let Some(NodeEnum::ResTarget(target)) = node else {
            self.unexpected();
            return None;
        };
        Some(Target {
            name: name_if_any(target.name),
            loc: self.loc(target.location),
            indirection: self.indirection(target.indirection),
            value: self.expr_if_any(target.val),
        })
    }

    fn group_by(&mut self, list: Vec<Node>) -> Vec<GroupBy> {
        list.into_iter()
            .map(|node| match node.node {
                Some(NodeEnum::GroupingSet(set)) => self.grouping_set(set),
                node => GroupBy::Expr(self.expr(node)),
            })
            .to_vec()
    }

    fn grouping_set(&mut self, set: pg::GroupingSet) -> GroupBy {
        let kind = set.kind();
        let loc = self.loc(set.location);
        let content = self.nested(|l| l.group_by(set.content)).unwrap_or_default();
        match kind {
            pg::GroupingSetKind::GroupingSetEmpty => GroupBy::Empty(loc),
            pg::GroupingSetKind::GroupingSetRollup => GroupBy::Rollup(content, loc),
            pg::GroupingSetKind::GroupingSetCube => GroupBy::Cube(content, loc),
            pg::GroupingSetKind::GroupingSetSets => GroupBy::Sets(content, loc),
            pg::GroupingSetKind::GroupingSetSimple | pg::GroupingSetKind::Undefined => {
                self.unexpected();
                GroupBy::Empty(loc)
            }
        }
    }

    pub(super) fn sort_by_list(&mut self, list: Vec<Node>) -> Vec<SortBy> {
        nodes(list).filter_map(|node| self.sort_by(node)).to_vec()
    }

    fn sort_by(&mut self, node: NodeEnum) -> Option<SortBy> {
        let NodeEnum::SortBy(sort) = node else {
            self.unexpected();
            return None;
        };
        let loc = self.loc(sort.location);
        let direction = match sort.sortby_dir() {
            pg::SortByDir::SortbyAsc => SortDirection::Asc,
            pg::SortByDir::SortbyDesc => SortDirection::Desc,
            pg::SortByDir::SortbyUsing => SortDirection::Using(self.qualified(sort.use_op.clone(), loc)),
            pg::SortByDir::SortbyDefault | pg::SortByDir::Undefined => SortDirection::Default,
        };
        let nulls_first = nulls_first(sort.sortby_nulls());
        Some(SortBy { expr: self.expr(boxed(sort.node)), direction, nulls_first, loc })
    }

    fn window_defs(&mut self, list: Vec<Node>) -> Vec<WindowDef> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::WindowDef(window) => Some(self.window_def(*window)),
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }

    pub(super) fn window_def(&mut self, window: pg::WindowDef) -> WindowDef {
        WindowDef {
            name: name_if_any(window.name),
            refname: name_if_any(window.refname),
            partition_by: self.exprs(window.partition_clause),
            order_by: self.sort_by_list(window.order_clause),
            frame_options: window.frame_options,
            start_offset: self.boxed_expr_if_any(window.start_offset),
            end_offset: self.boxed_expr_if_any(window.end_offset),
            loc: self.loc(window.location),
        }
    }

    fn locking(&mut self, list: Vec<Node>) -> Vec<Locking> {
        nodes(list)
            .filter_map(|node| {
                let NodeEnum::LockingClause(locking) = node else {
                    self.unexpected();
                    return None;
                };
                let strength = match locking.strength() {
                    pg::LockClauseStrength::LcsForkeyshare => LockStrength::KeyShare,
                    pg::LockClauseStrength::LcsForshare => LockStrength::Share,
                    pg::LockClauseStrength::LcsFornokeyupdate => LockStrength::NoKeyUpdate,
                    pg::LockClauseStrength::LcsForupdate => LockStrength::Update,
                    pg::LockClauseStrength::LcsNone | pg::LockClauseStrength::Undefined => {
                        self.unexpected();
                        return None;
                    }
                };
                let wait = match locking.wait_policy() {
                    pg::LockWaitPolicy::LockWaitSkip => LockWait::Skip,
                    pg::LockWaitPolicy::LockWaitError => LockWait::Error,
                    pg::LockWaitPolicy::LockWaitBlock | pg::LockWaitPolicy::Undefined => LockWait::Block,
                };
                Some(Locking { strength, of: self.relations(locking.locked_rels), wait })
            })
            .to_vec()
    }

    pub(super) fn with_clause(&mut self, with: Option<pg::WithClause>) -> Option<With> {
        let with = with?;
        let loc = self.loc(with.location);
        let ctes = nodes(with.ctes)
            .filter_map(|node| match node {
                NodeEnum::CommonTableExpr(cte) => self.nested(|l| l.cte(*cte)).flatten(),
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec();
        Some(With { recursive: with.recursive, ctes, loc })
    }

    fn cte(&mut self, cte: pg::CommonTableExpr) -> Option<Cte> {
        let materialized = match cte.ctematerialized() {
            pg::CteMaterialize::Always => Some(true),
            pg::CteMaterialize::Never => Some(false),
            pg::CteMaterialize::Default | pg::CteMaterialize::CtematerializeUndefined => None,
        };
        let search = cte.search_clause.map(|clause| SearchClause {
            breadth_first: clause.search_breadth_first,
            columns: self.names(clause.search_col_list),
            sequence_column: clause.search_seq_column.into(),
            loc: self.loc(clause.location),
        });
        let cycle = cte.cycle_clause.map(|clause| {
            Box::new(CycleClause {
                columns: self.names(clause.cycle_col_list),
                mark_column: clause.cycle_mark_column.into(),
                mark_value: self.expr(boxed(clause.cycle_mark_value)),
                mark_default: self.expr(boxed(clause.cycle_mark_default)),
                path_column: clause.cycle_path_column.into(),
                loc: self.loc(clause.location),
            })
        });
        let body = match boxed(cte.ctequery) {
            Some(NodeEnum::SelectStmt(select)) => CteBody::Query(Box::new(self.query(*select))),
            Some(NodeEnum::InsertStmt(insert)) => CteBody::Insert(Box::new(self.insert(*insert))),
            Some(NodeEnum::UpdateStmt(update)) => CteBody::Update(Box::new(self.update(*update))),
            Some(NodeEnum::DeleteStmt(delete)) => CteBody::Delete(Box::new(self.delete(*delete))),
            Some(NodeEnum::MergeStmt(merge)) => CteBody::Merge(Box::new(self.merge(*merge))),
            _ => {
                self.unexpected();
                return None;
            }
        };
        Some(Cte {
            name: cte.ctename.into(),
            columns: self.names(cte.aliascolnames),
            materialized,
            body,
            search,
            cycle,
            loc: self.loc(cte.location),
        })
    }

    /// FROM, USING.
    pub(super) fn table_refs(&mut self, list: Vec<Node>) -> Vec<TableRef> {
        list.into_iter().map(|node| self.table_ref(node.node)).to_vec()
    }

    pub(super) fn table_ref(&mut self, node: Option<NodeEnum>) -> TableRef {
        self.nested(|l| l.table_ref_unnested(node)).unwrap_or_else(no_table_ref)
    }

    fn table_ref_unnested(&mut self, node: Option<NodeEnum>) -> TableRef {
        match node {
            Some(NodeEnum::RangeVar(relation)) => {
                TableRef::Relation { relation: self.range_var(relation), sample: None }
            }
            Some(NodeEnum::RangeTableSample(sample)) => {
                let relation = self.relation_node(boxed(sample.relation));
                let loc = self.loc(sample.location);
                let sample = TableSample {
                    method: self.qualified(sample.method, loc),
                    args: self.exprs(sample.args),
                    repeatable: self.expr_if_any(sample.repeatable),
                    loc,
                };
                TableRef::Relation { relation, sample: Some(Box::new(sample)) }
            }
            Some(NodeEnum::RangeSubselect(subselect)) => {
                let query = Box::new(self.query_node(boxed(subselect.subquery)));
                let alias = self.alias(subselect.alias);
                if alias.is_none() {
                    self.refuse_newer_subquery(&query);
                }
                TableRef::Subquery { lateral: subselect.lateral, query, alias }
            }
            Some(NodeEnum::RangeFunction(function)) => self.range_function(function),
            Some(NodeEnum::JoinExpr(join)) => self.join(*join),
            Some(NodeEnum::RangeTableFunc(table)) => TableRef::XmlTable(Box::new(self.xml_table(*table))),
            Some(NodeEnum::JsonTable(table)) => TableRef::JsonTable(Box::new(self.json_table(*table))),
            _ => {
                self.unexpected();
                no_table_ref()
            }
        }
    }

    fn range_function(&mut self, function: pg::RangeFunction) -> TableRef {
        // Each element is a list of the call and its column definitions.
        let functions: Vec<TableFunction> = function
            .functions
            .into_iter()
            .map(|pair| {
                let mut pair = self.list(pair.node).into_iter().map(|node| node.node);
                let call = self.expr(pair.next().flatten());
                let columns = match pair.next().flatten() {
                    Some(columns) => {
                        let columns = self.list(Some(columns));
                        self.column_specs(columns)
                    }
                    None => Vec::new(),
                };
                TableFunction { call, columns }
            })
            .to_vec();
        TableRef::Function {
            lateral: function.lateral,
            ordinality: function.ordinality,
            rows_from: function.is_rowsfrom,
            loc: functions.first().map_or(Loc::NONE, |f| f.call.loc),
            functions,
            alias: self.alias(function.alias),
            columns: self.column_specs(function.coldeflist),
        }
    }

    fn column_specs(&mut self, list: Vec<Node>) -> Vec<ColumnSpec> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::ColumnDef(column) => {
                    let column = *column;
                    Some(ColumnSpec {
                        name: column.colname.into(),
                        ty: self.required_type(column.type_name),
                        collation: column.coll_clause.map(|clause| self.collation(*clause)),
                        loc: self.loc(column.location),
                    })
                }
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }

    fn join(&mut self, join: pg::JoinExpr) -> TableRef {
        let kind = match join.jointype() {
            pg::JoinType::JoinInner => JoinKind::Inner,
            pg::JoinType::JoinLeft => JoinKind::Left,
            pg::JoinType::JoinFull => JoinKind::Full,
            pg::JoinType::JoinRight => JoinKind::Right,
            pg::JoinType::JoinSemi
            | pg::JoinType::JoinAnti
            | pg::JoinType::JoinRightSemi
            | pg::JoinType::JoinRightAnti
            | pg::JoinType::JoinUniqueOuter
            | pg::JoinType::JoinUniqueInner
            | pg::JoinType::Undefined => {
                self.unexpected();
                JoinKind::Inner
            }
        };
        TableRef::Join(Box::new(Join {
            kind,
            natural: join.is_natural,
            left: self.table_ref(boxed(join.larg)),
            right: self.table_ref(boxed(join.rarg)),
            using: self.names(join.using_clause),
            using_alias: join.join_using_alias.map(|alias| alias.aliasname.into()),
            on: self.expr_if_any(join.quals),
            alias: self.alias(join.alias),
        }))
    }
}

pub(super) fn nulls_first(nulls: pg::SortByNulls) -> Option<bool> {
    match nulls {
        pg::SortByNulls::SortbyNullsFirst => Some(true),
        pg::SortByNulls::SortbyNullsLast => Some(false),
        pg::SortByNulls::SortbyNullsDefault | pg::SortByNulls::Undefined => None,
    }
}

/// Stands for a query that could not be lowered; the statement is given up.
fn no_query() -> Query {
    Query {
        with: None,
        body: QueryBody::Values(Vec::new()),
        order_by: Vec::new(),
        limit: None,
        with_ties: false,
        offset: None,
        locking: Vec::new(),
    }
}

/// Stands for an element of FROM that could not be lowered; the statement is given up.
fn no_table_ref() -> TableRef {
    TableRef::Unmodelled { what: "unknown", alias: None }
}
