//! Collations and conversions (`collationcmds.c`, `conversioncmds.c`).

use super::{bad_object, conflicting, option_boolean, option_name, option_string, taken};
use crate::catalog::{Collation, Conversion, DependencyKind, Object, Oid, Provenance, type_oid as t};
use crate::replay::{Context, Exec, Opaque, Replay, SqlError, lookup};
use crate::sql::ast::{CreateConversion, Define, QualifiedName, Touches};
use crate::sql::span::Loc;

/// The encodings that PostgreSQL knows, as `pg_encoding_to_char` spells them (`encnames.c`).
const ENCODINGS: &[&str] = &[
    "SQL_ASCII",
    "EUC_JP",
    "EUC_CN",
    "EUC_KR",
    "EUC_TW",
    "EUC_JIS_2004",
    "UTF8",
    "MULE_INTERNAL",
    "LATIN1",
    "LATIN2",
    "LATIN3",
    "LATIN4",
    "LATIN5",
    "LATIN6",
    "LATIN7",
    "LATIN8",
    "LATIN9",
    "LATIN10",
    "WIN1256",
    "WIN1258",
    "WIN866",
    "WIN874",
    "KOI8R",
    "WIN1251",
    "WIN1252",
    "ISO_8859_5",
    "ISO_8859_6",
    "ISO_8859_7",
    "ISO_8859_8",
    "WIN1250",
    "WIN1253",
    "WIN1254",
    "WIN1255",
    "WIN1257",
    "KOI8U",
    "SJIS",
    "BIG5",
    "GBK",
    "UHC",
    "GB18030",
    "JOHAB",
    "SHIFT_JIS_2004",
];

impl Replay {
    /// `collationcmds.c: DefineCollation`. Whether the server has the locale is not asked.
    pub(super) fn create_collation(&mut self, stmt: &Define, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        let version = self.catalog.version();
        let mut given: Vec<(&str, &crate::sql::ast::DefElem)> = Vec::new();
        for option in &stmt.options {
            let known = matches!(
                option.name.as_str(),
                "from" | "locale" | "lc_collate" | "lc_ctype" | "provider" | "deterministic" | "version"
            ) || option.name == "rules" && version >= 16;
            if !known {
                let message = format!("collation attribute \"{}\" not recognized", option.name);
                return Err(SqlError::new("42601", message).at(option.loc).into());
            }
            if given.iter().any(|(name, _)| *name == option.name) {
                return Err(conflicting(option).into());
            }
            given.push((option.name.as_str(), option));
        }
        let get = |name: &str| given.iter().find(|(other, _)| *other == name).map(|(_, option)| *option);
        let text = |name: &str| get(name).map(option_string).transpose();
        let redundant = |detail: &str| {
            let message = "conflicting or redundant options";
            Err(SqlError::new("42601", message).detail(detail).into())
        };
        if get("locale").is_some() && (get("lc_collate").is_some() || get("lc_ctype").is_some()) {
            return redundant("LOCALE cannot be specified together with LC_COLLATE or LC_CTYPE.");
        }
        if get("from").is_some() && given.len() != 1 {
            return redundant("FROM cannot be specified together with any other options.");
        }
        let mut collation = Collation {
            oid: Oid::INVALID,
            schema,
            name: stmt.name.name.clone(),
            owner: self.session.current_user,
            provider: 'c',
            deterministic: true,
            collate: None,
            ctype: None,
            locale: None,
            rules: None,
            any_encoding: false,
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.loc)),
        };
        if let Some(from) = get("from") {
            let from = self.find_collation(&option_name(from)?)?;
            if from == t::DEFAULT_COLLATION {
                return Err(bad_object("collation \"default\" cannot be copied").into());
            }
            self.copy_collation(from, &mut collation);
        } else {
            collation.deterministic = get("deterministic").map(option_boolean).transpose()?.unwrap_or(true);
            if let Some(provider) = text("provider")? {
                collation.provider = match provider.to_ascii_lowercase().as_str() {
                    "builtin" if version >= 17 => 'b',
                    "icu" => 'i',
                    "libc" => 'c',
                    _ => {
                        let message = format!("unrecognized collation provider: {provider}");
                        return Err(bad_object(message).into());
                    }
                };
            }
            let locale = text("locale")?;
            match collation.provider {
                'c' => (collation.collate, collation.ctype) = (locale.clone(), locale),
                _ => collation.locale = locale,
            }
            collation.collate = text("lc_collate")?.or(collation.collate);
            collation.ctype = text("lc_ctype")?.or(collation.ctype);
            collation.rules = text("rules")?;
            check_collation(&collation, version)?;
            collation.any_encoding = collation.provider == 'i';
        }
        let name = &stmt.name.name;
        if let Some(existing) = self.catalog.collation_in(schema, name) {
            let any = collation.any_encoding || self.catalog.collation(existing).is_some_and(|c| c.any_encoding);
            let message = match any {
                true => format!("collation \"{name}\" already exists"),
                false => format!("collation \"{name}\" for encoding \"UTF8\" already exists"),
            };
            if stmt.if_not_exists {
                self.notice(message + ", skipping", cx);
                return Ok(());
            }
            let error = taken(message, None);
            return Err(match self.catalog.collation(existing) {
                Some(made) => error.related(made.provenance.created, format!("collation \"{name}\" made here")),
                None => error,
            }
            .into());
        }
        collation.oid = self.catalog.new_oid();
        self.catalog.insert_collation(collation);
        Ok(())
    }

    fn copy_collation(&self, from: Oid, to: &mut Collation) {
        if let Some(user) = self.catalog.collation(from) {
            (to.provider, to.deterministic) = (user.provider, user.deterministic);
            (to.collate, to.ctype) = (user.collate.clone(), user.ctype.clone());
            (to.locale, to.rules) = (user.locale.clone(), user.rules.clone());
            to.any_encoding = user.any_encoding;
        } else if let Some(builtin) = self.catalog.builtins().collation_by_oid(from) {
            (to.provider, to.deterministic) = (builtin.provider, builtin.deterministic);
            to.any_encoding = builtin.provider != 'c' || matches!(builtin.name, "C" | "POSIX");
            let locale = builtin.name.strip_suffix("-x-icu").unwrap_or(builtin.name).to_owned();
            match builtin.provider {
                'c' => (to.collate, to.ctype) = (Some(locale.clone()), Some(locale)),
                _ => to.locale = Some(locale),
            }
        }
    }

    /// The collation of that name (`namespace.c: get_collation_oid`). The operating system's differ from machine to
    /// machine, so that one which is missing may be there.
    pub(in crate::replay) fn find_collation(&self, name: &QualifiedName) -> Exec<Oid> {
        let schemas = self.schemas_of(name)?;
        if let Some(found) = schemas.iter().find_map(|&schema| self.catalog.collation_in(schema, &name.name)) {
            return Ok(found);
        }
        let message = format!("collation \"{}\" for encoding \"UTF8\" does not exist", lookup::display(name));
        if may_be_a_locale(&name.name) && name.schema.as_deref().is_none_or(|s| s == "pg_catalog") {
            let reason = format!("whether the server has the locale \"{}\" is not known", name.name);
            return Err(Opaque::new(reason, Touches::Expressions).at(name.loc).into());
        }
        self.missing_object(message, name.loc)
    }

    /// The collation that COLLATE names for values of a type (`parse_type.c: GetColumnDefCollation`).
    pub(in crate::replay::ddl) fn written_collation(
        &self,
        name: Option<&QualifiedName>,
        ty: Oid,
        loc: Loc,
    ) -> Exec<Option<Oid>> {
        let Some(name) = name else { return Ok(None) };
        let found = self.find_collation(name)?;
        if self.catalog.type_info(ty).is_some_and(|ty| ty.is_defined && ty.collation == Oid::INVALID) {
            let message = format!("collations are not supported by type {}", self.type_words(ty));
            return Err(SqlError::new("42804", message).at(loc).into());
        }
        Ok(Some(found))
    }

    /// A collation, where it differs from that of the type.
    pub(in crate::replay::ddl) fn own_collation(&self, collation: Option<Oid>, ty: Oid) -> Option<Oid> {
        collation.filter(|&c| c != self.catalog.type_collation(ty))
    }

    /// A dependency on a collation that a script made.
    pub(in crate::replay::ddl) fn depend_on_collation(&mut self, dependent: Object, collation: Option<Oid>) {
        if let Some(oid) = collation {
            self.catalog.dependencies.add(dependent, Object::Collation(oid), DependencyKind::Normal);
        }
    }

    /// `conversioncmds.c: CreateConversionCommand`
    pub(crate) fn create_conversion(&mut self, stmt: &CreateConversion, cx: &Context) -> Exec {
        let schema = self.creation_schema(&stmt.name)?;
        let from = encoding(&stmt.from, "source")?;
        let to = encoding(&stmt.to, "destination")?;
        if from == "SQL_ASCII" || to == "SQL_ASCII" {
            let message = "encoding conversion to or from \"SQL_ASCII\" is not supported";
            return Err(bad_object(message).into());
        }
        let args = [t::INT4, t::INT4, t::CSTRING, t::INTERNAL, t::INT4, t::BOOL];
        let function = self.function_named(&stmt.function, &args)?;
        if self.returned_by(function) != t::INT4 {
            let name = lookup::display(&stmt.function);
            let message = format!("encoding conversion function {name} must return type integer");
            return Err(bad_object(message).into());
        }
        let name = &stmt.name.name;
        let mut same = self.catalog.conversions_of_name(schema, name);
        if let Some(existing) = same.next() {
            let error = taken(format!("conversion \"{name}\" already exists"), None);
            let related = format!("conversion \"{name}\" made here");
            return Err(error.related(existing.provenance.created, related).into());
        }
        drop(same);
        if stmt.default
            && self.catalog.conversions_of_schema(schema).any(|c| c.is_default && c.from == from && c.to == to)
        {
            return Err(taken(format!("default conversion for {from} to {to} already exists"), None).into());
        }
        let oid = self.catalog.new_oid();
        self.catalog.insert_conversion(Conversion {
            oid,
            schema,
            name: name.clone(),
            owner: self.session.current_user,
            from: from.into(),
            to: to.into(),
            function,
            is_default: stmt.default,
            comment: None,
            provenance: Provenance::new(cx.at(stmt.name.loc)),
        });
        self.depend_on_valid(Object::Conversion(oid), &[Object::Function(function)]);
        Ok(())
    }

    /// The conversion of that name. PostgreSQL's own are not kept.
    pub(in crate::replay) fn find_conversion(&self, name: &QualifiedName) -> Exec<Oid> {
        let schemas = self.schemas_of(name)?;
        let mut found = schemas.iter().filter_map(|&s| self.catalog.conversions_of_name(s, &name.name).next());
        match found.next() {
            Some(found) => Ok(found.oid),
            None if name.name.contains("_to_") => {
                let reason = "PostgreSQL's own conversions are not known";
                Err(Opaque::new(reason, Touches::Nothing).into())
            }
            None => {
                let message = format!("conversion \"{}\" does not exist", lookup::display(name));
                self.missing_object(message, Loc::NONE)
            }
        }
    }
}

/// What a provider needs (`collationcmds.c: DefineCollation`).
fn check_collation(collation: &Collation, version: u32) -> Exec {
    let required = |parameter: &str| Err(bad_object(format!("parameter \"{parameter}\" must be specified")).into());
    match collation.provider {
        'c' => {
            if version >= 16 && collation.collate.is_none() && collation.ctype.is_none() {
                return required("lc_collate");
            }
            if collation.collate.is_none() {
                return required("lc_collate");
            }
            if collation.ctype.is_none() {
                return required("lc_ctype");
            }
        }
        'i' if version < 15 && collation.locale.is_none() => {
            if collation.collate.is_none() {
                return required("lc_collate");
            }
            if collation.ctype.is_none() {
                return required("lc_ctype");
            }
        }
        _ if collation.locale.is_none() => return required("locale"),
        _ => {}
    }
    if let ('b', Some(locale)) = (collation.provider, &collation.locale) {
        let unicode = version >= 18 && locale == "PG_UNICODE_FAST";
        if !unicode && !matches!(locale.as_str(), "C" | "C.UTF-8" | "C.UTF8") {
            let message = format!("invalid locale name \"{locale}\" for builtin provider");
            return Err(SqlError::new("42809", message).into());
        }
    }
    if !collation.deterministic && collation.provider != 'i' {
        let message = "nondeterministic collations not supported with this provider";
        return Err(SqlError::new("0A000", message).into());
    }
    if collation.rules.is_some() && collation.provider != 'i' {
        return Err(bad_object("ICU rules cannot be specified unless locale provider is ICU").into());
    }
    Ok(())
}

/// `en_US.utf8`, `de_DE`, `C.UTF-8`: the form of a locale's name.
fn may_be_a_locale(name: &str) -> bool {
    let plain = name.split(['.', '@']).next().unwrap_or_default();
    let language = plain.split('_').next().unwrap_or_default();
    name.contains(['.', '@'])
        || name.ends_with("-x-icu")
        || matches!(language.len(), 2 | 3)
            && plain.len() == language.len() + 3
            && plain[language.len()..].bytes().skip(1).all(|b| b.is_ascii_uppercase())
}

/// An encoding as PostgreSQL spells it (`pg_char_to_encoding`).
fn encoding(name: &str, which: &str) -> Exec<&'static str> {
    let clean = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = clean(name);
    let wanted = match wanted.as_str() {
        "unicode" | "utf8" => "utf8",
        "iso88591" => "latin1",
        "iso88592" => "latin2",
        "iso88593" => "latin3",
        "iso88594" => "latin4",
        "iso88599" => "latin5",
        "iso885910" => "latin6",
        "iso885913" => "latin7",
        "iso885914" => "latin8",
        "iso885915" => "latin9",
        "iso885916" => "latin10",
        "koi8" => "koi8r",
        "win" => "win1251",
        "alt" => "win866",
        other => other,
    };
    match ENCODINGS.iter().find(|known| clean(known) == wanted) {
        Some(known) => Ok(known),
        None => Err(SqlError::new("42704", format!("{which} encoding \"{name}\" does not exist")).into()),
    }
}
