//! Extended statistics (`pg_get_statisticsobj_worker`).

use crate::catalog::tree::Expr;
use crate::catalog::{AttrNumber, Oid};
use crate::expr::deparse::simple::looks_like_function;
use crate::expr::deparse::{Deparser, Pretty};
use crate::replay::Exec;

/// Extended statistics.
#[derive(Clone, Copy, Debug)]
pub struct StatisticsDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub schema: Oid,
    /// `ndistinct`
    pub ndistinct: bool,
    /// `dependencies`
    pub dependencies: bool,
    /// `mcv`
    pub mcv: bool,
    /// The table.
    pub table: Oid,
    /// Its columns.
    pub columns: &'a [AttrNumber],
    /// Its expressions.
    pub exprs: &'a [Expr],
}

impl Deparser<'_> {
    /// `pg_get_statisticsobjdef`
    pub fn statistics_def(&self, statistics: &StatisticsDef<'_>) -> Exec<String> {
        let mut out =
            format!("CREATE STATISTICS {}", self.catalog().qualified(statistics.schema, statistics.name, false));
        let kinds =
            [(statistics.ndistinct, "ndistinct"), (statistics.dependencies, "dependencies"), (statistics.mcv, "mcv")];
        // All kinds are the default; of one expression there is only one kind.
        if statistics.columns.len() + statistics.exprs.len() > 1 && !kinds.iter().all(|kind| kind.0) {
            let kinds: Vec<_> = kinds.iter().filter(|kind| kind.0).map(|kind| kind.1).collect();
            out.push_str(&format!(" ({})", kinds.join(", ")));
        }
        let columns = self.statistics_columns(statistics)?;
        out.push_str(&format!(" ON {columns} FROM {}", self.relation_name(statistics.table)));
        Ok(out)
    }

    /// `pg_get_statisticsobjdef_columns`
    pub fn statistics_columns(&self, statistics: &StatisticsDef<'_>) -> Exec<String> {
        let mut items = Vec::new();
        for &number in statistics.columns {
            items.push(self.column(statistics.table, number)?);
        }
        let deparser = self.clone().pretty(Pretty { paren: true, indent: false, schema: false });
        for expr in statistics.exprs {
            let text = deparser.expr(expr, Some(statistics.table))?;
            items.push(if looks_like_function(expr) { text } else { format!("({text})") });
        }
        Ok(items.join(", "))
    }
}
