//! Holds the replay of a folder of migrations against a real server: which files fail with which SQLSTATE, the facts of
//! the catalog that they lead to, and (without a platform) the printed text of everything stored.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pgproof::Project;
use pgproof::platform::Platform;
use pgproof::project::Options;
use pgproof::replay::{Replay, Stop};
use pgproof::report::MigrationStatus;

use crate::server::Server;
use crate::server::facts::FACTS;
use crate::server::stand_in::with_stand_ins;
use crate::server::texts;

/// `fidelity [--platform NAME] FOLDER…`
pub fn run(args: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let mut platform = Platform::Plain;
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--platform" => platform = args.next().ok_or("--platform needs a name")?.parse()?,
            folder => folders.push(folder.into()),
        }
    }
    let server = Server::start(platform);
    for folder in folders {
        if let Err(error) = compare(&server, platform, &folder) {
            println!("{}: {error}", folder.display());
        }
    }
    Ok(())
}

fn compare(server: &Server, platform: Platform, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let config = tempfile::NamedTempFile::with_suffix(".yaml")?;
    let migrations = folder.canonicalize()?;
    std::fs::write(
        config.path(),
        format!(
            "postgres: {}\nplatform: {platform}\nmigrations: {}\nspecs: []\n",
            server.major_version(),
            migrations.display()
        ),
    )?;
    let options = Options { config: Some(config.path().to_owned()), ..Options::new(folder) };
    let project = Project::open(&options).map_err(|e| e.to_string())?;
    let started = Instant::now();
    let replayed = project.replay(None).map_err(|e| e.to_string())?;
    let took = started.elapsed();
    println!("== {} ({} files, {took:.0?})", folder.display(), replayed.migrations.len());

    let mut database = server.database();
    // Extensions that the server lacks are stood in for; the platform's are there.
    let mut created = BTreeSet::new();
    with_stand_ins(platform.script().unwrap_or_default(), &mut created);
    let mut same = 0;
    for (migration, input) in replayed.migrations.iter().zip(&project.inputs().migrations) {
        let source = project.sources().file(input.source);
        let (path, text) = (source.path(), source.text());
        let path = path.rsplit('/').next().unwrap_or(path);
        let there =
            database.run(&with_stand_ins(text, &mut created)).map_err(|refusal| (refusal.sqlstate, refusal.message));
        // Each file has a session of its own. It may leave a transaction open.
        let _ = database.run("ROLLBACK");
        database.run("DISCARD ALL").map_err(|refusal| refusal.message)?;
        let here = match &migration.error {
            Some(error) => Err((error.sqlstate.to_string(), error.message.clone())),
            None => Ok(()),
        };
        let agree = match (&here, &there) {
            (Ok(()), Ok(())) => true,
            (Err((a, _)), Err((b, _))) => a == b,
            _ => false,
        };
        same += usize::from(agree);
        for opaque in &migration.opaque {
            let (_, line) = project.sources().path_line(opaque.place);
            println!("  {path}:{line} not executed: {}", opaque.reason);
        }
        if !agree {
            let line = migration.error.as_ref().map_or(0, |e| project.sources().path_line(e.place).1);
            println!("  {path}:{line} server {there:?}\n    replay {here:?}");
        }
    }
    let opaque = replayed.migrations.iter().filter(|m| m.status != MigrationStatus::Applied).count();
    let mut replay = Replay::new(server.major_version());
    replay.catalog = replayed.catalog;
    // Names are printed alike, whatever path a platform sets.
    replay.session.set("search_path", Some(String::new()), false);
    database.run("SET search_path = ''").map_err(|refusal| refusal.message)?;
    let (mut common, mut different, mut unknown) = (0, 0, 0);
    for (kind, query) in FACTS {
        let there: BTreeSet<_> = lines(database.query(query).map_err(|e| e.message)?);
        match replay.ask_for_certain(query) {
            Ok((rows, doubt)) => {
                let here: BTreeSet<_> = lines(rows);
                common += here.intersection(&there).count();
                for line in here.difference(&there) {
                    different += 1;
                    println!("  {kind} only in the replay: {line}");
                }
                let others: Vec<_> = there.difference(&here).collect();
                match doubt {
                    Some(doubt) => {
                        unknown += others.len();
                        println!("  {kind}: {} not known: {}", others.len(), doubt.reason);
                    }
                    None => {
                        different += others.len();
                        others.iter().for_each(|line| println!("  {kind} only on the server: {line}"));
                    }
                }
            }
            Err(Stop::Opaque(opaque)) => {
                unknown += there.len();
                println!("  {kind} not known: {}", opaque.reason);
            }
            Err(Stop::Error(error)) => println!("  {kind}: {} {}", error.sqlstate, error.message),
        }
    }
    if platform == Platform::Plain {
        let schema =
            project.schema(None, pgproof::report::schema::ScriptParts::ON_PLATFORM).map_err(|e| e.to_string())?;
        let (theirs, ours) = (texts::of_server(&mut database, false), texts::of_document(schema.flat()));
        let differences = texts::differences(&theirs, &ours);
        differences.iter().for_each(|difference| println!("  {difference}"));
        println!("  {} of {} printed texts differ", differences.len(), theirs.len());
    }
    println!(
        "-- {}: {same} of {} files end alike, {opaque} not plainly applied; facts: {common} equal, {different} different, {unknown} not known",
        folder.display(),
        replayed.migrations.len()
    );
    Ok(())
}

fn lines(rows: Vec<Vec<Option<String>>>) -> BTreeSet<String> {
    let line = |row: Vec<Option<String>>| {
        let values: Vec<String> = row.into_iter().map(|v| v.unwrap_or_else(|| "∅".to_owned())).collect();
        values.join(" | ")
    };
    rows.into_iter().map(line).collect()
}
