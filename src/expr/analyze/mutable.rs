//! Expressions that have to be immutable (`clauses.c: contain_mutable_functions`).

use super::error::{at, unknown};
use super::{Analyzer, Exec};
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::tree::{CommandType, Expr, JsonConstructorType, RteKind, children};
use crate::catalog::{Function, FunctionBody, FunctionKind, Oid, SqlBodyTree, type_oid as t};
use crate::replay::SqlError;
use crate::sql::ast::{ParamMode, Volatility};
use crate::sql::span::Loc;

/// What is found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mutability {
    Immutable,
    /// It depends on what a function in SQL does.
    Unknown,
    Mutable,
}

impl Analyzer<'_> {
    /// Refuses an expression whose value may change although what it is computed from does not
    /// (`clauses.c: contain_mutable_functions_after_planning`). The expression is not planned, so that a branch which
    /// constant folding removes counts too.
    pub(super) fn refuse_mutable(&self, expr: &Expr, message: &str, loc: Loc) -> Exec {
        match self.mutability(expr) {
            Mutability::Immutable => Ok(()),
            Mutability::Mutable => Err(SqlError::new("42P17", message).at(loc).into()),
            Mutability::Unknown => {
                at(loc, Err(unknown("whether a function in SQL can be replaced by its body is not known")))
            }
        }
    }

    fn mutability(&self, expr: &Expr) -> Mutability {
        let mut found = self.node_mutability(expr);
        children(
            expr,
            &mut |child| {
                if found != Mutability::Mutable {
                    found = found.max(self.mutability(child));
                }
            },
            &mut |_| {},
        );
        found
    }

    /// `nodeFuncs.c: check_functions_in_node`
    fn node_mutability(&self, expr: &Expr) -> Mutability {
        let catalog = self.env.catalog;
        let function = |oid| self.function_mutability(oid);
        let mutable = |yes| if yes { Mutability::Mutable } else { Mutability::Immutable };
        match expr {
            Expr::Aggref(x) => function(x.function),
            Expr::WindowFunc(x) => function(x.function),
            Expr::FuncExpr(x) => function(x.function),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => function(x.function),
            Expr::ScalarArrayOpExpr(x) => function(x.function),
            Expr::CoerceViaIO(x) => {
                mutable(self.has_stable_input(x.ty) || self.has_stable_output(self.type_of(&x.arg)))
            }
            Expr::RowCompareExpr(x) => {
                let of =
                    |&op: &Oid| catalog.operator_info(op).map_or(Mutability::Immutable, |op| function(op.function));
                x.operators.iter().map(of).max().unwrap_or(Mutability::Immutable)
            }
            Expr::SqlValueFunction(_) => Mutability::Mutable,
            Expr::JsonConstructorExpr(x) => match x.kind {
                JsonConstructorType::Object | JsonConstructorType::Array | JsonConstructorType::Scalar => {
                    mutable(x.args.iter().any(|arg| !self.to_json_is_immutable(self.type_of(arg))))
                }
                _ => Mutability::Immutable,
            },
            _ => Mutability::Immutable,
        }
    }

    fn function_mutability(&self, oid: Oid) -> Mutability {
        let Some(function) = self.env.catalog.function_info(oid) else { return Mutability::Unknown };
        match function {
            _ if function.volatility() == Volatility::Immutable => Mutability::Immutable,
            // PostgreSQL looks into functions in SQL that it can inline, whatever they are declared as.
            FunctionInfo::User(user)
                if user.language == "sql"
                    && user.kind == FunctionKind::Function
                    && !user.returns_set
                    && !user.security_definer
                    && user.config.is_empty()
                    && user.returns.is_some_and(|ty| ty.oid != t::RECORD)
                    && !user.params.iter().any(|p| p.mode == ParamMode::Out) =>
            {
                self.inlined_mutability(user)
            }
            _ => Mutability::Mutable,
        }
    }

    /// What a function in SQL is when its body stands in its place (`clauses.c: inline_function`).
    fn inlined_mutability(&self, function: &Function) -> Mutability {
        // Whether a strict function can be inlined depends on what its body does with NULL.
        if function.strict {
            return Mutability::Unknown;
        }
        let queries = match &function.body {
            FunctionBody::Sql(body) => match &**body {
                SqlBodyTree::Return(query) => vec![query.clone()],
                SqlBodyTree::Atomic(queries) => queries.clone(),
            },
            FunctionBody::Source(code, _) => {
                let mut statements = Vec::new();
                for segment in crate::sql::parse(&code.text) {
                    let crate::sql::Segment::Statement(statement) = segment else { return Mutability::Unknown };
                    statements.push(statement.kind);
                }
                match super::analyze_sql_function(&self.env, function, &statements) {
                    Ok(queries) if queries.len() == statements.len() => queries,
                    Ok(_) | Err(_) => return Mutability::Unknown,
                }
            }
            FunctionBody::Native => return Mutability::Mutable,
        };
        let [query] = queries.as_slice() else { return Mutability::Mutable };
        let simple = query.command == CommandType::Select
            && query.ctes.is_empty()
            && query.rtable.iter().all(|rte| matches!(rte.kind, RteKind::Result))
            && query.jointree.quals.is_none()
            && !(query.has_aggs || query.has_window_funcs || query.has_sub_links || query.has_target_srfs)
            && query.group_clause.is_empty()
            && query.having.is_none()
            && query.sort_clause.is_empty()
            && query.distinct_clause.is_empty()
            && query.limit_count.is_none()
            && query.limit_offset.is_none()
            && query.set_operations.is_none();
        match query.targets.as_slice() {
            [target] if simple => {
                // An argument that is used several times is only inlined if it is cheap.
                let mut used: Vec<u32> = Vec::new();
                target.expr.walk(&mut |expr| {
                    if let Expr::Param(param) = expr {
                        used.push(param.id);
                    }
                    true
                });
                let count = used.len();
                used.sort_unstable();
                used.dedup();
                match self.mutability(&target.expr) {
                    Mutability::Mutable => Mutability::Mutable,
                    _ if used.len() < count => Mutability::Unknown,
                    found => found,
                }
            }
            _ => Mutability::Mutable,
        }
    }

    /// The input function of a type is not immutable.
    fn has_stable_input(&self, ty: Oid) -> bool {
        let Some(info) = self.env.catalog.type_info(ty) else { return true };
        match info.typtype {
            'd' | 'e' | 'r' | 'm' | 'c' | 'p' => true,
            _ if info.is_true_array() => !matches!(ty, t::INT2VECTOR | t::OIDVECTOR),
            _ => {
                self.has_registered_names(ty)
                    || matches!(
                        ty,
                        t::DATE
                            | t::TIME
                            | t::TIMETZ
                            | t::TIMESTAMP
                            | t::TIMESTAMPTZ
                            | t::INTERVAL
                            | t::MONEY
                            | t::XML
                            | t::RECORD
                    )
            }
        }
    }

    /// The output function of a type is not immutable.
    fn has_stable_output(&self, ty: Oid) -> bool {
        let Some(info) = self.env.catalog.type_info(ty) else { return true };
        match info.typtype {
            'd' => self.has_stable_output(info.base),
            'e' | 'r' | 'm' | 'c' | 'p' => true,
            _ if info.is_true_array() => !matches!(ty, t::INT2VECTOR | t::OIDVECTOR),
            _ => {
                self.has_registered_names(ty)
                    || matches!(ty, t::DATE | t::TIMESTAMP | t::TIMESTAMPTZ | t::MONEY | t::RECORD)
            }
        }
    }

    /// A type like `regclass`, whose text depends on names.
    fn has_registered_names(&self, ty: Oid) -> bool {
        matches!(
            ty,
            t::REGPROC
                | t::REGPROCEDURE
                | t::REGOPER
                | t::REGOPERATOR
                | t::REGCLASS
                | t::REGTYPE
                | t::REGCONFIG
                | t::REGDICTIONARY
                | t::REGNAMESPACE
                | t::REGROLE
                | t::REGCOLLATION
        )
    }

    /// `json.c: to_json_is_immutable`
    fn to_json_is_immutable(&self, ty: Oid) -> bool {
        let base = self.env.catalog.base_type(ty);
        match base {
            t::DATE | t::TIMESTAMP | t::TIMESTAMPTZ | t::RECORD => false,
            t::JSON | t::JSONB | t::BOOL => true,
            _ => !self.has_stable_output(base),
        }
    }
}
