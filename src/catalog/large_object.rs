//! Large objects (`pg_largeobject_metadata`). What is in them is data, and is not kept.

use super::{Acl, Oid, Provenance};

/// A large object.
#[derive(Clone, Debug)]
pub struct LargeObject {
    /// Its number, which is its name.
    pub oid: Oid,
    /// Its owner.
    pub owner: Oid,
    /// Its privileges, if they are not the default.
    pub acl: Option<Acl>,
    /// Its comment.
    pub comment: Option<String>,
    /// What made and changed it.
    pub provenance: Provenance,
}
