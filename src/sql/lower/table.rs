//! Tables, their columns and constraints, views.

use super::*;

impl Lowerer<'_> {
    pub(super) fn create_table(&mut self, create: pg::CreateStmt, server: Option<(Name, Vec<DefElem>)>) -> CreateTable {
        let on_commit = match create.oncommit() {
            pg::OnCommitAction::OncommitDeleteRows => OnCommit::DeleteRows,
            pg::OnCommitAction::OncommitDrop => OnCommit::Drop,
            pg::OnCommitAction::OncommitPreserveRows => OnCommit::PreserveRows,
            pg::OnCommitAction::OncommitNoop | pg::OnCommitAction::Undefined => OnCommit::Noop,
        };
        let relation = self.relation(create.relation);
        let mut inherits = self.relations(create.inh_relations);
        let partition_of = create.partbound.map(|bound| {
            // The grammar puts the partitioned table where INHERITS would be.
            let parent = inherits.pop().unwrap_or_else(|| self.relation(None));
            Box::new(PartitionOf { parent, bound: self.partition_bound(bound) })
        });
        CreateTable {
            relation,
            if_not_exists: create.if_not_exists,
            elements: nodes(create.table_elts).filter_map(|node| self.table_element(node)).to_vec(),
            inherits,
            partition_of,
            partition_by: create.partspec.map(|spec| self.partition_by(spec)),
            of_type: create.of_typename.map(|ty| self.type_name(ty)),
            options: self.options(create.options),
            on_commit,
            tablespace: name_if_any(create.tablespacename),
            access_method: name_if_any(create.access_method),
            server,
        }
    }

    fn table_element(&mut self, node: NodeEnum) -> Option<TableElement> {
        match node {
            NodeEnum::ColumnDef(column) => Some(TableElement::Column(self.column_def(*column))),
            NodeEnum::Constraint(constraint) => self.constraint(*constraint).map(TableElement::Constraint),
            NodeEnum::TableLikeClause(like) => {
                Some(TableElement::Like(LikeClause { relation: self.relation(like.relation), options: like.options }))
            }
            _ => {
                self.unexpected();
                None
            }
        }
    }

    pub(super) fn column_def(&mut self, column: pg::ColumnDef) -> ColumnDef {
        self.refuse_newer_column(&column);
        ColumnDef {
            name: column.colname.into(),
            ty: column.type_name.map(|ty| self.type_name(ty)),
            constraints: self.constraints(column.constraints),
            collation: column.coll_clause.map(|clause| self.collation(*clause)),
            storage: name_if_any(column.storage_name),
            compression: name_if_any(column.compression),
            fdw_options: self.options(column.fdwoptions),
            loc: self.loc(column.location),
        }
    }

    /// The columns of a list of ColumnDef nodes.
    pub(super) fn column_defs(&mut self, list: Vec<Node>) -> Vec<ColumnDef> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::ColumnDef(column) => Some(self.column_def(*column)),
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }

    pub(super) fn collation(&mut self, clause: pg::CollateClause) -> QualifiedName {
        let loc = self.loc(clause.location);
        self.qualified(clause.collname, loc)
    }

    pub(super) fn constraints(&mut self, list: Vec<Node>) -> Vec<Constraint> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::Constraint(constraint) => self.constraint(*constraint),
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }

    pub(super) fn constraint(&mut self, constraint: pg::Constraint) -> Option<Constraint> {
        self.refuse_newer_constraint(&constraint);
        self.constraint_of_any(constraint)
    }

    /// A constraint of a table, a column or a domain.
    pub(super) fn constraint_of_any(&mut self, mut constraint: pg::Constraint) -> Option<Constraint> {
        use pg::ConstrType as Type;
        let loc = self.loc(constraint.location);
        let name = name_if_any(std::mem::take(&mut constraint.conname));
        let (deferrable, initially_deferred) = (constraint.deferrable, constraint.initdeferred);
        let not_valid = constraint.skip_validation;
        let contype = constraint.contype();
        // The grammar sets `is_enforced` for these two kinds only.
        let not_enforced = matches!(contype, Type::ConstrCheck | Type::ConstrForeign) && !constraint.is_enforced;
        let kind = match contype {
            Type::ConstrNull => ConstraintKind::Null,
            Type::ConstrNotnull => ConstraintKind::NotNull {
                column: self.names(constraint.keys).pop(),
                no_inherit: constraint.is_no_inherit,
            },
            Type::ConstrDefault => ConstraintKind::Default(self.expr(boxed(constraint.raw_expr))),
            Type::ConstrIdentity => ConstraintKind::Identity {
                always: constraint.generated_when == "a",
                options: self.options(constraint.options),
            },
            Type::ConstrGenerated => ConstraintKind::Generated {
                stored: constraint.generated_kind == "s",
                expr: self.expr(boxed(constraint.raw_expr)),
            },
            Type::ConstrCheck => ConstraintKind::Check {
                no_inherit: constraint.is_no_inherit,
                expr: self.expr(boxed(constraint.raw_expr)),
            },
            Type::ConstrPrimary | Type::ConstrUnique => ConstraintKind::Key(KeyConstraint {
                primary: contype == Type::ConstrPrimary,
                columns: self.names(constraint.keys),
                including: self.names(constraint.including),
                nulls_not_distinct: constraint.nulls_not_distinct,
                without_overlaps: constraint.without_overlaps,
                using_index: name_if_any(constraint.indexname),
                options: self.options(constraint.options),
                tablespace: name_if_any(constraint.indexspace),
            }),
            Type::ConstrExclusion => ConstraintKind::Exclusion(Box::new(self.exclusion(constraint))),
            Type::ConstrForeign => ConstraintKind::ForeignKey(Box::new(self.foreign_key(constraint))),
            Type::ConstrAttrDeferrable => ConstraintKind::Attribute(ConstraintAttribute::Deferrable),
            Type::ConstrAttrNotDeferrable => ConstraintKind::Attribute(ConstraintAttribute::NotDeferrable),
            Type::ConstrAttrDeferred => ConstraintKind::Attribute(ConstraintAttribute::InitiallyDeferred),
            Type::ConstrAttrImmediate => ConstraintKind::Attribute(ConstraintAttribute::InitiallyImmediate),
            Type::ConstrAttrEnforced => ConstraintKind::Attribute(ConstraintAttribute::Enforced),
            Type::ConstrAttrNotEnforced => ConstraintKind::Attribute(ConstraintAttribute::NotEnforced),
            Type::Undefined => {
                self.unexpected();
                return None;
            }
        };
        Some(Constraint { name, kind, deferrable, initially_deferred, not_valid, not_enforced, loc })
    }

    fn exclusion(&mut self, constraint: pg::Constraint) -> ExclusionConstraint {
        let elements = constraint
            .exclusions
            .into_iter()
            .filter_map(|pair| {
                // Each is a list of the index element and the operator's name.
                let mut pair = self.list(pair.node).into_iter().map(|node| node.node);
                let element = pair.next().flatten();
                let operator = pair.next().flatten();
                let element = self.index_elem(element)?;
                Some((element, self.qualified_node(operator)))
            })
            .to_vec();
        ExclusionConstraint {
            method: name_if_any(constraint.access_method),
            elements,
            including: self.names(constraint.including),
            filter: self.expr_if_any(constraint.where_clause),
            options: self.options(constraint.options),
            tablespace: name_if_any(constraint.indexspace),
        }
    }

    fn foreign_key(&mut self, constraint: pg::Constraint) -> ForeignKey {
        let references = self.relation(constraint.pktable);
        ForeignKey {
            columns: self.names(constraint.fk_attrs),
            references,
            referenced_columns: self.names(constraint.pk_attrs),
            match_type: match constraint.fk_matchtype.as_str() {
                "f" => ForeignKeyMatch::Full,
                "p" => ForeignKeyMatch::Partial,
                _ => ForeignKeyMatch::Simple,
            },
            on_delete: foreign_key_action(&constraint.fk_del_action),
            on_delete_columns: self.names(constraint.fk_del_set_cols),
            on_update: foreign_key_action(&constraint.fk_upd_action),
            with_period: constraint.fk_with_period,
            referenced_with_period: constraint.pk_with_period,
        }
    }

    fn partition_by(&mut self, spec: pg::PartitionSpec) -> PartitionBy {
        let strategy = match spec.strategy() {
            pg::PartitionStrategy::List => PartitionStrategy::List,
            pg::PartitionStrategy::Range => PartitionStrategy::Range,
            pg::PartitionStrategy::Hash => PartitionStrategy::Hash,
            pg::PartitionStrategy::Undefined => {
                self.unexpected();
                PartitionStrategy::List
            }
        };
        let key = nodes(spec.part_params)
            .filter_map(|node| match node {
                NodeEnum::PartitionElem(elem) => {
                    let loc = self.loc(elem.location);
                    let key = match boxed(elem.expr) {
                        Some(expr) => IndexKey::Expr(self.expr(Some(expr))),
                        None => IndexKey::Column(Ident { name: elem.name.into(), loc }),
                    };
                    Some(IndexElem {
                        key,
                        collation: self.qualified_if_any(elem.collation),
                        opclass: self.qualified_if_any(elem.opclass),
                        opclass_options: Vec::new(),
                        descending: None,
                        nulls_first: None,
                        loc,
                    })
                }
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec();
        PartitionBy { strategy, key, loc: self.loc(spec.location) }
    }

    pub(super) fn partition_bound(&mut self, spec: pg::PartitionBoundSpec) -> PartitionBoundSpec {
        let loc = self.loc(spec.location);
        PartitionBoundSpec { bound: self.partition_bound_values(spec), loc }
    }

    fn partition_bound_values(&mut self, bound: pg::PartitionBoundSpec) -> PartitionBound {
        if bound.is_default {
            return PartitionBound::Default;
        }
        match bound.strategy.as_str() {
            "l" => PartitionBound::List(self.exprs(bound.listdatums)),
            "r" => {
                let lower = self.exprs(bound.lowerdatums);
                PartitionBound::Range(lower, self.exprs(bound.upperdatums))
            }
            "h" => PartitionBound::Hash { modulus: bound.modulus, remainder: bound.remainder },
            _ => {
                self.unexpected();
                PartitionBound::Default
            }
        }
    }

    pub(super) fn create_table_as(&mut self, create: pg::CreateTableAsStmt) -> CreateTableAs {
        let materialized_view = create.objtype() == pg::ObjectType::ObjectMatview;
        let into = self.lower_into(create.into.map(|into| *into).unwrap_or_default());
        let (query, execute) = match boxed(create.query) {
            Some(NodeEnum::ExecuteStmt(execute)) => (None, Some(Box::new(self.execute(execute)))),
            query => (Some(self.query_node(query)), None),
        };
        CreateTableAs { into, query, execute, materialized_view, if_not_exists: create.if_not_exists }
    }

    pub(super) fn create_view(&mut self, view: pg::ViewStmt) -> CreateView {
        let check_option = match view.with_check_option() {
            pg::ViewCheckOption::LocalCheckOption => Some(false),
            pg::ViewCheckOption::CascadedCheckOption => Some(true),
            pg::ViewCheckOption::NoCheckOption | pg::ViewCheckOption::Undefined => None,
        };
        CreateView {
            relation: self.relation(view.view),
            columns: self.names(view.aliases),
            query: self.query_node(boxed(view.query)),
            or_replace: view.replace,
            options: self.options(view.options),
            check_option,
        }
    }
}

fn foreign_key_action(action: &str) -> ForeignKeyAction {
    match action {
        "r" => ForeignKeyAction::Restrict,
        "c" => ForeignKeyAction::Cascade,
        "n" => ForeignKeyAction::SetNull,
        "d" => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
}
