//! `topicgate fmt` on files: what is written, what is left, and what it says.

use std::{
    fs,
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink},
    path::Path,
    process::{Command, Output, Stdio},
};

const ROUGH: &str = "rules:\n- action: deny\n  # why\n  id: one\n  when: always\n";
const NEAT: &str = "rules:\n  # why\n  - id: one\n    action: deny\n    when: always\n";

fn fmt(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
    command.arg("fmt").args(arguments).env("NO_COLOR", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_file_is_replaced_with_its_owner_and_permissions_through_a_link() {
    let owner = |file: &Path| fs::metadata(file).map(|metadata| (metadata.uid(), metadata.gid())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("one.txt"), folder.path().join("rules.yaml"));
    fs::write(&file, ROUGH).unwrap();
    // Only root may.
    let _ = chown(&file, Some(1234), Some(1234));
    let owned = owner(&file);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    let path = link.to_str().unwrap();
    let check = fmt(&["--check", "--diff", path], "");
    assert_eq!(check.status.code(), Some(1));
    assert!(out(&check).contains("+  - id: one\n"), "{}", out(&check));
    assert_eq!(fs::read_to_string(&file).unwrap(), ROUGH);
    assert_eq!(fmt(&[path], "").status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), NEAT);
    assert!(link.is_symlink());
    assert_eq!(owner(&file), owned);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    let again = fmt(&["--check", path], "");
    assert_eq!((again.status.code(), out(&again).as_str()), (Some(0), "0 files would change, 1 unchanged\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
}

#[test]
fn a_file_that_cannot_be_read_is_left_with_its_findings() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.yaml");
    fs::write(&file, "rules:\n  - id: [\n").unwrap();
    let output = fmt(&[folder.path().to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("[invalid-yaml]") && out(&output).contains("1 left as it is"), "{}", out(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), "rules:\n  - id: [\n");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let output = fmt(&["--stdin"], ROUGH);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), NEAT));
    let faulty = fmt(&["--stdin"], "a: &b 1\n");
    assert_eq!((faulty.status.code(), out(&faulty).as_str()), (Some(1), ""));
    assert!(String::from_utf8_lossy(&faulty.stderr).contains("anchor"));
}

#[test]
fn what_is_wrong_with_a_set_and_not_with_a_file_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["1-a.yaml", "10-b.yaml"] {
        fs::write(folder.path().join(name), NEAT).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("1-a.yaml");
    let output = fmt(&[path, path, file.to_str().unwrap()], "");
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), "0 files changed, 2 unchanged\n"));
}

#[test]
fn what_cannot_be_laid_out_is_told_with_its_line() {
    let output = fmt(&["--stdin"], "x-a: 1\n? rules\n: []\n");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "error: <stdin>:2: something stands before a key: write `key: value`, without `? `\n");
}

#[test]
fn line_ends_of_windows_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.yaml");
    fs::write(&file, ROUGH.replace('\n', "\r\n")).unwrap();
    let path = file.to_str().unwrap();
    assert_eq!(fmt(&[path], "").status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), NEAT.replace('\n', "\r\n"));
    assert_eq!(fmt(&["--check", path], "").status.code(), Some(0));
}

#[test]
fn nothing_to_format_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(fmt(&[folder.path().to_str().unwrap()], "").status.code(), Some(2));
    assert_eq!(fmt(&[], "").status.code(), Some(2));
}
