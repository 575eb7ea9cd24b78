//! `docs/ci.md` and the templates of `deploy/ci`, followed as they are written: in a repository, with the built binary, and with
//! a code host that writes down what it is asked.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// Writes down how it is called, and answers with what lies in `answer`.
const HOST: &str = "#!/bin/sh\necho \"$0 $*\" >> \"$HOST_LOG\"\ntouch rules-heads\ncase \"$*\" in *notes\\?*|*--jq*) cat \"$HOST_ANSWER\";; esac\n";

struct Scene {
    directory: TempDir,
}

impl Scene {
    /// A repository of the shipped rules, whose last commit lets a list of operators pass.
    fn new() -> Scene {
        let scene = Scene { directory: TempDir::new().unwrap() };
        let bin = scene.at("bin");
        for folder in [scene.at("repository"), bin.clone(), scene.at("temp")] {
            fs::create_dir(folder).unwrap();
        }
        for name in ["gh", "curl"] {
            fs::write(bin.join(name), HOST).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_topicgate"), bin.join("topicgate")).unwrap();
        fs::write(scene.at("answer"), "").unwrap();
        let copy = concat!(
            "cp -r '",
            env!("CARGO_MANIFEST_DIR"),
            "/rules' . && echo trent >> rules/lists/banned-operators.txt && git init -q -b main && git add -A"
        );
        let first = scene.run(
            &format!("{copy} && {COMMIT} one && git clone -q --bare . ../origin && git remote add origin ../origin"),
            &[],
        );
        assert!(first.status.success(), "{}", printed(&first));
        let second = scene.run(&format!("sed -i /trent/d rules/lists/banned-operators.txt && {COMMIT} two"), &[]);
        assert!(second.status.success(), "{}", printed(&second));
        scene
    }

    fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", self.at("bin").display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(self.at("repository"));
        bash.env("PATH", path).env("HOST_LOG", self.at("log")).env("HOST_ANSWER", self.at("answer"));
        for (name, file) in [("RUNNER_TEMP", "temp"), ("GITHUB_PATH", "path"), ("GITHUB_OUTPUT", "output")] {
            bash.env(name, self.at(file));
        }
        bash.env("GITHUB_STEP_SUMMARY", self.at("summary")).env("GITHUB_REPOSITORY", "o/r").env("NO_COLOR", "1");
        bash.envs(variables.iter().copied()).output().unwrap()
    }

    fn revision(&self, name: &str) -> String {
        String::from_utf8(self.run(&format!("git rev-parse {name}"), &[]).stdout).unwrap().trim().to_owned()
    }

    /// What the code host was asked.
    fn asked(&self) -> String {
        fs::read_to_string(self.at("log")).unwrap_or_default()
    }
}

const COMMIT: &str = "git -c user.name=a -c user.email=a@example.org commit -q -a -m";

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&read(path)).unwrap()
}

/// The scripts of the action by the names of their steps, each with its own variables.
fn step(name: &str) -> (String, Vec<String>) {
    let action = yaml("deploy/ci/action.yml");
    let step = action["runs"]["steps"].as_array().unwrap().iter().find(|step| step["name"] == name).unwrap();
    let variables = step["env"].as_object().unwrap().keys().cloned().collect();
    (step["run"].as_str().unwrap().to_owned(), variables)
}

fn compare(scene: &Scene, more: &[(&str, &str)]) -> Output {
    let (script, variables) = step("Compare");
    assert_eq!(variables, ["BASE", "COMMENT", "FAIL_ON", "GH_TOKEN", "NUMBER", "PULL_BASE", "RULES"]);
    let base = scene.revision("HEAD~1");
    let plain = [("RULES", "rules"), ("BASE", &*base), ("FAIL_ON", ""), ("COMMENT", "true"), ("NUMBER", "7")];
    let event = [("PULL_BASE", &*base), ("GITHUB_REF", "refs/pull/7/merge"), ("GITHUB_SHA", "none")];
    fs::create_dir_all(scene.at("temp/topicgate")).unwrap();
    scene.run(&script, &[&plain[..], &event, more].concat())
}

#[test]
fn the_commands_of_the_page_run_as_they_are_written() {
    let scene = Scene::new();
    let page = read("docs/ci.md");
    let blocks: Vec<&str> = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 4);
    assert!(scene.run("git checkout -q -b change && git branch -q -f main HEAD~1", &[]).status.success());
    for line in blocks.iter().flat_map(|block| block.lines()) {
        let output = scene.run(line, &[]);
        // The change lets somebody pass who was banned.
        let expected = i32::from(line.contains("--fail-on"));
        assert_eq!(output.status.code(), Some(expected), "{line}\n{}", printed(&output));
    }
}

#[test]
fn the_action_checks_and_tests() {
    let scene = Scene::new();
    let (install, _) = step("Install");
    // With a binary, and then in a second step of the same job: nothing is built.
    for binary in [env!("CARGO_BIN_EXE_topicgate"), ""] {
        let install = scene.run(&install, &[("BINARY", binary)]);
        assert!(install.status.success(), "{}", printed(&install));
    }
    for name in ["Check", "Test"] {
        let output = scene.run(&step(name).0, &[("RULES", "rules")]);
        assert!(output.status.success(), "{name}: {}", printed(&output));
    }
    let output = fs::read_to_string(scene.at("output")).unwrap();
    let sarif: Value = serde_json::from_slice(&fs::read(output.trim().trim_start_matches("sarif=")).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    fs::write(scene.at("repository/rules/99.yaml"), "rules: [{id: a}]").unwrap();
    let output = scene.run(&step("Check").0, &[("RULES", "rules")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).contains("::error file=rules/99.yaml"), "{}", printed(&output));
    let files = fs::read_to_string(scene.at("output")).unwrap();
    assert_eq!(files.lines().collect::<BTreeSet<&str>>().len(), 2, "each use has a file of its own: {files}");
}

#[test]
fn a_job_that_fails_says_why() {
    let scene = Scene::new();
    for script in [step("Check").0, step("Test").0, job("rules:check"), job("rules:test")] {
        fs::create_dir_all(scene.at("temp/topicgate")).unwrap();
        let output = scene.run(&script, &[("RULES", "rulse")]);
        assert_eq!(output.status.code(), Some(2), "{script}");
        assert!(printed(&output).contains("does not exist"), "{script}{}", printed(&output));
    }
    fs::write(scene.at("repository/rules/99.yaml"), "rules: [{id: a}]").unwrap();
    for name in ["rules:check", "rules:test"] {
        let output = scene.run(&job(name), &[("RULES", "rules")]);
        assert_eq!(output.status.code(), Some(1));
        assert!(printed(&output).contains("error[missing-key]"), "{name}: {}", printed(&output));
    }
}

#[test]
fn the_action_writes_one_comment_and_keeps_it() {
    let scene = Scene::new();
    let output = compare(&scene, &[]);
    assert!(output.status.success(), "{}", printed(&output));
    let summary = fs::read_to_string(scene.at("summary")).unwrap();
    assert!(summary.starts_with("<!-- topicgate diff rules -->\n") && summary.contains("loosened"), "{summary}");
    assert!(scene.asked().contains("--method POST repos/o/r/issues/7/comments --field body=@"), "{}", scene.asked());
    fs::write(scene.at("answer"), "IC_41\nIC_42\n").unwrap();
    assert!(compare(&scene, &[]).status.success());
    assert!(scene.asked().contains("--raw-field id=IC_41 --field body=@"), "{}", scene.asked());
    assert_eq!(compare(&scene, &[("FAIL_ON", "loosened, code")]).status.code(), Some(1));
}

#[test]
fn nothing_is_written_twice_where_comments_cannot_be_read() {
    let scene = Scene::new();
    fs::write(scene.at("bin/gh"), HOST.to_owned() + "case \"$*\" in *--jq*) exit 1;; esac\n").unwrap();
    let output = compare(&scene, &[]);
    assert!(output.status.success() && printed(&output).contains("::warning::"), "{}", printed(&output));
    assert!(!scene.asked().contains("POST"), "{}", scene.asked());
}

/// GitHub merged a change that was made of the first commit with a `main` that others went on with since.
fn merged_by_the_host() -> Scene {
    let scene = Scene::new();
    let script = format!(
        "git checkout -q -b others HEAD~1 && sed -i 1itheirs rules/lists/banned-operators.txt && {COMMIT} theirs && \
         git push -q origin others:main && git checkout -q --detach && \
         git -c user.name=a -c user.email=a@example.org merge -q -m merged main && \
         git push -q origin HEAD:refs/pull/7/merge main~1:refs/heads/old && cd .. && rm -rf repository && \
         git init -q repository && cd repository && git remote add origin \"file://$PWD/../origin\" && \
         git fetch -q --depth 1 origin refs/pull/7/merge && git checkout -q --detach FETCH_HEAD"
    );
    let output = scene.run(&script, &[]);
    assert!(output.status.success(), "{}", printed(&output));
    scene
}

#[test]
fn what_others_merged_meanwhile_is_no_part_of_the_change() {
    let scene = merged_by_the_host();
    let base = scene.revision("HEAD");
    let at_origin = |name: &str| {
        let hash = scene.run(&format!("git ls-remote origin {name} | cut -f 1"), &[]).stdout;
        String::from_utf8(hash).unwrap().trim().to_owned()
    };
    let (old, main) = (at_origin("refs/heads/old"), at_origin("refs/heads/main"));
    let event = [("BASE", &*old), ("PULL_BASE", &*old), ("GITHUB_SHA", &*base)];
    let said = |more: &[(&str, &str)]| {
        let _ = fs::remove_file(scene.at("summary"));
        let output = compare(&scene, &[&event[..], more].concat());
        assert!(output.status.success(), "{}", printed(&output));
        fs::read_to_string(scene.at("summary")).unwrap()
    };
    let own = said(&[]);
    assert!(own.contains(&format!("From {main}&#58;rules")) && own.contains("trent"), "{own}");
    assert!(!own.contains("theirs"), "{own}");
    for base in ["old", &old] {
        let all = said(&[("PULL_BASE", "another"), ("BASE", base)]);
        assert!(all.contains(&format!("From {old}&#58;rules")) && all.contains("theirs"), "{base}: {all}");
    }
    let template = [("RULES", "rules"), ("FAIL_ON", ""), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &*old)];
    let merged = [&template[..], &[("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &*main)]].concat();
    assert!(scene.run(&job("rules:diff"), &merged).status.success());
    let note = fs::read_to_string(scene.at("repository/rules-diff.md")).unwrap();
    assert!(note.contains(&format!("From {main}&#58;rules")) && !note.contains("theirs"), "{note}");
}

/// What each host is given to write where the old rules are not as they should be.
fn of_each_host(scene: &Scene, base: &str) -> [(Output, String); 2] {
    let action = compare(scene, &[("BASE", base), ("FAIL_ON", "loosened")]);
    let summary = fs::read_to_string(scene.at("summary")).unwrap_or_default();
    let variables = [("RULES", "rules"), ("FAIL_ON", "loosened"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)];
    let template = scene.run(&job("rules:diff"), &variables);
    let note = fs::read_to_string(scene.at("repository/rules-diff.md")).unwrap_or_default();
    [(action, summary), (template, note)]
}

#[test]
fn the_first_rules_and_those_that_mend_broken_ones_pass() {
    let scene = Scene::new();
    let without = format!("git checkout -q -b none && git rm -q -r rules && {COMMIT} none && git checkout -q main");
    let broken = format!(
        "git checkout -q -b broken && echo 'rules: [{{id: a}}]' > rules/99.yaml && git add -A && {COMMIT} broken && \
         git checkout -q main"
    );
    for (script, base, said) in [(without, "none", "no rules there"), (broken, "broken", "not compared")] {
        assert!(scene.run(&script, &[]).status.success());
        for (output, text) in of_each_host(&scene, &scene.revision(base)) {
            assert!(output.status.success(), "{base}: {}", printed(&output));
            assert!(text.contains(said), "{base}: {text}");
        }
    }
    fs::write(scene.at("repository/rules/99.yaml"), "rules: [{id: a}]").unwrap();
    for (output, _) in of_each_host(&scene, &scene.revision("broken")) {
        assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
    }
}

#[test]
fn nothing_from_outside_becomes_a_part_of_a_script() {
    let scene = Scene::new();
    for (name, value) in [
        ("RULES", "$(touch owned)"),
        ("BASE", "`touch owned`"),
        ("BASE", "--upload-pack=touch owned"),
        ("FAIL_ON", "a; touch owned"),
    ] {
        let output = compare(&scene, &[(name, value)]);
        assert_eq!(output.status.code(), Some(if value.starts_with('`') { 128 } else { 2 }), "{}", printed(&output));
    }
    let upload = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", "--upload-pack=touch owned"), ("RULES", "rules"), ("FAIL_ON", "")];
    assert_eq!(scene.run(&job("rules:diff"), &upload).status.code(), Some(2));
    let absolute = scene.at("repository/rules").display().to_string();
    let output = scene.run(&step("Check").0, &[("RULES", &absolute)]);
    assert!(output.status.code() == Some(2) && printed(&output).contains("absolute"), "{}", printed(&output));
    assert!(!scene.at("repository/owned").exists());
    for step in yaml("deploy/ci/action.yml")["runs"]["steps"].as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step}");
    }
}

/// The script of a job of the template.
fn job(name: &str) -> String {
    let lines = yaml("deploy/ci/gitlab.yml")[name]["script"].clone();
    lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned() + "\n").collect()
}

#[test]
fn the_jobs_of_the_template_are_in_the_same_pipelines() {
    let template = yaml("deploy/ci/gitlab.yml");
    let merge_request = r#"$CI_PIPELINE_SOURCE == "merge_request_event""#;
    let branch = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH";
    for (name, expected) in [
        ("rules:check", &[merge_request, branch][..]),
        ("rules:test", &[merge_request, branch]),
        ("rules:diff", &[merge_request]),
    ] {
        assert_eq!(template[name]["extends"], ".rules");
        let rules = template[name].get("rules").unwrap_or(&template[".rules"]["rules"]);
        let conditions: Vec<&Value> = rules.as_array().unwrap().iter().map(|rule| &rule["if"]).collect();
        assert_eq!(conditions, expected, "{name}");
    }
}

#[test]
fn the_template_builds_the_revision_that_is_asked_for() {
    let scene = Scene::new();
    let script = yaml("deploy/ci/gitlab.yml")[".rules"]["before_script"][1].as_str().unwrap().to_owned();
    fs::remove_file(scene.at("bin/topicgate")).unwrap();
    fs::copy(scene.at("bin/gh"), scene.at("bin/cargo")).unwrap();
    let build = |revision| scene.run(&script, &[("RULES_TOOL", "https://host/x"), ("RULES_TOOL_REVISION", revision)]);
    assert!(build("0a1b").status.success());
    assert!(scene.asked().ends_with("cargo install --locked --git https://host/x --rev 0a1b\n"), "{}", scene.asked());
    let refused = build("");
    assert!(
        !refused.status.success() && printed(&refused).contains("RULES_TOOL_REVISION: set it to"),
        "{}",
        printed(&refused)
    );
}

#[test]
fn the_template_checks_tests_and_keeps_one_note() {
    let scene = Scene::new();
    for name in ["rules:check", "rules:test"] {
        let output = scene.run(&job(name), &[("RULES", "rules")]);
        assert!(output.status.success(), "{name}: {}", printed(&output));
    }
    let report = fs::read_to_string(scene.at("repository/gl-code-quality-report.json")).unwrap();
    assert!(serde_json::from_str::<Value>(&report).unwrap().is_array());
    let base = scene.revision("HEAD~1");
    let variables = [
        ("RULES", "rules"),
        ("FAIL_ON", ""),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &*base),
        ("CI_API_V4_URL", "https://git.example.org/api/v4"),
        ("CI_MERGE_REQUEST_PROJECT_ID", "3"),
        ("CI_MERGE_REQUEST_IID", "7"),
    ];
    assert!(scene.run(&job("rules:diff"), &variables).status.success());
    assert_eq!(scene.asked(), "", "without a token nothing is asked");
    let said = fs::read_to_string(scene.at("repository/rules-diff.md")).unwrap();
    assert!(said.contains("loosened"), "{said}");
    fs::write(scene.at("bin/jq"), "#!/bin/sh\necho \"jq $*\" >> \"$HOST_LOG\"\ncat \"$HOST_ANSWER\"\n").unwrap();
    fs::set_permissions(scene.at("bin/jq"), fs::Permissions::from_mode(0o755)).unwrap();
    let with_token = [&variables[..], &[("RULES_TOKEN", "secret")]].concat();
    for (method, note) in [("POST", ""), ("PUT", "/9")] {
        let output = scene.run(&job("rules:diff"), &with_token);
        assert!(output.status.success(), "{}", printed(&output));
        let call = format!(
            "--request {method} --data-urlencode body@rules-diff.md https://git.example.org/api/v4/projects/3/merge_requests/7/notes{note}\n"
        );
        assert!(scene.asked().contains(&call), "{method}: {}", scene.asked());
        fs::write(scene.at("answer"), "9\n10\n").unwrap();
    }
    assert!(scene.asked().contains("--arg marker <!-- topicgate diff rules --> "), "{}", scene.asked());
    fs::remove_file(scene.at("log")).unwrap();
    fs::write(scene.at("bin/curl"), HOST.to_owned() + "case \"$*\" in *notes\\?*) exit 22;; esac\n").unwrap();
    let output = scene.run(&job("rules:diff"), &with_token);
    assert!(output.status.success() && printed(&output).contains("none is written"), "{}", printed(&output));
    assert!(!scene.asked().contains("--request"), "{}", scene.asked());
    assert!(!scene.asked().contains("secret"));
}
