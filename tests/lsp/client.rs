//! A client of the language server: it starts the real binary and speaks the protocol with it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Nothing here takes nearly as long, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session with a directory of rules of its own.
pub struct Client {
    pub directory: tempfile::TempDir,
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What was told and not asked for.
    told: Vec<Value>,
    last_id: i64,
}

impl Client {
    /// Starts the server over some files; those below `rules/` are a set.
    pub fn start(files: &[(&str, &str)]) -> Client {
        let mut client = Client::of(files, &[]);
        let folder = client.uri("");
        let params = json!({ "processId": null, "rootUri": null, "capabilities": {},
            "workspaceFolders": [{ "uri": folder, "name": "test" }] });
        let result = client.ask("initialize", params);
        assert_eq!(result["result"]["capabilities"]["positionEncoding"], "utf-16");
        client.say("initialized", json!({}));
        client
    }

    /// The same, before anything is said.
    pub fn of(files: &[(&str, &str)], arguments: &[&str]) -> Client {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_topicgate"))
            .arg("lsp")
            .args(arguments)
            .current_dir(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (send, messages) = mpsc::channel();
        thread::spawn(move || while read(&mut output).is_some_and(|message| send.send(message).is_ok()) {});
        let input = child.stdin.take();
        Client { directory, child, input, messages, told: Vec::new(), last_id: 0 }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        fs::canonicalize(self.directory.path()).unwrap().join(name)
    }

    pub fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub fn send_message(&mut self, message: &Value) {
        let body = message.to_string();
        self.send(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn say(&mut self, method: &str, params: Value) {
        self.send_message(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send_message(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.next();
            if message.get("id") == Some(&json!(id)) {
                return message;
            }
            self.told.push(message);
        }
    }

    /// The next message of the server.
    pub fn next(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).unwrap()
    }

    pub fn open(&mut self, name: &str, text: &str) {
        let document = json!({ "uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text });
        self.say("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub fn change(&mut self, name: &str, version: i64, text: &str) {
        let document = json!({ "uri": self.uri(name), "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.say("textDocument/didChange", params);
    }

    /// The next diagnostics of a file, in the version that is given.
    pub fn diagnostics(&mut self, name: &str, version: Option<i64>) -> Value {
        let uri = self.uri(name);
        let is_wanted = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
                && message["params"].get("version").and_then(Value::as_i64) == version
        };
        if let Some(at) = self.told.iter().position(is_wanted) {
            return self.told.remove(at)["params"]["diagnostics"].clone();
        }
        loop {
            let message = self.next();
            if is_wanted(&message) {
                return message["params"]["diagnostics"].clone();
            }
            self.told.push(message);
        }
    }

    /// The versions of a file of which diagnostics were told and not asked for.
    pub fn told_of(&self, name: &str) -> Vec<Option<i64>> {
        let uri = self.uri(name);
        let params = self.told.iter().map(|message| &message["params"]).filter(|params| params["uri"] == *uri);
        params.map(|params| params["version"].as_i64()).collect()
    }

    /// Asks something about the place of `|` in a text that is open under this name.
    pub fn ask_at(&mut self, method: &str, name: &str, text: &str) -> Value {
        let before = text.split_once('|').unwrap().0;
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
        let params = json!({ "textDocument": { "uri": self.uri(name) },
            "position": { "line": line, "character": character } });
        self.ask(method, params)["result"].clone()
    }

    /// Closes the input and waits for the end.
    pub fn end(mut self) -> i32 {
        drop(self.input.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        length = line.strip_prefix("Content-Length: ")?.trim().parse().ok()?;
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A path as the end of a URI.
pub fn name_of(uri: &Value) -> &str {
    Path::new(uri.as_str().unwrap()).file_name().unwrap().to_str().unwrap()
}
