//! The messages that the page on troubleshooting explains, against the texts in the code.

use crate::code::{sources, texts, variants};
use crate::page::Page;

fn page() -> Page {
    Page::read("book/src/troubleshooting.md")
}

/// The pieces of a message between what differs from case to case.
fn pieces(message: &str) -> impl Iterator<Item = &str> {
    message.split('…').map(str::trim).filter(|piece| piece.len() > 1)
}

/// The texts without what they fill in, with single spaces.
fn code() -> String {
    let folders = ["src", "crates/macros/src", "crates/cargo-ssot/src"];
    let texts = texts(&sources(&folders));
    texts
        .iter()
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_message_is_one_that_the_code_has() {
    let code = code();
    let rows = page().rows().into_iter().filter(|row| row.head == "message");
    let messages: Vec<_> = rows.flat_map(|row| row.codes).collect();
    assert!(messages.len() > 80, "{} messages", messages.len());
    let unknown: Vec<_> = messages
        .iter()
        .flat_map(|message| pieces(message).map(move |piece| (message, piece)))
        .filter(|(_, piece)| !code.contains(piece))
        .map(|(message, piece)| format!("{message}\n    nothing says `{piece}`"))
        .collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn every_kind_of_refusal_is_explained() {
    let text = page().text;
    let mut kinds = variants("FailureKind", &["src"]);
    assert!(kinds.remove("Violation"), "which is what reports are about");
    let missing: Vec<_> = kinds
        .iter()
        .filter(|kind| !text.contains(&format!("\n`FailureKind::{kind}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
