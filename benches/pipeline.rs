//! What a whole check costs beyond parsing: 7,000 ordinary statements in 500 files, and ten times that, of several shapes.
//!
//! Prints the CPU time of `pg_query::parse` alone and of the whole run of parse, replay and check, on the same input in the
//! same run, with their ratio, and as further ratios what of the whole is our own parse, the replay beyond it, and what
//! is neither: files read, specs read and judged. Then the same for 70,000 statements. Of all lines the peak of memory is that of the process so far.
//!
//! `cargo bench --bench pipeline`; for some shapes only: `-- modules hubs`; without the larger size: `-- --small`; for a
//! profile of the replay alone, with its parse: `-- --replay-only`.

#[path = "pipeline/shapes.rs"]
mod shapes;

use std::path::Path;
use std::time::{Duration, Instant};

use pgproof::Project;
use pgproof::project::{DEFAULT_POSTGRES, Options};
use pgproof::report::CheckResult;
use pgproof::sql::Grammar;
use shapes::{SHAPES, Shape};

/// The command's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many statements each migration has.
const PER_FILE: usize = 14;

fn write_project(dir: &Path, shape: &Shape, files: usize) {
    let migrations = dir.join("migrations");
    std::fs::create_dir_all(&migrations).expect("a folder");
    std::fs::create_dir_all(dir.join("spec")).expect("a folder");
    let mut spec = String::from("spec: benchmark\ntables:\n");
    for n in 0..files {
        std::fs::write(migrations.join(format!("{n:05}_module.sql")), (shape.migration)(n)).expect("a file");
        spec.extend((shape.spec)(n));
    }
    std::fs::write(dir.join("spec/benchmark.yaml"), spec).expect("a file");
}

/// The CPU time that this thread has used.
fn cpu() -> Option<Duration> {
    // Linux brings the clock of a thread up to date when it schedules.
    std::thread::yield_now();
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(stat.split_whitespace().next()?.parse().ok()?))
}

/// The least CPU time of several runs; where it cannot be had, the least time.
fn least<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let once = |work: &mut dyn FnMut() -> T| {
        let (start, wall) = (cpu(), Instant::now());
        let result = work();
        let took = match (start, cpu()) {
            (Some(start), Some(end)) => end - start,
            _ => wall.elapsed(),
        };
        // The command ends without taking the catalog apart.
        drop(result);
        took
    };
    (0..runs).map(|_| once(&mut work)).min().unwrap_or_default()
}

fn peak_memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn check(dir: &Path) -> CheckResult {
    let Ok(result) = Project::open(&Options::new(dir)).and_then(|project| project.check()) else { panic!("unusable") };
    let first = result.findings.first().map(|f| &f.message);
    assert!(result.summary(pgproof::report::Policy::default()).passed, "{first:?}");
    result
}

fn measure(shape: &Shape, files: usize, runs: usize, replay_only: bool) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    write_project(dir.path(), shape, files);
    let statements = files * PER_FILE;
    let Ok(project) = Project::open(&Options::new(dir.path())) else { panic!("unusable") };
    if replay_only {
        let replayed = least(10 * runs, || project.replay(None));
        println!("{:>10} {statements:>6} statements: {:>6.1} ms", shape.name, replayed.as_secs_f64() * 1e3);
        return;
    }
    let whole = least(runs, || check(dir.path()));
    let memory = peak_memory_mb();
    let replayed = least(runs, || project.replay(None));
    let texts: Vec<String> = (0..files).map(shape.migration).collect();
    let parse = least(runs, || {
        let count = |t: &String| pg_query::parse(t, 0).expect("SQL").protobuf.stmts.len();
        assert_eq!(texts.iter().map(count).sum::<usize>(), statements);
    });
    let grammar = Grammar::of(DEFAULT_POSTGRES);
    let own = least(runs, || assert_eq!(texts.iter().map(|text| grammar.parse(text).len()).sum::<usize>(), statements));
    let relative = |time: Duration| time.as_secs_f64() / parse.as_secs_f64();
    println!(
        "{:>10} {statements:>6} statements: pg_query::parse {:>6.1} ms, whole {:>6.1} ms, ratio {:.2} \
         (own parse {:.2}, replay {:.2}, files and specs {:.2}), peak {memory} MB",
        shape.name,
        parse.as_secs_f64() * 1e3,
        whole.as_secs_f64() * 1e3,
        relative(whole),
        relative(own),
        relative(replayed.saturating_sub(own)),
        relative(whole.saturating_sub(replayed)),
    );
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let (options, names): (Vec<_>, Vec<_>) = args.iter().partition(|arg| arg.starts_with("--"));
    let replay_only = options.iter().any(|option| *option == "--replay-only");
    let sizes: &[(usize, usize)] =
        if options.iter().any(|option| *option == "--small") { &[(500, 7)] } else { &[(500, 7), (5000, 3)] };
    // One thread for everything, so that its clock counts everything.
    pgproof::sql::with_large_stack(|| {
        for &(files, runs) in sizes {
            for shape in SHAPES.iter().filter(|s| names.is_empty() || names.iter().any(|name| *name == s.name)) {
                measure(shape, files, runs, replay_only);
            }
        }
    });
}
