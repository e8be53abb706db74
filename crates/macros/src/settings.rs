use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprLit, Lit, LitStr, Meta, Result, Token};

use crate::errors::Errors;

/// Settings as a list gives them: `name = value` and `name(…)`, each at most once.
pub(crate) struct Settings(Vec<(String, Meta)>);

impl Settings {
    /// The settings that `of` knows.
    pub(crate) fn parse(tokens: TokenStream, of: &str, known: &[&str], errors: &mut Errors) -> Self {
        let options = format!("it has `{}`", known.join("`, `"));
        let list = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens);
        let list = list.map_err(|error| {
            let message = format!("{of} takes `option = value`, with commas between ({error}): {options}");
            Error::new(error.span(), message)
        });
        let mut settings = Self(Vec::new());
        for meta in errors.keep(list).unwrap_or_default() {
            let name = meta
                .path()
                .get_ident()
                .map(ToString::to_string)
                .unwrap_or_default();
            if !known.contains(&name.as_str()) {
                let message = format!("{of} has no such option: {options}");
                errors.push(Error::new_spanned(meta.path(), message));
            } else if settings.get(&name).is_some() {
                errors.push(Error::new_spanned(meta, format!("`{name}` is given twice")));
            } else {
                settings.0.push((name, meta));
            }
        }
        settings
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Meta> {
        self.0
            .iter()
            .find_map(|(given, meta)| (given == name).then_some(meta))
    }
}

/// The value of a setting; `example` is one that there could be.
pub(crate) fn value<'a>(meta: &'a Meta, example: &str) -> Result<&'a Expr> {
    let Meta::NameValue(pair) = meta else {
        return Err(Error::new_spanned(
            meta,
            format!("this option takes a value: `{example}`"),
        ));
    };
    // A value that came through a `macro_rules!` stands in a group that cannot be seen.
    let mut value = &pair.value;
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    Ok(value)
}

/// The value of a setting that is a literal.
pub(crate) fn literal<'a>(meta: &'a Meta, example: &str) -> Result<&'a Lit> {
    match value(meta, example)? {
        Expr::Lit(ExprLit { lit, .. }) => Ok(lit),
        other => Err(Error::new_spanned(
            other,
            format!("this is no literal: write `{example}`"),
        )),
    }
}

/// The value of a setting that is text.
pub(crate) fn text<'a>(meta: &'a Meta, example: &str) -> Result<&'a LitStr> {
    match literal(meta, example)? {
        Lit::Str(text) => Ok(text),
        other => Err(Error::new_spanned(
            other,
            format!("this is no text: write `{example}`"),
        )),
    }
}
