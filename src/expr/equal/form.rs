//! The common form of expressions, and the names in it.

use ecow::EcoString;

use crate::catalog::{AttrNumber, Binding, Catalog, Object, Oid, TypeRef, type_oid};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// A tree that is the same for all expressions that mean the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form {
    /// What it is, with everything that has no operands.
    pub(super) head: EcoString,
    /// Its operands; sorted where their order does not matter.
    pub(super) args: Vec<Form>,
}

impl Form {
    pub(super) fn leaf(head: impl Into<EcoString>) -> Form {
        Form { head: head.into(), args: Vec::new() }
    }

    pub(super) fn new(head: impl Into<EcoString>, args: Vec<Form>) -> Form {
        Form { head: head.into(), args }
    }

    /// Operands whose order does not matter.
    pub(super) fn unordered(head: impl Into<EcoString>, mut args: Vec<Form>) -> Form {
        args.sort_unstable();
        Form::new(head, args)
    }

    /// AND or OR: its like among the operands are dissolved, and one operand is that operand.
    pub(super) fn junction(head: &'static str, operands: Vec<Form>) -> Form {
        let mut flat = Vec::with_capacity(operands.len());
        for operand in operands {
            if operand.head == head {
                flat.extend(operand.args);
            } else {
                flat.push(operand);
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => Form::unordered(head, flat),
        }
    }

    /// Something that may be missing.
    pub(super) fn optional(form: Option<Form>) -> Form {
        form.unwrap_or_else(|| Form::leaf("-"))
    }
}

/// What makes forms.
pub(super) struct Former<'a> {
    pub(super) catalog: &'a Catalog,
    names: &'a [(Loc, Binding)],
    /// The tables of the queries around, the innermost last.
    pub(super) scopes: Vec<Vec<Table>>,
}

/// A table of a query: its name there and the relation, if it is one.
pub(super) struct Table {
    pub(super) name: Name,
    pub(super) relation: Option<Oid>,
}

impl<'a> Former<'a> {
    pub(super) fn new(catalog: &'a Catalog, names: &'a [(Loc, Binding)]) -> Self {
        Former { catalog, names, scopes: Vec::new() }
    }

    pub(super) fn binding(&self, loc: Loc) -> Option<Binding> {
        let at = self.names.binary_search_by_key(&loc, |&(l, _)| l).ok()?;
        Some(self.names[at].1)
    }

    /// A column: by its relation's number, or by the place of its table in the query.
    pub(super) fn column(&self, parts: &[Name], loc: Loc) -> Form {
        let column = parts.last().cloned().unwrap_or_default();
        let table = parts.len().checked_sub(2).and_then(|i| parts.get(i));
        match self.binding(loc) {
            Some(Binding::Column(relation, number)) => match self.find_table(Some(relation), table) {
                Some((level, at)) => Form::leaf(ecow::eco_format!("column {level}.{at} #{number}")),
                None => Form::leaf(ecow::eco_format!("column of {relation:?} #{number}")),
            },
            Some(Binding::TriggerRow(relation, number)) => {
                let row = table.cloned().unwrap_or_default();
                Form::leaf(ecow::eco_format!("{row} row of {relation:?} #{number}"))
            }
            Some(Binding::Object(Object::Relation(relation))) => match self.find_table(Some(relation), Some(&column)) {
                Some((level, at)) => Form::leaf(ecow::eco_format!("row {level}.{at}")),
                None => Form::leaf(ecow::eco_format!("row of {relation:?}")),
            },
            Some(Binding::Local | Binding::Builtin | Binding::Object(_)) | None => {
                let place = match table {
                    Some(table) => self.find_table(None, Some(table)),
                    None => self.only_local_table(),
                };
                match (place, table) {
                    (Some((level, at)), _) => Form::leaf(ecow::eco_format!("column {level}.{at} {column}")),
                    (None, Some(table)) => Form::leaf(ecow::eco_format!("column {table}.{column}")),
                    (None, None) => Form::leaf(ecow::eco_format!("column {column}")),
                }
            }
        }
    }

    /// Level and place of a table, from the innermost query outwards.
    pub(super) fn find_table(&self, relation: Option<Oid>, name: Option<&Name>) -> Option<(usize, usize)> {
        for (level, tables) in self.scopes.iter().enumerate().rev() {
            let fits =
                |t: &Table| (relation.is_none() || t.relation == relation) && name.is_none_or(|name| t.name == *name);
            if let Some(at) = tables.iter().position(fits) {
                return Some((level, at));
            }
        }
        None
    }

    /// The only table in sight that is no relation: an unqualified name without an address is its column.
    fn only_local_table(&self) -> Option<(usize, usize)> {
        let mut locals = self.scopes.iter().enumerate().flat_map(|(level, tables)| {
            tables.iter().enumerate().filter(|(_, t)| t.relation.is_none()).map(move |(at, _)| (level, at))
        });
        let first = locals.next()?;
        locals.next().is_none().then_some(first)
    }

    /// The type of a column, where the expression is one.
    pub(super) fn column_type(&self, expr: &Expr) -> Option<TypeRef> {
        match (&expr.kind, self.binding(expr.loc)) {
            (ExprKind::Column(_), Some(Binding::Column(relation, number) | Binding::TriggerRow(relation, number))) => {
                self.type_of(relation, number)
            }
            // `(a)::text = 'x'::text`: the text is compared.
            (ExprKind::Cast { operand, ty }, _) if self.is_text(ty) => {
                self.column_type(operand).filter(|t| matches!(t.oid, type_oid::TEXT | type_oid::VARCHAR))
            }
            _ => None,
        }
    }

    fn type_of(&self, relation: Oid, number: AttrNumber) -> Option<TypeRef> {
        self.catalog.relation(relation)?.column_at(number).map(|c| c.ty)
    }

    /// The type under a name, if it is one that can be told: a bound type, or a built-in one. Modifiers do not count.
    pub(super) fn type_oid(&self, ty: &TypeName) -> Option<Oid> {
        if ty.setof || ty.percent_type.is_some() {
            return None;
        }
        let element = match self.binding(ty.loc) {
            Some(Binding::Object(Object::Type(oid))) => oid,
            _ if ty.name.schema.as_deref().is_none_or(|s| s == "pg_catalog") => {
                self.catalog.builtins().type_by_name(&ty.name.name)?.oid
            }
            _ => return None,
        };
        if ty.array_dims > 0 { self.catalog.array_of(element) } else { Some(element) }
    }

    /// `text`, or `varchar` without a length.
    pub(super) fn is_text(&self, ty: &TypeName) -> bool {
        ty.typmods.is_empty() && matches!(self.type_oid(ty), Some(type_oid::TEXT | type_oid::VARCHAR))
    }

    pub(super) fn type_form(&mut self, ty: &TypeName) -> Form {
        let name = match self.type_oid(ty) {
            Some(oid) => ecow::eco_format!("type {oid:?}"),
            None => {
                let schema = ty.name.schema.as_deref().unwrap_or("");
                let column = ty.percent_type.as_deref().unwrap_or("");
                let array = if ty.array_dims > 0 { "[]" } else { "" };
                let set = if ty.setof { "set of " } else { "" };
                ecow::eco_format!("type {set}{schema}.{}.{column}{array}", ty.name.name)
            }
        };
        let typmods = ty.typmods.iter().map(|e| self.expr(e)).collect();
        Form::new(name, typmods)
    }

    /// A name of an object that is not bound, as text.
    pub(super) fn written_name(name: &QualifiedName) -> EcoString {
        match name.schema.as_deref() {
            None | Some("pg_catalog") => name.name.clone(),
            Some(schema) => ecow::eco_format!("{schema}.{}", name.name),
        }
    }
}
