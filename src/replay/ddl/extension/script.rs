//! Runs the script of an extension (`extension.c: execute_extension_script`).

use crate::catalog::{DependencyKind, Object, Oid, RelationKind, TypeKind};
use crate::replay::{Context, Exec, Replay, SqlError, Stop};
use crate::sql::Segment;

impl Replay {
    /// Runs `script` with the extension's schema as the search path. What it makes belongs to the extension, and all of it
    /// is attributed to the statement that created the extension.
    pub(super) fn run_extension_script(&mut self, script: &str, extension: Oid, schema: Oid, cx: &Context) -> Exec {
        let first = self.catalog.new_oid();
        let schema = self.catalog.quote_identifier(self.catalog.schema_name(schema)).into_owned();
        let session = self.session.clone();
        self.session.set("search_path", Some(format!("{schema}, pg_temp")), false);
        let outer = std::mem::replace(&mut self.code.extension_script, true);
        let result = self.run_statements(&script.replace("@extschema@", &schema), &Context::computed(cx.origin));
        self.session = session;
        self.code.extension_script = outer;
        for object in self.made_since(first) {
            self.catalog.dependencies.add(object, Object::Extension(extension), DependencyKind::Extension);
        }
        result
    }

    fn run_statements(&mut self, script: &str, cx: &Context) -> Exec {
        for segment in self.grammar().parse(script) {
            match segment {
                Segment::Statement(statement) => {
                    self.execute_alone(&statement.kind, cx).map_err(|stop| match stop {
                        // The script is not the user's text.
                        Stop::Error(error) => SqlError { loc: Default::default(), ..*error }.into(),
                        opaque @ Stop::Opaque(_) => opaque,
                    })?
                }
                Segment::SyntaxError(error) => return Err(SqlError::new(error.sqlstate, error.message).into()),
                Segment::Unparsed { .. } | Segment::MetaCommand { .. } => {}
            }
        }
        Ok(())
    }

    /// The objects that `pg_depend.c: recordDependencyOnCurrentExtension` is called for. Indexes, row types, arrays and
    /// multiranges belong to what they come with.
    fn made_since(&self, first: Oid) -> Vec<Object> {
        let catalog = &self.catalog;
        let schemas = catalog.schemas().map(|s| (s.oid, Object::Schema(s.oid)));
        let alone = |kind: &RelationKind| !matches!(kind, RelationKind::Index(_) | RelationKind::CompositeType);
        let relations = catalog.relations().filter(|r| alone(&r.kind));
        let relations = relations.map(|r| (r.oid, Object::Relation(r.oid)));
        let types = catalog.types().filter(|ty| match ty.kind {
            TypeKind::Array(_) | TypeKind::Multirange(_) => false,
            TypeKind::Composite(of) => catalog.relation(of).is_some_and(|r| !alone(&r.kind)),
            TypeKind::Base(_) | TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Range(_) | TypeKind::Shell => true,
        });
        let types = types.map(|ty| (ty.oid, Object::Type(ty.oid)));
        let functions = catalog.functions().map(|f| (f.oid, Object::Function(f.oid)));
        let wrappers = catalog.foreign_data_wrappers().map(|w| (w.oid, Object::ForeignDataWrapper(w.oid)));
        let servers = catalog.foreign_servers().map(|s| (s.oid, Object::ForeignServer(s.oid)));
        let triggers = catalog.event_triggers().map(|t| (t.oid, Object::EventTrigger(t.oid)));
        let unplaced = wrappers.chain(servers).chain(triggers);
        let all = schemas.chain(relations).chain(types).chain(functions).chain(unplaced);
        all.filter(|(oid, _)| *oid >= first).map(|(_, object)| object).collect()
    }
}
