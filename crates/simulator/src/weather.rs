//! How long a segment takes: latency, and loss as TCP shows it.

use crate::random::Random;
use std::ops::Range;
use std::time::Duration;

const FIRST_RETRANSMISSION: Duration = Duration::from_millis(200);
/// After this many losses in a row a segment gets through, so that a scenario ends under any loss.
const MOST_LOSSES: u32 = 10;

/// The state of the network that all Network Connections share.
#[derive(Debug, Clone)]
pub(crate) struct Weather {
    pub(crate) latency: Range<Duration>,
    pub(crate) loss: f64,
    pub(crate) tick: Duration,
    random: Random,
}

impl Weather {
    pub(crate) const fn new(latency: Range<Duration>, loss: f64, tick: Duration, seed: u64) -> Self {
        Weather { latency, loss, tick, random: Random::new(seed) }
    }

    /// When a segment arrives that is sent now: a whole number of ticks, and never before `last`, as TCP keeps the order.
    pub(crate) fn arrival(&mut self, now: Duration, last: Duration) -> Duration {
        let mut delay = self.latency.start;
        let span = self.latency.end.saturating_sub(self.latency.start).as_nanos() as u64;
        if span > 0 {
            delay += Duration::from_nanos(self.random.below(span));
        }
        for losses in 0..MOST_LOSSES {
            if !self.random.chance(self.loss) {
                break;
            }
            delay += FIRST_RETRANSMISSION * (1 << losses);
        }
        whole_ticks(now + delay, self.tick).max(last)
    }
}

/// The next whole number of ticks.
fn whole_ticks(duration: Duration, tick: Duration) -> Duration {
    let (duration, tick) = (duration.as_nanos() as u64, (tick.as_nanos() as u64).max(1));
    Duration::from_nanos(duration.div_ceil(tick) * tick)
}
