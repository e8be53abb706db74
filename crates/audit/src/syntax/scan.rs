//! References in tokens: paths, what they are used as, and texts.

use super::builder::{Builder, Place, written};
use super::index::{Lead, Use};
use super::lexer::Kind;
use super::raw_items::{RawItem, RawKind, behind_attributes, raw_item};
use super::shape::is_keyword;

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

/// What is known within one pair of delimiters.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct State {
    mode: Mode,
    pattern: bool,
    /// Behind the colon of a pattern: a type.
    typed: bool,
    /// Between `if`, `while`, `match` or `in` and the block that follows: no struct literal stands here.
    condition: bool,
    is_match: bool,
    /// The arm's value began with a block or with a keyword that ends with one.
    arm_ends_with_block: bool,
    /// Names that a `let` binds once it ends.
    deferred: Vec<crate::name::Name>,
    /// How many names were bound before the `let`.
    before_let: Option<usize>,
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
        while at < to {
            if let Some(item) = items.next_if(|item| item.start == at) {
                at = item.end;
                continue;
            }
            at = self.token(at, from, to, &mut state, place);
        }
        self.bound.append(&mut state.deferred);
    }

    /// The items among the statements `from..to`.
    fn nested_items(&self, from: usize, to: usize) -> Vec<RawItem> {
        let mut items = Vec::new();
        let mut at = from;
        let mut begins = true;
        while at < to {
            if begins && let Some(item) = self.nested_item(at, to) {
                at = item.end;
                items.push(item);
                continue;
            }
            match self.lexed.tokens[at].kind {
                Kind::Open(open) => {
                    begins = open == b'{';
                    at = self.lexed.behind(at);
                }
                Kind::Punct(b'#') if self.lexed.is_open(at + 1, b'[') => at = self.lexed.behind(at + 1),
                kind => {
                    begins = kind == Kind::Punct(b';');
                    at += 1;
                }
            }
        }
        items
    }

    fn nested_item(&self, at: usize, to: usize) -> Option<RawItem> {
        let lexed = self.lexed;
        let first = behind_attributes(lexed, at);
        if first >= to || !lexed.is_ident(first) {
            return None;
        }
        let next_is_name = lexed.is_ident(first + 1);
        let begins = match lexed.text(first) {
            "use" => next_is_name || lexed.is_path_sep(first + 1) || lexed.is_open(first + 1, b'{'),
            "fn" | "struct" | "enum" | "trait" | "mod" | "type" | "union" => next_is_name,
            "impl" | "extern" => true,
            "const" => {
                next_is_name
                    && !["async", "move"]
                        .iter()
                        .any(|word| lexed.is_word(first + 1, word))
            }
            "static" | "unsafe" | "async" => next_is_name && !lexed.is_word(first + 1, "move"),
            "macro_rules" => lexed.is_punct(first + 1, b'!'),
            _ => false,
        };
        raw_item(lexed, at, to).filter(|item| begins && item.kind != RawKind::MacroCall)
    }

    fn token(&mut self, at: usize, from: usize, to: usize, state: &mut State, place: Place) -> usize {
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

    fn behind_block(&mut self, next: usize, state: &mut State) {
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

    fn punct(
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
    fn operand_expected(&self, at: usize, from: usize) -> bool {
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
    fn closure(&mut self, at: usize, to: usize, place: Place) -> usize {
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

    /// `<T>::f` or `<T as Trait>::f`
    fn qualified(&mut self, at: usize, to: usize, state: &mut State, place: Place) -> usize {
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
            (Vec::new(), false, at + 1)
        };
        self.scan(behind, type_end, Mode::Type, place);
        let begins_type = behind == type_end || lexed.is_punct(behind, b'<');
        let (more, _, end) = self.names(close + 3, to, place);
        if names.is_empty() || !begins_type || names[0].as_str() == "_" || is_keyword(names[0].as_str()) {
            return end;
        }
        names.extend(more);
        self.path_ends(names, global, at + 1, end, state, place)
    }

    /// The names of a path that begins here, whether `::` precedes it, and the index behind.
    fn names(&mut self, mut at: usize, to: usize, place: Place) -> (Vec<crate::name::Name>, bool, usize) {
        let lexed = self.lexed;
        let mut names = Vec::new();
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

    fn word(&mut self, at: usize, from: usize, to: usize, state: &mut State, place: Place) -> usize {
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
        self.path_ends(names, global, at, end, state, place)
    }

    fn keyword(&mut self, at: usize, state: &mut State) -> usize {
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
    pub(super) fn bind(&mut self, name: crate::name::Name) {
        if name
            .as_str()
            .starts_with(|first: char| first.is_lowercase() || first == '_')
        {
            self.bound.push(name);
        }
    }

    /// Keeps the path that was read from `at` to `end`, and reads what belongs to it.
    fn path_ends(
        &mut self,
        names: Vec<crate::name::Name>,
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
        let Some(path) = written(&names, global) else {
            return end.max(at + 1);
        };
        let is_macro = lexed.is_punct(end, b'!')
            && lexed
                .tokens
                .get(end + 1)
                .is_some_and(|token| matches!(token.kind, Kind::Open(_)));
        let generic = self.is_generic(&path);
        let offset = self.offset(at);
        if is_macro {
            self.refer(path, offset, Use::MacroName, place);
            return self.macro_call(last.as_str(), end + 1, state, place);
        }
        let local = path.lead == Lead::Name
            && path.names.len() == 1
            && last
                .as_str()
                .starts_with(|first: char| first.is_lowercase() || first == '_');
        let returns = at >= 2 && lexed.is_punct(at - 1, b'>') && lexed.is_punct(at - 2, b'-');
        let braces = lexed.is_open(end, b'{')
            && !state.condition
            && !returns
            && state.mode != Mode::Type
            && !(local && path.lead == Lead::Name);
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
            let mode = if state.pattern {
                Mode::Pattern
            } else {
                Mode::Values
            };
            self.scan(end + 1, behind - 1, mode, place);
            return behind;
        }
        end
    }

    /// Reads the tokens of a macro call.
    fn macro_call(&mut self, name: &str, open: usize, state: &State, place: Place) -> usize {
        let behind = self.lexed.behind(open);
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
        self.scan(open + 1, behind - 1, mode, place);
        behind
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

#[cfg(test)]
mod tests {
    use super::EXPRESSION_MACROS;

    #[test]
    fn macros_are_sorted_for_the_search() {
        assert!(EXPRESSION_MACROS.is_sorted());
    }
}
