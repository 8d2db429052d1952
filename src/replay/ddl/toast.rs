//! Whether a relation has a TOAST table, whose parameters are written beside its own.

use crate::catalog::{Catalog, Column, Oid, Relation, RelationKind, type_oid as t};
use crate::replay::Replay;
use crate::sql::ast::Name;

/// Above that a row is toasted (`TOAST_TUPLE_THRESHOLD` with blocks of 8 kB).
const THRESHOLD: i64 = 2032;
/// `SizeofHeapTupleHeader`
const TUPLE_HEADER: i64 = 23;
/// `VARHDRSZ`
const VARLENA_HEADER: i64 = 4;
/// The most bytes of a character in UTF-8.
const CHARACTER: i64 = 4;

/// The parameter is the TOAST table's.
pub(in crate::replay) fn is_of_toast(name: &Name) -> bool {
    name.starts_with("toast.")
}

impl Replay {
    /// What was said of a TOAST table that is not made is lost (`toasting.c: create_toast_table`).
    pub(super) fn forget_toast_options(&mut self, rel: Oid) {
        let Some(relation) = self.catalog.relation(rel) else { return };
        if !relation.options.iter().any(|(name, _)| is_of_toast(name)) {
            return;
        }
        let columns = relation.live_columns();
        if !needs_toast_table(&self.catalog, relation, columns)
            && let Some(relation) = self.catalog.relation_mut(rel)
        {
            relation.options.retain(|(name, _)| !is_of_toast(name));
        }
    }
}

/// There is one: the table stays when the columns that it was made for are dropped.
pub(super) fn has_toast_table(catalog: &Catalog, relation: &Relation) -> bool {
    needs_toast_table(catalog, relation, relation.columns.iter())
}

/// `heapam_handler.c: heapam_relation_needs_toast_table`
fn needs_toast_table<'c>(catalog: &Catalog, relation: &Relation, columns: impl Iterator<Item = &'c Column>) -> bool {
    match relation.kind {
        RelationKind::Table | RelationKind::MaterializedView(..) => {}
        RelationKind::PartitionedTable(_)
        | RelationKind::ForeignTable(_)
        | RelationKind::View(_)
        | RelationKind::Sequence(_)
        | RelationKind::Index(_)
        | RelationKind::CompositeType => return false,
    }
    let (mut length, mut count) = (0_i64, 0_i64);
    let (mut unknown, mut toastable) = (false, false);
    for column in columns {
        count += 1;
        if column.generated.as_ref().is_some_and(|generated| !generated.stored) {
            continue;
        }
        let Some(ty) = catalog.type_info(column.ty.oid) else { continue };
        let align = match ty.align {
            'c' => 1,
            's' => 2,
            'i' => 4,
            _ => 8,
        };
        length = aligned(length, align);
        if ty.len > 0 {
            length += i64::from(ty.len);
            continue;
        }
        match maximum_size(column.ty.oid, i64::from(column.ty.typmod)) {
            Some(size) => length += size,
            None => unknown = true,
        }
        let plain = match &column.storage {
            Some(storage) => storage.eq_ignore_ascii_case("plain"),
            None => ty.storage == 'p',
        };
        toastable |= !plain;
    }
    let header = aligned(TUPLE_HEADER + (count + 7) / 8, 8);
    toastable && (unknown || header + aligned(length, 8) > THRESHOLD)
}

/// `format_type.c: type_maximum_size`; nothing where values may have any length.
fn maximum_size(ty: Oid, typmod: i64) -> Option<i64> {
    if typmod < 0 {
        return None;
    }
    match ty {
        t::BPCHAR | t::VARCHAR => Some((typmod - VARLENA_HEADER) * CHARACTER + VARLENA_HEADER),
        // Four digits take two bytes (`numeric.c: numeric_maximum_size`).
        t::NUMERIC => {
            let precision = ((typmod - VARLENA_HEADER) >> 16) & 0xffff;
            Some(VARLENA_HEADER + 4 + (precision + 6) / 4 * 2)
        }
        t::BIT | t::VARBIT => Some((typmod + 7) / 8 + 2 * VARLENA_HEADER),
        _ => None,
    }
}

fn aligned(length: i64, to: i64) -> i64 {
    (length + to - 1) / to * to
}
