//! What types and indexes work with: operators, casts, aggregates, operator classes, collations, conversions, text search.

use super::*;

/// CREATE of a kind that is defined by a list of options: aggregates, operators, collations, base types and shell
/// types, text search objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Define {
    /// The kind.
    pub kind: ObjectKind,
    /// The name.
    pub name: QualifiedName,
    /// The arguments of an aggregate; nothing in the old style, where BASETYPE has them.
    pub args: Option<AggregateArgs>,
    /// The options; none for a shell type.
    pub options: Vec<DefElem>,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// `OR REPLACE`
    pub or_replace: bool,
}

/// The arguments of an aggregate.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateArgs {
    /// Direct arguments, then the others.
    pub params: Vec<FunctionParam>,
    /// How many are direct ones; nothing without ORDER BY.
    pub direct: Option<usize>,
}

/// `CREATE CAST`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateCast {
    /// From.
    pub source: TypeName,
    /// To.
    pub target: TypeName,
    /// `WITH FUNCTION`
    pub function: Option<FunctionRef>,
    /// `WITH INOUT`
    pub inout: bool,
    /// When it applies.
    pub context: WrittenCastContext,
}

/// `AS IMPLICIT`, `AS ASSIGNMENT` or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WrittenCastContext {
    /// Neither.
    Explicit,
    /// `AS ASSIGNMENT`
    Assignment,
    /// `AS IMPLICIT`
    Implicit,
}

/// `CREATE CONVERSION`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateConversion {
    /// Its name.
    pub name: QualifiedName,
    /// `FOR`
    pub from: String,
    /// `TO`
    pub to: String,
    /// `FROM`
    pub function: QualifiedName,
    /// `DEFAULT`
    pub default: bool,
}

/// An operator as DROP, ALTER and COMMENT name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OperatorRef {
    /// Its name.
    pub name: QualifiedName,
    /// Its operands: two, of which one is nothing for `NONE`; none where no list is written.
    pub args: Vec<Option<TypeName>>,
}

/// `CREATE OPERATOR CLASS`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateOpClass {
    /// Its name.
    pub name: QualifiedName,
    /// `FAMILY`
    pub family: Option<QualifiedName>,
    /// `USING`
    pub method: Name,
    /// `FOR TYPE`
    pub ty: TypeName,
    /// `DEFAULT`
    pub default: bool,
    /// Its members.
    pub items: Vec<OpClassItem>,
}

/// `CREATE OPERATOR FAMILY`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateOpFamily {
    /// Its name.
    pub name: QualifiedName,
    /// `USING`
    pub method: Name,
}

/// `ALTER OPERATOR FAMILY … ADD` or `DROP`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterOpFamily {
    /// The family.
    pub name: QualifiedName,
    /// `USING`
    pub method: Name,
    /// `DROP`
    pub drop: bool,
    /// The members.
    pub items: Vec<OpClassItem>,
}

/// A member of an operator class or family.
#[derive(Clone, Debug, PartialEq)]
pub enum OpClassItem {
    /// `OPERATOR`
    Operator {
        /// The strategy.
        number: i32,
        /// The operator; nothing in DROP.
        operator: OperatorRef,
        /// `FOR ORDER BY`
        order_family: Option<QualifiedName>,
        /// The types, in DROP.
        types: Vec<TypeName>,
    },
    /// `FUNCTION`
    Function {
        /// The number.
        number: i32,
        /// The function; nothing in DROP.
        function: FunctionRef,
        /// The types.
        types: Vec<TypeName>,
    },
    /// `STORAGE`
    Storage(TypeName),
}

/// `ALTER OPERATOR … SET (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterOperator {
    /// The operator.
    pub operator: OperatorRef,
    /// The options.
    pub options: Vec<DefElem>,
}

/// `ALTER TYPE … SET (…)` and `ALTER TEXT SEARCH DICTIONARY …`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterOptions {
    /// The kind.
    pub kind: ObjectKind,
    /// The object.
    pub name: QualifiedName,
    /// The options.
    pub options: Vec<DefElem>,
}

/// `ALTER TEXT SEARCH CONFIGURATION … MAPPING`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterTsConfig {
    /// The configuration.
    pub name: QualifiedName,
    /// What happens.
    pub action: TsMappingAction,
    /// The token types; none for all.
    pub tokens: Vec<Name>,
    /// The dictionaries; for REPLACE the old one and the new one.
    pub dictionaries: Vec<QualifiedName>,
    /// `IF EXISTS`
    pub missing_ok: bool,
}

/// What ALTER TEXT SEARCH CONFIGURATION does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TsMappingAction {
    /// `ADD MAPPING`
    Add,
    /// `ALTER MAPPING FOR … WITH`
    Alter,
    /// `ALTER MAPPING REPLACE`, for all token types or for some
    Replace,
    /// `DROP MAPPING`
    Drop,
}
