//! Operators, casts, operator families and classes of an extension.

use crate::catalog::builtin::{CastMethod, MemberType, SystemCast, SystemOpclass, SystemOperator};
use crate::catalog::lsyscache::strategy;
use crate::catalog::{
    Cast, CastPath, FamilyOperator, Object, Oid, OpClass, OpFamily, Operator, Origin, PG_CATALOG, Provenance,
};
use crate::replay::Replay;

impl Replay {
    /// The function of that name that takes these arguments as they are, the extension's own before PostgreSQL's.
    fn member_function_named(&self, name: &str, args: &[Oid], schema: Oid) -> Oid {
        let fits = |types: Vec<Oid>| {
            types.len() >= args.len()
                && args.iter().zip(&types).all(|(&arg, &ty)| self.catalog.is_binary_coercible(arg, ty))
        };
        let find = |schema, exactly: bool| {
            self.catalog.functions_by_name(schema, name).find(|f| {
                if exactly { f.input_types().eq(args.iter().copied()) } else { fits(f.input_types().collect()) }
            })
        };
        let found = find(schema, true).or_else(|| find(PG_CATALOG, true)).or_else(|| find(schema, false));
        found.map_or(Oid::INVALID, |f| f.oid())
    }

    pub(super) fn member_operator(
        &self,
        oid: Oid,
        operator: &SystemOperator<MemberType>,
        schema: Oid,
        origin: Origin,
        resolve: impl Fn(MemberType) -> Oid,
    ) -> Operator {
        let (left, right) = (resolve(operator.left), resolve(operator.right));
        let operands: Vec<Oid> = [left, right].into_iter().filter(|&ty| ty != Oid::INVALID).collect();
        let function = match operator.function_oid {
            Oid::INVALID => self.member_function_named(operator.function, &operands, schema),
            builtin => builtin,
        };
        // What it is linked to may come later: then that one makes the link.
        let linked = |name: Option<&str>, left, right| {
            name.and_then(|name| self.catalog.operator_with_args(schema, name, left, right))
                .map_or(Oid::INVALID, |op| op.oid)
        };
        let own_commutator = operator.commutator == Some(operator.name) && left == right;
        Operator {
            oid,
            schema,
            name: operator.name.into(),
            owner: self.session.current_user,
            left,
            right,
            result: resolve(operator.result),
            function,
            commutator: if own_commutator { oid } else { linked(operator.commutator, right, left) },
            negator: linked(operator.negator, left, right),
            restrict: Oid::INVALID,
            join: Oid::INVALID,
            can_merge: operator.can_merge,
            can_hash: operator.can_hash,
            comment: None,
            provenance: Provenance::new(origin),
        }
    }

    /// Inserts an operator and links those back that it is linked to. One whose operands are not known is left out.
    pub(super) fn insert_member_operator(&mut self, operator: Operator) -> Option<Oid> {
        if operator.right == Oid::INVALID {
            return None;
        }
        let (oid, commutator, negator) = (operator.oid, operator.commutator, operator.negator);
        self.catalog.insert_operator(operator);
        if let Some(other) = self.catalog.operator_mut(commutator) {
            other.commutator = oid;
        }
        if let Some(other) = self.catalog.operator_mut(negator) {
            other.negator = oid;
        }
        Some(oid)
    }

    pub(super) fn member_cast(
        &self,
        cast: &SystemCast<MemberType>,
        schema: Oid,
        origin: Origin,
        resolve: impl Fn(MemberType) -> Oid,
    ) -> Cast {
        let (source, target) = (resolve(cast.source), resolve(cast.target));
        let path = match (cast.method, cast.function_oid) {
            (CastMethod::Function(name), Oid::INVALID) => {
                CastPath::Function(self.member_function_named(name, &[source], schema))
            }
            (CastMethod::Function(_), builtin) => CastPath::Function(builtin),
            (CastMethod::Binary, _) => CastPath::Binary,
            (CastMethod::InOut, _) => CastPath::InOut,
        };
        Cast {
            oid: Oid::INVALID,
            source,
            target,
            context: cast.context,
            path,
            comment: None,
            provenance: Provenance::new(origin),
        }
    }

    /// The extension's operator family of that name, which is made unless it is there.
    pub(super) fn member_opfamily(&mut self, access_method: &str, name: &str, schema: Oid, origin: Origin) -> Oid {
        if let Some(family) = self.catalog.opfamily_in(schema, access_method, name) {
            return family;
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_opfamily(OpFamily {
            oid,
            schema,
            name: name.into(),
            owner: self.session.current_user,
            access_method: access_method.into(),
            comment: None,
            provenance: Provenance::new(origin),
        });
        oid
    }

    pub(super) fn member_opclass(
        &mut self,
        class: &SystemOpclass<MemberType>,
        schema: Oid,
        origin: Origin,
        input_type: Oid,
        key_type: Oid,
        extension: Oid,
    ) -> Oid {
        let known = self.catalog.opfamily_in(schema, class.access_method, class.family).is_some();
        let family = self.member_opfamily(class.access_method, class.family, schema, origin);
        if !known {
            // The data of other projects' extensions has no families and no members of them.
            self.make_member(Object::OpFamily(family), extension);
            self.guess_family_operators(family, class.access_method, schema, input_type);
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_opclass(OpClass {
            oid,
            schema,
            name: class.name.into(),
            owner: self.session.current_user,
            access_method: class.access_method.into(),
            family,
            input_type,
            key_type,
            is_default: class.is_default,
            operators: Vec::new(),
            functions: Vec::new(),
            comment: None,
            provenance: Provenance::new(origin),
        });
        oid
    }

    /// Those operators of a btree or hash family that every such family has, by their names.
    fn guess_family_operators(&mut self, family: Oid, access_method: &str, schema: Oid, ty: Oid) {
        let members: &[(i16, &str)] = match access_method {
            "btree" => &[
                (strategy::BT_LESS, "<"),
                (strategy::BT_LESS_EQUAL, "<="),
                (strategy::BT_EQUAL, "="),
                (strategy::BT_GREATER_EQUAL, ">="),
                (strategy::BT_GREATER, ">"),
            ],
            "hash" => &[(strategy::HT_EQUAL, "=")],
            _ => &[],
        };
        for &(strategy, name) in members {
            if let Some(operator) = self.catalog.operator_with_args(schema, name, ty, ty).map(|op| op.oid) {
                let sort_family = Oid::INVALID;
                let member = FamilyOperator { family, left: ty, right: ty, strategy, operator, sort_family };
                self.catalog.insert_family_operator(member);
            }
        }
    }
}
