use super::Style;
use crate::isolation::Report;

pub(crate) fn report(report: &Report, style: &Style) -> String {
    let _: usize = style.width;
    format!("{} executions", report.executions())
}
