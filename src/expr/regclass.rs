//! Texts that stand for relations: constants of the type `regclass`. PostgreSQL stores their OIDs, so that a renamed
//! sequence is renamed in every `nextval('…')`.

use crate::catalog::{Catalog, Oid};
use crate::sql::ast::{Expr, ExprKind, FuncCall, Literal, Name, TypeName};

/// The text that a cast makes a `regclass` of.
pub(super) fn cast_to_regclass<'e>(operand: &'e Expr, ty: &TypeName) -> Option<(&'e Expr, &'e str)> {
    let system = ty.name.schema.as_deref().is_none_or(|s| s == "pg_catalog");
    let is_regclass = system && ty.name.name == "regclass" && ty.array_dims == 0;
    is_regclass.then(|| literal(operand)).flatten()
}

/// The text that a function of sequences takes as a `regclass`.
pub(super) fn argument_of_regclass(call: &FuncCall) -> Option<(&Expr, &str)> {
    let takes_sequence = matches!(call.name.name.as_str(), "nextval" | "currval" | "setval");
    takes_sequence.then(|| literal(&call.args.first()?.value)).flatten()
}

fn literal(expr: &Expr) -> Option<(&Expr, &str)> {
    match &expr.kind {
        ExprKind::Literal(Literal::String(text)) => Some((expr, text)),
        _ => None,
    }
}

/// The relation of that name, if there is one (`regproc.c: regclassin`).
pub(super) fn relation_of_text(catalog: &Catalog, path: &[Oid], text: &str) -> Option<Oid> {
    let found = match names(text)?.as_slice() {
        [name] => catalog.find_relation(path, name),
        [.., schema, name] => catalog.schema_named(schema).and_then(|s| catalog.relation_in(s.oid, name)),
        [] => None,
    };
    found.map(|relation| relation.oid)
}

/// The parts of a dotted name, folded where they are not quoted (`regproc.c: stringToQualifiedNameList`).
fn names(text: &str) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    let mut rest = text.trim();
    loop {
        let name = match rest.strip_prefix('"') {
            Some(quoted) => {
                let mut name = String::new();
                let mut chars = quoted.char_indices().peekable();
                loop {
                    match chars.next()? {
                        (_, '"') if chars.next_if(|&(_, c)| c == '"').is_some() => name.push('"'),
                        (at, '"') => {
                            rest = &quoted[at + 1..];
                            break;
                        }
                        (_, c) => name.push(c),
                    }
                }
                name
            }
            None => {
                let end = rest.find(['.', ' ', '"']).unwrap_or(rest.len());
                let name = rest[..end].to_ascii_lowercase();
                rest = &rest[end..];
                name
            }
        };
        names.push(Name::from(name));
        rest = rest.trim_start();
        match rest.strip_prefix('.') {
            Some(more) => rest = more.trim_start(),
            None => return rest.is_empty().then_some(names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn dotted_names_are_taken_apart() {
        let list = |text| names(text).map(|n| n.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(list("Seq"), Some(vec!["seq".to_owned()]));
        assert_eq!(list(" app . \"A \"\"b\"\".c\" "), Some(vec!["app".to_owned(), "A \"b\".c".to_owned()]));
        assert_eq!(list("a b"), None);
        assert_eq!(list("\"a"), None);
    }
}
