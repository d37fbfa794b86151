//! What the program says, in the language of its user. The texts are data: `messages/*.toml`.

#[cfg(test)]
use pipeline::Cause;
use pipeline::Failure;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use toml::de::{DeTable, DeValue};

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// Vietnamese.
    Vi,
}

impl Language {
    /// That of the environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides.
    pub fn of_environment() -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        Self::of_locale(named.as_deref().unwrap_or(""))
    }

    fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or("");
        if language.eq_ignore_ascii_case("vi") { Language::Vi } else { Language::En }
    }

    fn source(self) -> &'static str {
        match self {
            Language::En => include_str!("../messages/en.toml"),
            Language::Vi => include_str!("../messages/vi.toml"),
        }
    }
}

/// Messages of a language by `section.key`.
type Messages = BTreeMap<String, String>;

static SPOKEN: OnceLock<Language> = OnceLock::new();

/// Chooses the language, once, before anything is said.
pub fn speak(language: Language) {
    // A second choice changes nothing.
    let _ = SPOKEN.set(language);
}

fn spoken() -> Language {
    *SPOKEN.get_or_init(Language::of_environment)
}

/// The messages of a language, read when they are first wanted.
fn messages(language: Language) -> &'static Messages {
    static ENGLISH: OnceLock<Messages> = OnceLock::new();
    static VIETNAMESE: OnceLock<Messages> = OnceLock::new();
    match language {
        Language::En => ENGLISH.get_or_init(|| parse(language.source())),
        Language::Vi => VIETNAMESE.get_or_init(|| parse(language.source())),
    }
}

fn parse(source: &str) -> Messages {
    let mut all = Messages::new();
    // The files are a part of the program; a test reads them.
    let Ok(table) = DeTable::parse(source) else { return all };
    for (section, keys) in table.into_inner() {
        let DeValue::Table(keys) = keys.into_inner() else { continue };
        for (key, text) in keys {
            if let DeValue::String(text) = text.into_inner() {
                all.insert(format!("{}.{}", section.get_ref(), key.get_ref()), text.into_owned());
            }
        }
    }
    all
}

/// The message `key` of the section `say`, its names filled in. [`msg!`] is the way to call it.
pub fn text(key: &str, values: &[(&str, String)]) -> String {
    let key = format!("say.{key}");
    fill(messages(spoken()).get(&key).unwrap_or(&key), values)
}

/// The message `key_one` where `n` is 1, else `key_many`.
pub fn counted(key: &str, n: usize) -> String {
    format!("{key}_{}", if n == 1 { "one" } else { "many" })
}

fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Name(name) => match values.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(name),
            },
        }
    }
    out
}

/// A message of the program by its key, with its names: `msg!("planned", inputs = 3, to_read = 2)`.
macro_rules! msg {
    ($key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::messages::text($key.as_ref(), &[$((stringify!($name), $value.to_string())),*])
    };
}
pub(crate) use msg;

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        if !before.is_empty() {
            out.push(Piece::Text(before));
        }
        out.push(Piece::Name(name));
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

/// A failure in one line, "what is wrong; what to do".
pub fn failure(failure: &Failure) -> String {
    in_language(spoken(), failure)
}

fn in_language(language: Language, failure: &Failure) -> String {
    if language == Language::En {
        return failure.to_string();
    }
    let code = failure.cause.code();
    let general = |section: &str| messages(language).get(&format!("{section}.{code}")).cloned();
    // What no pattern tells is said by its cause, with the English behind it.
    let message = translated(language, &failure.message).unwrap_or_else(|| {
        general("cause").map_or_else(|| failure.message.clone(), |t| format!("{t} ({})", failure.message))
    });
    let remedy = translated(language, &failure.remedy)
        .or_else(|| general("remedy"))
        .unwrap_or_else(|| failure.remedy.clone());
    format!("{message}; {remedy}")
}

/// What a library says in English, in the language that is spoken; as it is where no message fits.
pub fn said(english: &str) -> String {
    match spoken() {
        Language::En => english.to_string(),
        other => {
            let halves = |text: &str| {
                let (what, remedy) = text.rsplit_once("; ")?;
                Some(format!("{}; {}", translated(other, what)?, translated(other, remedy)?))
            };
            translated(other, english).or_else(|| halves(english)).unwrap_or_else(|| english.to_string())
        }
    }
}

/// What a cause is called.
#[cfg(test)]
fn of_cause(language: Language, cause: Cause) -> [Option<&'static String>; 2] {
    ["cause", "remedy"].map(|section| messages(language).get(&format!("{section}.{}", cause.code())))
}

/// The message whose English has the pattern of `english`; the most specific where several have.
fn translated(language: Language, english: &str) -> Option<String> {
    let fitting = messages(Language::En).iter().filter(|(key, _)| key.starts_with("said."));
    let (key, values) = fitting
        .filter_map(|(key, template)| {
            let pieces = pieces(template);
            let literal: usize =
                pieces.iter().map(|p| if let Piece::Text(t) = p { t.len() } else { 0 }).sum();
            Some((literal, key, matched(&pieces, english)?))
        })
        .max_by_key(|(literal, ..)| *literal)
        .map(|(_, key, values)| (key, values))?;
    let template = messages(language).get(key)?;
    let values: Vec<(&str, String)> = values.into_iter().map(|(n, v)| (n, v.to_string())).collect();
    Some(fill(template, &values))
}

/// What the names of a template stand for in `text`, if it has its pattern.
fn matched<'a, 'b>(pieces: &[Piece<'a>], text: &'b str) -> Option<Vec<(&'a str, &'b str)>> {
    match pieces {
        [] => text.is_empty().then(Vec::new),
        [Piece::Text(t), rest @ ..] => matched(rest, text.strip_prefix(t)?),
        [Piece::Name(name)] => (!text.is_empty()).then(|| vec![(*name, text)]),
        [Piece::Name(name), rest @ ..] => {
            let Piece::Text(next) = rest.first()? else { return None };
            text.match_indices(next).find_map(|(at, _)| {
                let mut values = matched(rest, text.get(at..)?)?;
                values.insert(0, (name, text.get(..at).filter(|v| !v.is_empty())?));
                Some(values)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn names(template: &str) -> BTreeSet<&str> {
        pieces(template)
            .into_iter()
            .filter_map(|p| if let Piece::Name(n) = p { Some(n) } else { None })
            .collect()
    }

    #[test]
    fn both_languages_hold_the_same_messages_with_the_same_names() {
        let (en, vi) = (messages(Language::En), messages(Language::Vi));
        assert!(en.len() > 100);
        assert_eq!(en.keys().collect::<Vec<_>>(), vi.keys().collect::<Vec<_>>());
        for (key, text) in en {
            assert_eq!(names(text), names(&vi[key]), "{key}");
        }
    }

    #[test]
    fn every_cause_is_told_in_both_languages() {
        for cause in Cause::ALL {
            for language in [Language::En, Language::Vi] {
                assert!(of_cause(language, cause).iter().all(Option::is_some), "{cause}");
            }
        }
    }

    #[test]
    fn every_message_is_asked_for_somewhere_and_every_one_asked_for_is_there() {
        let mut asked = BTreeSet::new();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let inside = |folder: &std::path::Path| -> Vec<std::path::PathBuf> {
            std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect()
        };
        let mut folders: Vec<_> = inside(&root).into_iter().filter(|p| p.is_dir()).collect();
        folders.push(root);
        let files = folders.iter().flat_map(|folder| inside(folder));
        for file in files.filter(|f| f.is_file() && !f.ends_with("messages.rs")) {
            let source = std::fs::read_to_string(file).unwrap();
            asked.extend(source.split("msg!(").skip(1).filter_map(key));
            asked.extend(source.split("template(").skip(1).filter_map(key));
            for counted in source.split("counted(").skip(1).filter_map(key) {
                asked.extend(["one", "many"].map(|n| format!("{counted}_{n}")));
            }
        }
        let there: BTreeSet<String> =
            messages(Language::En).keys().filter_map(|k| Some(k.strip_prefix("say.")?.to_string())).collect();
        let lost: Vec<_> = asked.difference(&there).filter(|k| *k != "planned").collect();
        assert!(lost.is_empty(), "not in messages/en.toml: {lost:?}");
        let built = |k: &&String| k.starts_with("state_") || k.starts_with("type_");
        let idle: Vec<_> = there.difference(&asked).filter(|k| !built(k)).collect();
        assert!(idle.is_empty(), "never said: {idle:?}");
    }

    fn key(behind: &str) -> Option<String> {
        Some(behind.trim_start().strip_prefix('"')?.split('"').next()?.to_string())
    }

    #[test]
    fn what_libraries_say_is_told_by_its_pattern() {
        let timeout = Failure::new(
            Cause::Timeout,
            "reading it took longer than 140 s",
            "raise --time or --time-a-page, or split the file",
        );
        assert_eq!(
            in_language(Language::Vi, &timeout),
            "việc đọc kéo dài quá 140 giây; nâng --time hoặc --time-a-page, hoặc tách nhỏ tệp"
        );
        let odd = Failure::new(Cause::Damaged, "a thing of its own", "do this");
        assert_eq!(
            in_language(Language::Vi, &odd),
            "tệp bị hỏng, không đọc được (a thing of its own); đề nghị lấy lại hoặc quét lại tệp"
        );
        assert_eq!(in_language(Language::En, &odd), "a thing of its own; do this");
    }

    #[test]
    fn the_locale_tells_the_language() {
        assert_eq!(Language::of_locale("vi_VN.UTF-8"), Language::Vi);
        assert_eq!(Language::of_locale("vi"), Language::Vi);
        for other in ["", "C", "en_US.UTF-8", "C.UTF-8", "vir_XX"] {
            assert_eq!(Language::of_locale(other), Language::En, "{other}");
        }
    }
}
