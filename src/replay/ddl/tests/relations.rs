//! Messages of PostgreSQL 15, statement by statement.

use crate::catalog::{Layer, Origin};
use crate::replay::{Context, Exec, Replay, Stop};
use crate::sql::Segment;

/// Runs a statement; on an error the catalog stays as it was.
fn run(replay: &mut Replay, sql: &str) -> String {
    let before = replay.clone();
    let origin = Origin { sequence: 1, layer: Layer::Baseline, ..Origin::nowhere() };
    let cx = Context::in_file(origin, sql.into());
    let mut result: Exec = Ok(());
    for segment in crate::sql::parse(sql) {
        let Segment::Statement(statement) = &segment else { return format!("{segment:?}") };
        result = result.and_then(|()| replay.execute(&statement.kind, &cx));
    }
    match result {
        Ok(()) => "ok".to_owned(),
        Err(stop) => {
            *replay = before;
            match stop {
                Stop::Error(error) => format!("{} {}", error.sqlstate, error.message),
                Stop::Opaque(opaque) => format!("opaque: {}", opaque.reason),
            }
        }
    }
}

fn check(setup: &str, cases: &[(&str, &str)]) {
    let mut replay = Replay::new(15);
    assert_eq!(run(&mut replay, setup), "ok", "{setup}");
    let mut wrong = String::new();
    for (sql, expected) in cases {
        let got = run(&mut replay, sql);
        if got != *expected {
            wrong += &format!("{sql}\n  expected: {expected}\n       got: {got}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn sequences() {
    check(
        "create table t (a int, b int generated always as identity); create view v as select 1 a, 2 b",
        &[
            ("create sequence s2 as text", "22023 sequence type must be smallint, integer, or bigint"),
            ("create sequence s10 as nosuch", "42704 type \"nosuch\" does not exist"),
            (
                "create sequence s3 as smallint maxvalue 40000",
                "22023 MAXVALUE (40000) is out of range for sequence data type smallint",
            ),
            ("create sequence s6 start 0", "22023 START value (0) cannot be less than MINVALUE (1)"),
            ("create sequence s7 owned by foo", "42601 invalid OWNED BY option"),
            ("create sequence s8 owned by foo.bar", "42P01 relation \"foo\" does not exist"),
            ("create sequence s13 owned by v.a", "ok"),
            ("create sequence s14 owned by t.zz", "42703 column \"zz\" of relation \"t\" does not exist"),
            ("alter sequence t_b_seq owned by t.a", "0A000 cannot change ownership of identity sequence"),
            ("alter sequence t cache 5", "42809 \"t\" is not a sequence"),
            ("alter sequence nosuch cache 5", "42P01 relation \"nosuch\" does not exist"),
            ("alter sequence if exists nosuch cache 5", "ok"),
            ("create sequence s11 increment 1 increment 2", "42601 conflicting or redundant options"),
            ("create sequence s15 minvalue 10 maxvalue 9223372036854775807 owned by none", "ok"),
        ],
    );
}

#[test]
fn relations_of_queries() {
    check(
        "create table t (a int, b int); create view v as select 1 a, 2 b; create temp table tmp1 (a int)",
        &[
            ("create or replace view v as select 1 a", "42P16 cannot drop columns from view"),
            ("create or replace view v as select 1 a, 2 c", "42P16 cannot change name of view column \"b\" to \"c\""),
            (
                "create or replace view v as select 1 a, 'x'::text b",
                "42P16 cannot change data type of view column \"b\" from integer to text",
            ),
            ("create or replace view v as select 1 a, 2 b, 'x' c", "ok"),
            ("create or replace view t as select 1 a", "42809 \"t\" is not a view"),
            ("create view v as select 1", "42P07 relation \"v\" already exists"),
            ("create view w(a,b,c) as select 1,2", "42601 CREATE VIEW specifies more column names than columns"),
            ("create view w as select 1 a, 2 a", "42701 column \"a\" specified more than once"),
            ("create view w as select zz from t", "42703 column \"zz\" does not exist"),
            ("create view w2 with (foo = 1) as select 1", "22023 unrecognized parameter \"foo\""),
            ("create view w8 as with c as (select a from t), d as (select * from c) select * from d", "ok"),
            ("create view w6 as select * into foo from t", "0A000 views must not contain SELECT INTO"),
            ("create unlogged view w7 as select 1", "42601 views cannot be unlogged because they do not have storage"),
            ("create materialized view m(a,b) as select 1", "42601 too many column names were specified"),
            ("create table tt(a,b) as select 1", "42601 too many column names were specified"),
            (
                "create materialized view m as select * from tmp1",
                "0A000 materialized views must not use temporary tables or views",
            ),
            ("create materialized view m as select a x from t", "ok"),
            ("refresh materialized view m", "ok"),
            ("refresh materialized view t", "0A000 \"t\" is not a materialized view"),
            ("create table if not exists t as select 1", "ok"),
            ("create table z3 as select 1 a, 2 a", "42701 column \"a\" specified more than once"),
            ("alter table v alter column c set default 'y'", "ok"),
        ],
    );
}

#[test]
fn names() {
    check(
        "create schema s;
         create table t (a int primary key, b int, constraint chk check (b > 0));
         create table u (a serial, t_id int references t (a));
         create index ti on t (b);
         create view v as select * from t;
         create type e as enum ('x'); create type ct as (a int, b int); create domain d as int check (value > 0);
         create function f(int) returns int language sql as 'select 1';
         create policy pol on t; create policy pol2 on t;
         create function tf() returns trigger language plpgsql as 'begin return new; end';
         create trigger trg before insert on t for each row execute function tf();
         create trigger trg2 before insert on t for each row execute function tf();
         create role r1; create role r2",
        &[
            ("alter table t rename to u", "42P07 relation \"u\" already exists"),
            ("alter table nosuch rename to z", "42P01 relation \"nosuch\" does not exist"),
            ("alter table if exists nosuch rename to z", "ok"),
            ("alter table v rename to v2; alter table v2 rename to v", "ok"),
            ("alter view t rename to z", "42809 \"t\" is not a view"),
            ("alter index t rename to tz; alter table tz rename to t", "ok"),
            ("alter sequence t rename to z", "42809 \"t\" is not a sequence"),
            ("alter table ct rename to z", "42809 \"ct\" is a composite type"),
            ("alter type t rename to z", "42809 t is a table's row type"),
            ("alter type _t rename to z", "42809 cannot alter array type t[]"),
            ("alter type ct rename to e", "42710 type \"e\" already exists"),
            ("alter type e rename to _e; alter type _e rename to e", "ok"),
            ("alter table t rename column zz to b", "42703 column \"zz\" does not exist"),
            ("alter table t rename column a to b", "42701 column \"b\" of relation \"t\" already exists"),
            ("alter table t rename column a to ctid", "42701 column name \"ctid\" conflicts with a system column name"),
            ("alter table t rename column ctid to x", "0A000 cannot rename system column \"ctid\""),
            ("alter view t rename column b to bx; alter table t rename column bx to b", "ok"),
            (
                "alter table u_a_seq rename column last_value to x",
                "42809 cannot rename columns of relation \"u_a_seq\"",
            ),
            (
                "alter table t rename constraint nosuch to x",
                "42704 constraint \"nosuch\" for table \"t\" does not exist",
            ),
            (
                "alter table t rename constraint chk to t_pkey",
                "42710 constraint \"t_pkey\" for relation \"t\" already exists",
            ),
            ("alter table t rename constraint t_pkey to ti", "42P07 relation \"ti\" already exists"),
            ("alter table t rename constraint t_pkey to pk2; alter index pk2 rename to t_pkey", "ok"),
            ("alter index t_pkey rename to chk", "42710 constraint \"chk\" for relation \"t\" already exists"),
            ("alter trigger nosuch on t rename to b", "42704 trigger \"nosuch\" for table \"t\" does not exist"),
            ("alter trigger trg on t rename to trg2", "42710 trigger \"trg2\" for relation \"t\" already exists"),
            ("alter policy pol on t rename to pol2", "42710 policy \"pol2\" for table \"t\" already exists"),
            ("alter schema s rename to public", "42P06 schema \"public\" already exists"),
            ("alter schema s rename to pg_x", "42939 unacceptable schema name \"pg_x\""),
            ("alter role r1 rename to r2", "42710 role \"r2\" already exists"),
            ("alter role postgres rename to x", "0A000 session user cannot be renamed"),
            ("alter function f(int) rename to g; alter function g(int) rename to f", "ok"),
            ("alter table ct rename column a to c; alter type ct rename attribute c to a", "ok"),
            ("alter type ct rename attribute a to b", "42701 column \"b\" of relation \"ct\" already exists"),
            ("alter table t set schema s; alter table t set schema s", "42P01 relation \"t\" does not exist"),
            ("alter table t set schema nosuch", "3F000 schema \"nosuch\" does not exist"),
            ("alter table t set schema s; alter table s.t set schema public", "ok"),
            ("alter table u set schema s", "ok"),
            ("alter sequence s.u_a_seq set schema public", "0A000 cannot move an owned sequence into another schema"),
            ("alter type ct set schema s; alter type s.ct set schema public", "ok"),
            ("alter table s.u owner to r1", "ok"),
            ("alter sequence s.u_a_seq owner to r2", "0A000 cannot change owner of sequence \"u_a_seq\""),
            ("alter table t owner to nosuch", "42704 role \"nosuch\" does not exist"),
            ("alter type s.u owner to r1", "42809 s.u is a table's row type"),
            ("alter schema s owner to r1; alter function f(int) owner to r1; alter domain d owner to r1", "ok"),
        ],
    );
}

#[test]
fn data() {
    check(
        "create table t (a int primary key, b int); create view v as select * from t; create sequence sq;
         create materialized view m as select 1 a; create type ct as (x int); create table r (a int references t)",
        &[
            ("insert into t(a,zz) values (1,2)", "42703 column \"zz\" of relation \"t\" does not exist"),
            ("insert into t(a,a) values (1,2)", "42701 column \"a\" specified more than once"),
            ("insert into t(a) values (1,2)", "42601 INSERT has more expressions than target columns"),
            ("insert into t(a,b) values (1)", "42601 INSERT has more target columns than expressions"),
            ("insert into t values (1,2,3)", "42601 INSERT has more expressions than target columns"),
            ("insert into t values (1)", "ok"),
            ("insert into t select * from t", "ok"),
            ("insert into t(a) select * from t", "42601 INSERT has more expressions than target columns"),
            ("insert into t values (1,2),(3)", "42601 VALUES lists must all be the same length"),
            ("insert into nosuch values (1)", "42P01 relation \"nosuch\" does not exist"),
            ("insert into nosuch.t values (1)", "42P01 relation \"nosuch.t\" does not exist"),
            ("insert into m values (1)", "42809 cannot change materialized view \"m\""),
            ("insert into sq values (1)", "42809 cannot change sequence \"sq\""),
            ("with x as (select 1 as q) insert into t select q, zz from x", "42703 column \"zz\" does not exist"),
            ("with t as (select 1 as q) insert into t select q from t returning b", "ok"),
            ("insert into t as tt (a) values (1) on conflict (a) do update set b = excluded.b", "ok"),
            (
                "insert into t as tt (a) values (1) on conflict (a) do update set b = excluded.zz",
                "42703 column excluded.zz does not exist",
            ),
            ("insert into t (a) values (1) on conflict (zz) do nothing", "42703 column \"zz\" does not exist"),
            (
                "insert into t (a) values (1) on conflict (b) do nothing",
                "42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification",
            ),
            (
                "insert into t (a) values (1) on conflict on constraint nope do nothing",
                "42704 constraint \"nope\" for table \"t\" does not exist",
            ),
            ("insert into t (a) values (1) on conflict on constraint t_pkey do nothing", "ok"),
            (
                "insert into t (a) values (1) on conflict do update set a = 1",
                "42601 ON CONFLICT DO UPDATE requires inference specification or constraint name",
            ),
            (
                "insert into t (a) values (1) on conflict (a) do update set b = b",
                "42702 column reference \"b\" is ambiguous",
            ),
            ("insert into t (a) values (1) returning zz", "42703 column \"zz\" does not exist"),
            ("insert into t (a) values (1) returning *", "ok"),
            ("update t set zz = 1", "42703 column \"zz\" of relation \"t\" does not exist"),
            ("update t set a = 1, a = 2", "42601 multiple assignments to same column \"a\""),
            ("update t set a = zz", "42703 column \"zz\" does not exist"),
            ("update t set a = 1 from v where v.a = t.b returning v.zz", "42703 column v.zz does not exist"),
            ("update t set (a, b) = (select 1, 2)", "ok"),
            ("update t set xmin = 1", "0A000 cannot assign to system column \"xmin\""),
            ("update v set b = 1 where a = 2", "ok"),
            ("delete from t where zz = 1", "42703 column \"zz\" does not exist"),
            ("delete from t using nosuch", "42P01 relation \"nosuch\" does not exist"),
            ("delete from t where exists (select 1 from t2)", "42P01 relation \"t2\" does not exist"),
            ("merge into t using v on t.a = v.a when matched then do nothing", "ok"),
            (
                "merge into v using t on t.a = v.a when matched then do nothing",
                "0A000 cannot execute MERGE on relation \"v\"",
            ),
            (
                "with x as (insert into t(zz) values (1)) delete from r",
                "42703 column \"zz\" of relation \"t\" does not exist",
            ),
            ("with x as (delete from t returning a) insert into r select a from x", "ok"),
            ("truncate v", "42809 \"v\" is not a table"),
            ("truncate nosuch", "42P01 relation \"nosuch\" does not exist"),
            ("truncate t", "0A000 cannot truncate a table referenced in a foreign key constraint"),
            ("truncate t, r", "ok"),
            ("truncate t cascade", "ok"),
            ("copy t(zz) from stdin", "42703 column \"zz\" of relation \"t\" does not exist"),
            ("copy v from stdin", "42809 cannot copy to view \"v\""),
            ("copy v to stdout", "42809 cannot copy from view \"v\""),
            ("update pg_class set relname = 'x'", "opaque: \"pg_class\" is one of PostgreSQL's own tables"),
        ],
    );
}

/// What a view, a policy or an index sees follows the new name; the old one is remembered.
#[test]
fn renamed_things_are_remembered() {
    let mut replay = Replay::new(15);
    assert_eq!(run(&mut replay, "create table t (a int primary key); alter table t rename to u"), "ok");
    assert_eq!(run(&mut replay, "alter table u rename a to b; alter index t_pkey rename to u_pkey"), "ok");
    let gone: Vec<(&str, &str)> = replay.catalog.tombstones().map(|t| (t.kind, t.name.as_str())).collect();
    assert_eq!(gone, [("table", "t"), ("column", "a"), ("index", "t_pkey"), ("constraint", "t_pkey")]);
    assert!(replay.catalog.type_in(crate::catalog::PUBLIC_SCHEMA, "_u").is_some());
}

#[test]
fn a_trigger_may_change_the_catalog() {
    check(
        "create table t (a int);
         create function f() returns trigger language plpgsql as $$ begin execute new.a; return new; end $$;
         create function g() returns trigger language plpgsql as $$ begin /* drop */ return new; end $$;
         create trigger harmless before update on t for each row execute function g();
         create trigger ddl before insert on t for each row execute function f()",
        &[
            ("insert into t values (1)", "opaque: trigger \"ddl\" of table \"t\" may change the catalog"),
            ("update t set a = 1", "ok"),
            ("alter table t disable trigger ddl; insert into t values (1)", "ok"),
        ],
    );
}

#[test]
fn temporary_objects_end_with_their_session() {
    let mut replay = Replay::new(15);
    let made = "create table kept (a int); create temp table t (a int); create view v as select a from t; \
                create function pg_temp.f() returns int language sql as 'select 1'; create temp sequence s;";
    assert_eq!(run(&mut replay, made), "ok");
    let temporary = replay.session.temp_schema.expect("one was made");
    replay.end_session();
    assert_eq!(replay.catalog.relations_in(temporary).count(), 0);
    assert_eq!(replay.catalog.functions_of_schema(temporary).count(), 0);
    assert_eq!(run(&mut replay, "select a from kept"), "ok");
    assert_eq!(run(&mut replay, "select pg_temp.f()"), "42883 function pg_temp.f() does not exist");
    assert_eq!(run(&mut replay, "select a from v"), "42P01 relation \"v\" does not exist");
}
