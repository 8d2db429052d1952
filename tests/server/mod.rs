//! A private PostgreSQL server for tests: the judge of what PostgreSQL would do.
//!
//! One server for each platform, version and test process, in a temporary directory, on a Unix socket only. Each test
//! gets a [`Database`] of its own. Nothing is skipped where there is no PostgreSQL: the test fails and says what to
//! install. Most tests run on the system's PostgreSQL; those of versions also on the newest that pgproof knows.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod facts;
pub mod pair;
pub mod stand_in;
pub mod texts;

use std::fs;
use std::io::{self, PipeWriter};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use pgproof::platform::Platform;
use postgres::error::{DbError, ErrorPosition};
use postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// The superuser that only the harness uses: a platform's script may take that right from `postgres`.
const ADMIN: &str = "pgproof_tests";
/// The database with what the platform's script makes, copied for every test.
const TEMPLATE: &str = "platform_template";

/// The newest major version that pgproof knows: `.ci/install server` puts its programs into `target/servers/`.
pub const NEWEST: u32 = 18;

const INSTALL: &str = "PostgreSQL's server programs were not found. Install them (Debian: `make test` does it, or \
     `apt-get install postgresql postgresql-contrib`), or set PGPROOF_PG_BIN to the directory of `initdb` and `postgres`.";

const INSTALL_NEWEST: &str = "PostgreSQL 18's server programs were not found. `make test` installs them, as does \
     `.ci/install server`; or set PGPROOF_PG_BIN_18 to the directory of `initdb` and `postgres`.";

/// What PostgreSQL says of a statement that it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub sqlstate: String,
    pub message: String,
}

/// All that PostgreSQL says of a statement that it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub refusal: Refusal,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// The character that it points to, from 1.
    pub position: Option<u32>,
}

/// A running server.
pub struct Server {
    directory: PathBuf,
    admin: Mutex<Client>,
    major_version: u32,
    /// The roles of the platform.
    roles: Vec<String>,
    /// Statements that set what the platform sets for `postgres`.
    settings: String,
    /// The server lives as long as this end of a pipe: see [`start`].
    _alive: PipeWriter,
}

impl Server {
    /// The server of this test process that has a platform's roles.
    pub fn shared(platform: Platform) -> &'static Server {
        static PLAIN: OnceLock<Server> = OnceLock::new();
        static SUPABASE: OnceLock<Server> = OnceLock::new();
        let cell = match platform {
            Platform::Plain => &PLAIN,
            Platform::Supabase => &SUPABASE,
            other => panic!("no server for the platform {other}"),
        };
        cell.get_or_init(|| Server::start(platform))
    }

    /// The servers of all versions that tests of versions run on: the system's and the newest.
    pub fn versions() -> Vec<&'static Server> {
        static SERVER: OnceLock<Server> = OnceLock::new();
        let systems = Server::shared(Platform::Plain);
        if systems.major_version() == NEWEST {
            return vec![systems];
        }
        vec![systems, SERVER.get_or_init(|| Server::start_with(Platform::Plain, &find_newest()))]
    }

    /// A server of its own, for tests that make roles.
    pub fn start(platform: Platform) -> Server {
        Server::start_with(platform, &find_programs())
    }

    /// A server of its own whose programs are in that directory.
    pub fn start_with(platform: Platform, programs: &Path) -> Server {
        let (directory, alive, child) = start(programs);
        let mut admin = connect_when_ready(&directory, child);
        let mut run = |sql: &str| admin.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        run("CREATE ROLE postgres SUPERUSER CREATEDB CREATEROLE LOGIN REPLICATION BYPASSRLS");
        run(&format!("CREATE DATABASE {TEMPLATE} OWNER postgres"));
        let version = admin.query_one("SHOW server_version_num", &[]).expect("its version").get::<_, String>(0);
        let major_version = version.parse::<u32>().expect("a number") / 10_000;
        if major_version < 15 {
            // Later the owner of the database owns it.
            let mut client = connect(&directory, ADMIN, TEMPLATE).expect("the new database");
            client.batch_execute("ALTER SCHEMA public OWNER TO postgres").expect("a superuser may");
        }
        if let Some(script) = platform.script() {
            let mut client = connect(&directory, "postgres", TEMPLATE).expect("the new database");
            let script = stand_in::with_stand_ins(script, &mut Default::default());
            client.batch_execute(&script).unwrap_or_else(|error| panic!("the script of {platform}: {error:?}"));
        }
        let roles = admin.query("SELECT quote_ident(rolname) FROM pg_roles", &[]).expect("the roles");
        let roles = roles.iter().map(|row| row.get(0)).collect();
        // A path is a list as it is, other values are constants.
        let settings = "SELECT coalesce(string_agg(format('ALTER ROLE postgres SET %I TO %s;', name, \
                        CASE name WHEN 'search_path' THEN value ELSE quote_literal(value) END), ''), '') \
                        FROM (SELECT split_part(s, '=', 1) AS name, substr(s, strpos(s, '=') + 1) AS value \
                        FROM pg_roles, unnest(rolconfig) s WHERE rolname = 'postgres') x";
        let settings = admin.query_one(settings, &[]).expect("the settings").get(0);
        Server { directory, admin: Mutex::new(admin), major_version, roles, settings, _alive: alive }
    }

    /// Its major version.
    pub fn major_version(&self) -> u32 {
        self.major_version
    }

    /// The directory of its socket.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// A new database that is dropped with the value, and a session of `postgres` in it.
    pub fn database(&self) -> Database<'_> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.admin(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER postgres"));
        let notices = Notices::default();
        let client = connect_listening(&self.directory, "postgres", &name, &notices);
        Database { server: self, name, client: Some(client), notices }
    }

    /// A new database of `postgres`, and a session of the role that the server was made with.
    pub fn superuser_database(&self) -> Database<'_> {
        let mut database = self.database();
        database.become_user(ADMIN);
        database
    }

    /// Drops the roles that tests have made, with settings and other databases: they are not a database's. The databases of
    /// the tests must be gone.
    pub fn drop_new_roles(&self) {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        // What a role is set to is the server's as well, and so are databases.
        admin
            .batch_execute(&format!("ALTER ROLE postgres RESET ALL;{}", self.settings))
            .expect("the settings are reset");
        admin.batch_execute("ALTER SYSTEM RESET ALL").expect("the settings are reset");
        let rows = admin.query("SELECT quote_ident(datname) FROM pg_database WHERE datname ~* '^pgproof.other$'", &[]);
        for row in rows.expect("the databases") {
            let name: String = row.get(0);
            admin.batch_execute(&format!("DROP DATABASE {name}")).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
        let rows = admin.query("SELECT quote_ident(rolname) FROM pg_roles WHERE oid > 16383", &[]).expect("the roles");
        let names: Vec<String> = rows.iter().map(|row| row.get(0)).filter(|name| !self.roles.contains(name)).collect();
        for name in names {
            admin.batch_execute(&format!("DROP ROLE {name}")).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
    }

    fn admin(&self, sql: &str) {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        admin.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

/// A database and a session in it.
pub struct Database<'s> {
    server: &'s Server,
    name: String,
    client: Option<Client>,
    notices: Notices,
}

/// What a server says besides errors.
type Notices = Arc<Mutex<Vec<DbError>>>;

impl<'s> Database<'s> {
    /// Its server.
    pub fn server(&self) -> &'s Server {
        self.server
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Goes on as another role.
    pub fn become_user(&mut self, user: &str) {
        self.client = Some(connect_listening(&self.server.directory, user, &self.name, &self.notices));
    }

    /// Runs statements one by one, each in a transaction of its own unless they open one, and tells of each how it ended.
    pub fn run_script<'t>(&mut self, statements: impl IntoIterator<Item = &'t str>) -> Vec<Result<(), Refusal>> {
        statements.into_iter().map(|statement| self.run(statement)).collect()
    }

    /// Runs a text, all of it as one message: several statements are one transaction.
    pub fn run(&mut self, sql: &str) -> Result<(), Refusal> {
        self.client().batch_execute(sql).map_err(|error| refusal(&error))
    }

    /// Runs one statement, and tells all that PostgreSQL says if it refuses it.
    pub fn run_reported(&mut self, sql: &str) -> Result<(), Report> {
        self.client().batch_execute(sql).map_err(|error| {
            let refusal = refusal(&error);
            let db = error.as_db_error().expect("what `refusal` read");
            let position = match db.position() {
                Some(ErrorPosition::Original(position)) => Some(*position),
                Some(ErrorPosition::Internal { .. }) | None => None,
            };
            let text = |text: Option<&str>| text.map(str::to_owned);
            Report { refusal, detail: text(db.detail()), hint: text(db.hint()), position }
        })
    }

    /// What the server has said since this was asked last, besides errors.
    pub fn take_notices(&mut self) -> Vec<DbError> {
        // What has been said when a statement ends is read before its end is.
        std::mem::take(&mut self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The rows of a query as text.
    pub fn query(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Refusal> {
        let messages = self.client().simple_query(sql).map_err(|error| refusal(&error))?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(rows.map(|row| (0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect()).collect())
    }

    /// The first column of a query, nulls left out.
    pub fn column(&mut self, sql: &str) -> Vec<String> {
        let rows = self.query(sql).unwrap_or_else(|refusal| panic!("{sql}: {refusal:?}"));
        rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect()
    }

    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("the session lives as long as the database")
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        self.client = None;
        self.server.admin(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn refusal(error: &postgres::Error) -> Refusal {
    match error.as_db_error() {
        Some(db) => Refusal { sqlstate: db.code().code().to_owned(), message: db.message().to_owned() },
        None => panic!("the connection failed: {error:?}"),
    }
}

/// The directory of the server's programs: `PGPROOF_PG_BIN`, Debian's for 15 or else its newest, or one of `PATH`.
pub fn find_programs() -> PathBuf {
    if let Some(dir) = std::env::var_os("PGPROOF_PG_BIN").map(PathBuf::from) {
        assert!(is_complete(&dir), "PGPROOF_PG_BIN={} has no `initdb` and `postgres`", dir.display());
        return dir;
    }
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<u32> = debian.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_by_key(|&version| (version != 15, std::cmp::Reverse(version)));
    let mut candidates = versions.iter().map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")));
    let path = std::env::var_os("PATH").unwrap_or_default();
    candidates
        .find(|dir| is_complete(dir))
        .or_else(|| std::env::split_paths(&path).find(|dir| is_complete(dir)))
        .expect(INSTALL)
}

/// The directory of the newest version's programs: `PGPROOF_PG_BIN_18`, the system's, or what `.ci/install` has put
/// into `target/servers/` of this project (a worktree of it may have none).
pub fn find_newest() -> PathBuf {
    if let Some(dir) = std::env::var_os(format!("PGPROOF_PG_BIN_{NEWEST}")).map(PathBuf::from) {
        assert!(is_complete(&dir), "PGPROOF_PG_BIN_{NEWEST}={} has no `initdb` and `postgres`", dir.display());
        return dir;
    }
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let own = project.map(|dir| dir.join(format!("target/servers/{NEWEST}/bin")));
    let mut candidates = std::iter::once(PathBuf::from(format!("/usr/lib/postgresql/{NEWEST}/bin"))).chain(own);
    candidates.find(|dir| is_complete(dir)).expect(INSTALL_NEWEST)
}

fn is_complete(dir: &Path) -> bool {
    dir.join("initdb").is_file() && dir.join("postgres").is_file()
}

/// Makes a cluster and starts its server under a shell that waits for the end of a pipe: when this process is gone,
/// however it ended, the shell stops the server and removes the directory. (A `static` is never dropped, and a death
/// signal would follow the thread of the first test.)
fn start(programs: &Path) -> (PathBuf, PipeWriter, Child) {
    let directory = tempfile::Builder::new().prefix("pgproof-").tempdir().expect("a temporary directory").keep();
    let user = unprivileged_user();
    let programs = &readable(programs, &directory, user);
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.args([
        "--username",
        ADMIN,
        "--auth",
        "trust",
        "--no-sync",
        "--encoding",
        "UTF8",
        "--locale",
        "C",
        "--pgdata",
    ]);
    initdb.arg(directory.join("data")).current_dir("/").stdin(Stdio::null());
    if let Some((uid, gid)) = user {
        chown(&directory, Some(uid), Some(gid)).expect("the directory can be given away");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("and others may enter it");
        initdb.uid(uid).gid(gid);
    }
    let output = initdb.output().expect("initdb starts");
    assert!(output.status.success(), "initdb failed:\n{}", String::from_utf8_lossy(&output.stderr));

    let script = r#"
        "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
            -c synchronous_commit=off -c autovacuum=off -c wal_level=logical -c max_connections=50 \
            >"$2/log" 2>&1 </dev/null &
        server=$!
        trap '' INT TERM HUP
        read -r _
        kill -QUIT "$server"
        wait "$server"
        rm -rf "$2/data" "$2/log" "$2/programs" "$2"
    "#;
    let (reader, writer) = io::pipe().expect("a pipe");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, "sh"]).arg(programs).arg(&directory).current_dir("/");
    shell.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
    // In a group of its own, so that Ctrl-C at the terminal leaves the cleaning up to it.
    shell.process_group(0);
    if let Some((uid, gid)) = user {
        shell.uid(uid).gid(gid);
    }
    (directory, writer, shell.spawn().expect("the shell starts"))
}

/// The programs' directory, or a copy of their installation where the user that is to run them may not enter it.
fn readable(programs: &Path, directory: &Path, user: Option<(u32, u32)>) -> PathBuf {
    let Some((uid, gid)) = user else { return programs.to_owned() };
    let mut attempt = Command::new(programs.join("postgres"));
    attempt.arg("--version").current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if attempt.uid(uid).gid(gid).status().is_ok() {
        return programs.to_owned();
    }
    let installation = programs.parent().expect("a directory above `bin`");
    let copied = Command::new("cp").arg("-a").arg(installation).arg(directory.join("programs")).status();
    assert!(copied.is_ok_and(|status| status.success()), "{} cannot be copied", installation.display());
    directory.join("programs/bin")
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such user.
fn unprivileged_user() -> Option<(u32, u32)> {
    let me = fs::metadata("/proc/self").or_else(|_| tempfile::tempfile()?.metadata()).expect("this process's user");
    if std::os::unix::fs::MetadataExt::uid(&me) != 0 {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").expect("the list of users");
    let ids = |name: &str| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).expect("a user `postgres` or `nobody` to run the server as"))
}

fn connect_when_ready(directory: &Path, mut child: Child) -> Client {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match connect(directory, ADMIN, "postgres") {
            Ok(client) => return client,
            Err(error) => {
                let ended = child.try_wait().expect("the shell's state").is_some();
                if ended || Instant::now() > deadline {
                    let log = fs::read_to_string(directory.join("log")).unwrap_or_default();
                    panic!("the server did not start: {error}\n{log}");
                }
                sleep(Duration::from_millis(20));
            }
        }
    }
}

fn connect(directory: &Path, user: &str, database: &str) -> Result<Client, postgres::Error> {
    Config::new().host_path(directory).user(user).dbname(database).connect(NoTls)
}

/// The same, and what the server says on the way is kept.
fn connect_listening(directory: &Path, user: &str, database: &str, notices: &Notices) -> Client {
    let notices = Arc::clone(notices);
    let keep = move |notice: DbError| notices.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
    let mut config = Config::new();
    config.host_path(directory).user(user).dbname(database).notice_callback(keep);
    config.connect(NoTls).expect("a session")
}
