use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Sixty-four bits of what a test says: the same for ever, and whatever its comments, documentation and layout.
///
/// It follows the tokens. What rustfmt adds for layout's sake alone, a comma after the last of several, does not count;
/// nor does how near punctuation stands to punctuation.
pub(crate) fn hash(tokens: TokenStream) -> u64 {
    let mut hash = Fnv::new();
    hash.tokens(tokens);
    hash.0
}

/// FNV-1a, for it is the same everywhere and resists accidents, which is all that is asked (Fowler, Noll and Vo, *The
/// FNV Non-Cryptographic Hash Algorithm*, IETF draft, 2012).
pub(crate) struct Fnv(u64);

impl Fnv {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    pub(crate) fn finish(self) -> u64 {
        self.0
    }

    /// A token's kind and text, closed by a byte that occurs in no text.
    pub(crate) fn token(&mut self, kind: u8, text: &str) {
        self.byte(kind);
        text.bytes().for_each(|byte| self.byte(byte));
        self.byte(0xff);
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    // `#![doc = "…"]` documents what it stands in.
                    let bang = tokens.next_if(|next| is_punct(next, '!')).is_some();
                    if tokens.next_if(is_documentation).is_none() {
                        self.token(b'p', "#");
                        if bang {
                            self.token(b'p', "!");
                        }
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == ',' && tokens.peek().is_none() => {}
                TokenTree::Punct(punct) => self.token(b'p', punct.as_char().encode_utf8(&mut [0; 4])),
                TokenTree::Ident(ident) => self.token(b'i', &ident.to_string()),
                TokenTree::Literal(literal) => self.token(b'l', &literal.to_string()),
                TokenTree::Group(group) => match group.delimiter() {
                    Delimiter::Parenthesis => self.group("(", group.stream(), ")"),
                    Delimiter::Brace => self.group("{", group.stream(), "}"),
                    Delimiter::Bracket => self.group("[", group.stream(), "]"),
                    // Nobody wrote it: it comes of a `macro_rules!`.
                    Delimiter::None => self.tokens(group.stream()),
                },
            }
        }
    }

    fn group(&mut self, open: &str, tokens: TokenStream, close: &str) {
        self.token(b'g', open);
        self.tokens(tokens);
        self.token(b'g', close);
    }
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// Whether this is the `[doc …]` of an attribute.
fn is_documentation(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(ident)) if ident == "doc")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::hash;

    const TEST: &str = r#"
        #[ignore = "slow"]
        async fn greets(shop: &mut Shop, case: &Case) -> CaseResult {
            let [ada, ben] = case.users();
            assert!(shop.greet(&ada).await? != -1, "a 'quoted' reason");
            Ok(())
        }
    "#;

    fn of(text: &str) -> u64 {
        hash(text.parse().unwrap())
    }

    #[test]
    fn a_test_hashes_to_the_same_for_ever() {
        assert_eq!(of(TEST), 13_150_292_010_031_807_341);
        // `tests/case/told.rs` has the compiler hash the same.
        let sums = "pub(in crate::told) fn sums() { assert_eq!(1 + 1, 2); }";
        assert_eq!(of(sums), 7_606_210_620_842_973_007);
    }

    #[test]
    fn comments_documentation_and_layout_do_not_count() {
        let other = r#"
            /// Says hello.
            #[doc = "And more."]
            #[ignore = "slow"]
            async fn greets(
                shop: &mut Shop, // the fixture
                case: &Case,
            ) -> CaseResult {
                #![doc = "Also this."]
                let [ada, ben,] = case . users();
                assert!(shop.greet(& ada).await? !=-1, "a 'quoted' reason",);
                /* and */ Ok(())
            }
        "#;
        assert_eq!(of(other), of(TEST));
    }

    #[test]
    fn what_a_test_says_counts() {
        let changes = [
            ("ada, ben", "ben, ada"),
            ("\"a 'quoted' reason\"", "\"a quoted reason\""),
            ("-1", "1"),
            ("Ok(())", "Ok({})"),
            ("Ok(())", "Ok::<_, CaseError>(())"),
            ("slow", "slower"),
            ("#[ignore = \"slow\"]", ""),
            ("async fn", "fn"),
            ("-> CaseResult", ""),
            ("greets", "gree ts"),
        ];
        for (from, to) in changes {
            assert!(TEST.contains(from), "{from}");
            assert_ne!(of(&TEST.replace(from, to)), of(TEST), "{from} -> {to}");
        }
    }

    #[test]
    fn where_tokens_end_counts() {
        // `i` is what an identifier begins with in the hash.
        assert_ne!(of("aib"), of("a b"));
        assert_ne!(of("(a) b"), of("(a b)"));
        assert_ne!(of("'a'"), of("'a"));
        assert_ne!(of("\"a\""), of("a"));
    }
}
