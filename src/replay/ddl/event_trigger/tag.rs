//! Command tags (`cmdtaglist.h`, `utility.c: CreateCommandTag`), as far as event triggers go.

use crate::sql::ast::{GrantTarget, ObjectKind, RenameTarget, StatementKind};

/// The kinds of object of which CREATE, ALTER and DROP have a tag.
const KINDS: &[&str] = &[
    "ACCESS METHOD",
    "AGGREGATE",
    "CAST",
    "COLLATION",
    "CONSTRAINT",
    "CONVERSION",
    "DOMAIN",
    "EXTENSION",
    "FOREIGN DATA WRAPPER",
    "FOREIGN TABLE",
    "FUNCTION",
    "INDEX",
    "LANGUAGE",
    "MATERIALIZED VIEW",
    "OPERATOR",
    "OPERATOR CLASS",
    "OPERATOR FAMILY",
    "POLICY",
    "PROCEDURE",
    "PUBLICATION",
    "ROUTINE",
    "RULE",
    "SCHEMA",
    "SEQUENCE",
    "SERVER",
    "STATISTICS",
    "SUBSCRIPTION",
    "TABLE",
    "TEXT SEARCH CONFIGURATION",
    "TEXT SEARCH DICTIONARY",
    "TEXT SEARCH PARSER",
    "TEXT SEARCH TEMPLATE",
    "TRANSFORM",
    "TRIGGER",
    "TYPE",
    "USER MAPPING",
    "VIEW",
];

/// Those that belong to the server, of which event triggers know nothing.
const SHARED: &[&str] = &["DATABASE", "EVENT TRIGGER", "ROLE", "TABLESPACE"];

/// Tags that event triggers know besides.
const OTHERS: &[&str] = &[
    "ALTER DEFAULT PRIVILEGES",
    "ALTER LARGE OBJECT",
    "COMMENT",
    "CREATE TABLE AS",
    "DROP OWNED",
    "GRANT",
    "IMPORT FOREIGN SCHEMA",
    "REFRESH MATERIALIZED VIEW",
    "REVOKE",
    "SECURITY LABEL",
    "SELECT INTO",
];

/// All other tags.
const WITHOUT: &[&str] = &[
    "ALTER SYSTEM",
    "ANALYZE",
    "BEGIN",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLOSE CURSOR",
    "CLOSE CURSOR ALL",
    "CLUSTER",
    "COMMIT",
    "COMMIT PREPARED",
    "COPY",
    "COPY FROM",
    "DEALLOCATE",
    "DEALLOCATE ALL",
    "DECLARE CURSOR",
    "DELETE",
    "DISCARD",
    "DISCARD ALL",
    "DISCARD PLANS",
    "DISCARD SEQUENCES",
    "DISCARD TEMP",
    "DO",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "GRANT ROLE",
    "INSERT",
    "LISTEN",
    "LOAD",
    "LOCK TABLE",
    "MOVE",
    "NOTIFY",
    "PREPARE",
    "PREPARE TRANSACTION",
    "REASSIGN OWNED",
    "RELEASE",
    "RESET",
    "REVOKE ROLE",
    "ROLLBACK",
    "ROLLBACK PREPARED",
    "SAVEPOINT",
    "SELECT",
    "SELECT FOR KEY SHARE",
    "SELECT FOR NO KEY UPDATE",
    "SELECT FOR SHARE",
    "SELECT FOR UPDATE",
    "SET",
    "SET CONSTRAINTS",
    "SHOW",
    "START TRANSACTION",
    "TRUNCATE TABLE",
    "UNLISTEN",
    "UPDATE",
    "VACUUM",
];

/// Whether event triggers fire for commands of a tag (`command_tag_event_trigger_ok`); nothing if there is no such tag.
pub(super) fn supports_event_triggers(tag: &str, version: u32) -> Option<bool> {
    let kind = tag.strip_prefix("CREATE ").or(tag.strip_prefix("ALTER ")).or(tag.strip_prefix("DROP "));
    if kind.is_some_and(|kind| KINDS.contains(&kind)) || OTHERS.contains(&tag) {
        return Some(true);
    }
    // REINDEX since 17, MERGE since 15, and what logs in since 17.
    if tag == "REINDEX" {
        return Some(version >= 17);
    }
    let newer = tag == "MERGE" && version >= 15 || tag == "LOGIN" && version >= 17;
    let shared = kind.is_some_and(|kind| SHARED.contains(&kind));
    (shared || newer || WITHOUT.contains(&tag)).then_some(false)
}

/// The tag of a statement for which event triggers fire (`utility.c: ProcessUtilitySlow`).
pub(in crate::replay) fn fires_for(statement: &StatementKind, version: u32) -> Option<String> {
    use StatementKind as S;
    let create = |kind: ObjectKind| named("CREATE", kind);
    let alter = |kind: ObjectKind| named("ALTER", kind);
    let words = match statement {
        S::CreateSchema(_) => "CREATE SCHEMA",
        S::CreateExtension(_) => "CREATE EXTENSION",
        S::AlterExtension(_) => "ALTER EXTENSION",
        S::CreateTable(stmt) if stmt.server.is_some() => "CREATE FOREIGN TABLE",
        S::CreateTable(_) => "CREATE TABLE",
        S::CreateTableAs(stmt) if stmt.materialized_view => "CREATE MATERIALIZED VIEW",
        S::CreateTableAs(_) => "CREATE TABLE AS",
        S::AlterTable(stmt) => return alter(stmt.kind),
        S::CreateIndex(_) => "CREATE INDEX",
        S::CreateSequence(_) => "CREATE SEQUENCE",
        S::AlterSequence(_) => "ALTER SEQUENCE",
        S::CreateView(_) => "CREATE VIEW",
        S::RefreshMatView { .. } => "REFRESH MATERIALIZED VIEW",
        S::CreateRule(_) => "CREATE RULE",
        S::CreateStatistics(_) => "CREATE STATISTICS",
        S::AlterStatistics(_) => "ALTER STATISTICS",
        S::CreateEnum { .. } | S::CreateCompositeType { .. } | S::CreateRangeType { .. } => "CREATE TYPE",
        S::AlterEnum(_) => "ALTER TYPE",
        S::CreateDomain(_) => "CREATE DOMAIN",
        S::AlterDomain(_) => "ALTER DOMAIN",
        S::Define(stmt) => return create(stmt.kind),
        S::AlterOptions(stmt) => return alter(stmt.kind),
        S::CreateCast(_) => "CREATE CAST",
        S::CreateConversion(_) => "CREATE CONVERSION",
        S::AlterOperator(_) => "ALTER OPERATOR",
        S::CreateOpClass(_) => "CREATE OPERATOR CLASS",
        S::CreateOpFamily(_) => "CREATE OPERATOR FAMILY",
        S::AlterOpFamily(_) => "ALTER OPERATOR FAMILY",
        S::AlterTsConfig(_) => "ALTER TEXT SEARCH CONFIGURATION",
        S::CreateFunction(stmt) if stmt.procedure => "CREATE PROCEDURE",
        S::CreateFunction(_) => "CREATE FUNCTION",
        S::AlterFunction(stmt) => return alter(stmt.kind),
        S::CreateTrigger(_) => "CREATE TRIGGER",
        S::CreatePolicy(_) => "CREATE POLICY",
        S::AlterPolicy(_) => "ALTER POLICY",
        S::CreatePublication(_) => "CREATE PUBLICATION",
        S::AlterPublication(_) => "ALTER PUBLICATION",
        S::CreateForeignDataWrapper(_) => "CREATE FOREIGN DATA WRAPPER",
        S::AlterForeignDataWrapper(_) => "ALTER FOREIGN DATA WRAPPER",
        S::CreateServer(_) => "CREATE SERVER",
        S::AlterServer(_) => "ALTER SERVER",
        S::CreateLanguage(_) => "CREATE LANGUAGE",
        S::CreateTransform(_) => "CREATE TRANSFORM",
        S::AlterDefaultPrivileges(_) => "ALTER DEFAULT PRIVILEGES",
        S::Grant(stmt) => match &stmt.target {
            GrantTarget::Other { kind, .. } if is_shared(*kind) => return None,
            _ if stmt.grant => "GRANT",
            _ => "REVOKE",
        },
        S::Comment(stmt) if is_shared(stmt.object.kind) => return None,
        S::Comment(_) => "COMMENT",
        S::Rename(stmt) => {
            return match &stmt.target {
                RenameTarget::Relation { kind, .. } => alter(*kind),
                RenameTarget::Column { kind, .. } => alter(*kind),
                RenameTarget::OfRelation { kind, .. } => alter(*kind),
                RenameTarget::Object(object) => alter(object.kind),
            };
        }
        S::AlterObjectSchema(stmt) => return alter(stmt.object.kind),
        S::AlterOwner(stmt) => return alter(stmt.object.kind),
        S::AlterObjectDepends(stmt) => return alter(stmt.object.kind),
        S::Drop(stmt) => return named("DROP", stmt.kind),
        S::DropOwned { .. } => "DROP OWNED",
        S::Select(query) if crate::replay::ddl::view::into_clause(query).is_some() => "SELECT INTO",
        S::Reindex(_) if version >= 17 => "REINDEX",
        S::Unmodelled(stmt) if supports_event_triggers(stmt.tag, version) == Some(true) => stmt.tag,
        S::RefreshCollation(_) => "ALTER COLLATION",
        S::CreateDatabase(_)
        | S::AlterDatabase(_)
        | S::RefreshDatabase(_)
        | S::DropDatabase { .. }
        | S::AlterSystem(_) => return None,
        S::CreateRole(_)
        | S::AlterRole(_)
        | S::AlterRoleSet(_)
        | S::CreateEventTrigger(_)
        | S::AlterEventTrigger(_)
        | S::GrantRole(_)
        | S::DropRole { .. }
        | S::ReassignOwned { .. }
        | S::Do(_)
        | S::Call(_)
        | S::Set(_)
        | S::Transaction(_)
        | S::SetConstraints { .. }
        | S::Discard { .. }
        | S::Select(_)
        | S::Insert(_)
        | S::Update(_)
        | S::Delete(_)
        | S::Merge(_)
        | S::Truncate { .. }
        | S::Copy(_)
        | S::Prepare(_)
        | S::Execute(_)
        | S::Deallocate(_)
        | S::Show(_)
        | S::DeclareCursor(_)
        | S::Notify { .. }
        | S::Explain(_)
        | S::Lock { .. }
        | S::Cluster(_)
        | S::Reindex(_)
        | S::Vacuum(_)
        | S::Utility(_)
        | S::Unmodelled(_) => return None,
    };
    Some(words.to_owned())
}

/// `event_trigger.c: EventTriggerSupportsObjectType`
fn is_shared(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    matches!(kind, K::Database | K::Tablespace | K::Role | K::Parameter | K::EventTrigger)
}

/// The tag of a verb and a kind of object (`utility.c: AlterObjectTypeCommandTag`); nothing for a kind that is shared.
fn named(verb: &str, kind: ObjectKind) -> Option<String> {
    use ObjectKind as K;
    if is_shared(kind) {
        return None;
    }
    let words = match kind {
        K::AccessMethod => "ACCESS METHOD",
        K::Aggregate => "AGGREGATE",
        K::Attribute | K::Type => "TYPE",
        K::Cast => "CAST",
        K::Collation => "COLLATION",
        K::Column | K::Table | K::TableConstraint => "TABLE",
        K::Conversion => "CONVERSION",
        K::DefaultPrivileges => "DEFAULT PRIVILEGES",
        K::Domain | K::DomainConstraint => "DOMAIN",
        K::Extension => "EXTENSION",
        K::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        K::ForeignServer => "SERVER",
        K::ForeignTable => "FOREIGN TABLE",
        K::Function => "FUNCTION",
        K::Index => "INDEX",
        K::Language => "LANGUAGE",
        K::LargeObject => "LARGE OBJECT",
        K::MaterializedView => "MATERIALIZED VIEW",
        K::OpClass => "OPERATOR CLASS",
        K::OpFamily => "OPERATOR FAMILY",
        K::Operator => "OPERATOR",
        K::Policy => "POLICY",
        K::Procedure => "PROCEDURE",
        K::Publication => "PUBLICATION",
        K::Routine => "ROUTINE",
        K::Rule => "RULE",
        K::Schema => "SCHEMA",
        K::Sequence => "SEQUENCE",
        K::Statistics => "STATISTICS",
        K::Subscription => "SUBSCRIPTION",
        K::Transform => "TRANSFORM",
        K::Trigger => "TRIGGER",
        K::TsConfiguration => "TEXT SEARCH CONFIGURATION",
        K::TsDictionary => "TEXT SEARCH DICTIONARY",
        K::TsParser => "TEXT SEARCH PARSER",
        K::TsTemplate => "TEXT SEARCH TEMPLATE",
        K::UserMapping => "USER MAPPING",
        K::View => "VIEW",
        K::Database | K::EventTrigger | K::Parameter | K::Role | K::Tablespace => return None,
    };
    Some(format!("{verb} {words}"))
}
