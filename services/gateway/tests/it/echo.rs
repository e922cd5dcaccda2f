//! A funds service at the contract that remembers what arrived and answers what it is told to: it has no rules.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proto::funds::v1 as pb;
use proto::funds::v1::funds_service_server::{FundsService, FundsServiceServer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tonic::metadata::MetadataMap;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// A call as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: &'static str,
    pub message: Value,
    pub metadata: MetadataMap,
}

/// What to answer next.
pub enum Answer {
    Message(Value),
    Refusal(Status),
    After(Duration),
    Panic,
}

#[derive(Default)]
pub struct Echo {
    seen: Mutex<Vec<Seen>>,
    next: Mutex<VecDeque<Answer>>,
}

impl Echo {
    pub fn routes(self: &Arc<Self>) -> Routes {
        Routes::new(FundsServiceServer::from_arc(Arc::clone(self)))
    }

    pub fn will(&self, answer: Answer) {
        self.next.lock().unwrap().push_back(answer);
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn last(&self) -> Seen {
        self.seen().pop().expect("a call has arrived")
    }

    async fn answer<Q: Serialize, A: DeserializeOwned>(
        &self,
        method: &'static str,
        request: Request<Q>,
    ) -> Result<Response<A>, Status> {
        let metadata = request.metadata().clone();
        let message = serde_json::to_value(request.get_ref()).unwrap();
        self.seen.lock().unwrap().push(Seen {
            method,
            message,
            metadata,
        });
        let next = self.next.lock().unwrap().pop_front();
        let message = match next {
            None => json!({}),
            Some(Answer::Message(message)) => message,
            Some(Answer::Refusal(status)) => return Err(status),
            Some(Answer::After(wait)) => {
                tokio::time::sleep(wait).await;
                json!({})
            }
            Some(Answer::Panic) => panic!("the service has a bug"),
        };
        Ok(Response::new(serde_json::from_value(message).unwrap()))
    }
}

macro_rules! funds {
    ($($method:ident: $question:ident => $answer:ident),* $(,)?) => {
        #[tonic::async_trait]
        impl FundsService for Echo {
            $(async fn $method(&self, request: Request<pb::$question>) -> Result<Response<pb::$answer>, Status> {
                self.answer(stringify!($method), request).await
            })*
        }
    };
}

funds! {
    propose_draw: ProposeDrawRequest => Draw,
    check_draw: CheckDrawRequest => Draw,
    withdraw_draw: WithdrawDrawRequest => Draw,
    accept_work: AcceptWorkRequest => Draw,
    pay_draw: PayDrawRequest => Draw,
    get_draw: GetDrawRequest => Draw,
    list_draws: ListDrawsRequest => ListDrawsResponse,
    list_shares: ListSharesRequest => ListSharesResponse,
    get_statement: GetStatementRequest => Statement,
    import_deposits: ImportDepositsRequest => DepositReport,
    get_trial_balance: GetTrialBalanceRequest => TrialBalance,
}
