//! Excerpts of texts around labels, made for miette: small whatever the texts are.
//!
//! An excerpt is a text of its own, put together from cut lines of one or several files. Long lines are cut around the
//! label, secrets and control characters replaced, line ends made equal. miette sees only that text, so that a label in
//! a line of 10 MB costs no more than one in a line of 10 bytes.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::redact::{MASK, Redactor};
use super::{Label, clean};
use crate::source::{FileId, SourceFile, SourceMap};

/// A label on more lines than this is drawn on its first one.
const MOST_LINES: u32 = 4;
/// Lines shown before and after a label.
pub(super) const CONTEXT: u32 = 1;
const ELLIPSIS: char = '…';

/// Lines of one file that follow each other.
#[derive(Debug)]
struct Window {
    path: String,
    first_line: u32,
    lines: usize,
    start: usize,
    end: usize,
}

/// A text for miette.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    text: String,
    windows: Vec<Window>,
    /// Offsets of labels in the text with their lines and columns in the files.
    places: Vec<(usize, u32, u32)>,
}

/// One end of a label in a line that is being copied.
#[derive(Clone, Copy)]
struct Marked {
    label: usize,
    lines: (u32, u32),
}

impl Excerpt {
    /// The excerpt for these labels, with the labels as miette wants them. Lines are at most `width` columns wide.
    pub(super) fn new(
        labels: &[Label],
        sources: &SourceMap,
        redactor: &Redactor<'_>,
        width: usize,
    ) -> (Self, Vec<LabeledSpan>) {
        let mut excerpt = Excerpt::default();
        let mut spans: Vec<Option<(usize, usize)>> = vec![None; labels.len()];
        let mut files: Vec<FileId> = Vec::new();
        for label in labels {
            if !files.contains(&label.place.file) {
                files.push(label.place.file);
            }
        }
        for id in files {
            let file = sources.file(id);
            let of_file = |(_, label): &(usize, &Label)| label.place.file == id;
            let mut marked: Vec<Marked> = labels
                .iter()
                .enumerate()
                .filter(of_file)
                .map(|(index, label)| Marked { label: index, lines: lines_of(file, label) })
                .collect();
            marked.sort_by_key(|marked| marked.lines);
            let mut rest = marked.as_slice();
            while let Some(first) = rest.first() {
                let mut last = first.lines.1;
                let near = rest.iter().take_while(|next| {
                    let is_near = next.lines.0 <= last + 2 * CONTEXT + 1;
                    last = if is_near { last.max(next.lines.1) } else { last };
                    is_near
                });
                let (cluster, others) = rest.split_at(near.count());
                let mut copy = Copy { excerpt: &mut excerpt, file, id, redactor, width, labels, spans: &mut spans };
                copy.window(cluster, first.lines.0, last);
                rest = others;
            }
        }
        let to_miette = |(index, label): (usize, &Label)| {
            let (start, end) = spans[index]?;
            let text = wrap(&clean(&label.text), excerpt.room(start, end, width));
            let text = (!text.is_empty()).then_some(text);
            let span = SourceSpan::from((start, end - start));
            Some(match index {
                0 => LabeledSpan::new_primary_with_span(text, span),
                _ => LabeledSpan::new_with_span(text, span),
            })
        };
        let labels = labels.iter().enumerate().filter_map(to_miette).collect();
        (excerpt, labels)
    }
}

impl Excerpt {
    /// How wide the text of a label can be: miette draws it from the middle of what is underlined.
    fn room(&self, start: usize, end: usize, width: usize) -> usize {
        const ARROW: usize = 4;
        const LEAST: usize = 40;
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = end.min(self.text[start..].find('\n').map_or(self.text.len(), |at| start + at));
        let middle = self.text[line..start].width() + self.text[start..to].width() / 2;
        width.saturating_sub(middle + ARROW).max(LEAST)
    }
}

/// A long text on several lines, which miette draws under each other.
fn wrap(text: &str, widest: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    for word in text.split(' ') {
        let width = word.width();
        if used > 0 && used + 1 + width > widest {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += width;
    }
    out
}

/// The lines that a label is drawn on.
fn lines_of(file: &SourceFile, label: &Label) -> (u32, u32) {
    let span = label.place.span;
    let first = file.line(span.start);
    let last = if span.end > span.start { file.line(span.end - 1) } else { first };
    if last - first >= MOST_LINES { (first, first) } else { (first, last) }
}

struct Copy<'a> {
    excerpt: &'a mut Excerpt,
    file: &'a SourceFile,
    id: FileId,
    redactor: &'a Redactor<'a>,
    width: usize,
    labels: &'a [Label],
    spans: &'a mut [Option<(usize, usize)>],
}

impl Copy<'_> {
    /// Copies the lines from `first` to `last` with their context.
    fn window(&mut self, cluster: &[Marked], first: u32, last: u32) {
        let first = first.saturating_sub(CONTEXT).max(1);
        let start = self.excerpt.text.len();
        let mut lines = 0;
        for line in first..=last + CONTEXT {
            let is_context = line > last;
            let span = self.file.line_span(line);
            // The line after the last line end is no line.
            if is_context && span.start as usize == self.file.text().len() {
                break;
            }
            self.line(line, cluster);
            lines += 1;
        }
        let end = self.excerpt.text.len();
        let path = clean(self.file.path());
        self.excerpt.windows.push(Window { path, first_line: first, lines, start, end });
    }

    /// Copies one line, cut around the first label in it.
    fn line(&mut self, line: u32, cluster: &[Marked]) {
        let text = self.file.text();
        let whole = self.file.line_span(line).range();
        let starts = cluster.iter().filter(|marked| marked.lines.0 == line);
        let focus = starts.clone().map(|marked| self.labels[marked.label].place.span.start as usize).min();
        let mut from = match focus {
            // A third of the width is kept for what is before the label.
            Some(focus) if focus.saturating_sub(whole.start) * 3 > self.width * 2 => focus - self.width / 3,
            _ => whole.start,
        };
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let copied = self.copy_chars(from, whole.start, whole.end);
        let at = |offset: u32| {
            let index = copied.partition_point(|&(source, _)| source < offset as usize);
            copied.get(index).or(copied.last()).map_or(0, |&(_, target)| target)
        };
        for marked in cluster {
            let span = self.labels[marked.label].place.span;
            let (first, last) = marked.lines;
            if first == line {
                let start = at(span.start);
                let start_place = self.file.line_column(span.start);
                self.excerpt.places.push((start, start_place.line, start_place.column));
                self.spans[marked.label] = Some((start, start));
            }
            if last == line
                && let Some((start, end)) = &mut self.spans[marked.label]
            {
                *end = if span.end > span.start { at(span.end).max(*start) } else { *start };
            }
        }
    }

    /// Copies characters until the width is used up, with an ellipsis for what is left out. Returns for each character
    /// its offset in the file and in the excerpt; the last pair is the end.
    fn copy_chars(&mut self, from: usize, line_start: usize, line_end: usize) -> Vec<(usize, usize)> {
        let secrets = self.redactor.secrets(self.id);
        let mut secrets = secrets[secrets.partition_point(|secret| secret.end as usize <= from)..].iter().peekable();
        let out = &mut self.excerpt.text;
        let mut copied = Vec::new();
        if from > line_start {
            copied.push((line_start, out.len()));
            out.push(ELLIPSIS);
        }
        let mut used = 0;
        let mut end = line_end;
        let mut masked_to = 0;
        for (offset, c) in self.file.text()[from..line_end].char_indices() {
            let offset = from + offset;
            if offset < masked_to {
                continue;
            }
            if used >= self.width {
                end = offset;
                break;
            }
            copied.push((offset, out.len()));
            match secrets.peek() {
                Some(secret) if secret.start as usize <= offset => {
                    masked_to = secret.end as usize;
                    secrets.next();
                    out.push_str(MASK);
                    used += MASK.len();
                }
                _ => {
                    let shown = shown_char(c);
                    used += if shown == '\t' { 4 } else { shown.width().unwrap_or(0) };
                    out.push(shown);
                }
            }
        }
        copied.push((end, out.len()));
        if end < line_end {
            out.push(ELLIPSIS);
        }
        out.push('\n');
        copied
    }
}

/// Control characters would steer the terminal, and directional ones reorder what is read.
pub(super) fn shown_char(c: char) -> char {
    match c {
        '\t' => c,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _context_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        // A range across windows is an attempt to merge them, which is declined.
        let holds = |window: &&Window| (window.start..window.end).contains(&start) && end <= window.end;
        let window = self.windows.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        // Without context, the place for the heading is asked for.
        let (line, column) = match self.places.iter().find(|(offset, ..)| *offset == start) {
            Some(&(_, line, column)) if context_before == 0 => (line, column),
            _ => (window.first_line, 1),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            window.path.clone(),
            &self.text.as_bytes()[window.start..window.end],
            SourceSpan::from((window.start, window.end - window.start)),
            line as usize - 1,
            column as usize - 1,
            window.lines,
        )))
    }
}
