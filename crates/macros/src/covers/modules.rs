use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, ExprLit, ItemMod, Lit, Meta};

use super::names::names;

/// Where the files of the modules that a file declares are.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// The folder of the file itself: what a `#[path]` counts from.
    file: PathBuf,
    /// The folder of its modules.
    modules: PathBuf,
    /// Whether this is within a module that is written out.
    is_inline: bool,
}

impl Folder {
    /// That of a crate's topmost file, of a `mod.rs`, or of a file that a `#[path]` names.
    pub(super) fn of_root(file: &Path) -> Self {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        Self {
            modules: folder.clone(),
            file: folder,
            is_inline: false,
        }
    }

    /// That of a module's file.
    pub(super) fn of_module(file: &Path) -> Self {
        let folder = Self::of_root(file);
        match file.file_stem() {
            Some(name) if name != "mod" => Self {
                modules: folder.modules.join(name),
                ..folder
            },
            _ => folder,
        }
    }

    /// That of a module which is written out in this one.
    pub(super) fn within(&self, module: &str) -> Self {
        Self {
            modules: self.modules.join(module),
            is_inline: true,
            ..self.clone()
        }
    }

    /// The files that a declared module may be in, each with where its own modules are: more than one where a condition
    /// decides, none where no file is there.
    pub(super) fn files(&self, item: &ItemMod) -> Vec<(PathBuf, Folder)> {
        let name = item.ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        let from = if self.is_inline { &self.modules } else { &self.file };
        let mut files: Vec<(PathBuf, Folder)> = paths(&item.attrs)
            .into_iter()
            .map(|path| from.join(path))
            .map(|file| (file.clone(), Self::of_root(&file)))
            .collect();
        let is_conditional = !item
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("path"));
        if is_conditional {
            let own = [
                self.modules.join(format!("{name}.rs")),
                self.modules.join(name).join("mod.rs"),
            ];
            files.extend(own.map(|file| (file.clone(), Self::of_module(&file))));
        }
        files.retain(|(file, _)| file.is_file());
        files
    }
}

/// What `#[path = "…"]` says, also under a condition.
fn paths(attributes: &[Attribute]) -> Vec<String> {
    attributes
        .iter()
        .flat_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(path), ..
                }) => vec![path.value()],
                _ => Vec::new(),
            },
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                let tokens: Vec<_> = list.tokens.clone().into_iter().collect();
                tokens
                    .windows(3)
                    .filter(|window| window[0].to_string() == "path" && window[1].to_string() == "=")
                    .filter_map(|window| syn::parse2::<syn::LitStr>(window[2].clone().into()).ok())
                    .map(|path| path.value())
                    .collect()
            }
            _ => Vec::new(),
        })
        .collect()
}

/// Whether a condition of these attributes is that tests are compiled.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .any(|attribute| match &attribute.meta {
            Meta::List(list) => {
                let names = names(list.tokens.clone());
                names.contains("test") && !names.contains("not")
            }
            _ => false,
        })
}
