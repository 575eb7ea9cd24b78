//! The pages of `explain`: cut into the files that their examples are made of.

use topicgate::diagnostic::Code;

/// The files of one example: their names and texts.
pub type Files = Vec<(String, String)>;

/// The name of a block that has none.
const ONE_FILE: &str = "rules.yaml";

/// The files under a heading of a code's page; none where it shows commands or a listing.
pub fn example(code: Code, heading: &str) -> Files {
    let page = code.explanation();
    let section = page.split("\n## ").find_map(|section| section.strip_prefix(heading));
    let section = section.unwrap_or_else(|| panic!("the page of `{}` has no `## {heading}`", code.word()));
    let files = blocks(section);
    if files.iter().any(|(name, _)| name.ends_with(".yaml")) { files } else { Files::new() }
}

/// Every fenced block of a text: `.yaml` unless a line such as `` `lists/banned.txt`: `` names it.
fn blocks(section: &str) -> Files {
    let mut files = Files::new();
    let mut name = None;
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let body: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            let unnamed = if language == "yaml" { ONE_FILE } else { language };
            files.push((name.take().unwrap_or_else(|| unnamed.to_owned()), body));
        } else if let Some(written) = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")) {
            name = Some(written.to_owned());
        }
    }
    files
}
