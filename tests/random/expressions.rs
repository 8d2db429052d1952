//! Expressions over what there is: defaults, conditions, keys, queries.

use super::generator::{Generator, literal, quote};
use super::world::{Column, Relation};

impl Generator {
    /// A value of a type, which seldom does not fit.
    pub fn value(&mut self, ty: &str) -> String {
        if self.percent(1) {
            return self.one(&["'x'", "1", "NULL", "true", "nope()", "id", "ARRAY[1]", "'{}'"]).to_owned();
        }
        let base = ty.split('(').next().unwrap_or(ty).trim_end();
        let values: &[&'static str] = match base {
            _ if ty.ends_with("[]") => &["'{}'", "NULL", "ARRAY[]::text[]"],
            "integer" | "bigint" | "smallint" | "int" => &["0", "1", "-7", "1 + 1", "NULL", "'42'", "length('abc')"],
            "numeric" | "real" | "double precision" => &["0", "1.50", "-0.5", "1e3", "random()", "2 * 3.5"],
            // Not `current_user`, which is too long for some: only constants are computed ahead in the replay.
            "char" | "character" => &["''", "'x'", "upper('a')", "'a' || 'b'", "NULL"],
            "text" | "varchar" | "character varying" | "name" => {
                &["''", "'x'", "'it''s'", "current_user", "upper('a')", "'a' || 'b'", "NULL", "'x'::text"]
            }
            "boolean" => &["true", "false", "NOT true", "1 = 2", "'t'"],
            "date" => &["'2024-02-29'", "current_date", "now()", "CURRENT_DATE + 1"],
            "timestamptz" | "timestamp" | "timestamp with time zone" | "timestamp without time zone" => {
                &["now()", "CURRENT_TIMESTAMP", "'2024-01-01 10:00'", "now() + interval '1 day'"]
            }
            "uuid" => &["gen_random_uuid()", "'00000000-0000-0000-0000-000000000001'"],
            "jsonb" | "json" => &["'{}'", "'[]'", "NULL", "'{\"a\": 1}'"],
            "interval" => &["'1 day'", "interval '2 hours'"],
            _ => &["NULL", "NULL"],
        };
        if let Some(own) = self.world.types.iter().find(|t| t.kind == 'e' && t.sql == ty).cloned()
            && let Some(label) = self.any(&own.labels)
        {
            return literal(&label);
        }
        self.one(values).to_owned()
    }

    /// A default of a column: a value, or a function or sequence of the world.
    pub fn default(&mut self, ty: &str) -> String {
        let sequences: Vec<(String, String)> =
            self.world.relations.iter().filter(|r| r.kind == 'S').map(|r| (r.schema.clone(), r.name.clone())).collect();
        match self.any(&sequences) {
            Some((schema, name)) if self.percent(12) && !ty.contains("[]") => {
                format!("nextval({})", literal(&format!("{}.{}", quote(&schema), quote(&name))))
            }
            _ => match self.call(&[]) {
                Some(call) if self.percent(8) => call,
                _ => self.value(ty),
            },
        }
    }

    /// A call of a function of the world whose arguments are columns or values.
    pub fn call(&mut self, columns: &[Column]) -> Option<String> {
        // A constant of a domain is computed ahead, with the domain's checks.
        let of_domain = |ty: &String| self.world.types.iter().any(|t| t.kind == 'd' && t.sql == *ty);
        let fits = |f: &&super::world::Function| {
            f.kind == 'f'
                && !f.types.iter().any(of_domain)
                && !matches!(f.returns.as_deref(), Some("trigger" | "event_trigger"))
        };
        let found: Vec<_> = self.world.functions.iter().filter(fits).cloned().collect();
        let function = self.any(&found)?;
        let mut arguments = Vec::new();
        for ty in &function.types {
            let same: Vec<&Column> = columns.iter().filter(|c| c.ty == *ty).collect();
            arguments.push(match self.any(&same) {
                Some(column) => self.ident(&column.name),
                None => format!("{}::{ty}", self.value(ty)),
            });
        }
        let name = self.spell(&function.schema, &function.name);
        Some(format!("{name}({})", arguments.join(", ")))
    }

    /// A condition over columns of a relation, whose names are written with that prefix.
    pub fn condition(&mut self, relation: &Relation, prefix: &str) -> String {
        let one = self.comparison(&relation.columns, prefix);
        if self.percent(25) {
            let other = self.comparison(&relation.columns, prefix);
            return format!("{one} {} {other}", self.one(&["AND", "OR"]));
        }
        one
    }

    /// A condition over some column.
    pub fn comparison(&mut self, columns: &[Column], prefix: &str) -> String {
        let Some(column) = self.any(columns) else { return self.one(&["true", "1 > 0", "false"]).to_owned() };
        let name = if self.percent(1) { self.missing() } else { column.name.clone() };
        let c = format!("{prefix}{}", self.ident(&name));
        if self.percent(1) {
            return format!("{c} {} 'x'", self.one(&["=", "+", "||", "@>"]));
        }
        if self.percent(6)
            && let Some(call) = self.call(columns)
        {
            return format!("{call} IS NOT NULL");
        }
        let ty = column.ty.split('(').next().unwrap_or_default();
        let forms: &[&'static str] = match (ty, column.category) {
            ("integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision", _) => &[
                "{c} > 0",
                "{c} >= 0 AND {c} < 100",
                "{c} IN (1, 2, 3)",
                "{c} + 1 <> 5",
                "{c} BETWEEN 1 AND 10",
                "abs({c}) > 2",
            ],
            ("text" | "character varying" | "character", _) => &[
                "length({c}) > 0",
                "{c} <> ''",
                "{c} LIKE 'a%'",
                "lower({c}) = {c}",
                "{c} IN ('a', 'b')",
                "{c} ~ '^x'",
                "coalesce({c}, '') <> 'x'",
            ],
            ("boolean", _) => &["{c}", "NOT {c}", "{c} IS NOT TRUE"],
            ("date" | "timestamp with time zone" | "timestamp without time zone", _) => {
                &["{c} > '2020-01-01'", "{c} < now()", "{c} IS NULL"]
            }
            ("jsonb", _) => &["{c} ? 'a'", "{c} ->> 'a' = 'b'", "jsonb_typeof({c}) = 'object'"],
            (_, 'A') => &["cardinality({c}) > 0", "{c} IS NOT NULL", "{c} = '{}'"],
            _ => &["{c} IS NOT NULL", "{c} IS NULL", "{c} = {c}"],
        };
        self.one(forms).replace("{c}", &c)
    }

    /// An expression of some type over columns, for an index, a generated column, a list of a view.
    pub fn expression(&mut self, columns: &[Column], prefix: &str) -> String {
        if self.percent(8)
            && let Some(call) = self.call(columns)
        {
            return call;
        }
        self.column_expression(columns, prefix)
    }

    /// The same without calls, which the server computes where their arguments are constants: the replay does not.
    pub fn column_expression(&mut self, columns: &[Column], prefix: &str) -> String {
        let Some(column) = self.any(columns) else { return "1".to_owned() };
        let c = format!("{prefix}{}", self.ident(&column.name));
        let ty = column.ty.split('(').next().unwrap_or_default();
        let forms: &[&'static str] = match (ty, column.category) {
            ("integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision", _) => &[
                "{c} * 2",
                "{c} + 1",
                "-{c}",
                "{c}::text",
                "coalesce({c}, 0)",
                "CASE WHEN {c} > 0 THEN 'p' ELSE 'n' END",
            ],
            ("text" | "character varying" | "character", _) => &[
                "lower({c})",
                "{c} || 'x'",
                "upper({c}::text)",
                "length({c})",
                "{c} COLLATE \"C\"",
                "substr({c}, 1, 3)",
            ],
            ("boolean", _) => &["NOT {c}", "{c} AND true", "{c}::text"],
            ("date", _) => &["{c} + 1", "extract(year FROM {c})", "{c}::text"],
            ("timestamp with time zone" | "timestamp without time zone", _) => {
                &["date_trunc('day', {c})", "{c} + interval '1 day'"]
            }
            ("jsonb" | "json", _) => &["{c} -> 'a'", "({c} ->> 'b')::int"],
            (_, 'A') => &["cardinality({c})", "{c}[1]"],
            _ => &["{c}", "{c} IS NULL", "ROW({c}, 1)"],
        };
        self.one(forms).replace("{c}", &c)
    }
}
