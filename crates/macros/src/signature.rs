use syn::{Error, FnArg, PatType, Result, Safety, Signature, Type};

use crate::attributes::{CASES_BELOW, is_lint_level};
use crate::errors::Errors;

/// What a test is given, in the order in which it takes it.
#[derive(Default)]
pub(crate) struct Arguments(Vec<Argument>);

/// An argument and its type, without what surrounds it unseen.
pub(crate) struct Argument {
    pub(crate) role: Role,
    /// The whole type, the reference included.
    pub(crate) ty: Type,
}

/// What an argument is for; its reference tells.
pub(crate) enum Role {
    /// `&Case`.
    Case,
    /// `&mut T`, and the `T`.
    Fixture(Box<Type>),
}

impl Arguments {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Argument> {
        self.0.iter()
    }

    /// The type of the fixture that the test stands on.
    pub(crate) fn fixture(&self) -> Option<&Type> {
        self.0.iter().find_map(|argument| match &argument.role {
            Role::Fixture(ty) => Some(&**ty),
            Role::Case => None,
        })
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
        let twice = match argument.role {
            Role::Case => arguments
                .iter()
                .any(|other| matches!(other.role, Role::Case))
                .then_some("the case"),
            Role::Fixture(_) => arguments.fixture().map(|_| "a fixture"),
        };
        match twice {
            Some(what) => errors.push(Error::new_spanned(
                input,
                format!("this is {what} for a second time: {ALLOWED}"),
            )),
            None => arguments.0.push(argument),
        }
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
    let ty = visible(&typed.ty);
    let role = role(typed, ty)?;
    Ok(Argument { role, ty: ty.clone() })
}

fn role(typed: &PatType, ty: &Type) -> Result<Role> {
    let Type::Reference(reference) = ty else {
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
    let referent = visible(&reference.elem);
    match (referent, reference.mutability) {
        (Type::ImplTrait(_), _) => Err(Error::new_spanned(
            typed,
            format!("nobody says which type this stands for: {ALLOWED}"),
        )),
        (Type::Path(path), Some(_)) if path.path.segments.last().is_some_and(|last| last.ident == "Case") => {
            Err(Error::new_spanned(ty, "the case is shared: take it as `&Case`"))
        }
        (fixture, Some(_)) => Ok(Role::Fixture(Box::new(fixture.clone()))),
        (_, None) => Ok(Role::Case),
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
