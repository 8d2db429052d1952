//! RETURNING, and constructors with it.

use super::super::super::coerce::Coercion;
use super::super::super::error::fail;
use super::super::super::{Analyzer, Exec};
use super::{Constructor, format};
use crate::catalog::tree::{
    CaseTestExpr, CoercionContext, Expr, JsonConstructorExpr, JsonEncoding, JsonFormat, JsonFormatType, JsonReturning,
};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::replay::SqlError;
use crate::sql::ast::JsonOutput;
use crate::sql::span::Loc;

fn plain(kind: JsonFormatType, ty: Oid) -> JsonReturning {
    JsonReturning { format: JsonFormat { format: kind, encoding: JsonEncoding::Default }, ty: TypeRef::plain(ty) }
}

impl Analyzer<'_> {
    /// What is written of RETURNING; without it there is no type (`transformJsonOutput`).
    pub(super) fn json_output(&mut self, output: Option<&JsonOutput>, allow_format: bool) -> Exec<JsonReturning> {
        let Some(output) = output else { return Ok(plain(JsonFormatType::Default, Oid::INVALID)) };
        let ty = self.typename_type(&output.ty)?;
        if output.ty.setof {
            let message = "returning SETOF types is not supported in SQL/JSON functions";
            return fail("0A000", message, Loc::NONE);
        }
        if self.env.catalog.typtype(ty.oid) == 'p' {
            let message = "returning pseudo-types is not supported in SQL/JSON functions";
            return fail("0A000", message, Loc::NONE);
        }
        let mut returning = JsonReturning { format: format(output.format), ty };
        if returning.format.format == JsonFormatType::Default {
            returning.format.format = if ty.oid == t::JSONB { JsonFormatType::Jsonb } else { JsonFormatType::Json };
        } else {
            self.check_json_output_format(returning.format, ty.oid, allow_format, output.format.loc)?;
        }
        Ok(returning)
    }

    /// `checkJsonOutputFormat`
    fn check_json_output_format(&self, format: JsonFormat, ty: Oid, allow_format: bool, loc: Loc) -> Exec {
        let json = matches!(ty, t::BYTEA | t::JSON | t::JSONB);
        if !allow_format && !json && self.env.catalog.type_category(ty).0 != 'S' {
            return fail("42804", "cannot use JSON format with non-string output types", loc);
        }
        if format.format == JsonFormatType::Json {
            if ty != t::BYTEA && format.encoding != JsonEncoding::Default {
                return fail("42804", "cannot set JSON encoding for non-bytea output types", loc);
            }
            if matches!(format.encoding, JsonEncoding::Utf16 | JsonEncoding::Utf32) {
                let error = SqlError::new("0A000", "unsupported JSON encoding").at(loc);
                return Err(error.hint("Only UTF8 JSON encoding is supported.").into());
            }
        }
        Ok(())
    }

    /// `transformJsonConstructorOutput`: jsonb if an argument is that.
    pub(super) fn json_constructor_output(
        &mut self,
        output: Option<&JsonOutput>,
        args: &[Expr],
    ) -> Exec<JsonReturning> {
        let returning = self.json_output(output, true)?;
        if returning.ty.oid != Oid::INVALID {
            return Ok(returning);
        }
        let jsonb = args.iter().any(|arg| self.type_of(arg) == t::JSONB);
        Ok(if jsonb { plain(JsonFormatType::Jsonb, t::JSONB) } else { plain(JsonFormatType::Json, t::JSON) })
    }

    /// `transformJsonReturning`
    pub(super) fn json_returning(&mut self, output: Option<&JsonOutput>, function: &str) -> Exec<JsonReturning> {
        let Some(written) = output else { return Ok(plain(JsonFormatType::Json, t::JSON)) };
        let returning = self.json_output(output, false)?;
        if !matches!(returning.ty.oid, t::JSON | t::JSONB) {
            let ty = self.format_type(returning.ty.oid);
            let error = SqlError::new("42804", format!("cannot use type {ty} in RETURNING clause of {function}"));
            return Err(error.hint("Try returning json or jsonb.").at(written.ty.loc).into());
        }
        Ok(returning)
    }

    /// RETURNING of JSON_SERIALIZE.
    pub(super) fn json_serialize_output(&mut self, output: Option<&JsonOutput>) -> Exec<JsonReturning> {
        if output.is_none() {
            return Ok(plain(JsonFormatType::Json, t::TEXT));
        }
        let returning = self.json_output(output, true)?;
        let ty = returning.ty.oid;
        if ty != t::BYTEA && self.env.catalog.type_category(ty).0 != 'S' {
            let ty = self.format_type(ty);
            let message = format!("cannot use type {ty} in RETURNING clause of JSON_SERIALIZE()");
            return Err(SqlError::new("42804", message).hint("Try returning a string type or bytea.").into());
        }
        Ok(returning)
    }

    /// `makeJsonConstructorExpr`
    pub(super) fn make_json_constructor(
        &mut self,
        constructor: Constructor,
        args: Vec<Expr>,
        func: Option<Expr>,
        returning: JsonReturning,
    ) -> Exec<Expr> {
        let test = match &func {
            Some(func) => CaseTestExpr { ty: func.ty(self.env.catalog), collation: func.collation() },
            None => {
                let jsonb = returning.format.format == JsonFormatType::Jsonb;
                let ty = TypeRef::plain(if jsonb { t::JSONB } else { t::JSON });
                CaseTestExpr { ty, collation: Oid::INVALID }
            }
        };
        let coercion = self.coerce_json_func(test, returning)?;
        Ok(Expr::JsonConstructorExpr(Box::new(JsonConstructorExpr {
            kind: constructor.kind,
            args,
            func,
            coercion,
            returning,
            absent_on_null: constructor.absent_on_null,
            unique: constructor.unique,
            at: constructor.loc.into(),
        })))
    }

    /// The coercion of a result to the type of RETURNING, if one is needed (`coerceJsonFuncExpr`).
    fn coerce_json_func(&mut self, test: CaseTestExpr, returning: JsonReturning) -> Exec<Option<Expr>> {
        let (input, target) = (test.ty.oid, returning.ty);
        if target.oid == Oid::INVALID || target.oid == input {
            return Ok(None);
        }
        let test = Expr::CaseTestExpr(Box::new(test));
        if returning.format.format == JsonFormatType::Json && target.oid == t::BYTEA {
            let text = self.coerce_to_specific_type(test, t::TEXT, "JSON_FUNCTION")?;
            let encoding = self.json_encoding(returning.format);
            return self.json_call("convert_to", t::BYTEA, vec![text, encoding], Loc::NONE).map(Some);
        }
        // 16 casts explicitly, so that text is cut.
        let how = if self.env.catalog.version() < 17 {
            Coercion::cast(Loc::NONE)
        } else {
            Coercion { context: CoercionContext::Assignment, ..Coercion::ASSIGNMENT }
        };
        match self.coerce_to_target_type(test, input, target.oid, target.typmod, how)? {
            Some(coercion) => Ok(Some(coercion)),
            None => {
                let (from, to) = (self.format_type(input), self.format_type(target.oid));
                fail("42846", format!("cannot cast type {from} to {to}"), Loc::NONE)
            }
        }
    }
}
