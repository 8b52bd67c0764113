//! Who may publish and subscribe to what: permissions as Topic Filters, and the users who have them (section 5.4 of both versions).
//!
//! What is a Topic Name or a Topic Filter is in `protocol::topic`; matching is in `subscriptions` and `retained`.

use serde::Deserialize;

/// What somebody may do, as Topic Filters. `#` stands for everything, Topic Names that begin with `$` included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// Where they may publish.
    #[serde(default = "everything")]
    pub publish: Vec<String>,
    /// What they may subscribe to: every Topic Filter that one of these covers. The ShareName of a Shared Subscription does not count.
    #[serde(default = "everything")]
    pub subscribe: Vec<String>,
}

fn everything() -> Vec<String> {
    vec!["#".to_owned()]
}

impl Permissions {
    /// To publish and subscribe to everything.
    #[must_use]
    pub fn everything() -> Self {
        Permissions { publish: everything(), subscribe: everything() }
    }

    pub(crate) fn may_publish(&self, topic: &str) -> bool {
        self.publish.iter().any(|wide| covers(wide, topic))
    }

    pub(crate) fn may_subscribe(&self, filter: &str) -> bool {
        self.subscribe.iter().any(|wide| covers(wide, filter))
    }
}

/// Somebody who may connect with a user name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The User Name.
    pub name: String,
    /// The Password.
    pub password: String,
    /// What the user may do.
    #[serde(default = "Permissions::everything")]
    pub permissions: Permissions,
}

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
