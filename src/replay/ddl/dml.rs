//! Statements that change data (`analyze.c: transformInsertStmt` and its kin). They leave the catalog as it is; what
//! is found out here is whether PostgreSQL accepts them. That data fit is taken for granted, but for values that are missing.

mod exact;
mod fit;
mod not_null;
mod references;
mod replica_identity;
mod rows;
mod standing;
mod system;
mod triggers;
mod unpopulated;

pub(in crate::replay) use rows::computes_for_rows;

use std::sync::Arc;

use self::replica_identity::{Change, changes_of_merge};
use self::rows::Event;
use super::rule::{Product, takes_rows};
use crate::catalog::tree::{Expr as Tree, InferenceElem};
use crate::catalog::{
    AttrNumber, ConstraintKind, Index, IndexKey as StoredIndexKey, IndexKeyKind, Object, Relation, RelationKind,
    StoredQuery,
};
use crate::expr::equivalent::equivalent;
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// The table that a statement writes, and what it does to its rows.
struct Written<'a> {
    relation: &'a RangeVar,
    insert: bool,
    update: bool,
    delete: bool,
    /// What it does to rows that are there, in the order in which that is looked at.
    changes: Vec<Change>,
    /// It has no condition and reads nothing else.
    all_rows: bool,
    form: Form,
}

/// What rules do not go with.
#[derive(Clone, Copy, Default)]
pub(super) struct Form {
    /// It has RETURNING.
    pub returning: bool,
    /// It has ON CONFLICT.
    pub on_conflict: bool,
    /// It stands in a WITH clause.
    pub in_with: bool,
}

impl Form {
    fn of(returning: &[Target]) -> Form {
        Form { returning: !returning.is_empty(), ..Form::default() }
    }
}

fn is_index_constraint(kind: &ConstraintKind) -> bool {
    match kind {
        ConstraintKind::Key { .. } | ConstraintKind::Exclusion { .. } => true,
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::Trigger(_) => false,
    }
}

fn deferrable_arbiter() -> Stop {
    let message = "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters";
    SqlError::new("55000", message).into()
}

impl Written<'_> {
    fn fires(&self, events: &TriggerEvents) -> bool {
        self.insert && events.insert || self.update && events.update || self.delete && events.delete
    }
}

impl Replay {
    /// INSERT, UPDATE, DELETE, MERGE.
    pub(in crate::replay) fn modify(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        if let StatementKind::Update(stmt) = statement
            && stmt.relation.name.name == "pg_index"
            && judged(self.check_statement(statement)).is_ok()
            && self.update_pg_index(stmt, cx)?
        {
            return Ok(());
        }
        let mut written = Vec::new();
        match statement {
            StatementKind::Insert(stmt) => written_by_insert(stmt, &mut written),
            StatementKind::Update(stmt) => written_by_update(stmt, &mut written),
            StatementKind::Delete(stmt) => written_by_delete(stmt, &mut written),
            StatementKind::Merge(stmt) => written_by_merge(stmt, &mut written),
            _ => return Ok(()),
        }
        written.iter().try_for_each(|w| self.refuse_system_table(w.relation))?;
        let query = judged(self.check_statement(statement))?.flatten();
        if let Some(query) = &query {
            self.refuse_unfit_bodies(&query.tree)?;
            self.refuse_unhandled_tables(&query.tree)?;
        }
        self.refuse_planned_defaults(statement, query.as_ref(), cx)?;
        query.iter().try_for_each(|query| self.may_on_rows(&query.tree))?;
        written.iter().try_for_each(|w| self.refuse_effects(w))?;
        self.refuse_unpopulated_sources(&written, query.as_ref())?;
        if let StatementKind::Insert(stmt) = statement
            && let Some(target) = judged(self.target(&stmt.relation))?.flatten()
            && takes_rows(&target)
        {
            self.refuse_missing_values(stmt, &target)?;
        }
        self.write_rows(&written, statement, cx)
    }

    /// The defaults that the planner computes, where no rule does something else instead.
    fn refuse_planned_defaults(
        &mut self,
        statement: &StatementKind,
        query: Option<&StoredQuery>,
        cx: &Context,
    ) -> Exec {
        let relation = match statement {
            StatementKind::Insert(stmt) => &stmt.relation,
            StatementKind::Update(stmt) => &stmt.relation,
            StatementKind::Merge(stmt) => &stmt.relation,
            _ => return Ok(()),
        };
        let Some(target) = judged(self.target(relation))?.flatten() else { return Ok(()) };
        if !takes_rows(&target) || target.rules.iter().any(|rule| rule.instead && rule.event == RuleEvent::Update) {
            return Ok(());
        }
        match (statement, query) {
            (StatementKind::Insert(stmt), _) => self.refuse_defaults(stmt, target.oid, cx),
            (_, Some(query)) => self.refuse_written_defaults(&query.tree, target.oid, cx),
            (_, None) => Ok(()),
        }
    }

    /// What is read, where no rule makes another statement of it.
    fn refuse_unpopulated_sources(&self, written: &[Written<'_>], query: Option<&StoredQuery>) -> Exec {
        for w in written {
            if judged(self.target(w.relation))?.flatten().is_none_or(|target| !target.rules.is_empty()) {
                return Ok(());
            }
        }
        query.map_or(Ok(()), |query| self.refuse_unpopulated_reads(&query.tree))
    }

    /// The tables that the data-modifying statements of a WITH clause write.
    pub(in crate::replay) fn modifying_ctes(&mut self, with: Option<&With>) -> Exec {
        let mut written = Vec::new();
        written_by_with(with, &mut written);
        for w in &written {
            self.refuse_system_table(w.relation)?;
            self.refuse_effects(w)?;
        }
        written.iter().for_each(|w| self.mark_rows_written(w));
        Ok(())
    }

    /// What the executor and triggers make of a table that is written.
    fn refuse_effects(&mut self, written: &Written<'_>) -> Exec {
        let Some(target) = judged(self.target(written.relation))?.flatten() else { return Ok(()) };
        let events = [
            (RuleEvent::Insert, written.insert),
            (RuleEvent::Update, written.update),
            (RuleEvent::Delete, written.delete),
        ];
        self.refuse_rules(written.relation, &target, events, written.form)?;
        self.refuse_replica_identity(written, &target)?;
        self.refuse_catalog_triggers(&target, |events| written.fires(events))
    }

    /// What is refused of a statement that a rule makes, when it runs.
    pub(super) fn refuse_product(&self, product: &Product<'_>) -> Exec {
        self.refuse_unpopulated_reads(product.query)?;
        let Some((target, event)) = &product.target else { return Ok(()) };
        refuse_unwritable(target, Loc::NONE)?;
        let change = match event {
            RuleEvent::Update => Some(Change::Update),
            RuleEvent::Delete => Some(Change::Delete),
            RuleEvent::Insert | RuleEvent::Select => None,
        };
        if let Some(change) = change {
            self.refuse_unidentified(target, change, false)?;
        }
        self.refuse_catalog_triggers(target, |events| match event {
            RuleEvent::Insert => events.insert,
            RuleEvent::Update => events.update,
            RuleEvent::Delete => events.delete,
            RuleEvent::Select => false,
        })
    }

    /// Whether PostgreSQL accepts a statement that reads or writes rows (`analyze.c: transformStmt`); of an INSERT
    /// besides, whether there is an index for its ON CONFLICT.
    pub(in crate::replay) fn check_statement(&self, statement: &StatementKind) -> Exec<Option<StoredQuery>> {
        let query = self.analyze_statement(statement)?;
        refuse_double_assignments(statement)?;
        let StatementKind::Insert(stmt) = statement else { return Ok(query) };
        let (Some(conflict), Some(target)) = (&stmt.on_conflict, self.target(&stmt.relation)?) else {
            return Ok(query);
        };
        let conflicting = query.as_ref().and_then(|query| query.tree.on_conflict.as_deref());
        let inferred = conflicting.map(|conflict| conflict.arbiter.clone());
        self.check_on_conflict(conflict, inferred.as_deref(), &target)?;
        let rows = stmt.source.as_ref().is_some_and(|query| matches!(query.body, QueryBody::Values(_)));
        let any = conflict.target.is_empty() && conflict.constraint.is_none();
        // With no arbiter every unique index is one, when a row comes (`execIndexing.c: ExecCheckIndexConstraints`).
        if any && rows && target.constraints.iter().any(|c| c.deferrable && is_index_constraint(&c.kind)) {
            return Err(deferrable_arbiter());
        }
        Ok(query)
    }

    /// `tablecmds.c: ExecuteTruncate`
    pub(in crate::replay) fn truncate(&mut self, relations: &[RangeVar], behavior: DropBehavior) -> Exec {
        let mut tables = Vec::new();
        for name in relations {
            let Some(oid) = judged(self.relation(name))? else { return Ok(()) };
            let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
            // `truncate_check_rel`, before `truncate_check_perms`
            self.refuse_without_handler(oid)?;
            if !relation.is_table() {
                let error = SqlError::new("42809", format!("\"{}\" is not a table", relation.name)).at(name.name.loc);
                let (origin, text) = lookup::made_here(&relation);
                return Err(error.related(origin, text).into());
            }
            self.may_truncate(&relation)?;
            if name.only && relation.is_partitioned() {
                let error = SqlError::new("42809", "cannot truncate only a partitioned table");
                let hint = "Do not specify the ONLY keyword, or use TRUNCATE ONLY on the partitions directly.";
                return Err(error.hint(hint).into());
            }
            tables.push(relation);
            if !name.only {
                for (child, _) in self.catalog.inheritors(oid).into_iter().skip(1) {
                    self.refuse_without_handler(child)?;
                    tables.extend(self.catalog.shared_relation(child));
                }
            }
        }
        if behavior == DropBehavior::Restrict {
            tables.iter().try_for_each(|table| self.refuse_referenced(table, &tables))?;
        }
        tables.iter().for_each(|table| self.write_into(table, Event::Truncate));
        for table in &tables {
            if self.empties_exactly(table) {
                self.catalog.mark_empty(table.oid);
            }
        }
        tables.iter().try_for_each(|table| self.refuse_catalog_triggers(table, |events| events.truncate))
    }

    /// `heap.c: heap_truncate_check_FKs`
    fn refuse_referenced(&self, table: &Relation, truncated: &[Arc<Relation>]) -> Exec {
        for edge in self.catalog.dependencies.on(Object::Relation(table.oid)) {
            let Object::Constraint(rel, constraint) = edge.dependent else { continue };
            let Some(referencing) = self.catalog.relation(rel) else { continue };
            let Some(key) = referencing.constraints.iter().find(|c| c.oid == constraint) else { continue };
            let is_foreign_key = matches!(&key.kind, ConstraintKind::ForeignKey(key) if key.table == table.oid);
            if !is_foreign_key || truncated.iter().any(|t| t.oid == rel) {
                continue;
            }
            let message = "cannot truncate a table referenced in a foreign key constraint";
            let error = SqlError::new("0A000", message)
                .detail(format!("Table \"{}\" references \"{}\".", referencing.name, table.name))
                .hint(format!("Truncate table \"{}\" at the same time, or use TRUNCATE ... CASCADE.", referencing.name))
                .related(key.provenance.created, format!("foreign key \"{}\" made here", key.name));
            return Err(error.into());
        }
        Ok(())
    }

    /// `copy.c: DoCopy`
    pub(in crate::replay) fn copy(&mut self, stmt: &Copy, cx: &Context) -> Exec {
        let Some(name) = &stmt.relation else {
            return stmt.query.as_ref().map_or(Ok(()), |query| self.copy_query(query, cx));
        };
        let Some(oid) = judged(self.relation(name))? else { return Ok(()) };
        let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
        if !crate::expr::is_readable(&relation.kind) {
            return Err(lookup::cannot_open(&self.catalog, &relation, name.name.loc));
        }
        if let Some(filter) = &stmt.filter {
            judged(self.analyze_copy_condition(oid, filter))?;
        }
        let mut seen: Vec<&Name> = Vec::new();
        for column in &stmt.columns {
            if relation.column(column).is_none() {
                let stop = lookup::undefined_column(&self.catalog, &relation, column, Loc::NONE);
                judged(Err::<(), Stop>(stop))?;
                return Ok(());
            }
            if seen.contains(&column) {
                return Err(SqlError::new("42701", format!("column \"{column}\" specified more than once")).into());
            }
            // `copy.c: CopyGetAttnums`
            if relation.column(column).is_some_and(|c| c.generated.is_some()) {
                let error = SqlError::new("42P10", format!("column \"{column}\" is a generated column"));
                return Err(error.detail("Generated columns cannot be used in COPY.").into());
            }
            seen.push(column);
        }
        let numbers: Vec<AttrNumber> =
            stmt.columns.iter().filter_map(|name| relation.column(name)).map(|column| column.number).collect();
        self.may_copy(&relation, &numbers, stmt.from)?;
        check_copy(&relation, stmt.from, self.catalog.version(), name.name.loc)?;
        if stmt.from {
            self.write_into(&relation, Event::Insert);
        }
        if stmt.from { self.refuse_catalog_triggers(&relation, |events| events.insert) } else { Ok(()) }
    }

    /// The query whose rows are copied (`copyto.c: BeginCopyTo`).
    fn copy_query(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        let returning = match statement {
            StatementKind::Select(query) => {
                if super::view::into_clause(query).is_some() {
                    judged(self.check_query(query))?;
                    return Err(SqlError::new("0A000", "COPY (SELECT INTO) is not supported").into());
                }
                return self.run_select(query, cx);
            }
            StatementKind::Insert(stmt) => &stmt.returning,
            StatementKind::Update(stmt) => &stmt.returning,
            StatementKind::Delete(stmt) => &stmt.returning,
            StatementKind::Merge(stmt) => &stmt.returning,
            _ => return Ok(()),
        };
        judged(self.check_statement(statement))?;
        if returning.is_empty() {
            return Err(SqlError::new("0A000", "COPY query must have a RETURNING clause").into());
        }
        self.modify(statement, cx)
    }

    /// `plancat.c: infer_arbiter_indexes`
    fn check_on_conflict(&self, conflict: &OnConflict, inferred: Option<&[InferenceElem]>, target: &Relation) -> Exec {
        let since = Some(target.provenance.created);
        let unknown = self.catalog.taint.of_relation(target.schema, &target.name, since).is_some();
        if unknown || !matches!(target.kind, RelationKind::Table | RelationKind::PartitionedTable(_)) {
            return Ok(());
        }
        if let Some(name) = &conflict.constraint
            && target.constraint(name).is_none()
        {
            let message = format!("constraint \"{name}\" for table \"{}\" does not exist", target.name);
            let mut error =
                SqlError::new("42704", message).about(About::Part(target.name.to_string(), name.to_string()));
            lookup::explain(&self.catalog, &mut error, |t| {
                t.object.relation() == Some(target.oid) && t.kind == "constraint" && t.name == *name
            });
            return Err(error.into());
        }
        let named = conflict.constraint.as_ref().and_then(|name| target.constraint(name));
        let index = named.and_then(|c| match c.kind {
            ConstraintKind::Key { index, .. } | ConstraintKind::Exclusion { index, .. } => Some(index),
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::Trigger(_) => None,
        });
        if conflict.update.is_some() && index.is_some_and(|index| self.is_exclusion(index)) {
            let message = "ON CONFLICT DO UPDATE not supported with exclusion constraints";
            return Err(SqlError::new("42809", message).into());
        }
        if !conflict.target.is_empty() && self.only_deferrable_arbiters(conflict, target) {
            return Err(deferrable_arbiter());
        }
        if !conflict.target.is_empty() && !self.has_arbiter(conflict, inferred, target) {
            let message = "there is no unique or exclusion constraint matching the ON CONFLICT specification";
            return Err(SqlError::new("42P10", message).into());
        }
        Ok(())
    }

    /// All unique indexes over exactly these columns are those of deferrable constraints.
    fn only_deferrable_arbiters(&self, conflict: &OnConflict, target: &Relation) -> bool {
        let mut columns = Vec::new();
        for element in &conflict.target {
            let IndexKey::Column(ident) = &element.key else { return false };
            columns.extend(target.column(&ident.name).map(|c| c.number));
        }
        let mut arbiters = target.indexes.iter().filter(|&&i| {
            let index = self.catalog.relation(i).and_then(|r| r.as_index());
            let index = index.filter(|index| index.unique && !self.is_exclusion(i));
            let keys: Option<Vec<_>> = index.and_then(|index| index.keys.iter().map(|k| k.as_column()).collect());
            keys.is_some_and(|keys| keys.len() == columns.len() && columns.iter().all(|c| keys.contains(c)))
        });
        let mut any = false;
        arbiters.all(|&index| {
            any = true;
            self.is_deferrable(target, index)
        }) && any
    }

    /// A unique index over exactly these columns and expressions. Predicates, and collations and operator classes that
    /// are written, are not compared: they are taken to match.
    fn has_arbiter(&self, conflict: &OnConflict, inferred: Option<&[InferenceElem]>, target: &Relation) -> bool {
        let plain = |e: &IndexElem| e.collation.is_none() && e.opclass.is_none();
        let Some(inferred) = inferred.filter(|_| conflict.target.iter().all(plain)) else { return true };
        let column = |elem: &InferenceElem| match &elem.expr {
            Tree::Var(var) => Some(var.varattno),
            _ => None,
        };
        let exprs: Vec<&Tree> = inferred.iter().filter(|e| column(e).is_none()).map(|e| &e.expr).collect();
        let is_inferred = |key: &StoredIndexKey| match &key.what {
            IndexKeyKind::Column(number) => inferred.iter().any(|elem| column(elem) == Some(*number)),
            IndexKeyKind::Expr(expr) => exprs.iter().any(|e| equivalent(e, &expr.tree, &self.catalog)),
        };
        let is_key = |index: &Index, elem: &InferenceElem| match column(elem) {
            Some(number) => index.keys.iter().any(|key| key.as_column() == Some(number)),
            None => index.keys.iter().any(
                |key| matches!(&key.what, IndexKeyKind::Expr(e) if equivalent(&elem.expr, &e.tree, &self.catalog)),
            ),
        };
        let plain = target.indexes.iter().filter(|&&i| !self.is_exclusion(i));
        { plain }.filter_map(|&i| self.catalog.relation(i)?.as_index()).any(|index| {
            let same = index.keys.iter().all(is_inferred) && inferred.iter().all(|elem| is_key(index, elem));
            index.unique && same && (index.predicate.is_none() || conflict.target_where.is_some())
        })
    }

    /// Who writes to PostgreSQL's own tables changes the catalog behind its back.
    fn refuse_system_table(&self, relation: &RangeVar) -> Exec {
        match lookup::find_relation_in_query(&self.catalog, &self.path(), &relation.name) {
            Ok(lookup::FoundRelation::System { .. }) => {
                let reason = format!("\"{}\" is one of PostgreSQL's own tables", relation.name.name);
                Err(Opaque::new(reason, Touches::Everything).at(relation.name.loc).into())
            }
            Ok(lookup::FoundRelation::User(_)) | Err(_) => Ok(()),
        }
    }

    /// The table that is written (`parse_relation.c: parserOpenTable`, `execMain.c: CheckValidResultRel`); nothing for
    /// one of PostgreSQL's own.
    fn target(&self, relation: &RangeVar) -> Exec<Option<Arc<Relation>>> {
        let (path, name) = (self.path(), &relation.name);
        let oid = match lookup::find_relation_in_query(&self.catalog, &path, name)? {
            lookup::FoundRelation::User(oid) => oid,
            lookup::FoundRelation::System { .. } => return Ok(None),
        };
        let Some(found) = self.catalog.shared_relation(oid) else { return Ok(None) };
        refuse_unwritable(&found, name.loc)?;
        Ok(Some(found))
    }
}

/// `execMain.c: CheckValidResultRel`
fn refuse_unwritable(found: &Relation, loc: Loc) -> Exec {
    match &found.kind {
        RelationKind::Table
        | RelationKind::PartitionedTable(_)
        | RelationKind::ForeignTable(_)
        | RelationKind::View(_) => Ok(()),
        RelationKind::Sequence(_) | RelationKind::MaterializedView(..) => {
            let message = format!("cannot change {} \"{}\"", found.kind_name(), found.name);
            let (origin, text) = lookup::made_here(found);
            Err(SqlError::new("42809", message).at(loc).related(origin, text).into())
        }
        RelationKind::Index(_) | RelationKind::CompositeType => {
            Err(SqlError::new("42809", format!("\"{}\" is {}", found.name, with_article(found))).at(loc).into())
        }
    }
}

/// What cannot be judged is not: a statement that changes data leaves nothing unknown about the catalog.
pub(super) fn judged<T>(result: Exec<T>) -> Exec<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Opaque(_)) => Ok(None),
        Err(error @ Stop::Error(_)) => Err(error),
    }
}

fn with_article(relation: &Relation) -> String {
    let kind = relation.kind_name();
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// `copyfrom.c: BeginCopyFrom`, `copyto.c: BeginCopyTo`
fn check_copy(relation: &Relation, from: bool, version: u32, loc: Loc) -> Exec {
    let (direction, hint) = match (&relation.kind, from) {
        (RelationKind::Table, _) => return Ok(()),
        (RelationKind::PartitionedTable(_) | RelationKind::ForeignTable(_), true) => return Ok(()),
        (RelationKind::MaterializedView(_, true), false) if version >= 18 => return Ok(()),
        (RelationKind::MaterializedView(_, false), false) if version >= 18 => {
            let message = format!("cannot copy from unpopulated materialized view \"{}\"", relation.name);
            let hint = "Use the REFRESH MATERIALIZED VIEW command.";
            return Err(SqlError::new("0A000", message).hint(hint).at(loc).into());
        }
        (RelationKind::View(_), true) => {
            if relation.has_instead_trigger(RuleEvent::Insert) {
                return Ok(());
            }
            ("to", Some("To enable copying to a view, provide an INSTEAD OF INSERT trigger."))
        }
        (RelationKind::Index(_) | RelationKind::CompositeType, _) => {
            let message = format!("\"{}\" is {}", relation.name, with_article(relation));
            return Err(SqlError::new("42809", message).at(loc).into());
        }
        (RelationKind::MaterializedView(..) | RelationKind::Sequence(_), true) => ("to", None),
        (RelationKind::Sequence(_), false) => ("from", None),
        (
            RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_)
            | RelationKind::MaterializedView(..),
            false,
        ) => ("from", Some("Try the COPY (SELECT ...) TO variant.")),
    };
    let kind = match &relation.kind {
        RelationKind::PartitionedTable(_) => "partitioned table",
        _ => relation.kind_name(),
    };
    let error = SqlError::new("42809", format!("cannot copy {direction} {kind} \"{}\"", relation.name)).at(loc);
    let (origin, text) = lookup::made_here(relation);
    let error = error.related(origin, text);
    match hint {
        Some(hint) => Err(error.hint(hint).into()),
        None => Err(error.into()),
    }
}

/// A column is assigned to once, unless deeper than the whole (`rewriteHandler.c: process_matched_tle`).
fn refuse_double_assignments(statement: &StatementKind) -> Exec {
    let once = |set: &[Target]| -> Exec {
        for (i, target) in set.iter().enumerate() {
            let Some(name) = &target.name else { continue };
            let again = |other: &&Target| {
                other.name.as_ref() == Some(name) && (other.indirection.is_empty() || target.indirection.is_empty())
            };
            if set[..i].iter().any(|other| again(&other)) {
                return Err(SqlError::new("42601", format!("multiple assignments to same column \"{name}\"")).into());
            }
        }
        Ok(())
    };
    match statement {
        StatementKind::Update(stmt) => once(&stmt.set),
        StatementKind::Insert(stmt) => match stmt.on_conflict.as_ref().and_then(|c| c.update.as_ref()) {
            Some((set, _)) => once(set),
            None => Ok(()),
        },
        StatementKind::Merge(stmt) => stmt.clauses.iter().try_for_each(|clause| match &clause.action {
            MergeAction::Update(set) => once(set),
            MergeAction::Insert { .. } | MergeAction::Delete | MergeAction::Nothing => Ok(()),
        }),
        _ => Ok(()),
    }
}

fn written_by_with<'a>(with: Option<&'a With>, written: &mut Vec<Written<'a>>) {
    for cte in with.into_iter().flat_map(|with| &with.ctes) {
        match &cte.body {
            CteBody::Query(query) => written_by_with(query.with.as_ref(), written),
            CteBody::Insert(stmt) => written_by_insert(stmt, written),
            CteBody::Update(stmt) => written_by_update(stmt, written),
            CteBody::Delete(stmt) => written_by_delete(stmt, written),
            CteBody::Merge(stmt) => written_by_merge(stmt, written),
        }
    }
    written.iter_mut().for_each(|w| w.form.in_with = true);
}

fn written_by_insert<'a>(stmt: &'a Insert, written: &mut Vec<Written<'a>>) {
    written_by_with(stmt.with.as_ref(), written);
    let update = stmt.on_conflict.as_ref().is_some_and(|c| c.update.is_some());
    let form = Form { on_conflict: stmt.on_conflict.is_some(), ..Form::of(&stmt.returning) };
    let changes = if update { vec![Change::Update] } else { Vec::new() };
    let all_rows = false;
    written.push(Written { relation: &stmt.relation, insert: true, update, delete: false, changes, all_rows, form });
}

fn written_by_update<'a>(stmt: &'a Update, written: &mut Vec<Written<'a>>) {
    written_by_with(stmt.with.as_ref(), written);
    written.push(Written {
        relation: &stmt.relation,
        insert: false,
        update: true,
        delete: false,
        changes: vec![Change::Update],
        all_rows: stmt.filter.is_none() && stmt.from.is_empty(),
        form: Form::of(&stmt.returning),
    });
}

fn written_by_delete<'a>(stmt: &'a Delete, written: &mut Vec<Written<'a>>) {
    written_by_with(stmt.with.as_ref(), written);
    written.push(Written {
        relation: &stmt.relation,
        insert: false,
        update: false,
        delete: true,
        changes: vec![Change::Delete],
        all_rows: stmt.filter.is_none() && stmt.using.is_empty(),
        form: Form::of(&stmt.returning),
    });
}

fn written_by_merge<'a>(stmt: &'a Merge, written: &mut Vec<Written<'a>>) {
    written_by_with(stmt.with.as_ref(), written);
    written.push(Written {
        relation: &stmt.relation,
        insert: true,
        update: true,
        delete: true,
        changes: changes_of_merge(stmt),
        all_rows: false,
        form: Form::of(&stmt.returning),
    });
}
