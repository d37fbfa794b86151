//! The build of another commit, in a worktree beside this one, measured by this commit's harness.

use crate::error::{Error, Result};
use crate::measure::Build;
use crate::tools;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a comparison starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// A file of results.
    File(PathBuf),
    /// A commit, by its full name.
    Commit(String),
}

/// What `name` names: a file, or what git takes for a commit.
///
/// # Errors
/// One line, where it is neither.
pub fn find(root: &Path, name: &str) -> Result<Base> {
    let path = Path::new(name);
    if path.is_file() {
        return Ok(Base::File(path.to_path_buf()));
    }
    let wanted = format!("{name}^{{commit}}");
    let found = (!name.is_empty() && !name.starts_with('-'))
        .then(|| tools::git(root, &["rev-parse", "--verify", "--quiet", &wanted]))
        .flatten();
    found.map(Base::Commit).ok_or_else(|| {
        let what = if name.is_empty() {
            "BASE is missing".to_owned()
        } else {
            format!("there is neither a file nor a commit {name}")
        };
        Error::Missing(format!("{what}: give BASE=<commit, branch or tag, or a file of benches/results>"))
    })
}

/// Builds the program and this harness at `commit`. What was built before is used again.
///
/// # Errors
/// Where the commit cannot be checked out or built; the file that holds what the compiler said is named.
pub fn build(root: &Path, commit: &str) -> Result<Build> {
    let place = target(root).join("bench-base");
    let tree = place.join(commit.get(..12).unwrap_or(commit));
    std::fs::create_dir_all(&place).map_err(Error::io(&place))?;
    // Left behind by a run that was stopped, it may lack files.
    remove(root, &tree);
    let mut add = Command::new("git");
    add.arg("-C").arg(root).args(["worktree", "add", "--quiet", "--detach"]).arg(&tree).arg(commit);
    tools::output(&mut add)?;
    let built = lay_harness(root, &tree).and_then(|()| {
        lend(&target(root).join("release"), &place.join("target/release"));
        compile(&tree, &place)
    });
    remove(root, &tree);
    built
}

/// Where cargo puts what it builds.
fn target(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    }
}

fn remove(root: &Path, tree: &Path) {
    if tree.exists() {
        let mut command = Command::new("git");
        command.arg("-C").arg(root).args(["worktree", "remove", "--force"]).arg(tree);
        // A folder that git does not know stays in the way; the next call to `worktree add` says so.
        let _ = tools::output(&mut command);
    }
}

/// Puts this commit's harness into the tree: both builds are to be measured alike.
fn lay_harness(root: &Path, tree: &Path) -> Result<()> {
    let (from, to) = (root.join("crates/bench"), tree.join("crates/bench"));
    if to.exists() {
        std::fs::remove_dir_all(&to).map_err(Error::io(&to))?;
    }
    copy(&from, &to)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).map_err(Error::io(to))?;
    for entry in std::fs::read_dir(from).map_err(Error::io(from))? {
        let entry = entry.map_err(Error::io(from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            std::fs::copy(&path, &target).map_err(Error::io(&path))?;
        }
    }
    Ok(())
}

/// Gives the base the dependencies that this tree has built, if it has none yet: as links, which cost no room. What cargo
/// writes anew there has other names, since the base lies elsewhere; its notes, which it writes in place, are copied.
fn lend(from: &Path, to: &Path) {
    if to.exists() || std::fs::create_dir_all(to).is_err() {
        return;
    }
    for (folder, flags) in [("deps", "-al"), ("build", "-a"), (".fingerprint", "-a")] {
        // Without them the base is built from nothing, which only takes longer.
        let _ = tools::output(Command::new("cp").arg(flags).arg(from.join(folder)).arg(to.join(folder)));
    }
}

/// Builds both programs in the tree: with the steps of the extractor, else without them.
fn compile(tree: &Path, place: &Path) -> Result<Build> {
    let folder = place.join("target");
    let log = place.join("build.log");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    for features in [&[][..], &["--no-default-features"][..]] {
        let said = std::fs::File::create(&log).map_err(Error::io(&log))?;
        let mut command = Command::new(&cargo);
        // All of the workspace, as `make build` does: the same features, so the same builds of the dependencies.
        let all = ["build", "--release", "--workspace", "--bins"];
        let done = command
            .current_dir(tree)
            .env("CARGO_TARGET_DIR", &folder)
            .args(all)
            .args(features)
            .stdout(Stdio::null())
            .stderr(said)
            .status()
            .map_err(|source| Error::Start { program: cargo.clone(), source })?;
        if done.success() {
            // Another base would be built over it: the programs are kept under names of their own.
            return kept(&folder.join("release"), &place.join("programs"));
        }
    }
    Err(Error::Failed {
        program: "building the base".into(),
        said: format!("its stages do not fit this harness; see {}", log.display()),
    })
}

fn kept(from: &Path, to: &Path) -> Result<Build> {
    std::fs::create_dir_all(to).map_err(Error::io(to))?;
    for name in ["vanthu-bench", "vanthu"] {
        let (from, to) = (from.join(name), to.join(name));
        std::fs::copy(&from, &to).map_err(Error::io(&from))?;
    }
    Ok(Build { program: to.join("vanthu-bench") })
}
