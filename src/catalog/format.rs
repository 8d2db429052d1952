//! Types and identifiers as PostgreSQL prints them (`format_type.c`, `ruleutils.c: quote_identifier`).

use std::borrow::Cow;

use super::builtin::{Builtins, KeywordCategory};
use super::{Catalog, Oid, PG_CATALOG, TypeKind, TypeRef};

/// OIDs of built-in types that the rules name.
pub mod type_oid {
    use crate::catalog::Oid;

    pub const BOOL: Oid = Oid(16);
    pub const BYTEA: Oid = Oid(17);
    pub const CHAR: Oid = Oid(18);
    pub const NAME: Oid = Oid(19);
    pub const INT8: Oid = Oid(20);
    pub const INT2: Oid = Oid(21);
    pub const INT4: Oid = Oid(23);
    pub const REGPROC: Oid = Oid(24);
    pub const TEXT: Oid = Oid(25);
    pub const OID: Oid = Oid(26);
    pub const JSON: Oid = Oid(114);
    pub const FLOAT4: Oid = Oid(700);
    pub const FLOAT8: Oid = Oid(701);
    pub const UNKNOWN: Oid = Oid(705);
    pub const BPCHAR: Oid = Oid(1042);
    pub const VARCHAR: Oid = Oid(1043);
    pub const DATE: Oid = Oid(1082);
    pub const TIME: Oid = Oid(1083);
    pub const TIMESTAMP: Oid = Oid(1114);
    pub const TIMESTAMPTZ: Oid = Oid(1184);
    pub const INTERVAL: Oid = Oid(1186);
    pub const TIMETZ: Oid = Oid(1266);
    pub const BIT: Oid = Oid(1560);
    pub const VARBIT: Oid = Oid(1562);
    pub const NUMERIC: Oid = Oid(1700);
    pub const REGCLASS: Oid = Oid(2205);
    pub const RECORD: Oid = Oid(2249);
    pub const INET: Oid = Oid(869);
    pub const CIDR: Oid = Oid(650);
    pub const ANY: Oid = Oid(2276);
    pub const ANYARRAY: Oid = Oid(2277);
    pub const ANYELEMENT: Oid = Oid(2283);
    pub const ANYNONARRAY: Oid = Oid(2776);
    pub const ANYCOMPATIBLE: Oid = Oid(5077);
    pub const ANYCOMPATIBLEARRAY: Oid = Oid(5078);
    pub const ANYCOMPATIBLENONARRAY: Oid = Oid(5079);
    pub const VOID: Oid = Oid(2278);
    pub const TRIGGER: Oid = Oid(2279);
    pub const EVENT_TRIGGER: Oid = Oid(3838);
    pub const LANGUAGE_HANDLER: Oid = Oid(2280);
    pub const FDW_HANDLER: Oid = Oid(3115);
    pub const UUID: Oid = Oid(2950);
    pub const JSONB: Oid = Oid(3802);
    pub const INT2VECTOR: Oid = Oid(22);
    pub const OIDVECTOR: Oid = Oid(30);
    pub const TID: Oid = Oid(27);
    pub const XID: Oid = Oid(28);
    pub const CID: Oid = Oid(29);
    pub const XML: Oid = Oid(142);
    pub const MONEY: Oid = Oid(790);
    pub const INT4_ARRAY: Oid = Oid(1007);
    pub const TEXT_ARRAY: Oid = Oid(1009);
    pub const REFCURSOR: Oid = Oid(1790);
    pub const REGPROCEDURE: Oid = Oid(2202);
    pub const REGOPER: Oid = Oid(2203);
    pub const REGOPERATOR: Oid = Oid(2204);
    pub const REGTYPE: Oid = Oid(2206);
    pub const CSTRING: Oid = Oid(2275);
    pub const INTERNAL: Oid = Oid(2281);
    pub const RECORD_ARRAY: Oid = Oid(2287);
    pub const ANYENUM: Oid = Oid(3500);
    pub const ANYRANGE: Oid = Oid(3831);
    pub const ANYMULTIRANGE: Oid = Oid(4537);
    pub const ANYCOMPATIBLERANGE: Oid = Oid(5080);
    pub const ANYCOMPATIBLEMULTIRANGE: Oid = Oid(4538);
    pub const TSVECTOR: Oid = Oid(3614);
    pub const TSQUERY: Oid = Oid(3615);
    pub const REGCONFIG: Oid = Oid(3734);
    pub const REGDICTIONARY: Oid = Oid(3769);
    pub const JSONPATH: Oid = Oid(4072);
    pub const REGNAMESPACE: Oid = Oid(4089);
    pub const REGROLE: Oid = Oid(4096);
    pub const REGCOLLATION: Oid = Oid(4191);

    /// The collation `default`.
    pub const DEFAULT_COLLATION: Oid = Oid(100);
    /// The collation `C`.
    pub const C_COLLATION: Oid = Oid(950);
}

use type_oid::*;

impl Catalog {
    /// A name as SQL text: quoted if it would not be read back as itself (`quote_identifier`).
    pub fn quote_identifier<'a>(&self, name: &'a str) -> Cow<'a, str> {
        quote_identifier(name, self.builtins())
    }

    /// The type in SQL's words: `character varying(20)`, `timestamp with time zone`, `public.mood[]`
    /// (`format_type.c: format_type_extended`). Names outside `pg_catalog` are qualified unless found along `path`.
    pub fn format_type(&self, ty: TypeRef, path: &[Oid]) -> String {
        if let Some(element) = self.array_element(ty.oid) {
            return format!("{}[]", self.format_type(TypeRef { oid: element, typmod: ty.typmod }, path));
        }
        if let Some(user) = self.type_(ty.oid) {
            let visible = self.find_type(path, &user.name).is_some_and(|t| t.oid == ty.oid)
                && self.builtins().type_by_name(&user.name).is_none();
            let name = self.qualified(user.schema, &user.name, visible);
            let rule = if ty.typmod == -1 { None } else { self.typmod_rule(ty.oid) };
            return rule.map_or_else(|| name.clone(), |rule| name.clone() + &rule.print(ty.typmod));
        }
        let typmod = ty.typmod;
        let with_length = |name: &str| match typmod {
            -1 => name.to_owned(),
            n => format!("{name}({})", n - 4),
        };
        // The precision stands before WITH TIME ZONE.
        let with_precision = |name: &str, zone: &str| match typmod {
            -1 => format!("{name}{zone}"),
            n => format!("{name}({n}){zone}"),
        };
        match ty.oid {
            BOOL => "boolean".into(),
            BPCHAR if typmod == -1 => "bpchar".into(),
            BPCHAR => with_length("character"),
            CHAR => "\"char\"".into(),
            FLOAT4 => "real".into(),
            FLOAT8 => "double precision".into(),
            INT2 => "smallint".into(),
            INT4 => "integer".into(),
            INT8 => "bigint".into(),
            // A keyword from 17 on, which is not quoted here.
            JSON => "json".into(),
            NUMERIC if typmod == -1 => "numeric".into(),
            NUMERIC => {
                let (precision, scale) = numeric_typmod(typmod);
                format!("numeric({precision},{scale})")
            }
            INTERVAL => interval_name(typmod),
            TIME => with_precision("time", " without time zone"),
            TIMETZ => with_precision("time", " with time zone"),
            TIMESTAMP => with_precision("timestamp", " without time zone"),
            TIMESTAMPTZ => with_precision("timestamp", " with time zone"),
            VARCHAR => with_length("character varying"),
            BIT if typmod == -1 => "\"bit\"".into(),
            BIT => format!("bit({typmod})"),
            VARBIT if typmod == -1 => "bit varying".into(),
            VARBIT => format!("bit varying({typmod})"),
            oid => match self.builtins().type_by_oid(oid) {
                Some(builtin) => {
                    let visible = builtin.namespace == PG_CATALOG || path.contains(&builtin.namespace);
                    self.qualified(builtin.namespace, builtin.name, visible)
                }
                None => format!("???({})", oid.0),
            },
        }
    }

    /// The type in SQL's words where nothing is known of a modifier (`format_type.c: format_type_be`): `character`
    /// and `bit` stand for types of any length.
    pub fn format_type_be(&self, oid: Oid, path: &[Oid]) -> String {
        match (self.array_element(oid), oid) {
            (Some(element), _) => format!("{}[]", self.format_type_be(element, path)),
            (None, BPCHAR) => "character".into(),
            (None, BIT) => "bit".into(),
            (None, _) => self.format_type(TypeRef::plain(oid), path),
        }
    }

    /// The element type of a true array type.
    pub fn array_element(&self, oid: Oid) -> Option<Oid> {
        if let Some(user) = self.type_(oid) {
            return match user.kind {
                TypeKind::Array(element) => Some(element),
                TypeKind::Base(_)
                | TypeKind::Composite(_)
                | TypeKind::Enum(_)
                | TypeKind::Domain(_)
                | TypeKind::Range(_)
                | TypeKind::Multirange(_)
                | TypeKind::Shell => None,
            };
        }
        // Built-in arrays are those that are their element's array type; `name`, `point`, `oidvector` are not.
        let builtin = self.builtins().type_by_oid(oid)?;
        let element = self.builtins().type_by_oid(builtin.element)?;
        (element.array == oid).then_some(element.oid)
    }

    /// The type of arrays of a type.
    pub fn array_of(&self, oid: Oid) -> Option<Oid> {
        match self.type_(oid) {
            Some(user) => user.array,
            None => self.builtins().type_by_oid(oid).map(|t| t.array).filter(|&a| a != Oid::INVALID),
        }
    }

    /// The name and schema of a type as the catalog holds them: `int4`, `_text`, `mood`.
    pub fn type_name(&self, oid: Oid) -> Option<(Oid, &str)> {
        match self.type_(oid) {
            Some(user) => Some((user.schema, &user.name)),
            None => self.builtins().type_by_oid(oid).map(|t| (PG_CATALOG, t.name)),
        }
    }
}

/// A name as SQL text: quoted if a server of this version would not read it back as itself (`quote_identifier`).
pub fn quote_identifier<'a>(name: &'a str, builtins: &'static Builtins) -> Cow<'a, str> {
    let plain = name.bytes().enumerate().all(|(i, b)| match b {
        b'a'..=b'z' | b'_' => true,
        b'0'..=b'9' => i > 0,
        _ => false,
    });
    let reserved = || match builtins.keyword(name) {
        None | Some(KeywordCategory::Unreserved) => false,
        Some(KeywordCategory::ColName | KeywordCategory::TypeFuncName | KeywordCategory::Reserved) => true,
    };
    if plain && !name.is_empty() && !reserved() {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
    }
}

/// Precision and scale of `numeric` (`numeric.c`: 11 bits of signed scale below 16 bits of precision, plus 4).
pub fn numeric_typmod(typmod: i32) -> (i32, i32) {
    let bits = typmod - 4;
    let scale = ((bits & 0x7ff) ^ 1024) - 1024;
    ((bits >> 16) & 0xffff, scale)
}

/// The modifier of `numeric(precision, scale)`.
pub fn make_numeric_typmod(precision: i32, scale: i32) -> i32 {
    ((precision << 16) | (scale & 0x7ff)) + 4
}

/// `interval`, with its fields and precision (`timestamp.c: intervaltypmodout`).
fn interval_name(typmod: i32) -> String {
    const FULL_RANGE: i32 = 0x7fff;
    const FULL_PRECISION: i32 = 0xffff;
    if typmod < 0 {
        return "interval".into();
    }
    let (year, month, day, hour, minute, second) = (1 << 2, 1 << 1, 1 << 3, 1 << 10, 1 << 11, 1 << 12);
    let fields = (typmod >> 16) & FULL_RANGE;
    let precision = typmod & FULL_PRECISION;
    let words = match fields {
        f if f == year => " year",
        f if f == month => " month",
        f if f == day => " day",
        f if f == hour => " hour",
        f if f == minute => " minute",
        f if f == second => " second",
        f if f == year | month => " year to month",
        f if f == day | hour => " day to hour",
        f if f == day | hour | minute => " day to minute",
        f if f == day | hour | minute | second => " day to second",
        f if f == hour | minute => " hour to minute",
        f if f == hour | minute | second => " hour to second",
        f if f == minute | second => " minute to second",
        _ => "",
    };
    let precision = if precision == FULL_PRECISION { String::new() } else { format!("({precision})") };
    format!("interval{words}{precision}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_print_as_postgresql_prints_them() {
        let catalog = Catalog::new(15);
        let print = |oid, typmod| catalog.format_type(TypeRef { oid, typmod }, &[]);
        assert_eq!(print(VARCHAR, 24), "character varying(20)");
        assert_eq!(print(NUMERIC, make_numeric_typmod(10, 8)), "numeric(10,8)");
        assert_eq!(print(NUMERIC, make_numeric_typmod(3, -2)), "numeric(3,-2)");
        assert_eq!(print(TIMESTAMPTZ, 3), "timestamp(3) with time zone");
        assert_eq!(print(Oid(1009), -1), "text[]");
        assert_eq!(print(NAME, -1), "name");
        assert_eq!(print(INTERVAL, (4 << 16) | 0xffff), "interval year");
    }

    #[test]
    fn identifiers_are_quoted_where_they_must() {
        let catalog = Catalog::new(15);
        assert_eq!(catalog.quote_identifier("a1_"), "a1_");
        assert_eq!(catalog.quote_identifier("A"), "\"A\"");
        assert_eq!(catalog.quote_identifier("1a"), "\"1a\"");
        assert_eq!(catalog.quote_identifier("user"), "\"user\"");
        assert_eq!(catalog.quote_identifier("a\"b"), "\"a\"\"b\"");
    }
}
