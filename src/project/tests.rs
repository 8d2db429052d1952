use std::fs;

use super::*;

/// A folder with files in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let file = self.0.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    fn load(&self) -> Result<Inputs, InputError> {
        load(&Options::new(self.0.path()))
    }

    /// The paths of the migrations in their order, those that are not SQL in brackets.
    fn migrations(&self) -> Vec<String> {
        let inputs = self.load().unwrap();
        let show = |migration: &Migration| {
            let path = inputs.sources.file(migration.source).path();
            match migration.kind {
                MigrationKind::Sql => path.to_owned(),
                MigrationKind::NotSql => format!("[{path}]"),
            }
        };
        inputs.migrations.iter().map(show).collect()
    }

    /// Code, place and message of every error.
    fn errors(&self) -> Vec<String> {
        let error = self.load().unwrap_err();
        assert!(!error.diagnostics.is_empty());
        show(&error.diagnostics, &error.sources)
    }
}

fn show(diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let place = |place: Place| {
        let file = sources.file(place.file);
        let at = file.line_column(place.span.start);
        format!("{}:{}:{}", file.path(), at.line, at.column)
    };
    let one = |diagnostic: &Diagnostic| {
        let places: Vec<String> = diagnostic.labels.iter().map(|label| place(label.place)).collect();
        format!("{} [{}] {}", diagnostic.code, places.join(" "), diagnostic.message)
    };
    diagnostics.iter().map(one).collect()
}

#[test]
fn defaults_without_a_file() {
    let folder = Folder::new(&[
        ("migrations/10_b.sql", ""),
        ("migrations/9_a.sql", "select 1;"),
        ("migrations/README.md", ""),
        ("migrations/.gitkeep", ""),
        ("migrations/.hidden.sql", ""),
        ("migrations/schema.json", ""),
        ("migrations/003_rollback_tesla_user_approach.sql", ""),
        ("migrations/20240101_drop_down_payment.SQL", ""),
        ("spec/b.yml", "b"),
        ("spec/a.yaml", "a"),
        ("spec/notes.txt", ""),
    ]);
    assert_eq!(
        folder.migrations(),
        [
            "migrations/003_rollback_tesla_user_approach.sql",
            "migrations/9_a.sql",
            "migrations/10_b.sql",
            "migrations/20240101_drop_down_payment.SQL",
        ]
    );
    let inputs = folder.load().unwrap();
    let specs: Vec<_> = inputs.specs.iter().map(|&id| inputs.sources.file(id).path()).collect();
    assert_eq!(specs, ["spec/a.yaml", "spec/b.yml"]);
    assert_eq!(inputs.config.platform, Platform::Plain);
    assert_eq!(inputs.config.postgres, DEFAULT_POSTGRES);
    assert_eq!(inputs.migrations[0].version.as_deref(), Some("003"));
    assert!(inputs.warnings.is_empty());
}

#[test]
fn a_supabase_project_is_recognised() {
    let folder = Folder::new(&[
        ("supabase/migrations/20240101000000_a.sql", ""),
        ("supabase/migrations/20240102000000_b.sql", ""),
        ("supabase/seed.sql", ""),
        ("supabase/config.toml", ""),
    ]);
    assert_eq!(folder.migrations().len(), 2);
    assert_eq!(folder.load().unwrap().config.platform, Platform::Supabase);
    folder.write("pgproof.yaml", b"platform: plain\n");
    assert_eq!(folder.load().unwrap().config.platform, Platform::Plain);
    folder.write("migrations/1.sql", b"");
    assert_eq!(folder.errors(), ["ambiguous-migrations [] both `migrations` and `supabase/migrations` are there"]);
}

#[test]
fn a_full_configuration() {
    let folder = Folder::new(&[
        (
            "db/pgproof.yaml",
            "postgres: 15.4\nplatform: supabase\nuser: postgres\ntransaction: statement\nbaseline: base.sql\n\
             migrations:\n  - 002_b.sql\n  - old\n  - 'more/*/*.sql'\n  - ../outside.sql\nspecs: [specs, one.md]\n",
        ),
        ("db/base.sql", ""),
        ("db/002_b.sql", ""),
        ("db/old/1.sql", ""),
        ("db/more/10/a.sql", ""),
        ("db/more/9/b.sql", ""),
        ("db/more/9/b.txt", ""),
        ("db/more/9/deep/c.sql", ""),
        ("outside.sql", ""),
        ("db/specs/s.yaml", ""),
        ("db/one.md", ""),
    ]);
    let options = Options { config: Some("db/pgproof.yaml".into()), ..Options::new(folder.0.path()) };
    let inputs = load(&options).unwrap();
    let paths = |ids: &[FileId]| ids.iter().map(|&id| inputs.sources.file(id).path().to_owned()).collect::<Vec<_>>();
    let migrations: Vec<FileId> = inputs.migrations.iter().map(|migration| migration.source).collect();
    assert_eq!(
        paths(&migrations),
        ["db/002_b.sql", "db/old/1.sql", "db/more/9/b.sql", "db/more/10/a.sql", "outside.sql"]
    );
    assert_eq!(paths(&inputs.baseline), ["db/base.sql"]);
    assert_eq!(paths(&inputs.specs), ["db/specs/s.yaml", "db/one.md"]);
    let config = &inputs.config;
    assert_eq!((config.postgres, config.platform), (15, Platform::Supabase));
    assert_eq!(config.transaction, TransactionMode::Statement);
    assert_eq!(config.user.as_ref().unwrap().value, "postgres");

    let options = Options { specs: vec!["outside.sql".into()], ..options };
    let inputs = load(&options).unwrap();
    assert_eq!(inputs.sources.file(inputs.specs[0]).path(), "outside.sql");
}

#[test]
fn all_configuration_errors_have_places() {
    let folder = Folder::new(&[(
        "pgproof.yaml",
        "postgres: 9.6\nplatfrom: supabase\ntransaction: files\nmigrations:\n  - a.sql\n  - b/*.sql\nspecs: {}\n",
    )]);
    assert_eq!(
        folder.errors(),
        [
            "invalid-config [pgproof.yaml:1:11] `postgres` must be a version from 14 to 18, not `9.6`",
            "invalid-config [pgproof.yaml:2:1] the configuration has no key `platfrom`",
            "invalid-config [pgproof.yaml:3:14] `transaction` must be `file`, `statement` or `none`, not `files`",
            "invalid-config [pgproof.yaml:7:8] `specs` must be text or a list of texts, not a mapping",
        ]
    );
    folder.write("pgproof.yaml", b"migrations:\n  - a.sql\n  - b/*.sql\nspecs: nope/\nbaseline: x[.sql\n");
    assert_eq!(
        folder.errors(),
        [
            "unreadable-file [pgproof.yaml:2:5] cannot read `a.sql`: there is no such file or folder",
            "invalid-config [pgproof.yaml:5:11] `x[.sql` is no glob: unclosed character class; missing ']'",
            "unreadable-file [pgproof.yaml:4:8] cannot read `nope/`: there is no such file or folder",
        ]
    );
    folder.write("pgproof.yaml", b"migrations: b/*.sql\n");
    assert_eq!(folder.errors(), ["no-such-file [pgproof.yaml:1:13] no migration matches `b/*.sql`"]);
    folder.write("pgproof.yaml", b"a: [\n");
    assert_eq!(folder.errors().len(), 1);
    folder.write("pgproof.yaml", b"- a\n");
    assert_eq!(folder.errors(), ["invalid-config [pgproof.yaml:1:1] the configuration must be a mapping, not a list"]);
    folder.write("pgproof.yaml", b"migrations: ''\n");
    assert_eq!(folder.errors()[0], "invalid-config [pgproof.yaml:1:13] an empty path in `migrations`");
}

#[test]
fn a_missing_configuration_is_an_error() {
    let folder = Folder::new(&[("migrations/1.sql", "")]);
    let options = Options { config: Some("nope.yaml".into()), ..Options::new(folder.0.path()) };
    let error = load(&options).unwrap_err();
    assert_eq!(error.to_string(), "cannot read `nope.yaml`: there is no such file or folder");
}

#[test]
fn no_migrations() {
    let folder = Folder::new(&[]);
    assert_eq!(folder.errors(), ["no-migrations [] no migrations found"]);
    folder.write("migrations/README.md", b"");
    assert_eq!(folder.errors(), ["no-migrations [] no migrations found"]);
    folder.write("pgproof.yaml", b"migrations: []\n");
    assert_eq!(folder.errors(), ["no-migrations [pgproof.yaml:1:13] no migrations found"]);
    folder.write("pgproof.yaml", b"migrations: migrations\n");
    assert_eq!(folder.errors(), ["no-migrations [pgproof.yaml:1:13] no migrations found"]);
    folder.write("pgproof.yaml", b"# nothing\n");
    folder.write("migrations/1.sql", b"");
    assert_eq!(folder.migrations(), ["migrations/1.sql"]);
}

#[test]
fn two_files_of_one_version_are_a_warning() {
    let folder = Folder::new(&[
        ("migrations/003_rollback.sql", ""),
        ("migrations/3_add.sql", ""),
        ("migrations/2024-05-01_a.sql", ""),
        ("migrations/2024-05-02_b.sql", ""),
        ("migrations/004_x.sql", ""),
    ]);
    let inputs = folder.load().unwrap();
    assert_eq!(
        show(&inputs.warnings, &inputs.sources),
        [
            "duplicate-version [migrations/3_add.sql:1:1 migrations/003_rollback.sql:1:1] two migrations have the version 3"
        ]
    );
    assert_eq!(inputs.warnings[0].severity, Severity::Warning);
}

#[test]
fn a_file_twice_is_an_error() {
    let folder = Folder::new(&[
        ("pgproof.yaml", "migrations:\n  - migrations/1.sql\n  - migrations\n  - ./migrations/../migrations/1.sql\n"),
        ("migrations/1.sql", ""),
    ]);
    assert_eq!(
        folder.errors(),
        [
            "duplicate-file [pgproof.yaml:3:5 pgproof.yaml:2:5] the migration `migrations/1.sql` is listed twice",
            "duplicate-file [pgproof.yaml:4:5 pgproof.yaml:3:5] the migration `migrations/1.sql` is listed twice",
        ]
    );
}

#[test]
fn encodings() {
    let folder = Folder::new(&[("migrations/1.sql", "\u{feff}select 1;\r\n"), ("migrations/2.sql", "")]);
    let inputs = folder.load().unwrap();
    assert_eq!(inputs.sources.file(inputs.migrations[0].source).text(), "select 1;\r\n");
    folder.write("migrations/2.sql", b"-- \xC3\xBC\n-- caf\xE9\n");
    folder.write("migrations/3.sql", b"\xFF\xFEs\0e\0");
    let error = folder.load().unwrap_err();
    assert_eq!(
        show(&error.diagnostics, &error.sources),
        [
            "invalid-utf8 [migrations/2.sql:2:7] `migrations/2.sql` is not UTF-8: byte 12 is 0xE9",
            "invalid-utf8 [] `migrations/3.sql` is UTF-16 (little-endian), as its byte order mark says, not UTF-8",
        ]
    );
    let help = error.diagnostics[0].help.as_deref();
    assert_eq!(help, Some("save the file as UTF-8; in Windows-1252 this byte is `é`"));
}

#[test]
fn migrations_that_are_not_sql_keep_their_place() {
    let folder = Folder::new(&[
        ("migrations/001_a.sql", ""),
        ("migrations/002_b.py", ""),
        ("migrations/003_c.sql", ""),
        ("migrations/env.py", ""),
        ("migrations/index.ts", ""),
    ]);
    folder.write("migrations/002_b.py", b"\xFF");
    assert_eq!(folder.migrations(), ["migrations/001_a.sql", "[migrations/002_b.py]", "migrations/003_c.sql"]);
}

#[test]
fn layouts_of_tools_are_refused() {
    let refused = |files: &[(&str, &str)]| Folder::new(files).errors().join("\n");
    assert_eq!(
        refused(&[("migrations/V1__init.sql", "")]),
        "unsupported-layout [] the migrations have the layout of Flyway, which is not supported yet: \
         `migrations/V1__init.sql`"
    );
    assert_eq!(
        refused(&[("migrations/1_a.up.sql", ""), ("migrations/1_a.down.sql", "")]),
        "unsupported-layout [] the migrations have the layout of golang-migrate or sqlx, which is not supported yet: \
         `migrations/1_a.down.sql`"
    );
    assert_eq!(
        refused(&[("migrations/1_a.sql", "-- +goose Up\nselect 1;\n"), ("migrations/2_b.sql", "-- +goose Up\n")]),
        "unsupported-layout [migrations/1_a.sql:1:1] goose migrations are not supported yet"
    );
    assert_eq!(
        refused(&[("migrations/0001_initial.py", ""), ("migrations/__init__.py", "")]),
        "unsupported-layout [] `migrations/0001_initial.py` is Python: migrations that are not SQL (Alembic, Django) \
         are not supported"
    );
    assert_eq!(
        refused(&[("migrations/001/a.sql", "")]),
        "unsupported-layout [] a folder for each migration, as in `migrations/001`, is not supported yet"
    );
    assert_eq!(
        refused(&[("pgproof.yaml", "migrations: deploy\n"), ("sqitch.plan", ""), ("deploy/a.sql", "")]),
        "unsupported-layout [pgproof.yaml:1:13] the migrations have the layout of Sqitch, which is not supported yet: \
         `sqitch.plan`"
    );
    assert_eq!(
        refused(&[("pgproof.yaml", "migrations: m/*.sql\n"), ("m/1.up.sql", ""), ("m/1.down.sql", "")]),
        "unsupported-layout [pgproof.yaml:1:13] the migrations have the layout of golang-migrate or sqlx, which is not \
         supported yet: `1.down.sql`"
    );
}

#[test]
fn a_list_of_files_overrules_names() {
    let folder = Folder::new(&[
        ("pgproof.yaml", "migrations: [m/V2__b.sql, m/V10__a.sql, p/*/migration.sql]\n"),
        ("m/V2__b.sql", ""),
        ("m/V10__a.sql", ""),
        ("p/migration_lock.toml", ""),
        ("p/20240101_x/migration.sql", ""),
    ]);
    assert_eq!(folder.migrations(), ["m/V2__b.sql", "m/V10__a.sql", "p/20240101_x/migration.sql"]);
    assert_eq!(folder.load().unwrap().migrations[2].version.as_deref(), Some("20240101"));
}

#[test]
fn folders_inside_are_not_silently_left_out() {
    let folder =
        Folder::new(&[("migrations/1.sql", ""), ("migrations/archive/0.sql", ""), ("migrations/img/a.png", "")]);
    let inputs = folder.load().unwrap();
    assert_eq!(
        show(&inputs.warnings, &inputs.sources),
        ["ignored-folder [] the SQL files in `migrations/archive` are not read"]
    );
}

#[cfg(unix)]
#[test]
fn unreadable_files_are_named() {
    let folder = Folder::new(&[("migrations/1.sql", "")]);
    std::os::unix::fs::symlink("nowhere", folder.0.path().join("migrations/2.sql")).unwrap();
    assert_eq!(folder.errors(), ["unreadable-file [] cannot read `migrations/2.sql`: there is no such file or folder"]);
}

#[test]
fn migrations_are_found_by_name() {
    let folder = Folder::new(&[("migrations/001_a.sql", ""), ("migrations/2_b.sql", ""), ("migrations/002_c.sql", "")]);
    let inputs = folder.load().unwrap();
    let find = |name: &str| inputs.find_migration(name).map_err(|error| error.diagnostics[0].clone());
    assert_eq!(find("migrations/2_b.sql"), Ok(2));
    assert_eq!(find("002_c.sql"), Ok(1));
    assert_eq!(find("1"), Ok(0));
    assert_eq!(find("2").unwrap_err().message, "`2` names 2 migrations");
    let unknown = find("migrations/01_a.sql").unwrap_err();
    assert_eq!(unknown.message, "no migration is `migrations/01_a.sql`");
    assert_eq!(unknown.help.as_deref(), Some("did you mean `migrations/001_a.sql`?"));
}

#[test]
fn changes_need_a_repository() {
    let folder = Folder::new(&[("migrations/1.sql", "")]);
    let error = InputError::from(folder.load().unwrap().migrations_changed_since("main").unwrap_err());
    assert!(error.to_string().contains("Git repository"), "{error}");
}
