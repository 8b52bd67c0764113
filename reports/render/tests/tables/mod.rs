//! Comma-separated values, read strictly.

/// The cells of each line, as RFC 4180 reads them; everything that it does not allow is an error.
pub fn table(source: &str) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let mut cells = Vec::new();
        loop {
            let mut cell = String::new();
            if let Some(quoted) = rest.strip_prefix('"') {
                rest = quoted;
                loop {
                    let end = rest.find('"').expect("a quotation mark ends the cell");
                    cell.push_str(&rest[..end]);
                    rest = &rest[end + 1..];
                    match rest.strip_prefix('"') {
                        Some(more) => {
                            cell.push('"');
                            rest = more;
                        }
                        None => break,
                    }
                }
            } else {
                let end = rest.find([',', '\r', '\n', '"']).expect("the line ends");
                cell.push_str(&rest[..end]);
                rest = &rest[end..];
            }
            cells.push(cell);
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => break,
            }
        }
        rest = rest.strip_prefix("\r\n").expect("a line ends with CR LF");
        lines.push(cells);
    }
    lines
}
