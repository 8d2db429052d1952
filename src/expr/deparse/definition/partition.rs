//! Partition keys and bounds (`pg_get_partkeydef`, `get_rule_expr` of `T_PartitionBoundSpec`).

use super::IndexColumn;
use crate::catalog::Oid;
use crate::catalog::tree::{Const, Expr};
use crate::expr::deparse::constant::ShowType;
use crate::expr::deparse::{Deparser, Pretty};
use crate::replay::Exec;
use crate::sql::ast::PartitionStrategy;

/// The key of a partitioned table.
#[derive(Clone, Debug)]
pub struct PartitionKeyDef<'a> {
    /// The table.
    pub relation: Oid,
    /// How it is partitioned.
    pub strategy: PartitionStrategy,
    /// What by.
    pub columns: Vec<PartitionKeyColumn<'a>>,
}

/// A column or expression of a partition key.
#[derive(Clone, Copy, Debug)]
pub struct PartitionKeyColumn<'a> {
    /// What it is.
    pub what: IndexColumn<'a>,
    /// The collation (`partcollation`).
    pub collation: Oid,
    /// The operator class (`partclass`).
    pub opclass: Oid,
}

/// The bound of a partition.
#[derive(Clone, Debug)]
pub enum BoundDef<'a> {
    /// `DEFAULT`
    Default,
    /// `WITH (MODULUS …, REMAINDER …)`
    Hash {
        /// MODULUS
        modulus: i32,
        /// REMAINDER
        remainder: i32,
    },
    /// `IN (…)`
    List(Vec<&'a Const>),
    /// `FROM (…) TO (…)`
    Range {
        /// The lower bound, inclusive.
        lower: Vec<RangeDatum<'a>>,
        /// The upper bound, exclusive.
        upper: Vec<RangeDatum<'a>>,
    },
}

/// A value of a range bound.
#[derive(Clone, Copy, Debug)]
pub enum RangeDatum<'a> {
    /// `MINVALUE`
    MinValue,
    /// A value.
    Value(&'a Const),
    /// `MAXVALUE`
    MaxValue,
}

impl Deparser<'_> {
    /// The strategy and key of a partitioned table, as PARTITION BY takes them (`pg_get_partkeydef`).
    pub fn partition_key(&self, key: &PartitionKeyDef<'_>) -> Exec<String> {
        if self.pretty != Pretty::PLAIN {
            // `pg_get_partkeydef` cannot be asked to be.
            return self.clone().pretty(Pretty::PLAIN).partition_key(key);
        }
        let mut out = String::from(match key.strategy {
            PartitionStrategy::List => "LIST (",
            PartitionStrategy::Range => "RANGE (",
            PartitionStrategy::Hash => "HASH (",
        });
        for (i, column) in key.columns.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            // `pg_get_partkeydef` cannot be asked to be pretty.
            out.push_str(
                &self.clone().pretty(crate::expr::deparse::Pretty::PLAIN).index_column(key.relation, column.what)?,
            );
            let (ty, own_collation) = self.key_type(key.relation, column.what);
            let mut context = self.context();
            if column.collation != Oid::INVALID && column.collation != own_collation {
                context.collate(column.collation);
            }
            if column.opclass != Oid::INVALID {
                context.opclass_name(column.opclass, ty);
            }
            out.push_str(&context.finish()?);
        }
        out.push(')');
        Ok(out)
    }

    /// A bound as ATTACH PARTITION takes it (`pg_get_expr` of `relpartbound`).
    pub fn partition_bound(&self, bound: &BoundDef<'_>) -> Exec<String> {
        Ok(match bound {
            BoundDef::Default => String::from("DEFAULT"),
            BoundDef::Hash { modulus, remainder } => {
                format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})")
            }
            BoundDef::List(values) => {
                let values = values.iter().map(|value| self.bare_constant(value)).collect::<Exec<Vec<_>>>()?;
                format!("FOR VALUES IN ({})", values.join(", "))
            }
            BoundDef::Range { lower, upper } => {
                format!("FOR VALUES FROM {} TO {}", self.range_bound(lower)?, self.range_bound(upper)?)
            }
        })
    }

    /// `get_range_partbound_string`
    pub(crate) fn range_bound(&self, datums: &[RangeDatum<'_>]) -> Exec<String> {
        let datum = |datum: &RangeDatum<'_>| match datum {
            RangeDatum::MinValue => Ok(String::from("MINVALUE")),
            RangeDatum::MaxValue => Ok(String::from("MAXVALUE")),
            RangeDatum::Value(value) => self.bare_constant(value),
        };
        Ok(format!("({})", datums.iter().map(datum).collect::<Exec<Vec<_>>>()?.join(", ")))
    }

    /// A constant without its type.
    pub fn bare_constant(&self, value: &Const) -> Exec<String> {
        let mut context = self.context();
        context.constant(value, ShowType::Never);
        context.finish()
    }

    /// The condition that a partition's rows fulfil (`pg_get_partition_constraintdef`).
    pub fn partition_constraint(&self, partition: Oid, condition: &Expr) -> Exec<String> {
        self.expr(condition, Some(partition))
    }
}
