//! The attribute `#[ssot_harness::test]`.

mod attributes;
mod body;
mod descriptor;
mod duration;
mod errors;
mod expand;
mod fail_first;
mod hash;
mod neighbours;
mod options;
mod settings;
mod signature;

use proc_macro::TokenStream;
use proc_macro2::Span;

/// Makes a test of a function.
#[proc_macro_attribute]
pub fn test(options: TokenStream, function: TokenStream) -> TokenStream {
    expand::test(options.into(), function.into(), Span::call_site()).into()
}
