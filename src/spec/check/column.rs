//! A column exists and is as described.

use super::opinion::{Aspects, Opinion, Problem, finding, join_and};
use super::{Checker, Scope};
use crate::catalog::{ChangeKind, Column, IndexKeyKind, Relation, TypeRef};
use crate::report::{Label, Severity, closest};
use crate::spec::exprs::{self, SqlProblem};
use crate::spec::model::{ColumnDemand, DefaultDemand, RelationName, Requirement, TypeText};
use crate::spec::names::quote;

impl<'c> Checker<'c> {
    pub(super) fn column(
        &self,
        requirement: &Requirement,
        table: &RelationName,
        demand: &ColumnDemand,
        scope: &Scope,
    ) -> Opinion {
        let subject = format!("column {table}.{}", quote(&demand.name));
        let relation = match self.table(table) {
            Ok(relation) => relation,
            Err(missing) => return missing.opinion("missing-table", &subject),
        };
        let column = match self.column_of(relation, &demand.name) {
            Ok(column) => column,
            Err(missing) => {
                let opinion = missing.opinion_on_itself("missing-column", &subject);
                return match missing.help.is_some() || missing.doubt.is_some() {
                    true => opinion,
                    false => opinion.help(self.add_column(table, demand)),
                };
            }
        };
        let mut aspects = Aspects::new();
        let provenance = &column.provenance;
        let exists = self.doubt(relation, provenance.last());
        aspects.met(exists, provenance.created, format!("column {} made here", quote(&column.name)));
        let named = provenance.last_of(ChangeKind::Name);
        if named != provenance.created {
            aspects.met(exists, named, "named here");
        }
        let at = ColumnAt { relation, column, sql_name: self.sql_name(table) };
        let mut said = Vec::new();
        if !demand.types.is_empty() {
            said.push(self.column_type(requirement, &at, &demand.types, scope, &mut aspects));
        }
        if let Some(nullable) = &demand.nullable {
            said.push(self.nullability(&at, nullable.value, &mut aspects));
        }
        if let Some(default) = &demand.default {
            said.push(self.column_default(&at, &default.value, scope, &mut aspects));
        }
        if let Some(unique) = &demand.unique {
            said.push(self.uniqueness(&at, unique.value, &mut aspects));
        }
        aspects.into_opinion(&subject, || match said.is_empty() {
            true => format!("{subject} exists"),
            false => {
                let said: Vec<&str> = said.iter().map(String::as_str).collect();
                format!("{subject} {}", join_and(&said))
            }
        })
    }

    fn add_column(&self, table: &RelationName, demand: &ColumnDemand) -> String {
        let mut help =
            format!("ALTER TABLE {} ADD COLUMN {}", self.sql_name(table), self.catalog.quote_identifier(&demand.name));
        help.push_str(&format!(" {}", demand.types.first().map_or("<type>", |ty| ty.text.as_str())));
        if let Some(DefaultDemand::Expr(expr)) = demand.default.as_ref().map(|default| &default.value) {
            help.push_str(&format!(" DEFAULT {}", expr.text));
        }
        if demand.nullable.as_ref().is_some_and(|nullable| !nullable.value) {
            help.push_str(" NOT NULL");
        }
        if demand.unique.as_ref().is_some_and(|unique| unique.value) {
            help.push_str(" UNIQUE");
        }
        help.push(';');
        help
    }

    /// Types are compared with their modifiers: `varchar` is not `varchar(20)`, because a longer value fits only one.
    fn column_type(
        &self,
        requirement: &Requirement,
        at: &ColumnAt<'c>,
        wanted: &[TypeText],
        scope: &Scope,
        aspects: &mut Aspects<'c>,
    ) -> String {
        let provenance = &at.column.provenance;
        let decided = provenance.last_of(ChangeKind::Type);
        let doubt = self.doubt(at.relation, decided);
        let has = self.catalog.format_type(at.column.ty, &scope.path);
        let resolved: Vec<Result<TypeRef, SqlProblem>> =
            wanted.iter().map(|ty| exprs::resolve_type(self.catalog, &scope.path, &ty.ast)).collect();
        if resolved.iter().any(|ty| ty.as_ref() == Ok(&at.column.ty)) {
            if decided != provenance.created || doubt.is_some() {
                aspects.met(doubt, decided, format!("type {has} set here"));
            }
            return format!("has the type {has}");
        }
        let known: Vec<String> =
            resolved.iter().flatten().map(|ty| self.catalog.format_type(*ty, &scope.path)).collect();
        for (ty, problem) in wanted.iter().zip(&resolved).filter_map(|(ty, r)| r.as_ref().err().map(|p| (ty, p))) {
            if problem.undecided {
                aspects.undecided.push(problem.message.clone());
            } else if !known.is_empty() {
                self.unknown_type(requirement, ty, &problem.message);
            } else {
                let text = format!("must have a type that is not known: {}", problem.message);
                let mut unknown = Problem::new("unknown-type", text);
                unknown.fix = self.similar_type(&ty.ast.name.name);
                unknown.remarks.push(Label { place: ty.place, text: "no such type".to_owned() });
                aspects.unmet(None, unknown);
            }
        }
        // The column may have the type that is not known.
        if !known.is_empty() && aspects.undecided.is_empty() {
            let or = known.join(" or ");
            let problem = Problem::new("wrong-type", format!("has the type {has} instead of {or}"))
                .at(decided, format!("the type {has}"))
                .fix(format!(
                    "ALTER TABLE {} ALTER COLUMN {} TYPE {};",
                    at.sql_name,
                    self.catalog.quote_identifier(&at.column.name),
                    known[0]
                ));
            aspects.unmet(doubt, problem);
        }
        format!("has the type {has}")
    }

    fn unknown_type(&self, requirement: &Requirement, ty: &TypeText, problem: &str) {
        let message = format!("{} names a type that does not exist: {problem}", requirement.id);
        let mut diagnostic = finding("unknown-type", Severity::Warning, message).label(ty.place, "no such type");
        diagnostic.help = self.similar_type(&ty.ast.name.name);
        self.findings.borrow_mut().push(diagnostic);
    }

    fn similar_type(&self, name: &str) -> Option<String> {
        const SPELLINGS: [&str; 10] = [
            "integer",
            "bigint",
            "smallint",
            "boolean",
            "numeric",
            "double precision",
            "character varying",
            "timestamp with time zone",
            "real",
            "decimal",
        ];
        let builtin =
            self.catalog.builtins().all_types().filter(|ty| !ty.is_array() && ty.typtype != 'p' && !ty.is_row_type);
        let user = self.catalog.types().map(|ty| ty.name.as_str()).filter(|name| !name.starts_with('_'));
        let names = SPELLINGS.into_iter().chain(builtin.map(|ty| ty.name)).chain(user);
        closest(name, names).map(|near| format!("did you mean `{near}`?"))
    }

    fn nullability(&self, at: &ColumnAt<'c>, nullable: bool, aspects: &mut Aspects<'c>) -> String {
        let provenance = &at.column.provenance;
        let decided = provenance.last_of(ChangeKind::NotNull);
        let doubt = self.doubt(at.relation, decided);
        let is = if at.column.not_null { "is NOT NULL" } else { "allows NULL" };
        if at.column.not_null != nullable {
            if decided != provenance.created || doubt.is_some() {
                aspects.met(
                    doubt,
                    decided,
                    format!("{} here", if nullable { "made nullable" } else { "made NOT NULL" }),
                );
            }
            return is.to_owned();
        }
        let action = if nullable { "DROP NOT NULL" } else { "SET NOT NULL" };
        let problem = Problem::new("wrong-nullability", is).at(decided, is).fix(format!(
            "ALTER TABLE {} ALTER COLUMN {} {action};",
            at.sql_name,
            self.catalog.quote_identifier(&at.column.name)
        ));
        aspects.unmet(doubt, problem);
        is.to_owned()
    }

    fn column_default(
        &self,
        at: &ColumnAt<'c>,
        wanted: &DefaultDemand,
        scope: &Scope,
        aspects: &mut Aspects<'c>,
    ) -> String {
        let provenance = &at.column.provenance;
        let decided = provenance.last_of(ChangeKind::Default);
        let doubt = self.doubt(at.relation, decided);
        let column = self.catalog.quote_identifier(&at.column.name);
        let alter = |action: &str| format!("ALTER TABLE {} ALTER COLUMN {column} {action};", at.sql_name);
        let is = match (&at.column.generated, at.column.identity, &at.column.default) {
            (Some(_), ..) => "is generated",
            (None, Some(_), _) => "is an identity column",
            (None, None, Some(_)) => "has a default",
            (None, None, None) => "has no default",
        };
        let wanted_expr = match wanted {
            DefaultDemand::None => {
                if at.column.default.is_none() && at.column.generated.is_none() && at.column.identity.is_none() {
                    if decided != provenance.created || doubt.is_some() {
                        aspects.met(doubt, decided, "default dropped here");
                    }
                } else {
                    let mut problem = Problem::new("wrong-default", format!("{is} and must have none")).at(decided, is);
                    problem.fix = at.column.default.is_some().then(|| alter("DROP DEFAULT"));
                    aspects.unmet(doubt, problem);
                }
                return "has no default".to_owned();
            }
            DefaultDemand::Expr(expr) => expr,
        };
        let met = format!("has the default {}", wanted_expr.text);
        let bound = match exprs::bind_default(self.catalog, &scope.path, at.column, &wanted_expr.ast) {
            Ok(bound) => bound,
            Err(problem) if problem.undecided => {
                aspects.undecided.push(problem.message);
                return met;
            }
            Err(problem) => {
                let text = format!("cannot have the default {}: {}", wanted_expr.text, problem.message);
                aspects.problems.push(Problem { fix: problem.help, ..Problem::new("wrong-default", text) });
                return met;
            }
        };
        let default = at.column.default.as_ref().filter(|_| at.column.generated.is_none());
        match default {
            Some(default) if exprs::is_equivalent(self.catalog, &bound, default) => {
                if decided != provenance.created || doubt.is_some() {
                    aspects.met(doubt, decided, "default set here");
                }
            }
            other => {
                let text = match other {
                    Some(_) => format!("has another default than {}", wanted_expr.text),
                    None => format!("{is} and must have the default {}", wanted_expr.text),
                };
                let problem = Problem::new("wrong-default", text)
                    .at(decided, is)
                    .fix(alter(&format!("SET DEFAULT {}", wanted_expr.text)));
                aspects.unmet(doubt, problem);
            }
        }
        met
    }

    /// By a primary key, a unique constraint, or a unique index that is valid, not partial, and on this column alone.
    fn uniqueness(&self, at: &ColumnAt<'c>, unique: bool, aspects: &mut Aspects<'c>) -> String {
        let (relation, column) = (at.relation, at.column);
        let mut nearly = None;
        let mut found = None;
        for index in relation.indexes.iter().filter_map(|oid| self.catalog.relation(*oid)) {
            let Some(definition) = index.as_index().filter(|definition| definition.unique) else { continue };
            let keys_are =
                |key: &crate::catalog::IndexKey| matches!(key.what, IndexKeyKind::Column(n) if n == column.number);
            let why_not = match definition.keys.as_slice() {
                [key] if keys_are(key) => match (definition.valid, &definition.predicate) {
                    (true, None) => {
                        found = Some(index);
                        break;
                    }
                    (false, _) => "is not valid",
                    (true, Some(_)) => "is partial",
                },
                keys if keys.iter().any(keys_are) => "has other columns too",
                _ => continue,
            };
            nearly = nearly.or(Some((index, why_not)));
        }
        match (found, unique) {
            (Some(index), true) => {
                let doubt = self
                    .doubt(relation, index.provenance.last())
                    .or_else(|| self.doubt(index, index.provenance.last()));
                aspects.met(doubt, index.provenance.created, format!("unique by {} here", quote(&index.name)));
            }
            (Some(index), false) => {
                let made = index.provenance.created;
                let problem = Problem::new("unique", "is unique and must not be")
                    .at(made, format!("unique by {} here", quote(&index.name)));
                aspects.unmet(self.doubt(relation, made), problem);
            }
            (None, false) => aspects.doubts.extend(self.doubt(relation, column.provenance.created)),
            (None, true) => {
                let mut text = "is not unique".to_owned();
                let mut problem = Problem::new("not-unique", "");
                if let Some((index, why_not)) = nearly {
                    text.push_str(&format!(": unique index {} {why_not}", quote(&index.name)));
                    problem = problem.at(index.provenance.last(), why_not);
                }
                if nearly.is_none() {
                    problem.evidence.extend(self.lost_key(relation, &column.name));
                }
                problem.text = text;
                problem.fix = Some(format!(
                    "ALTER TABLE {} ADD UNIQUE ({});",
                    at.sql_name,
                    self.catalog.quote_identifier(&column.name)
                ));
                aspects.unmet(self.doubt(relation, column.provenance.created), problem);
            }
        }
        if unique { "is unique".to_owned() } else { "is not unique".to_owned() }
    }
}

/// A column that is judged.
struct ColumnAt<'c> {
    relation: &'c Relation,
    column: &'c Column,
    sql_name: String,
}
