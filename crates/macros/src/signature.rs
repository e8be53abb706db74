use syn::{Error, FnArg, PatType, Result, Safety, Signature, Type};

use crate::attributes::{CASES_BELOW, is_lint_level};
use crate::errors::Errors;

/// What a test is given, in the order in which it takes it.
#[derive(Default)]
pub(crate) struct Arguments(Vec<Argument>);

/// An argument, and what it refers to.
pub(crate) struct Argument {
    pub(crate) role: Role,
    pub(crate) ty: Type,
}

/// What an argument is for; its reference tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// `&Case`.
    Case,
    /// `&mut T`.
    Fixture,
}

impl Arguments {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Argument> {
        self.0.iter()
    }

    /// The argument in that role.
    pub(crate) fn find(&self, role: Role) -> Option<&Argument> {
        self.iter().find(|argument| argument.role == role)
    }
}

const ALLOWED: &str = "a test takes nothing, `&Case`, `&mut T` where `T: SsotAsyncTestCase`, or both";

/// The arguments of a test. What a test cannot be or take is told in `errors`.
pub(crate) fn arguments(signature: &Signature, errors: &mut Errors) -> Arguments {
    for error in qualifiers(signature) {
        errors.push(error);
    }
    let mut arguments = Arguments::default();
    for input in &signature.inputs {
        let Some(argument) = errors.keep(argument(input)) else {
            continue;
        };
        if arguments.find(argument.role).is_none() {
            arguments.0.push(argument);
            continue;
        }
        let what = match argument.role {
            Role::Case => "the case",
            Role::Fixture => "a fixture",
        };
        let message = format!("this is {what} for a second time: {ALLOWED}");
        errors.push(Error::new_spanned(input, message));
    }
    arguments
}

/// What stands around the name that a test cannot have.
fn qualifiers(signature: &Signature) -> Vec<Error> {
    let Signature {
        constness,
        safety,
        abi,
        generics,
        variadic,
        ..
    } = signature;
    let mut errors = Vec::new();
    let mut refuse = |tokens: &dyn quote::ToTokens, message: &str| {
        errors.push(Error::new_spanned(tokens.to_token_stream(), message));
    };
    if let Some(constness) = constness {
        refuse(constness, "a test is run, not evaluated: leave out `const`");
    }
    match safety {
        Safety::Unsafe(token) => refuse(
            token,
            "a test is called as it stands: leave out `unsafe`, or move it into the body",
        ),
        Safety::Safe(token) => refuse(token, "every test is safe to call: leave out `safe`"),
        Safety::Default => {}
    }
    if let Some(abi) = abi {
        refuse(abi, "a test is called from Rust: leave out `extern`");
    }
    if !generics.params.is_empty() {
        refuse(
            &generics.params,
            "nobody says what these stand for: a test has no generics, and its references need no lifetimes",
        );
    }
    if let Some(clause) = &generics.where_clause {
        refuse(
            clause,
            "a test has no generics to restrict: leave out the `where`",
        );
    }
    if let Some(variadic) = variadic {
        refuse(variadic, ALLOWED);
    }
    errors
}

fn argument(input: &FnArg) -> Result<Argument> {
    let typed = match input {
        FnArg::Typed(typed) => typed,
        FnArg::Receiver(receiver) => {
            return Err(Error::new_spanned(
                receiver,
                format!("a test is a function of its own, no method: {ALLOWED}"),
            ));
        }
    };
    if let Some(attribute) = typed.attrs.iter().find(|attribute| !is_lint_level(attribute)) {
        return Err(Error::new_spanned(attribute, CASES_BELOW));
    }
    taken(typed)
}

fn taken(typed: &PatType) -> Result<Argument> {
    let Type::Reference(reference) = visible(&typed.ty) else {
        return Err(Error::new_spanned(
            typed,
            format!("this is no reference: {ALLOWED}"),
        ));
    };
    if let Some(lifetime) = &reference.lifetime
        && lifetime.ident != "_"
    {
        return Err(Error::new_spanned(
            lifetime,
            "the reference is good for as long as the test runs: leave out the lifetime",
        ));
    }
    let ty = visible(&reference.elem).clone();
    match (&ty, reference.mutability) {
        (Type::ImplTrait(_), _) => Err(Error::new_spanned(
            typed,
            format!("nobody says which type this stands for: {ALLOWED}"),
        )),
        (Type::Path(path), Some(_)) if path.path.segments.last().is_some_and(|last| last.ident == "Case") => {
            Err(Error::new_spanned(
                &typed.ty,
                "the case is shared: take it as `&Case`",
            ))
        }
        (_, Some(_)) => Ok(Argument {
            role: Role::Fixture,
            ty,
        }),
        (_, None) => Ok(Argument { role: Role::Case, ty }),
    }
}

/// The type within parentheses and within groups that a `macro_rules!` leaves unseen.
fn visible(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        };
    }
}
