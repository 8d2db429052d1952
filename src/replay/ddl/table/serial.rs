//! Serial and identity columns, and the sequences that they own (`parse_utilcmd.c: generateSerialExtraStmts`).

use crate::catalog::lsyscache::CastInfo;
use crate::catalog::{
    AclKind, CastPath, Catalog, DependencyKind, Identity, Object, Oid, RelationKind, Sequence, StoredExpr, TypeRef,
    tree, type_oid,
};
use crate::replay::{Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::*;
use crate::sql::span::Loc;

impl Replay {
    /// The sequence and default of a serial column (`parse_utilcmd.c: generateSerialExtraStmts`).
    pub(super) fn make_serial(&mut self, rel: Oid, number: i16, ty: Oid, cx: &Context) -> Exec {
        if let Some(relation) = self.catalog.relation(rel).filter(|r| matches!(r.kind, RelationKind::CompositeType)) {
            let message = format!("sequence cannot be owned by relation \"{}\"", relation.name);
            let detail = "This operation is not supported for composite types.";
            return Err(SqlError::new("42809", message).detail(detail).into());
        }
        let sequence = Sequence { owned_by: Some((rel, number)), ..Sequence::of_type(ty) };
        let (sequence, _) = self.make_owned_sequence(rel, number, sequence, None, cx)?;
        self.store_default(rel, number, nextval(&self.catalog, sequence, ty));
        Ok(())
    }

    /// The name that two of a new table's sequences get: names are chosen while the statement is read, when none of them is
    /// there yet (`ChooseRelationName`).
    pub(super) fn sequence_chosen_twice(&self, schema: Oid, stmt: &CreateTable) -> Option<Name> {
        let mut chosen: Vec<Name> = Vec::new();
        let mut columns: Vec<Name> = Vec::new();
        for element in &stmt.elements {
            match element {
                TableElement::Column(column) => {
                    let identity = column.constraints.iter().any(|c| match &c.kind {
                        ConstraintKind::Identity { options, .. } => options.iter().all(|o| o.name != "sequence_name"),
                        _ => false,
                    });
                    if identity || column.ty.as_ref().is_some_and(|ty| serial_type(ty).is_some()) {
                        columns.push(column.name.clone());
                    }
                }
                TableElement::Constraint(_) => {}
                TableElement::Like(like) if super::super::like::with_identity(like) => {
                    let source = self.relation(&like.relation).ok().and_then(|source| self.catalog.relation(source));
                    let copied = source.into_iter().flat_map(|source| source.live_columns());
                    columns.extend(copied.filter(|c| c.identity.is_some()).map(|c| c.name.clone()));
                }
                TableElement::Like(_) => {}
            }
        }
        if columns.len() < 2 {
            return None;
        }
        for column in columns {
            let name = self.choose_relation_name(&stmt.relation.name.name, Some(&column), "seq", schema, false);
            if chosen.contains(&name) {
                return Some(name);
            }
            chosen.push(name);
        }
        None
    }

    /// Makes a column an identity column, with its sequence.
    pub(in crate::replay) fn add_identity(
        &mut self,
        rel: Oid,
        number: i16,
        always: bool,
        options: &[DefElem],
        cx: &Context,
    ) -> Exec {
        let ty = self.catalog.relation(rel).and_then(|r| r.column_at(number)).map_or(type_oid::INT8, |c| c.ty.oid);
        super::super::sequence::refuse_identity_type(ty)?;
        let mut sequence = Sequence { owned_by: Some((rel, number)), identity: true, ..Sequence::of_type(ty) };
        sequence.apply_to_identity(options)?;
        // `pg_dump` names the sequence where its name is not the one that it would get.
        let name = options.iter().find(|option| option.name == "sequence_name").and_then(|o| match &o.value {
            Some(DefValue::Names(names)) => names.split_last().map(|(name, schema)| QualifiedName {
                schema: schema.last().cloned(),
                name: name.clone(),
                loc: o.loc,
            }),
            _ => None,
        });
        let (made, _) = self.make_owned_sequence(rel, number, sequence, name.as_ref(), cx)?;
        // `parse_utilcmd.c: generateSerialExtraStmts`
        let mut logged = options.iter().filter(|option| matches!(option.name.as_str(), "logged" | "unlogged"));
        if let Some(option) = logged.next()
            && let Some(record) = self.catalog.relation_mut(made)
        {
            if let Some(again) = logged.next() {
                return Err(SqlError::new("42601", "conflicting or redundant options").at(again.loc).into());
            }
            if record.persistence == Persistence::Temporary {
                let message = "cannot set logged status of a temporary sequence";
                return Err(SqlError::new("42P16", message).at(option.loc).into());
            }
            let logged = option.name == "logged";
            record.persistence = if logged { Persistence::Permanent } else { Persistence::Unlogged };
        }
        if let Some(column) = self.catalog.relation_mut(rel).and_then(|r| r.column_at_mut(number)) {
            column.identity = Some(if always { Identity::Always } else { Identity::ByDefault });
            column.not_null = true;
        }
        Ok(())
    }

    pub(in crate::replay::ddl) fn make_owned_sequence(
        &mut self,
        rel: Oid,
        number: i16,
        sequence: Sequence,
        name: Option<&QualifiedName>,
        cx: &Context,
    ) -> Exec<(Oid, QualifiedName)> {
        let Some(relation) = self.catalog.shared_relation(rel) else {
            return Err(SqlError::new("XX000", "the table of a sequence is gone").into());
        };
        let column = relation.column_at(number).map_or("", |c| &c.name);
        let schema = match name.and_then(|name| name.schema.as_ref().map(|schema| (schema, name.loc))) {
            Some((schema, loc)) => {
                let schema = lookup::schema(&self.catalog, schema, loc)?;
                self.may_create_in(schema)?;
                schema
            }
            None => relation.schema,
        };
        let name = match name {
            Some(name) => {
                self.skip_existing_relation(schema, &name.name, false, Loc::NONE, cx)?;
                name.name.clone()
            }
            None => self.choose_relation_name(&relation.name, Some(column), "seq", relation.schema, false),
        };
        let kind = if sequence.identity { DependencyKind::Internal } else { DependencyKind::Auto };
        let origin = relation.column_at(number).map_or(cx.origin, |c| c.provenance.last());
        let kind_of = RelationKind::Sequence(Box::new(sequence));
        let oid = self.insert_relation(schema, &name, kind_of, relation.persistence, origin)?;
        // It is the table's owner who makes it (`generateSerialExtraStmts`).
        let acl = self.new_object_acl(AclKind::Sequence, relation.owner, Some(schema));
        if let Some(made) = self.catalog.relation_mut(oid) {
            made.owner = relation.owner;
            made.acl = acl;
        }
        self.catalog.dependencies.add(Object::Relation(oid), Object::Column(rel, number), kind);
        Ok((oid, QualifiedName::in_schema(self.catalog.schema_name(schema), name)))
    }
}

/// `serial` and its kin, which are names for a type with a sequence (`transformColumnDefinition`).
pub(super) fn serial_type(ty: &TypeName) -> Option<Oid> {
    if ty.name.schema.is_some() {
        return None;
    }
    match ty.name.name.as_str() {
        "smallserial" | "serial2" => Some(type_oid::INT2),
        "serial" | "serial4" => Some(type_oid::INT4),
        "bigserial" | "serial8" => Some(type_oid::INT8),
        _ => None,
    }
}

/// `nextval(regclass)`
const NEXTVAL: Oid = Oid(1574);

/// `nextval('schema.sequence'::regclass)`
fn nextval(catalog: &Catalog, sequence: Oid, ty: Oid) -> StoredExpr {
    let object = Object::Relation(sequence);
    let argument = tree::Expr::Const(Box::new(tree::Const {
        ty: TypeRef::plain(type_oid::REGCLASS),
        collation: Oid::INVALID,
        // The name is looked up when it is printed.
        value: Some(Name::new()),
        object: Some(object),
        at: tree::At::NONE,
    }));
    let call = tree::Expr::FuncExpr(Box::new(tree::FuncExpr {
        function: NEXTVAL,
        ty: TypeRef::plain(type_oid::INT8),
        returns_set: false,
        variadic: false,
        form: tree::CoercionForm::ExplicitCall,
        collation: Oid::INVALID,
        input_collation: Oid::INVALID,
        args: vec![argument],
        at: tree::At::NONE,
    }));
    let tree = match catalog.cast(type_oid::INT8, ty) {
        Some(CastInfo { path: CastPath::Function(function), .. }) => tree::Expr::FuncExpr(Box::new(tree::FuncExpr {
            function,
            ty: TypeRef::plain(ty),
            returns_set: false,
            variadic: false,
            form: tree::CoercionForm::ImplicitCast,
            collation: Oid::INVALID,
            input_collation: Oid::INVALID,
            args: vec![call],
            at: tree::At::NONE,
        })),
        Some(_) | None => call,
    };
    std::sync::Arc::new(tree::Stored { tree, depends_on: vec![object] })
}
