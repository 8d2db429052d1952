//! Publications.

use super::*;

impl Lowerer<'_> {
    pub(super) fn create_publication(&mut self, publication: pg::CreatePublicationStmt) -> CreatePublication {
        CreatePublication {
            name: publication.pubname.into(),
            all_tables: publication.for_all_tables,
            objects: self.publication_objects(publication.pubobjects),
            options: self.options(publication.options),
        }
    }

    pub(super) fn alter_publication(&mut self, publication: pg::AlterPublicationStmt) -> AlterPublication {
        let action = match publication.action() {
            pg::AlterPublicationAction::ApAddObjects => DefAction::Add,
            pg::AlterPublicationAction::ApDropObjects => DefAction::Drop,
            // The grammar leaves the action alone where options are set.
            pg::AlterPublicationAction::ApSetObjects | pg::AlterPublicationAction::Undefined => DefAction::Set,
        };
        let objects = self.publication_objects(publication.pubobjects);
        AlterPublication {
            name: publication.pubname.into(),
            action: if objects.is_empty() && !publication.for_all_tables { DefAction::Set } else { action },
            all_tables: publication.for_all_tables,
            objects,
            options: self.options(publication.options),
        }
    }

    fn publication_objects(&mut self, list: Vec<Node>) -> Vec<PublicationObject> {
        nodes(list)
            .filter_map(|node| {
                let NodeEnum::PublicationObjSpec(spec) = node else {
                    self.unexpected();
                    return None;
                };
                match (spec.pubobjtype(), spec.pubtable) {
                    (pg::PublicationObjSpecType::PublicationobjTable, Some(table)) => Some(PublicationObject::Table {
                        relation: self.relation(table.relation),
                        columns: self.names(table.columns),
                        filter: self.expr_if_any(table.where_clause),
                        loc: self.loc(spec.location),
                    }),
                    (pg::PublicationObjSpecType::PublicationobjTablesInSchema, None) => {
                        Some(PublicationObject::Schema(spec.name.into()))
                    }
                    (pg::PublicationObjSpecType::PublicationobjTablesInCurSchema, None) => {
                        Some(PublicationObject::CurrentSchema)
                    }
                    // A continuation has got the kind of the element before it in `preprocess_pubobj_list`.
                    _ => {
                        self.unexpected();
                        None
                    }
                }
            })
            .to_vec()
    }
}
