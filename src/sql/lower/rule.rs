//! Rules, extended statistics, event triggers.

use super::*;

impl Lowerer<'_> {
    pub(super) fn create_rule(&mut self, rule: pg::RuleStmt) -> CreateRule {
        let event = match rule.event() {
            pg::CmdType::CmdSelect => RuleEvent::Select,
            pg::CmdType::CmdInsert => RuleEvent::Insert,
            pg::CmdType::CmdUpdate => RuleEvent::Update,
            pg::CmdType::CmdDelete => RuleEvent::Delete,
            pg::CmdType::CmdMerge
            | pg::CmdType::CmdUtility
            | pg::CmdType::CmdNothing
            | pg::CmdType::CmdUnknown
            | pg::CmdType::Undefined => {
                self.unexpected();
                RuleEvent::Select
            }
        };
        CreateRule {
            name: rule.rulename.into(),
            relation: self.relation(rule.relation),
            or_replace: rule.replace,
            event,
            instead: rule.instead,
            qualification: self.expr_if_any(rule.where_clause),
            actions: nodes(rule.actions).map(|node| self.statement(Some(node))).to_vec(),
        }
    }

    pub(super) fn create_statistics(&mut self, create: pg::CreateStatsStmt) -> CreateStatistics {
        let elements = nodes(create.exprs).filter_map(|node| match node {
            NodeEnum::StatsElem(elem) => Some(match boxed(elem.expr) {
                Some(expr) => StatisticsElem::Expr(self.expr(Some(expr))),
                None => StatisticsElem::Column(elem.name.into()),
            }),
            _ => {
                self.unexpected();
                None
            }
        });
        CreateStatistics {
            elements: elements.to_vec(),
            name: self.qualified_if_any(create.defnames),
            if_not_exists: create.if_not_exists,
            kinds: self.names(create.stat_types),
            from: self.table_refs(create.relations),
        }
    }

    pub(super) fn alter_statistics(&mut self, alter: pg::AlterStatsStmt) -> AlterStatistics {
        AlterStatistics {
            name: self.qualified(alter.defnames, Loc::NONE),
            missing_ok: alter.missing_ok,
            target: match boxed(alter.stxstattarget) {
                Some(NodeEnum::Integer(integer)) => Some(integer.ival),
                Some(_) => {
                    self.unexpected();
                    None
                }
                None => None,
            },
        }
    }

    pub(super) fn create_event_trigger(&mut self, create: pg::CreateEventTrigStmt) -> CreateEventTrigger {
        let when = self.def_elems(create.whenclause).into_iter().map(|elem| {
            let loc = self.loc(elem.location);
            let values = self.list(boxed(elem.arg));
            EventTriggerFilter { variable: elem.defname.into(), values: self.strings(values), loc }
        });
        CreateEventTrigger {
            when: when.to_vec(),
            name: create.trigname.into(),
            event: create.eventname.into(),
            function: self.qualified(create.funcname, Loc::NONE),
        }
    }

    pub(super) fn alter_event_trigger(&mut self, alter: pg::AlterEventTrigStmt) -> AlterEventTrigger {
        // pg_trigger.h: TRIGGER_FIRES_…
        let state = match alter.tgenabled.as_str() {
            "O" => FiringState::Enabled,
            "A" => FiringState::Always,
            "R" => FiringState::Replica,
            "D" => FiringState::Disabled,
            _ => {
                self.unexpected();
                FiringState::Enabled
            }
        };
        AlterEventTrigger { name: alter.trigname.into(), state }
    }
}
