//! Random DDL: the replay held against a real server, statement by statement, and catalog by catalog.
//!
//! * `PGPROOF_SEED=<number>` runs that seed alone, `PGPROOF_SEEDS=<first>..<end>` many;
//! * `PGPROOF_STATEMENTS=<number>` is how many statements a seed makes;
//! * `PGPROOF_FAMILIES=<names>` leaves the other families out, for the search of a divergence.

#[path = "support/dice.rs"]
mod dice;
#[path = "differential/facts.rs"]
mod facts;
#[path = "random/mod.rs"]
mod random;
mod server;

use std::collections::BTreeMap;
use std::sync::Mutex;

use pgproof::platform::Platform;
use random::histogram::Histogram;
use random::{Divergence, Run};
use server::Server;

/// The seeds that gate.
const SEEDS: std::ops::Range<u64> = 0..50;
/// How many statements each of them makes.
const STATEMENTS: usize = 400;

/// Runs seeds on two servers: roles belong to a server.
fn run_all(seeds: &[u64], statements: usize) -> (Histogram, Vec<(u64, Divergence)>) {
    let families = std::env::var("PGPROOF_FAMILIES").ok();
    let left = Mutex::new(seeds.iter().copied());
    let done = Mutex::new((Histogram::default(), BTreeMap::<String, (usize, u64, Divergence)>::new()));
    let work = || {
        let server = Server::start(Platform::Plain);
        pgproof::sql::with_large_stack(|| {
            loop {
                let Some(seed) = left.lock().expect("no panic").next() else { return };
                let Run { histogram, divergences } = random::run(&server, seed, statements, families.as_deref());
                for divergence in divergences {
                    let (cause, mut new) = (divergence.cause.clone(), false);
                    done.lock().expect("no panic").1.entry(cause.clone()).and_modify(|known| known.0 += 1).or_insert_with(|| {
                        new = true;
                        (1, seed, divergence.clone())
                    });
                    if new && (divergence.refused || std::env::var_os("PGPROOF_SHRINK").is_some_and(|no| no == "no")) {
                        let last = divergence.script.last().map_or("", String::as_str);
                        println!("-- seed {seed}: {cause}\n{last};\n{}", divergence.text);
                    } else if new {
                        let shrunk = random::shrink(&server, &divergence);
                        println!("-- seed {seed}: {cause}\n{};\n{}", shrunk.script.join(";\n"), shrunk.text);
                        done.lock().expect("no panic").1.entry(cause).and_modify(|known| known.2 = shrunk);
                    }
                }
                done.lock().expect("no panic").0.merge(&histogram);
            }
        });
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let (histogram, found) = done.into_inner().expect("no panic");
    for (cause, (count, ..)) in &found {
        println!("{count:5} {cause}");
    }
    (histogram, found.into_values().map(|(_, seed, divergence)| (seed, divergence)).collect())
}

#[test]
fn random_ddl_ends_alike() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let statements = number("PGPROOF_STATEMENTS").map_or(STATEMENTS, |n| usize::try_from(n).expect("a number"));
    let range = std::env::var("PGPROOF_SEEDS").ok();
    let seeds: Vec<u64> = match (number("PGPROOF_SEED"), &range) {
        (Some(seed), _) => vec![seed],
        (None, Some(range)) => {
            let (first, end) = range.split_once("..").expect("a range");
            (first.parse().expect("a number")..end.parse().expect("a number")).collect()
        }
        (None, None) => SEEDS.collect(),
    };
    let (histogram, divergences) = run_all(&seeds, statements);
    println!("{histogram}");
    assert!(divergences.is_empty(), "{} kinds of divergence", divergences.len());
}
