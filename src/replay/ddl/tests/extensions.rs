//! Extensions of other projects. Errors and printed definitions are those of PostgreSQL 15 and 18 with the extensions.

use super::objects::{run, says};
use crate::catalog::{Catalog, Object, PUBLIC_SCHEMA, TypeRef};
use crate::expr::print_index_def;
use crate::replay::Replay;

fn column_type(catalog: &Catalog, table: &str, column: &str) -> String {
    let relation = catalog.relation_in(PUBLIC_SCHEMA, table).expect("the table");
    let TypeRef { oid, typmod } = relation.column(column).expect("the column").ty;
    catalog.format_type(TypeRef { oid, typmod }, &[PUBLIC_SCHEMA])
}

fn index_def(catalog: &Catalog, index: &str) -> String {
    let index = catalog.relation_in(PUBLIC_SCHEMA, index).expect("the index");
    print_index_def(catalog, &[PUBLIC_SCHEMA], index).expect("its definition")
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
            let partial = ["pgsodium", "timescaledb"].contains(&name);
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
         create index k on t using hnsw (id desc);
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
