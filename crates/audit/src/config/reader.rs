//! A table of TOML, read key by key, so that every mistake is told.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::mistakes::{Mistakes, did_you_mean};
use super::types::Text;

/// One table; its keys are taken one after another, and those that are left are unknown.
pub(super) struct Reader<'t, 'm> {
    table: &'t dyn TableLike,
    /// As a mistake calls it: `[[role]]`.
    name: &'static str,
    span: Option<Range<usize>>,
    keys: Vec<&'static str>,
    mistakes: &'m mut Mistakes,
}

impl<'t, 'm> Reader<'t, 'm> {
    pub(super) fn new(
        table: &'t dyn TableLike,
        name: &'static str,
        span: Option<Range<usize>>,
        mistakes: &'m mut Mistakes,
    ) -> Self {
        Self {
            table,
            name,
            span,
            keys: Vec::new(),
            mistakes,
        }
    }

    fn take(&mut self, key: &'static str) -> Option<&'t Item> {
        self.keys.push(key);
        self.table.get(key)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Text> {
        let item = self.take(key)?;
        if let Some(value) = item.as_str() {
            Some(Text {
                value: value.to_owned(),
                span: item.span(),
            })
        } else {
            self.wrong(key, "a text", item.span());
            None
        }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, key: &'static str) -> Text {
        let missing = self.table.get(key).is_none();
        let text = self.text(key);
        if missing {
            let what = format!("`{}` needs `{key}`", self.name);
            self.mistakes.add(what, self.span.clone(), None);
        }
        text.unwrap_or_default()
    }

    /// A text or a list of texts.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<Text> {
        let Some(item) = self.take(key) else {
            return Vec::new();
        };
        let found = item.as_value().and_then(texts_of);
        if found.is_none() {
            self.wrong(key, "a text or a list of texts", item.span());
        }
        found.unwrap_or_default()
    }

    /// The same, of which there must be one.
    pub(super) fn some_texts(&mut self, key: &'static str) -> Vec<Text> {
        let texts = self.texts(key);
        let span = self.table.get(key).map_or_else(|| self.span.clone(), Item::span);
        if texts.is_empty() {
            let what = format!("`{}` needs `{key}`: a text or a list of texts", self.name);
            self.mistakes.add(what, span, None);
        }
        texts
    }

    /// A list whose elements are texts or lists of texts.
    pub(super) fn lists(&mut self, key: &'static str) -> Vec<Vec<Text>> {
        let Some(item) = self.take(key) else {
            return Vec::new();
        };
        let found: Option<Vec<Vec<Text>>> = item
            .as_array()
            .and_then(|array| array.iter().map(texts_of).collect());
        if found.is_none() {
            self.wrong(key, "a list of texts, or of lists of texts", item.span());
        }
        found.unwrap_or_default()
    }

    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        let Some(item) = self.take(key) else {
            return false;
        };
        let flag = item.as_bool();
        if flag.is_none() {
            self.wrong(key, "true or false", item.span());
        }
        flag.unwrap_or_default()
    }

    /// A number in tenths.
    pub(super) fn tenths(&mut self, key: &'static str, default: u32) -> u32 {
        let Some(item) = self.take(key) else {
            return default;
        };
        let number = item
            .as_float()
            .or_else(|| {
                item.as_integer()
                    .and_then(|number| i32::try_from(number).ok())
                    .map(f64::from)
            })
            .filter(|number| (0.0..=100.0).contains(number));
        let Some(number) = number else {
            self.wrong(key, "a number from 0 to 100", item.span());
            return default;
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between 0 and 1000"
        )]
        let tenths = (number * 10.0).round() as u32;
        tenths
    }

    /// The tables of `[[key]]`.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<(&'t dyn TableLike, Option<Range<usize>>)> {
        let Some(item) = self.take(key) else {
            return Vec::new();
        };
        if let Some(tables) = item.as_array_of_tables() {
            return tables
                .iter()
                .map(|table| (table as &dyn TableLike, table.span()))
                .collect();
        }
        let inline: Option<Vec<_>> = item.as_array().and_then(|array| {
            array
                .iter()
                .map(|value| Some((value.as_inline_table()? as &dyn TableLike, value.span())))
                .collect()
        });
        if inline.is_none() {
            let help = Some(format!("write `[[{key}]]`"));
            let what = format!("`{key}` must be a list of tables");
            self.mistakes.add(what, item.span(), help);
        }
        inline.unwrap_or_default()
    }

    /// The table of `[key]`.
    pub(super) fn table(&mut self, key: &'static str) -> Option<(&'t dyn TableLike, Option<Range<usize>>)> {
        let item = self.take(key)?;
        let table = item.as_table_like();
        if table.is_none() {
            let help = Some(format!("write `[{key}]`"));
            self.mistakes
                .add(format!("`{key}` must be a table"), item.span(), help);
        }
        table.map(|table| (table, item.span()))
    }

    fn wrong(&mut self, key: &str, wanted: &str, span: Option<Range<usize>>) {
        let what = format!("`{key}` of `{}` must be {wanted}", self.name);
        self.mistakes.add(what, span, None);
    }

    /// Says what keys are unknown.
    pub(super) fn finish(self) {
        for (key, item) in self.table.iter() {
            if self.keys.contains(&key) {
                continue;
            }
            let span = self
                .table
                .key(key)
                .and_then(toml_edit::Key::span)
                .or_else(|| item.span());
            let help = did_you_mean(key, self.keys.iter().copied())
                .unwrap_or_else(|| format!("it knows {}", list(&self.keys)));
            let what = format!("`{}` knows no `{key}`", self.name);
            self.mistakes.add(what, span, Some(help));
        }
    }
}

fn texts_of(value: &Value) -> Option<Vec<Text>> {
    let text = |value: &Value| {
        Some(Text {
            value: value.as_str()?.to_owned(),
            span: value.span(),
        })
    };
    match value {
        Value::String(_) => Some(vec![text(value)?]),
        Value::Array(array) => array.iter().map(text).collect(),
        _ => None,
    }
}

fn list(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}
