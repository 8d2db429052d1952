//! Loops.

use super::cursor::{Parse, Parser};
use super::names::{Variable, VariableKind};
use super::{CursorArg, ForInteger, Loop, Stmt, StmtKind, Target};
use crate::sql::ast::Name;
use crate::sql::scan::TokenKind;

const OVER_ROWS: &str = "loop variable of loop over rows must be a record variable or list of scalar variables";

impl Parser<'_> {
    /// A loop, after its label.
    pub fn loop_statement(&mut self, label: Option<Name>) -> Parse<StmtKind> {
        if self.is_word("loop") {
            let body = self.labelled_body(label, |_| ())?;
            return Ok(StmtKind::Loop(body));
        }
        if self.eat_word("while") {
            let condition = self.expression_until_word("loop", "LOOP")?;
            let body = self.labelled_body(label, |_| ())?;
            return Ok(StmtKind::While { condition, body });
        }
        if self.eat_word("foreach") {
            return self.foreach(label);
        }
        self.expect_word("for")?;
        self.for_loop(label)
    }

    /// `LOOP … END LOOP [label]`, with what `declare` declares for it.
    fn labelled_body(&mut self, label: Option<Name>, declare: impl FnOnce(&mut Self)) -> Parse<Loop> {
        self.expect_word("loop")?;
        self.names.enter_loop(label.clone());
        declare(self);
        let body: Vec<Stmt> = self.statements(&["end"])?;
        self.names.leave();
        self.expect_word("end")?;
        self.expect_word("loop")?;
        self.end_label(label.as_ref())?;
        Ok(Loop { label, body })
    }

    fn foreach(&mut self, label: Option<Name>) -> Parse<StmtKind> {
        let message = "loop variable of FOREACH must be a known variable or list of variables";
        let targets = self.loop_targets(message)?;
        let mut slice = 0;
        if self.eat_word("slice") {
            let token = self.expect(TokenKind::Integer)?;
            slice = token.text(self.text).parse().unwrap_or(u32::MAX);
        }
        self.expect_word("in")?;
        self.expect_word("array")?;
        let array = self.expression_until_word("loop", "LOOP")?;
        let body = self.labelled_body(label, |_| ())?;
        Ok(StmtKind::ForEach { targets, slice, array, body })
    }

    /// `FOR target IN` an integer range, a cursor, EXECUTE or a query (`pl_gram.y: for_control`).
    fn for_loop(&mut self, label: Option<Name>) -> Parse<StmtKind> {
        let start = self.position();
        // The name of an integer loop need not be known, so it is read before it is looked up.
        let mut first_targets = vec![self.dotted_name()?];
        while self.eat(TokenKind::Comma) {
            first_targets.push(self.dotted_name()?);
        }
        self.expect_word("in")?;
        let after_in = self.position();
        if self.eat_word("execute") {
            self.seek(start);
            let targets = self.loop_targets(OVER_ROWS)?;
            self.seek(after_in);
            self.expect_word("execute")?;
            let (text, using) = self.dynamic()?;
            let body = self.labelled_body(label, |_| ())?;
            return Ok(StmtKind::ForExecute { targets, text, using, body });
        }
        let reverse = self.eat_word("reverse");
        let range_start = self.position();
        let first = self.sql_until("LOOP", |p| p.is_word("loop") || p.peek_kind() == Some(TokenKind::DotDot))?;
        if self.eat(TokenKind::DotDot) {
            let [name] = first_targets.as_slice() else {
                return Err(self.error("integer FOR loop must have only one target variable"));
            };
            let [variable] = name.as_slice() else { return Err(self.unexpected()) };
            let low = self.expression(first)?;
            let high = self.sql_until("LOOP", |p| p.is_word("loop") || p.is_word("by"))?;
            let high = self.expression(high)?;
            let step = if self.eat_word("by") { Some(self.expression_until_word("loop", "LOOP")?) } else { None };
            let body = self.labelled_body(label, |p| p.names.declare(variable, Variable::default()))?;
            let variable = variable.clone();
            return Ok(StmtKind::ForInteger(Box::new(ForInteger { variable, reverse, low, high, step, body })));
        }
        if reverse {
            return Err(self.error("cannot specify REVERSE in query FOR loop"));
        }
        let end = self.position();
        if let Some((cursor, args)) = self.cursor_loop(range_start, end)? {
            self.seek(end);
            let [name] = first_targets.as_slice() else {
                return Err(self.error("cursor FOR loop must have only one target variable"));
            };
            let [target] = name.as_slice() else { return Err(self.unexpected()) };
            let body = self.labelled_body(label, |p| {
                p.names.declare(target, Variable::of(VariableKind::Record));
            })?;
            let target = target.clone();
            return Ok(StmtKind::ForCursor { target, cursor, args, body });
        }
        self.seek(start);
        let targets = self.loop_targets(OVER_ROWS)?;
        self.seek(end);
        let query = self.statement_in(self.text_of(first), first)?;
        let body = self.labelled_body(label, |_| ())?;
        Ok(StmtKind::ForQuery { targets, query, body })
    }

    /// `cursor [(args)]`, if that is all there is between the two positions and it names a variable.
    fn cursor_loop(&mut self, start: usize, end: usize) -> Parse<Option<(Name, Vec<CursorArg>)>> {
        self.seek(start);
        let Ok(cursor) = self.identifier() else { return Ok(None) };
        let Some((_, variable)) = self.names.variable(std::slice::from_ref(&cursor)) else { return Ok(None) };
        let params = match &variable.kind {
            VariableKind::Cursor(params) => params.clone(),
            VariableKind::RefCursor => {
                let message = "cursor FOR loop must use a bound cursor variable";
                return Err(self.error_at(self.span_from(start), message));
            }
            VariableKind::Unknown | VariableKind::Named | VariableKind::Record => return Ok(None),
        };
        let args = self.bound_cursor_args(&cursor, &params)?;
        Ok((self.position() == end).then_some((cursor, args)))
    }

    /// The variables that a loop over rows assigns, which must be known.
    fn loop_targets(&mut self, unknown: &str) -> Parse<Vec<Target>> {
        let mut targets = Vec::new();
        loop {
            let start = self.position();
            let names = self.dotted_name()?;
            if !self.names.knows(&names) {
                return Err(self.error_at(self.span_from(start), unknown));
            }
            self.check_assignable(&names, self.span_from(start))?;
            targets.push(Target { names, subscripts: Vec::new(), span: self.span_from(start) });
            if !self.eat(TokenKind::Comma) {
                return Ok(targets);
            }
        }
    }
}
