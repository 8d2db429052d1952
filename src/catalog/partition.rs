//! Partitioned tables: their keys, and the bounds of their partitions (`pg_partitioned_table`, `pg_class.relpartbound`).

use super::tree::Const;
use super::{AttrNumber, IndexKeyKind, Object, Oid, TypeRef};
use crate::sql::ast::PartitionStrategy;

/// How a partitioned table's rows are divided (`partcache.c: PartitionKeyData`).
#[derive(Clone, Debug)]
pub struct PartitionKey {
    /// `LIST`, `RANGE` or `HASH`.
    pub strategy: PartitionStrategy,
    /// The key.
    pub columns: Vec<PartitionKeyColumn>,
}

/// A part of a partition key.
#[derive(Clone, Debug)]
pub struct PartitionKeyColumn {
    /// A column or an expression.
    pub what: IndexKeyKind,
    /// The type of its values.
    pub ty: TypeRef,
    /// The operator class.
    pub opclass: Oid,
    /// The collation; none if it has none.
    pub collation: Oid,
}

/// Which rows a partition takes (`PartitionBoundSpec`). Values are of the key's types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartitionBound {
    /// `DEFAULT`
    Default,
    /// `FOR VALUES IN (…)`
    List(Vec<Const>),
    /// `FOR VALUES FROM (…) TO (…)`
    Range {
        /// The first key that it takes.
        lower: Vec<RangeDatum>,
        /// The first key that it does not take any more.
        upper: Vec<RangeDatum>,
    },
    /// `FOR VALUES WITH (MODULUS m, REMAINDER r)`
    Hash {
        /// `MODULUS`
        modulus: i32,
        /// `REMAINDER`
        remainder: i32,
    },
}

/// One value of a bound of a range (`PartitionRangeDatum`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeDatum {
    /// `MINVALUE`
    MinValue,
    /// A value.
    Value(Const),
    /// `MAXVALUE`
    MaxValue,
}

impl PartitionKey {
    /// The column is one of the key, or in an expression of it (`partition.c: has_partition_attrs`).
    pub fn mentions(&self, number: AttrNumber) -> bool {
        self.has_column(number) || self.in_expression(number)
    }

    /// The column is in an expression of the key.
    pub fn in_expression(&self, number: AttrNumber) -> bool {
        self.columns.iter().any(|c| match &c.what {
            IndexKeyKind::Column(_) => false,
            IndexKeyKind::Expr(expr) => {
                expr.depends_on.iter().any(|o| matches!(o, Object::Column(_, n) if *n == number))
            }
        })
    }

    /// The column, if the key has it as one of its own.
    pub fn has_column(&self, number: AttrNumber) -> bool {
        self.columns.iter().any(|c| matches!(c.what, IndexKeyKind::Column(n) if n == number))
    }
}
