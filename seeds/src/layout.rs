//! The buildings and homes of one estate: storeys, stairwells, flat types repeated from floor to floor,
//! shops on ground floors, a garage, and what is sold and handed over.

mod sale;
mod shape;

use chrono::NaiveDate;

use crate::codes;
use crate::dice::Dice;
use crate::plan::EstatePlan;

use sale::Sale;
use shape::Shape;

/// Number of the story's building, and its place in the list of its estate's buildings.
pub(crate) const STORY_BUILDING: &str = "3";
/// The flat of the story's building that its developer has never sold.
pub(crate) const STORY_UNSOLD: (&str, &str) = ("2", "602");

/// What a home is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Residential,
    Commercial,
    Parking,
}

impl Use {
    /// The word of the import format.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Use::Residential => "RESIDENTIAL",
            Use::Commercial => "COMMERCIAL",
            Use::Parking => "PARKING",
        }
    }
}

/// Whether a home is sold and handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SaleState {
    Unsold,
    Sold,
    Delivered { on: NaiveDate },
}

impl SaleState {
    /// The word of the import format.
    pub(crate) fn word(self) -> &'static str {
        match self {
            SaleState::Unsold => "UNSOLD",
            SaleState::Sold => "SOLD",
            SaleState::Delivered { .. } => "DELIVERED",
        }
    }
}

/// A building of the estate.
#[derive(Clone, Debug)]
pub(crate) struct Building {
    pub number: String,
    pub floors: u32,
}

/// A home of the estate.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    /// Place of its building in the estate's list.
    pub building: usize,
    pub stairwell: String,
    pub room: String,
    pub unit_number: String,
    /// Exclusive area in 0.01 m².
    pub area: u32,
    pub use_: Use,
    pub sale: SaleState,
}

/// The buildings of an estate and their homes, building by building.
pub(crate) struct Layout {
    pub buildings: Vec<Building>,
    pub homes: Vec<Home>,
}

/// Draws the buildings of an estate until it has about so many homes.
pub(crate) fn lay_out(plan: &EstatePlan, homes: u32, dice: &mut Dice) -> Layout {
    let mut drawing = Drawing {
        plan,
        flat_types: (0..dice.between(3, 5)).map(|_| flat_type(dice)).collect(),
        layout: Layout {
            buildings: Vec::new(),
            homes: Vec::new(),
        },
    };
    let with_garage = plan.story || (plan.year >= 2005 && dice.chance(350));
    let spaces = if with_garage {
        homes * dice.between(10, 35) / 100
    } else {
        0
    };
    let flats = homes.saturating_sub(spaces);
    while let Some(shape) = shape::next(plan, flats.saturating_sub(drawing.built()), dice) {
        drawing.building(shape, dice);
    }
    if spaces > 0 {
        drawing.garage(spaces, dice);
    }
    drawing.layout
}

/// Area of a flat type in 0.01 m²: 60 to 180 m², most between 85 and 140.
fn flat_type(dice: &mut Dice) -> u32 {
    (dice.between(6_000, 18_000) + dice.between(6_000, 18_000) + dice.between(8_500, 11_500)) / 3
}

/// An estate while it is being drawn.
struct Drawing<'a> {
    plan: &'a EstatePlan,
    flat_types: Vec<u32>,
    layout: Layout,
}

impl Drawing<'_> {
    fn built(&self) -> u32 {
        self.layout.homes.len() as u32
    }

    /// Adds a building of flats, with shops on its ground floor where the shape says so.
    fn building(&mut self, shape: Shape, dice: &mut Dice) {
        let building = self.layout.buildings.len();
        self.layout.buildings.push(Building {
            number: (building + 1).to_string(),
            floors: shape.floors,
        });
        let sale = Sale::of_building(self.plan, dice);
        // Mirrored doors share a type: A B for two doors, A B B A for four, A B A for three.
        let types = [
            self.flat_types[dice.place(self.flat_types.len())],
            self.flat_types[dice.place(self.flat_types.len())],
        ];
        let mut serial = 0;
        if shape.shops > 0 {
            for shop in 1..=shape.shops {
                serial += 1;
                let area = dice.between(3_000, 14_000);
                let state = sale.state(Use::Commercial, dice);
                self.home(
                    building,
                    serial,
                    ("S".to_owned(), (100 + shop).to_string()),
                    area,
                    Use::Commercial,
                    state,
                );
            }
        }
        let first_floor = if shape.shops > 0 { 2 } else { 1 };
        for stairwell in 1..=shape.stairwells {
            for floor in first_floor..=shape.floors {
                for door in 1..=shape.doors {
                    serial += 1;
                    let mirrored = door > 1 && door < shape.doors || shape.doors == 2 && door == 2;
                    let area = types[usize::from(mirrored)];
                    let place = (stairwell.to_string(), (floor * 100 + door).to_string());
                    let state = self.state_of(building, &place, sale, dice);
                    self.home(building, serial, place, area, Use::Residential, state);
                }
            }
        }
    }

    /// Adds the garage: a building of its own whose spaces are exclusive parts.
    fn garage(&mut self, spaces: u32, dice: &mut Dice) {
        let building = self.layout.buildings.len();
        self.layout.buildings.push(Building {
            number: "P1".to_owned(),
            floors: 1,
        });
        let sale = Sale::of_building(self.plan, dice);
        for space in 1..=spaces {
            // A space of 2.4 m by 5.3 m, or a wider one beside a wall.
            let area = if dice.chance(850) { 1_272 } else { 1_428 };
            let state = sale.state(Use::Parking, dice);
            self.home(
                building,
                space,
                ("P".to_owned(), format!("{space:03}")),
                area,
                Use::Parking,
                state,
            );
        }
    }

    /// The story's building has one flat that was never sold; everything else follows the building.
    fn state_of(&self, building: usize, place: &(String, String), sale: Sale, dice: &mut Dice) -> SaleState {
        if !self.plan.story || self.layout.buildings[building].number != STORY_BUILDING {
            return sale.state(Use::Residential, dice);
        }
        if (place.0.as_str(), place.1.as_str()) == STORY_UNSOLD {
            SaleState::Unsold
        } else {
            sale.handed_over(dice)
        }
    }

    fn home(
        &mut self,
        building: usize,
        serial: u32,
        place: (String, String),
        area: u32,
        use_: Use,
        sale: SaleState,
    ) {
        let (stairwell, room) = place;
        let building_serial = building as u32 + 1;
        let unit_number = codes::unit_number(
            &self.plan.division_code,
            self.plan.parcel,
            building_serial,
            serial,
        );
        self.layout.homes.push(Home {
            building,
            stairwell,
            room,
            unit_number,
            area,
            use_,
            sale,
        });
    }
}
