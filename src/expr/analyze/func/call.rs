//! Calls (`parse_func.c: ParseFuncOrColumn`).

use super::super::coerce::{Coercion, is_polymorphic};
use super::super::error::{display, fail, unknown};
use super::super::{Analyzer, Exec, ExprKind, Srf};
use super::candidates::{Candidate, Wanted};
use super::projection::Projection;
use super::select::{FuncDetail, MAX_ARGS};
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::tree::{Aggref, AggregateKind, ArrayExpr, CoercionForm, Expr, FuncExpr, NamedArgExpr, WindowFunc};
use crate::catalog::{FunctionKind, Oid, TypeRef, type_oid as t};
use crate::replay::lookup::explain;
use crate::replay::{About, SqlError, Stop};
use crate::sql::ast::{FuncCall, Name, QualifiedName};
use crate::sql::span::Loc;

/// A call, or a column that may be one.
pub(in super::super) struct Call<'c> {
    /// The name.
    pub name: &'c QualifiedName,
    /// The arguments.
    pub args: Vec<Expr>,
    /// What was written; nothing for the notation of a column.
    pub written: Option<&'c FuncCall>,
    /// It is a CALL.
    pub procedure: bool,
    /// The last set-returning function before the arguments.
    pub last_srf: Option<Srf>,
    /// Where it stands.
    pub loc: Loc,
}

/// What a call is.
enum Kind {
    Normal,
    Aggregate(AggregateKind),
    Window,
}

impl Analyzer<'_> {
    /// Analyses a call (`parse_func.c: ParseFuncOrColumn` with a `FuncCall`).
    pub(in super::super) fn parse_func(&mut self, call: Call<'_>) -> Exec<Expr> {
        let name = call.name;
        match self.parse_func_or_column(call)? {
            Ok(expr) => Ok(expr),
            Err(_) => Err(unknown(format!("{} is neither a function nor a column", display(name)))),
        }
    }

    /// Analyses `row.name`: a column, or a function of the row. If it is neither the row is given back
    /// (`parse_func.c: ParseFuncOrColumn` without a `FuncCall`).
    pub(in super::super) fn parse_column_or_func(
        &mut self,
        name: &Name,
        row: Expr,
        last_srf: Option<Srf>,
        loc: Loc,
    ) -> Exec<Result<Expr, Expr>> {
        let name = QualifiedName { schema: None, name: name.clone(), loc };
        let call = Call { name: &name, args: vec![row], written: None, procedure: false, last_srf, loc };
        match self.parse_func_or_column(call)? {
            Ok(expr) => Ok(Ok(expr)),
            Err(mut args) => match args.pop() {
                Some(row) => Ok(Err(row)),
                None => Err(unknown("a column of nothing")),
            },
        }
    }

    fn parse_func_or_column(&mut self, call: Call<'_>) -> Exec<Result<Expr, Vec<Expr>>> {
        let Call { name, mut args, written, procedure, last_srf, loc } = call;
        let is_column = written.is_none();
        let filter = match written.and_then(|w| w.filter.as_ref()) {
            Some(filter) => {
                let filter = self.transform_expr(filter, ExprKind::Filter)?;
                Some(self.coerce_to_boolean(filter, "FILTER")?)
            }
            None => None,
        };
        if args.len() > MAX_ARGS {
            return fail("54023", format!("cannot pass more than {MAX_ARGS} arguments to a function"), loc);
        }
        let within_group = written.is_some_and(|w| w.within_group);
        if !is_column && !within_group {
            // Parameters of type void are left out.
            args.retain(|arg| !matches!(arg, Expr::Param(p) if p.ty.oid == t::VOID));
        }
        let mut types: Vec<Oid> = args.iter().map(|arg| self.type_of(arg)).collect();
        let names = argument_names(&args)?;
        let plain =
            written.is_none_or(|w| w.order_by.is_empty() && !w.star && !w.distinct && w.over.is_none() && !w.variadic);
        let could_be_projection = types.len() == 1
            && !procedure
            && plain
            && filter.is_none()
            && names.is_empty()
            && name.schema.is_none()
            && (types[0] == t::RECORD || self.is_complex(types[0]));
        if could_be_projection
            && is_column
            && let Some(row) = args.pop()
        {
            match self.parse_complex_projection(&name.name, row, loc)? {
                Projection::Column(column) => return Ok(Ok(column)),
                Projection::None(row) => args.push(row),
            }
        }
        let variadic_written = written.is_some_and(|w| w.variadic);
        let wanted =
            Wanted { count: types.len(), names: &names, expand_variadic: !variadic_written, with_out: procedure };
        let detail = self.func_get_detail(name, &args, &types, wanted, loc)?;
        let signature = |types: &[Oid]| self.func_signature(name, &names, types);
        let wrong = |message: String| fail("42809", message, loc);
        let (kind, candidate) = match detail {
            FuncDetail::Found(kind, candidate) => (kind, candidate),
            FuncDetail::Coercion(target) => {
                if procedure {
                    return not_a_procedure(signature(&types), loc);
                }
                if let Some(written) = written {
                    refuse_aggregate_syntax(name, written, loc)?;
                }
                let Some(arg) = args.pop() else { return Err(unknown("a cast of nothing")) };
                let how = Coercion { form: CoercionForm::ExplicitCall, ..Coercion::cast(loc) };
                return Ok(Ok(self.coerce_type(arg, types[0], target, -1, how)?));
            }
            FuncDetail::Multiple => {
                if is_column {
                    return Ok(Err(args));
                }
                let what = if procedure { "procedure" } else { "function" };
                let error = SqlError::new("42725", format!("{what} {} is not unique", signature(&types)));
                let hint =
                    format!("Could not choose a best candidate {what}. You might need to add explicit type casts.");
                return Err(error.hint(hint).at(loc).into());
            }
            FuncDetail::NotFound => {
                if is_column {
                    return Ok(Err(args));
                }
                if could_be_projection && let Some(row) = args.pop() {
                    match self.parse_complex_projection(&name.name, row, loc)? {
                        Projection::Column(column) => return Ok(Ok(column)),
                        Projection::None(row) => args.push(row),
                    }
                }
                let orders = written.map_or(0, |w| w.order_by.len());
                let misplaced = orders > 1 && !within_group;
                return Err(self.undefined_function(name, &names, &types, procedure, misplaced, loc));
            }
        };
        let found = candidate.oid;
        let Some(info) = self.env.catalog.function_info(found) else {
            return Err(unknown("a function is not known"));
        };
        if procedure && kind != FunctionKind::Procedure {
            return not_a_procedure(signature(&types), loc);
        }
        if kind == FunctionKind::Procedure && !procedure {
            let error = SqlError::new("42809", format!("{} is a procedure", signature(&types)));
            return Err(error.hint("To call a procedure, use CALL.").at(loc).into());
        }
        if let Some(written) = written
            && matches!(kind, FunctionKind::Function | FunctionKind::Procedure)
        {
            refuse_aggregate_syntax(name, written, loc)?;
        }
        if let Some(numbers) = &candidate.arg_numbers {
            for (arg, &number) in args.iter_mut().zip(numbers) {
                if let Expr::NamedArgExpr(arg) = arg {
                    arg.number = u32::try_from(number).unwrap_or(u32::MAX);
                }
            }
        }
        let mut variadic_args = candidate.variadic_args;
        let element = self.env.catalog.variadic_element(info);
        let mut declared = candidate.args.as_slice().to_vec();
        let over = written.and_then(|w| w.over.as_ref());
        let what = match kind {
            FunctionKind::Function | FunctionKind::Procedure => Kind::Normal,
            FunctionKind::Aggregate => {
                let (agg_kind, direct) = info.aggregate().unwrap_or((AggregateKind::Normal, 0));
                if agg_kind == AggregateKind::Normal {
                    if within_group {
                        let name = display(name);
                        return wrong(format!(
                            "{name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP"
                        ));
                    }
                } else {
                    if !within_group {
                        return wrong(format!("WITHIN GROUP is required for ordered-set aggregate {}", display(name)));
                    }
                    if over.is_some() {
                        let message = format!("OVER is not supported for ordered-set aggregate {}", display(name));
                        return fail("0A000", message, loc);
                    }
                    let aggregated = written.map_or(0, |w| w.order_by.len());
                    self.check_ordered_set(
                        name,
                        &names,
                        &types,
                        OrderedSet { kind: agg_kind, direct, aggregated, element, variadic_args },
                        loc,
                    )?;
                    if agg_kind == AggregateKind::Hypothetical {
                        self.unify_hypothetical_args(&mut args, aggregated, &mut types, &declared)?;
                    }
                }
                Kind::Aggregate(agg_kind)
            }
            FunctionKind::Window => {
                if over.is_none() {
                    return wrong(format!("window function {} requires an OVER clause", display(name)));
                }
                if within_group {
                    return wrong(format!("window function {} cannot have WITHIN GROUP", display(name)));
                }
                Kind::Window
            }
        };

        // Defaults take part in deciding polymorphic types; they are added when the call is planned.
        let passed = types.len();
        if candidate.default_args > 0 {
            self.add_default_types(info, &candidate, &mut types)?;
        }
        // Errors of this have no place.
        let result = self.enforce_generic_type_consistency(&types, &mut declared, info.returns(), false)?;
        self.make_fn_arguments(&mut args, &types, &declared)?;

        let mut variadic = variadic_written;
        if element == Oid::INVALID {
            variadic = false;
            variadic_args = 0;
        }
        if variadic_args > 0 && element != t::ANY {
            // The arguments of a VARIADIC parameter become an array.
            let elements = args.split_off(passed - variadic_args);
            let array_loc = elements.first().map_or(Loc::NONE, Expr::loc);
            let element = elements.first().map_or(Oid::INVALID, |e| self.type_of(e));
            let array = self.env.catalog.array_type(element);
            if array == Oid::INVALID {
                let message = format!("could not find array type for data type {}", self.format_type(element));
                return fail("42704", message, array_loc);
            }
            args.push(Expr::ArrayExpr(Box::new(ArrayExpr {
                ty: array,
                collation: Oid::INVALID,
                element,
                elements,
                multidims: false,
                at: array_loc.into(),
            })));
            variadic = true;
        }
        if passed > 0
            && element == t::ANY
            && variadic
            && self.env.catalog.base_element_type(types[passed - 1]) == Oid::INVALID
        {
            let loc = args.last().map_or(Loc::NONE, Expr::loc);
            return fail("42804", "VARIADIC argument must be an array", loc);
        }
        let returns_set = info.returns_set();
        if returns_set {
            self.check_srf_call_placement(last_srf, loc)?;
        }
        let ty = TypeRef::plain(result);
        let star = written.is_some_and(|w| w.star);
        let value = match (what, over) {
            (Kind::Normal, _) => {
                let sql = written.is_some_and(|w| w.sql_syntax);
                Expr::FuncExpr(Box::new(FuncExpr {
                    function: found,
                    ty,
                    returns_set,
                    variadic,
                    form: if sql { CoercionForm::SqlSyntax } else { CoercionForm::ExplicitCall },
                    collation: Oid::INVALID,
                    input_collation: Oid::INVALID,
                    args,
                    at: loc.into(),
                }))
            }
            (Kind::Aggregate(agg_kind), None) => {
                if args.is_empty() && !star && !within_group {
                    return wrong(parameterless(name));
                }
                if returns_set {
                    return fail("42P13", "aggregates cannot return sets", loc);
                }
                if !names.is_empty() {
                    return fail("0A000", "aggregates cannot use named arguments", loc);
                }
                let aggref = Aggref {
                    function: found,
                    ty,
                    collation: Oid::INVALID,
                    input_collation: Oid::INVALID,
                    arg_types: Vec::new(),
                    direct_args: Vec::new(),
                    args: Vec::new(),
                    order: Vec::new(),
                    distinct: Vec::new(),
                    filter,
                    star,
                    variadic,
                    kind: agg_kind,
                    levels_up: 0,
                    at: loc.into(),
                };
                let (order, distinct) = written.map_or((&[][..], false), |w| (&w.order_by[..], w.distinct));
                Expr::Aggref(Box::new(self.transform_aggregate_call(aggref, args, order, distinct)?))
            }
            (Kind::Aggregate(_) | Kind::Window, over) => {
                let aggregate = kind == FunctionKind::Aggregate;
                let unsupported = |message: &str| fail("0A000", message, loc);
                if written.is_some_and(|w| w.distinct) {
                    return unsupported("DISTINCT is not implemented for window functions");
                }
                if aggregate && args.is_empty() && !star {
                    return wrong(parameterless(name));
                }
                if written.is_some_and(|w| !w.order_by.is_empty()) {
                    return unsupported("aggregate ORDER BY is not implemented for window functions");
                }
                if !aggregate && filter.is_some() {
                    return unsupported("FILTER is not implemented for non-aggregate window functions");
                }
                if let Some(srf) = self.last_srf()
                    && self.last_srf() != last_srf
                {
                    let error =
                        SqlError::new("0A000", "window function calls cannot contain set-returning function calls");
                    return Err(error.hint(MOVE_TO_LATERAL).at(srf.loc).into());
                }
                if returns_set {
                    return fail("42P13", "window functions cannot return sets", loc);
                }
                let Some(over) = over else { return Err(unknown("a window function without a window")) };
                let call = WindowFunc {
                    function: found,
                    ty,
                    collation: Oid::INVALID,
                    input_collation: Oid::INVALID,
                    args,
                    filter,
                    winref: 0,
                    star,
                    aggregate,
                    at: loc.into(),
                };
                Expr::WindowFunc(Box::new(self.transform_window_func_call(call, over)?))
            }
        };
        if returns_set {
            let loc = value.loc();
            self.set_last_srf(loc);
        }
        Ok(Ok(value))
    }

    /// Converts arguments to the types of the parameters (`parse_func.c: make_fn_arguments`).
    pub(in super::super) fn make_fn_arguments(&self, args: &mut [Expr], actual: &[Oid], declared: &[Oid]) -> Exec {
        for ((arg, &actual), &declared) in args.iter_mut().zip(actual).zip(declared) {
            if actual == declared {
                continue;
            }
            let slot = match arg {
                Expr::NamedArgExpr(named) => &mut named.arg,
                arg => arg,
            };
            let node = std::mem::replace(slot, Expr::null(TypeRef::plain(t::UNKNOWN), Oid::INVALID));
            *slot = self.coerce_type(node, actual, declared, -1, Coercion::IMPLICIT)?;
        }
        Ok(())
    }

    /// The types of the defaults that a call uses.
    fn add_default_types(&self, info: FunctionInfo<'_>, candidate: &Candidate, types: &mut Vec<Oid>) -> Exec {
        let all = candidate.args.as_slice();
        for &ty in &all[types.len()..] {
            // A default was converted to the parameter's type when the function was made.
            if is_polymorphic(ty) {
                return Err(unknown(format!("the default of a polymorphic parameter of {} is used", info.name())));
            }
            types.push(ty);
        }
        Ok(())
    }

    /// A call as messages show it (`parse_func.c: func_signature_string`).
    pub(in super::super) fn func_signature(&self, name: &QualifiedName, names: &[Name], types: &[Oid]) -> String {
        let positional = types.len() - names.len().min(types.len());
        let arg = |(index, &ty): (usize, &Oid)| match index.checked_sub(positional).and_then(|n| names.get(n)) {
            Some(name) => format!("{name} => {}", self.format_type(ty)),
            None => self.format_type(ty),
        };
        let args: Vec<String> = types.iter().enumerate().map(arg).collect();
        format!("{}({})", display(name), args.join(", "))
    }

    fn undefined_function(
        &self,
        name: &QualifiedName,
        names: &[Name],
        types: &[Oid],
        procedure: bool,
        misplaced_order: bool,
        loc: Loc,
    ) -> Stop {
        let what = if procedure { "procedure" } else { "function" };
        let error =
            SqlError::new("42883", format!("{what} {} does not exist", self.func_signature(name, names, types)));
        let hint = if misplaced_order {
            "No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY \
             must appear after all regular arguments of the aggregate."
                .to_owned()
        } else {
            format!("No {what} matches the given name and argument types. You might need to add explicit type casts.")
        };
        let mut error = error.hint(hint).at(loc).about(About::Function(name.name.to_string()));
        explain(self.env.catalog, &mut error, |tombstone| {
            matches!(tombstone.object, crate::catalog::Object::Function(_)) && tombstone.name == name.name
        });
        self.undefined(error)
    }

    /// The numbers of direct and aggregated arguments fit the aggregate.
    fn check_ordered_set(
        &self,
        name: &QualifiedName,
        names: &[Name],
        types: &[Oid],
        set: OrderedSet,
        loc: Loc,
    ) -> Exec {
        let direct = types.len() - set.aggregated.min(types.len());
        let refuse = |hint: String| {
            let message = format!("function {} does not exist", self.func_signature(name, names, types));
            Err(SqlError::new("42883", message).hint(hint).at(loc).into())
        };
        let plural = if set.direct == 1 { "argument" } else { "arguments" };
        let shown = display(name);
        let exactly = || {
            format!(
                "There is an ordered-set aggregate {shown}, but it requires {} direct {plural}, not {direct}.",
                set.direct
            )
        };
        if set.element == Oid::INVALID {
            return if direct == set.direct { Ok(()) } else { refuse(exactly()) };
        }
        let declared = if set.variadic_args > 1 { types.len() - (set.variadic_args - 1) } else { types.len() };
        if set.direct < declared {
            return if direct == set.direct { Ok(()) } else { refuse(exactly()) };
        }
        if set.kind == AggregateKind::Hypothetical {
            if set.variadic_args != 2 * set.aggregated {
                let hypothetical = set.variadic_args as i64 - set.aggregated as i64;
                return refuse(format!(
                    "To use the hypothetical-set aggregate {shown}, the number of hypothetical direct arguments (here \
                     {hypothetical}) must match the number of ordering columns (here {}).",
                    set.aggregated
                ));
            }
        } else if set.variadic_args <= set.aggregated {
            return refuse(format!(
                "There is an ordered-set aggregate {shown}, but it requires at least {} direct {plural}.",
                set.direct
            ));
        }
        Ok(())
    }

    /// Hypothetical arguments get the types of the columns that are ordered by
    /// (`parse_func.c: unify_hypothetical_args`).
    fn unify_hypothetical_args(
        &self,
        args: &mut [Expr],
        aggregated: usize,
        types: &mut [Oid],
        declared: &[Oid],
    ) -> Exec {
        let direct = args.len() - aggregated.min(args.len());
        let Some(first) = direct.checked_sub(aggregated) else {
            return Err(unknown("incorrect number of arguments to hypothetical-set aggregate"));
        };
        for hypothetical in first..direct {
            let ordered = direct + (hypothetical - first);
            if declared.get(hypothetical) != Some(&t::ANY) {
                continue;
            }
            let pair = [&args[ordered], &args[hypothetical]];
            let common = self.select_common_type(pair, Some("WITHIN GROUP"))?;
            let typmod = self.select_common_typmod(pair, common);
            for index in [hypothetical, ordered] {
                let null = Expr::null(TypeRef::plain(t::UNKNOWN), Oid::INVALID);
                let node = std::mem::replace(&mut args[index], null);
                args[index] = self.coerce_type(node, types[index], common, typmod, Coercion::IMPLICIT)?;
                types[index] = common;
            }
        }
        Ok(())
    }
}

/// What is known of an ordered-set aggregate and its call.
struct OrderedSet {
    kind: AggregateKind,
    direct: usize,
    aggregated: usize,
    element: Oid,
    variadic_args: usize,
}

pub(in super::super) const MOVE_TO_LATERAL: &str =
    "You might be able to move the set-returning function into a LATERAL FROM item.";

fn parameterless(name: &QualifiedName) -> String {
    format!("{}(*) must be used to call a parameterless aggregate function", display(name))
}

fn not_a_procedure<T>(signature: String, loc: Loc) -> Exec<T> {
    let error = SqlError::new("42809", format!("{signature} is not a procedure"));
    Err(error.hint("To call a function, use SELECT.").at(loc).into())
}

/// The names of the last arguments.
fn argument_names(args: &[Expr]) -> Exec<Vec<Name>> {
    let mut names: Vec<Name> = Vec::new();
    for arg in args {
        match arg {
            Expr::NamedArgExpr(named) => {
                let NamedArgExpr { name, at, .. } = &**named;
                if names.contains(name) {
                    return fail("42601", format!("argument name \"{name}\" used more than once"), at.0);
                }
                names.push(name.clone());
            }
            arg if !names.is_empty() => {
                return fail("42601", "positional argument cannot follow named argument", arg.loc());
            }
            _ => {}
        }
    }
    Ok(names)
}

/// Clauses that only aggregates and window functions can have.
fn refuse_aggregate_syntax(name: &QualifiedName, written: &FuncCall, loc: Loc) -> Exec {
    let name = display(name);
    let message = if written.star {
        format!("{name}(*) specified, but {name} is not an aggregate function")
    } else if written.distinct {
        format!("DISTINCT specified, but {name} is not an aggregate function")
    } else if written.within_group {
        format!("WITHIN GROUP specified, but {name} is not an aggregate function")
    } else if !written.order_by.is_empty() {
        format!("ORDER BY specified, but {name} is not an aggregate function")
    } else if written.filter.is_some() {
        format!("FILTER specified, but {name} is not an aggregate function")
    } else if written.over.is_some() {
        format!("OVER specified, but {name} is not a window function nor an aggregate function")
    } else {
        return Ok(());
    };
    fail("42809", message, loc)
}
