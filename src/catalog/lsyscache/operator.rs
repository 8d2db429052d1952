//! Operators and casts (`pg_operator`, `pg_cast`).

use super::{Catalog, Oid};
use crate::catalog::builtin::{BuiltinCast, BuiltinOperator, CastContext, CastMethod};
use crate::catalog::{BOOTSTRAP_ROLE, Cast, CastPath, Operator, PG_CATALOG};

/// A row of `pg_operator`, whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorInfo<'a> {
    /// Its OID.
    pub oid: Oid,
    /// Its name.
    pub name: &'a str,
    /// Its schema.
    pub schema: Oid,
    /// Its owner.
    pub owner: Oid,
    /// The left operand; none for a prefix operator.
    pub left: Oid,
    /// The right operand.
    pub right: Oid,
    /// The result; none for a shell.
    pub result: Oid,
    /// The function that does the work; none for a shell.
    pub function: Oid,
    /// `MERGES`
    pub can_merge: bool,
    /// `HASHES`
    pub can_hash: bool,
}

/// A row of `pg_cast`, whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CastInfo {
    /// From.
    pub source: Oid,
    /// To.
    pub target: Oid,
    /// When it applies.
    pub context: CastContext,
    /// How it works.
    pub path: CastPath,
}

impl Catalog {
    /// The operator of that number.
    pub fn operator_info(&self, oid: Oid) -> Option<OperatorInfo<'_>> {
        match self.operator(oid) {
            Some(user) => Some(user_operator(user)),
            None => self.builtins().operator_by_oid(oid).map(|op| self.builtin_operator(op)),
        }
    }

    /// The operators of that name in a schema.
    pub fn operators_by_name<'a>(
        &'a self,
        schema: Oid,
        name: &str,
    ) -> impl Iterator<Item = OperatorInfo<'a>> + use<'a> {
        let builtins = (schema == PG_CATALOG).then(|| self.builtins().operators_named(name));
        let builtins = builtins.into_iter().flatten().map(|op| self.builtin_operator(op));
        builtins.chain(self.operators_of_name(schema, name).map(user_operator))
    }

    /// The operator with exactly these operands (`OPERNAMENSP`).
    pub fn operator_with_args(&self, schema: Oid, name: &str, left: Oid, right: Oid) -> Option<OperatorInfo<'_>> {
        if schema == PG_CATALOG
            && let Some(found) = self.builtins().operators_named(name).find(|op| op.left == left && op.right == right)
        {
            return Some(self.builtin_operator(found));
        }
        self.operators_of_name(schema, name).find(|op| op.left == left && op.right == right).map(user_operator)
    }

    /// The operator that takes the operands the other way round, or nothing (`get_commutator`).
    pub fn commutator(&self, oid: Oid) -> Oid {
        if let Some(user) = self.operator(oid) {
            return user.commutator;
        }
        let Some(op) = self.builtins().operator_by_oid(oid) else { return Oid::INVALID };
        let find = |name| self.operator_with_args(PG_CATALOG, name, op.right, op.left);
        op.commutator.and_then(find).map_or(Oid::INVALID, |op| op.oid)
    }

    /// The operator that says the opposite, or nothing (`get_negator`).
    pub fn negator(&self, oid: Oid) -> Oid {
        if let Some(user) = self.operator(oid) {
            return user.negator;
        }
        let Some(op) = self.builtins().operator_by_oid(oid) else { return Oid::INVALID };
        let find = |name| self.operator_with_args(PG_CATALOG, name, op.left, op.right);
        op.negator.and_then(find).map_or(Oid::INVALID, |op| op.oid)
    }

    fn builtin_operator(&self, op: &'static BuiltinOperator) -> OperatorInfo<'static> {
        OperatorInfo {
            oid: op.oid,
            name: op.name,
            schema: PG_CATALOG,
            owner: BOOTSTRAP_ROLE,
            left: op.left,
            right: op.right,
            result: op.result,
            function: op.function_oid,
            can_merge: op.can_merge,
            can_hash: op.can_hash,
        }
    }

    /// The cast from exactly one type to exactly another.
    pub fn cast(&self, source: Oid, target: Oid) -> Option<CastInfo> {
        let user = || self.user_cast(source, target).map(user_cast);
        if source.is_builtin() && target.is_builtin() {
            return self.builtins().cast(source, target).map(builtin_cast).or_else(user);
        }
        user()
    }

    /// The casts from a type.
    pub fn casts_from(&self, source: Oid) -> impl Iterator<Item = CastInfo> + '_ {
        self.builtins().casts_from(source).map(builtin_cast).chain(self.user_casts_from(source).map(user_cast))
    }
}

fn user_operator(op: &Operator) -> OperatorInfo<'_> {
    OperatorInfo {
        oid: op.oid,
        name: &op.name,
        schema: op.schema,
        owner: op.owner,
        left: op.left,
        right: op.right,
        result: op.result,
        function: op.function,
        can_merge: op.can_merge,
        can_hash: op.can_hash,
    }
}

fn user_cast(cast: &Cast) -> CastInfo {
    CastInfo { source: cast.source, target: cast.target, context: cast.context, path: cast.path }
}

fn builtin_cast(cast: &BuiltinCast) -> CastInfo {
    let path = match cast.method {
        CastMethod::Function(_) => CastPath::Function(cast.function_oid),
        CastMethod::Binary => CastPath::Binary,
        CastMethod::InOut => CastPath::InOut,
    };
    CastInfo { source: cast.source, target: cast.target, context: cast.context, path }
}
