//! Variants: Servers that conform, and choose differently from the reference broker where the standard leaves a choice. The suite must not accuse one
//! of them; where it does, the check is wrong (`selftest`).
//!
//! One Variant is one [`variant!`](crate::variant!) in the file of its area, with the hooks of a Defect.

mod connecting;
mod delivery;
mod errors;
mod limits;
mod messages;
mod timing;
mod websocket;

use crate::around::Behaviour;

/// A conforming choice.
#[derive(Debug)]
pub struct Variant {
    /// Its name, in lower case with dashes.
    pub name: &'static str,
    /// What it chooses, and where the standard allows it.
    pub title: &'static str,
    /// What is different.
    pub behaviour: Behaviour,
}

inventory::collect!(Variant);

/// Declares a [`Variant`](crate::variants::Variant).
#[macro_export]
macro_rules! variant {
    ($name:literal, $title:literal, $($where:ident: $what:expr),+ $(,)?) => {
        inventory::submit! {
            $crate::variants::Variant {
                name: $name,
                title: $title,
                behaviour: $crate::around::Behaviour { $($where: Some($what),)+ ..$crate::around::Behaviour::NONE },
            }
        }
    };
}

/// All Variants, sorted by name.
#[must_use]
pub fn all() -> Vec<&'static Variant> {
    let mut all: Vec<&Variant> = inventory::iter::<Variant>.into_iter().collect();
    all.sort_by_key(|v| v.name);
    all
}
