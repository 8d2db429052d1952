//! What a whole check costs beyond parsing: 7,000 ordinary statements in 500 files, and ten times that.
//!
//! Prints the CPU time of `pg_query::parse` alone and of parse, replay and check, on the same input in the same run, and
//! their ratio; then the same for 70,000 statements, and the peak of memory.
//!
//! `cargo bench --bench pipeline`

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use pgproof::Project;
use pgproof::project::Options;

/// A module of an ordinary project: 14 statements about one table.
fn migration(n: usize) -> String {
    let t = format!("module_{n}");
    let mut sql = String::new();
    let _ = write!(
        sql,
        "CREATE TABLE public.{t} (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id uuid NOT NULL,
    title text NOT NULL CHECK (length(title) > 0),
    state text DEFAULT 'new' CHECK (state IN ('new', 'open', 'closed')),
    amount numeric(10, 2) NOT NULL DEFAULT 0,
    tags text[],
    payload jsonb NOT NULL DEFAULT '{{}}',
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);
CREATE INDEX idx_{t}_owner ON public.{t} (owner_id);
CREATE INDEX idx_{t}_open ON public.{t} (created_at DESC) WHERE state = 'open';
ALTER TABLE public.{t} ENABLE ROW LEVEL SECURITY;
CREATE POLICY \"read {t}\" ON public.{t} FOR SELECT USING (owner_id = current_setting('app.user')::uuid);
CREATE POLICY \"write {t}\" ON public.{t} FOR INSERT WITH CHECK (owner_id = current_setting('app.user')::uuid);
ALTER TABLE public.{t} ADD COLUMN archived boolean NOT NULL DEFAULT false;
ALTER TABLE public.{t} ADD CONSTRAINT {t}_amount CHECK (amount >= 0);
CREATE FUNCTION public.touch_{t}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;
CREATE TRIGGER touch_{t} BEFORE UPDATE ON public.{t} FOR EACH ROW EXECUTE FUNCTION public.touch_{t}();
CREATE INDEX idx_{t}_tags ON public.{t} USING gin (tags);
ALTER TABLE public.{t} ALTER COLUMN title SET DEFAULT 'untitled';
COMMENT ON TABLE public.{t} IS 'Rows of module {n}';
GRANT SELECT ON public.{t} TO PUBLIC;
"
    );
    sql
}

fn write_project(dir: &Path, files: usize) -> Vec<String> {
    let migrations = dir.join("migrations");
    std::fs::create_dir_all(&migrations).expect("a folder");
    std::fs::create_dir_all(dir.join("spec")).expect("a folder");
    let mut spec = String::from("spec: benchmark\ntables:\n");
    let texts: Vec<String> = (0..files).map(migration).collect();
    for (n, text) in texts.iter().enumerate() {
        std::fs::write(migrations.join(format!("{n:05}_module.sql")), text).expect("a file");
        if n % 10 == 0 {
            let _ = write!(
                spec,
                "  module_{n}:\n    columns: {{ owner_id: {{ type: uuid, nullable: false }} }}\n    rls: {{ enabled: true }}\n"
            );
        }
    }
    std::fs::write(dir.join("spec/benchmark.yaml"), spec).expect("a file");
    texts
}

/// The CPU time that the process has used.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|&i| fields.get(i)?.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The least CPU time of several runs.
fn least<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let once = |work: &mut dyn FnMut() -> T| {
        let (start, wall) = (cpu(), std::time::Instant::now());
        drop(work());
        // Ticks are coarse; on one busy thread the wall clock is finer.
        (cpu() - start).max(Duration::from_millis(1)).min(wall.elapsed().max(Duration::from_micros(1)))
    };
    (0..runs).map(|_| once(&mut work)).min().unwrap_or_default()
}

fn peak_memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() {
    for (files, runs) in [(500, 5), (5000, 2)] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let texts = write_project(dir.path(), files);
        let whole = least(runs, || {
            let project = Project::open(&Options::new(dir.path())).expect("a project");
            let result = project.check().expect("a check");
            assert!(result.summary(pgproof::report::Policy::default()).passed, "{:#?}", result.findings.first());
            result
        });
        let memory = peak_memory_mb();
        let parse = least(runs, || {
            texts.iter().map(|t| pg_query::parse(t, 0).expect("SQL").protobuf.stmts.len()).sum::<usize>()
        });
        println!(
            "{:>6} statements: pg_query::parse {:>6.1} ms, parse + replay + check {:>6.1} ms, ratio {:.2}, peak {memory} MB",
            files * 14,
            parse.as_secs_f64() * 1e3,
            whole.as_secs_f64() * 1e3,
            whole.as_secs_f64() / parse.as_secs_f64(),
        );
    }
}
