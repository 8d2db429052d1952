//! Base types and shell types (`typecmds.c: DefineType`, `AlterType`).

use std::sync::Arc;

use super::{bad_object, conflicting, option_boolean, option_name, option_string, option_type};
use crate::catalog::{
    BaseType, ChangeKind, DependencyKind, Object, Oid, Provenance, Subscript, Type, TypeKind, type_oid as t,
};
use crate::replay::{About, Context, Exec, Notice, Replay, SqlError, lookup};
use crate::sql::ast::{AlterOptions, DefElem, DefValue, Define, Name, QualifiedName, TypeName, Volatility};

/// `_cstring`
const CSTRING_ARRAY: Oid = Oid(1263);
/// `array_subscript_handler`
const ARRAY_SUBSCRIPT_HANDLER: Oid = Oid(6179);
/// `raw_array_subscript_handler`
const RAW_ARRAY_SUBSCRIPT_HANDLER: Oid = Oid(6180);
/// `jsonb_subscript_handler`
const JSONB_SUBSCRIPT_HANDLER: Oid = Oid(6098);

/// The attributes that CREATE TYPE knows, `analyse` as `analyze`.
const ATTRIBUTES: &[&str] = &[
    "like",
    "internallength",
    "input",
    "output",
    "receive",
    "send",
    "typmod_in",
    "typmod_out",
    "analyze",
    "subscript",
    "category",
    "preferred",
    "delimiter",
    "element",
    "default",
    "passedbyvalue",
    "alignment",
    "storage",
    "collatable",
];

impl Replay {
    /// `typecmds.c: DefineType`
    pub(super) fn create_base_type(&mut self, stmt: &Define, cx: &Context) -> Exec {
        self.must_be_superuser("create a base type")?;
        let schema = self.creation_schema(&stmt.name)?;
        let name = &stmt.name.name;
        let shell = self.shell_or_free(schema, name)?;
        if stmt.options.is_empty() {
            if shell.is_some() {
                let error = SqlError::new("42710", format!("type \"{name}\" already exists"));
                return Err(error.about(About::Type(name.to_string())).into());
            }
            self.make_shell_type(schema, name, cx);
            return Ok(());
        }
        let Some(oid) = shell else {
            let error = SqlError::new("42710", format!("type \"{name}\" does not exist"));
            let hint = "Create the type as a shell type, then create its I/O functions, then do a full CREATE TYPE.";
            return Err(error.hint(hint).into());
        };
        let base = self.base_type_options(stmt, oid, cx)?;
        let array = self.catalog.new_oid();
        let origin = cx.at(stmt.name.loc);
        let functions =
            [base.input, base.output, base.receive, base.send, base.typmod_in, base.typmod_out, base.analyze];
        let mut needs: Vec<Object> = functions.map(Object::Function).to_vec();
        needs.push(Object::Type(base.element));
        self.insert_new_type(oid, schema, name.clone(), TypeKind::Base(Arc::new(base)), Some(array), origin);
        let array_name = self.array_type_name(schema, name);
        self.insert_new_type(array, schema, array_name, TypeKind::Array(oid), None, origin);
        self.catalog.dependencies.remove_of_kind(Object::Type(oid), DependencyKind::Normal);
        self.depend_on_valid(Object::Type(oid), &needs);
        if let Some(ty) = self.catalog.type_mut(oid) {
            ty.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `pg_type.c: TypeShellMake`
    fn make_shell_type(&mut self, schema: Oid, name: &Name, cx: &Context) -> Oid {
        let oid = self.catalog.new_oid();
        let owner = self.session.current_user;
        self.catalog.insert_type(Type {
            oid,
            schema,
            name: name.clone(),
            owner,
            kind: TypeKind::Shell,
            array: None,
            // It gets privileges with its definition.
            acl: None,
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        oid
    }

    /// The type that a function of a native language returns: a shell is made of a name that stands for nothing
    /// (`functioncmds.c: compute_return_type`).
    pub(in crate::replay::ddl) fn return_type_or_shell(
        &mut self,
        ty: &TypeName,
        language: &str,
        cx: &Context,
    ) -> Exec<Option<Oid>> {
        if ty.percent_type.is_some() || ty.array_dims > 0 {
            return Ok(None);
        }
        if let Some(found) = lookup::find_type(&self.catalog, &self.path(), &ty.name) {
            return self.shell_in_signature(found, ty, language, "return", cx);
        }
        if !matches!(language, "c" | "internal") || lookup::maybe_undefined(&self.catalog).is_some() {
            return Ok(None);
        }
        if !ty.typmods.is_empty() {
            let message = format!("type modifier cannot be specified for shell type \"{}\"", lookup::display(&ty.name));
            return Err(SqlError::new("42601", message).into());
        }
        self.notice(format!("type \"{}\" is not yet defined", lookup::display(&ty.name)), cx);
        let schema = self.creation_schema(&ty.name)?;
        Ok(Some(self.make_shell_type(schema, &ty.name.name, cx)))
    }

    /// A shell type in the signature of a function, which only functions in C are to have; nothing for another type
    /// (`functioncmds.c: interpret_function_parameter_list`).
    pub(in crate::replay::ddl) fn shell_in_signature(
        &mut self,
        oid: Oid,
        ty: &TypeName,
        language: &str,
        what: &str,
        cx: &Context,
    ) -> Exec<Option<Oid>> {
        if !matches!(self.catalog.type_(oid).map(|ty| &ty.kind), Some(TypeKind::Shell)) {
            return Ok(None);
        }
        let name = lookup::display(&ty.name);
        if language == "sql" {
            let verb = if what == "return" { "return" } else { "accept" };
            return Err(SqlError::new("42P13", format!("SQL function cannot {verb} shell type {name}")).into());
        }
        self.notice(format!("{what} type {name} is only a shell"), cx);
        Ok(Some(oid))
    }

    fn base_type_options(&mut self, stmt: &Define, oid: Oid, cx: &Context) -> Exec<BaseType> {
        let mut given: Vec<(&str, &DefElem)> = Vec::new();
        for option in &stmt.options {
            let name = if option.name == "analyse" { "analyze" } else { option.name.as_str() };
            let Some(&name) = ATTRIBUTES.iter().find(|attribute| **attribute == name) else {
                self.unknown_attribute("type", option, cx);
                continue;
            };
            if given.iter().any(|(other, _)| *other == name) {
                return Err(conflicting(option).into());
            }
            given.push((name, option));
        }
        let get = |name: &str| given.iter().find(|(other, _)| *other == name).map(|(_, option)| *option);
        let function = |name: &str| get(name).map(option_name).transpose();
        let mut base = BaseType { default: get("default").map(option_string).transpose()?, ..BaseType::nothing() };
        if let Some(like) = get("like") {
            let like = self.type_written(&option_type(like)?)?;
            if let Some(like) = self.catalog.type_info(like) {
                (base.len, base.by_value, base.align, base.storage) =
                    (like.len, like.by_value, like.align, like.storage);
            }
        }
        if let Some(length) = get("internallength") {
            base.len = type_length(length)?;
        }
        if let Some(category) = get("category") {
            let text = option_string(category)?;
            let invalid = || SqlError::new("22023", format!("invalid type category \"{text}\": must be simple ASCII"));
            base.category = text.chars().next().filter(|c| (' '..='~').contains(c)).ok_or_else(invalid)?;
        }
        base.preferred = get("preferred").map(option_boolean).transpose()?.unwrap_or(false);
        if let Some(delimiter) = get("delimiter") {
            base.delimiter = option_string(delimiter)?.chars().next().unwrap_or(',');
        }
        if let Some(element) = get("element") {
            base.element = self.type_written(&option_type(element)?)?;
            if self.catalog.typtype(base.element) == 'p' {
                let message = format!("array element type cannot be {}", self.type_words(base.element));
                return Err(SqlError::new("42804", message).into());
            }
        }
        base.by_value = get("passedbyvalue").map(option_boolean).transpose()?.unwrap_or(base.by_value);
        if let Some(alignment) = get("alignment") {
            base.align = alignment_of(&option_string(alignment)?)?;
        }
        if let Some(storage) = get("storage") {
            base.storage = storage_of(&option_string(storage)?)?;
        }
        base.collatable = get("collatable").map(option_boolean).transpose()?.unwrap_or(false);
        let (input, output) = (function("input")?, function("output")?);
        let Some(input) = input else { return Err(bad_object("type input function must be specified").into()) };
        let Some(output) = output else { return Err(bad_object("type output function must be specified").into()) };
        let (typmod_in, typmod_out) = (function("typmod_in")?, function("typmod_out")?);
        if typmod_in.is_none() && typmod_out.is_some() {
            let message = "type modifier output function is useless without a type modifier input function";
            return Err(bad_object(message).into());
        }
        base.input = self.type_input_function(&input, oid, "input", t::CSTRING, cx)?;
        base.output = self.io_function(&output, &[oid], t::CSTRING, "type output", true, cx)?;
        if let Some(receive) = function("receive")? {
            base.receive = self.type_input_function(&receive, oid, "receive", t::INTERNAL, cx)?;
        }
        if let Some(send) = function("send")? {
            base.send = self.io_function(&send, &[oid], t::BYTEA, "type send", true, cx)?;
        }
        if let Some(name) = &typmod_in {
            base.typmod_in = self.io_function(name, &[CSTRING_ARRAY], t::INT4, "typmod_in", true, cx)?;
        }
        if let Some(name) = &typmod_out {
            base.typmod_out = self.io_function(name, &[t::INT4], t::CSTRING, "typmod_out", true, cx)?;
        }
        if let Some(name) = function("analyze")? {
            base.analyze = self.io_function(&name, &[t::INTERNAL], t::BOOL, "type analyze", false, cx)?;
        }
        base.subscript = match function("subscript")? {
            Some(name) => self.subscripting(&name, cx)?,
            None if base.element == Oid::INVALID => Subscript::None,
            None => {
                let element_len = self.catalog.type_info(base.element).map_or(-1, |ty| ty.len);
                if base.len <= 0 || base.by_value || element_len <= 0 {
                    let message = "element type cannot be specified without a subscripting function";
                    return Err(SqlError::new("22023", message).into());
                }
                Subscript::RawArray
            }
        };
        check_layout(&base)?;
        Ok(base)
    }

    /// `typecmds.c: findTypeSubscriptingFunction`
    fn subscripting(&mut self, name: &QualifiedName, cx: &Context) -> Exec<Subscript> {
        let handler = self.io_function(name, &[t::INTERNAL], t::INTERNAL, "type subscripting", false, cx)?;
        match handler {
            ARRAY_SUBSCRIPT_HANDLER => {
                let name = lookup::display(name);
                Err(bad_object(format!("user-defined types cannot use subscripting function {name}")).into())
            }
            RAW_ARRAY_SUBSCRIPT_HANDLER => Ok(Subscript::RawArray),
            JSONB_SUBSCRIPT_HANDLER => Ok(Subscript::Jsonb),
            _ => Ok(Subscript::Other),
        }
    }

    /// `typecmds.c: findTypeInputFunction`, `findTypeReceiveFunction`: one argument or three.
    fn type_input_function(
        &mut self,
        name: &QualifiedName,
        ty: Oid,
        what: &str,
        first: Oid,
        cx: &Context,
    ) -> Exec<Oid> {
        let three = [first, t::OID, t::INT4];
        let found = match (self.function_if_exists(name, &three[..1])?, self.function_if_exists(name, &three)?) {
            (Some(_), Some(_)) => {
                let message = format!("type {what} function {} has multiple matches", lookup::display(name));
                return Err(SqlError::new("42725", message).into());
            }
            (Some(found), None) | (None, Some(found)) => found,
            (None, None) => self.function_named(name, &three[..1])?,
        };
        if self.returned_by(found) != ty {
            let (shown, ty) = (lookup::display(name), self.type_words(ty));
            return Err(bad_object(format!("type {what} function {shown} must return type {ty}")).into());
        }
        self.warn_if_volatile(found, &format!("type {what}"), name, cx);
        Ok(found)
    }

    fn io_function(
        &mut self,
        name: &QualifiedName,
        args: &[Oid],
        returns: Oid,
        what: &str,
        stable: bool,
        cx: &Context,
    ) -> Exec<Oid> {
        let found = self.function_named(name, args)?;
        if self.returned_by(found) != returns {
            let (shown, ty) = (lookup::display(name), self.type_words(returns));
            return Err(bad_object(format!("{what} function {shown} must return type {ty}")).into());
        }
        if stable {
            let what = match what {
                "typmod_in" => "type modifier input",
                "typmod_out" => "type modifier output",
                what => what,
            };
            self.warn_if_volatile(found, what, name, cx);
        }
        Ok(found)
    }

    fn warn_if_volatile(&mut self, function: Oid, what: &str, name: &QualifiedName, cx: &Context) {
        if self.catalog.function_info(function).is_some_and(|f| f.volatility() == Volatility::Volatile) {
            let message = format!("{what} function {} should not be volatile", lookup::display(name));
            self.notices.push(Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
        }
    }

    /// `typecmds.c: AlterType`
    pub(super) fn alter_base_type(&mut self, stmt: &AlterOptions, cx: &Context) -> Exec {
        let name = TypeName { name: stmt.name.clone(), loc: stmt.name.loc, ..TypeName::default() };
        let oid = self.type_written(&name)?;
        self.must_be_superuser_to_alter(&stmt.options)?;
        let found = match self.catalog.type_(oid).map(|ty| &ty.kind) {
            Some(TypeKind::Base(base)) => Some(BaseType::clone(base)),
            _ => None,
        };
        // What is said of options comes before what is said of the type.
        let is_base = found.is_some();
        let mut base = found.unwrap_or_else(|| {
            let (len, storage) = self.catalog.type_info(oid).map_or((-1, 'x'), |info| (info.len, info.storage));
            BaseType { len, storage, ..BaseType::nothing() }
        });
        for option in &stmt.options {
            let none =
                option.value.is_none() || matches!(&option.value, Some(DefValue::String(word)) if word == "none");
            let name = if none { None } else { option_name(option).ok() };
            let function = |replay: &mut Replay, args: &[Oid], returns, what: &str, stable| match &name {
                Some(name) => replay.io_function(name, args, returns, what, stable, cx),
                None => Ok(Oid::INVALID),
            };
            match option.name.as_str() {
                "storage" => {
                    let storage = storage_of(&option_string(option)?)?;
                    if storage != 'p' && base.len != -1 {
                        return Err(bad_object("fixed-size types must have storage PLAIN").into());
                    }
                    if storage == 'p' && base.storage != 'p' {
                        return Err(bad_object("cannot change type's storage to PLAIN").into());
                    }
                    base.storage = storage;
                }
                "receive" => {
                    base.receive = match &name {
                        Some(name) => self.type_input_function(name, oid, "receive", t::INTERNAL, cx)?,
                        None => Oid::INVALID,
                    };
                }
                "send" => base.send = function(self, &[oid], t::BYTEA, "type send", true)?,
                "typmod_in" => base.typmod_in = function(self, &[CSTRING_ARRAY], t::INT4, "typmod_in", true)?,
                "typmod_out" => base.typmod_out = function(self, &[t::INT4], t::CSTRING, "typmod_out", true)?,
                "analyze" | "analyse" => {
                    base.analyze = function(self, &[t::INTERNAL], t::BOOL, "type analyze", false)?;
                }
                "subscript" => {
                    base.subscript = match &name {
                        Some(name) => self.subscripting(name, cx)?,
                        None => Subscript::None,
                    };
                }
                "input" | "output" | "internallength" | "passedbyvalue" | "alignment" | "like" | "category"
                | "preferred" | "default" | "element" | "delimiter" | "collatable" => {
                    let message = format!("type attribute \"{}\" cannot be changed", option.name);
                    return Err(SqlError::new("42601", message).into());
                }
                other => {
                    let message = format!("type attribute \"{other}\" not recognized");
                    return Err(SqlError::new("42601", message).into());
                }
            }
        }
        if !is_base {
            let message = format!("{} is not a base type", self.type_words(oid));
            return Err(SqlError::new("42809", message).into());
        }
        let needs = [base.input, base.output, base.receive, base.send, base.typmod_in, base.typmod_out, base.analyze];
        self.catalog.dependencies.remove_of_kind(Object::Type(oid), DependencyKind::Normal);
        self.depend_on_valid(Object::Type(oid), &needs.map(Object::Function));
        self.depend_on_valid(Object::Type(oid), &[Object::Type(base.element)]);
        if let Some(ty) = self.catalog.type_mut(oid) {
            ty.kind = TypeKind::Base(Arc::new(base));
            ty.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    fn must_be_superuser_to_alter(&self, options: &[DefElem]) -> Exec {
        match options.is_empty() {
            true => Ok(()),
            false => self.must_be_superuser("alter a type"),
        }
    }
}

/// `defGetTypeLength`
fn type_length(option: &DefElem) -> Exec<i16> {
    match &option.value {
        Some(DefValue::Integer(number)) => match i16::try_from(*number) {
            Ok(number) => Ok(number),
            Err(_) => Err(SqlError::new("42601", format!("invalid argument for {}: \"{number}\"", option.name)).into()),
        },
        Some(_) => {
            let text = option_string(option)?;
            match text.eq_ignore_ascii_case("variable") {
                true => Ok(-1),
                false => {
                    Err(SqlError::new("42601", format!("invalid argument for {}: \"{text}\"", option.name)).into())
                }
            }
        }
        None => Err(super::needs_parameter(option).into()),
    }
}

/// The grammar has translated the names of types.
fn alignment_of(text: &str) -> Exec<char> {
    match text.to_ascii_lowercase().as_str() {
        "double" | "float8" | "pg_catalog.float8" => Ok('d'),
        "int4" | "pg_catalog.int4" => Ok('i'),
        "int2" | "pg_catalog.int2" => Ok('s'),
        "char" | "pg_catalog.bpchar" => Ok('c'),
        _ => Err(SqlError::new("22023", format!("alignment \"{text}\" not recognized")).into()),
    }
}

fn storage_of(text: &str) -> Exec<char> {
    match text.to_ascii_lowercase().as_str() {
        "plain" => Ok('p'),
        "external" => Ok('e'),
        "extended" => Ok('x'),
        "main" => Ok('m'),
        _ => Err(SqlError::new("22023", format!("storage \"{text}\" not recognized")).into()),
    }
}

/// What values of that size can be (`pg_type.c: TypeCreate`).
fn check_layout(base: &BaseType) -> Exec {
    let len = base.len;
    let fail = |message: String| Err(bad_object(message).into());
    if !(len > 0 || len == -1 || len == -2) {
        return fail(format!("invalid type internal size {len}"));
    }
    if base.by_value {
        let align = base.align;
        return match (len, align) {
            (1, 'c') | (2, 's') | (4, 'i') | (8, 'd') => Ok(()),
            (1 | 2 | 4 | 8, _) => {
                fail(format!("alignment \"{align}\" is invalid for passed-by-value type of size {len}"))
            }
            _ => fail(format!("internal size {len} is invalid for passed-by-value type")),
        }
        .and_then(|()| check_storage(base));
    }
    if len == -1 && !matches!(base.align, 'i' | 'd') {
        return fail(format!("alignment \"{}\" is invalid for variable-length type", base.align));
    }
    if len == -2 && base.align != 'c' {
        return fail(format!("alignment \"{}\" is invalid for variable-length type", base.align));
    }
    check_storage(base)
}

fn check_storage(base: &BaseType) -> Exec {
    if base.storage != 'p' && base.len != -1 {
        return Err(bad_object("fixed-size types must have storage PLAIN").into());
    }
    Ok(())
}
