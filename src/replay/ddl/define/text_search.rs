//! Text search configurations and dictionaries (`tsearchcmds.c`).

use super::{bad_object, option_name, option_string};
use crate::catalog::{ChangeKind, DependencyKind, Object, Oid, PG_CATALOG, Provenance, TsConfig, TsDict};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, Stop, lookup};
use crate::sql::ast::{
    AlterOptions, AlterTsConfig, DefElem, DefValue, Define, Name, QualifiedName, Touches, TsMappingAction,
};
use crate::sql::span::Loc;

/// The token types of the parser `default` (`wparser_def.c`).
const TOKEN_TYPES: &[&str] = &[
    "asciiword",
    "word",
    "numword",
    "email",
    "url",
    "host",
    "sfloat",
    "version",
    "hword_numpart",
    "hword_part",
    "hword_asciipart",
    "blank",
    "tag",
    "protocol",
    "numhword",
    "asciihword",
    "hword",
    "url_path",
    "file",
    "float",
    "int",
    "uint",
    "entity",
];

impl Replay {
    fn ts_object(&self, kind: &str, name: &QualifiedName, find: impl Fn(Oid, &str) -> Option<Oid>) -> Exec<Oid> {
        let schemas = self.schemas_of(name)?;
        match schemas.iter().find_map(|&schema| find(schema, &name.name)) {
            Some(found) => Ok(found),
            None => self
                .missing_object(format!("text search {kind} \"{}\" does not exist", lookup::display(name)), Loc::NONE),
        }
    }

    /// `namespace.c: get_ts_config_oid`
    pub(in crate::replay) fn find_ts_config(&self, name: &QualifiedName) -> Exec<Oid> {
        self.ts_object("configuration", name, |schema, name| self.catalog.ts_config_in(schema, name))
    }

    /// `namespace.c: get_ts_dict_oid`
    pub(in crate::replay) fn find_ts_dict(&self, name: &QualifiedName) -> Exec<Oid> {
        self.ts_object("dictionary", name, |schema, name| self.catalog.ts_dict_in(schema, name))
    }

    /// `tsearchcmds.c: DefineTSConfiguration`
    pub(super) fn create_ts_config(&mut self, stmt: &Define, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        let name = &stmt.name.name;
        let (mut parser, mut source) = (None, None);
        for option in &stmt.options {
            match option.name.as_str() {
                "parser" => {
                    let name = option_name(option)?;
                    let find = |schema, name: &str| self.catalog.ts_parser_in(schema, name);
                    parser = Some(self.ts_object("parser", &name, find)?);
                }
                "copy" => source = Some(self.find_ts_config(&option_name(option)?)?),
                other => {
                    let message = format!("text search configuration parameter \"{other}\" not recognized");
                    return Err(SqlError::new("42601", message).into());
                }
            }
        }
        if parser.is_some() && source.is_some() {
            return Err(SqlError::new("42601", "cannot specify both PARSER and COPY options").into());
        }
        let (parser, mappings) = match (parser, source) {
            (Some(parser), _) => (parser, Vec::new()),
            (None, Some(source)) => self.ts_config_contents(source),
            (None, None) => return Err(bad_object("text search parser is required").into()),
        };
        if self.catalog.ts_config_in(schema, name).is_some() {
            return Err(duplicate("pg_ts_config_cfgname_index", "cfgname, cfgnamespace", name, schema));
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_ts_config(TsConfig {
            oid,
            schema,
            name: name.clone(),
            owner: self.session.current_user,
            parser,
            mappings,
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.loc)),
        });
        self.record_ts_config_needs(oid);
        Ok(())
    }

    /// The parser of a configuration, and what it does with each type of token.
    fn ts_config_contents(&self, oid: Oid) -> (Oid, Vec<(Name, Vec<Oid>)>) {
        if let Some(user) = self.catalog.ts_config(oid) {
            return (user.parser, user.mappings.clone());
        }
        let mut words = self.catalog.builtins().text_search_details("ts_configuration", oid).split(' ');
        let parser = words.next().and_then(|name| self.catalog.ts_parser_in(PG_CATALOG, name));
        let mapping = |word: &str| {
            let (token, dicts) = word.split_once('=')?;
            let dicts = dicts.split(',').filter_map(|dict| self.catalog.ts_dict_in(PG_CATALOG, dict));
            Some((Name::from(token), dicts.collect()))
        };
        (parser.unwrap_or(Oid::INVALID), words.filter_map(mapping).collect())
    }

    /// `tsearchcmds.c: makeConfigurationDependencies`
    fn record_ts_config_needs(&mut self, oid: Oid) {
        let Some(config) = self.catalog.ts_config(oid) else { return };
        let dicts: Vec<Oid> = config.mappings.iter().flat_map(|(_, dicts)| dicts.iter().copied()).collect();
        self.catalog.dependencies.remove_of_kind(Object::TsConfig(oid), DependencyKind::Normal);
        for dict in dicts {
            self.catalog.dependencies.add(Object::TsConfig(oid), Object::TsDict(dict), DependencyKind::Normal);
        }
    }

    /// `tsearchcmds.c: AlterTSConfiguration`
    pub(crate) fn alter_ts_config(&mut self, stmt: &AlterTsConfig, cx: &Context) -> Exec {
        // The schema may be missing as well (`GetTSConfigTuple`).
        if let Some(schema) = &stmt.name.schema
            && matches!(lookup::schema(&self.catalog, schema, stmt.name.loc), Err(Stop::Error(_)))
        {
            let name = lookup::display(&stmt.name);
            let message = format!("text search configuration \"{name}\" does not exist");
            return Err(SqlError::new("42704", message).into());
        }
        let oid = self.find_ts_config(&stmt.name)?;
        self.must_own_stored(Object::TsConfig(oid))?;
        if self.catalog.ts_config(oid).is_none() {
            let reason = "PostgreSQL's own text search configurations are not changed";
            return Err(Opaque::new(reason, Touches::Nothing).into());
        }
        let (_, mut mappings) = self.ts_config_contents(oid);
        for token in &stmt.tokens {
            if !TOKEN_TYPES.contains(&token.as_str()) {
                let message = format!("token type \"{token}\" does not exist");
                return Err(SqlError::new("22023", message).into());
            }
        }
        let dicts: Vec<Oid> = stmt.dictionaries.iter().map(|name| self.find_ts_dict(name)).collect::<Exec<_>>()?;
        // A type that is written twice counts once (`tsearchcmds.c: getTokenTypes`).
        let mut tokens: Vec<&Name> = Vec::new();
        for token in &stmt.tokens {
            if !tokens.contains(&token) {
                tokens.push(token);
            }
        }
        match stmt.action {
            TsMappingAction::Drop => {
                for token in tokens {
                    let before = mappings.len();
                    mappings.retain(|(other, _)| other != token);
                    if mappings.len() < before {
                        continue;
                    }
                    let message = format!("mapping for token type \"{token}\" does not exist");
                    if !stmt.missing_ok {
                        return Err(SqlError::new("42704", message).into());
                    }
                    self.notice(message + ", skipping", cx);
                }
            }
            TsMappingAction::Replace => {
                let [old, new] = dicts.as_slice() else { return Ok(()) };
                for (token, of_token) in &mut mappings {
                    if stmt.tokens.is_empty() || stmt.tokens.contains(token) {
                        of_token.iter_mut().filter(|dict| *dict == old).for_each(|dict| *dict = *new);
                    }
                }
            }
            TsMappingAction::Add | TsMappingAction::Alter => {
                for token in tokens {
                    let at = mappings.iter().position(|(other, _)| other == token);
                    match (at, stmt.action) {
                        (Some(_), TsMappingAction::Add) => {
                            let message = "duplicate key value violates unique constraint \"pg_ts_config_map_index\"";
                            return Err(SqlError::new("23505", message).into());
                        }
                        (Some(at), _) => mappings[at].1 = dicts.clone(),
                        (None, _) => mappings.push((token.clone(), dicts.clone())),
                    }
                }
            }
        }
        if let Some(config) = self.catalog.ts_config_mut(oid) {
            config.mappings = mappings;
            config.provenance.change(cx.origin, ChangeKind::Definition);
        }
        self.record_ts_config_needs(oid);
        Ok(())
    }

    /// `tsearchcmds.c: DefineTSDictionary`. The files that it names are on the server.
    pub(super) fn create_ts_dictionary(&mut self, stmt: &Define, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        let name = &stmt.name.name;
        let (mut template, mut options) = (None, Vec::new());
        for option in &stmt.options {
            if option.name == "template" {
                let name = option_name(option)?;
                let find = |schema, name: &str| self.catalog.ts_template_in(schema, name);
                template = Some(self.ts_object("template", &name, find)?);
            } else {
                options.push((option.name.clone(), option_text(option)?));
            }
        }
        let Some(template) = template else {
            return Err(bad_object("text search template is required").into());
        };
        self.check_dictionary(template, &options)?;
        if self.catalog.ts_dict_in(schema, name).is_some() {
            return Err(duplicate("pg_ts_dict_dictname_index", "dictname, dictnamespace", name, schema));
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_ts_dict(TsDict {
            oid,
            schema,
            name: name.clone(),
            owner: self.session.current_user,
            template,
            options,
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.loc)),
        });
        if !template.is_builtin() {
            let (dependent, referenced) = (Object::TsDict(oid), Object::TsDict(template));
            self.catalog.dependencies.add(dependent, referenced, DependencyKind::Normal);
        }
        Ok(())
    }

    /// `tsearchcmds.c: AlterTSDictionary`
    pub(super) fn alter_ts_dictionary(&mut self, stmt: &AlterOptions, cx: &Context) -> Exec {
        let oid = self.find_ts_dict(&stmt.name)?;
        self.must_own_stored(Object::TsDict(oid))?;
        let Some(dict) = self.catalog.ts_dict(oid) else {
            let reason = "PostgreSQL's own text search dictionaries are not changed";
            return Err(Opaque::new(reason, Touches::Nothing).into());
        };
        let (template, mut options) = (dict.template, dict.options.clone());
        for option in &stmt.options {
            options.retain(|(name, _)| *name != option.name);
            if option.value.is_some() {
                options.push((option.name.clone(), option_text(option)?));
            }
        }
        self.check_dictionary(template, &options)?;
        if let Some(dict) = self.catalog.ts_dict_mut(oid) {
            dict.options = options;
            dict.provenance.change(cx.origin, ChangeKind::Definition);
        }
        Ok(())
    }

    /// What the `init` functions of the templates refuse.
    fn check_dictionary(&self, template: Oid, options: &[(Name, String)]) -> Exec {
        let name = self.catalog.builtins().text_search_name("ts_template", template).unwrap_or_default();
        let (words, known, required): (&str, &[&str], &[(&str, &str)]) = match name {
            "simple" => ("simple dictionary", &["stopwords", "accept"], &[]),
            "synonym" => ("synonym", &["synonyms", "casesensitive"], &[("synonyms", "Synonyms")]),
            "ispell" => {
                ("Ispell", &["dictfile", "afffile", "stopwords"], &[("afffile", "AffFile"), ("dictfile", "DictFile")])
            }
            "thesaurus" => {
                ("Thesaurus", &["dictfile", "dictionary"], &[("dictfile", "DictFile"), ("dictionary", "Dictionary")])
            }
            "snowball" => ("Snowball", &["language", "stopwords"], &[("language", "Language")]),
            _ => return Ok(()),
        };
        for (index, (option, value)) in options.iter().enumerate() {
            if !known.contains(&option.as_str()) {
                let message = format!("unrecognized {words} parameter: \"{option}\"");
                return Err(SqlError::new("22023", message).into());
            }
            if matches!(option.as_str(), "accept" | "casesensitive") && !is_boolean(value) {
                return Err(SqlError::new("42601", format!("{option} requires a Boolean value")).into());
            }
            if options[..index].iter().any(|(other, _)| other == option) {
                let reason = "an option of a dictionary is given twice";
                return Err(Opaque::new(reason, Touches::Nothing).into());
            }
        }
        match required.iter().find(|(name, _)| options.iter().all(|(option, _)| option != name)) {
            Some((_, shown)) => Err(SqlError::new("22023", format!("missing {shown} parameter")).into()),
            None => Ok(()),
        }
    }
}

/// 23505 of the index that names are unique by.
fn duplicate(index: &str, columns: &str, name: &str, schema: Oid) -> crate::replay::Stop {
    let message = format!("duplicate key value violates unique constraint \"{index}\"");
    let detail = format!("Key ({columns})=({name}, {}) already exists.", schema.0);
    SqlError::new("23505", message).detail(detail).into()
}

/// `defGetBoolean` takes it.
fn is_boolean(value: &str) -> bool {
    let word = value.trim_matches('\'').to_ascii_lowercase();
    matches!(word.as_str(), "true" | "false" | "on" | "off") || matches!(value, "0" | "1")
}

/// A value as `tsearchcmds.c: serialize_deflist` writes it.
fn option_text(option: &DefElem) -> Exec<String> {
    let text = option_string(option)?;
    if matches!(option.value, Some(DefValue::Integer(_) | DefValue::Float(_))) {
        return Ok(text);
    }
    let escape = if text.contains('\\') { "E" } else { "" };
    Ok(format!("{escape}'{}'", text.replace('\'', "''").replace('\\', "\\\\")))
}
