use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

use super::expand::test;

/// What becomes of a function, as rustfmt would lay it out.
fn expanded(options: &TokenStream, function: &TokenStream) -> String {
    let tokens = test(options, function, Span::call_site());
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

fn keep(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_test_without_arguments_is_the_body_and_a_call() {
    let expansion = expanded(
        &quote!(),
        &quote!(
            fn greets() {
                assert_eq!(1 + 1, 2);
            }
        ),
    );
    keep("expansion_of_the_smallest_test", &expansion);
}

#[test]
fn a_test_with_everything_is_as_small() {
    let options = quote!(
        timeout = "1m30s",
        flavor = "multi_thread",
        worker_threads = 2,
        crate = crate::harness,
        fail_first(issue = "shop#12", expect = "context-leak", surface = "log")
    );
    let function = quote! {
        /// Says hello.
        #[ignore = "slow"]
        #[cfg_attr(miri, traced_test, ignore)]
        #[serial]
        pub(crate) async fn greets(case: &Case, Shop { desk }: &mut Shop) -> CaseResult {
            use std::fmt::Write;
            thread_local! {
                static DESK: u32 = const { 3 };
            }
            fn further() {}
            let answer = desk.ask().await?;
            assert_eq!(answer, "hello");
            if answer.is_empty() {
                return Ok(());
            }
            Ok(())
        }
    };
    keep(
        "expansion_of_a_test_with_everything",
        &expanded(&options, &function),
    );
}

/// What stands behind `::` with nothing before it, and the path's next name.
fn absolute_paths(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let text = |index: usize| tokens.get(index).map(ToString::to_string).unwrap_or_default();
    let mut paths = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            paths.extend(absolute_paths(group.stream()));
        }
        let is_first = index == 0 || !matches!(&tokens[index - 1], TokenTree::Ident(_));
        if is_first && text(index) == ":" && text(index + 1) == ":" {
            paths.push(format!("{}::{}", text(index + 2), text(index + 5)));
        }
    }
    paths
}

#[test]
fn an_expansion_names_the_core_and_the_hidden_module_alone() {
    for function in [
        quote!(
            fn t() {}
        ),
        quote!(
            async fn t(shop: &mut Shop, case: &Case) -> CaseResult {}
        ),
    ] {
        let options = quote!(timeout = "1s", fail_first(issue = "shop#12", expect = "hang"));
        let tokens = test(&options, &function, Span::call_site());
        let paths = absolute_paths(tokens);
        assert!(paths.len() > 10, "{paths:?}");
        for path in paths {
            let known = path.starts_with("core::") || path == "ssot_harness::__private";
            assert!(known, "{path}");
        }
    }
}
