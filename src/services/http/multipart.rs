use hyper::body::Bytes;

use super::error::HttpError;

/// A form of several parts, `multipart/form-data`: fields and files.
///
/// ```
/// # use ssot_harness::services::http::Multipart;
/// let form = Multipart::new().text("title", "my notes").file("notes", "notes.txt", "text/plain", "buy milk");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Multipart {
    parts: Vec<(String, Bytes)>,
    mistake: Option<String>,
}

impl Multipart {
    /// A form without parts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.check("the name of a field", name);
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"\r\n\r\n",
            escaped(name)
        );
        self.parts.push((head, Bytes::from(value.into())));
        self
    }

    /// Adds a file: the field's name, the file's, its media type (`"text/plain"`), and what is in it.
    #[must_use]
    pub fn file(
        mut self,
        name: &str,
        file_name: &str,
        media_type: &str,
        content: impl Into<Vec<u8>>,
    ) -> Self {
        self.check("the name of a field", name);
        self.check("the name of a file", file_name);
        self.check("a media type", media_type);
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {media_type}\r\n\r\n",
            escaped(name),
            escaped(file_name)
        );
        self.parts.push((head, Bytes::from(content.into())));
        self
    }

    fn check(&mut self, what: &str, text: &str) {
        if text.chars().any(char::is_control) && self.mistake.is_none() {
            self.mistake = Some(format!("{what} cannot hold control characters: {text:?}"));
        }
    }

    /// The content type, and the body.
    pub(super) fn encode(&self) -> Result<(String, Bytes), HttpError> {
        if let Some(mistake) = &self.mistake {
            return Err(HttpError::request(mistake));
        }
        let boundary = self.boundary();
        let mut body = Vec::new();
        for (head, content) in &self.parts {
            body.extend_from_slice(format!("--{boundary}\r\n{head}").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok((format!("multipart/form-data; boundary={boundary}"), body.into()))
    }

    /// A line that stands in no part; the same for the same parts.
    fn boundary(&self) -> String {
        let mut boundary = "ssot-harness-part".to_owned();
        while self
            .parts
            .iter()
            .any(|(_, content)| contains(content, boundary.as_bytes()))
        {
            boundary.push('-');
        }
        boundary
    }
}

fn contains(content: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(content, text).is_some()
}

/// As browsers do.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::Multipart;

    #[test]
    fn parts_are_written_as_forms_are() {
        let form = Multipart::new()
            .text("title", "my notes")
            .file("f", "a\".txt", "text/plain", "x");
        let (kind, body) = form.encode().unwrap();
        assert_eq!(kind, "multipart/form-data; boundary=ssot-harness-part");
        assert_eq!(
            String::from_utf8_lossy(&body),
            "--ssot-harness-part\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nmy notes\r\n\
             --ssot-harness-part\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a%22.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nx\r\n--ssot-harness-part--\r\n"
        );
    }

    #[test]
    fn the_boundary_stands_in_no_part() {
        let form = Multipart::new().text("a", "--ssot-harness-part\r\n");
        let (kind, _) = form.encode().unwrap();
        assert_eq!(kind, "multipart/form-data; boundary=ssot-harness-part-");
    }

    #[test]
    fn a_name_with_a_line_break_is_refused() {
        let error = Multipart::new().text("a\r\nb", "c").encode().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the name of a field cannot hold control characters: \"a\\r\\nb\""
        );
    }
}
