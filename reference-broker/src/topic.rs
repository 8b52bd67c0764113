//! Which Topic Filters a permission covers, for access control.
//!
//! What is a Topic Name or a Topic Filter is in `protocol::topic`; matching is in `subscriptions` and `retained`.

/// Whether each Topic Name that `narrow` matches is one that `wide` allows. `#` means everything here, Topic Names that begin
/// with `$` included. A Topic Name is a filter that matches itself.
pub(crate) fn covers(wide: &str, narrow: &str) -> bool {
    let mut narrow_levels = narrow.split('/');
    for level in wide.split('/') {
        if level == "#" {
            return true;
        }
        match narrow_levels.next() {
            Some("#") | None => return false,
            Some(narrow_level) => {
                if level != "+" && level != narrow_level {
                    return false;
                }
            }
        }
    }
    narrow_levels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_permission_covers_filters_that_match_nothing_more() {
        for (wide, narrow) in [
            ("#", "a/+/#"),
            ("#", "$s/a"),
            ("a/#", "a"),
            ("a/#", "a/#"),
            ("a/+", "a/b"),
            ("a/+", "a/+"),
            ("+/b/#", "a/b/c"),
        ] {
            assert!(covers(wide, narrow), "{wide} {narrow}");
        }
        for (wide, narrow) in
            [("a", "a/b"), ("a/b", "a"), ("a/+", "a/#"), ("a/b", "a/+"), ("a/+", "#"), ("b/#", "a")]
        {
            assert!(!covers(wide, narrow), "{wide} {narrow}");
        }
    }
}
