//! What differs from one execution over real sockets to the next by its nature.

/// Hosts after which the port of a listener or of a client stands.
const HOSTS: [&str; 5] = ["127.0.0.1:", "localhost:", "[::1]:", "0.0.0.0:", "[::]:"];

/// The date of an HTTP message (RFC 9110, IMF-fixdate): `a` stands for a letter, `0` for a digit.
const DATE: &[u8] = b"aaa, 00 aaa 0000 00:00:00 GMT";

/// The name that a port gets, and a date.
const PORT: &str = "[port]";
const TIME: &str = "[date]";

/// Compact JSON with names in the place of ports after a loopback address, of numbers under a key that names a port, and of dates of
/// HTTP messages. `None` where there are none.
pub(super) fn without_ports_and_dates(json: &str) -> Option<String> {
    let mut named = String::new();
    let (mut from, mut at) = (0, 0);
    while at < json.len() {
        match token(json, at) {
            Some((keep, drop, name)) => {
                named.push_str(&json[from..at + keep]);
                named.push_str(name);
                at += keep + drop;
                from = at;
            }
            None => at += json[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if from == 0 {
        return None;
    }
    named.push_str(&json[from..]);
    Some(named)
}

/// How much of what stands at `at` is kept, how much gets a name, and which.
fn token(json: &str, at: usize) -> Option<(usize, usize, &'static str)> {
    let rest = &json[at..];
    if let Some(host) = HOSTS.iter().find(|host| rest.starts_with(**host)) {
        let digits = port_length(&rest[host.len()..])?;
        let is_longer = json[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '.');
        return (!is_longer).then_some((host.len(), digits, PORT));
    }
    if let Some(value) = rest.strip_prefix("ort\":") {
        let key = json[..at].rsplit('"').next()?;
        let names_port = key == "p" || key.ends_with("_p") || key.ends_with("-p") || key.ends_with('P');
        let digits = port_length(value)?;
        return names_port.then_some(("ort\":".len(), digits, "\"[port]\""));
    }
    let is_date = rest.len() >= DATE.len()
        && DATE
            .iter()
            .zip(rest.as_bytes())
            .all(|(pattern, byte)| match pattern {
                b'a' => byte.is_ascii_alphabetic(),
                b'0' => byte.is_ascii_digit(),
                literal => byte == literal,
            });
    is_date.then_some((0, DATE.len(), TIME))
}

/// The length of the port at the start of `text`, where there is one.
fn port_length(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_over = !text[digits..].starts_with(|next: char| next.is_ascii_alphanumeric());
    ((1..=5).contains(&digits) && is_over).then_some(digits)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::without_ports_and_dates;

    #[rstest]
    #[case(r#""http://127.0.0.1:40123/a""#, r#""http://127.0.0.1:[port]/a""#)]
    #[case(r#"["[::1]:1","localhost:65535"]"#, r#"["[::1]:[port]","localhost:[port]"]"#)]
    #[case(
        r#"{"port":40123,"peer_port":7,"peerPort":8}"#,
        r#"{"port":"[port]","peer_port":"[port]","peerPort":"[port]"}"#
    )]
    #[case(r#"{"date":"Fri, 27 Nov 2026 06:54:08 GMT"}"#, r#"{"date":"[date]"}"#)]
    fn what_differs_by_nature_gets_a_name(#[case] json: &str, #[case] named: &str) {
        assert_eq!(without_ports_and_dates(json).as_deref(), Some(named));
    }

    #[rstest]
    #[case(r#""10.127.0.0.1:40123""#)]
    #[case(r#""db.example:5432""#)]
    #[case(r#""localhost:400001""#)]
    #[case(r#""localhost:4000a""#)]
    #[case(r#"{"report":7,"sport":8,"port":null}"#)]
    #[case(r#""27 Nov 2026 06:54:08 GMT""#)]
    #[case(r#""é 127.0.0.1""#)]
    fn all_else_stays(#[case] json: &str) {
        assert_eq!(without_ports_and_dates(json), None);
    }
}
