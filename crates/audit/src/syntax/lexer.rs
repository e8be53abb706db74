//! A file's text to its tokens.

use super::tokens::{Doc, Kind, LexError, Lexed, Token};

/// The tokens of a text.
///
/// # Errors
///
/// Where a literal or a comment has no end, or delimiters do not match.
pub(crate) fn lex(source: &str) -> Result<Lexed<'_>, LexError> {
    if u32::try_from(source.len()).is_err() {
        let what = "the file is larger than 4 GiB";
        return Err(LexError { what, at: 0 });
    }
    let mut lexer = Lexer {
        bytes: source.as_bytes(),
        source,
        at: 0,
        tokens: Vec::with_capacity(source.len() / 5),
        docs: Vec::new(),
        open: Vec::new(),
    };
    lexer.run()?;
    Ok(Lexed {
        source,
        tokens: lexer.tokens,
        docs: lexer.docs,
    })
}

struct Lexer<'a> {
    bytes: &'a [u8],
    source: &'a str,
    at: usize,
    tokens: Vec<Token>,
    docs: Vec<Doc>,
    open: Vec<usize>,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), LexError> {
        self.shebang();
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'/' if self.peek(1) == Some(b'/') => self.line_comment(),
                b'/' if self.peek(1) == Some(b'*') => self.block_comment()?,
                b'"' => self.quoted(self.at)?,
                b'\'' => self.quote()?,
                b'0'..=b'9' => self.number(),
                b'(' | b'[' | b'{' => self.opening(byte),
                b')' | b']' | b'}' => self.closing(byte)?,
                b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word()?,
                _ => {
                    self.at += 1;
                    self.push(Kind::Punct(byte), self.at - 1);
                }
            }
        }
        match self.open.pop() {
            Some(open) => Err(LexError {
                what: "this delimiter is never closed",
                at: self.tokens[open].start,
            }),
            None => Ok(()),
        }
    }

    fn shebang(&mut self) {
        let begin = self.source.strip_prefix('\u{feff}').unwrap_or(self.source);
        self.at = self.source.len() - begin.len();
        if begin.starts_with("#!") && !begin[2..].trim_start().starts_with('[') {
            self.at += begin.find('\n').unwrap_or(begin.len());
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`lex` refuses a text whose offsets do not fit"
    )]
    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token {
            kind,
            start: start as u32,
            end: self.at as u32,
            partner: self.tokens.len() as u32,
        });
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`lex` refuses a text whose offsets do not fit"
    )]
    fn error(what: &'static str, at: usize) -> LexError {
        LexError { what, at: at as u32 }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`lex` refuses a text whose offsets do not fit"
    )]
    fn doc(&mut self, start: usize, inner: bool) {
        self.docs.push(Doc {
            start: start as u32,
            end: self.at as u32,
            before: self.tokens.len() as u32,
            inner,
        });
    }

    fn opening(&mut self, byte: u8) {
        self.open.push(self.tokens.len());
        self.at += 1;
        self.push(Kind::Open(byte), self.at - 1);
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`lex` refuses a text whose offsets do not fit"
    )]
    fn closing(&mut self, byte: u8) -> Result<(), LexError> {
        let opened = match byte {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        let index = self.tokens.len();
        match self.open.pop() {
            Some(open) if self.tokens[open].kind == Kind::Open(opened) => {
                self.at += 1;
                self.push(Kind::Close(byte), self.at - 1);
                self.tokens[open].partner = index as u32;
                self.tokens[index].partner = open as u32;
                Ok(())
            }
            _ => Err(Self::error("this delimiter closes nothing", self.at)),
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        if rest.starts_with(b"//!") {
            self.doc(start, true);
        } else if rest.starts_with(b"///") && rest.get(3) != Some(&b'/') {
            self.doc(start, false);
        }
    }

    fn block_comment(&mut self) -> Result<(), LexError> {
        let start = self.at;
        let mut depth = 0_u32;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                (Some(_), _) => self.at += 1,
                (None, _) => return Err(Self::error("this comment has no end", start)),
            }
        }
        let text = &self.bytes[start..self.at];
        if text.starts_with(b"/*!") {
            self.doc(start, true);
        } else if text.starts_with(b"/**") && text.len() > 4 && text[3] != b'*' {
            self.doc(start, false);
        }
        Ok(())
    }

    /// A string whose quote stands at `self.at`; its prefix begins at `start`.
    fn quoted(&mut self, start: usize) -> Result<(), LexError> {
        let quote = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(b'\\') => self.at += 2,
                Some(b'"') => break,
                Some(_) => self.at += 1,
                None => return Err(Self::error("this text has no end", quote)),
            }
        }
        self.at += 1;
        self.suffix();
        self.push(Kind::Text, start);
        Ok(())
    }

    fn raw(&mut self, start: usize) -> Result<(), LexError> {
        let begin = self.at;
        while self.peek(0) == Some(b'#') {
            self.at += 1;
        }
        let hashes = self.at - begin;
        self.at += 1;
        let end: Vec<u8> = std::iter::once(b'"')
            .chain(std::iter::repeat_n(b'#', hashes))
            .collect();
        while self.at < self.bytes.len() {
            if self.bytes[self.at..].starts_with(&end) {
                self.at += end.len();
                self.suffix();
                self.push(Kind::Text, start);
                return Ok(());
            }
            self.at += 1;
        }
        Err(Self::error("this raw text has no end", start))
    }

    fn suffix(&mut self) {
        while self.peek(0).is_some_and(is_word_byte) {
            self.at += 1;
        }
    }

    /// A lifetime or a character.
    fn quote(&mut self) -> Result<(), LexError> {
        let start = self.at;
        let rest = &self.source[start + 1..];
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some(first), second) if second != Some('\'') && (first == '_' || first.is_alphabetic()) => {
                self.at += 1;
                if rest.starts_with("r#") {
                    self.at += 2;
                }
                self.suffix();
                self.push(Kind::Lifetime, start);
                Ok(())
            }
            _ => self.character(start),
        }
    }

    /// A character whose quote stands at `self.at`; its prefix begins at `start`.
    fn character(&mut self, start: usize) -> Result<(), LexError> {
        let quote = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(b'\\') => self.at += 2,
                Some(b'\'') => break,
                Some(b'\n') | None => return Err(Self::error("this character has no end", quote)),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        self.suffix();
        self.push(Kind::Literal, start);
        Ok(())
    }

    fn number(&mut self) {
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            let part = is_word_byte(byte)
                || (byte == b'.'
                    && self.peek(1).is_some_and(|next| next.is_ascii_digit())
                    // `tuple.0.1` is no number with a fraction, but is taken for one; nothing depends on it.
                    && !self.bytes[start..self.at].contains(&b'.'))
                || (matches!(byte, b'+' | b'-')
                    && matches!(self.bytes[self.at - 1], b'e' | b'E')
                    && !self.bytes[start..].starts_with(b"0x"));
            if !part {
                break;
            }
            self.at += 1;
        }
        self.push(Kind::Literal, start);
    }

    fn word(&mut self) -> Result<(), LexError> {
        let start = self.at;
        self.suffix();
        let word = &self.bytes[start..self.at];
        match (word, self.peek(0)) {
            (b"r" | b"br" | b"cr", Some(b'"')) => self.raw(start),
            (b"r" | b"br" | b"cr", Some(b'#')) => {
                let hashes = self.bytes[self.at..]
                    .iter()
                    .take_while(|byte| **byte == b'#')
                    .count();
                if self.peek(hashes) == Some(b'"') {
                    return self.raw(start);
                }
                if word == b"r" && self.peek(1).is_some_and(is_word_byte) {
                    self.at += 1;
                    self.suffix();
                }
                self.push(Kind::Ident, start);
                Ok(())
            }
            (b"b" | b"c", Some(b'"')) => self.quoted(start),
            (b"b", Some(b'\'')) => self.character(start),
            _ => {
                self.push(Kind::Ident, start);
                Ok(())
            }
        }
    }
}

/// Of a word of ASCII, or of any character beyond.
fn is_word_byte(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}
