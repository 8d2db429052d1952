//! Operators, casts, aggregates, operator classes, collations, conversions, text search.

use pg_query::NodeEnum as N;

use super::*;
use crate::sql::ast::StatementKind as K;

/// `parsenodes.h: OPCLASS_ITEM_*`
const OPCLASS_ITEM_OPERATOR: i32 = 1;
const OPCLASS_ITEM_FUNCTION: i32 = 2;

impl Lowerer<'_> {
    /// CREATE of the kinds that take nothing but a list of options.
    pub(super) fn define(&mut self, define: pg::DefineStmt) -> StatementKind {
        let kind = self.object_kind(define.kind());
        if kind == ObjectKind::TsParser {
            return unmodelled("CREATE TEXT SEARCH PARSER", Touches::Nothing);
        }
        if kind == ObjectKind::TsTemplate {
            return unmodelled("CREATE TEXT SEARCH TEMPLATE", Touches::Nothing);
        }
        let args = (kind == ObjectKind::Aggregate && !define.oldstyle).then(|| self.aggregate_args(define.args));
        K::Define(Box::new(Define {
            kind,
            name: self.qualified(define.defnames, Loc::NONE),
            args,
            options: self.options(define.definition),
            if_not_exists: define.if_not_exists,
            or_replace: define.replace,
        }))
    }

    /// `aggr_args`: the parameters and the number of direct ones, -1 without ORDER BY.
    fn aggregate_args(&mut self, args: Vec<Node>) -> AggregateArgs {
        let mut args = args.into_iter();
        let params = match args.next().and_then(|node| node.node) {
            // `*`
            None => Vec::new(),
            node => self.list(node),
        };
        let direct = match args.next().and_then(|node| node.node) {
            Some(N::Integer(integer)) => usize::try_from(integer.ival).ok(),
            _ => None,
        };
        let params = nodes(params).filter_map(|node| self.function_param(node)).to_vec();
        AggregateArgs { params, direct }
    }

    pub(super) fn create_cast(&mut self, cast: pg::CreateCastStmt) -> StatementKind {
        let context = match cast.context() {
            pg::CoercionContext::CoercionImplicit => WrittenCastContext::Implicit,
            pg::CoercionContext::CoercionAssignment => WrittenCastContext::Assignment,
            pg::CoercionContext::CoercionExplicit
            | pg::CoercionContext::CoercionPlpgsql
            | pg::CoercionContext::Undefined => WrittenCastContext::Explicit,
        };
        K::CreateCast(Box::new(CreateCast {
            source: self.required_type(cast.sourcetype),
            target: self.required_type(cast.targettype),
            function: cast.func.map(|function| self.function_ref(function)),
            inout: cast.inout,
            context,
        }))
    }

    pub(super) fn create_conversion(&mut self, create: pg::CreateConversionStmt) -> StatementKind {
        K::CreateConversion(Box::new(CreateConversion {
            name: self.qualified(create.conversion_name, Loc::NONE),
            from: create.for_encoding_name,
            to: create.to_encoding_name,
            function: self.qualified(create.func_name, Loc::NONE),
            default: create.def,
        }))
    }

    /// An operator as DROP and its like name it.
    pub(super) fn operator_ref(&mut self, operator: pg::ObjectWithArgs) -> OperatorRef {
        let args = operator.objargs.into_iter().map(|arg| match arg.node {
            None => None,
            node => Some(self.type_node(node)),
        });
        let args = args.collect();
        OperatorRef { name: self.qualified(operator.objname, Loc::NONE), args }
    }

    pub(super) fn operator_ref_node(&mut self, node: Option<NodeEnum>) -> OperatorRef {
        match node {
            Some(N::ObjectWithArgs(operator)) => self.operator_ref(operator),
            _ => {
                self.unexpected();
                OperatorRef { name: QualifiedName::bare(String::new()), args: Vec::new() }
            }
        }
    }

    pub(super) fn create_op_class(&mut self, create: pg::CreateOpClassStmt) -> StatementKind {
        K::CreateOpClass(Box::new(CreateOpClass {
            name: self.qualified(create.opclassname, Loc::NONE),
            family: self.qualified_if_any(create.opfamilyname),
            method: create.amname.into(),
            ty: self.required_type(create.datatype),
            default: create.is_default,
            items: self.op_class_items(create.items),
        }))
    }

    pub(super) fn create_op_family(&mut self, create: pg::CreateOpFamilyStmt) -> StatementKind {
        K::CreateOpFamily(Box::new(CreateOpFamily {
            name: self.qualified(create.opfamilyname, Loc::NONE),
            method: create.amname.into(),
        }))
    }

    pub(super) fn alter_op_family(&mut self, alter: pg::AlterOpFamilyStmt) -> StatementKind {
        K::AlterOpFamily(Box::new(AlterOpFamily {
            name: self.qualified(alter.opfamilyname, Loc::NONE),
            method: alter.amname.into(),
            drop: alter.is_drop,
            items: self.op_class_items(alter.items),
        }))
    }

    fn op_class_items(&mut self, items: Vec<Node>) -> Vec<OpClassItem> {
        let mut lowered = Vec::with_capacity(items.len());
        for item in nodes(items) {
            let N::CreateOpClassItem(item) = item else {
                self.unexpected();
                continue;
            };
            let number = item.number;
            let types = nodes(item.class_args).map(|ty| self.type_node(Some(ty))).to_vec();
            lowered.push(match item.itemtype {
                OPCLASS_ITEM_OPERATOR => OpClassItem::Operator {
                    number,
                    operator: match item.name {
                        Some(operator) => self.operator_ref(operator),
                        None => OperatorRef { name: QualifiedName::bare(String::new()), args: Vec::new() },
                    },
                    order_family: self.qualified_if_any(item.order_family),
                    types,
                },
                OPCLASS_ITEM_FUNCTION => OpClassItem::Function {
                    number,
                    function: match item.name {
                        Some(function) => self.function_ref(function),
                        None => FunctionRef { name: QualifiedName::bare(String::new()), args: None, modes: false },
                    },
                    types,
                },
                _ => OpClassItem::Storage(self.required_type(item.storedtype)),
            });
        }
        lowered
    }

    pub(super) fn alter_operator(&mut self, alter: pg::AlterOperatorStmt) -> StatementKind {
        let operator = alter.opername.unwrap_or_default();
        K::AlterOperator(Box::new(AlterOperator {
            operator: self.operator_ref(operator),
            options: self.options(alter.options),
        }))
    }

    pub(super) fn alter_options(&mut self, kind: ObjectKind, name: Vec<Node>, options: Vec<Node>) -> StatementKind {
        let name = self.qualified(name, Loc::NONE);
        K::AlterOptions(Box::new(AlterOptions { kind, name, options: self.options(options) }))
    }

    pub(super) fn alter_ts_config(&mut self, alter: pg::AlterTsConfigurationStmt) -> StatementKind {
        use pg::AlterTsConfigType as A;
        let action = match alter.kind() {
            A::AlterTsconfigAddMapping => TsMappingAction::Add,
            A::AlterTsconfigAlterMappingForToken => TsMappingAction::Alter,
            A::AlterTsconfigReplaceDict | A::AlterTsconfigReplaceDictForToken => TsMappingAction::Replace,
            A::AlterTsconfigDropMapping => TsMappingAction::Drop,
            A::AlterTsconfigTypeUndefined => {
                self.unexpected();
                TsMappingAction::Add
            }
        };
        K::AlterTsConfig(Box::new(AlterTsConfig {
            name: self.qualified(alter.cfgname, Loc::NONE),
            action,
            tokens: self.names(alter.tokentype),
            dictionaries: alter.dicts.into_iter().map(|dict| self.qualified_node(dict.node)).to_vec(),
            missing_ok: alter.missing_ok,
        }))
    }
}
