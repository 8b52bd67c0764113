//! Names of a run's own, on a Server that others use, too.
//!
//! Clients, history and transcript have the names of the workload. On the wire each Client Identifier, topic, Topic Filter and share name has a root
//! before it that no other run has, so that runs on one Server do not see each other, whatever wildcards they use. A Network
//! Connection keeps the root with which it was opened; a Server that has gone down without a promise to remember anything is met
//! under a new root from then on: for these names it has surely forgotten all.

use bytestring::ByteString;
use protocol::Packet;

/// The topic by which a run proves silence. Like all that begin with `$`, no wildcard at its beginning matches it, on the wire either.
pub(crate) const FENCE: &str = "$fence";

/// The names of one run on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    run: String,
    life: u32,
}

impl Names {
    /// `run` is unique among all runs, at most 20 letters and digits: a Server need not accept longer Client Identifiers than 23 (section 3.1.3.1).
    pub(crate) fn new(run: String) -> Self {
        Names { run, life: 0 }
    }

    /// From now on all names are new.
    pub(crate) fn renew(&mut self) {
        self.life += 1;
    }

    fn root(&self) -> String {
        // The letter ends the number of the run.
        let letter = char::from(b'a' + (self.life % 26) as u8);
        match self.life / 26 {
            0 => format!("{}{letter}", self.run),
            more => format!("{}{letter}{more}", self.run),
        }
    }

    /// A Topic Name or Topic Filter on the wire.
    fn outward(&self, name: &str) -> ByteString {
        let root = self.root();
        if name.is_empty() {
            // A Topic Alias stands for it.
            return ByteString::new();
        }
        if let Some((share, filter)) = name.strip_prefix("$share/").and_then(|rest| rest.split_once('/')) {
            return format!("$share/{root}{share}/{root}/{filter}").into();
        }
        if name == FENCE {
            return format!("{root}-fence").into();
        }
        format!("{root}/{name}").into()
    }

    /// A Topic Name as the run knows it; one that is not of this run stays as it is.
    fn inward(&self, topic: &ByteString) -> ByteString {
        match topic.strip_prefix(&*self.root()) {
            Some("-fence") => ByteString::from_static(FENCE),
            Some(rest) => rest.strip_prefix('/').map_or_else(|| topic.clone(), ByteString::from),
            None => topic.clone(),
        }
    }

    /// A packet of a Client, on the wire.
    pub(crate) fn of_client(&self, mut packet: Packet) -> Packet {
        match &mut packet {
            Packet::Connect(connect) => {
                connect.client_id = format!("{}{}", self.root(), connect.client_id).into();
                if let Some(will) = &mut connect.will {
                    will.topic = self.outward(&will.topic);
                }
            }
            Packet::Publish(publish) => publish.topic = self.outward(&publish.topic),
            Packet::Subscribe(subscribe) => {
                for (filter, _) in &mut subscribe.filters {
                    *filter = self.outward(filter);
                }
            }
            Packet::Unsubscribe(unsubscribe) => {
                for filter in &mut unsubscribe.filters {
                    *filter = self.outward(filter);
                }
            }
            _ => {}
        }
        packet
    }

    /// A packet of the Server, as the run knows it.
    pub(crate) fn of_server(&self, mut packet: Packet) -> Packet {
        if let Packet::Publish(publish) = &mut packet {
            publish.topic = self.inward(&publish.topic);
        }
        packet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::topic::matches;

    const FILTERS: [&str; 12] =
        ["a", "a/b", "a/+", "a/#", "#", "+", "+/b", "/#", "$share/g/a/#", "$share/h/#", "$share/h/+", FENCE];
    const TOPICS: [&str; 7] = ["a", "a/b", "a/c", "b", "/b", "a/b/c", FENCE];

    /// What a Server compares with topics.
    fn plain(filter: &str) -> &str {
        filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/')).map_or(filter, |parts| parts.1)
    }

    #[test]
    fn on_the_wire_the_same_filters_match_the_same_topics() {
        let names = Names::new("q1".to_owned());
        for filter in FILTERS {
            for topic in TOPICS {
                let (wide, wire) = (names.outward(filter), names.outward(topic));
                assert_eq!(
                    matches(plain(&wide), &wire),
                    matches(plain(filter), topic),
                    "{filter} and {topic} are {wide} and {wire}"
                );
            }
        }
    }

    #[test]
    fn no_filter_of_a_run_matches_a_topic_of_another_or_of_the_server() {
        let mut next = Names::new("q1".to_owned());
        next.renew();
        let others = [Names::new("q10".to_owned()), Names::new("q2".to_owned()), next];
        for filter in FILTERS {
            let wide = Names::new("q1".to_owned()).outward(filter);
            for topic in TOPICS {
                for other in &others {
                    assert!(!matches(plain(&wide), &other.outward(topic)), "{wide}");
                }
                assert!(!matches(plain(&wide), topic) && !matches(plain(&wide), "$SYS/x"), "{wide}");
            }
        }
    }

    #[test]
    fn what_goes_out_comes_in_as_it_was_and_what_is_not_ours_stays_as_it_is() {
        let mut names = Names::new("q1".to_owned());
        for _ in 0..60 {
            for topic in TOPICS {
                assert_eq!(names.inward(&names.outward(topic)), topic);
            }
            names.renew();
        }
        for stranger in ["a", "q1", "q1a", "q1aa", "q2a/a", "q1b/a", "q1a-fence/x"] {
            assert_eq!(Names::new("q1".to_owned()).inward(&stranger.into()), stranger);
        }
        assert_eq!(names.outward(""), "", "a Topic Alias stands for it");
    }

    #[test]
    fn shares_of_two_runs_have_different_names_and_filters() {
        let (one, two) = (Names::new("q1".to_owned()), Names::new("q2".to_owned()));

        assert_eq!(one.outward("$share/g/a/#"), "$share/q1ag/q1a/a/#");
        assert_ne!(one.outward("$share/g/a/#"), two.outward("$share/g/a/#"));
    }
}
