//! Rules, functions, indexes, checks, defaults and triggers of a server, as they print here.

use std::collections::HashMap;

use pgproof::catalog::tree::Expr;
use pgproof::catalog::{FunctionKind, Oid, PG_CATALOG};
use pgproof::expr::deparse::*;
use pgproof::replay::Exec;
use pgproof::sql::ast::{Name, ParamMode, TriggerEvents, TriggerTiming, Volatility};

use super::convert::Kind;
use super::{Source, difference, reader};

/// Texts that are the same, and differences.
#[derive(Default)]
pub struct Outcome {
    pub same: usize,
    pub failures: Vec<String>,
}

impl Outcome {
    pub fn check(&mut self, name: &str, expected: &str, text: Exec<String>) {
        match text {
            Ok(text) if text == expected => self.same += 1,
            Ok(text) => self.failures.push(difference(name, expected, &text)),
            Err(stop) => self.failures.push(format!("{name}: {stop:?}")),
        }
    }
}

/// Rules of schema `s`.
pub fn rules(source: &mut Source<'_>, outcome: &mut Outcome) {
    let deparser = Deparser::new(source.catalog, &[]);
    let rows = source.client.query(
        "SELECT rulename::text, ev_class, ev_type::text, ev_qual::text, ev_action::text, is_instead, pg_get_ruledef(r.oid), pg_get_ruledef(r.oid, true)
         FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = relnamespace
         WHERE nspname = 's' AND rulename <> '_RETURN' ORDER BY 1", &[]).expect("rules");
    for row in rows {
        let name: String = row.get(0);
        let actions = source.converter().queries(&reader::read(row.get(4))).unwrap_or_else(|e| panic!("{name}: {e}"));
        let qual: Option<Expr> = match reader::read(row.get(3)) {
            reader::Value::Null => None,
            value => Some(source.converter().expr(&value).unwrap_or_else(|e| panic!("{name}: {e}"))),
        };
        let rule = RuleDef {
            name: &name,
            relation: source.oid(Kind::Relation, row.get(1)),
            event: match row.get::<_, String>(2).as_str() {
                "2" => RuleEvent::Update,
                "3" => RuleEvent::Insert,
                _ => RuleEvent::Delete,
            },
            qual: qual.as_ref(),
            instead: row.get(5),
            actions: &actions,
        };
        outcome.check(&name, row.get(6), deparser.rule_def(&rule));
        outcome.check(&name, row.get(7), deparser.clone().pretty(Pretty::PRETTY).rule_def(&rule));
    }
}

/// Functions of schema `s`.
pub fn functions(source: &mut Source<'_>, outcome: &mut Outcome) {
    let deparser = Deparser::new(source.catalog, &[]);
    let rows = source.client.query(
        "SELECT p.proname::text, p.prokind::text, COALESCE(p.proallargtypes::oid[], p.proargtypes::oid[]), p.proargmodes::text[], p.proargnames,
                p.proargdefaults::text, p.pronargs::int, p.pronargdefaults::int, p.prorettype, p.proretset, l.lanname::text, p.provolatile::text,
                p.proparallel::text, p.proisstrict, p.prosecdef, p.proleakproof, p.procost, p.prorows, p.proconfig, p.prosrc, p.prosqlbody::text,
                pg_get_functiondef(p.oid), pg_get_function_arguments(p.oid), pg_get_function_identity_arguments(p.oid)
         FROM pg_proc p JOIN pg_language l ON l.oid = prolang JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 's' AND prokind <> 'a' ORDER BY p.oid", &[]).expect("functions");
    for row in rows {
        let name: String = row.get(0);
        let types: Vec<u32> = row.get(2);
        let modes: Option<Vec<String>> = row.get(3);
        let names: Option<Vec<String>> = row.get(4);
        let names: Vec<Option<Name>> =
            (0..types.len()).map(|i| names.as_ref().map(|n| Name::from(n[i].as_str()))).collect();
        let defaults: Vec<Expr> = match row.get::<_, Option<String>>(5).map(|t| reader::read(&t)) {
            Some(reader::Value::List(items)) => {
                items.iter().map(|v| source.converter().expr(v).expect("a default")).collect()
            }
            _ => Vec::new(),
        };
        let mode = |i: usize| match modes.as_ref().map_or("i", |m| m[i].as_str()) {
            "o" => ParamMode::Out,
            "b" => ParamMode::InOut,
            "v" => ParamMode::Variadic,
            "t" => ParamMode::Table,
            _ => ParamMode::In,
        };
        let lacking = row.get::<_, i32>(6) - row.get::<_, i32>(7);
        let mut input = 0;
        let params = (0..types.len())
            .map(|i| {
                let is_input = matches!(mode(i), ParamMode::In | ParamMode::InOut | ParamMode::Variadic);
                let default = (is_input && input >= lacking).then(|| &defaults[(input - lacking) as usize]);
                input += i32::from(is_input);
                ParamDef { name: names[i].as_ref(), ty: source.oid(Kind::Type, types[i]), mode: mode(i), default }
            })
            .collect();
        let body_tree = row.get::<_, Option<String>>(20).map(|t| reader::read(&t));
        let queries = match &body_tree {
            Some(tree) => match source.converter().queries(tree) {
                Ok(queries) => queries,
                Err(reason) => {
                    eprintln!("{name}: {reason}");
                    continue;
                }
            },
            None => Vec::new(),
        };
        let text: String = row.get(19);
        let config: Vec<(Name, String)> = row
            .get::<_, Option<Vec<String>>>(18)
            .unwrap_or_default()
            .iter()
            .filter_map(|item| item.split_once('='))
            .map(|(n, v)| (n.into(), v.to_owned()))
            .collect();
        let language: String = row.get(10);
        let function = FunctionDef {
            name: &name,
            schema: source.catalog.schema_named("s").expect("the schema").oid,
            kind: match row.get::<_, String>(1).as_str() {
                "p" => FunctionKind::Procedure,
                "w" => FunctionKind::Window,
                _ => FunctionKind::Function,
            },
            params,
            direct_args: None,
            returns: source.oid(Kind::Type, row.get(8)),
            returns_set: row.get(9),
            transforms: &[],
            language: &language,
            volatility: match row.get::<_, String>(11).as_str() {
                "i" => Volatility::Immutable,
                "s" => Volatility::Stable,
                _ => Volatility::Volatile,
            },
            parallel: row.get::<_, String>(12).chars().next().unwrap_or('u'),
            strict: row.get(13),
            security_definer: row.get(14),
            leakproof: row.get(15),
            cost: Some(row.get(16)),
            rows: Some(row.get(17)),
            support: Oid::INVALID,
            config: &config,
            body: match &body_tree {
                None => BodyDef::Source { file: None, text: &text },
                Some(reader::Value::List(_)) => BodyDef::Atomic(&queries),
                Some(_) => BodyDef::Return(&queries[0]),
            },
        };
        outcome.check(&name, row.get(21), deparser.function_def(&function));
        outcome.check(&name, row.get(22), deparser.function_arguments(&function));
        outcome.check(&name, row.get(23), deparser.function_identity_arguments(&function));
    }
}

/// Checks and defaults of schema `s`.
pub fn expressions(source: &mut Source<'_>, outcome: &mut Outcome) {
    let deparser = Deparser::new(source.catalog, &[]);
    for sql in [
        "SELECT conname::text, conrelid, conbin::text, pg_get_expr(conbin, conrelid), pg_get_expr(conbin, conrelid, true) FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = 's' AND contype = 'c'",
        "SELECT attname::text, adrelid, adbin::text, pg_get_expr(adbin, adrelid), pg_get_expr(adbin, adrelid, true) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum",
    ] {
        for row in source.client.query(sql, &[]).expect("expressions") {
            let name: String = row.get(0);
            let relation = Some(source.oid(Kind::Relation, row.get(1))).filter(|&oid| oid != Oid::INVALID);
            let Ok(expr) = source.converter().expr(&reader::read(row.get(2))).map_err(|e| eprintln!("{name}: {e}"))
            else {
                continue;
            };
            outcome.check(&name, row.get(3), deparser.expr(&expr, relation));
            outcome.check(&name, row.get(4), deparser.clone().pretty(Pretty::PRETTY).expr(&expr, relation));
        }
    }
}

/// Triggers of schema `s`.
pub fn triggers(source: &mut Source<'_>, outcome: &mut Outcome) {
    let deparser = Deparser::new(source.catalog, &[]);
    let rows = source.client.query(
        "SELECT tgname::text, tgrelid, tgqual::text, tgtype::int, tgfoid, pg_get_triggerdef(t.oid), pg_get_triggerdef(t.oid, true), tgattr::int2[]
         FROM pg_trigger t WHERE NOT tgisinternal AND tgconstraint = 0", &[]).expect("triggers");
    for row in rows {
        let name: String = row.get(0);
        let when =
            row.get::<_, Option<String>>(2).map(|t| source.converter().expr(&reader::read(&t)).expect("a condition"));
        let bits: i32 = row.get(3);
        let columns: Vec<i16> = row.get(7);
        let trigger = TriggerDef {
            name: &name,
            relation: source.oid(Kind::Relation, row.get(1)),
            function: source.oid(Kind::Function, row.get(4)),
            args: &[],
            timing: if bits & 2 != 0 {
                TriggerTiming::Before
            } else if bits & 64 != 0 {
                TriggerTiming::InsteadOf
            } else {
                TriggerTiming::After
            },
            row: bits & 1 != 0,
            events: TriggerEvents {
                insert: bits & 4 != 0,
                delete: bits & 8 != 0,
                update: bits & 16 != 0,
                truncate: bits & 32 != 0,
            },
            columns: &columns,
            when: when.as_ref(),
            constraint: false,
            constraint_from: None,
            deferrable: false,
            initially_deferred: false,
            old_table: None,
            new_table: None,
        };
        outcome.check(&name, row.get(5), deparser.trigger_def(&trigger));
        outcome.check(&name, row.get(6), deparser.clone().pretty(Pretty::PRETTY).trigger_def(&trigger));
    }
}

/// Indexes of schema `s`.
pub fn indexes(source: &mut Source<'_>, outcome: &mut Outcome) {
    let deparser = Deparser::new(source.catalog, &[]);
    let rows = source.client.query(
        "SELECT c.relname::text, indrelid, amname::text, indisunique, indnkeyatts::int, indkey::int2[], indcollation::oid[], indoption::int2[],
                ARRAY(SELECT opcname::text FROM unnest(indclass) WITH ORDINALITY u (o, i) JOIN pg_opclass p ON p.oid = o ORDER BY i),
                indexprs::text, indpred::text, pg_get_indexdef(c.oid), pg_get_indexdef(c.oid, 0, true), c.reloptions,
                ARRAY(SELECT array_to_string(attoptions, ',') FROM pg_attribute WHERE attrelid = c.oid ORDER BY attnum),
                COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false)
         FROM pg_index i JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 's' ORDER BY 1", &[]).expect("indexes");
    for row in rows {
        let name: String = row.get(0);
        let table = source.oid(Kind::Relation, row.get(1));
        let method: String = row.get(2);
        let key_count = row.get::<_, i32>(4) as usize;
        let numbers: Vec<i16> = row.get(5);
        let collations: Vec<u32> = row.get(6);
        let options: Vec<i16> = row.get(7);
        let classes: Vec<String> = row.get(8);
        let exprs: Vec<Expr> = match row.get::<_, Option<String>>(9).map(|t| reader::read(&t)) {
            Some(reader::Value::List(items)) => {
                items.iter().map(|v| source.converter().expr(v).expect("a key")).collect()
            }
            _ => Vec::new(),
        };
        let predicate =
            row.get::<_, Option<String>>(10).map(|t| source.converter().expr(&reader::read(&t)).expect("a predicate"));
        let pairs = |text: &str| -> Vec<(Name, String)> {
            text.split(',').filter_map(|item| item.split_once('=')).map(|(n, v)| (n.into(), v.to_owned())).collect()
        };
        let class_options: Vec<Option<String>> = row.get(14);
        let class_options: Vec<Vec<(Name, String)>> =
            class_options.iter().map(|o| o.as_deref().map(pairs).unwrap_or_default()).collect();
        let reloptions = row.get::<_, Option<Vec<String>>>(13).unwrap_or_default().join(",");
        let reloptions = pairs(&reloptions);
        let own_collations: HashMap<i16, u32> = source
            .client
            .query("SELECT attnum, attcollation FROM pg_attribute WHERE attrelid = $1", &[&row.get::<_, u32>(1)])
            .expect("columns")
            .iter()
            .map(|r| (r.get(0), r.get(1)))
            .collect();
        let mut next = exprs.iter();
        let keys = (0..key_count)
            .map(|i| IndexKeyDef {
                what: match numbers[i] {
                    0 => IndexColumn::Expr(next.next().expect("an expression")),
                    number => IndexColumn::Column(number, Oid(own_collations[&number])),
                },
                collation: Oid(collations[i]),
                opclass: source.catalog.opclass_in(PG_CATALOG, &method, &classes[i]).expect("a class").oid,
                opclass_options: &class_options[i],
                descending: options[i] & 1 != 0,
                nulls_first: options[i] & 2 != 0,
                operator: Oid::INVALID,
            })
            .collect();
        let index = IndexDef {
            name: &name,
            table,
            partitioned: false,
            method: &method,
            unique: row.get(3),
            keys,
            including: &numbers[key_count..],
            nulls_not_distinct: row.get(15),
            options: &reloptions,
            predicate: predicate.as_ref(),
        };
        outcome.check(&name, row.get(11), deparser.index_def(&index));
        outcome.check(&name, row.get(12), deparser.clone().pretty(Pretty::PRETTY).index_def(&index));
    }
}
