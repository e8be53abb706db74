//! References in tokens: paths, what they are used as, and texts.

use super::builder::{Builder, Place};
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
    /// The fields of a pattern: behind a colon stands a pattern.
    Fields,
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
    /// How many names were bound, and deferred, before the `if`, `while`, `for` or `match`.
    pub(super) before_condition: Option<(usize, usize)>,
    /// How many names were bound before the parameters of a closure.
    pub(super) before_closure: Option<usize>,
    /// How many names were bound where the delimiters open.
    pub(super) outside: usize,
    /// Behind `where`: bounds begin with types.
    pub(super) bounds: bool,
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
            pattern: matches!(mode, Mode::Pattern | Mode::Fields | Mode::Arms),
            typed: false,
            condition: false,
            is_match: false,
            arm_ends_with_block: false,
            deferred: Vec::new(),
            before_let: None,
            before_condition: None,
            before_closure: None,
            outside: self.bound.len(),
            bounds: false,
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
                let mode = if self.begins_constant(at, from, state) {
                    Mode::Block
                } else {
                    state.inside(open)
                };
                if open == b'{' {
                    self.bind_in_block(state);
                }
                let bound = self.bound.len();
                self.scan(at + 1, behind - 1, mode, place);
                // What a pattern or a parameter binds holds behind its parentheses too.
                if !matches!(mode, Mode::Pattern | Mode::Fields | Mode::Type) {
                    self.bound.truncate(bound);
                }
                if open == b'{' {
                    self.behind_block(behind, state);
                }
                behind
            }
            Kind::Punct(punct) => self.punct(punct, at, from, to, state, place),
            Kind::Close(_) | Kind::Lifetime | Kind::Literal => at + 1,
        }
    }

    /// Whether a constant in braces begins here among generic arguments.
    fn begins_constant(&self, at: usize, from: usize, state: &State) -> bool {
        let behind = |punct| self.lexed.is_punct(at - 1, punct);
        state.mode == Mode::Type
            && at > from
            && self.is_brace(at)
            && (behind(b'<') || behind(b'=') || behind(b',') && !state.bounds)
    }

    pub(super) fn behind_block(&mut self, next: usize, state: &mut State) {
        if let Some((bound, _)) = state.before_condition.take() {
            self.bound.truncate(bound);
        }
        state.condition = false;
        state.is_match = false;
        if state.before_let.take().is_some() {
            state.pattern = false;
        }
        let goes_on = self.lexed.is_word(next, "else")
            || [b'.', b'?', b',']
                .iter()
                .any(|punct| self.lexed.is_punct(next, *punct));
        if state.mode == Mode::Arms && state.arm_ends_with_block && !goes_on {
            self.next_arm(state);
            state.arm_ends_with_block = false;
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
