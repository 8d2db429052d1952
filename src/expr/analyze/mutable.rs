//! Expressions that have to be immutable (`clauses.c: contain_mutable_functions`).

use super::error::{at, unknown};
use super::{Analyzer, Environment, Exec};
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::tree::{CommandType, Expr, JsonConstructorType, RteKind, children};
use crate::catalog::{Function, FunctionBody, FunctionKind, Oid, PG_CATALOG, SqlBodyTree, type_oid as t};
use crate::replay::SqlError;
use crate::sql::ast::{ParamMode, StatementKind, Volatility};
use crate::sql::span::Loc;

/// `text || anynonarray`
const TEXTANYCAT: Oid = Oid(2003);
/// `anynonarray || text`
const ANYTEXTCAT: Oid = Oid(2004);

/// Functions in SQL that call each other are followed so far.
const DEEPEST: usize = 8;

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
    /// (`clauses.c: contain_mutable_functions_after_planning`). Of constant folding NULL alone is followed: another
    /// branch that it removes counts.
    pub(super) fn refuse_mutable(&self, expr: &Expr, message: &str, loc: Loc) -> Exec {
        super::planned::refuse_unfit(&Environment { now: Some(0), ..self.env }, expr)?;
        match self.mutability(expr) {
            Mutability::Immutable => Ok(()),
            Mutability::Mutable => Err(SqlError::new("42P17", message).at(loc).into()),
            Mutability::Unknown => {
                at(loc, Err(unknown("whether a function in SQL can be replaced by its body is not known")))
            }
        }
    }

    /// The same for an index, whose expressions are planned with a path of PostgreSQL's own (`guc.c: RestrictSearchPath`,
    /// since 17).
    pub(super) fn refuse_mutable_in_index(&self, expr: &Expr, message: &str) -> Exec {
        if self.env.catalog.version() < 17 {
            return self.refuse_mutable(expr, message, Loc::NONE);
        }
        let path = [PG_CATALOG, self.temp_schema];
        let path = if self.temp_schema == Oid::INVALID { &path[..1] } else { &path[..] };
        Analyzer::new(Environment { path, ..self.env }).refuse_mutable(expr, message, Loc::NONE)
    }

    /// No function of it is anything but IMMUTABLE, for certain.
    pub(super) fn is_immutable(&self, expr: &Expr) -> bool {
        self.mutability(expr) == Mutability::Immutable
    }

    /// It has a column still when functions in SQL stand as their bodies, as far as these are known
    /// (`clauses.c: inline_function`).
    pub(super) fn has_var_when_inlined(&self, expr: &Expr) -> bool {
        let mut found = false;
        expr.walk(&mut |e| {
            if found || self.is_constant_null(e) {
                return false;
            }
            match e {
                Expr::Var(_) => found = true,
                Expr::FuncExpr(call) => {
                    if let Some(FunctionInfo::User(user)) = self.env.catalog.function_info(call.function)
                        && can_be_inlined(user)
                        && let Some((Mutability::Immutable, used)) = self.inlined(user, &call.args)
                    {
                        let arg = |number: u32| call.args.get(usize::try_from(number).ok()?.checked_sub(1)?);
                        found = used.into_iter().filter_map(arg).any(|arg| self.has_var_when_inlined(arg));
                        return false;
                    }
                }
                _ => {}
            }
            !found
        });
        found
    }

    fn mutability(&self, expr: &Expr) -> Mutability {
        if self.is_constant_null(expr) {
            return Mutability::Immutable;
        }
        let mut found = self.node_mutability(expr);
        // What a function does not use goes when its body stands there.
        if let Expr::FuncExpr(call) = expr
            && let Some(FunctionInfo::User(user)) = self.env.catalog.function_info(call.function)
            && can_be_inlined(user)
            && let Some((body, used)) = self.inlined(user, &call.args)
            && body == Mutability::Immutable
        {
            let is_used = |(i, _): &(usize, &Expr)| u32::try_from(i + 1).is_ok_and(|number| used.contains(&number));
            let used = call.args.iter().enumerate().filter(is_used).map(|(_, arg)| self.mutability(arg));
            return used.max().unwrap_or(Mutability::Immutable);
        }
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

    /// It is NULL when it is planned: a strict function of NULL is, whatever it is declared as
    /// (`clauses.c: evaluate_function`).
    pub(super) fn is_constant_null(&self, expr: &Expr) -> bool {
        let strict = |oid: Oid| {
            let function = self.env.catalog.function_info(oid);
            function.is_some_and(|f| f.strict() && !f.returns_set() && f.returns() != t::RECORD)
        };
        let any = |args: &[Expr]| args.iter().any(|arg| self.is_constant_null(arg));
        match expr {
            Expr::Const(x) => x.value.is_none(),
            Expr::RelabelType(x) => self.is_constant_null(&x.arg),
            Expr::CollateExpr(x) => self.is_constant_null(&x.arg),
            Expr::CoerceViaIO(x) => self.is_constant_null(&x.arg),
            Expr::FuncExpr(x) => strict(x.function) && any(&x.args) || self.is_inlined_null(x.function, &x.args),
            Expr::OpExpr(x) => strict(x.function) && any(&x.args),
            _ => false,
        }
    }

    /// `nodeFuncs.c: check_functions_in_node`
    fn node_mutability(&self, expr: &Expr) -> Mutability {
        let catalog = self.env.catalog;
        let function = |oid| self.function_mutability(oid, &[]);
        let mutable = |yes| if yes { Mutability::Mutable } else { Mutability::Immutable };
        match expr {
            Expr::Aggref(x) => function(x.function),
            Expr::WindowFunc(x) => function(x.function),
            Expr::FuncExpr(x) => self.call_mutability(x.function, &x.args),
            Expr::OpExpr(x) => self.call_mutability(x.function, &x.args),
            Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => function(x.function),
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

    /// `text || value` and `value || text` are functions in SQL that are replaced by their bodies: what counts is the cast
    /// of the value to text (`system_functions.sql`).
    fn call_mutability(&self, function: Oid, args: &[Expr]) -> Mutability {
        let value = match function {
            TEXTANYCAT => args.get(1),
            ANYTEXTCAT => args.first(),
            _ => return self.function_mutability(function, args),
        };
        match value {
            Some(value) if !self.has_stable_output(self.type_of(value)) => Mutability::Immutable,
            Some(_) | None => Mutability::Mutable,
        }
    }

    fn function_mutability(&self, oid: Oid, args: &[Expr]) -> Mutability {
        let Some(function) = self.env.catalog.function_info(oid) else { return Mutability::Unknown };
        match function {
            _ if function.volatility() == Volatility::Immutable => Mutability::Immutable,
            // PostgreSQL looks into functions in SQL that it can inline, whatever they are declared as.
            FunctionInfo::User(user) if can_be_inlined(user) => {
                self.inlined(user, args).map_or(Mutability::Unknown, |(found, _)| found)
            }
            _ => Mutability::Mutable,
        }
    }

    /// What a function in SQL is when its body stands in its place (`clauses.c: inline_function`).
    /// With it, the parameters that the body uses; nothing where that is not known.
    fn inlined(&self, function: &Function, args: &[Expr]) -> Option<(Mutability, Vec<u32>)> {
        let mutable = Some((Mutability::Mutable, Vec::new()));
        let Some(body) = self.simple_body(function)? else { return mutable };
        // An argument that is used several times is only inlined if it is cheap.
        let mut used: Vec<u32> = Vec::new();
        body.walk(&mut |expr| {
            if let Expr::Param(param) = expr {
                used.push(param.id);
            }
            true
        });
        let count = used.len();
        used.sort_unstable();
        used.dedup();
        // A strict function is NULL for NULL when its body stands there, too, or it stays a call.
        if function.strict && (used.len() < args.len() || self.contains_nonstrict(&body)) {
            return mutable;
        }
        let cheap = |arg: &Expr| matches!(arg, Expr::Const(_) | Expr::Var(_) | Expr::Param(_));
        // One that calls itself stays a call.
        if self.active_functions.borrow().contains(&function.oid) {
            return mutable;
        }
        if self.active_functions.borrow().len() > DEEPEST {
            return None;
        }
        self.active_functions.borrow_mut().push(function.oid);
        let found = self.mutability(&body);
        self.active_functions.borrow_mut().pop();
        match found {
            Mutability::Mutable => mutable,
            _ if used.len() < count && (args.is_empty() || !args.iter().all(cheap)) => None,
            found => Some((found, used)),
        }
    }

    /// The call is replaced by NULL.
    fn is_inlined_null(&self, oid: Oid, args: &[Expr]) -> bool {
        let Some(FunctionInfo::User(function)) = self.env.catalog.function_info(oid) else { return false };
        can_be_inlined(function)
            && !self.active_functions.borrow().contains(&oid)
            && self
                .simple_body(function)
                .flatten()
                .is_some_and(|body| matches!(body, Expr::Const(x) if x.value.is_none()))
            && matches!(self.inlined(function, args), Some((Mutability::Immutable, _)))
    }

    /// The expression that a function in SQL is; nothing in it where the body is something else, nothing where that is not
    /// known.
    fn simple_body(&self, function: &Function) -> Option<Option<Expr>> {
        let other = Some(None);
        let queries = match &function.body {
            FunctionBody::Sql(body) => match &**body {
                SqlBodyTree::Return(query) => vec![query.clone()],
                SqlBodyTree::Atomic(queries) => queries.clone(),
            },
            FunctionBody::Source(code, _) => {
                let statements = parsed_body(&code.text)?;
                match super::analyze_sql_function(&self.env, function, &statements) {
                    Ok(queries) if queries.len() == statements.len() => queries,
                    Ok(_) | Err(_) => return None,
                }
            }
            FunctionBody::Native(_) => return other,
        };
        let [query] = queries.as_slice() else { return other };
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
            [target] if simple => Some(Some(target.expr.clone())),
            _ => other,
        }
    }

    /// Something in it may be not NULL although what it is computed from is (`clauses.c: contain_nonstrict_functions`).
    fn contains_nonstrict(&self, expr: &Expr) -> bool {
        let strict = |oid: Oid| self.env.catalog.function_info(oid).is_some_and(FunctionInfo::strict);
        let mut found = false;
        expr.walk(&mut |node| {
            found |= match node {
                Expr::FuncExpr(x) => !strict(x.function),
                Expr::OpExpr(x) => !strict(x.function),
                Expr::Var(_)
                | Expr::Const(_)
                | Expr::Param(_)
                | Expr::SubscriptingRef(_)
                | Expr::NamedArgExpr(_)
                | Expr::FieldSelect(_)
                | Expr::RelabelType(_)
                | Expr::CoerceViaIO(_)
                | Expr::ConvertRowtypeExpr(_)
                | Expr::CollateExpr(_) => false,
                _ => true,
            };
            !found
        });
        found
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
                    || matches!(ty, t::DATE | t::INTERVAL | t::TIMESTAMP | t::TIMESTAMPTZ | t::MONEY | t::RECORD)
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

/// The statements of a function in SQL.
pub(super) fn parsed_body(text: &str) -> Option<Vec<StatementKind>> {
    let statements = crate::sql::parse(text).into_iter().map(|segment| match segment {
        crate::sql::Segment::Statement(statement) => Some(statement.kind),
        crate::sql::Segment::SyntaxError(_)
        | crate::sql::Segment::Unparsed { .. }
        | crate::sql::Segment::MetaCommand { .. } => None,
    });
    statements.collect()
}

/// A function in SQL that is one expression may be replaced by it (`clauses.c: inline_function`).
pub(super) fn can_be_inlined(function: &Function) -> bool {
    function.language == "sql"
        && function.kind == FunctionKind::Function
        && !function.returns_set
        && !function.security_definer
        && function.config.is_empty()
        && function.returns.is_some_and(|ty| ty.oid != t::RECORD)
        && !function.params.iter().any(|p| p.mode == ParamMode::Out)
}
