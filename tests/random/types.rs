//! Enums, domains, composite and range types, and sequences.

use super::generator::{Form, Generator, literal, quote};

pub const FORMS: &[Form] = &[
    create_enum,
    alter_enum,
    alter_enum,
    alter_enum,
    create_domain,
    create_domain,
    alter_domain,
    alter_domain,
    alter_domain,
    alter_domain,
    alter_domain,
    alter_domain,
    alter_domain,
    create_composite,
    alter_composite,
    alter_composite,
    alter_composite,
    create_range,
    rename_type,
    rename_type,
    set_schema,
    drop_type,
    drop_type,
];

pub const SEQUENCES: &[Form] =
    &[create_sequence, create_sequence, alter_sequence, alter_sequence, alter_sequence, drop_sequence];

/// Not the empty one: the parser does not tell RENAME VALUE '' from ADD VALUE.
const LABELS: &[&str] = &["a", "b", "new", "old", "it's", "Größe", "two words"];

fn create_enum(g: &mut Generator) -> Option<String> {
    let name = g.new_object();
    let mut labels: Vec<String> = Vec::new();
    for _ in 0..g.dice.below(4) {
        let label = literal(g.one(LABELS));
        if !labels.contains(&label) || g.percent(5) {
            labels.push(label);
        }
    }
    Some(format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", ")))
}

pub fn alter_enum(g: &mut Generator) -> Option<String> {
    let ty = g.own_type("eeeed")?;
    let name = g.spell(&ty.schema, &ty.name);
    let old = g.any(&ty.labels).unwrap_or_else(|| "none".to_owned());
    let new = if g.percent(50) { g.one(LABELS).to_owned() } else { format!("l{}", g.dice.below(50)) };
    if g.percent(35) {
        return Some(format!("ALTER TYPE {name} RENAME VALUE {} TO {}", literal(&old), literal(&new)));
    }
    let exists = g.maybe(20, "IF NOT EXISTS ");
    let place =
        if g.percent(40) { format!(" {} {}", g.one(&["BEFORE", "AFTER"]), literal(&old)) } else { String::new() };
    Some(format!("ALTER TYPE {name} ADD VALUE {exists}{}{place}", literal(&new)))
}

/// A condition on VALUE.
fn value_condition(g: &mut Generator, ty: &str) -> String {
    match ty {
        "integer" | "bigint" | "numeric" => g.one(&["VALUE > 0", "VALUE BETWEEN 1 AND 9", "VALUE <> 7"]).to_owned(),
        "text" | "varchar(40)" => g.one(&["VALUE <> ''", "length(VALUE) < 10", "VALUE ~ '@'"]).to_owned(),
        _ => g.one(&["VALUE IS NOT NULL", "VALUE > 0", "nope > 0"]).to_owned(),
    }
}

fn create_domain(g: &mut Generator) -> Option<String> {
    let name = g.new_object();
    let ty =
        if g.percent(70) { g.one(&["integer", "text", "numeric", "varchar(40)", "bigint"]).to_owned() } else { g.ty() };
    let mut text = format!("CREATE DOMAIN {name} AS {ty}");
    if g.percent(10) {
        text.push_str(" COLLATE \"C\"");
    }
    if g.percent(25) {
        text.push_str(&format!(" DEFAULT {}", g.value(&ty)));
    }
    if g.percent(15) {
        text.push_str(g.one(&[" NOT NULL", " NULL"]));
    }
    for _ in 0..g.dice.below(3) {
        if g.percent(40) {
            text.push_str(&format!(" CONSTRAINT {}", g.fresh_ident()));
        }
        text.push_str(&format!(" CHECK ({})", value_condition(g, &ty)));
    }
    Some(text)
}

pub fn alter_domain(g: &mut Generator) -> Option<String> {
    let ty = g.own_type("dddddde")?;
    let name = g.spell(&ty.schema, &ty.name);
    let action = match g.dice.below(16) {
        14 | 15 => format!("VALIDATE CONSTRAINT {}", g.part(&ty.constraints)),
        12 => "SET NOT NULL".to_owned(),
        13 => "DROP NOT NULL".to_owned(),
        0 => format!("SET DEFAULT {}", g.one(&["1", "'x'", "NULL", "nope()"])),
        1 => "DROP DEFAULT".to_owned(),
        2 => "SET NOT NULL".to_owned(),
        3 => "DROP NOT NULL".to_owned(),
        4 | 5 => {
            let named = if g.percent(50) { format!("CONSTRAINT {} ", g.fresh_ident()) } else { String::new() };
            format!("ADD {named}CHECK ({}){}", value_condition(g, ""), g.maybe(20, " NOT VALID"))
        }
        6 | 7 => {
            let exists = g.maybe(15, "IF EXISTS ");
            format!("DROP CONSTRAINT {exists}{}{}", g.part(&ty.constraints), g.behavior())
        }
        8 => format!("VALIDATE CONSTRAINT {}", g.part(&ty.constraints)),
        9 => format!("RENAME CONSTRAINT {} TO {}", g.part(&ty.constraints), g.fresh_ident()),
        10 => format!("OWNER TO {}", g.role()),
        _ => format!("RENAME TO {}", g.fresh_ident()),
    };
    Some(format!("ALTER DOMAIN {name} {action}"))
}

fn create_composite(g: &mut Generator) -> Option<String> {
    let name = g.new_object();
    let mut attributes: Vec<String> = Vec::new();
    for _ in 0..g.dice.below(4) {
        let attribute = g.new_column(None);
        attributes.push(format!("{attribute} {}", g.ty()));
    }
    Some(format!("CREATE TYPE {name} AS ({})", attributes.join(", ")))
}

fn alter_composite(g: &mut Generator) -> Option<String> {
    let ty = g.own_type("ccccce")?;
    let relation = g.relation_with(|r| r.kind == 'c' && r.name == ty.name && r.schema == ty.schema);
    let name = g.spell(&ty.schema, &ty.name);
    let attribute = match &relation {
        Some(relation) => g.column(relation),
        None => "nope".to_owned(),
    };
    let behavior = g.behavior();
    let action = match g.dice.below(6) {
        0 | 1 => format!("ADD ATTRIBUTE {} {}{behavior}", g.new_column(relation.as_ref()), g.ty()),
        2 => format!("DROP ATTRIBUTE {}{attribute}{behavior}", g.if_exists()),
        3 => format!("ALTER ATTRIBUTE {attribute} TYPE {}{behavior}", g.ty()),
        4 => format!("RENAME ATTRIBUTE {attribute} TO {}{behavior}", g.new_column(relation.as_ref())),
        _ => format!("OWNER TO {}", g.role()),
    };
    Some(format!("ALTER TYPE {name} {action}"))
}

fn create_range(g: &mut Generator) -> Option<String> {
    let name = g.new_object();
    let subtype =
        if g.percent(80) { g.one(&["integer", "text", "numeric", "date", "float8"]).to_owned() } else { g.ty() };
    let more = g.one(&[
        "",
        "",
        ", SUBTYPE_DIFF = float8mi",
        ", COLLATION = \"C\"",
        ", MULTIRANGE_TYPE_NAME = many",
        ", NOPE = 1",
    ]);
    Some(format!("CREATE TYPE {name} AS RANGE (SUBTYPE = {subtype}{more})"))
}

fn rename_type(g: &mut Generator) -> Option<String> {
    let ty = g.own_type("edcr")?;
    let word = if ty.kind == 'd' && g.percent(60) { "DOMAIN" } else { "TYPE" };
    let name = if g.percent(3) { g.missing() } else { ty.name };
    let name = g.spell(&ty.schema, &name);
    Some(format!("ALTER {word} {name} RENAME TO {}", g.fresh_ident()))
}

fn set_schema(g: &mut Generator) -> Option<String> {
    let ty = g.own_type("edcr")?;
    let word = if ty.kind == 'd' && g.percent(60) { "DOMAIN" } else { "TYPE" };
    let name = g.spell(&ty.schema, &ty.name);
    Some(format!("ALTER {word} {name} SET SCHEMA {}", g.schema_ident()))
}

fn drop_type(g: &mut Generator) -> Option<String> {
    let ty = g.own_type("edcr")?;
    let word = if ty.kind == 'd' && g.percent(70) || g.percent(4) { "DOMAIN" } else { "TYPE" };
    let exists = g.if_exists();
    let name = if g.percent(3) { g.missing() } else { ty.name };
    Some(format!("DROP {word} {exists}{}{}", g.spell(&ty.schema, &name), g.behavior()))
}

fn sequence_options(g: &mut Generator) -> String {
    let mut text = String::new();
    for _ in 0..g.dice.below(3) {
        text.push_str(g.one(&[
            " INCREMENT BY 2",
            " INCREMENT -1",
            " START 10",
            " MINVALUE 1",
            " NO MINVALUE",
            " MAXVALUE 1000",
            " NO MAXVALUE",
            " CACHE 5",
            " CYCLE",
            " NO CYCLE",
            " INCREMENT 0",
            " START 0",
            " CACHE 0",
        ]));
    }
    text
}

fn owned_by(g: &mut Generator) -> Option<String> {
    if g.percent(20) {
        return Some(" OWNED BY NONE".to_owned());
    }
    let table = g.relation("rrrpv")?;
    // A system column can own one, too, which the replay has no place for.
    let column = g.any(&table.columns)?;
    Some(format!(" OWNED BY {}.{}.{}", quote(&table.schema), quote(&table.name), quote(&column.name)))
}

fn create_sequence(g: &mut Generator) -> Option<String> {
    let exists = g.maybe(10, "IF NOT EXISTS ");
    let name = g.new_object();
    let ty = g.one(&["", "", "", " AS integer", " AS smallint", " AS bigint", " AS text"]);
    let owned = if g.percent(25) { owned_by(g)? } else { String::new() };
    Some(format!("CREATE SEQUENCE {exists}{name}{ty}{}{owned}", sequence_options(g)))
}

fn alter_sequence(g: &mut Generator) -> Option<String> {
    let sequence = g.relation("S")?;
    let exists = g.if_exists();
    let name = g.name_of(&sequence);
    let options = match g.dice.below(5) {
        0 => owned_by(g)?,
        1 => format!(" AS {}", g.one(&["integer", "smallint", "bigint"])),
        2 => g.one(&[" RESTART", " RESTART WITH 5"]).to_owned(),
        3 => format!(" OWNER TO {}", g.role()),
        _ => match sequence_options(g) {
            options if options.is_empty() => " CYCLE".to_owned(),
            options => options,
        },
    };
    Some(format!("ALTER SEQUENCE {exists}{name}{options}"))
}

fn drop_sequence(g: &mut Generator) -> Option<String> {
    let exists = g.if_exists();
    let sequence = g.relation("S")?;
    Some(format!("DROP SEQUENCE {exists}{}{}", g.name_of(&sequence), g.behavior()))
}
