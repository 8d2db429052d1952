//! Views, materialized views, and the queries that they and others are made of.

use super::generator::{Form, Generator, quote};
use super::world::Relation;

pub const FORMS: &[Form] = &[
    create_view,
    create_view,
    create_view,
    replace_view,
    replace_view,
    create_matview,
    drop_view,
    drop_matview,
    alter_view,
    refresh,
    refresh,
];

impl Generator {
    /// A query over what there is, whose columns have names.
    pub fn query(&mut self) -> Option<String> {
        let relation = self.relation_with(|r| "rpvm".contains(r.kind))?;
        let from = self.name_of(&relation);
        Some(match self.dice.below(9) {
            0 => format!("SELECT * FROM {from}"),
            1 => {
                let column = self.column(&relation);
                format!(
                    "SELECT {column}, count(*) AS n FROM {from} GROUP BY {column}{}",
                    self.maybe(30, " HAVING count(*) > 1")
                )
            }
            2 => self.join(&relation, &from)?,
            3 => {
                let condition = self.condition(&relation, "x.");
                let column = self.column(&relation);
                format!("SELECT x.{column} FROM {from} x WHERE {condition}")
            }
            4 => {
                let column = self.column(&relation);
                let other = self.relation("rpvm")?;
                let inner = self.condition(&other, "");
                format!(
                    "SELECT {column} FROM {from} WHERE EXISTS (SELECT 1 FROM {} WHERE {inner})",
                    self.name_of(&other)
                )
            }
            5 => {
                let expression = self.expression(&relation.columns, "");
                format!("WITH w AS (SELECT * FROM {from}) SELECT {expression} AS e FROM w")
            }
            6 => {
                let column = self.column(&relation);
                format!("SELECT {column} FROM {from} UNION ALL SELECT {column} FROM {from}")
            }
            _ => {
                let columns = self.columns(&relation, 3);
                let expression = self.expression(&relation.columns, "");
                let filter =
                    if self.percent(50) { format!(" WHERE {}", self.condition(&relation, "")) } else { String::new() };
                let order =
                    if self.percent(15) { format!(" ORDER BY {}", self.column(&relation)) } else { String::new() };
                format!("SELECT {columns}, {expression} AS e FROM {from}{filter}{order}")
            }
        })
    }

    fn join(&mut self, relation: &Relation, from: &str) -> Option<String> {
        let other = self.relation("rpvm")?;
        let with = self.name_of(&other);
        let kind = self.one(&["JOIN", "LEFT JOIN", "FULL JOIN"]);
        let left = self.any(&relation.columns)?;
        let same: Vec<String> = other.columns.iter().filter(|c| c.ty == left.ty).map(|c| c.name.clone()).collect();
        let right = self.any(&same).unwrap_or_else(|| left.name.clone());
        let column = self.column(relation);
        if left.name == right && same.contains(&right) && self.percent(40) {
            return Some(format!("SELECT a.{column} FROM {from} a {kind} {with} b USING ({})", quote(&right)));
        }
        let (l, r) = (quote(&left.name), quote(&right));
        Some(format!("SELECT a.{column}, b.{r} AS other FROM {from} a {kind} {with} b ON a.{l} = b.{r}"))
    }
}

fn create_view(g: &mut Generator) -> Option<String> {
    let or_replace = g.maybe(15, "OR REPLACE ");
    let name = g.new_object();
    let columns = if g.percent(8) { format!(" ({})", g.new_column(None)) } else { String::new() };
    let options =
        g.one(&["", "", "", "", "", " WITH (security_barrier)", " WITH (security_invoker = true)", " WITH (nope)"]);
    let query = g.query()?;
    let check = g.one(&["", "", "", "", "", "", " WITH CHECK OPTION", " WITH LOCAL CHECK OPTION"]);
    Some(format!("CREATE {or_replace}VIEW {name}{columns}{options} AS {query}{check}"))
}

/// A view that is replaced by one with another column, or by what has nothing to do with it.
fn replace_view(g: &mut Generator) -> Option<String> {
    let view = g.relation("v")?;
    let name = g.name_of(&view);
    if g.percent(30) {
        // Of tables: a view that reads itself makes the server look for what it has dropped (XX000).
        let views: Vec<Relation> = g.world.relations.extract_if(.., |r| matches!(r.kind, 'v' | 'm')).collect();
        let query = g.query();
        g.world.relations.extend(views);
        g.world.relations.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        return Some(format!("CREATE OR REPLACE VIEW {name} AS {}", query?));
    }
    let cast = |g: &mut Generator, ty: &str| if g.percent(5) { "text".to_owned() } else { ty.to_owned() };
    let mut columns = Vec::new();
    for column in &view.columns {
        let ty = cast(g, &column.ty);
        columns.push(format!("NULL::{ty} AS {}", quote(&column.name)));
    }
    if g.percent(50) {
        columns.push(format!("1 AS {}", g.new_column(Some(&view))));
    } else if g.percent(20) {
        columns.pop();
    }
    // No row comes from it: tables that are made from queries stay empty.
    Some(format!("CREATE OR REPLACE VIEW {name} AS SELECT {} WHERE false", columns.join(", ")))
}

fn create_matview(g: &mut Generator) -> Option<String> {
    let exists = g.maybe(10, "IF NOT EXISTS ");
    let name = g.new_object();
    let query = g.query()?;
    Some(format!("CREATE MATERIALIZED VIEW {exists}{name} AS {query}{}", g.maybe(25, " WITH NO DATA")))
}

fn drop_view(g: &mut Generator) -> Option<String> {
    let exists = g.if_exists();
    let view = g.relation("v")?;
    Some(format!("DROP VIEW {exists}{}{}", g.name_of(&view), g.behavior()))
}

fn drop_matview(g: &mut Generator) -> Option<String> {
    let exists = g.if_exists();
    let view = g.relation("m")?;
    Some(format!("DROP MATERIALIZED VIEW {exists}{}{}", g.name_of(&view), g.behavior()))
}

pub fn refresh(g: &mut Generator) -> Option<String> {
    // The query runs as the owner, whose privileges on what it reads are not looked at in the replay.
    let view = g.relation_with(|r| r.kind == 'm' && r.owner == "postgres")?;
    Some(format!("REFRESH MATERIALIZED VIEW {}{}", g.name_of(&view), g.maybe(30, " WITH NO DATA")))
}

fn alter_view(g: &mut Generator) -> Option<String> {
    let view = g.relation("vvm")?;
    let word = if view.kind == 'm' { "MATERIALIZED VIEW" } else { "VIEW" };
    let exists = g.if_exists();
    let name = g.name_of(&view);
    let action = match g.dice.below(7) {
        0 if view.kind == 'm' => format!("OWNER TO {}", g.role()),
        1 => format!("ALTER {} SET DEFAULT 1", g.column(&view)),
        2 => format!("ALTER {} DROP DEFAULT", g.column(&view)),
        3 => "SET (security_barrier = true)".to_owned(),
        4 => "RESET (security_barrier)".to_owned(),
        5 => "SET (check_option = local)".to_owned(),
        _ => format!("ALTER {} SET STATISTICS 10", g.column(&view)),
    };
    Some(format!("ALTER {word} {exists}{name} {action}"))
}
