//! The gateway's own calls: sessions of the built-in issuer, the caller, the clock.
//!
//! Served in process behind the same guard as every service; there is no domain in them.

mod refusal;

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use access::token::{Issuer, Verifier};
use access::{Access, Principal, Resource, ResourceKind};
use calendar::Clock;
use chrono::Utc;
use proto::gateway::v1 as pb;
use proto::gateway::v1::gateway_service_server::{GatewayService, GatewayServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::server::{Guard, Methods};
use rpc::{AppError, CallContext, Cause, General, Peer, field};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::accounts::Accounts;
use crate::attempts::Attempts;
use crate::clock::{ClockControl, Known, Moves};
use refusal::Refusal;

/// The built-in issuer with all it needs to open sessions.
pub(crate) struct Sessions {
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) accounts: Accounts,
    pub(crate) attempts: Attempts,
    pub(crate) ttl: Duration,
}

/// What the gateway's own calls are made of.
pub(crate) struct Own {
    /// None where a foreign issuer is configured.
    pub(crate) sessions: Option<Sessions>,
    pub(crate) access: Access,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clock_control: Option<Arc<dyn ClockControl>>,
    pub(crate) moves: Moves,
}

/// The gateway's own calls as a peer like any other.
pub(crate) fn peer(own: Own, verifier: Verifier) -> Peer {
    let server = GatewayServiceServer::new(own)
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    rpc::in_process(&Guard::new("gateway", methods(), verifier), Routes::new(server))
}

fn methods() -> Methods {
    // Actions live as long as the process: policies and spans name them.
    static ACTIONS: LazyLock<Vec<(&'static proto::catalog::Call, String)>> = LazyLock::new(|| {
        let own = proto::catalog::calls()
            .iter()
            .filter(|call| call.service == "gateway");
        own.map(|call| (call, format!("gateway.{}", call.name))).collect()
    });
    let mut methods = Methods::default();
    for (call, action) in ACTIONS.iter() {
        methods.add(&call.grpc_path, action, call.public);
    }
    methods
}

#[tonic::async_trait]
impl GatewayService for Own {
    async fn create_session(
        &self,
        request: Request<pb::CreateSessionRequest>,
    ) -> Result<Response<pb::Session>, Status> {
        let address = request.remote_addr().map(|address| address.ip());
        Ok(Response::new(
            self.open_session(request.into_inner(), address).await?,
        ))
    }

    async fn get_caller(
        &self,
        request: Request<pb::GetCallerRequest>,
    ) -> Result<Response<pb::Caller>, Status> {
        let ctx = CallContext::from_request(&request)?;
        self.permit(&ctx, ResourceKind::Session)?;
        Ok(Response::new(caller(&ctx.actor)))
    }

    async fn get_clock(&self, request: Request<pb::GetClockRequest>) -> Result<Response<pb::Clock>, Status> {
        let ctx = CallContext::from_request(&request)?;
        self.permit(&ctx, ResourceKind::Clock)?;
        Ok(Response::new(self.shown_clock()))
    }

    async fn advance_clock(
        &self,
        request: Request<pb::AdvanceClockRequest>,
    ) -> Result<Response<pb::Clock>, Status> {
        let ctx = CallContext::from_request(&request)?;
        self.permit(&ctx, ResourceKind::Clock)?;
        self.advance(&ctx, request.into_inner()).await?;
        Ok(Response::new(self.shown_clock()))
    }
}

impl Own {
    fn permit(&self, ctx: &CallContext, kind: ResourceKind) -> Result<(), AppError<Refusal>> {
        // Nothing of the gateway's is secret in itself, so a refusal is never hidden behind "not found".
        self.access
            .require(&ctx.actor, ctx.action, &Resource::new(kind, "gateway"))
            .map_err(|denied| {
                AppError::General(General::NotAllowed {
                    action: denied.action.to_owned(),
                })
            })
    }

    async fn open_session(
        &self,
        request: pb::CreateSessionRequest,
        address: Option<IpAddr>,
    ) -> Result<pb::Session, AppError<Refusal>> {
        let sessions = self.sessions.as_ref().ok_or(Refusal::IssuerDisabled)?;
        let account = request.account.trim();
        if let Some(wait) = sessions.attempts.begin(account, address, Instant::now()) {
            tracing::info!(wait_s = wait.as_secs(), "a login was refused: too many attempts");
            return Err(Refusal::TooManyAttempts {
                minutes: wait.as_secs().div_ceil(60),
            }
            .into());
        }
        let Some(principal) = sessions.accounts.check(account, &request.password).await else {
            tracing::info!("a login failed");
            return Err(Refusal::CredentialsWrong.into());
        };
        sessions.attempts.succeeded(account, address);
        // Tokens are about real time, also where the platform's clock is simulated.
        let now = Utc::now();
        let token = sessions.issuer.issue(&principal, now, sessions.ttl);
        let ttl = chrono::TimeDelta::from_std(sessions.ttl).unwrap_or(chrono::TimeDelta::days(1));
        Ok(pb::Session {
            token,
            expires_at: Some((now + ttl).into()),
            caller: Some(caller(&principal)),
        })
    }

    async fn advance(
        &self,
        ctx: &CallContext,
        request: pb::AdvanceClockRequest,
    ) -> Result<(), AppError<Refusal>> {
        let Cause::Call { key: Some(key) } = &ctx.cause else {
            return Err(General::IdempotencyKeyMissing.into());
        };
        let to = field::instant("to", request.to.map(|to| (to.seconds, to.nanos)))?;
        let control = self.clock_control.as_ref().ok_or(Refusal::ClockNotSimulated)?;
        match self.moves.find(key.as_str(), to) {
            Known::Done => return Ok(()),
            Known::OtherTime => return Err(General::IdempotencyKeyReused.into()),
            Known::New => {}
        }
        if to < self.clock.now() {
            return Err(Refusal::ClockCannotGoBack.into());
        }
        control.advance(to).await.map_err(|source| General::Unavailable {
            what: "clock",
            source: source.into(),
        })?;
        self.moves.remember(key.as_str(), to);
        tracing::info!(%to, subject = %ctx.actor.subject, "the clock was moved");
        Ok(())
    }

    fn shown_clock(&self) -> pb::Clock {
        pb::Clock {
            now: Some(self.clock.now().into()),
            simulated: self.clock_control.is_some(),
        }
    }
}

fn caller(principal: &Principal) -> pb::Caller {
    pb::Caller {
        subject: principal.subject.clone(),
        name: principal.name.clone(),
        roles: principal
            .roles
            .iter()
            .map(|role| role.as_str().to_owned())
            .collect(),
        organisation: principal.organisation.clone().unwrap_or_default(),
        jurisdiction: principal
            .jurisdiction
            .map(|code| code.to_string())
            .unwrap_or_default(),
        owner_id: principal.owner_id.map(|id| id.to_string()).unwrap_or_default(),
    }
}
