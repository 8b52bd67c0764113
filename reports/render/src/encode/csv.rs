//! CSV: quoted, on one line, and never a formula.

use record::encode::visible::visible;

/// One cell, with its quotes.
#[must_use]
pub fn cell(bytes: &[u8]) -> String {
    let text = visible(bytes);
    // Spreadsheets look past blanks for the sign that makes a cell a formula.
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, text.replace('"', "\"\""))
}
