//! What ALTER TABLE does with columns: defaults, identity, types (`tablecmds.c: ATExecColumnDefault`, `ATExecAlterColumnType`).

use super::super::sequence::refuse_identity_type;
use super::super::table::refuse_set;
use super::super::virtual_generated::is_virtual;
use crate::catalog::tree::{CoercionForm, Expr as Tree};
use crate::catalog::{
    ChangeKind, Column, DependencyKind, Identity, Object, Oid, Relation, RelationKind, Sequence, TypeKind, TypeRef,
};
use crate::expr::is_system_column;
use crate::replay::value::{CastKind, Types, Value};
use crate::replay::{About, Context, Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// What ALTER COLUMN TYPE says.
pub(super) struct NewType<'s> {
    pub ty: &'s TypeName,
    pub collation: Option<&'s QualifiedName>,
    pub using: Option<&'s Expr>,
    pub loc: Loc,
}

/// Rows of views and of composite types are nowhere (`heap.c: AddNewAttributeTuples`).
pub(in crate::replay::ddl) fn has_system_columns(relation: &Relation) -> bool {
    !matches!(relation.kind, RelationKind::View(_) | RelationKind::CompositeType)
}

impl Replay {
    pub(in crate::replay::ddl) fn column_number(&self, rel: Oid, name: &str) -> Exec<i16> {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(0) };
        match relation.column(name) {
            Some(column) => Ok(column.number),
            None if is_system_column(name) && has_system_columns(relation) => {
                Err(SqlError::new("0A000", format!("cannot alter system column \"{name}\"")).into())
            }
            None => Err(lookup::undefined_column(&self.catalog, relation, name, Loc::NONE)),
        }
    }

    /// Changes a column and remembers the statement if the change says that it was one.
    pub(super) fn change_column(
        &mut self,
        rel: Oid,
        number: i16,
        what: ChangeKind,
        cx: &Context,
        change: impl FnOnce(&mut crate::catalog::Column) -> bool,
    ) {
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number))
            && change(column)
        {
            column.provenance.change(cx.origin, what);
        }
    }

    pub(super) fn add_column(
        &mut self,
        rel: Oid,
        def: &ColumnDef,
        if_not_exists: bool,
        cx: &Context,
    ) -> Exec<Vec<(Constraint, Option<Name>)>> {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(Vec::new()) };
        if let Some(existing) = relation.column(&def.name) {
            let message = format!("column \"{}\" of relation \"{}\" already exists", def.name, relation.name);
            if if_not_exists {
                self.notice(format!("{message}, skipping"), cx);
                return Ok(Vec::new());
            }
            let error = SqlError::new("42701", message).at(def.loc);
            let error = error.related(existing.provenance.created, format!("column \"{}\" made here", def.name));
            return Err(error.about(About::Column(relation.name.to_string(), def.name.to_string())).into());
        }
        // Up to 16 SETOF is read over (`ATExecAddColumn`).
        if self.catalog.version() >= 17 {
            refuse_set(def)?;
        }
        let constraints = self.define_column(rel, def, cx)?;
        let constraints = self.generate_columns(rel, constraints, cx)?;
        self.store_missing_value(rel, &def.name)?;
        Ok(constraints)
    }

    /// Rows get a value for a new column, unless it is NULL (`ATExecAddColumn`).
    pub(super) fn refuse_new_values(&self, rel: Oid, number: i16) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(column) = relation.column_at(number) else { return Ok(()) };
        let mut domain = column.ty.oid;
        let mut from_domain = false;
        while let Some(TypeKind::Domain(of)) = self.catalog.type_(domain).map(|ty| &ty.kind) {
            from_domain |= of.default.is_some() || of.not_null || !of.checks.is_empty();
            domain = of.base.oid;
        }
        let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
        let values = column.default.is_some() || column.identity.is_some() || stored || from_domain;
        if values && matches!(relation.kind, RelationKind::Table) { self.refuse_held_rows(rel) } else { Ok(()) }
    }

    /// The rows that are there get the default's value, which is computed now although there may be none
    /// (`pg_attrdef.c: StoreAttrDefault`, `heap.c: StoreAttrMissingVal`). A constant that does not fit the column is found.
    fn store_missing_value(&self, rel: Oid, name: &Name) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(column) = relation.column(name) else { return Ok(()) };
        if !matches!(relation.kind, RelationKind::Table) {
            return Ok(());
        }
        self.refuse_new_values(rel, column.number)?;
        let Some(default) = &column.default else { return Ok(()) };
        let mut expr = &default.tree;
        while let Tree::FuncExpr(call) = expr
            && call.form == CoercionForm::ImplicitCast
            && let Some(arg) = call.args.first()
        {
            expr = arg;
        }
        let Tree::Const(constant) = expr else { return Ok(()) };
        let Some(text) = &constant.value else { return Ok(()) };
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        let value = types.cast(&Value::Literal(text.clone()), constant.ty, CastKind::Explicit)?;
        types.cast(&value, column.ty, CastKind::Assignment)?;
        Ok(())
    }

    pub(super) fn column_default(&mut self, rel: Oid, name: &Name, default: Option<&Expr>, cx: &Context) -> Exec {
        let number = self.column_number(rel, name)?;
        let found = self.catalog.relation(rel).and_then(|r| r.column_at(number));
        let table = self.catalog.relation(rel).map_or("", |r| &r.name);
        if found.is_some_and(|c| c.identity.is_some()) {
            let message = format!("column \"{name}\" of relation \"{table}\" is an identity column");
            let error = SqlError::new("42601", message);
            return Err(match default {
                Some(_) => error,
                None => error.hint("Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead."),
            }
            .into());
        }
        if found.is_some_and(|c| c.generated.is_some()) {
            let message = format!("column \"{name}\" of relation \"{table}\" is a generated column");
            let error = SqlError::new("42601", message);
            let stored = found.and_then(|c| c.generated.as_ref()).is_some_and(|generated| generated.stored);
            return Err(match default {
                Some(_) if self.catalog.version() < 17 => error,
                Some(_) => error.hint("Use ALTER TABLE ... ALTER COLUMN ... SET EXPRESSION instead."),
                None if stored => error.hint("Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead."),
                None => error,
            }
            .into());
        }
        let bound = match default {
            Some(expr) => self.analyze_default(rel, number, expr)?,
            None => None,
        };
        self.catalog.dependencies.remove_of(Object::Default(rel, number));
        self.change_column(rel, number, ChangeKind::Default, cx, |c| {
            c.default = None;
            true
        });
        if let Some(bound) = bound {
            self.store_default(rel, number, bound);
            self.catalog.number_new_expression(rel, number);
        }
        Ok(())
    }

    pub(super) fn drop_not_null(&mut self, rel: Oid, name: &Name, cx: &Context) -> Exec {
        let number = self.column_number(rel, name)?;
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let parent = self.catalog.partition_parent(rel).and_then(|p| self.catalog.relation(p));
        let marked = || {
            let message = format!("column \"{name}\" is marked NOT NULL in parent table");
            Err(SqlError::new("42P16", message).into())
        };
        let in_parent = parent.is_some_and(|p| p.column(name).is_some_and(|c| c.not_null));
        if relation.column_at(number).is_some_and(|c| c.identity.is_some()) {
            let message = format!("column \"{name}\" of relation \"{}\" is an identity column", relation.name);
            return Err(SqlError::new("42601", message).into());
        }
        if relation.primary_key().is_some_and(|k| k.columns.contains(&number)) {
            return Err(SqlError::new("42P16", format!("column \"{name}\" is in a primary key")).into());
        }
        if self.in_replica_identity(relation, number) {
            let message = format!("column \"{name}\" is in index used as replica identity");
            return Err(SqlError::new("42P16", message).into());
        }
        if in_parent {
            return marked();
        }
        self.change_column(rel, number, ChangeKind::NotNull, cx, |c| std::mem::replace(&mut c.not_null, false));
        Ok(())
    }

    /// The column is one of those that identify rows in replication, by an index that was named.
    pub(in crate::replay::ddl) fn in_replica_identity(&self, relation: &Relation, number: i16) -> bool {
        let ReplicaIdentity::Index(name) = &relation.replica_identity else { return false };
        let index = relation.indexes.iter().filter_map(|&i| self.catalog.relation(i)).find(|i| i.name == *name);
        let keys = index.and_then(Relation::as_index).map_or(&[][..], |index| &index.keys);
        keys.iter().any(|key| key.as_column() == Some(number))
    }

    pub(super) fn set_identity(&mut self, rel: Oid, name: &Name, options: &[DefElem], cx: &Context) -> Exec {
        let number = self.column_number(rel, name)?;
        let Some(sequence) = self.identity_sequence(rel, number) else { return Err(self.not_identity(rel, name)) };
        let (generated, rest): (Vec<DefElem>, Vec<DefElem>) =
            options.iter().cloned().partition(|option| option.name == "generated");
        if let Some(record) = self.catalog.relation_mut(sequence).and_then(Relation::as_sequence_mut) {
            if let Some(option) = rest.iter().find(|option| option.name == "sequence_name") {
                return Err(SqlError::new("42601", "invalid sequence option SEQUENCE NAME").at(option.loc).into());
            }
            record.apply(&rest, false)?;
        }
        if let [_, again, ..] = generated.as_slice() {
            return Err(SqlError::new("42601", "conflicting or redundant options").at(again.loc).into());
        }
        let identity = match generated.last().and_then(|g| g.value.as_ref()) {
            Some(DefValue::Integer(n)) if *n == i64::from(b'd') => Some(Identity::ByDefault),
            Some(DefValue::Integer(_)) => Some(Identity::Always),
            _ => None,
        };
        self.change_column(rel, number, ChangeKind::Default, cx, |c| {
            c.identity = identity.or(c.identity);
            true
        });
        Ok(())
    }

    pub(super) fn not_identity(&self, rel: Oid, column: &str) -> crate::replay::Stop {
        let table = self.catalog.relation(rel).map_or("", |r| &r.name);
        SqlError::new("55000", format!("column \"{column}\" of relation \"{table}\" is not an identity column")).into()
    }

    pub(in crate::replay::ddl) fn identity_sequence(&self, rel: Oid, number: i16) -> Option<Oid> {
        self.catalog.dependencies.on(Object::Column(rel, number)).find_map(|edge| match edge.dependent {
            Object::Relation(oid) if edge.kind == DependencyKind::Internal => Some(oid),
            _ => None,
        })
    }

    pub(super) fn drop_identity(&mut self, rel: Oid, name: &Name, missing_ok: bool, cx: &Context) -> Exec {
        let number = self.column_number(rel, name)?;
        let Some(sequence) = self.identity_sequence(rel, number) else {
            if missing_ok {
                return Ok(());
            }
            return Err(self.not_identity(rel, name));
        };
        self.change_column(rel, number, ChangeKind::Default, cx, |c| c.identity.take().is_some());
        self.catalog.dependencies.remove_of(Object::Relation(sequence));
        if let Some(record) = self.catalog.relation_mut(sequence).and_then(Relation::as_sequence_mut) {
            *record = Sequence { owned_by: None, identity: false, ..record.clone() };
        }
        self.delete_objects(&[Object::Relation(sequence)], DropBehavior::Restrict, cx)
    }

    // ---- types ----

    /// The sequence of an identity column counts in the column's type (`transformAlterTableStmt`).
    pub(super) fn follow_with_sequence(&mut self, rel: Oid, number: i16, ty: TypeRef) -> Exec {
        if self.catalog.relation(rel).and_then(|r| r.column_at(number)).is_none_or(|c| c.identity.is_none()) {
            return Ok(());
        }
        let Some(oid) = self.identity_sequence(rel, number) else { return Ok(()) };
        let Some(mut sequence) = self.catalog.relation(oid).and_then(Relation::as_sequence).cloned() else {
            return Ok(());
        };
        // Another type has been refused.
        let Some(ty) = self.catalog.builtins().type_by_oid(ty.oid) else { return Ok(()) };
        let option = DefElem {
            namespace: None,
            name: "as".into(),
            value: Some(DefValue::Names(vec![ty.name.into()])),
            action: DefAction::Unspecified,
            loc: Loc::NONE,
        };
        sequence.apply(&[option], false)?;
        if let Some(old) = self.catalog.relation_mut(oid).and_then(Relation::as_sequence_mut) {
            *old = sequence;
        }
        Ok(())
    }

    /// The new type, and how values come to it (`ATPrepAlterColumnType`).
    pub(super) fn check_new_type(
        &self,
        rel: Oid,
        name: &Name,
        ty: &TypeName,
        collation: Option<&QualifiedName>,
        using: Option<&Expr>,
        loc: Loc,
    ) -> Exec<TypeRef> {
        let number = self.column_number(rel, name)?;
        let new = lookup::resolve_type(&self.catalog, &self.path(), ty)?;
        self.may_use_type(new.oid)?;
        self.written_collation(collation, new.oid, loc)?;
        let Some(relation) = self.catalog.relation(rel) else { return Ok(new) };
        let Some(column) = relation.column_at(number) else { return Ok(new) };
        self.check_column_type(new, name, Loc::NONE)?;
        if is_virtual(relation, number) {
            self.check_virtual_type(new.oid, name)?;
        }
        self.refuse_own_row_type(rel, new.oid, &mut Vec::new())?;
        if matches!(relation.kind, RelationKind::CompositeType) {
            // There are no values of its own to be cast.
            self.refuse_row_type_in_use(rel, column.ty, new)?;
            return Ok(new);
        }
        if matches!(relation.kind, RelationKind::ForeignTable(_)) {
            // Nothing is cast.
            return using.map_or(Ok(new), |_| Err(not_a_table(relation)));
        }
        match self.analyze_using(rel, name, new, using) {
            Err(Stop::Error(error)) if using.is_none() => {
                let mut error = error.at(loc);
                if column.generated.is_some() {
                    error.hint = None;
                }
                return Err(error.related(column.provenance.last_of(ChangeKind::Type), "the column's type").into());
            }
            result => drop(result?),
        }
        Ok(new)
    }

    /// `ATExecAlterColumnType`; what depends on it is made anew later, when the children follow.
    pub(super) fn alter_column_type(
        &mut self,
        rel: Oid,
        name: &Name,
        written: &NewType<'_>,
        children: &[Oid],
        cx: &Context,
    ) -> Exec {
        let &NewType { ty, collation, using, loc } = written;
        let number = self.column_number(rel, name)?;
        let new = self.check_new_type(rel, name, ty, collation, using, loc)?;
        let Some(column) = self.catalog.relation(rel).and_then(|r| r.column_at(number)).cloned() else { return Ok(()) };
        let value = self.analyze_using(rel, name, new, using);
        self.code.new_types.rewritten |= value.is_ok_and(|value| self.rewrites(&value.tree));
        self.refuse_new_type(rel, &column, new)?;
        if column.identity.is_some() {
            refuse_identity_type(new.oid)?;
        }
        let found = self.written_collation(collation, new.oid, loc)?;
        // The collation that it had is no longer needed.
        let column_object = Object::Column(rel, number);
        let old: Vec<Object> = self.catalog.dependencies.of(column_object).map(|edge| edge.referenced).collect();
        for object in old.into_iter().filter(|object| matches!(object, Object::Collation(_))) {
            self.catalog.dependencies.remove(column_object, object, DependencyKind::Normal);
        }
        self.depend_on_collation(column_object, found);
        self.catalog.dependencies.remove(
            Object::Column(rel, number),
            Object::Type(column.ty.oid),
            DependencyKind::Normal,
        );
        self.catalog.dependencies.add(Object::Column(rel, number), Object::Type(new.oid), DependencyKind::Normal);
        let origin = cx.at(loc);
        let own_collation = self.own_collation(found, new.oid);
        self.follow_with_sequence(rel, number, new)?;
        let rebuilt = self.to_rebuild(rel, number, new)?;
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.ty = new;
            column.collation = own_collation;
            column.provenance.change(origin, ChangeKind::Type);
        }
        self.forget_column(rel, number);
        self.remember_new_type(rel, number, rebuilt);
        self.remember_followers(children, name, new, own_collation);
        Ok(())
    }

    /// What a column's default and dependents have against a new type.
    pub(super) fn refuse_new_type(&self, rel: Oid, column: &Column, new: TypeRef) -> Exec {
        self.check_new_default(column, new)?;
        self.refuse_dependents_of_type(rel, column.number, &column.name)?;
        self.refuse_row_type_in_use(rel, column.ty, new)
    }

    /// `ATPrepAlterColumnType`, `RememberAllDependentForRebuilding`: what cannot be rebuilt refuses.
    pub(super) fn refuse_dependents_of_type(&self, rel: Oid, number: i16, column: &str) -> Exec {
        let path = self.path();
        // They are found in the order in which they came to need the column.
        let mut edges = self.catalog.dependents(Object::Column(rel, number));
        edges.sort_by_key(|edge| self.defined_at(edge.dependent));
        for edge in edges {
            let what = match edge.dependent {
                Object::Relation(oid) => match self.catalog.relation(oid).map(|r| &r.kind) {
                    Some(RelationKind::View(_) | RelationKind::MaterializedView(..)) => "used by a view or rule",
                    Some(
                        RelationKind::Table
                        | RelationKind::PartitionedTable(_)
                        | RelationKind::ForeignTable(_)
                        | RelationKind::Sequence(_)
                        | RelationKind::Index(_)
                        | RelationKind::CompositeType,
                    )
                    | None => continue,
                },
                Object::Trigger(..) => "used in a trigger definition",
                Object::Rule(..) => "used by a view or rule",
                Object::Policy(..) => "used in a policy definition",
                Object::Column(..) => "used by a generated column",
                Object::Function(_) => "used by a function or procedure",
                Object::PublicationRelation(..) => "used by a publication WHERE clause",
                Object::Constraint(..) | Object::Default(..) => continue,
                Object::Schema(_)
                | Object::Type(_)
                | Object::DomainConstraint(..)
                | Object::Role(_)
                | Object::Extension(_)
                | Object::Publication(_)
                | Object::DefaultAcl(_)
                | Object::Operator(_)
                | Object::Cast(_)
                | Object::OpClass(_)
                | Object::OpFamily(_)
                | Object::Collation(_)
                | Object::Conversion(_)
                | Object::TsConfig(_)
                | Object::TsDict(_)
                | Object::Statistics(_)
                | Object::ForeignDataWrapper(_)
                | Object::ForeignServer(_)
                | Object::EventTrigger(_)
                | Object::Language(_)
                | Object::Transform(_)
                | Object::Database(_)
                | Object::LargeObject(_) => continue,
            };
            let dependent = self.catalog.describe(edge.dependent, &path);
            let detail = match edge.dependent {
                Object::Column(table, generated) => {
                    let name =
                        self.catalog.relation(table).and_then(|r| r.column_at(generated)).map_or("", |c| &c.name);
                    format!("Column \"{column}\" is used by generated column \"{name}\".")
                }
                Object::Relation(_) => format!("rule _RETURN on {dependent} depends on column \"{column}\""),
                _ => format!("{dependent} depends on column \"{column}\""),
            };
            let mut error = SqlError::new("0A000", format!("cannot alter type of a column {what}")).detail(detail);
            error.related.extend(self.made_by(edge.dependent).map(|origin| (origin, format!("{dependent} made here"))));
            return Err(error.into());
        }
        Ok(())
    }
}

/// `ATPrepAlterColumnType`: only tables have values to be computed.
pub(super) fn not_a_table(relation: &Relation) -> Stop {
    SqlError::new("42809", format!("\"{}\" is not a table", relation.name)).into()
}
