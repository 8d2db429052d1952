//! Keywords and the versions that brought them (`kwlist.h`).

/// The major version since which a word, in lower case, is a keyword, if that is newer than 14.
pub(super) fn keyword_since(word: &str) -> Option<u8> {
    Some(match word {
        "matched" | "merge" | "parameter" => 15,
        "absent" | "format" | "indent" | "json" | "json_array" | "json_arrayagg" | "json_object" | "json_objectagg"
        | "keys" | "scalar" | "system_user" => 16,
        "conditional" | "empty" | "error" | "json_exists" | "json_query" | "json_scalar" | "json_serialize"
        | "json_table" | "json_value" | "keep" | "merge_action" | "nested" | "omit" | "path" | "plan" | "quotes"
        | "source" | "string" | "target" | "unconditional" => 17,
        "enforced" | "objects" | "period" | "virtual" => 18,
        _ => return None,
    })
}

/// The longest of these words.
pub(super) const LONGEST: usize = 14;

/// An old keyword in front of a new one, where the older grammar does not expect the old one either: it stops there and
/// not at the new one.
pub(super) fn stops_earlier(old: &str, new: &str) -> bool {
    matches!((old, new), ("no", "indent") | ("by", "source" | "target") | ("large", "objects"))
}

/// Whether newer syntax may be at a word that is a keyword in all versions. If there is none in a text, then nothing in it
/// can be refused while it is lowered. `follows` tells whether a token stands so many tokens before the word.
///
/// Bodies of functions are held against this, and are parsed twice where they may be newer: so what ordinary queries say
/// is not among it.
pub(super) fn is_suspect(word: &str, follows: impl Fn(usize, &str) -> bool) -> bool {
    match word {
        "access" | "expression" => follows(1, "set"),
        "constraint" => follows(1, "alter"),
        "distinct" => follows(1, "nulls") || (follows(1, "not") && follows(2, "nulls")),
        "inherit" => follows(1, "no"),
        "local" => follows(1, "at"),
        // As a constraint of a table or a domain.
        "not" => follows(2, "constraint"),
        "null" => follows(1, "not") && [",", "(", "add"].iter().any(|before| follows(2, before)),
        "with" => follows(1, "returning"),
        "merge" | "publication" | "refresh" | "sequence" | "storage" | "subscription" | "statistics" | "grant"
        | "revoke" | "reindex" | "cluster" | "copy" | "operator" | "generated" | "without" | "vacuum" | "analyze"
        | "analyse" => true,
        _ => false,
    }
}

/// Whether a sub-query begins with this word.
pub(super) fn begins_query(word: &str) -> bool {
    matches!(word, "select" | "values" | "with" | "table")
}

/// Whether a sub-query in FROM may follow this token.
pub(super) fn is_in_from(token: &str) -> bool {
    [",", "from", "join", "lateral", "using"].iter().any(|word| token.eq_ignore_ascii_case(word))
}
