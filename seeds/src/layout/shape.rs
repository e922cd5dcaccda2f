//! The outline of a building: storeys, stairwells, doors per floor, shops.

use crate::dice::Dice;
use crate::plan::{Density, EstatePlan};

/// Homes of the smallest building: six storeys, one stairwell, two doors.
const SMALLEST: u32 = 12;

/// Outline of a building.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Storeys above ground.
    pub floors: u32,
    pub stairwells: u32,
    /// Flats per floor and stairwell.
    pub doors: u32,
    /// Shops; where there are any, they take the ground floor.
    pub shops: u32,
}

impl Shape {
    fn homes(self) -> u32 {
        let floors = if self.shops > 0 {
            self.floors - 1
        } else {
            self.floors
        };
        floors * self.stairwells * self.doors + self.shops
    }
}

/// The next building for an estate that lacks so many homes; none where a further building would overshoot.
pub(super) fn next(plan: &EstatePlan, lacking: u32, dice: &mut Dice) -> Option<Shape> {
    if plan.story {
        return (lacking > SMALLEST).then_some(Shape {
            floors: 6,
            stairwells: 2,
            doors: 2,
            shops: 0,
        });
    }
    if lacking < SMALLEST / 2 {
        return None;
    }
    let drawn = draw(plan, dice);
    let smaller = [
        drawn,
        Shape {
            stairwells: 1,
            ..drawn
        },
        Shape {
            floors: drawn.floors.min(11),
            stairwells: 1,
            doors: 2,
            shops: 0,
        },
        Shape {
            floors: 6,
            stairwells: 2,
            doors: 2,
            shops: 0,
        },
    ];
    // A building may overshoot by half of itself: over many estates that evens out.
    let fits = smaller.into_iter().find(|shape| lacking * 2 >= shape.homes());
    Some(fits.unwrap_or(Shape {
        floors: 6,
        stairwells: 1,
        doors: 2,
        shops: 0,
    }))
}

fn draw(plan: &EstatePlan, dice: &mut Dice) -> Shape {
    let floors = floors(plan, dice);
    let (stairwells, doors) = match floors {
        ..=6 => (dice.between(2, 4), 2),
        7..=11 => (dice.between(1, 3), 2),
        _ => (dice.between(1, 2), dice.between(2, 4)),
    };
    // Walk-ups and mid-rises along the street have shops below.
    let along_the_street = floors <= 18 && dice.chance(140);
    let shops = if along_the_street {
        stairwells * doors * 3 / 2
    } else {
        0
    };
    Shape {
        floors,
        stairwells,
        doors,
        shops,
    }
}

/// Walk-ups before 2003, then lifts step by step; the country stays low.
fn floors(plan: &EstatePlan, dice: &mut Dice) -> u32 {
    if plan.density == Density::Rural || plan.year < 2003 {
        return if dice.chance(200) { 5 } else { 6 };
    }
    let weights = match (plan.density, plan.year) {
        (Density::Town, _) => [55, 35, 10, 0, 0],
        (_, ..2010) => [60, 30, 10, 0, 0],
        (_, _) => [14, 30, 26, 20, 10],
    };
    match dice.weighted(&weights) {
        0 => 6,
        1 => 11,
        2 => dice.between(17, 18),
        3 => dice.between(24, 28),
        _ => dice.between(30, 33),
    }
}
