//! Extensions of other projects, held against a real server.
//!
//! The server need not have them: their scripts run there as plain SQL, and what they make must be what `CREATE
//! EXTENSION` makes in the replay.

mod server;

use std::collections::BTreeSet;

use pgproof::catalog::Layer;
use pgproof::catalog::builtin::Builtins;
use pgproof::platform::Platform;
use pgproof::project::TransactionMode;
use pgproof::replay::{Replay, Script, Stop};
use pgproof::source::FileId;
use server::Server;
use server::facts::FACTS;
use server::stand_in::stand_in;

fn lines(rows: Vec<Vec<Option<String>>>) -> BTreeSet<String> {
    let line =
        |row: Vec<Option<String>>| row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(" | ");
    rows.into_iter().map(line).collect()
}

#[test]
fn scripts_make_what_a_server_makes_of_them() {
    // A server of its own: a script may make roles.
    let server = Server::start(Platform::Plain);
    let builtins = Builtins::for_version(server.major_version());
    let mut different = Vec::new();
    let mut compared = 0;
    for name in builtins.other_extension_names() {
        let extension = builtins.extension(name).expect("an extension that is listed");
        // The script of PostGIS rests on members that only PostGIS makes.
        let Some(script) = stand_in(&extension, extension.schema.unwrap_or("x")).filter(|_| name != "postgis") else {
            continue;
        };
        compared += 1;
        let mut database = server.database();
        // What an extension needs and the server lacks is out of sight in a schema of its own.
        let (mut on_server, mut in_replay) =
            (String::from("CREATE SCHEMA x;"), String::from("CREATE SCHEMA x; CREATE SCHEMA other;"));
        for required in extension.requires() {
            if builtins.extension(required).is_some_and(|required| required.of_distribution) {
                on_server += &format!("CREATE EXTENSION {required} SCHEMA public;");
                in_replay += &format!("CREATE EXTENSION {required} SCHEMA public;");
            } else {
                in_replay += &format!("CREATE EXTENSION {required} SCHEMA other;");
            }
        }
        database.run(&(on_server + &script)).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));

        let mut replay = Replay::new(server.major_version());
        let text = format!("{in_replay} CREATE EXTENSION {name} SCHEMA x;").into();
        let script = Script { file: FileId(0), text, layer: Layer::Platform, transaction: TransactionMode::None };
        let session = replay.session.clone();
        let outcome = replay.run(&script, session, &mut 0);
        assert!(outcome.error.is_none() && outcome.opaque.is_empty(), "{name}: {:?}", outcome.error);
        for (kind, query) in FACTS {
            let mut here = match replay.ask(query) {
                Ok(rows) => lines(rows),
                // It may have more types and functions.
                Err(Stop::Opaque(_)) if extension.partial => continue,
                Err(stop) => panic!("{name}, {kind}: {stop:?}"),
            };
            here.retain(|line| !line.starts_with("other |"));
            let there = lines(database.query(query).expect(kind));
            different.extend(there.difference(&here).map(|line| format!("{name} {kind} only on the server: {line}")));
            different.extend(here.difference(&there).map(|line| format!("{name} {kind} only in the replay: {line}")));
        }
    }
    assert!(compared > 10, "{compared} scripts");
    assert!(different.is_empty(), "{}", different.join("\n"));
}
