//! Keys of an index (`indexcmds.c: ComputeIndexAttrs`).

use crate::catalog::{AttrNumber, IndexKey, IndexKeyKind, Object, Oid, Relation, TypeRef};
use crate::expr::analyze::tupdesc::{SYSTEM_ATTRIBUTES, system_attribute};
use crate::replay::{Exec, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{ExclusionConstraint, Expr, IndexElem, IndexKey as Written, Name, QualifiedName};
use crate::sql::span::Loc;

/// Keys of an index, the names that they give to it, and what they need besides columns.
pub(in crate::replay) struct IndexKeys {
    pub keys: Vec<IndexKey>,
    pub names: Vec<String>,
    pub needs: Vec<Object>,
}

/// What a key indexes, its type and collation, and the name that it gives.
struct Indexed {
    what: IndexKeyKind,
    ty: TypeRef,
    collation: Oid,
    name: String,
}

/// Equal names are told apart by a number (`indexcmds.c: ChooseIndexColumnNames`).
pub(in crate::replay) fn name_apart(name: &str, others: &[String]) -> String {
    let mut unique = name.to_owned();
    for i in 1.. {
        if !others.contains(&unique) {
            break;
        }
        // Cut for the number where the name is long.
        let number = i.to_string();
        let mut end = name.len().min(crate::catalog::MAX_NAME - number.len());
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        unique = format!("{}{number}", &name[..end]);
    }
    unique
}

impl Replay {
    /// The predicate and the expressions among keys, which are analysed before any of them is looked at
    /// (`transformIndexStmt`).
    pub(in crate::replay) fn transform_index(&self, table: Oid, filter: Option<&Expr>, elements: &[IndexElem]) -> Exec {
        let exprs = elements.iter().filter_map(|element| match &element.key {
            Written::Expr(expr) => Some(expr),
            Written::Column(_) => None,
        });
        self.transform_index_parts(table, filter, exprs)
    }

    /// The keys of an index with that access method.
    pub(in crate::replay) fn index_keys(
        &self,
        relation: &Relation,
        elements: &[IndexElem],
        method: &str,
        of_constraint: bool,
    ) -> Exec<IndexKeys> {
        let mut result = IndexKeys { keys: Vec::with_capacity(elements.len()), names: Vec::new(), needs: Vec::new() };
        let ordered = method == "btree" || !self.catalog.has_access_method(method);
        for element in elements {
            let Indexed { what, ty, collation, name } = self.indexed(relation, element, of_constraint)?;
            if let IndexKeyKind::Expr(expr) = &what {
                result.needs.extend(expr.depends_on.iter().copied());
            }
            let collation = self.index_collation(element, ty, collation)?;
            let opclass = self.index_opclass(element.opclass.as_ref(), ty.oid, method)?;
            if !ordered && (element.descending.is_some() || element.nulls_first.is_some()) {
                let what = if element.descending.is_some() { "ASC/DESC" } else { "NULLS FIRST/LAST" };
                let message = format!("access method \"{method}\" does not support {what} options");
                return Err(SqlError::new("0A000", message).into());
            }
            result.needs.extend([Object::OpClass(opclass), Object::Collation(collation)]);
            let descending = element.descending == Some(true);
            result.keys.push(IndexKey {
                what,
                opclass,
                opclass_options: element.opclass_options.clone(),
                statistics: None,
                collation,
                descending,
                nulls_first: element.nulls_first.unwrap_or(descending),
            });
            let unique = name_apart(&name, &result.names);
            result.names.push(unique);
        }
        Ok(result)
    }

    /// GIN orders the elements of arrays, as soon as it is built (`ginutil.c: initGinState`).
    pub(super) fn refuse_unordered_elements(&self, relation: &Relation, keys: &[IndexKey]) -> Exec {
        for key in keys {
            let Some(opclass) = self.catalog.opclass_info(key.opclass) else { continue };
            if !key.opclass.is_builtin() || opclass.name != "array_ops" || opclass.access_method != "gin" {
                continue;
            }
            let ty = match &key.what {
                IndexKeyKind::Column(number) => relation.column_at(*number).map_or(Oid::INVALID, |c| c.ty.oid),
                IndexKeyKind::Expr(expr) => expr.tree.ty(&self.catalog).oid,
            };
            let Some(element) = self.catalog.array_element(self.base_type(ty)) else { continue };
            if self.catalog.default_opclass(element, "btree") == Oid::INVALID {
                let name = self.catalog.format_type_be(element, &self.path());
                let message = format!("could not identify a comparison function for type {name}");
                return Err(SqlError::new("42883", message).into());
            }
        }
        Ok(())
    }

    /// The columns of an index are attributes too (`index.c: ConstructTupleDescriptor`).
    pub(in crate::replay) fn check_key_types(&self, keys: &[IndexKey], names: &[Name]) -> Exec {
        for (key, name) in keys.iter().zip(names) {
            if let IndexKeyKind::Expr(expr) = &key.what {
                self.check_column_type(expr.tree.ty(&self.catalog), name, Loc::NONE)?;
            }
        }
        Ok(())
    }

    /// The key of a column of a constraint's index, with everything else as default.
    pub(in crate::replay) fn column_key(
        &self,
        relation: &Relation,
        number: AttrNumber,
        method: &str,
    ) -> Exec<IndexKey> {
        let column = relation.column_at(number);
        let system = SYSTEM_ATTRIBUTES.iter().find(|(n, ..)| *n == number).map(|(.., ty)| *ty);
        let Some(ty) = column.map(|column| column.ty.oid).or(system) else {
            return Err(SqlError::new("XX000", "a key of a column that is not there").into());
        };
        Ok(IndexKey {
            what: IndexKeyKind::Column(number),
            opclass: self.index_opclass(None, ty, method)?,
            opclass_options: Vec::new(),
            statistics: None,
            collation: column.map_or(Oid::INVALID, |column| self.catalog.column_collation(column)),
            descending: false,
            nulls_first: false,
        })
    }

    /// A column of INCLUDE.
    pub(super) fn included_column(&self, relation: &Relation, element: &IndexElem) -> Exec<AttrNumber> {
        let what = self.indexed(relation, element, false)?.what;
        // `indexcmds.c: ComputeIndexAttrs`
        let refused = if matches!(what, IndexKeyKind::Expr(_)) {
            None
        } else if element.collation.is_some() {
            Some("a collation")
        } else if element.opclass.is_some() {
            Some("an operator class")
        } else if element.descending.is_some() {
            Some("ASC/DESC options")
        } else if element.nulls_first.is_some() {
            Some("NULLS FIRST/LAST options")
        } else {
            None
        };
        if let Some(refused) = refused {
            return Err(SqlError::new("42P17", format!("including column does not support {refused}")).into());
        }
        match what {
            IndexKeyKind::Column(number) => Ok(number),
            IndexKeyKind::Expr(_) => {
                Err(SqlError::new("0A000", "expressions are not supported in included columns").into())
            }
        }
    }

    fn indexed(&self, relation: &Relation, element: &IndexElem, of_constraint: bool) -> Exec<Indexed> {
        let of_column = |number: AttrNumber, collation: Option<Oid>| {
            let column = relation.column_at(number);
            Indexed {
                what: IndexKeyKind::Column(number),
                ty: column.map_or(TypeRef::plain(Oid::INVALID), |c| c.ty),
                collation: collation.or(column.map(|c| self.catalog.column_collation(c))).unwrap_or_default(),
                name: column.map_or(String::new(), |c| c.name.to_string()),
            }
        };
        match &element.key {
            Written::Column(ident) => match relation.column(&ident.name) {
                Some(column) => Ok(of_column(column.number, None)),
                None => {
                    if let Some((number, ty)) = system_attribute(&ident.name) {
                        let (what, ty) = (IndexKeyKind::Column(number), TypeRef::plain(ty));
                        return Ok(Indexed { what, ty, collation: Oid::INVALID, name: ident.name.to_string() });
                    }
                    let named = if of_constraint { " named in key" } else { "" };
                    let message = format!("column \"{}\"{named} does not exist", ident.name);
                    let error = SqlError::new("42703", message).at(ident.loc);
                    Err(lookup::missing_column(&self.catalog, relation, &ident.name, error))
                }
            },
            Written::Expr(expr) => {
                let key = self.analyze_index_expression(relation.oid, expr)?;
                match key.column {
                    // A column in parentheses is a column.
                    Some(number) if number > 0 => Ok(of_column(number, Some(key.collation))),
                    Some(_) => Err(SqlError::new("0A000", "index creation on system columns is not supported").into()),
                    None => {
                        let name = crate::expr::figure_index_colname(expr).unwrap_or_else(|| "expr".into());
                        let (ty, collation) = (TypeRef::plain(key.ty), key.collation);
                        Ok(Indexed { what: IndexKeyKind::Expr(key.tree), ty, collation, name: name.to_string() })
                    }
                }
            }
        }
    }

    /// Since 17 the path is restricted here, while names are looked up in the user's (`ComputeIndexAttrs`).
    pub(in crate::replay::ddl) fn no_collations_of(&self, ty: Oid) -> Stop {
        let path = if self.catalog.version() >= 17 { [].into() } else { self.path() };
        let name = self.catalog.format_type_be(ty, &path);
        SqlError::new("42804", format!("collations are not supported by type {name}")).into()
    }

    fn index_collation(&self, element: &IndexElem, ty: TypeRef, own: Oid) -> Exec<Oid> {
        let collation = match &element.collation {
            Some(written) => self.find_collation(written)?,
            None => own,
        };
        let collatable = self.catalog.type_collation(ty.oid) != Oid::INVALID;
        if collatable && collation == Oid::INVALID {
            let message = "could not determine which collation to use for index expression";
            let hint = "Use the COLLATE clause to set the collation explicitly.";
            return Err(SqlError::new("42P22", message).hint(hint).into());
        }
        if !collatable && element.collation.is_some() {
            return Err(self.no_collations_of(ty.oid));
        }
        Ok(if collatable { collation } else { Oid::INVALID })
    }

    /// `indexcmds.c: ResolveOpClass`; none where only an extension that is not known may have it.
    pub(in crate::replay) fn index_opclass(&self, written: Option<&QualifiedName>, ty: Oid, method: &str) -> Exec<Oid> {
        let catalog = &self.catalog;
        let uncertain = !catalog.has_access_method(method) || lookup::maybe_undefined(catalog).is_some();
        let type_name = || catalog.format_type_be(ty, &self.path());
        let Some(written) = written else {
            let opclass = catalog.default_opclass(ty, method);
            if opclass != Oid::INVALID || uncertain {
                return Ok(opclass);
            }
            let message =
                format!("data type {} has no default operator class for access method \"{method}\"", type_name());
            let hint = "You must specify an operator class for the index or define a default operator class for the \
                        data type.";
            return Err(SqlError::new("42704", message).hint(hint).into());
        };
        let found = match self.find_opclass(method, written) {
            Err(_) if uncertain => return Ok(Oid::INVALID),
            found => found?,
        };
        let Some(found) = catalog.opclass_info(found) else { return Ok(Oid::INVALID) };
        let name = lookup::display(written);
        if !catalog.is_binary_coercible(ty, found.input_type) {
            let message = format!("operator class \"{name}\" does not accept data type {}", type_name());
            return Err(SqlError::new("42804", message).into());
        }
        Ok(found.oid)
    }
}

impl Replay {
    /// The operators of an exclusion constraint.
    pub(in crate::replay) fn exclusion_operators(
        &self,
        relation: &Relation,
        keys: &[IndexKey],
        exclusion: &ExclusionConstraint,
    ) -> Exec<Vec<Oid>> {
        let operator = |(key, (_, written)): (&IndexKey, &(IndexElem, QualifiedName))| {
            let ty = match &key.what {
                IndexKeyKind::Column(number) => match relation.column_at(*number) {
                    Some(column) => column.ty.oid,
                    None => {
                        let system = SYSTEM_ATTRIBUTES.iter().find(|(n, ..)| n == number);
                        system.map_or(Oid::INVALID, |(.., ty)| *ty)
                    }
                },
                IndexKeyKind::Expr(expr) => expr.tree.ty(&self.catalog).oid,
            };
            self.exclusion_operator(written, ty, key.opclass)
        };
        keys.iter().zip(&exclusion.elements).map(operator).collect()
    }

    /// An operator of an exclusion constraint over values of that type.
    pub(in crate::replay::ddl) fn exclusion_operator(
        &self,
        written: &QualifiedName,
        ty: Oid,
        opclass: Oid,
    ) -> Exec<Oid> {
        let (catalog, path) = (&self.catalog, self.path());
        let operator = self.analyze_operator(written, ty)?;
        let signature = || catalog.operator_signature(operator, &path);
        if catalog.commutator(operator) != operator {
            let message = format!("operator {} is not commutative", signature());
            let detail = "Only commutative operators can be used in exclusion constraints.";
            return Err(SqlError::new("42809", message).detail(detail).at(written.loc).into());
        }
        let family = catalog.opclass_info(opclass).and_then(|class| catalog.opfamily_info(class.family));
        if let Some(family) = family
            && catalog.operator_strategy(operator, family.oid) == 0
        {
            let message = format!("operator {} is not a member of operator family \"{}\"", signature(), family.name);
            let detail = "The exclusion operator must be related to the index operator class for the constraint.";
            return Err(SqlError::new("42809", message).detail(detail).at(written.loc).into());
        }
        Ok(operator)
    }

    /// The key sorts as a constraint's index does (`parse_utilcmd.c: transformIndexConstraint`).
    pub(in crate::replay) fn has_default_sorting(&self, relation: &Relation, key: &IndexKey) -> bool {
        let Some(column) = key.as_column().and_then(|number| relation.column_at(number)) else { return true };
        key.opclass == self.catalog.default_opclass(column.ty.oid, "btree")
            && key.collation == self.catalog.column_collation(column)
            && key.opclass_options.is_empty()
    }
}

impl IndexKey {
    /// The column, if it is one.
    pub fn as_column(&self) -> Option<AttrNumber> {
        match self.what {
            IndexKeyKind::Column(number) => Some(number),
            IndexKeyKind::Expr(_) => None,
        }
    }
}
