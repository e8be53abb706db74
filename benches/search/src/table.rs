//! Tables, as text and as CSV.

use std::fmt;

use csv::{QuoteStyle, WriterBuilder};

/// Rows of cells under a head.
#[derive(Clone, Debug)]
pub struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of these columns.
    #[must_use]
    pub fn new(head: &[&'static str]) -> Self {
        Self {
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    /// The table as comma-separated values, each in quotation marks.
    ///
    /// # Panics
    ///
    /// Where a row has not as many cells as there are columns.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut table = WriterBuilder::new()
            .quote_style(QuoteStyle::Always)
            .from_writer(Vec::new());
        table.write_record(&self.head).expect("a vector takes everything");
        for row in &self.rows {
            table.write_record(row).expect("every row has as many cells");
        }
        let text = table.into_inner().expect("a vector takes everything");
        String::from_utf8(text).expect("cells are text")
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([self.head[column].len()]).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..self.head.len()).map(width).collect();
        let head = self.head.iter().map(|&cell| cell.to_owned()).collect();
        for row in std::iter::once(&head).chain(&self.rows) {
            let cells: Vec<_> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}
