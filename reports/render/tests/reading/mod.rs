//! A page as text, for snapshots that a person reviews.

use scraper::{ElementRef, Html, Node};

/// What a text browser would show: a line for each block.
pub fn read(page: &Html) -> String {
    let mut out = String::new();
    block(page.root_element(), &mut out);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn block(element: ElementRef<'_>, out: &mut String) {
    let name = element.value().name();
    if matches!(name, "script" | "style" | "head") || element.attr("hidden").is_some() {
        return;
    }
    let is_inline =
        matches!(name, "a" | "b" | "bdi" | "code" | "em" | "small" | "span" | "strong" | "td" | "th");
    if !is_inline {
        out.push('\n');
    }
    out.push_str(match name {
        "h1" => "# ",
        "h2" => "## ",
        "h3" => "### ",
        "h4" => "#### ",
        "li" => "- ",
        "td" | "th" => " | ",
        _ => "",
    });
    for child in element.children() {
        if let Some(element) = ElementRef::wrap(child) {
            block(element, out);
        } else if let Node::Text(text) = child.value() {
            out.push_str(&text.replace('\n', " "));
        }
    }
    if !is_inline {
        out.push('\n');
    }
}
