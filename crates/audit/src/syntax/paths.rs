//! Paths in tokens, and what they are used as.

use super::builder::{Builder, Place};
use super::index::{Lead, Use};
use super::scan::{Mode, State};
use super::shape::is_keyword;
use super::tokens::Kind;
use super::written::{Names, Written};
use crate::name::Name;

/// Macros whose arguments are expressions.
const EXPRESSION_MACROS: [&str; 40] = [
    "anyhow",
    "assert",
    "assert_eq",
    "assert_ne",
    "bail",
    "concat",
    "dbg",
    "debug",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "ensure",
    "eprint",
    "eprintln",
    "error",
    "format",
    "format_args",
    "info",
    "join",
    "json",
    "log",
    "panic",
    "pin",
    "print",
    "println",
    "thread_local",
    "todo",
    "trace",
    "try",
    "try_join",
    "unimplemented",
    "unreachable",
    "vec",
    "vec_deque",
    "warn",
    "write",
    "writeln",
    "yield_",
    "zip",
    "zip_eq",
];

impl Builder<'_> {
    /// The names of a path that begins here, whether `::` precedes it, and the index behind.
    pub(super) fn names(&mut self, mut at: usize, to: usize, place: Place) -> (Names, bool, usize) {
        let lexed = self.lexed;
        let mut names = Names::new();
        let global = lexed.is_path_sep(at);
        if global {
            at += 2;
        }
        while at < to && lexed.is_ident(at) {
            names.push(self.name(at));
            at += 1;
            if !lexed.is_path_sep(at) {
                break;
            }
            if lexed.is_ident(at + 2) {
                at += 2;
            } else if lexed.is_punct(at + 2, b'<') {
                let close = self.angle_end(at + 2, to);
                self.scan(at + 3, close, Mode::Type, place);
                at = close + 1;
                if lexed.is_path_sep(at) && lexed.is_ident(at + 2) {
                    at += 2;
                } else {
                    break;
                }
            } else {
                break;
            }
        }
        (names, global, at)
    }

    /// The index of the `>` for the `<` here, or the end.
    pub(super) fn angle_end(&self, open: usize, to: usize) -> usize {
        let lexed = self.lexed;
        let mut depth = 0_usize;
        let mut at = open;
        while at < to {
            match lexed.tokens[at].kind {
                Kind::Open(_) => {
                    at = lexed.behind(at);
                    continue;
                }
                Kind::Punct(b'<') => depth += 1,
                Kind::Punct(b'>') if !(lexed.is_punct(at - 1, b'-') && lexed.joined(at - 1)) => {
                    depth -= 1;
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        to
    }

    /// `<T>::f` or `<T as Trait>::f`
    pub(super) fn qualified(&mut self, at: usize, to: usize, state: &mut State, place: Place) -> usize {
        let lexed = self.lexed;
        let mut close = at + 1;
        let mut depth = 1;
        let mut as_at = None;
        while close < to {
            match lexed.tokens[close].kind {
                Kind::Open(_) => {
                    close = lexed.behind(close);
                    continue;
                }
                Kind::Punct(b'<') => depth += 1,
                Kind::Punct(b'>') if lexed.is_punct(close - 1, b'-') && lexed.joined(close - 1) => {}
                Kind::Punct(b'>') => depth -= 1,
                Kind::Ident if depth == 1 && lexed.is_word(close, "as") => as_at = Some(close),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            close += 1;
        }
        if depth != 0 || !lexed.is_path_sep(close + 1) || !lexed.is_ident(close + 3) {
            return at + 1;
        }
        let type_end = as_at.unwrap_or(close);
        if let Some(as_at) = as_at {
            self.scan(as_at + 1, close, Mode::Type, place);
        }
        let begins = lexed.is_ident(at + 1) || lexed.is_path_sep(at + 1);
        let (mut names, global, behind) = if begins {
            self.names(at + 1, type_end, place)
        } else {
            (Names::new(), false, at + 1)
        };
        self.scan(behind, type_end, Mode::Type, place);
        let begins_type = behind == type_end || lexed.is_punct(behind, b'<');
        let (more, _, end) = self.names(close + 3, to, place);
        let first = names.as_slice().first().map(|name| name.as_str());
        if !begins_type || first.is_none_or(|first| first == "_" || is_keyword(first)) {
            return end;
        }
        names.extend(&more);
        self.path_ends(names.as_slice(), global, at + 1, end, state, place)
    }

    /// Keeps the path that was read from `at` to `end`, and reads what belongs to it.
    pub(super) fn path_ends(
        &mut self,
        names: &[Name],
        global: bool,
        at: usize,
        end: usize,
        state: &mut State,
        place: Place,
    ) -> usize {
        let lexed = self.lexed;
        let Some(last) = names.last().copied() else {
            return end.max(at + 1);
        };
        let Some(path) = Written::of(names, global) else {
            return end.max(at + 1);
        };
        let is_macro = lexed.is_punct(end, b'!')
            && lexed
                .tokens
                .get(end + 1)
                .is_some_and(|token| matches!(token.kind, Kind::Open(_)));
        // A function or a variant may have the name of a generic type.
        let called =
            path.names.len() == 1 && lexed.is_open(end, b'(') && state.mode != Mode::Type && !state.typed;
        let generic = !called && self.is_generic(path);
        let offset = self.offset(at);
        if is_macro {
            self.refer(path, offset, Use::MacroName, place);
            return self.macro_call(last.as_str(), end + 1, state, place);
        }
        let local = path.lead == Lead::Name && path.names.len() == 1 && last.is_lower();
        let returns = at >= 2 && lexed.is_punct(at - 1, b'>') && lexed.is_punct(at - 2, b'-');
        let braces = lexed.is_open(end, b'{')
            && (!state.condition || state.pattern)
            && !returns
            && state.mode != Mode::Type
            && !(local && path.lead == Lead::Name);
        // In a parameter's pattern, as `(a, b): (A, B)`.
        let ends = matches!(
            lexed.tokens.get(end).map(|token| token.kind),
            Some(Kind::Punct(b',') | Kind::Close(_))
        );
        if local && state.mode == Mode::Type && ends {
            self.bind(last);
        }
        if local && state.pattern && !state.typed && !lexed.is_open(end, b'(') {
            self.bind(last);
            return end;
        }
        let nothing = path.names.is_empty() && path.lead != Lead::SelfType;
        if !(generic || nothing || local && self.bound.contains(&last)) {
            let behind_as = at > 0 && lexed.is_word(at - 1, "as");
            let used = match () {
                () if state.typed || behind_as || returns || state.mode == Mode::Type => Use::Mention,
                () if state.pattern => Use::Pattern,
                () if braces => Use::Literal,
                () if lexed.is_open(end, b'(') => Use::Call,
                () => Use::Value,
            };
            self.refer(path, offset, used, place);
        }
        if braces {
            let behind = lexed.behind(end);
            let mode = if state.pattern { Mode::Fields } else { Mode::Values };
            let bound = self.bound.len();
            self.scan(end + 1, behind - 1, mode, place);
            if mode == Mode::Values {
                self.bound.truncate(bound);
            }
            return behind;
        }
        end
    }

    /// Reads the tokens of a macro call.
    pub(super) fn macro_call(&mut self, name: &str, open: usize, state: &State, place: Place) -> usize {
        let behind = self.lexed.behind(open);
        if self.conditional_arms(name, (open + 1, behind - 1), false, place) {
            return behind;
        }
        let (mode, known) = match name {
            "matches" | "assert_matches" | "debug_assert_matches" => (Mode::Matches, true),
            _ if state.mode == Mode::Type => (Mode::Type, false),
            _ if EXPRESSION_MACROS.binary_search(&name).is_ok() => (Mode::Values, true),
            _ if self.lexed.is_open(open, b'{') => (Mode::Block, false),
            _ => (Mode::Values, false),
        };
        let place = Place {
            in_macro: place.in_macro || !known,
            ..place
        };
        let bound = self.bound.len();
        self.scan(open + 1, behind - 1, mode, place);
        // An unknown macro may bind what it is given.
        if known {
            self.bound.truncate(bound);
        }
        behind
    }
}

#[cfg(test)]
mod tests {
    use super::EXPRESSION_MACROS;

    #[test]
    fn macros_are_sorted_for_the_search() {
        assert!(EXPRESSION_MACROS.is_sorted());
    }
}
