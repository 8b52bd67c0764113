//! What arrives at the Server at the same moment is handed to the [`Service`] together, as [`transport::serve()`](transport::serve::serve) hands in what it
//! has read: a Service that writes to a disk then writes once for all of it ([`Service::gather`]).
//!
//! Of each Network Connection there is at most one piece in what is handed in together. A Service that gathers may want to close a Network
//! Connection and cannot say so yet; a second piece would then count as given ([`Sighting::Ended`](super::Sighting::Ended)) although nobody reads it.

use super::{Parcel, UnderWay, Virtual};
use crate::network::LinkId;
use transport::{Service, Stimulus};

impl<S: Service> Virtual<S> {
    /// Before a parcel arrives: lets the Service gather if more comes with it.
    pub(super) fn gather(&mut self, link: LinkId, parcel: &Parcel) {
        if !self.gathered.is_empty() {
            self.gathered.push(link);
            return;
        }
        if !self.is_gathered(parcel) {
            return;
        }
        self.gathered.push(link);
        if !self.may_gather() {
            self.gathered.clear();
        } else if let Some(service) = &mut self.service {
            service.gather(true);
        }
    }

    /// Whether what arrives next belongs to what the Service gathers.
    pub(super) fn may_gather(&self) -> bool {
        self.service.is_some()
            && self.under_way.peek().is_some_and(|UnderWay { arrival, link, parcel, .. }| {
                *arrival <= self.now && self.is_gathered(parcel) && !self.gathered.contains(link)
            })
    }

    /// Whether it is a stimulus that the Service gets in one piece.
    fn is_gathered(&self, parcel: &Parcel) -> bool {
        self.powered
            && match parcel {
                Parcel::ToServer(Stimulus::Bytes(bytes)) => bytes.len() <= self.split,
                Parcel::ToServer(_) => true,
                Parcel::Open | Parcel::ToClient(_) => false,
            }
    }

    /// The Service has got all of it, and does what it has put off.
    pub(super) fn end_gathering(&mut self) {
        self.gathered.clear();
        if let Some(service) = &mut self.service {
            service.gather(false);
            self.collect();
        }
    }
}
