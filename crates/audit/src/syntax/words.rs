//! Keywords, and where paths begin.

use super::builder::{Builder, Place};
use super::scan::{Mode, State};
use super::shape::is_keyword;

impl Builder<'_> {
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
        let names = names.as_slice();
        if names.len() == 1 && !global {
            let single =
                |punct| lexed.is_punct(end, punct) && !(lexed.is_punct(end + 1, punct) && lexed.joined(end));
            // A field, a parameter, a bound.
            if single(b':') && !(state.bounds && self.begins_bound(at)) {
                // The key of a list that a macro is given may be a constant or a type.
                if !names[0].is_lower() && state.mode != Mode::Type && !state.pattern {
                    let place = Place {
                        in_macro: true,
                        ..place
                    };
                    return self.path_ends(names, global, at, end, state, place);
                }
                if state.mode == Mode::Type || state.pattern && state.mode != Mode::Fields {
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
        self.path_ends(names, global, at, end, state, place)
    }

    /// Whether what follows `where` or a comma begins here.
    fn begins_bound(&self, at: usize) -> bool {
        at > 0 && (self.lexed.is_word(at - 1, "where") || self.lexed.is_punct(at - 1, b','))
    }

    pub(super) fn keyword(&mut self, at: usize, state: &mut State) -> usize {
        let lexed = self.lexed;
        let begun = Some((self.bound.len(), state.deferred.len()));
        match lexed.text(at) {
            "where" => state.bounds = true,
            "let" => {
                if state.condition {
                    self.bind_in_block(state);
                }
                state.pattern = true;
                state.before_let = Some(self.bound.len());
            }
            "if" | "while" => {
                if !matches!(state.mode, Mode::Pattern | Mode::Fields) {
                    state.pattern = false;
                }
                state.condition = true;
                state.before_condition = begun;
            }
            "match" => {
                state.before_condition = begun;
                state.condition = true;
                state.is_match = true;
            }
            "for" if state.mode != Mode::Type && !lexed.is_punct(at + 1, b'<') => {
                state.pattern = true;
                state.before_condition = begun;
            }
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
}
