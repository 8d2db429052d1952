//! Node trees of a server to typed trees.

use pgproof::catalog::tree::*;
use pgproof::catalog::{Oid, TypeRef};
use pgproof::sql::ast::{
    Alias, BooleanTest as BooleanTestKind, JoinKind, LockStrength, LockWait, MergeMatch, Name, SetOp, SqlValueFunc,
};

use super::Source;
use super::datum;
use super::reader::{Node, Value};

/// What cannot be converted, in words.
pub type Converted<T> = Result<T, String>;

/// The entry for GROUP BY: its number and expressions.
type Group = Option<(u32, Vec<Value>)>;

/// Converts trees of a server.
pub struct Converter<'m> {
    source: &'m Source<'m>,
    /// The server's version.
    version: u32,
    /// For each query around: how many entries are left out at the front of the range table, and the expressions of
    /// the entry for GROUP BY with its number.
    levels: Vec<(u32, Group)>,
    /// The queries around are those of a view before 16: the outermost has OLD and NEW.
    view: bool,
}

/// Kinds of object whose numbers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Relation,
    Type,
    Function,
    Operator,
    Collation,
    Opclass,
}

impl<'m> Converter<'m> {
    pub fn new(source: &'m Source<'m>) -> Self {
        Converter { source, version: source.catalog.version(), levels: Vec::new(), view: false }
    }

    /// The query of a view.
    pub fn view(&mut self, value: &Value) -> Converted<Query> {
        self.view = self.version < 16;
        let Value::List(actions) = value else { return Err("no list".into()) };
        let [Value::Node(query)] = actions.as_slice() else { return Err("not one query".into()) };
        self.query(query)
    }

    /// The actions of a rule, or the statements of a function.
    pub fn queries(&mut self, value: &Value) -> Converted<Vec<Query>> {
        match value {
            Value::Node(query) => Ok(vec![self.query(query)?]),
            Value::List(items) => {
                let lists = items.iter().map(|item| self.queries(item)).collect::<Converted<Vec<_>>>()?;
                Ok(lists.into_iter().flatten().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn oid(&self, kind: Kind, oid: i64) -> Converted<Oid> {
        match oid as u32 {
            0 => Ok(Oid::INVALID),
            oid => self.source.number(kind, oid).map(Oid).ok_or_else(|| format!("{kind:?} {oid}")),
        }
    }

    fn ty(&self, oid: i64, typmod: i64) -> Converted<TypeRef> {
        Ok(TypeRef { oid: self.oid(Kind::Type, oid)?, typmod: typmod as i32 })
    }

    fn collation(&self, node: &Node, field: &str) -> Converted<Oid> {
        self.oid(Kind::Collation, node.int(field))
    }

    fn exprs(&mut self, values: &[Value]) -> Converted<Vec<Expr>> {
        values.iter().map(|value| self.expr(value)).collect()
    }

    fn field(&mut self, node: &Node, name: &str) -> Converted<Expr> {
        self.expr(node.get(name)).map_err(|e| format!("{}.{name}: {e}", node.tag))
    }

    fn list(&mut self, node: &Node, name: &str) -> Converted<Vec<Expr>> {
        self.exprs(node.list(name))
    }

    fn opt(&mut self, node: &Node, name: &str) -> Converted<Option<Expr>> {
        match node.get(name) {
            Value::Null => Ok(None),
            value => self.expr(value).map(Some),
        }
    }

    fn form(node: &Node, field: &str) -> CoercionForm {
        match node.int(field) {
            0 => CoercionForm::ExplicitCall,
            1 => CoercionForm::ExplicitCast,
            2 => CoercionForm::ImplicitCast,
            _ => CoercionForm::SqlSyntax,
        }
    }

    fn op(&mut self, node: &Node) -> Converted<Box<OpExpr>> {
        Ok(Box::new(OpExpr {
            operator: self.oid(Kind::Operator, node.int("opno"))?,
            function: Oid(node.int("opfuncid") as u32),
            ty: self.ty(node.int("opresulttype"), -1)?,
            returns_set: node.flag("opretset"),
            collation: self.collation(node, "opcollid")?,
            input_collation: self.collation(node, "inputcollid")?,
            args: self.list(node, "args")?,
            at: At::NONE,
        }))
    }

    /// An expression.
    pub fn expr(&mut self, value: &Value) -> Converted<Expr> {
        let Value::Node(n) = value else { return Err(format!("no node: {value:?}")) };
        let at = At::NONE;
        Ok(match n.tag.as_str() {
            "VAR" => return self.var(n),
            "CONST" => self.constant(n)?,
            "PARAM" => Expr::Param(Box::new(Param {
                kind: match n.int("paramkind") {
                    0 => ParamKind::Extern,
                    2 => ParamKind::SubLink,
                    3 => ParamKind::MultiExpr,
                    other => return Err(format!("paramkind {other}")),
                },
                id: n.int("paramid") as u32,
                ty: self.ty(n.int("paramtype"), n.int("paramtypmod"))?,
                collation: self.collation(n, "paramcollid")?,
                at,
            })),
            "AGGREF" => Expr::Aggref(Box::new(Aggref {
                function: self.oid(Kind::Function, n.int("aggfnoid"))?,
                ty: self.ty(n.int("aggtype"), -1)?,
                collation: self.collation(n, "aggcollid")?,
                input_collation: self.collation(n, "inputcollid")?,
                arg_types: self.types(&n.ints("aggargtypes"))?,
                direct_args: self.list(n, "aggdirectargs")?,
                args: self.targets(n.list("args"))?,
                order: self.sort_clauses(n.list("aggorder"))?,
                distinct: self.sort_clauses(n.list("aggdistinct"))?,
                filter: self.opt(n, "aggfilter")?,
                star: n.flag("aggstar"),
                variadic: n.flag("aggvariadic"),
                kind: match n.text("aggkind").as_deref() {
                    Some("o") => AggregateKind::OrderedSet,
                    Some("h") => AggregateKind::Hypothetical,
                    _ => AggregateKind::Normal,
                },
                levels_up: n.int("agglevelsup") as u32,
                at,
            })),
            "GROUPINGFUNC" => Expr::GroupingFunc(Box::new(GroupingFunc {
                args: self.list(n, "args")?,
                refs: n.ints("refs").into_iter().map(|i| i as u32).collect(),
                levels_up: n.int("agglevelsup") as u32,
                at,
            })),
            "WINDOWFUNC" => Expr::WindowFunc(Box::new(WindowFunc {
                function: self.oid(Kind::Function, n.int("winfnoid"))?,
                ty: self.ty(n.int("wintype"), -1)?,
                collation: self.collation(n, "wincollid")?,
                input_collation: self.collation(n, "inputcollid")?,
                args: self.list(n, "args")?,
                filter: self.opt(n, "aggfilter")?,
                winref: n.int("winref") as u32,
                star: n.flag("winstar"),
                aggregate: n.flag("winagg"),
                at,
            })),
            "MERGESUPPORTFUNC" => Expr::MergeSupportFunc(Box::new(MergeSupportFunc {
                ty: self.ty(n.int("msftype"), -1)?,
                collation: self.collation(n, "msfcollid")?,
                at,
            })),
            "SUBSCRIPTINGREF" => {
                let subscripts = |c: &mut Self, name: &str| -> Converted<Vec<Option<Expr>>> {
                    n.list(name)
                        .iter()
                        .map(|v| if *v == Value::Null { Ok(None) } else { c.expr(v).map(Some) })
                        .collect()
                };
                Expr::SubscriptingRef(Box::new(SubscriptingRef {
                    container: self.oid(Kind::Type, n.int("refcontainertype"))?,
                    element: self.oid(Kind::Type, n.int("refelemtype"))?,
                    ty: self.ty(n.int("refrestype"), n.int("reftypmod"))?,
                    collation: self.collation(n, "refcollid")?,
                    upper: subscripts(self, "refupperindexpr")?,
                    lower: subscripts(self, "reflowerindexpr")?,
                    operand: self.field(n, "refexpr")?,
                    assign: self.opt(n, "refassgnexpr")?,
                }))
            }
            "FUNCEXPR" => Expr::FuncExpr(Box::new(FuncExpr {
                function: self.oid(Kind::Function, n.int("funcid"))?,
                ty: self.ty(n.int("funcresulttype"), -1)?,
                returns_set: n.flag("funcretset"),
                variadic: n.flag("funcvariadic"),
                form: Self::form(n, "funcformat"),
                collation: self.collation(n, "funccollid")?,
                input_collation: self.collation(n, "inputcollid")?,
                args: self.list(n, "args")?,
                at,
            })),
            "NAMEDARGEXPR" => Expr::NamedArgExpr(Box::new(NamedArgExpr {
                arg: self.field(n, "arg")?,
                name: name(n, "name")?,
                number: n.int("argnumber") as u32,
                at,
            })),
            "OPEXPR" => Expr::OpExpr(self.op(n)?),
            "DISTINCTEXPR" => Expr::DistinctExpr(self.op(n)?),
            "NULLIFEXPR" => Expr::NullIfExpr(self.op(n)?),
            "SCALARARRAYOPEXPR" => {
                let mut args = self.list(n, "args")?.into_iter();
                let (Some(scalar), Some(array)) = (args.next(), args.next()) else { return Err("two args".into()) };
                Expr::ScalarArrayOpExpr(Box::new(ScalarArrayOpExpr {
                    operator: self.oid(Kind::Operator, n.int("opno"))?,
                    function: Oid(n.int("opfuncid") as u32),
                    use_or: n.flag("useOr"),
                    input_collation: self.collation(n, "inputcollid")?,
                    scalar,
                    array,
                    at,
                }))
            }
            "BOOLEXPR" => Expr::BoolExpr(Box::new(BoolExpr {
                op: match n.text("boolop").as_deref() {
                    Some("and") => BoolOp::And,
                    Some("or") => BoolOp::Or,
                    _ => BoolOp::Not,
                },
                args: self.list(n, "args")?,
                at,
            })),
            "SUBLINK" => Expr::SubLink(Box::new(SubLink {
                kind: match n.int("subLinkType") {
                    0 => SubLinkKind::Exists,
                    1 => SubLinkKind::All,
                    2 => SubLinkKind::Any,
                    3 => SubLinkKind::RowCompare,
                    4 => SubLinkKind::Expr,
                    5 => SubLinkKind::MultiExpr,
                    _ => SubLinkKind::Array,
                },
                id: n.int("subLinkId") as u32,
                test: self.opt(n, "testexpr")?,
                operator_name: names(n.list("operName")),
                query: Box::new(self.query(n.node("subselect").ok_or("subselect")?)?),
                at,
            })),
            "FIELDSELECT" => Expr::FieldSelect(Box::new(FieldSelect {
                arg: self.field(n, "arg")?,
                field: n.int("fieldnum") as i16,
                ty: self.ty(n.int("resulttype"), n.int("resulttypmod"))?,
                collation: self.collation(n, "resultcollid")?,
            })),
            "FIELDSTORE" => Expr::FieldStore(Box::new(FieldStore {
                arg: self.field(n, "arg")?,
                values: self.list(n, "newvals")?,
                fields: n.ints("fieldnums").into_iter().map(|i| i as i16).collect(),
                ty: self.oid(Kind::Type, n.int("resulttype"))?,
            })),
            "RELABELTYPE" => Expr::RelabelType(Box::new(RelabelType {
                arg: self.field(n, "arg")?,
                ty: self.ty(n.int("resulttype"), n.int("resulttypmod"))?,
                collation: self.collation(n, "resultcollid")?,
                form: Self::form(n, "relabelformat"),
                at,
            })),
            "COERCEVIAIO" => Expr::CoerceViaIO(Box::new(CoerceViaIO {
                arg: self.field(n, "arg")?,
                ty: self.oid(Kind::Type, n.int("resulttype"))?,
                collation: self.collation(n, "resultcollid")?,
                form: Self::form(n, "coerceformat"),
                at,
            })),
            "ARRAYCOERCEEXPR" => Expr::ArrayCoerceExpr(Box::new(ArrayCoerceExpr {
                arg: self.field(n, "arg")?,
                element: self.field(n, "elemexpr")?,
                ty: self.ty(n.int("resulttype"), n.int("resulttypmod"))?,
                collation: self.collation(n, "resultcollid")?,
                form: Self::form(n, "coerceformat"),
                at,
            })),
            "CONVERTROWTYPEEXPR" => Expr::ConvertRowtypeExpr(Box::new(ConvertRowtypeExpr {
                arg: self.field(n, "arg")?,
                ty: self.oid(Kind::Type, n.int("resulttype"))?,
                form: Self::form(n, "convertformat"),
                at,
            })),
            "COLLATEEXPR" | "COLLATE" => Expr::CollateExpr(Box::new(CollateExpr {
                arg: self.field(n, "arg")?,
                collation: self.collation(n, "collOid")?,
                at,
            })),
            "CASEEXPR" | "CASE" => {
                let mut whens = Vec::new();
                for when in n.list("args") {
                    let Value::Node(when) = when else { return Err("when".into()) };
                    whens.push(CaseWhen {
                        condition: self.field(when, "expr")?,
                        result: self.field(when, "result")?,
                        at,
                    });
                }
                Expr::CaseExpr(Box::new(CaseExpr {
                    ty: self.oid(Kind::Type, n.int("casetype"))?,
                    collation: self.collation(n, "casecollid")?,
                    arg: self.opt(n, "arg")?,
                    whens,
                    default: self.field(n, "defresult")?,
                    at,
                }))
            }
            "CASETESTEXPR" => Expr::CaseTestExpr(Box::new(CaseTestExpr {
                ty: self.ty(n.int("typeId"), n.int("typeMod"))?,
                collation: self.collation(n, "collation")?,
            })),
            "ARRAYEXPR" | "ARRAY" => Expr::ArrayExpr(Box::new(ArrayExpr {
                ty: self.oid(Kind::Type, n.int("array_typeid"))?,
                collation: self.collation(n, "array_collid")?,
                element: self.oid(Kind::Type, n.int("element_typeid"))?,
                elements: self.list(n, "elements")?,
                multidims: n.flag("multidims"),
                at,
            })),
            "ROWEXPR" | "ROW" => Expr::RowExpr(Box::new(RowExpr {
                args: self.list(n, "args")?,
                ty: self.oid(Kind::Type, n.int("row_typeid"))?,
                form: Self::form(n, "row_format"),
                names: names(n.list("colnames")),
                at,
            })),
            "ROWCOMPAREEXPR" | "ROWCOMPARE" => Expr::RowCompareExpr(Box::new(RowCompareExpr {
                op: match n.int(if n.has("rctype") { "rctype" } else { "cmptype" }) {
                    1 => RowCompareOp::Lt,
                    2 => RowCompareOp::Le,
                    4 => RowCompareOp::Ge,
                    _ => RowCompareOp::Gt,
                },
                operators: n.ints("opnos").into_iter().map(|i| Oid(i as u32)).collect(),
                families: Vec::new(),
                input_collations: Vec::new(),
                left: self.list(n, "largs")?,
                right: self.list(n, "rargs")?,
            })),
            "COALESCEEXPR" | "COALESCE" => Expr::CoalesceExpr(Box::new(CoalesceExpr {
                ty: self.oid(Kind::Type, n.int("coalescetype"))?,
                collation: self.collation(n, "coalescecollid")?,
                args: self.list(n, "args")?,
                at,
            })),
            "MINMAXEXPR" | "MINMAX" => Expr::MinMaxExpr(Box::new(MinMaxExpr {
                ty: self.oid(Kind::Type, n.int("minmaxtype"))?,
                collation: self.collation(n, "minmaxcollid")?,
                input_collation: self.collation(n, "inputcollid")?,
                greatest: n.int("op") == 0,
                args: self.list(n, "args")?,
                at,
            })),
            "SQLVALUEFUNCTION" => Expr::SqlValueFunction(Box::new(SqlValueFunction {
                func: match n.int("op") {
                    0 => SqlValueFunc::CurrentDate,
                    1 | 2 => SqlValueFunc::CurrentTime,
                    3 | 4 => SqlValueFunc::CurrentTimestamp,
                    5 | 6 => SqlValueFunc::LocalTime,
                    7 | 8 => SqlValueFunc::LocalTimestamp,
                    9 => SqlValueFunc::CurrentRole,
                    10 => SqlValueFunc::CurrentUser,
                    11 => SqlValueFunc::User,
                    12 => SqlValueFunc::SessionUser,
                    13 => SqlValueFunc::CurrentCatalog,
                    _ => SqlValueFunc::CurrentSchema,
                },
                ty: self.ty(n.int("type"), n.int("typmod"))?,
                collation: Oid::INVALID,
                at,
            })),
            "XMLEXPR" => Expr::XmlExpr(Box::new(XmlExpr {
                op: match n.int("op") {
                    0 => XmlOp::Concat,
                    1 => XmlOp::Element,
                    2 => XmlOp::Forest,
                    3 => XmlOp::Parse,
                    4 => XmlOp::Pi,
                    5 => XmlOp::Root,
                    6 => XmlOp::Serialize,
                    _ => XmlOp::IsDocument,
                },
                name: n.text("name").map(Name::from),
                named_args: self.list(n, "named_args")?,
                arg_names: names(n.list("arg_names")),
                args: self.list(n, "args")?,
                document: n.int("xmloption") == 0,
                indent: n.flag("indent"),
                ty: self.ty(n.int("type"), n.int("typmod"))?,
                at,
            })),
            "NULLTEST" => Expr::NullTest(Box::new(NullTest {
                arg: self.field(n, "arg")?,
                not: n.int("nulltesttype") == 1,
                row: n.flag("argisrow"),
                at,
            })),
            "BOOLEANTEST" => Expr::BooleanTest(Box::new(BooleanTest {
                arg: self.field(n, "arg")?,
                test: match n.int("booltesttype") {
                    0 => BooleanTestKind::IsTrue,
                    1 => BooleanTestKind::IsNotTrue,
                    2 => BooleanTestKind::IsFalse,
                    3 => BooleanTestKind::IsNotFalse,
                    4 => BooleanTestKind::IsUnknown,
                    _ => BooleanTestKind::IsNotUnknown,
                },
                at,
            })),
            "COERCETODOMAIN" => Expr::CoerceToDomain(Box::new(CoerceToDomain {
                arg: self.field(n, "arg")?,
                ty: self.ty(n.int("resulttype"), n.int("resulttypmod"))?,
                collation: self.collation(n, "resultcollid")?,
                form: Self::form(n, "coercionformat"),
                at,
            })),
            "COERCETODOMAINVALUE" => Expr::CoerceToDomainValue(Box::new(CoerceToDomainValue {
                ty: self.ty(n.int("typeId"), n.int("typeMod"))?,
                collation: self.collation(n, "collation")?,
                at,
            })),
            "SETTODEFAULT" => Expr::SetToDefault(Box::new(SetToDefault {
                ty: self.ty(n.int("typeId"), n.int("typeMod"))?,
                collation: self.collation(n, "collation")?,
                at,
            })),
            "JSONVALUEEXPR" => Expr::JsonValueExpr(Box::new(JsonValueExpr {
                raw: self.field(n, "raw_expr")?,
                formatted: self.field(n, "formatted_expr")?,
                format: json_format(n.node("format")),
            })),
            "JSONCONSTRUCTOREXPR" => Expr::JsonConstructorExpr(Box::new(JsonConstructorExpr {
                kind: match n.int("type") {
                    1 => JsonConstructorType::Object,
                    2 => JsonConstructorType::Array,
                    3 => JsonConstructorType::ObjectAgg,
                    4 => JsonConstructorType::ArrayAgg,
                    5 => JsonConstructorType::Parse,
                    6 => JsonConstructorType::Scalar,
                    _ => JsonConstructorType::Serialize,
                },
                args: self.list(n, "args")?,
                func: self.opt(n, "func")?,
                coercion: None,
                returning: self.json_returning(n)?,
                absent_on_null: n.flag("absent_on_null"),
                unique: n.flag("unique"),
                at,
            })),
            "JSONISPREDICATE" => Expr::JsonIsPredicate(Box::new(JsonIsPredicate {
                arg: self.field(n, "expr")?,
                format: json_format(n.node("format")),
                item: match n.int("item_type") {
                    0 => JsonValueType::Any,
                    1 => JsonValueType::Object,
                    2 => JsonValueType::Array,
                    _ => JsonValueType::Scalar,
                },
                unique_keys: n.flag("unique_keys"),
                at,
            })),
            "JSONEXPR" => Expr::JsonExpr(Box::new(self.json_expr(n)?)),
            other => return Err(format!("node {other}")),
        })
    }

    fn json_returning(&mut self, n: &Node) -> Converted<JsonReturning> {
        let Some(returning) = n.node("returning") else {
            return Ok(JsonReturning { format: JsonFormat::default(), ty: TypeRef::plain(Oid::INVALID) });
        };
        Ok(JsonReturning {
            format: json_format(returning.node("format")),
            ty: self.ty(returning.int("typid"), returning.int("typmod"))?,
        })
    }

    fn json_expr(&mut self, n: &Node) -> Converted<JsonExpr> {
        Ok(JsonExpr {
            op: match n.int("op") {
                0 => JsonExprOp::Exists,
                1 => JsonExprOp::Query,
                2 => JsonExprOp::Value,
                _ => JsonExprOp::Table,
            },
            column_name: n.text("column_name").map(Name::from),
            formatted: self.field(n, "formatted_expr")?,
            format: json_format(n.node("format")),
            path: self.field(n, "path_spec")?,
            returning: self.json_returning(n)?,
            passing_names: names(n.list("passing_names")),
            passing_values: self.list(n, "passing_values")?,
            on_empty: self.json_behavior(n.node("on_empty"))?,
            on_error: self.json_behavior(n.node("on_error"))?,
            use_io_coercion: n.flag("use_io_coercion"),
            use_json_coercion: n.flag("use_json_coercion"),
            wrapper: match n.int("wrapper") {
                0 => JsonWrapper::Unspecified,
                1 => JsonWrapper::None,
                2 => JsonWrapper::Conditional,
                _ => JsonWrapper::Unconditional,
            },
            omit_quotes: n.flag("omit_quotes"),
            collation: Oid::INVALID,
            at: At::NONE,
        })
    }

    fn json_behavior(&mut self, node: Option<&Node>) -> Converted<Option<JsonBehavior>> {
        let Some(n) = node else { return Ok(None) };
        Ok(Some(JsonBehavior {
            kind: match n.int("btype") {
                0 => JsonBehaviorType::Null,
                1 => JsonBehaviorType::Error,
                2 => JsonBehaviorType::Empty,
                3 => JsonBehaviorType::True,
                4 => JsonBehaviorType::False,
                5 => JsonBehaviorType::Unknown,
                6 => JsonBehaviorType::EmptyArray,
                7 => JsonBehaviorType::EmptyObject,
                _ => JsonBehaviorType::Default,
            },
            expr: self.opt(n, "expr")?,
            coerce: n.flag("coerce"),
            at: At::NONE,
        }))
    }

    fn types(&self, oids: &[i64]) -> Converted<Vec<Oid>> {
        oids.iter().map(|&oid| self.oid(Kind::Type, oid)).collect()
    }

    fn constant(&self, n: &Node) -> Converted<Expr> {
        let server_type = n.int("consttype") as u32;
        let value = match n.get("constvalue") {
            _ if n.flag("constisnull") => None,
            Value::Datum(bytes) => {
                let text = datum::text(server_type, bytes).or_else(|| self.source.constant_text(server_type, bytes));
                Some(text.ok_or_else(|| format!("constant of type {server_type}"))?.into())
            }
            other => return Err(format!("constvalue {other:?}")),
        };
        Ok(Expr::Const(Box::new(Const {
            ty: self.ty(n.int("consttype"), n.int("consttypmod"))?,
            collation: self.collation(n, "constcollid")?,
            value,
            object: None,
            at: At::NONE,
        })))
    }

    fn var(&mut self, n: &Node) -> Converted<Expr> {
        let syntactic = n.int("varnosyn") > 0;
        let (varno, varattno) = if syntactic { ("varnosyn", "varattnosyn") } else { ("varno", "varattno") };
        let (varno, varattno) = (n.int(varno) as u32, n.int(varattno) as i16);
        let levels_up = n.int("varlevelsup") as u32;
        let level = self.levels.len().checked_sub(1 + levels_up as usize);
        let (offset, group) = match level.and_then(|level| self.levels.get(level)) {
            Some((offset, group)) => (*offset, group.clone()),
            None => (0, None),
        };
        if let Some((number, exprs)) = group
            && number == varno
        {
            if levels_up > 0 {
                return Err("a column of GROUP BY from inside".into());
            }
            return self.expr(&exprs[varattno as usize - 1]);
        }
        Ok(Expr::Var(Box::new(Var {
            varno: varno - offset,
            varattno,
            ty: self.ty(n.int("vartype"), n.int("vartypmod"))?,
            collation: self.collation(n, "varcollid")?,
            levels_up,
            returning: match n.int("varreturningtype") {
                1 => VarReturning::Old,
                2 => VarReturning::New,
                _ => VarReturning::Default,
            },
            at: At::NONE,
        })))
    }

    fn targets(&mut self, values: &[Value]) -> Converted<Vec<TargetEntry>> {
        let mut targets = Vec::new();
        for value in values {
            let Value::Node(n) = value else { return Err("target".into()) };
            targets.push(TargetEntry {
                expr: self.field(n, "expr")?,
                resno: n.int("resno") as i16,
                name: n.text("resname").map(Name::from),
                ressortgroupref: n.int("ressortgroupref") as u32,
                orig_table: Oid::INVALID,
                orig_column: 0,
                junk: n.flag("resjunk"),
            });
        }
        Ok(targets)
    }

    fn sort_clauses(&self, values: &[Value]) -> Converted<Vec<SortGroupClause>> {
        let clause = |value: &Value| {
            let Value::Node(n) = value else { return Err("sort clause".to_owned()) };
            Ok(SortGroupClause {
                tle_sort_group_ref: n.int("tleSortGroupRef") as u32,
                equality: self.oid(Kind::Operator, n.int("eqop"))?,
                sort: self.oid(Kind::Operator, n.int("sortop"))?,
                descending: n.flag("reverse_sort"),
                nulls_first: n.flag("nulls_first"),
                hashable: n.flag("hashable"),
            })
        };
        values.iter().map(clause).collect()
    }

    /// A query.
    pub fn query(&mut self, n: &Node) -> Converted<Query> {
        let offset = if self.view && self.levels.is_empty() { 2 } else { 0 };
        let group = n.list("rtable").iter().enumerate().find_map(|(i, rte)| match rte {
            Value::Node(rte) if rte.int("rtekind") == 9 => Some((i as u32 + 1, rte.list("groupexprs").to_vec())),
            _ => None,
        });
        self.levels.push((offset, group));
        let result = self.query_inside(n, offset);
        self.levels.pop();
        result
    }

    fn query_inside(&mut self, n: &Node, offset: u32) -> Converted<Query> {
        let mut query = Query::new(match n.int("commandType") {
            1 => CommandType::Select,
            2 => CommandType::Update,
            3 => CommandType::Insert,
            4 => CommandType::Delete,
            5 if self.version >= 15 => CommandType::Merge,
            5 | 6 if n.node("utilityStmt").is_some() => CommandType::Utility,
            6 | 7 => CommandType::Nothing,
            other => return Err(format!("command {other}")),
        });
        if let Some(notify) = n.node("utilityStmt") {
            query.utility = Some(Utility::Notify(name(notify, "conditionname")?, notify.text("payload")));
        }
        query.result_relation = n.int("resultRelation") as u32;
        query.has_aggs = n.flag("hasAggs");
        query.has_window_funcs = n.flag("hasWindowFuncs");
        query.has_sub_links = n.flag("hasSubLinks");
        query.has_distinct_on = n.flag("hasDistinctOn");
        query.has_recursive = n.flag("hasRecursive");
        query.has_for_update = n.flag("hasForUpdate");
        for cte in n.list("cteList") {
            let Value::Node(cte) = cte else { return Err("cte".into()) };
            query.ctes.push(self.cte(cte)?);
        }
        for rte in n.list("rtable").iter().skip(offset as usize) {
            let Value::Node(rte) = rte else { return Err("rte".into()) };
            if rte.int("rtekind") != 9 {
                query.rtable.push(self.rte(rte)?);
            }
        }
        if let Some(tree) = n.node("jointree") {
            for item in tree.list("fromlist") {
                query.jointree.from.push(self.join_tree(item, offset)?);
            }
            query.jointree.quals = self.opt(tree, "quals")?;
        }
        for action in n.list("mergeActionList") {
            let Value::Node(action) = action else { return Err("action".into()) };
            query.merge_actions.push(MergeAction {
                matched: match (action.has("matchKind"), action.int("matchKind")) {
                    (true, 0) => MergeMatch::Matched,
                    (true, 1) => MergeMatch::NotBySource,
                    (true, _) => MergeMatch::NotByTarget,
                    (false, _) if action.flag("matched") => MergeMatch::Matched,
                    (false, _) => MergeMatch::NotByTarget,
                },
                command: match action.int("commandType") {
                    2 => CommandType::Update,
                    3 => CommandType::Insert,
                    4 => CommandType::Delete,
                    _ => CommandType::Nothing,
                },
                overriding: overriding(action.int("override")),
                condition: self.opt(action, "qual")?,
                targets: self.targets(action.list("targetList"))?,
            });
        }
        query.merge_join_condition = self.opt(n, "mergeJoinCondition")?;
        query.targets = self.targets(n.list("targetList"))?;
        query.overriding = overriding(n.int("override"));
        if let Some(conflict) = n.node("onConflict") {
            query.on_conflict = Some(Box::new(self.on_conflict(conflict)?));
        }
        query.returning = self.targets(n.list("returningList"))?;
        query.returning_old_alias = n.text("returningOldAlias").map(Name::from);
        query.returning_new_alias = n.text("returningNewAlias").map(Name::from);
        query.group_clause = self.sort_clauses(n.list("groupClause"))?;
        query.group_distinct = n.flag("groupDistinct");
        query.grouping_sets = n.list("groupingSets").iter().map(grouping_set).collect::<Converted<_>>()?;
        query.having = self.opt(n, "havingQual")?;
        for window in n.list("windowClause") {
            let Value::Node(window) = window else { return Err("window".into()) };
            query.window_clause.push(WindowClause {
                name: window.text("name").map(Name::from),
                refname: window.text("refname").map(Name::from),
                partition: self.sort_clauses(window.list("partitionClause"))?,
                order: self.sort_clauses(window.list("orderClause"))?,
                frame_options: window.int("frameOptions") as i32,
                start_offset: self.opt(window, "startOffset")?,
                end_offset: self.opt(window, "endOffset")?,
                winref: window.int("winref") as u32,
                copied_order: window.flag("copiedOrder"),
            });
        }
        query.distinct_clause = self.sort_clauses(n.list("distinctClause"))?;
        query.sort_clause = self.sort_clauses(n.list("sortClause"))?;
        query.limit_offset = self.opt(n, "limitOffset")?;
        query.limit_count = self.opt(n, "limitCount")?;
        query.limit_with_ties = n.int("limitOption") == if self.version >= 19 { 2 } else { 1 };
        for mark in n.list("rowMarks") {
            let Value::Node(mark) = mark else { return Err("row mark".into()) };
            query.row_marks.push(RowMarkClause {
                rti: mark.int("rti") as u32 - offset,
                strength: match mark.int("strength") {
                    1 => LockStrength::KeyShare,
                    2 => LockStrength::Share,
                    3 => LockStrength::NoKeyUpdate,
                    _ => LockStrength::Update,
                },
                wait: match mark.int("waitPolicy") {
                    0 => LockWait::Block,
                    1 => LockWait::Skip,
                    _ => LockWait::Error,
                },
                pushed_down: mark.flag("pushedDown"),
            });
        }
        if let Some(operations) = n.node("setOperations") {
            query.set_operations = Some(Box::new(set_operation(operations, offset)?));
        }
        Ok(query)
    }

    fn on_conflict(&mut self, n: &Node) -> Converted<OnConflictExpr> {
        let mut arbiter = Vec::new();
        for elem in n.list("arbiterElems") {
            let Value::Node(elem) = elem else { return Err("arbiter".into()) };
            arbiter.push(InferenceElem {
                expr: self.field(elem, "expr")?,
                collation: self.collation(elem, "infercollid")?,
                opclass: self.oid(Kind::Opclass, elem.int("inferopclass"))?,
            });
        }
        Ok(OnConflictExpr {
            update: n.int("action") == 2,
            arbiter,
            arbiter_where: self.opt(n, "arbiterWhere")?,
            constraint: Oid(n.int("constraint") as u32),
            set: self.targets(n.list("onConflictSet"))?,
            filter: self.opt(n, "onConflictWhere")?,
            excluded: n.int("exclRelIndex") as u32,
        })
    }

    fn cte(&mut self, n: &Node) -> Converted<CommonTableExpr> {
        let search = match n.node("search_clause") {
            Some(s) => Some(CteSearch {
                columns: names(s.list("search_col_list")),
                breadth_first: s.flag("search_breadth_first"),
                sequence_column: name(s, "search_seq_column")?,
                at: At::NONE,
            }),
            None => None,
        };
        let cycle = match n.node("cycle_clause") {
            Some(c) => Some(Box::new(CteCycle {
                columns: names(c.list("cycle_col_list")),
                mark_column: name(c, "cycle_mark_column")?,
                mark_value: self.field(c, "cycle_mark_value")?,
                mark_default: self.field(c, "cycle_mark_default")?,
                path_column: name(c, "cycle_path_column")?,
                mark_type: TypeRef::plain(Oid::INVALID),
                mark_collation: Oid::INVALID,
                mark_neop: Oid::INVALID,
                at: At::NONE,
            })),
            None => None,
        };
        Ok(CommonTableExpr {
            name: name(n, "ctename")?,
            aliases: names(n.list("aliascolnames")),
            materialized: match n.int("ctematerialized") {
                0 => None,
                1 => Some(true),
                _ => Some(false),
            },
            query: self.query(n.node("ctequery").ok_or("ctequery")?)?,
            search,
            cycle,
            recursive: n.flag("cterecursive"),
            refcount: n.int("cterefcount") as u32,
            column_names: names(n.list("ctecolnames")),
            columns: Vec::new(),
            at: At::NONE,
        })
    }

    fn rte(&mut self, n: &Node) -> Converted<RangeTblEntry> {
        let kind = match n.int("rtekind") {
            0 => RteKind::Relation {
                relation: self.oid(Kind::Relation, n.int("relid"))?,
                sample: match n.node("tablesample") {
                    Some(sample) => Some(Box::new(TableSample {
                        handler: self.oid(Kind::Function, sample.int("tsmhandler"))?,
                        args: self.list(sample, "args")?,
                        repeatable: self.opt(sample, "repeatable")?,
                    })),
                    None => None,
                },
            },
            1 => RteKind::Subquery(Box::new(self.query(n.node("subquery").ok_or("subquery")?)?)),
            2 => {
                let columns = |name: &str| -> Vec<i16> { n.ints(name).into_iter().map(|i| i as i16).collect() };
                let alias_vars = self.list(n, "joinaliasvars")?;
                let merged = n.int("joinmergedcols") as usize;
                // `identify_join_columns`
                let mut left = columns("joinleftcols");
                let mut right = vec![0; left.len()];
                for (i, column) in columns("joinrightcols").into_iter().enumerate() {
                    if i < merged {
                        right[i] = column;
                    } else {
                        left.push(0);
                        right.push(column);
                    }
                }
                RteKind::Join(Box::new(JoinRte {
                    kind: join_kind(n.int("jointype"))?,
                    merged_columns: merged,
                    alias_vars,
                    left_columns: left,
                    right_columns: right,
                    using_alias: n.node("join_using_alias").map(alias),
                }))
            }
            3 => {
                let mut functions = Vec::new();
                for function in n.list("functions") {
                    let Value::Node(f) = function else { return Err("function".into()) };
                    let mut definition = Vec::new();
                    for (i, column) in names(f.list("funccolnames")).into_iter().enumerate() {
                        definition.push(ColumnDefinition {
                            name: column,
                            ty: self.ty(f.ints("funccoltypes")[i], f.ints("funccoltypmods")[i])?,
                            collation: self.oid(Kind::Collation, f.ints("funccolcollations")[i])?,
                        });
                    }
                    functions.push(RangeTblFunction {
                        expr: self.field(f, "funcexpr")?,
                        column_count: f.int("funccolcount") as usize,
                        definition,
                    });
                }
                RteKind::Function { functions, ordinality: n.flag("funcordinality") }
            }
            4 => RteKind::TableFunc(Box::new(self.table_func(n.node("tablefunc").ok_or("tablefunc")?)?)),
            5 => {
                let mut rows = Vec::new();
                for row in n.list("values_lists") {
                    let Value::List(row) = row else { return Err("row".into()) };
                    rows.push(self.exprs(row)?);
                }
                RteKind::Values { rows, columns: Vec::new() }
            }
            6 => RteKind::Cte {
                name: name(n, "ctename")?,
                levels_up: n.int("ctelevelsup") as u32,
                self_reference: n.flag("self_reference"),
                columns: Vec::new(),
            },
            8 => RteKind::Result,
            other => return Err(format!("rtekind {other}")),
        };
        Ok(RangeTblEntry {
            kind,
            alias: n.node("alias").map(alias),
            eref: n.node("eref").map(alias).ok_or("eref")?,
            lateral: n.flag("lateral"),
            in_from: n.flag("inFromCl"),
            inherit: n.flag("inh"),
        })
    }

    fn table_func(&mut self, n: &Node) -> Converted<TableFunc> {
        let json = n.int("functype") == 1;
        let optional = |c: &mut Self, list: &str, i: usize| -> Converted<Option<Expr>> {
            match n.list(list).get(i) {
                None | Some(Value::Null) => Ok(None),
                Some(value) => c.expr(value).map(Some),
            }
        };
        let not_null = n.ints("notnulls");
        let mut columns = Vec::new();
        for (i, column) in names(n.list("colnames")).into_iter().enumerate() {
            columns.push(TableFuncColumn {
                name: column,
                ty: self.ty(n.ints("coltypes")[i], n.ints("coltypmods")[i])?,
                collation: Oid::INVALID,
                path: optional(self, "colexprs", i)?,
                value: optional(self, "colvalexprs", i)?,
                default: optional(self, "coldefexprs", i)?,
                not_null: not_null.contains(&(i as i64)),
            });
        }
        Ok(TableFunc {
            json,
            namespace_uris: self.list(n, "ns_uris")?,
            namespace_names: n
                .list("ns_names")
                .iter()
                .map(|v| match v {
                    Value::Text(text) => Some(Name::from(text.as_str())),
                    _ => None,
                })
                .collect(),
            document: self.field(n, "docexpr")?,
            row: self.opt(n, "rowexpr")?,
            columns,
            ordinality: usize::try_from(n.int("ordinalitycol")).ok(),
            plan: match n.node("plan") {
                Some(plan) => Some(Box::new(self.json_plan(plan)?)),
                None => None,
            },
            passing: Vec::new(),
            at: At::NONE,
        })
    }

    fn json_plan(&mut self, n: &Node) -> Converted<JsonTablePlan> {
        Ok(match n.tag.as_str() {
            "JSONTABLEPATHSCAN" => {
                let path = n.node("path").ok_or("path")?;
                let (min, max) = (n.int("colMin"), n.int("colMax"));
                JsonTablePlan::Path {
                    path: self.field(path, "value")?,
                    name: name(path, "name")?,
                    error_on_error: n.flag("errorOnError"),
                    child: match n.node("child") {
                        Some(child) => Some(Box::new(self.json_plan(child)?)),
                        None => None,
                    },
                    columns: (min >= 0).then_some((min as usize, max as usize)),
                }
            }
            _ => JsonTablePlan::Join(
                Box::new(self.json_plan(n.node("lplan").ok_or("lplan")?)?),
                Box::new(self.json_plan(n.node("rplan").ok_or("rplan")?)?),
            ),
        })
    }

    fn join_tree(&mut self, value: &Value, offset: u32) -> Converted<JoinTree> {
        let Value::Node(n) = value else { return Err("join tree".into()) };
        Ok(match n.tag.as_str() {
            "RANGETBLREF" => JoinTree::Ref(n.int("rtindex") as u32 - offset),
            "JOINEXPR" => JoinTree::Join(Box::new(JoinExpr {
                kind: join_kind(n.int("jointype"))?,
                natural: n.flag("isNatural"),
                left: self.join_tree(n.get("larg"), offset)?,
                right: self.join_tree(n.get("rarg"), offset)?,
                using: names(n.list("usingClause")),
                using_alias: n.node("join_using_alias").map(alias),
                quals: self.opt(n, "quals")?,
                alias: n.node("alias").map(alias),
                rtindex: n.int("rtindex") as u32 - offset,
            })),
            other => return Err(format!("join tree {other}")),
        })
    }
}

fn name(n: &Node, field: &str) -> Converted<Name> {
    n.text(field).map(Name::from).ok_or_else(|| format!("{}.{field}", n.tag))
}

fn names(values: &[Value]) -> Vec<Name> {
    values
        .iter()
        .map(|value| match value {
            Value::Text(text) | Value::Token(text) => Name::from(text.as_str()),
            _ => Name::new(),
        })
        .collect()
}

fn alias(n: &Node) -> Alias {
    Alias { name: n.text("aliasname").unwrap_or_default().into(), columns: names(n.list("colnames")) }
}

fn overriding(code: i64) -> Overriding {
    match code {
        1 => Overriding::User,
        2 => Overriding::System,
        _ => Overriding::NotSet,
    }
}

fn join_kind(code: i64) -> Converted<JoinKind> {
    Ok(match code {
        0 => JoinKind::Inner,
        1 => JoinKind::Left,
        2 => JoinKind::Full,
        3 => JoinKind::Right,
        other => return Err(format!("jointype {other}")),
    })
}

fn json_format(n: Option<&Node>) -> JsonFormat {
    let Some(n) = n else { return JsonFormat::default() };
    JsonFormat {
        format: match n.int("format_type") {
            1 => JsonFormatType::Json,
            2 => JsonFormatType::Jsonb,
            _ => JsonFormatType::Default,
        },
        encoding: match n.int("encoding") {
            1 => JsonEncoding::Utf8,
            2 => JsonEncoding::Utf16,
            3 => JsonEncoding::Utf32,
            _ => JsonEncoding::Default,
        },
    }
}

fn grouping_set(value: &Value) -> Converted<GroupingSet> {
    let Value::Node(n) = value else { return Err("grouping set".into()) };
    let content = || n.list("content").iter().map(grouping_set).collect::<Converted<Vec<_>>>();
    Ok(match n.int("kind") {
        0 => GroupingSet::Empty,
        1 => GroupingSet::Simple(n.ints("content").into_iter().map(|i| i as u32).collect()),
        2 => GroupingSet::Rollup(content()?),
        3 => GroupingSet::Cube(content()?),
        _ => GroupingSet::Sets(content()?),
    })
}

fn set_operation(n: &Node, offset: u32) -> Converted<SetOperation> {
    Ok(match n.tag.as_str() {
        "RANGETBLREF" => SetOperation::Leaf(n.int("rtindex") as u32 - offset),
        _ => SetOperation::Node {
            op: match n.int("op") {
                1 => SetOp::Union,
                2 => SetOp::Intersect,
                _ => SetOp::Except,
            },
            all: n.flag("all"),
            left: Box::new(set_operation(n.node("larg").ok_or("larg")?, offset)?),
            right: Box::new(set_operation(n.node("rarg").ok_or("rarg")?, offset)?),
            columns: Vec::new(),
            group_clauses: Vec::new(),
        },
    })
}
