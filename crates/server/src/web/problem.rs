//! What went wrong, for programs (RFC 9457) and for people.

use crate::error::StoreError;
use crate::review::Event;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A refused or failed request, as `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem, as an address: `/problems/CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Stable code: `not_found`, `conflict`, `invalid`, ... or a cause of docs/errors.md.
    pub code: String,
    /// HTTP status.
    pub status: u16,
    /// One line for people.
    pub title: String,
    /// Of conflicts: what others did since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub since: Vec<Event>,
    /// Seconds after which to ask again.
    #[serde(skip)]
    pub wait: Option<u64>,
}

/// The code of a problem, beside the answer that tells of it.
#[derive(Debug, Clone)]
pub struct Code(pub String);

impl Code {
    /// Whether a request was refused for what it was, not for what it asked for.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self.0.as_str(),
            "host" | "forged" | "forbidden" | "unauthenticated" | "too_often" | "too_large"
        )
    }
}

impl Problem {
    /// A problem of a stable code.
    pub fn new(status: StatusCode, code: &str, title: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{code}"),
            code: code.to_owned(),
            status: status.as_u16(),
            title: title.into(),
            since: Vec::new(),
            wait: None,
        }
    }

    /// There is nothing at this address.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    /// The request says something that cannot be.
    pub fn invalid(why: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why)
    }

    /// Others came first.
    pub fn conflict(since: Vec<Event>) -> Self {
        let title = "the document has changed since it was read; look at it again";
        Self { since, ..Self::new(StatusCode::PRECONDITION_FAILED, "conflict", title) }
    }

    /// The client asks too often; it is to wait so long.
    pub fn too_often(wait: std::time::Duration) -> Self {
        let title = "too many requests; ask again later";
        let wait = Some(wait.as_secs().saturating_add(1));
        Self { wait, ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often", title) }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "request");
        // What went wrong inside may name paths: it goes to the log alone.
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "io",
            "the request could not be carried out; see the log",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(&self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(wait) = self.wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response.extensions_mut().insert(Code(self.code));
        response
    }
}
