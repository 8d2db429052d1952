//! Files to segments, fragments to trees.

mod error;

use std::ops::ControlFlow;

use pg_query::NodeEnum;
use pg_query::protobuf::{self as pg, RawStmt};

use super::ast::*;
use super::ffi::{self, ParseFailure, ParseMode, RawStatements};
use super::lower::{Lowerer, MAX_DEPTH, NotLowered};
use super::scan::{Scanner, TokenKind};
use super::second_opinion::SecondOpinion;
use super::span::Span;
use super::split::{BREAKPOINT, Piece, RawStatement, Splitter};
use super::stack::with_large_stack;
use super::version::{Adapted, Grammar};
use super::{Segment, SyntaxError};
use error::{refused, syntax_error};

/// Texts up to this size go to the library as a whole; larger ones in parts of about this size, since the library's tree
/// takes some 50 times the space of its text.
const WHOLE: usize = 64 * 1024;

/// The largest statement that is parsed. The library's tree of a long list of rows takes 150 times the space of its text.
const MAX_STATEMENT: usize = 16 << 20;

/// The longest message that is kept: PostgreSQL quotes the whole rest of the text behind an unterminated string.
const MAX_MESSAGE: usize = 240;

/// Why a fragment has no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// PostgreSQL's grammar refuses it.
    Syntax(SyntaxError),
    /// It may be valid, but our parser cannot carry it.
    Unparsed {
        /// The fragment.
        span: Span,
        /// Why.
        reason: String,
    },
}

/// Parses a file by the newest grammar: its statements and meta-commands, in order. A statement that cannot be parsed does
/// not hide the others.
pub fn parse(text: &str) -> Vec<Segment> {
    Grammar::NEWEST.parse(text)
}

/// Parses an expression by the newest grammar.
pub fn parse_expr(text: &str) -> Result<Expr, ParseError> {
    Grammar::NEWEST.parse_expr_at(text, 0)
}

/// Parses a query by the newest grammar.
pub fn parse_query(text: &str) -> Result<Query, ParseError> {
    Grammar::NEWEST.parse_query_at(text, 0)
}

/// Parses a type's name by the newest grammar.
pub fn parse_type_name(text: &str) -> Result<TypeName, ParseError> {
    Grammar::NEWEST.parse_type_name_at(text, 0)
}

impl Grammar {
    /// Parses a file: its statements and meta-commands, in order. A statement that cannot be parsed does not hide the
    /// others.
    pub fn parse(self, text: &str) -> Vec<Segment> {
        self.parse_statements_at(text, 0)
    }

    /// Parses a file as [`Self::parse`] does, and hands each segment over as soon as it is there, so that their trees need
    /// not be held all at once. `each` says whether to go on.
    pub(crate) fn parse_each(self, text: &str, each: &mut Each<'_>) {
        if i32::try_from(text.len()).is_err() {
            // One segment says so.
            let _ = self.parse(text).into_iter().try_for_each(each);
            return;
        }
        with_large_stack(|| File::new(text, 0, self, Some(each)).parse_pieces());
    }

    /// Parses a script that is embedded in a larger text, where it starts at `base`. All places are places in the larger
    /// text.
    pub fn parse_statements_at(self, text: &str, base: u32) -> Vec<Segment> {
        if i32::try_from(text.len()).is_err() || base.checked_add(text.len() as u32).is_none() {
            return vec![Segment::Unparsed {
                span: Span::point(base),
                reason: "the text is larger than 2 GB".to_owned(),
            }];
        }
        with_large_stack(|| {
            let mut file = File::new(text, base, self, None);
            if !file.parse_whole() {
                file.parse_pieces();
            }
            file.segments
        })
    }

    /// Parses an expression that stands at `base` in a larger text. All places are places in the larger text.
    pub fn parse_expr_at(self, text: &str, base: u32) -> Result<Expr, ParseError> {
        let query = self.parse_plpgsql_expr_at(text, base)?;
        match only_target(query) {
            Some(expr) => Ok(expr),
            None => Err(no_such_fragment(text, base, "it is no single expression")),
        }
    }

    /// Parses what PL/pgSQL calls an expression: anything that can follow SELECT (`RAW_PARSE_PLPGSQL_EXPR`). It stands at
    /// `base` in a larger text; all places are places in the larger text.
    pub fn parse_plpgsql_expr_at(self, text: &str, base: u32) -> Result<Query, ParseError> {
        self.fragment(text, base, ParseMode::PlpgsqlExpr, |lowerer, node| match node {
            NodeEnum::SelectStmt(select) => Some(lowerer.query(*select)),
            _ => None,
        })
    }

    /// Parses a query that stands at `base` in a larger text. All places are places in the larger text.
    pub fn parse_query_at(self, text: &str, base: u32) -> Result<Query, ParseError> {
        self.fragment(text, base, ParseMode::Script, |lowerer, node| match node {
            NodeEnum::SelectStmt(select) => Some(lowerer.query(*select)),
            _ => None,
        })
    }

    /// Whether every statement of a script is valid. It costs less than to parse it.
    pub(super) fn is_valid(self, script: &str) -> bool {
        let adapted = Adapted::new(script, self);
        if !ffi::is_valid(&adapted.text) {
            return false;
        }
        adapted.is_plain() || self.parse(script).iter().all(|segment| matches!(segment, Segment::Statement(_)))
    }

    /// Parses a type's name that stands at `base` in a larger text. All places are places in the larger text.
    pub fn parse_type_name_at(self, text: &str, base: u32) -> Result<TypeName, ParseError> {
        // As the result of a function, since the library has no working mode for types; a function may have any type,
        // with SETOF and %TYPE.
        const PREFIX: &str = "create function f() returns ";
        let function = format!("{PREFIX}{text}");
        let prefix = PREFIX.len() as u32;
        let span = trimmed(text, Span::new(0, text.len() as u32)).shifted(base);
        let unshifted =
            |span: Span| Span::new(span.start.saturating_sub(prefix) + base, span.end.saturating_sub(prefix) + base);
        let parsed = self.fragment(&function, 0, ParseMode::Script, |lowerer, node| match node {
            NodeEnum::CreateFunctionStmt(function)
                if function.parameters.is_empty() && function.options.is_empty() && function.sql_body.is_none() =>
            {
                lowerer.set_base(base.wrapping_sub(prefix));
                Some(lowerer.type_name(function.return_type?))
            }
            _ => None,
        });
        parsed.map_err(|error| match error {
            ParseError::Syntax(error) => {
                ParseError::Syntax(SyntaxError { at: unshifted(error.at), statement: span, ..error })
            }
            ParseError::Unparsed { reason, .. } => ParseError::Unparsed { span, reason },
        })
    }

    /// Parses an assignment of PL/pgSQL whose target's variable has `names` parts: 1, 2 or 3 (`RAW_PARSE_PLPGSQL_ASSIGN1` and
    /// its like). It stands at `base` in a larger text; all places are places in the larger text.
    pub fn parse_plpgsql_assign_at(self, text: &str, base: u32, names: usize) -> Result<Assignment, ParseError> {
        let mode = match names {
            0 | 1 => ParseMode::PlpgsqlAssign1,
            2 => ParseMode::PlpgsqlAssign2,
            _ => ParseMode::PlpgsqlAssign3,
        };
        self.fragment(text, base, mode, |lowerer, node| match node {
            NodeEnum::PlassignStmt(assign) => {
                let mut target = vec![Name::from(assign.name)];
                let mut path = lowerer.indirection(assign.indirection).into_iter().peekable();
                while target.len() < names
                    && let Some(Indirection::Field(field)) = path.next_if(|step| matches!(step, Indirection::Field(_)))
                {
                    target.push(field);
                }
                let value = lowerer.query(*assign.val?);
                Some(Assignment { target, path: path.collect(), value })
            }
            _ => None,
        })
    }

    /// Parses a text that is one node, which `lower` takes if it is of the right kind.
    fn fragment<T: Send>(
        self,
        text: &str,
        base: u32,
        mode: ParseMode,
        lower: impl FnOnce(&mut Lowerer<'_>, NodeEnum) -> Option<T> + Send,
    ) -> Result<T, ParseError> {
        if i32::try_from(text.len()).is_err() || base.checked_add(text.len() as u32).is_none() {
            return Err(no_such_fragment("", base, "the text is larger than 2 GB"));
        }
        with_large_stack(|| {
            let span = trimmed(text, Span::new(0, text.len() as u32));
            let adapted = Adapted::new(text, self);
            let parsed = match parse_limited(&adapted, mode) {
                Ok(parsed) => parsed,
                Err(ParseFailure::Refused { message, cursor }) => {
                    let (message, at) = adapted.error(message, cursor);
                    return Err(ParseError::Syntax(syntax_error(text, span, base, message, at)));
                }
                Err(ParseFailure::Limit(reason)) => {
                    return Err(ParseError::Unparsed { span: span.shifted(base), reason });
                }
            };
            let mut lowerer = match mode {
                ParseMode::Script => Lowerer::script(&adapted, base),
                ParseMode::PlpgsqlExpr
                | ParseMode::PlpgsqlAssign1
                | ParseMode::PlpgsqlAssign2
                | ParseMode::PlpgsqlAssign3 => Lowerer::fragment(&adapted, base),
            };
            let unparsed = |reason: String| ParseError::Unparsed { span: span.shifted(base), reason };
            let mut statements = Vec::with_capacity(1);
            for statement in parsed {
                match statement {
                    Ok(statement) => statements.push(statement),
                    Err(ParseFailure::Limit(reason) | ParseFailure::Refused { message: reason, .. }) => {
                        return Err(unparsed(reason));
                    }
                }
            }
            let node = statements.pop().and_then(|raw| raw.stmt).and_then(|node| node.node);
            let (Some(node), []) = (node, statements.as_slice()) else {
                return Err(no_such_fragment(text, base, "it is not one statement"));
            };
            let lowered = lower(&mut lowerer, node);
            match lowerer.finish(0, adapted.text.len() as u32) {
                Err(NotLowered::TooDeep) => Err(unparsed(too_deep())),
                Err(NotLowered::Refused(refusal)) => {
                    Err(ParseError::Syntax(refused(&adapted, text, span, base, &refusal)))
                }
                Ok(Some(given_up)) => Err(unparsed(format!("{} with a clause that is not modelled", given_up.tag))),
                Ok(None) => lowered.ok_or_else(|| no_such_fragment(text, base, "it is of another kind")),
            }
        })
    }
}

/// The expression of a SELECT that has nothing but one.
fn only_target(query: Query) -> Option<Expr> {
    let Query { with: None, body: QueryBody::Select(select), order_by, limit: None, offset: None, locking, .. } = query
    else {
        return None;
    };
    let Select {
        distinct: Distinct::No,
        mut targets,
        into: None,
        from,
        filter: None,
        group_by,
        having: None,
        windows,
        ..
    } = *select
    else {
        return None;
    };
    let plain = order_by.is_empty()
        && locking.is_empty()
        && from.is_empty()
        && group_by.is_empty()
        && windows.is_empty()
        && targets.len() == 1;
    if plain { targets.pop()?.value } else { None }
}

/// An assignment of PL/pgSQL: `target := value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The names that the target starts with; how many belong to the variable was said by the caller.
    pub target: Vec<Name>,
    /// What follows the names: `.field`, `[index]`.
    pub path: Vec<Indirection>,
    /// The value, as the SELECT list and what may follow it.
    pub value: Query,
}

/// Parses a text that is one statement or less.
fn parse_limited(adapted: &Adapted<'_>, mode: ParseMode) -> Result<RawStatements, ParseFailure> {
    if adapted.text.len() > MAX_STATEMENT {
        return Err(ParseFailure::Limit("the statement is larger than 16 MB".to_owned()));
    }
    adapted.parse(mode)
}

/// The error for a fragment that is valid, but not what it should be.
fn no_such_fragment(text: &str, base: u32, why: &str) -> ParseError {
    let span = trimmed(text, Span::new(0, text.len() as u32)).shifted(base);
    ParseError::Syntax(SyntaxError {
        sqlstate: "42601",
        message: format!("syntax error: {why}"),
        at: span,
        statement: span,
        help: None,
    })
}

fn too_deep() -> String {
    format!("it nests more than {MAX_DEPTH} levels deep")
}

/// Takes a segment, and says whether to go on.
pub(crate) type Each<'a> = dyn FnMut(Segment) -> ControlFlow<()> + Send + 'a;

/// A file while it is parsed. Offsets are those of `text`; `base` is added where they leave.
struct File<'a, 'e> {
    text: &'a str,
    base: u32,
    grammar: Grammar,
    segments: Vec<Segment>,
    /// Who gets the segments, if they are not kept.
    each: Option<&'a mut Each<'e>>,
    /// It is a script for psql: there is a meta-command in it.
    for_psql: bool,
    opinion: SecondOpinion,
}

impl<'a, 'e> File<'a, 'e> {
    fn new(text: &'a str, base: u32, grammar: Grammar, each: Option<&'a mut Each<'e>>) -> Self {
        let opinion = SecondOpinion::default();
        File { text, base, grammar, segments: Vec::new(), each, for_psql: false, opinion }
    }

    /// Hands over what has been parsed, and tells whether there is to be more.
    fn hand_over(&mut self) -> ControlFlow<()> {
        if self.each.is_none() {
            return ControlFlow::Continue(());
        }
        self.excuse_psql_variables();
        match &mut self.each {
            Some(each) => self.segments.drain(..).try_for_each(each),
            None => ControlFlow::Continue(()),
        }
    }

    /// Tries to parse the whole text at once, which is the fast way, and tells whether that worked.
    fn parse_whole(&mut self) -> bool {
        if self.text.len() > WHOLE || self.text.contains('\0') || self.text.contains(BREAKPOINT) {
            return false;
        }
        let start = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let adapted = Adapted::new(&self.text[start..], self.grammar);
        let Ok(parsed) = adapted.parse(ParseMode::Script) else { return false };
        // The data of a COPY from the client would be taken for statements, even if all of them are valid.
        self.lower(start as u32, &adapted, parsed, |raw| !copies_from_client(raw)).is_ok()
    }

    /// Lowers the statements of a part of the text that starts at `start`; none of them if one cannot be decoded or is not
    /// accepted.
    fn lower(
        &mut self,
        start: u32,
        adapted: &Adapted<'_>,
        statements: RawStatements,
        accept: impl Fn(&RawStmt) -> bool,
    ) -> Result<(), ParseFailure> {
        let text = &self.text[start as usize..];
        let length = adapted.text.len() as u32;
        let mut lowerer = Lowerer::script(adapted, self.base + start);
        let before = self.segments.len();
        for raw in statements {
            let accepted = raw.and_then(|raw| match accept(&raw) {
                true => Ok(raw),
                false => Err(ParseFailure::Limit("it cannot be parsed together with others".to_owned())),
            });
            let raw = match accepted {
                Ok(raw) => raw,
                Err(failure) => {
                    self.segments.truncate(before);
                    return Err(failure);
                }
            };
            let from = u32::try_from(raw.stmt_location).unwrap_or(0);
            // A length of 0 means up to the end.
            let to = match u32::try_from(raw.stmt_len) {
                Ok(0) | Err(_) => length,
                Ok(length) => from + length,
            };
            let written = trimmed(text, Span::new(adapted.original(from), adapted.original(to)));
            let span = written.shifted(self.base + start);
            self.segments.push(match lowerer.lower_statement(raw.stmt, from, to) {
                Ok(kind) => Segment::Statement(Statement { kind, span }),
                Err(NotLowered::TooDeep) => Segment::Unparsed { span, reason: too_deep() },
                Err(NotLowered::Refused(refusal)) => {
                    Segment::SyntaxError(refused(adapted, text, written, self.base + start, &refusal))
                }
            });
        }
        Ok(())
    }

    /// Splits the text and parses the pieces, as many at once as can be.
    fn parse_pieces(&mut self) {
        let mut resyncs = MAX_RESYNCS;
        let mut from = 0;
        while let ControlFlow::Continue(Some(next)) = self.parse_pieces_from(from, &mut resyncs) {
            from = next;
        }
        self.excuse_psql_variables();
    }

    /// Gives an offset if the text must be split anew from there on.
    fn parse_pieces_from(&mut self, from: u32, resyncs: &mut u32) -> ControlFlow<(), Option<u32>> {
        let splitter = match from {
            0 => Splitter::new(self.text),
            offset => Splitter::starting_at(self.text, offset),
        };
        let pieces: Vec<Piece> = splitter.collect();
        let swallows = matches!(pieces.last(), Some(Piece::Statement(raw)) if raw.unterminated);
        self.for_psql |= pieces.iter().any(|piece| matches!(piece, Piece::MetaCommand { .. }));
        let mut group: Vec<RawStatement> = Vec::new();
        for piece in pieces {
            let fits = match (&piece, group.first()) {
                (_, None) => true,
                (Piece::Statement(raw), Some(first)) => {
                    raw.adjoins_previous && (raw.end - first.span.start) as usize <= WHOLE
                }
                (Piece::MetaCommand { .. }, Some(_)) => false,
            };
            if !fits {
                let next = self.parse_group(&mut group, swallows, resyncs);
                self.hand_over()?;
                if next.is_some() {
                    return ControlFlow::Continue(next);
                }
            }
            match piece {
                Piece::Statement(raw) => group.push(raw),
                Piece::MetaCommand { span, name, args } => {
                    self.segments.push(Segment::MetaCommand { span: span.shifted(self.base), name, args });
                }
            }
        }
        let next = self.parse_group(&mut group, swallows, resyncs);
        self.hand_over()?;
        ControlFlow::Continue(next)
    }

    /// Parses statements that adjoin each other: together, or one by one if there is an error among them. Gives an offset
    /// if the text must be split anew from there on.
    fn parse_group(&mut self, group: &mut Vec<RawStatement>, swallows: bool, resyncs: &mut u32) -> Option<u32> {
        let group = std::mem::take(group);
        if let [first, .., last] = group.as_slice() {
            let (start, end) = (first.span.start, last.end);
            let text = &self.text[start as usize..end as usize];
            if !text.contains('\0')
                && let adapted = Adapted::new(text, self.grammar)
                && let Ok(parsed) = adapted.parse(ParseMode::Script)
                && self.lower(start, &adapted, parsed, |_| true).is_ok()
            {
                return None;
            }
        }
        for raw in group {
            let error = self.parse_one(raw);
            if let Some(error) = error
                && swallows
                && *resyncs > 0
                && let Some((end, next)) = resync(self.text, error, raw)
            {
                *resyncs -= 1;
                if let Some(Segment::SyntaxError(error)) = self.segments.last_mut() {
                    error.statement.end = (end + self.base).max(error.at.start);
                }
                return Some(next);
            }
        }
        None
    }

    /// In a script for psql, a statement with a variable of psql is not wrong: what it says is only known to psql.
    fn excuse_psql_variables(&mut self) {
        if !self.for_psql {
            return;
        }
        for segment in &mut self.segments {
            if let Segment::SyntaxError(error) = segment
                && let Some(variable) = psql_variable(self.text, error.at.start - self.base)
            {
                let reason = format!("it uses the variable {variable} of psql");
                *segment = Segment::Unparsed { span: error.statement, reason };
            }
        }
    }

    /// Parses one statement. Gives the offset of a syntax error.
    fn parse_one(&mut self, raw: RawStatement) -> Option<u32> {
        let start = raw.span.start;
        // With the semicolon, so that an error there is noticed there and not at the end of the input.
        let text = &self.text[start as usize..raw.end as usize];
        let span = Span::new(0, raw.span.end - start);
        if let Some(nul) = text.find('\0') {
            let mut error = syntax_error(text, span, self.base + start, ffi::INVALID_NUL.to_owned(), None);
            error.at = Span::new(nul as u32, nul as u32 + 1).shifted(self.base + start);
            self.segments.push(Segment::SyntaxError(error));
            return None;
        }
        let adapted = Adapted::new(text, self.grammar);
        let parsed = parse_limited(&adapted, ParseMode::Script);
        match parsed.and_then(|parsed| self.lower(start, &adapted, parsed, |_| true)) {
            Ok(()) => None,
            Err(ParseFailure::Limit(reason)) => {
                self.segments.push(Segment::Unparsed { span: raw.span.shifted(self.base), reason });
                None
            }
            Err(ParseFailure::Refused { message, cursor }) => {
                let (message, at) = adapted.error(message, cursor);
                let mut error = syntax_error(text, span, self.base + start, message, at);
                let at = error.at.start - self.base;
                // Other errors than those of the grammar speak for themselves.
                if error.message.starts_with("syntax error") {
                    error.help = match psql_variable(text, at - start) {
                        Some(variable) => Some(format!("{variable} is a variable of psql, which alone replaces it")),
                        None => self.grammar.help(text).or_else(|| self.opinion.on(text, at - start)),
                    };
                }
                self.segments.push(Segment::SyntaxError(error));
                Some(at)
            }
        }
    }
}

/// The variable of psql (`:name`, `:'name'`, `:"name"`, `:{?name}`) at an offset, if one is there (`psqlscan.l`).
fn psql_variable(text: &str, offset: u32) -> Option<&str> {
    let rest = text[offset as usize..].strip_prefix(':')?;
    let (opening, closing) = match rest.as_bytes().first()? {
        b'\'' => ("'", "'"),
        b'"' => ("\"", "\""),
        b'{' => ("{?", "}"),
        _ => ("", ""),
    };
    let name = rest.strip_prefix(opening)?;
    let length = name.find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    if length == 0 || !name[length..].starts_with(closing) {
        return None;
    }
    let end = 1 + opening.len() + length + closing.len();
    Some(&text[offset as usize..offset as usize + end])
}

/// How often the text is split anew behind an error. Each time costs a look at the whole rest.
const MAX_RESYNCS: u32 = 16;

/// Where to go on behind an error in a file that ends inside of a quote, a parenthesis or a body: something is not closed,
/// and the statement may have swallowed the ones behind it. The end of the statement and the start of the next are
/// guessed from the layout: a semicolon at the end of a line, and then a line that starts, without indentation, with a word
/// that starts a definition.
fn resync(text: &str, error: u32, raw: RawStatement) -> Option<(u32, u32)> {
    const STARTS: [&str; 12] = [
        "create", "alter", "drop", "comment", "grant", "revoke", "insert", "update", "delete", "do", "set", "truncate",
    ];
    let start = error.min(raw.end) as usize;
    let rest = &text[start..raw.end as usize];
    let mut semicolon = None;
    let mut offset = start;
    for line in rest.split_inclusive('\n') {
        if let Some(end) = semicolon
            && offset > start
        {
            let word = &line[..line.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(line.len())];
            if STARTS.iter().any(|known| word.eq_ignore_ascii_case(known)) {
                return Some((end, offset as u32));
            }
        }
        let trimmed = line.trim_end();
        if trimmed.ends_with(';') {
            semicolon = Some((offset + trimmed.len() - 1) as u32);
        } else if !trimmed.is_empty() && !trimmed.starts_with("--") {
            semicolon = None;
        }
        offset += line.len();
    }
    None
}

fn copies_from_client(raw: &RawStmt) -> bool {
    match raw.stmt.as_ref().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::CopyStmt(copy)) => {
            let pg::CopyStmt { is_from, is_program, filename, .. } = &**copy;
            *is_from && !is_program && filename.is_empty()
        }
        _ => false,
    }
}

/// `span` without white space and comments at both ends.
fn trimmed(text: &str, span: Span) -> Span {
    let mut scanner = Scanner::starting_at(text, span.start);
    let start = match scanner.next_significant() {
        Some(token) if token.span.start < span.end => token.span.start,
        _ => return Span::point(span.start),
    };
    let written = text[start as usize..span.end as usize].trim_end();
    // A comment at the end cannot be told from its end; but if there is one, it is on the last line or ends with `*/`.
    let last_line = written.rfind('\n').map_or(0, |newline| newline + 1);
    if !written.ends_with("*/") && !written[last_line..].contains("--") && !written.ends_with(';') {
        return Span::new(start, start + written.len() as u32);
    }
    let statement = &text[..start as usize + written.len()];
    let mut end = start;
    for token in Scanner::starting_at(statement, start) {
        if !token.kind.is_comment() && token.kind != TokenKind::Semicolon {
            end = token.span.end;
        }
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests;
