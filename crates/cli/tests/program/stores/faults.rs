//! A network that fails as it is told to, in front of a server.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as the network sees it.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query, as it stands in the request.
    pub target: String,
    /// How often the same was asked before.
    pub before: usize,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The server says that it cannot.
    Status(u16),
    /// The connection is closed before the server hears of it.
    Closed,
    /// The server does what it was asked for, and its answer is lost.
    AnswerLost,
    /// The answer is cut when so many bytes of its body have come.
    Cut(usize),
    /// The body comes in small pieces.
    Slow,
    /// Half of the body comes, then nothing for a long time.
    Stalled,
    /// The server hears of it so much later.
    Late(Duration),
}

type Plan = dyn Fn(&Request) -> Fault + Send + Sync;

pub struct Network {
    pub port: u16,
    seen: Arc<Mutex<Vec<(Request, Fault)>>>,
}

impl Network {
    /// A network in front of the server on `server`, which fails as `plan` says.
    pub fn before(server: u16, plan: impl Fn(&Request) -> Fault + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Vec<(Request, Fault)>>> = Arc::default();
        let (plan, kept): (Arc<Plan>, _) = (Arc::new(plan), seen.clone());
        let counts: Arc<Mutex<HashMap<(String, String), usize>>> = Arc::default();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (plan, kept, counts) = (plan.clone(), kept.clone(), counts.clone());
                std::thread::spawn(move || {
                    // A peer that goes away is what this is about.
                    let _ = carry(client, server, &*plan, &kept, &counts);
                });
            }
        });
        Self { port, seen }
    }

    /// The requests that came so far, and what became of them.
    pub fn seen(&self) -> Vec<(Request, Fault)> {
        self.seen.lock().unwrap().clone()
    }
}

fn carry(
    mut client: TcpStream,
    server: u16,
    plan: &Plan,
    seen: &Mutex<Vec<(Request, Fault)>>,
    counts: &Mutex<HashMap<(String, String), usize>>,
) -> std::io::Result<()> {
    let (head, mut body) = head(&mut client)?;
    let text = String::from_utf8_lossy(&head).into_owned();
    let mut words = text.split(' ').map(str::to_string);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let before = {
        let mut counts = counts.lock().unwrap();
        let count = counts.entry((method.clone(), target.clone())).or_default();
        *count += 1;
        *count - 1
    };
    let request = Request { method, target, before };
    let fault = plan(&request);
    seen.lock().unwrap().push((request, fault));
    let length =
        text.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ")?.trim().parse().ok());
    let missing = length.unwrap_or(0_usize).saturating_sub(body.len());
    let mut rest = vec![0; missing];
    client.read_exact(&mut rest)?;
    body.extend(rest);
    match fault {
        Fault::Closed => return client.shutdown(Shutdown::Both),
        Fault::Status(status) => {
            let answer = format!("HTTP/1.1 {status} Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return client.write_all(answer.as_bytes());
        }
        Fault::Late(time) => std::thread::sleep(time),
        _ => {}
    }
    let mut upstream = TcpStream::connect(("127.0.0.1", server))?;
    // One request a connection: its end is the end of the answer.
    upstream.write_all(&head[..head.len() - 2])?;
    upstream.write_all(b"Connection: close\r\n\r\n")?;
    upstream.write_all(&body)?;
    let (head, mut body) = self::head(&mut upstream)?;
    upstream.read_to_end(&mut body)?;
    match fault {
        Fault::AnswerLost => return client.shutdown(Shutdown::Both),
        Fault::Cut(at) => {
            client.write_all(&head)?;
            client.write_all(&body[..at.min(body.len())])?;
            client.flush()?;
            return client.shutdown(Shutdown::Both);
        }
        Fault::Stalled => {
            client.write_all(&head)?;
            client.write_all(&body[..body.len() / 2])?;
            client.flush()?;
            std::thread::sleep(Duration::from_secs(60));
        }
        Fault::Slow => {
            client.write_all(&head)?;
            for piece in body.chunks(body.len() / 8 + 1) {
                client.write_all(piece)?;
                client.flush()?;
                std::thread::sleep(Duration::from_millis(40));
            }
        }
        _ => {
            client.write_all(&head)?;
            client.write_all(&body)?;
        }
    }
    client.shutdown(Shutdown::Write)
}

/// The head of a message with its empty line, and what came of the body with it.
fn head(from: &mut TcpStream) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 1 << 14]);
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return Ok((bytes, body));
        }
        match from.read(&mut buffer)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            n => bytes.extend(&buffer[..n]),
        }
    }
}
