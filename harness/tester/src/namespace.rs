//! Keeps scenarios apart that share a Subject: Client Identifiers and topics of their own.

/// The namespace of one scenario. Feature files speak of plain topics; the wire has them below a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    tag: String,
    prefix: String,
}

impl Namespace {
    /// The namespace for a scenario, from a number that no other scenario on the same Subject has.
    #[must_use]
    pub fn new(number: u64) -> Self {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let mut tag = String::new();
        let mut rest = number;
        for _ in 0..9 {
            tag.push(char::from(DIGITS[(rest % 36) as usize]));
            rest /= 36;
        }
        Namespace { prefix: format!("mc/{tag}/"), tag }
    }

    /// The Client Identifier for a name: 1 to 23 letters and digits, which every Server has to accept.
    #[must_use]
    pub fn client_id(&self, name: &str) -> String {
        let own: String = name.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        format!("mc{}{own}", self.tag)
    }

    /// The Topic Name or Topic Filter on the wire for the one in a feature file.
    ///
    /// `$share/GROUP/FILTER` gets the prefix inside and a group of its own; any other `$` topic keeps its first character and gets the
    /// namespace into its first level; everything else goes below the prefix.
    #[must_use]
    pub fn topic(&self, plain: &str) -> String {
        if let Some(rest) = plain.strip_prefix("$share/") {
            return match rest.split_once('/') {
                Some((group, filter)) if !group.is_empty() && !filter.is_empty() => {
                    format!("$share/{group}{}/{}", self.tag, self.topic(filter))
                }
                // Without a ShareName it is not valid, and has to stay so.
                Some(("", filter)) if !filter.is_empty() => format!("$share//{}", self.topic(filter)),
                _ => plain.to_owned(),
            };
        }
        if plain.starts_with('$') {
            return match plain.split_once('/') {
                Some((first, rest)) => format!("{first}{}/{rest}", self.tag),
                None => format!("{plain}{}", self.tag),
            };
        }
        format!("{}{plain}", self.prefix)
    }

    /// The topic as a feature file has it, for one on the wire.
    #[must_use]
    pub fn plain<'a>(&self, topic: &'a str) -> std::borrow::Cow<'a, str> {
        match topic.strip_prefix(&self.prefix) {
            Some(plain) => plain.into(),
            None if topic.starts_with('$') => topic.replacen(&self.tag, "", 1).into(),
            None => topic.into(),
        }
    }

    /// Whether a Topic Name on the wire belongs to this scenario.
    #[must_use]
    pub fn owns(&self, topic: &str) -> bool {
        topic.starts_with(&self.prefix)
            || topic
                .split('/')
                .next()
                .is_some_and(|first| first.starts_with('$') && first.ends_with(&self.tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_comes_back_as_it_went_in() {
        let namespace = Namespace::new(123_456_789);

        for plain in ["a", "/a", "a//b", "+/x", "#", "$t/x"] {
            let wire = namespace.topic(plain);
            assert_eq!(namespace.plain(&wire), plain);
            assert!(namespace.owns(&wire), "{wire}");
        }
    }

    #[test]
    fn a_client_identifier_is_one_that_every_server_accepts() {
        let id = Namespace::new(u64::MAX).client_id("a long name, with punctuation");

        assert!(id.len() <= 23 && id.chars().all(|c| c.is_ascii_alphanumeric()), "{id}");
    }
}
