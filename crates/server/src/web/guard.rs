//! What every request must pass, and what every answer carries.

use super::App;
use super::callers::{Caller, Way, caller, client};
use super::problem::{Code, Problem};
use crate::store::Entry;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use export::percent_encoded;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Longest time an answer may take, one that takes files in, and one that holds the whole batch.
const LATEST: Duration = Duration::from_secs(60);
const LATEST_UPLOAD: Duration = Duration::from_secs(900);
const LATEST_EXPORT: Duration = Duration::from_secs(3600);

/// What pages may load: what this server gives and nothing else; no script and no style stands in a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The header in which pages show that this server made them.
pub const PLEDGE: HeaderName = HeaderName::from_static("x-csrf-token");

/// Where files are taken in.
pub const UPLOADS: &str = "/api/v1/uploads";

/// Refuses requests that were not meant for this server, that another site made, that come too often or from nobody who is
/// known, and sets the headers.
pub async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let who = client(&app, &request);
    let (admitted, name) = match admit(&app, &mut request, who.clone()) {
        Ok(name) => (Ok(()), name),
        Err(refusal) => (Err(*refusal), String::new()),
    };
    let method = request.method().clone();
    let mut response = match admitted {
        Err(refusal) => refusal,
        Ok(()) => match tokio::time::timeout(latest(&path, &method), next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                let title = "the answer took too long; ask again";
                Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", title).into_response()
            }
        },
    };
    if let Some(code) = response.extensions().get::<Code>().filter(|c| c.is_refusal()).cloned() {
        tracing::warn!(code = code.0, path, client = who, "refused");
        // One line tells of an attack as well as a million.
        if app.noting.take(&format!("{who} {}", code.0)).is_ok() {
            let detail = format!("{}: {method} {path}", code.0);
            let entry =
                Entry { who: name, client: who, what: "request", outcome: "refused", detail, document: None };
            app.note(entry).await;
        }
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Without any, forms of our own pages would not say where they come from.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.https {
        let always = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, always);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn latest(path: &str, method: &Method) -> Duration {
    if path.starts_with("/export/") || path.starts_with("/api/v1/export/") {
        LATEST_EXPORT
    } else if path == UPLOADS && method == Method::POST {
        LATEST_UPLOAD
    } else {
        LATEST
    }
}

/// The name of who asks, if they are let in. Who they are goes into the extensions of the request.
fn admit(app: &App, request: &mut Request, client: String) -> Result<String, Box<Response>> {
    let refused = |answer: Problem| Box::new(answer.into_response());
    let headers = request.headers();
    if !is_meant(app, headers) {
        let title = "the request names another host";
        return Err(refused(Problem::new(StatusCode::MISDIRECTED_REQUEST, "host", title)));
    }
    let caller = caller(app, headers, client).map_err(|e| refused(e.into()))?;
    request.extensions_mut().insert(caller.clone());
    let (path, headers) = (request.uri().path(), request.headers());
    if !matches!(caller.way, Way::Open) {
        let asks = if caller.is_known() { &caller.name } else { &caller.client };
        app.rates.take(asks).map_err(|wait| refused(Problem::too_often(wait)))?;
    }
    forged(app, request.method(), path, headers, &caller).map_err(refused)?;
    if caller.is_known() || path == "/login" || is_asset(path) {
        return Ok(caller.name);
    }
    let page =
        headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|a| a.contains("text/html"));
    if page && request.method() == Method::GET && !path.starts_with("/api/") {
        let asked = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let to = percent_encoded(asked.as_bytes());
        return Err(Box::new(Redirect::to(&format!("/login?to={to}")).into_response()));
    }
    let title = "log in, or show a token: Authorization: Bearer ...";
    let mut response = refused(Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", title));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    Err(response)
}

/// Whether a path names a part of every page, such as its style; these lie in no folders.
fn is_asset(path: &str) -> bool {
    path.strip_prefix("/assets/").is_some_and(|name| !name.contains('/'))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|v| v.to_str().unwrap_or("?"))
}

/// Whether a request names this server. A site of another name that points here (DNS rebinding) would pass for this one
/// in the browser.
fn is_meant(app: &App, headers: &HeaderMap) -> bool {
    let host = text(headers, header::HOST).unwrap_or("");
    if app.hosts.iter().any(|h| h == host) {
        return true;
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    // Nobody can point a number somewhere else.
    let number = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    app.names.iter().any(|n| n.eq_ignore_ascii_case(name)) || (!app.only_here && number)
}

/// Refuses what another site may have made a browser send.
fn forged(
    app: &App,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    caller: &Caller,
) -> Result<(), Problem> {
    // Other methods change nothing, and most of them are answered that they are not known.
    if !matches!(*method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE) {
        return Ok(());
    }
    let forbidden = |title: &str| Err(Problem::new(StatusCode::FORBIDDEN, "forged", title));
    let host = text(headers, header::HOST).unwrap_or("");
    let scheme = if app.https { "https://" } else { "http://" };
    let origin = text(headers, header::ORIGIN);
    if origin.is_some_and(|origin| origin.strip_prefix(scheme) != Some(host)) {
        return forbidden("the request comes from another site");
    }
    let site = text(headers, HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return forbidden("the request comes from another site");
    }
    let kind = text(headers, header::CONTENT_TYPE).unwrap_or("").split(';').next().unwrap_or("").trim();
    let pledged = text(headers, PLEDGE).is_some_and(|shown| caller.is_pledged(app, shown));
    let unpledged = "the request does not come from a page of this server; load the page anew";
    match (path, kind) {
        // These forms carry the pledge inside, where those who take them look.
        ("/login" | "/logout", "application/x-www-form-urlencoded") => Ok(()),
        // Forms of other sites can send this one. Browsers say where it comes from, and only they hold cookies.
        (UPLOADS, "multipart/form-data") => match caller.way {
            Way::Session(_) if !pledged => forbidden(unpledged),
            Way::Open if !pledged && (origin.is_some() || site.is_some()) => forbidden(unpledged),
            _ => Ok(()),
        },
        (UPLOADS, _) => Err(unsupported("the body must be multipart/form-data")),
        // Forms of other sites cannot send this type without asking first, which is answered by no one. Who is known by a
        // cookie shows the pledge all the same.
        (_, "application/json") if matches!(caller.way, Way::Session(_)) && !pledged => forbidden(unpledged),
        (_, "application/json") => Ok(()),
        _ => Err(unsupported("the body must be application/json")),
    }
}

fn unsupported(title: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", title)
}
