//! The notation of protocols.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Which events may come in which order; see [the notation](super::Protocol#the-notation).
#[derive(Clone, Debug)]
pub struct Pattern(Result<Node, String>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Event(String),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    /// Any number of times, none included.
    Many(Box<Node>),
    Optional(Box<Node>),
}

impl Pattern {
    pub(super) fn node(&self) -> Result<&Node, &str> {
        self.0.as_ref().map_err(String::as_str)
    }
}

impl From<&str> for Pattern {
    fn from(notation: &str) -> Self {
        Self(parse(notation))
    }
}

impl From<String> for Pattern {
    fn from(notation: String) -> Self {
        Self::from(notation.as_str())
    }
}

/// One after another. Each part is an event's name, or a [notation](super::Protocol#the-notation).
///
/// ```
/// use ssot_harness::events::{Protocol, either, seq};
///
/// let orders = Protocol::new("orders").keyed("order_id", seq(["placed", "paid", either("shipped", "refunded")]));
/// # orders.check([serde_json::json!({ "type": "placed", "order_id": 1 })]).unwrap_err();
/// ```
pub fn seq<P: AsRef<str>>(parts: impl IntoIterator<Item = P>) -> Pattern {
    let parts = parts.into_iter().map(|part| parse(part.as_ref()));
    Pattern(parts.collect::<Result<_, _>>().map(Node::Sequence))
}

/// One of two. Each is an event's name, or a [notation](super::Protocol#the-notation); so is the result.
///
/// The text is kept for the rest of the process, once for each that is different, so that it stands among literals in [`seq`].
pub fn either(one: &str, other: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let notation = format!("({one} | {other})");
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(notation.as_str()) {
        return known;
    }
    let notation: &'static str = notation.leak();
    kept.insert(notation);
    notation
}

fn parse(notation: &str) -> Result<Node, String> {
    let mut parser = Parser {
        notation,
        rest: notation,
    };
    let node = parser.choice()?;
    if parser.rest.trim_start().is_empty() {
        Ok(node)
    } else {
        Err(parser.says("ends before its text does"))
    }
}

struct Parser<'n> {
    notation: &'n str,
    rest: &'n str,
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Node, String> {
        let mut ways = vec![self.sequence()?];
        while self.takes('|') {
            ways.push(self.sequence()?);
        }
        Ok(one_or(ways, Node::Choice))
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut parts = Vec::new();
        while let Some(part) = self.repeated()? {
            parts.push(part);
        }
        if parts.is_empty() {
            return Err(self.says("names no event where one has to be"));
        }
        Ok(one_or(parts, Node::Sequence))
    }

    fn repeated(&mut self) -> Result<Option<Node>, String> {
        let Some(node) = self.one()? else {
            return Ok(None);
        };
        Ok(Some(if self.takes('*') {
            Node::Many(Box::new(node))
        } else if self.takes('+') {
            Node::Sequence(vec![node.clone(), Node::Many(Box::new(node))])
        } else if self.takes('?') {
            Node::Optional(Box::new(node))
        } else {
            node
        }))
    }

    fn one(&mut self) -> Result<Option<Node>, String> {
        if self.takes('(') {
            let node = self.choice()?;
            return if self.takes(')') {
                Ok(Some(node))
            } else {
                Err(self.says("lacks a `)`"))
            };
        }
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
        let rest = self.rest.trim_start();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            return match rest.chars().next() {
                None | Some('|' | ')') => Ok(None),
                Some(_) => Err(self.says("has a character that is no part of an event's name")),
            };
        }
        let (name, rest) = rest.split_at(end);
        self.rest = rest;
        Ok(Some(Node::Event(name.to_owned())))
    }

    fn takes(&mut self, sign: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn says(&self, what: &str) -> String {
        let at = self.notation.len() - self.rest.trim_start().len();
        format!("the notation `{}` {what}, at byte {at}", self.notation)
    }
}

fn one_or(mut nodes: Vec<Node>, many: impl FnOnce(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 {
        nodes.remove(0)
    } else {
        many(nodes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str) -> Node {
        Node::Event(name.to_owned())
    }

    #[test]
    fn a_notation_is_read() {
        let node = parse("a (b c)* d? | e+").unwrap();
        let first = Node::Sequence(vec![
            event("a"),
            Node::Many(Box::new(Node::Sequence(vec![event("b"), event("c")]))),
            Node::Optional(Box::new(event("d"))),
        ]);
        let second = Node::Sequence(vec![event("e"), Node::Many(Box::new(event("e")))]);
        assert_eq!(node, Node::Choice(vec![first, second]));
        assert_eq!(parse("run.started:v1").unwrap(), event("run.started:v1"));
    }

    #[test]
    fn what_is_no_notation_is_told_with_the_place() {
        for (notation, said) in [
            ("", "names no event where one has to be, at byte 0"),
            ("a |", "names no event where one has to be, at byte 3"),
            ("(a b", "lacks a `)`, at byte 4"),
            ("a) b", "ends before its text does, at byte 1"),
            (
                "a ; b",
                "has a character that is no part of an event's name, at byte 2",
            ),
            (
                "a **",
                "has a character that is no part of an event's name, at byte 3",
            ),
        ] {
            assert_eq!(
                parse(notation).unwrap_err(),
                format!("the notation `{notation}` {said}")
            );
        }
    }

    #[test]
    fn either_is_kept_once() {
        let one = either("shipped", "refunded");
        assert_eq!(one, "(shipped | refunded)");
        assert!(std::ptr::eq(one, either("shipped", "refunded")));
        let Node::Sequence(parts) = seq(["paid", one]).node().unwrap().clone() else {
            panic!("no sequence")
        };
        assert_eq!(parts[1], Node::Choice(vec![event("shipped"), event("refunded")]));
    }
}
