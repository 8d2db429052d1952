//! Random DDL on a server and in the replay: a script grows statement by statement, each statement must end alike on
//! both sides, and every so often the facts and the printed texts of the two catalogs must be the same. What differs is
//! shrunk to a script from which no statement can be left out.
//!
//! A family of statements is a file: its forms take what they name from the [`world`], which is the server's catalog, so
//! that a seed means the same script whatever the replay does.

pub mod constraints;
pub mod define;
pub mod expressions;
pub mod foreign;
pub mod functions;
pub mod generator;
pub mod histogram;
pub mod indexes;
pub mod maintenance;
pub mod partitions;
pub mod policies;
pub mod rest;
pub mod tables;
pub mod types;
pub mod views;
pub mod world;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::dice::Random;
use crate::facts;
use crate::server::Server;
use crate::server::pair::{Ended, Pair};
use generator::{Form, Generator};
use histogram::Histogram;
use world::World;

/// What every script begins with: two schemas besides `public`, roles, and functions that others call.
const SETUP: &[&str] = &[
    "CREATE ROLE alice",
    "CREATE ROLE \"Bob B\"",
    "CREATE SCHEMA app",
    "CREATE SCHEMA \"My Schema\"",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE FUNCTION app.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'",
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
    "CREATE TYPE app.counter",
    "CREATE FUNCTION app.counter_in(cstring) RETURNS app.counter LANGUAGE internal IMMUTABLE STRICT AS 'int4in'",
    "CREATE FUNCTION app.counter_out(app.counter) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'",
    "CREATE FUNCTION app.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END'",
    "CREATE FUNCTION app.lang_handler() RETURNS language_handler LANGUAGE internal AS 'int4in'",
    "CREATE FUNCTION app.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4in'",
    "CREATE TYPE app.counter (INPUT = app.counter_in, OUTPUT = app.counter_out, LIKE = integer)",
];

/// After so many statements the catalogs are compared.
const COMPARED_EVERY: usize = 100;

/// Forms that need what there seldom is: by their families alone they would come too seldom.
const RARE: &[Form] = &[
    partitions::create_partition,
    partitions::attach,
    partitions::attach,
    partitions::detach,
    partitions::detach,
    partitions::detach,
    partitions::detach,
    partitions::detach,
    partitions::detach,
    partitions::finalize,
    partitions::become_typed,
    partitions::become_typed,
    partitions::become_typed,
    partitions::become_typed,
    rest::create_publication,
    rest::alter_publication,
    rest::alter_publication,
    rest::alter_statistics,
    rest::alter_statistics,
    rest::alter_statistics,
    rest::alter_statistics,
    rest::alter_statistics,
    rest::alter_role,
    rest::data,
    rest::update,
    rest::delete,
    rest::merge,
    rest::call,
    types::alter_domain,
    types::alter_domain,
    types::alter_domain,
    types::alter_enum,
    views::refresh,
];

/// The families of statements: their names, how often each is drawn, and their forms.
pub const FAMILIES: &[(&str, usize, &[Form])] = &[
    ("tables", 12, tables::FORMS),
    ("alter_table", 30, &[tables::alter_table]),
    ("indexes", 8, indexes::FORMS),
    ("policies", 9, policies::FORMS),
    ("functions", 8, functions::FORMS),
    ("triggers", 5, functions::TRIGGERS),
    ("views", 8, views::FORMS),
    ("types", 13, types::FORMS),
    ("sequences", 4, types::SEQUENCES),
    ("partitions", 15, partitions::FORMS),
    ("rest", 22, rest::FORMS),
    ("rows", 12, rest::ROWS),
    ("define", 12, define::FORMS),
    ("foreign", 14, foreign::FORMS),
    ("maintenance", 13, maintenance::FORMS),
    ("rare", 16, RARE),
];

/// Something that the two sides made differently.
#[derive(Clone, Debug)]
pub struct Divergence {
    /// The kind of it, which many may share.
    pub cause: String,
    /// Both sides refuse it, but not for the same reason.
    pub refused: bool,
    /// What each side says.
    pub text: String,
    /// The script up to where it shows.
    pub script: Vec<String>,
}

/// What a seed led to.
#[derive(Default)]
pub struct Run {
    pub histogram: Histogram,
    pub divergences: Vec<Divergence>,
}

fn draw(g: &mut Generator, families: &[(&str, usize, &[Form])]) -> String {
    let total: usize = families.iter().map(|(_, weight, _)| weight).sum();
    loop {
        let mut left = g.dice.below(total);
        let family = families.iter().find(|(_, weight, _)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        if let Some((_, _, forms)) = family
            && let Some(statement) = g.form(forms)
        {
            return statement;
        }
    }
}

/// Runs a statement, or several of a transaction, which a failure ends.
fn run_unit(pair: &mut Pair<'_>, text: &str) -> Ended {
    let ended = pair.run(text);
    if text.starts_with("BEGIN;") && ended.theirs.is_err() {
        pair.database.run("ROLLBACK").expect("a rollback");
    }
    ended
}

/// How the catalogs differ: the kinds of facts and texts, and all of it.
fn compare(pair: &mut Pair<'_>) -> Option<(String, String)> {
    let mut text = String::new();
    for statement in ["RESET ROLE", "RESET search_path"] {
        pair.run(statement);
    }
    for fact in facts::all(pair.replay.catalog.version()) {
        fact.compare(&mut pair.database, &mut pair.replay, &mut text);
    }
    let mut causes: BTreeSet<String> =
        text.lines().map(|line| format!("fact {}", line.trim().split(" only").next().unwrap_or_default())).collect();
    if causes.is_empty() {
        for (_, difference) in pair.differences() {
            causes.insert(difference.cause());
            let _ = writeln!(text, "  {difference}");
        }
        pair.run("RESET search_path");
        let _ = pair.database.run("RESET search_path");
    }
    let cause = causes.into_iter().next()?;
    Some((cause, text))
}

/// Grows a script from a seed.
pub fn run(server: &Server, seed: u64, statements: usize, only: Option<&str>) -> Run {
    let families: Vec<_> =
        FAMILIES.iter().filter(|(name, ..)| only.is_none_or(|o| o.contains(name))).copied().collect();
    let mut pair = Pair::new(server);
    let mut outcome = Run::default();
    let mut script: Vec<String> = Vec::new();
    let mut g = Generator { dice: Random(seed), world: World::default(), gone: Vec::new() };
    for number in 0..statements {
        let statement = match SETUP.get(number) {
            Some(statement) => (*statement).to_owned(),
            None => draw(&mut g, &families),
        };
        script.push(statement.clone());
        let ended = run_unit(&mut pair, &statement);
        let state = ended.theirs.as_ref().err().map(|report| report.refusal.sqlstate.clone());
        outcome.histogram.add(&statement, state.as_deref());
        if !ended.alike() {
            let text = format!("{ended}\n");
            let refused = ended.theirs.is_err() && matches!(ended.ours, Ok(Err(_)));
            outcome.divergences.push(Divergence { cause: ended.cause(), refused, text, script: script.clone() });
            // The server has done what the replay has not.
            if ended.theirs.is_ok() {
                return finish(server, pair, outcome);
            }
            script.pop();
        }
        if state.is_none() {
            let before: Vec<String> = g.world.relations.iter().map(|r| r.name.clone()).collect();
            // What a script's author does not see at once.
            if g.percent(75) || number < SETUP.len() || statement.contains("PUBLICATION") {
                g.world = World::read(&mut pair.database);
                let now: BTreeSet<&String> = g.world.relations.iter().map(|r| &r.name).collect();
                g.gone.extend(before.iter().filter(|name| !now.contains(name)).cloned());
                let old = g.gone.len().saturating_sub(8);
                g.gone.drain(..old);
            }
        }
        if ((number + 1) % COMPARED_EVERY == 0 || number + 1 == statements)
            && let Some((cause, text)) = compare(&mut pair)
        {
            outcome.divergences.push(Divergence { cause, refused: false, text, script });
            return finish(server, pair, outcome);
        }
    }
    finish(server, pair, outcome)
}

fn finish(server: &Server, pair: Pair<'_>, outcome: Run) -> Run {
    drop(pair);
    server.drop_new_roles();
    outcome
}

/// Runs a script anew: how it differs, if it differs in that way.
fn again(server: &Server, script: &[&String], cause: &str) -> Option<String> {
    let mut pair = Pair::new(server);
    let mut found = None;
    for (i, statement) in script.iter().enumerate() {
        let ended = run_unit(&mut pair, statement);
        if !ended.alike() {
            if i + 1 == script.len() && ended.cause() == cause {
                found = Some(format!("{ended}\n"));
            }
            // Another difference on the way is not the one that is looked for.
            if ended.theirs.is_ok() || found.is_some() {
                drop(pair);
                server.drop_new_roles();
                return found;
            }
        }
    }
    if cause.starts_with("fact") || cause.contains(": ") && !cause.contains("not executed") {
        found = compare(&mut pair).filter(|(other, _)| other == cause).map(|(_, text)| text);
    }
    drop(pair);
    server.drop_new_roles();
    found
}

/// The shortest script that can be found by leaving out statements, and what differs after it.
pub fn shrink(server: &Server, divergence: &Divergence) -> Divergence {
    let mut kept: Vec<&String> = divergence.script.iter().collect();
    let mut text = divergence.text.clone();
    let mut size = kept.len().div_ceil(2);
    while size > 0 {
        let mut smaller = false;
        let mut end = kept.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let mut fewer = kept.clone();
            fewer.drain(start..end);
            if let Some(found) = again(server, &fewer, &divergence.cause) {
                (kept, text, smaller) = (fewer, found, true);
            }
            end = start;
        }
        size = if size == 1 && smaller { 1 } else { size / 2 };
    }
    let script = kept.into_iter().cloned().collect();
    Divergence { cause: divergence.cause.clone(), refused: divergence.refused, text, script }
}
