//! Scripts and what PostgreSQL 15 says to their statements. Every expected message was seen on a server.

use crate::catalog::{Acl, Object, Origin, PUBLIC_SCHEMA};
use crate::replay::{Context, Replay, Stop};
use crate::sql::Segment;

/// Runs a script in a new database; a failed statement changes nothing. Its errors and notices, a line each.
pub(super) fn run(replay: &mut Replay, script: &str) -> Vec<String> {
    let mut said = Vec::new();
    for (segment, sequence) in crate::sql::parse(script).into_iter().zip(1..) {
        let Segment::Statement(statement) = segment else { panic!("not a statement: {segment:?}") };
        let before = replay.clone();
        let origin = Origin { sequence, ..Origin::nowhere() };
        let cx = Context::in_file(origin.at(statement.span), script.into());
        let result = replay.execute(&statement.kind, &cx);
        let notices: Vec<_> = replay.notices.drain(..).collect();
        said.extend(notices.iter().map(|n| format!("{}: {}", n.severity, n.message)));
        match result {
            Ok(()) => {}
            Err(Stop::Error(error)) => {
                let detail = error.detail.map(|d| format!(" | {d}")).unwrap_or_default();
                let hint = error.hint.map(|h| format!(" | {h}")).unwrap_or_default();
                said.push(format!("{}: {}{detail}{hint}", error.sqlstate, error.message));
                *replay = before;
            }
            Err(Stop::Opaque(opaque)) => {
                said.push(format!("opaque: {}", opaque.reason));
                *replay = before;
            }
        }
    }
    said
}

#[track_caller]
pub(super) fn says(script: &str, expected: &[&str]) -> Replay {
    let mut replay = Replay::new(15);
    let said = run(&mut replay, script);
    assert_eq!(said, expected, "{script}");
    replay
}

fn acl(replay: &Replay, acl: &Acl) -> Vec<String> {
    let role = |oid| replay.catalog.role_name(oid);
    acl.0
        .iter()
        .map(|i| format!("{}={:?}*{:?}/{}", role(i.grantee), i.privs, i.grant_options, role(i.grantor)))
        .collect()
}

fn table_acl(replay: &Replay, table: &str) -> Vec<String> {
    let relation = replay.catalog.relation_in(PUBLIC_SCHEMA, table).expect("the table");
    acl(replay, relation.acl.as_ref().expect("privileges"))
}

#[test]
fn array_types_step_aside() {
    let replay = says(
        "create type foo as enum ('a'); create type _foo as enum ('b'); create type foo as enum ('c');",
        &["42710: type \"foo\" already exists"],
    );
    let names: Vec<_> = replay.catalog.types_in(PUBLIC_SCHEMA).map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["___foo", "__foo", "_foo", "foo"]);
}

#[test]
fn enums() {
    let replay = says(
        "create type e as enum ('a', 'c');
         alter type e add value 'b' before 'c';
         alter type e add value 'b';
         alter type e add value if not exists 'b';
         alter type e add value 'x' after 'y';
         alter type e rename value 'a' to 'z';
         alter type e rename value 'q' to 'r';
         create type bar as enum ('a', 'a');",
        &[
            "42710: enum label \"b\" already exists",
            "NOTICE: enum label \"b\" already exists, skipping",
            "22023: \"y\" is not an existing enum label",
            "22023: \"q\" is not an existing enum label",
            "23505: duplicate key value violates unique constraint \"pg_enum_typid_label_index\"",
        ],
    );
    let ty = replay.catalog.type_in(PUBLIC_SCHEMA, "e").expect("the type");
    let crate::catalog::TypeKind::Enum(labels) = &ty.kind else { panic!("an enum") };
    assert_eq!(labels.iter().map(|l| l.label.as_str()).collect::<Vec<_>>(), ["z", "b", "c"]);
}

#[test]
fn generated_names_of_constraints_avoid_those_of_tables_and_domains_alike() {
    let replay = says(
        "create domain t_a as int check (value > 0);
         create table t (a int check (a > 0));
         create domain u_a as int check (value > 0);
         alter domain u_a rename constraint u_a_check to x;
         create table u (a int check (a > 0));
         create domain v_a as int check (value > 0);
         alter domain v_a drop constraint v_a_check;
         create table v (a int check (a > 0));
         create schema s;
         create domain w_a as int check (value > 0);
         alter domain w_a set schema s;
         create table w (a int check (a > 0));
         create table s.w (a int check (a > 0));
         create table y (a int, constraint q_check check (a > 0));
         create domain q as int check (value > 0);
         drop domain t_a;
         alter table t add check (a < 9);",
        &[],
    );
    let catalog = &replay.catalog;
    let of_tables = catalog.relations().flat_map(|r| r.constraints.iter().map(|c| format!("{}.{}", r.name, c.name)));
    let of_domains = catalog.types().flat_map(|t| t.checks().iter().map(|c| format!("{}.{}", t.name, c.name)));
    assert_eq!(
        of_tables.chain(of_domains).collect::<Vec<_>>(),
        [
            "t.t_a_check1",
            "t.t_a_check",
            "u.u_a_check",
            "v.v_a_check",
            "w.w_a_check",
            "w.w_a_check1",
            "y.q_check",
            "u_a.x",
            "w_a.w_a_check",
            "q.q_check1"
        ]
    );
}

#[test]
fn owned_sequences_follow_their_table() {
    let replay = says(
        "create role r; create schema s;
         create table t (id bigserial, n int generated always as identity, m int default 1);
         create sequence free; create sequence taken owned by t.m;
         alter table t owner to r; alter table t set schema s;",
        &[],
    );
    let catalog = &replay.catalog;
    let sequences = catalog.relations().filter(|r| r.as_sequence().is_some());
    let shown: Vec<_> = sequences
        .map(|r| format!("{}.{} {}", catalog.schema_name(r.schema), r.name, catalog.role_name(r.owner)))
        .collect();
    assert_eq!(shown, ["s.t_id_seq r", "s.t_n_seq r", "public.free postgres", "s.taken r"]);
}

#[test]
fn domains() {
    says(
        "create domain d as record;
         create domain d as int check (value > 0) check (value < 9);
         alter domain d drop constraint x;
         alter domain d add constraint d_check check (value > 1);
         alter domain d add constraint d_check1 check (value > 1);
         alter domain d drop constraint if exists x;
         alter domain d drop constraint d_check1;
         alter domain d add check (nope > 1);
         alter type d add value 'x';
         comment on constraint c on domain d is 'x';",
        &[
            "42804: \"record\" is not a valid base type for a domain",
            "42704: constraint \"x\" of domain \"d\" does not exist",
            "42710: constraint \"d_check\" for domain \"d\" already exists",
            "42710: constraint \"d_check1\" for domain \"d\" already exists",
            "NOTICE: constraint \"x\" of domain \"d\" does not exist, skipping",
            "42703: column \"nope\" does not exist",
            "42809: d is not an enum",
            "42704: constraint \"c\" for domain d does not exist",
        ],
    );
}

#[test]
fn composite_types_depend_on_their_columns_types() {
    let replay = says(
        "create type e as enum ('a'); create type c as (a e, b text);
         create type cc as (a int, a int); create type cc as (a record);",
        &["42701: column \"a\" specified more than once", "42P16: column \"a\" has pseudo-type record"],
    );
    let e = replay.catalog.type_in(PUBLIC_SCHEMA, "e").expect("the enum").oid;
    let c = replay.catalog.relation_in(PUBLIC_SCHEMA, "c").expect("the composite type").oid;
    assert!(replay.catalog.dependents(Object::Type(e)).iter().any(|d| d.dependent == Object::Column(c, 1)));
}

#[test]
fn schemas() {
    says(
        "create schema pg_foo; create schema public; create schema if not exists public;
         create schema authorization nope;
         create schema sx create table other.t (a int);",
        &[
            "42939: unacceptable schema name \"pg_foo\" | The prefix \"pg_\" is reserved for system schemas.",
            "42P06: schema \"public\" already exists",
            "NOTICE: schema \"public\" already exists, skipping",
            "42704: role \"nope\" does not exist",
            "42P15: CREATE specifies a schema (other) different from the one being created (sx)",
        ],
    );
}

#[test]
fn elements_of_a_schema_run_inside_it() {
    let replay = says("create schema s grant select on t to public create table t (a int);", &[]);
    let schema = replay.catalog.schema_named("s").expect("the schema").oid;
    assert!(replay.catalog.relation_in(schema, "t").expect("the table").acl.is_some());
    assert_eq!(replay.session.setting("search_path"), None);
}

#[test]
fn functions() {
    says(
        "create function f(a int) returns int language sql as 'select 1';
         create function f(b int) returns int language sql as 'select 1';
         create or replace function f(b int) returns int language sql as 'select 1';
         create or replace function f(a int) returns text language sql as 'select 1';
         create or replace procedure f(a int) language sql as 'select 1';
         comment on function g is 'x';
         comment on function f(text) is 'x';
         comment on procedure f(int) is 'x';
         comment on aggregate f(int) is 'x';
         create function g(a int, a int) returns int language sql as 'select 1';
         create function g(a int default 1, b int) returns int language sql as 'select 1';
         create function g(a int) returns int language plfoo as 'select 1';
         create function g(a int) language sql as 'select 1';
         create function g(a nope) returns int language sql as 'select 1';
         create function g(a int, out b int) returns text language sql as 'select 1';
         create function g(a int, out b int, out c int) returns text language sql as 'select 1';
         create function g(a int) returns nope language sql as 'select 1';
         create function g(variadic a int) returns int language sql as 'select 1';
         create function g(out b int default 3) returns int language sql as 'select 1';
         create function d(a int default 1) returns int language sql as 'select 1';
         create or replace function d(a int) returns int language sql as 'select 1';
         create function f(a text) returns table (x int, y int) language sql as 'select 1, 2';
         comment on function f is 'x';",
        &[
            "42723: function \"f\" already exists with same argument types",
            "42P13: cannot change name of input parameter \"a\" | Use DROP FUNCTION f(integer) first.",
            "42P13: cannot change return type of existing function | Use DROP FUNCTION f(integer) first.",
            "42809: cannot change routine kind | \"f\" is a function.",
            "42883: could not find a function named \"g\"",
            "42883: function f(text) does not exist",
            "42809: f(integer) is not a procedure",
            "42809: function f(integer) is not an aggregate",
            "42P13: parameter name \"a\" used more than once",
            "42P13: input parameters after one with a default value must also have defaults",
            "42704: language \"plfoo\" does not exist",
            "42P13: function result type must be specified",
            "42704: type nope does not exist",
            "42P13: function result type must be integer because of OUT parameters",
            "42P13: function result type must be record because of OUT parameters",
            "42704: type \"nope\" does not exist",
            "42P13: VARIADIC parameter must be an array",
            "42P13: only input parameters can have default values",
            "42P13: cannot remove parameter defaults from existing function | Use DROP FUNCTION d(integer) first.",
            "42725: function name \"f\" is not unique | Specify the argument list to select the function unambiguously.",
        ],
    );
}

#[test]
fn functions_need_their_types_and_what_their_standard_bodies_name() {
    let replay = says(
        "create type e as enum ('a'); create table t (a int);
         create function f(x e) returns boolean language sql return x is null;
         create function g(n int) returns int begin atomic select a from t where a = n; end;
         create function h() returns int return nope;",
        &["42703: column \"nope\" does not exist"],
    );
    let function = |name: &str| {
        let oid = replay.catalog.functions_in(PUBLIC_SCHEMA, name).next().expect("the function").oid;
        replay.catalog.dependencies.of(Object::Function(oid)).map(|d| d.referenced).collect::<Vec<_>>()
    };
    let e = replay.catalog.type_in(PUBLIC_SCHEMA, "e").expect("the type").oid;
    let t = replay.catalog.relation_in(PUBLIC_SCHEMA, "t").expect("the table").oid;
    assert!(function("f").contains(&Object::Type(e)));
    assert!(function("g").contains(&Object::Column(t, 1)));
}

#[test]
fn triggers() {
    let replay = says(
        "create table t (a int, b int); create view v as select 1 a; create sequence s;
         create function g() returns trigger language plpgsql as 'begin end';
         create function h() returns int language sql as 'select 1';
         create trigger tg before insert on s execute function g();
         create trigger tg before insert on v for each row execute function g();
         create trigger tg instead of insert on t for each row execute function g();
         create trigger tg before insert on t for each row execute function nope();
         create trigger tg before insert on t for each row execute function h();
         create trigger tg before insert on t for each row when (old.a = 1) execute function g();
         create trigger tg before insert on t when (new.a = 1) execute function g();
         create trigger tg before insert on t for each row when (nope.a = 1) execute function g();
         create trigger tg before update of a, a on t for each row execute function g();
         create trigger tg before update of x on t for each row execute function g();
         create trigger tg before truncate on t for each row execute function g();
         create trigger tg after update of a on t for each row when (old.b is distinct from new.b) execute function g();
         create trigger tg before insert on t for each row execute function g();
         create or replace trigger tg before insert on t for each row execute function g();",
        &[
            "42809: relation \"s\" cannot have triggers | This operation is not supported for sequences.",
            "42809: \"v\" is a view | Views cannot have row-level BEFORE or AFTER triggers.",
            "42809: \"t\" is a table | Tables cannot have INSTEAD OF triggers.",
            "42883: function nope() does not exist",
            "42P17: function h must return type trigger",
            "42P17: INSERT trigger's WHEN condition cannot reference OLD values",
            "42P17: statement trigger's WHEN condition cannot reference column values",
            "42P01: missing FROM-clause entry for table \"nope\"",
            "42701: column \"a\" specified more than once",
            "42703: column \"x\" of relation \"t\" does not exist",
            "0A000: TRUNCATE FOR EACH ROW triggers are not supported",
            "42710: trigger \"tg\" for relation \"t\" already exists",
        ],
    );
    let t = replay.catalog.relation_in(PUBLIC_SCHEMA, "t").expect("the table");
    assert_eq!(t.triggers.len(), 1);
    assert!(t.triggers[0].events.insert && t.triggers[0].when.is_none());
    let edges: Vec<_> = replay.catalog.dependencies.of(Object::Trigger(t.oid, t.triggers[0].oid)).collect();
    assert_eq!(edges.len(), 1, "the old condition's columns are forgotten: {edges:?}");
}

#[test]
fn policies() {
    let replay = says(
        "create table t (a int, b int); create view v as select 1 a; create role r;
         create policy p on v;
         create policy p on t for select with check (true);
         create policy p on t for insert using (true);
         create policy p on t to public, r using (a = 1);
         create policy p on t;
         alter policy p2 on t using (true);
         create policy ps on t for select to r;
         alter policy ps on t with check (true);
         create policy pi on t for insert with check (true);
         alter policy pi on t using (true);
         alter policy p on t using (b = 1);
         create policy x on t using (nope);
         create policy x on t to nope;",
        &[
            "42809: \"v\" is not a table",
            "42601: WITH CHECK cannot be applied to SELECT or DELETE",
            "42601: only WITH CHECK expression allowed for INSERT",
            "WARNING: ignoring specified roles other than PUBLIC",
            "42710: policy \"p\" for table \"t\" already exists",
            "42704: policy \"p2\" for table \"t\" does not exist",
            "42601: only USING expression allowed for SELECT, DELETE",
            "42601: only WITH CHECK expression allowed for INSERT",
            "42703: column \"nope\" does not exist",
            "42704: role \"nope\" does not exist",
        ],
    );
    let t = replay.catalog.relation_in(PUBLIC_SCHEMA, "t").expect("the table");
    assert!(t.policies[0].roles.is_empty());
    let edges: Vec<_> = replay.catalog.dependencies.of(Object::Policy(t.oid, t.policies[0].oid)).collect();
    assert_eq!(edges.iter().map(|e| e.referenced).collect::<Vec<_>>(), [Object::Column(t.oid, 2)]);
}

#[test]
fn privileges_that_do_not_exist() {
    says(
        "create table t (a int, b int); create sequence s;
         create function f(a int) returns int language sql as 'select 1';
         grant usage on t to public;
         grant select on sequence t to public;
         grant execute on table t to public;
         grant select (x) on t to public;
         grant insert on s to public;
         grant select on schema public to public;
         grant delete (a) on t to public;
         grant foo on t to public;
         grant select on t to public with grant option;
         grant select on function f(int) to public;
         grant usage on type nope to public;
         grant select (a) on schema public to public;
         grant all on nosuch to public;
         grant all on t to nosuch;
         grant execute on procedure f(int) to public;
         grant select on pg_catalog.pg_class to public;
         grant execute on function pg_sleep(double precision) to public;
         grant all on tablespace nope to public;",
        &[
            "0LP01: invalid privilege type USAGE for table",
            "42809: \"t\" is not a sequence",
            "0LP01: invalid privilege type EXECUTE for relation",
            "42703: column \"x\" of relation \"t\" does not exist",
            "WARNING: sequence \"s\" only supports USAGE, SELECT, and UPDATE privileges",
            "0LP01: invalid privilege type SELECT for schema",
            "0LP01: invalid privilege type DELETE for column",
            "42601: unrecognized privilege type \"foo\"",
            "0LP01: grant options can only be granted to roles",
            "0LP01: invalid privilege type SELECT for function",
            "42704: type \"nope\" does not exist",
            "0LP01: column privileges are only valid for relations",
            "42P01: relation \"nosuch\" does not exist",
            "42704: role \"nosuch\" does not exist",
            "42809: f(integer) is not a procedure",
            "opaque: privileges on this kind of object are not recorded",
        ],
    );
}

#[test]
fn grants_and_revokes() {
    let replay = says(
        "create table t (a int); create role r1; create role r2;
         grant select, insert on t to r1 with grant option;
         revoke insert on t from r1;
         grant select (a) on t to r2;",
        &[],
    );
    assert_eq!(table_acl(&replay, "t"), ["postgres=arwdDxt*/postgres", "r1=r*r/postgres"]);
    let t = replay.catalog.relation_in(PUBLIC_SCHEMA, "t").expect("the table");
    assert_eq!(acl(&replay, t.columns[0].acl.as_ref().expect("privileges")), ["r2=r*/postgres"]);

    // Revoking from the table revokes from the column, whose list then is empty.
    let mut replay = replay;
    assert!(run(&mut replay, "revoke all on t from r2; revoke all on all tables in schema public from r1;").is_empty());
    let t = replay.catalog.relation_in(PUBLIC_SCHEMA, "t").expect("the table");
    assert!(t.columns[0].acl.is_none());
    assert_eq!(table_acl(&replay, "t"), ["postgres=arwdDxt*/postgres"]);
}

#[test]
fn what_was_passed_on_goes_with_cascade() {
    let mut replay =
        says("create table t (a int); create role r1; create role r2; grant select on t to r1 with grant option;", &[]);
    let r1 = replay.catalog.role_named("r1").expect("the role").oid;
    replay.session.current_user = r1;
    assert!(run(&mut replay, "grant select on t to r2;").is_empty());
    assert_eq!(
        run(&mut replay, "grant select, insert on t to r2;"),
        ["WARNING: not all privileges were granted for \"t\""]
    );
    replay.session.current_user = crate::catalog::BOOTSTRAP_ROLE;
    assert_eq!(table_acl(&replay, "t"), ["postgres=arwdDxt*/postgres", "r1=r*r/postgres", "r2=r*/r1"]);
    assert_eq!(
        run(&mut replay, "revoke grant option for select on t from r1; revoke select on t from r1 cascade;"),
        ["2BP01: dependent privileges exist | Use CASCADE to revoke them too."]
    );
    assert_eq!(table_acl(&replay, "t"), ["postgres=arwdDxt*/postgres"]);
}

#[test]
fn default_privileges_apply_to_new_objects() {
    let replay = says(
        "create role r;
         alter default privileges in schema public grant select on tables to r;
         alter default privileges revoke execute on functions from public;
         alter default privileges grant delete on tables to r;
         alter default privileges revoke delete on tables from r;
         alter default privileges in schema public grant usage on schemas to r;
         create table t (a int);
         create function f() returns int language sql as 'select 1';",
        &["0LP01: cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS"],
    );
    assert_eq!(table_acl(&replay, "t"), ["postgres=arwdDxt*/postgres", "r=r*/postgres"]);
    let f = replay.catalog.functions_in(PUBLIC_SCHEMA, "f").next().expect("the function");
    assert_eq!(acl(&replay, f.acl.as_ref().expect("privileges")), ["postgres=X*/postgres"]);
    assert_eq!(replay.catalog.default_acls().count(), 2, "an entry that says what holds anyway is dropped");
}

#[test]
fn roles() {
    let replay = says(
        "create role postgres; create role pg_foo; drop role postgres; drop role nope; drop role if exists nope;
         create role r1; create user r2 in role r1; create table t (a int);
         grant select on t to r1; create policy p1 on t to r1;
         alter default privileges grant select on tables to r1;
         drop role r1;
         grant r1 to r2; grant r2 to r1; revoke r2 from r1;
         alter role r1 set foo = 'x'; alter role r1 set search_path to a, \"B c\";
         alter role r2 nologin createdb;",
        &[
            "42710: role \"postgres\" already exists",
            "42939: role name \"pg_foo\" is reserved | Role names starting with \"pg_\" are reserved.",
            "55006: current user cannot be dropped",
            "42704: role \"nope\" does not exist",
            "NOTICE: role \"nope\" does not exist, skipping",
            "2BP01: role \"r1\" cannot be dropped because some objects depend on it | privileges for table t\n\
             target of policy p1 on table t\n\
             privileges for default privileges on new relations belonging to role postgres",
            "NOTICE: role \"r2\" is already a member of role \"r1\"",
            "0LP01: role \"r2\" is a member of role \"r1\"",
            "WARNING: role \"r1\" is not a member of role \"r2\"",
            "42704: unrecognized configuration parameter \"foo\"",
        ],
    );
    let r1 = replay.catalog.role_named("r1").expect("the role");
    assert_eq!(r1.config, [("search_path".into(), "a, \"B c\"".to_owned())]);
    let r2 = replay.catalog.role_named("r2").expect("the role");
    assert!(!r2.attributes.login && r2.attributes.create_db);
}

#[test]
fn extensions() {
    let replay = says(
        "create extension citext schema nope; create extension plpgsql; create extension if not exists plpgsql;
         create extension earthdistance; create extension earthdistance cascade;
         create extension citext version '99'; create extension cube;
         create schema ext; create extension citext schema ext;
         create function f(a ext.citext) returns int language sql as 'select 1';
         alter extension cube update; alter extension cube update to '99'; alter extension nope update;
         create table t (a int); grant execute on function earth() to public; create extension no_such;
         comment on extension plpgsql is 'x';",
        &[
            "3F000: schema \"nope\" does not exist",
            "42710: extension \"plpgsql\" already exists",
            "NOTICE: extension \"plpgsql\" already exists, skipping",
            "42704: required extension \"cube\" is not installed | Use CREATE EXTENSION ... CASCADE to install required \
             extensions too.",
            "NOTICE: installing required extension \"cube\"",
            "22023: extension \"citext\" has no installation script nor update path for version \"99\"",
            "42710: extension \"cube\" already exists",
            "NOTICE: version \"1.5\" of extension \"cube\" is already installed",
            "22023: extension \"cube\" has no update path from version \"1.5\" to version \"99\"",
            "42704: extension \"nope\" does not exist",
        ],
    );
    let catalog = &replay.catalog;
    let ext = catalog.schema_named("ext").expect("the schema").oid;
    let citext = catalog.type_in(ext, "citext").expect("the type").oid;
    assert!(catalog.owner_of(Object::Type(citext)).is_some(), "a member of its extension");
    assert_eq!(catalog.array_element(catalog.array_of(citext).expect("its array type")), Some(citext));
    assert!(catalog.extension_named("no_such").expect("the extension").unknown);
}

#[test]
fn publications() {
    let replay = says(
        "create table t (a int, b int); create table rt (a int); create view v as select 1 a;
         create publication p for table t; create publication p for table t;
         alter publication p add table t; alter publication p drop table rt; alter publication p add table v;
         create publication p2 for all tables; alter publication p2 add table t; alter publication nope add table t;
         alter publication p set (publish = 'foo'); create publication p3 with (foo = 1);
         alter publication p add tables in schema public; alter publication p add tables in schema public;
         create publication p5 for tables in schema public, table t (a);
         alter publication p drop tables in schema public; alter publication p set table rt, t where (b > 1);",
        &[
            "42710: publication \"p\" already exists",
            "42710: relation \"t\" is already member of publication \"p\"",
            "42704: relation \"rt\" is not part of the publication",
            "22023: cannot add relation \"v\" to publication | This operation is not supported for views.",
            "55000: publication \"p2\" is defined as FOR ALL TABLES | Tables cannot be added to or dropped from FOR ALL \
             TABLES publications.",
            "42704: publication \"nope\" does not exist",
            "42601: unrecognized value for publication option \"publish\": \"foo\"",
            "42601: unrecognized publication parameter: \"foo\"",
            "42710: schema \"public\" is already member of publication \"p\"",
            "22023: cannot use column list for relation \"public.t\" in publication \"p5\" | Column lists cannot be \
             specified in publications containing FOR TABLES IN SCHEMA elements.",
        ],
    );
    let p = replay.catalog.publication_named("p").expect("the publication");
    assert_eq!((p.relations.len(), p.schemas.len()), (2, 0));
    let t = replay.catalog.relation_in(PUBLIC_SCHEMA, "t").expect("the table").oid;
    let edges = replay.catalog.dependencies.on(Object::Column(t, 2));
    assert_eq!(edges.map(|e| e.dependent).collect::<Vec<_>>(), [Object::PublicationRelation(p.oid, t)]);
}

#[test]
fn comments() {
    let replay = says(
        "create table t (a int); create view v as select 1 a; create type foo as enum ('a');
         comment on table v is 'x'; comment on view t is 'x'; comment on index t is 'x';
         comment on column t.x is 'x'; comment on constraint c on t is 'x'; comment on trigger c on t is 'x';
         comment on policy c on t is 'x'; comment on type nope is 'x'; comment on domain foo is 'x';
         comment on schema nope is 'x'; comment on role nope is ''; comment on extension nope is '';
         comment on publication nope is ''; comment on tablespace nope is 'x';
         comment on column t.a is 'first'; comment on table t is 'x'; comment on table t is '';",
        &[
            "42809: \"v\" is not a table",
            "42809: \"t\" is not a view",
            "42809: \"t\" is not an index",
            "42703: column \"x\" of relation \"t\" does not exist",
            "42704: constraint \"c\" for table \"t\" does not exist",
            "42704: trigger \"c\" for table \"t\" does not exist",
            "42704: policy \"c\" for table \"t\" does not exist",
            "42704: type \"nope\" does not exist",
            "42809: \"foo\" is not a domain",
            "3F000: schema \"nope\" does not exist",
            "42704: role \"nope\" does not exist",
            "42704: extension \"nope\" does not exist",
            "42704: publication \"nope\" does not exist",
            "opaque: COMMENT ON this kind of object is not executed yet",
        ],
    );
    let t = replay.catalog.relation_in(PUBLIC_SCHEMA, "t").expect("the table");
    assert_eq!((t.comment.as_deref(), t.columns[0].comment.as_deref()), (None, Some("first")));
}
