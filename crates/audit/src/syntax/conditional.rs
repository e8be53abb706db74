//! Code that a predicate of `cfg` decides on where no item has the attribute: arms of `cfg_if!` and `cfg_select!`, statements.

use super::attributes::holds_in_tests_only;
use super::builder::{Builder, Place};
use super::scan::Mode;
use super::tokens::Kind;

/// What stands in one arm.
struct Arm {
    from: usize,
    to: usize,
    /// Compiled for tests only.
    test: bool,
}

impl Builder<'_> {
    /// Reads every arm of a call of this macro, with what its predicate says; false for a macro without such arms.
    pub(super) fn conditional_arms(
        &mut self,
        name: &str,
        inside: (usize, usize),
        among_items: bool,
        place: Place,
    ) -> bool {
        let arms = match name {
            "cfg_if" => self.arms_of_cfg_if(inside),
            "cfg_select" => self.arms_of_cfg_select(inside),
            _ => return false,
        };
        for arm in arms {
            let place = Place {
                test: place.test || arm.test,
                conditional: true,
                ..place
            };
            if !(among_items && self.macro_items((arm.from, arm.to), place)) {
                self.scan(arm.from, arm.to, Mode::Block, place);
            }
        }
        true
    }

    /// `if #[cfg(a)] { .. } else if #[cfg(b)] { .. } else { .. }`
    fn arms_of_cfg_if(&self, (mut at, to): (usize, usize)) -> Vec<Arm> {
        let mut arms = Vec::new();
        let mut before = Vec::new();
        let mut own = None;
        while at < to {
            if let Some((predicate, behind)) = self.cfg_attribute(at) {
                own = Some(predicate);
                at = behind;
            } else if self.is_brace(at) {
                let behind = self.lexed.behind(at);
                arms.push(Arm {
                    from: at + 1,
                    to: behind - 1,
                    test: is_for_tests(&before, own),
                });
                before.extend(own.take());
                at = behind;
            } else {
                at += 1;
            }
        }
        arms
    }

    /// `a => { .. } b => value, _ => { .. }`
    fn arms_of_cfg_select(&self, (mut at, to): (usize, usize)) -> Vec<Arm> {
        let mut arms = Vec::new();
        let mut before = Vec::new();
        while at < to {
            let begin = at;
            while at < to && !(self.lexed.is_punct(at, b'=') && self.lexed.is_punct(at + 1, b'>')) {
                at += 1;
            }
            let own = (begin < at && !self.lexed.is_word(begin, "_")).then(|| self.text_between(begin, at));
            at += 2;
            let test = is_for_tests(&before, own);
            before.extend(own);
            if self.is_brace(at) {
                let behind = self.lexed.behind(at);
                arms.push(Arm {
                    from: at + 1,
                    to: behind - 1,
                    test,
                });
                at = behind;
            } else {
                let from = at.min(to);
                while at < to && !self.lexed.is_punct(at, b',') {
                    at = self.next(at);
                }
                arms.push(Arm {
                    from,
                    to: at.min(to),
                    test,
                });
            }
            at += usize::from(self.lexed.is_punct(at, b','));
        }
        arms
    }

    /// Where the statement, the arm or the field ends whose attribute begins here and says that it is for tests only.
    pub(super) fn end_of_test_code(&self, at: usize, to: usize, mode: Mode) -> Option<usize> {
        let (predicate, mut end) = self.cfg_attribute(at)?;
        if !holds_in_tests_only(predicate) {
            return None;
        }
        let lexed = self.lexed;
        while lexed.is_punct(end, b'#') && lexed.is_open(end + 1, b'[') {
            end = lexed.behind(end + 1);
        }
        // The braces of an arm's pattern do not end it.
        let mut value = mode != Mode::Arms;
        while end < to {
            if lexed.is_punct(end, b';') || mode != Mode::Block && lexed.is_punct(end, b',') {
                return Some(end + 1);
            }
            value |= lexed.is_punct(end, b'=') && lexed.is_punct(end + 1, b'>');
            let block = value && self.is_brace(end);
            end = self.next(end);
            if block && !self.goes_on(end) {
                return Some(end);
            }
        }
        Some(to)
    }

    /// Whether what a block begins goes on behind it.
    fn goes_on(&self, behind: usize) -> bool {
        match self.lexed.tokens.get(behind).map(|token| token.kind) {
            Some(Kind::Punct(b'#' | b'*' | b'&' | b'!' | b'-' | b'<' | b'|')) => false,
            Some(Kind::Punct(_) | Kind::Open(b'(')) => true,
            _ => self.lexed.is_word(behind, "else"),
        }
    }

    /// The predicate of `#[cfg(..)]`, and the index behind.
    fn cfg_attribute(&self, at: usize) -> Option<(&str, usize)> {
        let lexed = self.lexed;
        let cfg = lexed.is_punct(at, b'#')
            && lexed.is_open(at + 1, b'[')
            && lexed.is_word(at + 2, "cfg")
            && lexed.is_open(at + 3, b'(');
        cfg.then(|| {
            let close = lexed.behind(at + 3) - 1;
            (self.text_between(at + 4, close), lexed.behind(at + 1))
        })
    }

    /// The text of the tokens `from..to`.
    fn text_between(&self, from: usize, to: usize) -> &str {
        if from >= to {
            return "";
        }
        let tokens = &self.lexed.tokens;
        &self.lexed.source[tokens[from].start as usize..tokens[to - 1].end as usize]
    }

    /// The index behind a token, or behind the group that it opens.
    fn next(&self, at: usize) -> usize {
        match self.lexed.tokens[at].kind {
            Kind::Open(_) => self.lexed.behind(at),
            _ => at + 1,
        }
    }
}

/// Whether an arm with this predicate is compiled for tests only, where none of those before it holds.
fn is_for_tests(before: &[&str], own: Option<&str>) -> bool {
    let before = before.join(", ");
    holds_in_tests_only(&format!("all(not(any({before})), {})", own.unwrap_or("all()")))
}

#[cfg(test)]
mod tests {
    use crate::syntax::index;
    use crate::syntax::index::Use;

    /// The functions of a text, each with a `+` where it is for tests only.
    fn functions(text: &str) -> Vec<String> {
        let index = index(text).expect("it is Rust");
        index
            .items
            .iter()
            .map(|item| format!("{}{}", item.name, if item.flags.test { "+" } else { "" }))
            .collect()
    }

    /// The paths of a text that are called, each with a `+` where the call is for tests only.
    fn calls(text: &str) -> Vec<String> {
        let index = index(text).expect("it is Rust");
        index
            .references
            .iter()
            .filter(|reference| reference.used == Use::Call)
            .map(|reference| {
                let path = &index.paths[reference.path as usize];
                let name = path.names.last().expect("a call has a name");
                format!("{name}{}", if reference.test { "+" } else { "" })
            })
            .collect()
    }

    #[test]
    fn an_arm_has_its_own_predicate_and_none_of_those_before_it() {
        let arms = "if #[cfg(test)] { fn a() {} } else if #[cfg(unix)] { fn b() {} } else { fn c() {} }";
        assert_eq!(functions(&format!("cfg_if! {{ {arms} }}")), ["a+", "b", "c"]);
        let arms = "if #[cfg(not(test))] { fn a() {} } else if #[cfg(unix)] { fn b() {} } else { fn c() {} }";
        assert_eq!(
            functions(&format!("cfg_if::cfg_if! {{ {arms} }}")),
            ["a", "b+", "c+"]
        );
        let arms = "if #[cfg(unix)] { fn a() {} } else if #[cfg(all(windows, feature = \"test-util\"))] { fn b() {} }";
        assert_eq!(functions(&format!("cfg_if! {{ {arms} }}")), ["a", "b+"]);
    }

    #[test]
    fn arms_of_a_selection_are_read_likewise() {
        let arms = "test => { fn a() {} } all(unix, not(miri)) => { fn b() {} } _ => { fn c() {} }";
        assert_eq!(functions(&format!("cfg_select! {{ {arms} }}")), ["a+", "b", "c"]);
        let arms = "not(test) => { fn a() {} } _ => { fn c() {} }";
        assert_eq!(functions(&format!("std::cfg_select! {{ {arms} }}")), ["a", "c+"]);
        let arms = "test => a(), unix => b(1, 2), _ => { c() }";
        assert_eq!(
            calls(&format!("fn f() {{ cfg_select! {{ {arms} }} }}")),
            ["a+", "b", "c"]
        );
    }

    #[test]
    fn arms_among_statements_are_read_likewise() {
        let arms = "if #[cfg(test)] { a(); } else { b(); }";
        assert_eq!(
            calls(&format!("fn f() {{ cfg_if! {{ {arms} }} c(); }}")),
            ["a+", "b", "c"]
        );
    }

    #[test]
    fn what_a_cfg_of_a_statement_governs_ends_with_it() {
        for (body, expected) in [
            ("#[cfg(test)] a(); b();", ["a+", "b"]),
            ("#[cfg(test)] { a(); } b();", ["a+", "b"]),
            ("#[cfg(test)] if x { a(); } b();", ["a+", "b"]),
            ("#[cfg(test)] if x { } else { a(); } b();", ["a+", "b"]),
            ("#[cfg(test)] #[inline] let y = (a(), 1); b();", ["a+", "b"]),
            ("#[cfg(test)] let y = S { x: a() }; b();", ["a+", "b"]),
            ("#[cfg(test)] match x { _ => a() }.await; b();", ["a+", "b"]),
            ("match x { #[cfg(test)] 1 => a(), _ => b() }", ["a+", "b"]),
            ("match x { #[cfg(test)] 1 => { a() } _ => b() }", ["a+", "b"]),
            (
                "match x { #[cfg(test)] S { x } if x => { a() } _ => b() }",
                ["a+", "b"],
            ),
            ("#[cfg(test)] let y: M<u8, u8> = a(); b();", ["a+", "b"]),
            ("#[cfg(unix)] a(); b();", ["a", "b"]),
            ("#[cfg(test)] { a(); } *b() = 1;", ["a+", "b"]),
        ] {
            assert_eq!(calls(&format!("fn f(x: u8) {{ {body} }}")), expected, "{body}");
        }
    }
}
