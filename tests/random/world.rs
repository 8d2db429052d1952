//! What there is to name: a light picture of the server's catalog, read from the server itself while a script grows.
//!
//! It is the server's and not the replay's, so that a seed means the same script whatever the replay makes of it.

use serde::Deserialize;

use crate::server::Database;

/// Prepared once in a session; `json_agg` of nothing is null, which reads as an empty list. All is in an order that does
/// not depend on OIDs.
const QUERY: &str = r#"
PREPARE world AS
SELECT json_build_object(
  'schemas', (SELECT json_agg(nspname::text ORDER BY nspname) FROM pg_catalog.pg_namespace WHERE nspname !~ '^(pg_|information_schema)'),
  'roles', (SELECT json_agg(rolname::text ORDER BY rolname) FROM pg_catalog.pg_roles WHERE rolname !~ '^(pg|postgres)'),
  'relations', (SELECT json_agg(json_build_object(
      'schema', n.nspname::text, 'name', c.relname::text, 'kind', c.relkind::text,
      'owner', pg_catalog.pg_get_userbyid(c.relowner), 'partition', c.relispartition, 'typed', c.reloftype <> 0,
      'key', (SELECT json_build_object('strategy', p.partstrat::text, 'columns', p.partattrs::int2[])
              FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = c.oid),
      'parent', (SELECT json_build_array(pn.nspname::text, pc.relname::text)
                 FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class pc ON pc.oid = i.inhparent
                      JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
                 WHERE i.inhrelid = c.oid AND i.inhseqno = 1 AND c.relkind IN ('r', 'p')),
      'columns', coalesce((SELECT json_agg(json_build_object(
              'name', a.attname::text, 'number', a.attnum, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
              'category', t.typcategory::text, 'not_null', a.attnotnull, 'identity', a.attidentity <> '',
              'generated', a.attgenerated <> '', 'default', a.atthasdef) ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
      'constraints', coalesce((SELECT json_agg(json_build_object('name', k.conname::text, 'kind', k.contype::text, 'keys', k.conkey)
                       ORDER BY k.conname) FROM pg_catalog.pg_constraint k
                       WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x', 'n')), '[]'),
      'indexes', coalesce((SELECT json_agg(ic.relname::text ORDER BY ic.relname) FROM pg_catalog.pg_index x
                  JOIN pg_catalog.pg_class ic ON ic.oid = x.indexrelid WHERE x.indrelid = c.oid), '[]'),
      'triggers', coalesce((SELECT json_agg(g.tgname::text ORDER BY g.tgname) FROM pg_catalog.pg_trigger g
                   WHERE g.tgrelid = c.oid AND NOT g.tgisinternal), '[]'),
      'policies', coalesce((SELECT json_agg(p.polname::text ORDER BY p.polname) FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid), '[]'),
      'rules', coalesce((SELECT json_agg(r.rulename::text ORDER BY r.rulename) FROM pg_catalog.pg_rewrite r
                WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'), '[]')
    ) ORDER BY n.nspname, c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid > 16383 AND n.nspname !~ '^(pg_|information_schema)'),
  'types', (SELECT json_agg(json_build_object(
      'schema', n.nspname::text, 'name', t.typname::text, 'kind', t.typtype::text, 'sql', pg_catalog.format_type(t.oid, NULL),
      'labels', coalesce((SELECT json_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '[]'),
      'constraints', coalesce((SELECT json_agg(k.conname::text ORDER BY k.conname) FROM pg_catalog.pg_constraint k
                               WHERE k.contypid = t.oid AND k.contype = 'c'), '[]')
    ) ORDER BY n.nspname, t.typname)
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE t.oid > 16383 AND t.typtype IN ('e', 'd', 'c', 'r') AND coalesce(c.relkind, 'c') = 'c' AND n.nspname !~ '^(pg_|information_schema)'),
  'functions', (SELECT json_agg(json_build_object(
      'schema', n.nspname::text, 'name', p.proname::text, 'kind', p.prokind::text,
      'identity', pg_catalog.pg_get_function_identity_arguments(p.oid),
      'types', (SELECT coalesce(json_agg(pg_catalog.format_type(u.t, NULL) ORDER BY u.i), '[]') FROM unnest(p.proargtypes) WITH ORDINALITY u(t, i)),
      'returns', pg_catalog.format_type(p.prorettype, NULL)
    ) ORDER BY n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid) COLLATE "C")
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid > 16383 AND p.prolang <> 12 AND n.nspname !~ '^(pg_|information_schema)'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                          AND d.objid = p.oid AND d.deptype IN ('i', 'e'))),
  'statistics', (SELECT json_agg(json_build_array(n.nspname::text, s.stxname::text) ORDER BY n.nspname, s.stxname)
    FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace),
  'stored', (SELECT json_agg(json_build_object('kind', kind, 'sql', sql) ORDER BY kind, sql COLLATE "C") FROM (
      SELECT 'COLLATION' AS kind, format('%I.%I', nspname, collname) AS sql, o.oid
      FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = collnamespace
      UNION ALL SELECT 'CONVERSION', format('%I.%I', nspname, conname), o.oid
      FROM pg_catalog.pg_conversion o JOIN pg_catalog.pg_namespace n ON n.oid = connamespace
      UNION ALL SELECT 'OPERATOR FAMILY', format('%I.%I USING %I', nspname, opfname, amname), o.oid
      FROM pg_catalog.pg_opfamily o JOIN pg_catalog.pg_namespace n ON n.oid = opfnamespace JOIN pg_catalog.pg_am a ON a.oid = opfmethod
      UNION ALL SELECT 'OPERATOR CLASS', format('%I.%I USING %I', nspname, opcname, amname), o.oid
      FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = opcnamespace JOIN pg_catalog.pg_am a ON a.oid = opcmethod
      UNION ALL SELECT 'OPERATOR', format('%I.%s (%s, %s)', nspname, oprname,
          CASE oprleft WHEN 0 THEN 'NONE' ELSE pg_catalog.format_type(oprleft, NULL) END, pg_catalog.format_type(oprright, NULL)), o.oid
      FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = oprnamespace
      UNION ALL SELECT 'CAST', format('(%s AS %s)', pg_catalog.format_type(castsource, NULL), pg_catalog.format_type(casttarget, NULL)), oid
      FROM pg_catalog.pg_cast
      UNION ALL SELECT 'FOREIGN DATA WRAPPER', format('%I', fdwname), oid FROM pg_catalog.pg_foreign_data_wrapper
      UNION ALL SELECT 'SERVER', format('%I', srvname), oid FROM pg_catalog.pg_foreign_server
      UNION ALL SELECT 'EVENT TRIGGER', format('%I', evtname), oid FROM pg_catalog.pg_event_trigger
      UNION ALL SELECT 'DATABASE', format('%I', datname), oid FROM pg_catalog.pg_database WHERE datname ~* '^pgproof.other$'
      UNION ALL SELECT 'LANGUAGE', format('%I', lanname), oid FROM pg_catalog.pg_language
      UNION ALL SELECT 'TRANSFORM', format('FOR %s LANGUAGE %I', pg_catalog.format_type(trftype, NULL), lanname), t.oid
      FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = trflang
      UNION ALL SELECT 'TEXT SEARCH CONFIGURATION', format('%I.%I', nspname, cfgname), o.oid
      FROM pg_catalog.pg_ts_config o JOIN pg_catalog.pg_namespace n ON n.oid = cfgnamespace
      UNION ALL SELECT 'TEXT SEARCH DICTIONARY', format('%I.%I', nspname, dictname), o.oid
      FROM pg_catalog.pg_ts_dict o JOIN pg_catalog.pg_namespace n ON n.oid = dictnamespace
    ) x WHERE x.oid > 16383),
  'publications', (SELECT json_agg(pubname::text ORDER BY pubname) FROM pg_catalog.pg_publication)
)::text
"#;

/// All of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct World {
    #[serde(default, deserialize_with = "or_empty")]
    pub schemas: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub roles: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub relations: Vec<Relation>,
    #[serde(default, deserialize_with = "or_empty")]
    pub types: Vec<Type>,
    #[serde(default, deserialize_with = "or_empty")]
    pub functions: Vec<Function>,
    #[serde(default, deserialize_with = "or_empty")]
    pub statistics: Vec<(String, String)>,
    #[serde(default, deserialize_with = "or_empty")]
    pub stored: Vec<Stored>,
    #[serde(default, deserialize_with = "or_empty")]
    pub publications: Vec<String>,
}

/// An object of a kind that scripts seldom make, as SQL names it.
#[derive(Clone, Debug, Deserialize)]
pub struct Stored {
    pub kind: String,
    pub sql: String,
}

/// A row of `pg_class` and what hangs on it.
#[derive(Clone, Debug, Deserialize)]
pub struct Relation {
    pub schema: String,
    pub name: String,
    /// `relkind`
    pub kind: char,
    pub owner: String,
    pub partition: bool,
    pub key: Option<Key>,
    /// The schema and name of the first one.
    pub parent: Option<(String, String)>,
    pub columns: Vec<Column>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<String>,
    pub triggers: Vec<String>,
    pub policies: Vec<String>,
    pub rules: Vec<String>,
    /// `OF` a type.
    pub typed: bool,
}

/// A partition key.
#[derive(Clone, Debug, Deserialize)]
pub struct Key {
    pub strategy: char,
    /// Numbers of columns, 0 for an expression.
    pub columns: Vec<i16>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Column {
    pub name: String,
    pub number: i16,
    /// As `format_type` has it.
    #[serde(rename = "type")]
    pub ty: String,
    /// `typcategory`
    pub category: char,
    pub not_null: bool,
    pub identity: bool,
    pub generated: bool,
    pub default: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Constraint {
    pub name: String,
    pub kind: char,
    pub keys: Option<Vec<i16>>,
}

/// An enum, domain, range or composite type.
#[derive(Clone, Debug, Deserialize)]
pub struct Type {
    pub schema: String,
    pub name: String,
    /// `typtype`
    pub kind: char,
    /// How the session writes it.
    pub sql: String,
    pub labels: Vec<String>,
    pub constraints: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Function {
    pub schema: String,
    pub name: String,
    /// `prokind`
    pub kind: char,
    /// `pg_get_function_identity_arguments`
    pub identity: String,
    pub types: Vec<String>,
    pub returns: Option<String>,
}

fn or_empty<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

impl World {
    /// Reads it; the query is prepared where the session does not have it.
    pub fn read(database: &mut Database<'_>) -> World {
        let rows = match database.query("EXECUTE world") {
            Ok(rows) => rows,
            Err(_) => {
                database.run(QUERY).expect("the query is prepared");
                database.query("EXECUTE world").expect("what there is")
            }
        };
        let text = rows.into_iter().flatten().flatten().next().expect("a document");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

impl Relation {
    /// A table, partitioned or not.
    pub fn is_table(&self) -> bool {
        matches!(self.kind, 'r' | 'p')
    }
}
