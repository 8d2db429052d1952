//! Functions and procedures (`functioncmds.c`, `pg_proc.c: ProcedureCreate`, `parse_func.c: LookupFuncWithArgs`).
//!
//! Bodies in SQL-standard syntax are bound when the function is made, as PostgreSQL does; bodies in string literals
//! are checked afterwards (`body.rs`).

use std::sync::Arc;

use super::define;
use crate::catalog::{
    AclKind, ChangeKind, DependencyKind, Function, FunctionBody, FunctionKind, NativeCode, Object, Oid, Param,
    Provenance, TypeKind, TypeRef, tree, type_oid,
};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{
    self, AlterFunction, CreateFunction, FunctionRef, Name, ObjectKind, ParamMode, SetVariable, Touches, TypeName,
    Volatility,
};
use crate::sql::span::Loc;

/// A function found by name: the catalog's or PostgreSQL's own.
#[derive(Clone)]
struct Candidate {
    oid: Oid,
    kind: FunctionKind,
    inputs: Vec<Oid>,
    /// OUT parameters too, where there are any.
    all: Option<Vec<Oid>>,
}

impl Replay {
    /// The function, procedure or aggregate that ALTER, COMMENT, DROP or GRANT names
    /// (`parse_func.c: LookupFuncWithArgs`). It may be one of PostgreSQL's own, which the catalog does not hold.
    pub(crate) fn find_function(&self, function: &FunctionRef, kind: ObjectKind) -> Exec<Oid> {
        let name = &function.name;
        let loc = name.loc;
        let args = match &function.args {
            Some(args) => Some(args.iter().map(|a| self.argument_type(a)).collect::<Exec<Vec<Oid>>>()?),
            None => None,
        };
        let path = self.path();
        let candidates = self.function_candidates(name, &path)?;
        let (procedure, aggregate) = (kind == ObjectKind::Procedure, kind == ObjectKind::Aggregate);
        let fits = |c: &Candidate| match c.kind {
            FunctionKind::Procedure => procedure || kind == ObjectKind::Routine,
            FunctionKind::Function | FunctionKind::Window | FunctionKind::Aggregate => !procedure,
        };
        let word = if procedure {
            "procedure"
        } else if aggregate {
            "aggregate"
        } else {
            "function"
        };
        let shown = lookup::display(name);
        let Some(args) = args else {
            let mut fitting = candidates.iter().filter(|c| fits(c));
            return match (fitting.next(), fitting.next()) {
                (Some(found), None) => self.of_kind(found, kind, &shown),
                (Some(_), Some(_)) => {
                    let word = if kind == ObjectKind::Routine { "routine" } else { word };
                    let hint = format!("Specify the argument list to select the {word} unambiguously.");
                    let error = SqlError::new("42725", format!("{word} name \"{shown}\" is not unique"));
                    Err(error.hint(hint).at(loc).into())
                }
                (None, _) => {
                    let article = if aggregate { "an" } else { "a" };
                    self.missing_function(name, format!("could not find {article} {word} named \"{shown}\""))
                }
            };
        };
        let types: Vec<String> = args.iter().map(|&t| self.catalog.format_type_be(t, &path)).collect();
        let signature = format!("{shown}({})", types.join(", "));
        let by_inputs = candidates.iter().find(|c| c.inputs == args);
        // Procedures, and what is named as a routine, may be named by all arguments, columns of a result too.
        let named_by_all = |c: &&Candidate| match c.kind {
            FunctionKind::Procedure => procedure || kind == ObjectKind::Routine,
            FunctionKind::Function | FunctionKind::Window | FunctionKind::Aggregate => kind == ObjectKind::Routine,
        };
        let mut by_all = candidates.iter().filter(named_by_all).filter(|_| !function.modes);
        let with_output = by_all.find(|c| c.all.as_ref().unwrap_or(&c.inputs) == &args);
        match by_inputs.or(with_output) {
            Some(found) if with_output.is_some_and(|other| other.oid != found.oid) => {
                Err(SqlError::new("42725", format!("{word} name \"{shown}\" is not unique")).at(loc).into())
            }
            Some(found) => self.of_kind(found, kind, &signature),
            None if aggregate && args.is_empty() => {
                self.missing_function(name, format!("aggregate {shown}(*) does not exist"))
            }
            None => self.missing_function(name, format!("{word} {signature} does not exist")),
        }
    }

    /// 42809 for a function of another kind than the one that was written.
    fn of_kind(&self, found: &Candidate, kind: ObjectKind, signature: &str) -> Exec<Oid> {
        let wrong = if kind == ObjectKind::Function && found.kind == FunctionKind::Procedure {
            format!("{signature} is not a function")
        } else if kind == ObjectKind::Procedure && found.kind != FunctionKind::Procedure {
            format!("{signature} is not a procedure")
        } else if kind == ObjectKind::Aggregate && found.kind != FunctionKind::Aggregate {
            format!("function {signature} is not an aggregate")
        } else {
            return Ok(found.oid);
        };
        Err(SqlError::new("42809", wrong).into())
    }

    pub(in crate::replay::ddl) fn missing_function(&self, name: &ast::QualifiedName, message: String) -> Exec<Oid> {
        let error = SqlError::new("42883", message).at(name.loc);
        let mut error = error.about(About::Function(name.name.to_string()));
        let same = |t: &crate::catalog::Tombstone| matches!(t.object, Object::Function(_)) && t.name == name.name;
        lookup::explain(&self.catalog, &mut error, same);
        match lookup::maybe_undefined(&self.catalog) {
            Some(unknown) => Err(lookup::maybe(error, &unknown)),
            None => Err(error.into()),
        }
    }

    /// All functions of that name along the path; one hides those of the same arguments in later schemas
    /// (`namespace.c: FuncnameGetCandidates`).
    fn function_candidates(&self, name: &ast::QualifiedName, path: &[Oid]) -> Exec<Vec<Candidate>> {
        self.may_use_schema_of(name)?;
        let schemas = match &name.schema {
            Some(schema) => vec![lookup::schema(&self.catalog, schema, name.loc)?],
            None => lookup::function_path(&self.catalog, path),
        };
        let mut found: Vec<Candidate> = Vec::new();
        for schema in schemas {
            let own = self.catalog.functions_in(schema, &name.name);
            let own = own.map(|f| Candidate {
                oid: f.oid,
                kind: f.kind,
                inputs: f.input_types().collect(),
                all: f.params.iter().any(|p| !p.is_input()).then(|| f.params.iter().map(|p| p.ty.oid).collect()),
            });
            let builtin = self.catalog.builtins().functions_in(schema, &name.name);
            let builtin = builtin.filter(|_| schema.is_builtin());
            let builtin = builtin.map(|f| {
                let inputs = f.input_types().collect();
                Candidate { oid: f.oid, kind: f.kind, inputs, all: None }
            });
            for candidate in own.chain(builtin) {
                if !found.iter().any(|f| f.inputs == candidate.inputs) {
                    found.push(candidate);
                }
            }
        }
        Ok(found)
    }

    /// A type of a parameter or an argument: modifiers are dropped. (`interpret_function_parameter_list` has its own
    /// words for a type that is missing.)
    pub(in crate::replay::ddl) fn argument_type(&self, ty: &TypeName) -> Exec<Oid> {
        if ty.percent_type.is_none()
            && ty.array_dims == 0
            && let Some(shell) = lookup::find_type(&self.catalog, &self.path(), &ty.name)
            && matches!(self.catalog.type_(shell).map(|ty| &ty.kind), Some(TypeKind::Shell))
        {
            return Ok(shell);
        }
        Ok(lookup::resolve_type(&self.catalog, &self.path(), ty)?.oid)
    }

    fn parameter_type(&self, ty: &TypeName) -> Exec<Oid> {
        self.argument_type(ty).map_err(|stop| match stop {
            Stop::Error(mut error) if error.sqlstate.as_str() == "42704" && ty.percent_type.is_none() => {
                let array = if ty.array_dims > 0 { "[]" } else { "" };
                error.message = format!("type {}{array} does not exist", lookup::display(&ty.name));
                Stop::Error(error)
            }
            other => other,
        })
    }

    /// Shell types in the signature, and one that is made for a result that is not defined yet.
    fn shells_of_signature(&mut self, stmt: &CreateFunction, language: &str, cx: &Context) -> Exec {
        for param in &stmt.params {
            if let Some(found) = lookup::find_type(&self.catalog, &self.path(), &param.ty.name) {
                self.shell_in_signature(found, &param.ty, language, "argument", cx)?;
            }
        }
        match &stmt.returns {
            Some(returns) => self.return_type_or_shell(returns, language, cx).map(drop),
            None => Ok(()),
        }
    }

    /// `functioncmds.c: CreateFunction`
    pub(crate) fn create_function(&mut self, stmt: &CreateFunction, cx: &Context) -> Exec {
        let schema = match stmt.name.schema.as_deref() {
            Some("pg_temp") => self.temp_schema(),
            Some(_) | None => self.creation_schema(&stmt.name)?,
        };
        let of_functions = stmt.volatility.is_some()
            || stmt.strict.is_some()
            || stmt.leakproof.is_some()
            || stmt.parallel.is_some()
            || stmt.cost.is_some()
            || stmt.rows.is_some()
            || stmt.support.is_some()
            || stmt.window;
        if of_functions && stmt.procedure {
            return Err(invalid_in_procedure().into());
        }
        refuse_repeated(stmt.repeated)?;
        let mut config = Vec::new();
        for set in &stmt.set {
            self.apply_setting(&mut config, set)?;
        }
        self.check_attributes(stmt.cost.as_deref(), stmt.rows.as_deref(), stmt.support.as_ref())?;
        let parallel = parallel(stmt.parallel.as_ref())?;
        let language = self.function_language(stmt)?;
        let transforms = self.function_transforms(stmt, &language)?;
        self.shells_of_signature(stmt, &language, cx)?;
        let params = self.parameters(stmt)?;
        let (returns, returns_set) = self.return_type(stmt, &params)?;
        let source = self.function_source(stmt, &language, cx)?;
        let kind = if stmt.procedure {
            FunctionKind::Procedure
        } else if stmt.window {
            FunctionKind::Window
        } else {
            FunctionKind::Function
        };
        let mut function = Function {
            oid: Oid::INVALID,
            schema,
            name: stmt.name.name.clone(),
            owner: self.session.current_user,
            kind,
            params,
            returns,
            returns_set,
            language,
            body: source,
            volatility: stmt.volatility.unwrap_or(Volatility::Volatile),
            strict: stmt.strict.unwrap_or(false),
            security_definer: stmt.security_definer.unwrap_or(false),
            leakproof: stmt.leakproof.unwrap_or(false),
            parallel: parallel.unwrap_or('u'),
            cost: stmt.cost.clone(),
            rows: stmt.rows.clone(),
            config,
            transforms,
            aggregate: None,
            acl: self.new_object_acl(AclKind::Function, self.session.current_user, Some(schema)),
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.loc)),
        };
        let mut body_needs = Vec::new();
        if let Some(sql_body) = &stmt.sql_body {
            let (body, needs) = self.analyze_sql_body(&function, sql_body)?;
            function.body = FunctionBody::Sql(Arc::new(body));
            body_needs = needs;
        }
        // These come after the body is read (`CreateFunction`, `ProcedureCreate`).
        if stmt.rows.is_some() && !returns_set && !stmt.procedure {
            let message = "ROWS is not applicable when function does not return a set";
            return Err(SqlError::new("22023", message).into());
        }
        if function.language == "plpgsql"
            && returns.is_some_and(|r| r.oid == type_oid::TRIGGER || r.oid == type_oid::EVENT_TRIGGER)
            && function.params.iter().any(Param::is_input)
        {
            let error = if returns.is_some_and(|r| r.oid == type_oid::TRIGGER) {
                SqlError::new("42P13", "trigger functions cannot have declared arguments")
                    .hint("The arguments of the trigger can be accessed through TG_NARGS and TG_ARGV instead.")
            } else {
                SqlError::new("42P13", "event trigger functions cannot have declared arguments")
            };
            return Err(error.at(stmt.name.loc).into());
        }
        self.check_result_type(stmt, &function.language, &function.params, function.returns)?;
        let same = |f: &&Function| f.input_types().eq(function.input_types());
        let old = self.catalog.functions_in(schema, &stmt.name.name).find(same).cloned();
        match old {
            Some(old) => {
                if stmt.or_replace {
                    self.must_own_function(old.owner, &old.name)?;
                }
                self.check_replace(stmt, &old, &function)?;
                function.oid = old.oid;
                function.owner = old.owner;
                function.acl = old.acl;
                function.comment = old.comment;
                function.provenance = old.provenance;
                function.provenance.change(cx.origin, ChangeKind::Definition);
                self.catalog.dependencies.remove_of_kind(Object::Function(old.oid), DependencyKind::Normal);
                self.catalog.dependencies.remove_of_kind(Object::Function(old.oid), DependencyKind::AutoExtension);
            }
            None => function.oid = self.catalog.new_oid(),
        }
        let dependent = Object::Function(function.oid);
        // Up to 17 every type counts, not only those of the clause (`pg_proc.c: ProcedureCreate`).
        let language = self.catalog.language_named(&function.language).map_or(Oid::INVALID, |l| l.oid);
        let all = function.params.iter().map(|p| p.ty.oid).chain(function.returns.map(|r| r.oid));
        let transformed: Vec<Oid> =
            if self.catalog.version() < 18 { all.collect() } else { function.transforms.clone() };
        for ty in transformed {
            if let Some(transform) = self.catalog.transform_of(ty, language).map(|t| t.oid) {
                self.catalog.dependencies.add(dependent, Object::Transform(transform), DependencyKind::Normal);
            }
        }
        let types = function.params.iter().map(|p| p.ty.oid).chain(function.returns.map(|r| r.oid));
        let mut needs: Vec<Object> = types.map(Object::Type).collect();
        needs.extend(function.params.iter().filter_map(|p| p.default.as_ref()).flat_map(|d| &d.depends_on));
        needs.extend(body_needs);
        let oid = function.oid;
        self.catalog.insert_function(function);
        self.depend_on_all(dependent, &needs, None);
        self.check_body(oid, cx)
    }

    /// The language, in lower case as the grammar's `NonReservedWord_or_Sconst` is taken.
    fn function_language(&self, stmt: &CreateFunction) -> Exec<Name> {
        let language: Name = match &stmt.language {
            Some(language) => language.clone(),
            None if stmt.sql_body.is_some() => "sql".into(),
            None => return Err(SqlError::new("42P13", "no language specified").into()),
        };
        if let Some(found) = self.catalog.language_named(&language).map(|l| l.oid) {
            if !self.code.extension_script {
                self.may_use_unplaced(Object::Language(found))?;
            }
            return Ok(language);
        }
        // Languages come with extensions of their name, or with some that we do not know.
        if self.catalog.extensions().any(|e| e.unknown || e.name == language) {
            return Ok(language);
        }
        let error = SqlError::new("42704", format!("language \"{language}\" does not exist"));
        let error = match self.catalog.builtins().extension(&language) {
            Some(_) => error.hint("Use CREATE EXTENSION to load the language into the database."),
            None => error,
        };
        match self.catalog.taint.of_expressions() {
            Some(unknown) => Err(lookup::maybe(error, unknown)),
            None => Err(error.into()),
        }
    }

    /// The types of `TRANSFORM FOR TYPE`, of which there are transforms for the language.
    fn function_transforms(&self, stmt: &CreateFunction, language: &Name) -> Exec<Vec<Oid>> {
        let mut types = Vec::with_capacity(stmt.transform.len());
        for written in &stmt.transform {
            let ty = lookup::resolve_type(&self.catalog, &self.path(), written)?.oid;
            let ty = self.catalog.array_element(ty).unwrap_or(ty);
            let found = self.catalog.language_named(language).and_then(|l| self.catalog.transform_of(ty, l.oid));
            if found.is_none() {
                let name = self.catalog.format_type_be(ty, &self.path());
                let message = format!("transform for type {name} language \"{language}\" does not exist");
                return self.missing_object(message, written.loc);
            }
            types.push(ty);
        }
        Ok(types)
    }

    /// `functioncmds.c: interpret_function_parameter_list`
    fn parameters(&self, stmt: &CreateFunction) -> Exec<Vec<Param>> {
        let invalid = |message: &str, loc: Loc| Err(SqlError::new("42P13", message).at(loc).into());
        let _path = self.path();
        let mut params: Vec<Param> = Vec::with_capacity(stmt.params.len());
        for written in &stmt.params {
            let oid = self.parameter_type(&written.ty)?;
            self.may_use_type(oid)?;
            let loc = written.ty.loc;
            if written.ty.setof {
                let what = if stmt.procedure { "procedures" } else { "functions" };
                return invalid(&format!("{what} cannot accept set arguments"), loc);
            }
            let mut param = Param { name: None, ty: TypeRef::plain(oid), mode: written.mode, default: None };
            param.name = written.name.clone().filter(|n| !n.is_empty());
            let had_variadic = params.iter().any(|p| p.mode == ParamMode::Variadic);
            if had_variadic && param.is_input() {
                return invalid("VARIADIC parameter must be the last input parameter", loc);
            }
            if had_variadic && stmt.procedure {
                return invalid("VARIADIC parameter must be the last parameter", loc);
            }
            let any = |name: &str| self.catalog.builtins().type_by_oid(oid).is_some_and(|t| t.name == name);
            let is_array = self.catalog.array_element(oid).is_some() || any("anyarray") || any("anycompatiblearray");
            if written.mode == ParamMode::Variadic && !is_array && !any("any") {
                return invalid("VARIADIC parameter must be an array", loc);
            }
            let output = |mode: ParamMode| matches!(mode, ParamMode::Out | ParamMode::Table);
            let input = |mode: ParamMode| matches!(mode, ParamMode::In | ParamMode::Variadic);
            if let Some(name) = &param.name {
                // An input and an output parameter may share a name.
                let clash = params
                    .iter()
                    .filter(|p| p.name.as_ref() == Some(name))
                    .any(|p| !(output(p.mode) && input(param.mode) || input(p.mode) && output(param.mode)));
                if clash {
                    return invalid(&format!("parameter name \"{name}\" used more than once"), loc);
                }
            }
            let had_default = params.iter().any(|p| p.default.is_some());
            match &written.default {
                Some(default) => {
                    if !param.is_input() {
                        return invalid("only input parameters can have default values", default.loc);
                    }
                    param.default = Some(self.analyze_parameter_default(param.ty, default)?);
                }
                None if had_default && param.is_input() => {
                    return invalid("input parameters after one with a default value must also have defaults", loc);
                }
                None if had_default && stmt.procedure => {
                    return invalid("procedure OUT parameters cannot appear after one with a default value", loc);
                }
                None => {}
            }
            params.push(param);
        }
        Ok(params)
    }

    /// What the function returns, RETURNS and OUT parameters taken together; true if it is a set.
    fn return_type(&self, stmt: &CreateFunction, params: &[Param]) -> Exec<(Option<TypeRef>, bool)> {
        let returned = |p: &&Param| matches!(p.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table);
        let out: Vec<Oid> = params.iter().filter(returned).map(|p| p.ty.oid).collect();
        let required = match out.as_slice() {
            [] => None,
            // A procedure's output is a row even if it is one value.
            [one] if !stmt.procedure => Some(*one),
            _ => Some(type_oid::RECORD),
        };
        let Some(written) = &stmt.returns else {
            if required.is_none() && !stmt.procedure {
                return Err(SqlError::new("42P13", "function result type must be specified").into());
            }
            return Ok((required.map(TypeRef::plain), false));
        };
        let returns = self.argument_type(written)?;
        self.may_use_type(returns)?;
        // RETURNS TABLE fits its own columns.
        let table = params.iter().any(|p| p.mode == ParamMode::Table);
        if let Some(required) = required.filter(|&r| r != returns && !table) {
            let name = self.catalog.format_type_be(required, &self.path());
            let message = format!("function result type must be {name} because of OUT parameters");
            return Err(SqlError::new("42P13", message).into());
        }
        Ok((Some(TypeRef::plain(returns)), written.setof))
    }

    /// `pg_proc.c: ProcedureCreate`, `fmgr_sql_validator`
    fn check_result_type(
        &self,
        stmt: &CreateFunction,
        language: &str,
        params: &[Param],
        returns: Option<TypeRef>,
    ) -> Exec {
        let inputs: Vec<Oid> = params.iter().filter(|p| p.is_input()).map(|p| p.ty.oid).collect();
        let output = |p: &&Param| matches!(p.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table);
        let outputs = params.iter().filter(output).map(|p| p.ty.oid);
        for ty in returns.map(|ty| ty.oid).into_iter().chain(outputs) {
            if let Some(detail) = self.undetermined(ty, &inputs) {
                let error = SqlError::new("42P13", "cannot determine result data type");
                return Err(error.detail(detail).at(stmt.name.loc).into());
            }
        }
        let pseudo =
            |oid: Oid| self.catalog.builtins().type_by_oid(oid).filter(|ty| ty.typtype == 'p').map(|ty| ty.name);
        // `pl_handler.c: plpgsql_validator`
        if language == "plpgsql" {
            let refuse = |verb: &str, oid: Oid, but: &[&str]| -> Exec {
                match pseudo(oid).filter(|name| !but.contains(name)) {
                    Some(name) if !define::is_polymorphic(oid) => {
                        Err(SqlError::new("0A000", format!("PL/pgSQL functions cannot {verb} type {name}")).into())
                    }
                    Some(_) | None => Ok(()),
                }
            };
            if let Some(returns) = returns {
                refuse("return", returns.oid, &["trigger", "event_trigger", "record", "void"])?;
            }
            params.iter().try_for_each(|param| refuse("accept", param.ty.oid, &["record"]))?;
        }
        let Some(returns) = returns else { return Ok(()) };
        let Some(name) = pseudo(returns.oid) else { return Ok(()) };
        if define::is_polymorphic(returns.oid) {
            return Ok(());
        }
        if language == "sql" && !matches!(name, "void" | "record") {
            let message = format!("SQL functions cannot return type {name}");
            return Err(SqlError::new("42P13", message).into());
        }
        Ok(())
    }

    /// The text of the body; that of a body in SQL-standard syntax is empty.
    fn function_source(&self, stmt: &CreateFunction, language: &str, cx: &Context) -> Exec<FunctionBody> {
        let invalid = |message: &str| Err(SqlError::new("42P13", message).at(stmt.name.loc).into());
        if stmt.sql_body.is_some() {
            return match (stmt.body.is_empty(), language) {
                (false, _) => invalid("duplicate function body specified"),
                (true, "sql") => Ok(FunctionBody::Native(None)),
                (true, _) => invalid("inline SQL function body only valid for language SQL"),
            };
        }
        let Some(code) = stmt.body.first() else { return invalid("no function body specified") };
        let native = matches!(language, "c" | "internal");
        if !native && stmt.body.len() > 1 {
            return invalid(&format!("only one AS item needed for language \"{language}\""));
        }
        // `functioncmds.c: interpret_AS_clause`
        let named = |text: &str, placeholder: &str| match text == placeholder {
            true => stmt.name.name.to_string(),
            false => text.to_owned(),
        };
        Ok(match language {
            "internal" => {
                let symbol = named(&code.text, "");
                FunctionBody::Native(Some(Box::new(NativeCode { file: None, symbol })))
            }
            "c" => {
                let symbol = named(stmt.body.get(1).map_or("-", |symbol| &symbol.text), "-");
                FunctionBody::Native(Some(Box::new(NativeCode { file: Some(code.text.clone()), symbol })))
            }
            _ => FunctionBody::Source(code.clone(), cx.origin.place.file),
        })
    }

    /// What OR REPLACE cannot do (`pg_proc.c: ProcedureCreate`).
    fn check_replace(&self, stmt: &CreateFunction, old: &Function, new: &Function) -> Exec {
        let name = &stmt.name.name;
        let made = |error: SqlError| {
            let error = error.at(stmt.name.loc).about(About::Function(name.to_string()));
            error.related(old.provenance.created, format!("function \"{name}\" made here"))
        };
        if !stmt.or_replace {
            let message = format!("function \"{name}\" already exists with same argument types");
            return Err(made(SqlError::new("42723", message)).into());
        }
        if old.kind != new.kind {
            let detail = match old.kind {
                FunctionKind::Aggregate => format!("\"{name}\" is an aggregate function."),
                FunctionKind::Function => format!("\"{name}\" is a function."),
                FunctionKind::Procedure => format!("\"{name}\" is a procedure."),
                FunctionKind::Window => format!("\"{name}\" is a window function."),
            };
            return Err(made(SqlError::new("42809", "cannot change routine kind").detail(detail)).into());
        }
        let procedure = old.kind == FunctionKind::Procedure;
        let command = if procedure { "DROP PROCEDURE" } else { "DROP FUNCTION" };
        let signature = self.catalog.function_signature(old.oid, &self.path());
        let refuse = |message: String, detail: Option<&str>| {
            let error = SqlError::new("42P13", message).hint(format!("Use {command} {signature} first."));
            let error = match detail {
                Some(detail) => error.detail(detail),
                None => error,
            };
            Err(made(error).into())
        };
        if old.returns != new.returns || old.returns_set != new.returns_set {
            let message = if procedure {
                "cannot change whether a procedure has output parameters"
            } else {
                "cannot change return type of existing function"
            };
            return refuse(message.to_owned(), None);
        }
        if old.returns.is_some_and(|r| r.oid == type_oid::RECORD) && row_of_output(old) != row_of_output(new) {
            let detail = "Row type defined by OUT parameters is different.";
            return refuse("cannot change return type of existing function".to_owned(), Some(detail));
        }
        let inputs = |f: &Function| f.params.iter().filter(|p| p.is_input()).cloned().collect::<Vec<_>>();
        let (old_inputs, new_inputs) = (inputs(old), inputs(new));
        for (before, after) in old_inputs.iter().zip(&new_inputs) {
            if let Some(old_name) = before.name.as_ref().filter(|n| Some(*n) != after.name.as_ref()) {
                return refuse(format!("cannot change name of input parameter \"{old_name}\""), None);
            }
        }
        let defaults = |params: &[Param]| params.iter().filter(|p| p.default.is_some()).count();
        if defaults(&new_inputs) < defaults(&old_inputs) {
            return refuse("cannot remove parameter defaults from existing function".to_owned(), None);
        }
        Ok(())
    }

    /// `functioncmds.c: AlterFunction`
    pub(crate) fn alter_function(&mut self, stmt: &AlterFunction, cx: &Context) -> Exec {
        let oid = self.find_function(&stmt.function, stmt.kind)?;
        let Some(function) = self.catalog.function(oid) else {
            let reason = "ALTER FUNCTION of one of PostgreSQL's own functions is not executed";
            return Err(Opaque::new(reason, Touches::Expressions).into());
        };
        let name = &function.name;
        let written = lookup::display(&stmt.function.name);
        self.must_own_routine(function, &written)?;
        if function.kind == FunctionKind::Aggregate {
            return Err(SqlError::new("42809", format!("\"{name}\" is an aggregate function")).into());
        }
        let of_functions = stmt.volatility.is_some()
            || stmt.strict.is_some()
            || stmt.leakproof.is_some()
            || stmt.parallel.is_some()
            || stmt.cost.is_some()
            || stmt.rows.is_some()
            || stmt.support.is_some();
        if of_functions && function.kind == FunctionKind::Procedure {
            return Err(invalid_in_procedure().into());
        }
        refuse_repeated(stmt.repeated)?;
        self.check_attributes(stmt.cost.as_deref(), stmt.rows.as_deref(), stmt.support.as_ref())?;
        if stmt.rows.is_some() && !function.returns_set {
            let message = "ROWS is not applicable when function does not return a set";
            return Err(SqlError::new("22023", message).into());
        }
        let mut config = function.config.clone();
        for set in &stmt.set {
            let set: &SetVariable = set;
            self.apply_setting(&mut config, set)?;
        }
        let parallel = parallel(stmt.parallel.as_ref())?;
        if let Some(function) = self.catalog.function_mut(oid) {
            function.volatility = stmt.volatility.unwrap_or(function.volatility);
            function.strict = stmt.strict.unwrap_or(function.strict);
            function.security_definer = stmt.security_definer.unwrap_or(function.security_definer);
            function.leakproof = stmt.leakproof.unwrap_or(function.leakproof);
            function.parallel = parallel.unwrap_or(function.parallel);
            function.cost = stmt.cost.clone().or(function.cost.take());
            function.rows = stmt.rows.clone().or(function.rows.take());
            function.config = config;
            function.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `functioncmds.c: compute_function_attributes`, at its end.
    fn check_attributes(&self, cost: Option<&str>, rows: Option<&str>, support: Option<&ast::QualifiedName>) -> Exec {
        for (what, value) in [("COST", cost), ("ROWS", rows)] {
            if value.and_then(|text| text.parse::<f64>().ok()).is_some_and(|number| number <= 0.0) {
                return Err(SqlError::new("22023", format!("{what} must be positive")).into());
            }
        }
        let Some(support) = support else { return Ok(()) };
        // `interpret_func_support`
        let internal = self.function_candidates(support, &self.path())?;
        if internal.iter().any(|c| c.inputs == [type_oid::INTERNAL]) {
            return Ok(());
        }
        self.missing_function(support, format!("function {}(internal) does not exist", lookup::display(support)))
            .map(drop)
    }

    /// The function of a trigger: without declared arguments (`trigger.c: CreateTriggerFiringOn`).
    pub(super) fn trigger_function(&self, name: &ast::QualifiedName) -> Exec<Oid> {
        let function = FunctionRef { name: name.clone(), args: Some(Vec::new()), modes: false };
        let oid = match self.find_function(&function, ObjectKind::Function) {
            // Procedures are not looked for (`parse_func.c: LookupFuncNameInternal`).
            Err(Stop::Error(error)) if error.sqlstate.as_str() == "42809" => {
                return self.missing_function(name, format!("function {}() does not exist", lookup::display(name)));
            }
            found => found?,
        };
        self.may_execute(oid, &lookup::display(name))?;
        let returns = match self.catalog.function(oid) {
            Some(function) => function.returns.map(|r| r.oid),
            None => self.catalog.builtins().function_by_oid(oid).map(|f| f.returns),
        };
        if returns != Some(type_oid::TRIGGER) {
            let message = format!("function {} must return type trigger", lookup::display(name));
            let error = SqlError::new("42P17", message).at(name.loc);
            return Err(match self.catalog.function(oid) {
                Some(f) => error.related(f.provenance.last(), "the function is defined here").into(),
                None => error.into(),
            });
        }
        Ok(oid)
    }
}

/// `functioncmds.c: compute_common_attribute`: what a procedure does not have.
fn invalid_in_procedure() -> SqlError {
    SqlError::new("42P13", "invalid attribute in procedure definition")
}

/// Names and types of the row that OUT parameters make.
fn row_of_output(function: &Function) -> Vec<(Name, Oid)> {
    let output = |p: &&Param| matches!(p.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table);
    function.params.iter().filter(output).map(|p| (p.name.clone().unwrap_or_default(), p.ty.oid)).collect()
}

fn refuse_repeated(repeated: Option<Loc>) -> Exec {
    match repeated {
        Some(loc) => Err(SqlError::new("42601", "conflicting or redundant options").at(loc).into()),
        None => Ok(()),
    }
}

/// `PARALLEL`'s letter (`functioncmds.c: interpret_func_parallel`).
fn parallel(word: Option<&Name>) -> Exec<Option<char>> {
    match word.map(Name::as_str) {
        None => Ok(None),
        Some("safe") => Ok(Some('s')),
        Some("unsafe") => Ok(Some('u')),
        Some("restricted") => Ok(Some('r')),
        Some(_) => {
            let message = "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE";
            Err(SqlError::new("42601", message).into())
        }
    }
}

/// A default value of which only that it is there is known, as in extensions.
pub(super) fn unknown_default() -> crate::catalog::StoredExpr {
    let tree = tree::Expr::null(TypeRef::plain(type_oid::UNKNOWN), Oid::INVALID);
    Arc::new(tree::Stored { tree, depends_on: Vec::new() })
}
