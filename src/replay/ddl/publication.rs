//! Publications (`publicationcmds.c`, `pg_publication.c`).

use super::role::truth;
use crate::catalog::{
    ChangeKind, DependencyKind, Object, Oid, Provenance, Publication, PublicationRelation, Relation, RelationKind,
};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterPublication, CreatePublication, DefAction, DefElem, DefValue, Expr, Name, Persistence, PublicationObject,
    QualifiedName, RangeVar,
};
use crate::sql::span::Loc;

impl Replay {
    /// `publicationcmds.c: CreatePublication`
    pub(crate) fn create_publication(&mut self, stmt: &CreatePublication, cx: &Context) -> Exec {
        let name = &stmt.name;
        if let Some(taken) = self.catalog.publication_named(name) {
            let error = SqlError::new("42710", format!("publication \"{name}\" already exists"));
            let error = error.about(About::Publication(name.to_string()));
            let related = format!("publication \"{name}\" made here");
            return Err(error.related(taken.provenance.created, related).into());
        }
        let mut options = Vec::new();
        set_options(&mut options, &stmt.options)?;
        let (relations, schemas) = self.publication_objects(name, &stmt.objects, cx)?;
        let oid = self.catalog.new_oid();
        self.catalog.insert_publication(Publication {
            oid,
            name: name.clone(),
            owner: self.session.current_user,
            all_tables: stmt.all_tables,
            relations,
            schemas,
            options,
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        self.record_publication_dependencies(oid);
        Ok(())
    }

    /// `publicationcmds.c: AlterPublication`
    pub(crate) fn alter_publication(&mut self, stmt: &AlterPublication, cx: &Context) -> Exec {
        let oid = self.find_publication(&stmt.name)?;
        let Some(publication) = self.catalog.publication(oid) else { return Ok(()) };
        let mut publication = publication.clone();
        set_options(&mut publication.options, &stmt.options)?;
        if !stmt.objects.is_empty() {
            check_all_tables(&publication, &stmt.objects)?;
            let (relations, schemas) = self.publication_objects(&stmt.name, &stmt.objects, cx)?;
            match stmt.action {
                DefAction::Add | DefAction::Unspecified => {
                    self.add_to_publication(&mut publication, relations, schemas)?;
                }
                DefAction::Drop => self.drop_from_publication(&mut publication, relations, schemas)?,
                DefAction::Set => {
                    // What stays keeps its provenance.
                    let old = std::mem::take(&mut publication.relations);
                    publication.relations = relations;
                    for member in &mut publication.relations {
                        if let Some(old) = old.iter().find(|o| o.relation == member.relation) {
                            member.provenance = old.provenance.clone();
                            member.provenance.change(cx.origin, ChangeKind::Definition);
                        }
                    }
                    publication.schemas = schemas;
                }
            }
            let has_columns = |r: &&PublicationRelation| !r.columns.is_empty();
            if !publication.schemas.is_empty()
                && let Some(member) = publication.relations.iter().find(has_columns)
            {
                return Err(self.column_list_with_schema(&stmt.name, member.relation).into());
            }
        }
        publication.all_tables |= stmt.all_tables;
        publication.provenance.change(cx.origin, ChangeKind::Definition);
        let old = self.catalog.publication(oid).into_iter().flat_map(|p| &p.relations);
        for member in old.map(|m| Object::PublicationRelation(oid, m.relation)).collect::<Vec<_>>() {
            self.catalog.dependencies.remove_of(member);
        }
        self.catalog.dependencies.remove_of(Object::Publication(oid));
        self.catalog.insert_publication(publication);
        self.record_publication_dependencies(oid);
        Ok(())
    }

    fn add_to_publication(
        &self,
        publication: &mut Publication,
        relations: Vec<PublicationRelation>,
        schemas: Vec<Oid>,
    ) -> Exec {
        let name = &publication.name;
        for member in relations {
            if let Some(old) = publication.relations.iter().find(|m| m.relation == member.relation) {
                let relation = self.catalog.relation(member.relation).map_or("", |r| &r.name);
                let message = format!("relation \"{relation}\" is already member of publication \"{name}\"");
                let error = SqlError::new("42710", message).about(About::Publication(name.to_string()));
                return Err(error.related(old.provenance.created, "added here").into());
            }
            publication.relations.push(member);
        }
        for schema in schemas {
            if publication.schemas.contains(&schema) {
                let schema = self.catalog.schema_name(schema);
                let message = format!("schema \"{schema}\" is already member of publication \"{name}\"");
                let error = SqlError::new("42710", message).about(About::Publication(name.to_string()));
                return Err(error.related(publication.provenance.last(), "added here").into());
            }
            publication.schemas.push(schema);
        }
        Ok(())
    }

    fn drop_from_publication(
        &self,
        publication: &mut Publication,
        relations: Vec<PublicationRelation>,
        schemas: Vec<Oid>,
    ) -> Exec {
        for member in relations {
            let relation = self.catalog.relation(member.relation).map_or("", |r| &r.name);
            if !member.columns.is_empty() {
                let message = "column list must not be specified in ALTER PUBLICATION ... DROP";
                return Err(SqlError::new("42601", message).into());
            }
            if member.filter.is_some() {
                let message = "cannot use a WHERE clause when removing a table from a publication";
                return Err(SqlError::new("42601", message).into());
            }
            let Some(at) = publication.relations.iter().position(|m| m.relation == member.relation) else {
                let message = format!("relation \"{relation}\" is not part of the publication");
                let error = SqlError::new("42704", message);
                return Err(error.about(About::Publication(publication.name.to_string())).into());
            };
            publication.relations.remove(at);
        }
        for schema in schemas {
            let Some(at) = publication.schemas.iter().position(|&s| s == schema) else {
                let schema = self.catalog.schema_name(schema);
                let message = format!("tables from schema \"{schema}\" are not part of the publication");
                let error = SqlError::new("42704", message);
                return Err(error.about(About::Publication(publication.name.to_string())).into());
            };
            publication.schemas.remove(at);
        }
        Ok(())
    }

    /// The tables and schemas of a list (`ObjectsInPublicationToOids`, `OpenTableList`). A table that is listed twice
    /// counts once.
    fn publication_objects(
        &self,
        publication: &Name,
        objects: &[PublicationObject],
        cx: &Context,
    ) -> Exec<(Vec<PublicationRelation>, Vec<Oid>)> {
        let (mut relations, mut schemas): (Vec<PublicationRelation>, Vec<Oid>) = (Vec::new(), Vec::new());
        for object in objects {
            match object {
                PublicationObject::Table { relation, columns, filter, .. } => {
                    let member = self.publication_relation(relation, columns, filter.as_ref(), cx)?;
                    match relations.iter().find(|m| m.relation == member.relation) {
                        None => relations.push(member),
                        Some(old) if columns.is_empty() && filter.is_none() && old.columns.is_empty() => {}
                        Some(_) => {
                            let name = self.catalog.relation(member.relation).map_or("", |r| &r.name);
                            let what = if filter.is_some() { "WHERE clauses" } else { "column lists" };
                            let message = format!("conflicting or redundant {what} for table \"{name}\"");
                            return Err(SqlError::new("42710", message).into());
                        }
                    }
                    // Partitions need not be members, other children do (`OpenTableList`).
                    let parent = self.relation(relation)?;
                    if !relation.only && self.catalog.relation(parent).is_some_and(|r| !r.is_partitioned()) {
                        for (child, _) in self.catalog.inheritors(parent).into_iter().skip(1) {
                            if relations.iter().any(|m| m.relation == child) {
                                continue;
                            }
                            let name = self.qualified_name_of(child);
                            let child = RangeVar { name, ..relation.clone() };
                            relations.push(self.publication_relation(&child, columns, filter.as_ref(), cx)?);
                        }
                    }
                }
                PublicationObject::Schema(name) => {
                    let schema = lookup::schema(&self.catalog, name, Loc::NONE)?;
                    if !schemas.contains(&schema) {
                        schemas.push(schema);
                    }
                }
                PublicationObject::CurrentSchema => match self.session.explicit_path(&self.catalog).first() {
                    Some(&schema) => schemas.push(schema),
                    None => return Err(SqlError::new("3F000", "no schema has been selected for CURRENT_SCHEMA").into()),
                },
            }
        }
        for &schema in &schemas {
            if schema.is_builtin() && schema != crate::catalog::PUBLIC_SCHEMA {
                let name = self.catalog.schema_name(schema);
                let error = SqlError::new("22023", format!("cannot add schema \"{name}\" to publication"));
                return Err(error.detail("This operation is not supported for system schemas.").into());
            }
        }
        if !schemas.is_empty()
            && let Some(member) = relations.iter().find(|r| !r.columns.is_empty())
        {
            return Err(self.column_list_with_schema(publication, member.relation).into());
        }
        Ok((relations, schemas))
    }

    fn qualified_name_of(&self, relation: Oid) -> QualifiedName {
        match self.catalog.relation(relation) {
            Some(found) => QualifiedName::in_schema(self.catalog.schema_name(found.schema), found.name.clone()),
            None => QualifiedName::default(),
        }
    }

    fn column_list_with_schema(&self, publication: &str, relation: Oid) -> SqlError {
        let relation = self.catalog.relation_name(relation, &[]);
        let message = format!("cannot use column list for relation \"{relation}\" in publication \"{publication}\"");
        SqlError::new("22023", message)
            .detail("Column lists cannot be specified in publications containing FOR TABLES IN SCHEMA elements.")
    }

    fn publication_relation(
        &self,
        relation: &RangeVar,
        columns: &[Name],
        filter: Option<&Expr>,
        cx: &Context,
    ) -> Exec<PublicationRelation> {
        let oid = self.table(relation)?;
        let mut numbers = Vec::with_capacity(columns.len());
        if let Some(found) = self.catalog.relation(oid) {
            check_publishable(found)?;
            for name in columns {
                let Some(column) = found.column(name) else {
                    return Err(lookup::undefined_column(&self.catalog, found, name, relation.name.loc));
                };
                if numbers.contains(&column.number) {
                    let message = format!("duplicate column \"{name}\" in publication column list");
                    return Err(SqlError::new("42710", message).into());
                }
                if column.generated.is_some() {
                    let message = format!("cannot use generated column \"{name}\" in publication column list");
                    return Err(SqlError::new("42P10", message).into());
                }
                numbers.push(column.number);
            }
        }
        Ok(PublicationRelation {
            relation: oid,
            columns: numbers,
            filter: filter.map(|filter| self.analyze_publication_filter(oid, filter)).transpose()?,
            provenance: Provenance::new(cx.at(relation.name.loc)),
        })
    }

    /// A table leaves the publication when it is dropped; its listed columns and what its filter names need CASCADE.
    fn record_publication_dependencies(&mut self, oid: Oid) {
        let Some(publication) = self.catalog.publication(oid).cloned() else { return };
        for member in &publication.relations {
            let dependent = Object::PublicationRelation(oid, member.relation);
            let dependencies = &mut self.catalog.dependencies;
            dependencies.add(dependent, Object::Relation(member.relation), DependencyKind::Auto);
            for &column in &member.columns {
                dependencies.add(dependent, Object::Column(member.relation, column), DependencyKind::Normal);
            }
            for &object in member.filter.iter().flat_map(|f| &f.depends_on) {
                dependencies.add(dependent, object, DependencyKind::Normal);
            }
        }
    }

    /// The publication of that name (`get_publication_oid`).
    pub(crate) fn find_publication(&self, name: &str) -> Exec<Oid> {
        if let Some(publication) = self.catalog.publication_named(name) {
            return Ok(publication.oid);
        }
        let error = SqlError::new("42704", format!("publication \"{name}\" does not exist"));
        let mut error = error.about(About::Publication(name.to_owned()));
        let same = |t: &crate::catalog::Tombstone| matches!(t.object, Object::Publication(_)) && t.name == name;
        lookup::explain(&self.catalog, &mut error, same);
        match self.catalog.taint.everything() {
            Some(unknown) => Err(lookup::maybe(error, unknown)),
            None => Err(error.into()),
        }
    }
}

/// `CheckAlterPublication`
fn check_all_tables(publication: &Publication, objects: &[PublicationObject]) -> Exec {
    if !publication.all_tables {
        return Ok(());
    }
    let schemas = objects.iter().any(|o| match o {
        PublicationObject::Schema(_) | PublicationObject::CurrentSchema => true,
        PublicationObject::Table { .. } => false,
    });
    let error = SqlError::new("55000", format!("publication \"{}\" is defined as FOR ALL TABLES", publication.name));
    Err(error
        .detail(if schemas {
            "Schemas cannot be added to or dropped from FOR ALL TABLES publications."
        } else {
            "Tables cannot be added to or dropped from FOR ALL TABLES publications."
        })
        .into())
}

/// `pg_publication.c: check_publication_add_relation`
fn check_publishable(relation: &Relation) -> Exec {
    let detail = match &relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) => match relation.persistence {
            Persistence::Permanent => return Ok(()),
            Persistence::Temporary => "This operation is not supported for temporary tables.",
            Persistence::Unlogged => "This operation is not supported for unlogged tables.",
        },
        RelationKind::ForeignTable(_) => "This operation is not supported for foreign tables.",
        RelationKind::View(_) => "This operation is not supported for views.",
        RelationKind::MaterializedView(..) => "This operation is not supported for materialized views.",
        RelationKind::Sequence(_) => "This operation is not supported for sequences.",
        RelationKind::Index(_) => "This operation is not supported for indexes.",
        RelationKind::CompositeType => "This operation is not supported for composite types.",
    };
    let error = SqlError::new("22023", format!("cannot add relation \"{}\" to publication", relation.name));
    Err(error.detail(detail).into())
}

/// `parse_publication_options`
fn set_options(options: &mut Vec<(Name, String)>, written: &[DefElem]) -> Exec {
    for option in written {
        let value = match option.name.as_str() {
            "publish" => {
                let value = text(option.value.as_ref());
                let actions = crate::replay::split_identifiers(&value);
                if let Some(wrong) =
                    actions.iter().find(|a| !matches!(a.as_str(), "insert" | "update" | "delete" | "truncate"))
                {
                    let message = format!("unrecognized value for publication option \"publish\": \"{wrong}\"");
                    return Err(SqlError::new("42601", message).at(option.loc).into());
                }
                actions.join(", ")
            }
            "publish_via_partition_root" => truth(option.value.as_ref()).to_string(),
            name => {
                let message = format!("unrecognized publication parameter: \"{name}\"");
                return Err(SqlError::new("42601", message).at(option.loc).into());
            }
        };
        match options.iter_mut().find(|(n, _)| *n == option.name) {
            Some(entry) => entry.1 = value,
            None => options.push((option.name.clone(), value)),
        }
    }
    Ok(())
}

fn text(value: Option<&DefValue>) -> String {
    match value {
        Some(DefValue::String(s)) => s.clone(),
        Some(DefValue::Names(names)) => names.join("."),
        Some(DefValue::Type(ty)) => ty.name.name.to_string(),
        Some(
            DefValue::Integer(_)
            | DefValue::Float(_)
            | DefValue::Boolean(_)
            | DefValue::List(_)
            | DefValue::Star
            | DefValue::Expr(_),
        )
        | None => String::new(),
    }
}
