//! INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY.

use super::expr::not_an_expr;
use super::*;

impl Lowerer<'_> {
    pub(super) fn insert(&mut self, insert: pg::InsertStmt) -> Insert {
        let overriding = insert.r#override();
        let relation = self.relation(insert.relation);
        match overriding {
            pg::OverridingKind::OverridingNotSet | pg::OverridingKind::Undefined => {}
            // Which of two values an identity column gets is a matter of data.
            pg::OverridingKind::OverridingUserValue | pg::OverridingKind::OverridingSystemValue => {}
        }
        Insert {
            with: self.with_clause(insert.with_clause),
            columns: self.targets(insert.cols),
            source: boxed(insert.select_stmt).map(|node| self.query_node(Some(node))),
            on_conflict: insert.on_conflict_clause.map(|clause| Box::new(self.on_conflict(*clause))),
            returning: self.returning(insert.returning_clause, "INSERT", &relation),
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
        let infer = clause.infer.map(|infer| *infer).unwrap_or_default();
        OnConflict {
            target: self.index_elems(infer.index_elems),
            target_where: self.expr_if_any(infer.where_clause),
            constraint: name_if_any(infer.conname),
            update,
            loc,
        }
    }

    pub(super) fn update(&mut self, update: pg::UpdateStmt) -> Update {
        let relation = self.relation(update.relation);
        Update {
            with: self.with_clause(update.with_clause),
            set: self.set_targets(update.target_list),
            from: self.table_refs(update.from_clause),
            filter: self.expr_if_any(update.where_clause),
            returning: self.returning(update.returning_clause, "UPDATE", &relation),
            relation,
        }
    }

    pub(super) fn delete(&mut self, delete: pg::DeleteStmt) -> Delete {
        let relation = self.relation(delete.relation);
        Delete {
            with: self.with_clause(delete.with_clause),
            using: self.table_refs(delete.using_clause),
            filter: self.expr_if_any(delete.where_clause),
            returning: self.returning(delete.returning_clause, "DELETE", &relation),
            relation,
        }
    }

    pub(super) fn merge(&mut self, merge: pg::MergeStmt) -> Merge {
        Merge {
            with: self.with_clause(merge.with_clause),
            relation: self.relation(merge.relation),
            source: self.table_ref(boxed(merge.source_relation)),
            on: self.expr_if_any(merge.join_condition),
            clauses: nodes(merge.merge_when_clauses).filter_map(|node| self.merge_clause(node)).to_vec(),
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
            pg::CmdType::CmdInsert => MergeAction::Insert(self.targets(clause.target_list), self.exprs(clause.values)),
            pg::CmdType::CmdUpdate => MergeAction::Update(self.set_targets(clause.target_list)),
            pg::CmdType::CmdDelete => MergeAction::Delete,
            _ => MergeAction::Nothing,
        };
        Some(MergeClause { matched, condition: self.expr_if_any(clause.condition), action })
    }

    fn returning(
        &mut self,
        clause: Option<pg::ReturningClause>,
        tag: &'static str,
        relation: &RangeVar,
    ) -> Vec<Target> {
        let Some(clause) = clause else { return Vec::new() };
        if !clause.options.is_empty() {
            // RETURNING WITH (OLD AS o): the new names for the old and new rows.
            self.give_up(tag, Touches::Relations(vec![relation.name.clone()]));
        }
        self.targets(clause.exprs)
    }

    /// SET of UPDATE. In `(a, b) = ROW(x, y)` every column has the whole row and its number; it gets its field here.
    fn set_targets(&mut self, list: Vec<Node>) -> Vec<Target> {
        list.into_iter()
            .filter_map(|node| {
                let Some(NodeEnum::ResTarget(mut target)) = node.node else {
                    self.unexpected();
                    return None;
                };
                let multiple = match target.val.as_deref_mut() {
                    Some(Node { node: Some(NodeEnum::MultiAssignRef(multiple)) }) => {
                        Some(std::mem::take(&mut **multiple))
                    }
                    _ => None,
                };
                let Some(multiple) = multiple else { return self.target(Some(NodeEnum::ResTarget(target))) };
                let index = usize::try_from(multiple.colno).unwrap_or(0).saturating_sub(1);
                let value = match boxed(multiple.source) {
                    Some(NodeEnum::RowExpr(row)) if row.args.len() == multiple.ncolumns as usize => {
                        let field = row.args.into_iter().nth(index).and_then(|node| node.node);
                        self.expr(field)
                    }
                    _ => not_an_expr("MultiAssignRef", self.loc(target.location)),
                };
                Some(Target {
                    name: name_if_any(target.name),
                    has_indirection: !target.indirection.is_empty(),
                    loc: self.loc(target.location),
                    value: Some(value),
                })
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
            from: copy.is_from,
            stdio: copy.filename.is_empty() && !copy.is_program,
        }
    }
}
