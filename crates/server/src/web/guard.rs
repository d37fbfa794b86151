//! What every request must pass, and what every answer carries.

use super::App;
use super::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// Longest time an answer may take, and one that holds the whole batch.
const LATEST: Duration = Duration::from_secs(60);
const LATEST_EXPORT: Duration = Duration::from_secs(3600);

/// What pages may load: what this server gives and nothing else; no script and no style stands in a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses requests that were not meant for this server or that another site made, and sets the headers.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let refused = refused(&app, request.method(), request.headers());
    let latest = if path.starts_with("/export/") || path.starts_with("/api/v1/export/") {
        LATEST_EXPORT
    } else {
        LATEST
    };
    let mut response = match refused {
        Some(problem) => {
            tracing::warn!(code = problem.code, path, "refused");
            problem.into_response()
        }
        None => match tokio::time::timeout(latest, next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                let title = "the answer took too long; ask again";
                Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", title).into_response()
            }
        },
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Why a request is not served.
fn refused(app: &App, method: &Method, headers: &HeaderMap) -> Option<Problem> {
    let text = |name: HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    // A site of another name that points here (DNS rebinding) would pass for this one in the browser.
    let host = text(header::HOST).unwrap_or("");
    if !app.hosts.iter().any(|h| h == host) {
        let title = "the request names another host";
        return Some(Problem::new(StatusCode::MISDIRECTED_REQUEST, "host", title));
    }
    // Other methods change nothing, and most of them are answered that they are not known.
    if !matches!(*method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE) {
        return None;
    }
    let forbidden = |title: &str| Some(Problem::new(StatusCode::FORBIDDEN, "forged", title));
    if text(header::ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
        return forbidden("the request comes from another site");
    }
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return forbidden("the request comes from another site");
    }
    // Forms of other sites cannot send this type without asking first, which is answered by no one.
    let kind = text(header::CONTENT_TYPE).unwrap_or("");
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        let title = "the body must be application/json";
        return Some(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", title));
    }
    None
}
