//! XML constructs.

use super::expr::not_an_expr;
use super::*;

impl Lowerer<'_> {
    /// The constructs of an XmlExpr node.
    pub(super) fn xml_expr(&mut self, xml: pg::XmlExpr) -> Expr {
        let loc = self.loc(xml.location);
        let option = xml_option(xml.xmloption());
        let op = xml.op();
        let mut args = xml.args.into_iter();
        let kind = match op {
            pg::XmlExprOp::IsXmlelement => XmlExpr::Element {
                name: xml.name.into(),
                attributes: self.targets(xml.named_args),
                content: self.exprs(args.collect()),
            },
            pg::XmlExprOp::IsXmlforest => XmlExpr::Forest(self.targets(xml.named_args)),
            pg::XmlExprOp::IsXmlconcat => XmlExpr::Concat(self.exprs(args.collect())),
            pg::XmlExprOp::IsXmlparse => {
                let value = self.next_expr(&mut args);
                let preserve_whitespace = match self.next_expr(&mut args).kind {
                    ExprKind::Literal(Literal::Boolean(preserve)) => preserve,
                    ExprKind::Cast { operand, .. } => {
                        matches!(operand.kind, ExprKind::Literal(Literal::Boolean(true)))
                    }
                    _ => return self.unexpected_xml(loc),
                };
                XmlExpr::Parse { option, value, preserve_whitespace }
            }
            pg::XmlExprOp::IsXmlpi => {
                let value = args.next().map(|node| Box::new(self.expr(node.node)));
                XmlExpr::Pi { name: xml.name.into(), value }
            }
            pg::XmlExprOp::IsXmlroot => {
                let (value, version) = (self.next_expr(&mut args), self.next_expr(&mut args));
                // xml.h: XmlStandaloneType
                let standalone = match self.next_expr(&mut args).kind {
                    ExprKind::Literal(Literal::Integer(0)) => XmlStandalone::Yes,
                    ExprKind::Literal(Literal::Integer(1)) => XmlStandalone::No,
                    ExprKind::Literal(Literal::Integer(2)) => XmlStandalone::NoValue,
                    ExprKind::Literal(Literal::Integer(3)) => XmlStandalone::Omitted,
                    _ => return self.unexpected_xml(loc),
                };
                XmlExpr::Root { value, version, standalone }
            }
            pg::XmlExprOp::IsDocument => XmlExpr::IsDocument(self.next_expr(&mut args)),
            // XMLSERIALIZE has a node of its own before analysis.
            pg::XmlExprOp::IsXmlserialize | pg::XmlExprOp::Undefined => return self.unexpected_xml(loc),
        };
        Expr { kind: ExprKind::Xml(Box::new(kind)), loc }
    }

    pub(super) fn xml_serialize(&mut self, xml: pg::XmlSerialize) -> Expr {
        let loc = self.loc(xml.location);
        let option = xml_option(xml.xmloption());
        let kind = XmlExpr::Serialize {
            option,
            value: self.boxed_expr(xml.expr),
            ty: self.required_type(xml.type_name),
            indent: xml.indent,
        };
        Expr { kind: ExprKind::Xml(Box::new(kind)), loc }
    }

    fn next_expr(&mut self, args: &mut std::vec::IntoIter<Node>) -> Box<Expr> {
        let node = args.next().and_then(|node| node.node);
        Box::new(self.expr(node))
    }

    fn unexpected_xml(&mut self, loc: Loc) -> Expr {
        self.unexpected();
        not_an_expr("XmlExpr", loc)
    }

    /// `XMLTABLE(…)` in FROM.
    pub(super) fn xml_table(&mut self, table: pg::RangeTableFunc) -> XmlTable {
        XmlTable {
            lateral: table.lateral,
            namespaces: self.targets(table.namespaces),
            row: self.expr(boxed(table.rowexpr)),
            document: self.expr(boxed(table.docexpr)),
            columns: self.xml_table_columns(table.columns),
            alias: self.alias(table.alias),
            loc: self.loc(table.location),
        }
    }

    fn xml_table_columns(&mut self, list: Vec<Node>) -> Vec<XmlTableColumn> {
        nodes(list)
            .filter_map(|node| match node {
                NodeEnum::RangeTableFuncCol(column) => Some(XmlTableColumn {
                    name: column.colname.into(),
                    ty: match column.for_ordinality {
                        true => None,
                        false => Some(self.required_type(column.type_name)),
                    },
                    not_null: column.is_not_null,
                    path: self.expr_if_any(column.colexpr),
                    default: self.expr_if_any(column.coldefexpr),
                    loc: self.loc(column.location),
                }),
                _ => {
                    self.unexpected();
                    None
                }
            })
            .to_vec()
    }
}

fn xml_option(option: pg::XmlOptionType) -> XmlOption {
    match option {
        pg::XmlOptionType::XmloptionDocument => XmlOption::Document,
        pg::XmlOptionType::XmloptionContent | pg::XmlOptionType::Undefined => XmlOption::Content,
    }
}
