use super::*;
use crate::sql::ParseError;
use crate::sql::ast::StatementKind;
use crate::sql::span::Loc;

fn body(text: &str) -> Body {
    let code = Code { text: text.to_owned(), verbatim_at: Loc::NONE };
    parse(&code, &Environment::default()).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

fn error(text: &str) -> (String, u32) {
    let code = Code { text: text.to_owned(), verbatim_at: Loc::NONE };
    match parse(&code, &Environment::default()) {
        Err(ParseError::Syntax(error)) => (error.message, error.at.start),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_guard() {
    let text = "BEGIN
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'v') THEN
    ALTER TABLE v ADD COLUMN a int;
  END IF;
END;";
    let body = body(text);
    let [Stmt { kind: StmtKind::If { branches, otherwise }, .. }] = body.block.body.as_slice() else {
        panic!("{body:?}")
    };
    assert!(otherwise.is_empty());
    let inner = &branches[0].1[0];
    assert_eq!(&text[inner.span.range()], "ALTER TABLE v ADD COLUMN a int");
    assert!(matches!(&inner.kind, StmtKind::Sql { statement, into: None }
        if matches!(statement.sql, StatementKind::AlterTable(_))));
}

#[test]
fn places_are_places_in_the_file() {
    let code = Code { text: "BEGIN DROP TABLE t; END".to_owned(), verbatim_at: Loc::at(100) };
    let body = parse(&code, &Environment::default()).unwrap();
    assert_eq!(body.block.body[0].span, crate::sql::span::Span::new(106, 118));
}

#[test]
fn every_statement() {
    let body = body(
        "<<outer>>
DECLARE
  i int := 1; s text NOT NULL DEFAULT 'a'; c CONSTANT text = 'b'; r record; n numeric(8,2)[]; t pg_class.relname%TYPE;
  row pg_catalog.pg_class%ROWTYPE; other ALIAS FOR i; cur CURSOR (x int) FOR SELECT x; ref refcursor;
BEGIN
  i := i + 1; i = 2; n[1] := 3; r.a := 4; outer.i := 5;
  CASE i WHEN 1, 2 THEN NULL; ELSE NULL; END CASE;
  CASE WHEN i > 1 THEN NULL; END CASE;
  LOOP EXIT outer WHEN i > 3; CONTINUE WHEN false; EXIT; END LOOP;
  WHILE i < 3 LOOP i := i + 1; END LOOP;
  FOR k IN REVERSE 3..1 BY 2 LOOP PERFORM k; END LOOP;
  FOR r IN SELECT relname FROM pg_class LOOP NULL; END LOOP;
  FOR r IN EXECUTE 'SELECT 1' USING i LOOP NULL; END LOOP;
  FOR q IN cur(3) LOOP NULL; END LOOP;
  FOREACH s SLICE 0 IN ARRAY ARRAY['a', 'b'] LOOP NULL; END LOOP;
  <<l>> FOR i, s IN SELECT 1, 'a' LOOP EXIT l; END LOOP l;
  RAISE NOTICE 'a % %%', i;
  RAISE EXCEPTION USING ERRCODE = 'unique_violation', MESSAGE = 'x';
  RAISE duplicate_object; RAISE SQLSTATE '42710'; RAISE 'plain';
  ASSERT i > 0, 'positive';
  EXECUTE format('DROP TABLE %I', 'x') INTO STRICT r USING i, s;
  EXECUTE 'SELECT 1' USING i INTO i;
  SELECT relname, 1 INTO s, i FROM pg_class WHERE relname = 'x';
  INSERT INTO t VALUES (1) RETURNING a INTO STRICT i;
  PERFORM count(*) FROM pg_class;
  GET DIAGNOSTICS i = ROW_COUNT; GET STACKED DIAGNOSTICS s := MESSAGE_TEXT;
  OPEN ref FOR SELECT 1; OPEN cur(1); OPEN ref FOR EXECUTE 'SELECT 1';
  FETCH NEXT FROM cur INTO r; MOVE FORWARD 2 FROM cur; CLOSE cur;
  CALL p(i); COMMIT; ROLLBACK AND CHAIN;
  CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;
  BEGIN NULL; EXCEPTION WHEN duplicate_object OR SQLSTATE '42P07' THEN RAISE; WHEN OTHERS THEN s := SQLERRM; END;
  RETURN;
EXCEPTION WHEN OTHERS THEN NULL;
END outer",
    );
    assert_eq!(body.block.declarations.len(), 10);
    assert_eq!(body.block.body.len(), 40);
    assert_eq!(body.block.handlers.len(), 1);
}

#[test]
fn returns() {
    let body = body("BEGIN RETURN NEXT 1; RETURN QUERY SELECT 1; RETURN QUERY EXECUTE 'SELECT 1'; RETURN 1 + 1; END");
    assert_eq!(body.block.body.len(), 4);
}

/// The messages are PostgreSQL 15's.
#[test]
fn errors() {
    assert_eq!(error("BEGIN x := 1; END"), ("\"x\" is not a known variable".to_owned(), 6));
    assert_eq!(error("BEGIN SELECT 1 INTO x; END").0, "\"x\" is not a known variable");
    assert_eq!(error("BEGIN IF true NULL; END IF; END").0, "missing \"THEN\" at end of SQL expression");
    assert_eq!(error("BEGIN NULL END"), ("syntax error at or near \"END\"".to_owned(), 11));
    assert_eq!(error("BEGIN NULL;").0, "syntax error at end of input");
    assert_eq!(error("BEGIN RAISE NOTICE '%'; END").0, "too few parameters specified for RAISE");
    assert_eq!(error("BEGIN RAISE NOTICE '%%', 1; END").0, "too many parameters specified for RAISE");
    assert_eq!(error("<<a>> BEGIN NULL; END b").0, "end label \"b\" differs from block's label \"a\"");
    assert_eq!(
        error("BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; END").0,
        "loop variable of loop over rows must be a record variable or list of scalar variables"
    );
    assert_eq!(error("BEGIN ALTER TABLE t ADD COLUMN; END").0, "syntax error at end of input");
    assert_eq!(error("DECLARE a int; a int; BEGIN END").0, "duplicate declaration at or near \"a\"");
}
