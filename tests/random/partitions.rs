//! Partitioned tables, partitions, and inheritance.

use super::generator::{Form, Generator, literal, quote};
use super::world::Relation;

pub const FORMS: &[Form] = &[
    create_partitioned,
    create_partitioned,
    create_partition,
    create_partition,
    create_partition,
    attach,
    attach,
    detach,
    detach,
    detach,
    attach,
    create_child,
    create_child,
    create_typed,
    become_typed,
    become_typed,
    become_typed,
    detach,
    detach,
    detach,
    finalize,
];

fn create_partitioned(g: &mut Generator) -> Option<String> {
    let name = g.new_object();
    let (elements, relation) = g.table_elements(false);
    let columns: Vec<_> = relation.columns.iter().map(|c| c.name.clone()).collect();
    let column = g.any(&columns)?;
    let strategy = g.one(&["LIST", "RANGE", "RANGE", "HASH"]);
    let mut key = if g.percent(3) { g.missing() } else { column };
    key = g.ident(&key);
    if g.percent(8) {
        key = format!("({})", g.expression(&relation.columns, ""));
    } else if strategy != "LIST" && g.percent(20) {
        key = format!("{key}, {}", g.column(&relation));
    }
    Some(format!("CREATE TABLE {name} ({elements}) PARTITION BY {strategy} ({key})"))
}

/// FOR VALUES of a partition.
fn bound(g: &mut Generator, parent: &Relation) -> Option<String> {
    if g.percent(12) {
        return Some("DEFAULT".to_owned());
    }
    let key = parent.key.clone()?;
    let column = parent.columns.iter().find(|c| key.columns.first() == Some(&c.number));
    let ty = column.map_or("", |c| c.ty.as_str());
    // Values of other types are not compared in the replay, or a domain's checks not run.
    if key.strategy != 'h' && !matches!(ty, "integer" | "bigint" | "smallint" | "numeric" | "date" | "text" | "boolean")
    {
        return None;
    }
    let value = |g: &mut Generator, n: usize| match ty {
        _ if g.percent(3) => "'x'".to_owned(),
        "date" => format!("'2024-01-{:02}'", 1 + n % 28),
        "text" => literal(&format!("v{n}")),
        "boolean" => n.is_multiple_of(2).to_string(),
        _ => n.to_string(),
    };
    let strategy = if g.percent(3) && key.strategy == 'l' { 'r' } else { key.strategy };
    Some(match strategy {
        'l' => {
            let (a, b) = (g.dice.below(20), g.dice.below(20));
            let (a, b) = (value(g, a), if g.percent(10) { "NULL".to_owned() } else { value(g, b) });
            if g.percent(50) { format!("FOR VALUES IN ({a})") } else { format!("FOR VALUES IN ({a}, {b})") }
        }
        'h' => {
            format!("FOR VALUES WITH (MODULUS {}, REMAINDER {})", g.one(&["2", "4", "4", "8", "3"]), g.dice.below(5))
        }
        _ => {
            let from = g.dice.below(20);
            let to = from + g.dice.below(5);
            let (mut from, mut to) = (value(g, from), value(g, to));
            if g.percent(10) {
                from = "MINVALUE".to_owned();
            }
            if g.percent(10) {
                to = "MAXVALUE".to_owned();
            }
            let more = vec![", MINVALUE"; key.columns.len().saturating_sub(1)].concat();
            format!("FOR VALUES FROM ({from}{more}) TO ({to}{more})")
        }
    })
}

pub fn create_partition(g: &mut Generator) -> Option<String> {
    let parent = g.relation("p")?;
    let exists = g.maybe(5, "IF NOT EXISTS ");
    let name = g.new_object();
    let of = g.name_of(&parent);
    let bound = bound(g, &parent)?;
    let columns = if g.percent(12) {
        let column = g.column(&parent);
        format!(" ({column} {})", g.one(&["DEFAULT 1", "NOT NULL", "UNIQUE", "PRIMARY KEY", "DEFAULT 'x'"]))
    } else {
        String::new()
    };
    let sub = if g.percent(12) {
        format!(" PARTITION BY {} ({})", g.one(&["LIST", "RANGE", "HASH"]), g.column(&parent))
    } else {
        String::new()
    };
    Some(format!("CREATE TABLE {exists}{name} PARTITION OF {of}{columns} {bound}{sub}"))
}

/// A table that was made with the columns of a partitioned one, or another.
pub fn attach(g: &mut Generator) -> Option<String> {
    let parent = g.relation("p")?;
    let of = g.name_of(&parent);
    if g.percent(45) {
        let name = g.new_object();
        return Some(format!("CREATE TABLE {name} (LIKE {of}{})", g.maybe(60, " INCLUDING ALL")));
    }
    let same = |r: &Relation| {
        let columns = |r: &Relation| r.columns.iter().map(|c| (c.name.clone(), c.ty.clone())).collect::<Vec<_>>();
        r.is_table() && !r.partition && r.name != parent.name && columns(r) == columns(&parent)
    };
    let child = match g.relation_with(same) {
        Some(child) if !g.percent(10) => child,
        _ => g.table()?,
    };
    let bound = bound(g, &parent)?;
    Some(format!("ALTER TABLE {of} ATTACH PARTITION {} {bound}", g.name_of(&child)))
}

pub fn detach(g: &mut Generator) -> Option<String> {
    let child = g.table_with(|r| r.partition)?;
    let (schema, name) = child.parent.clone()?;
    let of = if g.percent(10) {
        let other = g.relation("p")?;
        g.name_of(&other)
    } else {
        g.spell(&schema, &name)
    };
    Some(format!("ALTER TABLE {of} DETACH PARTITION {}", g.name_of(&child)))
}

/// A partition is pending only if a session has died.
pub fn finalize(g: &mut Generator) -> Option<String> {
    let (parent, child) = (g.relation("p")?, g.table()?);
    Some(format!("ALTER TABLE {} DETACH PARTITION {} FINALIZE", g.name_of(&parent), g.name_of(&child)))
}

/// A table that has the columns of a type becomes one of it, or one of those is no more one.
pub fn become_typed(g: &mut Generator) -> Option<String> {
    let columns = |r: &Relation| r.columns.iter().map(|c| (c.name.clone(), c.ty.clone())).collect::<Vec<_>>();
    if g.percent(30)
        && let Some(table) = g.table_with(|r| r.typed)
    {
        return Some(format!("ALTER TABLE {} NOT OF", g.name_of(&table)));
    }
    let types: Vec<Relation> = g.world.relations.iter().filter(|r| r.kind == 'c').cloned().collect();
    let fits = |r: &Relation| {
        r.kind == 'r' && !r.typed && r.parent.is_none() && types.iter().any(|ty| columns(ty) == columns(r))
    };
    let table = g.table_with(fits)?;
    let ty = g.relation_with(|r| r.kind == 'c' && columns(r) == columns(&table))?;
    Some(format!("ALTER TABLE {} OF {}", g.name_of(&table), g.spell(&ty.schema, &ty.name)))
}

fn create_child(g: &mut Generator) -> Option<String> {
    let parent = g.table_with(|r| r.kind == 'r' && !r.partition).or_else(|| g.table())?;
    let name = g.new_object();
    let mut parents = g.name_of(&parent);
    if g.percent(15) {
        let other = g.table()?;
        parents = format!("{parents}, {}", g.name_of(&other));
    }
    let mut elements = if g.percent(50) { g.table_elements(false).0 } else { String::new() };
    if g.percent(25)
        && let Some(column) = g.any(&parent.columns)
    {
        let ty = if g.percent(80) { column.ty.clone() } else { g.ty() };
        let comma = if elements.is_empty() { "" } else { ", " };
        elements =
            format!("{} {ty}{}{comma}{elements}", quote(&column.name), g.one(&["", " NOT NULL", " DEFAULT NULL"]));
    }
    Some(format!("CREATE TABLE {name} ({elements}) INHERITS ({parents})"))
}

fn create_typed(g: &mut Generator) -> Option<String> {
    let ty = g.own_type("ccccce")?;
    let name = g.new_object();
    let of = g.spell(&ty.schema, &ty.name);
    let relation = g.relation_with(|r| r.kind == 'c' && r.name == ty.name && r.schema == ty.schema);
    let elements = match relation {
        Some(relation) if g.percent(40) => {
            let column = g.column(&relation);
            format!(" ({column} {})", g.one(&["WITH OPTIONS NOT NULL", "PRIMARY KEY", "WITH OPTIONS UNIQUE"]))
        }
        _ => String::new(),
    };
    let relation = g.relation_with(|r| r.kind == 'c' && r.name == ty.name && r.schema == ty.schema);
    if let Some(relation) = relation.filter(|r| elements.is_empty() && !r.columns.is_empty())
        && g.percent(45)
    {
        // One that can become one of the type.
        let columns: Vec<String> = relation.columns.iter().map(|c| format!("{} {}", quote(&c.name), c.ty)).collect();
        return Some(format!("CREATE TABLE {name} ({})", columns.join(", ")));
    }
    Some(format!("CREATE TABLE {name} OF {of}{elements}"))
}
