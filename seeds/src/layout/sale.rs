//! What is sold and handed over, by the age of the estate.

use chrono::NaiveDate;

use crate::days;
use crate::dice::Dice;
use crate::plan::EstatePlan;

use super::{SaleState, Use};

/// How far a building is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sale {
    /// Day of the building's hand-over; none while it is being built.
    ready_on: Option<NaiveDate>,
    developer_known: bool,
    /// Of 1,000 homes, so many are not sold.
    unsold: u32,
    /// Of 1,000 homes, so many are sold and wait for their buyer.
    waiting: u32,
}

impl Sale {
    /// Draws the state of one building; large estates are handed over in stages of up to two years.
    pub(super) fn of_building(plan: &EstatePlan, dice: &mut Dice) -> Sale {
        if plan.story {
            let ready_on = days::later(days::first_of(plan.year), 150 + dice.between(0, 40));
            return Sale {
                ready_on: Some(ready_on),
                developer_known: plan.developer.is_some(),
                unsold: 0,
                waiting: 0,
            };
        }
        let stage = if plan.homes > 300 {
            dice.between(0, 500)
        } else {
            dice.between(0, 90)
        };
        let day = days::later(days::first_of(plan.year), 120 + dice.between(0, 200) + stage);
        if day > days::AS_OF || (plan.year == 2025 && dice.chance(500)) {
            return Sale {
                ready_on: None,
                developer_known: plan.developer.is_some(),
                unsold: 350,
                waiting: 650,
            };
        }
        let (unsold, waiting) = match plan.year {
            ..=2014 => (2, 0),
            2015..=2020 => (8, 2),
            2021..=2022 => (25, 15),
            2023 => (60, 40),
            _ => (130, 140),
        };
        Sale {
            ready_on: Some(day),
            developer_known: plan.developer.is_some(),
            unsold,
            waiting,
        }
    }

    /// Draws the state of one home; shops and parking spaces sell more slowly than flats.
    pub(super) fn state(self, use_: Use, dice: &mut Dice) -> SaleState {
        let unsold = match use_ {
            // Where the developer is not known, nobody could own what is not sold.
            _ if !self.developer_known => 0,
            Use::Residential => self.unsold,
            Use::Commercial => self.unsold * 2,
            Use::Parking => self.unsold * 2 + 100,
        };
        if dice.chance(unsold) {
            return SaleState::Unsold;
        }
        if dice.chance(self.waiting) {
            SaleState::Sold
        } else {
            self.handed_over(dice)
        }
    }

    /// Draws the day on which the buyer took the home over: most on the building's day, some weeks later.
    pub(super) fn handed_over(self, dice: &mut Dice) -> SaleState {
        let Some(ready_on) = self.ready_on else {
            return SaleState::Sold;
        };
        let delay = if dice.chance(700) { 0 } else { dice.between(1, 90) };
        SaleState::Delivered {
            on: days::later(ready_on, delay).min(days::AS_OF),
        }
    }
}
