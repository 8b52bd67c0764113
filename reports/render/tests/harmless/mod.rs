//! What a document must not let show of a hostile Subject.

use scraper::Html;

/// The elements of a page with the names of their attributes, in order.
pub fn skeleton(page: &Html) -> Vec<(String, Vec<String>)> {
    page.tree
        .nodes()
        .filter_map(|node| node.value().as_element())
        .map(|element| {
            (element.name().to_owned(), element.attrs().map(|(name, _)| name.to_owned()).collect())
        })
        .collect()
}

/// No invisible character but line ends.
pub fn is_harmless(text: &str) -> bool {
    !text.chars().any(|character| character != '\n' && record::encode::visible::is_invisible(character))
}
