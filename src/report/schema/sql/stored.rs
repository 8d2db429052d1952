//! What the document does not list, printed from the catalog: operators, casts, collations, operator classes and
//! families, conversions, text search, and the definitions of aggregates, base types and ranges.
//!
//! The statements are those of `pg_dump` (`pg_dump.c: dumpAgg`, `dumpOpr`, `dumpOpclass` …).

use super::Script;
use crate::catalog::builtin::CastContext;
use crate::catalog::{
    Aggregate, AggregateKind, BaseType, CastPath, Catalog, FamilyFunction, FamilyOperator, Object, Oid, OpClass,
    RangeType, Subscript, TypeKind,
};
use crate::expr::deparse::{Deparser, quote_literal};

/// `NAME = value` of a definition, each on a line.
#[derive(Default)]
struct Definition(Vec<String>);

impl Definition {
    fn word(&mut self, condition: bool, word: &str) {
        if condition {
            self.0.push(word.to_owned());
        }
    }

    fn option(&mut self, word: &str, value: impl AsRef<str>) {
        self.0.push(format!("{word} = {}", value.as_ref()));
    }

    fn some(&mut self, word: &str, value: Option<String>) {
        if let Some(value) = value {
            self.option(word, value);
        }
    }

    fn finish(self, what: &str) -> String {
        format!("{what} (\n    {}\n)", self.0.join(",\n    "))
    }
}

impl Script<'_> {
    // ---- names ----

    pub(super) fn placed(&self, schema: Oid, name: &str) -> String {
        self.catalog.qualified(schema, name, false)
    }

    fn type_text(&self, ty: Oid) -> String {
        self.catalog.format_type_be(ty, &[])
    }

    /// The name of a function alone; nothing if there is none.
    fn function_name(&self, oid: Oid) -> Option<String> {
        let function = self.catalog.function_info(oid)?;
        Some(self.placed(function.schema(), function.name()))
    }

    pub(super) fn function_with_types(&self, oid: Oid) -> Option<String> {
        let function = self.catalog.function_info(oid)?;
        let types: Vec<String> = function.input_types().map(|ty| self.type_text(ty)).collect();
        Some(format!("{}({})", self.placed(function.schema(), function.name()), types.join(", ")))
    }

    /// `schema.operator`, as ALTER takes it.
    fn operator_name(&self, oid: Oid) -> Option<String> {
        let operator = self.catalog.operator_info(oid)?;
        Some(format!("{}.{}", self.ident(self.catalog.schema_name(operator.schema)), operator.name))
    }

    fn operator_with_types(&self, oid: Oid) -> Option<String> {
        let operator = self.catalog.operator_info(oid)?;
        let operand = |ty| if ty == Oid::INVALID { "NONE".to_owned() } else { self.type_text(ty) };
        Some(format!("{} ({}, {})", self.operator_name(oid)?, operand(operator.left), operand(operator.right)))
    }

    /// `OPERATOR(schema.operator)`
    fn operator_reference(&self, oid: Oid) -> Option<String> {
        self.operator_name(oid).map(|name| format!("OPERATOR({name})"))
    }

    fn collation_name(&self, oid: Oid) -> Option<String> {
        self.catalog.collation_info(oid).map(|c| self.placed(c.schema, c.name))
    }

    fn family_name(&self, oid: Oid) -> Option<String> {
        self.catalog.opfamily_info(oid).map(|f| self.placed(f.schema, f.name))
    }

    /// What COMMENT and ALTER call the object.
    pub(super) fn stored_name(&self, object: Object) -> Option<(&'static str, String)> {
        let catalog = self.catalog;
        let using =
            |schema, name: &str, method: &str| format!("{} USING {}", self.placed(schema, name), self.ident(method));
        Some(match object {
            // A shell has neither owner nor comment that a script could give it.
            Object::Operator(oid) if catalog.operator(oid)?.function == Oid::INVALID => return None,
            Object::Operator(oid) => ("OPERATOR", self.operator_with_types(oid)?),
            Object::Cast(oid) => {
                let cast = catalog.user_cast_by_oid(oid)?;
                ("CAST", format!("({} AS {})", self.type_text(cast.source), self.type_text(cast.target)))
            }
            Object::OpClass(oid) => {
                let class = catalog.opclass(oid)?;
                ("OPERATOR CLASS", using(class.schema, &class.name, &class.access_method))
            }
            Object::OpFamily(oid) => {
                let family = catalog.opfamily(oid)?;
                ("OPERATOR FAMILY", using(family.schema, &family.name, &family.access_method))
            }
            Object::Collation(oid) => ("COLLATION", self.collation_name(oid)?),
            Object::Conversion(oid) => {
                let conversion = catalog.conversion(oid)?;
                ("CONVERSION", self.placed(conversion.schema, &conversion.name))
            }
            Object::TsConfig(oid) => {
                let (schema, name) = catalog.ts_config_name(oid)?;
                ("TEXT SEARCH CONFIGURATION", self.placed(schema, name))
            }
            Object::TsDict(oid) => {
                let (schema, name) = catalog.ts_dict_name(oid)?;
                ("TEXT SEARCH DICTIONARY", self.placed(schema, name))
            }
            Object::Schema(_)
            | Object::Relation(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Type(_)
            | Object::DomainConstraint(..)
            | Object::Function(_)
            | Object::Role(_)
            | Object::Extension(_)
            | Object::Publication(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_)
            | Object::Statistics(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::LargeObject(_) => return None,
        })
    }

    // ---- making ----

    /// Makes an object, unless the platform has it.
    pub(super) fn stored(&mut self, object: Object) {
        let Some((word, name)) = self.stored_name(object) else { return };
        if super::grants::is_there(self.platform, object) {
            return;
        }
        let text = match object {
            Object::Operator(oid) => self.operator(oid),
            Object::Cast(oid) => self.cast(oid, &name),
            Object::OpClass(oid) => self.opclass(oid),
            Object::OpFamily(oid) => self.family(oid, &name),
            Object::Collation(oid) => self.collation(oid, &name),
            Object::Conversion(oid) => self.conversion(oid, &name),
            Object::TsConfig(oid) => self.ts_config(oid, &name),
            Object::TsDict(oid) => self.ts_dict(oid, &name),
            Object::Schema(_)
            | Object::Relation(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Type(_)
            | Object::DomainConstraint(..)
            | Object::Function(_)
            | Object::Role(_)
            | Object::Extension(_)
            | Object::Publication(_)
            | Object::PublicationRelation(..)
            | Object::DefaultAcl(_)
            | Object::Statistics(_)
            | Object::ForeignDataWrapper(_)
            | Object::ForeignServer(_)
            | Object::EventTrigger(_)
            | Object::Language(_)
            | Object::Transform(_)
            | Object::Database(_)
            | Object::LargeObject(_) => return,
        };
        match text {
            Some(text) => self.statement(text),
            None => self.remark(&format!("not made: {} {name}", word.to_lowercase())),
        }
    }

    /// Types that their own functions name.
    pub(super) fn shells(&mut self) {
        let doc = self.doc;
        for ty in doc.types.iter().filter(|ty| self.platform.type_(ty.oid).is_none()) {
            let has_shell = match self.catalog.type_(ty.oid).map(|ty| &ty.kind) {
                Some(TypeKind::Base(_)) => true,
                Some(TypeKind::Range(range)) => range.canonical != Oid::INVALID,
                Some(
                    TypeKind::Array(_)
                    | TypeKind::Composite(_)
                    | TypeKind::Enum(_)
                    | TypeKind::Domain(_)
                    | TypeKind::Multirange(_)
                    | TypeKind::Shell,
                )
                | None => false,
            };
            if has_shell {
                self.statement(format!("CREATE TYPE {}", self.name(&ty.schema, &ty.name)));
            }
        }
    }

    /// `pg_dump.c: dumpAgg`
    pub(super) fn aggregate(&mut self, oid: Oid) {
        match self.aggregate_definition(oid) {
            Some(text) => self.statement(text),
            None => {
                let name = self.function_with_types(oid).unwrap_or_default();
                self.remark(&format!("not made: aggregate {name}"));
            }
        }
    }

    fn aggregate_definition(&self, oid: Oid) -> Option<String> {
        let function = self.catalog.function(oid)?;
        let aggregate: &Aggregate = function.aggregate.as_deref()?;
        let arguments = Deparser::new(self.catalog, Vec::new()).function_identity_arguments_of(function).ok()?;
        let arguments = if arguments.is_empty() { "*".to_owned() } else { arguments };
        let usual_modify = if aggregate.kind == AggregateKind::Normal { 'r' } else { 'w' };
        let modify = |modify: char| {
            let word = match modify {
                'r' => "READ_ONLY",
                's' => "SHAREABLE",
                _ => "READ_WRITE",
            };
            (modify != usual_modify).then(|| word.to_owned())
        };
        let space = |space: i32| (space != 0).then(|| space.to_string());
        let literal = |text: &Option<String>| text.as_ref().map(|text| quote_literal(text));
        let mut of = Definition::default();
        of.option("SFUNC", self.function_name(aggregate.transition)?);
        of.option("STYPE", self.type_text(aggregate.transition_type));
        of.some("SSPACE", space(aggregate.space));
        if let Some(name) = self.function_name(aggregate.final_function) {
            of.option("FINALFUNC", name);
            of.word(aggregate.final_extra, "FINALFUNC_EXTRA");
            of.some("FINALFUNC_MODIFY", modify(aggregate.final_modify));
        }
        of.some("COMBINEFUNC", self.function_name(aggregate.combine));
        of.some("SERIALFUNC", self.function_name(aggregate.serial));
        of.some("DESERIALFUNC", self.function_name(aggregate.deserial));
        of.some("INITCOND", literal(&aggregate.initial));
        if let Some(name) = self.function_name(aggregate.moving_transition) {
            of.option("MSFUNC", name);
            of.some("MINVFUNC", self.function_name(aggregate.moving_inverse));
            of.option("MSTYPE", self.type_text(aggregate.moving_type));
            of.some("MSSPACE", space(aggregate.moving_space));
            if let Some(name) = self.function_name(aggregate.moving_final) {
                of.option("MFINALFUNC", name);
                of.word(aggregate.moving_final_extra, "MFINALFUNC_EXTRA");
                of.some("MFINALFUNC_MODIFY", modify(aggregate.moving_final_modify));
            }
            of.some("MINITCOND", literal(&aggregate.moving_initial));
        }
        of.some("SORTOP", self.operator_reference(aggregate.sort_operator));
        match function.parallel {
            's' => of.option("PARALLEL", "SAFE"),
            'r' => of.option("PARALLEL", "RESTRICTED"),
            _ => {}
        }
        of.word(aggregate.kind == AggregateKind::Hypothetical, "HYPOTHETICAL");
        Some(of.finish(&format!("CREATE AGGREGATE {}({arguments})", self.placed(function.schema, &function.name))))
    }

    /// `pg_dump.c: dumpOpr`. Naming a commutator or negator makes a shell of it, if it is not there.
    fn operator(&self, oid: Oid) -> Option<String> {
        let operator = self.catalog.operator(oid)?;
        let operand = |ty: Oid| (ty != Oid::INVALID).then(|| self.type_text(ty));
        let mut of = Definition::default();
        of.option("FUNCTION", self.function_name(operator.function)?);
        of.some("LEFTARG", operand(operator.left));
        of.some("RIGHTARG", operand(operator.right));
        of.some("COMMUTATOR", self.operator_reference(operator.commutator));
        of.some("NEGATOR", self.operator_reference(operator.negator));
        of.word(operator.can_merge, "MERGES");
        of.word(operator.can_hash, "HASHES");
        of.some("RESTRICT", self.function_name(operator.restrict));
        of.some("JOIN", self.function_name(operator.join));
        Some(of.finish(&format!("CREATE OPERATOR {}", self.operator_name(oid)?)))
    }

    fn cast(&self, oid: Oid, name: &str) -> Option<String> {
        let cast = self.catalog.user_cast_by_oid(oid)?;
        let path = match cast.path {
            CastPath::Function(function) => format!("WITH FUNCTION {}", self.function_with_types(function)?),
            CastPath::Binary => "WITHOUT FUNCTION".to_owned(),
            CastPath::InOut => "WITH INOUT".to_owned(),
        };
        let context = match cast.context {
            CastContext::Explicit => "",
            CastContext::Assignment => " AS ASSIGNMENT",
            CastContext::Implicit => " AS IMPLICIT",
        };
        Some(format!("CREATE CAST {name} {path}{context}"))
    }

    /// `pg_dump.c: dumpCollation`
    fn collation(&self, oid: Oid, name: &str) -> Option<String> {
        let collation = self.catalog.collation(oid)?;
        let literal = |text: &Option<String>| text.as_ref().map(|text| quote_literal(text));
        let provider = match collation.provider {
            'c' => "libc",
            'i' => "icu",
            'b' => "builtin",
            _ => "default",
        };
        let mut options = vec![format!("provider = {provider}")];
        if !collation.deterministic {
            options.push("deterministic = false".to_owned());
        }
        let locale = literal(&collation.locale)
            .or_else(|| if collation.collate == collation.ctype { literal(&collation.collate) } else { None });
        match locale {
            Some(locale) => options.push(format!("locale = {locale}")),
            None => {
                options.extend(literal(&collation.collate).map(|text| format!("lc_collate = {text}")));
                options.extend(literal(&collation.ctype).map(|text| format!("lc_ctype = {text}")));
            }
        }
        options.extend(literal(&collation.rules).map(|text| format!("rules = {text}")));
        Some(format!("CREATE COLLATION {name} ({})", options.join(", ")))
    }

    fn conversion(&self, oid: Oid, name: &str) -> Option<String> {
        let conversion = self.catalog.conversion(oid)?;
        let default = if conversion.is_default { "DEFAULT " } else { "" };
        let (from, to) = (quote_literal(&conversion.from), quote_literal(&conversion.to));
        let function = self.function_name(conversion.function)?;
        Some(format!("CREATE {default}CONVERSION {name} FOR {from} TO {to} FROM {function}"))
    }

    // ---- operator classes and families ----

    fn member_operator(&self, member: &FamilyOperator, types: bool) -> Option<String> {
        let mut text = format!("OPERATOR {} {}", member.strategy, self.operator_with_types(member.operator)?);
        // The operands are the types of the member itself.
        if types {
            let (left, right) = (self.type_text(member.left), self.type_text(member.right));
            text = format!("OPERATOR {} {} ({left}, {right})", member.strategy, self.operator_name(member.operator)?);
        }
        if member.sort_family != Oid::INVALID {
            text.push_str(&format!(" FOR ORDER BY {}", self.family_name(member.sort_family)?));
        }
        Some(text)
    }

    fn member_function(&self, member: &FamilyFunction) -> Option<String> {
        let (left, right) = (self.type_text(member.left), self.type_text(member.right));
        let function = self.function_with_types(member.function)?;
        Some(format!("FUNCTION {} ({left}, {right}) {function}", member.number))
    }

    /// `pg_dump.c: dumpOpclass`
    fn opclass(&self, oid: Oid) -> Option<String> {
        let catalog = self.catalog;
        let class = catalog.opclass(oid)?;
        let default = if class.is_default { "DEFAULT " } else { "" };
        let mut members = Vec::new();
        // A class without members needs something in its list (`pg_dump.c: dumpOpclass`).
        if class.key_type != Oid::INVALID {
            members.push(format!("STORAGE {}", self.type_text(class.key_type)));
        }
        for &(left, right, strategy) in &class.operators {
            let member = catalog.family_operator(class.family, left, right, strategy)?;
            members.push(self.member_operator(&member, false)?);
        }
        for &(left, right, number) in &class.functions {
            members.push(self.member_function(&catalog.family_function(class.family, left, right, number)?)?);
        }
        if members.is_empty() {
            members.push(format!("STORAGE {}", self.type_text(class.input_type)));
        }
        Some(format!(
            "CREATE OPERATOR CLASS {} {default}FOR TYPE {} USING {} FAMILY {} AS\n    {}",
            self.placed(class.schema, &class.name),
            self.type_text(class.input_type),
            self.ident(&class.access_method),
            self.family_name(class.family)?,
            members.join(",\n    ")
        ))
    }

    /// A family with the members that no class has: added after a class of their types, they would become parts of
    /// that (`nbtvalidate.c: btadjustmembers`).
    fn family(&self, oid: Oid, name: &str) -> Option<String> {
        let text = format!("CREATE OPERATOR FAMILY {name}");
        Some(match self.loose_members(oid)? {
            members if members.is_empty() => text,
            members => format!("{text};\nALTER OPERATOR FAMILY {name} ADD\n    {}", members.join(",\n    ")),
        })
    }

    fn loose_members(&self, family: Oid) -> Option<Vec<String>> {
        let (operators, functions) = loose_members(self.catalog, family);
        let operators = operators.iter().map(|member| self.member_operator(member, true));
        operators.chain(functions.iter().map(|member| self.member_function(member))).collect()
    }

    // ---- text search ----

    fn ts_dict(&self, oid: Oid, name: &str) -> Option<String> {
        let dict = self.catalog.ts_dict(oid)?;
        let (schema, template) = self.catalog.ts_template_name(dict.template)?;
        let mut of = Definition::default();
        of.option("TEMPLATE", self.placed(schema, template));
        // The values are stored as they are written (`tsearchcmds.c: serialize_deflist`).
        dict.options.iter().for_each(|(name, value)| of.option(&self.ident(name), value));
        Some(of.finish(&format!("CREATE TEXT SEARCH DICTIONARY {name}")))
    }

    fn ts_config(&self, oid: Oid, name: &str) -> Option<String> {
        let config = self.catalog.ts_config(oid)?;
        let (schema, parser) = self.catalog.ts_parser_name(config.parser)?;
        let parser = self.placed(schema, parser);
        let mut statements = vec![format!("CREATE TEXT SEARCH CONFIGURATION {name} (PARSER = {parser})")];
        for (token, dicts) in config.mappings.iter().filter(|(_, dicts)| !dicts.is_empty()) {
            let dicts: Option<Vec<String>> = dicts
                .iter()
                .map(|&dict| self.catalog.ts_dict_name(dict).map(|(schema, name)| self.placed(schema, name)))
                .collect();
            let token = self.ident(token);
            statements.push(format!(
                "ALTER TEXT SEARCH CONFIGURATION {name} ADD MAPPING FOR {token} WITH {}",
                dicts?.join(", ")
            ));
        }
        Some(statements.join(";\n"))
    }

    // ---- types ----

    /// A base type or range; nothing of another kind.
    pub(super) fn type_definition(&self, oid: Oid) -> Option<String> {
        let ty = self.catalog.type_(oid)?;
        let name = self.placed(ty.schema, &ty.name);
        match &ty.kind {
            TypeKind::Base(base) => self.base_type(base, &name),
            TypeKind::Range(range) => self.range(range, &name),
            TypeKind::Array(_)
            | TypeKind::Composite(_)
            | TypeKind::Enum(_)
            | TypeKind::Domain(_)
            | TypeKind::Multirange(_)
            | TypeKind::Shell => None,
        }
    }

    /// `pg_dump.c: dumpRangeType`
    fn range(&self, range: &RangeType, name: &str) -> Option<String> {
        let catalog = self.catalog;
        let mut of = Definition::default();
        of.option("SUBTYPE", self.type_text(range.subtype));
        if let Some(multirange) = catalog.type_(range.multirange) {
            of.option("MULTIRANGE_TYPE_NAME", self.placed(multirange.schema, &multirange.name));
        }
        if let Some(class) = catalog.opclass_info(range.opclass).filter(|class| !class.is_default) {
            of.option("SUBTYPE_OPCLASS", self.placed(class.schema, class.name));
        }
        if range.collation != catalog.type_collation(range.subtype) {
            of.some("COLLATION", self.collation_name(range.collation));
        }
        of.some("CANONICAL", self.function_name(range.canonical));
        of.some("SUBTYPE_DIFF", self.function_name(range.subtype_diff));
        Some(of.finish(&format!("CREATE TYPE {name} AS RANGE")))
    }

    /// `pg_dump.c: dumpBaseType`
    fn base_type(&self, base: &BaseType, name: &str) -> Option<String> {
        let mut of = Definition::default();
        let len = if base.len < 0 { "variable".to_owned() } else { base.len.to_string() };
        of.option("INTERNALLENGTH", len);
        of.option("INPUT", self.function_name(base.input)?);
        of.option("OUTPUT", self.function_name(base.output)?);
        of.some("RECEIVE", self.function_name(base.receive));
        of.some("SEND", self.function_name(base.send));
        of.some("TYPMOD_IN", self.function_name(base.typmod_in));
        of.some("TYPMOD_OUT", self.function_name(base.typmod_out));
        of.some("ANALYZE", self.function_name(base.analyze));
        match base.subscript {
            // It comes with ELEMENT.
            Subscript::None | Subscript::Array => {}
            Subscript::RawArray => of.option("SUBSCRIPT", "pg_catalog.raw_array_subscript_handler"),
            Subscript::Jsonb => of.option("SUBSCRIPT", "pg_catalog.jsonb_subscript_handler"),
            // Which function it is is not kept.
            Subscript::Hstore | Subscript::Other => return None,
        }
        of.word(base.collatable, "COLLATABLE = true");
        of.some("DEFAULT", base.default.as_ref().map(|text| quote_literal(text)));
        of.some("ELEMENT", (base.element != Oid::INVALID).then(|| self.type_text(base.element)));
        of.some("CATEGORY", (base.category != 'U').then(|| quote_literal(&base.category.to_string())));
        of.word(base.preferred, "PREFERRED = true");
        of.some("DELIMITER", (base.delimiter != ',').then(|| quote_literal(&base.delimiter.to_string())));
        of.option(
            "ALIGNMENT",
            match base.align {
                'c' => "char",
                's' => "int2",
                'd' => "double",
                _ => "int4",
            },
        );
        of.option(
            "STORAGE",
            match base.storage {
                'e' => "external",
                'x' => "extended",
                'm' => "main",
                _ => "plain",
            },
        );
        of.word(base.by_value, "PASSEDBYVALUE");
        Some(of.finish(&format!("CREATE TYPE {name}")))
    }
}

/// The members of a family that belong to none of its classes.
pub(super) fn loose_members(catalog: &Catalog, family: Oid) -> (Vec<FamilyOperator>, Vec<FamilyFunction>) {
    let classes: Vec<&OpClass> = catalog.opclasses().filter(|class| class.family == family).collect();
    let operators = catalog.user_family_operators(family).filter(|member| {
        let key = (member.left, member.right, member.strategy);
        !classes.iter().any(|class| class.operators.contains(&key))
    });
    let functions = catalog.user_family_functions(family).filter(|member| {
        let key = (member.left, member.right, member.number);
        !classes.iter().any(|class| class.functions.contains(&key))
    });
    (operators.collect(), functions.collect())
}
