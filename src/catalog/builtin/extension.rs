//! Extensions: what their control files say and what `CREATE EXTENSION` makes.
//!
//! Three sources, asked in this order: `extensions.tsv` has those of PostgreSQL's own distribution, version by version;
//! `other_extensions.tsv` has those of other projects that could be read from a server; [`super::script`] has scripts, for
//! what could not, and for what members alone do not say.

use super::decode::{Fields, TypeNames};
use super::script::{self, Script};
use super::table::{Line, lines};
use super::{
    Builtins, SystemCast, SystemFamilyOperator, SystemFunction, SystemOpclass, SystemOperator, SystemOpfamily,
    SystemRelation, SystemType,
};
use crate::catalog::Oid;

/// The lines of a file of extensions, those of an extension one after another.
#[derive(Debug)]
pub(super) struct Extensions {
    lines: Vec<Line>,
    of_distribution: bool,
    builtins: &'static Builtins,
}

impl Extensions {
    pub fn new(text: &'static str, builtins: &'static Builtins) -> Extensions {
        Extensions { lines: lines(text, builtins.version()).collect(), of_distribution: false, builtins }
    }

    pub fn of_distribution(text: &'static str, builtins: &'static Builtins) -> Extensions {
        Extensions { of_distribution: true, ..Extensions::new(text, builtins) }
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.lines.chunk_by(|a, b| a.name == b.name).filter_map(|lines| lines.first()).map(|line| line.name)
    }

    pub fn find(&'static self, name: &str) -> Option<AvailableExtension> {
        let start = self.lines.partition_point(|line| line.name < name);
        let count = self.lines[start..].iter().take_while(|line| line.name == name).count();
        let lines = start..start + count;
        let control = self.lines[lines.clone()].iter().find_map(|line| {
            let control = line.rest.strip_prefix("control\t")?;
            Some((line.name, Fields::new(control)))
        });
        let (name, mut control) = control?;
        let default_version = control.text();
        let flags = control.text();
        Some(AvailableExtension {
            name,
            default_version,
            superuser: flags.contains('S'),
            trusted: flags.contains('T'),
            relocatable: flags.contains('R'),
            schema: Some(control.text()).filter(|schema| !schema.is_empty()),
            requires: control.text(),
            versions: control.text(),
            comment: Some(control.text()).filter(|comment| !comment.is_empty()),
            of_distribution: self.of_distribution,
            partial: false,
            script: script::named(name).map(|script| script.text),
            builtins: self.builtins,
            lines: &self.lines[lines],
        })
    }
}

/// An extension of which there is a script only.
pub(super) fn scripted(name: &str, builtins: &'static Builtins) -> Option<AvailableExtension> {
    let Script { name, text, control } = script::named(name)?;
    let control = control.as_ref()?;
    Some(AvailableExtension {
        name,
        default_version: control.default_version,
        superuser: true,
        trusted: false,
        relocatable: control.relocatable,
        schema: control.schema,
        requires: control.requires,
        versions: control.default_version,
        comment: None,
        of_distribution: false,
        partial: control.partial,
        script: Some(text),
        builtins,
        lines: &[],
    })
}

/// An extension that can be created. Its members are those of its default version.
#[derive(Clone, Debug)]
pub struct AvailableExtension {
    /// Its name.
    pub name: &'static str,
    /// The version that `CREATE EXTENSION` makes.
    pub default_version: &'static str,
    /// Only superusers can create it, unless it is [trusted](Self::trusted).
    pub superuser: bool,
    /// Whoever may create objects in the database can create it.
    pub trusted: bool,
    /// `ALTER EXTENSION … SET SCHEMA` is possible.
    pub relocatable: bool,
    /// The schema that its objects must be in.
    pub schema: Option<&'static str>,
    /// The comment that it gets: nothing for those of other projects, whose versions have different ones.
    pub comment: Option<&'static str>,
    /// It comes with PostgreSQL, so the server has it, in the version that is known. One of another project may be there
    /// in any version.
    pub of_distribution: bool,
    /// It makes more than is known of it.
    pub partial: bool,
    /// SQL that makes what the [members](Self::members) do not say, run after them in the schema of the extension.
    pub script: Option<&'static str>,
    requires: &'static str,
    versions: &'static str,
    builtins: &'static Builtins,
    lines: &'static [Line],
}

impl AvailableExtension {
    /// The extensions that must be there first.
    pub fn requires(&self) -> impl Iterator<Item = &'static str> {
        self.requires.split_whitespace()
    }

    /// The versions that `CREATE EXTENSION … VERSION` accepts; more where it is not [of the distribution](Self::of_distribution).
    pub fn versions(&self) -> impl Iterator<Item = &'static str> {
        self.versions.split_whitespace()
    }

    /// What it makes, in an order in which what a member needs comes before it.
    pub fn members(&self) -> Vec<ExtensionMember> {
        let mut members: Vec<_> = self.lines.iter().filter_map(|line| member(line, self.builtins)).collect();
        members.sort_by_key(ExtensionMember::rank);
        members
    }

    /// It has an access method of this name: `hnsw`.
    pub fn has_access_method(&self, name: &str) -> bool {
        self.find(&["object", "access method", name]).is_some()
    }

    /// Its operator class of this name for an access method.
    pub fn opclass(&self, method: &str, name: &str) -> Option<SystemOpclass<MemberType>> {
        match member(self.find(&["opclass", name, method])?, self.builtins)? {
            ExtensionMember::Opclass(opclass) => Some(opclass),
            ExtensionMember::Type(_)
            | ExtensionMember::Relation(_)
            | ExtensionMember::Function(_)
            | ExtensionMember::Operator(_)
            | ExtensionMember::Cast(_)
            | ExtensionMember::Opfamily(_)
            | ExtensionMember::FamilyOperator(_)
            | ExtensionMember::Other { .. } => None,
        }
    }

    /// The line that begins with these columns, found without decoding any.
    fn find(&self, columns: &[&str]) -> Option<&'static Line> {
        self.lines.iter().find(|line| columns.iter().copied().eq(line.rest.split('\t').take(columns.len())))
    }
}

/// A type that a member of an extension refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberType {
    /// No type.
    None,
    /// A built-in type.
    Builtin(Oid),
    /// A type of this extension or of one that it requires.
    Extension {
        /// The extension.
        extension: &'static str,
        /// The type's name.
        name: &'static str,
    },
}

/// An object that an extension makes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ExtensionMember {
    /// A type, array and multirange types included.
    Type(SystemType<MemberType>),
    /// A table, view, sequence, index or composite type.
    Relation(SystemRelation<MemberType>),
    /// A function, procedure or aggregate.
    Function(SystemFunction<MemberType>),
    /// An operator.
    Operator(SystemOperator<MemberType>),
    /// A cast.
    Cast(SystemCast<MemberType>),
    /// An operator family.
    Opfamily(SystemOpfamily),
    /// An operator class.
    Opclass(SystemOpclass<MemberType>),
    /// An operator of an operator family.
    FamilyOperator(SystemFamilyOperator<MemberType>),
    /// Something else, as `pg_identify_object` names it.
    Other {
        /// `access method`, `foreign-data wrapper`, `language`, `operator family`, `text search dictionary` …
        kind: &'static str,
        /// Its name, qualified with the schema that it had when the data was made if it is in one.
        identity: &'static str,
    },
}

impl ExtensionMember {
    fn rank(&self) -> u8 {
        match self {
            ExtensionMember::Type(_) => 0,
            ExtensionMember::Relation(_) => 1,
            ExtensionMember::Function(_) => 2,
            ExtensionMember::Operator(_) | ExtensionMember::Opfamily(_) => 3,
            ExtensionMember::Cast(_) | ExtensionMember::Opclass(_) | ExtensionMember::Other { .. } => 4,
            ExtensionMember::FamilyOperator(_) => 5,
        }
    }
}

impl TypeNames<MemberType> for &'static Builtins {
    fn resolve(self, name: &'static str) -> MemberType {
        match TypeNames::<Oid>::resolve(self, name) {
            Oid::INVALID => match name.split_once('.') {
                Some((extension, name)) => MemberType::Extension { extension, name },
                None => MemberType::None,
            },
            oid => MemberType::Builtin(oid),
        }
    }
}

/// Decodes `extension kind name …`; a control line is no member.
fn member(line: &Line, types: &'static Builtins) -> Option<ExtensionMember> {
    let (kind, rest) = line.rest.split_once('\t')?;
    let (name, rest) = rest.split_once('\t').unwrap_or((rest, ""));
    let line = &Line { name, rest, number: line.number };
    let mut fields = Fields::new(rest);
    Some(match kind {
        "type" => ExtensionMember::Type(SystemType::decode(line, fields, Oid::INVALID, types)),
        "relation" => ExtensionMember::Relation(SystemRelation::decode(line, fields, Oid::INVALID, types)),
        "function" => ExtensionMember::Function(SystemFunction::decode(line, fields, Oid::INVALID, types)),
        "operator" => ExtensionMember::Operator(SystemOperator::decode(line, fields, Oid::INVALID, types)),
        "cast" => ExtensionMember::Cast(SystemCast::decode(line, fields, types)),
        "opclass" => ExtensionMember::Opclass(SystemOpclass::decode(line, fields, Oid::INVALID, types)),
        "opfamily" => ExtensionMember::Opfamily(SystemOpfamily::decode(line, fields)),
        "amop" => ExtensionMember::FamilyOperator(SystemFamilyOperator::decode(line, fields, types)),
        "object" => ExtensionMember::Other { kind: name, identity: fields.text() },
        _ => return None,
    })
}
