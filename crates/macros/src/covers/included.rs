use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

/// What a source reads of another file when it is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Included {
    /// `include_str!` or `include_bytes!` of this file.
    Data(PathBuf),
    /// `include!` of this file.
    Code(PathBuf),
    /// `include!` of what the syntax does not show.
    Unknown,
    /// A macro that makes names of pieces: what is called cannot be read off.
    Pasted,
}

/// What tokens read of other files; a relative path counts from the folder of their own.
pub(super) fn included(tokens: TokenStream, folder: &Path) -> Vec<Included> {
    let mut found = Vec::new();
    collect(tokens, folder, &mut found);
    found
}

fn collect(tokens: TokenStream, folder: &Path, found: &mut Vec<Included>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => collect(group.stream(), folder, found),
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let Some([TokenTree::Punct(bang), TokenTree::Group(argument)]) =
                    tokens.get(index + 1..index + 3)
                else {
                    continue;
                };
                if bang.as_char() != '!' {
                    continue;
                }
                let path = path(argument.stream()).map(|path| folder.join(path));
                match (name.as_str(), path) {
                    ("include_str" | "include_bytes", Some(path)) => found.push(Included::Data(path)),
                    ("include", Some(path)) => found.push(Included::Code(path)),
                    ("include", None) => found.push(Included::Unknown),
                    ("paste" | "concat_idents", _) => found.push(Included::Pasted),
                    _ => {}
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// A path as such a macro takes it: a text, or several and the package's folder behind one another.
fn path(argument: TokenStream) -> Option<PathBuf> {
    let tokens: Vec<TokenTree> = argument.into_iter().collect();
    match tokens.as_slice() {
        [text] | [text, TokenTree::Punct(_)] => {
            let text: LitStr = syn::parse2(text.clone().into()).ok()?;
            Some(PathBuf::from(text.value()))
        }
        [
            TokenTree::Ident(concat),
            TokenTree::Punct(_),
            TokenTree::Group(pieces),
            ..,
        ] if concat == "concat" => {
            let mut whole = String::new();
            let pieces: Vec<TokenTree> = pieces.stream().into_iter().collect();
            for piece in
                pieces.split(|piece| matches!(piece, TokenTree::Punct(comma) if comma.as_char() == ','))
            {
                whole.push_str(&part(piece)?);
            }
            Some(PathBuf::from(whole))
        }
        _ => None,
    }
}

fn part(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [] => Some(String::new()),
        [text] => {
            let text: LitStr = syn::parse2(text.clone().into()).ok()?;
            Some(text.value())
        }
        [
            TokenTree::Ident(name),
            TokenTree::Punct(_),
            TokenTree::Group(argument),
        ] if name == "env" => {
            let variable: LitStr = syn::parse2(argument.stream()).ok()?;
            env::var(variable.value()).ok()
        }
        _ => None,
    }
}

/// The text of a file, as far as it is one.
pub(super) fn text(file: &Path) -> Option<String> {
    fs::read(file)
        .ok()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
