//! What a branch changed, by the `git` command.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why it is not known what changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// There is no `git` command.
    #[error("--since needs the `git` command: {0}")]
    NoGit(#[source] io::Error),
    /// The folder is in no repository.
    #[error("--since needs a Git repository, but `{directory}` is not in one")]
    NoRepository {
        /// The folder.
        directory: String,
    },
    /// The repository has no such commit.
    #[error("--since: there is no commit `{reference}` in this repository")]
    UnknownReference {
        /// What was given.
        reference: String,
    },
    /// Two commits without a common ancestor.
    #[error("--since: `{reference}` and HEAD have no common ancestor (a shallow clone does not know it)")]
    NoMergeBase {
        /// What was given.
        reference: String,
    },
    /// Anything else.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// The sub-command.
        command: String,
        /// What it said.
        message: String,
    },
}

/// The files that were added or changed since `reference` branched off: by commits, in the index, in the work tree, and
/// those that are not tracked yet (unless they are ignored). Renamed files are among them.
///
/// The paths are canonical; `directory` is any folder of the repository.
///
/// # Errors
/// If there is no `git`, no repository, no such commit, or no common ancestor with it.
pub fn changed_since(reference: &str, directory: &Path) -> Result<HashSet<PathBuf>, GitError> {
    let git = Git { directory };
    let Some(root) = git.succeeds(&["rev-parse", "--show-toplevel"])? else {
        return Err(GitError::NoRepository { directory: directory.display().to_string() });
    };
    let root = path_of(trim_newline(&root));
    // `--end-of-options`: what is given is never an option.
    let commit = format!("{reference}^{{commit}}");
    let unknown = || GitError::UnknownReference { reference: reference.to_owned() };
    let commit =
        git.succeeds(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?.ok_or_else(unknown)?;
    let commit = String::from_utf8_lossy(trim_newline(&commit)).into_owned();
    let no_base = || GitError::NoMergeBase { reference: reference.to_owned() };
    let base = git.succeeds(&["merge-base", &commit, "HEAD"])?.ok_or_else(no_base)?;
    let base = String::from_utf8_lossy(trim_newline(&base)).into_owned();

    // A commit alone is compared with the work tree; without renames, a renamed file is an added one.
    let root_git = Git { directory: &root };
    let changed = root_git.run(&[
        "diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--diff-filter=d",
        &base,
        "--",
    ])?;
    let untracked = root_git.run(&["ls-files", "--others", "--exclude-standard", "-z"])?;
    let paths = changed.split(|&byte| byte == 0).chain(untracked.split(|&byte| byte == 0));
    let canonical = |path: &[u8]| root.join(path_of(path)).canonicalize().ok();
    Ok(paths.filter(|path| !path.is_empty()).filter_map(canonical).collect())
}

struct Git<'a> {
    directory: &'a Path,
}

impl Git<'_> {
    /// The output; nothing if the command fails.
    fn succeeds(&self, args: &[&str]) -> Result<Option<Vec<u8>>, GitError> {
        let output = self.output(args)?;
        Ok(output.status.success().then_some(output.stdout))
    }

    fn run(&self, args: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.output(args)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(GitError::Failed { command: args[0].to_owned(), message })
    }

    fn output(&self, args: &[&str]) -> Result<std::process::Output, GitError> {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.directory).args(args);
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
        command.output().map_err(GitError::NoGit)
    }
}

fn trim_newline(output: &[u8]) -> &[u8] {
    let output = output.strip_suffix(b"\n").unwrap_or(output);
    output.strip_suffix(b"\r").unwrap_or(output)
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::new(String::from_utf8_lossy(bytes).as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Repository(tempfile::TempDir);

    impl Repository {
        fn new() -> Self {
            let repository = Repository(tempfile::tempdir().unwrap());
            repository.git(&["init", "-q", "-b", "main"]);
            repository
        }

        fn git(&self, args: &[&str]) {
            let mut command = Command::new("git");
            command
                .arg("-C")
                .arg(self.0.path())
                .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
                .args(args);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }

        fn write(&self, path: &str, text: &str) {
            let file = self.0.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }

        fn commit(&self) {
            self.git(&["add", "-A"]);
            self.git(&["commit", "-q", "-m", "x"]);
        }

        fn changed(&self, reference: &str) -> Vec<String> {
            let root = self.0.path().canonicalize().unwrap();
            let changed = changed_since(reference, &self.0.path().join("m")).unwrap();
            let mut paths: Vec<String> =
                changed.iter().map(|path| path.strip_prefix(&root).unwrap().display().to_string()).collect();
            paths.sort();
            paths
        }
    }

    #[test]
    fn changes_since_the_branch() {
        let repository = Repository::new();
        for name in ["m/1.sql", "m/2.sql", "m/3.sql", "m/4.sql"] {
            repository.write(name, name);
        }
        repository.write(".gitignore", "ignored.sql\n");
        repository.commit();
        repository.git(&["checkout", "-q", "-b", "work"]);
        repository.write("m/2.sql", "committed");
        repository.git(&["rm", "-q", "m/4.sql"]);
        repository.git(&["mv", "m/1.sql", "m/renamed ü.sql"]);
        repository.commit();
        repository.git(&["checkout", "-q", "main"]);
        repository.write("m/3.sql", "changed on the other side only");
        repository.commit();
        repository.git(&["checkout", "-q", "work"]);
        repository.write("m/5.sql", "staged");
        repository.git(&["add", "m/5.sql"]);
        repository.write("m/6.sql", "untracked");
        repository.write("m/ignored.sql", "ignored");
        assert_eq!(repository.changed("main"), ["m/2.sql", "m/5.sql", "m/6.sql", "m/renamed ü.sql"]);
        assert_eq!(repository.changed("HEAD"), ["m/5.sql", "m/6.sql"]);
    }

    #[test]
    fn errors_say_what_is_missing() {
        let repository = Repository::new();
        repository.write("m/1.sql", "");
        repository.commit();
        let error = |reference: &str| changed_since(reference, repository.0.path()).unwrap_err().to_string();
        assert_eq!(error("nope"), "--since: there is no commit `nope` in this repository");
        assert_eq!(error("--help"), "--since: there is no commit `--help` in this repository");
        repository.git(&["checkout", "-q", "--orphan", "other"]);
        repository.write("m/1.sql", "another beginning");
        repository.commit();
        assert!(error("main").contains("no common ancestor"), "{}", error("main"));
        let outside = tempfile::tempdir().unwrap();
        assert!(matches!(changed_since("main", outside.path()), Err(GitError::NoRepository { .. })));
    }
}
