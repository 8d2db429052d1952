//! `pg_catalog` and `information_schema` as projections of the catalog.
//!
//! A table is never built: a scan gives the objects that its keys (`relname = 'x'`) leave, and a column's value is
//! computed when an expression asks for it. Which columns there are says the built-in data; one that no projection has is
//! a value that is not known.

mod attribute;
mod constraint;
mod function;
mod information_schema;
mod policy;
mod relation;
mod role;
mod scan;
mod types;
mod unplaced;
mod views;

pub(super) use scan::{Entry, Keys, Scan};

use super::{Value, View};
use crate::catalog::{INFORMATION_SCHEMA, Oid, PG_CATALOG};

/// A system catalog or view that is projected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SystemTable {
    // pg_catalog: tables
    PgClass,
    PgNamespace,
    PgAttribute,
    PgAttrdef,
    PgType,
    PgEnum,
    PgConstraint,
    PgIndex,
    PgProc,
    PgTrigger,
    PgPolicy,
    PgAuthMembers,
    PgExtension,
    PgPublication,
    PgPublicationRel,
    PgDescription,
    PgDatabase,
    PgSequence,
    PgLanguage,
    PgForeignDataWrapper,
    PgForeignServer,
    PgForeignTable,
    PgEventTrigger,
    PgTransform,
    PgLargeobjectMetadata,
    PgInherits,
    PgPartitionedTable,
    PgAvailableExtensions,
    // pg_catalog: views
    PgRoles,
    PgAuthid,
    PgTables,
    PgViews,
    PgMatviews,
    PgIndexes,
    PgPolicies,
    PgSequences,
    PgPublicationTables,
    // information_schema
    Columns,
    Tables,
    Views,
    TableConstraints,
    KeyColumnUsage,
    ConstraintColumnUsage,
    ConstraintTableUsage,
    ReferentialConstraints,
    CheckConstraints,
    Routines,
    Parameters,
    Triggers,
    Schemata,
    Sequences,
    Domains,
    TablePrivileges,
    ColumnPrivileges,
    RoutinePrivileges,
}

use SystemTable as T;

const CATALOG: [(&str, SystemTable); 40] = [
    ("pg_attrdef", T::PgAttrdef),
    ("pg_attribute", T::PgAttribute),
    ("pg_auth_members", T::PgAuthMembers),
    ("pg_authid", T::PgAuthid),
    ("pg_available_extensions", T::PgAvailableExtensions),
    ("pg_class", T::PgClass),
    ("pg_constraint", T::PgConstraint),
    ("pg_database", T::PgDatabase),
    ("pg_description", T::PgDescription),
    ("pg_enum", T::PgEnum),
    ("pg_event_trigger", T::PgEventTrigger),
    ("pg_extension", T::PgExtension),
    ("pg_foreign_data_wrapper", T::PgForeignDataWrapper),
    ("pg_foreign_server", T::PgForeignServer),
    ("pg_foreign_table", T::PgForeignTable),
    ("pg_index", T::PgIndex),
    ("pg_indexes", T::PgIndexes),
    ("pg_inherits", T::PgInherits),
    ("pg_language", T::PgLanguage),
    ("pg_largeobject_metadata", T::PgLargeobjectMetadata),
    ("pg_matviews", T::PgMatviews),
    ("pg_namespace", T::PgNamespace),
    ("pg_partitioned_table", T::PgPartitionedTable),
    ("pg_policies", T::PgPolicies),
    ("pg_policy", T::PgPolicy),
    ("pg_proc", T::PgProc),
    ("pg_publication", T::PgPublication),
    ("pg_publication_rel", T::PgPublicationRel),
    ("pg_publication_tables", T::PgPublicationTables),
    ("pg_roles", T::PgRoles),
    ("pg_sequence", T::PgSequence),
    ("pg_sequences", T::PgSequences),
    ("pg_tables", T::PgTables),
    ("pg_transform", T::PgTransform),
    ("pg_trigger", T::PgTrigger),
    ("pg_type", T::PgType),
    ("pg_user", T::PgRoles),
    ("pg_views", T::PgViews),
    ("pg_group", T::PgAuthid),
    ("pg_shadow", T::PgAuthid),
];

const INFORMATION: [(&str, SystemTable); 20] = [
    ("columns", T::Columns),
    ("tables", T::Tables),
    ("views", T::Views),
    ("table_constraints", T::TableConstraints),
    ("key_column_usage", T::KeyColumnUsage),
    ("constraint_column_usage", T::ConstraintColumnUsage),
    ("constraint_table_usage", T::ConstraintTableUsage),
    ("referential_constraints", T::ReferentialConstraints),
    ("check_constraints", T::CheckConstraints),
    ("routines", T::Routines),
    ("parameters", T::Parameters),
    ("triggers", T::Triggers),
    ("schemata", T::Schemata),
    ("sequences", T::Sequences),
    ("domains", T::Domains),
    ("table_privileges", T::TablePrivileges),
    ("role_table_grants", T::TablePrivileges),
    ("column_privileges", T::ColumnPrivileges),
    ("role_column_grants", T::ColumnPrivileges),
    ("routine_privileges", T::RoutinePrivileges),
];

impl SystemTable {
    /// The projection of a system catalog or view, if there is one.
    pub fn find(schema: Oid, name: &str) -> Option<SystemTable> {
        let of = |list: &[(&str, SystemTable)]| list.iter().find(|(n, _)| *n == name).map(|&(_, table)| table);
        match schema {
            // `pg_user`, `pg_group` and `pg_shadow` have other columns; those that projections lack are not known.
            PG_CATALOG if matches!(name, "pg_group" | "pg_shadow") => None,
            PG_CATALOG => of(&CATALOG),
            INFORMATION_SCHEMA => of(&INFORMATION),
            _ => None,
        }
    }

    /// What a look-up costs with these keys: 0 for a few objects, 1 for those of a schema, 2 for all.
    pub fn cost(self, is_key: impl Fn(&str) -> bool) -> u8 {
        let any = |columns: &[&str]| columns.iter().any(|c| is_key(c));
        let (few, some): (&[&str], &[&str]) = match self {
            T::PgClass => (&["oid", "relname", "reltype"], &["relnamespace"]),
            T::PgAttribute => (&["attrelid"], &[]),
            T::PgAttrdef => (&["adrelid"], &[]),
            T::PgType => (&["oid", "typname", "typrelid"], &["typnamespace"]),
            T::PgEnum => (&["enumtypid"], &[]),
            T::PgConstraint => (&["conrelid"], &["connamespace"]),
            T::PgIndex => (&["indexrelid", "indrelid"], &[]),
            T::PgProc => (&["oid", "proname"], &["pronamespace"]),
            T::PgTrigger => (&["tgrelid"], &[]),
            T::PgPolicy => (&["polrelid"], &[]),
            T::PgDescription => (&["objoid"], &[]),
            T::PgSequence => (&["seqrelid"], &[]),
            T::PgInherits => (&["inhrelid", "inhparent"], &[]),
            T::PgPartitionedTable => (&["partrelid"], &[]),
            T::PgTables | T::PgPolicies => (&["tablename"], &["schemaname"]),
            T::PgIndexes => (&["indexname", "tablename"], &["schemaname"]),
            T::PgViews => (&["viewname"], &["schemaname"]),
            T::PgMatviews => (&["matviewname"], &["schemaname"]),
            T::PgSequences => (&["sequencename"], &["schemaname"]),
            T::Columns | T::Tables | T::Views | T::TablePrivileges | T::ColumnPrivileges => {
                (&["table_name"], &["table_schema"])
            }
            T::TableConstraints | T::KeyColumnUsage => (&["table_name"], &["table_schema", "constraint_schema"]),
            T::ConstraintColumnUsage | T::ConstraintTableUsage => (&[], &["constraint_schema"]),
            T::ReferentialConstraints | T::CheckConstraints => (&[], &["constraint_schema"]),
            T::Routines => (&["routine_name"], &["routine_schema"]),
            T::RoutinePrivileges => (&["routine_name"], &["routine_schema"]),
            T::Parameters => (&[], &["specific_schema"]),
            T::Triggers => (&["event_object_table"], &["event_object_schema", "trigger_schema"]),
            T::Sequences => (&["sequence_name"], &["sequence_schema"]),
            T::Domains => (&["domain_name"], &["domain_schema"]),
            // Few rows, whatever the keys.
            T::PgNamespace
            | T::PgAuthMembers
            | T::PgExtension
            | T::PgPublication
            | T::PgPublicationRel
            | T::PgDatabase
            | T::PgLanguage
            | T::PgForeignDataWrapper
            | T::PgForeignServer
            | T::PgForeignTable
            | T::PgEventTrigger
            | T::PgTransform
            | T::PgLargeobjectMetadata
            | T::PgAvailableExtensions
            | T::PgRoles
            | T::PgAuthid
            | T::PgPublicationTables
            | T::Schemata => {
                return u8::from(!any(&["oid", "nspname", "rolname", "extname", "pubname", "schema_name"]));
            }
        };
        if any(few) {
            0
        } else if any(some) {
            1
        } else {
            2
        }
    }

    /// The rows that the keys leave. There may be more among them than the keys allow, never fewer.
    pub fn scan(self, view: &View, keys: &Keys) -> Scan {
        match self {
            T::PgClass => relation::scan_class(view, keys),
            T::PgNamespace => scan::schemas(view, keys.text("nspname")),
            T::Schemata => scan::schemas(view, keys.text("schema_name")),
            T::PgAttribute => attribute::scan(view, keys),
            T::PgAttrdef => attribute::scan_defaults(view, keys),
            T::PgIndex => relation::scan_index(view, keys),
            T::PgSequence => relation::scan_sequence(view, keys),
            T::PgInherits => relation::scan_inherits(view, keys),
            T::PgPartitionedTable => relation::scan_partitioned(view, keys),
            T::PgType => types::scan(view, keys),
            T::PgEnum => types::scan_enum(view, keys),
            T::Domains => types::scan_domains(view, keys),
            T::PgConstraint => constraint::scan(view, keys),
            T::PgProc => function::scan(view, keys),
            T::Routines | T::RoutinePrivileges | T::Parameters => function::scan_routines(view, keys, self),
            T::PgTrigger => policy::scan_triggers(view, keys),
            T::PgPolicy => policy::scan(view, keys),
            T::PgPolicies => policy::scan_policies(view, keys),
            T::PgRoles | T::PgAuthid => role::scan(view, keys),
            T::PgAuthMembers => role::scan_members(view),
            T::PgExtension => role::scan_extensions(view, keys),
            T::PgAvailableExtensions => role::scan_available_extensions(view),
            T::PgPublication => role::scan_publications(view),
            T::PgPublicationRel | T::PgPublicationTables => role::scan_publication_relations(view),
            T::PgDescription => scan::descriptions(view, keys),
            T::PgDatabase => Scan::certain(vec![Entry::Database]),
            T::PgLanguage
            | T::PgForeignDataWrapper
            | T::PgForeignServer
            | T::PgForeignTable
            | T::PgEventTrigger
            | T::PgTransform
            | T::PgLargeobjectMetadata => unplaced::scan(self, view),
            T::PgTables | T::PgViews | T::PgMatviews | T::PgIndexes | T::PgSequences => views::scan(self, view, keys),
            T::Columns
            | T::Tables
            | T::Views
            | T::TableConstraints
            | T::KeyColumnUsage
            | T::ConstraintColumnUsage
            | T::ConstraintTableUsage
            | T::ReferentialConstraints
            | T::CheckConstraints
            | T::Triggers
            | T::Sequences
            | T::TablePrivileges
            | T::ColumnPrivileges => information_schema::scan(self, view, keys),
        }
    }

    /// A column of a row.
    pub fn value(self, view: &View, entry: &Entry, column: &str) -> Value {
        let value = match self {
            T::PgClass => relation::class(view, entry, column),
            T::PgNamespace => relation::namespace(view, entry, column),
            T::Schemata => information_schema::schema(view, entry, column),
            T::PgAttribute => attribute::attribute(view, entry, column),
            T::PgAttrdef => attribute::default(view, entry, column),
            T::PgIndex => relation::index(view, entry, column),
            T::PgSequence => relation::sequence(view, entry, column),
            T::PgType => types::ty(view, entry, column),
            T::PgEnum => types::enum_label(view, entry, column),
            T::Domains => types::domain(view, entry, column),
            T::PgConstraint => constraint::constraint(view, entry, column),
            T::PgProc => function::proc(view, entry, column),
            T::Routines | T::RoutinePrivileges | T::Parameters => function::routine(view, entry, column),
            T::PgTrigger => policy::trigger(view, entry, column),
            T::PgPolicy => policy::policy(view, entry, column),
            T::PgPolicies => policy::policies(view, entry, column),
            T::PgRoles | T::PgAuthid => role::role(view, entry, column),
            T::PgAuthMembers => role::member(view, entry, column),
            T::PgExtension | T::PgAvailableExtensions => role::extension(view, entry, column),
            T::PgPublication => role::publication(view, entry, column),
            T::PgPublicationRel | T::PgPublicationTables => role::publication_relation(view, entry, column),
            T::PgDescription => scan::description(view, entry, column),
            T::PgDatabase => unplaced::database(view, column),
            T::PgLanguage
            | T::PgForeignDataWrapper
            | T::PgForeignServer
            | T::PgForeignTable
            | T::PgEventTrigger
            | T::PgTransform
            | T::PgLargeobjectMetadata => unplaced::value(view, entry, column),
            T::PgInherits => relation::inherits(view, entry, column),
            T::PgPartitionedTable => relation::partitioned(view, entry, column),
            T::PgTables | T::PgViews | T::PgMatviews | T::PgIndexes | T::PgSequences => {
                views::value(view, entry, column)
            }
            T::Columns => information_schema::column(view, entry, column),
            T::Tables | T::Views => information_schema::table(view, entry, column),
            T::Sequences => information_schema::sequence(view, entry, column),
            T::TableConstraints
            | T::KeyColumnUsage
            | T::ConstraintColumnUsage
            | T::ConstraintTableUsage
            | T::ReferentialConstraints
            | T::CheckConstraints => information_schema::constraint(self, view, entry, column),
            T::Triggers => policy::information_trigger(view, entry, column),
            T::TablePrivileges | T::ColumnPrivileges => information_schema::privilege(view, entry, column),
        };
        value.unwrap_or_else(|| Value::not_evaluated(format!("column {column} of this system table is not projected")))
    }
}
