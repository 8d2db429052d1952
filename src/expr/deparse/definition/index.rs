//! Indexes (`pg_get_indexdef_worker`).

use crate::catalog::tree::Expr;
use crate::catalog::{AttrNumber, Oid};
use crate::expr::deparse::names::{column_name, column_type};
use crate::expr::deparse::simple::looks_like_function;
use crate::expr::deparse::{Deparser, opaque, quote_literal};
use crate::replay::Exec;
use crate::sql::ast::Name;

/// An index.
#[derive(Clone, Debug)]
pub struct IndexDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// The table.
    pub table: Oid,
    /// It is of a partitioned table (`relkind` `I`).
    pub partitioned: bool,
    /// The access method.
    pub method: &'a str,
    /// `UNIQUE`
    pub unique: bool,
    /// The keys.
    pub keys: Vec<IndexKeyDef<'a>>,
    /// `INCLUDE`
    pub including: &'a [AttrNumber],
    /// `NULLS NOT DISTINCT`
    pub nulls_not_distinct: bool,
    /// `WITH (…)`
    pub options: &'a [(Name, String)],
    /// `WHERE`
    pub predicate: Option<&'a Expr>,
}

/// A key of an index.
#[derive(Clone, Copy, Debug)]
pub struct IndexKeyDef<'a> {
    /// What is indexed.
    pub what: IndexColumn<'a>,
    /// The collation (`indcollation`).
    pub collation: Oid,
    /// The operator class; [`Oid::INVALID`] if it is not known.
    pub opclass: Oid,
    /// The options of the operator class.
    pub opclass_options: &'a [(Name, String)],
    /// `DESC`
    pub descending: bool,
    /// `NULLS FIRST`
    pub nulls_first: bool,
    /// The operator of an exclusion constraint.
    pub operator: Oid,
}

/// What a key of an index is.
#[derive(Clone, Copy, Debug)]
pub enum IndexColumn<'a> {
    /// A column and its collation.
    Column(AttrNumber, Oid),
    /// An expression.
    Expr(&'a Expr),
}

impl Deparser<'_> {
    /// The statement that makes an index (`pg_get_indexdef`).
    pub fn index_def(&self, index: &IndexDef<'_>) -> Exec<String> {
        let context = self.context();
        let table = if self.pretty.schema {
            context.generate_relation_name(index.table, false)
        } else {
            context.generate_qualified_relation_name(index.table)
        };
        let out = format!(
            "CREATE {}INDEX {} ON {}{table} USING {} (",
            if index.unique { "UNIQUE " } else { "" },
            self.ident(index.name),
            if index.partitioned { "ONLY " } else { "" },
            self.ident(index.method),
        );
        self.index_body(out, index, false)
    }

    /// An exclusion constraint.
    pub(super) fn exclusion(&self, index: &IndexDef<'_>) -> Exec<String> {
        self.index_body(format!("EXCLUDE USING {} (", self.ident(index.method)), index, true)
    }

    fn index_body(&self, mut out: String, index: &IndexDef<'_>, exclusion: bool) -> Exec<String> {
        for (i, key) in index.keys.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.index_key(&mut out, index, key, exclusion)?;
        }
        if !index.including.is_empty() {
            out.push_str(&format!(") INCLUDE ({}", self.column_list(index.table, index.including, false)?));
        }
        out.push(')');
        if index.nulls_not_distinct {
            out.push_str(" NULLS NOT DISTINCT");
        }
        if !index.options.is_empty() {
            out.push_str(&format!(" WITH ({})", self.options(index.options)));
        }
        if let Some(predicate) = index.predicate {
            let condition = self.expr(predicate, Some(index.table))?;
            out.push_str(&if exclusion { format!(" WHERE ({condition})") } else { format!(" WHERE {condition}") });
        }
        Ok(out)
    }

    /// A column or expression of an index without anything behind it (`pg_get_indexdef` of a column).
    pub fn index_column(&self, table: Oid, column: IndexColumn<'_>) -> Exec<String> {
        match column {
            IndexColumn::Column(number, _) => self.column_list(table, &[number], false),
            IndexColumn::Expr(expr) => {
                let text = self.expr(expr, Some(table))?;
                Ok(if looks_like_function(expr) { text } else { format!("({text})") })
            }
        }
    }

    fn index_key(&self, out: &mut String, index: &IndexDef<'_>, key: &IndexKeyDef<'_>, exclusion: bool) -> Exec<()> {
        out.push_str(&self.index_column(index.table, key.what)?);
        let (ty, own_collation) = self.key_type(index.table, key.what);
        let mut context = self.context();
        if key.collation != Oid::INVALID && key.collation != own_collation {
            context.collate(key.collation);
        }
        if key.opclass != Oid::INVALID {
            // Options belong to the class, so that it is named even if it is the default.
            let actual = if key.opclass_options.is_empty() { ty } else { Oid::INVALID };
            context.opclass_name(key.opclass, actual);
        }
        out.push_str(&context.finish()?);
        if !key.opclass_options.is_empty() {
            out.push_str(&format!(" ({})", self.options(key.opclass_options)));
        }
        // Only btree has an order (`amcanorder`).
        if index.method == "btree" {
            out.push_str(match (key.descending, key.nulls_first) {
                (true, true) => " DESC",
                (true, false) => " DESC NULLS LAST",
                (false, true) => " NULLS FIRST",
                (false, false) => "",
            });
        }
        if exclusion {
            let mut context = self.context();
            let name = context.generate_operator_name(key.operator, ty, ty);
            context.push(&name);
            out.push_str(&format!(" WITH {}", context.finish()?));
        }
        Ok(())
    }

    /// The type and collation of what is indexed.
    pub(super) fn key_type(&self, table: Oid, column: IndexColumn<'_>) -> (Oid, Oid) {
        match column {
            IndexColumn::Column(number, collation) => (column_type(self.catalog(), table, number), collation),
            IndexColumn::Expr(expr) => (expr.ty(self.catalog()).oid, expr.collation()),
        }
    }

    /// Storage parameters (`get_reloptions`).
    pub fn options(&self, options: &[(Name, String)]) -> String {
        let option = |(name, value): &(Name, String)| {
            let plain = self.ident(value) == *value;
            let value = if plain { value.clone() } else { quote_literal(value) };
            format!("{}={value}", self.ident(name))
        };
        options.iter().map(option).collect::<Vec<_>>().join(", ")
    }

    /// The name of a column.
    pub(super) fn column(&self, relation: Oid, number: AttrNumber) -> Exec<String> {
        let name = column_name(self.catalog(), relation, number);
        name.map(|name| self.ident(&name)).ok_or_else(|| opaque(format!("column {number} of a relation is not there")))
    }
}
