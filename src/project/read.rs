//! Files to texts.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::error::Problems;
use crate::report::{Diagnostic, Severity};
use crate::source::{FileId, Place};
use crate::sql::span::Span;

/// The largest file that is read, in bytes. Places are 32-bit offsets.
const MAX_FILE: u64 = 1 << 30;

/// Reads a text of UTF-8. A byte order mark is removed: places count from the first character after it.
pub(super) fn read_text(file: &Path, shown: &str, listed: Option<Place>, problems: &mut Problems) -> Option<FileId> {
    let bytes = match read_bytes(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let reason = describe(&error);
            problems.error("unreadable-file", format!("cannot read `{shown}`: {reason}"), listed);
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Some(problems.sources.add(shown, text))
        }
        Err(error) => {
            refuse_encoding(shown, error.as_bytes(), error.utf8_error().valid_up_to(), listed, problems);
            None
        }
    }
}

/// A migration in another language. It is only pointed at, so that its encoding does not matter.
pub(super) fn read_program(file: &Path, shown: &str, problems: &mut Problems) -> FileId {
    let text = read_bytes(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    problems.sources.add(shown, text)
}

fn read_bytes(file: &Path) -> io::Result<Vec<u8>> {
    let folder = || io::Error::other("it is a folder");
    // Some systems open folders, others do not.
    let opened = fs::File::open(file).map_err(|error| if file.is_dir() { folder() } else { error })?;
    let metadata = opened.metadata()?;
    if metadata.is_dir() {
        return Err(folder());
    }
    if metadata.len() > MAX_FILE {
        return Err(io::Error::other(format!("it is larger than {} MiB", MAX_FILE >> 20)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    opened.take(MAX_FILE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What went wrong in words that are the same on every system.
pub(super) fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn refuse_encoding(shown: &str, bytes: &[u8], valid_up_to: usize, listed: Option<Place>, problems: &mut Problems) {
    let utf16 = match bytes {
        [0xFF, 0xFE, ..] => Some("UTF-16 (little-endian)"),
        [0xFE, 0xFF, ..] => Some("UTF-16 (big-endian)"),
        _ => None,
    };
    if let Some(encoding) = utf16 {
        let message = format!("`{shown}` is {encoding}, as its byte order mark says, not UTF-8");
        problems.error_with_help("invalid-utf8", message, listed, "save the file as UTF-8");
        return;
    }
    // The text up to the first wrong byte is valid, so that places in it are right; the rest is for the excerpt.
    let file = problems.sources.add(shown, String::from_utf8_lossy(bytes).into_owned());
    let byte = bytes.get(valid_up_to).copied().unwrap_or_default();
    let at = valid_up_to as u32;
    let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8() as u32);
    let mut diagnostic = Diagnostic::new(
        "invalid-utf8",
        Severity::Error,
        format!("`{shown}` is not UTF-8: byte {valid_up_to} is 0x{byte:02X}"),
    )
    .label(Place { file, span }, "the first byte that is not UTF-8");
    diagnostic.help = Some(match windows_1252(byte) {
        Some(character) => format!("save the file as UTF-8; in Windows-1252 this byte is `{character}`"),
        None => "save the file as UTF-8".to_owned(),
    });
    problems.push(diagnostic);
}

/// The letters of Western languages, which are the same in Latin-1.
fn windows_1252(byte: u8) -> Option<char> {
    (byte >= 0xA0).then_some(byte as char)
}

/// The path that reports show: relative to `directory`, or else to `root`, or else whole; always with `/`.
pub(super) fn display_path(file: &Path, directory: &Path, root: &Path) -> String {
    let file = normal(file);
    let relative = [directory, root].iter().find_map(|base| file.strip_prefix(normal(base)).ok());
    relative.unwrap_or(&file).to_string_lossy().replace('\\', "/")
}

/// Without `.` and `..`, by the letters alone.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                out.push(component);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_paths() {
        let show = |file: &str| display_path(Path::new(file), Path::new("/home/app"), Path::new("/home/app/../db"));
        assert_eq!(show("/home/app/./migrations/x.sql"), "migrations/x.sql");
        assert_eq!(show("/home/app/../db/x.sql"), "x.sql");
        assert_eq!(show("/home/other/x.sql"), "/home/other/x.sql");
        assert_eq!(display_path(Path::new("a/../b.sql"), Path::new(""), Path::new("")), "b.sql");
        assert_eq!(display_path(Path::new("../b.sql"), Path::new("."), Path::new(".")), "../b.sql");
    }
}
