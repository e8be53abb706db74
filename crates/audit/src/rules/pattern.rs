//! Patterns of names: `*` stands for any number of characters.

/// Whether a pattern fits a text.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_is_any_text() {
        assert!(fits("*Engine", "UserEngine"));
        assert!(fits("*Engine", "Engine"));
        assert!(!fits("*Engine", "EngineFactory"));
        assert!(fits("app::*::Engine", "app::a::b::Engine"));
        assert!(fits("A*B*C", "AxBxBxC"));
        assert!(!fits("A*B*C", "AC"));
        assert!(fits("Engine", "Engine"));
        assert!(!fits("Engine", "Engines"));
        assert!(!fits("ab*b", "ab"));
    }
}
