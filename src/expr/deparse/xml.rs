//! XML constructors (`get_rule_expr` of `T_XmlExpr`).

use super::context::Context;
use crate::catalog::tree::{Expr, XmlExpr, XmlOp};

impl<'a> Context<'a> {
    pub(super) fn xml_expr(&mut self, x: &'a XmlExpr) {
        self.push(match x.op {
            XmlOp::Concat => "XMLCONCAT(",
            XmlOp::Element => "XMLELEMENT(",
            XmlOp::Forest => "XMLFOREST(",
            XmlOp::Parse => "XMLPARSE(",
            XmlOp::Pi => "XMLPI(",
            XmlOp::Root => "XMLROOT(",
            XmlOp::Serialize => "XMLSERIALIZE(",
            XmlOp::IsDocument => "",
        });
        if matches!(x.op, XmlOp::Parse | XmlOp::Serialize) {
            self.push(if x.document { "DOCUMENT " } else { "CONTENT " });
        }
        let mut comma = false;
        if let Some(name) = &x.name {
            self.push("NAME ");
            self.ident(&xml_name_to_sql(name));
            comma = true;
        }
        if !x.named_args.is_empty() {
            if x.op != XmlOp::Forest {
                self.push(if comma { ", XMLATTRIBUTES(" } else { "XMLATTRIBUTES(" });
                comma = false;
            }
            for (arg, name) in x.named_args.iter().zip(&x.arg_names) {
                if comma {
                    self.push(", ");
                }
                self.rule_expr(arg, true);
                self.push(" AS ");
                self.ident(&xml_name_to_sql(name));
                comma = true;
            }
            if x.op != XmlOp::Forest {
                self.push(")");
            }
        }
        if !x.args.is_empty() {
            if comma {
                self.push(", ");
            }
            self.xml_arguments(x);
        }
        if x.op == XmlOp::Serialize {
            let ty = self.format_type(x.ty);
            self.push(&format!(" AS {ty}"));
            if self.version() >= 16 {
                self.push(if x.indent { " INDENT" } else { " NO INDENT" });
            }
        }
        self.push(if x.op == XmlOp::IsDocument { " IS DOCUMENT" } else { ")" });
    }

    fn xml_arguments(&mut self, x: &'a XmlExpr) {
        let value = |expr: &Expr| match expr {
            Expr::Const(constant) => constant.value.clone(),
            _ => None,
        };
        match (x.op, x.args.as_slice()) {
            (XmlOp::Parse, [text, preserve]) => {
                self.rule_expr(text, true);
                let preserve = value(preserve).as_deref() == Some("t");
                self.push(if preserve { " PRESERVE WHITESPACE" } else { " STRIP WHITESPACE" });
            }
            (XmlOp::Root, [xml, version, standalone]) => {
                self.rule_expr(xml, true);
                self.push(", VERSION ");
                match version {
                    Expr::Const(constant) if constant.value.is_none() => self.push("NO VALUE"),
                    version => self.rule_expr(version, false),
                }
                // `xml.h: XmlStandaloneType`
                match value(standalone).as_deref() {
                    Some("0") => self.push(", STANDALONE YES"),
                    Some("1") => self.push(", STANDALONE NO"),
                    Some("2") => self.push(", STANDALONE NO VALUE"),
                    Some(_) | None => {}
                }
            }
            // The list of one argument is never simple.
            (XmlOp::IsDocument, [arg]) => {
                let parens = self.pretty.paren;
                self.in_parens(parens, |c| c.rule_expr(arg, false));
            }
            (_, args) => self.exprs(args, true),
        }
    }
}

/// `xml.c: map_xml_name_to_sql_identifier`
fn xml_name_to_sql(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let escaped = rest.strip_prefix("_x").and_then(|hex| {
            let (digits, after) = (hex.get(..4)?, hex.get(4..)?.strip_prefix('_')?);
            let code = digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?;
            Some((char::from_u32(code?)?, after))
        });
        match escaped {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}
