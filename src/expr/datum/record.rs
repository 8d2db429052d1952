//! Rows (`rowtypes.c: record_in`, `record_out`).

use super::{DatumEnv, input_inside, null_inside, opaque, skip_space};
use crate::catalog::Oid;
use crate::replay::{Exec, SqlError};

/// The text of a row of a relation, or of a composite type's.
pub(super) fn record(env: &DatumEnv<'_>, relation: Oid, text: &str) -> Exec<String> {
    let bad = |detail: &str| SqlError::new("22P02", format!("malformed record literal: \"{text}\"")).detail(detail);
    let Some(relation) = env.catalog.relation(relation) else {
        return Err(opaque("the columns of a row are not known"));
    };
    let Some(mut rest) = skip_space(text).strip_prefix('(') else {
        return Err(bad("Missing left parenthesis.").into());
    };
    let mut out = String::from("(");
    for (i, column) in relation.live_columns().enumerate() {
        if i > 0 {
            rest = rest.strip_prefix(',').ok_or_else(|| bad("Too few columns."))?;
            out.push(',');
        }
        if rest.starts_with([',', ')']) {
            null_inside(env, column.ty.oid)?;
            continue;
        }
        let mut value = String::new();
        let mut quoted = false;
        let mut chars = rest.chars();
        loop {
            rest = chars.as_str();
            if !quoted && rest.starts_with([',', ')']) {
                break;
            }
            match chars.next() {
                None => return Err(bad("Unexpected end of input.").into()),
                Some('\\') => value.push(chars.next().ok_or_else(|| bad("Unexpected end of input."))?),
                Some('"') if !quoted => quoted = true,
                Some('"') if chars.as_str().starts_with('"') => {
                    chars.next();
                    value.push('"');
                }
                Some('"') => quoted = false,
                Some(c) => value.push(c),
            }
        }
        push_field(&input_inside(env, column.ty.oid, column.ty.typmod, &value)?, &mut out);
    }
    let Some(rest) = rest.strip_prefix(')') else { return Err(bad("Too many columns.").into()) };
    if !skip_space(rest).is_empty() {
        return Err(bad("Junk after right parenthesis.").into());
    }
    out.push(')');
    Ok(out)
}

fn push_field(text: &str, out: &mut String) {
    let special = |c: char| matches!(c, '"' | '\\' | '(' | ')' | ',') || c.is_ascii() && super::is_space(c as u8);
    if !text.is_empty() && !text.contains(special) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('"');
}
