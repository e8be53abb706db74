//! References in tokens: paths, what they are used as, and texts.

use super::builder::{Builder, Place};
use super::shape::is_keyword;
use super::tokens::Kind;
use crate::name::Name;

/// What the tokens between two delimiters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Types, bounds, fields of a definition.
    Type,
    /// Statements.
    Block,
    /// Expressions.
    Values,
    Pattern,
    /// The arms of a `match`.
    Arms,
    /// `matches!(value, pattern)`
    Matches,
}

/// What is known within one pair of delimiters.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct State {
    pub(super) mode: Mode,
    pub(super) pattern: bool,
    /// Behind the colon of a pattern: a type.
    pub(super) typed: bool,
    /// Between `if`, `while`, `match` or `in` and the block that follows: no struct literal stands here.
    pub(super) condition: bool,
    pub(super) is_match: bool,
    /// The arm's value began with a block or with a keyword that ends with one.
    pub(super) arm_ends_with_block: bool,
    /// Names that a `let` binds once it ends.
    pub(super) deferred: Vec<Name>,
    /// How many names were bound before the `let`.
    pub(super) before_let: Option<usize>,
}

impl Builder<'_> {
    /// Keeps the references in the tokens `from..to`.
    pub(super) fn scan(&mut self, from: usize, to: usize, mode: Mode, mut place: Place) {
        let mut items = Vec::new();
        if mode == Mode::Block {
            items = self.nested_items(from, to);
            if !items.is_empty() {
                place = self.block_scope(&items, place);
            }
        }
        let mut state = State {
            mode,
            pattern: matches!(mode, Mode::Pattern | Mode::Arms),
            typed: false,
            condition: false,
            is_match: false,
            arm_ends_with_block: false,
            deferred: Vec::new(),
            before_let: None,
        };
        let mut items = items.iter().peekable();
        let mut at = from;
        let mut tests_end = from;
        while at < to {
            if let Some(item) = items.next_if(|item| item.start == at) {
                at = item.end;
                continue;
            }
            let is_cfg = at >= tests_end && self.lexed.is_punct(at, b'#');
            if is_cfg && let Some(end) = self.end_of_test_code(at, to, mode) {
                tests_end = end;
            }
            let place = Place {
                test: place.test || at < tests_end,
                ..place
            };
            at = self.token(at, from, to, &mut state, place);
        }
        self.bound.append(&mut state.deferred);
    }

    pub(super) fn token(
        &mut self,
        at: usize,
        from: usize,
        to: usize,
        state: &mut State,
        place: Place,
    ) -> usize {
        let lexed = self.lexed;
        match lexed.tokens[at].kind {
            Kind::Ident => self.word(at, from, to, state, place),
            Kind::Text => {
                self.text_literal(at, place);
                at + 1
            }
            Kind::Open(open) => {
                let behind = lexed.behind(at);
                self.scan(at + 1, behind - 1, state.inside(open), place);
                if open == b'{' {
                    self.behind_block(behind, state);
                }
                behind
            }
            Kind::Punct(punct) => self.punct(punct, at, from, to, state, place),
            Kind::Close(_) | Kind::Lifetime | Kind::Literal => at + 1,
        }
    }

    pub(super) fn behind_block(&mut self, next: usize, state: &mut State) {
        state.condition = false;
        state.is_match = false;
        if state.before_let.take().is_some() {
            state.pattern = false;
        }
        self.bound.append(&mut state.deferred);
        let goes_on = self.lexed.is_word(next, "else")
            || [b'.', b'?', b',']
                .iter()
                .any(|punct| self.lexed.is_punct(next, *punct));
        if state.mode == Mode::Arms && state.arm_ends_with_block && !goes_on {
            state.pattern = true;
            state.arm_ends_with_block = false;
        }
    }

    pub(super) fn punct(
        &mut self,
        punct: u8,
        at: usize,
        from: usize,
        to: usize,
        state: &mut State,
        place: Place,
    ) -> usize {
        let lexed = self.lexed;
        match punct {
            b'#' if lexed.is_open(at + 1, b'[') => return lexed.behind(at + 1),
            b'#' if lexed.is_punct(at + 1, b'!') && lexed.is_open(at + 2, b'[') => {
                return lexed.behind(at + 2);
            }
            // A macro's parameter, or `$crate`.
            b'$' if lexed.is_ident(at + 1) && !lexed.is_word(at + 1, "crate") => return at + 2,
            b'.' if lexed.is_punct(at + 1, b'.') => {
                return at + 2 + usize::from(lexed.is_punct(at + 2, b'=') && lexed.joined(at + 1));
            }
            b'.' if lexed.is_ident(at + 1) => return at + 2,
            b':' if lexed.is_path_sep(at) => {
                let follows = at > from
                    && (lexed.is_punct(at - 1, b'>') || matches!(lexed.tokens[at - 1].kind, Kind::Close(_)));
                return if follows && lexed.is_ident(at + 2) {
                    at + 3
                } else if lexed.is_ident(at + 2) {
                    self.word(at, from, to, state, place)
                } else {
                    at + 2
                };
            }
            b'=' if lexed.is_punct(at + 1, b'>') && lexed.joined(at) => {
                if state.mode == Mode::Arms {
                    state.pattern = false;
                    state.condition = false;
                    state.is_match = false;
                    state.arm_ends_with_block = lexed.is_open(at + 2, b'{')
                        || ["if", "match", "while", "for", "loop", "unsafe"]
                            .iter()
                            .any(|word| lexed.is_word(at + 2, word));
                }
                return at + 2;
            }
            b'=' if lexed.is_punct(at + 1, b'=') && lexed.joined(at) => return at + 2,
            b':' if state.pattern => state.typed = true,
            b'=' if state.before_let.is_some() && state.pattern => {
                state.pattern = state.mode == Mode::Pattern;
                state.typed = false;
                let before = state.before_let.unwrap_or_default().min(self.bound.len());
                state.deferred.extend(self.bound.split_off(before));
            }
            b';' => {
                state.pattern = state.mode == Mode::Pattern;
                state.typed = false;
                state.condition = false;
                state.is_match = false;
                state.before_let = None;
                self.bound.append(&mut state.deferred);
            }
            b',' => {
                state.typed = false;
                state.pattern |= matches!(state.mode, Mode::Arms | Mode::Matches);
            }
            b'|' if !state.pattern && state.mode != Mode::Type && self.operand_expected(at, from) => {
                return self.closure(at, to, place);
            }
            b'<' if self.operand_expected(at, from)
                && !(at > from && lexed.is_punct(at - 1, b':') && lexed.is_path_sep(at.wrapping_sub(2))) =>
            {
                return self.qualified(at, to, state, place);
            }
            _ => {}
        }
        at + 1
    }

    /// Whether a value begins here, and no operator stands here.
    pub(super) fn operand_expected(&self, at: usize, from: usize) -> bool {
        if at == from {
            return true;
        }
        match self.lexed.tokens[at - 1].kind {
            Kind::Ident => is_keyword(self.lexed.text(at - 1)) && !self.lexed.is_word(at - 1, "await"),
            Kind::Punct(b'>') => at >= 2 && self.lexed.is_punct(at - 2, b'=') && self.lexed.joined(at - 2),
            Kind::Punct(b'?') | Kind::Lifetime | Kind::Text | Kind::Literal => false,
            Kind::Punct(_) | Kind::Open(_) => true,
            Kind::Close(close) => close == b'}',
        }
    }

    /// `|a, b|` or `||`
    pub(super) fn closure(&mut self, at: usize, to: usize, place: Place) -> usize {
        if self.lexed.is_punct(at + 1, b'|') && self.lexed.joined(at) {
            return at + 2;
        }
        let mut close = at + 1;
        while close < to && !self.lexed.is_punct(close, b'|') {
            close = if matches!(self.lexed.tokens[close].kind, Kind::Open(_)) {
                self.lexed.behind(close)
            } else {
                close + 1
            };
        }
        self.scan(at + 1, close.min(to), Mode::Pattern, place);
        close + 1
    }

    pub(super) fn word(
        &mut self,
        at: usize,
        from: usize,
        to: usize,
        state: &mut State,
        place: Place,
    ) -> usize {
        let lexed = self.lexed;
        if lexed.is_ident(at) {
            let word = lexed.text(at);
            let raw = lexed.source.as_bytes()[lexed.tokens[at].start as usize..].starts_with(b"r#");
            if !raw && (is_keyword(word) || matches!(word, "true" | "false" | "_" | "static" | "box")) {
                return self.keyword(at, state);
            }
        }
        let (names, global, end) = self.names(at, to, place);
        if names.len() == 1 && !global {
            let single =
                |punct| lexed.is_punct(end, punct) && !(lexed.is_punct(end + 1, punct) && lexed.joined(end));
            // A field, a parameter, a bound.
            if single(b':') {
                if state.mode == Mode::Type || state.pattern {
                    self.bind(names[0]);
                }
                return end;
            }
            // An associated type or a macro's named argument.
            let behind_list =
                at == from || (at > 0 && [b'<', b','].iter().any(|punct| lexed.is_punct(at - 1, *punct)));
            if behind_list && single(b'=') && !lexed.is_punct(end + 1, b'>') && !state.pattern {
                return end;
            }
        }
        self.path_ends(&names, global, at, end, state, place)
    }

    pub(super) fn keyword(&mut self, at: usize, state: &mut State) -> usize {
        let lexed = self.lexed;
        match lexed.text(at) {
            "let" => {
                state.pattern = true;
                state.before_let = Some(self.bound.len());
            }
            "if" | "while" => {
                if state.mode != Mode::Pattern {
                    state.pattern = false;
                }
                state.condition = true;
            }
            "match" => {
                state.condition = true;
                state.is_match = true;
            }
            "for" if state.mode != Mode::Type && !lexed.is_punct(at + 1, b'<') => state.pattern = true,
            "in" => {
                state.pattern = false;
                state.condition = true;
            }
            "else" => {
                state.condition = false;
                if state.before_let.is_some() {
                    state.pattern = false;
                }
            }
            _ => {}
        }
        at + 1
    }

    /// Remembers a local variable, unless its name is that of a type or a constant.
    pub(super) fn bind(&mut self, name: Name) {
        if name.is_lower() {
            self.bound.push(name);
        }
    }
}

impl State {
    /// What stands in delimiters that belong to no path.
    fn inside(&self, open: u8) -> Mode {
        match open {
            b'{' if self.mode == Mode::Type => Mode::Type,
            b'{' if self.is_match => Mode::Arms,
            b'{' => Mode::Block,
            _ if self.mode == Mode::Type => Mode::Type,
            _ if self.pattern => Mode::Pattern,
            _ => Mode::Values,
        }
    }
}
