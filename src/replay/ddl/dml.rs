//! Statements that change data (`analyze.c: transformInsertStmt` and its kin). They leave the catalog as it is; what
//! is found out here is whether the names in them stand for something. That data fit is taken for granted.
//!
//! UPDATE, DELETE and the parts of INSERT are bound as the query that has the same scope.

mod triggers;

use std::sync::Arc;

use crate::catalog::{ConstraintKind, Object, Relation, RelationKind};
use crate::expr::{Binder, BoundQuery, Scope, is_system_column};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Replay {
    pub(in crate::replay) fn insert(&mut self, stmt: &Insert) -> Exec {
        self.modifying_ctes(stmt.with.as_ref())?;
        self.refuse_system_table(&stmt.relation)?;
        let Some(target) = judged(self.check_insert(stmt))?.flatten() else { return Ok(()) };
        let updates = stmt.on_conflict.as_ref().is_some_and(|c| c.update.is_some());
        self.refuse_catalog_triggers(&target, |events| events.insert || (updates && events.update))
    }

    pub(in crate::replay) fn update(&mut self, stmt: &Update) -> Exec {
        self.modifying_ctes(stmt.with.as_ref())?;
        self.refuse_system_table(&stmt.relation)?;
        let Some(target) = judged(self.check_update(stmt))?.flatten() else { return Ok(()) };
        self.refuse_catalog_triggers(&target, |events| events.update)
    }

    pub(in crate::replay) fn delete(&mut self, stmt: &Delete) -> Exec {
        self.modifying_ctes(stmt.with.as_ref())?;
        self.refuse_system_table(&stmt.relation)?;
        let Some(target) = judged(self.check_delete(stmt))?.flatten() else { return Ok(()) };
        self.refuse_catalog_triggers(&target, |events| events.delete)
    }

    pub(in crate::replay) fn merge(&mut self, stmt: &Merge) -> Exec {
        self.modifying_ctes(stmt.with.as_ref())?;
        self.refuse_system_table(&stmt.relation)?;
        let Some(target) = judged(self.check_merge(stmt))?.flatten() else { return Ok(()) };
        self.refuse_catalog_triggers(&target, |events| events.insert || events.update || events.delete)
    }

    /// The data-modifying statements of a WITH clause; each sees the common table expressions before it.
    pub(in crate::replay) fn modifying_ctes(&mut self, with: Option<&With>) -> Exec {
        let Some(with) = with else { return Ok(()) };
        for (i, cte) in with.ctes.iter().enumerate() {
            let before = if with.recursive { with.ctes.len() } else { i };
            // The others are checked in their own turn: here only the names of what they return count.
            let visible = || {
                let ctes: Vec<Cte> =
                    with.ctes[..before].iter().enumerate().filter(|(j, _)| *j != i).map(|(_, c)| c.clone()).collect();
                Some(With { recursive: with.recursive, ctes, loc: with.loc })
            };
            let target = match &cte.body {
                CteBody::Query(_) => continue,
                CteBody::Insert(stmt) => {
                    self.modifying_ctes(stmt.with.as_ref())?;
                    self.check_insert(&Insert { with: concat(visible(), stmt.with.as_ref()), ..(**stmt).clone() })
                }
                CteBody::Update(stmt) => {
                    self.modifying_ctes(stmt.with.as_ref())?;
                    self.check_update(&Update { with: concat(visible(), stmt.with.as_ref()), ..(**stmt).clone() })
                }
                CteBody::Delete(stmt) => {
                    self.modifying_ctes(stmt.with.as_ref())?;
                    self.check_delete(&Delete { with: concat(visible(), stmt.with.as_ref()), ..(**stmt).clone() })
                }
                CteBody::Merge(stmt) => {
                    self.modifying_ctes(stmt.with.as_ref())?;
                    self.check_merge(&Merge { with: concat(visible(), stmt.with.as_ref()), ..(**stmt).clone() })
                }
            };
            if let Some(target) = judged(target)?.flatten() {
                self.refuse_catalog_triggers(&target, |_| true)?;
            }
        }
        Ok(())
    }

    /// `tablecmds.c: ExecuteTruncate`
    pub(in crate::replay) fn truncate(&mut self, relations: &[RangeVar], behavior: DropBehavior) -> Exec {
        let mut tables = Vec::new();
        for name in relations {
            let Some(oid) = judged(self.relation(name))? else { return Ok(()) };
            let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
            if !relation.is_table() {
                let error = SqlError::new("42809", format!("\"{}\" is not a table", relation.name)).at(name.name.loc);
                let (origin, text) = lookup::made_here(&relation);
                return Err(error.related(origin, text).into());
            }
            tables.push(relation);
        }
        if behavior == DropBehavior::Restrict {
            tables.iter().try_for_each(|table| self.refuse_referenced(table, &tables))?;
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
    pub(in crate::replay) fn copy(&mut self, stmt: &Copy, _cx: &Context) -> Exec {
        let Some(name) = &stmt.relation else { return Ok(()) };
        let Some(oid) = judged(self.relation(name))? else { return Ok(()) };
        let Some(relation) = self.catalog.shared_relation(oid) else { return Ok(()) };
        check_copy(&relation, stmt.from, name.name.loc)?;
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
            seen.push(column);
        }
        if stmt.from { self.refuse_catalog_triggers(&relation, |events| events.insert) } else { Ok(()) }
    }

    // ---- names ----

    fn check_insert(&self, stmt: &Insert) -> Exec<Option<Arc<Relation>>> {
        let Some(target) = self.target(&stmt.relation)? else { return Ok(None) };
        let columns = self.insert_columns(&target, &stmt.columns)?;
        if let Some(source) = &stmt.source {
            let query = Query { with: concat(stmt.with.clone(), source.with.as_ref()), ..source.clone() };
            check_values(source)?;
            self.check_value_literals(&target, &stmt.columns, source)?;
            if let Some(bound) = judged(self.bind(&query))?
                && !has_row_star(source)
            {
                check_count(&stmt.columns, &bound, columns, target.live_columns().count())?;
            }
        }
        let table = || qualified(&stmt.relation, &self.catalog, &target);
        if let Some(conflict) = &stmt.on_conflict {
            self.check_on_conflict(stmt, conflict, &target, table())?;
        }
        judged(self.bind(&scope_query(
            stmt.with.clone(),
            vec![table()],
            &[returning(&stmt.returning, &stmt.returning_options)],
            None,
        )))?;
        Ok(Some(target))
    }

    /// A literal must be one of the type of its column (`analyze.c: transformInsertRow`).
    fn check_value_literals(&self, target: &Relation, columns: &[Target], source: &Query) -> Exec {
        let QueryBody::Values(rows) = &source.body else { return Ok(()) };
        let types: Vec<_> = if columns.is_empty() {
            target.live_columns().map(|c| Some(c.ty)).collect()
        } else {
            let whole = |t: &&Target| t.indirection.is_empty();
            let column = |t: &Target| Some(target.column(t.name.as_ref()?)?.ty);
            columns.iter().map(|t| Some(t).filter(whole).and_then(column)).collect()
        };
        for row in rows {
            for (value, ty) in row.iter().zip(&types) {
                if let Some(ty) = ty {
                    judged(self.check_default_literal(*ty, value))?;
                }
            }
        }
        Ok(())
    }

    /// `parse_target.c: checkInsertTargets`; the number of columns, if they are listed.
    fn insert_columns(&self, target: &Relation, columns: &[Target]) -> Exec<Option<usize>> {
        if columns.is_empty() {
            return Ok(None);
        }
        let mut whole: Vec<&Name> = Vec::new();
        for column in columns {
            let Some(name) = &column.name else { continue };
            if target.column(name).is_none() {
                return Err(lookup::undefined_column(&self.catalog, target, name, column.loc));
            }
            if column.indirection.is_empty() {
                if whole.contains(&name) {
                    let message = format!("column \"{name}\" specified more than once");
                    return Err(SqlError::new("42701", message).at(column.loc).into());
                }
                whole.push(name);
            }
        }
        Ok(Some(columns.len()))
    }

    /// `parse_clause.c: transformOnConflictArbiter`, `plancat.c: infer_arbiter_indexes`
    fn check_on_conflict(&self, stmt: &Insert, conflict: &OnConflict, target: &Relation, table: TableRef) -> Exec {
        if let Some((set, filter)) = &conflict.update {
            if conflict.target.is_empty() && conflict.constraint.is_none() {
                let message = "ON CONFLICT DO UPDATE requires inference specification or constraint name";
                let error = SqlError::new("42601", message).hint("For example, ON CONFLICT (column_name).");
                return Err(error.at(conflict.loc).into());
            }
            self.set_targets(target, set)?;
            let alias = Alias { name: "excluded".into(), columns: Vec::new() };
            let excluded = RangeVar { alias: Some(alias), ..stmt.relation.clone() };
            let from = vec![qualified(&excluded, &self.catalog, target), table];
            judged(self.bind(&scope_query(stmt.with.clone(), from, &[set], filter.as_ref())))?;
        }
        for element in &conflict.target {
            match &element.key {
                IndexKey::Column(ident) if target.column(&ident.name).is_none() => {
                    let message = format!("column \"{}\" does not exist", ident.name);
                    let error = SqlError::new("42703", message).at(ident.loc);
                    return Err(lookup::missing_column(&self.catalog, target, &ident.name, error));
                }
                IndexKey::Column(_) => {}
                IndexKey::Expr(expr) => {
                    let path = self.path();
                    let scope = Scope::of_relation(&self.catalog, target.oid);
                    judged(
                        Binder::new(&self.catalog, &path, scope).with_variables(self.code.variables.clone()).expr(expr),
                    )?;
                }
            }
        }
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
        if !conflict.target.is_empty() && self.only_deferrable_arbiters(conflict, target) {
            let message =
                "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters";
            return Err(SqlError::new("55000", message).into());
        }
        if !conflict.target.is_empty() && !self.has_arbiter(conflict, target) {
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
            let index = self.catalog.relation(i).and_then(|r| r.as_index()).filter(|index| index.unique);
            let keys: Option<Vec<_>> = index.and_then(|index| index.keys.iter().map(|k| k.as_column()).collect());
            keys.is_some_and(|keys| keys.len() == columns.len() && columns.iter().all(|c| keys.contains(c)))
        });
        let mut any = false;
        arbiters.all(|&index| {
            any = true;
            self.is_deferrable(target, index)
        }) && any
    }

    /// A unique index over exactly these columns. Expressions and predicates are not compared: they are taken to match.
    fn has_arbiter(&self, conflict: &OnConflict, target: &Relation) -> bool {
        let plain = |e: &IndexElem| e.collation.is_none() && e.opclass.is_none();
        let mut columns = Vec::new();
        for element in &conflict.target {
            match &element.key {
                IndexKey::Column(ident) if plain(element) => {
                    columns.extend(target.column(&ident.name).map(|c| c.number));
                }
                IndexKey::Column(_) | IndexKey::Expr(_) => return true,
            }
        }
        target.indexes.iter().filter_map(|&i| self.catalog.relation(i)?.as_index()).any(|index| {
            let keys: Option<Vec<_>> = index.keys.iter().map(|k| k.as_column()).collect();
            let Some(keys) = keys else { return false };
            let same = keys.iter().all(|k| columns.contains(k)) && columns.iter().all(|c| keys.contains(c));
            index.unique && same && (index.predicate.is_none() || conflict.target_where.is_some())
        })
    }

    fn check_update(&self, stmt: &Update) -> Exec<Option<Arc<Relation>>> {
        let Some(target) = self.target(&stmt.relation)? else { return Ok(None) };
        // FROM does not see the target, so that comes last.
        let from = stmt.from.iter().cloned().chain([qualified(&stmt.relation, &self.catalog, &target)]).collect();
        let lists: [&[Target]; 2] = [&stmt.set, returning(&stmt.returning, &stmt.returning_options)];
        judged(self.bind(&scope_query(stmt.with.clone(), from, &lists, stmt.filter.as_ref())))?;
        self.set_targets(&target, &stmt.set)?;
        Ok(Some(target))
    }

    /// The columns of SET (`analyze.c: transformUpdateTargetList`).
    fn set_targets(&self, target: &Relation, set: &[Target]) -> Exec {
        let mut whole: Vec<&Name> = Vec::new();
        for assignment in set {
            let Some(name) = &assignment.name else { continue };
            if target.column(name).is_none() {
                if is_system_column(name) {
                    let message = format!("cannot assign to system column \"{name}\"");
                    return Err(SqlError::new("0A000", message).at(assignment.loc).into());
                }
                return Err(lookup::undefined_column(&self.catalog, target, name, assignment.loc));
            }
            if assignment.indirection.is_empty() {
                if whole.contains(&name) {
                    let message = format!("multiple assignments to same column \"{name}\"");
                    return Err(SqlError::new("42601", message).into());
                }
                whole.push(name);
            }
        }
        Ok(())
    }

    fn check_delete(&self, stmt: &Delete) -> Exec<Option<Arc<Relation>>> {
        let Some(target) = self.target(&stmt.relation)? else { return Ok(None) };
        let from = stmt.using.iter().cloned().chain([qualified(&stmt.relation, &self.catalog, &target)]).collect();
        judged(self.bind(&scope_query(
            stmt.with.clone(),
            from,
            &[returning(&stmt.returning, &stmt.returning_options)],
            stmt.filter.as_ref(),
        )))?;
        Ok(Some(target))
    }

    fn check_merge(&self, stmt: &Merge) -> Exec<Option<Arc<Relation>>> {
        let Some(target) = self.target(&stmt.relation)? else { return Ok(None) };
        if !matches!(target.kind, RelationKind::Table | RelationKind::PartitionedTable(_)) {
            let message = format!("cannot execute MERGE on relation \"{}\"", target.name);
            let detail = format!("This operation is not supported for {}.", super::plural(target.kind_name()));
            return Err(SqlError::new("0A000", message).detail(detail).at(stmt.relation.name.loc).into());
        }
        judged(self.bind(&scope_query(stmt.with.clone(), vec![stmt.source.clone()], &[], None)))?;
        let table = qualified(&stmt.relation, &self.catalog, &target);
        let both = vec![table.clone(), stmt.source.clone()];
        judged(self.bind(&scope_query(stmt.with.clone(), both.clone(), &[], stmt.on.as_ref())))?;
        for clause in &stmt.clauses {
            // A clause sees the side that its rows come from (`parse_merge.c: setNamespaceForMergeWhen`).
            let visible = match clause.matched {
                MergeMatch::Matched => both.clone(),
                MergeMatch::NotByTarget => vec![stmt.source.clone()],
                MergeMatch::NotBySource => vec![table.clone()],
            };
            let bind = |targets: &[Target], filter: Option<&Expr>| {
                let bound = self.bind(&scope_query(stmt.with.clone(), visible.clone(), &[targets], filter));
                judged(bound.map_err(|stop| out_of_reach(stop, stmt)))
            };
            bind(&[], clause.condition.as_ref())?;
            match &clause.action {
                MergeAction::Insert { columns, values, .. } => {
                    let listed = self.insert_columns(&target, columns)?;
                    let unnamed =
                        |e: &Expr| Target { name: None, indirection: Vec::new(), value: Some(e.clone()), loc: e.loc };
                    let targets: Vec<Target> = values.iter().map(unnamed).collect();
                    if let Some(bound) = bind(&targets, None)?
                        && !values.is_empty()
                    {
                        check_count(columns, &bound, listed, target.live_columns().count())?;
                    }
                }
                MergeAction::Update(set) => {
                    bind(set, None)?;
                    self.set_targets(&target, set)?;
                }
                MergeAction::Delete | MergeAction::Nothing => {}
            }
        }
        Ok(Some(target))
    }

    /// Whether the names in a statement that reads or writes rows stand for something (`analyze.c: transformStmt`).
    pub(in crate::replay) fn check_names(&self, statement: &StatementKind) -> Exec {
        let with = |with: &Option<With>| match with {
            Some(with) => with.ctes.iter().any(|cte| !matches!(cte.body, CteBody::Query(_))),
            None => false,
        };
        match statement {
            StatementKind::Select(query) if !with(&query.with) => self.bind(query).map(drop),
            StatementKind::Insert(stmt) => self.check_insert(stmt).map(drop),
            StatementKind::Update(stmt) => self.check_update(stmt).map(drop),
            StatementKind::Delete(stmt) => self.check_delete(stmt).map(drop),
            StatementKind::Merge(stmt) => self.check_merge(stmt).map(drop),
            _ => Ok(()),
        }
    }

    pub(in crate::replay::ddl) fn bind(&self, query: &Query) -> Exec<BoundQuery> {
        let path = self.path();
        let binder = Binder::new(&self.catalog, &path, Scope::default());
        binder.with_variables(self.code.variables.clone()).query(query)
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
        match &found.kind {
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_) => Ok(Some(found)),
            RelationKind::Sequence(_) | RelationKind::MaterializedView(..) => {
                let message = format!("cannot change {} \"{}\"", found.kind_name(), found.name);
                let (origin, text) = lookup::made_here(&found);
                Err(SqlError::new("42809", message).at(name.loc).related(origin, text).into())
            }
            RelationKind::Index(_) | RelationKind::CompositeType => {
                Err(SqlError::new("42809", format!("\"{}\" is {}", found.name, with_article(&found)))
                    .at(name.loc)
                    .into())
            }
        }
    }
}

/// What cannot be judged is not: a statement that changes data leaves nothing unknown about the catalog.
fn judged<T>(result: Exec<T>) -> Exec<Option<T>> {
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
fn check_copy(relation: &Relation, from: bool, loc: Loc) -> Exec {
    let (direction, hint) = match (&relation.kind, from) {
        (RelationKind::Table, _) => return Ok(()),
        (RelationKind::PartitionedTable(_) | RelationKind::ForeignTable(_), true) => return Ok(()),
        (RelationKind::View(_), true) => {
            let instead = |t: &crate::catalog::Trigger| t.timing == TriggerTiming::InsteadOf && t.events.insert;
            if relation.triggers.iter().any(instead) {
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

/// The side of a MERGE that a clause does not see is there nevertheless (`parse_relation.c: errorMissingRTE`).
fn out_of_reach(stop: Stop, stmt: &Merge) -> Stop {
    let Stop::Error(mut error) = stop else { return stop };
    let target = stmt.relation.alias.as_ref().map_or(&stmt.relation.name.name, |alias| &alias.name);
    if error.message == format!("missing FROM-clause entry for table \"{target}\"") {
        error.message = format!("invalid reference to FROM-clause entry for table \"{target}\"");
    }
    Stop::Error(error)
}

/// The list of RETURNING, as far as the names in it are known: those of `WITH (OLD AS …)` are not.
fn returning<'a>(targets: &'a [Target], options: &[ReturningOption]) -> &'a [Target] {
    if options.is_empty() { targets } else { &[] }
}

/// The target as a table in FROM. With its schema, because a common table expression of its name is not meant.
fn qualified(relation: &RangeVar, catalog: &crate::catalog::Catalog, target: &Relation) -> TableRef {
    let schema = Some(catalog.schema_name(target.schema).into());
    let name = QualifiedName { schema, ..relation.name.clone() };
    TableRef::Relation { relation: RangeVar { name, ..relation.clone() }, sample: None }
}

/// A query whose select list has these values. A bare star adds nothing to what there is to check.
fn scope_query(with: Option<With>, from: Vec<TableRef>, lists: &[&[Target]], filter: Option<&Expr>) -> Query {
    let star = |t: &&Target| matches!(t.value.as_ref().map(|v| &v.kind), Some(ExprKind::Star(_)));
    let select = Select {
        distinct: Distinct::No,
        targets: lists.iter().copied().flatten().filter(|t| !star(t)).cloned().collect(),
        into: None,
        from,
        filter: filter.cloned(),
        group_by: Vec::new(),
        group_distinct: false,
        having: None,
        windows: Vec::new(),
    };
    Query {
        with,
        body: QueryBody::Select(Box::new(select)),
        order_by: Vec::new(),
        limit: None,
        with_ties: false,
        offset: None,
        locking: Vec::new(),
    }
}

/// Both lists of common table expressions, the outer one first.
fn concat(outer: Option<With>, inner: Option<&With>) -> Option<With> {
    match (outer, inner) {
        (outer, None) => outer,
        (None, inner) => inner.cloned(),
        (Some(mut outer), Some(inner)) => {
            outer.recursive |= inner.recursive;
            outer.ctes.extend(inner.ctes.iter().cloned());
            Some(outer)
        }
    }
}

/// `(row).*` in a select list stands for a number of columns that is not known here.
fn has_row_star(query: &Query) -> bool {
    let row_star = |e: &Expr| match &e.kind {
        ExprKind::Indirection { path, .. } => matches!(path.last(), Some(Indirection::Star)),
        _ => false,
    };
    match &query.body {
        QueryBody::Select(select) => select.targets.iter().filter_map(|t| t.value.as_ref()).any(row_star),
        QueryBody::Values(rows) => rows.iter().flatten().any(row_star),
        QueryBody::SetOp { left, right, .. } => has_row_star(left) || has_row_star(right),
    }
}

fn check_values(query: &Query) -> Exec {
    let QueryBody::Values(rows) = &query.body else { return Ok(()) };
    let Some(first) = rows.first() else { return Ok(()) };
    match rows.iter().find(|row| row.len() != first.len()) {
        Some(row) if !has_row_star(query) => {
            let loc = row.first().map_or(Loc::NONE, |e| e.loc);
            Err(SqlError::new("42601", "VALUES lists must all be the same length").at(loc).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// `analyze.c: transformInsertRow`
fn check_count(written: &[Target], bound: &BoundQuery, listed: Option<usize>, all: usize) -> Exec {
    let (given, wanted) = (bound.columns.len(), listed.unwrap_or(all));
    if given > wanted {
        let loc = bound.columns.get(wanted).map_or(Loc::NONE, |c| c.loc);
        return Err(SqlError::new("42601", "INSERT has more expressions than target columns").at(loc).into());
    }
    if listed.is_some() && given < wanted {
        let loc = written.get(given).map_or(Loc::NONE, |c| c.loc);
        return Err(SqlError::new("42601", "INSERT has more target columns than expressions").at(loc).into());
    }
    Ok(())
}
