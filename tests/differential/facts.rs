//! What is compared of two databases: queries that both sides answer, and what the replay's catalog says itself where
//! PostgreSQL's form of it is not one that queries over the replay can have.

use std::fmt::Write as _;

#[path = "stored.rs"]
mod stored;

use pgproof::catalog::{
    Acl, Catalog, DefaultAclKey, Object, Oid, Publication, Relation, RelationKind, Rule, Statistics, TypeKind,
};
use pgproof::expr::deparse::Deparser;
use pgproof::replay::Replay;
use pgproof::sql::ast::{FiringState, RuleEvent};

use crate::server::Database;

/// A kind of fact: the query that the server answers, and how the replay knows the same.
pub struct Fact {
    pub kind: &'static str,
    query: &'static str,
    from: Source,
}

enum Source {
    /// The same query.
    Query,
    /// The catalog, in the words of the query.
    Catalog(fn(&Catalog) -> Vec<Vec<String>>),
}

/// The facts that tell what there is: what a drop can change.
pub const OBJECTS: &[Fact] = &[
    Fact {
        kind: "relation",
        query: "SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
                       pg_get_userbyid(c.relowner), c.relreplident
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'",
        from: Source::Query,
    },
    Fact {
        kind: "column",
        query: "SELECT n.nspname, c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                       a.atthasdef, a.attidentity, a.attgenerated, col_description(c.oid, a.attnum)
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'
                      AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped",
        from: Source::Query,
    },
    Fact {
        kind: "constraint",
        query: "SELECT n.nspname, k.conname, k.contype, k.conrelid::regclass, k.condeferrable, k.condeferred,
                       k.convalidated, k.conkey, k.confrelid::regclass, k.confkey, k.confdeltype, k.confupdtype
                FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
                      AND (k.contype IN ('c', 'f', 'p', 'u', 'x') OR k.contype = 'n' AND k.conrelid > 0)",
        from: Source::Query,
    },
    Fact {
        kind: "not enforced",
        query: "SELECT k.conrelid::regclass, k.conname FROM pg_constraint k WHERE to_jsonb(k) ->> 'conenforced' = 'false'",
        from: Source::Catalog(stored::not_enforced),
    },
    Fact {
        kind: "operators of a constraint",
        query: "SELECT k.conrelid::regclass, k.conname, coalesce(to_jsonb(k) ->> 'conperiod', 'false'),
                       (SELECT coalesce(string_agg(o::regoperator::text, ' ' ORDER BY n), '') FROM unnest(k.conexclop) WITH ORDINALITY u(o, n)),
                       (SELECT coalesce(string_agg(o::regoperator::text, ' ' ORDER BY n), '') FROM unnest(k.conpfeqop) WITH ORDINALITY u(o, n)),
                       (SELECT coalesce(string_agg(o::regoperator::text, ' ' ORDER BY n), '') FROM unnest(k.conppeqop) WITH ORDINALITY u(o, n)),
                       (SELECT coalesce(string_agg(o::regoperator::text, ' ' ORDER BY n), '') FROM unnest(k.conffeqop) WITH ORDINALITY u(o, n))
                FROM pg_constraint k WHERE k.conrelid > 16383 AND k.contype IN ('f', 'p', 'u', 'x')",
        from: Source::Catalog(stored::operators_of_constraints),
    },
    Fact {
        kind: "inherits",
        query: "SELECT inhrelid::regclass, inhparent::regclass, inhseqno FROM pg_inherits",
        from: Source::Query,
    },
    Fact {
        kind: "inherited column",
        query: "SELECT attrelid::regclass, attname, attislocal, attinhcount FROM pg_attribute
                WHERE attrelid > 16383 AND attnum > 0 AND NOT attisdropped AND (NOT attislocal OR attinhcount > 0)",
        from: Source::Query,
    },
    Fact {
        kind: "inherited constraint",
        query: "SELECT k.conrelid::regclass, k.conname, k.conislocal, k.coninhcount, k.conparentid > 0
                FROM pg_constraint k WHERE k.conrelid > 16383 AND k.contype IN ('c', 'f', 'n', 'p', 'u', 'x')",
        from: Source::Query,
    },
    Fact {
        kind: "private check",
        query: "SELECT k.conrelid::regclass, k.conname FROM pg_constraint k
                WHERE k.conrelid > 16383 AND k.contype IN ('c', 'n') AND k.connoinherit",
        from: Source::Query,
    },
    Fact {
        kind: "index",
        query: "SELECT i.indexrelid::regclass, i.indrelid::regclass, i.indisunique, i.indisprimary, i.indnatts,
                       i.indnkeyatts, i.indpred IS NULL, i.indexprs IS NULL, i.indisvalid, i.indisclustered
                FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
        from: Source::Query,
    },
    Fact {
        kind: "policy",
        query: "SELECT schemaname, tablename, policyname, permissive, roles, cmd, qual IS NULL, with_check IS NULL
                FROM pg_policies",
        from: Source::Query,
    },
    Fact {
        kind: "trigger",
        query: "SELECT tgname, tgrelid::regclass, tgfoid::regproc, tgtype, tgenabled, tgnargs, tgparentid > 0
                FROM pg_trigger WHERE NOT tgisinternal",
        from: Source::Query,
    },
    Fact {
        kind: "function",
        query: "SELECT n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.prokind, p.provolatile,
                       p.prosecdef, p.proisstrict, p.proretset, p.prorettype::regtype,
                       replace(pg_get_userbyid(p.proowner)::text, 'pgproof_tests', 'postgres')
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')",
        from: Source::Query,
    },
    Fact {
        kind: "type",
        query: "SELECT n.nspname, t.typname, t.typtype, t.typnotnull, CASE WHEN t.typtype <> 'b' THEN t.typcategory END, pg_get_userbyid(t.typowner)
                FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'",
        from: Source::Query,
    },
    Fact {
        kind: "wrapper",
        query: "SELECT fdwname, pg_get_userbyid(fdwowner), fdwhandler::regproc, fdwvalidator::regproc, fdwoptions FROM pg_foreign_data_wrapper",
        from: Source::Query,
    },
    Fact {
        kind: "server",
        query: "SELECT srvname, fdwname, pg_get_userbyid(srvowner), srvtype, srvversion, srvoptions
                FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw",
        from: Source::Query,
    },
    Fact {
        kind: "foreign table",
        query: "SELECT ftrelid::regclass, srvname, ftoptions FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver",
        from: Source::Query,
    },
    Fact {
        kind: "foreign column",
        query: "SELECT attrelid::regclass, attname, attfdwoptions FROM pg_attribute
                WHERE attrelid > 16383 AND attnum > 0 AND NOT attisdropped AND attfdwoptions IS NOT NULL",
        from: Source::Query,
    },
    Fact {
        kind: "depends on extension",
        query: "SELECT pg_describe_object(classid, objid, objsubid), extname FROM pg_depend JOIN pg_extension e ON e.oid = refobjid
                WHERE deptype = 'x'",
        from: Source::Catalog(depends_on_extension),
    },
    Fact {
        kind: "event trigger",
        query: "SELECT evtname, evtevent, pg_get_userbyid(evtowner), evtfoid::regproc, evtenabled, evttags FROM pg_event_trigger",
        from: Source::Query,
    },
    Fact {
        kind: "language",
        query: "SELECT lanname, lanispl, lanpltrusted, replace(pg_get_userbyid(lanowner)::text, 'pgproof_tests', 'postgres') FROM pg_language",
        from: Source::Query,
    },
    Fact {
        kind: "transform",
        query: "SELECT trftype::regtype, lanname, trffromsql::regproc, trftosql::regproc
                FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang",
        from: Source::Query,
    },
    Fact {
        kind: "large object",
        query: "SELECT oid, pg_get_userbyid(lomowner) FROM pg_largeobject_metadata",
        from: Source::Query,
    },
    Fact {
        kind: "schema",
        query: "SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace
                WHERE nspname NOT LIKE 'pg_toast%' AND nspname NOT LIKE 'pg_temp%'
                      AND nspname NOT IN ('pg_catalog', 'information_schema')",
        from: Source::Query,
    },
    Fact {
        kind: "publication",
        query: "SELECT p.pubname, pg_get_userbyid(p.pubowner), p.puballtables
                FROM pg_publication p",
        from: Source::Query,
    },
    Fact {
        kind: "rule",
        query: "SELECT pg_describe_object('pg_rewrite'::regclass, oid, 0), ev_type, is_instead, ev_enabled
                FROM pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN'",
        from: Source::Catalog(rules),
    },
    Fact {
        kind: "published",
        query: "SELECT p.pubname, r.prrelid::regclass::text FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid",
        from: Source::Catalog(published),
    },
    Fact {
        kind: "operator",
        query: "SELECT o.oid::regoperator, oprcode::regproc, oprresult = 0,
                       CASE WHEN oprcom IN (SELECT oid FROM pg_operator) THEN oprcom::regoperator::text ELSE '' END,
                       CASE WHEN oprnegate IN (SELECT oid FROM pg_operator) THEN oprnegate::regoperator::text ELSE '' END, oprcanmerge, oprcanhash, pg_get_userbyid(oprowner)
                FROM pg_operator o WHERE oid > 16383 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND deptype = 'e')",
        from: Source::Catalog(stored::operators),
    },
    Fact {
        kind: "cast",
        query: "SELECT pg_describe_object('pg_cast'::regclass, oid, 0), castcontext, castmethod
                FROM pg_cast c WHERE oid > 16383 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND deptype = 'e')",
        from: Source::Catalog(stored::casts),
    },
    Fact {
        kind: "class",
        query: "SELECT pg_describe_object('pg_opclass'::regclass, oid, 0), pg_describe_object('pg_opfamily'::regclass, opcfamily, 0),
                       opcintype::regtype, opcdefault
                FROM pg_opclass c WHERE oid > 16383 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND deptype = 'e')",
        from: Source::Catalog(stored::classes),
    },
    Fact {
        kind: "member",
        query: "SELECT pg_describe_object('pg_opfamily'::regclass, amopfamily, 0), amopstrategy, amoplefttype::regtype,
                       amoprighttype::regtype, amopopr::regoperator
                FROM pg_amop WHERE amopfamily > 16383
                     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = amopfamily AND deptype = 'e')",
        from: Source::Catalog(stored::members),
    },
    Fact {
        kind: "range",
        query: "SELECT rngtypid::regtype, rngsubtype::regtype, rngmultitypid::regtype,
                       coalesce((SELECT collname FROM pg_collation c WHERE c.oid = rngcollation), ''),
                       (SELECT opcname FROM pg_opclass o WHERE o.oid = rngsubopc), rngsubdiff::regproc
                FROM pg_range WHERE rngtypid > 16383",
        from: Source::Catalog(stored::ranges),
    },
    Fact {
        kind: "aggregate",
        query: "SELECT aggfnoid::regprocedure, aggkind, aggnumdirectargs, aggtransfn, aggtranstype::regtype, aggfinalfn,
                       coalesce(agginitval, '∅'), aggfinalextra, aggfinalmodify, aggmtransfn
                FROM pg_aggregate WHERE aggfnoid > 16383
                     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = aggfnoid AND deptype = 'e')",
        from: Source::Catalog(stored::aggregates),
    },
    Fact {
        kind: "base",
        query: "SELECT oid::regtype, typlen, typbyval, typalign, typstorage, typcategory, typispreferred, typcollation,
                       typelem, typarray = 0, typisdefined
                FROM pg_type t WHERE oid > 16383 AND typtype IN ('b', 'd', 'e', 'm', 'p', 'r') AND typcategory <> 'A'
                     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND deptype = 'e')",
        from: Source::Catalog(stored::bases),
    },
    Fact {
        kind: "collation",
        query: "SELECT pg_describe_object('pg_collation'::regclass, oid, 0), collprovider, collisdeterministic, pg_get_userbyid(collowner)
                FROM pg_collation WHERE oid > 16383",
        from: Source::Catalog(stored::collations),
    },
    Fact {
        kind: "conversion",
        query: "SELECT pg_describe_object('pg_conversion'::regclass, oid, 0), pg_encoding_to_char(conforencoding),
                       pg_encoding_to_char(contoencoding), condefault
                FROM pg_conversion WHERE oid > 16383",
        from: Source::Catalog(stored::conversions),
    },
    Fact {
        kind: "configuration",
        query: "SELECT pg_describe_object('pg_ts_config'::regclass, oid, 0),
                       (SELECT coalesce(string_agg(alias || '=' || dicts, ' ' ORDER BY alias), '')
                        FROM ts_token_type(cfgparser) JOIN (SELECT maptokentype, string_agg(dictname, ',' ORDER BY mapseqno) dicts
                            FROM pg_ts_config_map JOIN pg_ts_dict d ON d.oid = mapdict WHERE mapcfg = c.oid GROUP BY 1) m ON maptokentype = tokid)
                FROM pg_ts_config c WHERE oid > 16383",
        from: Source::Catalog(stored::configurations),
    },
    Fact {
        kind: "dictionary",
        query: "SELECT pg_describe_object('pg_ts_dict'::regclass, d.oid, 0), tmplname, coalesce(dictinitoption, '')
                FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = dicttemplate
                WHERE d.oid > 16383 AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = d.oid AND deptype = 'e')",
        from: Source::Catalog(stored::dictionaries),
    },
];

/// The rest.
const PROPERTIES: &[Fact] = &[
    Fact {
        kind: "label",
        query: "SELECT t.typname, e.enumlabel, (SELECT count(*) FROM pg_enum b
                       WHERE b.enumtypid = e.enumtypid AND b.enumsortorder < e.enumsortorder)
                FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid",
        from: Source::Query,
    },
    Fact {
        kind: "partition key",
        query: "SELECT partrelid::regclass, pg_get_partkeydef(partrelid), partdefid::regclass FROM pg_partitioned_table
                WHERE partexprs IS NULL",
        from: Source::Query,
    },
    Fact {
        kind: "partition",
        query: "SELECT oid::regclass, relispartition, pg_get_expr(relpartbound, oid) FROM pg_class
                WHERE oid > 16383 AND relispartition",
        from: Source::Query,
    },
    Fact {
        kind: "typed table",
        query: "SELECT oid::regclass, reloftype::regtype FROM pg_class WHERE reloftype > 0",
        from: Source::Query,
    },
    Fact {
        kind: "sequence",
        query: "SELECT seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle
                FROM pg_sequence",
        from: Source::Query,
    },
    Fact {
        kind: "database",
        query: "SELECT pg_get_userbyid(datdba), datconnlimit, datistemplate, coalesce(shobj_description(oid, 'pg_database'), '∅')
                FROM pg_database WHERE datname = current_database()",
        from: Source::Catalog(database),
    },
    Fact {
        kind: "role",
        query: "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls
                FROM pg_roles WHERE rolname NOT LIKE 'pg%' AND rolname <> 'postgres'",
        from: Source::Query,
    },
    Fact {
        kind: "membership",
        query: "SELECT g.rolname, m.rolname, a.admin_option
                FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
                WHERE m.rolname NOT LIKE 'pg%'",
        from: Source::Query,
    },
    Fact {
        kind: "extension",
        query: "SELECT e.extname, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace",
        from: Source::Query,
    },
    Fact {
        kind: "statistics target of an index",
        query: "SELECT attrelid::regclass, attnum, attstattarget FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
                WHERE relkind IN ('i', 'I') AND attrelid > 16383 AND attstattarget >= 0",
        from: Source::Catalog(index_statistics),
    },
    Fact { kind: "options", query: "SELECT oid::regclass, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND oid > 16383 AND relkind <> 't'", from: Source::Query },
    Fact {
        kind: "text of a rule",
        query: "SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE oid > 16383 AND rulename <> '_RETURN'",
        from: Source::Catalog(rule_texts),
    },
    Fact {
        kind: "statistics",
        query: "SELECT pg_get_statisticsobjdef(oid), stxstattarget, stxowner::regrole FROM pg_statistic_ext",
        from: Source::Catalog(statistics),
    },
    Fact {
        kind: "comment",
        query: "SELECT pg_describe_object(classoid, objoid, objsubid), description FROM pg_description
                WHERE objoid > 16383 OR objoid = 2200 OR classoid = 'pg_largeobject'::regclass",
        from: Source::Catalog(comments),
    },
    Fact {
        kind: "privilege",
        query: "WITH acls(what, acl) AS (
                    SELECT pg_describe_object('pg_class'::regclass, oid, 0), relacl FROM pg_class WHERE oid > 16383
                    UNION ALL SELECT pg_describe_object('pg_class'::regclass, attrelid, attnum), attacl FROM pg_attribute WHERE attrelid > 16383 AND NOT attisdropped
                    UNION ALL SELECT pg_describe_object('pg_proc'::regclass, oid, 0), proacl FROM pg_proc WHERE oid > 16383
                    UNION ALL SELECT pg_describe_object('pg_type'::regclass, oid, 0), typacl FROM pg_type WHERE oid > 16383
                    UNION ALL SELECT pg_describe_object('pg_namespace'::regclass, oid, 0), nspacl FROM pg_namespace
                              WHERE oid > 16383 OR oid = 2200
                    UNION ALL SELECT 'foreign-data wrapper ' || quote_ident(fdwname), fdwacl FROM pg_foreign_data_wrapper
                    UNION ALL SELECT 'server ' || quote_ident(srvname), srvacl FROM pg_foreign_server
                    UNION ALL SELECT 'parameter ' || parname, paracl FROM pg_parameter_acl
                    UNION ALL SELECT 'database', datacl FROM pg_database WHERE datname = current_database()
                    UNION ALL SELECT 'language ' || quote_ident(lanname), lanacl FROM pg_language
                    UNION ALL SELECT 'large object ' || oid, lomacl FROM pg_largeobject_metadata
                    UNION ALL SELECT concat_ws(' ', 'default', defaclobjtype, pg_get_userbyid(defaclrole), defaclnamespace::regnamespace), defaclacl
                              FROM pg_default_acl)
                SELECT what, replace(coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC'), 'pgproof_tests', 'postgres'),
                       replace(a.grantor::regrole::text, 'pgproof_tests', 'postgres'), a.privilege_type, a.is_grantable
                FROM acls, aclexplode(acl) a",
        from: Source::Catalog(privileges),
    },
];

/// What 14 does not have.
const SINCE_15: &[Fact] = &[Fact {
    kind: "published schema",
    query: "SELECT p.pubname, n.pnnspid::regnamespace::text
            FROM pg_publication p JOIN pg_publication_namespace n ON n.pnpubid = p.oid",
    from: Source::Catalog(published_schemas),
}];

/// What 15 does not have.
const SINCE_16: &[Fact] = &[Fact {
    kind: "granted membership",
    query: "SELECT g.rolname, m.rolname, replace(pg_get_userbyid(a.grantor)::text, 'pgproof_tests', 'postgres'),
                   a.admin_option, a.inherit_option, a.set_option
            FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
            WHERE m.rolname NOT LIKE 'pg%'",
    from: Source::Query,
}];

/// The facts of a version.
pub fn all(version: u32) -> impl Iterator<Item = &'static Fact> {
    let newer = if version < 15 { &[] } else { SINCE_15 };
    let newest = if version < 16 { &[] } else { SINCE_16 };
    OBJECTS.iter().chain(PROPERTIES).chain(newer).chain(newest)
}

impl Fact {
    /// Says how the two sides differ in it.
    pub fn compare(&self, database: &mut Database<'_>, replay: &mut Replay, differences: &mut String) {
        let there = database.query(self.query).unwrap_or_else(|e| panic!("{}: {e:?}", self.query));
        let there = sorted(there.into_iter().map(|row| row.into_iter().map(|v| v.unwrap_or_else(|| "∅".into()))));
        let here = match self.from {
            Source::Catalog(read) => sorted(read(&replay.catalog).into_iter().map(Vec::into_iter)),
            Source::Query => match replay.ask(self.query) {
                Ok(rows) => {
                    sorted(rows.into_iter().map(|row| row.into_iter().map(|v| v.unwrap_or_else(|| "∅".into()))))
                }
                Err(stop) => {
                    let _ = writeln!(differences, "  {}: {stop:?}", self.kind);
                    return;
                }
            },
        };
        for line in there.iter().filter(|l| !here.contains(l)) {
            let _ = writeln!(differences, "  {} only on the server: {line}", self.kind);
        }
        for line in here.iter().filter(|l| !there.contains(l)) {
            let _ = writeln!(differences, "  {} only in the replay: {line}", self.kind);
        }
    }
}

fn sorted(rows: impl Iterator<Item = impl Iterator<Item = String>>) -> Vec<String> {
    let mut lines: Vec<String> = rows.map(|row| row.collect::<Vec<_>>().join(" | ")).collect();
    lines.sort();
    lines
}

/// The path of a session that was not changed: what descriptions of objects leave out.
fn path() -> [Oid; 2] {
    [pgproof::catalog::PG_CATALOG, pgproof::catalog::PUBLIC_SCHEMA]
}

fn quoted(catalog: &Catalog, name: &str) -> String {
    pgproof::catalog::quote_identifier(name, catalog.builtins()).into_owned()
}

fn published(catalog: &Catalog) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for publication in catalog.publications() {
        for relation in &publication.relations {
            rows.push(vec![publication.name.to_string(), catalog.relation_name(relation.relation, &path())]);
        }
    }
    rows
}

fn published_schemas(catalog: &Catalog) -> Vec<Vec<String>> {
    let of = |publication: &Publication| -> Vec<Vec<String>> {
        let name = |schema: &Oid| quoted(catalog, catalog.schema_name(*schema));
        publication.schemas.iter().map(|schema| vec![publication.name.to_string(), name(schema)]).collect()
    };
    catalog.publications().flat_map(of).collect()
}

fn rules(catalog: &Catalog) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for relation in catalog.relations() {
        for rule in &relation.rules {
            let event = match rule.event {
                RuleEvent::Select => "1",
                RuleEvent::Update => "2",
                RuleEvent::Insert => "3",
                RuleEvent::Delete => "4",
            };
            let instead = if rule.instead { "t" } else { "f" };
            let enabled = match rule.enabled {
                FiringState::Enabled => "O",
                FiringState::Disabled => "D",
                FiringState::Replica => "R",
                FiringState::Always => "A",
            };
            let described = catalog.describe(Object::Rule(relation.oid, rule.oid), &path());
            rows.push(vec![described, event.to_owned(), instead.to_owned(), enabled.to_owned()]);
        }
    }
    rows
}

fn rule_texts(catalog: &Catalog) -> Vec<Vec<String>> {
    let path = path();
    let text = |relation: &Relation, rule: &Rule| Deparser::new(catalog, &path).rule(relation, rule).expect("its text");
    let of_relation = |relation: &Relation| -> Vec<Vec<String>> {
        relation.rules.iter().map(|rule| vec![text(relation, rule)]).collect()
    };
    catalog.relations().flat_map(of_relation).collect()
}

fn statistics(catalog: &Catalog) -> Vec<Vec<String>> {
    let path = path();
    let row = |s: &Statistics| {
        let text = Deparser::new(catalog, &path).statistics(s).expect("its text");
        // The default is -1 up to 16 and NULL from 17 on.
        let default = if catalog.version() < 17 { "-1" } else { "∅" };
        let target = s.target.map_or(default.to_owned(), |target| target.to_string());
        vec![text, target, quoted(catalog, catalog.role_name(s.owner))]
    };
    catalog.all_statistics().map(row).collect()
}

fn depends_on_extension(catalog: &Catalog) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for extension in catalog.extensions() {
        let edges = catalog.dependencies.on(Object::Extension(extension.oid));
        for edge in edges.filter(|e| e.kind == pgproof::catalog::DependencyKind::AutoExtension) {
            rows.push(vec![catalog.describe(edge.dependent, &path()), extension.name.to_string()]);
        }
    }
    rows
}

fn database(catalog: &Catalog) -> Vec<Vec<String>> {
    let database = catalog.database();
    let template = if database.is_template { "t" } else { "f" };
    vec![vec![
        quoted(catalog, catalog.role_name(database.owner)),
        database.connection_limit.to_string(),
        template.to_owned(),
        database.comment.clone().unwrap_or_else(|| "∅".to_owned()),
    ]]
}

fn index_statistics(catalog: &Catalog) -> Vec<Vec<String>> {
    let indexes = catalog.relations().filter_map(|relation| Some((relation.oid, relation.as_index()?)));
    let targets = indexes.flat_map(|(oid, index)| index.statistics().map(move |target| (oid, target)));
    let row = |(oid, (number, target)): (Oid, (usize, i32))| {
        vec![catalog.relation_name(oid, &path()), number.to_string(), target.to_string()]
    };
    targets.map(row).collect()
}

fn comments(catalog: &Catalog) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut add = |object: Object, comment: &Option<String>| {
        rows.extend(comment.iter().map(|c| vec![catalog.describe(object, &path()), c.clone()]));
    };
    let own = |oid: Oid| !oid.is_builtin() || oid == pgproof::catalog::PUBLIC_SCHEMA;
    catalog.schemas().filter(|s| own(s.oid)).for_each(|s| add(Object::Schema(s.oid), &s.comment));
    for relation in catalog.relations() {
        let rel = relation.oid;
        // A comment on a composite type is one on the type.
        if !matches!(relation.kind, RelationKind::CompositeType) {
            add(Object::Relation(rel), &relation.comment);
        }
        relation.live_columns().for_each(|c| add(Object::Column(rel, c.number), &c.comment));
        relation.constraints.iter().for_each(|c| add(Object::Constraint(rel, c.oid), &c.comment));
        relation.triggers.iter().for_each(|t| add(Object::Trigger(rel, t.oid), &t.comment));
        relation.rules.iter().for_each(|r| add(Object::Rule(rel, r.oid), &r.comment));
        relation.policies.iter().for_each(|p| add(Object::Policy(rel, p.oid), &p.comment));
    }
    for ty in catalog.types() {
        add(Object::Type(ty.oid), &ty.comment);
        if let TypeKind::Domain(domain) = &ty.kind {
            domain.checks.iter().for_each(|c| add(Object::DomainConstraint(ty.oid, c.oid), &c.comment));
        }
    }
    catalog.functions().for_each(|f| add(Object::Function(f.oid), &f.comment));
    catalog.operators().for_each(|o| add(Object::Operator(o.oid), &o.comment));
    catalog.user_casts().for_each(|c| add(Object::Cast(c.oid), &c.comment));
    catalog.opclasses().for_each(|c| add(Object::OpClass(c.oid), &c.comment));
    catalog.opfamilies().for_each(|f| add(Object::OpFamily(f.oid), &f.comment));
    catalog.collations().for_each(|c| add(Object::Collation(c.oid), &c.comment));
    catalog.conversions().for_each(|c| add(Object::Conversion(c.oid), &c.comment));
    catalog.ts_configs().for_each(|c| add(Object::TsConfig(c.oid), &c.comment));
    catalog.ts_dicts().for_each(|d| add(Object::TsDict(d.oid), &d.comment));
    catalog.all_statistics().for_each(|s| add(Object::Statistics(s.oid), &s.comment));
    catalog.publications().for_each(|p| add(Object::Publication(p.oid), &p.comment));
    catalog.foreign_data_wrappers().for_each(|w| add(Object::ForeignDataWrapper(w.oid), &w.comment));
    catalog.foreign_servers().for_each(|s| add(Object::ForeignServer(s.oid), &s.comment));
    catalog.event_triggers().for_each(|t| add(Object::EventTrigger(t.oid), &t.comment));
    catalog.languages().filter(|l| own(l.oid)).for_each(|l| add(Object::Language(l.oid), &l.comment));
    catalog.transforms().for_each(|t| add(Object::Transform(t.oid), &t.comment));
    catalog.large_objects().for_each(|o| add(Object::LargeObject(o.oid), &o.comment));
    catalog.extensions().filter(|e| !e.oid.is_builtin()).for_each(|e| add(Object::Extension(e.oid), &e.comment));
    rows
}

fn privileges(catalog: &Catalog) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut add = |what: &str, acl: &Option<Acl>| {
        let role = |oid: Oid| match oid {
            Oid::INVALID => "PUBLIC".to_owned(),
            oid => quoted(catalog, catalog.role_name(oid)),
        };
        for item in acl.iter().flat_map(|acl| &acl.0) {
            for privilege in item.privs.names() {
                let grantable = item.grant_options.names().any(|n| n == privilege);
                let grantable = if grantable { "t" } else { "f" };
                rows.push(vec![
                    what.to_owned(),
                    role(item.grantee),
                    role(item.grantor),
                    privilege.to_owned(),
                    grantable.to_owned(),
                ]);
            }
        }
    };
    for relation in catalog.relations() {
        add(&catalog.describe(Object::Relation(relation.oid), &path()), &relation.acl);
        for column in relation.live_columns() {
            add(&catalog.describe(Object::Column(relation.oid, column.number), &path()), &column.acl);
        }
    }
    catalog.functions().for_each(|f| add(&catalog.describe(Object::Function(f.oid), &path()), &f.acl));
    catalog.types().for_each(|t| add(&catalog.describe(Object::Type(t.oid), &path()), &t.acl));
    let own = |oid: Oid| !oid.is_builtin() || oid == pgproof::catalog::PUBLIC_SCHEMA;
    catalog
        .schemas()
        .filter(|s| own(s.oid))
        .for_each(|s| add(&catalog.describe(Object::Schema(s.oid), &path()), &s.acl));
    let named = |kind: &str, name: &str| format!("{kind} {}", quoted(catalog, name));
    catalog.foreign_data_wrappers().for_each(|w| add(&named("foreign-data wrapper", &w.name), &w.acl));
    catalog.foreign_servers().for_each(|s| add(&named("server", &s.name), &s.acl));
    catalog.languages().for_each(|l| add(&named("language", &l.name), &l.acl));
    catalog.large_objects().for_each(|o| add(&catalog.describe(Object::LargeObject(o.oid), &path()), &o.acl));
    add("database", &catalog.database().acl);
    for (name, acl) in catalog.parameter_acls() {
        add(&format!("parameter {name}"), &Some(acl.clone()));
    }
    for (key, acl) in catalog.default_acls() {
        add(&default_acl(catalog, key), &Some(acl.clone()));
    }
    rows
}

fn default_acl(catalog: &Catalog, key: DefaultAclKey) -> String {
    use pgproof::catalog::AclKind as K;
    let letter = match key.kind {
        K::Table => 'r',
        K::Sequence => 'S',
        K::Function => 'f',
        K::Type => 'T',
        K::Schema => 'n',
        K::LargeObject => 'L',
        _ => '?',
    };
    let schema = key.schema.map_or_else(|| "-".to_owned(), |s| quoted(catalog, catalog.schema_name(s)));
    format!("default {letter} {} {schema}", catalog.role_name(key.role))
}

/// Statements that drop what the server has, without RESTRICT or CASCADE.
#[allow(dead_code, reason = "random scripts do not drop all")]
pub const DROPS: &str = "
    WITH own AS (SELECT oid, nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')
    SELECT format('DROP SCHEMA %I', nspname) FROM own
    UNION ALL
    SELECT format('DROP %s %I.%I', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                                WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, nspname, relname)
    FROM pg_class JOIN own ON own.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'c')
    UNION ALL
    SELECT format('ALTER TABLE %I.%I DROP COLUMN %I', nspname, relname, attname)
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN own ON own.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('ALTER TABLE %I.%I DROP CONSTRAINT %I', nspname, relname, conname)
    FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN own ON own.oid = relnamespace WHERE contype IN ('c', 'f', 'n', 'p', 'u', 'x')
    UNION ALL
    SELECT format('DROP %s %I.%I', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, nspname, typname)
    FROM pg_type t JOIN own ON own.oid = typnamespace WHERE typtype IN ('d', 'e')
    UNION ALL
    SELECT format('DROP %s %I.%I(%s)', CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, nspname, proname,
                  pg_get_function_identity_arguments(p.oid))
    FROM pg_proc p JOIN own ON own.oid = pronamespace
    WHERE prokind IN ('f', 'p') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP OPERATOR %I.%s (%s, %s)', nspname, oprname, coalesce(nullif(oprleft, 0)::regtype::text, 'NONE'), oprright::regtype)
    FROM pg_operator o JOIN own ON own.oid = oprnamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP AGGREGATE %s', p.oid::regprocedure)
    FROM pg_proc p JOIN own ON own.oid = pronamespace
    WHERE prokind = 'a' AND proargtypes <> '' AND provariadic = 0 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP OPERATOR CLASS %I.%I USING %I', nspname, opcname, amname)
    FROM pg_opclass c JOIN own ON own.oid = opcnamespace JOIN pg_am a ON a.oid = opcmethod
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP OPERATOR FAMILY %I.%I USING %I', nspname, opfname, amname)
    FROM pg_opfamily f JOIN own ON own.oid = opfnamespace JOIN pg_am a ON a.oid = opfmethod
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = f.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE %I.%I', nspname, typname)
    FROM pg_type t JOIN own ON own.oid = typnamespace WHERE typtype IN ('r', 'm') OR typtype = 'b' AND typcategory <> 'A'
    UNION ALL
    SELECT format('DROP TEXT SEARCH DICTIONARY %I.%I', nspname, dictname) FROM pg_ts_dict d JOIN own ON own.oid = dictnamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = d.oid AND e.deptype = 'e')
    UNION ALL
    SELECT format('DROP FOREIGN DATA WRAPPER %I', fdwname) FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT format('DROP SERVER %I', srvname) FROM pg_foreign_server
    UNION ALL
    SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
    UNION ALL
    SELECT format('DROP LANGUAGE %I', lanname) FROM pg_language
    UNION ALL
    SELECT format('DROP TRANSFORM FOR %s LANGUAGE %I', trftype::regtype, lanname) FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
    UNION ALL
    SELECT format('DROP EXTENSION %I', extname) FROM pg_extension WHERE extname <> 'plpgsql'
    ORDER BY 1";
