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

/// Whether newer syntax may begin at a word that is a keyword in all versions. If no such word is in a text, then
/// nothing in it can be refused while it is lowered.
pub(super) fn is_suspect(word: &str) -> bool {
    matches!(
        word,
        "nulls"
            | "references"
            | "publication"
            | "access"
            | "refresh"
            | "sequence"
            | "subscription"
            | "storage"
            | "statistics"
            | "grant"
            | "revoke"
            | "reindex"
            | "expression"
            | "cluster"
            | "copy"
            | "local"
            | "returning"
            | "operator"
            | "domain"
            | "drop"
            | "generated"
            | "not"
            | "without"
            | "inherit"
            | "vacuum"
            | "analyze"
            | "analyse"
    )
}
