//! Extended statistics (`statscmds.c`).

use super::constraint::join_column_names;
use crate::catalog::tree::{Expr as Tree, map_stored};
use crate::catalog::{
    ChangeKind, ColumnMap, DependencyKind, Object, Oid, Provenance, Relation, RelationKind, Statistics, StoredExpr,
    make_object_name,
};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{AlterStatistics, CreateStatistics, Name, QualifiedName, StatisticsElem, TableRef, Touches};

/// `STATS_MAX_DIMENSIONS`
const MOST_COLUMNS: usize = 8;
/// `MAX_STATISTICS_TARGET`
const HIGHEST_TARGET: i32 = 10_000;

impl Replay {
    /// `statscmds.c: CreateStatistics`
    pub(in crate::replay) fn create_statistics(&mut self, stmt: &CreateStatistics, cx: &Context) -> Exec {
        let [TableRef::Relation { relation: from, .. }] = stmt.from.as_slice() else {
            return Err(unsupported("only a single relation is allowed in CREATE STATISTICS"));
        };
        self.refuse_system_catalog(&from.name)?;
        let rel = self.relation(from)?;
        let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
        let exprs = self.statistics_expressions(rel, stmt)?;
        match &table.kind {
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::MaterializedView(..) => {}
            RelationKind::View(_)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => {
                let message = format!("cannot define statistics for relation \"{}\"", table.name);
                let detail = format!("This operation is not supported for {}.", self.catalog.kinds_in_words(&table));
                return Err(SqlError::new("42809", message).detail(detail).into());
            }
        }
        self.must_own_relation(rel)?;
        let (schema, name) = match &stmt.name {
            Some(name) => (self.creation_schema(name)?, name.name.clone()),
            None => {
                let parts = stmt.elements.iter().map(|element| match element {
                    StatisticsElem::Column(name) => name.as_str(),
                    StatisticsElem::Expr(_) => "expr",
                });
                (table.schema, self.choose_statistics_name(&table, parts))
            }
        };
        let existing = self.catalog.statistics_of_name(schema, &name).next().map(|s| s.provenance.created);
        if let Some(made) = existing {
            let message = format!("statistics object \"{name}\" already exists");
            if stmt.if_not_exists {
                self.notice(format!("{message}, skipping"), cx);
                return Ok(());
            }
            let related = format!("statistics object \"{name}\" made here");
            return Err(SqlError::new("42710", message).related(made, related).into());
        }
        let mut statistics = Statistics {
            oid: Oid::INVALID,
            schema,
            name,
            owner: self.session.current_user,
            table: rel,
            columns: Vec::new(),
            exprs: Vec::new(),
            ndistinct: false,
            dependencies: false,
            mcv: false,
            target: None,
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.as_ref().map_or_else(Default::default, |name| name.loc))),
        };
        self.fill_statistics(&mut statistics, &table, stmt, exprs)?;
        statistics.oid = self.catalog.new_oid();
        self.record_statistics(&statistics);
        self.catalog.insert_statistics(statistics);
        Ok(())
    }

    /// The expressions, analysed before anything else is looked at (`parse_utilcmd.c: transformStatsStmt`).
    fn statistics_expressions(&self, rel: Oid, stmt: &CreateStatistics) -> Exec<Vec<StoredExpr>> {
        let expressions = stmt.elements.iter().filter_map(|element| match element {
            StatisticsElem::Expr(expr) => Some(self.analyze_statistics_expression(rel, expr)),
            StatisticsElem::Column(_) => None,
        });
        expressions.collect()
    }

    /// Columns, expressions and kinds, with the checks of them.
    fn fill_statistics(
        &self,
        statistics: &mut Statistics,
        table: &Relation,
        stmt: &CreateStatistics,
        exprs: Vec<StoredExpr>,
    ) -> Exec {
        let count = stmt.elements.len();
        if count > MOST_COLUMNS {
            let message = format!("cannot have more than {MOST_COLUMNS} columns in statistics");
            return Err(SqlError::new("54011", message).into());
        }
        let mut exprs = exprs.into_iter();
        for element in &stmt.elements {
            match element {
                StatisticsElem::Column(name) => {
                    let Some(column) = table.column(name) else {
                        if crate::expr::is_system_column(name) {
                            return Err(unsupported("statistics creation on system columns is not supported"));
                        }
                        let error = SqlError::new("42703", format!("column \"{name}\" does not exist"));
                        return Err(lookup::missing_column(&self.catalog, table, name, error));
                    };
                    self.refuse_virtual_statistics(table, &[column.number])?;
                    self.refuse_unordered(table, column.number)?;
                    statistics.columns.push(column.number);
                }
                StatisticsElem::Expr(_) => {
                    let Some(expr) = exprs.next() else { continue };
                    match &expr.tree {
                        Tree::Var(var) if var.varattno > 0 => {
                            self.refuse_virtual_statistics(table, &[var.varattno])?;
                            self.refuse_unordered(table, var.varattno)?;
                            statistics.columns.push(var.varattno);
                        }
                        tree => {
                            if tree.columns().iter().any(|&number| number < 0) {
                                return Err(unsupported("statistics creation on system columns is not supported"));
                            }
                            self.refuse_virtual_statistics(table, &tree.columns())?;
                            let ty = tree.ty(&self.catalog).oid;
                            if count > 1 && self.catalog.type_operators(ty).lt == Oid::INVALID {
                                let name = self.catalog.format_type_be(ty, &self.path());
                                return Err(unsupported(format!(
                                    "expression cannot be used in multivariate statistics because its type {name} has \
                                     no default btree operator class"
                                )));
                            }
                            statistics.exprs.push(expr);
                        }
                    }
                }
            }
        }
        if count == 1 && statistics.exprs.len() == 1 && !stmt.kinds.is_empty() {
            let message = "when building statistics on a single expression, statistics kinds may not be specified";
            return Err(unsupported(message));
        }
        for kind in &stmt.kinds {
            match kind.as_str() {
                "ndistinct" => statistics.ndistinct = true,
                "dependencies" => statistics.dependencies = true,
                "mcv" => statistics.mcv = true,
                other => {
                    let message = format!("unrecognized statistics kind \"{other}\"");
                    return Err(SqlError::new("42601", message).into());
                }
            }
        }
        if stmt.kinds.is_empty() && count >= 2 {
            (statistics.ndistinct, statistics.dependencies, statistics.mcv) = (true, true, true);
        }
        if count < 2 && statistics.exprs.len() != 1 {
            return Err(SqlError::new("42P17", "extended statistics require at least 2 columns").into());
        }
        statistics.columns.sort_unstable();
        if statistics.columns.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(SqlError::new("42701", "duplicate column name in statistics definition").into());
        }
        let mut rest = statistics.exprs.as_slice();
        while let [first, others @ ..] = rest {
            if others.iter().any(|other| other.tree == first.tree) {
                return Err(SqlError::new("42701", "duplicate expression in statistics definition").into());
            }
            rest = others;
        }
        Ok(())
    }

    pub(super) fn refuse_unordered(&self, table: &Relation, number: i16) -> Exec {
        let Some(column) = table.column_at(number) else { return Ok(()) };
        if self.catalog.type_operators(column.ty.oid).lt != Oid::INVALID {
            return Ok(());
        }
        let ty = self.catalog.format_type_be(column.ty.oid, &self.path());
        Err(unsupported(format!(
            "column \"{}\" cannot be used in statistics because its type {ty} has no default btree operator class",
            column.name
        )))
    }

    fn record_statistics(&mut self, statistics: &Statistics) {
        let dependent = Object::Statistics(statistics.oid);
        for &number in &statistics.columns {
            let column = Object::Column(statistics.table, number);
            self.catalog.dependencies.add(dependent, column, DependencyKind::Auto);
        }
        if statistics.columns.is_empty() {
            let table = Object::Relation(statistics.table);
            self.catalog.dependencies.add(dependent, table, DependencyKind::Auto);
        }
        let needs: Vec<Object> = statistics.exprs.iter().flat_map(|e| e.depends_on.iter().copied()).collect();
        self.depend_on_all(dependent, &needs, Some(statistics.table));
    }

    /// The statistics of a table for one that is LIKE it (`parse_utilcmd.c: generateClonedExtStatsStmt`).
    pub(super) fn copy_statistics(
        &mut self,
        rel: Oid,
        source: Oid,
        map: &ColumnMap,
        comments: bool,
        cx: &Context,
    ) -> Exec {
        let mut found: Vec<Statistics> = self.catalog.all_statistics().filter(|s| s.table == source).cloned().collect();
        found.sort_unstable_by_key(|statistics| statistics.oid);
        for old in found {
            let Some(table) = self.catalog.shared_relation(rel) else { return Ok(()) };
            let exprs = old.exprs.iter().map(|expr| map_stored(expr, source, rel, map)).collect::<Option<Vec<_>>>();
            let Some(exprs) = exprs else {
                let reason = "statistics over a whole row are not copied";
                return Err(Opaque::new(reason, Touches::Nothing).into());
            };
            let columns = map.all(&old.columns);
            let names = columns.iter().filter_map(|&number| table.column_at(number)).map(|c| c.name.as_str());
            let name = self.choose_statistics_name(&table, names.chain(exprs.iter().map(|_| "expr")));
            let mut copy = Statistics {
                oid: self.catalog.new_oid(),
                schema: table.schema,
                name,
                owner: self.session.current_user,
                table: rel,
                columns,
                exprs,
                target: None,
                comment: old.comment.clone().filter(|_| comments),
                provenance: Provenance::new(cx.origin),
                ..old
            };
            copy.columns.sort_unstable();
            self.record_statistics(&copy);
            self.catalog.insert_statistics(copy);
        }
        Ok(())
    }

    /// `statscmds.c: ChooseExtendedStatisticName`
    fn choose_statistics_name<'n>(&self, table: &Relation, parts: impl Iterator<Item = &'n str>) -> Name {
        let joined = join_column_names(parts);
        let mut label = "stat".to_owned();
        for pass in 1.. {
            let name = make_object_name(&table.name, Some(&joined), Some(&label));
            if self.catalog.statistics_of_name(table.schema, &name).next().is_none() {
                return name.into();
            }
            label = format!("stat{pass}");
        }
        Name::new()
    }

    /// `namespace.c: get_statistics_object_oid`
    pub(super) fn find_statistics(&self, name: &QualifiedName) -> Exec<Oid> {
        let schemas = self.schemas_of(name)?;
        let found = schemas.iter().find_map(|&s| self.catalog.statistics_of_name(s, &name.name).next());
        if let Some(found) = found {
            return Ok(found.oid);
        }
        let message = format!("statistics object \"{}\" does not exist", lookup::display(name));
        let error = SqlError::new("42704", message).at(name.loc);
        match self.catalog.taint.everything() {
            Some(unknown) => Err(lookup::maybe(error, unknown)),
            None => Err(error.into()),
        }
    }

    /// `statscmds.c: AlterStatistics`
    pub(in crate::replay) fn alter_statistics(&mut self, stmt: &AlterStatistics, cx: &Context) -> Exec {
        let target = match stmt.target {
            Some(target) if target < -1 => {
                return Err(SqlError::new("22023", format!("statistics target {target} is too low")).into());
            }
            Some(target) if target > HIGHEST_TARGET => {
                let message = format!("lowering statistics target to {HIGHEST_TARGET}");
                self.notices.push(crate::replay::Notice {
                    severity: "WARNING",
                    message,
                    origin: cx.origin,
                    raised: None,
                });
                Some(HIGHEST_TARGET)
            }
            Some(-1) | None => None,
            target => target,
        };
        let oid = match self.find_statistics(&stmt.name) {
            Err(crate::replay::Stop::Error(error)) if stmt.missing_ok => {
                self.notice(format!("{}, skipping", error.message), cx);
                return Ok(());
            }
            found => found?,
        };
        self.must_own_stored_as(Object::Statistics(oid), Some(&stmt.name))?;
        if let Some(statistics) = self.catalog.statistics_mut(oid) {
            statistics.target = target;
            statistics.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }
}

fn unsupported(message: impl Into<String>) -> crate::replay::Stop {
    SqlError::new("0A000", message).into()
}
