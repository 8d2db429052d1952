//! Loading: what a spec may say, and what is said when it may not.

use proptest::prelude::*;

use super::*;

/// The errors of a spec, each with the text that it points to.
fn errors(spec: &str) -> Vec<String> {
    let db = Db::new();
    let wrong = load_spec(&db, spec).err().unwrap_or_default();
    let show = |diagnostic: &Diagnostic| {
        assert_eq!(diagnostic.code, INVALID_SPEC);
        let places = diagnostic.labels.iter().map(|label| format!("`{}`", &spec[label.place.span.range()]));
        let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{} @ {}{help}", diagnostic.message, places.collect::<Vec<_>>().join(" "))
    };
    wrong.iter().map(show).collect()
}

/// The ids of the requirements of a spec.
fn ids(spec: &str) -> Vec<String> {
    let (specs, _) = load_spec(&Db::new(), spec).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    specs.requirements.into_iter().map(|requirement| requirement.id).collect()
}

#[test]
fn ids_are_made_of_addresses() {
    let spec = "
spec: T02
source: docs/T02.md
forbid:
  - { table: tesla_accounts, because: tokens live elsewhere, from: 'guide.md:12', severity: warning }
  - column: Users.tesla_user_id
  - index: 'idx_Tesla_*'
  - schema: '\"My Schema\"'
  - materialized_view: app.stats
tables:
  vehicles:
    columns:
      Tesla_ID: text
      '\"userId\"': { type: [uuid, text] }
    indexes:
      - columns: [tesla_id, lower( \"label\" )]
      - { columns: a, unique: true, method: hash, where: b > 0 }
      - { columns: [a], prefix: true }
      - { columns: [a], unique: false, name: idx_a }
    constraints:
      - primary_key: id
      - { check: a  >  0, name: positive }
      - foreign_key: { columns: [user_id], references: users(id) }
      - foreign_key: { columns: [b], references: { table: auth.users } }
      - unique: [a, b]
      - check: 'a > 1'
    rls: { enabled: true }
    policies:
      - { command: select, using: auth.uid() = user_id }
      - { command: all, name: Users can do all, roles: [b, a], permissive: false }
      - { command: update, roles: public, check: 'true' }
  auth.users: {}
";
    assert_eq!(
        ids(spec),
        [
            "forbid table tesla_accounts",
            "forbid column users.tesla_user_id",
            "forbid index idx_tesla_*",
            "forbid schema \"my schema\"",
            "forbid materialized view app.stats",
            "table public.vehicles",
            "column public.vehicles.tesla_id",
            "column public.vehicles.\"userId\"",
            "index public.vehicles(tesla_id, lower( \"label\" ))",
            "index public.vehicles(a) unique using hash where b > 0",
            "index public.vehicles(a, …)",
            "index public.vehicles.idx_a",
            "primary key public.vehicles",
            "constraint public.vehicles.positive",
            "foreign key public.vehicles(user_id) references public.users(id)",
            "foreign key public.vehicles(b) references auth.users",
            "unique public.vehicles(a, b)",
            "check public.vehicles (a > 1)",
            "row level security public.vehicles",
            "policy public.vehicles for select using (auth.uid() = user_id)",
            "policy public.vehicles.\"Users can do all\"",
            "policy public.vehicles for update to public check (true)",
            "table auth.users",
        ]
    );
    let (specs, sources) = load_spec(&Db::new(), spec).unwrap();
    let first = &specs.requirements[0];
    assert_eq!(first.because.as_deref(), Some("tokens live elsewhere"));
    assert_eq!(first.from.as_deref(), Some("guide.md:12"));
    assert_eq!(first.severity, crate::report::Severity::Warning);
    assert_eq!(sources.path_line(first.place), ("s.yaml", 5));
}

#[test]
fn the_spec_of_this_project() {
    let ids = ids(include_str!("../../../spec/t02_s02.yaml"));
    assert_eq!(ids.len(), 25, "{ids:#?}");
    assert!(ids.contains(&"policy public.vehicles for insert check (auth.uid() = user_id)".to_owned()));
}

#[test]
fn unknown_keys_get_a_suggestion() {
    assert_eq!(errors("tabels: {}\nforbid: []\n"), ["a spec has no key `tabels` @ `tabels` (did you mean `tables`?)"]);
    assert_eq!(
        errors("tables: { t: { colums: { a: { tpye: text } }, rls: { enable: true } } }\n"),
        [
            "a table has no key `colums` @ `colums` (did you mean `columns`?)",
            "`rls` asks for nothing @ `rls` (write `rls: { enabled: true }`)",
            "`rls` has no key `enable` @ `enable` (did you mean `enabled`?)",
        ]
    );
    assert_eq!(
        errors("forbid: [{ tabel: a }]\n"),
        [
            "an entry of `forbid` must say what is forbidden @ `{ tabel: a }` (one of the keys `table`, `column`, \
             `index`, `view`, `materialized_view`, `sequence`, `type`, `domain`, `function`, `trigger`, `policy`, \
             `constraint`, `schema`, `extension`, `role`, `publication`)",
            "an entry of `forbid` has no key `tabel` @ `tabel` (did you mean `table`?)",
        ]
    );
}

#[test]
fn what_is_not_built_yet_says_so() {
    let spec = "
never: []
starts: {}
tables:
  '*': {}
  only: true
  t:
    only: true
    triggers: []
    columns: { only: true, 'created_*': text, a: { type: text, comment: x } }
    indexes: [{ columns: [a], include: [b] }, { columns: [a desc] }]
    constraints: [{ exclude: x }]
    rls: { isolate: a = b, roles: [x] }
forbid:
  - grant: x
";
    let found = errors(spec);
    let messages: Vec<&str> = found.iter().filter_map(|error| error.split(" @ ").next()).collect();
    assert_eq!(
        messages,
        [
            "`never` is not supported yet",
            "`starts` is not supported yet",
            "patterns in `tables` are not supported yet",
            "`only` is not supported yet",
            "`only` is not supported yet",
            "`triggers` is not supported yet",
            "`only` is not supported yet",
            "patterns in `columns` are not supported yet",
            "`comment` is not supported yet",
            "`include` is not supported yet",
            "the order of an index key is not supported yet",
            "`exclude` is not supported yet",
            "`isolate` is not supported yet",
            "`roles` is not supported yet",
            "`grant` is not supported yet",
        ]
    );
    assert!(found.iter().all(|error| error.ends_with("(remove it: nothing would check it)")), "{found:#?}");
}

#[test]
fn values_that_are_wrong() {
    let cases = [
        ("forbid: [{ table: a.b.c }]", "too many parts: the address of a table is at most `schema.name`"),
        ("forbid: [{ column: a.b.c.d }]", "at most `schema.table.name`"),
        ("forbid: [{ role: a.b }]", "at most `name`"),
        ("forbid: [{ table: '\"a' }]", "a quote that is not closed"),
        ("forbid: [{ table: a, column: a.b }]", "names one object, and this one names a table and a column"),
        ("forbid: [{ function: f(int) }]", "argument types are not supported yet"),
        ("forbid: [{ table: a, severity: bad }]", "`severity` must be `error`, `warning` or `info`"),
        ("forbid: [{ table: a, waive: { reason: x } }]", "a waiver needs the key `until`"),
        ("forbid: [{ table: a, waive: { reason: x, until: soon } }]", "`until` must be a day, not `soon`"),
        ("forbid: [tesla_accounts]", "an entry of `forbid` must be a mapping, not text"),
        ("tables: { t: { columns: { a: } } }", "the column `a` has no description"),
        ("tables: { t: { columns: { a: [x] } } }", "must be a type or a mapping, not a list"),
        ("tables: { t: { columns: { a: { type: [] } } } }", "`type` is empty"),
        ("tables: { t: { columns: { a: 'not a type' } } }", "`not a type` is no SQL type: syntax error"),
        ("tables: { t: { columns: { a: 'setof text' } } }", "cannot have a SETOF type"),
        ("tables: { t: { columns: { a: serial } } }", "`serial` is no type but a short way"),
        ("tables: { t: { columns: { a: { nullable: no } } } }", "`nullable` must be true or false, not `no`"),
        ("tables: { t: { columns: { a: { default: open } } } }", "is the name of a column, which a default cannot use"),
        ("tables: { t: { columns: { a: { default: } } } }", "`default` has no value"),
        ("tables: { t: { columns: { a: { default: '1 +' } } } }", "`1 +` is no SQL expression: syntax error"),
        ("tables: { t: { columns: { a.b: text } } }", "must be one name"),
        ("tables: { a.b.c: {} }", "has too many parts"),
        ("tables: { t: { indexes: [{ unique: true }] } }", "an index needs the key `columns`"),
        ("tables: { t: { indexes: [{ columns: [] }] } }", "`columns` is empty"),
        ("tables: { t: { indexes: [{ columns: [a], prefix: true, unique: true }] } }", "exclude each other"),
        ("tables: { t: { constraints: [{ name: x }] } }", "a constraint must say what it demands"),
        ("tables: { t: { constraints: [{ unique: a, check: b }] } }", "this one is `unique` and `check`"),
        ("tables: { t: { constraints: [{ unique: [a, A] }] } }", "`unique` names a twice"),
        (
            "tables: { t: { constraints: [{ foreign_key: { columns: a, references: 'u(a, b)' } }] } }",
            "has 1 column and references 2",
        ),
        (
            "tables: { t: { constraints: [{ foreign_key: { columns: a, references: u, on_delete: kill } }] } }",
            "`on_delete` must be",
        ),
        ("tables: { t: { policies: [{ using: a }] } }", "a policy needs the key `command`"),
        ("tables: { t: { policies: [{ command: truncate }] } }", "`command` must be `all`"),
        ("tables: { t: { policies: [{ command: insert, using: a }] } }", "an insert policy has no USING expression"),
        ("tables: { t: { policies: [{ command: select, check: a }] } }", "a select policy has no WITH CHECK"),
        ("tables: [t]", "`tables` must be a mapping, not a list"),
        ("", "this spec demands nothing"),
        ("spec: x", "this spec demands nothing"),
        ("a: [", "while parsing"),
        ("tables: { t: {}, t: {} }", "twice"),
    ];
    for (spec, expected) in cases {
        let found = errors(spec);
        assert!(found.iter().any(|error| error.contains(expected)), "{spec}: {found:#?}");
    }
}

#[test]
fn all_errors_are_reported() {
    let spec = "tables: { t: { columns: { a: { type: 'x y' , nullable: 1 }, b: } }, a.b.c: { rls: { enabled: 3 } } }";
    assert_eq!(errors(spec).len(), 5, "{:#?}", errors(spec));
}

/// Loads two specs.
fn two(first: &str, second: &str) -> Result<Specs, Vec<Diagnostic>> {
    let mut sources = SourceMap::new();
    let files = [sources.add("a.yaml", first), sources.add("b.yaml", second)];
    crate::spec::load(&files, &sources)
}

#[test]
fn two_specs_complete_each_other() {
    let specs = two(
        "tables: { t: { columns: { a: { type: [text, int8], from: 'x:1' } } } }",
        "tables: { public.t: { columns: { A: { type: [bigint, uuid], nullable: false }, b: text }, rls: { enabled: true } } }",
    )
    .unwrap();
    let ids: Vec<&str> = specs.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
    assert_eq!(ids, ["table public.t", "column public.t.a", "column public.t.b", "row level security public.t"]);
    let Demand::Column(_, column) = &specs.requirements[1].demand else { panic!("no column") };
    assert_eq!(column.types.len(), 1);
    assert!(!column.nullable.as_ref().unwrap().value);
}

/// What one spec adds to another keeps its own place: the third one contradicts the second.
#[test]
fn contradictions_among_three_specs() {
    let mut sources = SourceMap::new();
    let column = |demand: &str| format!("tables: {{ t: {{ columns: {{ a: {demand} }} }} }}\n");
    let long = format!("# {}\n{}", "long ".repeat(40), column("{ type: text, nullable: true }"));
    let files = [column("{ unique: true }"), long, column("uuid"), column("{ nullable: false }")];
    let ids: Vec<FileId> =
        files.iter().enumerate().map(|(i, text)| sources.add(format!("{i}.yaml"), text.as_str())).collect();
    let wrong = crate::spec::load(&ids, &sources).unwrap_err();
    let shown: Vec<String> = wrong
        .iter()
        .map(|diagnostic| diagnostic.labels.iter().map(|label| at(&sources, label.place, "")).collect::<String>())
        .collect();
    assert_eq!(shown, ["2.yaml:1 1.yaml:2 ", "3.yaml:1 1.yaml:2 "]);
}

#[test]
fn contradictions_show_both_lines() {
    let contradict = |first: &str, second: &str| {
        let wrong = two(first, second).err().unwrap_or_default();
        let [one] = wrong.as_slice() else { panic!("{first} {second} {wrong:#?}") };
        assert_eq!(one.labels.len(), 2);
        one.message.clone()
    };
    let column = |what: &str| format!("tables: {{ t: {{ columns: {{ a: {what} }} }} }}");
    assert_eq!(
        contradict(&column("text"), &column("uuid")),
        "two requirements on column public.t.a contradict each other in `type`"
    );
    contradict(&column("{ nullable: true }"), &column("{ nullable: false }"));
    contradict(&column("{ default: ~ }"), &column("{ default: now() }"));
    contradict(&column("{ unique: true }"), &column("{ unique: false }"));
    contradict(&column("{ unique: true, severity: info }"), &column("{ unique: true }"));
    let rls = |on: bool| format!("tables: {{ t: {{ rls: {{ enabled: {on} }} }} }}");
    contradict(&rls(true), &rls(false));
    let key = |columns: &str| format!("tables: {{ t: {{ constraints: [{{ primary_key: {columns} }}] }} }}");
    contradict(&key("[a]"), &key("[b]"));
    let policy =
        |using: &str| format!("tables: {{ t: {{ policies: [{{ name: p, command: select, using: {using} }}] }} }}");
    contradict(&policy("a = b"), &policy("a = c"));
    assert!(two(&policy("a = b"), &policy("a  =  b")).is_ok());
}

#[test]
fn what_is_forbidden_cannot_be_required() {
    let wrong = |forbidden: &str, required: &str| {
        let wrong = two(&format!("forbid: [{{ {forbidden} }}]"), required).err().unwrap_or_default();
        wrong.first().map(|diagnostic| (diagnostic.message.clone(), diagnostic.labels.len()))
    };
    let column = "tables: { users: { columns: { tesla_id: text } } }";
    let expected = Some(("column public.users.tesla_id is required and forbidden".to_owned(), 2));
    assert_eq!(wrong("column: Users.Tesla_ID", column), expected);
    assert_eq!(wrong("column: 'tesla_*'", column), expected);
    assert_eq!(wrong("column: vehicles.tesla_id", column), None);
    assert_eq!(wrong("column: auth.users.tesla_id", column), None);
    assert!(wrong("table: users", column).is_some());
    assert!(wrong("schema: public", column).is_some());
    assert!(wrong("index: i", "tables: { t: { indexes: [{ columns: a, name: i }] } }").is_some());
    assert!(wrong("policy: t.p", "tables: { t: { policies: [{ command: all, name: p }] } }").is_some());
    assert!(wrong("constraint: t.c", "tables: { t: { constraints: [{ unique: a, name: c }] } }").is_some());
}

/// Pieces of specs, right and wrong.
fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "spec",
        "forbid",
        "tables",
        "columns",
        "type",
        "table",
        "column",
        "indexes",
        "policies",
        "rls",
        "enabled",
        "using",
        "check",
        "command",
        "select",
        "constraints",
        "foreign_key",
        "references",
        "users(id)",
        "primary_key",
        "waive",
        "until",
        "2026-01-01",
        "true",
        "text",
        "numeric(1,",
        "\"a",
        "a.b.c",
        "*",
        "~",
        "''",
        "é\u{0}",
        "((",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "\n      - ",
        ": ",
        ":",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "&a ",
        "*a",
        "|\n ",
        "'",
        "\"",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

/// Trees with the language's keys and any values.
fn trees() -> impl Strategy<Value = String> {
    let keys = [
        "forbid",
        "tables",
        "t",
        "columns",
        "indexes",
        "constraints",
        "rls",
        "policies",
        "table",
        "column",
        "type",
        "default",
        "nullable",
        "unique",
        "foreign_key",
        "references",
        "columns",
        "check",
        "primary_key",
        "where",
        "prefix",
        "command",
        "roles",
        "using",
        "waive",
        "until",
        "only",
        "never",
        "severity",
        "from",
    ];
    let leaf = prop_oneof![
        "[a-z_*.\"()', =$;?]{0,12}".prop_map(|text| serde_json::Value::String(text).to_string()),
        Just("~".to_owned()),
        Just("true".to_owned()),
        Just("1".to_owned()),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let key = prop::sample::select(keys.to_vec());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::btree_map(key, inner, 0..5).prop_map(|entries| {
                let entries: Vec<String> = entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{ {} }}", entries.join(", "))
            }),
        ]
    })
}

/// Loads and checks; every place must lie in the spec.
fn survives(spec: &str) {
    let db = Db::usual();
    match load_spec(&db, spec) {
        Ok((specs, _)) => {
            let outcome = check_on(&specs, &db.catalog);
            assert_eq!(outcome.requirements.len(), specs.requirements.len());
        }
        Err(wrong) => {
            for label in wrong.iter().flat_map(|diagnostic| &diagnostic.labels) {
                assert!(spec.get(label.place.span.range()).is_some(), "{label:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(spec in prop_oneof![pieces(), "\\PC{0,80}"]) {
        survives(&spec);
    }

    #[test]
    fn no_tree_makes_it_panic(spec in trees()) {
        survives(&format!("tables: {{ vehicles: {spec} }}"));
        survives(&spec);
    }
}
