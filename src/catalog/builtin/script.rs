//! Scripts of extensions of which there is no server to read, or of which the members alone do not say enough.
//!
//! They are declarations in our own words, made from the public documentation: the names, arguments, defaults and result
//! types that statements of a migration can depend on. Functions are of language C, so that nothing is claimed about what
//! they do, unless they make or drop objects: those have a body that does the same, and are executed.

/// A script, with the control file of an extension that is nothing but its script.
pub(super) struct Script {
    pub name: &'static str,
    pub text: &'static str,
    pub control: Option<Control>,
}

/// What a control file says (`extension.c: ExtensionControlFile`).
pub(super) struct Control {
    pub default_version: &'static str,
    pub schema: Option<&'static str>,
    pub requires: &'static str,
    pub relocatable: bool,
    /// The script leaves out some of what the extension makes.
    pub partial: bool,
}

impl Control {
    /// A relocatable extension that needs nothing.
    const fn version(default_version: &'static str) -> Control {
        Control { default_version, schema: None, requires: "", relocatable: true, partial: false }
    }

    /// Its script names the schema of its objects.
    const fn fixed(self) -> Control {
        Control { relocatable: false, ..self }
    }

    const fn schema(self, schema: &'static str) -> Control {
        Control { schema: Some(schema), ..self.fixed() }
    }

    const fn partial(self) -> Control {
        Control { partial: true, ..self }
    }

    const fn requires(self, requires: &'static str) -> Control {
        Control { requires, ..self }
    }
}

/// Sorted by name.
static SCRIPTS: &[Script] = &[
    Script { name: "http", text: include_str!("scripts/http.sql"), control: Some(Control::version("1.6").fixed()) },
    Script {
        name: "index_advisor",
        text: include_str!("scripts/index_advisor.sql"),
        control: Some(Control::version("0.2.0").requires("hypopg")),
    },
    Script {
        name: "pg_cron",
        text: include_str!("scripts/pg_cron.sql"),
        control: Some(Control::version("1.6").schema("pg_catalog")),
    },
    Script {
        name: "pg_graphql",
        text: include_str!("scripts/pg_graphql.sql"),
        control: Some(Control::version("1.5.11").schema("graphql")),
    },
    Script { name: "pg_hashids", text: include_str!("scripts/pg_hashids.sql"), control: Some(Control::version("1.3")) },
    Script {
        name: "pg_jsonschema",
        text: include_str!("scripts/pg_jsonschema.sql"),
        control: Some(Control::version("0.3.3").fixed()),
    },
    Script {
        name: "pg_net",
        text: include_str!("scripts/pg_net.sql"),
        control: Some(Control::version("0.19.5").fixed()),
    },
    Script {
        name: "pg_repack",
        text: include_str!("scripts/pg_repack.sql"),
        control: Some(Control::version("1.5.2").fixed()),
    },
    Script {
        name: "pg_tle",
        text: include_str!("scripts/pg_tle.sql"),
        control: Some(Control::version("1.4.0").schema("pgtle").partial()),
    },
    Script {
        name: "pgjwt",
        text: include_str!("scripts/pgjwt.sql"),
        control: Some(Control::version("0.2.0").fixed().requires("pgcrypto")),
    },
    Script {
        name: "pgmq",
        text: include_str!("scripts/pgmq.sql"),
        control: Some(Control::version("1.5.1").schema("pgmq")),
    },
    Script {
        name: "pgsodium",
        text: include_str!("scripts/pgsodium.sql"),
        control: Some(Control::version("3.1.9").schema("pgsodium").partial()),
    },
    Script { name: "postgis", text: include_str!("scripts/postgis.sql"), control: None },
    Script {
        name: "supabase_vault",
        text: include_str!("scripts/supabase_vault.sql"),
        control: Some(Control::version("0.3.1").schema("vault")),
    },
    Script {
        name: "timescaledb",
        text: include_str!("scripts/timescaledb.sql"),
        control: Some(Control::version("2.16.1").fixed().partial()),
    },
];

pub(super) fn named(name: &str) -> Option<&'static Script> {
    SCRIPTS.iter().find(|script| script.name == name)
}

/// The names of the extensions that are nothing but their scripts.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SCRIPTS.iter().filter(|script| script.control.is_some()).map(|script| script.name)
}
