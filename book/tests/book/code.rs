//! What the sources say: public functions, and texts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::{ImplItem, Item, LitStr, Type, Visibility};

use crate::page::repository;

/// The Rust files below these folders of the repository.
pub(crate) fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<_> = folders.iter().map(|folder| repository().join(folder)).collect();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "there are sources");
    found
}

fn parsed(path: &Path) -> syn::File {
    let text = fs::read_to_string(path).unwrap();
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The public functions of a type of the library.
pub(crate) fn public_functions(of: &str) -> BTreeSet<String> {
    let mut functions = BTreeSet::new();
    for path in sources(&["src"]) {
        for item in parsed(&path).items {
            let Item::Impl(block) = item else { continue };
            let is_of = matches!(&*block.self_ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == of));
            if block.trait_.is_some() || !is_of {
                continue;
            }
            functions.extend(block.items.into_iter().filter_map(|item| match item {
                ImplItem::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
                    Some(function.sig.ident.to_string())
                }
                _ => None,
            }));
        }
    }
    assert!(!functions.is_empty(), "`{of}` has public functions");
    functions
}

/// The variants of an enum in these files.
pub(crate) fn variants(of: &str, folders: &[&str]) -> BTreeSet<String> {
    let files = sources(folders).into_iter();
    let variants: BTreeSet<_> = files
        .flat_map(|path| parsed(&path).items)
        .filter_map(|item| match item {
            Item::Enum(item) if item.ident == of => Some(item.variants),
            _ => None,
        })
        .flatten()
        .map(|variant| variant.ident.to_string())
        .collect();
    assert!(!variants.is_empty(), "`{of}` has variants");
    variants
}

/// Every string literal in the files, those within macros and attributes included.
pub(crate) fn texts(files: &[PathBuf]) -> Vec<String> {
    let mut texts = Vec::new();
    for path in files {
        let text = fs::read_to_string(path).unwrap();
        let tokens: TokenStream = text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        collect(tokens, &mut texts);
    }
    texts
}

fn collect(tokens: TokenStream, texts: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), texts),
            TokenTree::Literal(literal) => {
                texts.extend(syn::parse_str::<LitStr>(&literal.to_string()).map(|text| text.value()));
            }
            _ => {}
        }
    }
}
