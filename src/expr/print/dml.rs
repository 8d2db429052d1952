//! INSERT, UPDATE, DELETE and MERGE (`ruleutils.c: get_insert_query_def` and its like), and statements of SQL bodies.

use super::{INDENT_STD, Writer};
use crate::sql::ast::*;

impl Writer<'_> {
    /// A statement of a body in SQL-standard syntax: the grammar takes queries and data-modifying statements there.
    pub(super) fn statement(&mut self, statement: &StatementKind) {
        match statement {
            StatementKind::Select(query) => self.query(query, None, true),
            StatementKind::Insert(insert) => self.insert(insert),
            StatementKind::Update(update) => self.update(update),
            StatementKind::Delete(delete) => self.delete(delete),
            StatementKind::Merge(merge) => self.merge(merge),
            StatementKind::Call(call) => {
                self.push("CALL ");
                self.call(call);
            }
            // PostgreSQL refuses every other statement there (`functioncmds.c: interpret_AS_clause`).
            StatementKind::CreateSchema(_)
            | StatementKind::CreateExtension(_)
            | StatementKind::AlterExtension(_)
            | StatementKind::CreateRole(_)
            | StatementKind::AlterRole(_)
            | StatementKind::AlterRoleSet(_)
            | StatementKind::CreateTable(_)
            | StatementKind::CreateTableAs(_)
            | StatementKind::AlterTable(_)
            | StatementKind::CreateIndex(_)
            | StatementKind::CreateSequence(_)
            | StatementKind::AlterSequence(_)
            | StatementKind::CreateView(_)
            | StatementKind::RefreshMatView(_)
            | StatementKind::CreateEnum { .. }
            | StatementKind::AlterEnum(_)
            | StatementKind::CreateDomain(_)
            | StatementKind::AlterDomain(_)
            | StatementKind::CreateCompositeType { .. }
            | StatementKind::CreateRangeType { .. }
            | StatementKind::Define(_)
            | StatementKind::AlterOptions(_)
            | StatementKind::CreateCast(_)
            | StatementKind::CreateConversion(_)
            | StatementKind::AlterOperator(_)
            | StatementKind::CreateOpClass(_)
            | StatementKind::CreateOpFamily(_)
            | StatementKind::AlterOpFamily(_)
            | StatementKind::AlterTsConfig(_)
            | StatementKind::CreateFunction(_)
            | StatementKind::AlterFunction(_)
            | StatementKind::Do(_)
            | StatementKind::CreateTrigger(_)
            | StatementKind::CreatePolicy(_)
            | StatementKind::AlterPolicy(_)
            | StatementKind::Grant(_)
            | StatementKind::GrantRole(_)
            | StatementKind::AlterDefaultPrivileges(_)
            | StatementKind::CreatePublication(_)
            | StatementKind::AlterPublication(_)
            | StatementKind::Comment(_)
            | StatementKind::Rename(_)
            | StatementKind::AlterObjectSchema(_)
            | StatementKind::AlterOwner(_)
            | StatementKind::AlterObjectDepends(_)
            | StatementKind::Drop(_)
            | StatementKind::DropRole { .. }
            | StatementKind::DropOwned { .. }
            | StatementKind::ReassignOwned { .. }
            | StatementKind::Set(_)
            | StatementKind::Transaction(_)
            | StatementKind::CreateRule(_)
            | StatementKind::CreateStatistics(_)
            | StatementKind::AlterStatistics(_)
            | StatementKind::CreateEventTrigger(_)
            | StatementKind::AlterEventTrigger(_)
            | StatementKind::Prepare(_)
            | StatementKind::Execute(_)
            | StatementKind::DeclareCursor(_)
            | StatementKind::Notify { .. }
            | StatementKind::SetConstraints { .. }
            | StatementKind::Discard { .. }
            | StatementKind::Truncate { .. }
            | StatementKind::Copy(_)
            | StatementKind::Explain(_)
            | StatementKind::Utility(_)
            | StatementKind::Unmodelled(_) => {}
        }
    }

    pub(super) fn insert(&mut self, insert: &Insert) {
        let ctes = self.push_ctes(insert.with.as_ref());
        let scope = self.scope_of(&[], Some(&insert.relation));
        self.scopes.push(scope);
        if let Some(with) = &insert.with {
            self.with(with);
        }
        self.push("INSERT INTO ");
        self.modified_relation(&insert.relation, " AS");
        if !insert.columns.is_empty() {
            self.push(" (");
            self.list(&insert.columns, |w, column| w.ident(column.name.as_deref().unwrap_or_default()));
            self.push(")");
        }
        match &insert.source {
            None => self.push(" DEFAULT VALUES"),
            Some(source) => {
                if !self.indent {
                    self.push(" ");
                }
                self.query(source, None, false);
            }
        }
        if let Some(conflict) = &insert.on_conflict {
            self.on_conflict(conflict);
        }
        self.returning(&insert.returning);
        self.scopes.pop();
        self.ctes.truncate(ctes);
    }

    fn modified_relation(&mut self, relation: &RangeVar, word: &str) {
        if relation.only {
            self.push("ONLY ");
        }
        self.relation_name(relation);
        if let Some(alias) = &relation.alias {
            self.push(word);
            self.push(" ");
            self.ident(&alias.name);
        }
    }

    fn on_conflict(&mut self, conflict: &OnConflict) {
        self.push(" ON CONFLICT");
        if !conflict.target.is_empty() {
            self.push(" (");
            self.list(&conflict.target, |w, elem| w.index_elem(elem));
            self.push(")");
            if let Some(filter) = &conflict.target_where {
                self.push(" WHERE ");
                self.expr(filter);
            }
        } else if let Some(constraint) = &conflict.constraint {
            self.push(" ON CONSTRAINT ");
            self.ident(constraint);
        }
        match &conflict.update {
            None => self.push(" DO NOTHING"),
            Some((set, filter)) => {
                self.push(" DO UPDATE SET ");
                self.set_list(set);
                self.filter(filter.as_ref());
            }
        }
    }

    /// An element of an index or of ON CONFLICT, as it was written.
    pub(super) fn index_elem(&mut self, elem: &IndexElem) {
        match &elem.key {
            IndexKey::Column(column) => self.ident(&column.name),
            // A bare call needs no parentheses, but may have them.
            IndexKey::Expr(expr) => {
                self.push("(");
                self.expr(expr);
                self.push(")");
            }
        }
        if let Some(collation) = &elem.collation {
            self.push(" COLLATE ");
            self.qualified_name(collation);
        }
        if let Some(opclass) = &elem.opclass {
            self.push(" ");
            self.qualified_name(opclass);
            if !elem.opclass_options.is_empty() {
                self.push(" (");
                self.list(&elem.opclass_options, |w, (name, value)| {
                    w.ident(name);
                    w.push(" = ");
                    w.literal_text(value);
                });
                self.push(")");
            }
        }
        self.push(match elem.descending {
            Some(true) => " DESC",
            Some(false) => " ASC",
            None => "",
        });
        self.push(match elem.nulls_first {
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
            None => "",
        });
    }

    fn set_list(&mut self, set: &[Target]) {
        self.list(set, |w, target| {
            w.ident(target.name.as_deref().unwrap_or_default());
            w.push(" = ");
            if let Some(value) = &target.value {
                w.expr(value);
            }
        });
    }

    pub(super) fn update(&mut self, update: &Update) {
        let ctes = self.push_ctes(update.with.as_ref());
        let scope = self.scope_of(&update.from, Some(&update.relation));
        self.scopes.push(scope);
        if let Some(with) = &update.with {
            self.with(with);
        }
        self.begin_modification();
        self.push("UPDATE ");
        self.modified_relation(&update.relation, "");
        self.push(" SET ");
        self.set_list(&update.set);
        self.others(&update.from, " FROM ");
        self.filter(update.filter.as_ref());
        self.returning(&update.returning);
        self.scopes.pop();
        self.ctes.truncate(ctes);
    }

    pub(super) fn delete(&mut self, delete: &Delete) {
        let ctes = self.push_ctes(delete.with.as_ref());
        let scope = self.scope_of(&delete.using, Some(&delete.relation));
        self.scopes.push(scope);
        if let Some(with) = &delete.with {
            self.with(with);
        }
        self.begin_modification();
        self.push("DELETE FROM ");
        self.modified_relation(&delete.relation, "");
        self.others(&delete.using, " USING ");
        self.filter(delete.filter.as_ref());
        self.returning(&delete.returning);
        self.scopes.pop();
        self.ctes.truncate(ctes);
    }

    fn begin_modification(&mut self) {
        if self.indent {
            self.push(" ");
            self.indent_level += INDENT_STD;
        }
    }

    /// The tables beside the one that is changed.
    fn others(&mut self, from: &[TableRef], prefix: &str) {
        // The target is the first of the scope; the others follow it.
        if let Some(scope) = self.scopes.last_mut() {
            scope.items.rotate_left(1);
        }
        self.from(from, prefix);
        if let Some(scope) = self.scopes.last_mut() {
            scope.items.rotate_right(1);
        }
    }

    fn returning(&mut self, targets: &[Target]) {
        if !targets.is_empty() {
            self.keyword(" RETURNING", -INDENT_STD, INDENT_STD, 1);
            self.targets(targets, None, true);
        }
    }

    /// What the tree has of a MERGE: its tables.
    pub(super) fn merge(&mut self, merge: &Merge) {
        let ctes = self.push_ctes(merge.with.as_ref());
        let scope = self.scope_of(std::slice::from_ref(&merge.source), Some(&merge.relation));
        self.scopes.push(scope);
        if let Some(with) = &merge.with {
            self.with(with);
        }
        self.push("MERGE INTO ");
        self.modified_relation(&merge.relation, "");
        self.others(std::slice::from_ref(&merge.source), " USING ");
        self.scopes.pop();
        self.ctes.truncate(ctes);
    }
}
