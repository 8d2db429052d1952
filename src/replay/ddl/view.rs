//! Relations that a query defines: views (`view.c`), materialized views and CREATE TABLE AS (`createas.c`, `matview.c`).

use std::sync::Arc;

use crate::catalog::{
    ChangeKind, Column, DependencyKind, Layer, Object, Oid, Provenance, RelationKind, StoredQuery, TypeRef,
};
use crate::replay::analysis::{AnalyzedQuery, OutputColumn};
use crate::replay::{Context, Exec, KnownNames, Replay, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// A column of a relation that a query defines.
struct NewColumn {
    name: Name,
    ty: TypeRef,
    collation: Oid,
    loc: Loc,
}

impl Replay {
    /// `view.c: DefineView`
    pub(in crate::replay) fn create_view(&mut self, stmt: &CreateView, cx: &Context) -> Exec {
        let name = &stmt.relation.name;
        if into_clause(&stmt.query).is_some() {
            return Err(SqlError::new("0A000", "views must not contain SELECT INTO").into());
        }
        if modifies_data(&stmt.query) {
            let message = "views must not contain data-modifying statements in WITH";
            return Err(SqlError::new("0A000", message).into());
        }
        let bound = self.bind_defining_query(&stmt.query, name, None)?;
        let options = view_options(stmt)?;
        if options.iter().any(|(name, _)| name == "check_option") {
            crate::expr::analyze::updatable::check_updatable(&self.catalog, &bound.query.tree)?;
        }
        if stmt.columns.len() > bound.columns.len() {
            let message = "CREATE VIEW specifies more column names than columns";
            return Err(SqlError::new("42601", message).into());
        }
        if stmt.relation.persistence == Persistence::Unlogged {
            let message = "views cannot be unlogged because they do not have storage";
            return Err(SqlError::new("42601", message).into());
        }
        let mut relation = stmt.relation.clone();
        if relation.persistence == Persistence::Permanent && self.uses_temporary_relation(&bound.query) {
            relation.persistence = Persistence::Temporary;
            self.notice(format!("view \"{}\" will be a temporary view", name.name), cx);
        }
        let schema = self.creation_schema_for_query(&relation)?;
        let columns = new_columns(&bound, &stmt.columns);
        let bound = bound.renamed(&stmt.columns);

        let existing = self.catalog.relation_in(schema, &name.name).map(|r| r.oid);
        if let (Some(existing), true) = (existing, stmt.or_replace) {
            self.must_own_relation(existing)?;
            let kind = RelationKind::View(bound.query.clone());
            self.replace_view(existing, &columns, bound.query, name.loc, cx)?;
            super::options::check(self.catalog.version(), &kind, &options)?;
            if let Some(view) = self.catalog.relation_mut(existing) {
                view.options = options;
            }
            return Ok(());
        }
        let kind = RelationKind::View(bound.query.clone());
        super::options::check(self.catalog.version(), &kind, &options)?;
        refuse_twice(&columns)?;
        columns.iter().try_for_each(|new| self.refuse_pseudo_column(new))?;
        self.skip_existing_relation(schema, &name.name, false, name.loc, cx)?;
        let oid = self.insert_relation(schema, &name.name, kind, relation.persistence, cx.at(name.loc))?;
        if let Some(view) = self.catalog.relation_mut(oid) {
            view.options = options;
        }
        self.add_query_columns(oid, &columns, cx)?;
        self.depend_on_query(oid, &bound.query);
        Ok(())
    }

    /// CREATE OR REPLACE VIEW of a view that exists (`view.c: checkViewColumns`).
    fn replace_view(&mut self, oid: Oid, columns: &[NewColumn], query: StoredQuery, loc: Loc, cx: &Context) -> Exec {
        let Some(view) = self.catalog.shared_relation(oid) else { return Ok(()) };
        let explain = |error: SqlError| -> Stop {
            let (origin, text) = lookup::made_here(&view);
            error.at(loc).related(origin, text).into()
        };
        if !matches!(view.kind, RelationKind::View(_)) {
            return Err(explain(SqlError::new("42809", format!("\"{}\" is not a view", view.name))));
        }
        if columns.len() < view.columns.len() {
            return Err(explain(SqlError::new("42P16", "cannot drop columns from view")));
        }
        for (old, new) in view.columns.iter().zip(columns) {
            if old.name != new.name {
                let message = format!("cannot change name of view column \"{}\" to \"{}\"", old.name, new.name);
                let hint = "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.";
                return Err(explain(SqlError::new("42P16", message).hint(hint)));
            }
            if old.ty != new.ty {
                let path = self.path();
                let message = format!(
                    "cannot change data type of view column \"{}\" from {} to {}",
                    old.name,
                    self.catalog.format_type(old.ty, &path),
                    self.catalog.format_type(new.ty, &path),
                );
                return Err(explain(SqlError::new("42P16", message)));
            }
            let collation = self.catalog.column_collation(old);
            if collation != new.collation {
                let name = |oid| self.catalog.collation_info(oid).map_or(String::new(), |c| c.name.to_owned());
                let message = format!(
                    "cannot change collation of view column \"{}\" from \"{}\" to \"{}\"",
                    old.name,
                    name(collation),
                    name(new.collation),
                );
                return Err(explain(SqlError::new("42P16", message)));
            }
        }
        self.add_query_columns(oid, &columns[view.columns.len()..], cx)?;
        self.catalog.dependencies.remove_of_kind(Object::Relation(oid), DependencyKind::Normal);
        self.depend_on_query(oid, &query);
        if let Some(view) = self.catalog.relation_mut(oid) {
            view.kind = RelationKind::View(query);
            view.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `createas.c: ExecCreateTableAs`
    pub(in crate::replay) fn create_table_as(&mut self, stmt: &CreateTableAs, cx: &Context) -> Exec {
        match (&stmt.query, &stmt.execute) {
            (Some(query), _) => self.fill_from_query(query, &stmt.into, stmt.materialized_view, stmt.if_not_exists, cx),
            (None, Some(execute)) => {
                let name = &stmt.into.relation.name;
                let schema = self.creation_schema_for_query(&stmt.into.relation)?;
                if self.skip_existing_relation(schema, &name.name, stmt.if_not_exists, name.loc, cx)? {
                    return Ok(());
                }
                // What the prepared query calls is not called.
                self.catalog.forget_rows();
                self.fill_from_prepared(execute, &stmt.into, cx)
            }
            (None, None) => Ok(()),
        }
    }

    /// `SELECT … INTO table`: the same as CREATE TABLE AS. `into` is what [`into_clause`] found in the query.
    pub(in crate::replay) fn select_into(&mut self, query: &Query, into: &IntoTable, cx: &Context) -> Exec {
        self.fill_from_query(query, into, false, false, cx)
    }

    fn fill_from_query(
        &mut self,
        query: &Query,
        into: &IntoTable,
        materialized_view: bool,
        if_not_exists: bool,
        cx: &Context,
    ) -> Exec {
        let name = &into.relation.name;
        let persistence = into.relation.persistence;
        if materialized_view && modifies_data(query) {
            let message = "materialized views must not use data-modifying statements in WITH";
            return Err(SqlError::new("0A000", message).into());
        }
        let variables = self.code.variables.clone().filter(|_| !materialized_view);
        let bound = self.bind_defining_query(query, name, variables)?;
        if materialized_view && self.uses_temporary_relation(&bound.query) {
            return Err(SqlError::new("0A000", "materialized views must not use temporary tables or views").into());
        }
        if materialized_view && persistence == Persistence::Unlogged {
            return Err(SqlError::new("0A000", "materialized views cannot be unlogged").into());
        }
        let schema = self.creation_schema_for_query(&into.relation)?;
        if self.skip_existing_relation(schema, &name.name, if_not_exists, name.loc, cx)? {
            return Ok(());
        }
        if into.columns.len() > bound.columns.len() {
            return Err(SqlError::new("42601", "too many column names were specified").into());
        }
        let on_commit = into.on_commit.unwrap_or_default();
        super::table::check_on_commit(on_commit, persistence)?;
        let columns = new_columns(&bound, &into.columns);
        let bound = bound.renamed(&into.columns);
        // From 17 on a materialized view is made without rows and refreshed (`createas.c: ExecCreateTableAs`).
        let refreshed = materialized_view && self.catalog.version() >= 17;
        if !into.no_data && !refreshed {
            self.may_on_rows(&bound.query.tree)?;
            self.refuse_unpopulated(&bound.query)?;
        }
        refuse_columns(&columns)?;
        for new in &columns {
            self.check_column_type(new.ty, &new.name, Loc::NONE)?;
        }
        let kind = if materialized_view {
            RelationKind::MaterializedView(bound.query.clone(), !into.no_data)
        } else {
            RelationKind::Table
        };
        let is_empty = !materialized_view && (into.no_data || self.has_no_rows(query, cx));
        let oid = self.insert_relation(schema, &name.name, kind, persistence, cx.at(name.loc))?;
        if is_empty && matches!(cx.origin.layer, Layer::Migration(_)) {
            self.catalog.mark_empty(oid);
        }
        if let Some(relation) = self.catalog.relation_mut(oid) {
            relation.options = super::table::options(&into.options);
        }
        if let Some(relation) = self.catalog.relation(oid) {
            super::options::check(self.catalog.version(), &relation.kind, &relation.options)?;
        }
        if !into.no_data && refreshed {
            self.may_on_rows(&bound.query.tree)?;
            self.refuse_unpopulated(&bound.query)?;
        }
        if on_commit == OnCommit::Drop {
            self.session.drop_at_commit.push(oid);
        }
        self.add_query_columns(oid, &columns, cx)?;
        self.forget_toast_options(oid);
        if materialized_view {
            self.depend_on_query(oid, &bound.query);
        }
        Ok(())
    }

    /// Binds the query of a relation; where that is not possible, it is the relation that is not known.
    fn bind_defining_query(
        &self,
        query: &Query,
        name: &QualifiedName,
        variables: Option<Arc<KnownNames>>,
    ) -> Exec<AnalyzedQuery> {
        self.analyze_query(query, variables.as_deref()).map_err(|stop| match stop {
            Stop::Opaque(mut opaque) => {
                opaque.touches = match opaque.touches {
                    Touches::Nothing => Touches::Relations(vec![name.clone()]),
                    Touches::Relations(mut names) => {
                        names.push(name.clone());
                        Touches::Relations(names)
                    }
                    Touches::Everything
                    | Touches::Expressions
                    | Touches::Servers
                    | Touches::LargeObjects
                    | Touches::Type(_) => Touches::Everything,
                };
                Stop::Opaque(opaque)
            }
            Stop::Error(error) => Stop::Error(error),
        })
    }

    /// Where the relation goes; a temporary one goes nowhere else (`RangeVarAdjustRelationPersistence`).
    fn creation_schema_for_query(&mut self, relation: &RangeVar) -> Exec<Oid> {
        self.creation_schema_of(relation)
    }

    /// `parse_relation.c: isQueryUsingTempRelation`
    fn uses_temporary_relation(&self, query: &StoredQuery) -> bool {
        query.depends_on.iter().any(|object| match object {
            Object::Relation(oid) => {
                self.catalog.relation(*oid).is_some_and(|r| r.persistence == Persistence::Temporary)
            }
            _ => false,
        })
    }

    fn add_query_columns(&mut self, oid: Oid, columns: &[NewColumn], cx: &Context) -> Exec {
        for new in columns {
            let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
            if relation.column(&new.name).is_some() {
                // Columns that a view gets are added (`ATExecAddColumn`).
                let message = if relation.provenance.created.sequence == cx.origin.sequence {
                    format!("column \"{}\" specified more than once", new.name)
                } else {
                    format!("column \"{}\" of relation \"{}\" already exists", new.name, relation.name)
                };
                return Err(SqlError::new("42701", message).into());
            }
            self.refuse_pseudo_column(new)?;
            let number = i16::try_from(relation.columns.len() + 1).unwrap_or(i16::MAX);
            if number > 1600 {
                return Err(SqlError::new("54011", "tables can have at most 1600 columns").into());
            }
            let of_type = self.catalog.type_collation(new.ty.oid);
            if of_type != Oid::INVALID && new.collation == Oid::INVALID {
                let message = format!("could not determine which collation to use for view column \"{}\"", new.name);
                let hint = "Use the COLLATE clause to set the collation explicitly.";
                return Err(SqlError::new("42P22", message).hint(hint).into());
            }
            let collation = Some(new.collation).filter(|&c| c != of_type);
            let column = Column::new(number, new.name.clone(), new.ty, Provenance::new(cx.at(new.loc)));
            let column = Column { collation, ..column };
            if let Some(relation) = self.catalog.relation_mut(oid) {
                relation.columns.push(column);
            }
            let (column, ty) = (Object::Column(oid, number), Object::Type(new.ty.oid));
            self.catalog.dependencies.add(column, ty, DependencyKind::Normal);
        }
        Ok(())
    }

    /// `heap.c: CheckAttributeType`
    fn refuse_pseudo_column(&self, new: &NewColumn) -> Exec {
        if !self.is_pseudo_type(new.ty.oid) {
            return Ok(());
        }
        let ty = self.catalog.format_type_be(new.ty.oid, &self.path());
        Err(SqlError::new("42P16", format!("column \"{}\" has pseudo-type {ty}", new.name)).into())
    }

    /// 55000 for a query that reads, perhaps through views, what was never filled (`execMain.c: ExecOpenScanRelation`).
    pub(super) fn refuse_unpopulated(&self, query: &StoredQuery) -> Exec {
        for object in &query.depends_on {
            let (Object::Relation(oid) | Object::Column(oid, _)) = object else { continue };
            let Some(relation) = self.catalog.relation(*oid) else { continue };
            match &relation.kind {
                RelationKind::MaterializedView(_, false) => {
                    let message = format!("materialized view \"{}\" has not been populated", relation.name);
                    let hint = "Use the REFRESH MATERIALIZED VIEW command.";
                    return Err(SqlError::new("55000", message).hint(hint).into());
                }
                RelationKind::View(inner) => self.refuse_unpopulated(inner)?,
                RelationKind::MaterializedView(_, true)
                | RelationKind::Table
                | RelationKind::PartitionedTable(_)
                | RelationKind::ForeignTable(_)
                | RelationKind::Sequence(_)
                | RelationKind::Index(_)
                | RelationKind::CompositeType => {}
            }
        }
        Ok(())
    }

    /// A view needs what its query needs; a query may read the view that it replaces.
    pub(super) fn depend_on_query(&mut self, oid: Oid, query: &StoredQuery) {
        let needs: Vec<Object> = query.depends_on.iter().copied().filter(|o| o.relation() != Some(oid)).collect();
        self.depend_on_all(Object::Relation(oid), &needs, None);
    }
}

/// What `heap.c: CheckAttributeNamesTypes` refuses of the names of a table made from a query.
fn refuse_columns(columns: &[NewColumn]) -> Exec {
    for new in columns {
        if crate::expr::is_system_column(&new.name) {
            let message = format!("column name \"{}\" conflicts with a system column name", new.name);
            return Err(SqlError::new("42701", message).into());
        }
    }
    refuse_twice(columns)
}

/// `tablecmds.c: MergeAttributes`
fn refuse_twice(columns: &[NewColumn]) -> Exec {
    for (i, new) in columns.iter().enumerate() {
        if columns[..i].iter().any(|other| other.name == new.name) {
            return Err(SqlError::new("42701", format!("column \"{}\" specified more than once", new.name)).into());
        }
    }
    Ok(())
}

/// The options of a view, with the CHECK OPTION among them (`view.c: DefineView`).
fn view_options(stmt: &CreateView) -> Exec<Vec<(Name, String)>> {
    let mut options = super::table::options(&stmt.options);
    if let Some(cascaded) = stmt.check_option {
        if options.iter().any(|(name, _)| name == "check_option") {
            return Err(SqlError::new("22023", "parameter \"check_option\" specified more than once").into());
        }
        let value = if cascaded { "cascaded" } else { "local" };
        options.push(("check_option".into(), value.to_owned()));
    }
    Ok(options)
}

/// The `INTO` of a SELECT; in a set operation it stands in the leftmost SELECT.
pub(in crate::replay) fn into_clause(query: &Query) -> Option<&IntoTable> {
    match &query.body {
        QueryBody::Select(select) => select.into.as_deref(),
        QueryBody::SetOp { left, .. } => into_clause(left),
        QueryBody::Values(_) => None,
    }
}

/// A common table expression of the query inserts, updates or deletes.
pub(in crate::replay) fn modifies_data(query: &Query) -> bool {
    query.with.iter().flat_map(|with| &with.ctes).any(|cte| match &cte.body {
        CteBody::Query(_) => false,
        CteBody::Insert(_) | CteBody::Update(_) | CteBody::Delete(_) | CteBody::Merge(_) => true,
    })
}

/// The columns of a query's result under their names in the relation.
fn new_columns(query: &AnalyzedQuery, names: &[Name]) -> Vec<NewColumn> {
    let column = |(i, column): (usize, &OutputColumn)| NewColumn {
        name: names.get(i).unwrap_or(&column.name).clone(),
        ty: column.ty,
        collation: column.collation,
        loc: column.loc,
    };
    query.columns.iter().enumerate().map(column).collect()
}
