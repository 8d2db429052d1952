//! What is defined by a list of options (`define.c`), and the look-ups that the definitions share.

mod aggregate;
mod base_type;
mod cast;
mod collation;
mod opclass;
mod operator;
mod range;
mod stored;
mod text_search;

pub(super) use aggregate::is_polymorphic;

use std::sync::Arc;

use crate::catalog::Oid;
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{AlterOptions, DefElem, DefValue, Define, ObjectKind, QualifiedName, Touches, TypeName};
use crate::sql::span::Loc;

impl Replay {
    /// CREATE of a kind that is defined by a list of options.
    pub(crate) fn define(&mut self, stmt: &Define, cx: &Context) -> Exec {
        if stmt.kind == ObjectKind::Operator {
            self.create_operator(stmt, cx)
        } else if stmt.kind == ObjectKind::Aggregate {
            self.create_aggregate(stmt, cx)
        } else if stmt.kind == ObjectKind::Type {
            self.create_base_type(stmt, cx)
        } else if stmt.kind == ObjectKind::Collation {
            self.create_collation(stmt, cx)
        } else if stmt.kind == ObjectKind::TsConfiguration {
            self.create_ts_config(stmt, cx)
        } else if stmt.kind == ObjectKind::TsDictionary {
            self.create_ts_dictionary(stmt, cx)
        } else {
            Err(Opaque::new("a CREATE of this kind is not executed", Touches::Expressions).into())
        }
    }

    /// `ALTER TYPE … SET`, `ALTER TEXT SEARCH DICTIONARY`.
    pub(crate) fn alter_options(&mut self, stmt: &AlterOptions, cx: &Context) -> Exec {
        match stmt.kind == ObjectKind::TsDictionary {
            true => self.alter_ts_dictionary(stmt, cx),
            false => self.alter_base_type(stmt, cx),
        }
    }

    /// The function with exactly these input types (`parse_func.c: LookupFuncName`).
    pub(super) fn function_named(&self, name: &QualifiedName, args: &[Oid]) -> Exec<Oid> {
        match self.function_if_exists(name, args)? {
            Some(oid) => Ok(oid),
            None => self.missing_function(name, format!("function {} does not exist", self.signature(name, args))),
        }
    }

    fn function_if_exists(&self, name: &QualifiedName, args: &[Oid]) -> Exec<Option<Oid>> {
        let path = self.path();
        let schemas = match &name.schema {
            Some(schema) => vec![lookup::schema(&self.catalog, schema, name.loc)?],
            None => lookup::function_path(&self.catalog, &path),
        };
        let mut found = schemas.iter().filter_map(|&s| self.catalog.function_with_args(s, &name.name, args));
        Ok(found.next().map(|f| f.oid()))
    }

    /// `name(types)` (`parse_func.c: func_signature_string`).
    fn signature(&self, name: &QualifiedName, args: &[Oid]) -> String {
        let types: Vec<String> = args.iter().map(|&ty| self.type_words(ty)).collect();
        format!("{}({})", lookup::display(name), types.join(", "))
    }

    /// A type in words (`format_type_be`).
    fn type_words(&self, ty: Oid) -> String {
        self.catalog.format_type_be(ty, &self.path())
    }

    /// The type of that name, without its modifier (`typenameTypeId`).
    fn type_written(&self, ty: &TypeName) -> Exec<Oid> {
        Ok(lookup::resolve_type(&self.catalog, &self.path(), ty)?.oid)
    }

    /// What a function returns (`get_func_rettype`).
    pub(super) fn returned_by(&self, function: Oid) -> Oid {
        self.catalog.function_info(function).map_or(Oid::INVALID, |f| f.returns())
    }

    /// 42704, or opaque where a statement that was not executed may have made it.
    pub(super) fn missing_object<T>(&self, message: String, loc: Loc) -> Exec<T> {
        let error = SqlError::new("42704", message).at(loc);
        match lookup::maybe_undefined(&self.catalog) {
            Some(unknown) => Err(lookup::maybe(error, &unknown)),
            None => Err(error.into()),
        }
    }

    /// The schemas in which a name is looked up.
    pub(in crate::replay::ddl) fn schemas_of(&self, name: &QualifiedName) -> Exec<Arc<[Oid]>> {
        match &name.schema {
            Some(schema) => Ok([lookup::schema(&self.catalog, schema, name.loc)?].into()),
            None => Ok(self.path()),
        }
    }

    fn must_be_superuser(&self, to: &str) -> Exec {
        if self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some() {
            return Ok(());
        }
        Err(SqlError::new("42501", format!("must be superuser to {to}")).into())
    }

    /// An option that is not known is a warning, for old scripts' sake.
    fn unknown_attribute(&mut self, kind: &str, option: &DefElem, cx: &Context) {
        let message = format!("{kind} attribute \"{}\" not recognized", option.name);
        self.notices.push(crate::replay::Notice { severity: "WARNING", message, origin: cx.origin, raised: None });
    }
}

fn invalid(message: impl Into<String>) -> SqlError {
    SqlError::new("42P13", message)
}

fn bad_object(message: impl Into<String>) -> SqlError {
    SqlError::new("42P17", message)
}

fn needs_parameter(option: &DefElem) -> SqlError {
    SqlError::new("42601", format!("{} requires a parameter", option.name))
}

/// `defGetQualifiedName`
fn option_name(option: &DefElem) -> Exec<QualifiedName> {
    match &option.value {
        Some(DefValue::Type(ty)) => Ok(ty.name.clone()),
        Some(DefValue::Names(names)) => match names.as_slice() {
            [name] => Ok(QualifiedName::bare(name.clone())),
            [schema, name] => Ok(QualifiedName { schema: Some(schema.clone()), name: name.clone(), loc: Loc::NONE }),
            _ => Err(SqlError::new("42601", "improper qualified name (too many dotted names)").into()),
        },
        Some(DefValue::String(name)) => Ok(QualifiedName::bare(name.as_str())),
        Some(
            DefValue::Integer(_)
            | DefValue::Float(_)
            | DefValue::Boolean(_)
            | DefValue::List(_)
            | DefValue::Star
            | DefValue::Expr(_),
        ) => Err(SqlError::new("42601", format!("argument of {} must be a name", option.name)).into()),
        None => Err(needs_parameter(option).into()),
    }
}

/// `defGetTypeName`
fn option_type(option: &DefElem) -> Exec<TypeName> {
    match &option.value {
        Some(DefValue::Type(ty)) => Ok(ty.clone()),
        Some(DefValue::String(name)) => {
            Ok(TypeName { name: QualifiedName::bare(name.as_str()), ..TypeName::default() })
        }
        Some(
            DefValue::Names(_)
            | DefValue::Integer(_)
            | DefValue::Float(_)
            | DefValue::Boolean(_)
            | DefValue::List(_)
            | DefValue::Star
            | DefValue::Expr(_),
        ) => Err(SqlError::new("42601", format!("argument of {} must be a type name", option.name)).into()),
        None => Err(needs_parameter(option).into()),
    }
}

/// `defGetString`
pub(super) fn option_string(option: &DefElem) -> Exec<String> {
    match &option.value {
        Some(DefValue::String(text) | DefValue::Float(text)) => Ok(text.clone()),
        Some(DefValue::Integer(number)) => Ok(number.to_string()),
        Some(DefValue::Boolean(value)) => Ok(value.to_string()),
        Some(DefValue::Type(ty)) => Ok(lookup::display(&ty.name)),
        Some(DefValue::Names(names)) => Ok(names.join(".")),
        Some(DefValue::Star) => Ok("*".to_owned()),
        Some(DefValue::List(_) | DefValue::Expr(_)) | None => Err(needs_parameter(option).into()),
    }
}

/// `defGetBoolean`
pub(super) fn option_boolean(option: &DefElem) -> Exec<bool> {
    let wrong = || Err(SqlError::new("42601", format!("{} requires a Boolean value", option.name)).into());
    match &option.value {
        None => Ok(true),
        Some(DefValue::Integer(0)) => Ok(false),
        Some(DefValue::Integer(1)) => Ok(true),
        Some(DefValue::Integer(_)) => wrong(),
        Some(_) => match option_string(option)?.to_ascii_lowercase().as_str() {
            "true" | "on" => Ok(true),
            "false" | "off" => Ok(false),
            _ => wrong(),
        },
    }
}

/// `defGetInt32`
fn option_int(option: &DefElem) -> Exec<i32> {
    match &option.value {
        Some(DefValue::Integer(number)) => Ok(i32::try_from(*number).unwrap_or(i32::MAX)),
        Some(_) => Err(SqlError::new("42601", format!("{} requires an integer value", option.name)).into()),
        None => Err(needs_parameter(option).into()),
    }
}

/// `errorConflictingDefElem`
fn conflicting(option: &DefElem) -> SqlError {
    SqlError::new("42601", "conflicting or redundant options").at(option.loc)
}

/// The name is in the way of a new object.
fn taken(message: String, about: Option<About>) -> SqlError {
    let error = SqlError::new("42710", message);
    match about {
        Some(about) => error.about(about),
        None => error,
    }
}
