//! Who asks, as far as the server knows: by session, by token, or because nobody else can reach it.

use super::App;
use super::people::cookie;
use super::problem::Problem;
use crate::accounts::{Role, Secret, same};
use crate::error::StoreError;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};

/// How someone is known.
#[derive(Debug, Clone)]
pub enum Way {
    /// Not at all.
    Unknown,
    /// There are no accounts, and only this machine reaches the server.
    Open,
    /// By a session, which pages show with their pledge.
    Session(Secret),
    /// By a token.
    Token,
}

/// Who asks. Stands in the extensions of every request behind the guard.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The name of the account or token; empty where there is none.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How they are known.
    pub way: Way,
    /// The machine that they ask from.
    pub client: String,
}

impl Caller {
    /// What pages send back to show that this server made them; empty for those who need none.
    pub fn pledge(&self, app: &App) -> String {
        match &self.way {
            Way::Session(secret) => secret.pledge(),
            Way::Open => app.pledge.clone(),
            Way::Unknown | Way::Token => String::new(),
        }
    }

    /// Whether `shown` is what this server gave to the caller's pages.
    pub fn is_pledged(&self, app: &App, shown: &str) -> bool {
        !shown.is_empty() && same(&self.pledge(app), shown)
    }

    /// Whether they are let in at all.
    pub fn is_known(&self) -> bool {
        !matches!(self.way, Way::Unknown)
    }

    /// Whether they have an account or a token.
    pub fn has_account(&self) -> bool {
        matches!(self.way, Way::Session(_) | Way::Token)
    }
}

/// Who sends a request from `client`.
///
/// # Errors
/// When the accounts cannot be read.
pub fn caller(app: &App, headers: &HeaderMap, client: String) -> Result<Caller, StoreError> {
    let of = |known: Option<crate::accounts::Known>, way: Way, client: String| match known {
        Some(known) => Caller { name: known.name, role: known.role, way, client },
        None => Caller { name: String::new(), role: Role::Reader, way: Way::Unknown, client },
    };
    // A few reads of pages that are in memory: not worth another thread.
    if app.only_here && !app.accounts.any()? {
        return Ok(Caller { name: String::new(), role: Role::Admin, way: Way::Open, client });
    }
    let told = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    if let Some(told) = told {
        let (scheme, token) = told.split_once(' ').unwrap_or((told, ""));
        let secret = Secret::of_token(token.trim()).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
        let known = secret.map_or(Ok(None), |s| app.accounts.by_token(&s))?;
        return Ok(of(known, Way::Token, client));
    }
    match cookie(headers, &app.session_cookie).and_then(|c| Secret::shown(&c)) {
        Some(secret) => {
            let known = app.accounts.by_session(&secret)?;
            Ok(of(known, Way::Session(secret), client))
        }
        None => Ok(of(None, Way::Unknown, client)),
    }
}

/// The machine that a request comes from. Behind a server that does TLS it is the last one that this one names.
pub fn client(app: &App, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let forwarded = || {
        let all = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        all.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    let address = if app.https { forwarded().or(peer) } else { peer };
    match address.map(|a| a.to_canonical()) {
        // Whoever has one address of version 6 has a network of them.
        Some(IpAddr::V6(a)) if !a.is_loopback() => {
            let [a, b, c, d, ..] = a.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Some(address) => address.to_string(),
        None => String::new(),
    }
}

/// Lets those through who may do as much as the role that is wanted.
pub async fn needs(State(wanted): State<Role>, request: Request, next: Next) -> Response {
    match request.extensions().get::<Caller>() {
        Some(caller) if caller.is_known() && caller.role >= wanted => next.run(request).await,
        _ => {
            let title = format!("this needs the role {}", wanted.name());
            Problem::new(StatusCode::FORBIDDEN, "forbidden", title).into_response()
        }
    }
}

/// The caller of a request that has come through the guard.
pub fn of_extensions(extensions: &axum::http::Extensions) -> Caller {
    extensions.get::<Caller>().cloned().unwrap_or_else(|| Caller {
        name: String::new(),
        role: Role::Reader,
        way: Way::Unknown,
        client: String::new(),
    })
}
