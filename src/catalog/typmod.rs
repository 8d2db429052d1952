//! Modifiers of extensions' types: `vector(1536)`, `geometry(Point,4326)`.
//!
//! PostgreSQL asks functions of the extension for them (`typmodin`, `typmodout`); here are their rules.

use super::{Catalog, DependencyKind, Object, Oid};
use crate::sql::ast::{Expr, ExprKind, Literal, Name};

/// How the types of an extension read and print their modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypmodRule {
    /// The number of dimensions, which is the modifier (pgvector's `vector_typmod_in`, which prints by the default).
    Dimensions { max: i32 },
    /// The kind of geometry and its spatial reference system (PostGIS's `gserialized_typmod_in` and
    /// `postgis_typmod_out`).
    Geometry { default_srid: i32 },
}

/// Why a modifier is refused: the error's message. The SQLSTATE is 22023, or 22P02 for text that is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InvalidTypmod {
    Value(String),
    Number(String),
}

/// The kinds of geometry in the order of their numbers (PostGIS's `lwtype`).
const GEOMETRIES: [&str; 16] = [
    "Geometry",
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
    "CircularString",
    "CompoundCurve",
    "CurvePolygon",
    "MultiCurve",
    "MultiSurface",
    "PolyhedralSurface",
    "Triangle",
    "Tin",
];

const LARGEST_SRID: i32 = 999_999;

impl Catalog {
    /// The rule of a type that takes modifiers and is not PostgreSQL's own.
    pub(crate) fn typmod_rule(&self, oid: Oid) -> Option<TypmodRule> {
        let ty = self.type_(oid)?;
        let (Object::Extension(extension), DependencyKind::Extension) = self.owner_of(Object::Type(oid))? else {
            return None;
        };
        match (self.extension(extension)?.name.as_str(), ty.name.as_str()) {
            ("vector", "vector" | "halfvec") => Some(TypmodRule::Dimensions { max: 16_000 }),
            ("vector", "sparsevec") => Some(TypmodRule::Dimensions { max: 1_000_000_000 }),
            ("postgis", "geometry") => Some(TypmodRule::Geometry { default_srid: 0 }),
            ("postgis", "geography") => Some(TypmodRule::Geometry { default_srid: 4326 }),
            _ => None,
        }
    }
}

impl TypmodRule {
    /// The modifier that stands for words between parentheses. `type_name` is for messages.
    pub(crate) fn read(self, words: &[String], type_name: &str) -> Result<i32, InvalidTypmod> {
        let refuse = |message: String| Err(InvalidTypmod::Value(message));
        match self {
            TypmodRule::Dimensions { max } => {
                let [word] = words else { return refuse("invalid type modifier".into()) };
                match number(word)? {
                    ..=0 => refuse(format!("dimensions for type {type_name} must be at least 1")),
                    n if n > max => refuse(format!("dimensions for type {type_name} cannot exceed {max}")),
                    n => Ok(n),
                }
            }
            TypmodRule::Geometry { default_srid } => {
                let (kind, srid) = match words {
                    [kind] => (kind, 0),
                    [kind, srid, ..] => (kind, number(srid)?),
                    [] => return Ok(-1),
                };
                let Some(bits) = geometry_bits(kind) else {
                    return refuse(format!("Invalid geometry type modifier: {kind}"));
                };
                let srid = match srid {
                    ..=0 => default_srid,
                    n if n > LARGEST_SRID => 999_000 + n % 999,
                    n => n,
                };
                Ok(srid << 8 | bits)
            }
        }
    }

    /// The modifier in parentheses as types print, or nothing.
    pub(crate) fn print(self, typmod: i32) -> String {
        match self {
            TypmodRule::Dimensions { .. } => format!("({typmod})"),
            TypmodRule::Geometry { .. } if typmod == 0 => String::new(),
            TypmodRule::Geometry { .. } => {
                let index = usize::try_from((typmod >> 2) & 0x3f).unwrap_or_default();
                let kind = GEOMETRIES.get(index).copied().unwrap_or_default();
                let z = if typmod & 2 != 0 { "Z" } else { "" };
                let m = if typmod & 1 != 0 { "M" } else { "" };
                match (typmod >> 8) & 0x1f_ffff {
                    0 => format!("({kind}{z}{m})"),
                    srid => format!("({kind}{z}{m},{srid})"),
                }
            }
        }
    }
}

/// The modifiers of a type name as `typmodin` functions see them: constants and identifiers as text
/// (`parse_type.c: typenameTypeMod`); nothing for anything else.
pub(crate) fn typmod_words(typmods: &[Expr]) -> Option<Vec<String>> {
    fn word(expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Literal(Literal::Integer(n)) => Some(n.to_string()),
            ExprKind::Literal(Literal::String(text) | Literal::Float(text)) => Some(text.clone()),
            ExprKind::Column(name) if name.len() == 1 => name.first().map(Name::to_string),
            ExprKind::Op { op, left: None, right } if op.name == "-" => Some(format!("-{}", word(right)?)),
            _ => None,
        }
    }
    typmods.iter().map(word).collect()
}

/// A number as `pg_strtoint32` reads it.
fn number(word: &str) -> Result<i32, InvalidTypmod> {
    let invalid = || InvalidTypmod::Number(format!("invalid input syntax for type integer: \"{word}\""));
    word.trim().parse().map_err(|_| invalid())
}

/// `PointZM` as bits: the kind's number above one bit each for Z and M. Case and spaces do not matter.
fn geometry_bits(word: &str) -> Option<i32> {
    let word: String = word.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let find = |suffix: &str| {
        let kind = word.strip_suffix(suffix)?;
        GEOMETRIES.iter().position(|name| name.eq_ignore_ascii_case(kind))
    };
    let suffixes = [("", 0), ("z", 2), ("m", 1), ("zm", 3)];
    let (index, bits) = suffixes.into_iter().find_map(|(suffix, bits)| Some((find(suffix)?, bits)))?;
    Some(i32::try_from(index).ok()? << 2 | bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rule: TypmodRule, words: &[&str]) -> Result<i32, InvalidTypmod> {
        rule.read(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>(), "vector")
    }

    /// The numbers are those of PostGIS 3.3.
    #[test]
    fn geometries_are_numbered_as_postgis_does() {
        let (geometry, geography) =
            (TypmodRule::Geometry { default_srid: 0 }, TypmodRule::Geometry { default_srid: 4326 });
        let cases: [(TypmodRule, &[&str], i32, &str); 10] = [
            (geometry, &["point"], 4, "(Point)"),
            (geometry, &["point", "4326"], 1_107_460, "(Point,4326)"),
            (geometry, &["PointZ", "4326"], 1_107_462, "(PointZ,4326)"),
            (geometry, &["point z m", "3857"], 987_399, "(PointZM,3857)"),
            (geometry, &["geometry"], 0, ""),
            (geometry, &["geometryz"], 2, "(GeometryZ)"),
            (geometry, &["MultiPolygonM", "0"], 25, "(MultiPolygonM)"),
            (geometry, &["tin"], 60, "(Tin)"),
            (geometry, &["point", "9999999"], (999_009 << 8) | 4, "(Point,999009)"),
            (geography, &["Polygon", "0"], 1_107_468, "(Polygon,4326)"),
        ];
        for (rule, words, typmod, printed) in cases {
            assert_eq!(read(rule, words), Ok(typmod), "{words:?}");
            assert_eq!(rule.print(typmod), printed);
        }
        let invalid = |message: &str| Err(InvalidTypmod::Value(message.into()));
        assert_eq!(read(geometry, &["curve"]), invalid("Invalid geometry type modifier: curve"));
        assert_eq!(read(geometry, &["4326"]), invalid("Invalid geometry type modifier: 4326"));
        let no_number = "invalid input syntax for type integer: \"x\"";
        assert_eq!(read(geometry, &["point", "x"]), Err(InvalidTypmod::Number(no_number.into())));
    }

    #[test]
    fn dimensions_have_bounds() {
        let vector = TypmodRule::Dimensions { max: 16_000 };
        assert_eq!(read(vector, &["1536"]), Ok(1536));
        assert_eq!(vector.print(1536), "(1536)");
        let invalid = |message: &str| Err(InvalidTypmod::Value(message.into()));
        assert_eq!(read(vector, &["0"]), invalid("dimensions for type vector must be at least 1"));
        assert_eq!(read(vector, &["16001"]), invalid("dimensions for type vector cannot exceed 16000"));
        assert_eq!(read(vector, &["1", "2"]), invalid("invalid type modifier"));
    }
}
