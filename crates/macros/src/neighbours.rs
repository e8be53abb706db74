//! What stands around the attribute in the source, and was gone when it was its turn.
//!
//! Attributes are expanded from the top down. `#[test]` above leaves nothing behind on the function but has made a
//! test of it, which would run beside ours; `#[rstest]` above hands our attribute to the first case below it alone, and
//! makes of the other cases functions that nobody calls. What tells the two are places in the source.

use std::fs;

use proc_macro2::{LineColumn, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser as _;
use syn::{Attribute, ItemFn, Meta, Path, Stmt};

use crate::attributes::conditional;

/// The file that an attribute stands in.
///
/// None where it cannot be read, as under an editor's analysis.
pub(crate) struct Source(Option<String>);

/// What an attribute above ours says that makes a test of the function.
pub(crate) enum TestAbove {
    Always,
    /// Where this condition holds.
    If(Box<Meta>),
}

impl Source {
    pub(crate) fn around(attribute: Span) -> Self {
        Self(
            attribute
                .local_file()
                .and_then(|file| fs::read_to_string(file).ok()),
        )
    }

    /// Whether something in the file takes the panic hook.
    pub(crate) fn takes_panic_hook(&self) -> bool {
        self.0.as_ref().is_some_and(|source| source.contains("take_hook"))
    }

    /// What makes a test of the function above the attribute that begins there.
    pub(crate) fn test_above(&self, attribute: LineColumn) -> Option<TestAbove> {
        let source = self.0.as_ref()?;
        attributes_above(source, attribute)
            .iter()
            .find_map(|above| self.makes_test(above))
    }

    fn makes_test(&self, attribute: &Attribute) -> Option<TestAbove> {
        if self.names_test(attribute.path()) {
            return Some(TestAbove::Always);
        }
        let (condition, metas) = conditional(attribute)?;
        metas
            .iter()
            .any(|meta| self.names_test(meta.path()))
            .then(|| TestAbove::If(Box::new(condition)))
    }

    /// Whether a path is that of an attribute that makes tests: its last name is `test`, or what the file imports one as.
    pub(crate) fn names_test(&self, path: &Path) -> bool {
        path.segments.last().is_some_and(|last| {
            last.ident == "test" || path.segments.len() == 1 && self.imports_test_as(&last.ident.to_string())
        })
    }

    fn imports_test_as(&self, name: &str) -> bool {
        let Some(source) = &self.0 else { return false };
        source.match_indices("test as ").any(|(at, found)| {
            let is_whole =
                source[..at].ends_with(|c: char| matches!(c, ':' | '{' | ',') || c.is_whitespace());
            let alias = source[at + found.len()..]
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
            is_whole && alias == Some(name)
        })
    }
}

/// The attributes that stand right above a place, or before it in its line, the nearest first.
///
/// As far as each begins a line of its own, or stands behind another one.
fn attributes_above(source: &str, place: LineColumn) -> Vec<Attribute> {
    let lines: Vec<_> = source.lines().take(place.line).collect();
    let Some((last, above)) = lines.split_last() else {
        return Vec::new();
    };
    let before: String = last.chars().take(place.column).collect();
    let mut found = Vec::new();
    // What has been read upwards of an attribute whose first line has not come yet.
    let mut end = String::new();
    for line in [before.as_str()].into_iter().chain(above.iter().rev().copied()) {
        let line = line.trim();
        if end.is_empty() && (line.is_empty() || line.starts_with("//")) {
            continue;
        }
        end = format!("{line}\n{end}");
        if !end.trim_end().ends_with(']') {
            break;
        }
        if !line.starts_with("#[") {
            continue;
        }
        match Attribute::parse_outer.parse_str(&end) {
            Ok(attributes) => found.extend(attributes.into_iter().rev()),
            Err(_) => break,
        }
        end.clear();
    }
    found
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

    use super::{Source, TestAbove};

    /// Whether the last attribute of the source stands below a test's.
    fn is_below(source: &str) -> bool {
        above(source).is_some()
    }

    fn above(source: &str) -> Option<TestAbove> {
        let offset = source.rfind("#[ssot").unwrap();
        let before = &source[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count();
        Source(Some(source.to_owned())).test_above(LineColumn { line, column })
    }

    #[test]
    fn a_test_above_is_seen() {
        for source in [
            "#[test]\n#[ssot_harness::test]\nfn t() {}",
            "mod m {\n    #[test]\n    #[ssot_harness::test]",
            "#[test] #[ssot_harness::test] fn t() {}",
            "#[core::prelude::v1::test]\n/// Documented.\n\n#[ignore]\n#[ssot_harness::test]",
            "#[ other :: test (option = 1) ]\n#[ssot_harness::test]",
            "#[cfg_attr(all(), test)]\n#[ssot_harness::test]",
            "#[cfg_attr(\n    all(),\n    ignore,\n    tokio::test(flavor = \"multi_thread\"),\n)]\n#[ssot_harness::test]",
            "#[test_log::test(\n    option = 1\n)]\n#[ignore = \"a ] b\"]\n#[ssot_harness::test]",
            "use tokio::test as tokio_test;\n#[tokio_test]\n#[ssot_harness::test]",
            "use tokio::{spawn, test as on_tokio};\n#[cfg_attr(unix, on_tokio)]\n#[ssot_harness::test]",
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
            "#[cfg_attr(test, ignore)]\n#[ssot_harness::test]",
            "#[cfg_attr(\n    test,\n    ignore\n)]\n#[ssot_harness::test]",
            "const A: [u8; 1] = [1];\n#[ssot_harness::test]",
            "use tokio::test as on_tokio;\n#[tokio]\n#[ssot_harness::test]",
            "#[ignore = \"a test\"]\n#[ssot_harness::test]",
        ] {
            assert!(!is_below(source), "{source}");
        }
    }
}
