//! What every node has: its type, its collation, its place (`nodeFuncs.c`).

use super::{At, Expr, SubLinkKind, XmlOp};
use crate::catalog::{Catalog, Oid, TypeRef, type_oid as t};
use crate::sql::span::Loc;

impl Expr {
    /// Its type and modifier (`nodeFuncs.c: exprType`, `exprTypmod`). The catalog tells the array of an `ARRAY(…)`.
    pub fn ty(&self, catalog: &Catalog) -> TypeRef {
        match self {
            Expr::Var(x) => x.ty,
            Expr::Const(x) => x.ty,
            Expr::Param(x) => x.ty,
            Expr::Aggref(x) => x.ty,
            Expr::GroupingFunc(_) => TypeRef::plain(t::INT4),
            Expr::WindowFunc(x) => x.ty,
            Expr::MergeSupportFunc(x) => x.ty,
            Expr::SubscriptingRef(x) => x.ty,
            Expr::FuncExpr(x) => x.ty,
            Expr::NamedArgExpr(x) => x.arg.ty(catalog),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) => x.ty,
            Expr::NullIfExpr(x) => {
                TypeRef { oid: x.ty.oid, typmod: x.args.first().map_or(-1, |a| a.ty(catalog).typmod) }
            }
            Expr::ScalarArrayOpExpr(_)
            | Expr::BoolExpr(_)
            | Expr::RowCompareExpr(_)
            | Expr::JsonIsPredicate(_)
            | Expr::NullTest(_)
            | Expr::BooleanTest(_)
            | Expr::CurrentOfExpr(_) => TypeRef::plain(t::BOOL),
            Expr::SubLink(x) => match x.kind {
                SubLinkKind::Expr => x.query.result_targets().next().map_or(NONE, |target| target.expr.ty(catalog)),
                SubLinkKind::Array => {
                    let Some(first) = x.query.result_targets().next() else { return NONE };
                    let ty = first.expr.ty(catalog);
                    let array = if ty.oid == t::UNKNOWN { t::TEXT } else { ty.oid };
                    TypeRef { oid: catalog.promoted_array_type(array), typmod: ty.typmod }
                }
                SubLinkKind::MultiExpr => TypeRef::plain(t::RECORD),
                SubLinkKind::Exists | SubLinkKind::All | SubLinkKind::Any | SubLinkKind::RowCompare => {
                    TypeRef::plain(t::BOOL)
                }
            },
            Expr::FieldSelect(x) => x.ty,
            Expr::FieldStore(x) => TypeRef::plain(x.ty),
            Expr::RelabelType(x) => x.ty,
            Expr::CoerceViaIO(x) => TypeRef::plain(x.ty),
            Expr::ArrayCoerceExpr(x) => x.ty,
            Expr::ConvertRowtypeExpr(x) => TypeRef::plain(x.ty),
            Expr::CollateExpr(x) => x.arg.ty(catalog),
            Expr::CaseExpr(x) => {
                let results = x.whens.iter().map(|w| &w.result).chain([&x.default]);
                TypeRef { oid: x.ty, typmod: common_typmod(catalog, x.ty, results) }
            }
            Expr::CaseTestExpr(x) => x.ty,
            Expr::ArrayExpr(x) => {
                let ty = if x.multidims { x.ty } else { x.element };
                TypeRef { oid: x.ty, typmod: common_typmod(catalog, ty, x.elements.iter()) }
            }
            Expr::RowExpr(x) => TypeRef::plain(x.ty),
            Expr::CoalesceExpr(x) => TypeRef { oid: x.ty, typmod: common_typmod(catalog, x.ty, x.args.iter()) },
            Expr::MinMaxExpr(x) => TypeRef { oid: x.ty, typmod: common_typmod(catalog, x.ty, x.args.iter()) },
            Expr::SqlValueFunction(x) => x.ty,
            Expr::XmlExpr(x) => match x.op {
                XmlOp::IsDocument => TypeRef::plain(t::BOOL),
                XmlOp::Serialize => x.ty,
                XmlOp::Concat | XmlOp::Element | XmlOp::Forest | XmlOp::Parse | XmlOp::Pi | XmlOp::Root => {
                    TypeRef::plain(t::XML)
                }
            },
            Expr::JsonValueExpr(x) => x.formatted.ty(catalog),
            Expr::JsonConstructorExpr(x) => x.returning.ty,
            Expr::JsonExpr(x) => x.returning.ty,
            Expr::CoerceToDomain(x) => x.ty,
            Expr::CoerceToDomainValue(x) => x.ty,
            Expr::SetToDefault(x) => x.ty,
        }
    }

    /// The collation of its value; none if its type has none (`nodeFuncs.c: exprCollation`).
    pub fn collation(&self) -> Oid {
        match self {
            Expr::Var(x) => x.collation,
            Expr::Const(x) => x.collation,
            Expr::Param(x) => x.collation,
            Expr::Aggref(x) => x.collation,
            Expr::WindowFunc(x) => x.collation,
            Expr::MergeSupportFunc(x) => x.collation,
            Expr::SubscriptingRef(x) => x.collation,
            Expr::FuncExpr(x) => x.collation,
            Expr::NamedArgExpr(x) => x.arg.collation(),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => x.collation,
            Expr::SubLink(x) => match x.kind {
                SubLinkKind::Expr | SubLinkKind::Array => {
                    x.query.result_targets().next().map_or(Oid::INVALID, |target| target.expr.collation())
                }
                SubLinkKind::MultiExpr
                | SubLinkKind::Exists
                | SubLinkKind::All
                | SubLinkKind::Any
                | SubLinkKind::RowCompare => Oid::INVALID,
            },
            Expr::FieldSelect(x) => x.collation,
            Expr::RelabelType(x) => x.collation,
            Expr::CoerceViaIO(x) => x.collation,
            Expr::ArrayCoerceExpr(x) => x.collation,
            Expr::CollateExpr(x) => x.collation,
            Expr::CaseExpr(x) => x.collation,
            Expr::CaseTestExpr(x) => x.collation,
            Expr::ArrayExpr(x) => x.collation,
            Expr::CoalesceExpr(x) => x.collation,
            Expr::MinMaxExpr(x) => x.collation,
            Expr::SqlValueFunction(x) => x.collation,
            // `XMLSERIALIZE` gives text or varchar, which have the default collation (`nodeFuncs.c`).
            Expr::XmlExpr(x) => match x.op {
                XmlOp::Serialize => crate::catalog::DEFAULT_COLLATION,
                XmlOp::Concat
                | XmlOp::Element
                | XmlOp::Forest
                | XmlOp::Parse
                | XmlOp::Pi
                | XmlOp::Root
                | XmlOp::IsDocument => Oid::INVALID,
            },
            Expr::JsonValueExpr(x) => x.formatted.collation(),
            Expr::JsonConstructorExpr(x) => x.coercion.as_ref().map_or(Oid::INVALID, Expr::collation),
            Expr::JsonExpr(x) => x.collation,
            Expr::CoerceToDomain(x) => x.collation,
            Expr::CoerceToDomainValue(x) => x.collation,
            Expr::SetToDefault(x) => x.collation,
            Expr::GroupingFunc(_)
            | Expr::ScalarArrayOpExpr(_)
            | Expr::BoolExpr(_)
            | Expr::FieldStore(_)
            | Expr::ConvertRowtypeExpr(_)
            | Expr::RowExpr(_)
            | Expr::RowCompareExpr(_)
            | Expr::JsonIsPredicate(_)
            | Expr::NullTest(_)
            | Expr::BooleanTest(_)
            | Expr::CurrentOfExpr(_) => Oid::INVALID,
        }
    }

    /// Where it starts: the leftmost place of it and what is under it, for kinds that can start with an operand
    /// (`nodeFuncs.c: exprLocation`).
    pub fn loc(&self) -> Loc {
        let leftmost = |own: At, args: &[Expr]| args.first().map_or(own.0, |arg| leftmost(own.0, arg.loc()));
        match self {
            Expr::Var(x) => x.at.0,
            Expr::Const(x) => x.at.0,
            Expr::Param(x) => x.at.0,
            Expr::Aggref(x) => x.at.0,
            Expr::GroupingFunc(x) => x.at.0,
            Expr::WindowFunc(x) => x.at.0,
            Expr::MergeSupportFunc(x) => x.at.0,
            Expr::SubscriptingRef(x) => x.operand.loc(),
            Expr::FuncExpr(x) => leftmost(x.at, &x.args),
            Expr::NamedArgExpr(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::OpExpr(x) | Expr::DistinctExpr(x) | Expr::NullIfExpr(x) => leftmost(x.at, &x.args),
            Expr::ScalarArrayOpExpr(x) => self::leftmost(x.at.0, x.scalar.loc()),
            Expr::BoolExpr(x) => leftmost(x.at, &x.args),
            Expr::SubLink(x) => x.test.as_ref().map_or(x.at.0, |test| self::leftmost(x.at.0, test.loc())),
            Expr::FieldSelect(x) => x.arg.loc(),
            Expr::FieldStore(x) => x.arg.loc(),
            Expr::RelabelType(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::CoerceViaIO(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::ArrayCoerceExpr(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::ConvertRowtypeExpr(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::CollateExpr(x) => x.arg.loc(),
            Expr::CaseExpr(x) => x.at.0,
            Expr::CaseTestExpr(_) | Expr::CurrentOfExpr(_) => Loc::NONE,
            Expr::ArrayExpr(x) => x.at.0,
            Expr::RowExpr(x) => x.at.0,
            Expr::RowCompareExpr(x) => x.left.first().map_or(Loc::NONE, Expr::loc),
            Expr::CoalesceExpr(x) => x.at.0,
            Expr::MinMaxExpr(x) => x.at.0,
            Expr::SqlValueFunction(x) => x.at.0,
            Expr::XmlExpr(x) => leftmost(x.at, &x.args),
            Expr::JsonValueExpr(x) => x.raw.loc(),
            Expr::JsonConstructorExpr(x) => x.at.0,
            Expr::JsonIsPredicate(x) => x.at.0,
            Expr::JsonExpr(x) => self::leftmost(x.at.0, x.formatted.loc()),
            Expr::NullTest(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::BooleanTest(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::CoerceToDomain(x) => self::leftmost(x.at.0, x.arg.loc()),
            Expr::CoerceToDomainValue(x) => x.at.0,
            Expr::SetToDefault(x) => x.at.0,
        }
    }

    /// A NULL of that type without a place (`makefuncs.c: makeNullConst`).
    pub fn null(ty: TypeRef, collation: Oid) -> Expr {
        Expr::Const(Box::new(super::Const { ty, collation, value: None, object: None, at: At::NONE }))
    }
}

const NONE: TypeRef = TypeRef::plain(Oid::INVALID);

/// The smaller of two places; none counts only if both are (`nodeFuncs.c: leftmostLoc`).
fn leftmost(a: Loc, b: Loc) -> Loc {
    match (a.offset(), b.offset()) {
        (Some(_), Some(_)) => a.min(b),
        (Some(_), None) => a,
        (None, _) => b,
    }
}

/// The modifier that all have, if they have the type and agree.
fn common_typmod<'e>(catalog: &Catalog, ty: Oid, exprs: impl Iterator<Item = &'e Expr>) -> i32 {
    let mut common = None;
    for expr in exprs {
        let this = expr.ty(catalog);
        if this.oid != ty || this.typmod < 0 || common.is_some_and(|typmod| typmod != this.typmod) {
            return -1;
        }
        common = Some(this.typmod);
    }
    common.unwrap_or(-1)
}

impl Expr {
    /// The columns of the one relation that a stored expression belongs to, in the order in which they are met; the
    /// whole row is 0 (`var.c: pull_var_clause`).
    pub fn columns(&self) -> Vec<crate::catalog::AttrNumber> {
        let mut columns = Vec::new();
        self.walk(&mut |expr| {
            if let Expr::Var(var) = expr
                && var.levels_up == 0
                && !columns.contains(&var.varattno)
            {
                columns.push(var.varattno);
            }
            // What a sub-query calls a column is its own.
            !matches!(expr, Expr::SubLink(_))
        });
        columns
    }
}
