//! Operator families and their members. The members have numbers only, and are sorted at first use.

use super::table::{Line, Table, lines};
use super::{Builtins, SystemOpfamily};
use crate::catalog::{FamilyFunction, FamilyOperator, Oid};

/// The operators of all families.
#[derive(Debug)]
pub(super) struct FamilyOperators {
    /// By family, types and strategy.
    members: Vec<FamilyOperator>,
    /// Each operator with the indexes of its members.
    by_operator: Vec<(Oid, usize)>,
}

fn numbers(line: &Line) -> [u32; 6] {
    let mut numbers = [0; 6];
    let fields = std::iter::once(line.name).chain(line.rest.split('\t'));
    for (number, field) in numbers.iter_mut().zip(fields) {
        *number = field.parse().unwrap_or(0);
    }
    numbers
}

fn small(number: u32) -> i16 {
    i16::try_from(number).unwrap_or(0)
}

fn operator_key(member: &FamilyOperator) -> (Oid, Oid, Oid, i16) {
    (member.family, member.left, member.right, member.strategy)
}

fn function_key(member: &FamilyFunction) -> (Oid, Oid, Oid, i16) {
    (member.family, member.left, member.right, member.number)
}

impl FamilyOperators {
    fn new(text: &'static str, version: u32) -> FamilyOperators {
        let mut members: Vec<FamilyOperator> = lines(text, version)
            .map(|line| {
                let [family, strategy, left, right, operator, sort_family] = numbers(&line);
                FamilyOperator {
                    family: Oid(family),
                    left: Oid(left),
                    right: Oid(right),
                    strategy: small(strategy),
                    operator: Oid(operator),
                    sort_family: Oid(sort_family),
                }
            })
            .collect();
        members.sort_unstable_by_key(operator_key);
        let mut by_operator: Vec<_> = members.iter().enumerate().map(|(index, m)| (m.operator, index)).collect();
        by_operator.sort_unstable();
        FamilyOperators { members, by_operator }
    }
}

impl Builtins {
    /// An operator family by its OID.
    pub fn opfamily_by_oid(&'static self, oid: Oid) -> Option<&'static SystemOpfamily> {
        self.opfamily_table().all(self).find(|family| family.oid == oid)
    }

    /// The operator family of an access method of that name.
    pub fn opfamily(&'static self, access_method: &str, name: &str) -> Option<Oid> {
        let mut named = self.opfamily_table().named(name, self);
        named.find(|family| family.access_method == access_method).map(|family| family.oid)
    }

    /// The operator in a place of a family (`AMOPSTRATEGY`).
    pub fn family_operator(&self, family: Oid, left: Oid, right: Oid, strategy: i16) -> Option<FamilyOperator> {
        let members = &self.member_operators().members;
        let at = members.binary_search_by_key(&(family, left, right, strategy), operator_key).ok()?;
        Some(members[at])
    }

    /// The operators of a family.
    pub fn family_operators(&self, family: Oid) -> impl Iterator<Item = FamilyOperator> + '_ {
        let members = &self.member_operators().members;
        let start = members.partition_point(|member| member.family < family);
        members[start..].iter().take_while(move |member| member.family == family).copied()
    }

    /// The families that an operator is in, each with its place there.
    pub fn families_of_operator(&self, operator: Oid) -> impl Iterator<Item = FamilyOperator> + '_ {
        let FamilyOperators { members, by_operator } = self.member_operators();
        let start = by_operator.partition_point(|&(other, _)| other < operator);
        by_operator[start..].iter().take_while(move |&&(other, _)| other == operator).map(|&(_, index)| members[index])
    }

    /// The support function in a place of a family (`AMPROCNUM`).
    pub fn family_function(&self, family: Oid, left: Oid, right: Oid, number: i16) -> Option<FamilyFunction> {
        let members = self.member_functions();
        let at = members.binary_search_by_key(&(family, left, right, number), function_key).ok()?;
        Some(members[at])
    }

    /// The support functions of a family.
    pub fn family_functions(&self, family: Oid) -> impl Iterator<Item = FamilyFunction> + '_ {
        let members = self.member_functions();
        let start = members.partition_point(|member| member.family < family);
        members[start..].iter().take_while(move |member| member.family == family).copied()
    }

    fn opfamily_table(&self) -> &Table<SystemOpfamily> {
        self.opfamilies.get_or_init(|| Table::new(include_str!("data/opfamilies.tsv"), self.version))
    }

    fn member_operators(&self) -> &FamilyOperators {
        self.family_operators.get_or_init(|| FamilyOperators::new(include_str!("data/amops.tsv"), self.version))
    }

    fn member_functions(&self) -> &[FamilyFunction] {
        self.family_functions.get_or_init(|| {
            let mut members: Vec<FamilyFunction> = lines(include_str!("data/amprocs.tsv"), self.version)
                .map(|line| {
                    let [family, number, left, right, function, _] = numbers(&line);
                    FamilyFunction {
                        family: Oid(family),
                        left: Oid(left),
                        right: Oid(right),
                        number: small(number),
                        function: Oid(function),
                    }
                })
                .collect();
            members.sort_unstable_by_key(function_key);
            members
        })
    }
}
