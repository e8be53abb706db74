//! What punctuation says of the tokens around it.

use super::builder::{Builder, Place};
use super::scan::{Mode, State};
use super::shape::is_keyword;
use super::tokens::Kind;

impl Builder<'_> {
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
                    state.before_condition = None;
                    state.is_match = false;
                    state.arm_ends_with_block = lexed.is_open(at + 2, b'{')
                        || ["if", "match", "while", "for", "loop", "unsafe"]
                            .iter()
                            .any(|word| lexed.is_word(at + 2, word));
                }
                return at + 2;
            }
            b'=' if lexed.is_punct(at + 1, b'=') && lexed.joined(at) => return at + 2,
            b':' if state.pattern && state.mode != Mode::Fields => state.typed = true,
            b'=' if state.before_let.is_some() && state.pattern => {
                state.pattern = matches!(state.mode, Mode::Pattern | Mode::Fields);
                state.typed = false;
                let before = state.before_let.unwrap_or_default().min(self.bound.len());
                state.deferred.extend(self.bound.split_off(before));
            }
            b'&' if state.condition && !state.pattern && lexed.is_punct(at + 1, b'&') => {
                self.bind_in_block(state);
            }
            // The length of an array.
            b';' if state.mode == Mode::Type => state.mode = Mode::Values,
            b';' => {
                self.behind_closure(state);
                state.pattern = matches!(state.mode, Mode::Pattern | Mode::Fields);
                state.typed = false;
                state.condition = false;
                state.is_match = false;
                state.before_let = None;
                state.before_condition = None;
                self.bound.append(&mut state.deferred);
            }
            b',' => {
                state.typed = false;
                self.behind_closure(state);
                match state.mode {
                    Mode::Arms if !state.pattern => self.next_arm(state),
                    Mode::Matches => state.pattern = true,
                    _ => {}
                }
            }
            // The second one of an operator begins no closure.
            b'|' if !state.pattern
                && lexed.is_punct(at + 1, b'|')
                && lexed.joined(at)
                && !self.operand_expected(at, from) =>
            {
                return at + 2;
            }
            b'|' if !state.pattern && state.mode != Mode::Type && self.operand_expected(at, from) => {
                state.before_closure.get_or_insert(self.bound.len());
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
            Kind::Punct(b'>') => {
                let arrow = |punct| self.lexed.is_punct(at - 2, punct) && self.lexed.joined(at - 2);
                at >= 2 && (arrow(b'=') || arrow(b'-'))
            }
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
}
