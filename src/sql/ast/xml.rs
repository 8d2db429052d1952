//! XML: expressions with syntax of their own, and XMLTABLE.

use super::*;

/// An expression of SQL/XML with syntax of its own. XMLEXISTS is an ordinary call with SQL syntax.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum XmlExpr {
    /// `XMLELEMENT(NAME name, XMLATTRIBUTES (…), content, …)`
    Element {
        /// The element's name.
        name: Name,
        /// The attributes; a name is written with `AS`.
        attributes: Vec<Target>,
        /// The content.
        content: Vec<Expr>,
    },
    /// `XMLFOREST(a AS b, …)`
    Forest(Vec<Target>),
    /// `XMLCONCAT(a, b, …)`
    Concat(Vec<Expr>),
    /// `XMLPARSE(DOCUMENT|CONTENT value [PRESERVE WHITESPACE])`
    Parse {
        /// `DOCUMENT` or `CONTENT`.
        option: XmlOption,
        /// The text.
        value: Box<Expr>,
        /// `PRESERVE WHITESPACE`.
        preserve_whitespace: bool,
    },
    /// `XMLPI(NAME name, value)`
    Pi {
        /// The target.
        name: Name,
        /// The content.
        value: Option<Box<Expr>>,
    },
    /// `XMLROOT(value, VERSION …, STANDALONE …)`
    Root {
        /// The document.
        value: Box<Expr>,
        /// `VERSION`; a NULL literal without a place for `NO VALUE`.
        version: Box<Expr>,
        /// `STANDALONE`.
        standalone: XmlStandalone,
    },
    /// `XMLSERIALIZE(DOCUMENT|CONTENT value AS type [INDENT])` (`XmlSerialize`)
    Serialize {
        /// `DOCUMENT` or `CONTENT`.
        option: XmlOption,
        /// The value.
        value: Box<Expr>,
        /// The type.
        ty: TypeName,
        /// `INDENT` (16).
        indent: bool,
    },
    /// `a IS DOCUMENT`; `IS NOT DOCUMENT` is a NOT around it.
    IsDocument(Box<Expr>),
}

impl XmlExpr {
    /// The construct's name, as ruleutils.c and errors have it.
    pub fn what(&self) -> &'static str {
        match self {
            XmlExpr::Element { .. } => "XMLELEMENT",
            XmlExpr::Forest(_) => "XMLFOREST",
            XmlExpr::Concat(_) => "XMLCONCAT",
            XmlExpr::Parse { .. } => "XMLPARSE",
            XmlExpr::Pi { .. } => "XMLPI",
            XmlExpr::Root { .. } => "XMLROOT",
            XmlExpr::Serialize { .. } => "XMLSERIALIZE",
            XmlExpr::IsDocument(_) => "IS DOCUMENT",
        }
    }
}

/// `DOCUMENT` or `CONTENT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum XmlOption {
    /// `DOCUMENT`
    Document,
    /// `CONTENT`
    Content,
}

/// `STANDALONE` of XMLROOT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum XmlStandalone {
    /// `YES`
    Yes,
    /// `NO`
    No,
    /// `NO VALUE`
    NoValue,
    /// Nothing is written.
    Omitted,
}

/// `XMLTABLE(…)` in FROM (`RangeTableFunc`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct XmlTable {
    /// `LATERAL`.
    pub lateral: bool,
    /// `XMLNAMESPACES (uri AS name, DEFAULT uri)`; the default has no name.
    pub namespaces: Vec<Target>,
    /// The path of the rows.
    pub row: Expr,
    /// `PASSING`.
    pub document: Expr,
    /// `COLUMNS`.
    pub columns: Vec<XmlTableColumn>,
    /// `AS alias (columns)`.
    pub alias: Option<Alias>,
    /// Where it stands.
    pub loc: Loc,
}

/// A column of XMLTABLE (`RangeTableFuncCol`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct XmlTableColumn {
    /// Its name.
    pub name: Name,
    /// Its type; nothing for `FOR ORDINALITY`.
    pub ty: Option<TypeName>,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `PATH`.
    pub path: Option<Expr>,
    /// `DEFAULT`.
    pub default: Option<Expr>,
    /// Where it stands.
    pub loc: Loc,
}
