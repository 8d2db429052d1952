//! Scalar expressions.

use super::*;

impl Lowerer<'_> {
    /// The expression of a node that the grammar always gives.
    pub(super) fn expr(&mut self, node: Option<NodeEnum>) -> Expr {
        match node {
            Some(node) => {
                self.nested(|l| l.expr_unnested(node)).unwrap_or_else(|| not_an_expr("nested too deeply", Loc::NONE))
            }
            None => {
                self.unexpected();
                not_an_expr("missing", Loc::NONE)
            }
        }
    }

    pub(super) fn boxed_expr(&mut self, node: Option<Box<Node>>) -> Box<Expr> {
        Box::new(self.expr(boxed(node)))
    }

    pub(super) fn expr_if_any(&mut self, node: Option<Box<Node>>) -> Option<Expr> {
        boxed(node).map(|node| self.expr(Some(node)))
    }

    pub(super) fn boxed_expr_if_any(&mut self, node: Option<Box<Node>>) -> Option<Box<Expr>> {
        self.expr_if_any(node).map(Box::new)
    }

    pub(super) fn exprs(&mut self, list: Vec<Node>) -> Vec<Expr> {
        list.into_iter().map(|node| self.expr(node.node)).to_vec()
    }

    fn expr_unnested(&mut self, node: NodeEnum) -> Expr {
        match node {
            NodeEnum::ColumnRef(column) => self.column_ref(column),
            NodeEnum::ParamRef(param) => {
                Expr { loc: self.loc(param.location), kind: ExprKind::Param(param.number.unsigned_abs()) }
            }
            NodeEnum::AConst(constant) => {
                let loc = self.loc(constant.location);
                Expr { kind: ExprKind::Literal(literal(constant)), loc }
            }
            NodeEnum::TypeCast(cast) => {
                let loc = self.loc(cast.location);
                let operand = self.boxed_expr(cast.arg);
                let ty = self.required_type(cast.type_name);
                Expr { kind: ExprKind::Cast { operand, ty }, loc }
            }
            NodeEnum::AExpr(expr) => self.a_expr(*expr),
            NodeEnum::BoolExpr(expr) => {
                let loc = self.loc(expr.location);
                let op = expr.boolop();
                let mut args = self.exprs(expr.args);
                let kind = match op {
                    pg::BoolExprType::AndExpr => ExprKind::And(args),
                    pg::BoolExprType::OrExpr => ExprKind::Or(args),
                    pg::BoolExprType::NotExpr => match args.pop() {
                        Some(arg) => ExprKind::Not(Box::new(arg)),
                        None => return self.unexpected_expr("NOT", loc),
                    },
                    pg::BoolExprType::Undefined => return self.unexpected_expr("BoolExpr", loc),
                };
                Expr { kind, loc }
            }
            NodeEnum::NullTest(test) => {
                let loc = self.loc(test.location);
                let not = test.nulltesttype() == pg::NullTestType::IsNotNull;
                Expr { kind: ExprKind::IsNull { not, operand: self.boxed_expr(test.arg) }, loc }
            }
            NodeEnum::BooleanTest(expr) => {
                let loc = self.loc(expr.location);
                let test = match expr.booltesttype() {
                    pg::BoolTestType::IsTrue => BooleanTest::IsTrue,
                    pg::BoolTestType::IsNotTrue => BooleanTest::IsNotTrue,
                    pg::BoolTestType::IsFalse => BooleanTest::IsFalse,
                    pg::BoolTestType::IsNotFalse => BooleanTest::IsNotFalse,
                    pg::BoolTestType::IsUnknown => BooleanTest::IsUnknown,
                    pg::BoolTestType::IsNotUnknown => BooleanTest::IsNotUnknown,
                    pg::BoolTestType::Undefined => return self.unexpected_expr("BooleanTest", loc),
                };
                Expr { kind: ExprKind::BooleanTest { test, operand: self.boxed_expr(expr.arg) }, loc }
            }
            NodeEnum::FuncCall(call) => {
                let loc = self.loc(call.location);
                let call = self.func_call(*call);
                Expr { kind: ExprKind::Func(Box::new(call)), loc }
            }
            NodeEnum::SqlvalueFunction(function) => self.sql_value(*function),
            NodeEnum::CaseExpr(case) => self.case(*case),
            NodeEnum::CoalesceExpr(coalesce) => {
                let loc = self.loc(coalesce.location);
                Expr { kind: ExprKind::Coalesce(self.exprs(coalesce.args)), loc }
            }
            NodeEnum::MinMaxExpr(expr) => {
                let loc = self.loc(expr.location);
                let op = expr.op();
                let args = self.exprs(expr.args);
                let kind = match op {
                    pg::MinMaxOp::IsGreatest => ExprKind::Greatest(args),
                    pg::MinMaxOp::IsLeast => ExprKind::Least(args),
                    pg::MinMaxOp::Undefined => return self.unexpected_expr("MinMaxExpr", loc),
                };
                Expr { kind, loc }
            }
            NodeEnum::AArrayExpr(array) => {
                let loc = self.loc(array.location);
                Expr { kind: ExprKind::Array(self.exprs(array.elements)), loc }
            }
            NodeEnum::RowExpr(row) => {
                let loc = self.loc(row.location);
                let explicit = row.row_format() == pg::CoercionForm::CoerceExplicitCall;
                Expr { kind: ExprKind::Row { explicit, fields: self.exprs(row.args) }, loc }
            }
            NodeEnum::AIndirection(indirection) => {
                let operand = self.boxed_expr(indirection.arg);
                let loc = operand.loc;
                let path = self.indirection(indirection.indirection);
                Expr { kind: ExprKind::Indirection { operand, path }, loc }
            }
            NodeEnum::SubLink(link) => self.sub_link(*link),
            NodeEnum::CollateClause(collate) => {
                let loc = self.loc(collate.location);
                let operand = self.boxed_expr(collate.arg);
                let collation = self.qualified(collate.collname, loc);
                Expr { kind: ExprKind::Collate { operand, collation }, loc }
            }
            NodeEnum::GroupingFunc(grouping) => {
                let loc = self.loc(grouping.location);
                Expr { kind: ExprKind::Grouping(self.exprs(grouping.args)), loc }
            }
            NodeEnum::SetToDefault(default) => Expr { kind: ExprKind::Default, loc: self.loc(default.location) },
            NodeEnum::CurrentOfExpr(current) => {
                Expr { kind: ExprKind::CurrentOf(current.cursor_name.into()), loc: Loc::NONE }
            }
            NodeEnum::MultiAssignRef(multiple) => self.multi_assign(*multiple),
            NodeEnum::XmlExpr(xml) => self.xml_expr(*xml),
            NodeEnum::XmlSerialize(xml) => self.xml_serialize(*xml),
            NodeEnum::MergeSupportFunc(func) => Expr { kind: ExprKind::MergeAction, loc: self.loc(func.location) },
            // Every other node is no expression of the grammar (most are made by the analyser, later).
            node => match self.json_expr(node) {
                Some(expr) => expr,
                None => self.unexpected_expr("unknown", Loc::NONE),
            },
        }
    }

    fn unexpected_expr(&mut self, what: &'static str, loc: Loc) -> Expr {
        self.unexpected();
        not_an_expr(what, loc)
    }

    fn column_ref(&mut self, column: pg::ColumnRef) -> Expr {
        let loc = self.loc(column.location);
        let mut names = Vec::with_capacity(column.fields.len());
        let mut star = false;
        for field in column.fields {
            match field.node {
                Some(NodeEnum::AStar(_)) => star = true,
                field => names.push(self.string(field).into()),
            }
        }
        Expr { kind: if star { ExprKind::Star(names) } else { ExprKind::Column(names) }, loc }
    }

    fn a_expr(&mut self, expr: pg::AExpr) -> Expr {
        let loc = self.loc(expr.location);
        let op_kind = expr.kind();
        // The operators with syntax of their own are told apart by their kind and, for NOT, by the operator's name.
        let negated = match expr.name.last().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::String(op)) => op.sval == "<>" || op.sval.starts_with('!'),
            _ => false,
        };
        let like = |l: &mut Self, kind, expr: pg::AExpr| ExprKind::Like {
            kind,
            not: negated,
            operand: l.boxed_expr(expr.lexpr),
            pattern: l.boxed_expr(expr.rexpr),
        };
        let kind = match op_kind {
            pg::AExprKind::AexprOp => {
                let op = self.qualified(expr.name, loc);
                let left = self.boxed_expr_if_any(expr.lexpr);
                ExprKind::Op { op, left, right: self.boxed_expr(expr.rexpr) }
            }
            pg::AExprKind::AexprOpAny | pg::AExprKind::AexprOpAll => ExprKind::OpArray {
                op: self.qualified(expr.name, loc),
                all: op_kind == pg::AExprKind::AexprOpAll,
                left: self.boxed_expr(expr.lexpr),
                right: self.boxed_expr(expr.rexpr),
            },
            pg::AExprKind::AexprDistinct | pg::AExprKind::AexprNotDistinct => ExprKind::Distinct {
                not: op_kind == pg::AExprKind::AexprNotDistinct,
                left: self.boxed_expr(expr.lexpr),
                right: self.boxed_expr(expr.rexpr),
            },
            pg::AExprKind::AexprNullif => {
                let left = self.boxed_expr(expr.lexpr);
                ExprKind::NullIf(left, self.boxed_expr(expr.rexpr))
            }
            pg::AExprKind::AexprIn => {
                let operand = self.boxed_expr(expr.lexpr);
                let list = self.list(boxed(expr.rexpr));
                ExprKind::In { not: negated, operand, list: self.exprs(list) }
            }
            pg::AExprKind::AexprLike => like(self, LikeKind::Like, expr),
            pg::AExprKind::AexprIlike => like(self, LikeKind::Ilike, expr),
            pg::AExprKind::AexprSimilar => like(self, LikeKind::SimilarTo, expr),
            pg::AExprKind::AexprBetween
            | pg::AExprKind::AexprNotBetween
            | pg::AExprKind::AexprBetweenSym
            | pg::AExprKind::AexprNotBetweenSym => {
                let operand = self.boxed_expr(expr.lexpr);
                let mut bounds = self.list(boxed(expr.rexpr)).into_iter().map(|node| node.node);
                let (low, high) = (bounds.next().flatten(), bounds.next().flatten());
                ExprKind::Between {
                    not: matches!(op_kind, pg::AExprKind::AexprNotBetween | pg::AExprKind::AexprNotBetweenSym),
                    symmetric: matches!(op_kind, pg::AExprKind::AexprBetweenSym | pg::AExprKind::AexprNotBetweenSym),
                    operand,
                    low: Box::new(self.expr(low)),
                    high: Box::new(self.expr(high)),
                }
            }
            pg::AExprKind::Undefined => return self.unexpected_expr("A_Expr", loc),
        };
        Expr { kind, loc }
    }

    pub(super) fn func_call(&mut self, call: pg::FuncCall) -> FuncCall {
        let loc = self.loc(call.location);
        let sql_syntax = call.funcformat() == pg::CoercionForm::CoerceSqlSyntax;
        let call = FuncCall {
            name: self.qualified(call.funcname, loc),
            args: call.args.into_iter().map(|node| self.func_arg(node.node)).to_vec(),
            star: call.agg_star,
            distinct: call.agg_distinct,
            variadic: call.func_variadic,
            order_by: self.sort_by_list(call.agg_order),
            within_group: call.agg_within_group,
            filter: self.expr_if_any(call.agg_filter),
            over: call.over.map(|window| self.window_def(*window)),
            sql_syntax,
        };
        self.refuse_newer_call(&call);
        call
    }

    fn func_arg(&mut self, node: Option<NodeEnum>) -> FuncArg {
        match node {
            Some(NodeEnum::NamedArgExpr(arg)) => {
                let loc = self.loc(arg.location);
                FuncArg { name: Some(arg.name.into()), value: self.expr(boxed(arg.arg)), loc }
            }
            node => FuncArg { name: None, value: self.expr(node), loc: Loc::NONE },
        }
    }

    fn sql_value(&mut self, function: pg::SqlValueFunction) -> Expr {
        use pg::SqlValueFunctionOp as Op;
        let loc = self.loc(function.location);
        let (func, has_precision) = match function.op() {
            Op::SvfopCurrentDate => (SqlValueFunc::CurrentDate, false),
            Op::SvfopCurrentTime => (SqlValueFunc::CurrentTime, false),
            Op::SvfopCurrentTimeN => (SqlValueFunc::CurrentTime, true),
            Op::SvfopCurrentTimestamp => (SqlValueFunc::CurrentTimestamp, false),
            Op::SvfopCurrentTimestampN => (SqlValueFunc::CurrentTimestamp, true),
            Op::SvfopLocaltime => (SqlValueFunc::LocalTime, false),
            Op::SvfopLocaltimeN => (SqlValueFunc::LocalTime, true),
            Op::SvfopLocaltimestamp => (SqlValueFunc::LocalTimestamp, false),
            Op::SvfopLocaltimestampN => (SqlValueFunc::LocalTimestamp, true),
            Op::SvfopCurrentRole => (SqlValueFunc::CurrentRole, false),
            Op::SvfopCurrentUser => (SqlValueFunc::CurrentUser, false),
            Op::SvfopUser => (SqlValueFunc::User, false),
            Op::SvfopSessionUser => (SqlValueFunc::SessionUser, false),
            Op::SvfopCurrentCatalog => (SqlValueFunc::CurrentCatalog, false),
            Op::SvfopCurrentSchema => (SqlValueFunc::CurrentSchema, false),
            Op::SqlvalueFunctionOpUndefined => return self.unexpected_expr("SQLValueFunction", loc),
        };
        let precision = has_precision.then_some(function.typmod);
        Expr { kind: ExprKind::SqlValue { func, precision }, loc }
    }

    fn case(&mut self, case: pg::CaseExpr) -> Expr {
        let loc = self.loc(case.location);
        let operand = self.boxed_expr_if_any(case.arg);
        let whens = case
            .args
            .into_iter()
            .filter_map(|node| match node.node {
                Some(NodeEnum::CaseWhen(when)) => {
                    let condition = self.expr(boxed(when.expr));
                    Some((condition, self.expr(boxed(when.result))))
                }
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec();
        let otherwise = self.boxed_expr_if_any(case.defresult);
        Expr { kind: ExprKind::Case { operand, whens, otherwise }, loc }
    }

    /// A column of `SET (a, b) = source`. Each column has the whole source, of which the first keeps it.
    fn multi_assign(&mut self, multiple: pg::MultiAssignRef) -> Expr {
        let column = multiple.colno.unsigned_abs();
        let source = if column == 1 { Some(self.boxed_expr(multiple.source)) } else { None };
        let loc = source.as_ref().map_or(Loc::NONE, |source| source.loc);
        Expr { kind: ExprKind::MultiAssign { source, column, columns: multiple.ncolumns.unsigned_abs() }, loc }
    }

    fn sub_link(&mut self, link: pg::SubLink) -> Expr {
        let loc = self.loc(link.location);
        let kind = match link.sub_link_type() {
            pg::SubLinkType::ExistsSublink => SubLinkKind::Exists,
            pg::SubLinkType::AnySublink => {
                SubLinkKind::Any { operand: self.boxed_expr(link.testexpr), op: self.qualified_if_any(link.oper_name) }
            }
            pg::SubLinkType::AllSublink => {
                SubLinkKind::All { operand: self.boxed_expr(link.testexpr), op: self.qualified_if_any(link.oper_name) }
            }
            pg::SubLinkType::ExprSublink => SubLinkKind::Scalar,
            pg::SubLinkType::ArraySublink => SubLinkKind::Array,
            pg::SubLinkType::RowcompareSublink
            | pg::SubLinkType::MultiexprSublink
            | pg::SubLinkType::CteSublink
            | pg::SubLinkType::Undefined => return self.unexpected_expr("SubLink", loc),
        };
        let query = Box::new(self.query_node(boxed(link.subselect)));
        Expr { kind: ExprKind::SubLink { kind, query }, loc }
    }

    /// The steps behind a value or a column: `.field`, `[index]`.
    pub(in crate::sql) fn indirection(&mut self, list: Vec<Node>) -> Vec<Indirection> {
        list.into_iter()
            .map(|node| match node.node {
                Some(NodeEnum::AStar(_)) => Indirection::Star,
                Some(NodeEnum::AIndices(indices)) if indices.is_slice => {
                    let lower = self.boxed_expr_if_any(indices.lidx);
                    Indirection::Slice(lower, self.boxed_expr_if_any(indices.uidx))
                }
                Some(NodeEnum::AIndices(indices)) => Indirection::Index(self.expr(boxed(indices.uidx))),
                field => Indirection::Field(self.string(field).into()),
            })
            .to_vec()
    }
}

/// Stands for an expression that could not be lowered; the statement is given up.
pub(super) fn not_an_expr(what: &'static str, loc: Loc) -> Expr {
    Expr { kind: ExprKind::Unmodelled(what), loc }
}

pub(super) fn literal(constant: pg::AConst) -> Literal {
    use pg::a_const::Val;
    match constant.val {
        // A zero is a message without fields, which is still there; only NULL has no value.
        None => Literal::Null,
        Some(_) if constant.isnull => Literal::Null,
        Some(Val::Ival(integer)) => Literal::Integer(integer.ival),
        Some(Val::Fval(float)) => Literal::Float(float.fval),
        Some(Val::Boolval(boolean)) => Literal::Boolean(boolean.boolval),
        Some(Val::Sval(string)) => Literal::String(string.sval),
        Some(Val::Bsval(bits)) => Literal::BitString(bits.bsval),
    }
}
