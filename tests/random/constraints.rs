//! Constraints of tables and columns, as CREATE TABLE and ALTER TABLE have them.

use super::generator::{Generator, quote};
use super::world::{Column, Relation};

impl Generator {
    fn constraint_name(&mut self) -> String {
        if self.percent(40) { format!("CONSTRAINT {} ", self.fresh_ident()) } else { String::new() }
    }

    fn deferrability(&mut self) -> &'static str {
        match self.dice.below(12) {
            0 => " DEFERRABLE",
            1 => " DEFERRABLE INITIALLY DEFERRED",
            2 => " NOT DEFERRABLE",
            _ => "",
        }
    }

    /// `REFERENCES table (column) …` to a key of some table, which fits the type where there is one.
    pub fn references(&mut self, ty: Option<&str>) -> Option<String> {
        let mut keys: Vec<(Relation, Column, bool)> = Vec::new();
        for relation in self.world.relations.iter().filter(|r| r.is_table()) {
            for constraint in relation.constraints.iter().filter(|k| matches!(k.kind, 'p' | 'u')) {
                if let Some([number]) = constraint.keys.as_deref()
                    && let Some(column) = relation.columns.iter().find(|c| c.number == *number)
                    && ty.is_none_or(|ty| ty == column.ty)
                {
                    keys.push((relation.clone(), column.clone(), constraint.kind == 'p'));
                }
            }
        }
        let (relation, column, primary) = match self.any(&keys) {
            Some(key) if !self.percent(10) => key,
            _ => {
                let relation = self.relation("rpvmSf")?;
                let column = self.any(&relation.columns)?;
                (relation, column, false)
            }
        };
        let mut text = format!("REFERENCES {}", self.name_of(&relation));
        if !(primary && self.percent(60)) {
            text.push_str(&format!(" ({})", self.ident(&column.name)));
        }
        if self.percent(8) {
            text.push_str(self.one(&[" MATCH FULL", " MATCH SIMPLE", " MATCH PARTIAL"]));
        }
        if self.percent(40) {
            text.push_str(" ON DELETE ");
            text.push_str(self.one(&["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"]));
        }
        if self.percent(15) {
            text.push_str(" ON UPDATE ");
            text.push_str(self.one(&["CASCADE", "SET NULL", "RESTRICT"]));
        }
        text.push_str(self.deferrability());
        Some(text)
    }

    /// A constraint of a table, without the word ADD.
    pub fn table_constraint(&mut self, relation: &Relation) -> Option<String> {
        let name = self.constraint_name();
        let kind = self.dice.below(12);
        let rest = match kind {
            0..=3 => {
                let condition = self.condition(relation, "");
                let tail = self.one(&["", "", "", "", " NO INHERIT", " NOT VALID"]);
                format!("CHECK ({condition}){tail}")
            }
            4..=6 => {
                let word = self.one(&["UNIQUE", "UNIQUE", "PRIMARY KEY", "UNIQUE NULLS NOT DISTINCT"]);
                let columns = self.columns(relation, 2);
                let include =
                    if self.percent(8) { format!(" INCLUDE ({})", self.column(relation)) } else { String::new() };
                format!("{word} ({columns}){include}{}", self.deferrability())
            }
            7 if !relation.indexes.is_empty() => {
                let word = self.one(&["UNIQUE", "PRIMARY KEY"]);
                let index = self.part(&relation.indexes);
                format!("{word} USING INDEX {index}{}", self.deferrability())
            }
            8 => {
                let column = self.column(relation);
                let method = self.one(&["gist", "btree", "hash", ""]);
                let method = if method.is_empty() { String::new() } else { format!("USING {method} ") };
                let operator = self.one(&["=", "=", "=", "&&", "<>"]);
                let filter =
                    if self.percent(20) { format!(" WHERE ({})", self.condition(relation, "")) } else { String::new() };
                format!("EXCLUDE {method}({column} WITH {operator}){filter}{}", self.deferrability())
            }
            _ => {
                let column = self.any(&relation.columns)?;
                let references = self.references(Some(&column.ty))?;
                format!("FOREIGN KEY ({}) {references}{}", quote(&column.name), self.maybe(15, " NOT VALID"))
            }
        };
        Some(format!("{name}{rest}"))
    }

    /// The constraints of a column that is being made.
    pub fn column_constraints(&mut self, ty: &str, others: &[Column], name: &str) -> String {
        let mut text = String::new();
        if self.percent(6) && (ty.contains("text") || ty.contains("char")) {
            text.push_str(self.one(&[" COLLATE \"C\"", " COLLATE \"POSIX\"", " COLLATE nope"]));
        }
        let own = Column {
            name: name.to_owned(),
            number: 0,
            ty: ty.to_owned(),
            category: ' ',
            not_null: false,
            identity: false,
            generated: false,
            default: false,
        };
        match self.dice.below(14) {
            0..=3 => text.push_str(&format!(" DEFAULT {}", self.default(ty))),
            4 if !others.is_empty() => {
                // Mostly of the type that is wanted.
                let mut expression = self.column_expression(others, "");
                let castable = ["integer", "bigint", "smallint", "numeric", "text", "varchar", "boolean", "uuid"];
                if self.percent(80) && castable.contains(&ty) {
                    expression = format!("({expression})::text::{ty}");
                }
                text.push_str(&format!(" GENERATED ALWAYS AS ({expression}) STORED"));
            }
            5 if matches!(ty, "integer" | "bigint" | "smallint") || self.percent(10) => {
                let options =
                    self.one(&["", "", " (START WITH 10)", " (INCREMENT 5 CACHE 2)", " (SEQUENCE NAME seq_x)"]);
                let when = self.one(&["ALWAYS", "BY DEFAULT"]);
                text.push_str(&format!(" GENERATED {when} AS IDENTITY{options}"));
            }
            _ => {}
        }
        if self.percent(25) {
            text.push_str(&format!(
                " {}{}",
                self.constraint_name(),
                self.one(&["NOT NULL", "NOT NULL", "NOT NULL", "NULL"])
            ));
        }
        if self.percent(14) {
            text.push_str(&format!(" {}{}", self.constraint_name(), self.one(&["PRIMARY KEY", "UNIQUE", "UNIQUE"])));
        }
        if self.percent(14) {
            let condition = self.comparison(&[own], "");
            text.push_str(&format!(" {}CHECK ({condition})", self.constraint_name()));
        }
        if self.percent(12)
            && let Some(references) = self.references(Some(ty))
        {
            text.push_str(&format!(" {}{references}", self.constraint_name()));
        }
        text
    }
}
