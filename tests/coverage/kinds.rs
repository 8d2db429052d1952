//! The kinds of statement that PostgreSQL's grammar has, as the parser's own types list them.
//!
//! A kind is a node of the raw parse tree and a part of it: the value of a field that says what the statement does, such
//! as `AT_AddColumn` of `AlterTableStmt`. Nodes and values are asked of the parser's library, so that a new one cannot go
//! unseen.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::OnceLock;

use pg_query::protobuf::{self as pg, Node};
use prost::Message as _;
use serde_json::Value;

/// A kind of statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// The node, as PostgreSQL names it: `AlterTableStmt`.
    pub statement: String,
    /// The value of a field that says what it does: `AT_AddColumn`. Nothing for the statement as a whole.
    pub part: Option<String>,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{} {part}", self.statement),
            None => f.write_str(&self.statement),
        }
    }
}

/// What a field is about that says which kind of object a statement is about, where that may be nearly any.
pub const ANY_OBJECT: &str = "any object";
/// The same where it is one of a few.
const OBJECTS: &str = "kinds of object";

/// A field of a statement's node that says what the statement does, or two that do so together.
pub struct Field {
    /// The statement.
    pub statement: &'static str,
    /// What the field is about, for a reader.
    pub about: &'static str,
    /// Where the fields are (paths of which each is looked at), and all of their values.
    members: &'static [Member],
}

/// A field's path and its values.
type Member = (&'static str, fn() -> Values);

/// The values of a field as the tree has them, and their names.
type Values = Vec<(Value, String)>;

/// The values of an enumeration of the parser's, without that for none.
fn values_of<E: TryFrom<i32>>(name: fn(&E) -> &'static str) -> Values {
    let values = (1..).map_while(|number| Some((number, E::try_from(number).ok()?)));
    values.map(|(number, value)| (Value::from(number), name(&value).to_owned())).collect()
}

fn object_types() -> Values {
    values_of(pg::ObjectType::as_str_name)
}

fn constraint_types() -> Values {
    values_of(pg::ConstrType::as_str_name)
}

fn publication_objects() -> Values {
    values_of(pg::PublicationObjSpecType::as_str_name)
}

/// Without what no clause means.
fn on_commit_actions() -> Values {
    let mut actions = values_of(pg::OnCommitAction::as_str_name);
    actions.retain(|(_, name)| name != "ONCOMMIT_NOOP");
    actions
}

fn flag(set: &str, unset: &str) -> Values {
    vec![(Value::from(true), set.to_owned()), (Value::from(false), unset.to_owned())]
}

/// What no enumeration has: letters and numbers, as comments in `parsenodes.h` explain them.
fn listed<T: Into<Value>>(values: impl IntoIterator<Item = (T, &'static str)>) -> Values {
    values.into_iter().map(|(value, words)| (value.into(), words.to_owned())).collect()
}

/// `ALTER_DOMAIN_…`
fn alter_domain_subtypes() -> Values {
    listed([
        ("T", "SET or DROP DEFAULT"),
        ("N", "DROP NOT NULL"),
        ("O", "SET NOT NULL"),
        ("C", "ADD CONSTRAINT"),
        ("X", "DROP CONSTRAINT"),
        ("V", "VALIDATE CONSTRAINT"),
    ])
}

/// The bits of `CREATE_TABLE_LIKE_…`, of which a statement may have several; `ALL` is all of them.
fn like_options() -> Values {
    let mut options = values_of(pg::TableLikeOption::as_str_name);
    let bits = (0..31).map(|bit| 1_i64 << bit);
    options.iter_mut().zip(bits).for_each(|((value, _), bit)| *value = bit.into());
    if let Some((value, _)) = options.iter_mut().find(|(_, name)| name == "CREATE_TABLE_LIKE_ALL") {
        *value = i32::MAX.into();
    }
    options
}

macro_rules! fields {
    ($($statement:literal, $about:expr => $($path:literal of $values:expr),+;)*) => {
        /// The fields that say what a statement does.
        pub const FIELDS: &[Field] = &[
            $(Field { statement: $statement, about: $about, members: &[$(($path, || $values)),+] }),*
        ];
    };
}

fields! {
    "AlterDefaultPrivilegesStmt", ANY_OBJECT => "action.objtype" of object_types();
    "AlterDefaultPrivilegesStmt", "" => "action.is_grant" of flag("GRANT", "REVOKE");
    "AlterDomainStmt", "" => "subtype" of alter_domain_subtypes();
    "AlterExtensionContentsStmt", ANY_OBJECT => "objtype" of object_types();
    "AlterExtensionContentsStmt", "" => "action" of listed([(1, "ADD"), (-1, "DROP")]);
    "AlterFunctionStmt", OBJECTS => "objtype" of object_types();
    "AlterObjectDependsStmt", ANY_OBJECT => "object_type" of object_types();
    "AlterObjectSchemaStmt", ANY_OBJECT => "object_type" of object_types();
    "AlterOpFamilyStmt", "" => "is_drop" of flag("DROP", "ADD");
    "AlterOwnerStmt", ANY_OBJECT => "object_type" of object_types();
    "AlterPublicationStmt", "" => "action" of values_of(pg::AlterPublicationAction::as_str_name);
    "AlterPublicationStmt", "objects" => "pubobjects.node.PublicationObjSpec.pubobjtype" of publication_objects();
    "AlterRoleStmt", "" => "action" of listed([(1, "ADD"), (-1, "DROP")]);
    "AlterSubscriptionStmt", "" => "kind" of values_of(pg::AlterSubscriptionType::as_str_name);
    "AlterTableStmt", "actions" => "cmds.node.AlterTableCmd.subtype" of values_of(pg::AlterTableType::as_str_name);
    "AlterTableStmt", "constraints" => "cmds.node.AlterTableCmd.def.node.Constraint.contype" of constraint_types();
    "AlterTableStmt", "REPLICA IDENTITY" => "cmds.node.AlterTableCmd.def.node.ReplicaIdentityStmt.identity_type"
        of listed([("d", "DEFAULT"), ("f", "FULL"), ("n", "NOTHING"), ("i", "USING INDEX")]);
    "AlterTableStmt", OBJECTS => "objtype" of object_types();
    "AlterTSConfigurationStmt", "" => "kind" of values_of(pg::AlterTsConfigType::as_str_name);
    "CommentStmt", ANY_OBJECT => "objtype" of object_types();
    "CopyStmt", "" => "is_from" of flag("FROM", "TO");
    "CreateFunctionStmt", "" => "is_procedure" of flag("PROCEDURE", "FUNCTION");
    "CreatePublicationStmt", "objects" => "pubobjects.node.PublicationObjSpec.pubobjtype" of publication_objects();
    "CreateRoleStmt", "" => "stmt_type" of values_of(pg::RoleStmtType::as_str_name);
    "CreateStmt", "constraints" => "table_elts.node.Constraint.contype|\
        table_elts.node.ColumnDef.constraints.node.Constraint.contype" of constraint_types();
    "CreateStmt", "LIKE" => "table_elts.node.TableLikeClause.options" of like_options();
    "CreateStmt", "ON COMMIT" => "oncommit" of on_commit_actions();
    "CreateStmt", "PARTITION BY" => "partspec.strategy" of values_of(pg::PartitionStrategy::as_str_name);
    "CreateTableAsStmt", OBJECTS => "objtype" of object_types();
    "CreateTrigStmt", "" => "timing" of listed([(0, "AFTER"), (2, "BEFORE"), (64, "INSTEAD OF")]);
    "CreateTrigStmt", "constraint triggers" => "isconstraint" of flag("CREATE CONSTRAINT TRIGGER", "CREATE TRIGGER");
    "DefineStmt", OBJECTS => "kind" of object_types();
    "DiscardStmt", "" => "target" of values_of(pg::DiscardMode::as_str_name);
    "DropStmt", ANY_OBJECT => "remove_type" of object_types();
    "FetchStmt", "" => "ismove" of flag("MOVE", "FETCH");
    "GrantRoleStmt", "" => "is_grant" of flag("GRANT", "REVOKE");
    "GrantStmt", "" => "is_grant" of flag("GRANT", "REVOKE");
    "GrantStmt", ANY_OBJECT => "targtype" of values_of(pg::GrantTargetType::as_str_name),
        "objtype" of object_types();
    "ImportForeignSchemaStmt", "" => "list_type" of values_of(pg::ImportForeignSchemaType::as_str_name);
    "ReindexStmt", "" => "kind" of values_of(pg::ReindexObjectType::as_str_name);
    "RenameStmt", ANY_OBJECT => "rename_type" of object_types();
    "RuleStmt", "events" => "event" of values_of(pg::CmdType::as_str_name);
    "SecLabelStmt", ANY_OBJECT => "objtype" of object_types();
    "TransactionStmt", "" => "kind" of values_of(pg::TransactionStmtKind::as_str_name);
    "VacuumStmt", "" => "is_vacuumcmd" of flag("VACUUM", "ANALYZE");
    "VariableSetStmt", "" => "kind" of values_of(pg::VariableSetKind::as_str_name);
    "ViewStmt", "" => "with_check_option" of values_of(pg::ViewCheckOption::as_str_name);
}

impl Field {
    /// Its values are kinds of object.
    pub fn is_object(&self) -> bool {
        [ANY_OBJECT, OBJECTS].contains(&self.about)
    }

    /// All values, of two fields each with each.
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![String::new()];
        for (_, values) in self.members {
            let values = values();
            let with = |name: &String| values.iter().map(|(_, v)| join(name, v)).collect::<Vec<_>>();
            names = names.iter().flat_map(with).collect();
        }
        names
    }

    /// The values that a statement has; the node is without its name.
    fn values_in(&self, node: &Value) -> Vec<String> {
        let mut found = vec![String::new()];
        for (path, values) in self.members {
            let values = values();
            let named = |value: &&Value| values.iter().find(|(v, _)| v == *value).map(|(_, name)| name);
            let here: Vec<&Value> = path.split('|').flat_map(|path| at(node, path)).collect();
            let with = |name: &String| here.iter().filter_map(named).map(|v| join(name, v)).collect::<Vec<_>>();
            found = found.iter().flat_map(with).collect();
        }
        found
    }
}

fn join(first: &str, second: &str) -> String {
    if first.is_empty() { second.to_owned() } else { format!("{first} {second}") }
}

/// What stands at a path of names, in each element of the lists on the way.
fn at<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(list) => list.iter().flat_map(|element| at(element, path)).collect(),
        _ if path.is_empty() => vec![value],
        _ => {
            let (name, rest) = path.split_once('.').unwrap_or((path, ""));
            value.get(name).map(|inner| at(inner, rest)).unwrap_or_default()
        }
    }
}

/// All statements of the grammar: PostgreSQL names their nodes so, and asks of the parts that are named so too that
/// they be told apart here.
pub fn statements() -> Vec<String> {
    const PARTS: [&str; 4] = ["RawStmt", "SetOperationStmt", "PlassignStmt", "ReplicaIdentityStmt"];
    // A node of each kind is what a field of its number is read as.
    let nodes = (1..1000).filter_map(|tag| {
        let mut message = Vec::new();
        prost::encoding::encode_key(tag, prost::encoding::WireType::LengthDelimited, &mut message);
        message.push(0);
        Node::decode(message.as_slice()).ok()?.node
    });
    let names = nodes.map(|node| format!("{node:?}").split('(').next().unwrap_or_default().to_owned());
    names.filter(|name| name.ends_with("Stmt") && !PARTS.contains(&name.as_str())).map(spelled).collect()
}

/// PostgreSQL's spelling of a node's name that the parser's library spells otherwise.
fn spelled(name: String) -> String {
    name.replace("AlterTs", "AlterTS").replace("TSc", "TSC").replace("TSd", "TSD").replace("Plang", "PLang")
}

/// All kinds of the grammar's types, whether or not a statement can be written that is of them.
pub fn all() -> Vec<Kind> {
    let mut all: Vec<Kind> = statements().into_iter().map(|statement| Kind { statement, part: None }).collect();
    for field in FIELDS {
        let statement = field.statement.to_owned();
        all.extend(field.names().into_iter().map(|part| Kind { statement: statement.clone(), part: Some(part) }));
    }
    all.sort();
    all.dedup();
    all
}

/// The kinds of a text's statements; nothing where the grammar refuses it. What stands inside of a statement is a part of
/// it, except for RETURN, which stands nowhere else.
pub fn of(sql: &str) -> Option<BTreeSet<Kind>> {
    let parsed = pg_query::parse(sql, pg_query::ParserOptions::default()).ok()?;
    let mut kinds = BTreeSet::new();
    for statement in parsed.protobuf.stmts {
        let tree = serde_json::to_value(statement).expect("a tree");
        for node in [at(&tree, "stmt.node"), at(&tree, "stmt.node.CreateFunctionStmt.sql_body.node")].concat() {
            let Value::Object(node) = node else { continue };
            node.iter().for_each(|(name, node)| kinds.extend(of_node(spelled(name.clone()), node)));
        }
    }
    Some(kinds)
}

fn of_node(name: String, node: &Value) -> Vec<Kind> {
    let known = STATEMENTS.get_or_init(|| statements().into_iter().collect());
    if !known.contains(&name) {
        return Vec::new();
    }
    let parts = FIELDS.iter().filter(|field| field.statement == name).flat_map(|field| field.values_in(node));
    let parts = parts.map(|part| Kind { statement: name.clone(), part: Some(part) });
    parts.chain([Kind { statement: name.clone(), part: None }]).collect()
}

static STATEMENTS: OnceLock<BTreeSet<String>> = OnceLock::new();
