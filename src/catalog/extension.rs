//! What the extensions that were created have, beside what the catalog holds of it.

use super::builtin::AvailableExtension;
use super::{Catalog, Extension};

impl Catalog {
    /// An access method of PostgreSQL's own or of an extension that was created.
    pub(crate) fn has_access_method(&self, name: &str) -> bool {
        self.builtins().access_method(name).is_some()
            || self.available_extensions().any(|(_, available)| available.has_access_method(name))
    }

    /// The extensions that were created, with what is known of them.
    fn available_extensions(&self) -> impl Iterator<Item = (&Extension, AvailableExtension)> {
        self.extensions().filter_map(|extension| Some((extension, self.builtins().extension(&extension.name)?)))
    }
}
