//! How the owners of a time hold a home: jointly or by shares (Civil Code articles 297–299), by registration or by
//! possession (法释〔2009〕7号 article 1).

use std::fmt;

use chrono::NaiveDate;
use ids::{HoldingId, HomeId, OwnerId};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use crate::domain::home::{Home, Sale};
use crate::domain::ownership::Ownership;

/// Largest denominator of a share.
pub const DENOMINATOR_MAX: i64 = 1_000_000;

/// One owner's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Whose.
    pub owner_id: OwnerId,
    /// Above the line.
    pub numerator: i64,
    /// Below the line.
    pub denominator: i64,
}

/// How several owners hold a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Jointly (共同共有), or by one owner alone.
    Joint,
    /// By shares (按份共有), in the order of the owners.
    Shares(Vec<Share>),
}

/// By what title a home is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Title {
    /// Entered in the real-estate register.
    Registered {
        /// On which day; none where that is not known.
        on: Option<NaiveDate>,
    },
    /// Bought from the developer and possessed, not registered yet.
    Possession,
}

/// How the owners of a time hold a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Derived from the home and the first day.
    pub id: HoldingId,
    /// The home, its owners and since when.
    pub ownership: Ownership,
    /// Jointly or by shares.
    pub form: Form,
    /// By what title.
    pub title: Title,
    /// One higher with every change; 0 before the first.
    pub version: i64,
}

impl Holding {
    /// The id of the holding of a home that began on this day.
    pub fn id_of(home_id: HomeId, since: NaiveDate) -> HoldingId {
        HoldingId::derive(&format!("{home_id}/{since}"))
    }

    /// How it was held at the end of a day: not registered yet where the title was entered later. Shares are those that are
    /// recorded now, as no day is told of them.
    #[must_use]
    pub fn as_of(mut self, day: NaiveDate) -> Self {
        if let Title::Registered { on: Some(on) } = self.title
            && on > day
        {
            self.title = Title::Possession;
        }
        self
    }

    /// What holds where nothing was recorded: jointly, and registered on a day that is not known.
    pub fn of(ownership: Ownership) -> Self {
        Holding {
            id: Self::id_of(ownership.home_id, ownership.valid_from),
            ownership,
            form: Form::Joint,
            title: Title::Registered { on: None },
            version: 0,
        }
    }

    /// Records the form.
    ///
    /// # Errors
    /// `SHARES_OF_OTHERS`, `SHARE_MALFORMED`, `SHARES_NOT_WHOLE`.
    pub fn with_form(mut self, form: Form) -> Result<Self, Refusal> {
        let form = match form {
            Form::Joint => Form::Joint,
            Form::Shares(mut shares) => {
                shares.sort_by_key(|share| share.owner_id);
                let named = shares.iter().map(|share| share.owner_id);
                if !named.eq(self.ownership.owner_ids.iter().copied()) {
                    return Err(Refusal::SharesOfOthers);
                }
                check_whole(&shares)?;
                Form::Shares(shares)
            }
        };
        self.form = form;
        self.version += 1;
        Ok(self)
    }

    /// Records the title of `home`; `today` is in China.
    ///
    /// # Errors
    /// `TITLE_IN_THE_FUTURE`, `TITLE_BEFORE_OWNERSHIP`; for possession `HOME_NOT_DELIVERED`, and `TITLE_REGISTERED` where a
    /// registration is recorded.
    pub fn with_title(mut self, title: Title, home: &Home, today: NaiveDate) -> Result<Self, Refusal> {
        match title {
            Title::Registered { on: Some(on) } if on > today => {
                return Err(Refusal::TitleInTheFuture { on, today });
            }
            Title::Registered { on: Some(on) } if on < self.ownership.valid_from => {
                return Err(Refusal::TitleBeforeOwnership {
                    since: self.ownership.valid_from,
                });
            }
            Title::Registered { .. } => {}
            Title::Possession => {
                match home.sale {
                    Sale::Unsold | Sale::Sold => return Err(Refusal::HomeNotDelivered),
                    Sale::Delivered { .. } => {}
                }
                if let Title::Registered { on: Some(on) } = self.title {
                    return Err(Refusal::TitleRegistered { on });
                }
            }
        }
        self.title = title;
        self.version += 1;
        Ok(self)
    }
}

impl Holding {
    /// Records form and title at once, as a table tells them: one change.
    ///
    /// # Errors
    /// As [`Holding::with_form`] and [`Holding::with_title`].
    pub fn with(self, form: Form, title: Title, home: &Home, today: NaiveDate) -> Result<Self, Refusal> {
        let version = self.version + 1;
        let held = self.with_form(form)?.with_title(title, home, today)?;
        Ok(Holding { version, ..held })
    }

    /// The share of one of the owners; none where the home is held jointly.
    pub fn share_of(&self, owner_id: OwnerId) -> Option<&Share> {
        match &self.form {
            Form::Joint => None,
            Form::Shares(shares) => shares.iter().find(|share| share.owner_id == owner_id),
        }
    }

    /// Whether what is recorded is about these owners: of ownerships that began on one day and were put right on it, each
    /// has the same holding, but the shares are those of one of them.
    pub fn is_of_its_owners(&self) -> bool {
        match &self.form {
            Form::Joint => true,
            Form::Shares(shares) => {
                let named = shares.iter().map(|share| share.owner_id);
                named.eq(self.ownership.owner_ids.iter().copied())
            }
        }
    }
}

impl Share {
    /// Whether it is as large as another: `2/4` is `1/2`.
    pub fn is_as_large_as(&self, other: &Share) -> bool {
        let across = |one: i64, other: i64| i128::from(one) * i128::from(other);
        across(self.numerator, other.denominator) == across(other.numerator, self.denominator)
    }

    /// Reads `1/2`; none where it is no fraction of whole numbers. Whether it makes sense is decided beside the others.
    pub fn read(owner_id: OwnerId, text: &str) -> Option<Self> {
        let (above, below) = text.split_once('/')?;
        let whole = |part: &str| {
            let part = part.trim();
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| digits)
        };
        Some(Share {
            owner_id,
            numerator: whole(above)?,
            denominator: whole(below)?,
        })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// Refuses shares that do not sum to one. Fractions add by cross-multiplication, so nothing is rounded.
///
/// # Errors
/// `SHARE_MALFORMED`, `SHARES_NOT_WHOLE`.
pub fn check_whole(shares: &[Share]) -> Result<(), Refusal> {
    let malformed = || Refusal::ShareMalformed { max: DENOMINATOR_MAX };
    let (mut above, mut below) = (0_i128, 1_i128);
    for share in shares {
        if share.numerator < 1 || !(1..=DENOMINATOR_MAX).contains(&share.denominator) {
            return Err(malformed());
        }
        let (numerator, denominator) = (i128::from(share.numerator), i128::from(share.denominator));
        // Denominators that have no common measure are no real title: they would grow without end.
        let sum = above
            .checked_mul(denominator)
            .zip(numerator.checked_mul(below))
            .and_then(|(one, other)| one.checked_add(other))
            .zip(below.checked_mul(denominator));
        let (sum, whole) = sum.ok_or_else(malformed)?;
        let measure = common_measure(sum, whole);
        (above, below) = (sum / measure, whole / measure);
    }
    if above == below {
        Ok(())
    } else {
        Err(Refusal::SharesNotWhole {
            numerator: above,
            denominator: below,
        })
    }
}

/// The greatest common divisor of two positive numbers.
fn common_measure(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ids::{AreaId, BuildingId};

    use super::*;
    use crate::domain::home::HomeUse;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn share(who: &str, numerator: i64, denominator: i64) -> Share {
        Share {
            owner_id: OwnerId::derive(who),
            numerator,
            denominator,
        }
    }

    fn home(sale: Sale) -> Home {
        let unit_number = "330783004015GB00001F00010001".parse().unwrap();
        Home {
            id: Home::id_of(&unit_number),
            area_id: AreaId::derive("a"),
            building_id: BuildingId::derive("a/1"),
            stairwell: "1".into(),
            room: "101".into(),
            unit_number,
            exclusive_area: money::Area(10_000),
            usage: HomeUse::Residential,
            sale,
        }
    }

    fn holding() -> Holding {
        let owners = vec![OwnerId::derive("A"), OwnerId::derive("B")];
        Holding::of(Ownership::since(home(Sale::Sold).id, owners, day("2020-05-01")))
    }

    #[test]
    fn shares_sum_to_one_or_are_refused_whatever_their_denominators() {
        let thirds = [share("A", 1, 3), share("B", 1, 6), share("C", 1, 2)];
        assert_eq!(check_whole(&thirds), Ok(()));
        let short = check_whole(&[share("A", 333_333, 1_000_000), share("B", 2, 3)]).unwrap_err();
        assert_eq!(
            short,
            Refusal::SharesNotWhole {
                numerator: 2_999_999,
                denominator: 3_000_000
            }
        );
        for wrong in [
            share("A", 0, 1),
            share("A", 1, 0),
            share("A", 1, 1_000_001),
            share("A", -1, 2),
        ] {
            let refused = check_whole(&[wrong]).unwrap_err();
            assert_eq!(<&str>::from(&refused), "SHARE_MALFORMED");
        }
        let primes = [
            999_983, 999_979, 999_961, 999_959, 999_953, 999_931, 999_917, 999_907,
        ];
        let strange: Vec<_> = primes.iter().map(|prime| share("A", 1, *prime)).collect();
        assert!(check_whole(&strange).is_err(), "never a panic");
    }

    #[test]
    fn each_present_owner_has_one_share_and_nobody_else() {
        let both = |b: Share| Form::Shares(vec![b, share("A", 1, 2)]);
        let held = holding().with_form(both(share("B", 1, 2))).unwrap();
        let ids: Vec<_> = match &held.form {
            Form::Shares(shares) => shares.iter().map(|share| share.owner_id).collect(),
            Form::Joint => Vec::new(),
        };
        assert_eq!(ids, held.ownership.owner_ids);
        assert_eq!(held.version, 1);
        for wrong in [share("C", 1, 2), share("A", 1, 2)] {
            let refused = holding().with_form(both(wrong)).unwrap_err();
            assert_eq!(refused, Refusal::SharesOfOthers);
        }
    }

    #[test]
    fn a_share_is_read_as_it_is_written_and_told_from_others_by_its_size() {
        let who = OwnerId::derive("A");
        let read = |text: &str| Share::read(who, text);
        assert_eq!(read(" 1 / 3 "), Some(share("A", 1, 3)));
        assert_eq!(share("A", 1, 3).to_string(), "1/3");
        for wrong in ["", "1", "1/", "/2", "0.5", "1/2/3", "-1/2", "+1/2", "2026-01-02"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert!(share("A", 2, 4).is_as_large_as(&share("A", 1, 2)));
        assert!(!share("A", 1, 3).is_as_large_as(&share("A", 1, 2)));
    }

    #[test]
    fn form_and_title_of_a_table_are_one_change() {
        let on = day("2020-06-01");
        let shares = Form::Shares(vec![share("A", 1, 2), share("B", 1, 2)]);
        let delivered = home(Sale::Delivered { on });
        let held = holding()
            .with(shares, Title::Possession, &delivered, day("2026-03-02"))
            .unwrap();
        assert_eq!((held.version, held.title), (1, Title::Possession));
        assert!(held.is_of_its_owners());
        let others = Ownership::since(
            held.ownership.home_id,
            vec![OwnerId::derive("C")],
            day("2020-05-01"),
        );
        let put_right = Holding {
            ownership: others,
            ..held
        };
        assert!(!put_right.is_of_its_owners());
    }

    #[test]
    fn possession_comes_with_the_hand_over_and_ends_with_the_registration() {
        let (today, on) = (day("2026-03-02"), day("2020-06-01"));
        let refused = holding()
            .with_title(Title::Possession, &home(Sale::Sold), today)
            .unwrap_err();
        assert_eq!(refused, Refusal::HomeNotDelivered);
        let delivered = home(Sale::Delivered { on });
        let held = holding()
            .with_title(Title::Possession, &delivered, today)
            .unwrap();
        let registered = |on: &str| Title::Registered { on: Some(day(on)) };
        let refused = |on: &str| {
            let answer = held.clone().with_title(registered(on), &delivered, today);
            <&'static str>::from(&answer.unwrap_err())
        };
        assert_eq!(refused("2026-03-03"), "TITLE_IN_THE_FUTURE");
        assert_eq!(refused("2020-04-30"), "TITLE_BEFORE_OWNERSHIP");
        let held = held
            .clone()
            .with_title(registered("2021-01-01"), &delivered, today)
            .unwrap();
        let back = held.with_title(Title::Possession, &delivered, today).unwrap_err();
        assert_eq!(<&str>::from(&back), "TITLE_REGISTERED");
    }
}
