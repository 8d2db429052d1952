//! Polymorphic types.

use super::super::Analyzer;
use crate::catalog::{Oid, type_oid as t};
use crate::replay::{Exec, SqlError, Stop};

const NONE: Oid = Oid::INVALID;

/// `anyelement` and its family (`pg_type.h: IsPolymorphicTypeFamily1`).
fn is_polymorphic_family_1(ty: Oid) -> bool {
    matches!(ty, t::ANYELEMENT | t::ANYARRAY | t::ANYNONARRAY | t::ANYENUM | t::ANYRANGE | t::ANYMULTIRANGE)
}

/// `anycompatible` and its family (`pg_type.h: IsPolymorphicTypeFamily2`).
fn is_polymorphic_family_2(ty: Oid) -> bool {
    matches!(
        ty,
        t::ANYCOMPATIBLE
            | t::ANYCOMPATIBLEARRAY
            | t::ANYCOMPATIBLENONARRAY
            | t::ANYCOMPATIBLERANGE
            | t::ANYCOMPATIBLEMULTIRANGE
    )
}

/// `pg_type.h: IsPolymorphicType`
pub(in super::super) fn is_polymorphic(ty: Oid) -> bool {
    is_polymorphic_family_1(ty) || is_polymorphic_family_2(ty)
}

/// Why actual types do not fit polymorphic ones. The message is made only where somebody reads it: overloads are tried
/// often.
enum Misfit {
    NotAlike(&'static str, Oid, Oid),
    NotA(&'static str, &'static str, Oid),
    Inconsistent(&'static str, &'static str, Oid, Oid),
    ElementOfAnyarray,
    FromUnknown(Option<&'static str>),
    ArrayForNonarray(&'static str, Oid),
    NotEnum(Oid),
    NoCommonType,
    CannotMatch(Oid, Oid),
    OtherThanCommon(&'static str, Oid, Oid),
    NoArrayType(Oid),
}

type Fit<T = ()> = Result<T, Misfit>;

/// What the arguments tell (the local variables of `check_generic_type_consistency`).
#[derive(Default)]
struct Poly {
    elem: Oid,
    array: Oid,
    range: Oid,
    multirange: Oid,
    have_nonarray: bool,
    have_enum: bool,
    have_multirange: bool,
    have_unknowns: bool,
    args: usize,
    compatible: Compatible,
}

#[derive(Default)]
struct Compatible {
    present: bool,
    types: Vec<Oid>,
    common: Oid,
    array: Oid,
    range: Oid,
    range_elem: Oid,
    multirange: Oid,
    multirange_elem: Oid,
    have_nonarray: bool,
    have_array: bool,
    have_range: bool,
    have_multirange: bool,
}

/// Two mentions of the same type agree.
fn agree(seen: &mut Oid, actual: Oid, name: &'static str) -> Fit {
    if *seen != NONE && *seen != actual {
        return Err(Misfit::NotAlike(name, *seen, actual));
    }
    *seen = actual;
    Ok(())
}

impl Analyzer<'_> {
    /// These types can be passed to polymorphic parameters (`parse_coerce.c: check_generic_type_consistency`).
    pub(in super::super) fn check_generic_type_consistency(&self, actual: &[Oid], declared: &[Oid]) -> bool {
        let check = || -> Fit {
            let mut poly = self.gather(actual, declared, NONE, false)?;
            self.fit_family_1(&mut poly, |_| Ok(t::ANYELEMENT), true)?;
            let compatible = &mut poly.compatible;
            self.fit_compatible_ranges(compatible)?;
            if !compatible.types.is_empty() {
                self.fit_compatible(compatible)?;
                if compatible.range_elem != NONE && compatible.range_elem != compatible.common {
                    return Err(Misfit::NoCommonType);
                }
            }
            Ok(())
        };
        check().is_ok()
    }

    /// Decides polymorphic parameters and the result (`parse_coerce.c: enforce_generic_type_consistency`). `declared` gets
    /// the types that arguments are to be coerced to. `allow_poly` is for the code of functions that are polymorphic
    /// themselves.
    pub(in super::super) fn enforce_generic_type_consistency(
        &self,
        actual: &[Oid],
        declared: &mut [Oid],
        result: Oid,
        allow_poly: bool,
    ) -> Exec<Oid> {
        if !is_polymorphic(result) && !declared.iter().any(|&ty| is_polymorphic(ty)) {
            return Ok(result);
        }
        self.enforce(actual, declared, result, allow_poly).map_err(|misfit| self.misfit(misfit))
    }

    fn gather(&self, actual: &[Oid], declared: &[Oid], result: Oid, allow_poly: bool) -> Fit<Poly> {
        let catalog = self.env.catalog;
        let mut poly = Poly {
            have_nonarray: result == t::ANYNONARRAY,
            have_enum: result == t::ANYENUM,
            have_multirange: result == t::ANYMULTIRANGE,
            ..Poly::default()
        };
        poly.compatible.have_nonarray = result == t::ANYCOMPATIBLENONARRAY;
        poly.compatible.have_array = result == t::ANYCOMPATIBLEARRAY;
        poly.compatible.have_range = result == t::ANYCOMPATIBLERANGE;
        poly.compatible.have_multirange = result == t::ANYCOMPATIBLEMULTIRANGE;
        for (&actual, &declared) in actual.iter().zip(declared) {
            if is_polymorphic_family_1(declared) {
                poly.args += 1;
                poly.have_nonarray |= declared == t::ANYNONARRAY;
                poly.have_enum |= declared == t::ANYENUM;
                poly.have_multirange |= declared == t::ANYMULTIRANGE;
                poly.have_unknowns |= actual == t::UNKNOWN;
            } else if is_polymorphic_family_2(declared) {
                let compatible = &mut poly.compatible;
                compatible.present = true;
                compatible.have_nonarray |= declared == t::ANYCOMPATIBLENONARRAY;
                compatible.have_array |= declared == t::ANYCOMPATIBLEARRAY;
                compatible.have_range |= declared == t::ANYCOMPATIBLERANGE;
                compatible.have_multirange |= declared == t::ANYCOMPATIBLEMULTIRANGE;
            }
            if actual == t::UNKNOWN || allow_poly && declared == actual {
                continue;
            }
            match declared {
                t::ANYELEMENT | t::ANYNONARRAY | t::ANYENUM => agree(&mut poly.elem, actual, "anyelement")?,
                t::ANYARRAY => agree(&mut poly.array, catalog.base_type(actual), "anyarray")?,
                t::ANYRANGE => agree(&mut poly.range, catalog.base_type(actual), "anyrange")?,
                t::ANYMULTIRANGE => agree(&mut poly.multirange, catalog.base_type(actual), "anymultirange")?,
                t::ANYCOMPATIBLE | t::ANYCOMPATIBLENONARRAY => poly.compatible.types.push(actual),
                t::ANYCOMPATIBLEARRAY => {
                    let base = catalog.base_type(actual);
                    let element = catalog.element_type(base);
                    if element == NONE {
                        return Err(Misfit::NotA("anycompatiblearray", "an array", base));
                    }
                    poly.compatible.types.push(element);
                }
                t::ANYCOMPATIBLERANGE => {
                    let base = catalog.base_type(actual);
                    let compatible = &mut poly.compatible;
                    let first = compatible.range == NONE;
                    agree(&mut compatible.range, base, "anycompatiblerange")?;
                    if first {
                        compatible.range_elem = catalog.range_subtype(base);
                        if compatible.range_elem == NONE {
                            return Err(Misfit::NotA("anycompatiblerange", "a range type", base));
                        }
                        compatible.types.push(compatible.range_elem);
                    }
                }
                t::ANYCOMPATIBLEMULTIRANGE => {
                    let base = catalog.base_type(actual);
                    let compatible = &mut poly.compatible;
                    let first = compatible.multirange == NONE;
                    agree(&mut compatible.multirange, base, "anycompatiblemultirange")?;
                    if first {
                        compatible.multirange_elem = catalog.multirange_range(base);
                        if compatible.multirange_elem == NONE {
                            return Err(Misfit::NotA("anycompatiblemultirange", "a multirange type", base));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(poly)
    }

    /// Element, array, range and multirange belong together. `element_of_anyarray` says what the element of a value of
    /// the pseudo-type `anyarray` is, which columns of system catalogs have.
    fn fit_family_1(&self, poly: &mut Poly, element_of_anyarray: impl Fn(&Poly) -> Fit<Oid>, check: bool) -> Fit {
        let catalog = self.env.catalog;
        if poly.array == t::ANYARRAY {
            let element = element_of_anyarray(poly)?;
            if !check {
                self.fit_element(poly, element, "anyarray", poly.array)?;
            }
        } else if poly.array != NONE {
            let element = catalog.element_type(poly.array);
            if element == NONE {
                return Err(Misfit::NotA("anyarray", "an array", poly.array));
            }
            self.fit_element(poly, element, "anyarray", poly.array)?;
        }
        if poly.multirange != NONE {
            let range = catalog.multirange_range(poly.multirange);
            if range == NONE {
                return Err(Misfit::NotA("anymultirange", "a multirange type", poly.multirange));
            }
            if poly.range == NONE {
                poly.range = range;
            } else if poly.range != range {
                return Err(Misfit::Inconsistent("anymultirange", "anyrange", poly.multirange, poly.range));
            }
        } else if !check && poly.have_multirange && poly.range != NONE {
            poly.multirange = catalog.range_multirange(poly.range);
        }
        if poly.range != NONE {
            let element = catalog.range_subtype(poly.range);
            if element == NONE {
                return Err(Misfit::NotA("anyrange", "a range type", poly.range));
            }
            self.fit_element(poly, element, "anyrange", poly.range)?;
        }
        if check {
            if poly.have_nonarray && self.is_array_domain(poly.elem) {
                return Err(Misfit::ArrayForNonarray("anynonarray", poly.elem));
            }
            if poly.have_enum && catalog.typtype(poly.elem) != 'e' {
                return Err(Misfit::NotEnum(poly.elem));
            }
        }
        Ok(())
    }

    fn fit_element(&self, poly: &mut Poly, element: Oid, name: &'static str, of: Oid) -> Fit {
        if poly.elem == NONE {
            poly.elem = element;
        } else if poly.elem != element {
            return Err(Misfit::Inconsistent(name, "anyelement", of, poly.elem));
        }
        Ok(())
    }

    fn fit_compatible_ranges(&self, compatible: &mut Compatible) -> Fit {
        let catalog = self.env.catalog;
        if compatible.multirange != NONE {
            if compatible.range == NONE {
                compatible.range = compatible.multirange_elem;
                compatible.range_elem = catalog.range_subtype(compatible.range);
                if compatible.range_elem == NONE {
                    return Err(Misfit::NotA("anycompatiblemultirange", "a multirange type", compatible.multirange));
                }
                compatible.have_range = true;
                compatible.types.push(compatible.range_elem);
            } else if compatible.range != compatible.multirange_elem {
                let (a, b) = ("anycompatiblemultirange", "anycompatiblerange");
                return Err(Misfit::Inconsistent(a, b, compatible.multirange, compatible.range));
            }
        } else if compatible.have_multirange && compatible.range != NONE {
            compatible.multirange = catalog.range_multirange(compatible.range);
        }
        Ok(())
    }

    /// Finds the common type of the `anycompatible` family.
    fn fit_compatible(&self, compatible: &mut Compatible) -> Fit {
        compatible.common =
            self.select_common_type_from_oids(&compatible.types).map_err(|(a, b)| Misfit::CannotMatch(a, b))?;
        let implicit = crate::catalog::tree::CoercionContext::Implicit;
        if !compatible.types.iter().all(|&ty| self.can_coerce_type(ty, compatible.common, implicit)) {
            return Err(Misfit::NoCommonType);
        }
        if compatible.have_nonarray && self.is_array_domain(compatible.common) {
            return Err(Misfit::ArrayForNonarray("anycompatiblenonarray", compatible.common));
        }
        Ok(())
    }

    /// An array or a domain over one (`type_is_array_domain`).
    fn is_array_domain(&self, ty: Oid) -> bool {
        ty != NONE && self.env.catalog.base_element_type(ty) != NONE
    }

    fn enforce(&self, actual: &[Oid], declared: &mut [Oid], result: Oid, allow_poly: bool) -> Fit<Oid> {
        let catalog = self.env.catalog;
        let mut poly = self.gather(actual, declared, result, allow_poly)?;
        if poly.args == 0 && !poly.compatible.present {
            return Ok(result);
        }
        if poly.args > 0 {
            let element_of_anyarray = |poly: &Poly| {
                if poly.args != 1 || result != t::ANYARRAY && is_polymorphic_family_1(result) {
                    return Err(Misfit::ElementOfAnyarray);
                }
                Ok(t::ANYELEMENT)
            };
            self.fit_family_1(&mut poly, element_of_anyarray, false)?;
            if poly.elem == NONE {
                if !allow_poly {
                    return Err(Misfit::FromUnknown(None));
                }
                poly.elem = t::ANYELEMENT;
                poly.array = t::ANYARRAY;
                poly.range = t::ANYRANGE;
                poly.multirange = t::ANYMULTIRANGE;
            }
            if poly.elem != t::ANYELEMENT {
                if poly.have_nonarray && self.is_array_domain(poly.elem) {
                    return Err(Misfit::ArrayForNonarray("anynonarray", poly.elem));
                }
                if poly.have_enum && catalog.typtype(poly.elem) != 'e' {
                    return Err(Misfit::NotEnum(poly.elem));
                }
            }
        }
        if poly.compatible.present {
            self.enforce_compatible(&mut poly.compatible, allow_poly)?;
            let compatible = &poly.compatible;
            for ty in declared.iter_mut() {
                match *ty {
                    t::ANYCOMPATIBLE | t::ANYCOMPATIBLENONARRAY => *ty = compatible.common,
                    t::ANYCOMPATIBLEARRAY => *ty = compatible.array,
                    t::ANYCOMPATIBLERANGE => *ty = compatible.range,
                    t::ANYCOMPATIBLEMULTIRANGE => *ty = compatible.multirange,
                    _ => {}
                }
            }
        }
        if poly.have_unknowns {
            for (&actual, ty) in actual.iter().zip(declared.iter_mut()) {
                if actual != t::UNKNOWN {
                    continue;
                }
                match *ty {
                    t::ANYELEMENT | t::ANYNONARRAY | t::ANYENUM => *ty = poly.elem,
                    t::ANYARRAY => *ty = self.array_of_element(&mut poly)?,
                    t::ANYRANGE if poly.range == NONE => return Err(Misfit::FromUnknown(Some("anyrange"))),
                    t::ANYRANGE => *ty = poly.range,
                    t::ANYMULTIRANGE if poly.multirange == NONE => {
                        return Err(Misfit::FromUnknown(Some("anymultirange")));
                    }
                    t::ANYMULTIRANGE => *ty = poly.multirange,
                    _ => {}
                }
            }
        }
        let known = |ty: Oid, name| if ty == NONE { Err(Misfit::FromUnknown(Some(name))) } else { Ok(ty) };
        match result {
            t::ANYELEMENT | t::ANYNONARRAY | t::ANYENUM => Ok(poly.elem),
            t::ANYARRAY => self.array_of_element(&mut poly),
            t::ANYRANGE => known(poly.range, "anyrange"),
            t::ANYMULTIRANGE => known(poly.multirange, "anymultirange"),
            t::ANYCOMPATIBLE | t::ANYCOMPATIBLENONARRAY => known(poly.compatible.common, "anycompatible"),
            t::ANYCOMPATIBLEARRAY => known(poly.compatible.array, "anycompatiblearray"),
            t::ANYCOMPATIBLERANGE => known(poly.compatible.range, "anycompatiblerange"),
            t::ANYCOMPATIBLEMULTIRANGE => known(poly.compatible.multirange, "anycompatiblemultirange"),
            result => Ok(result),
        }
    }

    fn array_of_element(&self, poly: &mut Poly) -> Fit<Oid> {
        if poly.array == NONE {
            poly.array = self.env.catalog.array_type(poly.elem);
            if poly.array == NONE {
                return Err(Misfit::NoArrayType(poly.elem));
            }
        }
        Ok(poly.array)
    }

    fn enforce_compatible(&self, compatible: &mut Compatible, allow_poly: bool) -> Fit {
        self.fit_compatible_ranges(compatible)?;
        if compatible.types.is_empty() {
            if allow_poly {
                compatible.common = t::ANYCOMPATIBLE;
                compatible.array = t::ANYCOMPATIBLEARRAY;
                compatible.range = t::ANYCOMPATIBLERANGE;
                compatible.multirange = t::ANYCOMPATIBLEMULTIRANGE;
                return Ok(());
            }
            compatible.common = t::TEXT;
            compatible.array = t::TEXT_ARRAY;
            if compatible.have_range {
                return Err(Misfit::FromUnknown(Some("anycompatiblerange")));
            }
            if compatible.have_multirange {
                return Err(Misfit::FromUnknown(Some("anycompatiblemultirange")));
            }
            return Ok(());
        }
        let have_nonarray = std::mem::take(&mut compatible.have_nonarray);
        self.fit_compatible(compatible)?;
        if compatible.have_array {
            compatible.array = self.env.catalog.array_type(compatible.common);
            if compatible.array == NONE {
                return Err(Misfit::NoArrayType(compatible.common));
            }
        }
        if compatible.have_range {
            if compatible.range == NONE {
                return Err(Misfit::FromUnknown(Some("anycompatiblerange")));
            }
            if compatible.range_elem != compatible.common {
                return Err(Misfit::OtherThanCommon("anycompatiblerange", compatible.range, compatible.common));
            }
        }
        if compatible.have_multirange {
            if compatible.multirange == NONE {
                return Err(Misfit::FromUnknown(Some("anycompatiblemultirange")));
            }
            if compatible.range_elem != compatible.common {
                let (multirange, common) = (compatible.multirange, compatible.common);
                return Err(Misfit::OtherThanCommon("anycompatiblemultirange", multirange, common));
            }
        }
        if have_nonarray && self.is_array_domain(compatible.common) {
            return Err(Misfit::ArrayForNonarray("anycompatiblenonarray", compatible.common));
        }
        Ok(())
    }

    /// The error that PostgreSQL raises.
    fn misfit(&self, misfit: Misfit) -> Stop {
        let name = |ty| self.format_type(ty);
        let versus = |a, b| format!("{} versus {}", self.format_type(a), self.format_type(b));
        let mismatch = |message: String| SqlError::new("42804", message);
        match misfit {
            Misfit::NotAlike(declared, a, b) => {
                mismatch(format!("arguments declared \"{declared}\" are not all alike")).detail(versus(a, b))
            }
            Misfit::NotA(declared, what, ty) => {
                mismatch(format!("argument declared {declared} is not {what} but type {}", name(ty)))
            }
            Misfit::Inconsistent(a, b, a_type, b_type) => {
                mismatch(format!("argument declared {a} is not consistent with argument declared {b}"))
                    .detail(versus(a_type, b_type))
            }
            Misfit::ElementOfAnyarray => mismatch("cannot determine element type of \"anyarray\" argument".into()),
            Misfit::FromUnknown(None) => {
                mismatch("could not determine polymorphic type because input has type unknown".into())
            }
            Misfit::FromUnknown(Some(ty)) => {
                mismatch(format!("could not determine polymorphic type {ty} because input has type unknown"))
            }
            Misfit::ArrayForNonarray(declared, ty) => {
                mismatch(format!("type matched to {declared} is an array type: {}", name(ty)))
            }
            Misfit::NotEnum(ty) => mismatch(format!("type matched to anyenum is not an enum type: {}", name(ty))),
            Misfit::NoCommonType => {
                mismatch("arguments of anycompatible family cannot be cast to a common type".into())
            }
            Misfit::CannotMatch(a, b) => {
                mismatch(format!("argument types {} and {} cannot be matched", name(a), name(b)))
            }
            Misfit::OtherThanCommon(declared, ty, common) => {
                let (ty, common) = (name(ty), name(common));
                mismatch(format!("{declared} type {ty} does not match anycompatible type {common}"))
            }
            Misfit::NoArrayType(ty) => {
                SqlError::new("42704", format!("could not find array type for data type {}", name(ty)))
            }
        }
        .into()
    }
}

/// Why a polymorphic result does not follow from the parameters (`parse_coerce.c: check_valid_polymorphic_signature`).
pub fn check_valid_polymorphic_signature(result: Oid, declared: &[Oid], result_name: &str) -> Option<String> {
    let needs =
        |list: &str| Some(format!("A result of type {result_name} requires at least one input of type {list}."));
    match result {
        t::ANYRANGE | t::ANYMULTIRANGE => {
            let found = declared.iter().any(|ty| matches!(*ty, t::ANYRANGE | t::ANYMULTIRANGE));
            if found { None } else { needs("anyrange or anymultirange") }
        }
        t::ANYCOMPATIBLERANGE | t::ANYCOMPATIBLEMULTIRANGE => {
            let found = declared.iter().any(|ty| matches!(*ty, t::ANYCOMPATIBLERANGE | t::ANYCOMPATIBLEMULTIRANGE));
            if found { None } else { needs("anycompatiblerange or anycompatiblemultirange") }
        }
        ty if is_polymorphic_family_1(ty) => {
            let found = declared.iter().any(|&ty| is_polymorphic_family_1(ty));
            if found { None } else { needs("anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange") }
        }
        ty if is_polymorphic_family_2(ty) => {
            let list = "anycompatible, anycompatiblearray, anycompatiblenonarray, anycompatiblerange, or anycompatiblemultirange";
            if declared.iter().any(|&ty| is_polymorphic_family_2(ty)) { None } else { needs(list) }
        }
        _ => None,
    }
}

/// The same for `internal` (`parse_coerce.c: check_valid_internal_signature`).
pub fn check_valid_internal_signature(result: Oid, declared: &[Oid]) -> Option<&'static str> {
    (result == t::INTERNAL && !declared.contains(&t::INTERNAL))
        .then_some("A result of type internal requires at least one input of type internal.")
}
