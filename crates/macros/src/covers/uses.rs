use proc_macro2::{TokenStream, TokenTree};
use syn::{ItemUse, UseTree};

/// One name that a `use` brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Its path, with the name behind `as` where it has another here.
    pub(super) path: String,
    /// What it is called here; `None` for a glob.
    pub(super) name: Option<String>,
}

/// The names that a `use` brings, one by one: how they are grouped is layout.
pub(super) fn leaves(item: &ItemUse) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let mut path = String::new();
    if item.leading_colon.is_some() {
        path.push_str("::");
    }
    collect(&item.tree, &path, &mut leaves);
    leaves
}

/// The same for the tokens of a statement, in the words of the source.
pub(super) fn leaves_of_tokens(statement: &[TokenTree]) -> Vec<String> {
    let tokens: TokenStream = statement.iter().cloned().collect();
    match syn::parse2::<ItemUse>(tokens.clone()) {
        Ok(item) => leaves(&item)
            .into_iter()
            .map(|leaf| format!("use {};", leaf.path))
            .collect(),
        Err(_) => vec![tokens.to_string()],
    }
}

fn collect(tree: &UseTree, before: &str, leaves: &mut Vec<Leaf>) {
    let mut push = |path: String, name: Option<String>| leaves.push(Leaf { path, name });
    match tree {
        UseTree::Path(path) => collect(&path.tree, &format!("{before}{}::", path.ident), leaves),
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            // `use a::{self}` brings `a`.
            let here = if name == "self" {
                before
                    .trim_end_matches("::")
                    .rsplit("::")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            } else {
                name.clone()
            };
            push(format!("{before}{name}"), Some(here));
        }
        UseTree::Rename(rename) => push(
            format!("{before}{} as {}", rename.ident, rename.rename),
            Some(rename.rename.to_string()),
        ),
        UseTree::Glob(_) => push(format!("{before}*"), None),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, before, leaves);
            }
        }
    }
}
