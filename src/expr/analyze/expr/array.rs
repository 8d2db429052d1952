//! `ARRAY[…]` (`parse_expr.c: transformArrayExpr`).

use super::super::coerce::Coercion;
use super::super::error::fail;
use super::super::{Analyzer, Exec};
use crate::catalog::tree::{ArrayExpr, Expr};
use crate::catalog::{Oid, type_oid as t};
use crate::replay::SqlError;
use crate::sql::ast;
use crate::sql::span::Loc;

/// The type that a cast around an array wants.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// The array's type.
    pub array: Oid,
    /// Its elements' type.
    pub element: Oid,
    /// The modifier.
    pub typmod: i32,
}

impl Analyzer<'_> {
    /// An array, of a type if that is known.
    pub(super) fn transform_array(&mut self, elements: &[ast::Expr], wanted: Option<Wanted>, loc: Loc) -> Exec<Expr> {
        let catalog = self.env.catalog;
        let mut multidims = false;
        let mut list = Vec::with_capacity(elements.len());
        for element in elements {
            let new = match &element.kind {
                ast::ExprKind::Array(inner) => {
                    multidims = true;
                    self.transform_array(inner, wanted, element.loc)?
                }
                _ => {
                    let new = self.transform_expr_recurse(element)?;
                    if !multidims {
                        let ty = self.type_of(&new);
                        multidims =
                            ty != t::INT2VECTOR && ty != t::OIDVECTOR && catalog.element_type(ty) != Oid::INVALID;
                    }
                    new
                }
            };
            list.push(new);
        }
        let (array, element, coerce_to) = match wanted {
            Some(wanted) => {
                let coerce_to = if multidims { wanted.array } else { wanted.element };
                (wanted.array, wanted.element, coerce_to)
            }
            None => {
                if list.is_empty() {
                    let error = SqlError::new("42P18", "cannot determine type of empty array");
                    let hint = "Explicitly cast to the desired type, for example ARRAY[]::integer[].";
                    return Err(error.hint(hint).at(loc).into());
                }
                let common = self.select_common_type(&list, Some("ARRAY"))?;
                let (array, element) = if multidims {
                    (common, catalog.element_type(common))
                } else {
                    (catalog.array_type(common), common)
                };
                if element == Oid::INVALID {
                    let name = self.format_type(common);
                    return fail("42704", format!("could not find element type for data type {name}"), loc);
                }
                if array == Oid::INVALID {
                    let name = self.format_type(common);
                    return fail("42704", format!("could not find array type for data type {name}"), loc);
                }
                (array, element, common)
            }
        };
        let mut elements = Vec::with_capacity(list.len());
        for new in list {
            elements.push(match wanted {
                None => self.coerce_to_common_type(new, coerce_to, "ARRAY")?,
                Some(wanted) => {
                    let input = self.type_of(&new);
                    let new_loc = new.loc();
                    let how = Coercion::cast(Loc::NONE);
                    match self.coerce_to_target_type(new, input, coerce_to, wanted.typmod, how)? {
                        Some(new) => new,
                        None => {
                            let (from, to) = (self.format_type(input), self.format_type(coerce_to));
                            return fail("42846", format!("cannot cast type {from} to {to}"), new_loc);
                        }
                    }
                }
            });
        }
        Ok(Expr::ArrayExpr(Box::new(ArrayExpr {
            ty: array,
            collation: Oid::INVALID,
            element,
            elements,
            multidims,
            at: loc.into(),
        })))
    }
}
