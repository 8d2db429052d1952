//! Operators, casts, collations, conversions, operator classes and families, text search and base types: what
//! scripts seldom make. Their names are a few, so that half of what is altered or dropped is there.

use super::generator::{Form, Generator};
use super::tables::comment_text;

pub const FORMS: &[Form] = &[
    create_operator,
    create_operator,
    alter_operator,
    alter_operator,
    alter_operator,
    create_collation,
    create_cast,
    create_cast,
    drop_cast,
    create_conversion,
    create_conversion,
    create_family,
    create_family,
    alter_family,
    alter_family,
    alter_family,
    create_class,
    create_class,
    create_text_search,
    create_text_search,
    alter_configuration,
    alter_configuration,
    alter_dictionary,
    alter_dictionary,
    base_type,
    alter_base_type,
    alter_base_type,
    alter_stored,
    alter_stored,
    alter_stored,
    alter_stored,
];

impl Generator {
    /// One of a few names in one of three schemas.
    fn pooled(&mut self, names: &[&'static str]) -> String {
        let name = self.one(names);
        match self.dice.below(4) {
            0 => format!("app.{name}"),
            1 => format!("\"My Schema\".{name}"),
            _ => name.to_owned(),
        }
    }

    /// One that there is, of a kind; seldom a name of the few.
    pub fn stored(&mut self, kind: &str) -> Option<String> {
        let found: Vec<String> = self.world.stored.iter().filter(|s| s.kind == kind).map(|s| s.sql.clone()).collect();
        self.any(&found).filter(|_| !self.percent(10))
    }

    fn operator_name(&mut self) -> String {
        let name = self.one(&["===", "@#", "<->>"]);
        match self.dice.below(3) {
            0 => format!("app.{name}"),
            _ => name.to_owned(),
        }
    }

    fn operator(&mut self) -> String {
        let name = self.operator_name();
        format!("{name} ({})", self.one(&["integer, integer", "integer, integer", "text, text", "NONE, integer"]))
    }

    fn collation_name(&mut self) -> String {
        self.pooled(&["coll", "\"Coll 2\""])
    }

    fn conversion_name(&mut self) -> String {
        self.pooled(&["conv", "\"Conv 2\""])
    }

    fn family_name(&mut self) -> String {
        let name = self.pooled(&["fam", "\"Fam 2\""]);
        format!("{name} USING {}", self.one(&["btree", "btree", "btree", "hash", "nope"]))
    }

    fn class_name(&mut self) -> String {
        let name = self.pooled(&["cls", "\"Cls 2\""]);
        format!("{name} USING {}", self.one(&["btree", "btree", "btree", "hash"]))
    }

    fn configuration_name(&mut self) -> String {
        self.pooled(&["conf", "\"Conf 2\""])
    }

    fn dictionary_name(&mut self) -> String {
        self.pooled(&["dict", "\"Dict 2\""])
    }
}

fn create_operator(g: &mut Generator) -> Option<String> {
    let name = g.operator_name();
    let sides = g.one(&[
        "LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq",
        "LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = ===",
        "LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4pl",
        "LEFTARG = text, RIGHTARG = text, FUNCTION = textcat",
        "LEFTARG = text, RIGHTARG = text, PROCEDURE = texteq, NEGATOR = @#",
        "RIGHTARG = integer, FUNCTION = app.twice",
        "LEFTARG = integer, FUNCTION = app.twice",
        "LEFTARG = integer, RIGHTARG = text, FUNCTION = nope",
    ]);
    Some(format!("CREATE OPERATOR {name} ({sides}{})", g.one(&["", "", ", RESTRICT = eqsel", ", HASHES", ", NOPE"])))
}

fn alter_operator(g: &mut Generator) -> Option<String> {
    let operator = g.stored("OPERATOR").unwrap_or_else(|| g.operator());
    Some(match g.dice.below(6) {
        0 => format!("DROP OPERATOR {}{operator}{}", g.if_exists(), g.behavior()),
        1 => format!("COMMENT ON OPERATOR {operator} IS {}", comment_text(g)),
        2 => format!("ALTER OPERATOR {operator} OWNER TO {}", g.role()),
        3 => format!("ALTER OPERATOR {operator} SET SCHEMA {}", g.schema_ident()),
        _ => format!(
            "ALTER OPERATOR {operator} SET ({})",
            g.one(&[
                "RESTRICT = eqsel",
                "RESTRICT = NONE",
                "JOIN = eqjoinsel",
                "RESTRICT = NONE, JOIN = NONE",
                "NOPE = 1"
            ])
        ),
    })
}

fn create_collation(g: &mut Generator) -> Option<String> {
    let exists = g.maybe(15, "IF NOT EXISTS ");
    let name = g.collation_name();
    let how = g.one(&[" (LOCALE = 'C')", " FROM \"C\"", " (LC_COLLATE = 'POSIX', LC_CTYPE = 'POSIX')", " FROM nope"]);
    Some(format!("CREATE COLLATION {exists}{name}{how}"))
}

const CASTS: &[&str] =
    &["public.mood AS integer", "public.mood AS text", "integer AS public.mood", "text AS public.mood"];

fn create_cast(g: &mut Generator) -> Option<String> {
    let what = g.one(CASTS);
    let how = g.one(&["WITH INOUT", "WITH INOUT", "WITHOUT FUNCTION", "WITH FUNCTION app.twice(integer)"]);
    Some(format!("CREATE CAST ({what}) {how}{}", g.one(&["", " AS ASSIGNMENT", " AS IMPLICIT"])))
}

fn drop_cast(g: &mut Generator) -> Option<String> {
    let what = g.stored("CAST").unwrap_or_else(|| format!("({})", g.one(CASTS)));
    if g.percent(60) {
        return Some(format!("COMMENT ON CAST {what} IS {}", comment_text(g)));
    }
    Some(format!("DROP CAST {}{what}{}", g.if_exists(), g.behavior()))
}

fn create_conversion(g: &mut Generator) -> Option<String> {
    let default = g.maybe(20, "DEFAULT ");
    let name = g.conversion_name();
    let what = g.one(&[
        "'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
        "'LATIN1' TO 'UTF8' FROM nope",
        "'NOPE' TO 'UTF8' FROM iso8859_1_to_utf8",
    ]);
    Some(format!("CREATE {default}CONVERSION {name} FOR {what}"))
}

fn create_family(g: &mut Generator) -> Option<String> {
    Some(format!("CREATE OPERATOR FAMILY {}", g.family_name()))
}

fn alter_family(g: &mut Generator) -> Option<String> {
    let family = g.stored("OPERATOR FAMILY").unwrap_or_else(|| g.family_name());
    let members = g.one(&[
        "OPERATOR 1 < (integer, integer)",
        "OPERATOR 3 = (integer, integer), FUNCTION 1 btint4cmp(integer, integer)",
        "OPERATOR 9 = (integer, integer)",
        "FUNCTION 1 (text, text) bttextcmp(text, text)",
        "OPERATOR 1 nope (integer, integer)",
    ]);
    let gone =
        g.one(&["OPERATOR 1 (integer, integer)", "OPERATOR 3 (integer, integer)", "FUNCTION 1 (integer, integer)"]);
    Some(match g.dice.below(2) {
        0 => format!("ALTER OPERATOR FAMILY {family} DROP {gone}"),
        _ => format!("ALTER OPERATOR FAMILY {family} ADD {members}"),
    })
}

fn create_class(g: &mut Generator) -> Option<String> {
    let name = g.pooled(&["cls", "\"Cls 2\""]);
    let default = g.maybe(10, " DEFAULT");
    let family = if g.percent(20) { " FAMILY fam" } else { "" };
    let what = g.one(&[
        "integer USING btree{f} AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)",
        "text USING btree{f} AS OPERATOR 1 <, FUNCTION 1 bttextcmp(text, text)",
        "integer USING hash{f} AS OPERATOR 1 =, FUNCTION 1 hashint4(integer)",
        "public.mood USING btree{f} AS OPERATOR 1 <, FUNCTION 1 enum_cmp(anyenum, anyenum)",
        "integer USING btree{f} AS OPERATOR 7 <, FUNCTION 1 btint4cmp(integer, integer)",
    ]);
    Some(format!("CREATE OPERATOR CLASS {name}{default} FOR TYPE {}", what.replace("{f}", family)))
}

fn create_text_search(g: &mut Generator) -> Option<String> {
    if g.percent(50) {
        let name = g.configuration_name();
        let how = g.one(&["COPY = simple", "COPY = pg_catalog.simple", "PARSER = \"default\"", "COPY = nope"]);
        return Some(format!("CREATE TEXT SEARCH CONFIGURATION {name} ({how})"));
    }
    let name = g.dictionary_name();
    let how = g.one(&[
        "TEMPLATE = simple",
        "TEMPLATE = simple, ACCEPT = false",
        "TEMPLATE = nope",
        "TEMPLATE = simple, NOPE = 1",
    ]);
    Some(format!("CREATE TEXT SEARCH DICTIONARY {name} ({how})"))
}

fn alter_configuration(g: &mut Generator) -> Option<String> {
    let name = g.stored("TEXT SEARCH CONFIGURATION").unwrap_or_else(|| g.configuration_name());
    let tokens = g.one(&["asciiword", "word, numword", "email", "nope"]);
    let dictionary = match g.stored("TEXT SEARCH DICTIONARY") {
        Some(own) if g.percent(40) => own,
        _ => "simple".to_owned(),
    };
    let action = match g.dice.below(5) {
        0 => format!("ADD MAPPING FOR {tokens} WITH {dictionary}"),
        1 => format!("ALTER MAPPING FOR {tokens} WITH {dictionary}"),
        2 => format!("ALTER MAPPING REPLACE simple WITH {dictionary}"),
        3 => format!("ALTER MAPPING FOR {tokens} REPLACE simple WITH {dictionary}"),
        _ => format!("DROP MAPPING {}FOR {tokens}", g.if_exists()),
    };
    Some(format!("ALTER TEXT SEARCH CONFIGURATION {name} {action}"))
}

fn alter_dictionary(g: &mut Generator) -> Option<String> {
    let name = g.stored("TEXT SEARCH DICTIONARY").unwrap_or_else(|| g.dictionary_name());
    Some(format!("ALTER TEXT SEARCH DICTIONARY {name} ({})", g.one(&["ACCEPT = false", "ACCEPT", "NOPE = 1"])))
}

/// A shell, and what fills it: the base type `app.counter`, which the script begins with, is one that has been filled.
fn base_type(g: &mut Generator) -> Option<String> {
    let name = g.pooled(&["shell", "\"Shell 2\""]);
    Some(match g.dice.below(3) {
        0 => format!("DROP TYPE {}{name}{}", g.if_exists(), g.behavior()),
        1 => format!(
            "CREATE TYPE {name} ({})",
            g.one(&[
                "INPUT = app.counter_in, OUTPUT = app.counter_out",
                "INPUT = nope, OUTPUT = nope",
                "LIKE = integer"
            ])
        ),
        _ => format!("CREATE TYPE {name}"),
    })
}

fn alter_base_type(g: &mut Generator) -> Option<String> {
    let name = match g.own_type("edcr") {
        Some(own) if g.percent(20) => g.spell(&own.schema, &own.name),
        _ => "app.counter".to_owned(),
    };
    let what = g.one(&[
        "STORAGE = plain",
        "STORAGE = extended",
        "SEND = NONE",
        "TYPMOD_IN = NONE",
        "ANALYZE = nope",
        "NOPE = 1",
    ]);
    Some(format!("ALTER TYPE {name} SET ({what})"))
}

/// What all of these have in common.
fn alter_stored(g: &mut Generator) -> Option<String> {
    let (word, pooled) = match g.dice.below(6) {
        0 => ("COLLATION", g.collation_name()),
        1 => ("CONVERSION", g.conversion_name()),
        2 => ("OPERATOR FAMILY", g.family_name()),
        3 => ("OPERATOR CLASS", g.class_name()),
        4 => ("TEXT SEARCH CONFIGURATION", g.configuration_name()),
        _ => ("TEXT SEARCH DICTIONARY", g.dictionary_name()),
    };
    let name = g.stored(word).unwrap_or(pooled);
    Some(match g.dice.below(5) {
        0 => format!("DROP {word} {}{name}{}", g.if_exists(), g.behavior()),
        1 => format!("COMMENT ON {word} {name} IS {}", comment_text(g)),
        2 => format!(
            "ALTER {word} {name} RENAME TO {}",
            g.one(&["coll", "\"Coll 2\"", "fam", "\"Cls 2\"", "conf", "dict"])
        ),
        3 => format!("ALTER {word} {name} SET SCHEMA {}", g.schema_ident()),
        _ => format!("ALTER {word} {name} OWNER TO {}", g.role()),
    })
}
