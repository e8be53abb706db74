use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Block, Stmt};

/// The body, with a call of `at` before every statement on its top level, so that it is known how far a test came.
///
/// `line!()` is the line of the statement, for it stands at the statement's place; so it agrees with the line of a panic.
pub(crate) fn marked(block: &Block, takes_panic_hook: bool, private: &TokenStream) -> TokenStream {
    let hook = takes_panic_hook.then(|| quote!(#private::takes_hook();));
    let statements = block.stmts.iter().enumerate().map(|(index, statement)| {
        let mark = is_marked(statement, &block.stmts[index + 1..]).then(|| mark(statement, private));
        quote!(#mark #statement)
    });
    quote!({ #hook #(#statements)* })
}

/// Items are in force from the start; a mark before one would also put a statement before it, which is a lint's
/// business. A macro that items follow may make items itself.
fn is_marked(statement: &Stmt, following: &[Stmt]) -> bool {
    match statement {
        Stmt::Item(_) => false,
        Stmt::Macro(_) => !following.iter().any(|next| matches!(next, Stmt::Item(_))),
        Stmt::Local(_) | Stmt::Expr(..) => true,
    }
}

fn mark(statement: &Stmt, private: &TokenStream) -> TokenStream {
    let place = statement
        .to_token_stream()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span());
    let line = quote_spanned!(place=> ::core::line!());
    quote!(#private::at(#line);)
}
