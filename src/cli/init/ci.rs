//! Files for CI, at the top of the repository that a rule directory is in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::bail;

/// What a file for CI is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Ci {
    /// A workflow: findings, tests, and what a change means as a comment
    Github,
    /// The same for GitLab
    Gitlab,
    /// Hooks before each commit
    PreCommit,
    /// None
    None,
}

/// A file that is to be written.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// What is left to do with it.
    pub(super) note: &'static str,
}

/// The files for a rule directory; those that its repository suggests where nothing was asked for.
pub(super) fn files(directory: &Path, asked: &[Ci]) -> anyhow::Result<Vec<File>> {
    let repository = directory.ancestors().find(|folder| folder.join(".git").exists());
    let top = repository.or(directory.parent()).unwrap_or(directory);
    let wanted = match repository {
        _ if !asked.is_empty() => asked.to_vec(),
        Some(repository) => vec![host(repository), Ci::PreCommit],
        None => Vec::new(),
    };
    if wanted.is_empty() || wanted.contains(&Ci::None) {
        return Ok(Vec::new());
    }
    let rules = directory.strip_prefix(top).unwrap_or(directory).to_string_lossy();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._/-".contains(character);
    if rules.is_empty() || rules.starts_with('-') || !rules.chars().all(is_plain) {
        bail!(
            "files for CI need a rule directory of its own, with a path of letters, digits, `.`, `_`, `-` and `/`, and nothing was written\nhelp: name another one, or add `--ci none`"
        );
    }
    Ok(wanted.iter().filter_map(|ci| ci.file(top, &rules)).collect())
}

/// Whose repository it looks like.
fn host(repository: &Path) -> Ci {
    let configuration = fs::read_to_string(repository.join(".git/config")).unwrap_or_default();
    let is_gitlab = configuration.contains("gitlab") || repository.join(".gitlab-ci.yml").exists();
    if is_gitlab { Ci::Gitlab } else { Ci::Github }
}

impl Ci {
    fn file(self, top: &Path, rules: &str) -> Option<File> {
        let fill_in = ": put in your copy of topicgate for OWNER, and its commit for REVISION";
        let (path, text, note) = match self {
            Ci::Github => (".github/workflows/rules.yml", include_str!("ci/github.yml"), fill_in),
            Ci::Gitlab => (".gitlab-ci.yml", include_str!("ci/gitlab.yml"), fill_in),
            Ci::PreCommit => {
                (".pre-commit-config.yaml", include_str!("ci/pre-commit.yaml"), ": `pre-commit install` turns it on")
            }
            Ci::None => return None,
        };
        let text = text.replace("@RULES@", rules).replace("@PATTERN@", &regex::escape(rules));
        Some(File { path: top.join(path), text, note })
    }
}
