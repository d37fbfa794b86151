//! Messages (RFC 5322, MIME): the text and what is attached.

use crate::error::ExtractError;
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

fn parse(bytes: &[u8]) -> Result<Message<'_>, ExtractError> {
    MessageParser::default()
        .parse(bytes)
        .filter(|m| !m.parts.is_empty())
        .ok_or_else(|| ExtractError::damaged("the message has no head"))
}

/// Places of the parts that are read: of the text in two forms the plain one, and the attachments.
fn places(message: &Message<'_>) -> Vec<usize> {
    let bodies = if message.text_body.is_empty() { &message.html_body } else { &message.text_body };
    let mut places: Vec<usize> = bodies.iter().chain(&message.attachments).map(|id| *id as usize).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Names of the parts. Text is called `message`, what is attached by its own name.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, ExtractError> {
    let message = parse(bytes)?;
    let names = places(&message).into_iter().map(|at| {
        let part = message.parts.get(at);
        let extension = match part.map(|p| &p.body) {
            Some(PartType::Text(_)) => "txt",
            Some(PartType::Html(_)) => "html",
            Some(PartType::Message(_)) => "eml",
            _ => "bin",
        };
        match part.and_then(|p| p.attachment_name()) {
            // A name is one part of a path, whatever its sender wrote.
            Some(name) => name.replace(['/', '\\'], "_"),
            None => format!("message.{extension}"),
        }
    });
    Ok(names.collect())
}

/// The content of the part at a place in [`names`].
pub(super) fn content(bytes: &[u8], at: usize) -> Result<Vec<u8>, ExtractError> {
    let message = parse(bytes)?;
    let part = places(&message).get(at).and_then(|place| message.parts.get(*place));
    let part = part.ok_or_else(|| ExtractError::damaged("the message lost a part"))?;
    Ok(match &part.body {
        // Their encoding is undone already.
        PartType::Text(text) | PartType::Html(text) => text.as_bytes().to_vec(),
        _ => part.contents().to_vec(),
    })
}
