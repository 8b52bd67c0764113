//! Shared Subscriptions: one Application Message goes to one member (section 4.8.2 of 5.0).

use crate::session::Subscription;
use crate::session_id::SessionId;

/// How well a Session can take a message now; the lowest is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Connected, and the message can be sent at once.
    Ready,
    /// Connected, and the message has to wait for the send quota.
    Busy,
    /// Not connected; the message has to wait in the Session State.
    Away,
    /// Has no room for the message. Somebody has to be chosen nevertheless, so that the publisher hears of it.
    Full,
    /// Need not get the message: it is of QoS 0, and there is no connection.
    Unable,
}

/// The members of one Shared Subscription: those who subscribed with the same ShareName and Topic Filter.
#[derive(Debug, Default)]
pub(crate) struct Share {
    /// In the order of joining.
    members: Vec<(SessionId, Subscription)>,
    /// Who is asked first.
    next: usize,
}

impl Share {
    /// Makes the Session a member, or changes its options: whoever subscribes twice is still one member. Returns whether it is new.
    pub(crate) fn join(&mut self, session: SessionId, subscription: Subscription) -> bool {
        match self.members.iter_mut().find(|(member, _)| *member == session) {
            Some((_, present)) => {
                *present = subscription;
                false
            }
            None => {
                self.members.push((session, subscription));
                true
            }
        }
    }

    /// The Subscription of this member.
    pub(crate) fn get(&self, session: SessionId) -> Option<Subscription> {
        self.members.iter().find(|(member, _)| *member == session).map(|(_, subscription)| *subscription)
    }

    /// Ends the membership. Returns whether there was one.
    pub(crate) fn leave(&mut self, session: SessionId) -> bool {
        let Some(index) = self.members.iter().position(|(member, _)| *member == session) else {
            return false;
        };
        self.members.remove(index);
        if index < self.next {
            self.next -= 1;
        }
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The member for the next message: in turn, among those who can take it best. `None` if nobody can.
    pub(crate) fn choose(
        &mut self,
        rank: &impl Fn(SessionId, &Subscription) -> Rank,
    ) -> Option<(SessionId, Subscription)> {
        let count = self.members.len();
        let (best, offset) = (0..count)
            .map(|offset| (rank_of(rank, &self.members[(self.next + offset) % count]), offset))
            .min()?;
        if best == Rank::Unable {
            return None;
        }
        let chosen = (self.next + offset) % count;
        self.next = (chosen + 1) % count;
        Some(self.members[chosen])
    }
}

fn rank_of(rank: &impl Fn(SessionId, &Subscription) -> Rank, member: &(SessionId, Subscription)) -> Rank {
    rank(member.0, &member.1)
}
