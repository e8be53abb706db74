use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::TokenStream;
use syn::Item;

use super::canonical::canonical;
use super::included::{Included, included, text};
use super::items::{Place, Role, Source, sources};
use super::modules::{Folder, is_for_tests};
use super::names::names;

/// The sources of one crate, and of those that its tests alone depend on.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) files: Vec<PathBuf>,
    pub(super) items: Vec<Source>,
    /// Whether something could not be read, so that nobody can tell what is called.
    pub(super) is_open: bool,
}

impl Sources {
    /// Adds a crate by its topmost file. `of_tests` says whether all of it is there for tests; else what a `cfg(test)` stands
    /// before is.
    pub(super) fn add_crate(
        &mut self,
        root: &Path,
        name: &str,
        of_tests: bool,
        is_product: &dyn Fn(&Path) -> bool,
    ) {
        let module = Rc::from(name);
        self.add_file(root, &Folder::of_root(root), &module, of_tests, is_product);
    }

    fn add_file(
        &mut self,
        path: &Path,
        folder: &Folder,
        module: &Rc<str>,
        of_tests: bool,
        is_product: &dyn Fn(&Path) -> bool,
    ) {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let of_tests = of_tests && !is_product(&path);
        let Some(text) = text(&path) else {
            self.is_open |= of_tests;
            return;
        };
        let place = Place {
            file: self.files.len(),
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            module: Rc::clone(module),
            of_tests,
        };
        self.files.push(path);
        let tokens: Result<TokenStream, _> = text.parse();
        match tokens.map(|tokens| (syn::parse2::<syn::File>(tokens.clone()), tokens)) {
            Ok((Ok(file), _)) => self.add_items(&file.items, &place, folder, is_product),
            // Syntax that is newer than the parser: the file is covered as a whole.
            Ok((Err(_), tokens)) => self.add_whole(tokens, &text, &place),
            Err(_) => self.add_whole(TokenStream::new(), &text, &place),
        }
    }

    fn add_whole(&mut self, tokens: TokenStream, text: &str, place: &Place) {
        self.items.push(Source {
            file: place.file,
            module: Rc::clone(&place.module),
            lines: (1, text.lines().count()),
            role: Role::Names(names(tokens.clone())),
            mentions: names(tokens.clone()),
            reads: included(tokens.clone(), &place.folder),
            hash: if tokens.is_empty() {
                canonical(text, tokens)
            } else {
                canonical(&place.module, tokens)
            },
            of_tests: place.of_tests,
            is_rstest: false,
        });
        self.is_open |= place.of_tests;
    }

    fn add_items(
        &mut self,
        items: &[Item],
        place: &Place,
        folder: &Folder,
        is_product: &dyn Fn(&Path) -> bool,
    ) {
        for item in items {
            match item {
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let module: Rc<str> = Rc::from(format!("{}::{name}", place.module));
                    let of_tests = place.of_tests || is_for_tests(&item.attrs);
                    let Some((_, items)) = &item.content else {
                        let files = folder.files(item);
                        self.is_open |= files.is_empty() && of_tests;
                        for (file, folder) in files {
                            self.add_file(&file, &folder, &module, of_tests, is_product);
                        }
                        continue;
                    };
                    let place = Place {
                        module,
                        of_tests,
                        ..place.clone()
                    };
                    self.add_items(items, &place, &folder.within(&name), is_product);
                }
                Item::Macro(item) if item.mac.path.is_ident("include") => {
                    match included(quote::ToTokens::to_token_stream(item), &place.folder).as_slice() {
                        [Included::Code(file)] => {
                            let folder = Folder::of_root(file);
                            self.add_file(file, &folder, &place.module, place.of_tests, is_product);
                        }
                        _ => self.is_open |= place.of_tests,
                    }
                }
                other => self.items.extend(sources(other, place)),
            }
        }
    }
}
