//! Where output goes, and what it may look like there.

use std::io::{self, IsTerminal, Write};

use super::args::Color;
use crate::report::human::{DEFAULT_WIDTH, Look};

/// Standard output and standard error, or what stands for them.
pub struct Terminal<'a> {
    /// For what was asked for.
    pub out: Stream<'a>,
    /// For why it cannot be had.
    pub err: Stream<'a>,
}

/// A place for output.
pub struct Stream<'a> {
    writer: Box<dyn Write + 'a>,
    is_terminal: bool,
    width: usize,
}

impl<'a> Stream<'a> {
    /// A file, a pipe or a buffer.
    pub fn new(writer: impl Write + 'a) -> Self {
        Stream { writer: Box::new(writer), is_terminal: false, width: DEFAULT_WIDTH }
    }

    /// What the text may look like.
    pub(super) fn look(&self, color: Color) -> Look {
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.is_terminal && colors_are_welcome(|name| std::env::var_os(name)),
        };
        Look { color, width: self.width }
    }

    /// Writes a text. A reader that has gone away has read enough.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        match self.writer.write_all(text.as_bytes()).and_then(|()| self.writer.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }
}

impl Terminal<'static> {
    /// The process's own.
    pub fn of_process() -> Self {
        let width = terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
        let (out, err) = (io::stdout(), io::stderr());
        let width_of = |is_terminal: bool| if is_terminal { width } else { DEFAULT_WIDTH };
        let (out_is_terminal, err_is_terminal) = (out.is_terminal(), err.is_terminal());
        Terminal {
            out: Stream { writer: Box::new(out), is_terminal: out_is_terminal, width: width_of(out_is_terminal) },
            err: Stream { writer: Box::new(err), is_terminal: err_is_terminal, width: width_of(err_is_terminal) },
        }
    }
}

/// Whether the environment lets a terminal have colours: see <https://no-color.org>.
fn colors_are_welcome(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> bool {
    let no_color = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = variable("TERM").is_some_and(|value| value == "dumb");
    !no_color && !dumb
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let with = |name: &'static str, value: &'static str| {
            colors_are_welcome(move |asked| (asked == name).then(|| value.into()))
        };
        assert!(with("TERM", "xterm"));
        assert!(with("NO_COLOR", ""));
        assert!(!with("NO_COLOR", "1"));
        assert!(!with("TERM", "dumb"));
        let stream = Stream::new(io::sink());
        assert!(!stream.look(Color::Auto).color);
        assert!(stream.look(Color::Always).color);
    }

    #[test]
    fn a_reader_may_go_away() {
        struct Closed(io::ErrorKind);
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        assert!(Stream::new(Closed(io::ErrorKind::BrokenPipe)).write("x").is_ok());
        assert!(Stream::new(Closed(io::ErrorKind::StorageFull)).write("x").is_err());
    }
}
