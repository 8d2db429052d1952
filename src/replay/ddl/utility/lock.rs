//! LOCK (`lockcmds.c`).

use crate::catalog::{Object, Oid, Privs, Relation, RelationKind};
use crate::replay::ddl::dml::judged;
use crate::replay::permission::kind_of;
use crate::replay::permission::rows::is_security_invoker;
use crate::replay::{Exec, Replay, SqlError};
use crate::sql::ast::{LockMode, RangeVar};

impl Replay {
    /// `lockcmds.c: LockTableCommand`
    pub(in crate::replay) fn lock(&self, relations: &[RangeVar], mode: LockMode) -> Exec {
        // `xact.c: RequireTransactionBlock`; code is in one.
        if !self.code.in_block && self.code.bodies == 0 && self.code.depth == 0 {
            return Err(SqlError::new("25P01", "LOCK TABLE can only be used in transaction blocks").into());
        }
        for name in relations {
            let Some(Some(oid)) = judged(self.utility_target(name))? else { continue };
            let Some(relation) = self.catalog.relation(oid) else { continue };
            if !can_be_locked(relation) {
                let error = SqlError::new("42809", format!("cannot lock relation \"{}\"", name.name.name));
                let kinds = self.catalog.kinds_in_words(relation);
                return Err(error.detail(format!("This operation is not supported for {kinds}.")).into());
            }
            self.check_lock(relation, mode, self.session.current_user)?;
            self.lock_view(relation, mode, &mut Vec::new())?;
        }
        Ok(())
    }

    /// `lockcmds.c: LockTableAclCheck`
    fn check_lock(&self, relation: &Relation, mode: LockMode, user: Oid) -> Exec {
        let writes = Privs::UPDATE.with(Privs::DELETE).with(Privs::TRUNCATE);
        let wanted = if self.catalog.version() >= 16 {
            let always = writes.with(Privs::MAINTAIN);
            match mode {
                LockMode::AccessShare => always.with(Privs::SELECT).with(Privs::INSERT),
                LockMode::RowShare | LockMode::RowExclusive => always.with(Privs::INSERT),
                LockMode::Stronger => always,
            }
        } else {
            match mode {
                LockMode::AccessShare => Privs::SELECT,
                LockMode::RowExclusive => writes.with(Privs::INSERT),
                LockMode::RowShare | LockMode::Stronger => writes,
            }
        };
        if self.has_any_on_relation(user, relation, wanted) {
            return Ok(());
        }
        let message = format!("permission denied for {} {}", kind_of(relation), relation.name);
        Err(SqlError::new("42501", message).into())
    }

    /// What a view reads is locked with the rights of its owner (`lockcmds.c: LockViewRecurse`).
    fn lock_view(&self, view: &Relation, mode: LockMode, above: &mut Vec<Oid>) -> Exec {
        let RelationKind::View(query) = &view.kind else { return Ok(()) };
        if above.contains(&view.oid) {
            let message = format!("infinite recursion detected in rules for relation \"{}\"", view.name);
            return Err(SqlError::new("42P17", message).into());
        }
        above.push(view.oid);
        let user = if is_security_invoker(view) { self.session.current_user } else { view.owner };
        let mut seen = Vec::new();
        for object in &query.depends_on {
            let (Object::Relation(oid) | Object::Column(oid, _)) = *object else { continue };
            let Some(relation) = self.catalog.relation(oid).filter(|r| can_be_locked(r)) else { continue };
            if !seen.contains(&oid) {
                seen.push(oid);
                self.check_lock(relation, mode, user)?;
                self.lock_view(relation, mode, above)?;
            }
        }
        above.pop();
        Ok(())
    }
}

fn can_be_locked(relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable(_) | RelationKind::View(_) => true,
        RelationKind::ForeignTable(_)
        | RelationKind::MaterializedView(..)
        | RelationKind::Sequence(_)
        | RelationKind::Index(_)
        | RelationKind::CompositeType => false,
    }
}
