//! Calls of functions and aggregates (`parse_func.c: ParseFuncOrColumn`).

use super::super::Value;
use super::super::function::BuiltinCall;
use super::super::plan::{Aggregate, Node};
use super::Analyzer;
use crate::catalog::{Function, FunctionKind, Oid, PG_CATALOG, TypeRef, type_oid as t};
use crate::replay::lookup::{self, Callee};
use crate::replay::{Exec, SqlError};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Analyzer<'_> {
    pub(super) fn call(&mut self, call: &FuncCall, loc: Loc) -> Exec<Node> {
        if call.over.is_some() {
            let mut args: Vec<Node> = self.arguments(call)?.into_iter().map(|(_, node)| node).collect();
            let over = call.over.iter();
            for expr in over.flat_map(|w| w.partition_by.iter().chain(w.order_by.iter().map(|s| &s.expr))) {
                args.push(self.expr(expr)?);
            }
            let function = BuiltinCall::unevaluated("a window function", false, false);
            return Ok(Node::Builtin { function, args, strict: false, loc });
        }
        if self.is_aggregate(call) {
            return self.aggregate(call, loc);
        }
        let args = self.arguments(call)?;
        match lookup::find_call(self.catalog, self.path, call)? {
            Some(Callee::User(oid)) => Ok(self.user_call(oid, call, args, loc)),
            Some(Callee::Builtin) => self.builtin_call(call, args, loc),
            None => {
                let types: Vec<String> = args
                    .iter()
                    .map(|(_, node)| match self.type_of(node) {
                        Some(oid) => self.catalog.format_type_be(oid, self.path),
                        None => "unknown".to_owned(),
                    })
                    .collect();
                Err(lookup::undefined_function(self.catalog, &call.name, &types.join(", "), false, loc))
            }
        }
    }

    fn arguments(&mut self, call: &FuncCall) -> Exec<Vec<(Option<Name>, Node)>> {
        call.args.iter().map(|arg| Ok((arg.name.clone(), self.expr(&arg.value)?))).collect()
    }

    /// All functions of the same name in the same schema that take so many arguments.
    fn user_call(&self, found: Oid, call: &FuncCall, args: Vec<(Option<Name>, Node)>, loc: Loc) -> Node {
        let accepts = |f: &Function| {
            let inputs = f.params.iter().filter(|p| p.is_input());
            let total = inputs.clone().count();
            let required = inputs.filter(|p| p.default.is_none()).count();
            (required..=total).contains(&args.len()) || f.params.iter().any(|p| p.mode == ParamMode::Variadic)
        };
        let schema = self.catalog.function(found).map_or(Oid::INVALID, |f| f.schema);
        let candidates =
            self.catalog.functions_in(schema, &call.name.name).filter(|f| accepts(f)).map(|f| f.oid).collect();
        Node::User { candidates, args, loc }
    }

    fn builtin_call(&mut self, call: &FuncCall, args: Vec<(Option<Name>, Node)>, loc: Loc) -> Exec<Node> {
        let name = call.name.name.as_str();
        let in_catalog = call.name.schema.as_deref().is_none_or(|s| s == "pg_catalog" || s == "information_schema");
        let count = args.len();
        let builtins: Vec<_> = self.catalog.builtins().functions_named(name).collect();
        if builtins.is_empty() || !in_catalog {
            // `typename(x)` is a cast.
            if let (Some(oid), [(None, _)]) = (lookup::find_type(self.catalog, self.path, &call.name), args.as_slice())
            {
                let operand = args.into_iter().map(|(_, n)| n).next().unwrap_or(Node::Const(Value::Null));
                return Ok(Node::Cast { operand: Box::new(operand), ty: TypeRef::plain(oid) });
            }
            return Ok(Node::Const(Value::not_evaluated(format!("function {name}() is not evaluated"))));
        }
        // A name that is both a type and a function of other arguments: `text(x)` is a cast where there is one.
        if let (Some(oid), 1, None) =
            (lookup::find_type(self.catalog, &[PG_CATALOG], &call.name), count, BuiltinCall::find(name))
        {
            let operand = args.into_iter().map(|(_, n)| n).next().unwrap_or(Node::Const(Value::Null));
            return Ok(Node::Cast { operand: Box::new(operand), ty: TypeRef::plain(oid) });
        }
        let mut same_count = builtins.iter().filter(|f| f.input_types().count() == count).peekable();
        let strict =
            if same_count.peek().is_some() { same_count.all(|f| f.strict) } else { builtins.iter().all(|f| f.strict) };
        if args.iter().any(|(name, _)| name.is_some())
            || call.variadic && !matches!(name, "format" | "concat" | "concat_ws")
        {
            let args = args.into_iter().map(|(_, node)| node).collect();
            let function = not_evaluated(self, name);
            return Ok(Node::Builtin { function, args, strict: false, loc });
        }
        let args: Vec<Node> = args.into_iter().map(|(_, node)| node).collect();
        if call.variadic {
            let function = BuiltinCall::known(match name {
                "format" => "format(variadic)",
                "concat" => "concat(variadic)",
                _ => "concat_ws(variadic)",
            });
            return Ok(Node::Builtin { function, args, strict: false, loc });
        }
        match BuiltinCall::find(name) {
            Some(function) => Ok(Node::Builtin { function, args, strict, loc }),
            None => Ok(Node::Builtin { function: not_evaluated(self, name), args, strict: false, loc }),
        }
    }

    fn is_aggregate(&self, call: &FuncCall) -> bool {
        let in_catalog = call.name.schema.as_deref().is_none_or(|s| s == "pg_catalog");
        let mut named = self.catalog.builtins().functions_named(&call.name.name).peekable();
        call.star || (in_catalog && named.peek().is_some() && named.all(|f| f.kind == FunctionKind::Aggregate))
    }

    fn aggregate(&mut self, call: &FuncCall, loc: Loc) -> Exec<Node> {
        let name = call.name.name.clone();
        let collected = self.scopes.last_mut().and_then(|s| s.aggregates.take());
        let Some(mut collected) = collected else {
            let message = "aggregate functions are not allowed here";
            return Err(SqlError::new("42803", message).at(loc).into());
        };
        // No aggregate may be inside: they are switched off while the arguments are analysed.
        let parts = self.aggregate_parts(call);
        let number = collected.len();
        if let Ok((args, order_by, filter)) = parts {
            let (star, distinct) = (call.star, call.distinct);
            let name = if call.within_group { Name::from(format!("{name} WITHIN GROUP")) } else { name };
            collected.push(Aggregate { name, args, star, distinct, order_by, filter });
            if let Some(scope) = self.scopes.last_mut() {
                scope.aggregates = Some(collected);
            }
            return Ok(Node::Aggregate(number));
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.aggregates = Some(collected);
        }
        parts.map(|_| Node::Aggregate(number))
    }

    #[expect(clippy::type_complexity, reason = "the parts of an aggregate, named where they are taken apart")]
    fn aggregate_parts(&mut self, call: &FuncCall) -> Exec<(Vec<Node>, Vec<(Node, bool, bool)>, Option<Node>)> {
        let args = call.args.iter().map(|arg| self.expr(&arg.value)).collect::<Exec<_>>()?;
        let order_by = call
            .order_by
            .iter()
            .map(|key| {
                let descending = key.direction == SortDirection::Desc;
                Ok((self.expr(&key.expr)?, descending, key.nulls_first.unwrap_or(descending)))
            })
            .collect::<Exec<_>>()?;
        let filter = call.filter.as_ref().map(|f| self.expr(f)).transpose()?;
        Ok((args, order_by, filter))
    }
}

/// A function of PostgreSQL's own that we do not evaluate. None of them changes the catalog.
fn not_evaluated(analyzer: &Analyzer<'_>, name: &str) -> BuiltinCall {
    let functions: Vec<_> = analyzer.catalog.builtins().functions_named(name).collect();
    let void = functions.iter().all(|f| f.returns == t::VOID);
    let volatile = functions.iter().any(|f| f.volatility == Volatility::Volatile);
    let clock = matches!(name, "now" | "transaction_timestamp" | "statement_timestamp");
    BuiltinCall::unevaluated(functions.first().map_or("function", |f| f.name), void, volatile || clock)
}
