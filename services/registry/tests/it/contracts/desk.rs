//! The desk at which contracts are recorded: an area with homes, two property firms, and committees that decides.

use std::collections::BTreeMap;

use access::Principal;
use hosting::{Host, Parts, Service};
use ids::{BallotId, CreditCode, FirmId};
use outbox::{Deadlines, Message, Reactions, Store};
use proto::committees::v1 as committees;
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use proto::registry::v1::contract_service_client::ContractServiceClient;
use rpc::{CallContext, Cause, Peer};
use sea_orm_migration::MigrationTrait;
use testkit::{Backend, people};
use tonic::Status;
use tonic::service::Routes;

use crate::world::*;

/// Committees as the registry meets it: an outbox and a stream.
pub struct Committees;

#[async_trait::async_trait]
impl Service for Committees {
    const NAME: &'static str = "committees";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        Vec::new()
    }

    async fn assemble(_: &Host, _: Store) -> anyhow::Result<Parts> {
        Ok(Parts {
            routes: Routes::default(),
            reactions: Reactions::new(),
            deadlines: Deadlines::new(),
        })
    }
}

pub struct Desk {
    pub registry: TestRegistry,
}

/// Runs a test on every database that can be had.
pub async fn each(test: impl AsyncFn(Desk)) {
    for backend in testkit::backends().await {
        let desk = Desk::new(backend).await;
        test(desk).await;
    }
}

pub fn rival_code() -> CreditCode {
    let body = "91330783MA2E40031";
    format!("{body}{}", CreditCode::check_char(body).unwrap())
        .parse()
        .unwrap()
}

pub fn rival() -> FirmId {
    FirmId::derive(rival_code().as_str())
}

pub fn committee() -> Principal {
    people::committee_member(area())
}

pub fn street() -> Principal {
    people::street(STREET)
}

pub fn authority() -> Principal {
    people::authority(CITY)
}

/// Terms that hold; an empty last day leaves the term open.
pub fn terms(from_on: &str, until_on: &str) -> pb::ContractTerms {
    let mut terms = pb::ContractTerms {
        from_on: from_on.into(),
        until_on: until_on.into(),
        signed_on: "2026-02-28".into(),
        prices: vec![pb::ServicePrice {
            r#use: common::HomeUse::Residential.into(),
            fen_per_m2_month: 180,
        }],
        service_grade: 3,
        services: vec![
            pb::PropertyService::Management.into(),
            pb::PropertyService::Security.into(),
            pb::PropertyService::Cleaning.into(),
        ],
        manager_staff_number: "HJ-0137".into(),
        prepayment_months: 3,
        document_digest: "9f".repeat(32),
        ..Default::default()
    };
    terms.set_charge(pb::ChargeMethod::LumpSum);
    terms
}

impl Desk {
    pub async fn new(backend: Backend) -> Self {
        let mut registry = TestRegistry::with_area(backend).await;
        registry.world.add::<Committees>().await;
        settle(&registry, 1, 1..=1).await;
        let firm = format!(
            "credit_code,name,kind\n{},和邻物业（演示）,PROPERTY\n",
            rival_code()
        );
        registry.load(pb::TableKind::Firms, &firm).await;
        Desk { registry }
    }

    pub fn client(&self) -> ContractServiceClient<Peer> {
        ContractServiceClient::new(self.registry.world.hosted("registry").peer())
    }

    pub fn request<T>(&self, caller: &Principal, message: T) -> tonic::Request<T> {
        self.registry.world.request(caller, message)
    }

    /// Moves the clock to the beginning of a day in China, then everything that became due.
    pub async fn at(&self, day: &str) {
        let day: chrono::NaiveDate = day.parse().unwrap();
        self.registry.world.advance_to(calendar::start_of_day(day)).await;
        self.registry.world.pump().await;
    }

    /// The owners of the whole area decided on a matter on 2026-03-01, or at `at`.
    pub async fn decided(&self, name: &str, matter: committees::Matter, passed: bool) -> String {
        let mut ballot = ballot(name, matter, passed);
        let id = ballot.ballot_id.clone();
        ballot.version = 3;
        self.tell(ballot).await;
        id
    }

    /// The owners passed a ballot on their firm.
    pub async fn hired(&self, name: &str) -> String {
        self.decided(name, committees::Matter::PropertyFirm, true).await
    }

    pub async fn tell(&self, ballot: committees::Ballot) {
        self.tell_all([ballot]).await;
    }

    /// Tells of several ballots at once, which takes hardly longer than one.
    pub async fn tell_all(&self, ballots: impl IntoIterator<Item = committees::Ballot>) {
        let store = &self.registry.world.hosted("committees").store;
        let mut tx = store.begin_write().await.unwrap();
        let ctx = CallContext::of_service("committees", "test", Cause::Call { key: None });
        for ballot in ballots {
            let id = ballot.ballot_id.clone();
            let version = ballot.version;
            let event = committees::BallotDecided { ballot: Some(ballot) };
            let message = Message::of(&event, &id, version, &COMMUNITY.parse().unwrap());
            tx.publish(&ctx, [message]).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.registry.world.pump().await;
    }

    pub async fn record_as(
        &self,
        caller: &Principal,
        firm: FirmId,
        terms: pb::ContractTerms,
        ballot_id: &str,
    ) -> Result<pb::Contract, Status> {
        let message = pb::RecordContractRequest {
            area_id: area().to_string(),
            firm_id: firm.to_string(),
            terms: Some(terms),
            ballot_id: ballot_id.into(),
        };
        let answer = self
            .client()
            .record_contract(self.request(caller, message))
            .await?;
        Ok(answer.into_inner())
    }

    /// A contract that the owners decided on, by a ballot of its own.
    pub async fn record(&self, firm: FirmId, from_on: &str, until_on: &str) -> pb::Contract {
        let ballot = self.hired(&format!("{firm} {from_on}")).await;
        self.record_as(&committee(), firm, terms(from_on, until_on), &ballot)
            .await
            .unwrap()
    }

    pub async fn record_early(
        &self,
        caller: &Principal,
        firm: FirmId,
        terms: pb::ContractTerms,
    ) -> Result<pb::Contract, Status> {
        let message = pb::RecordEarlyContractRequest {
            area_id: area().to_string(),
            firm_id: firm.to_string(),
            terms: Some(terms),
        };
        let request = self.request(caller, message);
        Ok(self.client().record_early_contract(request).await?.into_inner())
    }

    pub async fn renew(
        &self,
        contract_id: &str,
        until_on: &str,
        signed_on: &str,
        ballot_id: &str,
    ) -> Result<pb::Contract, Status> {
        let terms = pb::ContractTerms {
            signed_on: signed_on.into(),
            ..terms("", until_on)
        };
        let message = pb::RenewContractRequest {
            contract_id: contract_id.into(),
            terms: Some(terms),
            ballot_id: ballot_id.into(),
        };
        let request = self.request(&committee(), message);
        Ok(self.client().renew_contract(request).await?.into_inner())
    }

    pub async fn appoint(
        &self,
        firm: FirmId,
        terms: pb::ContractTerms,
        abandoned_on: &str,
    ) -> Result<pb::Contract, Status> {
        let message = pb::AppointTemporaryFirmRequest {
            area_id: area().to_string(),
            firm_id: firm.to_string(),
            terms: Some(terms),
            reason: "原企业撤离，垃圾无人清运。".into(),
            abandoned_on: abandoned_on.into(),
        };
        let request = self.request(&street(), message);
        Ok(self.client().appoint_temporary_firm(request).await?.into_inner())
    }

    pub async fn file(&self, caller: &Principal, contract_id: &str) -> Result<pb::Contract, Status> {
        let message = pb::FileContractRequest {
            contract_id: contract_id.into(),
            number: "东物备2026-018".into(),
        };
        let request = self.request(caller, message);
        Ok(self.client().file_contract(request).await?.into_inner())
    }

    pub async fn dismiss_as(
        &self,
        caller: &Principal,
        contract_id: &str,
        ballot_id: &str,
        noticed_on: &str,
    ) -> Result<pb::Contract, Status> {
        let message = pb::DismissFirmRequest {
            contract_id: contract_id.into(),
            ballot_id: ballot_id.into(),
            noticed_on: noticed_on.into(),
        };
        let request = self.request(caller, message);
        Ok(self.client().dismiss_firm(request).await?.into_inner())
    }

    pub async fn decline(
        &self,
        caller: &Principal,
        contract_id: &str,
        noticed_on: &str,
    ) -> Result<pb::Contract, Status> {
        let message = pb::DeclineRenewalRequest {
            contract_id: contract_id.into(),
            noticed_on: noticed_on.into(),
        };
        let request = self.request(caller, message);
        Ok(self.client().decline_renewal(request).await?.into_inner())
    }

    pub async fn end(
        &self,
        caller: &Principal,
        contract_id: &str,
        noticed_on: &str,
        ballot_id: &str,
    ) -> Result<pb::Contract, Status> {
        let message = pb::EndIndefiniteRequest {
            contract_id: contract_id.into(),
            noticed_on: noticed_on.into(),
            ballot_id: ballot_id.into(),
        };
        let request = self.request(caller, message);
        Ok(self.client().end_indefinite(request).await?.into_inner())
    }

    pub async fn hand_back(
        &self,
        caller: &Principal,
        contract_id: &str,
        items: &[pb::HandBackItem],
        on: &str,
    ) -> Result<pb::Contract, Status> {
        let message = pb::ConfirmHandBackRequest {
            contract_id: contract_id.into(),
            items: items.iter().map(|item| (*item).into()).collect(),
            on: on.into(),
        };
        let request = self.request(caller, message);
        Ok(self.client().confirm_hand_back(request).await?.into_inner())
    }

    pub async fn subcontract(
        &self,
        caller: &Principal,
        contract_id: &str,
        services: &[pb::PropertyService],
        contractor: &CreditCode,
    ) -> Result<pb::Contract, Status> {
        let message = pb::RecordSubcontractRequest {
            contract_id: contract_id.into(),
            subcontract: Some(pb::Subcontract {
                services: services.iter().map(|service| (*service).into()).collect(),
                contractor_credit_code: contractor.to_string(),
                contractor_name: "东阳清洁（演示）".into(),
                from_on: "2026-04-01".into(),
                until_on: "2026-12-31".into(),
            }),
        };
        let request = self.request(caller, message);
        Ok(self.client().record_subcontract(request).await?.into_inner())
    }

    pub async fn get_as(&self, caller: &Principal, contract_id: &str) -> Result<pb::Contract, Status> {
        let message = pb::GetContractRequest {
            contract_id: contract_id.into(),
            ..Default::default()
        };
        let request = self.request(caller, message);
        Ok(self.client().get_contract(request).await?.into_inner())
    }

    pub async fn get(&self, contract_id: &str) -> pb::Contract {
        self.get_as(&authority(), contract_id).await.unwrap()
    }

    /// Who manages the area now.
    pub async fn manager(&self) -> String {
        let message = pb::GetAreaRequest {
            area_id: area().to_string(),
            ..Default::default()
        };
        let request = self.request(&authority(), message);
        let area = self.registry.client().get_area(request).await.unwrap();
        area.into_inner().manager_id
    }

    /// Each change of the area's manager that was told, from whom to whom and since when; the area's versions have no gap.
    pub async fn manager_changes(&self) -> Vec<(String, String, String)> {
        let area = area().to_string();
        let events = self.registry.outbox().await.into_iter();
        let events: Vec<_> = events.filter(|event| event.aggregate == area).collect();
        let versions: Vec<i64> = events.iter().map(|event| event.version).collect();
        assert_eq!(versions, (1..=versions.len() as i64).collect::<Vec<_>>());
        let changes = events
            .iter()
            .filter(|event| event.kind.ends_with(".AreaManagerChanged"));
        changes
            .map(|event| {
                let changed: pb::AreaManagerChanged = serde_json::from_str(&event.body).unwrap();
                (changed.previous_manager_id, changed.manager_id, changed.since)
            })
            .collect()
    }

    /// The kinds of events of one aggregate with their versions, from the first.
    pub async fn told(&self, aggregate: &str) -> Vec<(String, i64)> {
        let events = self.registry.outbox().await.into_iter();
        events
            .filter(|event| event.aggregate == aggregate)
            .map(|event| {
                let (_, kind) = event.kind.rsplit_once('.').unwrap();
                (kind.to_owned(), event.version)
            })
            .collect()
    }

    /// How often each kind of event of one aggregate was told.
    pub async fn counted(&self, aggregate: &str) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for (kind, _) in self.told(aggregate).await {
            *counted.entry(kind).or_default() += 1;
        }
        counted
    }
}

/// A decided ballot of the whole area.
pub fn ballot(name: &str, matter: committees::Matter, passed: bool) -> committees::Ballot {
    let decided_at: chrono::DateTime<chrono::Utc> = "2026-03-01T02:00:00Z".parse().unwrap();
    let mut ballot = committees::Ballot {
        ballot_id: BallotId::derive(name).to_string(),
        scope: Some(whole_area()),
        division_code: COMMUNITY.into(),
        title: "选聘物业服务企业".into(),
        version: 3,
        result: Some(committees::Result {
            passed,
            decided_at: Some(decided_at.into()),
            ..Default::default()
        }),
        ..Default::default()
    };
    ballot.set_matter(matter);
    ballot.set_state(committees::BallotState::Decided);
    ballot
}
