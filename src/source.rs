//! The texts that places point into: migrations, specs, configuration.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::sql::span::{LineColumn, LineIndex, Span};

/// A number for one text of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place in one of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The text.
    pub file: FileId,
    /// The range in it.
    pub span: Span,
}

/// One text with the path that reports show for it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// The path as reports show it: relative to the project where it can be, with forward slashes.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Line and column of a byte offset.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        self.index().line_column(&self.text, offset)
    }

    /// The line of a byte offset, starting at 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.index().line(offset)
    }

    /// The range of a line, which starts at 1, without its end.
    pub fn line_span(&self, line: u32) -> Span {
        self.index().line_span(&self.text, line)
    }

    fn index(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// All texts of a run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under the path that reports shall show.
    pub fn add(&mut self, path: impl AsRef<Path>, text: impl Into<Arc<str>>) -> FileId {
        let path = path.as_ref().to_string_lossy().replace('\\', "/");
        self.files.push(SourceFile { path: path.into(), text: text.into(), lines: OnceLock::new() });
        FileId(self.files.len() as u32 - 1)
    }

    /// The text of that number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All texts in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }

    /// The path of a place's text and the line where it starts.
    pub fn path_line(&self, place: Place) -> (&str, u32) {
        let file = self.file(place.file);
        (file.path(), file.line(place.span.start))
    }
}
