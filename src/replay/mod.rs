//! Executes statements: the only writer of a catalog.

mod analysis;
mod ask;
mod call;
mod code;
mod context;
mod coverage;
mod ddl;
mod effects;
mod error;
mod execute;
pub(crate) mod lookup;
mod permission;
mod plpgsql;
mod prepare;
mod privilege;
mod query;
mod run;
mod session;
mod unparsed;
mod value;

pub use ask::Answer;
pub use context::Context;
pub use coverage::{Coverage, coverage};
pub use error::{About, Exec, Opaque, SqlError, SqlState, Stop};
pub(crate) use plpgsql::KnownNames;
pub use run::{Failure, OpaqueStatement, Outcome, Script};
pub use session::{Session, split_identifiers};

use std::sync::Arc;

use crate::catalog::{Acl, AclKind, Catalog, Object, Oid, Origin};
use crate::sql::ast::{Persistence, QualifiedName, RangeVar, RoleSpec};

/// The name of the schema of temporary objects; in PostgreSQL its number is the session's.
const TEMP_SCHEMA: &str = "pg_temp_1";

/// A database and a session on it.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The database.
    pub catalog: Catalog,
    /// The session.
    pub session: Session,
    /// What the statements said on the way (`NOTICE: relation "t" already exists, skipping`).
    pub notices: Vec<Notice>,
    /// The code that is running.
    pub(crate) code: code::Running,
    /// Bodies of functions that have been checked.
    pub(crate) checked: crate::sql::plpgsql::Checked,
    /// Bodies of triggers' functions, and whether they may write rows.
    writers: std::cell::RefCell<rustc_hash::FxHashMap<Box<str>, bool>>,
}

/// A message that is not an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO` …
    pub severity: &'static str,
    /// The message.
    pub message: String,
    /// The statement that said it.
    pub origin: Origin,
    /// It comes from RAISE, which gives these besides.
    pub raised: Option<Raised>,
}

/// What RAISE says besides a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// `ERRCODE`
    pub sqlstate: SqlState,
    /// `DETAIL`
    pub detail: Option<String>,
    /// `HINT`
    pub hint: Option<String>,
}

/// A name with a database in front is an error (0A000) unless it is this one's, whose name is not known.
fn refuse_database(name: &RangeVar) -> Exec {
    match &name.catalog {
        None => Ok(()),
        Some(_) => {
            let reason = format!("\"{}\" is qualified by a database", name.name.name);
            Err(Opaque::new(reason, crate::sql::ast::Touches::Everything).at(name.name.loc).into())
        }
    }
}

impl Replay {
    /// A session of the superuser in a new database of this major version.
    pub fn new(version: u32) -> Replay {
        let session = Session::new(crate::catalog::BOOTSTRAP_ROLE);
        Replay {
            catalog: Catalog::new(version),
            session,
            notices: Vec::new(),
            code: code::Running::default(),
            checked: crate::sql::plpgsql::Checked::default(),
            writers: Default::default(),
        }
    }

    /// The grammar of the server's version.
    pub(crate) fn grammar(&self) -> crate::sql::Grammar {
        crate::sql::Grammar::of(self.catalog.version())
    }

    /// What a DO block can refer to.
    pub(crate) fn do_environment(&self) -> crate::sql::plpgsql::Environment {
        let returns = crate::sql::plpgsql::Returns { void: true, ..Default::default() };
        crate::sql::plpgsql::Environment { returns: Some(returns), grammar: self.grammar(), ..Default::default() }
    }

    /// Where names are looked up.
    pub(crate) fn path(&self) -> Arc<[Oid]> {
        self.session.path(&self.catalog)
    }

    pub(crate) fn notice(&mut self, message: impl Into<String>, cx: &Context) {
        self.notices.push(Notice { severity: "NOTICE", message: message.into(), origin: cx.origin, raised: None });
    }

    /// The relation of that name.
    pub(crate) fn relation(&self, name: &RangeVar) -> Exec<Oid> {
        refuse_database(name)?;
        self.may_use_schema_of(&name.name)?;
        lookup::relation(&self.catalog, &self.path(), &name.name)
    }

    /// The same, opened as a table: not an index or a composite type (`table.c: table_openrv`).
    pub(crate) fn table(&self, name: &RangeVar) -> Exec<Oid> {
        let oid = self.relation(name)?;
        match self.catalog.relation(oid) {
            Some(relation)
                if matches!(
                    relation.kind,
                    crate::catalog::RelationKind::Index(_) | crate::catalog::RelationKind::CompositeType
                ) =>
            {
                Err(lookup::cannot_open(&self.catalog, relation, crate::sql::span::Loc::NONE))
            }
            Some(_) | None => Ok(oid),
        }
    }

    /// The schema in which a new object of that name goes (`namespace.c: QualifiedNameGetCreationNamespace`).
    pub(crate) fn creation_schema(&self, name: &QualifiedName) -> Exec<Oid> {
        let schema = match &name.schema {
            Some(schema) => lookup::schema(&self.catalog, schema, name.loc)?,
            None => match self.session.explicit_path(&self.catalog).first() {
                Some(&schema) => schema,
                None => {
                    let error = SqlError::new("3F000", "no schema has been selected to create in").at(name.loc);
                    return Err(error.into());
                }
            },
        };
        self.may_create_in(schema)?;
        Ok(schema)
    }

    /// The schema in which a new relation goes; temporary ones have a schema of their own.
    pub(crate) fn creation_schema_of(&mut self, relation: &RangeVar) -> Exec<Oid> {
        refuse_database(relation)?;
        match relation.persistence {
            Persistence::Temporary => match relation.name.schema.as_deref() {
                Some("pg_temp") | None => Ok(self.temp_schema()),
                // `namespace.c: RangeVarAdjustRelationPersistence`
                Some(_) => {
                    self.creation_schema(&relation.name)?;
                    let message = "cannot create temporary relation in non-temporary schema";
                    Err(SqlError::new("42P16", message).at(relation.name.loc).into())
                }
            },
            Persistence::Permanent | Persistence::Unlogged => match relation.name.schema.as_deref() {
                Some("pg_temp") => Ok(self.temp_schema()),
                Some(_) | None => {
                    let schema = self.creation_schema(&relation.name)?;
                    // `heap.c: heap_create`
                    if schema == crate::catalog::PG_CATALOG {
                        let name = &relation.name.name;
                        let error =
                            SqlError::new("42501", format!("permission denied to create \"pg_catalog.{name}\""));
                        return Err(error.detail("System catalog modifications are currently disallowed.").into());
                    }
                    Ok(schema)
                }
            },
        }
    }

    /// The role that a statement names.
    pub(crate) fn role(&self, spec: &RoleSpec) -> Exec<Oid> {
        match spec {
            RoleSpec::Name(name) => lookup::role(&self.catalog, name),
            RoleSpec::CurrentUser => Ok(self.session.current_user),
            RoleSpec::SessionUser => Ok(self.session.session_user),
            RoleSpec::Public => Ok(Oid::INVALID),
        }
    }

    /// The privileges of a new object (`aclchk.c: get_user_default_acl`); nothing if they are the built-in default.
    pub(crate) fn new_object_acl(&self, kind: AclKind, owner: Oid, schema: Option<Oid>) -> Option<Acl> {
        self.catalog.new_object_acl(kind, owner, schema)
    }

    /// Records what a stored expression of `dependent` needs.
    pub(crate) fn depend_on_all(&mut self, dependent: Object, needs: &[Object], own: Option<Oid>) {
        use crate::catalog::DependencyKind::{Auto, Normal};
        for &object in needs {
            // What an index, a check or a generated column needs of its own table goes silently with it
            // (`dependency.c: recordDependencyOnSingleRelExpr` with `self_behavior`).
            let kind = if own.is_some() && object.relation() == own { Auto } else { Normal };
            self.catalog.dependencies.add(dependent, object, kind);
        }
    }

    pub(crate) fn temp_schema(&mut self) -> Oid {
        if let Some(schema) = self.session.temp_schema {
            return schema;
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_schema(crate::catalog::Schema {
            oid,
            name: TEMP_SCHEMA.into(),
            owner: crate::catalog::BOOTSTRAP_ROLE,
            acl: None,
            comment: None,
            provenance: crate::catalog::Provenance::new(Origin::nowhere()),
        });
        self.session.temp_schema = Some(oid);
        oid
    }
}
