//! CREATE INDEX (`indexcmds.c: DefineIndex`).

use crate::catalog::{
    AttrNumber, Index, IndexKey, IndexKeyKind, Object, Oid, Origin, Relation, RelationKind, StoredExpr, TypeRef,
};
use crate::expr::{Binder, Place, Scope, is_system_column};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{CreateIndex, Expr, ExprKind, IndexElem, IndexKey as IndexKeyAst, Name, Persistence};
use crate::sql::span::Loc;

impl Replay {
    pub(in crate::replay) fn create_index(&mut self, stmt: &CreateIndex, cx: &Context) -> Exec {
        let table = self.relation(&stmt.table)?;
        self.must_own_relation(table)?;
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        match &relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::MaterializedView(..) => {}
            RelationKind::Index(_) | RelationKind::CompositeType => {
                return Err(lookup::cannot_open(&self.catalog, relation, stmt.table.name.loc));
            }
            RelationKind::ForeignTable(_) | RelationKind::View(_) | RelationKind::Sequence(_) => {
                let message = format!("cannot create index on relation \"{}\"", relation.name);
                let detail = format!("This operation is not supported for {}.", super::plural(relation.kind_name()));
                return Err(SqlError::new("42809", message).detail(detail).at(stmt.table.name.loc).into());
            }
        }
        if stmt.concurrently && matches!(relation.kind, RelationKind::PartitionedTable(_)) {
            let message = format!("cannot create index on partitioned table \"{}\" concurrently", relation.name);
            return Err(SqlError::new("0A000", message).into());
        }
        let schema = relation.schema;
        if let Some(name) = &stmt.name
            && self.skip_existing_relation(schema, name, stmt.if_not_exists, Loc::NONE, cx)?
        {
            return Ok(());
        }
        if !self.catalog.has_access_method(&stmt.method) {
            let error = SqlError::new("42704", format!("access method \"{}\" does not exist", stmt.method));
            return match lookup::maybe_undefined(&self.catalog) {
                // It may come with an extension.
                Some(_) => self.finish_index(table, stmt, cx),
                None => Err(error.into()),
            };
        }
        self.finish_index(table, stmt, cx)
    }

    fn finish_index(&mut self, table: Oid, stmt: &CreateIndex, cx: &Context) -> Exec {
        check_method(stmt, self.catalog.version())?;
        let Some(relation) = self.catalog.relation(table) else { return Ok(()) };
        let (keys, mut names, mut needs) = self.index_keys(relation, &stmt.keys, &stmt.method)?;
        let mut including = Vec::new();
        for element in &stmt.including {
            let IndexKey { what, .. } = self.index_key(relation, element)?.0;
            match what {
                IndexKeyKind::Column(number) => including.push(number),
                IndexKeyKind::Expr(_) => {
                    return Err(SqlError::new("0A000", "expressions are not supported in included columns").into());
                }
            }
            names.extend(relation.column_at(*including.last().unwrap_or(&0)).map(|c| c.name.to_string()));
        }
        let predicate = self.index_predicate(table, stmt.filter.as_ref())?;
        needs.extend(predicate.iter().flat_map(|p| p.depends_on.clone()));
        let name = match &stmt.name {
            Some(name) => name.clone(),
            None => {
                let joined = super::constraint::join_column_names(names.iter().map(String::as_str));
                self.choose_relation_name(&relation.name, Some(&joined), "idx", relation.schema, false)
            }
        };
        let index = Index {
            table,
            method: stmt.method.clone(),
            unique: stmt.unique,
            primary: false,
            nulls_not_distinct: stmt.nulls_not_distinct,
            valid: true,
            keys,
            including,
            predicate,
            constraint: None,
        };
        let index = self.insert_index(&name, index, super::table::options(&stmt.options), cx.origin)?;
        self.depend_on_all(Object::Relation(index), &needs, Some(table));
        Ok(())
    }

    /// Keys of an index, the names that they give to it, and what their expressions need.
    pub(in crate::replay) fn index_keys(
        &self,
        relation: &Relation,
        elements: &[IndexElem],
        method: &str,
    ) -> Exec<(Vec<IndexKey>, Vec<String>, Vec<Object>)> {
        let (mut keys, mut names, mut needs) = (Vec::with_capacity(elements.len()), Vec::<String>::new(), Vec::new());
        let ordered = method == "btree" || !self.catalog.has_access_method(method);
        for element in elements {
            if !ordered && (element.descending == Some(true) || element.nulls_first.is_some()) {
                let what = if element.descending == Some(true) { "ASC/DESC" } else { "NULLS FIRST/LAST" };
                let message = format!("access method \"{method}\" does not support {what} options");
                return Err(SqlError::new("0A000", message).into());
            }
            let (key, name) = self.index_key(relation, element)?;
            needs.extend(self.index_opclass(relation, &key, element, method)?);
            let ty = key.as_column().and_then(|number| relation.column_at(number)).map_or(Oid::INVALID, |c| c.ty.oid);
            let collation = self.written_collation(element.collation.as_ref(), ty, Loc::NONE)?;
            needs.extend(collation.map(Object::Collation));
            if let IndexKeyKind::Expr(expr) = &key.what {
                needs.extend(expr.depends_on.iter().copied());
            }
            // Equal names are told apart by a number (`ChooseIndexColumnNames`).
            let mut unique = name.clone();
            for i in 1.. {
                if !names.contains(&unique) {
                    break;
                }
                unique = format!("{name}{i}");
            }
            names.push(unique);
            keys.push(key);
        }
        Ok((keys, names, needs))
    }

    /// The operator class of a key exists and is for its type (`indexcmds.c: ResolveOpClass`).
    fn index_opclass(
        &self,
        relation: &Relation,
        key: &IndexKey,
        element: &IndexElem,
        method: &str,
    ) -> Exec<Option<Object>> {
        let unknown_extension = self.catalog.extensions().any(|e| e.unknown);
        if unknown_extension || self.catalog.opclasses_of(method).next().is_none() {
            return Ok(None);
        }
        let ty = key.as_column().and_then(|number| relation.column_at(number)).map(|c| c.ty);
        let needed = |class: Oid| (!class.is_builtin()).then_some(Object::OpClass(class));
        if let Some(written) = &element.opclass {
            let class = self.find_opclass(method, written)?;
            let input = self.catalog.opclass_info(class).map_or(Oid::INVALID, |class| class.input_type);
            if let Some(ty) = ty
                && !self.catalog.is_binary_coercible(ty.oid, input)
            {
                let ty = self.catalog.format_type(TypeRef::plain(ty.oid), &self.path());
                let name = lookup::display(written);
                let message = format!("operator class \"{name}\" does not accept data type {ty}");
                return Err(SqlError::new("42804", message).into());
            }
            return Ok(needed(class));
        }
        let Some(ty) = ty else { return Ok(None) };
        let class = self.catalog.default_opclass(ty.oid, method);
        if class != Oid::INVALID {
            return Ok(needed(class));
        }
        if lookup::maybe_undefined(&self.catalog).is_some() {
            return Ok(None);
        }
        let name = self.catalog.format_type(TypeRef::plain(ty.oid), &self.path());
        let message = format!("data type {name} has no default operator class for access method \"{method}\"");
        let hint =
            "You must specify an operator class for the index or define a default operator class for the data type.";
        Err(SqlError::new("42704", message).hint(hint).into())
    }

    fn index_key(&self, relation: &Relation, element: &IndexElem) -> Exec<(IndexKey, String)> {
        let (what, name) = match &element.key {
            IndexKeyAst::Column(ident) => match relation.column(&ident.name) {
                Some(column) => (IndexKeyKind::Column(column.number), column.name.to_string()),
                None if is_system_column(&ident.name) => {
                    let message = "index creation on system columns is not supported";
                    return Err(SqlError::new("0A000", message).into());
                }
                None => {
                    let error =
                        SqlError::new("42703", format!("column \"{}\" does not exist", ident.name)).at(ident.loc);
                    return Err(lookup::missing_column(&self.catalog, relation, &ident.name, error));
                }
            },
            IndexKeyAst::Expr(expr) => {
                let path = self.path();
                let scope = Scope::of_relation(&self.catalog, relation.oid);
                let bound = Binder::new(&self.catalog, &path, scope).in_place(Place::IndexExpression).expr(expr)?;
                // A column in parentheses is a column.
                match (&expr.kind, bound.depends_on.as_slice()) {
                    (ExprKind::Column(_), [Object::Column(_, number)]) => {
                        let name = relation.column_at(*number).map_or(String::new(), |c| c.name.to_string());
                        (IndexKeyKind::Column(*number), name)
                    }
                    _ => {
                        let name = crate::expr::figure_index_name(expr);
                        (IndexKeyKind::Expr(bound), name)
                    }
                }
            }
        };
        let descending = element.descending == Some(true);
        let key = IndexKey {
            what,
            opclass: element.opclass.as_ref().map(|o| o.name.clone()),
            collation: element.collation.as_ref().map(|c| c.name.clone()),
            descending,
            nulls_first: element.nulls_first.unwrap_or(descending),
        };
        Ok((key, name))
    }

    pub(in crate::replay) fn index_predicate(&self, table: Oid, filter: Option<&Expr>) -> Exec<Option<StoredExpr>> {
        let Some(filter) = filter else { return Ok(None) };
        let path = self.path();
        let scope = Scope::of_relation(&self.catalog, table);
        Binder::new(&self.catalog, &path, scope).in_place(Place::IndexPredicate).expr(filter).map(Some)
    }

    /// Stores an index and tells its table.
    pub(in crate::replay) fn insert_index(
        &mut self,
        name: &Name,
        index: Index,
        options: Vec<(Name, String)>,
        origin: Origin,
    ) -> Exec<Oid> {
        let table = index.table;
        let (schema, persistence, owner) = match self.catalog.relation(table) {
            Some(relation) => (relation.schema, relation.persistence, relation.owner),
            None => (crate::catalog::PUBLIC_SCHEMA, Persistence::Permanent, self.session.current_user),
        };
        let oid = self.insert_relation(schema, name, RelationKind::Index(Box::new(index)), persistence, origin)?;
        let version = self.catalog.version();
        if let Some(relation) = self.catalog.relation_mut(oid) {
            super::options::check(version, &relation.kind, &options)?;
            relation.owner = owner;
            relation.options = options;
        }
        if let Some(relation) = self.catalog.relation_mut(table) {
            relation.indexes.push(oid);
        }
        Ok(oid)
    }

    /// 42P07 for an index that a constraint would make.
    pub(in crate::replay) fn refuse_index_name(&self, schema: Oid, name: &Name, loc: Loc) -> Exec {
        let Some(existing) = self.catalog.relation_in(schema, name) else { return Ok(()) };
        let (origin, text) = lookup::made_here(existing);
        let error = SqlError::new("42P07", format!("relation \"{name}\" already exists")).at(loc);
        Err(error.related(origin, text).about(About::Relation(name.to_string())).into())
    }
}

/// What the access methods that come with PostgreSQL can (`IndexAmRoutine`).
fn check_method(stmt: &CreateIndex, version: u32) -> Exec {
    let (unique, multicolumn, include) = match stmt.method.as_str() {
        "btree" => (true, true, true),
        "gist" => (false, true, true),
        "spgist" => (false, false, version >= 14),
        "gin" | "brin" => (false, true, false),
        "hash" => (false, false, false),
        _ => return Ok(()),
    };
    let refuse = |what: &str| {
        let message = format!("access method \"{}\" does not support {what}", stmt.method);
        Err(SqlError::new("0A000", message).into())
    };
    if stmt.unique && !unique {
        return refuse("unique indexes");
    }
    if !stmt.including.is_empty() && !include {
        return refuse("included columns");
    }
    if stmt.keys.len() > 1 && !multicolumn {
        return refuse("multicolumn indexes");
    }
    Ok(())
}

impl IndexKey {
    /// A key that is a column, with everything else as default.
    pub(in crate::replay) fn column(number: AttrNumber) -> IndexKey {
        IndexKey {
            what: IndexKeyKind::Column(number),
            opclass: None,
            collation: None,
            descending: false,
            nulls_first: false,
        }
    }

    /// The column, if it is one.
    pub fn as_column(&self) -> Option<AttrNumber> {
        match self.what {
            IndexKeyKind::Column(number) => Some(number),
            IndexKeyKind::Expr(_) => None,
        }
    }
}
