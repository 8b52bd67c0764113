//! Makes a failing workload short: first without as many steps as possible (delta debugging: Zeller and Hildebrandt, 2002), then with simpler
//! steps, until nothing more can be left out.

mod simpler;

use crate::workload::{Step, Workload};

/// How many runs are spent on one workload.
const MOST_RUNS: u32 = 20_000;

/// The shortest workload that was found for which `fails` holds as it does for the given one. Calls `fails` with many others.
pub fn shrink(workload: &Workload, fails: impl FnMut(&Workload) -> bool) -> Workload {
    shrink_within(workload, MOST_RUNS, fails)
}

/// The same with at most so many calls of `fails`: the result may be longer than it needs to be.
pub fn shrink_within(workload: &Workload, calls: u32, mut fails: impl FnMut(&Workload) -> bool) -> Workload {
    let mut left = calls.saturating_add(1);
    let mut tries = |candidate: &Workload| {
        left = left.saturating_sub(1);
        left > 0 && fails(candidate)
    };
    let mut best = workload.clone();
    loop {
        let before = best.clone();
        leave_steps_out(&mut best, &mut tries);
        leave_pairs_out(&mut best, &mut tries);
        simplify(&mut best, &mut tries);
        if best == before {
            return best;
        }
    }
}

/// Leaves pieces out, first large ones, then smaller ones.
fn leave_steps_out(best: &mut Workload, fails: &mut impl FnMut(&Workload) -> bool) {
    let mut length = best.steps.len().div_ceil(2);
    while length > 0 {
        let mut start = 0;
        while start < best.steps.len() {
            let mut candidate = best.clone();
            let end = (start + length).min(candidate.steps.len());
            candidate.steps.drain(start..end);
            if fails(&candidate) {
                *best = candidate;
            } else {
                start += length;
            }
        }
        length /= 2;
    }
}

/// Leaves two steps out that only make sense together, such as a Server that goes down and comes up.
fn leave_pairs_out(best: &mut Workload, fails: &mut impl FnMut(&Workload) -> bool) {
    let mut first = 0;
    while first < best.steps.len() {
        let mut second = first + 1;
        while second < best.steps.len() {
            let mut candidate = best.clone();
            candidate.steps.remove(second);
            candidate.steps.remove(first);
            if fails(&candidate) {
                *best = candidate;
                second = first + 1;
            } else {
                second += 1;
            }
        }
        first += 1;
    }
}

/// Makes each step as simple as it can be.
fn simplify(best: &mut Workload, fails: &mut impl FnMut(&Workload) -> bool) {
    if best.latency != (0, 0) {
        let candidate = Workload { latency: (0, 0), ..best.clone() };
        if fails(&candidate) {
            *best = candidate;
        }
    }
    for place in 0..best.steps.len() {
        // Each simplification that holds may make another one possible.
        while let Some(step) = first_that(best, place, fails) {
            best.steps[place] = step;
        }
    }
}

fn first_that(best: &Workload, place: usize, fails: &mut impl FnMut(&Workload) -> bool) -> Option<Step> {
    simpler::than(&best.steps[place]).into_iter().find(|step| {
        let mut candidate = best.clone();
        candidate.steps[place] = step.clone();
        fails(&candidate)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate;
    use crate::schedule::Hardship;
    use crate::workload::Action;

    fn has_will_and_reset(workload: &Workload) -> bool {
        let has_will = |step: &Step| matches!(step, Step::Does(_, Action::Connect(c)) if c.will.is_some());
        let is_reset = |step: &Step| matches!(step, Step::Suffers(Hardship::Reset(_)));
        workload.steps.iter().any(has_will) && workload.steps.iter().any(is_reset)
    }

    #[test]
    fn what_the_failure_needs_is_left_and_nothing_else() {
        let failing = (0..).map(generate::workload).find(has_will_and_reset).unwrap();

        let shrunk = shrink(&failing, has_will_and_reset);

        assert_eq!(shrunk.steps.len(), 2, "{shrunk}");
        assert_eq!(shrunk.latency, (0, 0));
        assert!(has_will_and_reset(&shrunk));
    }
}
