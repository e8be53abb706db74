//! Local variables: a name that is bound hides an item of that name as long as it is in scope.

use super::builder::Builder;
use super::scan::State;
use crate::name::Name;

impl Builder<'_> {
    /// Remembers a local variable, unless its name is that of a type or a constant.
    pub(super) fn bind(&mut self, name: Name) {
        if name.is_lower() {
            self.bound.push(name);
        }
    }

    /// Binds what the condition before a block binds.
    pub(super) fn bind_in_block(&mut self, state: &mut State) {
        if state.condition
            && let Some((_, deferred)) = state.before_condition
        {
            let deferred = deferred.min(state.deferred.len());
            self.bound.extend(state.deferred.split_off(deferred));
        }
    }

    /// Begins a pattern; what the arm before it binds is forgotten.
    pub(super) fn next_arm(&mut self, state: &mut State) {
        state.pattern = true;
        self.bound.truncate(state.outside);
    }

    /// Forgets the parameters of a closure that ends here.
    pub(super) fn behind_closure(&mut self, state: &mut State) {
        if let Some(bound) = state.before_closure.take() {
            self.bound.truncate(bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::index;
    use crate::syntax::index::Use;

    /// The single names that a function with this body refers to as values, in their order.
    fn values(body: &str) -> Vec<String> {
        referred(&format!("fn f() {{ {body} }}"))
    }

    fn referred(text: &str) -> Vec<String> {
        let index = index(text).expect("it is Rust");
        let values = index.references.iter().filter(|reference| {
            matches!(
                reference.used,
                Use::Call | Use::Value | Use::Pattern | Use::Literal
            )
        });
        values
            .map(|reference| {
                index.paths[reference.path as usize]
                    .names
                    .last()
                    .expect("a name")
                    .to_string()
            })
            .collect()
    }

    #[test]
    fn a_variable_hides_a_function_of_its_name_as_long_as_it_is_in_scope() {
        for body in [
            "let a = 1; a;",
            "if let Some(a) = 1 { a; }",
            "if let S { a } = 1 { a; }",
            "if let S { x: a } = 1 { a; }",
            "if let Some(a) = 1 && a { }",
            "if let Some(a) = 1 && let Some(b) = a { b; }",
            "while let Some(a) = 1 { a; }",
            "for a in 1 { a; }",
            "for (a, b) in 1 { a; b; }",
            "match 1 { S { a } => a, _ => 1 }",
            "match 1 { Some(a) if a => { a } _ => 1 }",
            "let b = |a| a;",
            "let b = |a| { a; a }; b;",
            "let Some(a) = 1 else { return }; a;",
            "let a = 1; { a; } a;",
            "let a = if let Some(b) = 1 { b } else { 2 }; a;",
            "let a = match 1 { b => b }; a;",
            "let a = { let b = 1; b }; a;",
        ] {
            let found: Vec<String> = values(body)
                .into_iter()
                .filter(|name| name.chars().all(char::is_lowercase))
                .collect();
            assert_eq!(found, Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn behind_its_scope_the_name_is_the_function_again() {
        for body in [
            "{ let a = 1; } a();",
            "{ let a = 1 } a();",
            "if let Some(a) = 1 { } a();",
            "if let Some(a) = 1 { } else { a(); }",
            "while let Some(a) = 1 { } a();",
            "for a in 1 { } a();",
            "match 1 { Some(a) => 1, None => a() }",
            "match 1 { Some(a) => { 1 } None => a() }",
            "match 1 { a => 1 } a();",
            "let b = |a| 1; a();",
            "g(|a| 1, 2); a();",
            "g(|a| 1, a());",
            "let a = a();",
            "println!(\"{}\", { let a = 1; 2 }); a();",
            "let b = S { x: { let a = 1; 2 } }; a();",
        ] {
            let mut found = values(body);
            found.retain(|name| name == "a");
            assert_eq!(found, ["a"], "{body}");
        }
    }

    #[test]
    fn an_operator_of_bars_begins_no_closure() {
        assert_eq!(
            values("if x.y() || a() { b(); S { z: c() }; }"),
            ["x", "a", "b", "S", "c"]
        );
        assert_eq!(values("let x = 1 || a(); |b| b; d()"), ["a", "d"]);
        assert_eq!(values("g(|| a(), 1 | a(), |b| b || c())"), ["g", "a", "a", "c"]);
    }

    #[test]
    fn a_key_in_capitals_is_a_constant_or_a_type() {
        assert_eq!(
            values("json!({ KEY: VALUE, key: VALUE })"),
            ["KEY", "VALUE", "VALUE"]
        );
        assert_eq!(values("assert_impl!(Type: Trait)"), ["Type", "Trait"]);
    }

    #[test]
    fn patterns_of_parameters_bind() {
        assert_eq!(
            referred("fn f((a, b): (A, B), S { c, .. }: S) { a(); b(); c(); }"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_function_or_a_variant_may_have_the_name_of_a_generic_type() {
        assert_eq!(referred("fn f<S>(x: S) { S(1); }"), ["S"]);
        assert_eq!(referred("fn f<S>(x: u8) { match x { S(y) => y } }"), ["S"]);
        assert_eq!(
            referred("fn f<S, const N: usize>(x: S) { N; }"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_bounds_a_where_clause_names_is_referred_to() {
        let mentioned = |text: &str| -> Vec<String> {
            let index = index(text).expect("it is Rust");
            let names = index
                .references
                .iter()
                .map(|reference| &index.paths[reference.path as usize]);
            names
                .map(|path| path.names.last().map_or("Self", |name| name.as_str()).to_owned())
                .collect()
        };
        assert_eq!(
            mentioned("fn f<T>() where A: B, T: C, D: E<F = G> {}"),
            ["A", "B", "C", "D", "E", "G"]
        );
        assert_eq!(
            mentioned("impl X { fn f() where Self: 'static {} }"),
            ["X", "Self"]
        );
        assert_eq!(mentioned("struct S where A: B { c: D }"), ["A", "B", "D"]);
    }
}
