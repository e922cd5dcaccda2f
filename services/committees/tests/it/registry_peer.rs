//! Registry as committees meets it at the contract: rolls streamed from a table that a test gives.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures::stream::{BoxStream, StreamExt};
use proto::registry::v1 as pb;
use proto::registry::v1::registry_service_server::{RegistryService, RegistryServiceServer};
use rpc::server::Guard;
use rpc::{CallContext, Peer};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// The table, and what was asked of it. Clones are the same.
#[derive(Clone, Default)]
pub struct Rolls {
    entries: Arc<Mutex<Vec<pb::RollEntry>>>,
    refusal: Arc<Mutex<Option<Status>>>,
    asked: Arc<AtomicUsize>,
    last: Arc<Mutex<Option<pb::StreamRollRequest>>>,
}

impl Rolls {
    /// What is on the roll from now on.
    pub fn set(&self, entries: Vec<pb::RollEntry>) {
        *self.entries.lock().unwrap() = entries;
    }

    /// What is on the roll.
    pub fn entries(&self) -> Vec<pb::RollEntry> {
        self.entries.lock().unwrap().clone()
    }

    /// Refuses from now on, or no longer.
    pub fn refuse(&self, with: Option<Status>) {
        *self.refusal.lock().unwrap() = with;
    }

    /// How often a roll was asked for.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// What was asked for last.
    pub fn last(&self) -> pb::StreamRollRequest {
        self.last.lock().unwrap().clone().unwrap()
    }

    /// The way to it, behind the same guard as the real one: the caller's token must come along.
    pub fn peer(&self, verifier: access::Verifier) -> Peer {
        let guard = Guard::new("registry", hosting::methods::of("registry"), verifier);
        rpc::in_process(&guard, Routes::new(RegistryServiceServer::new(self.clone())))
    }
}

#[tonic::async_trait]
impl RegistryService for Rolls {
    type StreamRollStream = BoxStream<'static, Result<pb::RollEntry, Status>>;

    async fn stream_roll(
        &self,
        request: Request<pb::StreamRollRequest>,
    ) -> Result<Response<Self::StreamRollStream>, Status> {
        let ctx = CallContext::from_request(&request)?;
        assert_eq!(ctx.action, "registry.StreamRoll");
        let request = request.into_inner();
        self.asked.fetch_add(1, Ordering::SeqCst);
        *self.last.lock().unwrap() = Some(request.clone());
        if let Some(refusal) = self.refusal.lock().unwrap().clone() {
            return Err(refusal);
        }
        let scope = request.scope.unwrap();
        let in_scope = self.entries().into_iter().filter(move |entry| {
            scope.building_ids.is_empty() || scope.building_ids.contains(&entry.building_id)
        });
        Ok(Response::new(
            futures::stream::iter(in_scope.map(Ok).collect::<Vec<_>>()).boxed(),
        ))
    }

    async fn list_divisions(
        &self,
        _: Request<pb::ListDivisionsRequest>,
    ) -> Result<Response<pb::ListDivisionsResponse>, Status> {
        unused()
    }

    async fn list_areas(
        &self,
        _: Request<pb::ListAreasRequest>,
    ) -> Result<Response<pb::ListAreasResponse>, Status> {
        unused()
    }

    async fn get_area(&self, _: Request<pb::GetAreaRequest>) -> Result<Response<pb::Area>, Status> {
        unused()
    }

    async fn list_buildings(
        &self,
        _: Request<pb::ListBuildingsRequest>,
    ) -> Result<Response<pb::ListBuildingsResponse>, Status> {
        unused()
    }

    async fn list_homes(
        &self,
        _: Request<pb::ListHomesRequest>,
    ) -> Result<Response<pb::ListHomesResponse>, Status> {
        unused()
    }

    async fn get_home(&self, _: Request<pb::GetHomeRequest>) -> Result<Response<pb::Home>, Status> {
        unused()
    }

    async fn get_owner(&self, _: Request<pb::GetOwnerRequest>) -> Result<Response<pb::Owner>, Status> {
        unused()
    }

    async fn list_firms(
        &self,
        _: Request<pb::ListFirmsRequest>,
    ) -> Result<Response<pb::ListFirmsResponse>, Status> {
        unused()
    }

    async fn transfer_home(&self, _: Request<pb::TransferHomeRequest>) -> Result<Response<pb::Home>, Status> {
        unused()
    }

    async fn deliver_homes(
        &self,
        _: Request<pb::DeliverHomesRequest>,
    ) -> Result<Response<pb::DeliverHomesResponse>, Status> {
        unused()
    }

    async fn get_set_up(&self, _: Request<pb::GetSetUpRequest>) -> Result<Response<pb::SetUp>, Status> {
        unused()
    }

    async fn import_table(
        &self,
        _: Request<pb::ImportTableRequest>,
    ) -> Result<Response<pb::ImportReport>, Status> {
        unused()
    }
}

fn unused<T>() -> Result<T, Status> {
    Err(Status::unimplemented("committees asks registry for rolls only"))
}
