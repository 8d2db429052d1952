//! XML (`parse_expr.c: transformXmlExpr`, `transformXmlSerialize`).

use super::super::coerce::{Coercion, make_const};
use super::super::error::fail;
use super::super::{Analyzer, Exec};
use crate::catalog::tree::{Expr, XmlExpr, XmlOp};
use crate::catalog::{TypeRef, type_oid as t};
use crate::sql::ast::{self, ExprKind as Kind, Literal, Name, Target, XmlOption, XmlStandalone};
use crate::sql::span::Loc;

/// An XML node without anything in it.
fn node(op: XmlOp, loc: Loc) -> XmlExpr {
    XmlExpr {
        op,
        name: None,
        named_args: Vec::new(),
        arg_names: Vec::new(),
        args: Vec::new(),
        document: false,
        indent: false,
        ty: TypeRef::plain(t::XML),
        at: loc.into(),
    }
}

impl Analyzer<'_> {
    /// An XML construct.
    pub(super) fn transform_xml(&mut self, xml: &ast::XmlExpr, loc: Loc) -> Exec<Expr> {
        let mut new = match xml {
            ast::XmlExpr::Element { name, attributes, content } => {
                let mut new = node(XmlOp::Element, loc);
                new.name = Some(xml_name(name, false));
                self.xml_named_args(&mut new, attributes)?;
                for arg in content {
                    new.args.push(self.transform_expr_recurse(arg)?);
                }
                new
            }
            ast::XmlExpr::Forest(elements) => {
                let mut new = node(XmlOp::Forest, loc);
                self.xml_named_args(&mut new, elements)?;
                new
            }
            ast::XmlExpr::Concat(args) => {
                let mut new = node(XmlOp::Concat, loc);
                for arg in args {
                    new.args.push(self.xml_arg(arg, t::XML, "XMLCONCAT")?);
                }
                new
            }
            ast::XmlExpr::Parse { option, value, preserve_whitespace } => {
                let mut new = node(XmlOp::Parse, loc);
                new.document = *option == XmlOption::Document;
                new.args.push(self.xml_arg(value, t::TEXT, "XMLPARSE")?);
                new.args.push(make_const(t::BOOL, if *preserve_whitespace { "t" } else { "f" }));
                new
            }
            ast::XmlExpr::Pi { name, value } => {
                let mut new = node(XmlOp::Pi, loc);
                new.name = Some(xml_name(name, false));
                if let Some(value) = value {
                    new.args.push(self.xml_arg(value, t::TEXT, "XMLPI")?);
                }
                new
            }
            ast::XmlExpr::Root { value, version, standalone } => {
                let mut new = node(XmlOp::Root, loc);
                new.args.push(self.xml_arg(value, t::XML, "XMLROOT")?);
                new.args.push(self.xml_arg(version, t::TEXT, "XMLROOT")?);
                // `xml.h: XmlStandaloneType`
                let standalone = match standalone {
                    XmlStandalone::Yes => "0",
                    XmlStandalone::No => "1",
                    XmlStandalone::NoValue => "2",
                    XmlStandalone::Omitted => "3",
                };
                new.args.push(make_const(t::INT4, standalone));
                new
            }
            ast::XmlExpr::Serialize { option, value, ty, indent } => {
                return self.xml_serialize(*option, value, ty, *indent, loc);
            }
            ast::XmlExpr::IsDocument(value) => {
                let mut new = node(XmlOp::IsDocument, loc);
                new.args.push(self.xml_arg(value, t::XML, "IS DOCUMENT")?);
                new
            }
        };
        new.arg_names.shrink_to_fit();
        Ok(Expr::XmlExpr(Box::new(new)))
    }

    fn xml_arg(&mut self, arg: &ast::Expr, ty: crate::catalog::Oid, construct: &str) -> Exec<Expr> {
        let arg = self.transform_expr_recurse(arg)?;
        self.coerce_to_specific_type(arg, ty, construct)
    }

    /// Attributes of an element, or elements of a forest.
    fn xml_named_args(&mut self, new: &mut XmlExpr, targets: &[Target]) -> Exec {
        let element = new.op == XmlOp::Element;
        for target in targets {
            let null = ast::Expr { kind: Kind::Literal(Literal::Null), loc: target.loc };
            let value = target.value.as_ref().unwrap_or(&null);
            let arg = self.transform_expr_recurse(value)?;
            let name = match &target.name {
                Some(name) => xml_name(name, false),
                None if matches!(value.kind, Kind::Column(_) | Kind::Star(_)) => {
                    xml_name(&self.figure_colname(value), true)
                }
                None => {
                    let what = if element { "attribute" } else { "element" };
                    let message = format!("unnamed XML {what} value must be a column reference");
                    return fail("42601", message, target.loc);
                }
            };
            if element && new.arg_names.contains(&name) {
                return fail("42601", format!("XML attribute name \"{name}\" appears more than once"), target.loc);
            }
            new.named_args.push(arg);
            new.arg_names.push(name);
        }
        Ok(())
    }

    fn xml_serialize(
        &mut self,
        option: XmlOption,
        value: &ast::Expr,
        ty: &ast::TypeName,
        indent: bool,
        loc: Loc,
    ) -> Exec<Expr> {
        let mut new = node(XmlOp::Serialize, loc);
        new.args.push(self.xml_arg(value, t::XML, "XMLSERIALIZE")?);
        let target = self.typename_type(ty)?;
        new.document = option == XmlOption::Document;
        new.indent = indent;
        new.ty = target;
        // The result is text in truth.
        let expr = Expr::XmlExpr(Box::new(new));
        match self.coerce_to_target_type(expr, t::TEXT, target.oid, target.typmod, Coercion::IMPLICIT)? {
            Some(expr) => Ok(expr),
            None => {
                let message = format!("cannot cast XMLSERIALIZE result to {}", self.format_type(target.oid));
                fail("42846", message, loc)
            }
        }
    }
}

/// An identifier as a name in XML (`xml.c: map_sql_identifier_to_xml_name`).
fn xml_name(identifier: &str, escape_period: bool) -> Name {
    let mut result = String::with_capacity(identifier.len());
    let mut chars = identifier.char_indices().peekable();
    while let Some((index, c)) = chars.next() {
        let next_is_x = chars.peek().is_some_and(|&(_, c)| c == 'x');
        let escape = match c {
            ':' => index == 0,
            '_' => next_is_x,
            '.' if escape_period => true,
            c => !is_name_char(c, index == 0),
        };
        if escape {
            result.push_str(&format!("_x{:04X}_", c as u32));
        } else {
            result.push(c);
        }
    }
    result.into()
}

fn is_name_char(c: char, first: bool) -> bool {
    match c {
        '_' | ':' => true,
        '.' | '-' => !first,
        c if c.is_ascii() => c.is_ascii_alphabetic() || !first && c.is_ascii_digit(),
        c => c.is_alphabetic() || !first && c.is_alphanumeric(),
    }
}
