//! Which statement is lowered where.

use pg_query::NodeEnum as N;

use super::*;
use crate::sql::ast::StatementKind as K;

impl Lowerer<'_> {
    /// Lowers a statement, at the top or inside of another.
    pub(super) fn statement(&mut self, node: Option<NodeEnum>) -> StatementKind {
        let Some(node) = node else {
            self.unexpected();
            return unmodelled("unknown", Touches::Everything);
        };
        self.refuse_newer_statement(&node);
        match node {
            // Queries and data
            N::SelectStmt(s) => K::Select(Box::new(self.query(*s))),
            N::InsertStmt(s) => K::Insert(Box::new(self.insert(*s))),
            N::UpdateStmt(s) => K::Update(Box::new(self.update(*s))),
            N::DeleteStmt(s) => K::Delete(Box::new(self.delete(*s))),
            N::MergeStmt(s) => K::Merge(Box::new(self.merge(*s))),
            N::TruncateStmt(s) => self.truncate(s),
            N::CopyStmt(s) => K::Copy(Box::new(self.copy(*s))),

            // Relations
            N::CreateStmt(s) => K::CreateTable(Box::new(self.create_table(s, None))),
            N::CreateForeignTableStmt(s) => {
                let server = (s.servername.into(), self.options(s.options));
                K::CreateTable(Box::new(self.create_table(s.base_stmt.unwrap_or_default(), Some(server))))
            }
            N::CreateTableAsStmt(s) => K::CreateTableAs(Box::new(self.create_table_as(*s))),
            N::AlterTableStmt(s) => K::AlterTable(Box::new(self.alter_table(s))),
            N::IndexStmt(s) => K::CreateIndex(Box::new(self.create_index(*s))),
            N::CreateSeqStmt(s) => K::CreateSequence(Box::new(CreateSequence {
                relation: self.relation(s.sequence),
                if_not_exists: s.if_not_exists,
                options: self.options(s.options),
            })),
            N::AlterSeqStmt(s) => K::AlterSequence(Box::new(AlterSequence {
                relation: self.relation(s.sequence),
                missing_ok: s.missing_ok,
                options: self.options(s.options),
            })),
            N::ViewStmt(s) => K::CreateView(Box::new(self.create_view(*s))),
            N::RefreshMatViewStmt(s) => K::RefreshMatView {
                relation: self.relation(s.relation),
                concurrently: s.concurrent,
                no_data: s.skip_data,
            },
            N::RuleStmt(s) => K::CreateRule(Box::new(self.create_rule(*s))),
            N::CreateStatsStmt(s) => K::CreateStatistics(Box::new(self.create_statistics(s))),
            N::AlterStatsStmt(s) => K::AlterStatistics(Box::new(self.alter_statistics(*s))),

            // Types
            N::CreateEnumStmt(s) => {
                K::CreateEnum { name: self.qualified(s.type_name, Loc::NONE), labels: self.strings(s.vals) }
            }
            N::AlterEnumStmt(s) => K::AlterEnum(Box::new(self.alter_enum(s))),
            N::CreateDomainStmt(s) => K::CreateDomain(Box::new(self.create_domain(*s))),
            N::AlterDomainStmt(s) => self.alter_domain(*s),
            N::CompositeTypeStmt(s) => self.create_composite_type(s),
            N::CreateRangeStmt(s) => {
                K::CreateRangeType { name: self.qualified(s.type_name, Loc::NONE), options: self.options(s.params) }
            }
            N::AlterTypeStmt(s) => self.alter_options(ObjectKind::Type, s.type_name, s.options),
            N::DefineStmt(s) => self.define(s),

            // Functions and triggers
            N::CreateFunctionStmt(s) => K::CreateFunction(Box::new(self.create_function(*s))),
            N::AlterFunctionStmt(s) => K::AlterFunction(Box::new(self.alter_function(s))),
            N::DoStmt(s) => K::Do(Box::new(self.do_block(s))),
            N::CallStmt(s) => {
                let call = s.funccall.map(|call| *call).unwrap_or_default();
                K::Call(Box::new(self.func_call(call)))
            }
            // `RETURN expr` in the body of an SQL-standard function is a SELECT of it (analyze.c: transformReturnStmt).
            N::ReturnStmt(s) => {
                let value = self.expr(boxed(s.returnval));
                K::Select(Box::new(select_of(value)))
            }
            N::CreateTrigStmt(s) => K::CreateTrigger(Box::new(self.create_trigger(*s))),
            N::CreateEventTrigStmt(s) => K::CreateEventTrigger(Box::new(self.create_event_trigger(s))),
            N::AlterEventTrigStmt(s) => K::AlterEventTrigger(Box::new(self.alter_event_trigger(s))),

            // Names that expressions, indexes and functions may use
            N::CreateCastStmt(s) => self.create_cast(s),
            N::CreateConversionStmt(s) => self.create_conversion(s),
            N::CreateOpClassStmt(s) => self.create_op_class(s),
            N::CreateOpFamilyStmt(s) => self.create_op_family(s),
            N::AlterOpFamilyStmt(s) => self.alter_op_family(s),
            N::AlterOperatorStmt(s) => self.alter_operator(s),
            N::CreateTransformStmt(s) => K::CreateTransform(Box::new(CreateTransform {
                ty: self.required_type(s.type_name),
                language: s.lang.into(),
                or_replace: s.replace,
                from_sql: s.fromsql.map(|function| self.function_ref(function)),
                to_sql: s.tosql.map(|function| self.function_ref(function)),
            })),
            N::CreatePlangStmt(s) => K::CreateLanguage(Box::new(CreateLanguage {
                name: s.plname.into(),
                or_replace: s.replace,
                trusted: s.pltrusted,
                handler: self.qualified(s.plhandler, Loc::NONE),
                inline: self.qualified_if_any(s.plinline),
                validator: self.qualified_if_any(s.plvalidator),
            })),
            N::CreateAmStmt(_) => unmodelled("CREATE ACCESS METHOD", Touches::Expressions),

            // Row-level security
            N::CreatePolicyStmt(s) => self.create_policy(*s),
            N::AlterPolicyStmt(s) => K::AlterPolicy(Box::new(self.alter_policy(*s))),

            // Schemas, extensions, roles, privileges
            N::CreateSchemaStmt(s) => K::CreateSchema(Box::new(self.create_schema(s))),
            N::CreateExtensionStmt(s) => K::CreateExtension(Box::new(self.create_extension(s))),
            N::AlterExtensionStmt(s) => K::AlterExtension(Box::new(self.alter_extension(s))),
            N::AlterExtensionContentsStmt(s) => K::AlterExtension(Box::new(self.alter_extension_contents(*s))),
            N::CreateRoleStmt(s) => K::CreateRole(Box::new(self.create_role(s))),
            N::AlterRoleStmt(s) => K::AlterRole(Box::new(self.alter_role(s))),
            N::AlterRoleSetStmt(s) => K::AlterRoleSet(Box::new(self.alter_role_set(s))),
            N::AlterDatabaseSetStmt(s) => K::AlterRoleSet(Box::new(self.alter_database_set(s))),
            N::DropRoleStmt(s) => K::DropRole { roles: self.roles(s.roles), missing_ok: s.missing_ok },
            N::DropOwnedStmt(s) => K::DropOwned { behavior: drop_behavior(s.behavior()), roles: self.roles(s.roles) },
            N::ReassignOwnedStmt(s) => {
                K::ReassignOwned { roles: self.roles(s.roles), to: self.required_role(s.newrole) }
            }
            N::GrantStmt(s) => K::Grant(Box::new(self.grant(s))),
            N::GrantRoleStmt(s) => K::GrantRole(Box::new(self.grant_role(s))),
            N::AlterDefaultPrivilegesStmt(s) => K::AlterDefaultPrivileges(Box::new(self.alter_default_privileges(s))),

            // Publications
            N::CreatePublicationStmt(s) => K::CreatePublication(Box::new(self.create_publication(s))),
            N::AlterPublicationStmt(s) => K::AlterPublication(Box::new(self.alter_publication(s))),

            // Databases and the server
            N::CreatedbStmt(s) => {
                K::CreateDatabase(Box::new(DatabaseDef { name: s.dbname.into(), options: self.options(s.options) }))
            }
            N::AlterDatabaseStmt(s) => {
                K::AlterDatabase(Box::new(DatabaseDef { name: s.dbname.into(), options: self.options(s.options) }))
            }
            N::AlterDatabaseRefreshCollStmt(s) => K::RefreshDatabase(s.dbname.into()),
            N::DropdbStmt(s) => K::DropDatabase { name: s.dbname.into(), missing_ok: s.missing_ok },
            N::AlterSystemStmt(s) => K::AlterSystem(Box::new(self.set_variable(s.setstmt.unwrap_or_default()))),
            N::AlterCollationStmt(s) => K::RefreshCollation(self.qualified(s.collname, Loc::NONE)),

            // Foreign data
            N::CreateFdwStmt(s) => K::CreateForeignDataWrapper(Box::new(ForeignDataWrapperDef {
                name: s.fdwname.into(),
                functions: self.options(s.func_options),
                options: self.options(s.options),
            })),
            N::AlterFdwStmt(s) => K::AlterForeignDataWrapper(Box::new(ForeignDataWrapperDef {
                name: s.fdwname.into(),
                functions: self.options(s.func_options),
                options: self.options(s.options),
            })),
            N::CreateForeignServerStmt(s) => K::CreateServer(Box::new(CreateServer {
                server: ServerDef {
                    name: s.servername.into(),
                    version: Some(string_if_any(s.version)),
                    options: self.options(s.options),
                },
                server_type: string_if_any(s.servertype),
                wrapper: s.fdwname.into(),
                if_not_exists: s.if_not_exists,
            })),
            N::AlterForeignServerStmt(s) => K::AlterServer(Box::new(ServerDef {
                name: s.servername.into(),
                version: s.has_version.then(|| string_if_any(s.version)),
                options: self.options(s.options),
            })),

            // Every kind of object
            N::CommentStmt(s) => K::Comment(Box::new(self.comment(*s))),
            N::RenameStmt(s) => K::Rename(Box::new(self.rename(*s))),
            N::AlterObjectSchemaStmt(s) => K::AlterObjectSchema(Box::new(self.alter_object_schema(*s))),
            N::AlterOwnerStmt(s) => K::AlterOwner(Box::new(self.alter_owner(*s))),
            N::AlterObjectDependsStmt(s) => K::AlterObjectDepends(Box::new(self.alter_object_depends(*s))),
            N::DropStmt(s) => K::Drop(Box::new(self.drop_objects(s))),

            // Sessions and transactions
            N::VariableSetStmt(s) => K::Set(Box::new(self.set_variable(s))),
            N::TransactionStmt(s) => self.transaction(s),
            N::ConstraintsSetStmt(s) => {
                K::SetConstraints { constraints: self.relations(s.constraints), deferred: s.deferred }
            }
            N::DiscardStmt(s) => self.discard(s),
            N::ExplainStmt(s) => K::Explain(Box::new(self.explain(*s))),

            // Without effect on the catalog
            N::VacuumStmt(s) => K::Vacuum(Box::new(self.vacuum(s))),
            N::CheckPointStmt(_) => K::Utility(Utility::Checkpoint),
            N::ClusterStmt(s) => K::Cluster(Box::new(self.cluster(s))),
            N::ClosePortalStmt(_) => K::Utility(Utility::ClosePortal),
            N::DeallocateStmt(s) => K::Deallocate(string_if_any(s.name).map(Name::from)),
            N::DeclareCursorStmt(s) => K::DeclareCursor(Box::new(DeclareCursor {
                name: s.portalname.into(),
                options: s.options,
                query: self.statement(boxed(s.query)),
            })),
            N::ExecuteStmt(s) => K::Execute(Box::new(self.execute(s))),
            N::FetchStmt(_) => K::Utility(Utility::Fetch),
            N::ListenStmt(_) => K::Utility(Utility::Listen),
            N::LoadStmt(_) => K::Utility(Utility::Load),
            N::LockStmt(s) => self.lock(s),
            N::NotifyStmt(s) => K::Notify { channel: s.conditionname.into(), payload: string_if_any(s.payload) },
            N::PrepareStmt(s) => K::Prepare(Box::new(Prepare {
                name: s.name.into(),
                types: s.argtypes.into_iter().map(|node| self.type_node(node.node)).to_vec(),
                statement: self.statement(boxed(s.query)),
            })),
            N::ReindexStmt(s) => K::Reindex(Box::new(self.reindex(s))),
            N::VariableShowStmt(s) => K::Show(s.name),
            N::UnlistenStmt(_) => K::Utility(Utility::Unlisten),

            // Kinds of object that nothing else here rests on
            N::CreateTableSpaceStmt(_) => unmodelled("CREATE TABLESPACE", Touches::Nothing),
            N::DropTableSpaceStmt(_) => unmodelled("DROP TABLESPACE", Touches::Nothing),
            N::AlterTableSpaceOptionsStmt(_) => unmodelled("ALTER TABLESPACE", Touches::Nothing),
            N::AlterTableMoveAllStmt(_) => unmodelled("ALTER TABLE", Touches::Nothing),
            N::CreateUserMappingStmt(_) => unmodelled("CREATE USER MAPPING", Touches::Nothing),
            N::AlterUserMappingStmt(_) => unmodelled("ALTER USER MAPPING", Touches::Nothing),
            N::DropUserMappingStmt(_) => unmodelled("DROP USER MAPPING", Touches::Nothing),
            N::CreateSubscriptionStmt(_) => unmodelled("CREATE SUBSCRIPTION", Touches::Nothing),
            N::AlterSubscriptionStmt(_) => unmodelled("ALTER SUBSCRIPTION", Touches::Nothing),
            N::DropSubscriptionStmt(_) => unmodelled("DROP SUBSCRIPTION", Touches::Nothing),
            N::SecLabelStmt(_) => unmodelled("SECURITY LABEL", Touches::Nothing),
            N::AlterTsdictionaryStmt(s) => self.alter_options(ObjectKind::TsDictionary, s.dictname, s.options),
            N::AlterTsconfigurationStmt(s) => self.alter_ts_config(s),

            // The tables that a server has are unknown.
            N::ImportForeignSchemaStmt(_) => unmodelled("IMPORT FOREIGN SCHEMA", Touches::Everything),

            // No statements of a script: a statement's wrapper and its parts, and nodes that are made later. They are
            // listed so that a new kind of statement does not go unseen.
            N::Alias(_)
            | N::RangeVar(_)
            | N::TableFunc(_)
            | N::IntoClause(_)
            | N::Var(_)
            | N::Param(_)
            | N::Aggref(_)
            | N::GroupingFunc(_)
            | N::WindowFunc(_)
            | N::WindowFuncRunCondition(_)
            | N::MergeSupportFunc(_)
            | N::SubscriptingRef(_)
            | N::FuncExpr(_)
            | N::NamedArgExpr(_)
            | N::OpExpr(_)
            | N::DistinctExpr(_)
            | N::NullIfExpr(_)
            | N::ScalarArrayOpExpr(_)
            | N::BoolExpr(_)
            | N::SubLink(_)
            | N::SubPlan(_)
            | N::AlternativeSubPlan(_)
            | N::FieldSelect(_)
            | N::FieldStore(_)
            | N::RelabelType(_)
            | N::CoerceViaIo(_)
            | N::ArrayCoerceExpr(_)
            | N::ConvertRowtypeExpr(_)
            | N::CollateExpr(_)
            | N::CaseExpr(_)
            | N::CaseWhen(_)
            | N::CaseTestExpr(_)
            | N::ArrayExpr(_)
            | N::RowExpr(_)
            | N::RowCompareExpr(_)
            | N::CoalesceExpr(_)
            | N::MinMaxExpr(_)
            | N::SqlvalueFunction(_)
            | N::XmlExpr(_)
            | N::JsonFormat(_)
            | N::JsonReturning(_)
            | N::JsonValueExpr(_)
            | N::JsonConstructorExpr(_)
            | N::JsonIsPredicate(_)
            | N::JsonBehavior(_)
            | N::JsonExpr(_)
            | N::JsonTablePath(_)
            | N::JsonTablePathScan(_)
            | N::JsonTableSiblingJoin(_)
            | N::NullTest(_)
            | N::BooleanTest(_)
            | N::MergeAction(_)
            | N::CoerceToDomain(_)
            | N::CoerceToDomainValue(_)
            | N::SetToDefault(_)
            | N::CurrentOfExpr(_)
            | N::NextValueExpr(_)
            | N::InferenceElem(_)
            | N::ReturningExpr(_)
            | N::TargetEntry(_)
            | N::RangeTblRef(_)
            | N::JoinExpr(_)
            | N::FromExpr(_)
            | N::OnConflictExpr(_)
            | N::Query(_)
            | N::TypeName(_)
            | N::ColumnRef(_)
            | N::ParamRef(_)
            | N::AExpr(_)
            | N::TypeCast(_)
            | N::CollateClause(_)
            | N::RoleSpec(_)
            | N::FuncCall(_)
            | N::AStar(_)
            | N::AIndices(_)
            | N::AIndirection(_)
            | N::AArrayExpr(_)
            | N::ResTarget(_)
            | N::MultiAssignRef(_)
            | N::SortBy(_)
            | N::WindowDef(_)
            | N::RangeSubselect(_)
            | N::RangeFunction(_)
            | N::RangeTableFunc(_)
            | N::RangeTableFuncCol(_)
            | N::RangeTableSample(_)
            | N::ColumnDef(_)
            | N::TableLikeClause(_)
            | N::IndexElem(_)
            | N::DefElem(_)
            | N::LockingClause(_)
            | N::XmlSerialize(_)
            | N::PartitionElem(_)
            | N::PartitionSpec(_)
            | N::PartitionBoundSpec(_)
            | N::PartitionRangeDatum(_)
            | N::PartitionCmd(_)
            | N::RangeTblEntry(_)
            | N::RtepermissionInfo(_)
            | N::RangeTblFunction(_)
            | N::TableSampleClause(_)
            | N::WithCheckOption(_)
            | N::SortGroupClause(_)
            | N::GroupingSet(_)
            | N::WindowClause(_)
            | N::RowMarkClause(_)
            | N::WithClause(_)
            | N::InferClause(_)
            | N::OnConflictClause(_)
            | N::CtesearchClause(_)
            | N::CtecycleClause(_)
            | N::CommonTableExpr(_)
            | N::MergeWhenClause(_)
            | N::ReturningOption(_)
            | N::ReturningClause(_)
            | N::TriggerTransition(_)
            | N::JsonOutput(_)
            | N::JsonArgument(_)
            | N::JsonFuncExpr(_)
            | N::JsonTablePathSpec(_)
            | N::JsonTable(_)
            | N::JsonTableColumn(_)
            | N::JsonKeyValue(_)
            | N::JsonParseExpr(_)
            | N::JsonScalarExpr(_)
            | N::JsonSerializeExpr(_)
            | N::JsonObjectConstructor(_)
            | N::JsonArrayConstructor(_)
            | N::JsonArrayQueryConstructor(_)
            | N::JsonAggConstructor(_)
            | N::JsonObjectAgg(_)
            | N::JsonArrayAgg(_)
            | N::RawStmt(_)
            | N::SetOperationStmt(_)
            | N::PlassignStmt(_)
            | N::AlterTableCmd(_)
            | N::AtalterConstraint(_)
            | N::ReplicaIdentityStmt(_)
            | N::ObjectWithArgs(_)
            | N::AccessPriv(_)
            | N::Constraint(_)
            | N::CreateOpClassItem(_)
            | N::StatsElem(_)
            | N::FunctionParameter(_)
            | N::InlineCodeBlock(_)
            | N::CallContext(_)
            | N::VacuumRelation(_)
            | N::PublicationTable(_)
            | N::PublicationObjSpec(_)
            | N::Integer(_)
            | N::Float(_)
            | N::Boolean(_)
            | N::String(_)
            | N::BitString(_)
            | N::List(_)
            | N::IntList(_)
            | N::OidList(_)
            | N::AConst(_) => {
                self.unexpected();
                unmodelled("unknown", Touches::Everything)
            }
        }
    }

    pub(super) fn execute(&mut self, execute: pg::ExecuteStmt) -> Execute {
        Execute { name: execute.name.into(), params: self.exprs(execute.params) }
    }
}

/// `SELECT expr`.
fn select_of(value: Expr) -> Query {
    let loc = value.loc;
    Query {
        with: None,
        body: QueryBody::Select(Box::new(Select {
            distinct: Distinct::No,
            targets: vec![Target { name: None, indirection: Vec::new(), value: Some(value), loc }],
            into: None,
            from: Vec::new(),
            filter: None,
            group_by: Vec::new(),
            group_distinct: false,
            having: None,
            windows: Vec::new(),
        })),
        order_by: Vec::new(),
        limit: None,
        with_ties: false,
        offset: None,
        locking: Vec::new(),
    }
}
