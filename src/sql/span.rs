//! Places in source text.

use std::fmt;

/// A half-open range of byte offsets in one source text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Span { start, end }
    }

    /// An empty range at `offset`.
    pub const fn point(offset: u32) -> Self {
        Span { start: offset, end: offset }
    }

    /// The smallest range that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `by` bytes later: for text that is embedded in a larger text.
    pub fn shifted(self, by: u32) -> Span {
        Span { start: self.start + by, end: self.end + by }
    }

    /// The range as indexes of a string.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// Where a syntax node starts: a byte offset in the parsed text, or nothing.
///
/// PostgreSQL's grammar records starts only (`ParseLoc`); the end of the token there is found by scanning it when
/// somebody wants to see it ([`super::scan::token_span`]).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Loc(Option<std::num::NonZeroU32>);

impl Loc {
    /// No place is known.
    pub const NONE: Loc = Loc(None);

    /// The place `offset` bytes into the text.
    pub fn at(offset: u32) -> Loc {
        Loc(std::num::NonZeroU32::new(offset.wrapping_add(1)))
    }

    /// The byte offset, where one is known.
    pub fn offset(self) -> Option<u32> {
        self.0.map(|n| n.get() - 1)
    }

    /// The same place, `by` bytes later.
    pub fn shifted(self, by: u32) -> Loc {
        match self.offset() {
            Some(offset) => Loc::at(offset + by),
            None => Loc::NONE,
        }
    }
}

impl fmt::Debug for Loc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset() {
            Some(offset) => write!(f, "@{offset}"),
            None => f.write_str("@?"),
        }
    }
}

/// Translates byte offsets of one text to lines and columns.
///
/// Lines and columns start at 1; a column counts characters (Unicode scalar values), as editors and GitHub do.
#[derive(Clone, Debug)]
pub struct LineIndex {
    line_starts: Vec<u32>,
}

/// A line and a column, both starting at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, starting at 1.
    pub line: u32,
    /// The column in characters, starting at 1.
    pub column: u32,
}

impl LineIndex {
    /// Indexes `text`. A line ends at `\n`; a `\r` before it belongs to the line's end.
    pub fn new(text: &str) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1));
        LineIndex { line_starts }
    }

    /// The place of `offset`, which is cut to the end of `text`.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let offset = (offset as usize).min(text.len());
        let line = self.line_starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_starts[line - 1] as usize;
        let column = text.as_bytes()[start..offset].iter().filter(|&&b| b & 0xC0 != 0x80).count() + 1;
        LineColumn { line: line as u32, column: column as u32 }
    }

    /// The range of a line of `text` without its end; empty for a line that does not exist.
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let index = (line as usize).saturating_sub(1);
        let end_of_text = text.len() as u32;
        let start = self.line_starts.get(index).copied().unwrap_or(end_of_text);
        let end = self.line_starts.get(index + 1).map_or(end_of_text, |&next| next - 1);
        let has_return = end > start && text.as_bytes()[end as usize - 1] == b'\r';
        Span::new(start, end.max(start) - u32::from(has_return))
    }

    /// The line alone, starting at 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|&start| start <= offset) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\r\nüx\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(index.line_column(text, 5), LineColumn { line: 2, column: 2 });
        assert_eq!(index.line_column(text, 99), LineColumn { line: 3, column: 1 });
    }

    #[test]
    fn ranges_of_lines() {
        let text = "a\r\n\nbc";
        let index = LineIndex::new(text);
        let lines = [1, 2, 3, 4].map(|line| &text[index.line_span(text, line).range()]);
        assert_eq!(lines, ["a", "", "bc", ""]);
    }

    #[test]
    fn a_place_at_zero_is_not_no_place() {
        assert_eq!(Loc::at(0).offset(), Some(0));
        assert_eq!(Loc::NONE.offset(), None);
        assert_eq!(Loc::at(3).shifted(4), Loc::at(7));
    }
}
