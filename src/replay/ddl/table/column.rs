//! Columns with their defaults and constraints (`parse_utilcmd.c: transformColumnDefinition`, `heap.c:
//! AddRelationNewConstraints`).

use super::super::constraint::attributes::check_attributes;
use super::super::constraint::not_null::implied_not_null;
use super::super::virtual_generated::defines_virtual;
use crate::catalog::{
    Column, DependencyKind, Object, Oid, Provenance, Relation, RelationKind, StoredExpr, TypeKind, TypeRef,
};
use crate::expr::is_system_column;
use crate::replay::{Context, Exec, Opaque, Replay, SqlError};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Replay {
    /// Adds a column with all that belongs to it alone; what remains are its constraints.
    pub(in crate::replay) fn define_column(
        &mut self,
        rel: Oid,
        def: &ColumnDef,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(Vec::new()) };
        if relation.column(&def.name).is_some() {
            let message = format!("column \"{}\" specified more than once", def.name);
            return Err(SqlError::new("42701", message).into());
        }
        let is_table = !matches!(relation.kind, RelationKind::View(_) | RelationKind::CompositeType);
        if is_table && is_system_column(&def.name) {
            let message = format!("column name \"{}\" conflicts with a system column name", def.name);
            return Err(SqlError::new("42701", message).into());
        }
        let (ty, serial) = self.type_of_column(def)?;
        self.refuse_own_row_type(rel, ty.oid, &mut Vec::new())?;
        let number = i16::try_from(relation.columns.len() + 1).unwrap_or(i16::MAX);
        if number > 1600 {
            return Err(SqlError::new("54011", "tables can have at most 1600 columns").into());
        }
        self.push_column(rel, number, def, ty, cx)?;
        self.column_constraints(rel, number, def, serial, cx)
    }

    /// The type of a column; a serial one is one of these as well.
    pub(in crate::replay::ddl) fn type_of_column(&self, def: &ColumnDef) -> Exec<(TypeRef, Option<Oid>)> {
        let Some(type_name) = &def.ty else {
            return Err(Opaque::new("a column without a type", Touches::Nothing).at(def.loc).into());
        };
        let (ty, serial) = self.written_type(def)?;
        // `BuildDescForRelation`
        self.may_use_type(ty.oid)?;
        self.check_column_type(ty, &def.name, type_name.loc)?;
        if defines_virtual(def) {
            self.check_virtual_type(ty.oid, &def.name)?;
        }
        Ok((ty, serial))
    }

    /// What a definition says of a column besides its type.
    pub(in crate::replay::ddl) fn column_constraints(
        &mut self,
        rel: Oid,
        number: i16,
        def: &ColumnDef,
        serial: Option<Oid>,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let mut rest: Vec<(Constraint, Option<Name>)> = Vec::new();
        let mut not_null: Option<bool> = None;
        let mut default = None;
        // From 18 on NOT NULL is a constraint; what else makes the column so adds it.
        let records = self.records_not_null();
        let mut written: Option<Constraint> = None;
        let mut implied = serial.is_some();
        check_attributes(&def.constraints)?;
        let table = self.catalog.relation(rel).map_or(Name::new(), |r| r.name.clone());
        self.check_sources(&table, def, serial.is_some())?;
        for constraint in &def.constraints {
            match &constraint.kind {
                ConstraintKind::Null if not_null == Some(true) || implied && records => {
                    return Err(Self::conflicting_null(&table, &def.name));
                }
                ConstraintKind::Null => not_null = Some(false),
                ConstraintKind::NotNull { .. } if not_null == Some(false) => {
                    return Err(Self::conflicting_null(&table, &def.name));
                }
                ConstraintKind::NotNull { .. } => {
                    not_null = Some(true);
                    if records {
                        self.see_not_null(rel, &mut written, constraint, def, serial.is_some())?;
                    }
                }
                ConstraintKind::Identity { .. } if records => {
                    if not_null == Some(false) {
                        return Err(Self::conflicting_null(&table, &def.name));
                    }
                    implied = true;
                    default = Some(constraint);
                }
                ConstraintKind::Key(key) if key.primary && records => {
                    if not_null == Some(false) {
                        return Err(Self::conflicting_null(&table, &def.name));
                    }
                    implied = true;
                    rest.push((constraint.clone(), Some(def.name.clone())));
                }
                ConstraintKind::Identity { .. } => default = Some(constraint),
                // They are looked at in the order of columns, once all of these are there.
                ConstraintKind::Default(_) | ConstraintKind::Generated { .. } => {
                    rest.push((constraint.clone(), Some(def.name.clone())))
                }
                ConstraintKind::Attribute(attribute) => apply_attribute(&mut rest, *attribute),
                ConstraintKind::Check { .. }
                | ConstraintKind::Key(_)
                | ConstraintKind::Exclusion(_)
                | ConstraintKind::ForeignKey(_) => rest.push((constraint.clone(), Some(def.name.clone()))),
            }
        }
        if let Some(serial) = serial {
            if not_null == Some(false) {
                return Err(Self::conflicting_null(&table, &def.name));
            }
            not_null = Some(true);
            self.make_serial(rel, number, serial, cx)?;
        }
        if not_null == Some(true)
            && let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number))
        {
            column.not_null = true;
        }
        if records && (implied || written.is_some()) {
            let constraint = written.unwrap_or_else(|| implied_not_null(&def.name, def.loc));
            rest.push((constraint, Some(def.name.clone())));
        }
        if let Some(constraint) = default {
            self.set_column_source(rel, number, constraint, cx)?;
        }
        Ok(rest)
    }

    /// A column has one source of values (`parse_utilcmd.c: transformColumnDefinition`).
    pub(super) fn check_sources(&self, table: &str, def: &ColumnDef, serial: bool) -> Exec {
        let (mut default, mut identity, mut generated) = (serial, false, false);
        for constraint in &def.constraints {
            let (seen, what) = match &constraint.kind {
                ConstraintKind::Default(_) => (&mut default, "multiple default values"),
                ConstraintKind::Identity { .. } => (&mut identity, "multiple identity specifications"),
                ConstraintKind::Generated { .. } => (&mut generated, "multiple generation clauses"),
                ConstraintKind::Null
                | ConstraintKind::NotNull { .. }
                | ConstraintKind::Check { .. }
                | ConstraintKind::Key(_)
                | ConstraintKind::Exclusion(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Attribute(_) => continue,
            };
            let twice = std::mem::replace(seen, true);
            let what = match (default, identity, generated) {
                _ if twice && identity && what.contains("identity") => {
                    let message = format!("{what} for column \"{}\" of table \"{table}\"", def.name);
                    return Err(SqlError::new("42601", message).at(constraint.loc).into());
                }
                _ if twice => what,
                (true, true, _) => "both default and identity",
                (true, _, true) => "both default and generation expression",
                (_, true, true) => "both identity and generation expression",
                _ => continue,
            };
            let message = format!("{what} specified for column \"{}\" of table \"{table}\"", def.name);
            return Err(SqlError::new("42601", message).at(constraint.loc).into());
        }
        Ok(())
    }

    pub(in crate::replay::ddl) fn conflicting_null(table: &str, column: &str) -> crate::replay::Stop {
        let message = format!("conflicting NULL/NOT NULL declarations for column \"{column}\" of table \"{table}\"");
        SqlError::new("42601", message).into()
    }

    /// `heap.c: CheckAttributeType`: no pseudo-types.
    pub(in crate::replay::ddl) fn check_column_type(&self, ty: TypeRef, column: &str, loc: Loc) -> Exec {
        if self.catalog.builtins().type_by_oid(ty.oid).is_some_and(|t| t.typtype == 'p') {
            let name = self.catalog.format_type_be(ty.oid, &self.path());
            return Err(SqlError::new("42P16", format!("column \"{column}\" has pseudo-type {name}")).at(loc).into());
        }
        Ok(())
    }

    /// `heap.c: CheckAttributeType`: no row holds itself.
    pub(in crate::replay::ddl) fn refuse_own_row_type(&self, rel: Oid, ty: Oid, seen: &mut Vec<Oid>) -> Exec {
        let ty = self.catalog.array_element(ty).unwrap_or(ty);
        match self.catalog.type_(ty).map(|ty| &ty.kind) {
            Some(TypeKind::Domain(domain)) => return self.refuse_own_row_type(rel, domain.base.oid, seen),
            Some(TypeKind::Range(range)) => return self.refuse_own_row_type(rel, range.subtype, seen),
            _ => {}
        }
        let Some(TypeKind::Composite(of)) = self.catalog.type_(ty).map(|ty| &ty.kind) else { return Ok(()) };
        if *of == rel {
            let name = self.catalog.format_type_be(ty, &self.path());
            let message = format!("composite type {name} cannot be made a member of itself");
            return Err(SqlError::new("42P16", message).into());
        }
        if seen.contains(of) {
            return Ok(());
        }
        seen.push(*of);
        let columns = self.catalog.relation(*of).into_iter().flat_map(Relation::live_columns);
        { columns }.try_for_each(|column| self.refuse_own_row_type(rel, column.ty.oid, seen))
    }

    pub(in crate::replay::ddl) fn push_column(
        &mut self,
        rel: Oid,
        number: i16,
        def: &ColumnDef,
        ty: TypeRef,
        cx: &Context,
    ) -> Exec {
        let collation = self.written_collation(def.collation.as_ref(), ty.oid, def.loc)?;
        let column = Column {
            collation: self.own_collation(collation, ty.oid),
            storage: def.storage.clone(),
            compression: self.compression_of(ty.oid, def.compression.as_ref())?,
            ..Column::new(number, def.name.clone(), ty, Provenance::new(cx.at(def.loc)))
        };
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.columns.push(column);
        }
        self.catalog.dependencies.add(Object::Column(rel, number), Object::Type(ty.oid), DependencyKind::Normal);
        self.depend_on_collation(Object::Column(rel, number), collation);
        Ok(())
    }

    /// Sets the default, generation expression or identity of a new column.
    pub(in crate::replay) fn set_column_source(
        &mut self,
        rel: Oid,
        number: i16,
        constraint: &Constraint,
        cx: &Context,
    ) -> Exec {
        match &constraint.kind {
            ConstraintKind::Default(expr) => {
                // One that is inherited gives way.
                self.forget_source(rel, number);
                if let Some(default) = self.analyze_default(rel, number, expr)? {
                    self.store_default(rel, number, default);
                }
                Ok(())
            }
            ConstraintKind::Generated { expr, stored } => {
                self.forget_source(rel, number);
                let bound = self.analyze_generated(rel, number, *stored, expr)?;
                self.store_source(rel, number, bound, Some(*stored));
                Ok(())
            }
            ConstraintKind::Identity { always, options } => self.add_identity(rel, number, *always, options, cx),
            ConstraintKind::Null
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::Key(_)
            | ConstraintKind::Exclusion(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Attribute(_) => Ok(()),
        }
    }

    /// The column does not need what its generation expression does, but for its own type and collation.
    pub(in crate::replay::ddl) fn forget_needs(&mut self, rel: Oid, number: i16, expr: &StoredExpr) {
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { return };
        let own = [Some(Object::Type(column.ty.oid)), column.collation.map(Object::Collation)];
        for &object in expr.depends_on.iter().filter(|object| !own.contains(&Some(**object))) {
            for kind in [DependencyKind::Normal, DependencyKind::Auto] {
                self.catalog.dependencies.remove(Object::Column(rel, number), object, kind);
            }
        }
    }

    /// The column has no default any more, and is not generated.
    pub(in crate::replay::ddl) fn forget_source(&mut self, rel: Oid, number: i16) {
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)) else { return };
        if column.default.is_none() && column.generated.is_none() {
            return;
        }
        let generated = column.generated.clone();
        self.catalog.dependencies.remove_of(Object::Default(rel, number));
        if let Some(generated) = generated {
            self.forget_needs(rel, number, &generated.expr);
        }
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.default = None;
            column.generated = None;
        }
    }

    pub(in crate::replay) fn store_default(&mut self, rel: Oid, number: i16, default: StoredExpr) {
        let needs = default.depends_on.clone();
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.default = Some(default);
        }
        self.depend_on_all(Object::Default(rel, number), &needs, None);
    }
}

/// DEFERRABLE and the like change the constraint before them.
fn apply_attribute(constraints: &mut [(Constraint, Option<Name>)], attribute: ConstraintAttribute) {
    let Some((last, _)) = constraints.last_mut() else { return };
    match attribute {
        ConstraintAttribute::Deferrable => last.deferrable = true,
        ConstraintAttribute::NotDeferrable => last.deferrable = false,
        ConstraintAttribute::InitiallyDeferred => {
            last.deferrable = true;
            last.initially_deferred = true;
        }
        ConstraintAttribute::InitiallyImmediate => last.initially_deferred = false,
        ConstraintAttribute::Enforced => last.not_enforced = false,
        ConstraintAttribute::NotEnforced => last.not_enforced = true,
    }
}
