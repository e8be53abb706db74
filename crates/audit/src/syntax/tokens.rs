//! Tokens of a source file, flat, with their partners: a fifth of the cost of a token tree.

use thiserror::Error;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ident,
    Lifetime,
    /// A string, of whatever prefix.
    Text,
    /// A number or a character.
    Literal,
    Punct(u8),
    Open(u8),
    Close(u8),
}

/// A token, by byte offsets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// For a delimiter, the index of the other one; else its own.
    pub(crate) partner: u32,
}

/// A doc comment, and the token before which it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doc {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) before: u32,
    pub(crate) inner: bool,
}

/// A lexed file.
#[derive(Debug)]
pub(crate) struct Lexed<'a> {
    pub(crate) source: &'a str,
    pub(crate) tokens: Vec<Token>,
    pub(crate) docs: Vec<Doc>,
}

/// Why a file has no tokens.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{what}")]
pub(crate) struct LexError {
    pub(crate) what: &'static str,
    pub(crate) at: u32,
}

impl Lexed<'_> {
    /// The text of a token; `r#` left out.
    pub(crate) fn text(&self, index: usize) -> &str {
        let token = self.tokens[index];
        let text = &self.source[token.start as usize..token.end as usize];
        if token.kind == Kind::Ident {
            text.strip_prefix("r#").unwrap_or(text)
        } else {
            text
        }
    }

    pub(crate) fn is_punct(&self, index: usize, punct: u8) -> bool {
        self.tokens
            .get(index)
            .is_some_and(|token| token.kind == Kind::Punct(punct))
    }

    pub(crate) fn is_open(&self, index: usize, open: u8) -> bool {
        self.tokens
            .get(index)
            .is_some_and(|token| token.kind == Kind::Open(open))
    }

    pub(crate) fn is_ident(&self, index: usize) -> bool {
        self.tokens
            .get(index)
            .is_some_and(|token| token.kind == Kind::Ident)
    }

    pub(crate) fn is_word(&self, index: usize, word: &str) -> bool {
        self.is_ident(index) && {
            let token = self.tokens[index];
            &self.source[token.start as usize..token.end as usize] == word
        }
    }

    /// Whether `::` begins at this token.
    pub(crate) fn is_path_sep(&self, index: usize) -> bool {
        self.is_punct(index, b':') && self.is_punct(index + 1, b':') && self.joined(index)
    }

    /// Whether no blank stands between this token and the next.
    pub(crate) fn joined(&self, index: usize) -> bool {
        self.tokens
            .get(index + 1)
            .is_some_and(|next| next.start == self.tokens[index].end)
    }

    /// The index behind a delimiter's partner.
    pub(crate) fn behind(&self, open: usize) -> usize {
        self.tokens[open].partner as usize + 1
    }
}
