//! Where things lie after mergers of divisions. A record keeps the code it was made under; whose territory it is today
//! follows from the mergers, so the officers of a surviving division act on the ballots of those that ended in it.

use access::Resource;
use calendar::today;
use ids::{DivisionCode, Mergers};

use super::App;

impl App {
    /// The resource with the divisions that took over the one it lies in.
    pub(super) fn in_present_place(&self, mergers: &Mergers, resource: Resource) -> Resource {
        resource.placed(mergers, today(self.clock.now()))
    }

    /// The division and those that lie in it today only because of mergers.
    pub(super) fn territory(&self, mergers: &Mergers, division: DivisionCode) -> Vec<DivisionCode> {
        mergers.territory(division, today(self.clock.now()))
    }
}
