//! Definitions of what the catalog has records of.

use super::definition::*;
use super::{Deparser, opaque};
use crate::catalog::{
    Constraint, ConstraintKind, DomainCheck, Function, FunctionBody, IndexKeyKind, Oid, PartitionBound, PartitionKey,
    RangeDatum as Datum, Relation, RelationKind, Rule, SqlBodyTree, Statistics, Trigger, type_oid as t,
};
use crate::replay::Exec;
use crate::sql::ast::{self, Name};

impl Deparser<'_> {
    /// `pg_get_constraintdef` of a table's constraint.
    pub fn constraint(&self, relation: &Relation, constraint: &Constraint) -> Exec<String> {
        let index = |oid: Oid| self.catalog().relation(oid);
        let kind = match &constraint.kind {
            ConstraintKind::Check { expr, no_inherit } => {
                ConstraintDefKind::Check { expr: &expr.tree, no_inherit: *no_inherit }
            }
            ConstraintKind::Key { primary, index: oid, operators } => {
                let index = index(*oid).and_then(Relation::as_index);
                ConstraintDefKind::Key {
                    primary: *primary,
                    nulls_not_distinct: index.is_some_and(|i| i.nulls_not_distinct),
                    columns: &constraint.columns,
                    without_overlaps: !operators.is_empty(),
                    including: index.map_or(&[], |i| &i.including),
                }
            }
            ConstraintKind::Exclusion { index: oid, operators } => {
                let Some(index) = index(*oid) else { return Err(opaque("an exclusion constraint without an index")) };
                ConstraintDefKind::Exclusion(Box::new(self.index_record(index, operators)?))
            }
            ConstraintKind::ForeignKey(key) => ConstraintDefKind::ForeignKey {
                columns: &constraint.columns,
                table: key.table,
                referenced: &key.columns,
                period: key.period,
                match_type: key.match_type,
                on_update: key.on_update,
                on_delete: key.on_delete,
                on_delete_columns: &key.on_delete_columns,
            },
            ConstraintKind::Trigger(_) => ConstraintDefKind::Trigger,
            ConstraintKind::NotNull { no_inherit } => {
                ConstraintDefKind::NotNull { column: constraint.columns.first().copied(), no_inherit: *no_inherit }
            }
        };
        self.constraint_def(&ConstraintDef {
            relation: Some(relation.oid),
            kind,
            deferrable: constraint.deferrable,
            initially_deferred: constraint.initially_deferred,
            enforced: constraint.enforced,
            validated: constraint.validated,
        })
    }

    /// `pg_get_constraintdef` of a domain's constraint.
    pub fn domain_check(&self, check: &DomainCheck) -> Exec<String> {
        self.constraint_def(&ConstraintDef {
            relation: None,
            kind: ConstraintDefKind::Check { expr: &check.expr.tree, no_inherit: false },
            deferrable: false,
            initially_deferred: false,
            enforced: true,
            validated: check.validated,
        })
    }

    /// `pg_get_indexdef`
    pub fn index(&self, index: &Relation) -> Exec<String> {
        self.index_def(&self.index_record(index, &[])?)
    }

    fn index_record<'r>(&self, relation: &'r Relation, operators: &[Oid]) -> Exec<IndexDef<'r>>
    where
        Self: 'r,
    {
        let Some(index) = relation.as_index() else { return Err(opaque("a relation that is no index")) };
        let table = self.catalog().relation(index.table);
        let column_collation = |number| {
            let column = table.and_then(|t| t.column_at(number));
            column.map_or(Oid::INVALID, |c| self.catalog().column_collation(c))
        };
        let key = |(i, key): (usize, &'r crate::catalog::IndexKey)| IndexKeyDef {
            what: match &key.what {
                IndexKeyKind::Column(number) => IndexColumn::Column(*number, column_collation(*number)),
                IndexKeyKind::Expr(expr) => IndexColumn::Expr(&expr.tree),
            },
            collation: key.collation,
            opclass: key.opclass,
            opclass_options: &key.opclass_options,
            descending: key.descending,
            nulls_first: key.nulls_first,
            operator: operators.get(i).copied().unwrap_or(Oid::INVALID),
        };
        Ok(IndexDef {
            name: &relation.name,
            table: index.table,
            partitioned: table.is_some_and(|t| matches!(t.kind, RelationKind::PartitionedTable(_))),
            method: &index.method,
            unique: index.unique,
            keys: index.keys.iter().enumerate().map(key).collect(),
            including: &index.including,
            nulls_not_distinct: index.nulls_not_distinct,
            options: &relation.options,
            predicate: index.predicate.as_ref().map(|p| &p.tree),
        })
    }

    /// `pg_get_partkeydef`
    pub fn partition_key_of(&self, table: &Relation, key: &PartitionKey) -> Exec<String> {
        let column_collation = |number| {
            let column = table.column_at(number);
            column.map_or(Oid::INVALID, |c| self.catalog().column_collation(c))
        };
        let columns = key.columns.iter().map(|column| PartitionKeyColumn {
            what: match &column.what {
                IndexKeyKind::Column(number) => IndexColumn::Column(*number, column_collation(*number)),
                IndexKeyKind::Expr(expr) => IndexColumn::Expr(&expr.tree),
            },
            collation: column.collation,
            opclass: column.opclass,
        });
        self.partition_key(&PartitionKeyDef { relation: table.oid, strategy: key.strategy, columns: columns.collect() })
    }

    /// `pg_get_expr` of `relpartbound`.
    pub fn partition_bound_of(&self, bound: &PartitionBound) -> Exec<String> {
        let bound = match bound {
            PartitionBound::Default => BoundDef::Default,
            PartitionBound::Hash { modulus, remainder } => BoundDef::Hash { modulus: *modulus, remainder: *remainder },
            PartitionBound::List(values) => BoundDef::List(values.iter().collect()),
            PartitionBound::Range { lower, upper } => {
                BoundDef::Range { lower: range_datums(lower), upper: range_datums(upper) }
            }
        };
        self.partition_bound(&bound)
    }

    /// `get_range_partbound_string`
    pub fn range_of(&self, datums: &[Datum]) -> Exec<String> {
        self.range_bound(&range_datums(datums))
    }

    /// `pg_get_triggerdef`
    pub fn trigger(&self, relation: &Relation, trigger: &Trigger) -> Exec<String> {
        self.trigger_def(&TriggerDef {
            name: &trigger.name,
            relation: relation.oid,
            function: trigger.function,
            args: &trigger.args,
            timing: trigger.timing,
            row: trigger.row,
            events: trigger.events,
            columns: &trigger.columns,
            when: trigger.when.as_ref().map(|w| &w.tree),
            constraint: trigger.constraint.is_some(),
            constraint_from: trigger.constraint_from,
            deferrable: trigger.deferrable,
            initially_deferred: trigger.initially_deferred,
            old_table: trigger.old_table.as_ref(),
            new_table: trigger.new_table.as_ref(),
        })
    }

    /// `pg_get_ruledef`
    pub fn rule(&self, relation: &Relation, rule: &Rule) -> Exec<String> {
        let event = match rule.event {
            ast::RuleEvent::Select => return Err(opaque("a rule on SELECT")),
            ast::RuleEvent::Insert => RuleEvent::Insert,
            ast::RuleEvent::Update => RuleEvent::Update,
            ast::RuleEvent::Delete => RuleEvent::Delete,
        };
        self.rule_def(&RuleDef {
            name: &rule.name,
            relation: relation.oid,
            event,
            qual: rule.body.qual.as_ref(),
            instead: rule.instead,
            actions: &rule.body.actions,
        })
    }

    /// `pg_get_statisticsobjdef`
    pub fn statistics(&self, statistics: &Statistics) -> Exec<String> {
        let exprs: Vec<_> = statistics.exprs.iter().map(|expr| expr.tree.clone()).collect();
        self.statistics_def(&StatisticsDef {
            name: &statistics.name,
            schema: statistics.schema,
            ndistinct: statistics.ndistinct,
            dependencies: statistics.dependencies,
            mcv: statistics.mcv,
            table: statistics.table,
            columns: &statistics.columns,
            exprs: &exprs,
        })
    }

    /// `pg_get_functiondef`
    pub fn function(&self, function: &Function) -> Exec<String> {
        if matches!(function.body, FunctionBody::Native(None)) {
            return Err(opaque(format!("the definition of {}() is not known", function.name)));
        }
        self.function_def(&function_record(function))
    }

    /// `pg_get_function_result`; nothing for a procedure without results.
    pub fn function_result_of(&self, function: &Function) -> String {
        self.function_result(&function_record(function))
    }

    /// `pg_get_function_identity_arguments`
    pub fn function_identity_arguments_of(&self, function: &Function) -> Exec<String> {
        self.function_identity_arguments(&function_record(function))
    }

    /// `pg_get_viewdef`
    pub fn view(&self, relation: &Relation) -> Exec<String> {
        match &relation.kind {
            RelationKind::View(query) | RelationKind::MaterializedView(query, _) => {
                let columns: Vec<Name> = relation.columns.iter().map(|c| c.name.clone()).collect();
                self.view_def(&query.tree, &columns)
            }
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => Err(opaque("a relation that is no view")),
        }
    }
}

fn range_datums(datums: &[Datum]) -> Vec<RangeDatum<'_>> {
    let datum = |datum| match datum {
        &Datum::MinValue => RangeDatum::MinValue,
        Datum::Value(value) => RangeDatum::Value(value),
        &Datum::MaxValue => RangeDatum::MaxValue,
    };
    datums.iter().map(datum).collect()
}

/// The record as the printer takes it.
pub(crate) fn function_record(function: &Function) -> FunctionDef<'_> {
    let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
    FunctionDef {
        name: &function.name,
        schema: function.schema,
        kind: function.kind,
        params: function
            .params
            .iter()
            .map(|param| ParamDef {
                name: param.name.as_ref(),
                ty: param.ty.oid,
                mode: param.mode,
                default: param.default.as_ref().map(|default| &default.tree),
            })
            .collect(),
        direct_args: function
            .aggregate
            .as_ref()
            .filter(|a| a.kind != crate::catalog::AggregateKind::Normal)
            .map(|a| a.direct_args),
        returns: function.returns.map_or(t::VOID, |ty| ty.oid),
        returns_set: function.returns_set,
        transforms: &function.transforms,
        language: &function.language,
        volatility: function.volatility,
        parallel: function.parallel,
        strict: function.strict,
        security_definer: function.security_definer,
        leakproof: function.leakproof,
        cost: number(&function.cost),
        rows: number(&function.rows),
        support: Oid::INVALID,
        config: &function.config,
        body: match &function.body {
            FunctionBody::Source(code, _) => BodyDef::Source { file: None, text: &code.text },
            FunctionBody::Sql(body) => match &**body {
                SqlBodyTree::Return(query) => BodyDef::Return(query),
                SqlBodyTree::Atomic(queries) => BodyDef::Atomic(queries),
            },
            FunctionBody::Native(Some(code)) => BodyDef::Source { file: code.file.as_deref(), text: &code.symbol },
            FunctionBody::Native(None) => BodyDef::Source { file: None, text: "" },
        },
    }
}
