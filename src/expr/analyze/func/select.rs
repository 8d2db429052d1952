//! Overload resolution.

use super::super::coerce::CoercionPath;
use super::super::{Analyzer, Exec};
use super::candidates::{Candidate, Wanted};
use crate::catalog::tree::{CoercionContext, Expr};
use crate::catalog::{FunctionKind, Oid, type_oid as t};
use crate::replay::lookup;
use crate::sql::ast::QualifiedName;
use crate::sql::span::Loc;

/// The most arguments that a function can have (`FUNC_MAX_ARGS`).
pub(in super::super) const MAX_ARGS: usize = 100;

/// What a call turns out to be (`FuncDetailCode`).
pub(in super::super) enum FuncDetail {
    /// Nothing.
    NotFound,
    /// Several functions, none better than the others.
    Multiple,
    /// A function of this kind.
    Found(FunctionKind, Candidate),
    /// A cast written as a call, to this type.
    Coercion(Oid),
}

impl Analyzer<'_> {
    /// The function that a call means (`parse_func.c: func_get_detail`).
    pub(in super::super) fn func_get_detail(
        &self,
        name: &QualifiedName,
        args: &[Expr],
        types: &[Oid],
        wanted: Wanted<'_>,
        loc: Loc,
    ) -> Exec<FuncDetail> {
        let Wanted { names, expand_variadic, .. } = wanted;
        let mut candidates = self.function_candidates(name, wanted, loc)?;
        let exact = |c: &Candidate| c.args.as_slice().get(..types.len()) == Some(types);
        let mut best = candidates.iter().position(exact).map(|index| candidates.swap_remove(index));
        if best.is_none() {
            if let ([arg], [source]) = (args, types)
                && names.is_empty()
                && let Some(target) = self.func_name_as_type(name)
                && self.is_function_style_cast(arg, *source, target)
            {
                return Ok(FuncDetail::Coercion(target));
            }
            candidates.retain(|c| {
                let declared = c.args.as_slice();
                self.can_coerce_types(types, &declared[..types.len().min(declared.len())], CoercionContext::Implicit)
            });
            best = match candidates.len() {
                0 => None,
                1 => candidates.pop(),
                _ => match self.func_select_candidate(types, &candidates) {
                    Some(index) => Some(candidates.swap_remove(index)),
                    None => return Ok(FuncDetail::Multiple),
                },
            };
        }
        let Some(best) = best else { return Ok(FuncDetail::NotFound) };
        if best.oid == Oid::INVALID {
            return Ok(FuncDetail::Multiple);
        }
        // `VARIADIC name => array` must be for the last parameter.
        if !names.is_empty()
            && !expand_variadic
            && !types.is_empty()
            && best.arg_numbers.as_ref().and_then(|n| n.get(types.len() - 1)) != Some(&(types.len() - 1))
        {
            return Ok(FuncDetail::NotFound);
        }
        let kind = self.env.catalog.function_info(best.oid).map_or(FunctionKind::Function, |f| f.kind());
        Ok(FuncDetail::Found(kind, best))
    }

    /// `typename(x)` is a cast only if it needs no function, which would have been found.
    fn is_function_style_cast(&self, arg: &Expr, source: Oid, target: Oid) -> bool {
        if source == t::UNKNOWN && matches!(arg, Expr::Const(_)) {
            return true;
        }
        match self.find_coercion_pathway(target, source, CoercionContext::Explicit) {
            CoercionPath::Relabel => true,
            CoercionPath::ViaIO => {
                let row = source == t::RECORD || self.is_complex(source);
                !(row && self.env.catalog.type_category(target).0 == 'S')
            }
            CoercionPath::None | CoercionPath::Func(_) | CoercionPath::ArrayCoerce => false,
        }
    }

    /// The type that a function's name stands for (`parse_func.c: FuncNameAsType`).
    fn func_name_as_type(&self, name: &QualifiedName) -> Option<Oid> {
        let catalog = self.env.catalog;
        let found = match &name.schema {
            Some(_) => lookup::find_type(catalog, self.env.path, name)?,
            // Temporary types are not found as functions are not.
            None => {
                let mut path = self.env.path.iter().filter(|&&schema| schema != self.temp_schema);
                path.find_map(|&schema| catalog.type_oid_in(schema, &name.name))?
            }
        };
        let info = catalog.type_info(found)?;
        (info.is_defined && info.relation == Oid::INVALID).then_some(found)
    }

    /// The best of several candidates that arguments of these types can be passed to
    /// (`parse_func.c: func_select_candidate`).
    pub(in super::super) fn func_select_candidate(&self, types: &[Oid], candidates: &[Candidate]) -> Option<usize> {
        let catalog = self.env.catalog;
        let bases: Vec<Oid> =
            types.iter().map(|&ty| if ty == t::UNKNOWN { t::UNKNOWN } else { catalog.base_type(ty) }).collect();
        let unknowns = bases.iter().filter(|&&ty| ty == t::UNKNOWN).count();
        let args = |index: usize| candidates[index].args.as_slice();
        let mut left: Vec<usize> = (0..candidates.len()).collect();

        // The most exact matches.
        let exact = |index: usize| {
            bases.iter().zip(args(index)).filter(|&(&base, &arg)| base != t::UNKNOWN && base == arg).count()
        };
        keep_best(&mut left, exact);
        if let [only] = left[..] {
            return Some(only);
        }

        // The most exact matches or preferred types.
        let categories: Vec<char> = bases.iter().map(|&ty| catalog.type_category(ty).0).collect();
        let preferred = |index: usize| {
            let slots = bases.iter().zip(&categories).zip(args(index));
            slots
                .filter(|&((&base, &category), &arg)| {
                    base != t::UNKNOWN
                        && (base == arg || {
                            let (own, preferred) = catalog.type_category(arg);
                            own == category && preferred
                        })
                })
                .count()
        };
        keep_best(&mut left, preferred);
        if let [only] = left[..] {
            return Some(only);
        }
        if unknowns == 0 {
            return None;
        }

        // Literals that have no type yet are taken for strings where a candidate does that, else for what all agree on.
        let mut slots: Vec<Option<(char, bool)>> = vec![None; bases.len()];
        let mut resolved = true;
        for (slot, _) in bases.iter().enumerate().filter(|&(_, &base)| base == t::UNKNOWN) {
            let mut conflict = false;
            let mut of_slot: Option<(char, bool)> = None;
            for &index in &left {
                let (category, is_preferred) = catalog.type_category(args(index)[slot]);
                match &mut of_slot {
                    None => of_slot = Some((category, is_preferred)),
                    Some((seen, has_preferred)) if *seen == category => *has_preferred |= is_preferred,
                    Some(_) if category == 'S' => of_slot = Some((category, is_preferred)),
                    Some(_) => conflict = true,
                }
            }
            if conflict && of_slot.is_none_or(|(category, _)| category != 'S') {
                resolved = false;
                break;
            }
            slots[slot] = of_slot;
        }
        if resolved {
            let fits = |&index: &usize| {
                slots.iter().zip(args(index)).all(|(slot, &arg)| match slot {
                    None => true,
                    Some((wanted, has_preferred)) => {
                        let (category, preferred) = catalog.type_category(arg);
                        category == *wanted && (preferred || !has_preferred)
                    }
                })
            };
            let kept: Vec<usize> = left.iter().copied().filter(fits).collect();
            if !kept.is_empty() {
                left = kept;
            }
            if let [only] = left[..] {
                return Some(only);
            }
        }

        // Literals are taken for the type that all other arguments have.
        if unknowns < bases.len() {
            let mut known = bases.iter().copied().filter(|&ty| ty != t::UNKNOWN);
            let first = known.next()?;
            if known.all(|ty| ty == first) {
                let all = vec![first; bases.len()];
                let accepts = |&&index: &&usize| {
                    let declared = args(index);
                    self.can_coerce_types(&all, &declared[..all.len().min(declared.len())], CoercionContext::Implicit)
                };
                let mut accepting = left.iter().filter(accepts);
                if let (Some(&only), None) = (accepting.next(), accepting.next()) {
                    return Some(only);
                }
            }
        }
        None
    }
}

/// Keeps those that have the highest score.
fn keep_best(left: &mut Vec<usize>, score: impl Fn(usize) -> usize) {
    let scores: Vec<usize> = left.iter().map(|&index| score(index)).collect();
    let best = scores.iter().copied().max().unwrap_or(0);
    let mut scores = scores.into_iter();
    left.retain(|_| scores.next() == Some(best));
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{catalog, error, tree};
    use crate::replay::Replay;

    /// The type of the one column of a query.
    fn ty(replay: &Replay, query: &str) -> String {
        let tree = tree(replay, query);
        let target = tree.tree.result_targets().next().expect("a column");
        replay.catalog.format_type(target.expr.ty(&replay.catalog), &replay.path())
    }

    /// SQLSTATE, message and place of an error.
    fn first_line(replay: &crate::replay::Replay, query: &str) -> String {
        error(replay, query).lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn literals_are_taken_for_what_a_candidate_takes() {
        let replay = catalog(15, "create table t (a int, c text, d date)");
        assert_eq!(ty(&replay, "select 'x' || 'y'"), "text");
        assert_eq!(ty(&replay, "select d - '2020-01-01' from t"), "integer");
        assert_eq!(ty(&replay, "select '1' + a from t"), "integer");
        assert_eq!(ty(&replay, "select coalesce(null, 'x')"), "text");
        assert_eq!(first_line(&replay, "select '1' + '2'"), "42725 operator is not unique: unknown + unknown at 11");
        assert_eq!(first_line(&replay, "select a ~ 1 from t"), "42883 operator does not exist: integer ~ integer at 9");
    }

    #[test]
    fn defaults_names_and_variadic_arguments() {
        let replay = catalog(
            15,
            "create function opt(a int, b text default 'x') returns int language sql as 'select 1';
             create function vari(variadic a int[]) returns bigint language sql as 'select 1::bigint';
             create function same(anyelement, anyelement) returns anyelement language sql as 'select $1'",
        );
        assert_eq!(ty(&replay, "select opt(b => 'y', a => 1)"), "integer");
        assert_eq!(ty(&replay, "select vari(1, 2, 3)"), "bigint");
        assert_eq!(ty(&replay, "select same(1.5, '2')"), "numeric");
        assert_eq!(first_line(&replay, "select opt(b => 'y')"), "42883 function opt(b => unknown) does not exist at 7");
        assert_eq!(
            first_line(&replay, "select same('x', 'y')"),
            "42804 could not determine polymorphic type because input has type unknown"
        );
    }

    #[test]
    fn a_cast_written_as_a_call() {
        let replay = catalog(15, "");
        assert_eq!(ty(&replay, "select date('2020-01-01')"), "date");
        assert_eq!(ty(&replay, "select int8(1)"), "bigint");
    }
}
