use crate::order::Order;
use crate::sink::{Sink, SinkError, Store};
use export::{Layout, write_json};
use pipeline::Failure;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use vanthu_model::{Cause, Record};

/// Writes records as lines to a stream, in the order of the inputs.
///
/// A record that is done ahead of its turn waits in a file without a name, so that one long document at the head
/// of many short ones does not fill the memory.
pub struct StreamSink<W> {
    to: W,
    order: Order<Parked>,
    spool: Option<File>,
    /// Bytes in the spool, and how many records wait in it.
    length: u64,
    waiting: usize,
}

/// A line that waits for its turn.
struct Parked {
    start: u64,
    bytes: u64,
}

impl<W: Write> StreamSink<W> {
    /// A sink into `to`.
    pub fn new(to: W) -> Self {
        Self { to, order: Order::default(), spool: None, length: 0, waiting: 0 }
    }

    fn park(&mut self, line: &[u8]) -> io::Result<Parked> {
        let start = self.length;
        let spool = match &mut self.spool {
            Some(spool) => spool,
            None => self.spool.insert(tempfile::tempfile()?),
        };
        spool.seek(SeekFrom::Start(start))?;
        spool.write_all(line)?;
        self.length += line.len() as u64;
        self.waiting += 1;
        Ok(Parked { start, bytes: line.len() as u64 })
    }

    fn unpark(&mut self, parked: &Parked) -> io::Result<()> {
        if let Some(spool) = &mut self.spool {
            spool.seek(SeekFrom::Start(parked.start))?;
            io::copy(&mut spool.take(parked.bytes), &mut self.to)?;
        }
        self.waiting -= 1;
        if self.waiting == 0 {
            self.length = 0;
            if let Some(spool) = &self.spool {
                spool.set_len(0)?;
            }
        }
        Ok(())
    }

    fn pass(&mut self, index: usize, line: Option<Vec<u8>>) -> io::Result<()> {
        let parked = match line {
            // Its turn has come: no way round through the spool.
            Some(line) if self.order.is_next(index) => {
                self.to.write_all(&line)?;
                None
            }
            Some(line) => Some(self.park(&line)?),
            None => None,
        };
        self.order.arrive(index, parked);
        while let Some(parked) = self.order.take() {
            self.unpark(&parked)?;
        }
        self.to.flush()
    }
}

/// Encodes records as lines.
#[derive(Debug)]
pub struct Lines;

impl Store for Lines {
    type Stored = Vec<u8>;

    fn store(&self, _output: &str, record: &Record) -> Result<Vec<u8>, Failure> {
        let mut line = Vec::new();
        write_json(&mut line, record, Layout::Compact).map_err(|e| {
            Failure::new(Cause::Crash, format!("its record is no JSON ({e})"), "report it with the file")
        })?;
        Ok(line)
    }
}

impl<W: Write> Sink for StreamSink<W> {
    type Store = Lines;

    fn store(&self) -> Arc<Lines> {
        Arc::new(Lines)
    }

    fn finished(&mut self, index: usize, stored: Option<Vec<u8>>) -> Result<(), SinkError> {
        self.pass(index, stored).map_err(ended)
    }

    fn close(&mut self) -> Vec<String> {
        let mut rest = self.order.rest();
        let written = rest.try_for_each(|parked| self.unpark(&parked)).and_then(|()| self.to.flush());
        written.err().map(|e| ended(e).to_string()).into_iter().collect()
    }
}

fn ended(error: io::Error) -> SinkError {
    match error.kind() {
        ErrorKind::BrokenPipe => SinkError::ReaderGone,
        _ => SinkError::Write(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_leave_in_the_order_of_the_inputs() {
        let out = Shared::default();
        let mut sink = StreamSink::new(out.clone());
        for (index, line) in [(3, "d\n"), (1, "b\n"), (0, "a\n"), (5, "f\n"), (4, "e\n")] {
            sink.finished(index, Some(line.into())).unwrap();
        }
        sink.finished(2, None).unwrap();
        sink.finished(7, Some("h\n".into())).unwrap();
        assert!(sink.close().is_empty());
        assert_eq!(out.0.lock().unwrap().as_slice(), b"a\nb\nd\ne\nf\nh\n");
    }

    #[test]
    fn a_reader_that_has_gone_is_told_apart() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = StreamSink::new(Gone).finished(0, Some(b"a\n".to_vec())).unwrap_err();
        assert!(matches!(error, SinkError::ReaderGone));
    }
}
