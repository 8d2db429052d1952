//! Operators (`operatorcmds.c`, `pg_operator.c`).

use super::{invalid, option_boolean, option_name, option_type};
use std::sync::Arc;

use crate::catalog::type_oid as t;
use crate::catalog::{ChangeKind, DependencyKind, MAX_NAME, Object, Oid, Operator, Provenance};
use crate::replay::{Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{AlterOperator, DefElem, DefValue, Define, OperatorRef, QualifiedName};

/// What may stand in the options of CREATE OPERATOR.
#[derive(Default)]
struct Options {
    function: Option<QualifiedName>,
    left: Option<Oid>,
    right: Option<Oid>,
    commutator: Option<QualifiedName>,
    negator: Option<QualifiedName>,
    restrict: Option<QualifiedName>,
    join: Option<QualifiedName>,
    can_merge: bool,
    can_hash: bool,
}

impl Replay {
    /// `operatorcmds.c: DefineOperator`, `pg_operator.c: OperatorCreate`
    pub(super) fn create_operator(&mut self, stmt: &Define, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        let options = self.operator_options(stmt, cx)?;
        let Some(function_name) = &options.function else {
            return Err(invalid("operator function must be specified").into());
        };
        let Some(right) = options.right else {
            let error = match options.left {
                None => invalid("operator argument types must be specified"),
                Some(_) => invalid("operator right argument type must be specified")
                    .detail("Postfix operators are not supported."),
            };
            return Err(error.into());
        };
        let left = options.left.unwrap_or(Oid::INVALID);
        let operands: Vec<Oid> = options.left.into_iter().chain([right]).collect();
        let function = self.function_named(function_name, &operands)?;
        let result = self.returned_by(function);
        let restrict = self.estimator(options.restrict.as_ref(), "restriction")?;
        let join = self.estimator(options.join.as_ref(), "join")?;
        let name = &stmt.name.name;
        if !is_valid_name(name) {
            return Err(SqlError::new("42602", format!("\"{name}\" is not a valid operator name")).into());
        }
        check_operator(&options, left != Oid::INVALID, result == t::BOOL, restrict, join)?;
        let own = self.catalog.operators_of_name(schema, name).find(|op| op.left == left && op.right == right);
        let shell = match own.map(|op| (op.oid, op.function)) {
            Some((oid, Oid::INVALID)) => Some(oid),
            Some((oid, _)) => {
                let origin = self.catalog.operator(oid).map(|op| op.provenance.created);
                let error = SqlError::new("42723", format!("operator {name} already exists"));
                return Err(match origin {
                    Some(origin) => error.related(origin, format!("operator {name} made here")),
                    None => error,
                }
                .into());
            }
            None if self.catalog.operator_with_args(schema, name, left, right).is_some() => {
                return Err(SqlError::new("42723", format!("operator {name} already exists")).into());
            }
            None => None,
        };
        let itself = (stmt.name.name.as_str(), schema, left, right);
        // The operands the other way round; nothing is the operator itself.
        let commutator = options.commutator.as_ref();
        let commutator =
            commutator.map(|other| self.other_operator(other, (right, left), itself, true, cx)).transpose()?;
        let negator = options.negator.as_ref();
        let negator = negator.map(|other| self.other_operator(other, (left, right), itself, false, cx)).transpose()?;
        // Shells of others are older than the operator itself.
        let oid = shell.unwrap_or_else(|| self.catalog.new_oid());
        let commutator = match commutator {
            Some(Oid::INVALID) => oid,
            Some(found) => found,
            None => Oid::INVALID,
        };
        let negator = negator.unwrap_or(Oid::INVALID);
        if self.catalog.version() >= 17 {
            // It may have been a shell.
            if negator == oid {
                return Err(invalid("operator cannot be its own negator").into());
            }
            self.refuse_linked("commutator", commutator, self.catalog.commutator(commutator), oid)?;
            self.refuse_linked("negator", negator, self.catalog.negator(negator), oid)?;
        }
        let (comment, provenance) = match self.catalog.operator(oid) {
            Some(shell) => (shell.comment.clone(), shell.provenance.clone()),
            None => (None, Provenance::new(cx.at(stmt.name.loc))),
        };
        self.catalog.remove_operator(oid);
        self.catalog.insert_operator(Operator {
            oid,
            schema,
            name: name.clone(),
            owner: self.session.current_user,
            left,
            right,
            result,
            function,
            commutator,
            negator,
            restrict,
            join,
            can_merge: options.can_merge,
            can_hash: options.can_hash,
            comment,
            provenance,
        });
        // `pg_operator.c: makeOperatorDependencies`; commutator and negator are no dependencies.
        self.catalog.dependencies.remove_of_kind(Object::Operator(oid), DependencyKind::Normal);
        let types = [left, right, result].map(Object::Type);
        let functions = [function, restrict, join].map(Object::Function);
        self.depend_on_valid(Object::Operator(oid), &[types, functions].concat());
        self.link_operator(oid, commutator, negator);
        Ok(())
    }

    /// Dependencies on what there is.
    pub(super) fn depend_on_valid(&mut self, dependent: Object, needs: &[Object]) {
        for &object in needs {
            let there = match object {
                Object::Type(oid) | Object::Function(oid) | Object::Operator(oid) | Object::OpFamily(oid) => {
                    oid != Oid::INVALID
                }
                _ => true,
            };
            if there && object != dependent {
                self.catalog.dependencies.add(dependent, object, DependencyKind::Normal);
            }
        }
    }

    fn operator_options(&mut self, stmt: &Define, cx: &Context) -> Exec<Options> {
        let mut options = Options::default();
        let (mut left, mut right) = (None, None);
        for option in &stmt.options {
            match option.name.as_str() {
                "leftarg" => left = Some(operand(option)?),
                "rightarg" => right = Some(operand(option)?),
                "function" | "procedure" => options.function = Some(option_name(option)?),
                "commutator" => options.commutator = Some(option_name(option)?),
                "negator" => options.negator = Some(option_name(option)?),
                "restrict" => options.restrict = Some(option_name(option)?),
                "join" => options.join = Some(option_name(option)?),
                "hashes" => options.can_hash = option_boolean(option)?,
                "merges" => options.can_merge = option_boolean(option)?,
                "sort1" | "sort2" | "ltcmp" | "gtcmp" => options.can_merge = true,
                _ => self.unknown_attribute("operator", option, cx),
            }
        }
        if options.function.is_some() {
            options.left = left.map(|ty| self.type_written(&ty)).transpose()?;
            options.right = right.map(|ty| self.type_written(&ty)).transpose()?;
        }
        Ok(options)
    }

    /// `operatorcmds.c: ValidateRestrictionEstimator`, `ValidateJoinEstimator`
    fn estimator(&self, name: Option<&QualifiedName>, kind: &str) -> Exec<Oid> {
        let Some(name) = name else { return Ok(Oid::INVALID) };
        let function = if kind == "restriction" {
            self.function_named(name, &[t::INTERNAL, t::OID, t::INTERNAL, t::INT4])?
        } else {
            let five = [t::INTERNAL, t::OID, t::INTERNAL, t::INT2, t::INTERNAL];
            let (new, old) = (self.function_if_exists(name, &five)?, self.function_if_exists(name, &five[..4])?);
            match (new, old) {
                (Some(_), Some(_)) => {
                    let message = format!("join estimator function {} has multiple matches", lookup::display(name));
                    return Err(SqlError::new("42725", message).into());
                }
                (Some(found), None) | (None, Some(found)) => found,
                (None, None) => self.function_named(name, &five)?,
            }
        };
        if self.returned_by(function) != t::FLOAT8 {
            let name = lookup::display(name);
            let message = format!("{kind} estimator function {name} must return type float8");
            return Err(super::bad_object(message).into());
        }
        if !function.is_builtin() {
            self.must_be_superuser(&format!("specify a non-built-in {kind} estimator function"))?;
        }
        Ok(function)
    }

    /// 42P13 for the commutator or negator of another operator (`pg_operator.c: OperatorValidateParams`, from 17 on).
    fn refuse_linked(&self, what: &str, other: Oid, linked: Oid, own: Oid) -> Exec {
        if other == own || linked == own || linked == Oid::INVALID {
            return Ok(());
        }
        let name = |oid: Oid| self.catalog.operator_info(oid).map_or(String::new(), |info| info.name.to_owned());
        let (other, linked) = (name(other), name(linked));
        Err(invalid(format!("{what} operator {other} is already the {what} of operator {linked}")).into())
    }

    /// The commutator or negator, which is made as a shell if it is not there yet; nothing if it is the operator itself
    /// (`pg_operator.c: get_other_operator`).
    fn other_operator(
        &mut self,
        name: &QualifiedName,
        (left, right): (Oid, Oid),
        (own_name, own_schema, own_left, own_right): (&str, Oid, Oid, Oid),
        commutator: bool,
        cx: &Context,
    ) -> Exec<Oid> {
        if let Some(found) = self.operator_if_exists(name, left, right)? {
            return Ok(found);
        }
        let schema = self.creation_schema(name)?;
        if name.name == own_name && schema == own_schema && (left, right) == (own_left, own_right) {
            if !commutator {
                let message = match self.catalog.version() {
                    ..17 => "operator cannot be its own negator or sort operator",
                    _ => "operator cannot be its own negator",
                };
                return Err(invalid(message).into());
            }
            return Ok(Oid::INVALID);
        }
        if !is_valid_name(&name.name) {
            return Err(SqlError::new("42602", format!("\"{}\" is not a valid operator name", name.name)).into());
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_operator(Operator {
            oid,
            schema,
            name: name.name.clone(),
            owner: self.session.current_user,
            left,
            right,
            result: Oid::INVALID,
            function: Oid::INVALID,
            commutator: Oid::INVALID,
            negator: Oid::INVALID,
            restrict: Oid::INVALID,
            join: Oid::INVALID,
            can_merge: false,
            can_hash: false,
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        self.depend_on_valid(Object::Operator(oid), &[Object::Type(left), Object::Type(right)]);
        Ok(oid)
    }

    /// Those that an operator is linked to are linked back, unless they are linked already
    /// (`pg_operator.c: OperatorUpd`).
    fn link_operator(&mut self, oid: Oid, commutator: Oid, negator: Oid) {
        if let Some(other) = self.catalog.operator_mut(commutator)
            && other.commutator == Oid::INVALID
        {
            other.commutator = oid;
        }
        if let Some(other) = self.catalog.operator_mut(negator)
            && other.negator == Oid::INVALID
        {
            other.negator = oid;
        }
    }

    /// What is left of links to an operator that is gone (`pg_operator.c: OperatorUpd`, when deleting).
    pub(in crate::replay) fn unlink_operator(&mut self, oid: Oid) {
        let Some(operator) = self.catalog.operator(oid) else { return };
        let (commutator, negator) = (operator.commutator, operator.negator);
        if let Some(other) = self.catalog.operator_mut(commutator)
            && other.commutator == oid
        {
            other.commutator = Oid::INVALID;
        }
        if let Some(other) = self.catalog.operator_mut(negator)
            && other.negator == oid
        {
            other.negator = Oid::INVALID;
        }
    }

    /// The operator with exactly these operands (`parse_oper.c: OperatorLookup`, `LookupOperName`).
    pub(super) fn operator_if_exists(&self, name: &QualifiedName, left: Oid, right: Oid) -> Exec<Option<Oid>> {
        let schemas = match self.schemas_of(name) {
            // The schema may be missing as well (`OpernameGetOprid`).
            Err(Stop::Error(error)) if error.sqlstate.as_str() == "3F000" => Arc::from([]),
            schemas => schemas?,
        };
        let mut found = schemas.iter().filter_map(|&s| self.catalog.operator_with_args(s, &name.name, left, right));
        Ok(found.next().map(|op| op.oid))
    }

    pub(super) fn operator_named(&self, name: &QualifiedName, left: Oid, right: Oid) -> Exec<Oid> {
        if let Some(found) = self.operator_if_exists(name, left, right)? {
            return Ok(found);
        }
        if right == Oid::INVALID {
            return Err(SqlError::new("42601", "postfix operators are not supported").at(name.loc).into());
        }
        let shown = lookup::display(name);
        let words = |ty| self.type_words(ty);
        let message = match left {
            Oid::INVALID => format!("operator does not exist: {shown} {}", words(right)),
            left => format!("operator does not exist: {} {shown} {}", words(left), words(right)),
        };
        let error = SqlError::new("42883", message).at(name.loc);
        match lookup::maybe_undefined(&self.catalog) {
            Some(unknown) => Err(lookup::maybe(error, &unknown)),
            None => Err(error.into()),
        }
    }

    /// One that is more than a shell (`operatorcmds.c: ValidateOperatorReference`).
    fn defined_operator(&self, name: &QualifiedName, left: Oid, right: Oid) -> Exec<Oid> {
        let oid = self.operator_named(name, left, right)?;
        if self.catalog.operator_info(oid).is_some_and(|op| op.function == Oid::INVALID) {
            let (left, right) = (self.type_words(left), self.type_words(right));
            let message = format!("operator is only a shell: {left} {} {right}", lookup::display(name));
            return Err(SqlError::new("42883", message).into());
        }
        Ok(oid)
    }

    /// The operator that DROP, ALTER and COMMENT name (`parse_oper.c: LookupOperWithArgs`).
    pub(in crate::replay) fn find_operator(&self, operator: &OperatorRef) -> Exec<Oid> {
        let mut operands = [Oid::INVALID; 2];
        for (operand, written) in operands.iter_mut().zip(&operator.args) {
            if let Some(ty) = written {
                *operand = self.type_written(ty)?;
            }
        }
        self.operator_named(&operator.name, operands[0], operands[1])
    }

    /// `operatorcmds.c: AlterOperator`
    pub(crate) fn alter_operator(&mut self, stmt: &AlterOperator, cx: &Context) -> Exec {
        let oid = self.find_operator(&stmt.operator)?;
        let version = self.catalog.version();
        let (mut restrict, mut join) = (None, None);
        let (mut commutator, mut negator) = (None, None);
        let (mut merges, mut hashes) = (None, None);
        for option in &stmt.options {
            // NONE is written as no value, or as the word.
            let none = option.value.is_none() || matches!(&option.value, Some(DefValue::String(s)) if s == "none");
            let name = if none { None } else { option_name(option).ok() };
            if !none {
                option_name(option)?;
            }
            match option.name.as_str() {
                "restrict" => restrict = Some(name),
                "join" => join = Some(name),
                "commutator" if version >= 17 => commutator = Some(option_name(option)?),
                "negator" if version >= 17 => negator = Some(option_name(option)?),
                "merges" if version >= 17 => merges = Some(option_boolean(option)?),
                "hashes" if version >= 17 => hashes = Some(option_boolean(option)?),
                "leftarg" | "rightarg" | "function" | "procedure" | "commutator" | "negator" | "hashes" | "merges" => {
                    let message = format!("operator attribute \"{}\" cannot be changed", option.name);
                    return Err(SqlError::new("42601", message).into());
                }
                _ => {
                    let message = format!("operator attribute \"{}\" not recognized", option.name);
                    return Err(SqlError::new("42601", message).into());
                }
            }
        }
        let Some(operator) = self.catalog.operator(oid).cloned() else { return Ok(()) };
        self.must_own_stored(Object::Operator(oid))?;
        let restrict = restrict.map(|name| self.estimator(name.as_ref(), "restriction")).transpose()?;
        let join = join.map(|name| self.estimator(name.as_ref(), "join")).transpose()?;
        let set = |oid: Option<Oid>| oid.is_some_and(|oid| oid != Oid::INVALID);
        if operator.left == Oid::INVALID && set(join) {
            return Err(invalid("only binary operators can have join selectivity").into());
        }
        if operator.result != t::BOOL {
            if set(restrict) {
                return Err(invalid("only boolean operators can have restriction selectivity").into());
            }
            if set(join) {
                return Err(invalid("only boolean operators can have join selectivity").into());
            }
        }
        let commutator =
            commutator.map(|name| self.defined_operator(&name, operator.right, operator.left)).transpose()?;
        let negator = negator.map(|name| self.defined_operator(&name, operator.left, operator.right)).transpose()?;
        if negator == Some(oid) {
            return Err(invalid("operator cannot be its own negator").into());
        }
        for (what, old, new) in
            [("commutator", operator.commutator, commutator), ("negator", operator.negator, negator)]
        {
            if new.is_some_and(|new| old != Oid::INVALID && old != new) {
                let message = format!("operator attribute \"{what}\" cannot be changed if it has already been set");
                return Err(invalid(message).into());
            }
        }
        for (what, old, new) in [("merges", operator.can_merge, merges), ("hashes", operator.can_hash, hashes)] {
            if old && new == Some(false) {
                let message = format!("operator attribute \"{what}\" cannot be changed if it has already been set");
                return Err(invalid(message).into());
            }
        }
        if let Some(operator) = self.catalog.operator_mut(oid) {
            operator.restrict = restrict.unwrap_or(operator.restrict);
            operator.join = join.unwrap_or(operator.join);
            operator.commutator = commutator.unwrap_or(operator.commutator);
            operator.negator = negator.unwrap_or(operator.negator);
            operator.can_merge = merges.unwrap_or(operator.can_merge);
            operator.can_hash = hashes.unwrap_or(operator.can_hash);
            operator.provenance.change(cx.origin, ChangeKind::Definition);
        }
        self.link_operator(oid, commutator.unwrap_or(Oid::INVALID), negator.unwrap_or(Oid::INVALID));
        if let Some(operator) = self.catalog.operator(oid) {
            let needs = [operator.left, operator.right, operator.result].map(Object::Type);
            let functions = [operator.function, operator.restrict, operator.join].map(Object::Function);
            self.catalog.dependencies.remove_of_kind(Object::Operator(oid), DependencyKind::Normal);
            self.depend_on_valid(Object::Operator(oid), &[needs, functions].concat());
        }
        Ok(())
    }
}

fn operand(option: &DefElem) -> Exec<crate::sql::ast::TypeName> {
    let ty = option_type(option)?;
    if ty.setof {
        return Err(invalid("SETOF type not allowed for operator argument").into());
    }
    Ok(ty)
}

/// What only some operators can have (`pg_operator.c: OperatorCreate`).
fn check_operator(options: &Options, binary: bool, boolean: bool, restrict: Oid, join: Oid) -> Exec {
    let wrong = [
        (!binary && options.commutator.is_some(), "only binary operators can have commutators"),
        (!binary && join != Oid::INVALID, "only binary operators can have join selectivity"),
        (!binary && options.can_merge, "only binary operators can merge join"),
        (!binary && options.can_hash, "only binary operators can hash"),
        (!boolean && options.negator.is_some(), "only boolean operators can have negators"),
        (!boolean && restrict != Oid::INVALID, "only boolean operators can have restriction selectivity"),
        (!boolean && join != Oid::INVALID, "only boolean operators can have join selectivity"),
        (!boolean && options.can_merge, "only boolean operators can merge join"),
        (!boolean && options.can_hash, "only boolean operators can hash"),
    ];
    match wrong.iter().find(|(wrong, _)| *wrong) {
        Some((_, message)) => Err(invalid(*message).into()),
        None => Ok(()),
    }
}

/// `pg_operator.c: validOperatorName`
fn is_valid_name(name: &str) -> bool {
    let sql_only = |c: char| "+-*/<>=".contains(c);
    let ends = name.len() > 1 && name.ends_with(['+', '-']);
    let standard = ends && name[..name.len() - 1].chars().all(sql_only);
    let comment = name.contains("/*") || name.contains("--");
    let length = (1..=MAX_NAME).contains(&name.len());
    length && name.chars().all(|c| "~!@#^&|`?+-*/%<>=".contains(c)) && !comment && !standard && name != "!="
}
