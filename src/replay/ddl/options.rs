//! Storage parameters and options of views (`reloptions.c`).

use crate::catalog::RelationKind;
use crate::replay::{Exec, SqlError};
use crate::sql::ast::{DefElem, Name};

/// What a parameter takes.
#[derive(Clone, Copy)]
enum Takes {
    Boolean,
    Integer(i64, i64),
    Real(f64, f64),
    /// One of these words, which the hint repeats.
    Word(&'static [&'static str], &'static str),
}

use Takes::{Boolean, Integer, Real, Word};

const MAX: i64 = i32::MAX as i64;
const ON_OFF_AUTO: &str = "Valid values are \"on\", \"off\", and \"auto\".";

/// The parameters of tables, with whether their TOAST tables have them.
const TABLE: &[(&str, bool, Takes)] = &[
    ("autovacuum_analyze_scale_factor", false, Real(0.0, 100.0)),
    ("autovacuum_analyze_threshold", false, Integer(0, MAX)),
    ("autovacuum_enabled", true, Boolean),
    ("autovacuum_freeze_max_age", true, Integer(100_000, 2_000_000_000)),
    ("autovacuum_freeze_min_age", true, Integer(0, 1_000_000_000)),
    ("autovacuum_freeze_table_age", true, Integer(0, 2_000_000_000)),
    ("autovacuum_multixact_freeze_max_age", true, Integer(10_000, 2_000_000_000)),
    ("autovacuum_multixact_freeze_min_age", true, Integer(0, 1_000_000_000)),
    ("autovacuum_multixact_freeze_table_age", true, Integer(0, 2_000_000_000)),
    ("autovacuum_vacuum_cost_delay", true, Real(0.0, 100.0)),
    ("autovacuum_vacuum_cost_limit", true, Integer(1, 10_000)),
    ("autovacuum_vacuum_insert_scale_factor", true, Real(0.0, 100.0)),
    ("autovacuum_vacuum_insert_threshold", true, Integer(-1, MAX)),
    ("autovacuum_vacuum_max_threshold", true, Integer(-1, MAX)),
    ("autovacuum_vacuum_scale_factor", true, Real(0.0, 100.0)),
    ("autovacuum_vacuum_threshold", true, Integer(0, MAX)),
    ("fillfactor", false, Integer(10, 100)),
    ("log_autovacuum_min_duration", true, Integer(-1, MAX)),
    ("log_autoanalyze_min_duration", false, Integer(-1, MAX)),
    ("log_autovacuum_analyze_min_duration", false, Integer(-1, MAX)),
    ("parallel_workers", false, Integer(0, 1024)),
    ("toast_tuple_target", false, Integer(128, 8160)),
    ("user_catalog_table", false, Boolean),
    ("vacuum_index_cleanup", true, Word(&["auto", "on", "off", "true", "false", "yes", "no", "1", "0"], ON_OFF_AUTO)),
    ("vacuum_max_eager_freeze_failure_rate", true, Real(0.0, 1.0)),
    ("vacuum_truncate", true, Boolean),
];

/// Those of the access methods that come with PostgreSQL.
const INDEX: &[(&str, &str, Takes)] = &[
    ("brin", "autosummarize", Boolean),
    ("brin", "pages_per_range", Integer(1, 131_072)),
    ("btree", "deduplicate_items", Boolean),
    ("btree", "fillfactor", Integer(10, 100)),
    ("btree", "vacuum_cleanup_index_scale_factor", Real(0.0, 1e10)),
    ("gin", "fastupdate", Boolean),
    ("gin", "gin_pending_list_limit", Integer(64, MAX)),
    ("gist", "buffering", Word(&["auto", "on", "off"], ON_OFF_AUTO)),
    ("gist", "fillfactor", Integer(10, 100)),
    ("hash", "fillfactor", Integer(10, 100)),
    ("spgist", "fillfactor", Integer(10, 100)),
];

const VIEW: &[(&str, Takes)] = &[
    ("check_option", Word(&["local", "cascaded"], "Valid values are \"local\" and \"cascaded\".")),
    ("security_barrier", Boolean),
    ("security_invoker", Boolean),
];

/// 22023 for a parameter that a relation of that kind does not have, or whose value will not do.
pub(super) fn check(version: u32, kind: &RelationKind, options: &[(Name, String)]) -> Exec {
    for (at, (name, value)) in options.iter().enumerate() {
        // `parseRelOptionsInternal`
        if options[..at].iter().any(|(other, _)| other == name) {
            let message = format!("parameter \"{name}\" specified more than once");
            return Err(SqlError::new("22023", message).into());
        }
        let takes = match kind {
            // From 12 on a partitioned table has none of its own.
            RelationKind::PartitionedTable(_) if !name.starts_with("toast.") => None,
            RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::MaterializedView(..) => {
                let (toast, bare) = match name.split_once('.') {
                    Some(("toast", bare)) => (true, bare),
                    Some((namespace, _)) => {
                        let message = format!("unrecognized parameter namespace \"{namespace}\"");
                        return Err(SqlError::new("22023", message).into());
                    }
                    None => (false, name.as_str()),
                };
                TABLE.iter().find(|(known, of_toast, _)| *known == bare && (!toast || *of_toast)).map(|(.., t)| *t)
            }
            RelationKind::View(_) if name.starts_with("toast.") => continue,
            RelationKind::View(_) => {
                let known = |known: &str| known == name && (known != "security_invoker" || version >= 15);
                VIEW.iter().find(|(name, _)| known(name)).map(|(_, takes)| *takes)
            }
            // What is said of a TOAST table goes nowhere.
            RelationKind::Index(_) if name.starts_with("toast.") => continue,
            RelationKind::Index(index) => {
                check_index(&index.method, std::slice::from_ref(&(name.clone(), value.clone())))?;
                continue;
            }
            RelationKind::ForeignTable(_) | RelationKind::Sequence(_) | RelationKind::CompositeType => continue,
        };
        let bare = name.strip_prefix("toast.").unwrap_or(name);
        match takes {
            Some(takes) => check_value(takes, bare, value)?,
            None => return unrecognized(bare, version >= 16 && matches!(kind, RelationKind::PartitionedTable(_))),
        }
    }
    Ok(())
}

fn unrecognized(name: &str, partitioned: bool) -> Exec {
    if partitioned {
        let message = "cannot specify storage parameters for a partitioned table";
        let hint = "Specify storage parameters for its leaf partitions instead.";
        return Err(SqlError::new("42809", message).hint(hint).into());
    }
    Err(SqlError::new("22023", format!("unrecognized parameter \"{name}\"")).into())
}

/// The same for an index with that access method; those of extensions have parameters of their own.
pub(super) fn check_index(method: &str, options: &[(Name, String)]) -> Exec {
    if !INDEX.iter().any(|(of, ..)| *of == method) {
        return Ok(());
    }
    for (at, (name, value)) in options.iter().enumerate() {
        if let Some((namespace, _)) = name.split_once('.') {
            let message = format!("unrecognized parameter namespace \"{namespace}\"");
            return Err(SqlError::new("22023", message).into());
        }
        // `parseRelOptionsInternal`
        if options[..at].iter().any(|(other, _)| other == name) {
            let message = format!("parameter \"{name}\" specified more than once");
            return Err(SqlError::new("22023", message).into());
        }
        match INDEX.iter().find(|(of, known, _)| *of == method && known == name) {
            Some((.., takes)) => check_value(*takes, name, value)?,
            None => return unrecognized(name, false),
        }
    }
    Ok(())
}

/// A new table may say that it has no OIDs, which none has (`reloptions.c: transformRelOptions`).
pub(super) fn without_oids(mut options: Vec<(Name, String)>) -> Exec<Vec<(Name, String)>> {
    if options.iter().any(|(name, value)| name == "oids" && !matches!(value.as_str(), "false" | "off" | "0")) {
        return Err(SqlError::new("0A000", "tables declared WITH OIDS are not supported").into());
    }
    options.retain(|(name, _)| name != "oids");
    Ok(options)
}

/// The parameters of an operator class that comes with PostgreSQL.
pub(super) fn check_opclass(method: &str, opclass: &str, options: &[(Name, String)]) -> Exec {
    let known: &[(&str, Takes)] = if method == "gist" && opclass == "tsvector_ops" {
        &[("siglen", Integer(1, 2024))]
    } else if method == "brin" && opclass.ends_with("_minmax_multi_ops") {
        &[("values_per_range", Integer(8, 256))]
    } else if method == "brin" && opclass.ends_with("_bloom_ops") {
        &[("n_distinct_per_range", Real(-1.0, MAX as f64)), ("false_positive_rate", Real(0.0001, 0.25))]
    } else {
        return Err(SqlError::new("22023", format!("operator class {opclass} has no options")).into());
    };
    for (name, value) in options {
        match known.iter().find(|(known, _)| known == name) {
            Some((_, takes)) => check_value(*takes, name, value)?,
            None => return unrecognized(name, false),
        }
    }
    Ok(())
}

/// The options of a column.
pub(super) fn check_attribute(options: &[(Name, String)]) -> Exec {
    for (name, value) in options {
        match name.as_str() {
            "n_distinct" | "n_distinct_inherited" => check_value(Real(-1.0, f64::MAX), name, value)?,
            _ => return unrecognized(name, false),
        }
    }
    Ok(())
}

/// `reloptions.c: parse_one_reloption`
fn check_value(takes: Takes, name: &str, value: &str) -> Exec {
    let error = |message: String| SqlError::new("22023", message);
    let invalid = |what: &str| error(format!("invalid value for {what} option \"{name}\": {value}"));
    let out_of_bounds = || error(format!("value {value} out of bounds for option \"{name}\""));
    match takes {
        Boolean => {
            let lower = value.to_lowercase();
            let word = |word: &str, least: usize| lower.len() >= least && word.starts_with(&lower);
            let known = word("true", 1) || word("false", 1) || word("yes", 1) || word("no", 1);
            let known = known || word("on", 2) || word("off", 2) || matches!(value, "1" | "0");
            if known { Ok(()) } else { Err(invalid("boolean").into()) }
        }
        Integer(least, most) => {
            let Ok(number) = value.parse::<i64>() else { return Err(invalid("integer").into()) };
            if (least..=most).contains(&number) {
                return Ok(());
            }
            let detail = format!("Valid values are between \"{least}\" and \"{most}\".");
            Err(out_of_bounds().detail(detail).into())
        }
        Real(least, most) => {
            let Ok(number) = value.parse::<f64>() else { return Err(invalid("floating point").into()) };
            if (least..=most).contains(&number) {
                return Ok(());
            }
            Err(out_of_bounds().detail(format!("Valid values are between \"{least:.6}\" and \"{most:.6}\".")).into())
        }
        Word(words, hint) => {
            let known = words.iter().any(|word| word.eq_ignore_ascii_case(value));
            if known {
                Ok(())
            } else {
                Err(error(format!("invalid value for enum option \"{name}\": {value}")).detail(hint).into())
            }
        }
    }
}

/// `reloptions.c: transformRelOptions`
pub(super) fn check_reset(options: &[DefElem]) -> Exec {
    if options.iter().any(|option| option.value.is_some()) {
        return Err(SqlError::new("42601", "RESET must not include values for parameters").into());
    }
    Ok(())
}
