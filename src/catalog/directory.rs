//! Names to what they stand for, schema by schema.

use imbl::OrdMap;

use super::Oid;
use crate::sql::ast::Name;

/// What names stand for in each schema, in the order of the names.
///
/// A map of maps rather than of pairs: so a name is looked up as it is, without a copy to make a pair of it.
#[derive(Clone, Debug)]
pub(super) struct Directory<T> {
    schemas: OrdMap<Oid, OrdMap<Name, T>>,
}

impl<T: Clone> Directory<T> {
    pub(super) fn new() -> Self {
        Directory { schemas: OrdMap::new() }
    }

    pub(super) fn get(&self, schema: Oid, name: &str) -> Option<&T> {
        self.schemas.get(&schema)?.get(name)
    }

    pub(super) fn get_mut(&mut self, schema: Oid, name: &str) -> Option<&mut T> {
        self.schemas.get_mut(&schema)?.get_mut(name)
    }

    pub(super) fn insert(&mut self, schema: Oid, name: Name, value: T) {
        match self.schemas.get_mut(&schema) {
            Some(names) => {
                names.insert(name, value);
            }
            None => {
                self.schemas.insert(schema, OrdMap::unit(name, value));
            }
        }
    }

    pub(super) fn remove(&mut self, schema: Oid, name: &str) {
        if let Some(names) = self.schemas.get_mut(&schema) {
            names.remove(name);
            if names.is_empty() {
                self.schemas.remove(&schema);
            }
        }
    }

    /// The names of a schema.
    pub(super) fn of_schema(&self, schema: Oid) -> impl Iterator<Item = &T> {
        self.schemas.get(&schema).into_iter().flat_map(OrdMap::values)
    }
}
