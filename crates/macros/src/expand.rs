use std::mem;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Error, Item, ItemFn, Meta, Result, ReturnType, parse2};

use crate::attributes::{self, Attributes};
use crate::body::marked;
use crate::covers::{Covers, of_test};
use crate::descriptor::descriptor;
use crate::errors::Errors;
use crate::hash::hash;
use crate::neighbours::{Source, TestAbove, case_below};
use crate::options::Options;
use crate::signature::{Argument, Arguments, Role, arguments};

/// What the attribute at `attribute` makes of an item: a test, or errors that say why it cannot be one.
pub(crate) fn test(options: &TokenStream, item: &TokenStream, attribute: Span) -> TokenStream {
    let function = match parse2::<ItemFn>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = no_function(item, error).into_compile_error();
            return quote!(#error #item);
        }
    };
    Test::new(options, function, item, attribute).map_or_else(Error::into_compile_error, |test| test.expand())
}

fn no_function(item: &TokenStream, error: Error) -> Error {
    match parse2::<Item>(item.clone()) {
        Ok(item) => Error::new_spanned(
            item,
            "only a function can be a test: `fn` or `async fn`, with a body",
        ),
        Err(_) => error,
    }
}

struct Test {
    options: Options,
    attributes: Attributes,
    arguments: Arguments,
    function: ItemFn,
    source: u64,
    attribute: Span,
    takes_panic_hook: bool,
    /// Under which condition another attribute makes a test of it too.
    second_test_if: Option<Box<Meta>>,
    covers: Option<Covers>,
}

impl Test {
    fn new(tokens: &TokenStream, mut function: ItemFn, item: &TokenStream, attribute: Span) -> Result<Self> {
        let mut errors = Errors::default();
        let options = Options::parse(tokens.clone(), &mut errors);
        let file = Source::around(attribute);
        let attributes = attributes::sort(mem::take(&mut function.attrs), &file, &mut errors);
        let arguments = if attributes.cases {
            Arguments::default()
        } else {
            arguments(&function.sig, &mut errors)
        };
        let mut second_test_if = None;
        match file.test_above(attribute.start()).filter(|_| errors.is_empty()) {
            Some(TestAbove::Always) => errors.push(Error::new(attribute, attributes::SECOND_TEST)),
            Some(TestAbove::If(condition)) => second_test_if = Some(condition),
            None => {}
        }
        if let Some(case) = case_below(attribute, &function) {
            errors.push(Error::new(case, attributes::CASES_BELOW));
        }
        errors.finish()?;
        let covers = options
            .fail_first
            .as_ref()
            .map(|_| of_test(attribute, tokens, item));
        Ok(Self {
            source: hash(item.clone()),
            covers,
            options,
            attributes,
            arguments,
            function,
            attribute,
            takes_panic_hook: file.takes_panic_hook(),
            second_test_if,
        })
    }

    /// One function that the runner calls, and in it the one that was written.
    fn expand(&self) -> TokenStream {
        let Self {
            options,
            attributes,
            function: ItemFn { vis, sig, block, .. },
            ..
        } = self;
        let (of_test, of_body) = (&attributes.test, &attributes.body);
        let harness = &options.harness;
        let private = quote!(#harness::__private);
        let name = &sig.ident;
        let is_rstest = self.covers.as_ref().is_some_and(|covers| covers.is_rstest);
        let block = marked(block, self.takes_panic_hook, is_rstest, &private);
        let second_test = self.second_test_if.as_ref().map(|condition| {
            let error = Error::new(self.attribute, attributes::SECOND_TEST).into_compile_error();
            quote!(#[cfg(#condition)] #error)
        });
        let descriptor = descriptor(name, options, self.source, self.covers.as_ref(), &private);
        let body = self.body(&private);
        // A test may well return a result only to look like its neighbours.
        let returns = matches!(sig.output, ReturnType::Type(..)) && sig.asyncness.is_none();
        let lints = returns.then(|| quote!(#[allow(clippy::unnecessary_wraps)]));
        quote! {
            #second_test
            #[::core::prelude::v1::test]
            #(#of_test)*
            #vis fn #name() -> ::core::result::Result<(), #private::Failed> {
                #lints
                #(#of_body)*
                #sig #block
                #private::run(
                    {
                        static TEST: #private::Test = #descriptor;
                        &TEST
                    },
                    #body,
                )
            }
        }
    }

    /// The body as the harness takes it, behind one type for each of four shapes.
    fn body(&self, private: &TokenStream) -> TokenStream {
        let call = self.call();
        // What an error displays is asked of the type that it has here, for `Debug` is all that it has to have.
        let message = quote! {
            |returned| {
                #[allow(unused_imports)]
                use #private::{Displayed as _, Undisplayed as _};
                (&#private::Returned(returned)).message()
            }
        };
        let look = quote! {
            |returned| {
                use #private::{One as _, Three as _, Two as _, Whole as _};
                (&&&&#private::Depth::of(&returned)).look(returned)
            }
        };
        let outcome = quote!(#private::outcome(#call, #message, #look));
        let (outcome, prefix) = match self.function.sig.asyncness {
            Some(_) => (quote!(#private::Box::pin(async move { #outcome })), ""),
            None => (outcome, "sync_"),
        };
        let case = self.parameter(Role::Case);
        let Some(Argument { ty, .. }) = self.arguments.find(Role::Fixture) else {
            let make = format_ident!("{prefix}body");
            return quote!(#private::#make(|#case| #outcome));
        };
        let make = format_ident!("{prefix}body_with");
        let fixture = self.parameter(Role::Fixture);
        quote!(#private::#make::<#ty, _>(|#fixture, #case| #outcome))
    }

    /// The closure's parameter for an argument; a blank where the test takes none such.
    fn parameter(&self, role: Role) -> TokenStream {
        self.arguments.find(role).map_or_else(
            || quote!(_),
            |argument| local(argument.role, Span::mixed_site()).into_token_stream(),
        )
    }

    /// The call of the function that was written, placed where its types are: so errors about them are told there.
    fn call(&self) -> TokenStream {
        let (first, last) = self.returned();
        let sig = &self.function.sig;
        let mut name = sig.ident.clone();
        name.set_span(Span::call_site().located_at(first));
        let arguments = self
            .arguments
            .iter()
            .map(|argument| local(argument.role, place(&argument.ty).0));
        let last = Span::call_site().located_at(last);
        let awaited = sig.asyncness.map(|_| quote_spanned!(last=> .await));
        let arguments = quote_spanned!(last=> (#(#arguments),*));
        quote!(#name #arguments #awaited)
    }

    /// From where to where the type is written that the test returns; its name where none is.
    fn returned(&self) -> (Span, Span) {
        match &self.function.sig.output {
            ReturnType::Type(_, ty) => place(ty),
            ReturnType::Default => place(&self.function.sig.ident),
        }
    }
}

/// The variable that an argument comes in.
fn local(role: Role, place: Span) -> Ident {
    let name = match role {
        Role::Case => "case",
        Role::Fixture => "fixture",
    };
    Ident::new(name, Span::mixed_site().located_at(place))
}

/// The first and the last place of something.
fn place(of: &impl ToTokens) -> (Span, Span) {
    let mut spans = of.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}
