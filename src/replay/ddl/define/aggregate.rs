//! Aggregates (`aggregatecmds.c`, `pg_aggregate.c`).

use super::{invalid, option_boolean, option_int, option_name, option_string, option_type};
use crate::catalog::lsyscache::FunctionInfo;
use crate::catalog::{
    AclKind, Aggregate, AggregateKind, ChangeKind, DependencyKind, Function, FunctionBody, FunctionKind, Object, Oid,
    Param, Provenance, TypeRef, type_oid as t,
};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{Define, Name, ParamMode, QualifiedName, Touches, TypeName, Volatility};

/// The most arguments that an aggregate can have (`FUNC_MAX_ARGS - 1`).
const MAX_ARGS: usize = 99;

/// The options of CREATE AGGREGATE as they are written.
#[derive(Default)]
struct Options {
    transition: Option<QualifiedName>,
    final_function: Option<QualifiedName>,
    combine: Option<QualifiedName>,
    serial: Option<QualifiedName>,
    deserial: Option<QualifiedName>,
    moving_transition: Option<QualifiedName>,
    moving_inverse: Option<QualifiedName>,
    moving_final: Option<QualifiedName>,
    final_extra: bool,
    moving_final_extra: bool,
    final_modify: Option<char>,
    moving_final_modify: Option<char>,
    sort_operator: Option<QualifiedName>,
    base_type: Option<TypeName>,
    hypothetical: bool,
    transition_type: Option<TypeName>,
    moving_type: Option<TypeName>,
    space: i32,
    moving_space: i32,
    initial: Option<String>,
    moving_initial: Option<String>,
    parallel: Option<String>,
}

impl Replay {
    /// `aggregatecmds.c: DefineAggregate`, `pg_aggregate.c: AggregateCreate`
    pub(super) fn create_aggregate(&mut self, stmt: &Define, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        let direct = stmt.args.as_ref().and_then(|args| args.direct);
        let options = self.aggregate_options(stmt, direct.is_some(), cx)?;
        let (Some(transition_type), Some(_)) = (&options.transition_type, &options.transition) else {
            let what = if options.transition_type.is_none() { "stype" } else { "sfunc" };
            return Err(invalid(format!("aggregate {what} must be specified")).into());
        };
        check_moving(&options)?;
        let params = self.aggregate_params(stmt, &options)?;
        let transition_type = self.transition_type(transition_type)?;
        match (&options.serial, &options.deserial) {
            (Some(_), Some(_)) if transition_type != t::INTERNAL => {
                let message = "serialization functions may be specified only when the aggregate transition data type \
                               is internal";
                return Err(invalid(message).into());
            }
            (Some(_), None) | (None, Some(_)) => {
                let message = "must specify both or neither of serialization and deserialization functions";
                return Err(invalid(message).into());
            }
            _ => {}
        }
        let moving_type = match &options.moving_type {
            Some(ty) => self.transition_type(ty)?,
            None => Oid::INVALID,
        };
        self.check_initial(options.initial.as_deref(), transition_type)?;
        self.check_initial(options.moving_initial.as_deref(), moving_type)?;
        let parallel = match options.parallel.as_deref() {
            None | Some("unsafe") => 'u',
            Some("safe") => 's',
            Some("restricted") => 'r',
            Some(_) => {
                let message = "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE";
                return Err(SqlError::new("42601", message).into());
            }
        };
        let kind = match direct {
            None => AggregateKind::Normal,
            Some(_) if options.hypothetical => AggregateKind::Hypothetical,
            Some(_) => AggregateKind::OrderedSet,
        };
        let direct = direct.unwrap_or(0);
        let (aggregate, returns) = self.aggregate_of(&options, &params, kind, direct, transition_type, moving_type)?;
        self.insert_aggregate(stmt, schema, params, aggregate, returns, parallel, cx)
    }

    fn aggregate_options(&mut self, stmt: &Define, ordered: bool, cx: &Context) -> Exec<Options> {
        let mut options = Options::default();
        for option in &stmt.options {
            match option.name.as_str() {
                "sfunc" | "sfunc1" => options.transition = Some(option_name(option)?),
                "finalfunc" => options.final_function = Some(option_name(option)?),
                "combinefunc" => options.combine = Some(option_name(option)?),
                "serialfunc" => options.serial = Some(option_name(option)?),
                "deserialfunc" => options.deserial = Some(option_name(option)?),
                "msfunc" => options.moving_transition = Some(option_name(option)?),
                "minvfunc" => options.moving_inverse = Some(option_name(option)?),
                "mfinalfunc" => options.moving_final = Some(option_name(option)?),
                "finalfunc_extra" => options.final_extra = option_boolean(option)?,
                "mfinalfunc_extra" => options.moving_final_extra = option_boolean(option)?,
                "finalfunc_modify" => options.final_modify = Some(modify(&option.name, &option_string(option)?)?),
                "mfinalfunc_modify" => {
                    options.moving_final_modify = Some(modify(&option.name, &option_string(option)?)?);
                }
                "sortop" => options.sort_operator = Some(option_name(option)?),
                "basetype" => options.base_type = Some(option_type(option)?),
                "hypothetical" => {
                    options.hypothetical |= option_boolean(option)?;
                    if options.hypothetical && !ordered {
                        return Err(invalid("only ordered-set aggregates can be hypothetical").into());
                    }
                }
                "stype" | "stype1" => options.transition_type = Some(option_type(option)?),
                "sspace" => options.space = option_int(option)?,
                "mstype" => options.moving_type = Some(option_type(option)?),
                "msspace" => options.moving_space = option_int(option)?,
                "initcond" | "initcond1" => options.initial = Some(option_string(option)?),
                "minitcond" => options.moving_initial = Some(option_string(option)?),
                "parallel" => options.parallel = Some(option_string(option)?),
                _ => self.unknown_attribute("aggregate", option, cx),
            }
        }
        Ok(options)
    }

    fn aggregate_params(&self, stmt: &Define, options: &Options) -> Exec<Vec<Param>> {
        let plain = |ty| Param { name: None, ty: TypeRef::plain(ty), mode: ParamMode::In, default: None };
        let Some(args) = &stmt.args else {
            let Some(base) = &options.base_type else {
                return Err(invalid("aggregate input type must be specified").into());
            };
            let any = base.name.schema.is_none() && base.name.name.eq_ignore_ascii_case("any");
            return if any { Ok(Vec::new()) } else { Ok(vec![plain(self.type_written(base)?)]) };
        };
        if options.base_type.is_some() {
            let message = "basetype is redundant with aggregate input type specification";
            return Err(invalid(message).into());
        }
        let mut params: Vec<Param> = Vec::with_capacity(args.params.len());
        for written in &args.params {
            let ty = self.type_written(&written.ty)?;
            if written.ty.setof {
                return Err(invalid("aggregates cannot accept set arguments").at(written.ty.loc).into());
            }
            match written.mode {
                ParamMode::In | ParamMode::Variadic => {}
                ParamMode::Out | ParamMode::InOut | ParamMode::Table => {
                    let message = "aggregates cannot have output arguments";
                    return Err(SqlError::new("0A000", message).into());
                }
            }
            if params.iter().any(|p| p.mode == ParamMode::Variadic) {
                return Err(invalid("VARIADIC parameter must be the last input parameter").at(written.ty.loc).into());
            }
            let arrays = [t::ANY, t::ANYARRAY, t::ANYCOMPATIBLEARRAY];
            let is_array = arrays.contains(&ty) || self.catalog.element_type(ty) != Oid::INVALID;
            if written.mode == ParamMode::Variadic && !is_array {
                return Err(invalid("VARIADIC parameter must be an array").at(written.ty.loc).into());
            }
            let name = written.name.clone().filter(|name| !name.is_empty());
            if let Some(name) = &name
                && params.iter().any(|p| p.name.as_ref() == Some(name))
            {
                let message = format!("parameter name \"{name}\" used more than once");
                return Err(invalid(message).at(written.ty.loc).into());
            }
            params.push(Param { name, mode: written.mode, ..plain(ty) });
        }
        Ok(params)
    }

    /// No pseudo-type but a polymorphic one, or `internal` for superusers.
    fn transition_type(&self, ty: &TypeName) -> Exec<Oid> {
        let oid = self.type_written(ty)?;
        let superuser = self.is_superuser(self.session.current_user);
        let allowed = is_polymorphic(oid) || oid == t::INTERNAL && superuser;
        if self.catalog.typtype(oid) == 'p' && !allowed {
            let message = format!("aggregate transition data type cannot be {}", self.type_words(oid));
            return Err(invalid(message).into());
        }
        Ok(oid)
    }

    /// The type's input function takes the initial value.
    fn check_initial(&self, initial: Option<&str>, ty: Oid) -> Exec {
        let Some(text) = initial.filter(|_| ty != Oid::INVALID && self.catalog.typtype(ty) != 'p') else {
            return Ok(());
        };
        lookup::literal_object(&self.catalog, &self.path(), text, ty).map(drop)
    }

    /// Its functions, and what it returns.
    fn aggregate_of(
        &self,
        options: &Options,
        params: &[Param],
        kind: AggregateKind,
        direct: usize,
        transition_type: Oid,
        moving_type: Oid,
    ) -> Exec<(Aggregate, Oid)> {
        let args: Vec<Oid> = params.iter().map(|p| p.ty.oid).collect();
        let variadic = params.last().filter(|p| p.mode == ParamMode::Variadic).map(|p| p.ty.oid);
        if args.len() > MAX_ARGS {
            let message = format!("aggregates cannot have more than {MAX_ARGS} arguments");
            return Err(SqlError::new("54023", message).into());
        }
        for ty in [transition_type, moving_type] {
            if let Some(detail) = self.undetermined(ty, &args) {
                return Err(invalid("cannot determine transition data type").detail(detail).into());
            }
        }
        let ordered = kind != AggregateKind::Normal;
        if ordered && variadic.is_some_and(|ty| ty != t::ANY) {
            let message = "a variadic ordered-set aggregate must use VARIADIC type ANY";
            return Err(SqlError::new("0A000", message).into());
        }
        if kind == AggregateKind::Hypothetical && direct < args.len() {
            let aggregated = args.len() - direct;
            let matching = direct >= aggregated && args[direct - aggregated..direct] == args[direct..];
            if variadic.is_some() || !matching {
                let message =
                    "a hypothetical-set aggregate must have direct arguments matching its aggregated arguments";
                return Err(invalid(message).into());
            }
        }
        // Those of the transition function after the state: all, or the aggregated ones.
        let passed: &[Oid] = match ordered {
            false => &args,
            true if direct < args.len() => &args[direct..],
            true => args.last().map(std::slice::from_ref).unwrap_or_default(),
        };
        let after_state =
            |state: Oid, rest: &[Oid]| -> Vec<Oid> { std::iter::once(state).chain(rest.iter().copied()).collect() };
        let lookup = |name: &Option<QualifiedName>, args: &[Oid], variadic: Option<Oid>| match name {
            Some(name) => {
                self.aggregate_function(name, args, variadic).map(|(oid, ty)| (oid, ty, lookup::display(name)))
            }
            None => Ok((Oid::INVALID, Oid::INVALID, String::new())),
        };
        let returns = |what: &str, (_, ty, name): &(Oid, Oid, String), wanted: Oid| -> Exec {
            if *ty == wanted || name.is_empty() {
                return Ok(());
            }
            let message = format!("return type of {what} function {name} is not {}", self.type_words(wanted));
            Err(SqlError::new("42804", message).into())
        };
        let strict = |oid: Oid| self.catalog.function_info(oid).is_some_and(FunctionInfo::strict);
        let needs_initial = |function: Oid, initial: &Option<String>, state: Oid| -> Exec {
            let compatible = args.first().is_some_and(|&first| self.catalog.is_binary_coercible(first, state));
            if strict(function) && initial.is_none() && !compatible {
                let message = "must not omit initial value when transition function is strict and transition type is \
                               not compatible with input type";
                return Err(invalid(message).into());
            }
            Ok(())
        };
        let transition = lookup(&options.transition, &after_state(transition_type, passed), variadic)?;
        returns("transition", &transition, transition_type)?;
        needs_initial(transition.0, &options.initial, transition_type)?;
        let moving = lookup(&options.moving_transition, &after_state(moving_type, passed), variadic)?;
        returns("transition", &moving, moving_type)?;
        let inverse = match options.moving_transition {
            Some(_) => {
                needs_initial(moving.0, &options.moving_initial, moving_type)?;
                lookup(&options.moving_inverse, &after_state(moving_type, passed), variadic)?
            }
            None => (Oid::INVALID, Oid::INVALID, String::new()),
        };
        returns("inverse transition", &inverse, moving_type)?;
        if inverse.0 != Oid::INVALID && strict(inverse.0) != strict(moving.0) {
            let message = "strictness of aggregate's forward and inverse transition functions must match";
            return Err(invalid(message).into());
        }
        let final_args = |extra: bool| if extra { &args[..] } else { &args[..direct] };
        let final_of = |name: &Option<QualifiedName>, state: Oid, extra: bool| -> Exec<(Oid, Oid)> {
            if name.is_none() {
                return Ok((Oid::INVALID, state));
            }
            let variadic = variadic.filter(|_| extra || direct >= args.len());
            let (oid, ty, _) = lookup(name, &after_state(state, final_args(extra)), variadic)?;
            if extra && strict(oid) {
                let message = "final function with extra arguments must not be declared STRICT";
                return Err(invalid(message).into());
            }
            Ok((oid, ty))
        };
        let (final_function, result) = final_of(&options.final_function, transition_type, options.final_extra)?;
        let combine = lookup(&options.combine, &[transition_type; 2], None)?;
        returns("combine", &combine, transition_type)?;
        if transition_type == t::INTERNAL && strict(combine.0) {
            let message = "combine function with transition type internal must not be declared STRICT";
            return Err(invalid(message).into());
        }
        let serial = lookup(&options.serial, &[t::INTERNAL], None)?;
        returns("serialization", &serial, t::BYTEA)?;
        let deserial = lookup(&options.deserial, &[t::BYTEA, t::INTERNAL], None)?;
        returns("deserialization", &deserial, t::INTERNAL)?;
        if let Some(detail) = self.undetermined(result, &args) {
            return Err(SqlError::new("42804", "cannot determine result data type").detail(detail).into());
        }
        if result == t::INTERNAL && !args.contains(&t::INTERNAL) {
            let detail = "A result of type internal requires at least one input of type internal.";
            return Err(invalid("unsafe use of pseudo-type \"internal\"").detail(detail).into());
        }
        let mut moving_final = Oid::INVALID;
        if moving_type != Oid::INVALID {
            let (function, moving_result) = final_of(&options.moving_final, moving_type, options.moving_final_extra)?;
            moving_final = function;
            if moving_result != result {
                let message = format!(
                    "moving-aggregate implementation returns type {}, but plain implementation returns type {}",
                    self.type_words(moving_result),
                    self.type_words(result)
                );
                return Err(invalid(message).into());
            }
        }
        let sort_operator = match (&options.sort_operator, args.as_slice()) {
            (None, _) => Oid::INVALID,
            (Some(name), [one]) => self.operator_named(name, *one, *one)?,
            (Some(_), _) => {
                let message = "sort operator can only be specified for single-argument aggregates";
                return Err(invalid(message).into());
            }
        };
        let modify = if ordered { 'w' } else { 'r' };
        let aggregate = Aggregate {
            kind,
            direct_args: direct,
            transition: transition.0,
            transition_type,
            space: options.space,
            final_function,
            final_extra: options.final_extra,
            final_modify: options.final_modify.unwrap_or(modify),
            combine: combine.0,
            serial: serial.0,
            deserial: deserial.0,
            initial: options.initial.clone(),
            moving_transition: moving.0,
            moving_inverse: inverse.0,
            moving_type,
            moving_space: options.moving_space,
            moving_final,
            moving_final_extra: options.moving_final_extra,
            moving_final_modify: options.moving_final_modify.unwrap_or(modify),
            moving_initial: options.moving_initial.clone(),
            sort_operator,
        };
        Ok((aggregate, result))
    }

    /// `pg_proc.c: ProcedureCreate` for an aggregate, and its own row.
    #[allow(clippy::too_many_arguments)]
    fn insert_aggregate(
        &mut self,
        stmt: &Define,
        schema: Oid,
        params: Vec<Param>,
        aggregate: Aggregate,
        returns: Oid,
        parallel: char,
        cx: &Context,
    ) -> Exec {
        let name = &stmt.name.name;
        let inputs: Vec<Oid> = params.iter().map(|p| p.ty.oid).collect();
        let old = self.catalog.functions_of_name(schema, name).find(|f| f.input_types().eq(inputs.iter().copied()));
        let old = old.cloned();
        if let Some(old) = &old {
            self.check_replaced_aggregate(stmt, old, &aggregate, returns, &params)?;
        } else if self.catalog.function_with_args(schema, name, &inputs).is_some() {
            let message = format!("function \"{name}\" already exists with same argument types");
            return Err(SqlError::new("42723", message).into());
        }
        let owner = self.session.current_user;
        let mut function = Function {
            oid: Oid::INVALID,
            schema,
            name: name.clone(),
            owner,
            kind: FunctionKind::Aggregate,
            params,
            returns: Some(TypeRef::plain(returns)),
            returns_set: false,
            language: "internal".into(),
            body: FunctionBody::Native(None),
            volatility: Volatility::Immutable,
            strict: false,
            security_definer: false,
            leakproof: false,
            parallel,
            cost: None,
            rows: None,
            config: Vec::new(),
            transforms: Vec::new(),
            aggregate: None,
            acl: self.new_object_acl(AclKind::Function, owner, Some(schema)),
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.loc)),
        };
        match old {
            Some(old) => {
                function = Function {
                    oid: old.oid,
                    owner: old.owner,
                    acl: old.acl,
                    comment: old.comment,
                    provenance: old.provenance,
                    ..function
                };
                function.provenance.change(cx.origin, ChangeKind::Definition);
                self.catalog.dependencies.remove_of_kind(Object::Function(old.oid), DependencyKind::Normal);
            }
            None => function.oid = self.catalog.new_oid(),
        }
        let me = Object::Function(function.oid);
        let mut needs: Vec<Object> = inputs.iter().chain([&returns]).map(|&ty| Object::Type(ty)).collect();
        let functions = [
            aggregate.transition,
            aggregate.final_function,
            aggregate.combine,
            aggregate.serial,
            aggregate.deserial,
            aggregate.moving_transition,
            aggregate.moving_inverse,
            aggregate.moving_final,
        ];
        needs.extend(functions.map(Object::Function));
        needs.push(Object::Operator(aggregate.sort_operator));
        function.aggregate = Some(Box::new(aggregate));
        self.catalog.insert_function(function);
        self.depend_on_valid(me, &needs);
        Ok(())
    }

    /// What OR REPLACE cannot change.
    fn check_replaced_aggregate(
        &self,
        stmt: &Define,
        old: &Function,
        new: &Aggregate,
        returns: Oid,
        params: &[Param],
    ) -> Exec {
        let name = &stmt.name.name;
        if !stmt.or_replace {
            let message = format!("function \"{name}\" already exists with same argument types");
            let error = SqlError::new("42723", message).about(About::Function(name.to_string()));
            return Err(error.related(old.provenance.created, format!("function \"{name}\" made here")).into());
        }
        self.must_own_function(old.owner, &old.name)?;
        let changed = |detail: String| Err(SqlError::new("42809", "cannot change routine kind").detail(detail).into());
        match old.kind {
            FunctionKind::Aggregate => {}
            FunctionKind::Function => return changed(format!("\"{name}\" is a function.")),
            FunctionKind::Procedure => return changed(format!("\"{name}\" is a procedure.")),
            FunctionKind::Window => return changed(format!("\"{name}\" is a window function.")),
        }
        let types: Vec<String> = params.iter().map(|p| self.type_words(p.ty.oid)).collect();
        let hint = format!("Use DROP AGGREGATE {name}({}) first.", types.join(","));
        if old.returns.map(|ty| ty.oid) != Some(returns) {
            return Err(invalid("cannot change return type of existing function").hint(hint).into());
        }
        for (old, new) in old.params.iter().zip(params) {
            if let Some(was) = &old.name
                && new.name.as_ref() != Some(was)
            {
                let message = format!("cannot change name of input parameter \"{was}\"");
                return Err(invalid(message).hint(hint).into());
            }
        }
        let Some(was) = &old.aggregate else { return Ok(()) };
        if was.kind != new.kind {
            return changed(match was.kind {
                AggregateKind::Normal => format!("\"{name}\" is an ordinary aggregate function."),
                AggregateKind::OrderedSet => format!("\"{name}\" is an ordered-set aggregate."),
                AggregateKind::Hypothetical => format!("\"{name}\" is a hypothetical-set aggregate."),
            });
        }
        if was.direct_args != new.direct_args {
            let message = "cannot change number of direct arguments of an aggregate function";
            return Err(invalid(message).into());
        }
        Ok(())
    }

    /// A function and what it returns for these arguments (`pg_aggregate.c: lookup_agg_function`).
    fn aggregate_function(&self, name: &QualifiedName, args: &[Oid], variadic: Option<Oid>) -> Exec<(Oid, Oid)> {
        let path = self.path();
        let schemas = match &name.schema {
            Some(schema) => vec![lookup::schema(&self.catalog, schema, name.loc)?],
            None => lookup::function_path(&self.catalog, &path),
        };
        let mut candidates: Vec<FunctionInfo<'_>> = Vec::new();
        for schema in schemas {
            for function in self.catalog.functions_by_name(schema, &name.name) {
                let hidden = candidates.iter().any(|c| c.input_types().eq(function.input_types()));
                if function.input_count() == args.len() && !hidden {
                    candidates.push(function);
                }
            }
        }
        let exact = candidates.iter().find(|c| c.input_types().eq(args.iter().copied())).copied();
        let found = match exact {
            Some(exact) => Some(exact),
            None => {
                candidates.retain(|c| c.input_types().zip(args).all(|(to, &from)| self.may_pass(from, to)));
                match candidates.as_slice() {
                    [] => None,
                    [one] => Some(*one),
                    _ => {
                        let same =
                            |c: &FunctionInfo<'_>| c.input_types().zip(args).filter(|(to, from)| to == *from).count();
                        let most = candidates.iter().map(same).max();
                        let mut best = candidates.iter().filter(|c| Some(same(c)) == most);
                        match (best.next(), best.next()) {
                            (Some(one), None) => Some(*one),
                            _ => {
                                let reason = format!("which function {} is meant is not told", lookup::display(name));
                                return Err(Opaque::new(reason, Touches::Expressions).into());
                            }
                        }
                    }
                }
            }
        };
        let missing = || self.missing_function(name, format!("function {} does not exist", self.signature(name, args)));
        let Some(function) = found.filter(|f| f.kind() == FunctionKind::Function) else {
            return missing().map(|oid| (oid, Oid::INVALID));
        };
        if function.returns_set() {
            let message = format!("function {} returns a set", self.signature(name, args));
            return Err(SqlError::new("42804", message).into());
        }
        if variadic == Some(t::ANY) && self.catalog.variadic_element(function) != t::ANY {
            let signature = self.signature(name, args);
            let message = format!("function {signature} must accept VARIADIC ANY to be used in this aggregate");
            return Err(SqlError::new("42804", message).into());
        }
        let declared: Vec<Oid> = function.input_types().collect();
        let Some(returns) = self.generic_result(&declared, args, function.returns()) else {
            // The arguments do not fit together.
            if !is_compatible(function.returns()) {
                return missing().map(|oid| (oid, Oid::INVALID));
            }
            let reason = format!("what function {} returns is not told", lookup::display(name));
            return Err(Opaque::new(reason, Touches::Expressions).into());
        };
        // What a polymorphic parameter stands for here; arguments may not have to be converted.
        let common = self.generic_result(&declared, args, t::ANYCOMPATIBLE);
        let real: Vec<Oid> = declared
            .iter()
            .zip(args)
            .map(|(&to, &from)| match to {
                t::ANYCOMPATIBLE | t::ANYCOMPATIBLENONARRAY => common.unwrap_or(from),
                to if is_polymorphic(to) => from,
                to => to,
            })
            .collect();
        let fits = |(to, &from): (&Oid, &Oid)| *to == t::ANY || self.catalog.is_binary_coercible(from, *to);
        if !real.iter().zip(args).all(fits) {
            let message = format!("function {} requires run-time type coercion", self.signature(name, &real));
            return Err(SqlError::new("42804", message).into());
        }
        Ok((function.oid(), returns))
    }

    fn may_pass(&self, from: Oid, to: Oid) -> bool {
        use crate::catalog::builtin::CastContext;
        match to {
            t::ANYARRAY => from == to || self.catalog.base_element_type(from) != Oid::INVALID,
            t::ANYCOMPATIBLEARRAY => self.catalog.base_element_type(from) != Oid::INVALID,
            t::ANYRANGE | t::ANYCOMPATIBLERANGE => self.catalog.typtype(self.catalog.base_type(from)) == 'r',
            t::ANYMULTIRANGE | t::ANYCOMPATIBLEMULTIRANGE => self.catalog.typtype(self.catalog.base_type(from)) == 'm',
            t::ANYENUM => from == to || self.catalog.typtype(from) == 'e',
            t::ANYELEMENT | t::ANYNONARRAY | t::ANYCOMPATIBLE | t::ANYCOMPATIBLENONARRAY => true,
            to => {
                self.catalog.is_binary_coercible(from, to)
                    || self.catalog.cast(from, to).is_some_and(|cast| cast.context == CastContext::Implicit)
            }
        }
    }

    /// What a function returns whose result follows its arguments, which may be polymorphic themselves
    /// (`parse_coerce.c: enforce_generic_type_consistency`). Nothing where a common type would have to be found.
    fn generic_result(&self, declared: &[Oid], args: &[Oid], returns: Oid) -> Option<Oid> {
        if !is_polymorphic(returns) {
            return Some(returns);
        }
        let compatible = is_compatible(returns);
        let mut element = Oid::INVALID;
        for (&to, &from) in declared.iter().zip(args) {
            if !is_polymorphic(to) || is_compatible(to) != compatible {
                continue;
            }
            if from == returns && from == to {
                return Some(returns);
            }
            let base = self.catalog.base_type(from);
            let of = match to {
                t::ANYARRAY | t::ANYCOMPATIBLEARRAY => match from {
                    t::ANYARRAY => t::ANYELEMENT,
                    t::ANYCOMPATIBLEARRAY => t::ANYCOMPATIBLE,
                    _ => self.catalog.element_type(base),
                },
                t::ANYRANGE | t::ANYCOMPATIBLERANGE => match from == to {
                    true if compatible => t::ANYCOMPATIBLE,
                    true => t::ANYELEMENT,
                    false => self.catalog.range_subtype(base),
                },
                t::ANYMULTIRANGE | t::ANYCOMPATIBLEMULTIRANGE => match from == to {
                    true if compatible => t::ANYCOMPATIBLE,
                    true => t::ANYELEMENT,
                    false => self.catalog.range_subtype(self.catalog.multirange_range(base)),
                },
                _ => from,
            };
            let same_range = matches!(returns, t::ANYRANGE | t::ANYMULTIRANGE | t::ANYCOMPATIBLERANGE)
                || returns == t::ANYCOMPATIBLEMULTIRANGE;
            if same_range && to == returns {
                return Some(base);
            }
            element = match element {
                Oid::INVALID => of,
                element if element == of => of,
                element if compatible => self.wider_of(element, of)?,
                _ => return None,
            };
        }
        match returns {
            _ if element == Oid::INVALID => None,
            t::ANYARRAY | t::ANYCOMPATIBLEARRAY => match element {
                t::ANYELEMENT => Some(t::ANYARRAY),
                t::ANYCOMPATIBLE => Some(t::ANYCOMPATIBLEARRAY),
                element => Some(self.catalog.array_type(element)).filter(|&array| array != Oid::INVALID),
            },
            t::ANYRANGE | t::ANYMULTIRANGE | t::ANYCOMPATIBLERANGE | t::ANYCOMPATIBLEMULTIRANGE => None,
            _ => Some(element),
        }
    }

    /// The one of two types that the other goes to by itself, if only one does (`parse_coerce.c: select_common_type`).
    fn wider_of(&self, one: Oid, two: Oid) -> Option<Oid> {
        use crate::catalog::builtin::CastContext;
        let goes = |from, to| {
            self.catalog.is_binary_coercible(from, to)
                || self.catalog.cast(from, to).is_some_and(|cast| cast.context == CastContext::Implicit)
        };
        match (goes(one, two), goes(two, one)) {
            (true, false) => Some(two),
            (false, true) => Some(one),
            _ => None,
        }
    }

    /// Why a type cannot be told from the arguments (`parse_coerce.c: check_valid_polymorphic_signature`).
    pub(in crate::replay::ddl) fn undetermined(&self, ty: Oid, args: &[Oid]) -> Option<String> {
        if !is_polymorphic(ty) {
            return None;
        }
        let name = self.type_words(ty);
        let (enough, needs): (bool, String) = match ty {
            t::ANYRANGE | t::ANYMULTIRANGE => (
                args.iter().any(|arg| matches!(*arg, t::ANYRANGE | t::ANYMULTIRANGE)),
                "anyrange or anymultirange".to_owned(),
            ),
            t::ANYCOMPATIBLERANGE | t::ANYCOMPATIBLEMULTIRANGE => (
                args.iter().any(|arg| matches!(*arg, t::ANYCOMPATIBLERANGE | t::ANYCOMPATIBLEMULTIRANGE)),
                "anycompatiblerange or anycompatiblemultirange".to_owned(),
            ),
            _ if is_compatible(ty) => (
                args.iter().any(|&arg| is_polymorphic(arg) && is_compatible(arg)),
                "anycompatible, anycompatiblearray, anycompatiblenonarray, anycompatiblerange, or \
                 anycompatiblemultirange"
                    .to_owned(),
            ),
            _ => (
                args.iter().any(|&arg| is_polymorphic(arg) && !is_compatible(arg)),
                "anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange".to_owned(),
            ),
        };
        (!enough).then(|| format!("A result of type {name} requires at least one input of type {needs}."))
    }
}

/// `IsPolymorphicType`
pub(in crate::replay::ddl) fn is_polymorphic(ty: Oid) -> bool {
    is_compatible(ty)
        || matches!(ty, t::ANYELEMENT | t::ANYARRAY | t::ANYNONARRAY | t::ANYENUM | t::ANYRANGE | t::ANYMULTIRANGE)
}

/// `IsPolymorphicTypeFamily2`
fn is_compatible(ty: Oid) -> bool {
    matches!(
        ty,
        t::ANYCOMPATIBLE
            | t::ANYCOMPATIBLEARRAY
            | t::ANYCOMPATIBLENONARRAY
            | t::ANYCOMPATIBLERANGE
            | t::ANYCOMPATIBLEMULTIRANGE
    )
}

/// What belongs to a moving aggregate, given without MSTYPE or missing with it.
fn check_moving(options: &Options) -> Exec {
    let given = options.moving_type.is_some();
    let wrong = [
        (given && options.moving_transition.is_none(), "msfunc must be specified when mstype is specified"),
        (given && options.moving_inverse.is_none(), "minvfunc must be specified when mstype is specified"),
        (!given && options.moving_transition.is_some(), "msfunc must not be specified without mstype"),
        (!given && options.moving_inverse.is_some(), "minvfunc must not be specified without mstype"),
        (!given && options.moving_final.is_some(), "mfinalfunc must not be specified without mstype"),
        (!given && options.moving_space != 0, "msspace must not be specified without mstype"),
        (!given && options.moving_initial.is_some(), "minitcond must not be specified without mstype"),
    ];
    match wrong.iter().find(|(wrong, _)| *wrong) {
        Some((_, message)) => Err(invalid(format!("aggregate {message}")).into()),
        None => Ok(()),
    }
}

/// `aggregatecmds.c: extractModify`
fn modify(option: &Name, text: &str) -> Exec<char> {
    match text {
        "read_only" => Ok('r'),
        "shareable" => Ok('s'),
        "read_write" => Ok('w'),
        _ => {
            let message = format!("parameter \"{option}\" must be READ_ONLY, SHAREABLE, or READ_WRITE");
            Err(SqlError::new("42601", message).into())
        }
    }
}
