//! Logging in and out.

use super::App;
use super::callers::Way;
use super::extract::Asked;
use super::people::{Reader, cookie};
use super::problem::Problem;
use super::texts::Texts;
use super::view::html;
use crate::accounts::{NoRandomness, SESSION_HOURS, Secret, same};
use crate::error::StoreError;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;

/// The cookie that ties a log-in form to the browser that it was given to.
const BEFORE: &str = "vanthu-before";

#[derive(Template)]
#[template(path = "login.html")]
struct Page<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    pledge: String,
    to: &'a str,
    name: &'a str,
    wrong: bool,
}

/// Where to go behind the log-in.
#[derive(Debug, Deserialize)]
pub struct To {
    #[serde(default)]
    to: String,
}

/// What the log-in form sends.
#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    password: String,
    pledge: String,
    #[serde(default)]
    to: String,
}

/// What the log-out form sends.
#[derive(Deserialize)]
pub struct Farewell {
    pledge: String,
}

/// A place on this server and nowhere else.
fn here(to: &str) -> &str {
    let outside =
        !to.starts_with('/') || to.starts_with("//") || to.contains('\\') || to.contains(char::is_control);
    if outside || to.starts_with("/login") { "/documents" } else { to }
}

/// `GET /login`
pub async fn page(
    State(app): State<Arc<App>>,
    reader: Reader,
    Asked(asked): Asked<To>,
) -> Result<Response, Problem> {
    if reader.caller.is_known() {
        return Ok(Redirect::to(here(&asked.to)).into_response());
    }
    form(&app, &reader, &asked.to, "", false)
}

fn form(app: &App, reader: &Reader, to: &str, name: &str, wrong: bool) -> Result<Response, Problem> {
    let secret = Secret::new()?;
    let page =
        Page { t: reader.t, reader, here: "login", pledge: secret.pledge(), to: here(to), name, wrong };
    let mut response = html(&page)?;
    if wrong {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
    }
    set(&mut response, app, BEFORE, secret.text(), 3600)?;
    Ok(response)
}

/// `POST /login`
pub async fn log_in(
    State(app): State<Arc<App>>,
    reader: Reader,
    headers: HeaderMap,
    form: Result<Form<Credentials>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(told) = form.map_err(|_| Problem::invalid("name and password are wanted"))?;
    let before = cookie(&headers, BEFORE).and_then(|c| Secret::shown(&c));
    if !before.is_some_and(|b| same(&b.pledge(), &told.pledge)) {
        // The form is old, or another site sent it: it is given anew.
        return self::form(&app, &reader, &told.to, &told.name, true);
    }
    let mut entry = reader.entry("login", "refused");
    entry.who.clone_from(&told.name);
    let name = told.name.trim().to_lowercase();
    let turn = app.logins.take(&reader.caller.client).and_then(|()| app.logins_by_name.take(&name));
    if let Err(wait) = turn {
        entry.detail = "too often".into();
        app.note(entry).await;
        return Err(Problem::too_often(wait));
    }
    let inside = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "crash", "an error inside vanthu");
    let known = {
        // A hash takes 19 MiB for a moment: two at a time are enough for people.
        let _turn = app.hashing.acquire().await.map_err(|_| inside())?;
        let (app, name, password) = (Arc::clone(&app), told.name.clone(), told.password);
        tokio::task::spawn_blocking(move || app.accounts.log_in(&name, &password))
            .await
            .map_err(|_| inside())?
    };
    let known = known.map_err(|e| Problem::from(StoreError::Account(e.to_string())))?;
    let Some((secret, known)) = known else {
        app.note(entry).await;
        return self::form(&app, &reader, &told.to, &told.name, true);
    };
    entry.who = known.name;
    entry.outcome = "done";
    app.note(entry).await;
    let mut response = Redirect::to(here(&told.to)).into_response();
    set(&mut response, &app, &app.session_cookie, secret.text(), SESSION_HOURS * 3600)?;
    set(&mut response, &app, BEFORE, "", 0)?;
    Ok(response)
}

/// `POST /logout`
pub async fn log_out(
    State(app): State<Arc<App>>,
    reader: Reader,
    form: Result<Form<Farewell>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(told) = form.map_err(|_| Problem::invalid("the form is not whole"))?;
    if !reader.caller.is_pledged(&app, &told.pledge) {
        let title = "the request does not come from a page of this server; load the page anew";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forged", title));
    }
    if let Way::Session(secret) = &reader.caller.way {
        let (app, secret) = (Arc::clone(&app), secret.clone());
        let ended = tokio::task::spawn_blocking(move || app.accounts.log_out(&secret)).await;
        ended.unwrap_or_else(|e| Err(StoreError::Account(e.to_string())))?;
    }
    app.note(reader.entry("logout", "done")).await;
    let mut response = Redirect::to("/login").into_response();
    set(&mut response, &app, &app.session_cookie, "", 0)?;
    Ok(response)
}

/// Gives the browser a cookie that scripts do not see and that goes along with requests of this site alone.
fn set(response: &mut Response, app: &App, name: &str, value: &str, seconds: u32) -> Result<(), Problem> {
    let secure = if app.https { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let value =
        HeaderValue::from_str(&cookie).map_err(|_| Problem::invalid("the cookie cannot be written"))?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}

impl From<NoRandomness> for Problem {
    fn from(error: NoRandomness) -> Self {
        StoreError::Account(error.to_string()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(here("/documents/3?task=x"), "/documents/3?task=x");
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "/login?to=/login"]
        {
            assert_eq!(here(bad), "/documents", "{bad}");
        }
    }
}
