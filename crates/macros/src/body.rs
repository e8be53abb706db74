use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Block, Expr, Item, Local, Stmt, parse_quote};

/// The body, with a call of `at` before every statement on its top level, so that it is known how far a test came.
///
/// `line!()` is the line of the statement, for it stands at the statement's place; so it agrees with the line of a panic.
///
/// `#[rstest]` makes its fixtures in the statements before the last, which calls the test: there it is said that the body begins.
pub(crate) fn marked(
    block: &Block,
    takes_panic_hook: bool,
    is_rstest: bool,
    private: &TokenStream,
) -> TokenStream {
    let hook = takes_panic_hook.then(|| quote!(#private::takes_hook();));
    let last = block.stmts.len().saturating_sub(1);
    if is_rstest && let Some(awaiting) = with_begin_behind_fixtures(block, private) {
        return marked(&awaiting, takes_panic_hook, false, private);
    }
    let statements = block.stmts.iter().enumerate().map(|(index, statement)| {
        let mark = is_marked(statement, &block.stmts[index + 1..]).then(|| mark(statement, private));
        let begin = (is_rstest && index == last).then(|| quote!(#private::begin();));
        quote!(#mark #begin #statement)
    });
    quote!({ #hook #(#statements)* })
}

/// The block where the test stands in it and awaits fixtures first, as `#[future(awt)]` has it: the body begins behind those.
fn with_begin_behind_fixtures(block: &Block, private: &TokenStream) -> Option<Block> {
    let mut block = block.clone();
    let function = block.stmts.iter_mut().find_map(|statement| match statement {
        Stmt::Item(Item::Fn(function)) => Some(function),
        _ => None,
    })?;
    let body = &mut function.block.stmts;
    let fixtures = body
        .iter()
        .take_while(|statement| awaits_itself(statement))
        .count();
    if fixtures == 0 {
        return None;
    }
    body.insert(fixtures, parse_quote!(#private::begin();));
    Some(block)
}

/// Whether a statement is `let a = a.await;`.
fn awaits_itself(statement: &Stmt) -> bool {
    let Stmt::Local(Local {
        pat,
        init: Some(init),
        ..
    }) = statement
    else {
        return false;
    };
    let Expr::Await(awaited) = &*init.expr else {
        return false;
    };
    let name = pat.to_token_stream().to_string();
    name.trim_start_matches("mut ") == awaited.base.to_token_stream().to_string()
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
