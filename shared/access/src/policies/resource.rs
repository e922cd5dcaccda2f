//! What is acted on, as the policies see it.

use std::collections::BTreeSet;
use std::fmt::Display;

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode, FirmId, Mergers, OwnerId};
use strum::{EnumIter, IntoStaticStr};

/// Kinds of things that are acted on; each is an entity type of the policies' schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
pub enum ResourceKind {
    /// The city's registers as a whole: lists and imports that name nothing smaller.
    City,
    /// A division.
    Division,
    /// An area.
    Area,
    /// A building.
    Building,
    /// A home.
    Home,
    /// An owner.
    Owner,
    /// A firm, with its people and its certificates.
    Firm,
    /// A contract of property service; its manager is its own firm.
    Contract,
    /// Somebody on a roster of mediators or experts.
    RosterMember,
    /// A price adjustment; its manager is the firm that proposed it.
    Adjustment,
    /// A ballot.
    Ballot,
    /// A draw.
    Draw,
    /// A delineation.
    Delineation,
    /// A regrouping, as one that concerns one of its areas.
    Regrouping,
    /// A session.
    Session,
    /// The platform's clock.
    Clock,
}

impl ResourceKind {
    /// The call that reads one of these: whoever may not make it may not know that the thing exists.
    #[must_use]
    pub fn read_action(self) -> &'static str {
        match self {
            Self::City | Self::Division => "registry.ListDivisions",
            Self::Area => "registry.GetArea",
            Self::Building => "registry.ListBuildings",
            Self::Home => "registry.GetHome",
            Self::Owner => "registry.GetOwner",
            Self::Firm => "registry.ListFirms",
            Self::Contract => "registry.GetContract",
            Self::RosterMember => "registry.GetRosterMember",
            Self::Adjustment => "registry.GetPriceAdjustment",
            Self::Ballot => "committees.GetBallot",
            Self::Draw => "funds.GetDraw",
            Self::Delineation => "registry.GetDelineation",
            Self::Regrouping => "registry.GetRegrouping",
            Self::Session => "gateway.GetCaller",
            Self::Clock => "gateway.GetClock",
        }
    }
}

/// What is acted on, with what the policies need to know of it.
///
/// Leave nothing out that is known: a missing fact never grants anything, it only refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its id as text: `draw_…`, a division's code.
    pub id: String,
    /// The division it lies in, as deep as known: the community's code for an area and what is in it.
    pub division: Option<DivisionCode>,
    /// The divisions that took over the one it lies in, or one above that: their officers act there as well.
    pub successors: BTreeSet<DivisionCode>,
    /// The area it belongs to; the area itself for an area.
    pub area: Option<AreaId>,
    /// The property firm that manages the area; for a firm, the firm itself.
    pub manager: Option<FirmId>,
    /// The developer of the area; for a ballot, the developer with a head on its roll.
    pub developer: Option<FirmId>,
    /// The owners of a home, the owner itself for an owner;
    /// for an area, a ballot or a draw it is enough to give the caller's own id where the caller has a home in it.
    pub owners: BTreeSet<OwnerId>,
    /// The firm that proposed a draw, or the developer of a delineation's project.
    pub proposer: Option<FirmId>,
    /// Whether the industry association has to do with it: a firm that is its member now, a mediator on the roster.
    pub association: bool,
}

impl Resource {
    /// The city's registers as a whole.
    #[must_use]
    pub fn city() -> Self {
        Self::new(ResourceKind::City, "city")
    }

    /// A thing of which nothing but kind and id is known yet.
    pub fn new(kind: ResourceKind, id: impl Display) -> Self {
        Self {
            kind,
            id: id.to_string(),
            division: None,
            successors: BTreeSet::new(),
            area: None,
            manager: None,
            developer: None,
            owners: BTreeSet::new(),
            proposer: None,
            association: false,
        }
    }

    /// An area; `area` is set to itself.
    #[must_use]
    pub fn area(area_id: AreaId, division: DivisionCode) -> Self {
        Self::new(ResourceKind::Area, area_id)
            .with_area(area_id)
            .with_division(division)
    }

    /// An owner; `owners` is set to itself.
    #[must_use]
    pub fn owner(owner_id: OwnerId) -> Self {
        Self::new(ResourceKind::Owner, owner_id).with_owners([owner_id])
    }

    /// A division as the thing acted on; it lies in itself.
    #[must_use]
    pub fn division(division: DivisionCode) -> Self {
        Self::new(ResourceKind::Division, division).with_division(division)
    }

    /// Lies in this division.
    #[must_use]
    pub fn with_division(mut self, division: DivisionCode) -> Self {
        self.division = Some(division);
        self
    }

    /// Lies, since a merger of divisions, in these as well.
    #[must_use]
    pub fn with_successors(mut self, successors: impl IntoIterator<Item = DivisionCode>) -> Self {
        self.successors.extend(successors);
        self
    }

    /// Lies on a day where mergers put it: in its division and in those that took that over by then.
    #[must_use]
    pub fn placed(self, mergers: &Mergers, day: NaiveDate) -> Self {
        match self.division {
            Some(division) => self.with_successors(mergers.successors(division, day)),
            None => self,
        }
    }

    /// Belongs to this area.
    #[must_use]
    pub fn with_area(mut self, area_id: AreaId) -> Self {
        self.area = Some(area_id);
        self
    }

    /// Is managed by this firm, or by none.
    #[must_use]
    pub fn with_manager(mut self, manager: impl Into<Option<FirmId>>) -> Self {
        self.manager = manager.into();
        self
    }

    /// Was built by this firm, or by nobody known.
    #[must_use]
    pub fn with_developer(mut self, developer: impl Into<Option<FirmId>>) -> Self {
        self.developer = developer.into();
        self
    }

    /// Belongs to these owners (see [`Resource::owners`]).
    #[must_use]
    pub fn with_owners(mut self, owners: impl IntoIterator<Item = OwnerId>) -> Self {
        self.owners.extend(owners);
        self
    }

    /// Was proposed by this firm, or by none.
    #[must_use]
    pub fn with_proposer(mut self, proposer: impl Into<Option<FirmId>>) -> Self {
        self.proposer = proposer.into();
        self
    }

    /// Whether the industry association has to do with it (see [`Resource::association`]).
    #[must_use]
    pub fn with_association(mut self, association: bool) -> Self {
        self.association = association;
        self
    }
}
