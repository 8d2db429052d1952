//! Types: enums, domains, composite types, and the row types of relations (`typecmds.c`, `pg_type.c`).

use crate::catalog::{
    AclKind, ChangeKind, Column, DependencyKind, Domain, DomainCheck, Ending, EnumLabel, MAX_NAME, Object, Oid, Origin,
    Provenance, Relation, RelationKind, Tombstone, Type, TypeKind, make_object_name, truncate_name,
};
use crate::expr::datum::{array, range};
use crate::replay::{About, Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{
    self, AlterDomainAction, AlterEnumAction, ConstraintKind, Name, QualifiedName, Touches, TypeName,
};

/// NULL is no default (`typecmds.c: DefineDomain, AlterDomainDefault`).
fn not_null(default: crate::catalog::StoredExpr) -> Option<crate::catalog::StoredExpr> {
    match &default.tree {
        crate::catalog::tree::Expr::Const(constant) if constant.value.is_none() => None,
        _ => Some(default),
    }
}

impl Replay {
    // ---- what every type needs ----

    /// Makes a type together with its array type: `name` and `_name` (`heap.c: heap_create_with_catalog` for row types,
    /// `typecmds.c` for the others). Fails with 42710 if the name is taken.
    pub(crate) fn make_row_type(
        &mut self,
        schema: Oid,
        name: &Name,
        kind: TypeKind,
        owner: Oid,
        origin: Origin,
    ) -> Exec<(Oid, Oid)> {
        let of_relation = match &kind {
            TypeKind::Composite(rel) => {
                self.catalog.relation(*rel).is_none_or(|r| !matches!(r.kind, RelationKind::CompositeType))
            }
            TypeKind::Base(_)
            | TypeKind::Array(_)
            | TypeKind::Enum(_)
            | TypeKind::Domain(_)
            | TypeKind::Range(_)
            | TypeKind::Multirange(_)
            | TypeKind::Shell => false,
        };
        self.free_type_name(schema, name).map_err(|stop| match stop {
            Stop::Error(error) if of_relation => {
                let hint = "A relation has an associated type of the same name, so you must use a name that doesn't \
                            conflict with any existing type.";
                error.hint(hint).into()
            }
            stop => stop,
        })?;
        // Row types of tables and array types have no privileges of their own.
        let acl = if of_relation { None } else { self.new_object_acl(AclKind::Type, owner, Some(schema)) };
        let array = self.catalog.new_oid();
        let oid = self.catalog.new_oid();
        let provenance = Provenance::new(origin);
        self.catalog.insert_type(Type {
            oid,
            schema,
            name: name.clone(),
            owner,
            kind,
            array: Some(array),
            acl,
            comment: None,
            provenance: provenance.clone(),
        });
        let array_name = self.array_type_name(schema, name);
        self.catalog.insert_type(Type {
            oid: array,
            schema,
            name: array_name,
            owner,
            kind: TypeKind::Array(oid),
            array: None,
            acl: None,
            comment: None,
            provenance,
        });
        Ok((oid, array))
    }

    /// A name for the array type of a type of this name (`pg_type.c: makeArrayTypeName`): an underscore in front, and
    /// when that is taken, up to 15 as many underscores as it takes, from 16 on a number behind.
    pub(crate) fn array_type_name(&self, schema: Oid, name: &str) -> Name {
        let taken = |name: &str| self.catalog.type_in(schema, name).is_some();
        if self.catalog.version() >= 16 {
            let mut array_name = make_object_name("", Some(name), None);
            for pass in 1.. {
                if !taken(&array_name) {
                    break;
                }
                array_name = make_object_name("", Some(name), Some(&pass.to_string()));
            }
            return array_name.into();
        }
        let mut array_name = format!("_{name}");
        while taken(truncate_name(&array_name)) {
            array_name.insert(0, '_');
        }
        truncate_name(&array_name).into()
    }

    /// Makes sure that a type can have this name: an array type in its way gets another one
    /// (`pg_type.c: moveArrayTypeName`), anything else is an error.
    pub(crate) fn free_type_name(&mut self, schema: Oid, name: &Name) -> Exec {
        let Some(taken) = self.catalog.type_in(schema, name) else { return Ok(()) };
        if matches!(taken.kind, TypeKind::Array(_)) {
            let (oid, new_name) = (taken.oid, self.array_type_name(schema, name));
            self.catalog.move_type(oid, schema, new_name);
            return Ok(());
        }
        let error = SqlError::new("42710", format!("type \"{name}\" already exists"));
        let error = error.about(About::Type(name.to_string()));
        Err(error.related(taken.provenance.created, format!("type \"{name}\" made here")).into())
    }

    /// The user-defined or built-in type of that name (`typenameTypeId`).
    fn type_named(&self, name: &QualifiedName) -> Exec<Oid> {
        let name = TypeName { name: name.clone(), loc: name.loc, ..TypeName::default() };
        Ok(lookup::resolve_type(&self.catalog, &self.path(), &name)?.oid)
    }

    // ---- enums ----

    pub(crate) fn create_enum(&mut self, name: &QualifiedName, labels: &[String], cx: &Context) -> Exec {
        let schema = self.creation_schema(name)?;
        let origin = cx.at(name.loc);
        self.free_type_name(schema, &name.name)?;
        let mut made: Vec<EnumLabel> = Vec::with_capacity(labels.len());
        for label in labels {
            check_label(label)?;
            if made.iter().any(|l| l.label == *label) {
                // `pg_enum.c: EnumValuesCreate` leaves this to the index.
                let message = "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"";
                return Err(SqlError::new("23505", message).into());
            }
            made.push(EnumLabel { label: label.as_str().into(), provenance: Provenance::new(origin) });
        }
        let owner = self.session.current_user;
        let (oid, _) = self.make_row_type(schema, &name.name, TypeKind::Enum(made), owner, origin)?;
        self.catalog.uncommitted_enums.types.push(oid);
        Ok(())
    }

    /// `ALTER TYPE … ADD VALUE` and `RENAME VALUE` (`pg_enum.c: AddEnumLabel`, `RenameEnumLabel`).
    pub(crate) fn alter_enum(&mut self, stmt: &ast::AlterEnum, cx: &Context) -> Exec {
        let oid = self.type_named(&stmt.name)?;
        let Some(TypeKind::Enum(labels)) = self.catalog.type_(oid).map(|t| &t.kind) else {
            let name = self.catalog.format_type_be(oid, &self.path());
            return Err(SqlError::new("42809", format!("{name} is not an enum")).at(stmt.name.loc).into());
        };
        let (mut labels, version) = (labels.clone(), self.catalog.version());
        self.must_own_commented(Object::Type(oid), None)?;
        let position = |label: &str| labels.iter().position(|l| l.label == label);
        let missing = |label: &str| SqlError::new("22023", format!("\"{label}\" is not an existing enum label"));
        let taken = |at: usize| {
            let label: &EnumLabel = &labels[at];
            SqlError::new("42710", format!("enum label \"{}\" already exists", label.label))
                .about(About::Type(stmt.name.name.to_string()))
                .related(label.provenance.last(), format!("label \"{}\" made here", label.label))
        };
        match &stmt.action {
            AlterEnumAction::Add { label, if_not_exists, neighbour, before } => {
                check_label(label)?;
                if let Some(at) = position(label) {
                    if *if_not_exists {
                        self.notice(format!("enum label \"{label}\" already exists, skipping"), cx);
                        return Ok(());
                    }
                    return Err(taken(at).into());
                }
                let at = match neighbour {
                    Some(neighbour) => {
                        let at = position(neighbour).ok_or_else(|| missing(neighbour))?;
                        if *before { at } else { at + 1 }
                    }
                    None => labels.len(),
                };
                labels.insert(at, EnumLabel { label: label.as_str().into(), provenance: Provenance::new(cx.origin) });
                // From 17 on the labels of a type of the same transaction are safe (`AddEnumLabel`).
                let uncommitted = &mut self.catalog.uncommitted_enums;
                if version < 17 || !uncommitted.types.contains(&oid) {
                    uncommitted.labels.push((oid, label.as_str().into()));
                }
            }
            AlterEnumAction::Rename { from, to } => {
                check_label(to)?;
                let at = position(from).ok_or_else(|| missing(from))?;
                if let Some(at) = position(to) {
                    return Err(taken(at).into());
                }
                labels[at].label = to.as_str().into();
                labels[at].provenance.change(cx.origin, ChangeKind::Name);
                self.rename_in_constants(oid, from, to)?;
                // The label that is not safe yet is another by now.
                for (of, label) in &mut self.catalog.uncommitted_enums.labels {
                    if *of == oid && label == from {
                        *label = to.as_str().into();
                    }
                }
            }
        }
        if let Some(ty) = self.catalog.type_mut(oid) {
            ty.kind = TypeKind::Enum(labels);
            ty.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// Constants refer to a label, whatever it is called.
    fn rename_in_constants(&mut self, ty: Oid, from: &str, to: &str) -> Exec {
        let types = self.catalog.types_that_hold(ty);
        let is_kind = |of: Oid, is: &dyn Fn(&TypeKind) -> bool| self.catalog.type_(of).is_some_and(|of| is(&of.kind));
        let is_array = |of: &TypeKind| matches!(of, TypeKind::Array(element) if *element == ty);
        let is_range = |of: &TypeKind| matches!(of, TypeKind::Range(range) if range.subtype == ty);
        let (ranges, rest): (Vec<Oid>, Vec<Oid>) = types.iter().copied().partition(|&of| is_kind(of, &is_range));
        let (own, others): (Vec<Oid>, Vec<Oid>) = rest.into_iter().partition(|&of| of == ty || is_kind(of, &is_array));
        let change = |value: &str| (value == from).then(|| to.to_owned());
        let mut unclear = false;
        self.catalog.change_constants(&types, &mut |constant| {
            let Some(value) = &constant.value else { return };
            if others.contains(&constant.ty.oid) {
                unclear |= value.contains(from);
            } else if constant.ty.oid == ty {
                if value == from {
                    constant.value = Some(to.into());
                }
            } else if own.contains(&constant.ty.oid) {
                constant.value = array::with_values(value, &change).map(Into::into).or(constant.value.take());
            } else if ranges.contains(&constant.ty.oid) {
                constant.value = range::with_bounds(value, &change).map(Into::into).or(constant.value.take());
            }
        });
        if unclear {
            let reason = "a label that may stand inside of a constant of a row or range is not renamed there";
            return Err(Opaque::new(reason, Touches::Everything).into());
        }
        Ok(())
    }

    // ---- domains ----

    /// `typecmds.c: DefineDomain`
    pub(crate) fn create_domain(&mut self, stmt: &ast::CreateDomain, cx: &Context) -> Exec {
        let name = &stmt.name;
        let schema = self.creation_schema(name)?;
        self.free_type_name(schema, &name.name)?;
        let base = lookup::resolve_type(&self.catalog, &self.path(), &stmt.ty)?;
        if self.is_pseudo_type(base.oid) {
            let message = format!("\"{}\" is not a valid base type for a domain", lookup::display(&stmt.ty.name));
            return Err(SqlError::new("42804", message).at(stmt.ty.loc).into());
        }
        self.may_use_type(base.oid)?;
        let found_collation = self.written_collation(stmt.collation.as_ref(), base.oid, stmt.ty.loc)?;
        let collation = self.own_collation(found_collation, base.oid);
        // A domain over another has its default (`typecmds.c: DefineDomain`).
        let inherited = match self.catalog.type_(base.oid).map(|ty| &ty.kind) {
            Some(TypeKind::Domain(of)) => of.default.clone(),
            _ => None,
        };
        let mut domain = Domain { base, not_null: false, default: inherited, collation, checks: Vec::new() };
        let mut has_default = false;
        let mut nullable: Option<bool> = None;
        let mut checks = Vec::new();
        for constraint in &stmt.constraints {
            match &constraint.kind {
                ConstraintKind::Default(expr) => {
                    if std::mem::replace(&mut has_default, true) {
                        return Err(SqlError::new("42601", "multiple default expressions").at(constraint.loc).into());
                    }
                    domain.default = not_null(self.analyze_domain_default(base, &stmt.name.name, expr)?);
                }
                ConstraintKind::NotNull { .. } | ConstraintKind::Null => {
                    let allows = matches!(constraint.kind, ConstraintKind::Null);
                    if nullable.is_some_and(|n| n != allows) {
                        let message = "conflicting NULL/NOT NULL constraints";
                        return Err(SqlError::new("42601", message).at(constraint.loc).into());
                    }
                    if nullable == Some(false) && self.catalog.version() >= 17 {
                        let message = "redundant NOT NULL constraint definition";
                        return Err(SqlError::new("42P17", message).at(constraint.loc).into());
                    }
                    nullable = Some(allows);
                    domain.not_null = !allows;
                }
                ConstraintKind::Check { .. } => {
                    if matches!(constraint.kind, ConstraintKind::Check { no_inherit: true, .. }) {
                        let message = "check constraints for domains cannot be marked NO INHERIT";
                        return Err(SqlError::new("42P17", message).at(constraint.loc).into());
                    }
                    check_domain_constraint(constraint, self.catalog.version())?;
                    checks.push(constraint);
                }
                ConstraintKind::Identity { .. }
                | ConstraintKind::Generated { .. }
                | ConstraintKind::Key(_)
                | ConstraintKind::Exclusion(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Attribute(_) => check_domain_constraint(constraint, self.catalog.version())?,
            }
        }
        let default = domain.default.clone();
        let (oid, _) = self.make_row_type(
            schema,
            &name.name,
            TypeKind::Domain(domain),
            self.session.current_user,
            cx.at(name.loc),
        )?;
        self.catalog.dependencies.add(Object::Type(oid), Object::Type(base.oid), DependencyKind::Normal);
        self.depend_on_collation(Object::Type(oid), found_collation);
        if let Some(default) = default {
            self.depend_on_all(Object::Type(oid), &default.depends_on, None);
        }
        for constraint in checks {
            self.add_domain_check(oid, constraint, cx)?;
        }
        Ok(())
    }

    /// `typecmds.c: AlterDomainDefault` and its neighbours. What existing rows hold is not known: they are taken to
    /// satisfy a new constraint.
    pub(crate) fn alter_domain(&mut self, stmt: &ast::AlterDomain, cx: &Context) -> Exec {
        let oid = self.type_named(&stmt.name)?;
        let Some(domain) = self.domain(oid) else {
            let name = self.catalog.format_type_be(oid, &self.path());
            return Err(SqlError::new("42809", format!("{name} is not a domain")).at(stmt.name.loc).into());
        };
        self.must_own_commented(Object::Type(oid), None)?;
        let check_named = |name: &str| domain.checks.iter().position(|c| c.name == name);
        let missing =
            |name: &str| format!("constraint \"{name}\" of domain \"{}\" does not exist", lookup::display(&stmt.name));
        let mut domain = domain.clone();
        let what = match &stmt.action {
            AlterDomainAction::Default(default) => {
                let old = domain.default.take();
                for &object in old.iter().flat_map(|d| &d.depends_on) {
                    // The base type may be needed for its own sake.
                    if object != Object::Type(domain.base.oid) {
                        self.catalog.dependencies.remove(Object::Type(oid), object, DependencyKind::Normal);
                    }
                }
                if let Some(default) = default {
                    let bound = self.analyze_domain_default(domain.base, &stmt.name.name, default)?;
                    self.depend_on_all(Object::Type(oid), &bound.depends_on, None);
                    domain.default = not_null(bound);
                }
                ChangeKind::Default
            }
            AlterDomainAction::SetNotNull if domain.not_null => return Ok(()),
            AlterDomainAction::DropNotNull if !domain.not_null => return Ok(()),
            AlterDomainAction::SetNotNull => {
                self.refuse_domain_in_use(oid)?;
                domain.not_null = true;
                ChangeKind::NotNull
            }
            AlterDomainAction::DropNotNull => {
                domain.not_null = false;
                ChangeKind::NotNull
            }
            AlterDomainAction::AddConstraint(constraint) => {
                check_domain_constraint(constraint, self.catalog.version())?;
                self.add_domain_check(oid, constraint, cx)?;
                return if constraint.not_valid { Ok(()) } else { self.refuse_domain_in_use(oid) };
            }
            AlterDomainAction::DropConstraint { name, missing_ok, .. } => {
                let Some(at) = check_named(name) else {
                    if *missing_ok {
                        self.notice(missing(name) + ", skipping", cx);
                        return Ok(());
                    }
                    return Err(SqlError::new("42704", missing(name)).into());
                };
                let check = domain.checks.remove(at);
                let object = Object::DomainConstraint(oid, check.oid);
                self.catalog.dependencies.remove_of(object);
                self.catalog.remove_domain_check(oid, check.oid);
                self.catalog.bury(Tombstone {
                    object,
                    kind: "constraint",
                    schema: self.catalog.type_(oid).map(|t| self.catalog.schema_name(t.schema).into()),
                    relation: Some(stmt.name.name.clone()),
                    name: check.name,
                    created: check.provenance.created,
                    ended: cx.origin,
                    how: Ending::Dropped,
                });
                ChangeKind::Definition
            }
            AlterDomainAction::ValidateConstraint(name) => {
                let Some(at) = check_named(name) else { return Err(SqlError::new("42704", missing(name)).into()) };
                self.refuse_domain_in_use(oid)?;
                domain.checks[at].validated = true;
                domain.checks[at].provenance.change(cx.origin, ChangeKind::Definition);
                ChangeKind::Definition
            }
        };
        if let Some(ty) = self.catalog.type_mut(oid) {
            ty.kind = TypeKind::Domain(domain);
            ty.provenance.change(cx.origin, what);
        }
        Ok(())
    }

    /// Rows are searched for values of the domain; those inside of arrays and rows are not found (`get_rels_with_domain`).
    fn refuse_domain_in_use(&self, oid: Oid) -> Exec {
        let mut domains = vec![oid];
        let mut next = 0;
        while let Some(&domain) = domains.get(next) {
            next += 1;
            let array = self.catalog.type_(domain).and_then(|ty| ty.array);
            let mut holder = array.and_then(|array| self.column_that_holds(array));
            for edge in self.catalog.dependencies.on(Object::Type(domain)) {
                match edge.dependent {
                    Object::Type(other) if self.domain(other).is_some() => domains.push(other),
                    Object::Type(other) => holder = holder.or_else(|| self.column_that_holds(other)),
                    Object::Column(rel, _) => {
                        let schema = self.catalog.relation(rel).map(|r| r.schema);
                        let of = |ty: &&crate::catalog::Type| matches!(ty.kind, TypeKind::Composite(of) if of == rel);
                        let row = schema.and_then(|schema| self.catalog.types_in(schema).find(of));
                        holder = holder.or_else(|| self.column_that_holds(row?.oid));
                    }
                    _ => {}
                }
            }
            if let Some((table, column)) = holder {
                let name = self.catalog.format_type_be(oid, &self.path());
                let message = format!("cannot alter type \"{name}\" because column \"{table}.{column}\" uses it");
                return Err(SqlError::new("0A000", message).into());
            }
        }
        Ok(())
    }

    /// The domain of that number.
    fn domain(&self, oid: Oid) -> Option<&Domain> {
        match &self.catalog.type_(oid)?.kind {
            TypeKind::Domain(domain) => Some(domain),
            TypeKind::Base(_)
            | TypeKind::Array(_)
            | TypeKind::Composite(_)
            | TypeKind::Enum(_)
            | TypeKind::Range(_)
            | TypeKind::Multirange(_)
            | TypeKind::Shell => None,
        }
    }

    /// `typecmds.c: domainAddConstraint`
    fn add_domain_check(&mut self, oid: Oid, constraint: &ast::Constraint, cx: &Context) -> Exec {
        let ConstraintKind::Check { expr, .. } = &constraint.kind else {
            // `ALTER DOMAIN … ADD NOT NULL` is a named constraint from 17 on.
            let reason = "a constraint of a domain that is not a CHECK is not executed yet";
            return Err(Opaque::new(reason, Touches::Nothing).at(constraint.loc).into());
        };
        let (Some(domain), Some(ty)) = (self.domain(oid), self.catalog.type_(oid)) else { return Ok(()) };
        let (schema, type_name, base) = (ty.schema, ty.name.clone(), domain.base);
        let name = match &constraint.name {
            Some(name) => {
                if let Some(taken) = domain.checks.iter().find(|c| c.name == *name) {
                    let message = format!("constraint \"{name}\" for domain \"{type_name}\" already exists");
                    let error = SqlError::new("42710", message).at(constraint.loc);
                    let related = format!("constraint \"{name}\" made here");
                    return Err(error.related(taken.provenance.created, related).into());
                }
                name.clone()
            }
            None => self.choose_domain_constraint_name(schema, &type_name),
        };
        let bound = self.analyze_domain_check(base, expr)?;
        let check_oid = self.catalog.new_oid();
        self.depend_on_all(Object::DomainConstraint(oid, check_oid), &bound.depends_on, None);
        let check = DomainCheck {
            oid: check_oid,
            name,
            expr: bound,
            validated: !constraint.not_valid,
            comment: None,
            provenance: Provenance::new(cx.at(constraint.loc)),
        };
        self.catalog.add_domain_check(oid, check);
        if let Some(ty) = self.catalog.type_mut(oid)
            && ty.provenance.created.sequence != cx.origin.sequence
        {
            ty.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `d_check`, `d_check1` …: no constraint of the schema has the name (`pg_constraint.c: ChooseConstraintName`).
    fn choose_domain_constraint_name(&self, schema: Oid, domain: &str) -> Name {
        let mut label = "check".to_owned();
        let mut pass = 0u32;
        loop {
            let name = make_object_name(domain, None, Some(&label));
            if !self.catalog.constraint_name_taken(schema, &name) {
                return name.into();
            }
            pass += 1;
            label = format!("check{pass}");
        }
    }

    // ---- composite types ----

    /// `typecmds.c: DefineCompositeType`
    pub(crate) fn create_composite_type(
        &mut self,
        name: &QualifiedName,
        columns: &[ast::ColumnDef],
        cx: &Context,
    ) -> Exec {
        let schema = self.creation_schema(name)?;
        let origin = cx.at(name.loc);
        self.free_type_name(schema, &name.name)?;
        if let Some(taken) = self.catalog.relation_in(schema, &name.name) {
            let error = SqlError::new("42P07", format!("relation \"{}\" already exists", name.name)).at(name.loc);
            let (origin, text) = lookup::made_here(taken);
            return Err(error.about(About::Relation(name.name.to_string())).related(origin, text).into());
        }
        // `tablecmds.c: MergeAttributes` counts them before a type is looked up.
        for (i, column) in columns.iter().enumerate() {
            if columns[i + 1..].iter().any(|other| other.name == column.name) {
                let message = format!("column \"{}\" specified more than once", column.name);
                return Err(SqlError::new("42701", message).at(column.loc).into());
            }
        }
        let mut made: Vec<Column> = Vec::with_capacity(columns.len());
        for (column, number) in columns.iter().zip(1..) {
            made.push(self.attribute(column, number, cx)?);
        }
        let owner = self.session.current_user;
        let oid = self.catalog.new_oid();
        let kind = RelationKind::CompositeType;
        let relation = Relation::new(oid, schema, name.name.clone(), owner, kind, Provenance::new(origin));
        self.catalog.insert_relation(Relation { columns: made, ..relation });
        let (row_type, _) = self.make_row_type(schema, &name.name, TypeKind::Composite(oid), owner, origin)?;
        let mut types = Vec::new();
        if let Some(relation) = self.catalog.relation_mut(oid) {
            relation.row_type = Some(row_type);
            types.extend(relation.columns.iter().map(|c| (c.number, c.ty.oid)));
        }
        for (column, (number, ty)) in columns.iter().zip(types) {
            self.catalog.dependencies.add(Object::Column(oid, number), Object::Type(ty), DependencyKind::Normal);
            let collation = self.written_collation(column.collation.as_ref(), ty, column.loc)?;
            self.depend_on_collation(Object::Column(oid, number), collation);
        }
        Ok(())
    }

    /// An attribute of a composite type.
    fn attribute(&self, column: &ast::ColumnDef, number: i16, cx: &Context) -> Exec<Column> {
        let ty = column.ty.clone().unwrap_or_default();
        let resolved = lookup::resolve_type(&self.catalog, &self.path(), &ty)?;
        if ty.setof {
            let message = format!("column \"{}\" cannot be declared SETOF", column.name);
            return Err(SqlError::new("42P16", message).at(column.loc).into());
        }
        if self.is_pseudo_type(resolved.oid) {
            let name = self.catalog.format_type_be(resolved.oid, &self.path());
            let message = format!("column \"{}\" has pseudo-type {name}", column.name);
            return Err(SqlError::new("42P16", message).at(column.loc).into());
        }
        let collation = self.written_collation(column.collation.as_ref(), resolved.oid, column.loc)?;
        let collation = self.own_collation(collation, resolved.oid);
        let provenance = Provenance::new(cx.at(column.loc));
        Ok(Column { collation, ..Column::new(number, column.name.clone(), resolved, provenance) })
    }

    /// No column can have the type (`typtype = 'p'`).
    pub(crate) fn is_pseudo_type(&self, oid: Oid) -> bool {
        self.catalog.builtins().type_by_oid(oid).is_some_and(|t| t.typtype == 'p')
    }
}

/// `pg_enum.c`: labels are names.
fn check_label(label: &str) -> Exec {
    if label.len() <= MAX_NAME {
        return Ok(());
    }
    let error = SqlError::new("42602", format!("invalid enum label \"{label}\""));
    Err(error.detail(format!("Labels must be {MAX_NAME} bytes or less.")).into())
}

/// What a domain cannot have (`typecmds.c: DefineDomain`, `AlterDomainAddConstraint`).
fn check_domain_constraint(constraint: &ast::Constraint, version: u32) -> Exec {
    let (sqlstate, message) = match &constraint.kind {
        ConstraintKind::Check { .. } if constraint.deferrable || constraint.initially_deferred => {
            ("0A000", "specifying constraint deferrability not supported for domains")
        }
        ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::Null => return Ok(()),
        ConstraintKind::Key(key) if key.primary => ("42601", "primary key constraints not possible for domains"),
        ConstraintKind::Key(_) => ("42601", "unique constraints not possible for domains"),
        ConstraintKind::Exclusion(_) => ("42601", "exclusion constraints not possible for domains"),
        ConstraintKind::ForeignKey(_) => ("42601", "foreign key constraints not possible for domains"),
        ConstraintKind::Attribute(ast::ConstraintAttribute::Enforced | ast::ConstraintAttribute::NotEnforced) => {
            ("42P17", "specifying constraint enforceability not supported for domains")
        }
        ConstraintKind::Attribute(_) => ("0A000", "specifying constraint deferrability not supported for domains"),
        ConstraintKind::Default(_) => ("XX000", "unrecognized constraint subtype: 2"),
        ConstraintKind::Identity { .. } | ConstraintKind::Generated { .. } if version >= 17 => {
            ("0A000", "specifying GENERATED not supported for domains")
        }
        ConstraintKind::Identity { .. } => ("XX000", "unrecognized constraint subtype: 3"),
        ConstraintKind::Generated { .. } => ("XX000", "unrecognized constraint subtype: 4"),
    };
    Err(SqlError::new(sqlstate, message).at(constraint.loc).into())
}
