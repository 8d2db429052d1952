//! CREATE SEQUENCE and ALTER SEQUENCE (`sequence.c`).

use crate::catalog::{AttrNumber, ChangeKind, DependencyKind, Object, Oid, RelationKind, Sequence, type_oid as t};
use crate::replay::{Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{AlterSequence, CreateSequence, DefElem, DefValue, Name, QualifiedName, TypeName};

/// 22023 for an identity column whose sequence cannot count in its type (`sequence.c: init_params`).
pub(super) fn refuse_identity_type(ty: Oid) -> Exec {
    match ty {
        t::INT2 | t::INT4 | t::INT8 => Ok(()),
        _ => Err(SqlError::new("22023", "identity column type must be smallint, integer, or bigint").into()),
    }
}

impl Replay {
    /// `sequence.c: DefineSequence`
    pub(in crate::replay) fn create_sequence(&mut self, stmt: &CreateSequence, cx: &Context) -> Exec {
        let name = &stmt.relation.name;
        let skipped = |replay: &mut Replay| {
            let schema = replay.creation_schema_of(&stmt.relation)?;
            let skipped = replay.skip_existing_relation(schema, &name.name, stmt.if_not_exists, name.loc, cx)?;
            Ok::<_, crate::replay::Stop>((schema, skipped))
        };
        if stmt.if_not_exists && skipped(self)?.1 {
            return Ok(());
        }
        self.check_type_option(&stmt.options)?;
        let mut sequence = Sequence::of_type(t::INT8);
        sequence.apply(&stmt.options, true)?;
        let (schema, _) = skipped(self)?;
        let kind = RelationKind::Sequence(Box::new(sequence));
        let oid = self.insert_relation(schema, &name.name, kind, stmt.relation.persistence, cx.at(name.loc))?;
        self.process_owned_by(oid, &stmt.options)
    }

    /// `sequence.c: AlterSequence`
    pub(in crate::replay) fn alter_sequence(&mut self, stmt: &AlterSequence, cx: &Context) -> Exec {
        let name = &stmt.relation.name;
        self.may_use_schema_of(name)?;
        let Some(oid) = lookup::relation_if_exists(&self.catalog, &self.path(), name)? else {
            if stmt.missing_ok {
                self.notice(format!("relation \"{}\" does not exist, skipping", name.name), cx);
                return Ok(());
            }
            return Err(lookup::undefined_relation(&self.catalog, &self.path(), name));
        };
        self.must_own_relation(oid)?;
        let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
        let Some(sequence) = relation.as_sequence() else {
            // `sequence.c: sequence_open`, which is there from 17 on.
            let error = if self.catalog.version() < 17 {
                SqlError::new("42809", format!("\"{}\" is not a sequence", relation.name))
            } else {
                let kinds = self.catalog.kinds_in_words(relation);
                SqlError::new("42809", format!("cannot open relation \"{}\"", relation.name))
                    .detail(format!("This operation is not supported for {kinds}."))
            };
            let error = error.at(name.loc);
            let (origin, text) = lookup::made_here(relation);
            return Err(error.related(origin, text).into());
        };
        let mut sequence = sequence.clone();
        self.check_type_option(&stmt.options)?;
        sequence.apply(&stmt.options, false)?;
        if let Some(relation) = self.catalog.relation_mut(oid) {
            if let Some(old) = relation.as_sequence_mut() {
                *old = sequence;
            }
            relation.provenance.change(cx.origin, ChangeKind::Definition);
        }
        self.process_owned_by(oid, &stmt.options)
    }

    /// The type of AS must exist; whether it is one for sequences is [`Sequence::apply`]'s to say.
    fn check_type_option(&self, options: &[DefElem]) -> Exec {
        let types = options.iter().filter(|o| o.name == "as").filter_map(|o| match &o.value {
            Some(DefValue::Type(ty)) => Some(ty),
            _ => None,
        });
        for ty in types {
            lookup::resolve_type(&self.catalog, &self.path(), ty)?;
        }
        Ok(())
    }

    /// `sequence.c: process_owned_by`
    fn process_owned_by(&mut self, oid: Oid, options: &[DefElem]) -> Exec {
        let Some(option) = options.iter().find(|o| o.name == "owned_by") else { return Ok(()) };
        let names = option.value.as_ref().map(names_of).unwrap_or_default();
        let owner = match names.as_slice() {
            [none] if none == "none" => None,
            [] | [_] => {
                let error = SqlError::new("42601", "invalid OWNED BY option").at(option.loc);
                return Err(error.hint("Specify OWNED BY table.column or OWNED BY NONE.").into());
            }
            [table @ .., column] => Some(self.owner_column(oid, table, column, option)?),
        };
        let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
        let Some(sequence) = relation.as_sequence() else { return Ok(()) };
        if sequence.identity {
            let table = sequence.owned_by.and_then(|(table, _)| self.catalog.relation(table));
            let table = table.map_or("", |r| &r.name);
            let detail = format!("Sequence \"{}\" is linked to table \"{table}\".", relation.name);
            return Err(SqlError::new("0A000", "cannot change ownership of identity sequence").detail(detail).into());
        }
        if let Some(sequence) = self.catalog.relation_mut(oid).and_then(|r| r.as_sequence_mut()) {
            sequence.owned_by = owner;
        }
        let dependencies = &mut self.catalog.dependencies;
        dependencies.remove_of_kind(Object::Relation(oid), DependencyKind::Auto);
        if let Some((table, column)) = owner {
            dependencies.add(Object::Relation(oid), Object::Column(table, column), DependencyKind::Auto);
        }
        Ok(())
    }

    /// The column that OWNED BY names.
    fn owner_column(&self, sequence: Oid, table: &[Name], column: &Name, option: &DefElem) -> Exec<(Oid, AttrNumber)> {
        let name = match table {
            [.., schema, table] => QualifiedName { schema: Some(schema.clone()), name: table.clone(), loc: option.loc },
            [table] => QualifiedName { schema: None, name: table.clone(), loc: option.loc },
            [] => QualifiedName::default(),
        };
        let oid = lookup::relation(&self.catalog, &self.path(), &name)?;
        let (Some(relation), Some(sequence)) = (self.catalog.relation(oid), self.catalog.relation(sequence)) else {
            return Err(lookup::undefined_relation(&self.catalog, &self.path(), &name));
        };
        match &relation.kind {
            RelationKind::Table
            | RelationKind::PartitionedTable(_)
            | RelationKind::ForeignTable(_)
            | RelationKind::View(_) => {}
            RelationKind::MaterializedView(..)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => {
                let message = format!("sequence cannot be owned by relation \"{}\"", relation.name);
                let detail = format!("This operation is not supported for {}.", self.catalog.kinds_in_words(relation));
                return Err(SqlError::new("42809", message).detail(detail).at(option.loc).into());
            }
        }
        let refuse = |message: &str| -> Stop {
            let (origin, text) = lookup::made_here(relation);
            SqlError::new("55000", message).at(option.loc).related(origin, text).into()
        };
        if sequence.owner != relation.owner {
            return Err(refuse("sequence must have same owner as table it is linked to"));
        }
        if sequence.schema != relation.schema {
            return Err(refuse("sequence must be in same schema as table it is linked to"));
        }
        match relation.column(column) {
            Some(column) => Ok((oid, column.number)),
            None => Err(lookup::undefined_column(&self.catalog, relation, column, option.loc)),
        }
    }
}

impl Sequence {
    /// A new sequence of that type without options.
    pub(crate) fn of_type(ty: Oid) -> Sequence {
        Sequence {
            ty,
            start: 1,
            increment: 1,
            min: 1,
            max: limits(ty).1,
            cache: 1,
            cycle: false,
            owned_by: None,
            identity: false,
        }
    }

    /// The options of a new identity column's sequence, after its type, which is the column's
    /// (`generateSerialExtraStmts`).
    pub(crate) fn apply_to_identity(&mut self, options: &[DefElem]) -> Exec {
        if let Some(option) = options.iter().find(|option| option.name == "as") {
            return invalid("42601", "conflicting or redundant options", option);
        }
        self.apply(options, true)
    }

    /// Sets options; `new` fills what they leave open with defaults (`sequence.c: init_params`). OWNED BY is not among
    /// them: it needs the catalog. What a sequence has counted to is not known and taken to be within its new limits.
    pub(crate) fn apply(&mut self, options: &[DefElem], new: bool) -> Exec {
        let mut given = Given::default();
        for option in options {
            let slot = match option.name.as_str() {
                "as" => &mut given.ty,
                "increment" => &mut given.increment,
                "start" => &mut given.start,
                "restart" => &mut given.restart,
                "maxvalue" => &mut given.max,
                "minvalue" => &mut given.min,
                "cache" => &mut given.cache,
                "cycle" => &mut given.cycle,
                "owned_by" => &mut given.owned_by,
                // The parser takes the name of an identity column's sequence out (`generateSerialExtraStmts`).
                "sequence_name" if self.identity => continue,
                "logged" | "unlogged" if self.identity && new => continue,
                "sequence_name" => return invalid("42601", "invalid sequence option SEQUENCE NAME", option),
                name => return invalid("XX000", &format!("option \"{name}\" not recognized"), option),
            };
            if slot.replace(option).is_some() {
                return invalid("42601", "conflicting or redundant options", option);
            }
        }

        let (mut reset_max, mut reset_min) = (false, false);
        if let Some(option) = given.ty {
            let ty = match &option.value {
                Some(DefValue::Type(ty)) => integer_type(ty),
                Some(DefValue::Names(names)) => names.last().and_then(|n| integer_type_named(n)),
                _ => None,
            };
            let Some(ty) = ty else {
                let what = if self.identity { "identity column" } else { "sequence" };
                return invalid("22023", &format!("{what} type must be smallint, integer, or bigint"), option);
            };
            if !new {
                // A limit that was the old type's becomes the new type's.
                let (least, greatest) = limits(self.ty);
                reset_max = self.max == greatest;
                reset_min = self.min == least;
            }
            self.ty = ty;
        }
        if let Some(option) = given.increment {
            self.increment = number(option)?;
            if self.increment == 0 {
                return invalid("22023", "INCREMENT must not be zero", option);
            }
        } else if new {
            self.increment = 1;
        }
        if let Some(option) = given.cycle {
            self.cycle = matches!(option.value, Some(DefValue::Boolean(true)) | None);
        } else if new {
            self.cycle = false;
        }
        self.set_limits(&given, new, reset_max, reset_min)?;
        self.set_start(&given, new)?;
        if let Some(option) = given.cache {
            self.cache = number(option)?;
            if self.cache <= 0 {
                return invalid("22023", &format!("CACHE ({}) must be greater than zero", self.cache), option);
            }
        } else if new {
            self.cache = 1;
        }
        Ok(())
    }

    /// MAXVALUE and MINVALUE; `NO MAXVALUE` comes without a value.
    fn set_limits(&mut self, given: &Given<'_>, new: bool, reset_max: bool, reset_min: bool) -> Exec {
        let (least, greatest) = limits(self.ty);
        let ty = match self.ty {
            t::INT2 => "smallint",
            t::INT4 => "integer",
            _ => "bigint",
        };
        let error = |message: String| SqlError::new("22023", message);
        match given.max {
            Some(option) if option.value.is_some() => self.max = number(option)?,
            None if !new && !reset_max => {}
            Some(_) | None => self.max = if self.increment > 0 || reset_max { greatest } else { -1 },
        }
        if self.max < least || self.max > greatest {
            let message = format!("MAXVALUE ({}) is out of range for sequence data type {ty}", self.max);
            return Err(error(message).into());
        }
        match given.min {
            Some(option) if option.value.is_some() => self.min = number(option)?,
            None if !new && !reset_min => {}
            Some(_) | None => self.min = if self.increment < 0 || reset_min { least } else { 1 },
        }
        if self.min < least || self.min > greatest {
            let message = format!("MINVALUE ({}) is out of range for sequence data type {ty}", self.min);
            return Err(error(message).into());
        }
        if self.min >= self.max {
            let message = format!("MINVALUE ({}) must be less than MAXVALUE ({})", self.min, self.max);
            return Err(error(message).into());
        }
        Ok(())
    }

    /// START and RESTART.
    fn set_start(&mut self, given: &Given<'_>, new: bool) -> Exec {
        if let Some(option) = given.start {
            self.start = number(option)?;
        } else if new {
            self.start = if self.increment > 0 { self.min } else { self.max };
        }
        self.within_limits("START", self.start)?;
        match given.restart {
            Some(option) if option.value.is_some() => self.within_limits("RESTART", number(option)?),
            Some(_) | None => Ok(()),
        }
    }

    fn within_limits(&self, what: &str, value: i64) -> Exec {
        let message = if value < self.min {
            format!("{what} value ({value}) cannot be less than MINVALUE ({})", self.min)
        } else if value > self.max {
            format!("{what} value ({value}) cannot be greater than MAXVALUE ({})", self.max)
        } else {
            return Ok(());
        };
        Err(SqlError::new("22023", message).into())
    }
}

/// The options of a sequence that were given.
#[derive(Default)]
struct Given<'a> {
    ty: Option<&'a DefElem>,
    increment: Option<&'a DefElem>,
    start: Option<&'a DefElem>,
    restart: Option<&'a DefElem>,
    max: Option<&'a DefElem>,
    min: Option<&'a DefElem>,
    cache: Option<&'a DefElem>,
    cycle: Option<&'a DefElem>,
    owned_by: Option<&'a DefElem>,
}

fn invalid(sqlstate: &'static str, message: &str, option: &DefElem) -> Exec {
    Err(SqlError::new(sqlstate, message).at(option.loc).into())
}

/// The least and greatest value of an integer type.
fn limits(ty: Oid) -> (i64, i64) {
    match ty {
        t::INT2 => (i16::MIN.into(), i16::MAX.into()),
        t::INT4 => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

fn integer_type(ty: &TypeName) -> Option<Oid> {
    let plain = ty.array_dims == 0 && ty.name.schema.as_deref().is_none_or(|s| s == "pg_catalog");
    if plain { integer_type_named(&ty.name.name) } else { None }
}

fn integer_type_named(name: &str) -> Option<Oid> {
    match name {
        "int2" => Some(t::INT2),
        "int4" => Some(t::INT4),
        "int8" => Some(t::INT8),
        _ => None,
    }
}

/// `define.c: defGetInt64`
fn number(option: &DefElem) -> Exec<i64> {
    match &option.value {
        Some(DefValue::Integer(n)) => Ok(*n),
        Some(DefValue::Float(text)) => text.parse().map_err(|_| {
            let (state, problem) = match text.parse::<i128>() {
                Ok(_) => ("22003", format!("value \"{text}\" is out of range for type bigint")),
                Err(_) => ("22P02", format!("invalid input syntax for type bigint: \"{text}\"")),
            };
            SqlError::new(state, problem).at(option.loc).into()
        }),
        _ => Err(SqlError::new("42601", format!("{} requires a numeric value", option.name)).at(option.loc).into()),
    }
}

fn names_of(value: &DefValue) -> Vec<Name> {
    match value {
        DefValue::Names(names) => names.clone(),
        DefValue::String(name) => vec![name.as_str().into()],
        DefValue::List(list) => list.iter().flat_map(names_of).collect(),
        DefValue::Type(ty) => ty.name.schema.iter().cloned().chain([ty.name.name.clone()]).collect(),
        DefValue::Integer(_) | DefValue::Float(_) | DefValue::Boolean(_) | DefValue::Star | DefValue::Expr(_) => {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::DefAction;
    use crate::sql::span::Loc;

    fn option(name: &str, value: Option<DefValue>) -> DefElem {
        DefElem { namespace: None, name: name.into(), value, action: DefAction::Unspecified, loc: Loc::NONE }
    }

    fn as_type(name: &str) -> DefElem {
        let ty = TypeName { name: QualifiedName::in_schema("pg_catalog", name), ..TypeName::default() };
        option("as", Some(DefValue::Type(ty)))
    }

    fn integer(name: &str, value: i64) -> DefElem {
        option(name, Some(DefValue::Integer(value)))
    }

    #[test]
    fn a_descending_sequence_starts_at_its_greatest_value() {
        let mut sequence = Sequence::of_type(t::INT8);
        sequence.apply(&[integer("increment", -1)], true).expect("valid options");
        assert_eq!((sequence.min, sequence.max, sequence.start), (i64::MIN, -1, -1));
    }

    #[test]
    fn limits_follow_a_change_of_type() {
        let mut sequence = Sequence::of_type(t::INT8);
        sequence.apply(&[as_type("int4")], false).expect("valid options");
        assert_eq!((sequence.ty, sequence.min, sequence.max), (t::INT4, 1, i64::from(i32::MAX)));
    }

    #[test]
    fn options_that_contradict_each_other() {
        let refused = [
            (vec![integer("increment", 0)], "INCREMENT must not be zero"),
            (vec![integer("start", 0)], "START value (0) cannot be less than MINVALUE (1)"),
            (vec![integer("minvalue", 10), integer("maxvalue", 5)], "MINVALUE (10) must be less than MAXVALUE (5)"),
            (
                vec![as_type("int2"), integer("maxvalue", 40000)],
                "MAXVALUE (40000) is out of range for sequence data type smallint",
            ),
            (vec![as_type("text")], "sequence type must be smallint, integer, or bigint"),
            (vec![integer("cache", 0)], "CACHE (0) must be greater than zero"),
            (vec![integer("cache", 1), integer("cache", 2)], "conflicting or redundant options"),
        ];
        for (options, message) in refused {
            match Sequence::of_type(t::INT8).apply(&options, true) {
                Err(Stop::Error(error)) => assert_eq!(error.message, message),
                other => panic!("{message}: {other:?}"),
            }
        }
    }
}
