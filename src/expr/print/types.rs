//! Names of types, and constants of a known type.

use super::{Writer, desugar::desugar};
use crate::catalog::{Binding, Catalog, Object, Oid, TypeRef, type_oid, typmod_words};
use crate::sql::ast::*;

impl Writer<'_> {
    pub(super) fn type_name(&mut self, ty: &TypeName) {
        if ty.setof {
            self.push("SETOF ");
        }
        if let Some(column) = &ty.percent_type {
            self.qualified_name(&ty.name);
            self.push(".");
            self.ident(column);
            self.push("%TYPE");
        } else {
            self.element_type(ty);
        }
        // PostgreSQL does not tell one number of dimensions from another.
        let dims = if self.is_stored() { ty.array_dims.min(1) } else { ty.array_dims };
        for _ in 0..dims {
            self.push("[]");
        }
    }

    fn element_type(&mut self, ty: &TypeName) {
        if let (Some(stored), Some(Binding::Object(Object::Type(oid)))) = (self.stored, self.binding(ty.loc)) {
            // An extension's type prints its modifier in its own words.
            let typmod = stored.catalog.typmod_rule(oid).and_then(|rule| {
                let words = typmod_words(&ty.typmods).filter(|words| !words.is_empty())?;
                rule.read(&words, &ty.name.name).ok()
            });
            let name = stored.catalog.format_type(TypeRef { oid, typmod: typmod.unwrap_or(-1) }, stored.path);
            self.push(&name);
            if typmod.is_none() {
                self.typmods(&ty.typmods);
            }
            return;
        }
        let of_grammar = ty.name.schema.as_deref() == Some("pg_catalog");
        if (of_grammar || (self.is_stored() && ty.name.schema.is_none())) && self.sql_type(&ty.name.name, &ty.typmods) {
            return;
        }
        if self.is_stored()
            && let Some(element) = ty.name.name.strip_prefix('_')
            && (of_grammar || ty.name.schema.is_none())
            && self.builtins.type_by_name(&ty.name.name).is_some_and(|t| t.is_array())
        {
            let element = TypeName { name: QualifiedName::in_schema("pg_catalog", element), ..ty.clone() };
            self.element_type(&element);
            self.push("[]");
            return;
        }
        self.qualified_name(&ty.name);
        self.typmods(&ty.typmods);
    }

    /// A built-in type under SQL's name for it, if it has one (`format_type.c`). Without it, false.
    fn sql_type(&mut self, name: &str, typmods: &[Expr]) -> bool {
        let bare = typmods.is_empty();
        match name {
            "bool" if bare => self.push("boolean"),
            "int2" if bare => self.push("smallint"),
            "int4" if bare => self.push("integer"),
            "int8" if bare => self.push("bigint"),
            "float4" if bare => self.push("real"),
            "float8" if bare => self.push("double precision"),
            "json" if bare => self.push("json"),
            "bpchar" if !bare => self.words("character", typmods, ""),
            "varchar" => self.words("character varying", typmods, ""),
            "bit" if !bare => self.words("bit", typmods, ""),
            "varbit" => self.words("bit varying", typmods, ""),
            "time" => self.words("time", typmods, " without time zone"),
            "timetz" => self.words("time", typmods, " with time zone"),
            "timestamp" => self.words("timestamp", typmods, " without time zone"),
            "timestamptz" => self.words("timestamp", typmods, " with time zone"),
            "numeric" => match typmods {
                [precision] if self.is_stored() => {
                    self.push("numeric(");
                    self.expr(precision);
                    self.push(",0)");
                }
                _ => self.words("numeric", typmods, ""),
            },
            "interval" => return self.interval(typmods),
            _ => return false,
        }
        true
    }

    fn words(&mut self, name: &str, typmods: &[Expr], zone: &str) {
        self.push(name);
        self.typmods(typmods);
        self.push(zone);
    }

    fn typmods(&mut self, typmods: &[Expr]) {
        if !typmods.is_empty() {
            for (i, typmod) in typmods.iter().enumerate() {
                self.push(if i == 0 { "(" } else { "," });
                self.expr(typmod);
            }
            self.push(")");
        }
    }

    /// The grammar gives `interval` its fields as a set of bits, and the precision (`gram.y: opt_interval`).
    fn interval(&mut self, typmods: &[Expr]) -> bool {
        let integer = |e: &Expr| match e.kind {
            ExprKind::Literal(Literal::Integer(n)) => Some(n),
            _ => None,
        };
        let (fields, precision) = match typmods {
            [] => (FULL_RANGE, None),
            [fields] => match integer(fields) {
                Some(fields) => (fields, None),
                None => return false,
            },
            [fields, precision] => match integer(fields) {
                Some(fields) => (fields, Some(precision)),
                None => return false,
            },
            _ => return false,
        };
        let words = match fields {
            FULL_RANGE => "",
            YEAR => " year",
            MONTH => " month",
            DAY => " day",
            HOUR => " hour",
            MINUTE => " minute",
            SECOND => " second",
            _ if fields == YEAR | MONTH => " year to month",
            _ if fields == DAY | HOUR => " day to hour",
            _ if fields == DAY | HOUR | MINUTE => " day to minute",
            _ if fields == DAY | HOUR | MINUTE | SECOND => " day to second",
            _ if fields == HOUR | MINUTE => " hour to minute",
            _ if fields == HOUR | MINUTE | SECOND => " hour to second",
            _ if fields == MINUTE | SECOND => " minute to second",
            _ => return false,
        };
        self.push("interval");
        self.push(words);
        if let Some(precision) = precision {
            self.push("(");
            self.expr(precision);
            self.push(")");
        }
        true
    }
}

/// `INTERVAL_FULL_RANGE`
const FULL_RANGE: i32 = 0x7FFF;
/// `INTERVAL_MASK(YEAR)` and so on (`utils/timestamp.h`, `utils/datetime.h`).
const MONTH: i32 = 1 << 1;
const YEAR: i32 = 1 << 2;
const DAY: i32 = 1 << 3;
const HOUR: i32 = 1 << 10;
const MINUTE: i32 = 1 << 11;
const SECOND: i32 = 1 << 12;

/// A constant that is coerced to a type: as PostgreSQL prints the constant that is left (`ruleutils.c:
/// get_const_expr`). Nothing if it is no bare constant, or if the type's input function would change its text.
pub(super) fn typed_constant(catalog: &Catalog, path: &[Oid], expr: &Expr, ty: TypeRef) -> Option<String> {
    let rewritten = desugar(expr);
    let literal = match &rewritten.as_ref().unwrap_or(expr).kind {
        ExprKind::Literal(literal) => literal.clone(),
        _ => return None,
    };
    let labelled = |text: &str| {
        // A length is applied by a coercion that does not show.
        let name = catalog.format_type(TypeRef::plain(ty.oid), path);
        Some(format!("{}::{name}", super::quote_literal(text)))
    };
    match literal {
        Literal::String(text) => match ty.oid {
            type_oid::BOOL | type_oid::INT4 | type_oid::NUMERIC => {
                let plain = TypeName { name: builtin_name(ty.oid), ..TypeName::default() };
                let operand = Box::new(Expr { kind: ExprKind::Literal(Literal::String(text.clone())), loc: expr.loc });
                let cast = Expr { kind: ExprKind::Cast { operand, ty: plain }, loc: expr.loc };
                match desugar(&cast).map(|e| e.kind) {
                    Some(ExprKind::Literal(Literal::Boolean(b))) => Some(b.to_string()),
                    Some(ExprKind::Literal(Literal::Integer(n))) if n >= 0 => Some(n.to_string()),
                    Some(ExprKind::Literal(Literal::Float(n))) if !n.starts_with('-') => Some(n),
                    _ => labelled(&text),
                }
            }
            type_oid::UNKNOWN => None,
            _ => labelled(&text),
        },
        Literal::Integer(n) if n < 0 && ty.oid == type_oid::INT4 => labelled(&n.to_string()),
        Literal::Null => {
            let name = catalog.format_type(TypeRef::plain(ty.oid), path);
            Some(format!("NULL::{name}"))
        }
        Literal::Integer(_) | Literal::Float(_) | Literal::Boolean(_) | Literal::BitString(_) => None,
    }
}

fn builtin_name(oid: Oid) -> QualifiedName {
    QualifiedName::in_schema(
        "pg_catalog",
        match oid {
            type_oid::BOOL => "bool",
            type_oid::INT4 => "int4",
            _ => "numeric",
        },
    )
}
