//! The type that several expressions have in common.

use super::super::error::fail;
use super::super::{Analyzer, Exec};
use super::{Coercion, Oid};
use crate::catalog::tree::{CoercionContext, Expr};
use crate::catalog::type_oid as t;
use crate::sql::span::Loc;

impl Analyzer<'_> {
    /// The type that expressions get in UNION, CASE and the like (`parse_coerce.c: select_common_type`). Without a
    /// context there is no error but no type either.
    pub(in super::super) fn select_common_type<'e>(
        &self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        context: Option<&str>,
    ) -> Exec<Oid> {
        Ok(self.select_common_type_and_expr(exprs, context)?.0)
    }

    /// The same, with the index of the expression that decided it.
    pub(in super::super) fn select_common_type_and_expr<'e>(
        &self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        context: Option<&str>,
    ) -> Exec<(Oid, usize)> {
        let mut exprs = exprs.into_iter().enumerate().peekable();
        let Some((_, first)) = exprs.next() else { return Ok((t::TEXT, 0)) };
        let mut ty = self.type_of(first);
        let mut best = 0;
        if ty != t::UNKNOWN {
            // All alike, domains too.
            while exprs.peek().is_some_and(|(_, e)| self.type_of(e) == ty) {
                exprs.next();
            }
            if exprs.peek().is_none() {
                return Ok((ty, 0));
            }
        }
        let mut common = Common::new(self, &mut ty);
        for (index, expr) in exprs {
            let next = self.env.catalog.base_type(self.type_of(expr));
            match common.add(self, next) {
                Added::Kept => {}
                Added::Taken => best = index,
                Added::Mismatch => {
                    let Some(context) = context else { return Ok((Oid::INVALID, best)) };
                    let (a, b) = (self.format_type(common.ty), self.format_type(next));
                    return fail("42804", format!("{context} types {a} and {b} cannot be matched"), expr.loc());
                }
            }
        }
        Ok((common.result(), best))
    }

    /// The same for types alone (`parse_coerce.c: select_common_type_from_oids`); the two that do not match are the
    /// error.
    pub(super) fn select_common_type_from_oids(&self, types: &[Oid]) -> Result<Oid, (Oid, Oid)> {
        let Some((&first, rest)) = types.split_first() else { return Ok(t::TEXT) };
        if first != t::UNKNOWN && rest.iter().all(|&ty| ty == first) {
            return Ok(first);
        }
        let mut ty = first;
        let mut common = Common::new(self, &mut ty);
        // PostgreSQL goes on where the types stopped being alike, which gives the same result.
        for &next in rest {
            let next = self.env.catalog.base_type(next);
            match common.add(self, next) {
                Added::Kept | Added::Taken => {}
                Added::Mismatch => return Err((common.ty, next)),
            }
        }
        Ok(common.result())
    }

    /// Converts to the common type (`parse_coerce.c: coerce_to_common_type`).
    pub(in super::super) fn coerce_to_common_type(&self, node: Expr, target: Oid, context: &str) -> Exec<Expr> {
        let input = self.type_of(&node);
        if input == target {
            return Ok(node);
        }
        if self.can_coerce_type(input, target, CoercionContext::Implicit) {
            return self.coerce_type(node, input, target, -1, Coercion::IMPLICIT);
        }
        let (a, b) = (self.format_type(input), self.format_type(target));
        fail("42846", format!("{context} could not convert type {a} to {b}"), node.loc())
    }

    /// All can be converted to the common type (`parse_coerce.c: verify_common_type`).
    pub(in super::super) fn verify_common_type<'e>(
        &self,
        common: Oid,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) -> bool {
        exprs.into_iter().all(|e| self.can_coerce_type(self.type_of(e), common, CoercionContext::Implicit))
    }

    /// The modifier that all have that are of the common type (`parse_coerce.c: select_common_typmod`).
    pub(in super::super) fn select_common_typmod<'e>(
        &self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        common: Oid,
    ) -> i32 {
        let mut result = None;
        for expr in exprs {
            let ty = expr.ty(self.env.catalog);
            if ty.oid != common || result.is_some_and(|typmod| typmod != ty.typmod) {
                return -1;
            }
            result = Some(ty.typmod);
        }
        result.unwrap_or(-1)
    }

    /// An error at the place of a coercion, or of what it is applied to (`parser_coercion_errposition`).
    pub(in super::super) fn coercion_loc(loc: Loc, input: &Expr) -> Loc {
        if loc == Loc::NONE { input.loc() } else { loc }
    }
}

/// The state of the search.
struct Common {
    ty: Oid,
    category: char,
    preferred: bool,
}

enum Added {
    Kept,
    Taken,
    Mismatch,
}

impl Common {
    fn new(analyzer: &Analyzer<'_>, first: &mut Oid) -> Common {
        let ty = analyzer.env.catalog.base_type(*first);
        let (category, preferred) = analyzer.env.catalog.type_category(ty);
        Common { ty, category, preferred }
    }

    fn add(&mut self, analyzer: &Analyzer<'_>, next: Oid) -> Added {
        if next == t::UNKNOWN || next == self.ty {
            return Added::Kept;
        }
        let (category, preferred) = analyzer.env.catalog.type_category(next);
        let implicit = CoercionContext::Implicit;
        let take = if self.ty == t::UNKNOWN {
            true
        } else if category != self.category {
            return Added::Mismatch;
        } else {
            !self.preferred
                && analyzer.can_coerce_type(self.ty, next, implicit)
                && !analyzer.can_coerce_type(next, self.ty, implicit)
        };
        if take {
            *self = Common { ty: next, category, preferred };
            return Added::Taken;
        }
        Added::Kept
    }

    fn result(&self) -> Oid {
        if self.ty == t::UNKNOWN { t::TEXT } else { self.ty }
    }
}
