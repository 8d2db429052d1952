//! Statements to the code that executes them: one arm a kind, no default arm, so that no kind can vanish.

use super::ddl::computes_for_rows;
use super::{Context, Exec, Opaque, Replay, SqlError, Stop};
use crate::catalog::{Object, Oid, Unknown};
use crate::sql::ast::{AlterTableAction, QualifiedName, StatementKind, Touches};

impl Replay {
    /// Executes a statement. If it is opaque, it may have changed no more than its syntax allows. (Some of it may have been
    /// done: to hold the catalog as it was would have every statement copy what it changes.)
    pub(super) fn execute_bounded(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        match self.execute(statement, cx) {
            // Whatever stopped it, an expression deep inside perhaps: none of the statement is known to be done.
            Err(Stop::Opaque(opaque)) if matches!(opaque.touches, Touches::Everything | Touches::Nothing) => {
                self.bounded(*opaque, statement, cx)
            }
            Err(Stop::Opaque(opaque)) => {
                self.forget_half_made(statement, cx);
                Err(Stop::Opaque(opaque))
            }
            Err(Stop::Error(error)) => match self.doubt(&error, statement) {
                // What is in the way may be gone.
                Some(unknown) => {
                    let reason = format!("it may fail with {} ({})", error.sqlstate, error.message);
                    let loc = error.loc;
                    self.bounded(Opaque::because_of(&unknown, &reason, Touches::Everything).at(loc), statement, cx)
                }
                None => Err(Stop::Error(error)),
            },
            result => result,
        }
    }

    /// The statement touches what its syntax says.
    pub(super) fn bounded(&mut self, opaque: Opaque, statement: &StatementKind, cx: &Context) -> Exec {
        self.forget_half_made(statement, cx);
        if let StatementKind::Drop(stmt) = statement
            && self.frees_names(stmt)
        {
            return Err(Opaque { touches: Touches::Nothing, ..opaque }.into());
        }
        let mut touches = self.effects_of(statement).touches();
        let last = touches.pop().unwrap_or(Touches::Nothing);
        for touches in touches {
            self.taint(&Opaque { touches, ..opaque.clone() }, cx);
        }
        Err(Opaque { touches: last, ..opaque }.into())
    }

    /// A relation that was made in part is not there: half of its columns and none of its constraints would be worse
    /// than nothing.
    fn forget_half_made(&mut self, statement: &StatementKind, cx: &Context) {
        let name = match statement {
            StatementKind::CreateTable(stmt) => &stmt.relation.name,
            StatementKind::CreateTableAs(stmt) => &stmt.into.relation.name,
            StatementKind::CreateView(stmt) => &stmt.relation.name,
            _ => return,
        };
        // Under its name, or under the one that it had while that was taken.
        let names = [name.clone(), QualifiedName { name: super::ddl::unnamed(&name.name), ..name.clone() }];
        let path = self.path();
        for name in names {
            if let Ok(Some(oid)) = super::lookup::relation_if_exists(&self.catalog, &path, &name) {
                self.forget_if_made(oid, cx);
            }
        }
    }

    fn forget_if_made(&mut self, oid: Oid, cx: &Context) {
        let Some(relation) = self.catalog.shared_relation(oid) else { return };
        if relation.provenance.created.sequence != cx.origin.sequence {
            return;
        }
        let owned = self.owned_sequences(oid);
        for oid in relation.indexes.iter().copied().chain(owned).chain([oid]) {
            self.catalog.dependencies.remove_of(Object::Relation(oid));
            self.catalog.remove_relation(oid);
        }
        if let Some(row) = relation.row_type {
            let array = self.catalog.type_(row).and_then(|ty| ty.array);
            array.into_iter().chain([row]).for_each(|ty| drop(self.catalog.remove_type(ty)));
        }
    }

    /// Why an error may not be raised: a statement that was not executed may have changed what it rests on. What was
    /// made since then is certain.
    fn doubt(&self, error: &SqlError, statement: &StatementKind) -> Option<Unknown> {
        // Syntax, values, and what code raises itself.
        if matches!(&error.sqlstate.as_str()[..2], "22" | "23" | "P0") || error.sqlstate.as_str() == "42601" {
            return None;
        }
        let newest = error.related.iter().map(|(origin, _)| origin.sequence).max().unwrap_or(0);
        let taint = &self.catalog.taint;
        let effects = self.effects_of(statement);
        let servers = taint.of_servers().filter(|_| effects.touches_servers()).cloned();
        let relations = effects.tainted_relations(self);
        taint
            .everything()
            .cloned()
            .into_iter()
            .chain(servers)
            .chain(relations)
            .find(|unknown| unknown.origin.sequence > newest)
    }

    /// Functions that a data statement calls for rows that nobody knows may change the catalog.
    fn refuse_hidden_effects(&mut self, statement: &StatementKind) -> Exec {
        let effects = self.hidden_effects(statement);
        self.note_rows(&effects);
        match effects.touches_as_one() {
            Touches::Nothing => Ok(()),
            touches => {
                let reason = "a function that may change the catalog is called for rows that are not known";
                // What else the statement may change is bounded by nothing but these two.
                let narrow = matches!(touches, Touches::LargeObjects);
                Err(Opaque::undecided(reason, if narrow { touches } else { Touches::Everything }).into())
            }
        }
    }

    /// Executes one statement that is not transaction control, without the event triggers that it fires. On an error the
    /// catalog may be half changed: the caller keeps a clone to go back to.
    pub(in crate::replay) fn execute_alone(&mut self, statement: &StatementKind, cx: &Context) -> Exec {
        // Code runs in a transaction, and SQL in it is not alone (`xact.c: PreventInTransactionBlock`).
        if (self.code.bodies > 0 || self.code.depth > 0)
            && let Some(command) = super::run::needs_no_transaction(statement)
        {
            let message = format!("{command} cannot be executed from a function");
            return Err(SqlError::new("25001", message).into());
        }
        match statement {
            StatementKind::CreateSchema(stmt) => self.create_schema(stmt, cx),
            StatementKind::CreateExtension(stmt) => self.create_extension(stmt, cx),
            StatementKind::AlterExtension(stmt) => self.alter_extension(stmt, cx),
            StatementKind::CreateRole(stmt) => self.create_role(stmt, cx),
            StatementKind::AlterRole(stmt) => self.alter_role(stmt, cx),
            StatementKind::AlterRoleSet(stmt) => self.alter_role_set(stmt, cx),
            StatementKind::CreateTable(stmt) => self.create_table(stmt, cx),
            StatementKind::CreateTableAs(stmt) => {
                self.create_table_as(stmt, cx).and_then(|()| self.refuse_hidden_effects(statement))
            }
            StatementKind::AlterTable(stmt) => {
                self.alter_table(stmt, cx)?;
                if !stmt.commands.iter().any(|command| computes_for_rows(&command.action)) {
                    return Ok(());
                }
                let using = stmt.commands.iter().filter_map(|command| {
                    let AlterTableAction::AlterColumnType { using, .. } = &command.action else { return None };
                    using.as_ref()
                });
                self.run_for_rows(&stmt.relation, using);
                Ok(())
            }
            StatementKind::CreateIndex(stmt) => {
                self.create_index(stmt, cx)?;
                self.run_for_rows(&stmt.table, []);
                Ok(())
            }
            StatementKind::CreateSequence(stmt) => self.create_sequence(stmt, cx),
            StatementKind::AlterSequence(stmt) => self.alter_sequence(stmt, cx),
            StatementKind::CreateView(stmt) => self.create_view(stmt, cx),
            StatementKind::RefreshMatView { relation, concurrently, no_data } => self
                .refresh_mat_view(relation, *concurrently, *no_data)
                .and_then(|()| self.refuse_hidden_effects(statement)),
            StatementKind::CreateEnum { name, labels } => self.create_enum(name, labels, cx),
            StatementKind::AlterEnum(stmt) => self.alter_enum(stmt, cx),
            StatementKind::CreateDomain(stmt) => self.create_domain(stmt, cx),
            StatementKind::AlterDomain(stmt) => self.alter_domain(stmt, cx),
            StatementKind::CreateCompositeType { name, columns } => self.create_composite_type(name, columns, cx),
            StatementKind::CreateRangeType { name, options } => self.create_range_type(name, options, cx),
            StatementKind::Define(stmt) => self.define(stmt, cx),
            StatementKind::AlterOptions(stmt) => self.alter_options(stmt, cx),
            StatementKind::CreateCast(stmt) => self.create_cast(stmt, cx),
            StatementKind::CreateConversion(stmt) => self.create_conversion(stmt, cx),
            StatementKind::AlterOperator(stmt) => self.alter_operator(stmt, cx),
            StatementKind::CreateOpClass(stmt) => self.create_op_class(stmt, cx),
            StatementKind::CreateOpFamily(stmt) => self.create_op_family(stmt, cx),
            StatementKind::AlterOpFamily(stmt) => self.alter_op_family(stmt, cx),
            StatementKind::AlterTsConfig(stmt) => self.alter_ts_config(stmt, cx),
            StatementKind::CreateFunction(stmt) => self.create_function(stmt, cx),
            StatementKind::AlterFunction(stmt) => self.alter_function(stmt, cx),
            StatementKind::Do(stmt) => self.run_do(stmt, cx),
            StatementKind::Call(call) => self.run_call(call, cx),
            StatementKind::CreateTrigger(stmt) => self.create_trigger(stmt, cx),
            StatementKind::CreatePolicy(stmt) => self.create_policy(stmt, cx),
            StatementKind::AlterPolicy(stmt) => self.alter_policy(stmt, cx),
            StatementKind::Grant(stmt) => self.grant(stmt, cx),
            StatementKind::GrantRole(stmt) => self.grant_role(stmt, cx),
            StatementKind::AlterDefaultPrivileges(stmt) => self.alter_default_privileges(stmt, cx),
            StatementKind::CreatePublication(stmt) => self.create_publication(stmt, cx),
            StatementKind::AlterPublication(stmt) => self.alter_publication(stmt, cx),
            StatementKind::CreateDatabase(stmt) => self.create_database(stmt),
            StatementKind::AlterDatabase(stmt) => self.alter_database(stmt, cx),
            StatementKind::RefreshDatabase(name) => self.refresh_database(name),
            StatementKind::DropDatabase { name, missing_ok } => self.drop_database(name, *missing_ok, cx),
            StatementKind::AlterSystem(stmt) => self.alter_system(stmt),
            StatementKind::RefreshCollation(name) => self.refresh_collation(name),
            StatementKind::CreateForeignDataWrapper(stmt) => self.create_wrapper(stmt, cx),
            StatementKind::AlterForeignDataWrapper(stmt) => self.alter_wrapper(stmt, cx),
            StatementKind::CreateServer(stmt) => self.create_server(stmt, cx),
            StatementKind::AlterServer(stmt) => self.alter_server(stmt, cx),
            StatementKind::Comment(stmt) => self.comment(stmt, cx),
            StatementKind::Rename(stmt) => self.rename(stmt, cx),
            StatementKind::AlterObjectSchema(stmt) => self.alter_object_schema(stmt, cx),
            StatementKind::AlterOwner(stmt) => self.alter_owner(stmt, cx),
            StatementKind::AlterObjectDepends(stmt) => self.alter_object_depends(stmt, cx),
            StatementKind::Drop(stmt) => self.drop(stmt, cx),
            StatementKind::DropRole { roles, missing_ok } => self.drop_role(roles, *missing_ok, cx),
            StatementKind::DropOwned { roles, behavior } => self.drop_owned(roles, *behavior, cx),
            StatementKind::ReassignOwned { roles, to } => self.reassign_owned(roles, to, cx),
            StatementKind::Set(stmt) => self.set(stmt),
            StatementKind::Show(name) => self.show(name),
            // The caller knows the transaction; inside a function PostgreSQL refuses these.
            StatementKind::Transaction(_) => {
                Err(Opaque::new("transaction control is not executed here", Touches::Everything).into())
            }
            StatementKind::DeclareCursor(_) => {
                // What it calls is called when rows are fetched.
                self.catalog.forget_rows();
                Ok(())
            }
            StatementKind::SetConstraints { .. } | StatementKind::Notify { .. } => Ok(()),
            StatementKind::Prepare(stmt) => self.prepare(stmt),
            StatementKind::Execute(stmt) => self.execute_prepared(stmt, cx),
            StatementKind::Deallocate(name) => self.deallocate(name.as_ref()),
            StatementKind::CreateRule(stmt) => self.create_rule(stmt, cx),
            StatementKind::CreateStatistics(stmt) => self.create_statistics(stmt, cx),
            StatementKind::AlterStatistics(stmt) => self.alter_statistics(stmt, cx),
            StatementKind::CreateEventTrigger(stmt) => self.create_event_trigger(stmt, cx),
            StatementKind::AlterEventTrigger(stmt) => self.alter_event_trigger(stmt, cx),
            StatementKind::CreateLanguage(stmt) => self.create_language(stmt, cx),
            StatementKind::CreateTransform(stmt) => self.create_transform(stmt, cx),
            StatementKind::Discard { all, temp } => self.discard(*all, *temp, cx),
            StatementKind::Select(query) => self.run_select(query, cx),
            StatementKind::Insert(_)
            | StatementKind::Update(_)
            | StatementKind::Delete(_)
            | StatementKind::Merge(_) => {
                self.modify(statement, cx).and_then(|()| self.refuse_hidden_effects(statement))
            }
            StatementKind::Truncate { relations, behavior, .. } => self.truncate(relations, *behavior),
            StatementKind::Copy(stmt) => self.copy(stmt, cx).and_then(|()| self.refuse_hidden_effects(statement)),
            StatementKind::Explain(explain) => {
                if explain.analyze {
                    self.execute_alone(&explain.statement, cx)
                } else {
                    // It is analysed and planned, and not run.
                    match &explain.statement {
                        StatementKind::Execute(stmt) => self.bind_parameters(stmt, cx).map(drop),
                        statement => {
                            let query = self.check_statement(statement)?;
                            let Some(query) = query else { return Ok(()) };
                            self.refuse_unfit_bodies(&query.tree)?;
                            self.refuse_unhandled_tables(&query.tree)
                        }
                    }
                }
            }
            StatementKind::Lock { relations, mode } => self.lock(relations, *mode),
            StatementKind::Cluster(stmt) => self.cluster(stmt),
            StatementKind::Reindex(stmt) => self.reindex(stmt, cx),
            StatementKind::Vacuum(stmt) => self.vacuum(stmt, cx),
            StatementKind::Utility(_) => Ok(()),
            StatementKind::Unmodelled(stmt) => {
                Err(Opaque::new(format!("{} is not executed yet", stmt.tag), stmt.touches.clone()).into())
            }
        }
    }
}
