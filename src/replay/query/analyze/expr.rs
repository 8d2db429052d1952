//! Expressions.

use ecow::EcoString;

use super::super::Value;
use super::super::plan::Node;
use super::Analyzer;
use crate::replay::value::Reason;
use crate::replay::value::{Decimal, IntType};
use crate::replay::{Exec, Opaque, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Analyzer<'_> {
    pub(super) fn exprs(&mut self, list: &[Expr]) -> Exec<Vec<Node>> {
        list.iter().map(|e| self.expr(e)).collect()
    }

    fn boxed(&mut self, expr: &Expr) -> Exec<Box<Node>> {
        Ok(Box::new(self.expr(expr)?))
    }

    fn boxed_if_any(&mut self, expr: Option<&Expr>) -> Exec<Option<Box<Node>>> {
        expr.map(|e| self.boxed(e)).transpose()
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Exec<Node> {
        self.nested(|a| a.expr_kind(expr))
    }

    fn expr_kind(&mut self, expr: &Expr) -> Exec<Node> {
        let loc = expr.loc;
        Ok(match &expr.kind {
            ExprKind::Column(names) => self.column_ref(names, loc)?,
            ExprKind::Star(qualifier) => match qualifier.as_slice() {
                // `count(t.*)`, `row_to_json(t.*)`
                [table] if self.find_item(None, table).is_some() => self.column_ref(qualifier, loc)?,
                _ => {
                    return Err(SqlError::new("42601", "row expansion via \"*\" is not supported here").at(loc).into());
                }
            },
            ExprKind::Param(number) => match self.variables.param(*number) {
                Some(value) => Node::Const(value),
                None => return Err(SqlError::new("42P02", format!("there is no parameter ${number}")).at(loc).into()),
            },
            ExprKind::Literal(literal) => Node::Const(constant(literal)),
            ExprKind::Cast { operand, ty } => {
                let operand = self.boxed(operand)?;
                Node::Cast { operand, ty: lookup::resolve_type(self.catalog, self.path, ty)? }
            }
            ExprKind::Op { op, left, right } => {
                let left = self.boxed_if_any(left.as_deref())?;
                self.operator(op.name.clone(), left, right, loc)?
            }
            ExprKind::OpArray { op, all, left, right } => Node::OpArray {
                op: op.name.clone(),
                all: *all,
                left: self.boxed(left)?,
                right: self.boxed(right)?,
                loc,
            },
            ExprKind::Distinct { not, left, right } => {
                Node::Distinct { not: *not, left: self.boxed(left)?, right: self.boxed(right)? }
            }
            ExprKind::NullIf(left, right) => Node::NullIf(self.boxed(left)?, self.boxed(right)?),
            ExprKind::In { not, operand, list } => {
                Node::In { not: *not, operand: self.boxed(operand)?, list: self.exprs(list)? }
            }
            ExprKind::Like { kind, not, operand, pattern } => self.like(*kind, *not, operand, pattern)?,
            ExprKind::Between { not, symmetric, operand, low, high } => {
                self.between(*not, *symmetric, operand, low, high, loc)?
            }
            ExprKind::And(list) => Node::And(self.exprs(list)?),
            ExprKind::Or(list) => Node::Or(self.exprs(list)?),
            ExprKind::Not(operand) => Node::Not(self.boxed(operand)?),
            ExprKind::IsNull { not, operand } => Node::IsNull { not: *not, operand: self.boxed(operand)? },
            ExprKind::BooleanTest { test, operand } => Node::BooleanTest { test: *test, operand: self.boxed(operand)? },
            ExprKind::Func(call) => self.call(call, loc)?,
            ExprKind::SqlValue { func, .. } => self.sql_value(*func),
            ExprKind::Case { operand, whens, otherwise } => {
                let operand = self.boxed_if_any(operand.as_deref())?;
                let whens =
                    whens.iter().map(|(when, then)| Ok((self.expr(when)?, self.expr(then)?))).collect::<Exec<_>>()?;
                Node::Case { operand, whens, otherwise: self.boxed_if_any(otherwise.as_deref())? }
            }
            ExprKind::Coalesce(list) => Node::Coalesce(self.exprs(list)?),
            ExprKind::Greatest(list) => Node::Extreme { greatest: true, list: self.exprs(list)? },
            ExprKind::Least(list) => Node::Extreme { greatest: false, list: self.exprs(list)? },
            ExprKind::Array(list) => Node::Array(self.exprs(list)?),
            ExprKind::Row { fields, .. } => Node::MakeRow(self.exprs(fields)?),
            ExprKind::Indirection { operand, path } => self.indirection(operand, path, loc)?,
            ExprKind::SubLink { kind, query } => self.sub_link(kind, query, loc)?,
            ExprKind::Collate { operand, .. } => self.expr(operand)?,
            ExprKind::Grouping(_) => Node::Const(Value::not_evaluated("GROUPING is not evaluated")),
            ExprKind::Default => {
                return Err(SqlError::new("42601", "DEFAULT is not allowed in this context").at(loc).into());
            }
            ExprKind::CurrentOf(_) => Node::Const(Value::unknown_data("the position of a cursor is not known")),
            ExprKind::Xml(_)
            | ExprKind::Json(_)
            | ExprKind::MergeAction
            | ExprKind::MultiAssign { .. }
            | ExprKind::Unmodelled(_) => {
                Node::Const(Value::not_evaluated(format!("{} is not evaluated", expr.kind.what())))
            }
        })
    }

    fn operator(&mut self, op: Name, left: Option<Box<Node>>, right: &Expr, loc: Loc) -> Exec<Node> {
        let right = self.boxed(right)?;
        Ok(Node::Op { op, left, right, loc })
    }

    fn like(&mut self, kind: LikeKind, not: bool, operand: &Expr, pattern: &Expr) -> Exec<Node> {
        let operand = self.boxed(operand)?;
        // ESCAPE comes as a call of `like_escape(pattern, escape)`.
        if let ExprKind::Func(call) = &pattern.kind
            && matches!(call.name.name.as_str(), "like_escape" | "similar_to_escape")
            && let [pattern, rest @ ..] = call.args.as_slice()
        {
            let escape = match rest {
                [escape] => Some(self.boxed(&escape.value)?),
                _ => None,
            };
            return Ok(Node::Like { kind, not, operand, pattern: self.boxed(&pattern.value)?, escape });
        }
        Ok(Node::Like { kind, not, operand, pattern: self.boxed(pattern)?, escape: None })
    }

    /// `a BETWEEN b AND c` is `a >= b AND a <= c` (`parse_expr.c: transformAExprBetween`).
    fn between(&mut self, not: bool, symmetric: bool, operand: &Expr, low: &Expr, high: &Expr, loc: Loc) -> Exec<Node> {
        let operand = self.boxed(operand)?;
        let (low, high) = (self.boxed(low)?, self.boxed(high)?);
        let compare = |op: &str, right: &Node| Node::Op {
            op: op.into(),
            left: Some(operand.clone()),
            right: Box::new(right.clone()),
            loc,
        };
        let within = |low: &Node, high: &Node| Node::And(vec![compare(">=", low), compare("<=", high)]);
        let inside =
            if symmetric { Node::Or(vec![within(&low, &high), within(&high, &low)]) } else { within(&low, &high) };
        Ok(if not { Node::Not(Box::new(inside)) } else { inside })
    }

    fn indirection(&mut self, operand: &Expr, path: &[Indirection], loc: Loc) -> Exec<Node> {
        let mut node = self.expr(operand)?;
        for step in path {
            let operand = Box::new(node);
            node = match step {
                Indirection::Field(name) => Node::Field { operand, name: name.clone() },
                Indirection::Index(index) => Node::Index { operand, index: self.boxed(index)? },
                Indirection::Slice(low, high) => Node::Slice {
                    operand,
                    low: self.boxed_if_any(low.as_deref())?,
                    high: self.boxed_if_any(high.as_deref())?,
                },
                Indirection::Star => {
                    return Err(SqlError::new("42601", "row expansion via \"*\" is not supported here").at(loc).into());
                }
            };
        }
        Ok(node)
    }

    fn sub_link(&mut self, kind: &SubLinkKind, query: &Query, loc: Loc) -> Exec<Node> {
        let one_column = |plan: &super::QueryPlan| -> Exec {
            match plan.columns.len() {
                1 => Ok(()),
                _ => Err(SqlError::new("42601", "subquery must return only one column").at(loc).into()),
            }
        };
        Ok(match kind {
            SubLinkKind::Exists => Node::Exists(Box::new(self.query(query)?)),
            SubLinkKind::Scalar => {
                let plan = self.query(query)?;
                one_column(&plan)?;
                Node::Scalar(Box::new(plan))
            }
            SubLinkKind::Array => {
                let plan = self.query(query)?;
                one_column(&plan)?;
                Node::ArrayOf(Box::new(plan))
            }
            SubLinkKind::Any { operand, op } | SubLinkKind::All { operand, op } => {
                let operand = self.boxed(operand)?;
                let op = op.as_ref().map_or_else(|| Name::from("="), |op| op.name.clone());
                let query = Box::new(self.query(query)?);
                Node::Any { all: matches!(kind, SubLinkKind::All { .. }), operand, op, query, loc }
            }
        })
    }

    fn sql_value(&self, func: SqlValueFunc) -> Node {
        use super::super::function::BuiltinCall;
        let call = |name: &'static str| Node::Builtin {
            function: BuiltinCall::known(name),
            args: Vec::new(),
            strict: false,
            loc: Loc::NONE,
        };
        match func {
            SqlValueFunc::CurrentDate
            | SqlValueFunc::CurrentTime
            | SqlValueFunc::CurrentTimestamp
            | SqlValueFunc::LocalTime
            | SqlValueFunc::LocalTimestamp => {
                let reason = Reason { present: true, ..Reason::data("the time is not known") };
                Node::Const(Value::Unknowable(reason))
            }
            SqlValueFunc::CurrentRole | SqlValueFunc::CurrentUser | SqlValueFunc::User => call("current_user"),
            SqlValueFunc::SessionUser => call("session_user"),
            SqlValueFunc::CurrentCatalog => call("current_database"),
            SqlValueFunc::CurrentSchema => call("current_schema"),
        }
    }

    /// What a construct needs that is not executed at all.
    pub(super) fn not_executed<T>(&self, what: impl Into<String>) -> Exec<T> {
        Err(Opaque::new(what, Touches::Nothing).into())
    }
}

/// A literal's value (`parse_node.c: make_const`).
pub(in crate::replay) fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Boolean(b) => Value::Bool(*b),
        Literal::Integer(n) => Value::int(*n),
        Literal::Float(text) => match text.parse::<i64>() {
            Ok(n) => Value::Int(n, IntType::Int8),
            Err(_) => match Decimal::parse(text) {
                Some(n) => Value::Numeric(n),
                None => Value::not_evaluated("numbers of more than 38 digits are not evaluated"),
            },
        },
        Literal::String(text) => Value::Literal(EcoString::from(text.as_str())),
        Literal::BitString(_) => Value::not_evaluated("bit strings are not evaluated"),
    }
}
