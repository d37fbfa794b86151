//! Who is let in, and to what.

use crate::common::{Answer, Batch, HOST, PASSWORD, cookie, hidden, record};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use server::accounts::Role;
use server::{Archive, ServeError, Server, Settings};
use std::sync::Arc;

fn batch() -> Batch {
    Batch::new(&[record("a.txt", "Số: 15/QĐ-ABC\n\nGiao Phòng Hồ sơ lập báo cáo.\n", &[])])
}

/// A request with headers and a body.
fn ask(batch: &Batch, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("host", HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    batch.send(request.body(Body::from(body.to_owned())).unwrap())
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn with_accounts_nothing_is_shown_without_a_login() {
    let batch = batch();
    assert_eq!(batch.get("/documents").status, StatusCode::OK, "there are none yet");
    batch.accounts.add("An", Role::Admin, PASSWORD).unwrap();
    for path in [
        "/",
        "/documents",
        "/documents/1/pages/1",
        "/documents/1/pages/1/picture",
        "/export/csv",
        "/audit",
        "/uploads",
        "/api",
        "/api/v1/documents",
        "/api/v1/documents/1/record",
        "/api/v1/openapi.json",
        "/api/v1/uploads/events",
        "/nowhere",
        "//documents",
        "/assets/../documents",
    ] {
        let answer = batch.get(path);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.json()["code"], "unauthenticated", "{path}");
    }
    // A browser is shown where to log in, and comes back to where it wanted to go.
    let sent = ask(&batch, Method::GET, "/documents?q=%C4%91", &[("accept", "text/html,*/*")], "");
    assert_eq!(
        (sent.status, sent.headers["location"].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/login?to=%2Fdocuments%3Fq%3D%25C4%2591")
    );
    for open in ["/login", "/assets/style.css"] {
        assert_eq!(batch.get(open).status, StatusCode::OK, "{open}");
    }
    let page = batch.get("/login").text();
    assert!(!page.contains("href=\"/documents\" aria-current"), "no way in is offered");
}

#[test]
fn sessions_are_kept_in_cookies_that_other_sites_and_scripts_do_not_get() {
    let batch = batch();
    let form = batch.get("/login?to=//evil.example");
    // There are no accounts: nobody needs to log in.
    assert_eq!(form.status, StatusCode::SEE_OTHER);
    assert_eq!(form.headers["location"], "/documents");
    let (session, pledge) = batch.log_in(Role::Reviewer);
    let shown = ask(&batch, Method::GET, "/documents", &[("cookie", &session)], "");
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text().contains("<b>reviewer</b>"));
    for bad in ["vanthu-8377=", "vanthu-8377=abc", &format!("vanthu-8377={}", "0".repeat(64))] {
        let refused = ask(&batch, Method::GET, "/documents", &[("cookie", bad)], "");
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{bad}");
    }
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let forged = ask(&batch, Method::POST, "/logout", &[("cookie", &session), kind], "pledge=x");
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let out =
        ask(&batch, Method::POST, "/logout", &[("cookie", &session), kind], &format!("pledge={pledge}"));
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(
        ask(&batch, Method::GET, "/documents", &[("cookie", &session)], "").status,
        StatusCode::UNAUTHORIZED
    );
    let told = batch.archive.store().audited(None, "", 10).unwrap();
    let told: Vec<(&str, &str)> = told.iter().map(|e| (e.what.as_str(), e.outcome.as_str())).collect();
    assert!(told.contains(&("login", "done")) && told.contains(&("logout", "done")), "{told:?}");
    assert!(told.contains(&("request", "refused")), "{told:?}");
}

#[test]
fn cookies_are_marked() {
    for (https, name, secure) in [(false, "vanthu-8377", false), (true, "__Host-vanthu-8377", true)] {
        let settings = Settings { https, names: vec!["vanthu.example".into()], ..Settings::default() };
        let batch = Batch::served(&[], &settings);
        batch.accounts.add("An", Role::Reader, PASSWORD).unwrap();
        let form = ask(&batch, Method::GET, "/login", &[], "");
        let before = cookie(&form, "vanthu-before").unwrap();
        let body = format!("name=An&password={}&pledge={}", PASSWORD.replace(' ', "+"), hidden(&form.text()));
        let headers = [("cookie", before.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let answer = ask(&batch, Method::POST, "/login", &headers, &body);
        let all: Vec<&str> =
            answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
        let session = all.iter().find(|c| c.starts_with(&format!("{name}="))).unwrap();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
            assert!(session.contains(part), "{session}");
        }
        assert_eq!(session.contains("Secure"), secure, "{session}");
        assert_eq!(answer.headers.contains_key("strict-transport-security"), https);
        // The name under which a server in front is reached.
        let named = Request::get("/login").header("host", "vanthu.example").body(Body::empty()).unwrap();
        assert_eq!(batch.send(named).status, StatusCode::OK);
    }
}

#[test]
fn each_role_may_do_what_it_may_and_no_more() {
    let batch = batch();
    let sessions: Vec<_> = Role::ALL.iter().map(|r| (*r, batch.log_in(*r))).collect();
    let id = 1 + i64::from(batch.archive.store().document(1).unwrap().unwrap().status == "failed");
    for (role, (session, pledge)) in &sessions {
        let with = [("cookie", session.as_str()), ("x-csrf-token", pledge.as_str()), JSON];
        let get = |path: &str| ask(&batch, Method::GET, path, &with, "");
        let seen = get(&format!("/api/v1/documents/{id}/tasks"));
        assert_eq!(seen.status, StatusCode::OK, "{role:?}");
        let tag = seen.tag();
        let with = [with[0], with[1], with[2], ("if-match", tag.as_str())];
        let path = format!("/api/v1/documents/{id}/reviewed");
        let done = ask(&batch, Method::POST, &path, &with, "{\"done\":true}").status;
        assert_eq!(done.is_success(), *role >= Role::Reviewer, "{role:?}: {done}");
        for path in ["/audit", "/uploads", "/api/v1/audit", "/api/v1/uploads"] {
            assert_eq!(get(path).status.is_success(), *role == Role::Admin, "{role:?} {path}");
        }
        let upload = [with[0], with[1], ("content-type", "multipart/form-data; boundary=x")];
        let body =
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\na\r\n--x--\r\n";
        let sent = ask(&batch, Method::POST, "/api/v1/uploads", &upload, body).status;
        assert_eq!(sent.is_success(), *role == Role::Admin, "{role:?}: {sent}");
        let page = get(&format!("/documents/{id}/pages/1")).text();
        assert!(page.contains(&format!("data-role=\"{}\"", role.name())));
    }
    // Events bear the names of accounts, whatever a cookie says.
    let (_, (session, pledge)) = &sessions[1];
    let tag =
        ask(&batch, Method::GET, &format!("/api/v1/documents/{id}/tasks"), &[("cookie", session)], "").tag();
    let both = format!("{session}; reviewer=Ai");
    let with =
        [("cookie", both.as_str()), ("x-csrf-token", pledge.as_str()), JSON, ("if-match", tag.as_str())];
    let done =
        ask(&batch, Method::POST, &format!("/api/v1/documents/{id}/reviewed"), &with, "{\"done\":true}");
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text());
    assert_eq!(batch.archive.store().events(id).unwrap().last().unwrap().who, "reviewer");
}

#[test]
fn who_is_known_by_a_cookie_shows_that_a_page_of_ours_sent_it() {
    let batch = batch();
    let (session, pledge) = batch.log_in(Role::Admin);
    let (other, _) = {
        batch.accounts.remove("admin").unwrap();
        batch.log_in(Role::Admin)
    };
    let path = "/api/v1/documents/1/reviewed";
    let send = |cookie: &str, pledge: Option<&str>| {
        let mut with = vec![("cookie", cookie), JSON, ("if-match", "\"x\"")];
        with.extend(pledge.map(|p| ("x-csrf-token", p)));
        ask(&batch, Method::POST, path, &with, "{\"done\":true}").status
    };
    assert_eq!(send(&other, None), StatusCode::FORBIDDEN);
    assert_eq!(send(&other, Some(&pledge)), StatusCode::FORBIDDEN, "that of another session");
    assert_eq!(send(&session, Some(&pledge)), StatusCode::UNAUTHORIZED, "the account has gone");
}

#[test]
fn programs_show_tokens() {
    let batch = batch();
    batch.accounts.add("An", Role::Admin, PASSWORD).unwrap();
    let token = batch.accounts.add_token("máy", Role::Reader, 1).unwrap();
    let bearer = format!("Bearer {token}");
    let with = [("authorization", bearer.as_str()), JSON];
    assert_eq!(ask(&batch, Method::GET, "/api/v1/documents", &with, "").status, StatusCode::OK);
    let refused = ask(&batch, Method::POST, "/api/v1/documents/1/undo", &with, "{}");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for bad in ["Bearer x", "Basic QW46eA==", "Bearer vanthu_00", &format!("Bearer {}0", token)] {
        let refused = ask(&batch, Method::GET, "/api/v1/documents", &[("authorization", bad)], "");
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{bad}");
    }
    batch.accounts.remove("máy").unwrap();
    assert_eq!(ask(&batch, Method::GET, "/api/v1/documents", &with, "").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn passwords_are_not_guessed_and_requests_not_without_end() {
    let settings = Settings { rate: 5, ..Settings::default() };
    let batch = Batch::served(&[], &settings);
    batch.accounts.add("An", Role::Reader, PASSWORD).unwrap();
    let form = batch.get("/login");
    let before = cookie(&form, "vanthu-before").unwrap();
    let pledge = hidden(&form.text());
    let attempt = || {
        let headers = [("cookie", before.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        ask(
            &batch,
            Method::POST,
            "/login",
            &headers,
            &format!("name=An&password=guessed-one&pledge={pledge}"),
        )
    };
    let answers: Vec<Answer> = (0..12).map(|_| attempt()).collect();
    assert!(answers[..10].iter().all(|a| a.status == StatusCode::UNAUTHORIZED));
    let last = &answers[11];
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    let failures = batch.archive.store().audited(None, "login", 50).unwrap();
    assert!(failures.iter().filter(|e| e.outcome == "refused" && e.who == "An").count() >= 11);
    // And any other request, from the one who asks too often.
    let many: Vec<StatusCode> = (0..30).map(|_| batch.get("/login").status).collect();
    assert!(many.contains(&StatusCode::TOO_MANY_REQUESTS), "{many:?}");
}

#[test]
fn other_machines_are_served_only_where_there_are_accounts() {
    let batch = batch();
    let begin = |listen: &str, https: bool| {
        let settings = Settings { listen: listen.parse().unwrap(), https, ..Settings::default() };
        Server::begin(Arc::clone(&batch.archive), &settings)
    };
    assert!(matches!(begin("0.0.0.0:0", false), Err(ServeError::Refused(_))));
    assert!(
        matches!(begin("127.0.0.1:0", true), Err(ServeError::Refused(_))),
        "something in front is reached"
    );
    batch.accounts.add("An", Role::Reader, PASSWORD).unwrap();
    let server = begin("0.0.0.0:0", false).unwrap();
    assert!(!server.address().ip().is_loopback());
    // When the last account goes while it serves, nobody is let in.
    let settings = Settings { listen: "0.0.0.0:8377".parse().unwrap(), ..Settings::default() };
    let open = Batch::served(&[], &settings);
    assert_eq!(open.get("/documents").status, StatusCode::UNAUTHORIZED);
    let number = Request::get("/login").header("host", "192.0.2.7:8377").body(Body::empty()).unwrap();
    assert_eq!(open.send(number).status, StatusCode::OK);
    let name = Request::get("/login").header("host", "evil.example:8377").body(Body::empty()).unwrap();
    assert_eq!(open.send(name).status, StatusCode::MISDIRECTED_REQUEST);
    drop(Archive::open(batch.folder.path(), Arc::new(crate::common::Lines)).unwrap());
}

#[test]
fn the_audit_log_is_shown_escaped_and_in_pages() {
    let batch = batch();
    let (session, _) = batch.log_in(Role::Admin);
    for i in 0..5 {
        let detail = format!("<script>alert({i})</script>\nline");
        let entry = server::Entry { what: "export", outcome: "done", detail, ..server::Entry::default() };
        batch.archive.store().audit(&entry);
    }
    let get = |path: &str| ask(&batch, Method::GET, path, &[("cookie", &session)], "");
    let page = get("/audit?what=export").text();
    assert!(page.contains("alert(4)") && !page.contains("<script>alert"), "{page}");
    let first = get("/api/v1/audit?what=export&limit=3").json();
    assert_eq!(first["entries"].as_array().unwrap().len(), 3);
    let rest = get(&format!("/api/v1/audit?what=export&limit=3&before={}", first["next"])).json();
    assert_eq!((rest["entries"].as_array().unwrap().len(), rest["next"].is_null()), (2, true));
}
