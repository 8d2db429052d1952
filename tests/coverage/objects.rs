//! Statements that name an object of any kind: for every kind of object what each of them would be, of which the grammar
//! takes some.

use pg_query::protobuf::ObjectType;

/// How a kind of object is named, and one that `fixture.sql` makes where the replay has such objects; nothing for entries
/// of the catalog that no statement names.
///
/// There is no default arm: a new kind of object has to be written here.
fn named(kind: ObjectType) -> Option<(&'static str, &'static str)> {
    use ObjectType as O;
    Some(match kind {
        O::ObjectAccessMethod => ("ACCESS METHOD", "am"),
        O::ObjectAggregate => ("AGGREGATE", "total (int)"),
        O::ObjectAttribute => ("ATTRIBUTE", "composite.a"),
        O::ObjectCast => ("CAST", "(composite AS base)"),
        O::ObjectColumn => ("COLUMN", "t.a"),
        O::ObjectCollation => ("COLLATION", "coll"),
        O::ObjectConversion => ("CONVERSION", "conv"),
        O::ObjectDatabase => ("DATABASE", "db"),
        O::ObjectDefault => ("DEFAULT", "d"),
        O::ObjectDefacl => ("DEFAULT PRIVILEGES", "d"),
        O::ObjectDomain => ("DOMAIN", "positive"),
        O::ObjectDomconstraint => ("CONSTRAINT", "above ON DOMAIN positive"),
        O::ObjectEventTrigger => ("EVENT TRIGGER", "et"),
        O::ObjectExtension => ("EXTENSION", "pg_trgm"),
        O::ObjectFdw => ("FOREIGN DATA WRAPPER", "fdw"),
        O::ObjectForeignServer => ("SERVER", "srv"),
        O::ObjectForeignTable => ("FOREIGN TABLE", "ft"),
        O::ObjectFunction => ("FUNCTION", "f (int)"),
        O::ObjectIndex => ("INDEX", "i"),
        O::ObjectLanguage => ("LANGUAGE", "lang"),
        O::ObjectLargeobject => ("LARGE OBJECT", "1"),
        O::ObjectMatview => ("MATERIALIZED VIEW", "mv"),
        O::ObjectOpclass => ("OPERATOR CLASS", "opc USING btree"),
        O::ObjectOperator => ("OPERATOR", "=== (int, int)"),
        O::ObjectOpfamily => ("OPERATOR FAMILY", "opf USING btree"),
        O::ObjectParameterAcl => ("PARAMETER", "work_mem"),
        O::ObjectPolicy => ("POLICY", "p ON t"),
        O::ObjectProcedure => ("PROCEDURE", "proc (int)"),
        O::ObjectPublication => ("PUBLICATION", "pub"),
        O::ObjectRole => ("ROLE", "somebody"),
        O::ObjectRoutine => ("ROUTINE", "f (int)"),
        O::ObjectRule => ("RULE", "r ON t"),
        O::ObjectSchema => ("SCHEMA", "empty"),
        O::ObjectSequence => ("SEQUENCE", "s"),
        O::ObjectSubscription => ("SUBSCRIPTION", "sub"),
        O::ObjectStatisticExt => ("STATISTICS", "st"),
        O::ObjectTabconstraint => ("CONSTRAINT", "c ON t"),
        O::ObjectTable => ("TABLE", "t"),
        O::ObjectTablespace => ("TABLESPACE", "ts"),
        O::ObjectTransform => ("TRANSFORM", "FOR composite LANGUAGE sql"),
        O::ObjectTrigger => ("TRIGGER", "tr ON t"),
        O::ObjectTsconfiguration => ("TEXT SEARCH CONFIGURATION", "tsc"),
        O::ObjectTsdictionary => ("TEXT SEARCH DICTIONARY", "tsd"),
        O::ObjectTsparser => ("TEXT SEARCH PARSER", "tsp"),
        O::ObjectTstemplate => ("TEXT SEARCH TEMPLATE", "tst"),
        O::ObjectType => ("TYPE", "mood"),
        O::ObjectUserMapping => ("USER MAPPING", "FOR somebody SERVER srv"),
        O::ObjectView => ("VIEW", "v"),
        O::ObjectAmop | O::ObjectAmproc | O::ObjectPublicationNamespace | O::ObjectPublicationRel | O::Undefined => {
            return None;
        }
    })
}

/// A statement for the words of a kind and an object's name.
pub type Verb = fn(&str, &str) -> String;

/// What is said of objects of many kinds: its name, and the statement.
pub const VERBS: [(&str, Verb); 11] = [
    ("COMMENT ON", |words, name| format!("COMMENT ON {words} {name} IS 'c'")),
    ("DROP", |words, name| format!("DROP {words} {name}")),
    ("RENAME", |words, name| match words {
        "ATTRIBUTE" => "ALTER TYPE composite RENAME ATTRIBUTE a TO renamed".to_owned(),
        "COLUMN" => "ALTER TABLE t RENAME COLUMN a TO renamed".to_owned(),
        "CONSTRAINT" => match name.split_once(" ON ") {
            Some((name, of)) if of.starts_with("DOMAIN") => format!("ALTER {of} RENAME CONSTRAINT {name} TO renamed"),
            Some((name, table)) => format!("ALTER TABLE {table} RENAME CONSTRAINT {name} TO renamed"),
            None => String::new(),
        },
        words => format!("ALTER {words} {name} RENAME TO renamed"),
    }),
    ("SET SCHEMA", |words, name| format!("ALTER {words} {name} SET SCHEMA other")),
    ("OWNER TO", |words, name| format!("ALTER {words} {name} OWNER TO somebody")),
    ("DEPENDS ON EXTENSION", |words, name| format!("ALTER {words} {name} DEPENDS ON EXTENSION pg_trgm")),
    ("ALTER EXTENSION ADD", |words, name| format!("ALTER EXTENSION pg_trgm ADD {words} {name}")),
    ("GRANT", |words, name| match words {
        "SERVER" => format!("GRANT ALL ON FOREIGN SERVER {name} TO somebody"),
        words => format!("GRANT ALL ON {words} {name} TO somebody"),
    }),
    ("GRANT ON ALL", |words, _| format!("GRANT ALL ON ALL {words}S IN SCHEMA public TO somebody")),
    ("ALTER DEFAULT PRIVILEGES", |words, _| format!("ALTER DEFAULT PRIVILEGES GRANT ALL ON {words}S TO somebody")),
    ("SECURITY LABEL", |words, name| format!("SECURITY LABEL ON {words} {name} IS 'l'")),
];

/// Others, which are about few kinds: asked of all kinds, the grammar tells of which.
const OTHERS: [Verb; 3] = [
    |words, name| format!("CREATE {words} {name} (a = b)"),
    |words, name| format!("CREATE {words} {name} AS SELECT 1"),
    |words, name| format!("ALTER {words} {name} STRICT"),
];

/// All kinds of object, and how they are called; nothing for those that no statement names.
pub fn kinds() -> impl Iterator<Item = (ObjectType, &'static str)> {
    let kinds = (1..).map_while(|number| ObjectType::try_from(number).ok());
    kinds.filter_map(|kind| Some((kind, named(kind)?.0)))
}

/// What a verb says of a kind of object, whether or not the grammar takes it.
pub fn statement(kind: ObjectType, verb: Verb) -> String {
    named(kind).map(|(words, name)| verb(words, name)).unwrap_or_default()
}

/// All statements about an object of a kind, the grammar's or not.
pub fn statements(kind: ObjectType) -> Vec<String> {
    VERBS.iter().map(|(_, verb)| *verb).chain(OTHERS).map(|verb| statement(kind, verb)).collect()
}
