//! Constraints of tables (`parse_utilcmd.c: transformIndexConstraint`, `tablecmds.c: ATAddForeignKeyConstraint`,
//! `heap.c: AddRelationNewConstraints`).

pub(super) mod attributes;
mod foreign_key;
mod initial_check;
pub(super) mod not_null;
mod operators;
mod overlaps;

use super::index::{Asked, IndexKeys, check_method};
use super::virtual_generated::IndexOf;
use crate::catalog::{
    AttrNumber, Constraint as Stored, ConstraintKind as StoredKind, Index, IndexKeyKind, Object, Oid, Origin,
    Provenance, Relation, RelationKind, StoredExpr, make_object_name,
};
use crate::expr::analyze::tupdesc::system_attribute;
use crate::expr::deparse::system_column;
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

/// On which occasion constraints are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::replay) enum Adding {
    /// CREATE TABLE.
    Create,
    /// ALTER TABLE, ONLY this one or what inherits from it, too.
    Alter {
        /// Without ONLY.
        recurse: bool,
    },
    /// To what inherits from the table that ALTER TABLE names.
    Inherited,
}

/// UNIQUE beside PRIMARY KEY, or twice, makes one index, which takes the later name if it has none
/// (`parse_utilcmd.c: transformIndexConstraints`).
fn drop_redundant_keys(constraints: &mut Vec<(Constraint, Option<Name>)>) {
    let columns = |constraint: &(Constraint, Option<Name>)| match &constraint.0.kind {
        ConstraintKind::Key(key) if key.using_index.is_none() => {
            let own = constraint.1.iter().filter(|_| key.columns.is_empty()).cloned();
            let columns: Vec<Name> = own.chain(key.columns.iter().cloned()).collect();
            let (deferrable, deferred) = (constraint.0.deferrable, constraint.0.initially_deferred);
            let how = (key.nulls_not_distinct, key.without_overlaps, deferrable, deferred);
            Some((columns, Vec::new(), key.including.clone(), how))
        }
        // Those over columns alone: two expressions are seldom the same.
        ConstraintKind::Exclusion(exclusion) if exclusion.filter.is_none() => {
            let mut columns = vec![exclusion.method.clone().unwrap_or_else(|| "btree".into())];
            let mut names = Vec::new();
            for (element, operator) in &exclusion.elements {
                let IndexKey::Column(column) = &element.key else { return None };
                let plain = element.opclass_options.is_empty();
                if !plain || element.descending.is_some() || element.nulls_first.is_some() {
                    return None;
                }
                columns.push(column.name.clone());
                let written = [element.opclass.as_ref(), element.collation.as_ref(), Some(operator)];
                names.extend(written.map(|name| name.map(|name| (name.schema.clone(), name.name.clone()))));
            }
            let (deferrable, deferred) = (constraint.0.deferrable, constraint.0.initially_deferred);
            Some((columns, names, exclusion.including.clone(), (false, false, deferrable, deferred)))
        }
        _ => None,
    };
    let mut kept: Vec<(Constraint, Option<Name>)> = Vec::with_capacity(constraints.len());
    for constraint in constraints.drain(..) {
        let same = columns(&constraint).and_then(|own| kept.iter_mut().find(|k| columns(k).as_ref() == Some(&own)));
        match (same, &constraint.0.kind) {
            (Some(prior), kind) if !matches!(kind, ConstraintKind::Key(key) if key.primary) => {
                if prior.0.name.is_none() {
                    prior.0.name = constraint.0.name;
                }
            }
            _ => kept.push(constraint),
        }
    }
    *constraints = kept;
}

/// The constraints of one statement or column in the order in which they are added.
pub(super) fn in_order(constraints: Vec<(Constraint, Option<Name>)>) -> Vec<(Constraint, Option<Name>)> {
    let rank = |c: &Constraint| match &c.kind {
        ConstraintKind::NotNull { .. } => 0,
        ConstraintKind::Check { .. } => 1,
        ConstraintKind::Key(key) if key.primary => 2,
        ConstraintKind::Key(_) | ConstraintKind::Exclusion(_) => 3,
        ConstraintKind::ForeignKey(_) => 4,
        ConstraintKind::Null
        | ConstraintKind::Default(_)
        | ConstraintKind::Identity { .. }
        | ConstraintKind::Generated { .. }
        | ConstraintKind::Attribute(_) => 5,
    };
    let mut constraints = constraints;
    constraints.sort_by_key(|(c, _)| rank(c));
    drop_redundant_keys(&mut constraints);
    constraints
}

impl Replay {
    /// Adds constraints in PostgreSQL's order: checks, then the primary key, other keys, foreign keys. A constraint of a
    /// column comes with the column's name.
    pub(in crate::replay) fn add_constraints(
        &mut self,
        rel: Oid,
        constraints: Vec<(Constraint, Option<Name>)>,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let constraints = in_order(constraints);
        if !constraints.is_empty()
            && let Some(relation) = self.catalog.relation_mut(rel).filter(|r| r.constraints.is_empty())
        {
            relation.constraints.reserve_exact(constraints.len());
        }
        for (constraint, column) in constraints {
            self.add_constraint(rel, &constraint, column.as_ref(), how, cx)?;
        }
        Ok(())
    }

    /// Adds one constraint.
    pub(in crate::replay) fn add_constraint(
        &mut self,
        rel: Oid,
        constraint: &Constraint,
        column: Option<&Name>,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        if self.catalog.relation(rel).is_some_and(|r| matches!(r.kind, RelationKind::ForeignTable(_))) {
            attributes::check_on_foreign_table(constraint)?;
        }
        // The index of a key has the constraint's name, and that is looked at first. A check may be merged into one of
        // its name.
        if let Some(name) = &constraint.name
            && !matches!(
                constraint.kind,
                ConstraintKind::Key(_)
                    | ConstraintKind::Exclusion(_)
                    | ConstraintKind::Check { .. }
                    | ConstraintKind::NotNull { .. }
            )
        {
            self.refuse_constraint_name(rel, name, constraint, cx)?;
        }
        match &constraint.kind {
            ConstraintKind::Check { expr, no_inherit } => self.add_check(rel, constraint, expr, *no_inherit, how, cx),
            ConstraintKind::Key(key) => self.add_key(rel, constraint, key, column, how, cx),
            ConstraintKind::Exclusion(exclusion) => self.add_exclusion(rel, constraint, exclusion, how, cx),
            ConstraintKind::ForeignKey(key) => self.add_foreign_key(rel, constraint, key, column, how, cx),
            ConstraintKind::NotNull { .. } if self.records_not_null() => {
                self.add_not_null(rel, constraint, column, how, cx)
            }
            ConstraintKind::NotNull { .. } => {
                let touched = self.catalog.relation(rel).map(|r| QualifiedName::bare(r.name.clone()));
                let touches = Touches::Relations(touched.into_iter().collect());
                Err(Opaque::new("NOT NULL is no constraint of a table before PostgreSQL 18", touches)
                    .at(constraint.loc)
                    .into())
            }
            // Parts of a column's definition, handled there.
            ConstraintKind::Null
            | ConstraintKind::Default(_)
            | ConstraintKind::Identity { .. }
            | ConstraintKind::Generated { .. }
            | ConstraintKind::Attribute(_) => Ok(()),
        }
    }

    fn refuse_constraint_name(&self, rel: Oid, name: &Name, constraint: &Constraint, cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(existing) = relation.constraint(name) else { return Ok(()) };
        // Two of one CREATE TABLE (`heap.c: AddRelationNewConstraints`).
        let new_table = relation.provenance.created.sequence == cx.origin.sequence;
        let message = match &constraint.kind {
            ConstraintKind::Check { .. }
                if new_table && existing.is_local && matches!(existing.kind, StoredKind::Check { .. }) =>
            {
                format!("check constraint \"{name}\" already exists")
            }
            _ => format!("constraint \"{name}\" for relation \"{}\" already exists", relation.name),
        };
        let error = SqlError::new("42710", message).at(constraint.loc);
        let error = error.related(existing.provenance.created, format!("constraint \"{name}\" made here"));
        Err(error.about(About::Part(relation.name.to_string(), name.to_string())).into())
    }

    fn store_constraint(
        &mut self,
        rel: Oid,
        constraint: &Constraint,
        name: Name,
        kind: StoredKind,
        columns: Vec<AttrNumber>,
        cx: &Context,
    ) -> Oid {
        let oid = self.catalog.new_oid();
        self.catalog.add_constraint(
            rel,
            Stored {
                oid,
                name,
                kind,
                columns,
                deferrable: constraint.deferrable || constraint.initially_deferred,
                initially_deferred: constraint.initially_deferred,
                enforced: !constraint.not_enforced,
                // No row of a new table can be against it (`transformCheckConstraints`, `transformFKConstraints`).
                validated: !constraint.not_enforced
                    && (!constraint.not_valid
                        || self
                            .catalog
                            .relation(rel)
                            .is_some_and(|r| r.provenance.created.sequence == cx.origin.sequence)),
                is_local: true,
                inherit_count: 0,
                parent: None,
                comment: None,
                provenance: Provenance::new(cx.at(constraint.loc)),
            },
        );
        oid
    }

    // ---- CHECK ----

    /// The check that a partition keeps when it is detached; of which names are its business.
    pub(super) fn store_partition_check(
        &mut self,
        rel: Oid,
        tree: crate::catalog::tree::Expr,
        needs: Vec<Object>,
        cx: &Context,
    ) {
        let columns = tree.columns();
        let Some(relation) = self.catalog.relation(rel) else { return };
        let only = match columns.as_slice() {
            [one] => relation.column_at(*one).map(|c| c.name.as_str()),
            [] | [_, ..] => None,
        };
        let name = self.choose_constraint_name(relation, only, "check");
        let constraint = Constraint {
            name: None,
            kind: ConstraintKind::Null,
            deferrable: false,
            initially_deferred: false,
            not_valid: false,
            not_enforced: false,
            loc: Loc::NONE,
        };
        let expr = std::sync::Arc::new(crate::catalog::tree::Stored { tree, depends_on: needs.clone() });
        let kind = StoredKind::Check { expr, no_inherit: false };
        let oid = self.store_constraint(rel, &constraint, name, kind, columns, cx);
        self.depend_on_all(Object::Constraint(rel, oid), &needs, Some(rel));
    }

    fn add_check(
        &mut self,
        rel: Oid,
        constraint: &Constraint,
        expr: &Expr,
        no_inherit: bool,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let existing = constraint.name.as_ref().and_then(|name| relation.constraint(name));
        let existing = existing.map(|c| (c.oid, c.is_local, matches!(c.kind, StoredKind::Check { .. })));
        let mergeable = matches!(existing, Some((_, is_local, true)) if match how {
            Adding::Create => !is_local,
            Adding::Alter { .. } => !is_local && !relation.is_partition(),
            Adding::Inherited => true,
        });
        // `heap.c: AddRelationNewConstraints`
        let bound = self.analyze_check(rel, expr)?;
        if let Some(name) = &constraint.name
            && !mergeable
        {
            self.refuse_constraint_name(rel, name, constraint, cx)?;
        }
        if let Some((existing, ..)) = existing {
            return self.merge_check(rel, existing, &bound, no_inherit, constraint, how, cx);
        }
        let columns = bound.tree.columns();
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let name = constraint.name.clone().unwrap_or_else(|| {
            // One column gives the name, however often it is mentioned (`AddRelationNewConstraints`).
            let only = match columns.as_slice() {
                [one] => relation.column_at(*one).map(|c| c.name.as_str()).or_else(|| system_column(*one)),
                [] | [_, ..] => None,
            };
            self.choose_constraint_name(relation, only, "check")
        });
        if no_inherit && relation.is_partitioned() {
            let message = format!("cannot add NO INHERIT constraint to partitioned table \"{}\"", relation.name);
            return Err(SqlError::new("42P16", message).into());
        }
        let needs = bound.depends_on.clone();
        let kind = StoredKind::Check { expr: bound, no_inherit };
        let oid = self.store_constraint(rel, constraint, name.clone(), kind, columns, cx);
        self.depend_on_all(Object::Constraint(rel, oid), &needs, Some(rel));
        if how == Adding::Inherited {
            self.change_inheritance_of_constraint(rel, oid, |c| {
                c.is_local = false;
                c.inherit_count = 1;
            });
        }
        // `tablecmds.c: ATAddCheckConstraint`
        if how == Adding::Create || no_inherit {
            return Ok(());
        }
        let children = self.catalog.relation(rel).map(|r| r.children.clone()).unwrap_or_default();
        if how == (Adding::Alter { recurse: false }) && !children.is_empty() {
            return Err(SqlError::new("42P16", "constraint must be added to child tables too").into());
        }
        let named = Constraint { name: Some(name), ..constraint.clone() };
        children
            .into_iter()
            .try_for_each(|child| self.add_check(child, &named, expr, no_inherit, Adding::Inherited, cx))
    }

    /// A check of that name is there, and is inherited, or is now (`heap.c: MergeWithExistingConstraint`).
    #[expect(clippy::too_many_arguments, reason = "what a check is")]
    fn merge_check(
        &mut self,
        rel: Oid,
        existing: Oid,
        bound: &StoredExpr,
        no_inherit: bool,
        constraint: &Constraint,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let Some(found) = relation.constraints.iter().find(|c| c.oid == existing) else { return Ok(()) };
        let StoredKind::Check { expr, no_inherit: private } = &found.kind else { return Ok(()) };
        let (name, table, partition) = (found.name.clone(), relation.name.clone(), relation.is_partition());
        if !self.same_expression(expr, bound) {
            return self.refuse_constraint_name(rel, &name, constraint, cx);
        }
        let what = if *private {
            "non-inherited"
        } else if found.inherit_count > 0 && no_inherit {
            "inherited"
        } else if !constraint.not_valid && !constraint.not_enforced && found.enforced && !found.validated {
            "NOT VALID"
        } else if match how {
            // The parent's is enforced.
            Adding::Inherited => !constraint.not_enforced && !found.enforced,
            Adding::Create | Adding::Alter { .. } => constraint.not_enforced && found.enforced,
        } {
            "NOT ENFORCED"
        } else {
            self.notice(format!("merging constraint \"{name}\" with inherited definition"), cx);
            self.change_inheritance_of_constraint(rel, existing, |c| {
                match (partition, how) {
                    (true, _) => {
                        c.inherit_count = 1;
                        c.is_local = false;
                    }
                    (false, Adding::Inherited) => c.inherit_count += 1,
                    (false, Adding::Create | Adding::Alter { .. }) => c.is_local = true,
                }
                // What a parent has not enforced, a child may.
                if !constraint.not_enforced && !c.enforced {
                    (c.enforced, c.validated) = (true, true);
                }
            });
            return Ok(());
        };
        let message = format!("constraint \"{name}\" conflicts with {what} constraint on relation \"{table}\"");
        Err(SqlError::new("42P17", message).into())
    }

    pub(super) fn change_inheritance_of_constraint(
        &mut self,
        rel: Oid,
        constraint: Oid,
        change: impl FnOnce(&mut Stored),
    ) {
        let constraints = self.catalog.relation_mut(rel).map(|r| &mut r.constraints);
        if let Some(found) = constraints.and_then(|c| c.iter_mut().find(|c| c.oid == constraint)) {
            change(found);
        }
    }

    // ---- PRIMARY KEY, UNIQUE, EXCLUDE ----

    fn add_key(
        &mut self,
        rel: Oid,
        constraint: &Constraint,
        key: &KeyConstraint,
        column: Option<&Name>,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if let Some(index) = &key.using_index {
            let Some(relation) = self.catalog.shared_relation(rel) else { return Ok(()) };
            return self.key_using_index(&relation, constraint, key.primary, index, cx);
        }
        let names: Vec<Name> = match column {
            Some(column) if key.columns.is_empty() => vec![column.clone()],
            Some(_) | None => key.columns.clone(),
        };
        // CREATE TABLE looks at each whether it is there, first.
        let there =
            |name: &&Name| how != Adding::Create || relation.column(name).is_some() || system_attribute(name).is_some();
        let known: Vec<&Name> = names.iter().take_while(there).collect();
        refuse_repeated(&known, key.primary, constraint.loc)?;
        if key.primary && relation.provenance.created.sequence != cx.origin.sequence {
            // ALTER TABLE makes the columns NOT NULL first (`tablecmds.c: ATPrepAddPrimaryKey`).
            for name in &names {
                self.column_number(rel, name)?;
            }
        }
        let columns = self.key_columns(relation, &names, constraint.loc)?;
        if key.without_overlaps {
            self.check_overlaps(relation, &columns, constraint.loc)?;
        }
        let method = if key.without_overlaps { "gist" } else { "btree" };
        let including = self.included_columns(relation, &key.including, constraint.loc)?;
        let keys: Vec<_> = columns.iter().map(|&c| self.column_key(relation, c, method)).collect::<Exec<_>>()?;
        let operators = if key.without_overlaps { self.overlaps_operators(&keys)? } else { Vec::new() };
        // `index.c: index_check_primary_key`
        if key.primary
            && let Some(existing) = relation.primary_key()
        {
            let message = format!("multiple primary keys for table \"{}\" are not allowed", relation.name);
            let error = SqlError::new("42P16", message).at(constraint.loc);
            return Err(error.related(existing.provenance.created, "the primary key made here").into());
        }
        let mut apart: Vec<String> = Vec::new();
        for name in names.iter().chain(&key.including) {
            let name = super::index::name_apart(name, &apart);
            apart.push(name);
        }
        let name = match &constraint.name {
            Some(name) => name.clone(),
            None if key.primary => self.choose_relation_name(&relation.name, None, "pkey", relation.schema, true),
            None => {
                let joined = join_column_names(apart.iter().map(String::as_str));
                self.choose_relation_name(&relation.name, Some(&joined), "key", relation.schema, true)
            }
        };
        if key.primary {
            // From 18 on the index is what refuses it.
            let system = columns.iter().zip(&names).find_map(|(&number, name)| (number < 0).then_some(name));
            if let Some(name) = system.filter(|_| !self.records_not_null()) {
                return Err(SqlError::new("0A000", format!("cannot alter system column \"{name}\"")).into());
            }
            self.set_key_not_null(rel, &columns, how, cx.at(constraint.loc))?;
        }
        let index = Index {
            table: rel,
            method: method.into(),
            unique: true,
            primary: key.primary,
            nulls_not_distinct: key.nulls_not_distinct,
            valid: true,
            ready: true,
            clustered: false,
            keys,
            including,
            column_names: apart.iter().map(|name| name.as_str().into()).collect(),
            predicate: None,
            constraint: None,
        };
        let options = super::table::options(&key.options);
        if let Some(relation) = self.catalog.relation(rel) {
            self.check_partitioned_key(relation, &index, &operators)?;
            let of = if key.primary { IndexOf::PrimaryKey } else { IndexOf::Constraint };
            self.refuse_unindexable(relation, &index, of)?;
            if let Some(name) = &constraint.name {
                self.refuse_index_name(relation.schema, name, constraint.loc)?;
                self.refuse_constraint_name(rel, name, constraint, cx)?;
            }
        }
        let of_keys = |key: &crate::catalog::IndexKey| [Object::OpClass(key.opclass), Object::Collation(key.collation)];
        let needs: Vec<Object> = index.keys.iter().flat_map(of_keys).collect();
        let index = self.insert_index(&name, index, options, cx.at(constraint.loc))?;
        self.depend_on_all(Object::Relation(index), &needs, Some(rel));
        let kind = StoredKind::Key { primary: key.primary, index, operators };
        let oid = self.store_constraint(rel, constraint, name, kind, columns, cx);
        self.own_index(index, oid);
        self.index_partitions(index, Some(oid), how, cx)
    }

    /// The columns of a primary key are NOT NULL, those of what inherits from the table, too (`transformIndexConstraint`,
    /// `ATPrepSetNotNull`).
    fn set_key_not_null(&mut self, rel: Oid, columns: &[AttrNumber], how: Adding, origin: Origin) -> Exec {
        let names: Vec<Name> = match self.catalog.relation(rel) {
            Some(relation) => columns.iter().filter_map(|&n| relation.column_at(n)).map(|c| c.name.clone()).collect(),
            None => return Ok(()),
        };
        // Constraints have made them so.
        if self.records_not_null() {
            return self.refuse_nullable_key(rel, columns);
        }
        for name in names {
            match how {
                Adding::Create | Adding::Inherited => {}
                Adding::Alter { recurse } => self.prepare_set_not_null(rel, &name, recurse)?,
            }
            let recurse = how == (Adding::Alter { recurse: true });
            let all = if recurse { self.catalog.inheritors(rel) } else { vec![(rel, 0)] };
            for (table, _) in all {
                let number = self.catalog.relation(table).and_then(|r| r.column(&name)).map(|c| c.number);
                if let Some(number) = number {
                    self.set_not_null(table, number, origin);
                }
            }
        }
        Ok(())
    }

    /// `ADD CONSTRAINT … UNIQUE USING INDEX`: the index gets the constraint's name.
    fn key_using_index(
        &mut self,
        relation: &Relation,
        constraint: &Constraint,
        primary: bool,
        index_name: &Name,
        cx: &Context,
    ) -> Exec {
        let found = self.catalog.relation_in(relation.schema, index_name);
        if found.is_some_and(|r| r.as_index().is_none()) {
            return Err(SqlError::new("42809", format!("\"{index_name}\" is not an index")).into());
        }
        let Some(found) = found.cloned() else {
            let error = SqlError::new("42704", format!("index \"{index_name}\" does not exist")).at(constraint.loc);
            return Err(error.about(About::Relation(index_name.to_string())).into());
        };
        let Some(index) = found.as_index() else { return Ok(()) };
        let refuse = |state, message: String| Err(SqlError::new(state, message).at(constraint.loc).into());
        let unfit = |message: String| {
            let detail = "Cannot create a primary key or unique constraint using such an index.";
            Err(SqlError::new("42809", message).detail(detail).at(constraint.loc).into())
        };
        if index.constraint.is_some() {
            return refuse("55000", format!("index \"{index_name}\" is already associated with a constraint"));
        }
        if index.table != relation.oid {
            return refuse("55000", format!("index \"{index_name}\" does not belong to table \"{}\"", relation.name));
        }
        if !index.valid {
            return refuse("55000", format!("index \"{index_name}\" is not valid"));
        }
        if !index.unique {
            return unfit(format!("\"{index_name}\" is not a unique index"));
        }
        if index.keys.iter().any(|key| matches!(key.what, IndexKeyKind::Expr(_))) {
            return unfit(format!("index \"{index_name}\" contains expressions"));
        }
        if index.predicate.is_some() {
            return unfit(format!("\"{index_name}\" is a partial index"));
        }
        let mut columns = Vec::new();
        for (i, key) in index.keys.iter().enumerate() {
            let default = self.has_default_sorting(relation, key);
            if key.descending || key.nulls_first || !default {
                let number = i + 1;
                let message =
                    format!("index \"{index_name}\" column number {number} does not have default sorting behavior");
                return unfit(message);
            }
            match &key.what {
                IndexKeyKind::Column(number) if columns.contains(number) => {
                    let kind = if primary { "primary key" } else { "unique" };
                    let name = relation.column_at(*number).map_or("", |c| &c.name);
                    return refuse("42701", format!("column \"{name}\" appears twice in {kind} constraint"));
                }
                IndexKeyKind::Column(number) => columns.push(*number),
                // Refused above.
                IndexKeyKind::Expr(_) => {}
            }
        }
        // What is above the statement's analysis says, this `ATExecAddIndexConstraint`.
        if relation.is_partitioned() {
            let message = "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables";
            return Err(SqlError::new("0A000", message).into());
        }
        if primary && !self.records_not_null() {
            for &number in &columns {
                self.set_not_null(relation.oid, number, cx.at(constraint.loc));
            }
        }
        if primary && let Some(existing) = relation.primary_key() {
            let message = format!("multiple primary keys for table \"{}\" are not allowed", relation.name);
            let error = SqlError::new("42P16", message).at(constraint.loc);
            return Err(error.related(existing.provenance.created, "the primary key made here").into());
        }
        // `index.c: index_check_primary_key`
        if primary && index.nulls_not_distinct && self.catalog.version() >= 16 {
            return Err(SqlError::new("42P16", "primary keys cannot use NULLS NOT DISTINCT indexes").into());
        }
        let name = constraint.name.clone().unwrap_or_else(|| index_name.clone());
        if name != *index_name {
            self.refuse_index_name(relation.schema, &name, constraint.loc)?;
            self.catalog.move_relation(found.oid, found.schema, name.clone());
        }
        if primary && let Some(index) = self.catalog.relation_mut(found.oid).and_then(Relation::as_index_mut) {
            index.primary = true;
        }
        let kind = StoredKind::Key { primary, index: found.oid, operators: Vec::new() };
        let oid = self.store_constraint(relation.oid, constraint, name, kind, columns, cx);
        self.own_index(found.oid, oid);
        Ok(())
    }

    fn add_exclusion(
        &mut self,
        rel: Oid,
        constraint: &Constraint,
        exclusion: &ExclusionConstraint,
        how: Adding,
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        if relation.is_partitioned() && self.catalog.version() < 17 {
            let message = "exclusion constraints are not supported on partitioned tables";
            return Err(SqlError::new("0A000", message).at(constraint.loc).into());
        }
        let elements: Vec<IndexElem> = exclusion.elements.iter().map(|(e, _)| e.clone()).collect();
        let method = exclusion.method.clone().unwrap_or_else(|| "btree".into());
        self.transform_index(rel, exclusion.filter.as_ref(), &elements)?;
        let asked = Asked {
            method: &method,
            unique: false,
            including: !exclusion.including.is_empty(),
            keys: elements.len(),
            exclusion: true,
        };
        check_method(&asked, self.catalog.version())?;
        let predicate = self.index_predicate(rel, exclusion.filter.as_ref())?;
        let IndexKeys { keys, mut names, needs } = self.index_keys(relation, &elements, &method, true)?;
        let operators = self.exclusion_operators(relation, &keys, exclusion)?;
        let including = self.included_columns(relation, &exclusion.including, constraint.loc)?;
        for name in &exclusion.including {
            names.push(super::index::name_apart(name, &names));
        }
        let name = match &constraint.name {
            Some(name) => {
                self.refuse_index_name(relation.schema, name, constraint.loc)?;
                self.refuse_constraint_name(rel, name, constraint, cx)?;
                name.clone()
            }
            None => {
                let joined = join_column_names(names.iter().map(String::as_str));
                self.choose_relation_name(&relation.name, Some(&joined), "excl", relation.schema, true)
            }
        };
        let columns = keys.iter().map(|k| k.as_column().unwrap_or(0)).collect();
        let needs: Vec<Object> = needs.into_iter().chain(predicate.iter().flat_map(|p| p.depends_on.clone())).collect();
        let index = Index {
            table: rel,
            method,
            unique: false,
            primary: false,
            nulls_not_distinct: false,
            valid: true,
            ready: true,
            clustered: false,
            keys,
            including,
            column_names: names.iter().map(|name| name.as_str().into()).collect(),
            predicate,
            constraint: None,
        };
        if let Some(relation) = self.catalog.relation(rel) {
            self.check_partitioned_key(relation, &index, &operators)?;
            self.refuse_unindexable(relation, &index, IndexOf::Constraint)?;
        }
        self.check_key_types(&index.keys, &index.column_names)?;
        let index =
            self.insert_index(&name, index, super::table::options(&exclusion.options), cx.at(constraint.loc))?;
        self.depend_on_all(Object::Relation(index), &needs, Some(rel));
        let oid = self.store_constraint(rel, constraint, name, StoredKind::Exclusion { index, operators }, columns, cx);
        self.own_index(index, oid);
        self.index_partitions(index, Some(oid), how, cx)
    }

    /// The numbers of a key's columns; system columns are refused later.
    fn key_columns(&self, relation: &Relation, names: &[Name], loc: Loc) -> Exec<Vec<AttrNumber>> {
        let number = |name: &Name| match relation.column(name) {
            Some(column) => Ok(column.number),
            None => match system_attribute(name) {
                Some((number, _)) => Ok(number),
                None => {
                    let message = format!("column \"{name}\" named in key does not exist");
                    let error = SqlError::new("42703", message).at(loc);
                    Err(lookup::missing_column(&self.catalog, relation, name, error))
                }
            },
        };
        names.iter().map(number).collect()
    }

    /// The numbers of columns of INCLUDE, where one may stand twice.
    fn included_columns(&self, relation: &Relation, names: &[Name], loc: Loc) -> Exec<Vec<AttrNumber>> {
        let number = |name: &Name| Ok(self.key_columns(relation, std::slice::from_ref(name), loc)?[0]);
        names.iter().map(number).collect()
    }

    pub(super) fn own_index(&mut self, index: Oid, constraint: Oid) {
        if let Some(index) = self.catalog.relation_mut(index).and_then(Relation::as_index_mut) {
            index.constraint = Some(constraint);
        }
    }

    pub(super) fn set_not_null(&mut self, rel: Oid, number: AttrNumber, origin: Origin) {
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number))
            && !column.not_null
        {
            column.not_null = true;
            if column.provenance.created.sequence != origin.sequence {
                column.provenance.change(origin, crate::catalog::ChangeKind::NotNull);
            }
        }
    }

    // ---- names ----

    /// A name that no constraint of the schema has (`pg_constraint.c: ChooseConstraintName`).
    pub(in crate::replay) fn choose_constraint_name(
        &self,
        relation: &Relation,
        columns: Option<&str>,
        label: &str,
    ) -> Name {
        let mut numbered = label.to_owned();
        for pass in 1.. {
            let name = make_object_name(&relation.name, columns, Some(&numbered));
            if !self.catalog.constraint_name_taken(relation.schema, &name) {
                return name.into();
            }
            numbered = format!("{label}{pass}");
        }
        Name::new()
    }

    /// A name that no relation of the schema has, and no constraint if it is for one (`indexcmds.c:
    /// ChooseRelationName`).
    pub(in crate::replay) fn choose_relation_name(
        &self,
        name1: &str,
        name2: Option<&str>,
        label: &str,
        schema: Oid,
        for_constraint: bool,
    ) -> Name {
        let mut numbered = label.to_owned();
        for pass in 1.. {
            let name = make_object_name(name1, name2, Some(&numbered));
            let taken = self.catalog.relation_in(schema, &name).is_some()
                || (for_constraint && self.catalog.constraint_name_taken(schema, &name));
            if !taken {
                return name.into();
            }
            numbered = format!("{label}{pass}");
        }
        Name::new()
    }
}

/// Column names joined for a generated name, up to its longest (`indexcmds.c: ChooseIndexNameAddition`).
pub(in crate::replay) fn join_column_names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for name in names {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(name);
        if joined.len() > crate::catalog::MAX_NAME {
            break;
        }
    }
    joined
}

/// A column stands twice in a key (`transformIndexConstraint`), whether there is such a column or not.
pub(super) fn refuse_repeated(names: &[&Name], primary: bool, loc: Loc) -> Exec {
    match names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
        Some((_, name)) => {
            let kind = if primary { "primary key" } else { "unique" };
            let message = format!("column \"{name}\" appears twice in {kind} constraint");
            Err(SqlError::new("42701", message).at(loc).into())
        }
        None => Ok(()),
    }
}
