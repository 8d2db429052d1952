//! Operators (`parse_oper.c`).

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::error::{at, display, error, fail};
use super::func::Candidate;
use super::{Analyzer, Exec, Srf};
use crate::catalog::lsyscache::OperatorInfo;
use crate::catalog::tree::{CoercionContext, Expr, OpExpr, ScalarArrayOpExpr};
use crate::catalog::{Oid, PG_CATALOG, TypeRef, type_oid as t};
use crate::replay::{SqlError, Stop};
use crate::sql::ast::{Name, QualifiedName};
use crate::sql::span::Loc;

/// The operators that a type is sorted and grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortGroupOperators {
    /// `<`
    pub lt: Oid,
    /// `=`
    pub eq: Oid,
    /// `>`
    pub gt: Oid,
    /// `=` can be hashed.
    pub hashable: bool,
}

thread_local! {
    /// Operators of PostgreSQL's own that were chosen, by version, name and operands: the choice looks at all of a name.
    static CHOSEN: RefCell<FxHashMap<(u32, Name, Oid, Oid), Oid>> = RefCell::default();
}

enum Chosen {
    One(Oid),
    None,
    Several,
}

impl<'a> Analyzer<'a> {
    /// The binary operator for operands of these types (`parse_oper.c: oper`).
    pub(super) fn oper(&self, name: &QualifiedName, left: Oid, right: Oid, loc: Loc) -> Exec<OperatorInfo<'a>> {
        match self.find_oper(name, left, right, loc)? {
            Ok(found) => Ok(found),
            Err(several) => {
                // One operand may be missing where an operator is looked up by name.
                let (left, right) = match (left, right) {
                    (left, Oid::INVALID) => (left, left),
                    (Oid::INVALID, right) => (right, right),
                    both => both,
                };
                Err(self.op_error(name, left, right, several, loc))
            }
        }
    }

    /// The same; without an error whether there are several.
    pub(super) fn find_oper(
        &self,
        name: &QualifiedName,
        left: Oid,
        right: Oid,
        loc: Loc,
    ) -> Exec<Result<OperatorInfo<'a>, bool>> {
        let schemas = at(loc, self.schemas_of(name))?;
        let mut found = self.binary_oper_exact(&schemas, &name.name, left, right);
        let mut several = false;
        let known = (found == Oid::INVALID).then(|| self.known_operator(name, left, right)).flatten();
        if let Some(known) = known {
            found = known;
        }
        if found == Oid::INVALID {
            let candidates = self.operator_candidates(&schemas, &name.name, false);
            if !candidates.is_empty() {
                let right = if right == Oid::INVALID { left } else { right };
                let left = if left == Oid::INVALID { right } else { left };
                match self.oper_select_candidate(&[left, right], candidates) {
                    Chosen::One(oid) => {
                        found = oid;
                        self.remember_operator(name, left, right, oid);
                    }
                    Chosen::None => {}
                    Chosen::Several => several = true,
                }
            }
        }
        Ok(self.env.catalog.operator_info(found).ok_or(several))
    }

    /// The prefix operator for an operand of this type (`parse_oper.c: left_oper`).
    pub(super) fn left_oper(&self, name: &QualifiedName, operand: Oid, loc: Loc) -> Exec<OperatorInfo<'a>> {
        let schemas = at(loc, self.schemas_of(name))?;
        let mut found = self.operator_exact(&schemas, &name.name, Oid::INVALID, operand);
        let mut several = false;
        if found == Oid::INVALID {
            let candidates = self.operator_candidates(&schemas, &name.name, true);
            if !candidates.is_empty() {
                match self.oper_select_candidate(&[operand], candidates) {
                    Chosen::One(oid) => found = oid,
                    Chosen::None => {}
                    Chosen::Several => several = true,
                }
            }
        }
        match self.env.catalog.operator_info(found) {
            Some(found) => Ok(found),
            None => Err(self.op_error(name, Oid::INVALID, operand, several, loc)),
        }
    }

    /// An operator that takes the operands as they are (`parse_oper.c: compatible_oper`).
    pub(crate) fn compatible_oper(
        &self,
        name: &QualifiedName,
        left: Oid,
        right: Oid,
        loc: Loc,
    ) -> Exec<OperatorInfo<'a>> {
        let found = self.oper(name, left, right, loc)?;
        if self.is_binary_coercible(left, found.left) && self.is_binary_coercible(right, found.right) {
            return Ok(found);
        }
        let signature = self.op_signature(name, left, right);
        fail("42883", format!("operator requires run-time type coercion: {signature}"), loc)
    }

    /// Values of one type are values of the other as they are (`parse_coerce.c: IsBinaryCoercible`).
    pub(super) fn is_binary_coercible(&self, source: Oid, target: Oid) -> bool {
        self.env.catalog.is_binary_coercible(source, target)
    }

    /// The operator of exactly these operands, where a literal is taken for the type of the other
    /// (`parse_oper.c: binary_oper_exact`).
    fn binary_oper_exact(&self, schemas: &super::func::SchemaList<'_>, name: &str, left: Oid, right: Oid) -> Oid {
        let (mut left, mut right, mut was_unknown) = (left, right, false);
        if left == t::UNKNOWN && right != Oid::INVALID {
            left = right;
            was_unknown = true;
        } else if right == t::UNKNOWN && left != Oid::INVALID {
            right = left;
            was_unknown = true;
        }
        let found = self.operator_exact(schemas, name, left, right);
        if found != Oid::INVALID || !was_unknown {
            return found;
        }
        let base = self.env.catalog.base_type(left);
        if base == left { Oid::INVALID } else { self.operator_exact(schemas, name, base, base) }
    }

    /// The operator that was chosen for such operands before (`parse_oper.c: find_oper_cache_entry`).
    fn known_operator(&self, name: &QualifiedName, left: Oid, right: Oid) -> Option<Oid> {
        let key = self.operator_key(name, left, right)?;
        CHOSEN.with_borrow(|chosen| chosen.get(&key).copied())
    }

    fn remember_operator(&self, name: &QualifiedName, left: Oid, right: Oid, operator: Oid) {
        if let Some(key) = self.operator_key(name, left, right) {
            CHOSEN.with_borrow_mut(|chosen| chosen.insert(key, operator));
        }
    }

    /// Nothing where more than PostgreSQL's own operators, types and casts may be meant.
    fn operator_key(&self, name: &QualifiedName, left: Oid, right: Oid) -> Option<(u32, Name, Oid, Oid)> {
        let catalog = self.env.catalog;
        let own = name.schema.is_none()
            && left.is_builtin()
            && right.is_builtin()
            && catalog.operators().next().is_none()
            && catalog.user_casts().next().is_none()
            && self.env.path.contains(&PG_CATALOG);
        own.then(|| (catalog.version(), name.name.clone(), left, right))
    }

    /// `parse_oper.c: oper_select_candidate`
    fn oper_select_candidate(&self, types: &[Oid], candidates: Vec<Candidate>) -> Chosen {
        let fits = |c: &&Candidate| self.can_coerce_types(types, c.args.as_slice(), CoercionContext::Implicit);
        let kept: Vec<Candidate> = candidates.iter().filter(fits).cloned().collect();
        match &kept[..] {
            [] => Chosen::None,
            [only] => Chosen::One(only.oid),
            several => match self.func_select_candidate(types, several) {
                Some(index) => Chosen::One(several[index].oid),
                None => Chosen::Several,
            },
        }
    }

    /// An operator and its operands as messages show them (`parse_oper.c: op_signature_string`).
    pub(super) fn op_signature(&self, name: &QualifiedName, left: Oid, right: Oid) -> String {
        let right = self.format_type(right);
        if left == Oid::INVALID {
            format!("{} {right}", display(name))
        } else {
            format!("{} {} {right}", self.format_type(left), display(name))
        }
    }

    /// `parse_oper.c: op_error`
    fn op_error(&self, name: &QualifiedName, left: Oid, right: Oid, several: bool, loc: Loc) -> Stop {
        let signature = self.op_signature(name, left, right);
        if several {
            let error = SqlError::new("42725", format!("operator is not unique: {signature}"));
            let hint = "Could not choose a best candidate operator. You might need to add explicit type casts.";
            return error.hint(hint).at(loc).into();
        }
        let error = SqlError::new("42883", format!("operator does not exist: {signature}"));
        let hint = if left == Oid::INVALID || right == Oid::INVALID {
            "No operator matches the given name and argument type. You might need to add an explicit type cast."
        } else {
            "No operator matches the given name and argument types. You might need to add explicit type casts."
        };
        self.undefined(error.hint(hint).at(loc))
    }

    /// An operator without a function yet is refused.
    fn refuse_shell(&self, name: &QualifiedName, op: &OperatorInfo<'_>, loc: Loc) -> Exec {
        if op.function != Oid::INVALID {
            return Ok(());
        }
        let signature = self.op_signature(name, op.left, op.right);
        fail("42883", format!("operator is only a shell: {signature}"), loc)
    }

    /// An operator applied to operands (`parse_oper.c: make_op`).
    pub(super) fn make_op(
        &mut self,
        name: &QualifiedName,
        left: Option<Expr>,
        right: Expr,
        last_srf: Option<Srf>,
        loc: Loc,
    ) -> Exec<Expr> {
        Ok(Expr::OpExpr(Box::new(self.make_op_expr(name, left, right, last_srf, loc)?)))
    }

    /// The same as a node to change.
    pub(super) fn make_op_expr(
        &mut self,
        name: &QualifiedName,
        left: Option<Expr>,
        right: Expr,
        last_srf: Option<Srf>,
        loc: Loc,
    ) -> Exec<OpExpr> {
        let right_type = self.type_of(&right);
        let (op, mut args, actual, mut declared) = match left {
            None => {
                let op = self.left_oper(name, right_type, loc)?;
                (op, vec![right], vec![right_type], vec![op.right])
            }
            Some(left) => {
                let left_type = self.type_of(&left);
                let op = self.oper(name, left_type, right_type, loc)?;
                (op, vec![left, right], vec![left_type, right_type], vec![op.left, op.right])
            }
        };
        self.refuse_shell(name, &op, loc)?;
        let result = self.enforce_generic_type_consistency(&actual, &mut declared, op.result, false)?;
        self.make_fn_arguments(&mut args, &actual, &declared)?;
        let returns_set = self.env.catalog.function_info(op.function).is_some_and(|f| f.returns_set());
        let expr = OpExpr {
            operator: op.oid,
            function: op.function,
            ty: TypeRef::plain(result),
            returns_set,
            collation: Oid::INVALID,
            input_collation: Oid::INVALID,
            args,
            at: loc.into(),
        };
        if returns_set {
            self.check_srf_call_placement(last_srf, loc)?;
            self.set_last_srf(loc);
        }
        Ok(expr)
    }

    /// `scalar op ANY (array)` (`parse_oper.c: make_scalar_array_op`).
    pub(super) fn make_scalar_array_op(
        &mut self,
        name: &QualifiedName,
        use_or: bool,
        left: Expr,
        right: Expr,
        loc: Loc,
    ) -> Exec<Expr> {
        let catalog = self.env.catalog;
        let (left_type, array_type) = (self.type_of(&left), self.type_of(&right));
        let element = if array_type == t::UNKNOWN { t::UNKNOWN } else { catalog.base_element_type(array_type) };
        let wrong = |message: &str| error("42809", format!("op ANY/ALL (array) requires {message}"), loc);
        if element == Oid::INVALID {
            return Err(wrong("array on right side"));
        }
        let op = self.oper(name, left_type, element, loc)?;
        self.refuse_shell(name, &op, loc)?;
        let mut declared = [op.left, op.right];
        let actual = [left_type, element];
        let result = self.enforce_generic_type_consistency(&actual, &mut declared, op.result, false)?;
        if result != t::BOOL {
            return Err(wrong("operator to yield boolean"));
        }
        if catalog.function_info(op.function).is_some_and(|f| f.returns_set()) {
            return Err(wrong("operator not to return a set"));
        }
        let declared_array = if super::coerce::is_polymorphic(declared[1]) {
            array_type
        } else {
            match catalog.array_type(declared[1]) {
                Oid::INVALID => {
                    let name = self.format_type(declared[1]);
                    return fail("42704", format!("could not find array type for data type {name}"), loc);
                }
                array => array,
            }
        };
        let mut args = [left, right];
        self.make_fn_arguments(&mut args, &[left_type, array_type], &[declared[0], declared_array])?;
        let [scalar, array] = args;
        Ok(Expr::ScalarArrayOpExpr(Box::new(ScalarArrayOpExpr {
            operator: op.oid,
            function: op.function,
            use_or,
            input_collation: Oid::INVALID,
            scalar,
            array,
            at: loc.into(),
        })))
    }

    /// The operators that a type is sorted and grouped by (`parse_oper.c: get_sort_group_operators`).
    pub(super) fn get_sort_group_operators(
        &self,
        ty: Oid,
        need_lt: bool,
        need_eq: bool,
        need_gt: bool,
    ) -> Exec<SortGroupOperators> {
        let ops = self.env.catalog.type_operators(ty);
        if need_lt && ops.lt == Oid::INVALID || need_gt && ops.gt == Oid::INVALID {
            let message = format!("could not identify an ordering operator for type {}", self.format_type(ty));
            let error = SqlError::new("42883", message);
            return Err(error.hint("Use an explicit ordering operator or modify the query.").into());
        }
        if need_eq && ops.eq == Oid::INVALID {
            let message = format!("could not identify an equality operator for type {}", self.format_type(ty));
            return fail("42883", message, Loc::NONE);
        }
        Ok(SortGroupOperators { lt: ops.lt, eq: ops.eq, gt: ops.gt, hashable: ops.hashable })
    }
}
