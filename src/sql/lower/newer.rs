//! Syntax that is newer than the project's version, as far as it has no keyword that the version has not
//! ([`crate::sql::version`]). Each is refused at the token where the version's grammar stops.

use pg_query::NodeEnum as N;

use super::*;
use crate::sql::scan::TokenKind;
use crate::sql::version::{Refusal, Tokens};

impl<'a> Lowerer<'a> {
    /// Whether what came with a major version is not there yet.
    fn is_before(&self, version: u8) -> bool {
        self.adapted.grammar.is_before(version)
    }

    /// The tokens of the current statement.
    fn tokens(&self) -> Tokens<'a> {
        Tokens::of(self.text, self.statement_start)
    }

    /// Notes an error. The grammar reports the one that it notices first.
    fn refuse(&mut self, refusal: Refusal) {
        if self.refusal.as_ref().is_none_or(|earlier| refusal.noticed < earlier.noticed) {
            self.refusal = Some(refusal);
        }
    }

    fn refuse_if_some(&mut self, tokens: &Tokens<'_>, index: Option<usize>) {
        if let Some(index) = index {
            self.refuse(tokens.refusal(index));
        }
    }

    /// Refuses at the `skip`-th of these words, which follow each other outside of parentheses.
    fn refuse_words(&mut self, words: &[&str], skip: usize) {
        let tokens = self.tokens();
        let mut from = 0;
        while let Some(index) = tokens.find(from, words) {
            self.refuse(tokens.refusal(index + skip));
            from = index + 1;
        }
    }

    /// What can be told from a statement as a whole.
    pub(super) fn refuse_newer_statement(&mut self, node: &NodeEnum) {
        if self.adapted.is_plain() {
            return;
        }
        match node {
            N::AlterTableStmt(_) => self.newer_alter_table(),
            N::AlterStatsStmt(_) if self.is_before(17) => self.refuse_words(&["statistics", "default"], 1),
            N::AlterDatabaseRefreshCollStmt(_) if self.is_before(15) => self.refuse_words(&["refresh"], 0),
            N::AlterSubscriptionStmt(_) if self.is_before(15) => self.newer_subscription(),
            N::CreatePublicationStmt(_) | N::AlterPublicationStmt(_) if self.is_before(15) => self.newer_publication(),
            N::CreateStatsStmt(statistics) if self.is_before(16) && statistics.defnames.is_empty() => {
                let tokens = self.tokens();
                let index = tokens.find(0, &["statistics"]).map(|index| index + 1);
                self.refuse_if_some(&tokens, index);
            }
            N::GrantRoleStmt(_) if self.is_before(16) => self.newer_grant_role(),
            N::GrantStmt(_) if self.is_before(15) => self.refuse_words(&["alter", "system"], 1),
            N::ReindexStmt(reindex) if self.is_before(16) && reindex.relation.is_none() && reindex.name.is_empty() => {
                let tokens = self.tokens();
                self.refuse(tokens.refusal(tokens.len()));
            }
            N::ClusterStmt(cluster)
                if self.is_before(17) && cluster.relation.is_none() && !cluster.params.is_empty() =>
            {
                let tokens = self.tokens();
                if tokens.kind(1) == Some(TokenKind::LeftParen) {
                    self.refuse(tokens.refusal(tokens.len()));
                }
            }
            N::CopyStmt(copy) if self.is_before(17) => self.newer_copy(copy),
            N::AlterOperatorStmt(operator) if self.is_before(17) => self.newer_operator(&operator.options),
            N::IndexStmt(index) if self.is_before(15) => {
                if let Some(relation) = &index.relation {
                    self.newer_index(relation.location.unsigned_abs());
                }
            }
            N::CreateSeqStmt(sequence) => self.newer_sequence(&sequence.options),
            N::AlterSeqStmt(sequence) => self.newer_sequence(&sequence.options),
            N::VacuumStmt(vacuum) if self.is_before(18) => self.newer_vacuum(&vacuum.rels),
            _ => {}
        }
    }

    fn newer_alter_table(&mut self) {
        if self.is_before(15) {
            self.refuse_words(&["set", "access", "method"], 1);
        }
        if self.is_before(16) {
            self.refuse_words(&["set", "storage", "default"], 2);
        }
        if self.is_before(17) {
            self.refuse_words(&["set", "access", "method", "default"], 3);
            self.refuse_words(&["set", "statistics", "default"], 2);
            self.refuse_words(&["set", "expression", "as"], 1);
        }
        if !self.is_before(18) {
            return;
        }
        let tokens = self.tokens();
        let mut from = 0;
        while let Some(index) = tokens.find(from, &["alter", "constraint"]) {
            from = index + 2;
            // Behind the name.
            if tokens.is(index + 3, "inherit") {
                self.refuse(tokens.refusal(index + 3));
            }
            let mut attribute = index + 3;
            while attribute < tokens.len() && tokens.kind(attribute) != Some(TokenKind::Comma) {
                if tokens.are(attribute, &["no", "inherit"]) {
                    let mut end = attribute;
                    while end < tokens.len() && tokens.kind(end) != Some(TokenKind::Comma) {
                        end += 1;
                    }
                    let at = tokens.offset(end);
                    let message = "FOREIGN KEY constraints cannot be marked NO INHERIT";
                    let mut refusal = Refusal::with_message(at, tokens.offset(0), message);
                    refusal.sqlstate = "0A000";
                    self.refuse(refusal);
                }
                attribute += 1;
            }
        }
    }

    fn newer_subscription(&mut self) {
        let tokens = self.tokens();
        // ALTER SUBSCRIPTION name SKIP
        if tokens.is(3, "skip") {
            self.refuse(tokens.refusal(3));
        }
    }

    /// 14 has nothing but `ALL TABLES` and a list of relations.
    fn newer_publication(&mut self) {
        let tokens = self.tokens();
        // CREATE PUBLICATION name FOR …, ALTER PUBLICATION name ADD|DROP|SET …
        if tokens.is(4, "tables") {
            return self.refuse(tokens.refusal(4));
        }
        if !tokens.is(4, "table") {
            return;
        }
        let mut index = 5;
        while index < tokens.len() {
            let follows_comma = tokens.kind(index - 1) == Some(TokenKind::Comma);
            match tokens.kind(index) {
                Some(TokenKind::LeftParen) if tokens.is(index - 1, "only") => {
                    index = tokens.matching(index).unwrap_or(tokens.len());
                }
                Some(TokenKind::LeftParen) if tokens.is(index - 1, "with") => return,
                Some(TokenKind::LeftParen) => return self.refuse(tokens.refusal(index)),
                _ if tokens.is(index, "where") || (follows_comma && tokens.is(index, "table")) => {
                    return self.refuse(tokens.refusal(index));
                }
                // A relation of that name, and then something that cannot follow one.
                _ if follows_comma && tokens.are(index, &["tables", "in"]) => {
                    return self.refuse(tokens.refusal(index + 1));
                }
                _ => {}
            }
            index += 1;
        }
    }

    /// Up to 15 there is nothing but `WITH ADMIN OPTION` and `ADMIN OPTION FOR`.
    fn newer_grant_role(&mut self) {
        let tokens = self.tokens();
        if tokens.is(0, "revoke") {
            if tokens.are(2, &["option", "for"]) && !tokens.is(1, "admin") {
                self.refuse(tokens.refusal(2));
            }
            return;
        }
        let Some(with) = tokens.find(0, &["with"]) else { return };
        if !tokens.is(with + 1, "admin") {
            self.refuse(tokens.refusal(with + 1));
        } else if !tokens.is(with + 2, "option") {
            self.refuse(tokens.refusal(with + 2));
        } else if tokens.kind(with + 3) == Some(TokenKind::Comma) {
            self.refuse(tokens.refusal(with + 3));
        }
    }

    fn newer_copy(&mut self, copy: &pg::CopyStmt) {
        let tokens = self.tokens();
        for option in &copy.options {
            let Some(N::DefElem(option)) = &option.node else { continue };
            let Ok(location) = u32::try_from(option.location) else { continue };
            let index = tokens.index(location);
            if matches!(tokens.kind(index - index.min(1)), Some(TokenKind::LeftParen | TokenKind::Comma))
                && tokens.is(index + 1, "default")
            {
                self.refuse(tokens.refusal(index + 1));
            }
        }
        let mut from = 0;
        while let Some(index) = tokens.find(from, &["null"]) {
            if tokens.is_operator(index + 1, "*")
                && (tokens.is(index - index.min(1), "force") || tokens.is(index - index.min(2), "force"))
            {
                self.refuse(tokens.refusal(index + 1));
            }
            from = index + 1;
        }
    }

    /// `NULLS [NOT] DISTINCT` behind the columns and INCLUDE.
    fn newer_index(&mut self, relation: u32) {
        let tokens = self.tokens();
        let mut end = tokens.index(relation);
        while end < tokens.len() && tokens.kind(end) != Some(TokenKind::LeftParen) {
            end += 1;
        }
        let Some(mut end) = tokens.matching(end) else { return };
        if tokens.is(end + 1, "include") {
            end = tokens.matching(end + 2).unwrap_or(end);
        }
        if tokens.is(end + 1, "nulls") {
            self.refuse(tokens.refusal(end + 1));
        }
    }

    /// A property without a value.
    fn newer_operator(&mut self, options: &[Node]) {
        let tokens = self.tokens();
        for option in options {
            let Some(N::DefElem(option)) = &option.node else { continue };
            let Ok(location) = u32::try_from(option.location) else { continue };
            let index = tokens.index(location) + 1;
            if !tokens.is_operator(index, "=") {
                self.refuse(tokens.refusal(index));
            }
        }
    }

    /// `LOGGED` and `UNLOGGED` among the options of a sequence, where they are taken for the sake of pg_dump.
    fn newer_sequence(&mut self, options: &[Node]) {
        if !self.is_before(15) {
            return;
        }
        let tokens = self.tokens();
        for option in options {
            let Some(N::DefElem(option)) = &option.node else { continue };
            if matches!(option.defname.as_str(), "logged" | "unlogged")
                && let Ok(location) = u32::try_from(option.location)
            {
                self.refuse(tokens.refusal(tokens.index(location)));
            }
        }
    }

    /// `ONLY table` and `table *`.
    fn newer_vacuum(&mut self, relations: &[Node]) {
        let tokens = self.tokens();
        for relation in relations {
            let Some(N::VacuumRelation(relation)) = &relation.node else { continue };
            let Some(relation) = &relation.relation else { continue };
            let Ok(location) = u32::try_from(relation.location) else { continue };
            let index = tokens.index(location);
            if !relation.inh {
                let only = tokens.find_back(index, "only");
                self.refuse_if_some(&tokens, only);
            }
            // `name *`, `schema.name *`
            let mut end = index + 1;
            while tokens.kind(end) == Some(TokenKind::Dot) {
                end += 2;
            }
            if tokens.is_operator(end, "*") {
                self.refuse(tokens.refusal(end));
            }
        }
    }

    /// `STORAGE` in the definition of a column.
    pub(super) fn refuse_newer_column(&mut self, column: &pg::ColumnDef) {
        if !self.is_before(16) || column.storage_name.is_empty() {
            return;
        }
        if let Ok(location) = u32::try_from(column.location) {
            let tokens = Tokens::of(self.text, location);
            // Behind the name and the first word of the type.
            let storage = tokens.find(2, &["storage"]);
            self.refuse_if_some(&tokens, storage);
        }
    }

    pub(super) fn refuse_newer_constraint(&mut self, constraint: &pg::Constraint) {
        use pg::ConstrType as Type;
        if self.adapted.is_plain() {
            return;
        }
        let contype = constraint.contype();
        let may_be_newer = match contype {
            Type::ConstrUnique => self.is_before(15) || constraint.without_overlaps,
            Type::ConstrPrimary => constraint.without_overlaps,
            Type::ConstrForeign => !constraint.fk_del_set_cols.is_empty(),
            Type::ConstrGenerated => true,
            Type::ConstrNotnull => !constraint.keys.is_empty() || constraint.is_no_inherit,
            _ => false,
        };
        let (true, Ok(location)) = (may_be_newer, u32::try_from(constraint.location)) else { return };
        let tokens = Tokens::of(self.text, location);
        let start = if tokens.is(0, "constraint") { 2 } else { 0 };
        match contype {
            Type::ConstrUnique | Type::ConstrPrimary => {
                if self.is_before(15) && tokens.are(start, &["unique", "nulls"]) {
                    self.refuse(tokens.refusal(start + 1));
                }
                if self.is_before(18) && constraint.without_overlaps {
                    let without = (start..tokens.len()).find(|&index| tokens.are(index, &["without", "overlaps"]));
                    self.refuse_if_some(&tokens, without);
                }
            }
            Type::ConstrForeign if self.is_before(15) && !constraint.fk_del_set_cols.is_empty() => {
                let action = (start..tokens.len()).find(|&index| {
                    (tokens.are(index, &["set", "null"]) || tokens.are(index, &["set", "default"]))
                        && tokens.kind(index + 2) == Some(TokenKind::LeftParen)
                });
                self.refuse_if_some(&tokens, action.map(|index| index + 2));
            }
            Type::ConstrGenerated if self.is_before(18) => {
                let end = tokens
                    .find(start, &["as"])
                    .filter(|&index| tokens.kind(index + 1) == Some(TokenKind::LeftParen))
                    .and_then(|index| tokens.matching(index + 1));
                if let Some(end) = end
                    && !tokens.is(end + 1, "stored")
                {
                    self.refuse(tokens.refusal(end + 1));
                }
            }
            // As a constraint of a table.
            Type::ConstrNotnull if self.is_before(18) && !constraint.keys.is_empty() => {
                self.refuse(tokens.refusal(start));
            }
            Type::ConstrNotnull if self.is_before(18) && constraint.is_no_inherit => {
                self.refuse(tokens.refusal(start + 2));
            }
            _ => {}
        }
    }

    /// `ALTER DOMAIN … ADD NOT NULL`
    pub(super) fn refuse_newer_domain_constraint(&mut self, constraint: &pg::Constraint) {
        if !self.is_before(17) || constraint.contype() != pg::ConstrType::ConstrNotnull {
            return;
        }
        if let Ok(location) = u32::try_from(constraint.location) {
            let tokens = Tokens::of(self.text, location);
            self.refuse(tokens.refusal(if tokens.is(0, "constraint") { 2 } else { 0 }));
        }
    }

    /// `a AT LOCAL`; the call has no place, its argument has.
    pub(super) fn refuse_newer_call(&mut self, call: &FuncCall) {
        if !self.is_before(17) || !call.sql_syntax || call.name.name != "timezone" {
            return;
        }
        let [arg] = call.args.as_slice() else { return };
        let tokens = self.tokens();
        let from = arg.value.loc.offset().map_or(0, |offset| tokens.index(self.edited(offset)));
        let at = (from..tokens.len()).find(|&index| tokens.are(index, &["at", "local"]));
        self.refuse_if_some(&tokens, at.map(|index| index + 1));
    }

    /// RETURNING of MERGE.
    pub(super) fn refuse_newer_merge(&mut self, is_there: bool, returning: &[Target]) {
        if !self.is_before(17) || !is_there {
            return;
        }
        let tokens = self.tokens();
        let first = returning.first().and_then(|target| target.loc.offset());
        let end = first.map_or(tokens.len(), |offset| tokens.index(self.edited(offset)));
        let index = tokens.find_back(end, "returning");
        self.refuse_if_some(&tokens, index);
    }

    /// `RETURNING WITH (…)`
    pub(super) fn refuse_newer_returning(&mut self, clause: &pg::ReturningClause) {
        if !self.is_before(18) {
            return;
        }
        if let Some(Node { node: Some(N::ReturningOption(option)) }) = clause.options.first()
            && let Ok(location) = u32::try_from(option.location)
        {
            let tokens = self.tokens();
            let with = tokens.find_back(tokens.index(location), "with");
            self.refuse_if_some(&tokens, with);
        }
    }

    /// A sub-query in FROM without an alias (up to 15).
    pub(super) fn refuse_newer_subquery(&mut self, query: &Query) {
        if !self.is_before(16) {
            return;
        }
        let tokens = self.tokens();
        let first = first_place(query).map(|offset| tokens.index(self.edited(offset)));
        let found = first.and_then(|first| subquery_parentheses(&tokens, first));
        let Some((open, close)) = found else {
            // Not even a place to look for it at.
            return self.give_up("SELECT", Touches::Everything);
        };
        let values = matches!(query, Query { with: None, body: QueryBody::Values(_), .. });
        let (message, hint) = match values {
            true => ("VALUES in FROM must have an alias", "For example, FROM (VALUES ...) [AS] foo."),
            false => ("subquery in FROM must have an alias", "For example, FROM (SELECT ...) [AS] foo."),
        };
        let mut refusal = Refusal::with_message(tokens.offset(close + 1), tokens.offset(open), message);
        refusal.hint = Some(hint);
        self.refuse(refusal);
    }

    /// The place of a lowered node in the parsed text.
    fn edited(&self, offset: u32) -> u32 {
        self.adapted.edited(offset.wrapping_sub(self.base))
    }
}

/// Where the first node of a query stands that has a place.
fn first_place(query: &Query) -> Option<u32> {
    let mut first: Option<u32> = None;
    let mut note = |loc: Loc| {
        if let Some(offset) = loc.offset() {
            first = Some(first.map_or(offset, |first| first.min(offset)));
        }
    };
    crate::sql::visit::in_query(query, &mut |expr| note(expr.loc));
    crate::sql::visit::relations_in_query(query, &mut |relation| note(relation.name.loc));
    for cte in query.with.iter().flat_map(|with| &with.ctes) {
        note(cte.loc);
    }
    first
}

/// The parentheses of the sub-query in FROM whose first node is at a token: `select_with_parens`, which may have several
/// pairs around it and in it, but not those of a join.
fn subquery_parentheses(tokens: &Tokens<'_>, first: usize) -> Option<(usize, usize)> {
    let keyword = (0..=first)
        .rev()
        .find(|&index| ["select", "values", "table", "with"].iter().any(|word| tokens.is(index, word)))?;
    let mut found = None;
    let mut open = keyword;
    while open > 0 && tokens.kind(open - 1) == Some(TokenKind::LeftParen) {
        let close = tokens.matching(open - 1)?;
        // Still inside of the query: an operand of a set operation, or a pair around the whole.
        if let Some((_, inner)) = found
            && !(tokens.kind(inner + 1) == Some(TokenKind::RightParen) && inner + 1 == close)
            && !["union", "intersect", "except", "order", "limit", "offset", "fetch", "for"]
                .iter()
                .any(|word| tokens.is(inner + 1, word))
        {
            break;
        }
        open -= 1;
        found = Some((open, close));
    }
    found
}
