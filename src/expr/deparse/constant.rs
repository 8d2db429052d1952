//! Constants and casts (`get_const_expr`, `get_coercion_expr`).

use super::context::Context;
use crate::catalog::tree::{Const, Expr};
use crate::catalog::{Oid, TypeRef, type_oid as t};
use crate::expr::datum::{Datum, DatumEnv, output};

/// Whether a constant's type is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShowType {
    /// Never: the caller shows it.
    Never,
    /// Where the constant would not be taken for one of its type.
    IfNeeded,
    /// Always: a bare number could mean a column.
    Always,
}

impl<'a> Context<'a> {
    /// A constant (`get_const_expr`).
    pub(super) fn constant(&mut self, constant: &Const, show: ShowType) {
        let Some(value) = &constant.value else {
            self.push("NULL");
            if show != ShowType::Never {
                self.cast_suffix(constant.ty);
                self.constant_collation(constant);
            }
            return;
        };
        let current = constant.object.map(|object| {
            let env = DatumEnv::new(self.catalog(), &self.env.path);
            output(&env, constant.ty.oid, &Datum { text: value.to_string(), object: Some(object) })
        });
        let text = current.as_deref().unwrap_or(value);
        let bare = match constant.ty.oid {
            t::INT4 => !text.starts_with('-'),
            // A number with a point or an exponent is read as numeric; a sign would be an operator.
            t::NUMERIC => text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['e', 'E', '.']),
            t::BOOL => true,
            _ => false,
        };
        match constant.ty.oid {
            t::BOOL => self.push(if text == "t" { "true" } else { "false" }),
            _ if bare => self.push(text),
            _ => self.literal(text),
        }
        let label = match constant.ty.oid {
            t::BOOL | t::UNKNOWN => false,
            t::INT4 => !bare,
            t::NUMERIC => !bare || constant.ty.typmod >= 0,
            _ => true,
        };
        if show == ShowType::Never {
            return;
        }
        if label || show == ShowType::Always {
            self.cast_suffix(constant.ty);
        }
        self.constant_collation(constant);
    }

    /// `get_const_collation`
    fn constant_collation(&mut self, constant: &Const) {
        if constant.collation != Oid::INVALID && constant.collation != self.catalog().type_collation(constant.ty.oid) {
            self.collate(constant.collation);
        }
    }

    /// ` COLLATE c`
    pub(super) fn collate(&mut self, collation: Oid) {
        let name = self.generate_collation_name(collation);
        self.push(" COLLATE ");
        self.push(&name);
    }

    /// A cast (`get_coercion_expr`).
    pub(super) fn coercion(&mut self, arg: &'a Expr, ty: TypeRef, parent: &'a Expr) {
        match arg {
            Expr::Const(constant) if constant.ty == TypeRef::plain(ty.oid) => {
                // A length that is applied to a literal: the literal's own type is not shown too.
                self.constant(constant, ShowType::Never);
            }
            _ => {
                self.open();
                self.rule_expr_paren(arg, false, parent);
                self.close();
            }
        }
        self.cast_suffix(ty);
    }
}
