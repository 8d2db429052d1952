//! Functions, procedures, triggers, DO.

use super::*;

/// The options that CREATE FUNCTION and ALTER FUNCTION share (`common_func_opt_item`).
#[derive(Default)]
struct CommonOptions {
    volatility: Option<Volatility>,
    strict: Option<bool>,
    security_definer: Option<bool>,
    leakproof: Option<bool>,
    parallel: Option<Name>,
    cost: Option<String>,
    rows: Option<String>,
    set: Vec<SetVariable>,
    support: Option<QualifiedName>,
}

/// The options that were given; each but SET once (`functioncmds.c: errorConflictingDefElem`).
#[derive(Default)]
struct Seen {
    names: Vec<String>,
    repeated: Option<Loc>,
}

impl Seen {
    fn see(&mut self, option: &pg::DefElem, loc: Loc) {
        if option.defname == "set" {
            return;
        }
        if self.names.contains(&option.defname) {
            self.repeated.get_or_insert(loc);
        }
        self.names.push(option.defname.clone());
    }
}

impl Lowerer<'_> {
    pub(super) fn create_function(&mut self, create: pg::CreateFunctionStmt) -> CreateFunction {
        let mut common = CommonOptions::default();
        let mut language = None;
        let mut body = Vec::new();
        let mut window = false;
        let mut transform = Vec::new();
        let mut seen = Seen::default();
        for option in self.def_elems(create.options) {
            seen.see(&option, self.loc(option.location));
            match option.defname.as_str() {
                "as" => {
                    let location = option.location;
                    let strings = self.list(boxed(option.arg));
                    let strings = self.strings(strings);
                    body = strings.into_iter().enumerate().map(|(i, text)| self.code(location, i, text)).to_vec();
                }
                "language" => language = Some(self.option_string(option).into()),
                "window" => window = self.option_bool(option),
                "transform" => {
                    let types = self.list(boxed(option.arg));
                    transform = types.into_iter().map(|node| self.type_node(node.node)).to_vec();
                }
                _ => self.common_option(&mut common, option, "CREATE FUNCTION"),
            }
        }
        CreateFunction {
            name: self.qualified(create.funcname, Loc::NONE),
            procedure: create.is_procedure,
            or_replace: create.replace,
            params: nodes(create.parameters).filter_map(|node| self.function_param(node)).to_vec(),
            returns: create.return_type.map(|ty| self.type_name(ty)),
            language,
            body,
            sql_body: boxed(create.sql_body).map(|body| self.sql_body(body)),
            volatility: common.volatility,
            strict: common.strict,
            security_definer: common.security_definer,
            leakproof: common.leakproof,
            parallel: common.parallel,
            window,
            cost: common.cost,
            rows: common.rows,
            set: common.set,
            support: common.support,
            transform,
            repeated: seen.repeated,
        }
    }

    pub(super) fn function_param(&mut self, node: NodeEnum) -> Option<FunctionParam> {
        let NodeEnum::FunctionParameter(param) = node else {
            self.unexpected();
            return None;
        };
        let mode = match param.mode() {
            pg::FunctionParameterMode::FuncParamIn | pg::FunctionParameterMode::FuncParamDefault => ParamMode::In,
            pg::FunctionParameterMode::FuncParamOut => ParamMode::Out,
            pg::FunctionParameterMode::FuncParamInout => ParamMode::InOut,
            pg::FunctionParameterMode::FuncParamVariadic => ParamMode::Variadic,
            pg::FunctionParameterMode::FuncParamTable => ParamMode::Table,
            pg::FunctionParameterMode::Undefined => {
                self.unexpected();
                ParamMode::In
            }
        };
        Some(FunctionParam {
            name: name_if_any(param.name),
            ty: self.required_type(param.arg_type),
            mode,
            default: self.expr_if_any(param.defexpr),
        })
    }

    fn sql_body(&mut self, body: NodeEnum) -> SqlBody {
        match body {
            NodeEnum::ReturnStmt(returns) => SqlBody::Return(self.expr(boxed(returns.returnval))),
            NodeEnum::List(list) => {
                // BEGIN ATOMIC … END is a list whose one element is the list of statements.
                let statements = nodes(list.items).flat_map(|node| match node {
                    NodeEnum::List(inner) => inner.items,
                    other => vec![Node { node: Some(other) }],
                });
                let statements: Vec<Node> = statements.filter(|node| node.node.is_some()).to_vec();
                SqlBody::Atomic(statements.into_iter().map(|node| self.statement(node.node)).to_vec())
            }
            _ => {
                self.unexpected();
                SqlBody::Atomic(Vec::new())
            }
        }
    }

    pub(super) fn alter_function(&mut self, alter: pg::AlterFunctionStmt) -> AlterFunction {
        let kind = self.object_kind(alter.objtype());
        let function = self.function_ref(alter.func.unwrap_or_default());
        let mut common = CommonOptions::default();
        let mut seen = Seen::default();
        for option in self.def_elems(alter.actions) {
            seen.see(&option, self.loc(option.location));
            self.common_option(&mut common, option, "ALTER FUNCTION");
        }
        AlterFunction {
            kind,
            function,
            volatility: common.volatility,
            strict: common.strict,
            security_definer: common.security_definer,
            leakproof: common.leakproof,
            parallel: common.parallel,
            cost: common.cost,
            rows: common.rows,
            set: common.set,
            support: common.support,
            repeated: seen.repeated,
        }
    }

    fn common_option(&mut self, common: &mut CommonOptions, option: pg::DefElem, tag: &'static str) {
        match option.defname.as_str() {
            "volatility" => {
                common.volatility = match self.option_string(option).as_str() {
                    "immutable" => Some(Volatility::Immutable),
                    "stable" => Some(Volatility::Stable),
                    "volatile" => Some(Volatility::Volatile),
                    _ => {
                        self.unexpected();
                        None
                    }
                };
            }
            "strict" => common.strict = Some(self.option_bool(option)),
            "security" => common.security_definer = Some(self.option_bool(option)),
            "leakproof" => common.leakproof = Some(self.option_bool(option)),
            "parallel" => common.parallel = Some(self.option_string(option).into()),
            "cost" => common.cost = Some(self.option_number(option)),
            "rows" => common.rows = Some(self.option_number(option)),
            "support" => common.support = Some(self.qualified_node(boxed(option.arg))),
            "set" => match boxed(option.arg) {
                Some(NodeEnum::VariableSetStmt(set)) => common.set.push(self.set_variable(set)),
                _ => self.unexpected(),
            },
            _ => self.give_up(tag, Touches::Expressions),
        }
    }

    pub(super) fn do_block(&mut self, block: pg::DoStmt) -> Do {
        let mut language = None;
        let mut body = Code::default();
        for option in self.def_elems(block.args) {
            match option.defname.as_str() {
                "language" => language = Some(self.option_string(option).into()),
                "as" => {
                    let location = option.location;
                    let text = self.option_string(option);
                    body = self.code(location, 0, text);
                }
                _ => self.unexpected(),
            }
        }
        Do { language, body }
    }

    pub(super) fn create_trigger(&mut self, trigger: pg::CreateTrigStmt) -> CreateTrigger {
        // The bits of pg_trigger.h (TRIGGER_TYPE_…).
        let event = |bit: i32| trigger.events & (1 << bit) != 0;
        let events = TriggerEvents { insert: event(2), delete: event(3), update: event(4), truncate: event(5) };
        let timing = match trigger.timing {
            0 => TriggerTiming::After,
            2 => TriggerTiming::Before,
            64 => TriggerTiming::InsteadOf,
            _ => {
                self.unexpected();
                TriggerTiming::After
            }
        };
        let mut transition_rows = false;
        let transition_tables = nodes(trigger.transition_rels)
            .filter_map(|node| match node {
                NodeEnum::TriggerTransition(transition) => {
                    transition_rows |= !transition.is_table;
                    Some((transition.is_new, transition.name.into()))
                }
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec();
        CreateTrigger {
            name: trigger.trigname.into(),
            table: self.relation(trigger.relation),
            or_replace: trigger.replace,
            timing,
            row: trigger.row,
            events,
            columns: self.names(trigger.columns),
            when: self.expr_if_any(trigger.when_clause),
            function: self.qualified(trigger.funcname, Loc::NONE),
            args: self.strings(trigger.args),
            constraint: trigger.isconstraint,
            deferrable: trigger.deferrable,
            initially_deferred: trigger.initdeferred,
            constraint_from: trigger.constrrel.map(|relation| self.range_var(relation)),
            transition_tables,
            transition_rows,
        }
    }
}
