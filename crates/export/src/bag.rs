//! BagIt 1.0 (RFC 8493).

use crate::staging::Staging;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A bag on its way: a folder whose files are listed with their SHA-256. It is filled aside and renamed when it is
/// whole; one that is dropped before is removed.
#[derive(Debug)]
pub struct Bag {
    target: PathBuf,
    aside: PathBuf,
    manifest: BufWriter<File>,
    files: u64,
    bytes: u64,
    whole: bool,
}

impl Bag {
    /// Begins the bag that will lie at `target`, where nothing may lie yet.
    ///
    /// # Errors
    /// The system's, and that something lies there.
    pub fn begin(target: &Path) -> io::Result<Self> {
        if target.exists() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something lies there already"));
        }
        let name = target.file_name().ok_or_else(|| io::Error::other("it has no name"))?;
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(".part");
        let aside = target.with_file_name(part);
        // What a killed program left behind.
        if aside.exists() {
            fs::remove_dir_all(&aside)?;
        }
        fs::create_dir_all(aside.join("data"))?;
        let manifest = BufWriter::new(File::create(aside.join("manifest-sha256.txt"))?);
        Ok(Self { target: target.to_path_buf(), aside, manifest, files: 0, bytes: 0, whole: false })
    }

    /// Copies `from` into the bag as `name`, whose parts are parted by `/`. Returns its SHA-256.
    ///
    /// # Errors
    /// The system's, and a name that would lead out of the bag.
    pub fn add(&mut self, from: &Path, name: &str) -> io::Result<String> {
        self.add_from(&mut File::open(from)?, name)
    }

    /// The same for what `from` gives: a part of an archive is no file by itself.
    ///
    /// # Errors
    /// As [`Bag::add`].
    pub fn add_from(&mut self, from: &mut impl Read, name: &str) -> io::Result<String> {
        if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the name leads out of the bag"));
        }
        let to = self.aside.join("data").join(name);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut writer = File::options().write(true).create_new(true).open(&to)?;
        let (digest, bytes) = copy(from, &mut writer)?;
        writer.sync_all()?;
        writeln!(self.manifest, "{digest}  data/{}", encoded(name))?;
        self.files += 1;
        self.bytes += bytes;
        Ok(digest)
    }

    /// Writes the tag files and gives the bag its name. `about` are lines of `bag-info.txt`: label and value.
    ///
    /// # Errors
    /// The system's.
    pub fn finish(mut self, about: &[(&str, &str)]) -> io::Result<()> {
        self.manifest.flush()?;
        self.manifest.get_ref().sync_all()?;
        let mut info = String::new();
        for (label, value) in about {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            // Writing into a String cannot fail.
            let _ = writeln!(info, "{label}: {value}");
        }
        let _ = writeln!(info, "Payload-Oxum: {}.{}", self.bytes, self.files);
        let staging = Staging::default();
        let mut tags = String::new();
        for (name, text) in [
            ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
            ("bag-info.txt", &info),
        ] {
            staging.write(&self.aside.join(name), |to| to.write_all(text.as_bytes()))?;
        }
        for name in ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"] {
            let (digest, _) = copy(&mut File::open(self.aside.join(name))?, &mut io::sink())?;
            let _ = writeln!(tags, "{digest}  {name}");
        }
        staging.write(&self.aside.join("tagmanifest-sha256.txt"), |to| to.write_all(tags.as_bytes()))?;
        fs::rename(&self.aside, &self.target)?;
        self.whole = true;
        Ok(())
    }
}

impl Drop for Bag {
    fn drop(&mut self) {
        if !self.whole {
            // At worst it stays aside, under a name that tells what it is.
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<(String, u64)> {
    let (mut digest, mut total) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = from.read(&mut buffer)?;
        let Some(read) = buffer.get(..n).filter(|r| !r.is_empty()) else { break };
        digest.update(read);
        to.write_all(read)?;
        total += n as u64;
    }
    let hex = digest.finalize().iter().fold(String::new(), |mut hex, b| {
        let _ = write!(hex, "{b:02x}");
        hex
    });
    Ok((hex, total))
}

/// A name as manifests have it: line ends and percent signs percent-encoded (RFC 8493, 2.1.3).
fn encoded(name: &str) -> String {
    name.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_lists_what_it_holds_and_appears_whole() {
        let dir = tempfile::tempdir().unwrap();
        let (from, target) = (dir.path().join("x"), dir.path().join("bag"));
        fs::write(&from, b"abc").unwrap();
        let mut bag = Bag::begin(&target).unwrap();
        bag.add(&from, "records/năm 2026/50%.json").unwrap();
        assert!(bag.add(&from, "../x").is_err() && !target.exists());
        bag.finish(&[("Source-Organization", "Sở\nThư viện")]).unwrap();
        let read = |name: &str| fs::read_to_string(target.join(name)).unwrap();
        assert_eq!(
            read("manifest-sha256.txt"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  data/records/năm 2026/50%25.json\n"
        );
        assert_eq!(read("bag-info.txt"), "Source-Organization: Sở Thư viện\nPayload-Oxum: 3.1\n");
        assert_eq!(read("tagmanifest-sha256.txt").lines().count(), 3);
        assert_eq!(fs::read(target.join("data/records/năm 2026/50%.json")).unwrap(), b"abc");
        assert!(Bag::begin(&target).is_err());
    }

    #[test]
    fn a_bag_that_is_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        drop(Bag::begin(&dir.path().join("bag")).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
