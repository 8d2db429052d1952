//! Functions, procedures, aggregates and triggers.

use super::generator::{Form, Generator, quote};
use super::world::Function;

pub const FORMS: &[Form] = &[
    create_function,
    create_function,
    create_function,
    replace_function,
    create_procedure,
    alter_function,
    alter_function,
    rename_function,
    set_schema,
    drop_function,
    drop_function,
    create_aggregate,
];

pub const TRIGGERS: &[Form] = &[
    create_trigger_function,
    create_trigger,
    create_trigger,
    create_trigger,
    create_trigger,
    rename_trigger,
    drop_trigger,
];

impl Generator {
    /// A function of one of these kinds.
    pub fn function(&mut self, kinds: &str) -> Option<Function> {
        let found: Vec<Function> = self.world.functions.iter().filter(|f| kinds.contains(f.kind)).cloned().collect();
        self.any(&found)
    }

    /// Its name with the types of its arguments, or the name alone.
    pub fn signature(&mut self, function: &Function) -> String {
        let name = if self.percent(3) { self.missing() } else { function.name.clone() };
        let name = self.spell(&function.schema, &name);
        match self.dice.below(10) {
            0 | 1 => name,
            2 => format!("{name}(int, text)"),
            _ => format!("{name}({})", function.types.join(", ")),
        }
    }

    fn argument_type(&mut self) -> String {
        if self.percent(80) {
            return self.one(&["integer", "text", "bigint", "boolean", "jsonb", "uuid", "numeric", "int[]"]).to_owned();
        }
        self.ty()
    }

    fn function_word(&mut self, function: &Function) -> &'static str {
        match function.kind {
            _ if self.percent(6) => self.one(&["FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"]),
            'p' => self.one(&["PROCEDURE", "PROCEDURE", "ROUTINE"]),
            'a' => "AGGREGATE",
            _ => self.one(&["FUNCTION", "FUNCTION", "FUNCTION", "ROUTINE"]),
        }
    }
}

const OPTIONS: &[&str] = &[
    "",
    "",
    "",
    " IMMUTABLE",
    " STABLE",
    " STRICT",
    " SECURITY DEFINER",
    " SET search_path = app, public",
    " COST 10",
    " PARALLEL SAFE",
    " LEAKPROOF",
    " ROWS 5",
];

fn create_function(g: &mut Generator) -> Option<String> {
    let replace = g.maybe(20, "OR REPLACE ");
    let name = g.new_object();
    let mut arguments: Vec<String> = Vec::new();
    for i in 0..g.dice.below(3) {
        let ty = g.argument_type();
        let named = if g.percent(60) { format!("{} ", ["a", "b", "c"][i]) } else { String::new() };
        let default = if g.percent(15) { format!(" DEFAULT {}", g.value(&ty)) } else { String::new() };
        arguments.push(format!("{named}{ty}{default}"));
    }
    let arguments = arguments.join(", ");
    let options = g.one(OPTIONS);
    if g.percent(20) {
        let relation = g.relation("rrpvm")?;
        let from = g.name_of(&relation);
        // The body names a table: with quotes it is text, without them it depends on it.
        let column = g.any(&relation.columns)?;
        let (name_of, ty) = (quote(&column.name), column.ty);
        return Some(match g.dice.below(3) {
            0 => format!(
                "CREATE {replace}FUNCTION {name}({arguments}) RETURNS SETOF {from} LANGUAGE sql AS 'SELECT * FROM {}'",
                from.replace('\'', "''")
            ),
            1 => format!(
                "CREATE {replace}FUNCTION {name}({arguments}) RETURNS {ty} LANGUAGE sql{options} RETURN (SELECT max({name_of}) FROM {from})"
            ),
            _ => format!(
                "CREATE {replace}FUNCTION {name}({arguments}) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count({name_of}) FROM {from}; END"
            ),
        });
    }
    let (returns, body) = match g.dice.below(6) {
        0 => ("integer".to_owned(), "SELECT 1"),
        1 => ("text".to_owned(), "SELECT 'x'::text"),
        2 => ("boolean".to_owned(), "SELECT true"),
        3 => ("void".to_owned(), "SELECT 1; SELECT NULL::void"),
        4 => (g.argument_type(), "SELECT NULL"),
        _ => ("TABLE (x integer, y text)".to_owned(), "SELECT 1, 'a'::text"),
    };
    if g.percent(30) {
        return Some(format!("CREATE {replace}FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE plpgsql{options} AS $$ BEGIN RETURN; END $$").replace("RETURN;", if returns == "void" || returns.starts_with("TABLE") { "RETURN;" } else { "RETURN NULL;" }));
    }
    Some(format!(
        "CREATE {replace}FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE sql{options} AS $$ {body} $$"
    ))
}

/// The same function again, with another result, name of an argument or kind.
fn replace_function(g: &mut Generator) -> Option<String> {
    let function = g.function("f")?;
    let name = g.spell(&function.schema, &function.name);
    let mut arguments = function.identity.clone();
    if g.percent(15) {
        arguments = function.types.join(", ");
    }
    let returns = match function.returns {
        Some(returns) if !g.percent(15) => returns,
        _ => "text".to_owned(),
    };
    if returns == "trigger" {
        return Some(format!(
            "CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"
        ));
    }
    Some(format!(
        "CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE sql{} AS $$ SELECT NULL::{returns} $$",
        g.one(OPTIONS)
    ))
}

fn create_procedure(g: &mut Generator) -> Option<String> {
    let replace = g.maybe(20, "OR REPLACE ");
    let name = g.new_object();
    let arguments = g.one(&["", "a integer", "a text, b text DEFAULT 'x'", "INOUT a integer"]);
    Some(format!(
        "CREATE {replace}PROCEDURE {name}({arguments}) LANGUAGE plpgsql{} AS 'BEGIN END'",
        g.maybe(15, " SECURITY DEFINER")
    ))
}

fn create_aggregate(g: &mut Generator) -> Option<String> {
    let replace = g.maybe(10, "OR REPLACE ");
    let name = g.new_object();
    let how = g.one(&[
        "(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0')",
        "(text) (SFUNC = textcat, STYPE = text)",
        "(bigint) (SFUNC = int8pl, STYPE = bigint)",
        "(integer) (SFUNC = nope, STYPE = integer)",
        "(anyelement) (SFUNC = array_append, STYPE = anyarray, INITCOND = '{}')",
    ]);
    Some(format!("CREATE {replace}AGGREGATE {name} {how}"))
}

fn alter_function(g: &mut Generator) -> Option<String> {
    let function = g.function("ffp")?;
    let word = g.function_word(&function);
    let signature = g.signature(&function);
    let action = match g.dice.below(10) {
        0 => format!("OWNER TO {}", g.role()),
        1 => "SET search_path = app".to_owned(),
        2 => "RESET ALL".to_owned(),
        3 => "SECURITY DEFINER".to_owned(),
        4 => "SECURITY INVOKER STABLE".to_owned(),
        _ => g
            .one(&[
                "IMMUTABLE",
                "VOLATILE",
                "STRICT",
                "CALLED ON NULL INPUT",
                "COST 5",
                "PARALLEL SAFE",
                "LEAKPROOF",
                "ROWS 10",
            ])
            .to_owned(),
    };
    Some(format!("ALTER {word} {signature} {action}"))
}

fn rename_function(g: &mut Generator) -> Option<String> {
    let function = g.function("fffpa")?;
    let word = g.function_word(&function);
    let signature = g.signature(&function);
    Some(format!("ALTER {word} {signature} RENAME TO {}", g.fresh_ident()))
}

fn set_schema(g: &mut Generator) -> Option<String> {
    let function = g.function("fffpa")?;
    let word = g.function_word(&function);
    let signature = g.signature(&function);
    Some(format!("ALTER {word} {signature} SET SCHEMA {}", g.schema_ident()))
}

fn drop_function(g: &mut Generator) -> Option<String> {
    let function = g.function("fffpa")?;
    let word = g.function_word(&function);
    let exists = g.if_exists();
    Some(format!("DROP {word} {exists}{}{}", g.signature(&function), g.behavior()))
}

fn create_trigger_function(g: &mut Generator) -> Option<String> {
    let name = g.new_object();
    Some(format!("CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"))
}

fn create_trigger(g: &mut Generator) -> Option<String> {
    let table = g.relation("rrrpv")?;
    let functions: Vec<Function> =
        g.world.functions.iter().filter(|f| f.returns.as_deref() == Some("trigger")).cloned().collect();
    let function = if g.percent(5) { g.function("f")? } else { g.any(&functions)? };
    let replace = g.maybe(15, "OR REPLACE ");
    let name = if g.percent(15) && !table.triggers.is_empty() { g.part(&table.triggers) } else { g.fresh_ident() };
    let when = match table.kind {
        'v' if g.percent(80) => "INSTEAD OF",
        _ if g.percent(3) => "INSTEAD OF",
        _ => g.one(&["BEFORE", "AFTER"]),
    };
    let event = match g.dice.below(8) {
        0 => "INSERT".to_owned(),
        1 => "INSERT OR UPDATE".to_owned(),
        2 => "DELETE".to_owned(),
        3 => "TRUNCATE".to_owned(),
        4 | 5 => format!("UPDATE OF {}", g.columns(&table, 2)),
        _ => "UPDATE".to_owned(),
    };
    let each = if when == "INSTEAD OF" {
        " FOR EACH ROW"
    } else {
        g.one(&["", " FOR EACH ROW", " FOR EACH ROW", " FOR EACH STATEMENT"])
    };
    let referencing = if when == "AFTER" && g.percent(8) { " REFERENCING NEW TABLE AS fresh" } else { "" };
    let condition = if each == " FOR EACH ROW" && when != "INSTEAD OF" && g.percent(30) {
        let side = if event == "DELETE" || g.percent(20) { "OLD." } else { "NEW." };
        format!(" WHEN ({})", g.comparison(&table.columns, side))
    } else {
        String::new()
    };
    let on = g.name_of(&table);
    if when == "AFTER" && replace.is_empty() && referencing.is_empty() && g.percent(12) {
        let deferrable = g.one(&["", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]);
        let call = g.spell(&function.schema, &function.name);
        return Some(format!(
            "CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {on}{deferrable} FOR EACH ROW{condition} EXECUTE FUNCTION {call}()"
        ));
    }
    let call = g.spell(&function.schema, &function.name);
    let arguments = g.one(&["", "", "", "'a', 1"]);
    Some(format!(
        "CREATE {replace}TRIGGER {name} {when} {event} ON {on}{referencing}{each}{condition} EXECUTE FUNCTION {call}({arguments})"
    ))
}

fn rename_trigger(g: &mut Generator) -> Option<String> {
    let table = g.relation_with(|r| !r.triggers.is_empty())?;
    let name = g.part(&table.triggers);
    let on = g.name_of(&table);
    Some(format!("ALTER TRIGGER {name} ON {on} RENAME TO {}", g.fresh_ident()))
}

fn drop_trigger(g: &mut Generator) -> Option<String> {
    let table = g.relation_with(|r| !r.triggers.is_empty())?;
    let exists = g.if_exists();
    let name = g.part(&table.triggers);
    Some(format!("DROP TRIGGER {exists}{name} ON {}{}", g.name_of(&table), g.behavior()))
}
