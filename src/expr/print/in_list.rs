//! `IN` with texts whose type comes from the other side.

use super::{Writer, quote_literal};
use crate::catalog::{Binding, TypeKind, TypeRef, type_oid};
use crate::sql::ast::{Expr, ExprKind, Literal};

impl Writer<'_> {
    /// Prints `x IN ('a', 'b')`; false for anything else. PostgreSQL stores `x = ANY (ARRAY[…])` with elements of the
    /// type of `x` (`parse_expr.c: transformAExprIn`). Without that type the array would be one of texts, which is not
    /// what it stands for, so where it is not known the list stays one.
    pub(super) fn texts_in_list(&mut self, expr: &Expr) -> bool {
        let ExprKind::In { not, operand, list } = &expr.kind else { return false };
        let text = |item: &Expr| match &item.kind {
            ExprKind::Literal(Literal::String(text)) => Some(quote_literal(text)),
            _ => None,
        };
        let texts: Vec<String> = list.iter().filter_map(text).collect();
        // One element becomes a plain comparison, which gives it its type.
        if texts.len() < 2 {
            return false;
        }
        let ty =
            self.type_of_column(operand).filter(|_| texts.len() == list.len()).and_then(|ty| self.element_name(ty));
        self.push("(");
        match ty {
            // Comparing `varchar` is comparing `text`.
            Some(ty) if ty == "character varying" => {
                self.push("(");
                self.expr(operand);
                self.push(if *not { ")::text <> ALL ((ARRAY[" } else { ")::text = ANY ((ARRAY[" });
                self.list(&texts, |w, text| w.push(&format!("{text}::character varying")));
                self.push("])::text[])");
            }
            Some(ty) => {
                self.expr(operand);
                self.push(if *not { " <> ALL (ARRAY[" } else { " = ANY (ARRAY[" });
                self.list(&texts, |w, text| w.push(&format!("{text}::{ty}")));
                self.push("])");
            }
            None => {
                self.expr(operand);
                self.push(if *not { " NOT IN (" } else { " IN (" });
                self.list(list, |w, item| w.expr(item));
                self.push(")");
            }
        }
        self.push(")");
        true
    }

    fn type_of_column(&self, expr: &Expr) -> Option<TypeRef> {
        let ExprKind::Column(_) = &expr.kind else { return None };
        match self.binding(expr.loc)? {
            Binding::Column(relation, number) | Binding::TriggerRow(relation, number) => {
                Some(self.stored?.catalog.relation(relation)?.column_at(number)?.ty)
            }
            Binding::Object(_) | Binding::Builtin | Binding::Local => None,
        }
    }

    /// The name of a type whose constants print as they are written: texts and enums.
    fn element_name(&self, ty: TypeRef) -> Option<String> {
        let stored = self.stored?;
        let is_text = matches!(ty.oid, type_oid::TEXT | type_oid::VARCHAR);
        let is_enum = stored.catalog.type_(ty.oid).is_some_and(|t| matches!(t.kind, TypeKind::Enum(_)));
        (is_text || is_enum).then(|| stored.catalog.format_type(TypeRef::plain(ty.oid), stored.path))
    }
}
