//! Storage parameters and options of views (`reloptions.c`).

use crate::catalog::RelationKind;
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{DefElem, Name};

/// The parameters of a table; most of them exist for its TOAST table as well.
const TABLE: [&str; 26] = [
    "autovacuum_analyze_scale_factor",
    "autovacuum_analyze_threshold",
    "autovacuum_enabled",
    "autovacuum_freeze_max_age",
    "autovacuum_freeze_min_age",
    "autovacuum_freeze_table_age",
    "autovacuum_multixact_freeze_max_age",
    "autovacuum_multixact_freeze_min_age",
    "autovacuum_multixact_freeze_table_age",
    "autovacuum_vacuum_cost_delay",
    "autovacuum_vacuum_cost_limit",
    "autovacuum_vacuum_insert_scale_factor",
    "autovacuum_vacuum_insert_threshold",
    "autovacuum_vacuum_max_threshold",
    "autovacuum_vacuum_scale_factor",
    "autovacuum_vacuum_threshold",
    "fillfactor",
    "log_autovacuum_min_duration",
    "log_autoanalyze_min_duration",
    "log_autovacuum_analyze_min_duration",
    "parallel_workers",
    "toast_tuple_target",
    "user_catalog_table",
    "vacuum_index_cleanup",
    "vacuum_truncate",
    "vacuum_max_eager_freeze_failure_rate",
];

/// Those of the access methods that come with PostgreSQL.
const INDEX: [&str; 7] = [
    "fillfactor",
    "deduplicate_items",
    "buffering",
    "fastupdate",
    "gin_pending_list_limit",
    "pages_per_range",
    "autosummarize",
];

/// 22023 for a parameter that a relation of that kind does not have.
pub(super) fn check(version: u32, kind: &RelationKind, options: &[(Name, String)]) -> Exec {
    let known = |name: &str| match kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::MaterializedView(..) => {
            TABLE.contains(&name.strip_prefix("toast.").unwrap_or(name))
        }
        RelationKind::View(_) => match name {
            "security_barrier" | "check_option" => true,
            "security_invoker" => version >= 15,
            _ => false,
        },
        // Access methods of extensions have parameters of their own.
        RelationKind::Index(index) => match index.method.as_str() {
            "btree" | "hash" | "gist" | "gin" | "spgist" | "brin" => INDEX.contains(&name),
            _ => true,
        },
        RelationKind::ForeignTable(_) | RelationKind::Sequence(_) | RelationKind::CompositeType => true,
    };
    if let RelationKind::View(_) = kind {
        check_of_view(options)?;
    }
    match options.iter().find(|(name, _)| !known(name)) {
        Some((name, _)) => Err(SqlError::new("22023", format!("unrecognized parameter \"{name}\"")).into()),
        None => Ok(()),
    }
}

/// `reloptions.c: view_reloptions`: what they are set to.
pub(super) fn check_of_view(options: &[(Name, String)]) -> Exec {
    let wrong =
        |(name, value): &&(Name, String)| name == "check_option" && !matches!(value.as_str(), "local" | "cascaded");
    match options.iter().find(wrong) {
        Some((name, value)) => {
            let error = SqlError::new("22023", format!("invalid value for enum option \"{name}\": {value}"));
            Err(error.detail("Valid values are \"local\" and \"cascaded\".").into())
        }
        None => Ok(()),
    }
}

/// The options of a column (`reloptions.c: attribute_reloptions`); what is reset need not exist.
pub(super) fn check_of_column(options: &[(Name, String)], reset: bool) -> Exec {
    let unknown = |(name, _): &&(Name, String)| !matches!(name.as_str(), "n_distinct" | "n_distinct_inherited");
    match options.iter().find(unknown).filter(|_| !reset) {
        Some((name, _)) => Err(SqlError::new("22023", format!("unrecognized parameter \"{name}\"")).into()),
        None => Ok(()),
    }
}

/// `reloptions.c: transformRelOptions`
pub(super) fn check_reset(options: &[DefElem]) -> Exec {
    if options.iter().any(|option| option.value.is_some()) {
        return Err(SqlError::new("42601", "RESET must not include values for parameters").into());
    }
    Ok(())
}
