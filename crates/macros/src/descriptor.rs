use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::LitStr;

use crate::covers::Covers;
use crate::fail_first::{Expectation, FailFirst};
use crate::options::{Flavor, Options, Timeout};

/// What the harness is told of a test: a `Test`, all of it constant.
pub(crate) fn descriptor(
    name: &Ident,
    options: &Options,
    source: u64,
    covers: Option<&Covers>,
    private: &TokenStream,
) -> TokenStream {
    let place = name.span();
    let file = quote_spanned!(place=> ::core::file!());
    let line = quote_spanned!(place=> ::core::line!());
    // A raw identifier keeps its `r#`, for so does the name by which the test runner knows the test.
    let name = name.to_string();
    let timeout = match options.timeout {
        Timeout::Unset => quote!(#private::Timeout::Unset),
        Timeout::Off => quote!(#private::Timeout::Off),
        Timeout::After(time) => {
            let (seconds, nanoseconds) = (time.as_secs(), time.subsec_nanos());
            quote!(#private::Timeout::After(#private::Duration::new(#seconds, #nanoseconds)))
        }
    };
    let flavor = match &options.flavor {
        Flavor::CurrentThread => quote!(#private::Flavor::CurrentThread),
        Flavor::MultiThread(workers) => {
            let workers = option(workers.as_ref());
            quote!(#private::Flavor::MultiThread(#workers))
        }
    };
    let start_paused = options.start_paused;
    let fixtures = covers.is_some_and(|covers| covers.is_rstest);
    let target = covers.map_or("", |covers| covers.target);
    let covered = option(covers.map(|covers| {
        let (own, digest) = (covers.own, covers.digest);
        let files = covers.files.iter().map(|(file, hash)| quote!((#file, #hash)));
        quote!(#private::CoveredSources { own: #own, digest: #digest, files: &[#(#files),*] })
    }));
    let marker = |it: &FailFirst| marker(it, &name, &file, &line, source, covers);
    let fail_first = options
        .fail_first
        .as_ref()
        .map(|it| fail_first(it, &marker(it), private));
    let fail_first = option(fail_first);
    quote! {
        #private::Test {
            module: ::core::module_path!(),
            name: #name,
            file: #file,
            line: #line,
            timeout: #timeout,
            flavor: #flavor,
            start_paused: #start_paused,
            fixtures: #fixtures,
            fail_first: #fail_first,
            source: #source,
            target: #target,
            covers: #covered,
        }
    }
}

/// What can be read off the test program without running it: `fail_first::find_markers` of the harness does.
fn marker(
    declared: &FailFirst,
    name: &str,
    file: &TokenStream,
    line: &TokenStream,
    source: u64,
    covers: Option<&Covers>,
) -> TokenStream {
    let (target, covers, support) = covers.map_or(("", String::new(), String::new()), |covers| {
        let files = covers
            .files
            .iter()
            .map(|(file, hash)| format!("\u{1e}{file}\u{1d}{hash:016x}"));
        let files: String = files.collect();
        let support = covers.support.join("\u{1e}");
        (
            covers.target,
            format!("{:016x}\u{1d}{:016x}{files}", covers.own, covers.digest),
            support,
        )
    });
    let FailFirst { issue, expectation } = declared;
    let expect = match expectation {
        Expectation::Violation { kind, surface: None } => kind.value(),
        Expectation::Violation {
            kind,
            surface: Some(surface),
        } => format!("{}/{}", kind.value(), surface.value()),
        Expectation::Message(message) => format!("\"{}\"", message.value()),
    };
    quote! {
        ::core::concat!(
            "\u{2}ssot-fail-first 2\u{1f}",
            ::core::module_path!(), "\u{1f}",
            #name, "\u{1f}",
            #file, "\u{1f}",
            #line, "\u{1f}",
            #source, "\u{1f}",
            #issue, "\u{1f}",
            #expect, "\u{1f}",
            #target, "\u{1f}",
            #covers, "\u{1f}",
            #support, "\u{3}",
        )
    }
}

fn fail_first(
    FailFirst { issue, expectation }: &FailFirst,
    marker: &TokenStream,
    private: &TokenStream,
) -> TokenStream {
    let (expect, message, surface) = match expectation {
        Expectation::Violation { kind, surface } => (
            Some(checked("kind", kind, private)),
            None,
            surface
                .as_ref()
                .map(|surface| checked("surface", surface, private)),
        ),
        Expectation::Message(message) => (None, Some(message), None),
    };
    let (expect, message, surface) = (option(expect), option(message), option(surface));
    quote! {
        #private::FailFirst {
            issue: #issue,
            expect: #expect,
            expect_message: #message,
            surface: #surface,
            marker: #marker,
        }
    }
}

/// What a literal names, looked up by a function of the harness when the test is compiled, and placed at the literal: there
/// the compiler tells that there is no such thing.
fn checked(find: &str, name: &LitStr, private: &TokenStream) -> TokenStream {
    let find = format_ident!("{find}");
    let place = Span::call_site().located_at(name.span());
    placed(quote!(#private::#find(#name)), place)
}

fn placed(tokens: TokenStream, place: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                let stream = placed(group.stream(), place);
                token = proc_macro2::Group::new(group.delimiter(), stream).into();
            }
            token.set_span(place);
            token
        })
        .collect()
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}
