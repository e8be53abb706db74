use hyper::body::Bytes;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use super::error::HttpError;

/// A value as JSON.
pub(super) fn json(value: &(impl Serialize + ?Sized)) -> Result<Bytes, HttpError> {
    let text = serde_json::to_vec(value).map_err(|error| {
        HttpError::request(format!(
            "the body of a request cannot be turned into JSON: {error}"
        ))
    })?;
    Ok(text.into())
}

/// The fields of a value as `name=value&…`. What is null is left out, what is a list comes once for each element.
pub(super) fn urlencoded(value: &(impl Serialize + ?Sized), what: &str) -> Result<String, HttpError> {
    let refuse = |why: &str| {
        HttpError::request(format!(
            "{what} has to be an object of texts, numbers, booleans and lists of them: {why}"
        ))
    };
    let value = serde_json::to_value(value)
        .map_err(|error| refuse(&format!("it cannot be turned into JSON ({error})")))?;
    let pairs: Vec<(String, Value)> = match value {
        Value::Object(fields) => fields.into_iter().collect(),
        // A list of pairs, as `&[("a", "b")]` is.
        Value::Array(items) => items
            .into_iter()
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()
            .map_err(|_| refuse("it is a list of something else than pairs"))?,
        other => return Err(refuse(&format!("it is {other}"))),
    };
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        let values = match value {
            Value::Array(items) => items,
            value => vec![value],
        };
        for value in values {
            match value {
                Value::Null => {}
                Value::String(text) => {
                    encoded.append_pair(&name, &text);
                }
                Value::Bool(_) | Value::Number(_) => {
                    encoded.append_pair(&name, &value.to_string());
                }
                Value::Array(_) | Value::Object(_) => {
                    return Err(refuse(&format!("its field `{name}` is {value}")));
                }
            }
        }
    }
    Ok(encoded.finish())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::urlencoded;

    #[test]
    fn fields_are_encoded_as_a_browser_does() {
        let form = json!({ "a": "x y&z", "b": 7, "c": null, "d": [true, "é"] });
        assert_eq!(
            urlencoded(&form, "a form").unwrap(),
            "a=x+y%26z&b=7&d=true&d=%C3%A9"
        );
        assert_eq!(
            urlencoded(&[("q", "1"), ("q", "2")], "a query").unwrap(),
            "q=1&q=2"
        );
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for (form, why) in [
            (json!({ "a": { "b": 1 } }), "its field `a` is {\"b\":1}"),
            (json!(7), "it is 7"),
            (json!([7]), "it is a list of something else than pairs"),
        ] {
            let error = urlencoded(&form, "a form").unwrap_err().to_string();
            assert!(
                error.ends_with(why) && error.starts_with("a form has to be"),
                "{error}"
            );
        }
    }
}
