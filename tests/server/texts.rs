//! The printed text of everything stored: what a server says, and what `pgproof schema --format json` does.
//!
//! Each text has a key: what it is of (`column public.t.a`, `view public.v`) and which of its texts it is.

use std::collections::BTreeMap;

use pgproof::report::schema::FlatDoc;

use super::Database;

/// Texts by what they are of, and which.
pub type Texts = BTreeMap<(String, &'static str), String>;

/// Schemas that are neither PostgreSQL's nor temporary.
const OWN: &str = "(n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(temp|toast)')";

/// A kind of text and its query, whose columns are what it is of and the text. `{own}` stands for [`OWN`], `{pretty}`
/// for the argument of PostgreSQL's functions.
const QUERIES: &[(&str, &str)] = &[
    ("type", "{columns} format_type(a.atttypid, a.atttypmod) {of_columns}"),
    (
        "collation",
        "{columns} a.attcollation::pg_catalog.regcollation::text {of_columns}
         AND a.attcollation <> (SELECT typcollation FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid)",
    ),
    ("not null", "{columns} 'true' {of_columns} AND a.attnotnull"),
    ("default", "{columns} pg_catalog.pg_get_expr(d.adbin, d.adrelid, {pretty}) {of_defaults} AND a.attgenerated = ''"),
    ("generated", "{columns} pg_catalog.pg_get_expr(d.adbin, d.adrelid, {pretty}) {of_defaults} AND a.attgenerated <> ''"),
    (
        "constraint",
        "SELECT format('constraint %s.%s.%s', n.nspname, c.relname, k.conname), pg_catalog.pg_get_constraintdef(k.oid, {pretty})
         FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND k.contype <> 't'",
    ),
    (
        "constraint",
        "SELECT format('constraint %s.%s.%s', n.nspname, t.typname, k.conname), pg_catalog.pg_get_constraintdef(k.oid, {pretty})
         FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE {own} AND k.contype = 'c'",
    ),
    (
        "index",
        "SELECT format('index %s.%s', n.nspname, c.relname), pg_catalog.pg_get_indexdef(c.oid, 0, {pretty})
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND c.relkind IN ('i', 'I')",
    ),
    (
        "view",
        "SELECT format('view %s.%s', n.nspname, c.relname), pg_catalog.pg_get_viewdef(c.oid, {pretty})
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND c.relkind IN ('v', 'm')",
    ),
    ("using", "{policies} pg_catalog.pg_get_expr(p.polqual, p.polrelid, {pretty}) {of_policies} AND p.polqual IS NOT NULL"),
    (
        "with check",
        "{policies} pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, {pretty}) {of_policies} AND p.polwithcheck IS NOT NULL",
    ),
    (
        "trigger",
        "SELECT format('trigger %s.%s.%s', n.nspname, c.relname, t.tgname), pg_catalog.pg_get_triggerdef(t.oid, {pretty})
         FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND NOT t.tgisinternal",
    ),
    (
        "rule",
        "SELECT format('rule %s.%s.%s', n.nspname, c.relname, r.rulename), pg_catalog.pg_get_ruledef(r.oid, {pretty})
         FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND r.rulename <> '_RETURN'",
    ),
    (
        "function",
        "{functions} pg_catalog.pg_get_functiondef(p.oid) {of_functions} AND p.prokind <> 'a'",
    ),
    ("result", "{functions} pg_catalog.pg_get_function_result(p.oid) {of_functions} AND p.prokind <> 'p'"),
    (
        "partition key",
        "SELECT format('table %s.%s', n.nspname, c.relname), pg_catalog.pg_get_partkeydef(c.oid)
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND c.relkind = 'p'",
    ),
    (
        "partition bound",
        "SELECT format('table %s.%s', n.nspname, c.relname), pg_catalog.pg_get_expr(c.relpartbound, c.oid, {pretty})
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND c.relispartition AND c.relkind IN ('r', 'p', 'f')",
    ),
    (
        "statistics",
        "SELECT format('statistics %s.%s', n.nspname, s.stxname), pg_catalog.pg_get_statisticsobjdef(s.oid)
         FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
         WHERE {own}",
    ),
    ("type", "{domains} format_type(t.typbasetype, t.typtypmod) {of_domains}"),
    (
        "collation",
        "{domains} t.typcollation::pg_catalog.regcollation::text {of_domains}
         AND t.typcollation <> (SELECT typcollation FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype)",
    ),
    ("default", "{domains} pg_catalog.pg_get_expr(t.typdefaultbin, 0, {pretty}) {of_domains} AND t.typdefaultbin IS NOT NULL"),
    (
        "attributes",
        "SELECT format('type %s.%s', n.nspname, c.relname),
                (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                        || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::pg_catalog.regcollation::text ELSE '' END,
                        ', ' ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND c.relkind = 'c'",
    ),
    (
        "labels",
        "SELECT format('type %s.%s', n.nspname, t.typname),
                (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE {own} AND t.typtype = 'e'",
    ),
    (
        "where",
        "SELECT format('publication %s %s.%s', p.pubname, n.nspname, c.relname), pg_catalog.pg_get_expr(r.prqual, r.prrelid, {pretty})
         FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
              JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND r.prqual IS NOT NULL",
    ),
];

/// Heads and tails that several queries share.
const PARTS: &[(&str, &str)] = &[
    ("{columns}", "SELECT format('column %s.%s.%s', n.nspname, c.relname, a.attname), "),
    (
        "{of_columns}",
        "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own} AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped",
    ),
    (
        "{of_defaults}",
        "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE {own}",
    ),
    ("{policies}", "SELECT format('policy %s.%s.%s', n.nspname, c.relname, p.polname), "),
    (
        "{of_policies}",
        "FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE {own}",
    ),
    ("{functions}", "SELECT format('function %s.%s(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)), "),
    (
        "{of_functions}",
        "FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
              JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         WHERE {own} AND NOT EXISTS (
             SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
                AND d.deptype IN ('e', 'i'))",
    ),
    ("{domains}", "SELECT format('domain %s.%s', n.nspname, t.typname), "),
    (
        "{of_domains}",
        "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE {own} AND t.typtype = 'd'",
    ),
    ("{own}", OWN),
];

/// What the server says. Its `search_path` is empty afterwards.
pub fn of_server(database: &mut Database<'_>, pretty: bool) -> Texts {
    for setting in ["search_path TO ''", "quote_all_identifiers TO off", "DateStyle TO DEFAULT", "TimeZone TO DEFAULT"]
    {
        assert_eq!(database.run(&format!("SET {setting}")), Ok(()));
    }
    let mut texts = Texts::new();
    for (which, query) in QUERIES {
        let mut query = (*query).to_owned();
        for (part, text) in PARTS {
            query = query.replace(part, text);
        }
        let query = query.replace("{pretty}", if pretty { "true" } else { "false" });
        for row in database.query(&query).unwrap_or_else(|refusal| panic!("{query}: {refusal:?}")) {
            let mut row = row.into_iter();
            if let (Some(Some(of)), Some(Some(text))) = (row.next(), row.next()) {
                texts.insert((of, which), text);
            }
        }
    }
    texts
}

/// What the document says.
pub fn of_document(doc: &FlatDoc) -> Texts {
    let mut texts = Texts::new();
    let mut add = |of: &String, which: &'static str, text: Option<&String>| {
        texts.extend(text.map(|text| ((of.clone(), which), text.clone())));
    };
    let yes = "true".to_owned();
    for column in &doc.columns {
        let of = format!("column {}.{}.{}", column.schema, column.table, column.name);
        add(&of, "type", column.ty.as_ref());
        add(&of, "collation", column.collation.as_ref());
        add(&of, "not null", column.not_null.then_some(&yes));
        add(&of, "default", column.default.as_ref());
        add(&of, "generated", column.generated.as_ref());
    }
    for constraint in &doc.constraints {
        let table = constraint.table.as_ref().or(constraint.domain.as_ref()).map_or("", String::as_str);
        let of = format!("constraint {}.{table}.{}", constraint.schema, constraint.name);
        add(&of, "constraint", Some(&constraint.def));
    }
    for index in &doc.indexes {
        add(&format!("index {}.{}", index.schema, index.name), "index", Some(&index.def));
    }
    for view in &doc.views {
        add(&format!("view {}.{}", view.schema, view.name), "view", view.def.as_ref());
    }
    for policy in &doc.policies {
        let of = format!("policy {}.{}.{}", policy.schema, policy.table, policy.name);
        add(&of, "using", policy.using.as_ref());
        add(&of, "with check", policy.check.as_ref());
    }
    for trigger in &doc.triggers {
        let of = format!("trigger {}.{}.{}", trigger.schema, trigger.table, trigger.name);
        add(&of, "trigger", Some(&trigger.def));
    }
    for rule in &doc.rules {
        add(&format!("rule {}.{}.{}", rule.schema, rule.table, rule.name), "rule", Some(&rule.def));
    }
    for function in &doc.functions {
        let of = format!("function {}.{}({})", function.schema, function.name, function.arguments.join(", "));
        add(&of, "function", function.def.as_ref());
        add(&of, "result", function.returns.as_ref());
    }
    for table in &doc.tables {
        let of = format!("table {}.{}", table.schema, table.name);
        add(&of, "partition key", table.partition_key.as_ref());
        add(&of, "partition bound", table.partition_bound.as_ref());
    }
    for statistics in &doc.statistics {
        let of = format!("statistics {}.{}", statistics.schema, statistics.name);
        add(&of, "statistics", Some(&statistics.def));
    }
    for ty in &doc.types {
        match ty.kind {
            "domain" => {
                let of = format!("domain {}.{}", ty.schema, ty.name);
                add(&of, "type", ty.base.as_ref());
                add(&of, "collation", ty.collation.as_ref());
                add(&of, "default", ty.default.as_ref());
            }
            "composite" => {
                let attribute = |a: &pgproof::report::schema::flat::FlatAttribute| {
                    let collation = a.collation.as_ref().map_or_else(String::new, |c| format!(" COLLATE {c}"));
                    format!("{} {}{collation}", a.name, a.ty.as_deref().unwrap_or_default())
                };
                let attributes: Vec<String> = ty.attributes.iter().map(attribute).collect();
                let attributes = Some(attributes.join(", ")).filter(|a| !a.is_empty());
                add(&format!("type {}.{}", ty.schema, ty.name), "attributes", attributes.as_ref());
            }
            "enum" => {
                let labels = Some(ty.labels.join(", ")).filter(|_| !ty.labels.is_empty());
                add(&format!("type {}.{}", ty.schema, ty.name), "labels", labels.as_ref());
            }
            _ => {}
        }
    }
    for table in &doc.publication_tables {
        let of = format!("publication {} {}.{}", table.publication, table.schema, table.table);
        add(&of, "where", table.filter.as_ref());
    }
    texts
}

/// How a text differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is of.
    pub of: String,
    /// Which of its texts.
    pub which: &'static str,
    /// The server's, if it has it.
    pub theirs: Option<String>,
    /// Ours, if we have it.
    pub ours: Option<String>,
}

impl Difference {
    /// The kind of difference, which many may share.
    pub fn cause(&self) -> String {
        let kind = self.of.split(' ').next().unwrap_or_default();
        match (&self.theirs, &self.ours) {
            (Some(_), Some(_)) => format!("{kind}: another {}", self.which),
            (Some(_), None) => format!("{kind}: no {}", self.which),
            (None, _) => format!("{kind}: a {} too many", self.which),
        }
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |text: &Option<String>| text.as_deref().unwrap_or("(none)").replace('\n', "\n            ");
        write!(f, "{}, {}\n    server: {}\n    replay: {}", self.of, self.which, text(&self.theirs), text(&self.ours))
    }
}

/// All that differs.
pub fn differences(theirs: &Texts, ours: &Texts) -> Vec<Difference> {
    let keys: std::collections::BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    let different = keys.into_iter().filter(|key| theirs.get(*key) != ours.get(*key));
    let difference = |key: &(String, &'static str)| Difference {
        of: key.0.clone(),
        which: key.1,
        theirs: theirs.get(key).cloned(),
        ours: ours.get(key).cloned(),
    };
    different.map(difference).collect()
}
