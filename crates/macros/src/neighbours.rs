//! What stands around the attribute in the source, and was gone when it was its turn.
//!
//! Attributes are expanded from the top down. `#[test]` above leaves nothing behind on the function but has made a
//! test of it, which would run beside ours; `#[rstest]` above hands our attribute to the first case below it alone, and
//! makes of the other cases functions that nobody calls. What tells the two are places in the source.

use std::fs;

use proc_macro2::{LineColumn, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ItemFn, Stmt};

/// Whether an attribute right above the one at `attribute` has made a test of the function.
///
/// No where the source cannot be read, as under an editor's analysis, or where the attributes are laid out as rustfmt
/// would not.
pub(crate) fn test_above(attribute: Span) -> bool {
    let source = attribute.local_file().map(fs::read_to_string);
    source.is_some_and(|source| source.is_ok_and(|source| is_below_test(&source, attribute.start())))
}

fn is_below_test(source: &str, attribute: LineColumn) -> bool {
    let lines: Vec<_> = source.lines().take(attribute.line).collect();
    let Some((last, above)) = lines.split_last() else {
        return false;
    };
    let before: String = last.chars().take(attribute.column).collect();
    [before.as_str()]
        .into_iter()
        .chain(above.iter().rev().copied())
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with("//") || is_attributes(line))
        .any(names_test)
}

/// Whether the line holds attributes, and nothing that they could belong to.
fn is_attributes(line: &str) -> bool {
    line.starts_with("#[") && line.ends_with(']')
}

/// Whether one of the attributes of a line is named `test`, by whichever path.
fn names_test(line: &str) -> bool {
    is_attributes(line)
        && line.split("#[").any(|attribute| {
            let path = attribute.split([']', '(']).next().unwrap_or_default();
            path.rsplit("::").next().is_some_and(|last| last.trim() == "test")
        })
}

/// Where, in a function that `#[rstest]` made for a case, the case stands below the attribute at `attribute`.
pub(crate) fn case_below(attribute: Span, function: &ItemFn) -> Option<Span> {
    let name = function.sig.ident.span();
    // The `fn` that `#[rstest]` writes is at its own place, the name at that of the function as it was written.
    let in_order = |spans: &[Span]| {
        spans.windows(2).all(|pair| pair[0].file() == pair[1].file())
            && spans.is_sorted_by(|one, next| one.start() < next.start())
    };
    let above = function.sig.fn_token.span;
    let statements = function.block.stmts.iter();
    statements
        // Where there are no cases, `#[rstest]` puts the whole function into the one that it makes.
        .filter(|statement| !matches!(statement, Stmt::Item(_)))
        .find_map(|statement| {
            first(statement.to_token_stream(), &|token| {
                in_order(&[above, attribute, token, name])
            })
        })
}

fn first(tokens: TokenStream, wanted: &impl Fn(Span) -> bool) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => first(group.stream(), wanted),
        other => Some(other.span()).filter(|&span| wanted(span)),
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::LineColumn;

    use super::is_below_test;

    /// Whether the last attribute of the source stands below a test's.
    fn is_below(source: &str) -> bool {
        let offset = source.rfind("#[ssot").unwrap();
        let before = &source[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count();
        is_below_test(source, LineColumn { line, column })
    }

    #[test]
    fn a_test_above_is_seen() {
        for source in [
            "#[test]\n#[ssot_harness::test]\nfn t() {}",
            "mod m {\n    #[test]\n    #[ssot_harness::test]",
            "#[test] #[ssot_harness::test] fn t() {}",
            "#[core::prelude::v1::test]\n/// Documented.\n\n#[ignore]\n#[ssot_harness::test]",
            "#[ other :: test (option = 1) ]\n#[ssot_harness::test]",
        ] {
            assert!(is_below(source), "{source}");
        }
    }

    #[test]
    fn a_test_elsewhere_is_not_above() {
        for source in [
            "#[ssot_harness::test]\nfn t() {}",
            "#[test]\nfn other() {}\n\n#[ssot_harness::test]",
            "#[test] fn other() {} #[ssot_harness::test]",
            "#[test] fn other() {}\n#[ssot_harness::test]",
            "// #[test]\n/// #[test]\n#[ssot_harness::test]",
            "#[rstest]\n#[ssot_harness::test]",
            "#[doc = \"#[test]\"]\nfn other() {}\n#[ssot_harness::test]",
            "#[cfg(test)]\n#[ssot_harness::test]",
            "#[ignore = \"a test\"]\n#[ssot_harness::test]",
        ] {
            assert!(!is_below(source), "{source}");
        }
    }
}
