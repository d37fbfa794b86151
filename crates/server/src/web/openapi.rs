//! The API described (OpenAPI 3.1), and a page to try it.

use super::people::Reader;
use super::problem::Problem;
use super::texts::Texts;
use super::view::html;
use super::{actions, api, audit, document, downloads, uploads};
use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "vanthu",
        description = "A batch of documents, and what reviewers say of them. Spans are half-open and count Unicode \
            scalar values of the text that the document has at the version told by its ETag. What changes a document \
            names that version with If-Match; 412 tells what others did since. The shape of records is at \
            /api/v1/schema."
    ),
    servers((url = "/")),
    paths(
        api::documents,
        api::document,
        api::record,
        api::tasks,
        api::targets,
        api::references,
        api::readings,
        api::corrections,
        api::units,
        api::unit_tasks,
        api::deadlines,
        api::counts,
        api::schema,
        document::picture,
        downloads::download,
        actions::correct,
        actions::add_task,
        actions::decide,
        actions::reviewed,
        actions::undo,
        uploads::list,
        uploads::take_in,
        uploads::events,
        audit::json,
    ),
    components(schemas(Problem)),
    modifiers(&Tokens)
)]
struct Described;

/// Programs show a token where there are accounts.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, described: &mut utoipa::openapi::OpenApi) {
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        described.components.get_or_insert_default().add_security_scheme("token", token);
        let none = SecurityRequirement::default();
        described.security = Some(vec![none, SecurityRequirement::new::<_, [&str; 0], _>("token", [])]);
    }
}

/// `GET /api/v1/openapi.json`
pub async fn json() -> Result<Response, Problem> {
    let text = Described::openapi().to_pretty_json()?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

#[derive(Template)]
#[template(path = "api.html")]
struct Page<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
}

/// `GET /api`
pub async fn page(reader: Reader) -> Result<Response, Problem> {
    html(&Page { t: reader.t, reader: &reader, here: "api" })
}
