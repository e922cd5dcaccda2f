//! The generation itself: plan, then estate by estate from drawing to rows.

use std::path::Path;

use ids::{AreaId, OwnerId};

use crate::accounts::{self, Settled};
use crate::city::City;
use crate::dice::Dice;
use crate::divisions::{self, DivisionLevel};
use crate::error::{Result, SeedsError};
use crate::layout::{self, STORY_BUILDING};
use crate::manifest::{Manifest, Story, StoryOwner};
use crate::people::People;
use crate::plan::{self, Plan};
use crate::size::Size;
use crate::write;

/// Owners with an account in the estates of the small city, besides those of the story's building.
const OTHER_OWNERS: [usize; 3] = [10, 5, 5];

/// How far a generation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Estates written.
    pub areas: u32,
    /// Estates in all.
    pub areas_total: u32,
    /// Homes written.
    pub homes: u64,
}

/// Writes a demonstration city into a folder and returns its manifest.
///
/// The same size and seed give the same bytes on every machine.
/// Files of an earlier generation in the folder are replaced, others are left alone; the folder is made where it is missing.
/// The memory used does not grow with the number of homes.
/// `owner_id` gives an owner's id from kind and number of the document (`CITIZEN_ID:3307…`): on a platform with its own
/// keys the ids are the platform's own.
/// `progress` is called after every estate.
///
/// Refuses a custom size out of its bounds, and whatever the file system refuses.
pub fn generate(
    size: Size,
    seed: u64,
    folder: &Path,
    owner_id: &dyn Fn(&str) -> OwnerId,
    progress: &mut dyn FnMut(Progress),
) -> Result<Manifest> {
    let size = size.checked()?;
    let plan = plan::draw(size, seed, divisions::divisions()?)?;
    write::prepare(folder)?;
    let mut city = City::new(folder);
    let mut people = People::new();
    city.firms(&plan)?;
    let mut accounts = accounts::offices(&plan, size);
    let mut story = None;
    let mut homes_planned = 0_u64;
    for (place, estate) in plan.estates.iter().enumerate() {
        let mut dice = Dice::new(seed, estate.stream);
        // What earlier estates have too few or too many, this one makes up for, so that the sum comes out.
        homes_planned += u64::from(estate.homes);
        let lacking = homes_planned.saturating_sub(city.homes()) as u32;
        let homes = lacking.clamp(
            estate.homes.saturating_sub(estate.homes / 4),
            estate.homes + estate.homes / 4,
        );
        let layout = layout::lay_out(estate, homes, &mut dice);
        let story_place = layout
            .buildings
            .iter()
            .position(|building| estate.story && building.number == STORY_BUILDING);
        let titles = people.settle(&layout, story_place, &mut dice)?;
        city.estate(&plan, estate, &layout, &titles, &mut dice)?;
        let settled = Settled {
            plan: estate,
            ordinal: place + 1,
            layout: &layout,
            titles: &titles,
            owner_id,
        };
        if estate.story {
            let (mut owners, cast) = settled.story_owners();
            accounts.append(&mut owners);
            story = story_of(&plan, &settled, cast);
        }
        if size == Size::Small {
            accounts.append(&mut settled.other_owners(OTHER_OWNERS[place.min(2)]));
        }
        progress(Progress {
            areas: place as u32 + 1,
            areas_total: plan.estates.len() as u32,
            homes: city.homes(),
        });
    }
    let story =
        story.ok_or_else(|| SeedsError::DivisionsBroken("no estate can carry the story".to_owned()))?;
    city.finish(size, seed, people.count(), &accounts, story)
}

/// The story's cast, from its estate.
fn story_of(plan: &Plan, settled: &Settled<'_>, cast: Vec<StoryOwner>) -> Option<Story> {
    let estate = settled.plan;
    let street = estate.division_code.get(..9)?;
    let other = plan
        .divisions
        .iter()
        .find(|division| division.level == DivisionLevel::Street && division.code != street)?;
    Some(Story {
        area_number: estate.number.clone(),
        area_name: estate.name.clone(),
        area_id: AreaId::derive(&estate.number).to_string(),
        building_number: STORY_BUILDING.to_owned(),
        building_id: settled.building_id(STORY_BUILDING).to_string(),
        division_code: estate.division_code.clone(),
        manager_credit_code: plan.managers.get(estate.manager?)?.credit_code.clone(),
        developer_credit_code: plan.developers.get(estate.developer?)?.credit_code.clone(),
        manager_account: "firm-1".to_owned(),
        developer_account: "developer-1".to_owned(),
        committee_account: "committee-1".to_owned(),
        community_account: accounts::community_account(&estate.division_code),
        street_account: accounts::street_account(street),
        other_street_account: accounts::street_account(&other.code),
        homes: settled.story_homes(),
        unsold_home: settled.unsold_home()?,
        owner_accounts: cast,
    })
}
