//! The book's chapters as documentation, so that `cargo test --doc` compiles and runs every Rust block in them.
//!
//! `tests/book` checks that no chapter is missing here.

/// A module for each page, documented by its text.
macro_rules! pages {
    ($($page:ident = $file:literal,)+) => {
        $(
            #[doc = include_str!($file)]
            mod $page {}
        )+
    };
}

pages! {
    readme = "../README.md",
    introduction = "src/introduction.md",
    getting_started = "src/getting-started.md",
    http = "src/http.md",
    models = "src/models.md",
    postgres = "src/postgres.md",
    gateway = "src/gateway.md",
    recipes = "src/recipes.md",
    recipes_axum = "src/recipes/axum.md",
    recipes_websocket = "src/recipes/websocket.md",
    recipes_pool = "src/recipes/pool.md",
    recipes_worker = "src/recipes/worker.md",
    recipes_postgres = "src/recipes/postgres.md",
    recipes_generated = "src/recipes/generated.md",
    recipes_tenants = "src/recipes/tenants.md",
    published = "src/published.md",
    reports = "src/reports.md",
    test_cases = "src/test-cases.md",
    fail_first = "src/fail-first.md",
    events = "src/events.md",
    conformance = "src/conformance.md",
    catalogue = "src/catalogue.md",
    audit = "src/audit.md",
    settings = "src/settings.md",
    search = "src/search.md",
    troubleshooting = "src/troubleshooting.md",
}
