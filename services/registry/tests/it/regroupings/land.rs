//! The land that is regrouped: two areas that owners live in, one that is still being built, and committees that decides.

use access::Principal;
use calendar::Clock;
use ids::{AreaId, BallotId, BuildingId, HomeId};
use proto::committees::v1 as committees;
use proto::common::v1::Scope;
use proto::registry::v1 as pb;
use proto::registry::v1::propose_regrouping_request::Plan;
use proto::registry::v1::regrouping_service_client::RegroupingServiceClient;
use testkit::people;
use tonic::Status;

use crate::contracts::desk::{self, Desk, ballot};
use crate::world::*;

/// The other area that owners live in.
pub const OTHER: &str = "330783004015-0002";
/// An area of which nothing is handed over.
pub const SITE: &str = "330783004015-0003";
/// The number of the area that a split makes.
pub const NEW: &str = "330783004015-0009";
/// The day of the decision.
pub const DECIDED: &str = "2026-03-10";

/// Areas: `AREA` with buildings 1, 2 and 3, of which 1 and 2 have a home each; `OTHER` with buildings 1 and 8, of which
/// 8 has two homes; `SITE` with buildings 5 and 6, of which 5 has a home that is sold and not handed over.
pub struct Land {
    pub desk: Desk,
}

/// Runs a test on every database that can be had.
pub async fn each(test: impl AsyncFn(Land)) {
    desk::each(async |desk| {
        let land = Land { desk };
        land.fill().await;
        test(land).await;
    })
    .await;
}

pub fn area_of(number: &str) -> AreaId {
    AreaId::derive(number)
}

pub fn other() -> AreaId {
    area_of(OTHER)
}

pub fn building_of(area_number: &str, number: &str) -> BuildingId {
    BuildingId::derive(&format!("{area_number}/{number}"))
}

/// A home of building 8 of the other area.
pub fn other_home(number: u32) -> HomeId {
    home(8, number)
}

pub fn committee_of(number: &str) -> Principal {
    people::committee_member(area_of(number))
}

pub fn authority() -> Principal {
    people::authority(CITY)
}

pub fn street() -> Principal {
    people::street(STREET)
}

fn row(area_number: &str, building: u32, number: u32, state: &str) -> String {
    home_row(building, number, state).replace(AREA, area_number)
}

/// `OTHER` ends in `AREA`; its building 1 becomes building 11 there.
pub fn merger() -> pb::ProposeRegroupingRequest {
    pb::ProposeRegroupingRequest {
        plan: Some(Plan::Merge(pb::AreaMerger {
            ended_area_ids: vec![other().to_string()],
            surviving_area_id: area().to_string(),
        })),
        numbers: vec![pb::BuildingNumber {
            building_id: building_of(OTHER, "1").to_string(),
            number: "11".into(),
        }],
        reason: "老旧小区连片改造，共用配电房。".into(),
        shared_facilities: vec!["配电房".into()],
    }
}

/// Buildings of one area move to another.
pub fn adjustment(from: &str, to: &str, numbers: &[&str]) -> pb::ProposeRegroupingRequest {
    pb::ProposeRegroupingRequest {
        plan: Some(Plan::Adjust(pb::AreaAdjustment {
            from_area_id: area_of(from).to_string(),
            to_area_id: area_of(to).to_string(),
            building_ids: numbers
                .iter()
                .map(|number| building_of(from, number).to_string())
                .collect(),
        })),
        reason: "该幢由对面小区的道路进出。".into(),
        ..Default::default()
    }
}

/// Buildings of `AREA` form a new area.
pub fn split(numbers: &[&str]) -> pb::ProposeRegroupingRequest {
    pb::ProposeRegroupingRequest {
        plan: Some(Plan::Split(pb::AreaSplit {
            from_area_id: area().to_string(),
            building_ids: numbers
                .iter()
                .map(|number| building(number).to_string())
                .collect(),
            number: NEW.into(),
            name: "湖畔花园北区".into(),
            division_code: COMMUNITY.into(),
        })),
        reason: "市政道路将小区分为两部分。".into(),
        ..Default::default()
    }
}

impl Land {
    async fn fill(&self) {
        let registry = self.registry();
        registry
            .load(
                pb::TableKind::Areas,
                &areas(&[(OTHER, COMMUNITY), (SITE, COMMUNITY)]),
            )
            .await;
        let buildings =
            format!("area_number,number,floors\n{OTHER},1,6\n{OTHER},8,6\n{SITE},5,18\n{SITE},6,18\n");
        registry.load(pb::TableKind::Buildings, &buildings).await;
        let homes = HOMES_HEADER.to_owned()
            + &row(AREA, 2, 1, "DELIVERED")
            + &row(OTHER, 8, 1, "DELIVERED")
            + &row(OTHER, 8, 2, "DELIVERED")
            + &row(SITE, 5, 1, "SOLD");
        registry.load(pb::TableKind::Homes, &homes).await;
        let owners = OWNERSHIPS_HEADER.to_owned()
            + &ownership_row(2, 1, 2001)
            + &ownership_row(8, 1, 8001)
            + &ownership_row(8, 2, 8002);
        registry.load(pb::TableKind::Ownerships, &owners).await;
    }

    pub fn registry(&self) -> &TestRegistry {
        &self.desk.registry
    }

    pub fn client(&self) -> RegroupingServiceClient<rpc::Peer> {
        RegroupingServiceClient::new(self.registry().peer())
    }

    pub async fn propose_as(
        &self,
        caller: &Principal,
        message: pb::ProposeRegroupingRequest,
    ) -> Result<pb::Regrouping, Status> {
        let request = self.desk.request(caller, message);
        Ok(self.client().propose_regrouping(request).await?.into_inner())
    }

    pub async fn proposed(&self, message: pb::ProposeRegroupingRequest) -> pb::Regrouping {
        self.propose_as(&authority(), message).await.unwrap()
    }

    /// The owners of a whole area decided today.
    pub async fn decided(
        &self,
        area_number: &str,
        name: &str,
        matter: committees::Matter,
        passed: bool,
    ) -> String {
        let mut ballot = ballot(&format!("{area_number}{name}"), matter, passed);
        ballot.scope = Some(scope_of(area_number));
        if let Some(result) = &mut ballot.result {
            result.decided_at = Some(self.registry().world.clock.now().into());
        }
        let id = ballot.ballot_id.clone();
        self.desk.tell(ballot).await;
        id
    }

    pub async fn agreed(&self, area_number: &str, name: &str) -> String {
        self.decided(area_number, name, committees::Matter::Other, true)
            .await
    }

    pub async fn consent_as(
        &self,
        caller: &Principal,
        id: &str,
        area_number: &str,
        ballot_id: &str,
    ) -> Result<pb::Regrouping, Status> {
        let message = pb::RecordRegroupingConsentRequest {
            regrouping_id: id.into(),
            area_id: area_of(area_number).to_string(),
            ballot_id: ballot_id.into(),
        };
        let request = self.desk.request(caller, message);
        Ok(self
            .client()
            .record_regrouping_consent(request)
            .await?
            .into_inner())
    }

    /// The owners of an area agree, by a ballot of their own.
    pub async fn consent(&self, id: &str, area_number: &str) -> pb::Regrouping {
        let ballot = self.agreed(area_number, id).await;
        self.consent_as(&committee_of(area_number), id, area_number, &ballot)
            .await
            .unwrap()
    }

    /// The developer of an area agrees.
    pub async fn consent_of_developer(&self, id: &str, area_number: &str) -> Result<pb::Regrouping, Status> {
        self.consent_as(&people::firm(developer()), id, area_number, "")
            .await
    }

    pub async fn opine_as(
        &self,
        caller: &Principal,
        id: &str,
        agrees: bool,
    ) -> Result<pb::Regrouping, Status> {
        let message = pb::GiveRegroupingOpinionRequest {
            regrouping_id: id.into(),
            agrees,
            text: "意见".into(),
        };
        let request = self.desk.request(caller, message);
        Ok(self.client().give_regrouping_opinion(request).await?.into_inner())
    }

    pub async fn decide_as(
        &self,
        caller: &Principal,
        message: pb::DecideRegroupingRequest,
    ) -> Result<pb::Regrouping, Status> {
        let request = self.desk.request(caller, message);
        Ok(self.client().decide_regrouping(request).await?.into_inner())
    }

    pub async fn approve(&self, id: &str) -> Result<pb::Regrouping, Status> {
        self.decide_as(&authority(), approval(id)).await
    }

    pub async fn withdraw_as(&self, caller: &Principal, id: &str) -> Result<pb::Regrouping, Status> {
        let message = pb::WithdrawRegroupingRequest {
            regrouping_id: id.into(),
            reason: "方案需要修改。".into(),
        };
        let request = self.desk.request(caller, message);
        Ok(self.client().withdraw_regrouping(request).await?.into_inner())
    }

    pub async fn get_as(&self, caller: &Principal, id: &str) -> Result<pb::Regrouping, Status> {
        let message = pb::GetRegroupingRequest {
            regrouping_id: id.into(),
        };
        let request = self.desk.request(caller, message);
        Ok(self.client().get_regrouping(request).await?.into_inner())
    }

    /// The merger with all consents, on the day of the decision.
    pub async fn merger_to_decide(&self) -> String {
        let id = self.proposed(merger()).await.regrouping_id;
        for number in [AREA, OTHER] {
            self.consent(&id, number).await;
        }
        self.desk.at(DECIDED).await;
        id
    }

    pub async fn merged(&self) -> pb::Regrouping {
        let id = self.merger_to_decide().await;
        self.approve(&id).await.unwrap()
    }

    pub async fn area(&self, number: &str) -> pb::Area {
        let message = pb::GetAreaRequest {
            area_id: area_of(number).to_string(),
            as_of_on: String::new(),
        };
        let request = self.desk.request(&authority(), message);
        self.registry()
            .client()
            .get_area(request)
            .await
            .unwrap()
            .into_inner()
    }

    /// Numbers of an area's buildings.
    pub async fn buildings(&self, number: &str) -> Vec<String> {
        let message = pb::ListBuildingsRequest {
            area_id: area_of(number).to_string(),
            ..Default::default()
        };
        let request = self.desk.request(&authority(), message);
        let answer = self.registry().client().list_buildings(request).await.unwrap();
        answer
            .into_inner()
            .buildings
            .into_iter()
            .map(|one| one.number)
            .collect()
    }

    /// The homes on the roll of an area on a day at noon, or why there is none.
    pub async fn roll_on(&self, number: &str, day: &str) -> Result<Vec<String>, String> {
        let noon: chrono::DateTime<chrono::Utc> = format!("{day}T04:00:00Z").parse().unwrap();
        let message = pb::StreamRollRequest {
            scope: Some(scope_of(number)),
            as_of: Some(noon.into()),
            ..Default::default()
        };
        let roll = self.registry().roll_of(&street(), message).await;
        let mut homes: Vec<String> = roll
            .map_err(|status| rpc::failure::reason_of(&status))?
            .into_iter()
            .map(|entry| entry.home_id)
            .collect();
        homes.sort();
        Ok(homes)
    }
}

pub fn scope_of(area_number: &str) -> Scope {
    Scope {
        area_id: area_of(area_number).to_string(),
        ..Scope::default()
    }
}

pub fn approval(id: &str) -> pb::DecideRegroupingRequest {
    pb::DecideRegroupingRequest {
        regrouping_id: id.into(),
        approve: true,
        reasons: "经核实，同意调整。".into(),
        effective_on: String::new(),
    }
}

pub fn ids<const N: usize>(homes: [HomeId; N]) -> Vec<String> {
    let mut ids: Vec<String> = homes.iter().map(ToString::to_string).collect();
    ids.sort();
    ids
}

/// A ballot that nobody told of.
pub fn unknown_ballot() -> String {
    BallotId::derive("unknown").to_string()
}
