//! The page without what HTML lets a writer leave out: quotes around simple attribute values, and end tags that the next tag implies.
//!
//! A statement has a row and a check has an item, and there are thousands of both, so that this halves the markup. It relies on what
//! the encoders guarantee: text holds no `<`, and attribute values hold no quotes.

/// End tags that are implied by whatever follows them in these pages.
const IMPLIED: [&str; 9] =
    ["</td>", "</th>", "</tr>", "</li>", "</dt>", "</dd>", "</tbody>", "</thead>", "</tfoot>"];

/// What may follow a paragraph so that its end tag is implied.
const ENDS_PARAGRAPH: [&str; 14] = [
    "<p",
    "</div>",
    "</section>",
    "</details>",
    "<details",
    "<ul",
    "<ol",
    "<dl",
    "<div",
    "<h",
    "<table",
    "<pre",
    "<blockquote",
    "</li>",
];

/// Leaves it out. What stands between `<style>` or `<script>` and their end tags stays as it is.
pub(super) fn compact(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (text, markup) = rest.split_at(start);
        out.push_str(text);
        let Some(end) = end_of_tag(markup) else {
            rest = markup;
            break;
        };
        let (tag, after) = markup.split_at(end);
        rest = after;
        if let Some(name) = ["style", "script"].into_iter().find(|name| is_start_of(tag, name)) {
            unquote(tag, &mut out);
            let close = format!("</{name}>");
            let raw = after.find(&close).map_or(after.len(), |at| at + close.len());
            out.push_str(&after[..raw]);
            rest = &after[raw..];
        } else if tag == "</p>" {
            if !ENDS_PARAGRAPH.iter().any(|next| after.starts_with(next)) {
                out.push_str(tag);
            }
        } else if !IMPLIED.contains(&tag) {
            unquote(tag, &mut out);
        }
    }
    out.push_str(rest);
    out
}

fn is_start_of(tag: &str, name: &str) -> bool {
    tag.strip_prefix('<')
        .and_then(|tag| tag.strip_prefix(name))
        .is_some_and(|rest| rest.starts_with([' ', '>']))
}

/// After the `>` that ends the tag; one in an attribute value does not.
fn end_of_tag(markup: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in markup.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The tag without quotes that are not needed.
fn unquote(tag: &str, out: &mut String) {
    let mut parts = tag.split('"');
    out.push_str(parts.next().unwrap_or_default());
    while let (Some(value), Some(after)) = (parts.next(), parts.next()) {
        let simple = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'#' | b':' | b'/' | b',')
        };
        // A slash at the end would look like that of an empty element.
        if !value.is_empty() && value.bytes().all(simple) && !value.ends_with('/') {
            out.push_str(value);
        } else {
            out.push('"');
            out.push_str(value);
            out.push('"');
        }
        out.push_str(after);
    }
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn simple_values_lose_their_quotes_and_others_keep_them() {
        assert_eq!(
            compact("<a href=\"#x-1.2\" class=\"v pass\" title=\"\" data-a=\"x/\" open>t</a>"),
            "<a href=#x-1.2 class=\"v pass\" title=\"\" data-a=\"x/\" open>t</a>"
        );
        assert_eq!(compact("<m content=\"a > b\">"), "<m content=\"a > b\">");
    }

    #[test]
    fn implied_end_tags_go_and_needed_ones_stay() {
        assert_eq!(compact("<tr><td>a</td></tr><p>b</p><ul><li>c</li></ul>"), "<tr><td>a<p>b<ul><li>c</ul>");
        assert_eq!(compact("<p>b</p>text"), "<p>b</p>text");
    }

    #[test]
    fn style_and_script_stay_as_they_are() {
        let page = "<style>a[b=\"c\"]{}</td></style><script>\"</tr>\" < \"x\"</script><td class=\"x\">";
        assert_eq!(
            compact(page),
            "<style>a[b=\"c\"]{}</td></style><script>\"</tr>\" < \"x\"</script><td class=x>"
        );
    }
}
