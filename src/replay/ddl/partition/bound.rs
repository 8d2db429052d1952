//! Bounds of partitions: FOR VALUES … (`parse_utilcmd.c: transformPartitionBound`, `partbounds.c:
//! check_new_partition_bound`).

use std::cmp::Ordering;

use super::compare::{Side, compare_ranges};
use crate::catalog::tree::Const;
use crate::catalog::{
    IndexKeyKind, Oid, PartitionBound, PartitionKey, PartitionKeyColumn, RangeDatum, Relation, TypeRef, type_oid as t,
};
use crate::expr::datum::{DatumEnv, input};
use crate::expr::deparse::Deparser;
use crate::replay::query::NoVariables;
use crate::replay::value::{CastKind, Types, Value};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, Stop};
use crate::sql::ast::{
    Expr, ExprKind, Literal, PartitionBound as Written, PartitionBoundSpec, PartitionStrategy, Touches,
};
use crate::sql::span::Loc;

impl Replay {
    /// The bound of a partition of that table, with its values in their types.
    pub(super) fn partition_bound(
        &mut self,
        parent: Oid,
        spec: &PartitionBoundSpec,
        cx: &Context,
    ) -> Exec<PartitionBound> {
        let Some(table) = self.catalog.shared_relation(parent) else { return Ok(PartitionBound::Default) };
        let Some(key) = table.partition_key() else { return Ok(PartitionBound::Default) };
        let invalid = |message: &str| Err(SqlError::new("42P16", message).at(spec.loc).into());
        match (key.strategy, &spec.bound) {
            (PartitionStrategy::Hash, Written::Default) => {
                invalid("a hash-partitioned table may not have a default partition")
            }
            (PartitionStrategy::List | PartitionStrategy::Range, Written::Default) => Ok(PartitionBound::Default),
            (PartitionStrategy::Hash, Written::Hash { modulus, remainder }) => {
                if *modulus <= 0 {
                    return invalid("modulus for hash partition must be an integer value greater than zero");
                }
                if remainder >= modulus {
                    return invalid("remainder for hash partition must be less than modulus");
                }
                Ok(PartitionBound::Hash { modulus: *modulus, remainder: *remainder })
            }
            (PartitionStrategy::Hash, Written::List(_) | Written::Range(..)) => {
                invalid("invalid bound specification for a hash partition")
            }
            (PartitionStrategy::List, Written::List(values)) => {
                let mut list: Vec<Const> = Vec::with_capacity(values.len());
                for value in values {
                    let Some(column) = key.columns.first() else { continue };
                    let value = self.bound_value(&table, column, value, cx)?;
                    if !list.contains(&value) {
                        list.push(value);
                    }
                }
                Ok(PartitionBound::List(list))
            }
            (PartitionStrategy::List, Written::Range(..) | Written::Hash { .. }) => {
                invalid("invalid bound specification for a list partition")
            }
            (PartitionStrategy::Range, Written::Range(lower, upper)) => {
                for (side, values) in [("FROM", lower), ("TO", upper)] {
                    if values.len() != key.columns.len() {
                        return invalid(&format!("{side} must specify exactly one value per partitioning column"));
                    }
                }
                let lower = self.range_bound(&table, key, lower, cx)?;
                let upper = self.range_bound(&table, key, upper, cx)?;
                Ok(PartitionBound::Range { lower, upper })
            }
            (PartitionStrategy::Range, Written::List(_) | Written::Hash { .. }) => {
                invalid("invalid bound specification for a range partition")
            }
        }
    }

    /// `transformPartitionRangeBounds`
    fn range_bound(
        &mut self,
        table: &Relation,
        key: &PartitionKey,
        values: &[Expr],
        cx: &Context,
    ) -> Exec<Vec<RangeDatum>> {
        let mut bound: Vec<RangeDatum> = Vec::with_capacity(values.len());
        for (column, value) in key.columns.iter().zip(values) {
            bound.push(match infinite(value) {
                Some(infinite) => infinite,
                None => {
                    let value = self.bound_value(table, column, value, cx)?;
                    if value.value.is_none() {
                        return Err(SqlError::new("42P17", "cannot specify NULL in range bound").into());
                    }
                    RangeDatum::Value(value)
                }
            });
        }
        // `validateInfiniteBounds`
        for (pair, value) in bound.windows(2).zip(&values[1..]) {
            let word = match (&pair[0], &pair[1]) {
                (RangeDatum::MaxValue, RangeDatum::MinValue | RangeDatum::Value(_)) => "MAXVALUE",
                (RangeDatum::MinValue, RangeDatum::MaxValue | RangeDatum::Value(_)) => "MINVALUE",
                _ => continue,
            };
            let message = format!("every bound following {word} must also be {word}");
            return Err(SqlError::new("42804", message).at(value.loc).into());
        }
        Ok(bound)
    }

    /// `transformPartitionBoundValue`: a value of the key's type.
    fn bound_value(&mut self, table: &Relation, column: &PartitionKeyColumn, expr: &Expr, cx: &Context) -> Exec<Const> {
        let name = self.key_text(table, column);
        match self.analyze_partition_bound(&name, column.ty, column.collation, expr) {
            Err(Stop::Opaque(_)) => {}
            result => return result.map_err(|stop| placed(stop, expr.loc)),
        }
        let value = self.computed_bound(column, expr, cx)?;
        let value = value.map(Into::into);
        Ok(Const { ty: column.ty, collation: column.collation, value, object: None, at: expr.loc.into() })
    }

    /// A value that takes computing.
    fn computed_bound(&mut self, column: &PartitionKeyColumn, expr: &Expr, cx: &Context) -> Exec<Option<String>> {
        let path = self.path();
        let ty = TypeRef { oid: self.base_type(column.ty.oid), typmod: column.ty.typmod };
        if let Some((from, text)) = self.typed_literal(expr)? {
            let text = input(&self.datum_env(&path), from.oid, -1, &text).map_err(|stop| placed(stop, expr.loc))?;
            if let Some(text) = widened(from.oid, ty.oid, &text.text) {
                return self.fit_bound(ty, text, expr.loc).map(Some);
            }
        }
        let value = self.evaluate(expr, &NoVariables, cx)?;
        let types = Types { catalog: &self.catalog, path: &path };
        let value = types.cast(&value, ty, CastKind::Assignment).map_err(|stop| placed(stop, expr.loc))?;
        let unknown = |reason: crate::replay::value::Reason| -> Stop {
            let reason_text = format!("the bound of a partition is not known: {}", reason.text);
            let opaque = Opaque::new(reason_text, Touches::Everything).at(expr.loc);
            Opaque { undecided: reason.data, ..opaque }.into()
        };
        match value {
            Value::Unknowable(reason) => Err(unknown(reason)),
            value => types.output(&value).map_err(unknown),
        }
    }

    fn datum_env<'a>(&'a self, path: &'a [Oid]) -> DatumEnv<'a> {
        DatumEnv {
            time_zone: self.session.setting("timezone").unwrap_or("UTC"),
            date_order: self.session.date_order(),
            ..DatumEnv::new(&self.catalog, path)
        }
    }

    /// A string literal, with the type that a cast gives it.
    fn typed_literal(&self, expr: &Expr) -> Exec<Option<(TypeRef, String)>> {
        match &expr.kind {
            ExprKind::Cast { operand, ty } => match &operand.kind {
                ExprKind::Literal(Literal::String(text)) => {
                    let ty = crate::replay::lookup::resolve_type(&self.catalog, &self.path(), ty)?;
                    Ok(Some((ty, text.clone())))
                }
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// The length or precision of the key's type (`parse_coerce.c: coerce_type_typmod`).
    fn fit_bound(&self, ty: TypeRef, text: String, loc: Loc) -> Exec<String> {
        if ty.typmod < 0 {
            return Ok(text);
        }
        let path = self.path();
        let types = Types { catalog: &self.catalog, path: &path };
        match ty.oid {
            t::VARCHAR | t::BPCHAR | t::NUMERIC => {
                let plain = types.cast(&Value::Literal(text.into()), TypeRef::plain(ty.oid), CastKind::Explicit)?;
                let fitted = types.cast(&plain, ty, CastKind::Assignment).map_err(|stop| placed(stop, loc))?;
                types
                    .output(&fitted)
                    .map(Option::unwrap_or_default)
                    .map_err(|reason| Opaque::new(reason.text.to_string(), Touches::Everything).at(loc).into())
            }
            _ if !text.contains('.') => Ok(text),
            _ => {
                let reason = "the precision of a partition's bound is not applied";
                Err(Opaque::new(reason, Touches::Everything).at(loc).into())
            }
        }
    }

    /// The name of the key's column, or its expression.
    fn key_text(&self, table: &Relation, column: &PartitionKeyColumn) -> String {
        match &column.what {
            IndexKeyKind::Column(number) => table.column_at(*number).map_or(String::new(), |c| c.name.to_string()),
            IndexKeyKind::Expr(expr) => {
                let path = self.path();
                Deparser::new(&self.catalog, &*path).expr(&expr.tree, Some(table.oid)).unwrap_or_default()
            }
        }
    }

    /// `check_new_partition_bound`
    pub(super) fn check_new_bound(
        &self,
        rel: Oid,
        parent: Oid,
        bound: &PartitionBound,
        spec: &PartitionBoundSpec,
    ) -> Exec {
        let (Some(table), Some(partition)) = (self.catalog.relation(parent), self.catalog.relation(rel)) else {
            return Ok(());
        };
        let Some(key) = table.partition_key() else { return Ok(()) };
        let name = &partition.name;
        let others: Vec<(&Relation, &PartitionBound)> = table
            .children
            .iter()
            .filter(|&&oid| oid != rel)
            .filter_map(|&oid| self.catalog.relation(oid))
            .filter_map(|r| Some((r, r.bound.as_deref()?)))
            .collect();
        let overlap = |with: &Relation| {
            let message = format!("partition \"{name}\" would overlap partition \"{}\"", with.name);
            let error = SqlError::new("42P17", message).at(spec.loc);
            let text = format!("partition \"{}\" made here", with.name);
            Err(error.related(with.provenance.created, text).into())
        };
        match bound {
            PartitionBound::Default => {
                let Some((other, _)) = others.iter().find(|(_, b)| **b == PartitionBound::Default) else {
                    return Ok(());
                };
                let message =
                    format!("partition \"{name}\" conflicts with existing default partition \"{}\"", other.name);
                Err(SqlError::new("42P17", message).at(spec.loc).into())
            }
            PartitionBound::Hash { modulus, remainder } => match check_hash(*modulus, *remainder, &others)? {
                Some(with) => overlap(with),
                None => Ok(()),
            },
            PartitionBound::List(values) => {
                let Some(column) = key.columns.first() else { return Ok(()) };
                for value in values {
                    for (other, bound) in &others {
                        let PartitionBound::List(list) = bound else { continue };
                        for theirs in list {
                            let same = match (&value.value, &theirs.value) {
                                (None, None) => true,
                                (Some(a), Some(b)) => self.same_datum(column, a, b)?,
                                (Some(_), None) | (None, Some(_)) => false,
                            };
                            if same {
                                return overlap(other);
                            }
                        }
                    }
                }
                Ok(())
            }
            PartitionBound::Range { lower, upper } => {
                let cmp = |a, b| compare_ranges(self, key, a, b);
                if cmp(Side::Lower(lower), Side::Upper(upper))? == Ordering::Greater {
                    let path = self.path();
                    let deparser = Deparser::new(&self.catalog, &*path);
                    let message = format!("empty range bound specified for partition \"{name}\"");
                    let detail = format!(
                        "Specified lower bound {} is greater than or equal to upper bound {}.",
                        deparser.range_of(lower)?,
                        deparser.range_of(upper)?
                    );
                    return Err(SqlError::new("42P17", message).detail(detail).at(spec.loc).into());
                }
                let mut first: Option<(&Relation, &Vec<RangeDatum>)> = None;
                for (other, bound) in &others {
                    let PartitionBound::Range { lower: theirs, upper: their_upper } = bound else { continue };
                    let below = cmp(Side::Lower(theirs), Side::Upper(upper))? == Ordering::Less;
                    let above = cmp(Side::Lower(lower), Side::Upper(their_upper))? == Ordering::Less;
                    let earlier = match first {
                        Some((_, least)) => cmp(Side::Lower(theirs), Side::Lower(least))? == Ordering::Less,
                        None => true,
                    };
                    if below && above && earlier {
                        first = Some((other, theirs));
                    }
                }
                match first {
                    Some((with, _)) => overlap(with),
                    None => Ok(()),
                }
            }
        }
    }
}

/// MINVALUE and MAXVALUE, which the grammar takes for columns.
fn infinite(expr: &Expr) -> Option<RangeDatum> {
    let ExprKind::Column(parts) = &expr.kind else { return None };
    match parts.as_slice() {
        [name] if name == "minvalue" => Some(RangeDatum::MinValue),
        [name] if name == "maxvalue" => Some(RangeDatum::MaxValue),
        _ => None,
    }
}

/// A date as a timestamp.
fn widened(from: Oid, to: Oid, text: &str) -> Option<String> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit()) && !text.ends_with("BC");
    match (from, to) {
        (t::DATE, t::TIMESTAMP | t::TIMESTAMPTZ) if !plain => None,
        (t::DATE, t::TIMESTAMP) => Some(format!("{text} 00:00:00")),
        (t::DATE, t::TIMESTAMPTZ) => Some(format!("{text} 00:00:00+00")),
        (t::TIMESTAMP, t::TIMESTAMPTZ) if plain => Some(format!("{text}+00")),
        _ => None,
    }
}

fn placed(stop: Stop, loc: Loc) -> Stop {
    match stop {
        Stop::Error(error) if error.loc == Loc::NONE => error.at(loc).into(),
        stop => stop,
    }
}

/// The moduli of all partitions divide each other, and no remainder is taken twice; the partition that takes it already.
fn check_hash<'r>(
    modulus: i32,
    remainder: i32,
    others: &[(&'r Relation, &PartitionBound)],
) -> Exec<Option<&'r Relation>> {
    let mut sorted: Vec<(i32, i32, &Relation)> = others
        .iter()
        .filter_map(|(relation, bound)| match bound {
            PartitionBound::Hash { modulus, remainder } => Some((*modulus, *remainder, *relation)),
            PartitionBound::Default | PartitionBound::List(_) | PartitionBound::Range { .. } => None,
        })
        .collect();
    sorted.sort_by_key(|&(modulus, remainder, _)| (modulus, remainder));
    let refuse = |detail: String| {
        let message = "every hash partition modulus must be a factor of the next larger modulus";
        Err(SqlError::new("42P17", message).detail(detail).into())
    };
    let at = sorted.partition_point(|&(m, r, _)| (m, r) <= (modulus, remainder));
    if let Some((previous, _, with)) = at.checked_sub(1).and_then(|at| sorted.get(at))
        && modulus % previous != 0
    {
        return refuse(format!(
            "The new modulus {modulus} is not divisible by {previous}, the modulus of existing partition \"{}\".",
            with.name
        ));
    }
    if let Some((next, _, with)) = sorted.get(at)
        && next % modulus != 0
    {
        return refuse(format!(
            "The new modulus {modulus} is not a factor of {next}, the modulus of existing partition \"{}\".",
            with.name
        ));
    }
    // Rows whose hash leaves the same remainder of the smaller modulus are in both.
    let taken = |&&(m, r, _): &&(i32, i32, &Relation)| {
        let common = m.min(modulus);
        r % common == remainder % common
    };
    // The remainders of the largest modulus are tried in order.
    let first = |&&(m, r, _): &&(i32, i32, &Relation)| if m > modulus { r } else { remainder };
    Ok(sorted.iter().filter(taken).min_by_key(first).map(|&(_, _, relation)| relation))
}
