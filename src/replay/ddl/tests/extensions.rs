//! Extensions of other projects. Errors and printed definitions are those of PostgreSQL 15 and 18 with the extensions.

use super::objects::{run, says};
use crate::catalog::{Catalog, Object, PUBLIC_SCHEMA, TypeRef};
use crate::expr::deparse::Deparser;
use crate::replay::Replay;

fn column_type(catalog: &Catalog, table: &str, column: &str) -> String {
    let relation = catalog.relation_in(PUBLIC_SCHEMA, table).expect("the table");
    let TypeRef { oid, typmod } = relation.column(column).expect("the column").ty;
    catalog.format_type(TypeRef { oid, typmod }, &[PUBLIC_SCHEMA])
}

fn index_def(catalog: &Catalog, index: &str) -> String {
    let index = catalog.relation_in(PUBLIC_SCHEMA, index).expect("the index");
    Deparser::new(catalog, &[PUBLIC_SCHEMA]).index(index).expect("its definition")
}

#[test]
fn every_script_runs() {
    let names: Vec<&str> = Replay::new(15).catalog.builtins().other_extension_names().collect();
    assert!(names.contains(&"pg_cron") && names.contains(&"vector"), "{names:?}");
    for name in names {
        for version in [14, 15, 18] {
            let mut replay = Replay::new(version);
            let said = run(&mut replay, &format!("create schema x; create extension {name} schema x cascade;"));
            let errors: Vec<_> = said.iter().filter(|line| !line.starts_with("NOTICE: installing required")).collect();
            assert!(errors.is_empty(), "{name} on {version}: {errors:?}");
            let extension = replay.catalog.extension_named(name).expect(name);
            let partial = ["pg_tle", "pgsodium", "timescaledb"].contains(&name);
            assert_eq!(extension.unknown, partial, "{name}");
            assert!(replay.catalog.dependencies.on(Object::Extension(extension.oid)).next().is_some(), "{name}");
            assert!(replay.catalog.taint.is_empty(), "{name}");
            let said = run(&mut replay, &format!("drop extension {name};"));
            assert!(said.is_empty(), "{name}: {said:?}");
        }
    }
}

#[test]
fn vectors_have_dimensions_and_indexes_of_their_own() {
    let replay = says(
        "create extension vector;
         create table t (id int, embedding vector(1536), h halfvec(3)[], v vector);
         create index i on t using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64);
         create index j on t using ivfflat (embedding vector_l2_ops) with (lists = 100);
         create index k on t using hnsw (v vector_l2_ops desc);
         create index l on t using nope (id);
         create table u (a vector(0)); create table u (a vector(16001)); create table u (a vector(1, 2));
         create table u (a vector('x')); create table u (a sparsevec(1000000000)); create table w (a citext(3));
         create type mood as enum ('a'); create table w (a mood(3)); create table w (a vector(1 + 1));
         create function near(q vector(1536)) returns setof t language sql
             as $$ select * from t order by embedding <=> q limit 5 $$;
         alter table t alter column embedding type vector(768);",
        &[
            "0A000: access method \"hnsw\" does not support ASC/DESC options",
            "42704: access method \"nope\" does not exist",
            "22023: dimensions for type vector must be at least 1",
            "22023: dimensions for type vector cannot exceed 16000",
            "22023: invalid type modifier",
            "22P02: invalid input syntax for type integer: \"x\"",
            "42704: type \"citext\" does not exist",
            "42601: type modifier is not allowed for type \"mood\"",
            "42601: type modifiers must be simple constants or identifiers",
        ],
    );
    let catalog = &replay.catalog;
    assert_eq!(column_type(catalog, "t", "embedding"), "vector(768)");
    assert_eq!(column_type(catalog, "t", "h"), "halfvec(3)[]");
    assert_eq!(column_type(catalog, "t", "v"), "vector");
    assert_eq!(
        index_def(catalog, "i"),
        "CREATE INDEX i ON public.t USING hnsw (embedding vector_cosine_ops) WITH (m='16', ef_construction='64')"
    );
    // The default for ivfflat.
    assert_eq!(index_def(catalog, "j"), "CREATE INDEX j ON public.t USING ivfflat (embedding) WITH (lists='100')");
}

#[test]
fn functions_of_scripts_are_called() {
    let replay = says(
        "create extension pg_cron; create extension pg_net; create extension http; create extension pgjwt cascade;
         select cron.schedule('nightly', '0 3 * * *', 'vacuum'); select cron.unschedule('nightly');
         select cron.unschedule(jobid) from cron.job where jobname = 'nightly';
         grant usage on schema cron to pg_monitor; grant select on all tables in schema cron to pg_monitor;
         create table t (id int);
         create function hook() returns trigger language plpgsql as $$
         begin
             perform net.http_post(url := 'https://example.org', body := jsonb_build_object('id', new.id));
             return new;
         end $$;
         create trigger hook after insert on t for each row execute function hook();
         insert into t values (1);
         do $$ begin
             if exists (select from pg_extension where extname = 'pg_cron') then
                 perform cron.schedule('again', '* * * * *', 'select 1');
                 create table made (id int);
             end if;
         end $$;
         create view answers as select (http_get('https://example.org')).status;
         create function token() returns text language sql as $$ select sign('{}', 'secret') $$;
         select cron.nonsense(); drop function cron.schedule(text, text); drop extension pg_cron;
         select cron.schedule('a', 'b');",
        &[
            "NOTICE: installing required extension \"pgcrypto\"",
            "42883: function cron.nonsense() does not exist | No function matches the given name and argument types. You \
             might need to add explicit type casts.",
            "2BP01: cannot drop function cron.schedule(text,text) because extension pg_cron requires it | You can drop \
             extension pg_cron instead.",
            "3F000: schema \"cron\" does not exist",
        ],
    );
    assert!(replay.catalog.relation_in(PUBLIC_SCHEMA, "made").is_some());
    assert!(replay.catalog.taint.is_empty());
    assert!(replay.catalog.extension_named("pg_cron").is_none());
}

#[test]
fn queues_are_tables_of_their_extension() {
    let replay = says(
        "create extension pgmq; select pgmq.create('Jobs'); select pgmq.create_unlogged('fast');
         alter table pgmq.q_jobs enable row level security;
         select * from pgmq.send('Jobs', '{}'); drop table pgmq.q_jobs;
         select pgmq.drop_queue('fast'); select pgmq.drop_queue('fast');",
        &[
            "2BP01: cannot drop table pgmq.q_jobs because extension pgmq requires it | You can drop extension pgmq instead.",
        ],
    );
    let pgmq = replay.catalog.schema_named("pgmq").expect("its schema").oid;
    let tables: Vec<_> = replay.catalog.relations_in(pgmq).map(|r| r.name.as_str()).collect();
    assert_eq!(
        tables,
        [
            "a_jobs",
            "a_jobs_pkey",
            "archived_at_idx_Jobs",
            "message_record",
            "meta",
            "meta_queue_name_key",
            "metrics_result",
            "q_jobs",
            "q_jobs_msg_id_seq",
            "q_jobs_pkey",
            "q_jobs_vt_idx",
            "queue_record"
        ]
    );
}

#[test]
fn places_have_kinds_and_reference_systems() {
    let mut replay = says(
        "create extension postgis;
         create table t (id int, place geography(Point, 4326), shape geometry(MultiPolygonZ, 3857), g geometry);
         create index i on t using gist (place); create index j on t using gist (shape gist_geometry_ops_nd);
         select addgeometrycolumn('t', 'added', 4326, 'POINT', 3); select dropgeometrycolumn('t', 'g');
         create table r (srid int references spatial_ref_sys);
         create view near as select id, st_distance(place, st_makepoint(1, 2)::geography) d, st_asgeojson(place) j from t;
         create table u (a geometry(Nonsense));
         alter table t alter column place type geography(PointZ) using place::geography(PointZ);
         drop view near; alter table t alter column place type geography(PointZ) using place::geography(PointZ);
         create function parts(g geometry) returns table (i int) language sql
             as $$ select d.path[1] from st_dump(g) d where (st_isvaliddetail(d.geom)).valid $$;
         create function wrong(g geometry) returns table (i int) language sql as $$ select d.nope from st_dump(g) d $$;
         create view shapes as select place::geometry(point, 4326) p, shape::geometry(multipolygonz) s from t;",
        &[
            "22023: Invalid geometry type modifier: nonsense",
            "0A000: cannot alter type of a column used by a view or rule | rule _RETURN on view near depends on column \
             \"place\"",
            "42703: column d.nope does not exist",
        ],
    );
    let catalog = &replay.catalog;
    assert_eq!(column_type(catalog, "t", "place"), "geography(PointZ,4326)");
    assert_eq!(column_type(catalog, "t", "shape"), "geometry(MultiPolygonZ,3857)");
    assert_eq!(column_type(catalog, "t", "added"), "geometry(PointZ,4326)");
    assert_eq!(index_def(catalog, "i"), "CREATE INDEX i ON public.t USING gist (place)");
    assert_eq!(index_def(catalog, "j"), "CREATE INDEX j ON public.t USING gist (shape gist_geometry_ops_nd)");
    let shapes = catalog.relation_in(PUBLIC_SCHEMA, "shapes").expect("the view");
    let definition = Deparser::new(catalog, &[PUBLIC_SCHEMA]).view(shapes).expect("its definition");
    assert!(
        definition.contains("geometry(Point,4326)") && definition.contains("geometry(MultiPolygonZ)"),
        "{definition}"
    );
    let said = run(&mut replay, "drop extension postgis;");
    assert!(said[0].starts_with("2BP01: cannot drop extension postgis because other objects depend on it"), "{said:?}");
    assert_eq!(said[0].matches("depends on").count(), 6, "{said:?}");
}

#[test]
fn what_the_platform_has_is_there() {
    let mut replay = Replay::new(15);
    let platform = crate::platform::Platform::Supabase.script().expect("its script");
    assert_eq!(run(&mut replay, platform), [""; 0]);
    let postgres = replay.catalog.role_named("postgres").expect("the role").clone();
    for (name, value) in &postgres.config {
        replay.session.set_default(name, value);
    }
    let said = run(
        &mut replay,
        "create extension if not exists supabase_vault with schema vault; create extension if not exists pgjwt;
         create extension if not exists pg_graphql;
         create extension if not exists pg_cron with schema cron; create extension if not exists vector with schema extensions;
         create table t (e extensions.vector(3)); create table u (e vector(4));
         create trigger hook after insert on t for each row
             execute function supabase_functions.http_request('https://example.org', 'POST', '{}', '{}', '1000');
         select vault.create_secret('a', 'b');
         do $$ begin
             if exists (select from pg_available_extensions where name = 'pg_net') then
                 create extension if not exists pg_net;
             end if;
         end $$;
         select net.http_get('https://example.org');",
    );
    assert_eq!(
        said,
        [
            "NOTICE: extension \"supabase_vault\" already exists, skipping",
            "NOTICE: extension \"pgjwt\" already exists, skipping",
            "NOTICE: extension \"pg_graphql\" already exists, skipping",
        ]
    );
}
