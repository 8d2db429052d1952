use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// The tree with what each node's place shows.
fn show(text: &str) -> String {
    match parse(text) {
        Ok(node) => {
            let mut out = String::new();
            write_node(&mut out, text, &node);
            out
        }
        Err(error) => {
            let mut out = format!("error: {} @ {:?}", error.message, &text[error.span.range()]);
            if let Some((span, label)) = error.related {
                write!(out, "; {label} @ {}", span.start).unwrap();
            }
            out
        }
    }
}

fn write_node(out: &mut String, text: &str, node: &Node) {
    let written = &text[node.span.range()];
    match &node.kind {
        NodeKind::Null => write!(out, "null<{written}>").unwrap(),
        NodeKind::Scalar(scalar) => write!(out, "{:?}<{written}>", scalar.text).unwrap(),
        NodeKind::Sequence(items) => {
            out.push('[');
            for item in items {
                write_node(out, text, item);
                out.push(' ');
            }
            write!(out, "]<{}>", written.len()).unwrap();
        }
        NodeKind::Mapping(entries) => {
            out.push('{');
            for Entry { key, value } in entries {
                write!(out, "{}<{}>=", key.value, &text[key.span.range()]).unwrap();
                write_node(out, text, value);
                out.push(' ');
            }
            write!(out, "}}<{}>", written.len()).unwrap();
        }
    }
}

#[test]
fn scalars_stay_text() {
    assert_eq!(show("003"), r#""003"<003>"#);
    assert_eq!(
        show("[1.10, no, 20240101120000, 0x1F, 'null', ~]"),
        r#"["1.10"<1.10> "no"<no> "20240101120000"<20240101120000> "0x1F"<0x1F> "null"<'null'> null<~> ]<43>"#
    );
    assert_eq!(show("!!str null"), r#""null"<!!str null>"#);
}

#[test]
fn places_are_bytes() {
    assert_eq!(show("ü: ä\r\n'ö€': \"𝄞\"\r\n"), r#"{ü<ü>="ä"<ä> ö€<'ö€'>="𝄞"<"𝄞"> }<23>"#);
    let long = format!("{}: [\"{}\", x]", "ü".repeat(200), "€".repeat(300));
    assert!(show(&long).contains(r#""x"<x>"#));
}

#[test]
fn a_block_ends_with_its_last_child() {
    let text = "a:\n  b: c\n\n# remark\nd: |\n  x\n  y\n\n\ne:\n  - f # g\n";
    assert_eq!(show(text), "{a<a>={b<b>=\"c\"<c> }<4> d<d>=\"x\\ny\\n\"<x\n  y> e<e>=[\"f\"<f> ]<3> }<43>");
}

#[test]
fn absent_values_have_an_empty_place() {
    assert_eq!(show("a:\nb: {c, d: }"), "{a<a>=null<> b<b>={c<c>=null<> d<d>=null<> }<8> }<14>");
    assert_eq!(show(""), "null<>");
    assert_eq!(show("# nothing\n"), "null<>");
}

#[test]
fn a_key_twice_names_the_first() {
    assert_eq!(show("a: 1\nb: 2\n'a': 3\n"), r#"error: the key `a` is given twice @ "'a'"; first given here @ 0"#);
    assert_eq!(show("a: {x: 1, x: 2}"), r#"error: the key `x` is given twice @ "x"; first given here @ 4"#);
}

#[test]
fn what_surprises_is_refused() {
    assert_eq!(show("a: &x {b: 1}\nc:\n  <<: *x\n"), r#"error: merge keys (`<<`) are not supported @ "<<""#);
    assert_eq!(show("a: !env HOME"), r#"error: the tag `!env` is not supported @ "!env HOME""#);
    assert_eq!(show("a: !!int 5"), r#"error: the tag `!!int` is not supported @ "!!int 5""#);
    assert_eq!(show("a: 1\n---\nb: 2\n"), r#"error: a second document in one file @ "---""#);
    assert_eq!(show("a: b\0c: d"), r#"error: YAML cannot hold a NUL byte @ "\0""#);
    assert_eq!(show("? [a]\n: b\n"), r#"error: a key must be text @ "[""#);
    assert_eq!(show("? \n: b\n"), r#"error: a key is missing @ """#);
}

#[test]
fn syntax_errors_have_a_place() {
    assert_eq!(show("a: b: c\n"), r#"error: invalid YAML: mapping values are not allowed in this context @ ":""#);
    assert_eq!(
        show("ü:\n\tb: c\n"),
        r#"error: invalid YAML: tabs disallowed within this context (block indentation) @ "b""#
    );
    assert_eq!(show("k: *nope\n"), r#"error: invalid YAML: while parsing node, found unknown anchor @ "*""#);
    assert_eq!(
        show("a: [1,\n"),
        r#"error: invalid YAML: while parsing a node, did not find expected node content @ """#
    );
}

#[test]
fn aliases() {
    assert_eq!(show("a: &x [1]\nb: *x\n"), r#"{a<a>=["1"<1> ]<6> b<b>=["1"<1> ]<6> }<11>"#);
    assert_eq!(show("a: &x [*x]\n"), r#"error: this alias stands for a value that contains it @ "*x""#);
    assert_eq!(show("a: &x b\n*x : c\n"), r#"{a<a>="b"<&x b> b<*x>="c"<c> }<14>"#);
}

#[test]
fn an_alias_bomb_is_refused_quickly() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{below}]").unwrap();
    }
    let start = Instant::now();
    assert!(show(&text).starts_with("error: aliases expand to more than 200000 values"));
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
}

#[test]
fn nested_anchors_cannot_hide_a_bomb() {
    let text = format!("{}{}", "&a [".repeat(60), "x, ".repeat(5_000));
    assert!(show(&format!("{text}{}", "]".repeat(60))).starts_with("error: aliases expand"));
}

#[test]
fn depth_is_bounded() {
    assert!(show(&"[".repeat(100)).starts_with("error: nested more than 64 levels deep"));
    // The scanner has a limit of its own on brackets that it reads ahead.
    assert!(show(&"[".repeat(100_000)).starts_with("error: invalid YAML: recursion limit exceeded"));
    assert!(show(&"- ".repeat(100_000)).starts_with("error: nested more than 64 levels deep"));
    assert!(parse(&format!("{}x{}", "[".repeat(64), "]".repeat(64))).is_ok());
    // 40 levels, and 40 more by an alias.
    let text = format!("a: &x {}{}\nb: {}*x{}", "[".repeat(40), "]".repeat(40), "[".repeat(40), "]".repeat(40));
    assert!(show(&text).starts_with("error: nested more than 64 levels deep @ \"*x\""));
}

#[test]
fn size_is_bounded() {
    let text = "- abcdefg\n".repeat(5_000_000);
    let start = Instant::now();
    assert_eq!(show(&text), r#"error: this YAML is larger than 8 MiB @ """#);
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
}

#[test]
fn a_part_has_places_in_the_whole() {
    let text = "# Ünï\n```yaml pgproof\na: [b, ä]\n```\n";
    let start = text.find("a: ").unwrap() as u32;
    let end = text.rfind("```").unwrap() as u32;
    let node = parse_part(text, Span::new(start, end)).unwrap();
    let mut out = String::new();
    write_node(&mut out, text, &node);
    assert_eq!(out, r#"{a<a>=["b"<b> "ä"<ä> ]<7> }<10>"#);
    assert!(parse_part(text, Span::new(900, 901)).is_ok());
}

/// Every place lies within the text and begins and ends at characters.
fn check_places(text: &str, node: &Node) {
    assert!(text.get(node.span.range()).is_some(), "{node:?} in {text:?}");
    match &node.kind {
        NodeKind::Null | NodeKind::Scalar(_) => {}
        NodeKind::Sequence(items) => items.iter().for_each(|item| check_places(text, item)),
        NodeKind::Mapping(entries) => {
            for Entry { key, value } in entries {
                assert!(text.get(key.span.range()).is_some(), "{key:?} in {text:?}");
                check_places(text, value);
            }
        }
    }
}

fn check(text: &str) {
    match parse(text) {
        Ok(node) => check_places(text, &node),
        Err(error) => {
            assert!(text.get(error.span.range()).is_some(), "{error:?} in {text:?}");
            if let Some((span, _)) = error.related {
                assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 500 } else { 20_000 }))]

    #[test]
    fn any_text_is_a_tree_or_an_error(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_yaml_like_text_is_a_tree_or_an_error(
        text in "([ \n\r\t:?&*!|>'\"%@`#{},\\[\\]\\-~ax0-2ü€𝄞\u{feff}\u{85}\u{2028}<]|: |\n  |- |\n- |&a |\\*a|a: |---\n|\\.\\.\\.\n){0,60}"
    ) {
        check(&text);
    }
}
