//! What exists on a server before the first migration: PostgreSQL as `initdb` leaves it, or what a hosting platform
//! adds. A platform is a SQL script that goes through the same replay as the migrations do, and is not judged.

use std::fmt;
use std::str::FromStr;

/// Where migrations are going to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Platform {
    /// A new database of a new server.
    #[default]
    Plain,
    /// A Supabase project.
    Supabase,
}

impl Platform {
    /// All platforms, in the order in which help and errors name them.
    pub const ALL: [Platform; 2] = [Platform::Plain, Platform::Supabase];

    /// The name that configuration uses.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Plain => "plain",
            Platform::Supabase => "supabase",
        }
    }

    /// The script that makes what the platform has, to be run as the superuser `postgres` in an empty database that this
    /// role owns. Supabase's ends by taking the superuser's rights from that role.
    pub fn script(self) -> Option<&'static str> {
        match self {
            Platform::Plain => None,
            Platform::Supabase => Some(include_str!("supabase.sql")),
        }
    }

    /// The role that migrations run as unless the configuration says otherwise.
    pub fn default_user(self) -> &'static str {
        match self {
            Platform::Plain | Platform::Supabase => "postgres",
        }
    }

    /// The `search_path` that a session of the default user starts with.
    pub fn search_path(self) -> &'static [&'static str] {
        match self {
            Platform::Plain => &["$user", "public"],
            Platform::Supabase => &["$user", "public", "extensions"],
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no platform's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown platform `{name}`: expected `plain` or `supabase`{}", suggestion(*.closest))]
pub struct UnknownPlatform {
    /// The name that was given.
    pub name: String,
    /// The platform that may have been meant.
    pub closest: Option<Platform>,
}

fn suggestion(closest: Option<Platform>) -> String {
    closest.map(|platform| format!("; did you mean `{platform}`?")).unwrap_or_default()
}

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Platform::ALL.into_iter().find(|platform| platform.name() == name).ok_or_else(|| UnknownPlatform {
            name: name.to_owned(),
            closest: Platform::ALL
                .into_iter()
                .find(|platform| strsim::damerau_levenshtein(platform.name(), &name.to_lowercase()) <= 2),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for platform in Platform::ALL {
            assert_eq!(platform.to_string().parse(), Ok(platform));
        }
    }

    #[test]
    fn an_unknown_name_gets_a_suggestion() {
        let message = |name: &str| name.parse::<Platform>().map_err(|error| error.to_string());
        assert_eq!(
            message("Supabse"),
            Err("unknown platform `Supabse`: expected `plain` or `supabase`; did you mean `supabase`?".into())
        );
        assert_eq!(message("neon"), Err("unknown platform `neon`: expected `plain` or `supabase`".into()));
    }
}
