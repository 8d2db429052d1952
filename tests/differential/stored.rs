//! What the replay's catalog says of operators, casts, operator classes, ranges, aggregates, collations, text search.

use pgproof::catalog::builtin::CastContext;
use pgproof::catalog::{
    AggregateKind, CastPath, Catalog, ConstraintKind, DependencyKind, Object, Oid, Relation, TypeKind,
};

use super::path;

type Rows = Vec<Vec<String>>;

fn flag(value: bool) -> String {
    if value { "t" } else { "f" }.to_owned()
}

fn own(catalog: &Catalog, object: Object) -> bool {
    !catalog.dependencies.of(object).any(|edge| edge.kind == DependencyKind::Extension)
}

fn ty(catalog: &Catalog, oid: Oid) -> String {
    catalog.format_type_be(oid, &path())
}

/// `regproc`, which is qualified where the name is not one function's alone.
fn function(catalog: &Catalog, oid: Oid) -> String {
    let Some(function) = catalog.function_info(oid) else { return "-".to_owned() };
    let same = path();
    let mut same = same.iter().flat_map(|&schema| catalog.functions_by_name(schema, function.name()));
    let name = super::quoted(catalog, function.name());
    match (same.next(), same.next()) {
        (Some(found), None) if found.oid() == oid => name,
        _ => format!("{}.{name}", super::quoted(catalog, catalog.schema_name(function.schema()))),
    }
}

pub fn operators(catalog: &Catalog) -> Rows {
    let operators = catalog.operators().filter(|o| own(catalog, Object::Operator(o.oid)));
    let link = |oid| match oid {
        // One that is gone may still be named, by its number.
        oid if catalog.operator_info(oid).is_none() => String::new(),
        oid => catalog.operator_signature(oid, &path()),
    };
    operators
        .map(|o| {
            vec![
                catalog.operator_signature(o.oid, &path()),
                function(catalog, o.function),
                flag(o.result == Oid::INVALID),
                link(o.commutator),
                link(o.negator),
                flag(o.can_merge),
                flag(o.can_hash),
                catalog.role_name(o.owner).to_owned(),
            ]
        })
        .collect()
}

pub fn casts(catalog: &Catalog) -> Rows {
    let casts = catalog.user_casts().filter(|c| own(catalog, Object::Cast(c.oid)));
    casts
        .map(|c| {
            let context = match c.context {
                CastContext::Explicit => "e",
                CastContext::Assignment => "a",
                CastContext::Implicit => "i",
            };
            let method = match c.path {
                CastPath::Function(_) => "f",
                CastPath::Binary => "b",
                CastPath::InOut => "i",
            };
            vec![catalog.describe(Object::Cast(c.oid), &path()), context.to_owned(), method.to_owned()]
        })
        .collect()
}

pub fn classes(catalog: &Catalog) -> Rows {
    let classes = catalog.opclasses().filter(|c| own(catalog, Object::OpClass(c.oid)));
    classes
        .map(|c| {
            vec![
                catalog.describe(Object::OpClass(c.oid), &path()),
                catalog.describe(Object::OpFamily(c.family), &path()),
                ty(catalog, c.input_type),
                flag(c.is_default),
            ]
        })
        .collect()
}

pub fn members(catalog: &Catalog) -> Rows {
    let families = catalog.opfamilies().filter(|f| own(catalog, Object::OpFamily(f.oid)));
    families
        .flat_map(|f| catalog.opfamily_operators(f.oid))
        .map(|m| {
            vec![
                catalog.describe(Object::OpFamily(m.family), &path()),
                m.strategy.to_string(),
                ty(catalog, m.left),
                ty(catalog, m.right),
                catalog.operator_signature(m.operator, &path()),
            ]
        })
        .collect()
}

pub fn ranges(catalog: &Catalog) -> Rows {
    let mut rows = Rows::new();
    for range in catalog.types() {
        let TypeKind::Range(of) = &range.kind else { continue };
        rows.push(vec![
            ty(catalog, range.oid),
            ty(catalog, of.subtype),
            ty(catalog, of.multirange),
            catalog.collation_info(of.collation).map_or(String::new(), |c| c.name.to_owned()),
            catalog.opclass_info(of.opclass).map_or(String::new(), |c| c.name.to_owned()),
            function(catalog, of.subtype_diff),
        ]);
    }
    rows
}

pub fn aggregates(catalog: &Catalog) -> Rows {
    let functions = catalog.functions().filter(|f| own(catalog, Object::Function(f.oid)));
    functions
        .filter_map(|f| Some((f, f.aggregate.as_deref()?)))
        .map(|(f, a)| {
            let kind = match a.kind {
                AggregateKind::Normal => "n",
                AggregateKind::OrderedSet => "o",
                AggregateKind::Hypothetical => "h",
            };
            vec![
                catalog.function_signature(f.oid, &path()),
                kind.to_owned(),
                a.direct_args.to_string(),
                function(catalog, a.transition),
                ty(catalog, a.transition_type),
                function(catalog, a.final_function),
                a.initial.clone().unwrap_or_else(|| "∅".to_owned()),
                flag(a.final_extra),
                a.final_modify.to_string(),
                function(catalog, a.moving_transition),
            ]
        })
        .collect()
}

pub fn bases(catalog: &Catalog) -> Rows {
    let types = catalog.types().filter(|t| own(catalog, Object::Type(t.oid)));
    types
        .filter_map(|t| catalog.type_info(t.oid))
        .filter(|t| t.typtype != 'c' && t.category != 'A')
        .map(|t| {
            let mut row = vec![ty(catalog, t.oid), t.len.to_string(), flag(t.by_value)];
            row.extend([t.align, t.storage, t.category].map(String::from));
            row.extend([flag(t.preferred), t.collation.0.to_string(), t.element.0.to_string()]);
            row.extend([flag(t.array == Oid::INVALID), flag(t.is_defined)]);
            row
        })
        .collect()
}

pub fn collations(catalog: &Catalog) -> Rows {
    catalog
        .collations()
        .map(|c| {
            vec![
                catalog.describe(Object::Collation(c.oid), &path()),
                c.provider.to_string(),
                flag(c.deterministic),
                catalog.role_name(c.owner).to_owned(),
            ]
        })
        .collect()
}

pub fn conversions(catalog: &Catalog) -> Rows {
    catalog
        .conversions()
        .map(|c| {
            let name = catalog.describe(Object::Conversion(c.oid), &path());
            vec![name, c.from.to_string(), c.to.to_string(), flag(c.is_default)]
        })
        .collect()
}

pub fn configurations(catalog: &Catalog) -> Rows {
    catalog
        .ts_configs()
        .map(|c| {
            let dict = |&oid: &Oid| catalog.ts_dict_name(oid).map_or("", |(_, name)| name);
            let mut mappings: Vec<String> = c
                .mappings
                .iter()
                .map(|(token, dicts)| format!("{token}={}", dicts.iter().map(dict).collect::<Vec<_>>().join(",")))
                .collect();
            mappings.sort();
            vec![catalog.describe(Object::TsConfig(c.oid), &path()), mappings.join(" ")]
        })
        .collect()
}

pub fn dictionaries(catalog: &Catalog) -> Rows {
    let dicts = catalog.ts_dicts().filter(|d| own(catalog, Object::TsDict(d.oid)));
    dicts
        .map(|d| {
            let template = catalog.builtins().text_search_name("ts_template", d.template).unwrap_or_default();
            let options: Vec<String> = d.options.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            vec![catalog.describe(Object::TsDict(d.oid), &path()), template.to_owned(), options.join(", ")]
        })
        .collect()
}

pub fn not_enforced(catalog: &Catalog) -> Rows {
    let of = |relation: &Relation| {
        let found = relation.constraints.iter().filter(|c| !c.enforced);
        found.map(|c| vec![catalog.relation_name(relation.oid, &path()), c.name.to_string()]).collect::<Vec<_>>()
    };
    catalog.relations().flat_map(of).collect()
}

pub fn operators_of_constraints(catalog: &Catalog) -> Rows {
    let text = |operators: Vec<Oid>| {
        let signatures = operators.iter().map(|&o| catalog.operator_signature(o, &path()));
        signatures.collect::<Vec<_>>().join(" ")
    };
    let mut rows = Vec::new();
    for relation in catalog.relations() {
        for constraint in &relation.constraints {
            let (period, exclusion, keys) = match &constraint.kind {
                ConstraintKind::Key { operators, .. } => (!operators.is_empty(), operators.clone(), Vec::new()),
                ConstraintKind::Exclusion { operators, .. } => (false, operators.clone(), Vec::new()),
                ConstraintKind::ForeignKey(key) => (key.period, Vec::new(), key.operators.clone()),
                _ => continue,
            };
            rows.push(vec![
                catalog.relation_name(relation.oid, &path()),
                constraint.name.to_string(),
                period.to_string(),
                text(exclusion),
                text(keys.iter().map(|o| o.pk_fk).collect()),
                text(keys.iter().map(|o| o.pk_pk).collect()),
                text(keys.iter().map(|o| o.fk_fk).collect()),
            ]);
        }
    }
    rows
}
