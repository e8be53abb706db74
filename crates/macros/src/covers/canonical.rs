use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::hash::Fnv;

/// A hash of tokens that comments, documentation and layout do not change, whoever lays them out: what rustfmt adds, removes
/// or puts in another order counts for nothing.
pub(super) fn canonical(scope: &str, tokens: TokenStream) -> u64 {
    let mut hash = Fnv::new();
    hash.token(b's', scope);
    Canonical(&mut hash).stream(tokens, false);
    hash.finish()
}

struct Canonical<'h>(&'h mut Fnv);

impl Canonical<'_> {
    fn stream(&mut self, tokens: TokenStream, in_braces: bool) {
        let tokens = statements(tokens.into_iter().collect());
        let has_arms = in_braces
            && tokens
                .windows(2)
                .any(|pair| is(&pair[0], '=') && is(&pair[1], '>'));
        let mut index = 0;
        while index < tokens.len() {
            index += self.token(&tokens, index, has_arms);
        }
    }

    /// Hashes what begins at a token; gives how many tokens that took.
    fn token(&mut self, tokens: &[TokenTree], index: usize, has_arms: bool) -> usize {
        let before = index.checked_sub(1).map(|before| &tokens[before]);
        let next = tokens.get(index + 1);
        match &tokens[index] {
            TokenTree::Punct(punct) => match punct.as_char() {
                '#' => {
                    let bang = usize::from(next.is_some_and(|next| is(next, '!')));
                    return match tokens.get(index + 1 + bang) {
                        Some(TokenTree::Group(group)) if begins_with(group, "doc") => 2 + bang,
                        Some(TokenTree::Group(group)) if begins_with(group, "derive") => {
                            self.derives(&tokens[index..])
                        }
                        _ => {
                            self.0.token(b'p', "#");
                            1
                        }
                    };
                }
                ',' if has_arms || is_layout(before, next) => {}
                '|' if has_arms && begins_arm(before) => {}
                ';' if before.is_some_and(|before| is(before, ';')) => {}
                ';' if next.is_none() && ends_jump(&tokens[..index]) => {}
                other => self.0.token(b'p', other.encode_utf8(&mut [0; 4])),
            },
            TokenTree::Ident(ident) => self.0.token(b'i', &ident.to_string()),
            TokenTree::Literal(literal) => self.0.token(b'l', &literal.to_string()),
            TokenTree::Group(group) => self.group(group),
        }
        1
    }

    fn group(&mut self, group: &Group) {
        let stream = group.stream();
        let (open, close) = match group.delimiter() {
            Delimiter::None => return self.stream(stream, false),
            Delimiter::Parenthesis if is_one_group(&stream, Delimiter::Parenthesis) => {
                return self.stream(stream, false);
            }
            // The braces of a match arm or of a closure around one expression come and go with the length of the line.
            Delimiter::Brace if is_expression(&stream) => return self.stream(stream, false),
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
        };
        self.0.token(b'g', open);
        self.stream(stream, group.delimiter() == Delimiter::Brace);
        self.0.token(b'g', close);
    }

    /// One derive or several, which is the same.
    fn derives(&mut self, tokens: &[TokenTree]) -> usize {
        let mut taken = 0;
        self.0.token(b'd', "derive");
        while let [hash, TokenTree::Group(group), ..] = &tokens[taken..]
            && is(hash, '#')
            && begins_with(group, "derive")
        {
            let list = group.stream().into_iter().nth(1);
            if let Some(TokenTree::Group(list)) = list {
                for token in list.stream().into_iter().filter(|token| !is(token, ',')) {
                    self.0.token(b'i', &token.to_string());
                }
            }
            taken += 2;
        }
        self.0.token(b'd', "");
        taken.max(1)
    }
}

/// The tokens with neighbouring `use` statements in the order of what they name: rustfmt sorts them.
fn statements(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let mut sorted = Vec::with_capacity(tokens.len());
    let mut uses: Vec<(String, Vec<TokenTree>)> = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let begins = sorted.last().is_none_or(|last| is(last, ';') || is_braces(last));
        if (begins || !uses.is_empty()) && matches!(&token, TokenTree::Ident(ident) if ident == "use") {
            let mut statement = vec![token];
            for token in rest.by_ref() {
                let ends = is(&token, ';');
                statement.push(token);
                if ends {
                    break;
                }
            }
            for leaf in super::uses::leaves_of_tokens(&statement) {
                let tokens = leaf
                    .parse::<TokenStream>()
                    .map(|tokens| tokens.into_iter().collect());
                uses.push((leaf, tokens.unwrap_or_default()));
            }
            continue;
        }
        flush(&mut uses, &mut sorted);
        sorted.push(token);
    }
    flush(&mut uses, &mut sorted);
    sorted
}

fn flush(uses: &mut Vec<(String, Vec<TokenTree>)>, sorted: &mut Vec<TokenTree>) {
    uses.sort_by(|a, b| a.0.cmp(&b.0));
    sorted.extend(uses.drain(..).flat_map(|(_, tokens)| tokens));
}

/// Whether a comma stands there for layout's sake: after the last of several, or beside braces.
fn is_layout(before: Option<&TokenTree>, next: Option<&TokenTree>) -> bool {
    before.is_some_and(is_braces) || next.is_none_or(|next| is(next, '>') || is(next, '|') || is_braces(next))
}

/// Whether an arm begins after this.
fn begins_arm(before: Option<&TokenTree>) -> bool {
    before.is_none_or(|before| is(before, ',') || is_braces(before))
}

/// Whether the last statement of these jumps: rustfmt ends such a one with a semicolon.
fn ends_jump(tokens: &[TokenTree]) -> bool {
    let statement = tokens.iter().rposition(|token| is(token, ';'));
    let statement = &tokens[statement.map_or(0, |end| end + 1)..];
    let jumps = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ["return", "break", "continue"].iter().any(|word| ident == word));
    statement.iter().enumerate().any(|(index, token)| {
        jumps(token)
            && index
                .checked_sub(1)
                .is_none_or(|before| is_braces(&statement[before]))
    })
}

/// Whether braces hold one expression: nothing in them parts it, or makes fields or arms of it.
fn is_expression(stream: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let parts = |index: usize, token: &TokenTree| match token {
        TokenTree::Punct(punct) => match punct.as_char() {
            ',' => true,
            ';' => index + 1 < tokens.len() || !ends_jump(&tokens[..index]),
            '>' => index > 0 && is(&tokens[index - 1], '='),
            ':' => {
                let beside = |other: Option<usize>| {
                    other
                        .and_then(|other| tokens.get(other))
                        .is_some_and(|other| is(other, ':'))
                };
                !beside(index.checked_sub(1)) && !beside(Some(index + 1))
            }
            _ => false,
        },
        _ => false,
    };
    !tokens.is_empty()
        && !tokens
            .iter()
            .enumerate()
            .any(|(index, token)| parts(index, token))
}

fn is_one_group(stream: &TokenStream, delimiter: Delimiter) -> bool {
    let mut tokens = stream.clone().into_iter();
    matches!(
        (tokens.next(), tokens.next()),
        (Some(TokenTree::Group(group)), None) if group.delimiter() == delimiter
    )
}

fn begins_with(group: &Group, name: &str) -> bool {
    group.delimiter() == Delimiter::Bracket
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    fn of(text: &str) -> u64 {
        canonical("", text.parse().unwrap())
    }

    #[test]
    fn what_rustfmt_does_counts_for_nothing() {
        for (one, other) in [
            ("match a { 1 => b, _ => { c } }", "match a { 1 => { b } _ => c, }"),
            (
                "match a { | 1 | 2 => b, 3 => c }",
                "match a { 1 | 2 => b, 3 => c, }",
            ),
            ("x.map(|y| { y + 1 })", "x.map(|y| y + 1)"),
            (
                "fn f() { if a { return } b() }",
                "fn f() { if a { return; } b() }",
            ),
            (
                "fn f() { let a = 1; return a }",
                "fn f() { let a = 1; return a; }",
            ),
            (
                "fn f<A, B,>(a: A,) where A: C, { g(a,); }",
                "fn f<A, B>(a: A) where A: C { g(a); }",
            ),
            ("#[derive(A)] #[derive(B)] struct S;", "#[derive(A, B)] struct S;"),
            ("f(((a)))", "f((a))"),
            (
                "fn f() { use b::{d, c}; use a; g() }",
                "fn f() { use a; use b::{c, d}; g() }",
            ),
            ("/// Said.\nfn f() { /* no */ g();; }", "fn f() { g(); }"),
        ] {
            assert_eq!(of(one), of(other), "{one} and {other}");
        }
    }

    #[test]
    fn what_the_code_says_counts() {
        for (one, other) in [
            ("f(a, -b)", "f(a - b)"),
            ("[a, *b]", "[a * b]"),
            ("match a { 1 => b, _ => c }", "match a { 1 => c, _ => b }"),
            ("fn f() { g(); }", "fn f() {}"),
            ("fn f() { g() }", "fn f() { g(); }"),
            ("fn f() { return }", "fn f() {}"),
            ("use a::b;", "use c::b;"),
            ("#[derive(A)] struct S;", "#[derive(B)] struct S;"),
            ("if a { b }", "if a { c }"),
            ("\"a\"", "\"b\""),
        ] {
            assert_ne!(of(one), of(other), "{one} and {other}");
        }
    }
}
