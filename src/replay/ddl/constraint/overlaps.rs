//! WITHOUT OVERLAPS of 18: keys whose last column is a range, and which are kept apart by operators as an exclusion
//! constraint is (`parse_utilcmd.c: transformIndexConstraint`, `indexcmds.c: ComputeIndexAttrs`).

use crate::catalog::lsyscache::{CompareType, Translated};
use crate::catalog::{AttrNumber, IndexKey, Oid, Relation, type_oid as t};
use crate::replay::{Exec, Opaque, Replay, SqlError};
use crate::sql::ast::Touches;
use crate::sql::span::Loc;

impl Replay {
    /// The last column is a range or multirange, and others are before it.
    pub(in crate::replay::ddl) fn check_overlaps(&self, relation: &Relation, columns: &[AttrNumber], loc: Loc) -> Exec {
        if let Some(column) = columns.last().and_then(|&number| relation.column_at(number)) {
            self.check_period_type(&column.name, column.ty.oid, loc)?;
        }
        if columns.len() < 2 {
            return Err(SqlError::new("42601", "constraint using WITHOUT OVERLAPS needs at least two columns").into());
        }
        Ok(())
    }

    pub(in crate::replay::ddl) fn check_period_type(&self, column: &str, ty: Oid, loc: Loc) -> Exec {
        if self.catalog.type_info(self.base_type(ty)).is_some_and(|info| matches!(info.typtype, 'r' | 'm')) {
            return Ok(());
        }
        let message = format!("column \"{column}\" in WITHOUT OVERLAPS is not a range or multirange type");
        Err(SqlError::new("42804", message).at(loc).into())
    }

    /// The operators that keep rows apart: equality, and overlapping for the last key.
    pub(in crate::replay::ddl) fn overlaps_operators(&self, keys: &[IndexKey]) -> Exec<Vec<Oid>> {
        let operator = |(i, key): (usize, &IndexKey)| {
            let last = i + 1 == keys.len();
            self.operator_of_compare_type(key.opclass, if last { CompareType::Overlap } else { CompareType::Equal })
        };
        keys.iter().enumerate().map(operator).collect()
    }

    /// `indexcmds.c: GetOperatorFromCompareType`
    fn operator_of_compare_type(&self, opclass: Oid, compare: CompareType) -> Exec<Oid> {
        let Some(class) = self.catalog.opclass_info(opclass) else {
            let reason = "by what an operator class compares is not known";
            return Err(Opaque::new(reason, Touches::Nothing).into());
        };
        let what = match compare {
            CompareType::Equal => "an equality",
            CompareType::Overlap => "an overlaps",
        };
        let ty = self.catalog.format_type_be(class.input_type, &self.path());
        let error = SqlError::new("42704", format!("could not identify {what} operator for type {ty}"));
        let strategy = match self.catalog.translate_compare_type(compare, class.family) {
            Translated::Strategy(strategy) => strategy,
            Translated::None => return Err(error.detail(self.untranslated(compare, class.family)).into()),
            Translated::Unknown => {
                let reason = "by what an operator class compares is not known";
                return Err(Opaque::new(reason, Touches::Nothing).into());
            }
        };
        match self.catalog.opfamily_member(class.family, class.input_type, class.input_type, strategy) {
            Oid::INVALID => {
                let (family, method) = self.family_words(class.family);
                let detail = format!(
                    "There is no suitable operator in operator family \"{family}\" for access method \"{method}\"."
                );
                Err(error.detail(detail).into())
            }
            operator => Ok(operator),
        }
    }

    pub(super) fn untranslated(&self, compare: CompareType, family: Oid) -> String {
        let (family, method) = self.family_words(family);
        let number = compare.number();
        format!(
            "Could not translate compare type {number} for operator family \"{family}\" of access method \"{method}\"."
        )
    }

    fn family_words(&self, family: Oid) -> (&str, &str) {
        self.catalog.opfamily_info(family).map_or(("", ""), |family| (family.name, family.access_method))
    }

    /// What a period may be (`pg_constraint.c: FindFKPeriodOpers`).
    pub(super) fn check_period_operators(&self, opclass: Oid) -> Exec {
        let class = self.catalog.opclass_info(opclass);
        if class.is_none_or(|class| matches!(class.input_type, t::ANYRANGE | t::ANYMULTIRANGE)) {
            return Ok(());
        }
        let message = "invalid type for PERIOD part of foreign key";
        Err(SqlError::new("0A000", message).detail("Only range and multirange are supported.").into())
    }
}
