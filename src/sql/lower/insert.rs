//! INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY.

use super::*;

impl Lowerer<'_> {
    pub(super) fn insert(&mut self, insert: pg::InsertStmt) -> Insert {
        let overriding = overriding(insert.r#override());
        let relation = self.relation(insert.relation);
        let (returning_options, returning) = self.returning(insert.returning_clause);
        Insert {
            with: self.with_clause(insert.with_clause),
            columns: self.targets(insert.cols),
            overriding,
            source: boxed(insert.select_stmt).map(|node| self.query_node(Some(node))),
            on_conflict: insert.on_conflict_clause.map(|clause| Box::new(self.on_conflict(*clause))),
            returning,
            returning_options,
            relation,
        }
    }

    fn on_conflict(&mut self, clause: pg::OnConflictClause) -> OnConflict {
        let loc = self.loc(clause.location);
        let update = if clause.action() == pg::OnConflictAction::OnconflictUpdate {
            let set = self.set_targets(clause.target_list);
            Some((set, self.expr_if_any(clause.where_clause)))
        } else {
            None
        };
        let target_loc = clause.infer.as_ref().map_or(Loc::NONE, |infer| self.loc(infer.location));
        let infer = clause.infer.map(|infer| *infer).unwrap_or_default();
        OnConflict {
            target: self.index_elems(infer.index_elems),
            target_where: self.expr_if_any(infer.where_clause),
            constraint: name_if_any(infer.conname),
            target_loc,
            update,
            loc,
        }
    }

    pub(super) fn update(&mut self, update: pg::UpdateStmt) -> Update {
        let relation = self.relation(update.relation);
        let (returning_options, returning) = self.returning(update.returning_clause);
        Update {
            with: self.with_clause(update.with_clause),
            set: self.set_targets(update.target_list),
            from: self.table_refs(update.from_clause),
            filter: self.expr_if_any(update.where_clause),
            returning,
            returning_options,
            relation,
        }
    }

    pub(super) fn delete(&mut self, delete: pg::DeleteStmt) -> Delete {
        let relation = self.relation(delete.relation);
        let (returning_options, returning) = self.returning(delete.returning_clause);
        Delete {
            with: self.with_clause(delete.with_clause),
            using: self.table_refs(delete.using_clause),
            filter: self.expr_if_any(delete.where_clause),
            returning,
            returning_options,
            relation,
        }
    }

    pub(super) fn merge(&mut self, merge: pg::MergeStmt) -> Merge {
        let relation = self.relation(merge.relation);
        let has_returning = merge.returning_clause.is_some();
        let (returning_options, returning) = self.returning(merge.returning_clause);
        self.refuse_newer_merge(has_returning, &returning);
        Merge {
            with: self.with_clause(merge.with_clause),
            relation,
            source: self.table_ref(boxed(merge.source_relation)),
            on: self.expr_if_any(merge.join_condition),
            clauses: nodes(merge.merge_when_clauses).filter_map(|node| self.merge_clause(node)).to_vec(),
            returning,
            returning_options,
        }
    }

    fn merge_clause(&mut self, node: NodeEnum) -> Option<MergeClause> {
        let NodeEnum::MergeWhenClause(clause) = node else {
            self.unexpected();
            return None;
        };
        let matched = match clause.match_kind() {
            pg::MergeMatchKind::MergeWhenNotMatchedByTarget => MergeMatch::NotByTarget,
            pg::MergeMatchKind::MergeWhenNotMatchedBySource => MergeMatch::NotBySource,
            pg::MergeMatchKind::MergeWhenMatched | pg::MergeMatchKind::Undefined => MergeMatch::Matched,
        };
        let action = match clause.command_type() {
            pg::CmdType::CmdInsert => MergeAction::Insert {
                overriding: overriding(clause.r#override()),
                columns: self.targets(clause.target_list),
                values: self.exprs(clause.values),
            },
            pg::CmdType::CmdUpdate => MergeAction::Update(self.set_targets(clause.target_list)),
            pg::CmdType::CmdDelete => MergeAction::Delete,
            _ => MergeAction::Nothing,
        };
        Some(MergeClause { matched, condition: self.expr_if_any(clause.condition), action })
    }

    /// RETURNING: the names for the old and new rows, and the list.
    fn returning(&mut self, clause: Option<pg::ReturningClause>) -> (Vec<ReturningOption>, Vec<Target>) {
        let Some(clause) = clause else { return Default::default() };
        self.refuse_newer_returning(&clause);
        let options = nodes(clause.options).filter_map(|node| match node {
            NodeEnum::ReturningOption(option) => Some(ReturningOption {
                new: option.option() == pg::ReturningOptionKind::ReturningOptionNew,
                loc: self.loc(option.location),
                name: option.value.into(),
            }),
            _ => {
                self.unexpected();
                None
            }
        });
        (options.to_vec(), self.targets(clause.exprs))
    }

    /// SET of UPDATE. In `(a, b) = ROW(x, y)` every column has the whole row and its number; it gets its field here,
    /// unless the row has another number of fields or a `*`, which only the analyser can count.
    fn set_targets(&mut self, list: Vec<Node>) -> Vec<Target> {
        list.into_iter()
            .filter_map(|node| {
                let Some(NodeEnum::ResTarget(mut target)) = node.node else {
                    self.unexpected();
                    return None;
                };
                if let Some(Node { node: Some(NodeEnum::MultiAssignRef(multiple)) }) = target.val.as_deref_mut()
                    && let Some(field) = field_of_row(multiple)
                {
                    target.val = Some(Box::new(field));
                }
                self.target(Some(NodeEnum::ResTarget(target)))
            })
            .to_vec()
    }

    pub(super) fn truncate(&mut self, truncate: pg::TruncateStmt) -> StatementKind {
        StatementKind::Truncate {
            behavior: drop_behavior(truncate.behavior()),
            restart_identity: truncate.restart_seqs,
            relations: self.relations(truncate.relations),
        }
    }

    pub(super) fn copy(&mut self, copy: pg::CopyStmt) -> Copy {
        Copy {
            relation: copy.relation.map(|relation| self.range_var(relation)),
            columns: self.names(copy.attlist),
            query: boxed(copy.query).map(|node| self.statement(Some(node))),
            filter: self.expr_if_any(copy.where_clause),
            options: self.options(copy.options),
            from: copy.is_from,
            stdio: copy.filename.is_empty() && !copy.is_program,
        }
    }
}

/// The field for a column of `SET (a, b) = ROW(x, y)`, if every column has one (analyze.c: transformMultiAssignRef).
fn field_of_row(multiple: &mut pg::MultiAssignRef) -> Option<Node> {
    let Some(Node { node: Some(NodeEnum::RowExpr(row)) }) = multiple.source.as_deref_mut() else { return None };
    let star = |node: &Node| match &node.node {
        Some(NodeEnum::ColumnRef(column)) => {
            matches!(column.fields.last(), Some(Node { node: Some(NodeEnum::AStar(_)) }))
        }
        Some(NodeEnum::AIndirection(indirection)) => {
            matches!(indirection.indirection.last(), Some(Node { node: Some(NodeEnum::AStar(_)) }))
        }
        _ => false,
    };
    if usize::try_from(multiple.ncolumns) != Ok(row.args.len()) || row.args.iter().any(star) {
        return None;
    }
    let index = usize::try_from(multiple.colno).ok()?.checked_sub(1)?;
    row.args.get_mut(index).map(std::mem::take)
}

fn overriding(kind: pg::OverridingKind) -> Overriding {
    match kind {
        pg::OverridingKind::OverridingNotSet | pg::OverridingKind::Undefined => Overriding::NotSet,
        pg::OverridingKind::OverridingUserValue => Overriding::UserValue,
        pg::OverridingKind::OverridingSystemValue => Overriding::SystemValue,
    }
}
