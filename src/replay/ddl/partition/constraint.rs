//! The condition that a partition's rows fulfil (`partbounds.c: get_qual_from_partbound`), which DETACH … CONCURRENTLY
//! leaves behind as a check (`tablecmds.c: DetachAddConstraintIfNeeded`).

use crate::catalog::lsyscache::strategy;
use crate::catalog::tree::{
    At, BoolExpr, BoolOp, CoercionForm, Const, Expr, NullTest, OpExpr, RelabelType, ScalarArrayOpExpr, Var,
    VarReturning, map_variables,
};
use crate::catalog::{
    ColumnMap, ConstraintKind, IndexKeyKind, Oid, PartitionBound, PartitionKeyColumn, RangeDatum, Relation, TypeRef,
    type_oid as t,
};
use crate::expr::analyze::expr_dependencies;
use crate::expr::equivalent::equivalent;
use crate::replay::{Context, Exec, Opaque, Replay};
use crate::sql::ast::{QualifiedName, Touches};

impl Replay {
    /// Whether the check is needed is known where no check of the table has anything to say about these columns, or says
    /// just that.
    pub(super) fn check_of_detached(&mut self, partition: Oid, name: &QualifiedName, cx: &Context) -> Exec {
        let opaque = |reason: &str| Err(Opaque::new(reason, Touches::Relations(vec![name.clone()])).into());
        let Some(qual) = self.partition_qual(partition) else {
            return opaque("the check that DETACH PARTITION … CONCURRENTLY leaves behind is not made");
        };
        let Some(relation) = self.catalog.shared_relation(partition) else { return Ok(()) };
        let mut said: Vec<&Expr> = Vec::new();
        for constraint in &relation.constraints {
            if let ConstraintKind::Check { expr, .. } = &constraint.kind {
                conjuncts(&expr.tree, &mut said);
            }
        }
        let implied = |part: &Expr| {
            let not_null = matches!(part, Expr::NullTest(test) if test.not && is_not_null(&relation, &test.arg));
            not_null || said.iter().any(|known| equivalent(known, part, &self.catalog))
        };
        if qual.iter().all(implied) {
            return Ok(());
        }
        let columns: Vec<_> = qual.iter().flat_map(Expr::columns).collect();
        if said.iter().any(|known| known.columns().iter().any(|number| columns.contains(number))) {
            return opaque("whether a check implies the bound of a partition is not known");
        }
        let tree = joined(BoolOp::And, qual);
        let needs = expr_dependencies(&self.catalog, &tree, partition)?;
        self.store_partition_check(partition, tree, needs, cx);
        Ok(())
    }

    /// `partcache.c: generate_partition_qual`; nothing where it cannot be told, or for hash partitions.
    fn partition_qual(&self, partition: Oid) -> Option<Vec<Expr>> {
        let relation = self.catalog.relation(partition)?;
        let parent = self.catalog.relation(self.catalog.partition_parent(partition)?)?;
        let keys = &parent.partition_key()?.columns;
        let mut qual = if parent.is_partition() { self.partition_qual(parent.oid)? } else { Vec::new() };
        match relation.bound.as_deref()? {
            PartitionBound::List(values) => {
                let [key] = keys.as_slice() else { return None };
                qual.extend(self.list_qual(parent, key, values)?);
            }
            PartitionBound::Range { lower, upper } => qual.extend(self.range_qual(parent, keys, lower, upper)?),
            PartitionBound::Default | PartitionBound::Hash { .. } => return None,
        }
        let map = ColumnMap::by_name(parent, relation);
        qual.iter_mut().all(|part| map_variables(part, 1, &map)).then_some(qual)
    }

    /// `get_qual_for_list`
    fn list_qual(&self, parent: &Relation, key: &PartitionKeyColumn, values: &[Const]) -> Option<Vec<Expr>> {
        let (expr, type_collation) = self.key_expr(parent, key)?;
        let null = |not| null_test(expr.clone(), not);
        let given: Vec<&Const> = values.iter().filter(|value| value.value.is_some()).collect();
        let is_array = self.catalog.type_info(key.ty.oid).is_some_and(|ty| ty.category == 'A');
        let equals = match given.as_slice() {
            [] => None,
            [one] => Some(self.comparison(key, type_collation, &expr, strategy::BT_EQUAL, one)?),
            _ if is_array => {
                let each = given.iter().map(|one| self.comparison(key, type_collation, &expr, strategy::BT_EQUAL, one));
                Some(joined(BoolOp::Or, each.collect::<Option<_>>()?))
            }
            _ => {
                let (operator, function, arg) = self.key_operator(key, type_collation, &expr, strategy::BT_EQUAL)?;
                let elements: Vec<String> = given.iter().filter_map(|v| v.value.as_deref()).map(element).collect();
                let array = Const {
                    // The elements have the length that the array has then (`nodeFuncs.c: exprTypmod`).
                    ty: TypeRef {
                        oid: Some(self.catalog.array_type(key.ty.oid)).filter(|&ty| ty != Oid::INVALID)?,
                        typmod: key.ty.typmod,
                    },
                    collation: type_collation,
                    value: Some(format!("{{{}}}", elements.join(",")).into()),
                    object: None,
                    at: At::NONE,
                };
                Some(Expr::ScalarArrayOpExpr(Box::new(ScalarArrayOpExpr {
                    operator,
                    function,
                    use_or: true,
                    input_collation: key.collation,
                    scalar: arg,
                    array: Expr::Const(Box::new(array)),
                    at: At::NONE,
                })))
            }
        };
        let has_null = given.len() < values.len();
        Some(match (has_null, equals) {
            (false, equals) => std::iter::once(null(true)).chain(equals).collect(),
            (true, Some(equals)) => vec![joined(BoolOp::Or, vec![null(false), equals])],
            (true, None) => vec![null(false)],
        })
    }

    /// `get_qual_for_range`
    fn range_qual(
        &self,
        parent: &Relation,
        keys: &[PartitionKeyColumn],
        lower: &[RangeDatum],
        upper: &[RangeDatum],
    ) -> Option<Vec<Expr>> {
        let exprs: Vec<(Expr, Oid)> = keys.iter().map(|key| self.key_expr(parent, key)).collect::<Option<_>>()?;
        let compare = |i: usize, how: i16, value: &Const| {
            let (expr, type_collation) = exprs.get(i)?;
            self.comparison(keys.get(i)?, *type_collation, expr, how, value)
        };
        let mut qual: Vec<Expr> = exprs.iter().map(|(expr, _)| null_test(expr.clone(), true)).collect();
        // Where both bounds agree, there is one value.
        let mut first = 0;
        while let (Some(RangeDatum::Value(low)), Some(RangeDatum::Value(high))) = (lower.get(first), upper.get(first))
            && low == high
        {
            qual.push(compare(first, strategy::BT_EQUAL, low)?);
            first += 1;
        }
        // The last column of an arm is compared so; what comes after may make the bound inclusive.
        let low = |i: usize| match lower.get(i + 1) {
            None | Some(RangeDatum::MinValue) => strategy::BT_GREATER_EQUAL,
            Some(RangeDatum::Value(_) | RangeDatum::MaxValue) => strategy::BT_GREATER,
        };
        let high = |i: usize| match upper.get(i + 1) {
            Some(RangeDatum::MaxValue) => strategy::BT_LESS_EQUAL,
            None | Some(RangeDatum::Value(_) | RangeDatum::MinValue) => strategy::BT_LESS,
        };
        let arms = |datums: &[RangeDatum], last: &dyn Fn(usize) -> i16| -> Option<Vec<Expr>> {
            let mut arms = Vec::new();
            for end in first..keys.len() {
                let RangeDatum::Value(value) = datums.get(end)? else { break };
                let mut arm = Vec::new();
                for i in first..end {
                    let RangeDatum::Value(equal) = datums.get(i)? else { return None };
                    arm.push(compare(i, strategy::BT_EQUAL, equal)?);
                }
                arm.push(compare(end, last(end), value)?);
                arms.push(joined(BoolOp::And, arm));
            }
            Some(arms)
        };
        for arms in [arms(lower, &low)?, arms(upper, &high)?] {
            if !arms.is_empty() {
                qual.push(joined(BoolOp::Or, arms));
            }
        }
        Some(qual)
    }

    /// A key, and the collation that it has by itself (`parttypcoll`).
    fn key_expr(&self, parent: &Relation, key: &PartitionKeyColumn) -> Option<(Expr, Oid)> {
        Some(match &key.what {
            IndexKeyKind::Column(number) => {
                let column = parent.column_at(*number)?;
                let collation = self.catalog.column_collation(column);
                let var = Var {
                    varno: 1,
                    varattno: *number,
                    ty: column.ty,
                    collation,
                    levels_up: 0,
                    returning: VarReturning::default(),
                    at: At::NONE,
                };
                (Expr::Var(Box::new(var)), collation)
            }
            IndexKeyKind::Expr(expr) if self.stays_as_it_is(&expr.tree) => (expr.tree.clone(), expr.tree.collation()),
            IndexKeyKind::Expr(_) => return None,
        })
    }

    /// Planning computes nothing of it and takes nothing apart (`clauses.c: eval_const_expressions`): SQL functions are
    /// inlined, and functions of constants are computed.
    fn stays_as_it_is(&self, expr: &Expr) -> bool {
        let call = |function: Oid, args: &[Expr]| {
            let Some(info) = self.catalog.function_info(function) else { return false };
            let complete = info.input_types().count() == args.len();
            let computed = args.iter().all(|arg| matches!(arg, Expr::Const(_)));
            info.language() != "sql" && complete && !computed && args.iter().all(|arg| self.stays_as_it_is(arg))
        };
        match expr {
            Expr::Var(_) => true,
            Expr::Const(constant) => constant.value.is_some(),
            Expr::FuncExpr(x) => call(x.function, &x.args),
            Expr::OpExpr(x) => call(x.function, &x.args),
            Expr::RelabelType(x) => matches!(x.arg, Expr::Var(_) | Expr::FuncExpr(_)) && self.stays_as_it_is(&x.arg),
            _ => false,
        }
    }

    /// The operator, its function, and the key as it takes it (`get_partition_operator`, `make_partition_op_expr`).
    fn key_operator(
        &self,
        key: &PartitionKeyColumn,
        type_collation: Oid,
        expr: &Expr,
        how: i16,
    ) -> Option<(Oid, Oid, Expr)> {
        let class = self.catalog.opclass_info(key.opclass)?;
        let (family, input) = (class.family, class.input_type);
        let operator = self.catalog.opfamily_member(family, input, input, how);
        let function = self.catalog.operator_info(operator)?.function;
        let polymorphic = self.catalog.type_info(input).is_some_and(|ty| ty.typtype == 'p');
        let relabel = key.ty.oid != input && !polymorphic;
        let arg = if relabel || key.collation != type_collation {
            Expr::RelabelType(Box::new(RelabelType {
                arg: expr.clone(),
                ty: TypeRef::plain(if polymorphic { key.ty.oid } else { input }),
                collation: key.collation,
                form: CoercionForm::ExplicitCast,
                at: At::NONE,
            }))
        } else {
            expr.clone()
        };
        Some((operator, function, arg))
    }

    fn comparison(
        &self,
        key: &PartitionKeyColumn,
        type_collation: Oid,
        expr: &Expr,
        how: i16,
        value: &Const,
    ) -> Option<Expr> {
        let (operator, function, arg) = self.key_operator(key, type_collation, expr, how)?;
        Some(Expr::OpExpr(Box::new(OpExpr {
            operator,
            function,
            ty: TypeRef::plain(t::BOOL),
            returns_set: false,
            collation: Oid::INVALID,
            input_collation: key.collation,
            args: vec![arg, Expr::Const(Box::new(value.clone()))],
            at: At::NONE,
        })))
    }
}

fn is_not_null(relation: &Relation, expr: &Expr) -> bool {
    match expr {
        Expr::Var(var) => relation.column_at(var.varattno).is_some_and(|column| column.not_null),
        _ => false,
    }
}

fn null_test(arg: Expr, not: bool) -> Expr {
    Expr::NullTest(Box::new(NullTest { arg, not, row: false, at: At::NONE }))
}

fn joined(op: BoolOp, mut args: Vec<Expr>) -> Expr {
    match args.len() {
        1 => args.remove(0),
        _ => Expr::BoolExpr(Box::new(BoolExpr { op, args, at: At::NONE })),
    }
}

fn conjuncts<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match expr {
        Expr::BoolExpr(x) if x.op == BoolOp::And => x.args.iter().for_each(|arg| conjuncts(arg, found)),
        expr => found.push(expr),
    }
}

/// An element as an array's text has it (`arrayfuncs.c: array_out`).
fn element(text: &str) -> String {
    let special = |c: char| matches!(c, '{' | '}' | ',' | '"' | '\\') || c.is_ascii_whitespace();
    if !text.is_empty() && !text.contains(special) && !text.eq_ignore_ascii_case("null") {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
