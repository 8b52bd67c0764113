//! Which Topic Names and Topic Filters a Client may send (sections 4.7 and 4.8.2).
//!
//! That they are UTF-8 is in their type. Matching is deliberately not here: a Client has no need of it.

/// Whether the string may be a Topic Name.
pub(crate) fn is_topic_name(topic: &str) -> bool {
    catalogue::cite!("5.0/MQTT-3.3.2-2", "3.1.1/MQTT-3.3.2-2", "5.0/MQTT-4.7.0-1", "3.1.1/MQTT-4.7.1-1");
    is_string_of_topics(topic) && !topic.contains(['+', '#'])
}

/// Whether the string may be a Topic Filter. `shared` tells whether the version knows Shared Subscriptions; 3.1.1 has no rule for `$share`.
pub(crate) fn is_topic_filter(filter: &str, shared: bool) -> bool {
    let Some(rest) = filter.strip_prefix("$share/").filter(|_| shared) else {
        return is_string_of_topics(filter) && has_wildcards_in_place(filter);
    };
    catalogue::cite!("5.0/MQTT-4.8.2-1", "5.0/MQTT-4.8.2-2");
    is_string_of_topics(filter)
        && rest.split_once('/').is_some_and(|(name, filter)| {
            !name.is_empty()
                && !name.contains(['+', '#'])
                && !filter.is_empty()
                && has_wildcards_in_place(filter)
        })
}

/// Whether the Topic Filter asks for a Shared Subscription (5.0).
pub(crate) fn is_shared(filter: &str) -> bool {
    filter.starts_with("$share/")
}

/// Whether the Topic Filter has a wildcard.
pub(crate) fn has_wildcard(filter: &str) -> bool {
    filter.contains(['+', '#'])
}

fn is_string_of_topics(text: &str) -> bool {
    catalogue::cite!("5.0/MQTT-4.7.3-1", "3.1.1/MQTT-4.7.3-1");
    catalogue::cite!("5.0/MQTT-4.7.3-2", "3.1.1/MQTT-4.7.3-2", "5.0/MQTT-1.5.4-2", "3.1.1/MQTT-1.5.3-2");
    catalogue::cite!("5.0/MQTT-4.7.3-3", "3.1.1/MQTT-4.7.3-3");
    !text.is_empty() && !text.contains('\0') && text.len() <= usize::from(u16::MAX)
}

fn has_wildcards_in_place(filter: &str) -> bool {
    catalogue::cite!("5.0/MQTT-4.7.1-1", "3.1.1/MQTT-4.7.1-2", "5.0/MQTT-4.7.1-2", "3.1.1/MQTT-4.7.1-3");
    let mut levels = filter.split('/').peekable();
    while let Some(level) = levels.next() {
        let in_place = match level {
            "#" => levels.peek().is_none(),
            "+" => true,
            other => !has_wildcard(other),
        };
        if !in_place {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topic_names_have_characters_but_no_wildcards() {
        for name in ["a", "/", "a//b", "$SYS/x", " "] {
            assert!(is_topic_name(name), "{name:?}");
        }
        for name in ["", "+", "a/#", "a\0b", &"x".repeat(65_536)] {
            assert!(!is_topic_name(name), "{name:?}");
        }
    }

    #[test]
    fn wildcards_stand_where_the_standard_puts_them() {
        for filter in ["#", "+", "a/#", "+/+", "/+", "a/+/b", "$share/g/a/#", "$share/g//"] {
            assert!(is_topic_filter(filter, true), "{filter:?}");
        }
        for filter in ["", "a#", "#/a", "a/#/b", "a+", "+a/b", "a\0"] {
            assert!(!is_topic_filter(filter, true), "{filter:?}");
        }
    }

    #[test]
    fn shared_subscriptions_need_a_name_and_a_filter() {
        for filter in ["$share/g", "$share/g/", "$share//t", "$share/a+/t", "$share/#/t", "$share/"] {
            assert!(!is_topic_filter(filter, true), "{filter:?}");
        }
        assert!(is_topic_filter("$share/g", false), "3.1.1 knows no Shared Subscriptions");
        assert!(is_topic_filter("$shared", true));
    }
}
