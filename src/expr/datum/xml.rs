//! XML (`xml.c: xml_in`, `xml_out`), which libxml2 reads there.

use super::opaque;
use crate::replay::Exec;

/// Content, which is a document or what may stand in an element. What takes more than to see that it is well-formed is
/// not read: a declaration, a document type, names in namespaces that nothing declares.
pub(super) fn content(text: &str) -> Exec<String> {
    if text.starts_with("<?xml") || text.contains("<!DOCTYPE") {
        return Err(opaque("XML constants with a declaration are not read"));
    }
    match roxmltree::Document::parse(&format!("<content>{text}</content>")) {
        // One newline in front is eaten.
        Ok(_) => Ok(text.strip_prefix('\n').unwrap_or(text).to_owned()),
        Err(_) => Err(opaque("XML constants are only read where they are plainly well-formed")),
    }
}
