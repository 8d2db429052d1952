//! Objects of a kind, by number and by schema and name.

use std::sync::Arc;

use ecow::EcoVec;
use imbl::OrdMap;

use super::Oid;
use super::directory::Directory;
use crate::sql::ast::Name;

/// What the objects in schemas have in common.
pub(crate) trait InSchema: Clone {
    /// Its OID.
    fn oid(&self) -> Oid;
    /// Its schema.
    fn schema(&self) -> Oid;
    /// Its name.
    fn name(&self) -> &Name;
    /// Moves it.
    fn set_place(&mut self, schema: Oid, name: Name);
}

/// The objects of one kind. Names need not be unique: operators and operator classes share theirs.
#[derive(Clone, Debug)]
pub(super) struct Store<T> {
    objects: OrdMap<Oid, Arc<T>>,
    names: Directory<EcoVec<Oid>>,
}

impl<T: InSchema> Store<T> {
    pub(super) fn new() -> Self {
        Store { objects: OrdMap::new(), names: Directory::new() }
    }

    pub(super) fn get(&self, oid: Oid) -> Option<&T> {
        self.objects.get(&oid).map(Arc::as_ref)
    }

    pub(super) fn get_mut(&mut self, oid: Oid) -> Option<&mut T> {
        self.objects.get_mut(&oid).map(Arc::make_mut)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.objects.values().map(Arc::as_ref)
    }

    /// Those of a name in a schema, oldest first.
    pub(super) fn named(&self, schema: Oid, name: &str) -> impl Iterator<Item = &T> + use<'_, T> {
        self.names.get(schema, name).into_iter().flatten().filter_map(|&oid| self.get(oid))
    }

    /// Those of a schema, by name.
    pub(super) fn of_schema(&self, schema: Oid) -> impl Iterator<Item = &T> {
        self.names.of_schema(schema).flatten().filter_map(|&oid| self.get(oid))
    }

    pub(super) fn insert(&mut self, object: T) {
        self.enter(object.schema(), object.name().clone(), object.oid());
        self.objects.insert(object.oid(), Arc::new(object));
    }

    pub(super) fn move_to(&mut self, oid: Oid, schema: Oid, name: Name) {
        let Some(object) = self.objects.get_mut(&oid).map(Arc::make_mut) else { return };
        let (old_schema, old_name) = (object.schema(), object.name().clone());
        object.set_place(schema, name.clone());
        self.strike(old_schema, &old_name, oid);
        self.enter(schema, name, oid);
    }

    pub(super) fn remove(&mut self, oid: Oid) -> Option<Arc<T>> {
        let object = self.objects.remove(&oid)?;
        self.strike(object.schema(), object.name(), oid);
        Some(object)
    }

    fn enter(&mut self, schema: Oid, name: Name, oid: Oid) {
        match self.names.get_mut(schema, &name) {
            Some(named) => {
                if let Err(at) = named.binary_search(&oid) {
                    named.insert(at, oid);
                }
            }
            None => self.names.insert(schema, name, EcoVec::from([oid])),
        }
    }

    fn strike(&mut self, schema: Oid, name: &str, oid: Oid) {
        if let Some(named) = self.names.get_mut(schema, name) {
            named.retain(|&mut other| other != oid);
            if named.is_empty() {
                self.names.remove(schema, name);
            }
        }
    }
}

/// Implements [`InSchema`] for a record with the fields of that name.
macro_rules! in_schema {
    ($($ty:ty),* $(,)?) => {$(
        impl $crate::catalog::store::InSchema for $ty {
            fn oid(&self) -> Oid {
                self.oid
            }
            fn schema(&self) -> Oid {
                self.schema
            }
            fn name(&self) -> &Name {
                &self.name
            }
            fn set_place(&mut self, schema: Oid, name: Name) {
                self.schema = schema;
                self.name = name;
            }
        }
    )*};
}
pub(super) use in_schema;
