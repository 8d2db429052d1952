//! What names an expression can see (`parse_relation.c`'s namespace).

use crate::catalog::{Binding, Catalog, Oid, Relation, TypeRef, type_oid};
use crate::sql::ast::{Alias, Name};

/// The tables of one query level, or of a context such as a policy's.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The tables.
    pub items: Vec<ScopeItem>,
}

/// A table, or something like one, under the name by which it is referred to.
#[derive(Clone, Debug)]
pub struct ScopeItem {
    /// Its alias or name; a join or function without a name has none.
    pub name: Option<Name>,
    /// The schema, for `schema.table.column`; gone when there is an alias.
    pub schema: Option<Oid>,
    /// The relation, if it is one that the catalog holds.
    pub relation: Option<Oid>,
    /// Its columns; nothing if they are not known.
    pub columns: Option<Vec<ScopeColumn>>,
    /// Unqualified names do not see it (a table merged into a join with USING, `OLD` and `NEW`).
    pub qualified_only: bool,
}

/// A column that can be seen.
#[derive(Clone, Debug)]
pub struct ScopeColumn {
    /// Its name here.
    pub name: Name,
    /// What it stands for.
    pub binding: Binding,
    /// Its type, if it is known.
    pub ty: Option<TypeRef>,
    /// It was merged by USING or NATURAL into the column of the other side, so that a plain name means that one.
    pub merged: bool,
}

impl ScopeItem {
    /// A relation under its alias or name. An alias list renames the first columns.
    pub fn relation(relation: &Relation, alias: Option<&Alias>) -> ScopeItem {
        if relation.as_sequence().is_some() {
            // `sequence.h: FormData_pg_sequence_data`
            let columns = [("last_value", type_oid::INT8), ("log_cnt", type_oid::INT8), ("is_called", type_oid::BOOL)];
            let columns = columns.map(|(name, ty)| (Name::from(name), Some(TypeRef::plain(ty))));
            let item = ScopeItem::local(Some(relation.name.clone()), Some(columns.to_vec()), alias);
            return ScopeItem {
                schema: alias.is_none().then_some(relation.schema),
                relation: Some(relation.oid),
                ..item
            };
        }
        let columns = relation
            .live_columns()
            .enumerate()
            .map(|(i, c)| ScopeColumn {
                name: alias.and_then(|a| a.columns.get(i)).unwrap_or(&c.name).clone(),
                binding: Binding::Column(relation.oid, c.number),
                // No column has the type `unknown`: it stands for a type of a view's column that was not inferred.
                ty: Some(c.ty).filter(|ty| ty.oid != type_oid::UNKNOWN),
                merged: false,
            })
            .collect();
        ScopeItem {
            name: Some(alias.map_or(&relation.name, |a| &a.name).clone()),
            schema: alias.is_none().then_some(relation.schema),
            relation: Some(relation.oid),
            columns: Some(columns),
            qualified_only: false,
        }
    }

    /// The row of a trigger, `old` or `new`.
    pub fn trigger_row(relation: &Relation, name: &str) -> ScopeItem {
        let mut item = ScopeItem::relation(relation, None);
        item.name = Some(name.into());
        item.schema = None;
        item.qualified_only = true;
        for column in item.columns.iter_mut().flatten() {
            if let Binding::Column(rel, number) = column.binding {
                column.binding = Binding::TriggerRow(rel, number);
            }
        }
        item
    }

    /// Columns without an address: of a sub-query, a function, a common table expression.
    pub fn local(
        name: Option<Name>,
        columns: Option<Vec<(Name, Option<TypeRef>)>>,
        alias: Option<&Alias>,
    ) -> ScopeItem {
        let columns = columns.map(|columns| {
            let renamed = |i: usize, name: Name| alias.and_then(|a| a.columns.get(i)).cloned().unwrap_or(name);
            columns
                .into_iter()
                .enumerate()
                .map(|(i, (name, ty))| ScopeColumn {
                    name: renamed(i, name),
                    binding: Binding::Local,
                    ty,
                    merged: false,
                })
                .collect()
        });
        ScopeItem {
            name: alias.map(|a| a.name.clone()).or(name),
            schema: None,
            relation: None,
            columns,
            qualified_only: false,
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&ScopeColumn> {
        self.columns.as_ref()?.iter().find(|c| c.name == name)
    }
}

impl Scope {
    /// A scope of one relation: of a CHECK, a default, an index, a policy.
    pub fn of_relation(catalog: &Catalog, relation: Oid) -> Scope {
        Scope { items: catalog.relation(relation).map(|r| ScopeItem::relation(r, None)).into_iter().collect() }
    }
}
