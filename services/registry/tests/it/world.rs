//! A registry of its own for each test, and an estate to fill it with.

use access::Principal;
use futures::TryStreamExt;
use ids::{AreaId, BuildingId, CitizenId, CreditCode, FirmId, HomeId, OwnerId};
use proto::common::v1::Scope;
use proto::registry::v1 as pb;
use proto::registry::v1::building_service_client::BuildingServiceClient;
use proto::registry::v1::export_service_client::ExportServiceClient;
use proto::registry::v1::firm_service_client::FirmServiceClient;
use proto::registry::v1::owner_service_client::OwnerServiceClient;
use proto::registry::v1::registry_service_client::RegistryServiceClient;
use proto::registry::v1::roll_service_client::RollServiceClient;
use proto::registry::v1::roster_service_client::RosterServiceClient;
use registry::Registry;
use rpc::Peer;
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::failure::reason_of;
use sea_orm::{ConnectionTrait, Statement};
use testkit::{Backend, World, people};
use tonic::Status;

pub const CITY: &str = "330783";
pub const COMMUNITY: &str = "330783004015";
pub const OTHER_COMMUNITY: &str = "330783001014";
pub const STREET: &str = "330783004";
pub const OTHER_STREET: &str = "330783001";
pub const AREA: &str = "330783004015-0001";
pub const SINCE: &str = "2020-05-01";
/// The world begins on this day.
pub const TODAY: &str = "2026-03-02";

/// Makes a call as somebody, with an idempotency key, and unwraps the envelope of the answer.
macro_rules! call {
    ($registry:expr, $client:ident.$method:ident, $caller:expr, $key:expr, $message:expr) => {{
        let request = $registry.world.request_with_key($caller, $key, $message);
        let answer = $registry.$client().$method(request).await;
        answer.map(tonic::Response::into_inner)
    }};
}

/// A registry, empty but for the divisions.
pub struct TestRegistry {
    pub world: World,
    peer: Peer,
}

/// A request made wrong in one way, and the reason with which it is refused.
pub type Spoilt<T> = (fn(&mut T), &'static str);

/// An event as the outbox holds it.
#[derive(Debug, Clone)]
pub struct Stored {
    pub kind: String,
    pub address: String,
    pub aggregate: String,
    pub version: i64,
    pub body: String,
}

impl TestRegistry {
    pub async fn new(backend: Backend) -> Self {
        let mut world = World::new(backend).await;
        let peer = world.add::<Registry>().await.peer();
        TestRegistry { world, peer }
    }

    /// With two firms, an area and its buildings 1 to 3.
    pub async fn with_area(backend: Backend) -> Self {
        let registry = Self::new(backend).await;
        registry.load(pb::TableKind::Firms, &firms()).await;
        registry
            .load(pb::TableKind::Areas, &areas(&[(AREA, COMMUNITY)]))
            .await;
        let buildings = format!("area_number,number,floors\n{AREA},1,18\n{AREA},2,18\n{AREA},3,11\n");
        registry.load(pb::TableKind::Buildings, &buildings).await;
        registry
    }

    pub fn client(&self) -> RegistryServiceClient<Peer> {
        RegistryServiceClient::new(self.peer.clone())
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(MESSAGE_BYTES_MAX)
    }

    /// The way to the registry, for clients of its other services.
    pub fn peer(&self) -> Peer {
        self.peer.clone()
    }

    pub fn firm_client(&self) -> FirmServiceClient<Peer> {
        FirmServiceClient::new(self.peer.clone())
    }

    pub fn roster_client(&self) -> RosterServiceClient<Peer> {
        RosterServiceClient::new(self.peer.clone())
    }

    pub fn building_client(&self) -> BuildingServiceClient<Peer> {
        BuildingServiceClient::new(self.peer.clone())
    }

    /// The events of an aggregate, as `name version`, in order.
    pub async fn told(&self, aggregate: &str) -> Vec<String> {
        let events = self.outbox().await.into_iter();
        events
            .filter(|event| event.aggregate == aggregate)
            .map(|event| {
                let name = event.kind.rsplit('.').next().unwrap_or_default();
                format!("{name} {}", event.version)
            })
            .collect()
    }

    pub fn owners(&self) -> OwnerServiceClient<Peer> {
        OwnerServiceClient::new(self.peer.clone())
    }

    pub fn rolls(&self) -> RollServiceClient<Peer> {
        RollServiceClient::new(self.peer.clone())
    }

    /// A request under this key, with a reason in its header; none where the reason is empty.
    pub fn because<T>(&self, caller: &Principal, key: &str, reason: &str, message: T) -> tonic::Request<T> {
        let mut request = self.world.request_with_key(caller, key, message);
        if !reason.is_empty() {
            let value = tonic::metadata::MetadataValue::try_from(reason.as_bytes()).unwrap();
            request.metadata_mut().insert("call-reason", value);
        }
        request
    }

    /// Everything of a table, as the database prints it: to look for what must not be there.
    pub async fn dump(&self, table: &str, columns: &str) -> Vec<String> {
        let reader = self.world.hosted("registry").store.reader();
        let sql = format!("SELECT {columns} AS text FROM {table}");
        let rows = reader
            .query_all_raw(Statement::from_string(reader.get_database_backend(), sql))
            .await
            .unwrap();
        rows.iter().map(|row| row.try_get("", "text").unwrap()).collect()
    }

    /// Events of a kind, the oldest first.
    pub async fn told_of(&self, kind: &str) -> Vec<Stored> {
        let kind = format!("heju.registry.v1.{kind}");
        let events = self.outbox().await.into_iter();
        events.filter(|event| event.kind == kind).collect()
    }

    pub fn exports(&self) -> ExportServiceClient<Peer> {
        ExportServiceClient::new(self.peer.clone())
    }

    pub async fn import(&self, kind: pb::TableKind, content: &[u8]) -> Result<pb::ImportReport, Status> {
        let message = pb::ImportTableRequest {
            kind: kind.into(),
            content: content.to_vec(),
            dry_run: false,
        };
        let request = self.world.request(&people::authority(CITY), message);
        self.client()
            .import_table(request)
            .await
            .map(tonic::Response::into_inner)
    }

    /// Imports a table that must hold.
    pub async fn load(&self, kind: pb::TableKind, content: &str) -> pb::ImportReport {
        let report = self.import(kind, content.as_bytes()).await.unwrap();
        assert_eq!(report.errors, [], "{kind:?}");
        report
    }

    /// The first error of a table that must not hold, as `column REASON`; rows that only wait for a wrong one are passed over.
    pub async fn error_of(&self, kind: pb::TableKind, content: &str) -> String {
        let before = self.outbox().await.len();
        let report = self.import(kind, content.as_bytes()).await.unwrap();
        assert_eq!(
            (report.recorded, self.outbox().await.len()),
            (0, before),
            "nothing is recorded beside an error"
        );
        let waits = |error: &&pb::RowError| error.reason == "ROWS_INCOMPLETE";
        let mut errors = report.errors.iter().filter(|error| !waits(error));
        let error = errors.next().expect("an error");
        assert!(!error.message_zh.is_empty() && !error.message_en.is_empty());
        format!("{} {}", error.column, error.reason)
    }

    /// The roll of a scope as an officer of the community gets it.
    pub async fn roll(&self, scope: Scope) -> Result<Vec<pb::RollEntry>, Status> {
        self.roll_of(
            &people::community(COMMUNITY),
            pb::StreamRollRequest {
                scope: Some(scope),
                ..Default::default()
            },
        )
        .await
    }

    pub async fn roll_of(
        &self,
        caller: &Principal,
        request: pb::StreamRollRequest,
    ) -> Result<Vec<pb::RollEntry>, Status> {
        let request = self.world.request(caller, request);
        self.client()
            .stream_roll(request)
            .await?
            .into_inner()
            .try_collect()
            .await
    }

    pub async fn transfer(
        &self,
        caller: &Principal,
        key: &str,
        home: HomeId,
        owners: &[OwnerId],
        on: &str,
    ) -> Result<pb::Home, Status> {
        let message = pb::TransferHomeRequest {
            home_id: home.to_string(),
            owner_ids: owners.iter().map(ToString::to_string).collect(),
            transferred_on: on.to_owned(),
        };
        let request = self.world.request_with_key(caller, key, message);
        self.client()
            .transfer_home(request)
            .await
            .map(tonic::Response::into_inner)
    }

    pub async fn deliver(
        &self,
        caller: &Principal,
        key: &str,
        building: BuildingId,
        homes: &[HomeId],
        on: &str,
    ) -> Result<Vec<pb::Home>, Status> {
        let message = pb::DeliverHomesRequest {
            building_id: building.to_string(),
            home_ids: homes.iter().map(ToString::to_string).collect(),
            delivered_on: on.to_owned(),
        };
        let request = self.world.request_with_key(caller, key, message);
        let answer = self.client().deliver_homes(request).await?;
        Ok(answer.into_inner().homes)
    }

    pub async fn outbox(&self) -> Vec<Stored> {
        let reader = self.world.hosted("registry").store.reader();
        let sql = "SELECT kind, address, aggregate, version, body FROM outbox ORDER BY seq";
        let rows = reader
            .query_all_raw(Statement::from_string(reader.get_database_backend(), sql))
            .await
            .unwrap();
        rows.iter()
            .map(|row| Stored {
                kind: row.try_get("", "kind").unwrap(),
                address: row.try_get("", "address").unwrap(),
                aggregate: row.try_get("", "aggregate").unwrap(),
                version: row.try_get("", "version").unwrap(),
                body: row.try_get("", "body").unwrap(),
            })
            .collect()
    }
}

/// The reason of a refusal.
pub fn refused<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    reason_of(&answer.unwrap_err())
}

pub fn credit_code(body: &str) -> CreditCode {
    format!("{body}{}", CreditCode::check_char(body).unwrap())
        .parse()
        .unwrap()
}

pub fn developer_code() -> CreditCode {
    credit_code("91330783MA2E40029")
}

pub fn manager_code() -> CreditCode {
    credit_code("91330783MA2E40030")
}

pub fn developer() -> FirmId {
    FirmId::derive(developer_code().as_str())
}

pub fn manager() -> FirmId {
    FirmId::derive(manager_code().as_str())
}

pub fn firms() -> String {
    format!(
        "credit_code,name,kind\n{},东阳建设（演示）,DEVELOPER\n{},和居物业（演示）,PROPERTY\n",
        developer_code(),
        manager_code()
    )
}

/// Areas with the developer and the property firm.
pub fn areas(list: &[(&str, &str)]) -> String {
    let header = "number,name,division_code,developer_credit_code,manager_credit_code\n".to_owned();
    list.iter().fold(header, |csv, (number, division)| {
        csv + &format!(
            "{number},湖畔花园,{division},{},{}\n",
            developer_code(),
            manager_code()
        )
    })
}

pub fn area() -> AreaId {
    AreaId::derive(AREA)
}

pub fn building(number: &str) -> BuildingId {
    BuildingId::derive(&format!("{AREA}/{number}"))
}

pub fn unit(building: u32, home: u32) -> String {
    format!("{COMMUNITY}GB00001F{building:04}{home:04}")
}

pub fn home(building: u32, number: u32) -> HomeId {
    HomeId::derive(&unit(building, number))
}

/// A citizen number that belongs to nobody, of somebody born on this day (`20150301`).
pub fn citizen_born(day: &str, serial: u32) -> CitizenId {
    let body = format!("330783{day}{serial:03}");
    format!("{body}{}", CitizenId::check_char(&body).unwrap())
        .parse()
        .unwrap()
}

/// A citizen number that belongs to nobody, told apart by `serial` below 28,000.
pub fn citizen(serial: u32) -> CitizenId {
    let body = format!(
        "330783{}{:02}{:02}{:03}",
        1950 + serial / 1000,
        1 + serial % 10,
        1 + serial / 10 % 10,
        900 + serial / 100 % 10
    );
    format!("{body}{}", CitizenId::check_char(&body).unwrap())
        .parse()
        .unwrap()
}

pub fn owner(serial: u32) -> OwnerId {
    owner_with(&format!("CITIZEN_ID:{}", citizen(serial).as_str()))
}

/// The owner with this kind and number of document.
pub fn owner_with(document: &str) -> OwnerId {
    testkit::world::sealer().derive_id(document)
}

pub const HOMES_HEADER: &str =
    "area_number,building_number,stairwell,room,unit_number,exclusive_area,use,sale_state,delivered_on\n";
pub const OWNERSHIPS_HEADER: &str = "unit_number,owner_name,document_kind,document_number,owned_since\n";

/// A flat of 100 m² in stairwell 1, delivered or not.
pub fn home_row(building: u32, number: u32, state: &str) -> String {
    let delivered_on = if state == "DELIVERED" { SINCE } else { "" };
    format!(
        "{AREA},{building},1,{number:04},{},100.00,RESIDENTIAL,{state},{delivered_on}\n",
        unit(building, number)
    )
}

pub fn ownership_row(building: u32, number: u32, serial: u32) -> String {
    format!(
        "{},张三,CITIZEN_ID,{},{SINCE}\n",
        unit(building, number),
        citizen(serial).as_str()
    )
}

/// Delivered homes of one building, each with an owner whose serial is the home's number.
pub async fn settle(registry: &TestRegistry, building: u32, numbers: std::ops::RangeInclusive<u32>) {
    let homes = numbers
        .clone()
        .map(|number| home_row(building, number, "DELIVERED"));
    registry
        .load(
            pb::TableKind::Homes,
            &(HOMES_HEADER.to_owned() + &homes.collect::<String>()),
        )
        .await;
    let owners = numbers.map(|number| ownership_row(building, number, building * 1000 + number));
    registry
        .load(
            pb::TableKind::Ownerships,
            &(OWNERSHIPS_HEADER.to_owned() + &owners.collect::<String>()),
        )
        .await;
}

pub fn whole_area() -> Scope {
    Scope {
        area_id: area().to_string(),
        ..Scope::default()
    }
}
