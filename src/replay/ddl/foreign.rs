//! Foreign-data wrappers, servers, and the options of foreign tables (`foreigncmds.c`).

mod options;
mod validate;

use self::options::Of;
use crate::catalog::{
    ChangeKind, DependencyKind, ForeignDataWrapper, ForeignServer, ForeignTable, Object, Oid, Provenance, RelationKind,
    Unknown, type_oid as t,
};
use crate::replay::{Context, Exec, Notice, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{
    ColumnDef, CreateServer, DefElem, DefValue, ForeignDataWrapperDef, Name, QualifiedName, ServerDef, Touches,
};
use crate::sql::span::Loc;

/// What `HANDLER` and `VALIDATOR` say; a function that is not known, of an extension, is [`Oid::INVALID`].
#[derive(Default)]
struct Functions {
    handler: Option<Oid>,
    validator: Option<Oid>,
    /// Why one of them could not be looked up.
    unknown: Option<Opaque>,
}

impl Replay {
    /// `foreigncmds.c: CreateForeignDataWrapper`
    pub(in crate::replay) fn create_wrapper(&mut self, stmt: &ForeignDataWrapperDef, cx: &Context) -> Exec {
        self.must_be_superuser_for_wrapper("create", &stmt.name)?;
        let taken = self.catalog.foreign_data_wrapper_named(&stmt.name).map(|w| &w.provenance);
        self.refuse_unplaced_name("foreign-data wrapper", &stmt.name, taken)?;
        let functions = self.wrapper_functions(&stmt.functions)?;
        let validator = functions.validator.unwrap_or(Oid::INVALID);
        let options = self.generic_options(Of::Wrapper, &[], &stmt.options, validator, cx)?;
        let oid = self.catalog.new_oid();
        self.catalog.insert_foreign_data_wrapper(ForeignDataWrapper {
            oid,
            name: stmt.name.clone(),
            owner: self.session.current_user,
            handler: functions.handler.unwrap_or(Oid::INVALID),
            validator,
            unknown_functions: functions.unknown.is_some(),
            options,
            acl: None,
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        self.record_wrapper_functions(oid);
        functions.unknown.map_or(Ok(()), |opaque| Err(opaque.into()))
    }

    /// `foreigncmds.c: AlterForeignDataWrapper`
    pub(in crate::replay) fn alter_wrapper(&mut self, stmt: &ForeignDataWrapperDef, cx: &Context) -> Exec {
        self.must_be_superuser_for_wrapper("alter", &stmt.name)?;
        let oid = self.find_wrapper(&stmt.name)?;
        let functions = self.wrapper_functions(&stmt.functions)?;
        let Some(wrapper) = self.catalog.foreign_data_wrapper(oid).cloned() else { return Ok(()) };
        if functions.handler.is_some() {
            let message = "changing the foreign-data wrapper handler can change behavior of existing foreign tables";
            self.notices.push(Notice {
                severity: "WARNING",
                message: message.to_owned(),
                origin: cx.origin,
                raised: None,
            });
        }
        if functions.validator.is_some_and(|validator| validator != Oid::INVALID) {
            let message = "changing the foreign-data wrapper validator can cause the options for dependent objects to \
                           become invalid";
            self.notices.push(Notice {
                severity: "WARNING",
                message: message.to_owned(),
                origin: cx.origin,
                raised: None,
            });
        }
        let validator = functions.validator.unwrap_or(wrapper.validator);
        let options = match stmt.options.is_empty() {
            true => wrapper.options,
            false => self.generic_options(Of::Wrapper, &wrapper.options, &stmt.options, validator, cx)?,
        };
        if let Some(wrapper) = self.catalog.foreign_data_wrapper_mut(oid) {
            wrapper.handler = functions.handler.unwrap_or(wrapper.handler);
            wrapper.validator = validator;
            wrapper.unknown_functions |= functions.unknown.is_some();
            wrapper.options = options;
            wrapper.provenance.change(cx.origin, ChangeKind::Definition);
        }
        self.record_wrapper_functions(oid);
        functions.unknown.map_or(Ok(()), |opaque| Err(opaque.into()))
    }

    fn must_be_superuser_for_wrapper(&self, verb: &str, name: &str) -> Exec {
        if self.is_superuser(self.session.current_user) || self.catalog.taint.everything().is_some() {
            return Ok(());
        }
        let error = SqlError::new("42501", format!("permission denied to {verb} foreign-data wrapper \"{name}\""));
        Err(error.hint(format!("Must be superuser to {verb} a foreign-data wrapper.")).into())
    }

    /// `foreigncmds.c: parse_func_options`
    fn wrapper_functions(&self, written: &[DefElem]) -> Exec<Functions> {
        let mut functions = Functions::default();
        for option in written {
            let is_handler = option.name == "handler";
            let already = if is_handler { &functions.handler } else { &functions.validator };
            if already.is_some() {
                return Err(SqlError::new("42601", "conflicting or redundant options").at(option.loc).into());
            }
            let found = match function_name(option) {
                Some(name) if is_handler => self.wrapper_handler(&name),
                Some(name) => self.function_named(&name, &[t::TEXT_ARRAY, t::OID]),
                None => Ok(Oid::INVALID),
            };
            let found = match found {
                // The extension that it may be of has not been read.
                Err(Stop::Opaque(opaque)) => {
                    functions.unknown = Some(Opaque { touches: Touches::Nothing, ..*opaque });
                    Oid::INVALID
                }
                found => found?,
            };
            *(if is_handler { &mut functions.handler } else { &mut functions.validator }) = Some(found);
        }
        Ok(functions)
    }

    /// `foreigncmds.c: lookup_fdw_handler_func`
    fn wrapper_handler(&self, name: &QualifiedName) -> Exec<Oid> {
        let found = self.function_named(name, &[])?;
        if self.returned_by(found) != t::FDW_HANDLER {
            let message = format!("function {} must return type fdw_handler", lookup::display(name));
            return Err(SqlError::new("42809", message).into());
        }
        Ok(found)
    }

    fn record_wrapper_functions(&mut self, oid: Oid) {
        let Some(wrapper) = self.catalog.foreign_data_wrapper(oid) else { return };
        let (object, functions) = (Object::ForeignDataWrapper(oid), [wrapper.handler, wrapper.validator]);
        self.catalog.dependencies.remove_of_kind(object, DependencyKind::Normal);
        for function in functions.into_iter().filter(|&f| f != Oid::INVALID) {
            self.catalog.dependencies.add(object, Object::Function(function), DependencyKind::Normal);
        }
    }

    /// `foreigncmds.c: CreateForeignServer`
    pub(in crate::replay) fn create_server(&mut self, stmt: &CreateServer, cx: &Context) -> Exec {
        let name = &stmt.server.name;
        let taken = self.catalog.foreign_server_named(name).map(|s| &s.provenance);
        if taken.is_some() && stmt.if_not_exists {
            self.notice(format!("server \"{name}\" already exists, skipping"), cx);
            return Ok(());
        }
        self.refuse_unplaced_name("server", name, taken)?;
        let (wrapper, unknown) = match self.find_wrapper(&stmt.wrapper) {
            // Then nothing is known of the wrapper, but of the server it is.
            Err(Stop::Opaque(opaque)) => (Oid::INVALID, Some(Opaque { touches: Touches::Nothing, ..*opaque })),
            found => (found?, None),
        };
        self.may_use_unplaced(Object::ForeignDataWrapper(wrapper))?;
        let validator = self.catalog.foreign_data_wrapper(wrapper).map_or(Oid::INVALID, |w| w.validator);
        let options = self.generic_options(Of::Server, &[], &stmt.server.options, validator, cx)?;
        let oid = self.catalog.new_oid();
        self.catalog.insert_foreign_server(ForeignServer {
            oid,
            name: name.clone(),
            owner: self.session.current_user,
            wrapper,
            server_type: stmt.server_type.clone(),
            version: stmt.server.version.clone().flatten(),
            options,
            acl: None,
            comment: None,
            provenance: Provenance::new(cx.origin),
        });
        if wrapper != Oid::INVALID {
            let (server, wrapper) = (Object::ForeignServer(oid), Object::ForeignDataWrapper(wrapper));
            self.catalog.dependencies.add(server, wrapper, DependencyKind::Normal);
        }
        unknown.map_or(Ok(()), |opaque| Err(opaque.into()))
    }

    /// `foreigncmds.c: AlterForeignServer`
    pub(in crate::replay) fn alter_server(&mut self, stmt: &ServerDef, cx: &Context) -> Exec {
        let oid = self.find_server(&stmt.name)?;
        self.must_own_unplaced(Object::ForeignServer(oid))?;
        let Some(server) = self.catalog.foreign_server(oid).cloned() else { return Ok(()) };
        let options = match stmt.options.is_empty() {
            true => server.options,
            false => {
                let validator = self.catalog.foreign_data_wrapper(server.wrapper).map_or(Oid::INVALID, |w| w.validator);
                self.generic_options(Of::Server, &server.options, &stmt.options, validator, cx)?
            }
        };
        if let Some(server) = self.catalog.foreign_server_mut(oid) {
            if let Some(version) = &stmt.version {
                server.version.clone_from(version);
            }
            server.options = options;
            server.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `foreign.c: get_foreign_data_wrapper_oid`
    pub(in crate::replay) fn find_wrapper(&self, name: &str) -> Exec<Oid> {
        match self.catalog.foreign_data_wrapper_named(name) {
            Some(wrapper) => Ok(wrapper.oid),
            None => {
                // An extension that has not been read may have made it.
                let unknown = self.unknown_servers().or_else(|| lookup::maybe_undefined(&self.catalog));
                let is_wrapper = |object| matches!(object, Object::ForeignDataWrapper(_));
                self.missing_unplaced("foreign-data wrapper", name, is_wrapper, unknown)
            }
        }
    }

    /// `foreign.c: get_foreign_server_oid`
    pub(in crate::replay) fn find_server(&self, name: &str) -> Exec<Oid> {
        match self.catalog.foreign_server_named(name) {
            Some(server) => Ok(server.oid),
            None => {
                let is_server = |object| matches!(object, Object::ForeignServer(_));
                self.missing_unplaced("server", name, is_server, self.unknown_servers())
            }
        }
    }

    fn unknown_servers(&self) -> Option<Unknown> {
        self.catalog.taint.of_servers().cloned()
    }

    // ---- foreign tables ----

    /// `foreigncmds.c: CreateForeignTable`: what it has beside its columns.
    pub(in crate::replay) fn foreign_table(
        &mut self,
        rel: Oid,
        server: &Name,
        options: &[DefElem],
        cx: &Context,
    ) -> Exec {
        let server = self.find_server(server)?;
        self.may_use_unplaced(Object::ForeignServer(server))?;
        let validator = self.validator_of(server);
        let options = self.generic_options(Of::Table, &[], options, validator, cx)?;
        if let Some(relation) = self.catalog.relation_mut(rel) {
            relation.kind = RelationKind::ForeignTable(Box::new(ForeignTable { server, options, columns: Vec::new() }));
        }
        let (table, server) = (Object::Relation(rel), Object::ForeignServer(server));
        self.catalog.dependencies.add(table, server, DependencyKind::Normal);
        Ok(())
    }

    fn validator_of(&self, server: Oid) -> Oid {
        let wrapper = self.catalog.foreign_server(server).map(|s| s.wrapper);
        wrapper.and_then(|wrapper| self.catalog.foreign_data_wrapper(wrapper)).map_or(Oid::INVALID, |w| w.validator)
    }

    /// The options of a new column (`parse_utilcmd.c: transformColumnDefinition` makes an ALTER of them).
    pub(in crate::replay) fn foreign_column_options(&mut self, rel: Oid, column: &ColumnDef, cx: &Context) -> Exec {
        match column.fdw_options.is_empty() {
            true => Ok(()),
            false => self.alter_foreign_column(rel, &column.name, &column.fdw_options, cx),
        }
    }

    /// `tablecmds.c: ATExecGenericOptions`
    pub(in crate::replay) fn alter_foreign_options(&mut self, rel: Oid, written: &[DefElem], cx: &Context) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let RelationKind::ForeignTable(foreign) = &relation.kind else {
            return Err(SqlError::new("42809", format!("\"{}\" is not a foreign table", relation.name)).into());
        };
        let (server, old) = (foreign.server, foreign.options.clone());
        let options = self.generic_options(Of::Table, &old, written, self.validator_of(server), cx)?;
        if let Some(relation) = self.catalog.relation_mut(rel)
            && let RelationKind::ForeignTable(foreign) = &mut relation.kind
        {
            foreign.options = options;
            relation.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// `tablecmds.c: ATExecAlterColumnGenericOptions`
    pub(in crate::replay) fn alter_foreign_column(
        &mut self,
        rel: Oid,
        column: &Name,
        written: &[DefElem],
        cx: &Context,
    ) -> Exec {
        let Some(relation) = self.catalog.relation(rel) else { return Ok(()) };
        let RelationKind::ForeignTable(foreign) = &relation.kind else {
            return Err(SqlError::new("42809", format!("\"{}\" is not a foreign table", relation.name)).into());
        };
        let number = match relation.column(column) {
            Some(found) => found.number,
            None if crate::expr::is_system_column(column) => {
                return Err(SqlError::new("0A000", format!("cannot alter system column \"{column}\"")).into());
            }
            None => return Err(lookup::undefined_column(&self.catalog, relation, column, Loc::NONE)),
        };
        let old = foreign.column_options(number).to_vec();
        let validator = self.validator_of(foreign.server);
        let options = self.generic_options(Of::Column, &old, written, validator, cx)?;
        if let Some(relation) = self.catalog.relation_mut(rel) {
            if let Some(column) = relation.column_at_mut(number) {
                column.provenance.change(cx.origin, ChangeKind::Definition);
            }
            if let RelationKind::ForeignTable(foreign) = &mut relation.kind {
                foreign.columns.retain(|(n, _)| *n != number);
                if !options.is_empty() {
                    foreign.columns.push((number, options));
                    foreign.columns.sort_unstable_by_key(|(n, _)| *n);
                }
            }
        }
        Ok(())
    }
}

/// The function of `HANDLER` or `VALIDATOR`; nothing for NO.
fn function_name(option: &DefElem) -> Option<QualifiedName> {
    match &option.value {
        Some(DefValue::Names(names)) => match names.as_slice() {
            [.., schema, name] => {
                Some(QualifiedName { schema: Some(schema.clone()), name: name.clone(), loc: option.loc })
            }
            [name] => Some(QualifiedName::bare(name.clone())),
            [] => None,
        },
        _ => None,
    }
}
