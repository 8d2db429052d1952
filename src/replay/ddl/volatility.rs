//! What may stand in an index or a generated column (`clauses.c: contain_mutable_functions`).

use crate::replay::lookup::{Callee, find_call};
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::{Expr, ExprKind, FuncCall, Volatility};
use crate::sql::visit;

impl Replay {
    /// 42P17 if the expression calls a function that is not IMMUTABLE. (Casts and operators that are not are not found
    /// out: that takes their types.)
    pub(super) fn require_immutable(&self, expr: &Expr, message: &str) -> Exec {
        let mut mutable = false;
        visit::in_expr(expr, &mut |e| match &e.kind {
            ExprKind::Func(call) => mutable |= self.is_mutable(call),
            ExprKind::SqlValue { .. } => mutable = true,
            _ => {}
        });
        if mutable { Err(SqlError::new("42P17", message).into()) } else { Ok(()) }
    }

    fn is_mutable(&self, call: &FuncCall) -> bool {
        match find_call(&self.catalog, &self.path(), call) {
            Ok(Some(Callee::User(oid))) => {
                // One in SQL is replaced by its body, which may be immutable whatever the function says.
                self.catalog.function(oid).is_some_and(|f| f.volatility != Volatility::Immutable && f.language != "sql")
            }
            // Which of several is called depends on the types of the arguments: all of them must agree.
            Ok(Some(Callee::Builtin)) => {
                let count = call.args.len();
                let mut same = self.catalog.builtins().functions_named(&call.name.name).peekable();
                same.peek().is_some()
                    && same
                        .filter(|f| f.input_types().count() == count)
                        .map(|f| f.volatility != Volatility::Immutable)
                        .reduce(|a, b| a && b)
                        .unwrap_or(false)
            }
            Ok(None) | Err(_) => false,
        }
    }
}
