//! Publications (`publicationcmds.c`, `pg_publication.c`).

use super::role::truth;
use crate::catalog::{
    ChangeKind, DependencyKind, Object, Oid, Provenance, Publication, PublicationRelation, Relation, RelationKind,
};
use crate::replay::{About, Context, Exec, Replay, SqlError, lookup};
use crate::sql::ast::{
    AlterPublication, CreatePublication, DefAction, DefElem, DefValue, Expr, Name, Persistence, PublicationObject,
    RangeVar,
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
        set_options(&mut options, &stmt.options, self.catalog.version())?;
        let (relations, schemas) = self.publication_objects(name, &stmt.objects, false, cx)?;
        self.check_partitioned_members(name, &options, &relations)?;
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
        self.must_own_publication(oid)?;
        let Some(publication) = self.catalog.publication(oid) else { return Ok(()) };
        let mut publication = publication.clone();
        set_options(&mut publication.options, &stmt.options, self.catalog.version())?;
        if !via_root(&publication.options)
            && !publication.all_tables
            && stmt.options.iter().any(|option| option.name == VIA_ROOT)
            && let Some((table, what)) = self.refused_member(&publication.relations)
        {
            let message = format!("cannot set parameter \"{VIA_ROOT}\" to false for publication \"{}\"", stmt.name);
            let detail = format!(
                "The publication contains a {what} for partitioned table \"{}\", which is not allowed when \"{VIA_ROOT}\" \
                 is false.",
                table.name
            );
            return Err(SqlError::new("22023", message).detail(detail).into());
        }
        if !stmt.objects.is_empty() {
            check_all_tables(&publication, &stmt.objects)?;
            let (relations, schemas) = {
                let leaving = stmt.action == DefAction::Drop;
                self.publication_objects(&stmt.name, &stmt.objects, leaving, cx)?
            };
            if stmt.action != DefAction::Drop {
                self.check_partitioned_members(&stmt.name, &publication.options, &relations)?;
            }
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

    /// 42501 unless the current user owns it.
    pub(in crate::replay) fn must_own_publication(&self, oid: Oid) -> Exec {
        match self.catalog.publication(oid) {
            Some(publication) if !self.has_rights_of(publication.owner) => {
                Err(SqlError::new("42501", format!("must be owner of publication {}", publication.name)).into())
            }
            Some(_) | None => Ok(()),
        }
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
        leaving: bool,
        cx: &Context,
    ) -> Exec<(Vec<PublicationRelation>, Vec<Oid>)> {
        let (mut relations, mut schemas): (Vec<PublicationRelation>, Vec<Oid>) = (Vec::new(), Vec::new());
        for object in objects {
            match object {
                PublicationObject::Table { relation, columns, filter, .. } => {
                    if self.refuse_system_catalog(&relation.name).is_err() {
                        let message = format!("cannot add relation \"{}\" to publication", relation.name.name);
                        let error = SqlError::new("22023", message);
                        return Err(error.detail("This operation is not supported for system tables.").into());
                    }
                    let oid = self.table(relation)?;
                    if !leaving {
                        self.must_own_relation(oid)?;
                    }
                    let partitioned = self.catalog.relation(oid).is_some_and(Relation::is_partitioned);
                    // Partitions are published with their table; other children are members of their own.
                    let children = if relation.only || partitioned { Vec::new() } else { self.catalog.inheritors(oid) };
                    let children = children.into_iter().map(|(child, _)| child).filter(|&child| child != oid);
                    for oid in [oid].into_iter().chain(children) {
                        let Some(old) = relations.iter().find(|m| m.relation == oid) else {
                            // What leaves is only looked for (`PublicationDropTables`).
                            let plain = leaving && columns.is_empty() && filter.is_none();
                            relations.push(match plain {
                                true => PublicationRelation {
                                    relation: oid,
                                    columns: Vec::new(),
                                    filter: None,
                                    provenance: Provenance::new(cx.at(relation.name.loc)),
                                },
                                false => self.publication_relation(oid, relation, columns, filter.as_ref(), cx)?,
                            });
                            continue;
                        };
                        let what = if filter.is_some() || old.filter.is_some() {
                            "WHERE clauses"
                        } else if !columns.is_empty() || !old.columns.is_empty() {
                            "column lists"
                        } else {
                            continue;
                        };
                        let name = &relation.name.name;
                        let message = format!("conflicting or redundant {what} for table \"{name}\"");
                        return Err(SqlError::new("42710", message).into());
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

    /// A partitioned table that has rows filtered or columns chosen, and which of the two.
    fn refused_member(&self, members: &[PublicationRelation]) -> Option<(&Relation, &'static str)> {
        let partitioned = |m: &PublicationRelation| self.catalog.relation(m.relation).filter(|r| r.is_partitioned());
        let filtered = members.iter().filter(|m| m.filter.is_some()).find_map(partitioned);
        let chosen = || members.iter().filter(|m| !m.columns.is_empty()).find_map(partitioned);
        filtered.map(|table| (table, "WHERE clause")).or_else(|| chosen().map(|table| (table, "column list")))
    }

    /// Unless changes are published as the partitioned table's, it is its partitions that say what is (`publicationcmds.c:
    /// TransformPubWhereClauses`, `CheckPubRelationColumnList`).
    fn check_partitioned_members(
        &self,
        publication: &str,
        options: &[(Name, String)],
        members: &[PublicationRelation],
    ) -> Exec {
        let Some((table, what)) = self.refused_member(members).filter(|_| !via_root(options)) else { return Ok(()) };
        let (message, detail) = if what == "WHERE clause" {
            let detail = format!("WHERE clause cannot be used for a partitioned table when {VIA_ROOT} is false.");
            (format!("cannot use publication WHERE clause for relation \"{}\"", table.name), detail)
        } else {
            let schema = self.catalog.schema_name(table.schema);
            let relation = format!("\"{schema}.{}\"", table.name);
            let detail = format!("Column lists cannot be specified for partitioned tables when {VIA_ROOT} is false.");
            (format!("cannot use column list for relation {relation} in publication \"{publication}\""), detail)
        };
        Err(SqlError::new("22023", message).detail(detail).into())
    }

    fn column_list_with_schema(&self, publication: &str, relation: Oid) -> SqlError {
        let relation = self.catalog.relation(relation);
        let relation = relation.map_or(String::new(), |r| format!("{}.{}", self.catalog.schema_name(r.schema), r.name));
        let message = format!("cannot use column list for relation \"{relation}\" in publication \"{publication}\"");
        SqlError::new("22023", message)
            .detail("Column lists cannot be specified in publications containing FOR TABLES IN SCHEMA elements.")
    }

    fn publication_relation(
        &self,
        oid: Oid,
        relation: &RangeVar,
        columns: &[Name],
        filter: Option<&Expr>,
        cx: &Context,
    ) -> Exec<PublicationRelation> {
        let mut numbers = Vec::with_capacity(columns.len());
        if let Some(found) = self.catalog.relation(oid) {
            check_publishable(found)?;
            for name in columns {
                let Some(column) = found.column(name) else {
                    if crate::expr::is_system_column(name) {
                        let message = format!("cannot use system column \"{name}\" in publication column list");
                        return Err(SqlError::new("42P10", message).into());
                    }
                    return Err(lookup::undefined_column(&self.catalog, found, name, relation.name.loc));
                };
                if numbers.contains(&column.number) {
                    let message = format!("duplicate column \"{name}\" in publication column list");
                    return Err(SqlError::new("42710", message).into());
                }
                // Up to 17 all of them (`publication_translate_columns`, `pub_collist_validate`).
                let of_virtual = self.catalog.version() >= 18;
                if column.generated.as_ref().is_some_and(|generated| !of_virtual || !generated.stored) {
                    let kind = if of_virtual { "virtual generated" } else { "generated" };
                    let message = format!("cannot use {kind} column \"{name}\" in publication column list");
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

/// Changes of partitions are published as those of the partitioned table.
const VIA_ROOT: &str = "publish_via_partition_root";

fn via_root(options: &[(Name, String)]) -> bool {
    options.iter().any(|(name, value)| name == VIA_ROOT && value == "true")
}

/// `parse_publication_options`
fn set_options(options: &mut Vec<(Name, String)>, written: &[DefElem], version: u32) -> Exec {
    for (at, option) in written.iter().enumerate() {
        let refuse = |message: &str| Err(SqlError::new("42601", message).at(option.loc).into());
        if written[..at].iter().any(|other| other.name == option.name) {
            return refuse("conflicting or redundant options");
        }
        let value = match option.name.as_str() {
            "publish" if option.value.is_none() => return refuse("publish requires a parameter"),
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
            VIA_ROOT => match text(option.value.as_ref()).to_lowercase().as_str() {
                "" | "true" | "on" | "1" | "false" | "off" | "0" => truth(option.value.as_ref()).to_string(),
                _ => return refuse(&format!("{VIA_ROOT} requires a Boolean value")),
            },
            "publish_generated_columns" if version >= 18 => match text(option.value.as_ref()).to_lowercase().as_str() {
                value @ ("none" | "stored") => value.to_owned(),
                "" => "stored".to_owned(),
                value => {
                    let message = format!("invalid value for publication parameter \"{}\": \"{value}\"", option.name);
                    let detail = "Valid values are \"none\" and \"stored\".";
                    return Err(SqlError::new("42601", message).detail(detail).into());
                }
            },
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
