//! PARTITION BY (`tablecmds.c: transformPartitionSpec, ComputePartitionAttrs`).

use super::index::method_of;
use crate::catalog::{
    DependencyKind, IndexKey as Key, IndexKeyKind, Object, Oid, PartitionKey, PartitionKeyColumn, Relation,
    RelationKind, TypeRef,
};
use crate::expr::{Binder, Place, Scope, is_system_column};
use crate::replay::{Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{ExprKind, IndexElem, IndexKey, PartitionBy, PartitionStrategy, Touches};

/// `PARTITION_MAX_KEYS`
const MOST_COLUMNS: usize = 32;

impl Replay {
    /// Computes the key of a new partitioned table, whose columns are there.
    pub(in crate::replay::ddl) fn define_partition_key(&mut self, rel: Oid, by: &PartitionBy) -> Exec {
        if by.key.len() > MOST_COLUMNS {
            let message = format!("cannot partition using more than {MOST_COLUMNS} columns");
            return Err(SqlError::new("54011", message).into());
        }
        if by.strategy == PartitionStrategy::List && by.key.len() != 1 {
            let message = "cannot use \"list\" partition strategy with more than one column";
            return Err(SqlError::new("42P17", message).into());
        }
        let mut key = PartitionKey { strategy: by.strategy, columns: Vec::with_capacity(by.key.len()) };
        for element in &by.key {
            let column = self.partition_key_column(rel, element, method_of(&key))?;
            key.columns.push(column);
        }
        for column in &key.columns {
            let IndexKeyKind::Expr(expr) = &column.what else { continue };
            for &object in expr.depends_on.iter().filter(|o| o.relation() != Some(rel)) {
                self.catalog.dependencies.add(Object::Relation(rel), object, DependencyKind::Normal);
            }
        }
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.kind = RelationKind::PartitionedTable(Box::new(key));
        }
        Ok(())
    }

    fn partition_key_column(&self, rel: Oid, element: &IndexElem, method: &str) -> Exec<PartitionKeyColumn> {
        let (what, ty) = self.partition_key_value(rel, element)?;
        let Some(relation) = self.catalog.relation(rel) else {
            return Err(SqlError::new("XX000", "a table is gone").into());
        };
        let collatable = self.catalog.type_collation(ty.oid) != Oid::INVALID;
        if element.collation.is_some() && !collatable {
            let name = self.catalog.format_type(TypeRef::plain(ty.oid), &self.path());
            return Err(SqlError::new("42804", format!("collations are not supported by type {name}")).into());
        }
        match &element.opclass {
            Some(_) => {
                let any = Key::column(element.opclass.as_ref().map_or_else(Default::default, |o| o.name.clone()), 0);
                self.index_opclass(relation, &any, element, method)?;
            }
            None => self.check_default_opclass(ty, method)?,
        }
        Ok(PartitionKeyColumn {
            what,
            ty,
            opclass: element.opclass.as_ref().map(|o| o.name.clone()),
            collation: element.collation.as_ref().map(|c| c.name.clone()),
        })
    }

    fn check_default_opclass(&self, ty: TypeRef, method: &str) -> Exec {
        let found = self.catalog.default_opclass(self.base_type(ty.oid), method);
        if found != Oid::INVALID || lookup::maybe_undefined(&self.catalog).is_some() {
            return Ok(());
        }
        let name = self.catalog.format_type(TypeRef::plain(ty.oid), &self.path());
        let message = format!("data type {name} has no default operator class for access method \"{method}\"");
        let hint = format!(
            "You must specify a {method} operator class or define a default {method} operator class for the data type."
        );
        Err(SqlError::new("42704", message).hint(hint).into())
    }

    /// What a part of the key is, with its type.
    fn partition_key_value(&self, rel: Oid, element: &IndexElem) -> Exec<(IndexKeyKind, TypeRef)> {
        let Some(relation) = self.catalog.relation(rel) else {
            return Err(SqlError::new("XX000", "a table is gone").into());
        };
        let expr = match &element.key {
            IndexKey::Column(ident) => {
                let name = &ident.name;
                let Some(column) = relation.column(name) else {
                    let (state, message) = if is_system_column(name) {
                        ("42P17", format!("cannot use system column \"{name}\" in partition key"))
                    } else {
                        ("42703", format!("column \"{name}\" named in partition key does not exist"))
                    };
                    return Err(SqlError::new(state, message).at(ident.loc).into());
                };
                self.refuse_generated(relation, column.number, ident.loc)?;
                return Ok((IndexKeyKind::Column(column.number), column.ty));
            }
            IndexKey::Expr(expr) => expr,
        };
        let path = self.path();
        let scope = Scope::of_relation(&self.catalog, rel);
        let binder = Binder::new(&self.catalog, &path, scope).in_place(Place::PartitionKey);
        // `x COLLATE c` and `(x COLLATE c)` are alike.
        let mut bare = expr;
        while let ExprKind::Collate { operand, .. } = &bare.kind {
            bare = operand;
        }
        let (bound, ty) = binder.expr_and_type(bare)?;
        let columns: Vec<i16> = bound
            .depends_on
            .iter()
            .filter_map(|object| match object {
                Object::Column(of, number) if *of == rel => Some(*number),
                _ => None,
            })
            .collect();
        for &number in &columns {
            self.refuse_generated(relation, number, expr.loc)?;
        }
        let Some(ty) = ty else {
            let reason = "the type of an expression in a partition key could not be inferred";
            return Err(Opaque::new(reason, Touches::Everything).at(expr.loc).into());
        };
        if let (ExprKind::Column(_), [number]) = (&bare.kind, columns.as_slice()) {
            return Ok((IndexKeyKind::Column(*number), ty));
        }
        let whole_row = bound.depends_on.contains(&Object::Relation(rel));
        if columns.is_empty() && !whole_row {
            return Err(SqlError::new("42P17", "cannot use constant expression as partition key").into());
        }
        Ok((IndexKeyKind::Expr(bound), ty))
    }

    fn refuse_generated(&self, relation: &Relation, number: i16, loc: crate::sql::span::Loc) -> Exec {
        let Some(column) = relation.column_at(number).filter(|c| c.generated.is_some()) else { return Ok(()) };
        let detail = format!("Column \"{}\" is a generated column.", column.name);
        let error = SqlError::new("42P17", "cannot use generated column in partition key").detail(detail);
        Err(error.at(loc).into())
    }
}
