//! From the columns of a line to a row.

use super::table::{Line, Row};
use super::{
    Argument, BuiltinCollation, Builtins, CastContext, CastMethod, Condition, KeywordCategory, NamedObject,
    SettingLimits, SystemCast, SystemColumn, SystemFamilyOperator, SystemFunction, SystemOpclass, SystemOperator,
    SystemOpfamily, SystemRelation, SystemType, TypeReference, namespace_of,
};
use crate::catalog::{AggregateKind, FunctionKind, Oid};
use crate::sql::ast::{ParamMode, Volatility};

/// The columns of a line from left to right; a missing one is empty.
pub(super) struct Fields(std::str::Split<'static, char>);

impl Fields {
    pub fn new(text: &'static str) -> Fields {
        Fields(text.split('\t'))
    }

    pub fn text(&mut self) -> &'static str {
        self.0.next().unwrap_or_default()
    }

    fn number<N: std::str::FromStr>(&mut self, default: N) -> N {
        self.text().parse().unwrap_or(default)
    }

    fn oid(&mut self) -> Oid {
        Oid(self.number(0))
    }

    fn ty<R: TypeReference>(&mut self, types: impl TypeNames<R>) -> R {
        match self.text() {
            "" => R::NONE,
            name => types.resolve(name),
        }
    }
}

/// How the names of types in a file are understood.
pub(super) trait TypeNames<R>: Copy {
    fn resolve(self, name: &'static str) -> R;
}

fn char_at(text: &str, index: usize) -> char {
    text.as_bytes().get(index).copied().unwrap_or(b' ').into()
}

impl<R: TypeReference> SystemType<R> {
    pub(super) fn decode(line: &Line, mut fields: Fields, oid: Oid, types: impl TypeNames<R>) -> Self {
        let _oid = fields.text();
        let namespace = namespace_of(fields.text());
        let kind = fields.text();
        let flag = |flag| kind.get(4..).is_some_and(|flags| flags.contains(flag));
        SystemType {
            oid,
            name: line.name,
            namespace,
            typtype: char_at(kind, 0),
            category: char_at(kind, 1),
            align: char_at(kind, 2),
            storage: char_at(kind, 3),
            preferred: flag('P'),
            not_null: flag('N'),
            by_value: flag('V'),
            len: fields.number(-1),
            delimiter: fields.text().chars().next().unwrap_or(','),
            element: fields.ty(types),
            array: fields.ty(types),
            base: fields.ty(types),
            base_typmod: fields.number(-1),
            collation: Some(fields.text()).filter(|name| !name.is_empty()),
            range: fields
                .text()
                .split_once(' ')
                .map(|(subtype, multirange)| (types.resolve(subtype), types.resolve(multirange))),
            is_row_type: fields.text() == "R",
        }
    }
}

impl<R: TypeReference> SystemFunction<R> {
    pub(super) fn decode(line: &Line, mut fields: Fields, oid: Oid, types: impl TypeNames<R>) -> Self {
        let _oid = fields.text();
        let namespace = namespace_of(fields.text());
        let kind = fields.text();
        let flag = |flag| kind.get(3..).is_some_and(|flags| flags.contains(flag));
        let language = fields.text();
        let returns = fields.ty(types);
        let defaults = fields.number(0);
        let variadic = fields.ty(types);
        let aggregate = fields.text();
        SystemFunction {
            oid,
            name: line.name,
            namespace,
            kind: match char_at(kind, 0) {
                'a' => FunctionKind::Aggregate,
                'w' => FunctionKind::Window,
                'p' => FunctionKind::Procedure,
                _ => FunctionKind::Function,
            },
            volatility: match char_at(kind, 1) {
                'i' => Volatility::Immutable,
                's' => Volatility::Stable,
                _ => Volatility::Volatile,
            },
            parallel: char_at(kind, 2),
            strict: flag('S'),
            returns_set: flag('R'),
            security_definer: flag('D'),
            leakproof: flag('L'),
            language,
            returns,
            defaults,
            variadic,
            aggregate_kind: match char_at(aggregate, 0) {
                'o' => AggregateKind::OrderedSet,
                'h' => AggregateKind::Hypothetical,
                _ => AggregateKind::Normal,
            },
            direct_args: aggregate.get(1..).and_then(|count| count.parse().ok()),
            args: fields.text().split_whitespace().map(|arg| argument(arg, types)).collect(),
            default_text: fields.text(),
        }
    }
}

/// `v!name:type`, where mode and name may be missing.
fn argument<R>(text: &'static str, types: impl TypeNames<R>) -> Argument<R> {
    let (mode, text) = match text.split_once('!') {
        Some(("o", rest)) => (ParamMode::Out, rest),
        Some(("b", rest)) => (ParamMode::InOut, rest),
        Some(("v", rest)) => (ParamMode::Variadic, rest),
        Some(("t", rest)) => (ParamMode::Table, rest),
        _ => (ParamMode::In, text),
    };
    let (name, ty) = match text.split_once(':') {
        Some((name, ty)) => (Some(name), ty),
        None => (None, text),
    };
    Argument { name, mode, ty: types.resolve(ty) }
}

impl<R: TypeReference> SystemOperator<R> {
    pub(super) fn decode(line: &Line, mut fields: Fields, oid: Oid, types: impl TypeNames<R>) -> Self {
        let _oid = fields.text();
        let kind = fields.text();
        let named = |name: &'static str| Some(name).filter(|name| !name.is_empty());
        SystemOperator {
            oid,
            name: line.name,
            can_merge: kind.contains('M'),
            can_hash: kind.contains('H'),
            left: fields.ty(types),
            right: fields.ty(types),
            result: fields.ty(types),
            function: fields.text(),
            commutator: named(fields.text()),
            negator: named(fields.text()),
            function_oid: fields.oid(),
        }
    }
}

impl<R: TypeReference> SystemCast<R> {
    pub(super) fn decode(line: &Line, mut fields: Fields, types: impl TypeNames<R>) -> Self {
        let source = types.resolve(line.name);
        let target = fields.ty(types);
        let how = fields.text();
        let function = fields.text();
        let function_oid = fields.oid();
        SystemCast {
            function_oid,
            source,
            target,
            context: match char_at(how, 0) {
                'i' => CastContext::Implicit,
                'a' => CastContext::Assignment,
                _ => CastContext::Explicit,
            },
            method: match char_at(how, 1) {
                'b' => CastMethod::Binary,
                'i' => CastMethod::InOut,
                _ => CastMethod::Function(function),
            },
        }
    }
}

impl<R: TypeReference> SystemOpclass<R> {
    pub(super) fn decode(line: &Line, mut fields: Fields, oid: Oid, types: impl TypeNames<R>) -> Self {
        SystemOpclass {
            oid,
            name: line.name,
            access_method: fields.text(),
            is_default: fields.text() == "D",
            input_type: fields.ty(types),
            key_type: fields.ty(types),
            family: fields.text(),
        }
    }
}

impl SystemOpfamily {
    pub(super) fn decode(line: &Line, mut fields: Fields) -> Self {
        let oid = fields.oid();
        SystemOpfamily { oid, name: line.name, access_method: fields.text() }
    }
}

impl<R: TypeReference> SystemFamilyOperator<R> {
    pub(super) fn decode(line: &Line, mut fields: Fields, types: impl TypeNames<R>) -> Self {
        SystemFamilyOperator {
            family: line.name,
            access_method: fields.text(),
            strategy: fields.number(0),
            left: fields.ty(types),
            right: fields.ty(types),
            operator: fields.text(),
            operator_left: fields.ty(types),
            operator_right: fields.ty(types),
            sort_family: fields.oid(),
        }
    }
}

impl<R: TypeReference> SystemRelation<R> {
    pub(super) fn decode(line: &Line, mut fields: Fields, oid: Oid, types: impl TypeNames<R>) -> Self {
        let _oid = fields.text();
        let namespace = namespace_of(fields.text());
        let relkind = char_at(fields.text(), 0);
        let column = |text: &'static str| {
            let (text, not_null) = text.strip_suffix('!').map_or((text, false), |text| (text, true));
            let (name, ty) = text.split_once(':').unwrap_or((text, ""));
            SystemColumn { name, ty: types.resolve(ty), not_null }
        };
        let columns = fields.text().split_whitespace().map(column).collect();
        SystemRelation { oid, name: line.name, namespace, relkind, columns }
    }
}

impl Row for SystemType<Oid> {
    fn decode(line: &Line, fields: Fields, builtins: &'static Builtins) -> Self {
        SystemType::decode(line, fields, line.oid(), builtins)
    }
}

impl Row for SystemFunction<Oid> {
    fn decode(line: &Line, fields: Fields, builtins: &'static Builtins) -> Self {
        SystemFunction::decode(line, fields, line.oid(), builtins)
    }
}

impl Row for SystemOperator<Oid> {
    fn decode(line: &Line, fields: Fields, builtins: &'static Builtins) -> Self {
        SystemOperator::decode(line, fields, line.oid(), builtins)
    }
}

impl Row for SystemCast<Oid> {
    fn decode(line: &Line, fields: Fields, builtins: &'static Builtins) -> Self {
        SystemCast::decode(line, fields, builtins)
    }
}

impl Row for SystemOpclass<Oid> {
    fn decode(line: &Line, fields: Fields, builtins: &'static Builtins) -> Self {
        SystemOpclass::decode(line, fields, line.oid(), builtins)
    }
}

impl Row for SystemOpfamily {
    fn decode(line: &Line, fields: Fields, _: &'static Builtins) -> Self {
        SystemOpfamily::decode(line, fields)
    }
}

impl Row for SystemRelation<Oid> {
    fn decode(line: &Line, fields: Fields, builtins: &'static Builtins) -> Self {
        SystemRelation::decode(line, fields, line.oid(), builtins)
    }
}

impl Row for BuiltinCollation {
    fn decode(line: &Line, mut fields: Fields, _: &'static Builtins) -> Self {
        let kind = fields.text();
        let oid = match fields.oid() {
            Oid::INVALID => line.oid(),
            pinned => pinned,
        };
        BuiltinCollation { oid, name: line.name, provider: char_at(kind, 0), deterministic: !kind.contains('N') }
    }
}

impl Row for Condition {
    fn decode(line: &Line, mut fields: Fields, _: &'static Builtins) -> Self {
        Condition { name: line.name, sqlstate: fields.text() }
    }
}

impl Row for KeywordCategory {
    fn decode(_: &Line, mut fields: Fields, _: &'static Builtins) -> Self {
        match char_at(fields.text(), 0) {
            'C' => KeywordCategory::ColName,
            'T' => KeywordCategory::TypeFuncName,
            'R' => KeywordCategory::Reserved,
            _ => KeywordCategory::Unreserved,
        }
    }
}

impl Row for SettingLimits {
    fn decode(_: &Line, mut fields: Fields, _: &'static Builtins) -> Self {
        SettingLimits { unit: fields.text(), min: fields.text(), max: fields.text(), enumvals: fields.text() }
    }
}

impl Row for NamedObject {
    fn decode(line: &Line, mut fields: Fields, _: &'static Builtins) -> Self {
        let name = fields.text();
        let first = fields.text();
        match first.parse() {
            Ok(oid) => NamedObject { name, oid: Oid(oid), details: fields.text() },
            Err(_) => {
                let details = if first.is_empty() { fields.text() } else { first };
                NamedObject { name, oid: Oid(super::table::FIRST_UNPINNED + line.number), details }
            }
        }
    }
}
