use proptest::prelude::*;

use super::super::span::Loc;
use super::*;

/// What each segment is, with its text.
fn outline(text: &str) -> Vec<(&'static str, &str)> {
    parse(text)
        .iter()
        .map(|segment| match segment {
            Segment::Statement(statement) => ("statement", &text[statement.span.range()]),
            Segment::SyntaxError(error) => ("error", &text[error.statement.range()]),
            Segment::Unparsed { span, .. } => ("unparsed", &text[span.range()]),
            Segment::MetaCommand { span, .. } => ("meta", &text[span.range()]),
        })
        .collect()
}

/// The only syntax error of a text: the message and the text it points at.
fn error(text: &str) -> (String, &str) {
    let segments = parse(text);
    let mut errors = segments.iter().filter_map(|segment| match segment {
        Segment::SyntaxError(error) => Some(error),
        _ => None,
    });
    match (errors.next(), errors.next()) {
        (Some(error), None) => (error.message.clone(), &text[error.at.range()]),
        _ => panic!("{text} is parsed to {segments:?}"),
    }
}

#[test]
fn spans_have_neither_comments_nor_white_space_nor_semicolons() {
    let text = "\u{feff}/* a */ select 1 /* b */ ; -- c\r\n\tselect 2 -- d ; '\n;;\nselect '--' -- e";
    assert_eq!(outline(text), [("statement", "select 1"), ("statement", "select 2"), ("statement", "select '--'")]);
    assert_eq!(outline(""), []);
    assert_eq!(outline("\u{feff}"), []);
    assert_eq!(outline(" -- nothing\n;"), []);
}

#[test]
fn a_broken_statement_does_not_hide_the_others() {
    assert_eq!(
        outline("select 1; selekt 2; create table t (a int,, b int); select 3"),
        [
            ("statement", "select 1"),
            ("error", "selekt 2"),
            ("error", "create table t (a int,, b int)"),
            ("statement", "select 3"),
        ]
    );
}

#[test]
fn what_is_not_closed_does_not_swallow_the_rest() {
    assert_eq!(
        outline("create table t (a int;\ncreate table u (b int);\nselect 1;"),
        [("error", "create table t (a int"), ("statement", "create table u (b int)"), ("statement", "select 1")]
    );
    assert_eq!(
        outline("insert into t values ('it's');\n-- next\n\ncreate table u (b text default 'y');\n"),
        [("error", "insert into t values ('it's')"), ("statement", "create table u (b text default 'y')")]
    );
    assert_eq!(
        outline("create function f() returns int language sql as $$\n  select 1;\n\nalter table t add b int;\n"),
        [
            ("error", "create function f() returns int language sql as $$\n  select 1"),
            ("statement", "alter table t add b int")
        ]
    );
    // A file that is closed is split by PostgreSQL's rules alone.
    assert_eq!(
        outline("create function f() returns int langage sql as $$\nselect 1;\ncreate table t ();\n$$; select 2"),
        [
            ("error", "create function f() returns int langage sql as $$\nselect 1;\ncreate table t ();\n$$"),
            ("statement", "select 2")
        ]
    );
}

#[test]
fn errors_are_where_postgresql_says() {
    assert_eq!(error("select 1; selekt 2"), ("syntax error at or near \"selekt\"".into(), "selekt"));
    assert_eq!(error("select 'ü€😀', \"ß\" x x"), ("syntax error at or near \"x\"".into(), "x"));
    assert_eq!(error("select (1;"), ("syntax error at or near \";\"".into(), ";"));
    assert_eq!(error("select (1 -- ü"), ("syntax error at end of input".into(), ""));
    assert_eq!(error("ü ÄÖ"), ("syntax error at or near \"ü\"".into(), "ü"));
    assert_eq!(
        error("select 'ü\nb").0,
        "unterminated quoted string at or near \"'ü\nb\"",
        "PostgreSQL quotes all that follows"
    );
    assert_eq!(error("select 'ü\nb").1, "'ü");
    assert_eq!(error("select E'ü\\xq\\u12'"), ("invalid Unicode escape".into(), "\\"));
    assert_eq!(error("select 12x"), ("trailing junk after numeric literal at or near \"12x\"".into(), "12x"));
    let text = "-- ü\nselect 1;\n  select 'ü' frm tü;";
    let Some(Segment::SyntaxError(error)) = parse(text).pop() else { panic!("{text} is valid") };
    assert_eq!(&text[error.at.range()], "tü");
}

#[test]
fn errors_have_their_sqlstate() {
    let sqlstate = |text: &str| match parse(text).pop() {
        Some(Segment::SyntaxError(error)) => error.sqlstate,
        other => panic!("{text} is parsed to {other:?}"),
    };
    assert_eq!(sqlstate("selekt"), "42601");
    assert_eq!(sqlstate("create assertion a check (true)"), "0A000");
    assert_eq!(sqlstate("select E'\\u12'"), "22025");
    assert_eq!(sqlstate("select E'\\xff'"), "22021");
    assert_eq!(sqlstate("select '\0'"), "22021");
}

#[test]
fn a_nul_byte_breaks_its_statement_only() {
    let text = "select 1; select 'a\0b'; select 3";
    assert_eq!(outline(text), [("statement", "select 1"), ("error", "select 'a\0b'"), ("statement", "select 3")]);
    assert_eq!(error(text), ("invalid byte sequence for encoding \"UTF8\": 0x00".into(), "\0"));
}

#[test]
fn psql_and_drizzle_are_understood() {
    let text = "\\set x 1\nselect 1;\ncopy t from stdin;\nselect\t'\n\\.\n\\if :x\nselect 2 \\gexec\nselect 3;";
    assert_eq!(
        outline(text),
        [
            ("meta", "\\set x 1"),
            ("statement", "select 1"),
            ("statement", "copy t from stdin"),
            ("meta", "\\if :x"),
            ("statement", "select 2"),
            ("meta", "\\gexec"),
            ("statement", "select 3"),
        ]
    );
    assert_eq!(outline("copy t from stdin;\nselect 1;\n\\.\n"), [("statement", "copy t from stdin")]);
    assert_eq!(
        outline(
            "create table a (b int)\n--> statement-breakpoint\nalter table a add c int;--> statement-breakpoint\nselect 1"
        ),
        [("statement", "create table a (b int)"), ("statement", "alter table a add c int"), ("statement", "select 1")]
    );
}

#[test]
fn variables_of_psql_are_errors_outside_of_its_scripts_only() {
    for variable in [":x", ":'x'", ":\"x\"", ":{?x}", ":ü1"] {
        let text = format!("\\set x 1\nselect {variable}; select 2;");
        assert_eq!(
            outline(&text)[1..],
            [("unparsed", format!("select {variable}").as_str()), ("statement", "select 2")],
            "{variable}"
        );
        let text = format!("select {variable}");
        match parse(&text).as_slice() {
            [Segment::SyntaxError(error)] => assert!(error.help.as_deref().is_some_and(|help| help.contains("psql"))),
            other => panic!("{text} is parsed to {other:?}"),
        }
    }
    assert_eq!(outline("\\set x 1\nselect : 1")[1], ("error", "select : 1"));
    assert_eq!(psql_variable("a::b", 1), None);
}

#[test]
fn second_opinions_are_for_errors_of_the_grammar() {
    let help = |text: &str| match parse(text).pop() {
        Some(Segment::SyntaxError(error)) => error.help,
        other => panic!("{text} is parsed to {other:?}"),
    };
    assert_eq!(help("create table t (a int,);").as_deref(), Some("expected column name or constraint definition"));
    assert_eq!(help("create table `t` (a int)").as_deref(), Some("this statement is valid MySQL, but not PostgreSQL"));
    assert_eq!(help("select 1_"), None);
    assert_eq!(help("selekt 1"), None);
}

#[test]
fn bodies_are_found_in_the_source() {
    for (sql, body, verbatim) in [
        ("select 1; do $$ü begin$$", "ü begin", true),
        ("do language plpgsql $x$a$x$", "a", true),
        ("do 'a' language plpgsql", "a", true),
        ("do 'a''b'", "a'b", false),
        ("do E'a'", "a", true),
        ("do E'a\\nb'", "a\nb", false),
        ("do 'a'\n'b'", "ab", false),
        ("do U&'a'", "a", true),
        ("create function f(a text default 'x') returns int language 'sql' as /* $$ */ $f$ü$f$", "ü", true),
        ("create function f() returns int as 'select ''1''' language sql", "select '1'", false),
    ] {
        let segments = parse(sql);
        let code = match segments.last() {
            Some(Segment::Statement(Statement { kind: StatementKind::Do(block), .. })) => block.body.clone(),
            Some(Segment::Statement(Statement { kind: StatementKind::CreateFunction(function), .. })) => {
                function.body[0].clone()
            }
            other => panic!("{sql} is parsed to {other:?}"),
        };
        assert_eq!(code.text, body, "{sql}");
        let place = code.verbatim_at.offset().map(|offset| &sql[offset as usize..][..body.len()]);
        assert_eq!(place, verbatim.then_some(body), "{sql}");
    }
}

#[test]
fn places_are_shifted_by_the_base() {
    let locs = |segments: Vec<Segment>| match segments.as_slice() {
        [_, Segment::Statement(Statement { kind: StatementKind::Truncate { relations, .. }, span })] => {
            (relations[0].name.loc, *span)
        }
        other => panic!("parsed to {other:?}"),
    };
    let text = "select 1; truncate ü";
    assert_eq!(locs(parse(text)), (Loc::at(19), Span::new(10, 21)));
    assert_eq!(locs(Grammar::NEWEST.parse_statements_at(text, 100)), (Loc::at(119), Span::new(110, 121)));
    match Grammar::NEWEST.parse_statements_at("select 1; selekt", 100).pop() {
        Some(Segment::SyntaxError(error)) => {
            assert_eq!((error.at, error.statement), (Span::new(110, 116), Span::new(110, 116)));
        }
        other => panic!("parsed to {other:?}"),
    }
}

#[test]
fn fragments_are_parsed() {
    let expr = Grammar::NEWEST.parse_expr_at("a + 1", 50).unwrap();
    let ExprKind::Op { left: Some(left), .. } = &expr.kind else { panic!("{expr:?}") };
    assert_eq!((expr.loc, left.loc), (Loc::at(52), Loc::at(50)));
    assert!(matches!(parse_expr("a, b"), Err(ParseError::Syntax(_))));
    assert!(matches!(parse_expr("a from t"), Err(ParseError::Syntax(_))));
    assert!(matches!(parse_expr("a b c"), Err(ParseError::Syntax(error)) if error.at == Span::new(4, 5)));
    assert!(matches!(parse_expr(""), Err(ParseError::Syntax(_))));

    let ty = Grammar::NEWEST.parse_type_name_at("numeric(8, 2)[]", 5).unwrap();
    assert_eq!((ty.name.name.as_str(), ty.typmods.len(), ty.array_dims, ty.loc), ("numeric", 2, 1, Loc::at(5)));
    assert!(parse_type_name("t.a%type").unwrap().percent_type.is_some());
    assert!(parse_type_name("setof s.t").unwrap().setof);
    for text in ["select", "", "int language sql", "int; select 1", "table (a int)", "int as 'x'", "int return 1"] {
        assert!(matches!(parse_type_name(text), Err(ParseError::Syntax(_))), "{text}");
    }
    match Grammar::NEWEST.parse_type_name_at("ünt x", 5) {
        Err(ParseError::Syntax(error)) => {
            assert_eq!((error.at, error.statement), (Span::new(10, 11), Span::new(5, 11)))
        }
        other => panic!("{other:?}"),
    }

    assert!(parse_query("with a as (select 1) table a").is_ok());
    assert!(matches!(parse_query("delete from t"), Err(ParseError::Syntax(_))));
    assert!(matches!(parse_query("select 1; select 2"), Err(ParseError::Syntax(_))));
    assert!(Grammar::NEWEST.parse_plpgsql_expr_at("a, b from t where c", 0).is_ok());

    let assign =
        |text, names| Grammar::NEWEST.parse_plpgsql_assign_at(text, 0, names).map(|a| (a.target, a.path.len()));
    assert_eq!(assign("a := 1", 1), Ok((vec!["a".into()], 0)));
    assert_eq!(assign("a[1] = 1", 1), Ok((vec!["a".into()], 1)));
    assert_eq!(assign("a.b.c[1] := b from t", 2), Ok((vec!["a".into(), "b".into()], 2)));
    assert_eq!(assign("$1 := 1", 1), Ok((vec!["$1".into()], 0)));
    assert!(matches!(assign("a := 1 +", 1), Err(ParseError::Syntax(_))));
}

/// `shape(n)`, alone in the middle of two other statements, for depths that the parser can and cannot carry.
fn assert_survives(name: &str, shape: impl Fn(usize) -> String) {
    for depth in [100, 900, 1_100, 4_999, 10_000, 100_000] {
        let text = format!("select 1;\n{};\nselect 2;", shape(depth));
        let kinds: Vec<&str> = outline(&text).into_iter().map(|(kind, _)| kind).collect();
        let middle = if depth < MAX_DEPTH as usize / 2 { "statement" } else { kinds[1] };
        assert_eq!(kinds, ["statement", middle, "statement"], "{name} of {depth}");
        assert_ne!(kinds[1], "error", "{name} of {depth} is valid");
    }
}

#[test]
fn depth_is_no_danger() {
    assert_survives("parentheses", |n| format!("select {}1{}", "(".repeat(n), ")".repeat(n)));
    assert_survives("operands", |n| format!("select 'a'{}", " || 'a'".repeat(n)));
    assert_survives("conjunctions", |n| format!("select a{}", " and (a or b)".repeat(n)));
    assert_survives("negations", |n| format!("select {}a", "not ".repeat(n)));
    assert_survives("sub-queries", |n| format!("select {}1{}", "(select ".repeat(n / 3), ")".repeat(n / 3)));
    assert_survives("calls", |n| format!("select {}1{}", "f(".repeat(n), ")".repeat(n)));
    assert_survives("casts", |n| format!("select 1{}", "::int".repeat(n)));
    assert_survives("subscripts", |n| format!("select {}1{}", "a[".repeat(n), "]".repeat(n)));
    assert_survives("cases", |n| format!("select {}1{}", "case when a then ".repeat(n), " end".repeat(n)));
    assert_survives("unions", |n| format!("select 1{}", " union select 1".repeat(n)));
    assert_survives("joins", |n| format!("select from a{}", " join a on b".repeat(n)));
    assert_survives("ctes", |n| format!("{}select 1{}", "with a as (".repeat(n / 3), ") select 1".repeat(n / 3)));
    assert_survives("grouping sets", |n| {
        format!("select from a group by {}a{}", "grouping sets (".repeat(n), ")".repeat(n))
    });
    assert_survives("explain", |n| format!("select 1 in ({}1)", "1, ".repeat(n)));
}

#[test]
fn chains_that_the_parser_cannot_carry_are_not_the_users_error() {
    let text = format!("select 'a'{}", " || 'a'".repeat(4_998));
    assert!(matches!(parse(&text).as_slice(), [Segment::Unparsed { .. }]));
    let text = format!("'a'{}", " || 'a'".repeat(2_000));
    assert!(matches!(parse_expr(&text), Err(ParseError::Unparsed { .. })));
    let text = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(matches!(parse_expr(&text), Err(ParseError::Unparsed { .. }) | Ok(_)));
}

#[test]
fn large_files_are_parsed_in_parts() {
    let statement = "create table t (a int, b text default ';' /* ; */);\n";
    let count = 20_000;
    let text = statement.repeat(count / 2) + "selekt;\n" + &statement.repeat(count / 2);
    assert!(text.len() > WHOLE);
    let segments = parse(&text);
    assert_eq!(segments.len(), count + 1);
    let mut end = 0;
    for segment in &segments {
        let span = match segment {
            Segment::Statement(statement) => statement.span,
            Segment::SyntaxError(error) => error.statement,
            other => panic!("{other:?}"),
        };
        assert!(span.start >= end && text[span.range()].starts_with(['c', 's']));
        end = span.end;
    }
}

#[test]
fn huge_statements_are_not_the_users_error() {
    let text = format!("select 1;\nselect '{}';\nselect 2;", "x".repeat(MAX_STATEMENT));
    let kinds: Vec<&str> = outline(&text).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["statement", "unparsed", "statement"]);
}

#[test]
fn threads_may_parse_at_once() {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(parse("select 1; selekt; select 2").len(), 3);
                }
            });
        }
    });
    // Standard error is still what it was.
    eprintln!();
}

/// Pieces of SQL that are valid, broken or strange, in any order.
fn soup() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "select 1",
        "select 'a;b'",
        "create table t (a int)",
        "do $$ begin; end $$",
        "create function f() begin atomic select 1; end",
        "copy t from stdin",
        "\n1\t2\n\\.\n",
        "\n\\echo x\n",
        "--> statement-breakpoint\n",
        "-- c\n",
        "/* c */",
        ";",
        ";",
        ";\n",
        "\n",
        " ",
        "(",
        ")",
        "'",
        "\"",
        "$$",
        "\0",
        "\u{feff}",
        "ü",
        "begin",
        "end",
        "case",
        "create",
        "function",
        "\\",
        "\\gexec",
    ]);
    prop::collection::vec(fragment, 0..12).prop_map(|fragments| fragments.join(" "))
}

/// All segments lie in the text, in order and at character boundaries.
fn check_segments(text: &str) -> Result<(), TestCaseError> {
    let mut end = 0;
    for segment in parse(text) {
        let span = match &segment {
            Segment::Statement(statement) => statement.span,
            Segment::SyntaxError(error) => {
                prop_assert!(error.at.end as usize <= text.len() && text.get(error.at.range()).is_some());
                error.statement
            }
            Segment::Unparsed { span, .. } | Segment::MetaCommand { span, .. } => *span,
        };
        prop_assert!(span.start >= end && span.end >= span.start, "{:?} after {}", segment, end);
        prop_assert!(text.get(span.range()).is_some());
        end = span.end;
    }
    Ok(())
}

/// Valid statements with what may stand between them.
fn scripts() -> impl Strategy<Value = String> {
    let statement = prop::sample::select(vec![
        "select 1",
        "select ';' as \"a;b\"",
        "create rule r as on insert to t do (select 1; select 2)",
        "create function f() returns int language sql begin atomic select case when a then 1 end; select 2; end",
        "create or replace procedure p() begin atomic; insert into t values (1); end",
        "do $x$ begin; $$;$$ end $x$",
        "insert into t values (E'\\';', 'a'\n 'b;')",
        "begin",
        "end",
        "/* ; */ table t -- ;\n",
    ]);
    let separator = prop::sample::select(vec![";", "; ", ";\n-- c;\n", ";;", " ; /* ; */ "]);
    prop::collection::vec((statement, separator), 0..8)
        .prop_map(|parts| parts.into_iter().map(|(statement, separator)| format!("{statement}{separator}")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_to_segments_in_order(text in any::<String>()) {
        check_segments(&text)?;
    }

    #[test]
    fn any_soup_is_parsed_to_segments_in_order(text in soup()) {
        check_segments(&text)?;
    }

    #[test]
    fn any_fragment_is_parsed_or_refused(text in soup()) {
        let _ = (parse_expr(&text), parse_type_name(&text), parse_query(&text), Grammar::NEWEST.parse_plpgsql_assign_at(&text, 7, 2));
    }

    #[test]
    fn pieces_are_those_of_the_parser(text in scripts()) {
        let theirs: Vec<String> = pg_query::split_with_parser(&text)
            .map_err(|error| TestCaseError::fail(error.to_string()))?
            .into_iter()
            .map(|statement| {
                let span = trimmed(statement, Span::new(0, statement.len() as u32));
                statement[span.range()].to_owned()
            })
            .collect();
        let ours: Vec<String> = Splitter::new(&text)
            .filter_map(|piece| match piece {
                Piece::Statement(raw) => Some(text[raw.span.range()].to_owned()),
                Piece::MetaCommand { .. } => None,
            })
            .collect();
        prop_assert_eq!(&ours, &theirs);
        let parsed: Vec<String> = outline(&text).into_iter().map(|(_, text)| text.to_owned()).collect();
        prop_assert_eq!(&parsed, &theirs);
    }
}

#[test]
fn segments_that_are_handed_over_are_those_that_are_kept() {
    let long = "create table t (id int);\n".repeat(WHOLE / 20);
    let scripts = [
        "create table t (id int); selec 1; drop table t".to_owned(),
        "\\set name t\ncreate table :name (id int);\ncopy t from stdin;\n1\n\\.\ndrop table t;".to_owned(),
        "create function f() returns int as $$ select 1;\ncreate table t (id int);\ndrop table t;".to_owned(),
        format!("{long}create tabel u;\n{long}\\echo done\n{long}"),
    ];
    for script in scripts {
        let mut segments = Vec::new();
        Grammar::NEWEST.parse_each(&script, &mut |segment| {
            segments.push(segment);
            ControlFlow::Continue(())
        });
        assert_eq!(segments, parse(&script));
    }
}

#[test]
fn no_segment_is_handed_over_after_the_last_that_is_wanted() {
    let mut seen = 0;
    Grammar::NEWEST.parse_each(&"select 1;\n".repeat(WHOLE), &mut |_| {
        seen += 1;
        if seen < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert_eq!(seen, 3);
}
