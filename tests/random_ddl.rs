//! Random DDL: the replay held against a real server, statement by statement, and catalog by catalog.
//!
//! * `PGPROOF_SEED=<number>` runs that seed alone, `PGPROOF_SEEDS=<first>..<end>` many;
//! * `PGPROOF_STATEMENTS=<number>` is how many statements a seed makes;
//! * `PGPROOF_FAMILIES=<names>` leaves the other families out, for the search of a divergence;
//! * `PGPROOF_PG=18` takes the newest server instead of the system's (the seeds that gate run on both);
//! * `PGPROOF_SHRINK=no` reports what differs without looking for the shortest script, `all` looks for that of what both
//!   sides refuse, too.

#[path = "support/dice.rs"]
mod dice;
#[path = "differential/facts.rs"]
mod facts;
#[path = "random/mod.rs"]
mod random;
mod server;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;

use pgproof::platform::Platform;
use random::histogram::{Histogram, KINDS, LEAST, LEAST_DONE, NEVER_DONE, NOT_GENERATED, counted, kinds};
use random::{Divergence, Run};
use server::Server;

/// The seeds that gate.
const SEEDS: Range<u64> = 0..50;
/// How many statements each of them makes.
const STATEMENTS: usize = 500;
/// At most so many of the statements that the server refuses are refused here for another reason: mostly those that
/// have two faults. To be lowered with every cause that goes.
const REFUSED_OTHERWISE: usize = 4;

/// Runs seeds on two servers: roles belong to a server.
fn run_all(seeds: &[u64], statements: usize, newest: bool) -> (Histogram, Vec<(usize, u64, Divergence)>) {
    let families = std::env::var("PGPROOF_FAMILIES").ok();
    let left = Mutex::new(seeds.iter().copied());
    let unclean = Mutex::new(Vec::new());
    let done = Mutex::new((Histogram::default(), BTreeMap::<String, (usize, u64, Divergence)>::new()));
    let work = || {
        let server = match newest {
            true => Server::start_with(Platform::Plain, &server::find_newest()),
            false => Server::start(Platform::Plain),
        };
        pgproof::sql::with_large_stack(|| {
            loop {
                let Some(seed) = left.lock().expect("no panic").next() else { return };
                let Run { histogram, divergences } = random::run(&server, seed, statements, families.as_deref());
                if divergences.iter().any(|d| !d.refused) {
                    unclean.lock().expect("no panic").push(seed);
                }
                for divergence in divergences {
                    let (cause, mut new) = (divergence.cause.clone(), false);
                    done.lock()
                        .expect("no panic")
                        .1
                        .entry(cause.clone())
                        .and_modify(|known| known.0 += 1)
                        .or_insert_with(|| {
                            new = true;
                            (1, seed, divergence.clone())
                        });
                    let asked = std::env::var("PGPROOF_SHRINK").unwrap_or_default();
                    if new && (asked == "no" || divergence.refused && asked != "all") {
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
    let mut unclean = unclean.into_inner().expect("no panic");
    unclean.sort_unstable();
    println!("seeds that differ: {unclean:?}");
    for (cause, (count, ..)) in &found {
        println!("{count:5} {cause}");
    }
    (histogram, found.into_values().collect())
}

/// The kinds of statements and sub-commands that were run too seldom.
fn seldom(histogram: &Histogram) -> Vec<String> {
    let kinds = histogram.by_kind();
    let few = |kind: &str| {
        let count = kinds.get(kind).copied().unwrap_or_default();
        let least = if NEVER_DONE.contains(&kind) { 0 } else { LEAST_DONE };
        (count.run < LEAST || count.done < least).then(|| format!("{kind}: {} run, {} done", count.run, count.done))
    };
    KINDS.iter().filter_map(|kind| few(kind)).collect()
}

#[test]
fn random_ddl_ends_alike() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let statements = number("PGPROOF_STATEMENTS").map_or(STATEMENTS, |n| usize::try_from(n).expect("a number"));
    let range = std::env::var("PGPROOF_SEEDS").ok();
    let chosen: Option<Vec<u64>> = match (number("PGPROOF_SEED"), &range) {
        (Some(seed), _) => Some(vec![seed]),
        (None, Some(range)) => {
            let (first, end) = range.split_once("..").expect("a range");
            Some((first.parse().expect("a number")..end.parse().expect("a number")).collect())
        }
        (None, None) => None,
    };
    let newest = match std::env::var("PGPROOF_PG") {
        Ok(version) if version == server::NEWEST.to_string() => true,
        Ok(version) => panic!("PGPROOF_PG={version}: there is the system's server and that of {}", server::NEWEST),
        Err(_) => false,
    };
    let seeds = chosen.clone().unwrap_or_else(|| SEEDS.collect());
    let (histogram, divergences) = run_all(&seeds, statements, newest);
    println!("{histogram}");
    println!("too seldom: {:#?}", seldom(&histogram));
    let hard = hard(&divergences);
    let otherwise: usize = divergences.iter().filter(|(_, _, d)| d.refused).map(|(count, ..)| count).sum();
    println!("{otherwise} statements are refused for another reason");
    assert!(hard.is_empty(), "{} kinds of divergence: {hard:#?}", hard.len());
    if chosen.is_none() && statements == STATEMENTS {
        assert!(otherwise <= REFUSED_OTHERWISE, "{otherwise} statements are refused for another reason");
        assert_eq!(histogram.statements, SEEDS.count() * STATEMENTS, "a script has ended early");
        assert!((10..=40).contains(&(100 * histogram.failed / histogram.statements)), "the share that fails");
        assert!(histogram.states.len() >= 15, "SQLSTATEs: {:?}", histogram.states);
        assert_eq!(seldom(&histogram), Vec::<String>::new(), "these are run too seldom");
        for (count, what) in [
            (histogram.quoted, "quoted names"),
            (histogram.other_schema, "a second schema"),
            (20 * histogram.dependents, "dependents"),
        ] {
            assert!(count > STATEMENTS * 10, "{count} statements with {what}");
        }
        // A seed that nobody has seen is reported; it does not gate.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        println!("a fresh seed: {}", now.as_secs());
        run_all(&[now.as_secs()], STATEMENTS, newest);
    }
}

/// The same on the newest version.
#[test]
fn random_ddl_ends_alike_on_the_newest_server() {
    if ["PGPROOF_SEED", "PGPROOF_SEEDS", "PGPROOF_PG"].iter().any(|name| std::env::var_os(name).is_some()) {
        // Somebody runs something else, on the server that they ask for.
        return;
    }
    let (_, divergences) = run_all(&SEEDS.collect::<Vec<u64>>(), STATEMENTS, true);
    let hard = hard(&divergences);
    assert!(hard.is_empty(), "{} kinds of divergence: {hard:#?}", hard.len());
}

/// The causes of what is done on one side alone, or done differently.
fn hard(divergences: &[(usize, u64, Divergence)]) -> Vec<&str> {
    divergences.iter().filter(|(_, _, d)| !d.refused).map(|(_, _, d)| d.cause.as_str()).collect()
}

/// All statements and sub-commands that docs/coverage.md calls executed are generated, or it is said why not.
#[test]
fn what_is_executed_is_generated() {
    let page = include_str!("../docs/coverage.md");
    let mut executed: BTreeMap<String, String> = BTreeMap::new();
    let mut wanted = false;
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            wanted = matches!(title, "Statements" | "`AlterTableStmt`: actions" | "`AlterDomainStmt`");
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        let [_, example, state] = cells.as_slice() else { continue };
        if !wanted || !(state.starts_with("executed") || state.starts_with("in part")) {
            continue;
        }
        for kind in kinds(example.trim_matches('`')) {
            executed.insert(counted(&kind).to_owned(), (*example).to_owned());
        }
    }
    assert!(executed.len() > 60, "the page is not what it was");
    let except = |kind: &str| NOT_GENERATED.iter().any(|(other, _)| *other == kind);
    executed.retain(|kind, _| !KINDS.contains(&kind.as_str()) && !except(kind));
    assert!(executed.is_empty(), "these are not generated: {executed:#?}");
    assert!(KINDS.iter().all(|kind| !except(kind)), "an exception is generated");
}
