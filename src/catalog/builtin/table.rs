//! A data file, its lines indexed by name at first use and decoded one by one when asked for.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::Builtins;
use super::decode::Fields;
use crate::catalog::Oid;

/// What `initdb` numbers itself is numbered from here, by line.
pub(in crate::catalog) const FIRST_UNPINNED: u32 = 12_000;

/// A line of a file: its first column (the versions) is gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The column that the file is sorted by.
    pub name: &'static str,
    /// The columns after it.
    pub rest: &'static str,
    /// Its number in the file, starting at 0: the same in all versions.
    pub number: u32,
}

impl Line {
    /// The OID that its second column gives, else the one that follows from its place.
    pub fn oid(&self) -> Oid {
        let pinned = self.rest.split('\t').next().and_then(|field| field.parse().ok());
        Oid(pinned.unwrap_or(FIRST_UNPINNED + self.number))
    }
}

/// The indexes of lines by their OIDs, which are below 16384: one look answers.
#[derive(Debug)]
pub(super) struct ByOid(Vec<u16>);

impl ByOid {
    const NOWHERE: u16 = u16::MAX;

    /// The index of the line with that OID.
    pub fn get(&self, oid: Oid) -> Option<usize> {
        let &place = self.0.get(oid.0 as usize)?;
        (place != Self::NOWHERE).then_some(usize::from(place))
    }
}

/// Something that a line says.
pub(super) trait Row: Sized + 'static {
    /// Decodes a line. The data files are ours and tested to be well-formed; a malformed field reads as empty.
    fn decode(line: &Line, fields: Fields, builtins: &'static Builtins) -> Self;
}

/// The lines of a file that one version has, sorted by name.
#[derive(Debug)]
pub(super) struct Table<T> {
    lines: Vec<Line>,
    /// Where the lines of a name are.
    ranges: FxHashMap<&'static str, Range<usize>>,
    rows: Vec<OnceLock<T>>,
}

/// The lines that a version has, in the order of the file.
pub(super) fn lines(text: &'static str, version: u32) -> impl Iterator<Item = Line> {
    text.lines().zip(0..).filter_map(move |(line, number)| {
        let (versions, line) = line.split_once('\t')?;
        let (name, rest) = line.split_once('\t').unwrap_or((line, ""));
        covers(versions, version).then_some(Line { name, rest, number })
    })
}

/// Whether `15-17`, `16` or the empty text (all) has a version.
fn covers(versions: &str, version: u32) -> bool {
    if versions.is_empty() {
        return true;
    }
    let (first, last) = versions.split_once('-').unwrap_or((versions, versions));
    let within = |first: u32, last: u32| (first..=last).contains(&version);
    matches!((first.parse(), last.parse()), (Ok(first), Ok(last)) if within(first, last))
}

impl<T: Row> Table<T> {
    pub fn new(text: &'static str, version: u32) -> Table<T> {
        let lines: Vec<Line> = lines(text, version).collect();
        let rows = lines.iter().map(|_| OnceLock::new()).collect();
        let mut ranges: FxHashMap<&'static str, Range<usize>> = FxHashMap::default();
        ranges.reserve(lines.len());
        for (index, line) in lines.iter().enumerate() {
            ranges.entry(line.name).or_insert(index..index).end = index + 1;
        }
        Table { lines, ranges, rows }
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The indexes of the lines with a name.
    pub fn range(&self, name: &str) -> Range<usize> {
        self.ranges.get(name).cloned().unwrap_or_default()
    }

    /// A column of a line without decoding the line; 0 is the one after the name.
    pub fn field(&self, index: usize, column: usize) -> &'static str {
        self.lines[index].rest.split('\t').nth(column).unwrap_or_default()
    }

    /// The OID of a line.
    pub fn oid(&self, index: usize) -> Oid {
        self.lines[index].oid()
    }

    /// Where each OID is.
    pub fn by_oid(&self) -> ByOid {
        let mut places = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let oid = line.oid().0 as usize;
            if places.len() <= oid {
                places.resize(oid + 1, ByOid::NOWHERE);
            }
            places[oid] = u16::try_from(index).unwrap_or(ByOid::NOWHERE);
        }
        ByOid(places)
    }

    pub fn get(&self, index: usize, builtins: &'static Builtins) -> Option<&T> {
        let line = self.lines.get(index)?;
        Some(self.rows.get(index)?.get_or_init(|| T::decode(line, Fields::new(line.rest), builtins)))
    }

    pub fn named<'t>(&'t self, name: &str, builtins: &'static Builtins) -> impl Iterator<Item = &'t T> + use<'t, T> {
        self.range(name).filter_map(move |index| self.get(index, builtins))
    }

    pub fn all(&self, builtins: &'static Builtins) -> impl Iterator<Item = &T> {
        (0..self.lines.len()).filter_map(move |index| self.get(index, builtins))
    }
}
