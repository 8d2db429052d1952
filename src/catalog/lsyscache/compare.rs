//! What an access method compares with, whatever number its strategy has (`amapi.c: IndexAmTranslateCompareType`,
//! `gist.c: gisttranslatecmptype`).

use super::{Catalog, Oid};
use crate::catalog::{DependencyKind, Object, type_oid as t};

/// `cmptype.h: CompareType`, as far as constraints ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareType {
    /// `=`
    Equal,
    /// `&&`
    Overlap,
}

impl CompareType {
    /// Its number, which errors tell.
    pub fn number(self) -> u8 {
        match self {
            CompareType::Equal => 3,
            CompareType::Overlap => 7,
        }
    }
}

/// The strategy of a comparison in an operator family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Translated {
    /// Its number.
    Strategy(i16),
    /// The family has none.
    None,
    /// A function says it that is not known here.
    Unknown,
}

/// GiST's support function that translates (`gist.h: GIST_TRANSLATE_CMPTYPE_PROC`).
const GIST_TRANSLATE: i16 = 12;

impl Catalog {
    /// The strategy by which a family compares.
    pub fn translate_compare_type(&self, compare: CompareType, family: Oid) -> Translated {
        match (self.family_access_method(family), compare) {
            ("btree", CompareType::Equal) => Translated::Strategy(super::strategy::BT_EQUAL),
            ("hash", CompareType::Equal) => Translated::Strategy(super::strategy::HT_EQUAL),
            ("gist", _) => self.translate_by_gist(compare, family),
            _ => Translated::None,
        }
    }

    fn translate_by_gist(&self, compare: CompareType, family: Oid) -> Translated {
        let function = match self.opfamily_function(family, t::ANY, t::ANY, GIST_TRANSLATE) {
            Oid::INVALID => self.translation_of_extension(family),
            found => self.function_info(found).map(|f| f.name().to_owned()),
        };
        match (function.as_deref(), compare) {
            // The numbers of `stratnum.h`'s R-tree strategies.
            (Some("gist_translate_cmptype_common"), CompareType::Equal) => Translated::Strategy(18),
            (Some("gist_translate_cmptype_common"), CompareType::Overlap) => Translated::Strategy(3),
            (Some("gist_translate_cmptype_btree"), CompareType::Equal) => {
                Translated::Strategy(super::strategy::BT_EQUAL)
            }
            (Some("gist_translate_cmptype_btree"), CompareType::Overlap) | (None, _) => Translated::None,
            (Some(_), _) => Translated::Unknown,
        }
    }

    /// What is known of extensions' families does not tell their support functions: one that brings the function has it
    /// for all of them.
    fn translation_of_extension(&self, family: Oid) -> Option<String> {
        let extension = self
            .dependencies
            .of(Object::OpFamily(family))
            .find(|edge| edge.kind == DependencyKind::Extension)
            .map(|edge| edge.referenced)?;
        let members = self.dependencies.on(extension).filter(|edge| edge.kind == DependencyKind::Extension);
        let mut names = members.filter_map(|edge| match edge.dependent {
            Object::Function(oid) => Some(self.function_info(oid)?.name().to_owned()),
            _ => None,
        });
        names.find(|name| name.starts_with("gist_translate_cmptype"))
    }
}
