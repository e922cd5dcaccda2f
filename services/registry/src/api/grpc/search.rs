//! Finding something.

use proto::registry::v1 as pb;
use proto::registry::v1::search_service_server::{SearchService, SearchServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::field::Invalid;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::app::App;
use crate::app::search::{Find, Hit, HitKind};

/// Longest text that is searched for.
const QUERY_LENGTH_MAX: usize = 100;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> SearchServiceServer<SearchApi> {
    SearchServiceServer::new(SearchApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct SearchApi {
    app: App,
}

#[tonic::async_trait]
impl SearchService for SearchApi {
    async fn search(
        &self,
        request: Request<pb::SearchRequest>,
    ) -> Result<Response<pb::SearchResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let (hits, next_page_token) = self.app.search(&ctx, request.into_inner().try_into()?).await?;
        let hits = hits.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::SearchResponse {
            hits,
            next_page_token,
        }))
    }
}

impl TryFrom<pb::SearchRequest> for Find {
    type Error = Invalid;

    fn try_from(request: pb::SearchRequest) -> Result<Self, Invalid> {
        let kind = match pb::HitKind::try_from(request.kind) {
            Ok(pb::HitKind::Area) => Some(HitKind::Area),
            Ok(pb::HitKind::Firm) => Some(HitKind::Firm),
            Ok(pb::HitKind::Home) => Some(HitKind::Home),
            Ok(pb::HitKind::Unspecified) | Err(_) => None,
        };
        Ok(Find {
            query: field::text("query", &request.query, QUERY_LENGTH_MAX, "QUERY_MISSING")?,
            kind,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

impl From<Hit> for pb::Hit {
    fn from(hit: Hit) -> Self {
        match hit {
            Hit::Area(area) => pb::Hit {
                kind: pb::HitKind::Area.into(),
                id: area.id.to_string(),
                title: area.name,
                number: area.number,
                division_code: area.division.to_string(),
            },
            Hit::Firm(firm) => pb::Hit {
                kind: pb::HitKind::Firm.into(),
                id: firm.id.to_string(),
                title: firm.name,
                number: firm.credit_code.to_string(),
                division_code: String::new(),
            },
            Hit::Home(home, area, building) => pb::Hit {
                kind: pb::HitKind::Home.into(),
                id: home.id.to_string(),
                title: format!("{}{building}幢{}", area.name, home.door()),
                number: home.unit_number.to_string(),
                division_code: area.division.to_string(),
            },
        }
    }
}
