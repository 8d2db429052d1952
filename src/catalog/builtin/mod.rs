//! placeholder until the data is merged
use super::Oid;
pub struct Builtins;
#[derive(Clone, Copy, Debug)]
pub struct BuiltinType {
    pub oid: Oid,
    pub name: &'static str,
    pub array: Oid,
    pub element: Oid,
    pub category: char,
    pub typtype: char,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeywordCategory {
    Unreserved,
    ColName,
    TypeFuncName,
    Reserved,
}
const TYPES: &[(u32, &str, u32, u32)] = &[
    (16, "bool", 1000, 0),
    (17, "bytea", 1001, 0),
    (18, "char", 1002, 0),
    (19, "name", 1003, 18),
    (20, "int8", 1016, 0),
    (21, "int2", 1005, 0),
    (23, "int4", 1007, 0),
    (25, "text", 1009, 0),
    (26, "oid", 1028, 0),
    (114, "json", 199, 0),
    (700, "float4", 1021, 0),
    (701, "float8", 1022, 0),
    (1042, "bpchar", 1014, 0),
    (1043, "varchar", 1015, 0),
    (1082, "date", 1182, 0),
    (1083, "time", 1183, 0),
    (1114, "timestamp", 1115, 0),
    (1184, "timestamptz", 1185, 0),
    (1186, "interval", 1187, 0),
    (1266, "timetz", 1270, 0),
    (1700, "numeric", 1231, 0),
    (2950, "uuid", 2951, 0),
    (3802, "jsonb", 3807, 0),
    (2279, "trigger", 0, 0),
    (2278, "void", 0, 0),
    (2249, "record", 2287, 0),
    (1005, "_int2", 0, 21),
    (1007, "_int4", 0, 23),
    (1016, "_int8", 0, 20),
    (1009, "_text", 0, 25),
    (2951, "_uuid", 0, 2950),
    (2205, "regclass", 2210, 0),
    (3614, "tsvector", 3643, 0),
    (869, "inet", 1041, 0),
];
impl Builtins {
    pub fn for_version(_: u32) -> &'static Builtins {
        &Builtins
    }
    pub fn roles(&self) -> impl Iterator<Item = (Oid, &'static str)> {
        [(super::DATABASE_OWNER_ROLE, "pg_database_owner")].into_iter()
    }
    pub fn type_by_name(&self, name: &str) -> Option<BuiltinType> {
        TYPES.iter().find(|t| t.1 == name).map(mk)
    }
    pub fn type_by_oid(&self, oid: Oid) -> Option<BuiltinType> {
        TYPES.iter().find(|t| t.0 == oid.0).map(mk)
    }
    pub fn keyword(&self, w: &str) -> Option<KeywordCategory> {
        ["user", "table", "select", "order", "group", "default", "check"]
            .contains(&w)
            .then_some(KeywordCategory::Reserved)
    }
}
fn mk(t: &(u32, &'static str, u32, u32)) -> BuiltinType {
    BuiltinType { oid: Oid(t.0), name: t.1, array: Oid(t.2), element: Oid(t.3), category: 'U', typtype: 'b' }
}
