//! The attribute `#[ssot_harness::test]`.

use proc_macro::TokenStream;

/// Makes a test of a function.
#[proc_macro_attribute]
pub fn test(_options: TokenStream, item: TokenStream) -> TokenStream {
    item
}
