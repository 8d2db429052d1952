//! How values of partition keys compare (`partbounds.c: partition_rbound_cmp`). Values that only a collation or a type of
//! somebody's own can compare are opaque.

use std::cmp::Ordering;

use crate::catalog::tree::Const;
use crate::catalog::{
    Oid, PG_CATALOG, PartitionBound, PartitionKey, PartitionKeyColumn, RangeDatum, Relation, RelationKind, TypeKind,
    type_oid as t,
};
use crate::replay::value::Decimal;
use crate::replay::{Exec, Opaque, Replay};
use crate::sql::ast::Touches;

/// A bound of a range, and whether it begins or ends there.
#[derive(Clone, Copy)]
pub(super) enum Side<'b> {
    /// FROM
    Lower(&'b [RangeDatum]),
    /// TO
    Upper(&'b [RangeDatum]),
}

impl<'b> Side<'b> {
    fn values(self) -> &'b [RangeDatum] {
        match self {
            Side::Lower(values) | Side::Upper(values) => values,
        }
    }

    fn is_lower(self) -> bool {
        matches!(self, Side::Lower(_))
    }
}

/// Of equal values, an end is less than a beginning.
pub(super) fn compare_ranges(replay: &Replay, key: &PartitionKey, a: Side<'_>, b: Side<'_>) -> Exec<Ordering> {
    let text = |value: &'_ Const| -> ecow::EcoString { value.value.clone().unwrap_or_default() };
    let rank = |datum: &RangeDatum| match datum {
        RangeDatum::MinValue => 0,
        RangeDatum::Value(_) => 1,
        RangeDatum::MaxValue => 2,
    };
    for (column, (x, y)) in key.columns.iter().zip(a.values().iter().zip(b.values())) {
        let ordering = match (x, y) {
            (RangeDatum::Value(x), RangeDatum::Value(y)) => replay.compare_datums(column, &text(x), &text(y))?,
            (x, y) if rank(x) == rank(y) => break,
            (x, y) => rank(x).cmp(&rank(y)),
        };
        if ordering != Ordering::Equal {
            return Ok(ordering);
        }
    }
    Ok(match (a.is_lower(), b.is_lower()) {
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (true, true) | (false, false) => Ordering::Equal,
    })
}

impl Replay {
    /// The partitions of a table as their bounds come one after the other (`partbounds.c: partition_bounds_create`). Where
    /// values are not compared, they stay as they are.
    pub(super) fn partitions_in_order(&self, table: &Relation) -> Vec<Oid> {
        let mut partitions = table.children.clone();
        if let RelationKind::PartitionedTable(key) = &table.kind {
            partitions.sort_by(|&a, &b| {
                let bound = |oid: Oid| self.catalog.relation(oid).and_then(|r| r.bound.as_deref());
                match (bound(a), bound(b)) {
                    (Some(a), Some(b)) => self.compare_bounds(key, a, b),
                    _ => Ordering::Equal,
                }
            });
        }
        partitions
    }

    fn compare_bounds(&self, key: &PartitionKey, a: &PartitionBound, b: &PartitionBound) -> Ordering {
        // NULL comes after the values, and DEFAULT last.
        let rank = |bound: &PartitionBound| match bound {
            PartitionBound::List(values) => u8::from(values.iter().all(|value| value.value.is_none())),
            PartitionBound::Range { .. } | PartitionBound::Hash { .. } => 0,
            PartitionBound::Default => 2,
        };
        let compared = match (a, b) {
            (PartitionBound::List(a), PartitionBound::List(b)) => {
                key.columns.first().zip(self.least(key, a).zip(self.least(key, b))).and_then(|(column, (a, b))| {
                    self.compare_datums(column, a.value.as_deref()?, b.value.as_deref()?).ok()
                })
            }
            (PartitionBound::Range { upper: a, .. }, PartitionBound::Range { upper: b, .. }) => {
                compare_ranges(self, key, Side::Upper(a), Side::Upper(b)).ok()
            }
            (PartitionBound::Hash { modulus: a, remainder: c }, PartitionBound::Hash { modulus: b, remainder: d }) => {
                Some(a.cmp(b).then(c.cmp(d)))
            }
            _ => None,
        };
        rank(a).cmp(&rank(b)).then(compared.unwrap_or(Ordering::Equal))
    }

    /// The least value of a list.
    fn least<'v>(&self, key: &PartitionKey, values: &'v [Const]) -> Option<&'v Const> {
        let column = key.columns.first()?;
        let mut values = values.iter().filter(|value| value.value.is_some());
        let first = values.next()?;
        Some(values.fold(first, |least, value| {
            let ordering = self.compare_datums(
                column,
                value.value.as_deref().unwrap_or_default(),
                least.value.as_deref().unwrap_or_default(),
            );
            if ordering.is_ok_and(Ordering::is_lt) { value } else { least }
        }))
    }

    /// Two values of a key are the same one.
    pub(super) fn same_datum(&self, column: &PartitionKeyColumn, a: &str, b: &str) -> Exec<bool> {
        if a == b {
            return Ok(true);
        }
        let ty = self.base_type(column.ty.oid);
        match ty {
            // Deterministic collations hold no two texts for the same.
            t::TEXT | t::VARCHAR | t::NAME | t::CHAR if !self.has_own_collation(column) => Ok(false),
            t::BPCHAR if !self.has_own_collation(column) => Ok(a.trim_end_matches(' ') == b.trim_end_matches(' ')),
            _ => Ok(self.compare_datums(column, a, b)? == Ordering::Equal),
        }
    }

    /// A collation that somebody made may hold different texts for the same.
    fn has_own_collation(&self, column: &PartitionKeyColumn) -> bool {
        self.catalog.collation(column.collation).is_some()
    }

    pub(super) fn compare_datums(&self, column: &PartitionKeyColumn, a: &str, b: &str) -> Exec<Ordering> {
        if a == b {
            return Ok(Ordering::Equal);
        }
        let ty = self.base_type(column.ty.oid);
        let parsed = |ordering: Option<Ordering>| ordering.ok_or_else(|| self.not_compared(column));
        let default = self.catalog.default_opclass(ty, "btree");
        if !matches!(ty, t::TEXT | t::VARCHAR | t::BPCHAR) && column.opclass != default {
            // Another class may turn the order around.
            return Err(self.not_compared(column).into());
        }
        match ty {
            t::INT2 | t::INT4 | t::INT8 | t::OID => {
                parsed(a.parse::<i64>().ok().zip(b.parse::<i64>().ok()).map(|(a, b)| a.cmp(&b))).map_err(Into::into)
            }
            t::NUMERIC => parsed(Decimal::parse(a).zip(Decimal::parse(b)).map(|(a, b)| a.cmp(&b))).map_err(Into::into),
            t::FLOAT4 | t::FLOAT8 => {
                let number = |text: &str| text.parse::<f64>().ok().filter(|f| !f.is_nan());
                parsed(number(a).zip(number(b)).and_then(|(a, b)| a.partial_cmp(&b))).map_err(Into::into)
            }
            t::BOOL | t::UUID | t::NAME | t::CHAR | t::BYTEA => Ok(a.cmp(b)),
            t::DATE | t::TIMESTAMP | t::TIMESTAMPTZ | t::TIME => parsed(compare_times(a, b)).map_err(Into::into),
            t::TEXT | t::VARCHAR => parsed(self.compare_texts(column, a, b)).map_err(Into::into),
            t::BPCHAR => {
                let (a, b) = (a.trim_end_matches(' '), b.trim_end_matches(' '));
                parsed(self.compare_texts(column, a, b)).map_err(Into::into)
            }
            _ => match self.catalog.type_(ty).map(|ty| &ty.kind) {
                Some(TypeKind::Enum(labels)) => {
                    let position = |label: &str| labels.iter().position(|l| l.label == label);
                    parsed(position(a).zip(position(b)).map(|(a, b)| a.cmp(&b))).map_err(Into::into)
                }
                Some(_) | None => Err(self.not_compared(column).into()),
            },
        }
    }

    fn not_compared(&self, column: &PartitionKeyColumn) -> Opaque {
        let ty = self.catalog.format_type_be(column.ty.oid, &self.path());
        Opaque::new(format!("values of type {ty} in bounds of partitions are not compared"), Touches::Everything)
    }

    /// In the collation `C`, or where all collations agree: among small letters and digits of ASCII.
    fn compare_texts(&self, column: &PartitionKeyColumn, a: &str, b: &str) -> Option<Ordering> {
        let pattern = || self.catalog.opclass_info(column.opclass).is_some_and(|o| o.name.contains("pattern"));
        let bytewise = self
            .catalog
            .collation_info(column.collation)
            .is_some_and(|c| c.schema == PG_CATALOG && matches!(c.name, "C" | "POSIX" | "ucs_basic"))
            || pattern();
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        (a == b || bytewise || plain(a) && plain(b)).then(|| a.cmp(b))
    }
}

/// Dates and times in ISO style of one time zone. Years of more than four digits are longer texts.
fn compare_times(a: &str, b: &str) -> Option<Ordering> {
    let rank = |text: &str| match text {
        "-infinity" => 0,
        "infinity" => 2,
        _ => 1,
    };
    if rank(a) != 1 || rank(b) != 1 {
        return Some(rank(a).cmp(&rank(b)));
    }
    let zone = |text: &str| text.get(11..).and_then(|time| time.find(['+', '-']).map(|at| time[at..].to_owned()));
    if a.ends_with("BC") || b.ends_with("BC") || zone(a) != zone(b) {
        return None;
    }
    let year = |text: &str| text.find('-').unwrap_or(0);
    // A fraction of a second makes the text longer, and the time later; the zone is the same.
    let bare = |text: &str| match zone(text) {
        Some(zone) => text[..text.len() - zone.len()].to_owned(),
        None => text.to_owned(),
    };
    Some(year(a).cmp(&year(b)).then_with(|| bare(a).cmp(&bare(b))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_as_texts() {
        let cmp = |a, b| compare_times(a, b);
        assert_eq!(cmp("2024-01-01", "2024-02-01"), Some(Ordering::Less));
        assert_eq!(cmp("9999-12-31", "10000-01-01"), Some(Ordering::Less));
        assert_eq!(cmp("2024-01-01 00:00:00+00", "2024-01-01 00:00:00.5+00"), Some(Ordering::Less));
        assert_eq!(cmp("2024-01-01 00:00:00+01", "2024-01-01 00:00:00+02"), None);
        assert_eq!(cmp("-infinity", "2024-01-01"), Some(Ordering::Less));
        assert_eq!(cmp("infinity", "infinity"), Some(Ordering::Equal));
        assert_eq!(cmp("0001-01-01 BC", "0001-01-01"), None);
    }
}
