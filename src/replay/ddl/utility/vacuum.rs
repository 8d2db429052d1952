//! VACUUM and ANALYZE (`vacuum.c`, `analyze.c`).

use crate::catalog::{Oid, Relation, RelationKind};
use crate::replay::ddl::define::{option_boolean, option_string};
use crate::replay::ddl::dml::judged;
use crate::replay::{Context, Exec, Replay, SqlError};
use crate::sql::ast::{DefElem, DefValue, Name, Vacuum};

/// The least and the greatest `BUFFER_USAGE_LIMIT` but 0, in kB (`MIN_BAS_VAC_RING_SIZE_KB`).
const BUFFER_USAGE_LIMIT: std::ops::RangeInclusive<i64> = 128..=16_777_216;

/// What the options of VACUUM and ANALYZE say, as far as one excludes another.
#[derive(Default)]
struct Options {
    analyze: bool,
    full: bool,
    disable_page_skipping: bool,
    without_toast: bool,
    workers: i64,
    buffer_usage_limit: bool,
    only_database_stats: bool,
    others: bool,
}

impl Replay {
    /// `vacuum.c: ExecVacuum`, `vacuum`
    pub(in crate::replay) fn vacuum(&mut self, stmt: &Vacuum, cx: &Context) -> Exec {
        let options = self.vacuum_options(stmt)?;
        let analyze = options.analyze || !stmt.vacuum;
        let refuse = |message: &str| Err(SqlError::new("0A000", message).into());
        if options.full && options.workers > 0 {
            return refuse("VACUUM FULL cannot be performed in parallel");
        }
        if options.full && options.buffer_usage_limit && !analyze {
            return refuse("BUFFER_USAGE_LIMIT cannot be specified for VACUUM FULL");
        }
        if !analyze && stmt.relations.iter().any(|(_, columns)| !columns.is_empty()) {
            return refuse("ANALYZE option must be specified when a column list is provided");
        }
        // Which options exclude each other is looked at later before 16.
        if stmt.vacuum && self.catalog.version() < 16 {
            self.prevent_in_transaction_block("VACUUM")?;
        }
        if options.full && options.disable_page_skipping {
            return refuse("VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL");
        }
        if options.full && options.without_toast {
            return refuse("PROCESS_TOAST required with VACUUM FULL");
        }
        if options.only_database_stats && !stmt.relations.is_empty() {
            return refuse("ONLY_DATABASE_STATS cannot be specified with a list of tables");
        }
        if options.only_database_stats && (options.others || options.full || options.analyze) {
            return refuse("ONLY_DATABASE_STATS cannot be specified with other VACUUM options");
        }
        if stmt.vacuum {
            self.prevent_in_transaction_block("VACUUM")?;
        }
        if analyze && stmt.relations.is_empty() {
            let all: Vec<Oid> = self.catalog.relations().filter(|r| self.may_maintain(r)).map(|r| r.oid).collect();
            all.into_iter().for_each(|oid| self.forget_lost_children(oid));
        }
        // All names are looked up before anything is done (`expand_vacuum_rel`).
        let mut targets = Vec::new();
        for (name, columns) in &stmt.relations {
            if let Some(Some(oid)) = judged(self.utility_target(name))? {
                targets.push((oid, columns));
            }
        }
        for (oid, columns) in targets {
            if stmt.vacuum && !self.may_vacuum(oid, "vacuum", cx) {
                continue;
            }
            if analyze && self.is_analyzable_foreign_table(oid) {
                self.refuse_without_handler(oid)?;
            }
            if analyze && self.may_vacuum(oid, "analyze", cx) {
                self.analyze_columns(oid, columns)?;
                let foreign = self.catalog.inheritors(oid).into_iter().map(|(table, _)| table);
                foreign.collect::<Vec<_>>().into_iter().try_for_each(|table| self.refuse_without_handler(table))?;
                self.forget_lost_children(oid);
            }
        }
        Ok(())
    }

    fn vacuum_options(&self, stmt: &Vacuum) -> Exec<Options> {
        let mut options = Options::default();
        let since_16 = self.catalog.version() >= 16;
        for option in &stmt.options {
            match (option.name.as_str(), stmt.vacuum) {
                ("verbose" | "skip_locked", _) => {
                    option_boolean(option)?;
                }
                ("buffer_usage_limit", _) if since_16 => {
                    check_buffer_usage_limit(option)?;
                    options.buffer_usage_limit = true;
                }
                ("analyze", true) => options.analyze = option_boolean(option)?,
                ("full", true) => options.full = option_boolean(option)?,
                ("disable_page_skipping", true) => {
                    options.disable_page_skipping = option_boolean(option)?;
                    options.others |= options.disable_page_skipping;
                }
                ("freeze", true) => options.others |= option_boolean(option)?,
                ("process_toast", true) => options.without_toast = !option_boolean(option)?,
                ("truncate", true) => {
                    option_boolean(option)?;
                }
                ("process_main", true) if since_16 => {
                    option_boolean(option)?;
                }
                ("skip_database_stats", true) if since_16 => {
                    option_boolean(option)?;
                }
                ("only_database_stats", true) if since_16 => options.only_database_stats = option_boolean(option)?,
                ("index_cleanup", true) => {
                    if option.value.is_some() && !option_string(option)?.eq_ignore_ascii_case("auto") {
                        option_boolean(option)?;
                    }
                }
                ("parallel", true) => {
                    let message = match option.value {
                        Some(DefValue::Integer(n @ 0..=1024)) => {
                            options.workers = n;
                            continue;
                        }
                        None => "parallel option requires a value between 0 and 1024",
                        Some(_) => "parallel workers for vacuum must be between 0 and 1024",
                    };
                    return Err(SqlError::new("42601", message).at(option.loc).into());
                }
                (name, vacuum) => {
                    let command = if vacuum { "VACUUM" } else { "ANALYZE" };
                    let message = format!("unrecognized {command} option \"{name}\"");
                    return Err(SqlError::new("42601", message).at(option.loc).into());
                }
            }
        }
        Ok(options)
    }

    /// What is of the wrong kind or somebody else's is skipped, with a warning (`vacuum_is_permitted_for_relation`,
    /// `vacuum_rel`, `analyze_rel`).
    fn may_vacuum(&mut self, oid: Oid, verb: &str, cx: &Context) -> bool {
        let Some(relation) = self.catalog.shared_relation(oid) else { return false };
        if !self.may_maintain(&relation) && !self.has_rights_of(self.catalog.database().owner) {
            let message = match self.catalog.version() {
                16.. => format!("permission denied to {verb} \"{}\", skipping it", relation.name),
                _ => format!("skipping \"{}\" --- only table or database owner can {verb} it", relation.name),
            };
            self.warning(message, cx);
            return false;
        }
        match relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::MaterializedView(..) => true,
            // Whether the wrapper can is not known; a column that is missing is one only if it can.
            RelationKind::ForeignTable(_) => false,
            RelationKind::View(_)
            | RelationKind::Sequence(_)
            | RelationKind::Index(_)
            | RelationKind::CompositeType => {
                let message =
                    format!("skipping \"{}\" --- cannot {verb} non-tables or special system tables", relation.name);
                self.warning(message, cx);
                false
            }
        }
    }

    /// A table whose last child has gone is found to have none (`analyze.c: acquire_inherited_sample_rows`).
    fn forget_lost_children(&mut self, oid: Oid) {
        if self.catalog.relation(oid).is_some_and(|r| r.has_subclass && r.children.is_empty())
            && let Some(relation) = self.catalog.relation_mut(oid)
        {
            relation.has_subclass = false;
        }
    }

    /// A foreign table that the user may analyse.
    fn is_analyzable_foreign_table(&self, oid: Oid) -> bool {
        self.catalog.relation(oid).is_some_and(|relation| {
            matches!(relation.kind, RelationKind::ForeignTable(_))
                && (self.may_maintain(relation) || self.has_rights_of(self.catalog.database().owner))
        })
    }

    /// 55000 for a foreign table whose wrapper cannot read rows (`foreign.c: GetFdwRoutine`).
    pub(in crate::replay) fn refuse_without_handler(&self, table: Oid) -> Exec {
        let Some(RelationKind::ForeignTable(foreign)) = self.catalog.relation(table).map(|r| &r.kind) else {
            return Ok(());
        };
        let server = self.catalog.foreign_server(foreign.server);
        let wrapper = server.and_then(|server| self.catalog.foreign_data_wrapper(server.wrapper));
        match wrapper {
            Some(wrapper) if wrapper.handler == Oid::INVALID && !wrapper.unknown_functions => {
                let message = format!("foreign-data wrapper \"{}\" has no handler", wrapper.name);
                Err(SqlError::new("55000", message).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// `analyze.c: do_analyze_rel`
    fn analyze_columns(&self, oid: Oid, columns: &[Name]) -> Exec {
        let Some(relation) = self.catalog.relation(oid) else { return Ok(()) };
        let refuse = |state, column: &Name, what: &str| {
            let message = format!("column \"{column}\" of relation \"{}\" {what}", relation.name);
            Err(SqlError::new(state, message).into())
        };
        // Neither itself nor, as it has none, its partitions (`analyze_rel`).
        if matches!(relation.kind, RelationKind::PartitionedTable(_)) && !relation.has_subclass {
            return Ok(());
        }
        let since = Some(relation.provenance.created);
        let unknown = self.catalog.taint.of_relation(relation.schema, &relation.name, since).is_some();
        for (i, column) in columns.iter().enumerate() {
            if Relation::column(relation, column).is_none() {
                return if unknown { Ok(()) } else { refuse("42703", column, "does not exist") };
            }
            if columns[..i].contains(column) {
                return refuse("42701", column, "appears more than once");
            }
        }
        Ok(())
    }
}

fn check_buffer_usage_limit(option: &DefElem) -> Exec {
    // Texts may have units, which are left to the server.
    let number = match &option.value {
        Some(DefValue::Integer(number)) => *number,
        Some(_) => match option_string(option)?.trim().parse() {
            Ok(number) => number,
            Err(_) => return Ok(()),
        },
        None => {
            option_string(option)?;
            return Ok(());
        }
    };
    match number == 0 || BUFFER_USAGE_LIMIT.contains(&number) {
        true => Ok(()),
        false => {
            let message = format!(
                "BUFFER_USAGE_LIMIT option must be 0 or between {} kB and {} kB",
                BUFFER_USAGE_LIMIT.start(),
                BUFFER_USAGE_LIMIT.end()
            );
            Err(SqlError::new("22023", message).into())
        }
    }
}
