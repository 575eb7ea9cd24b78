//! The request to decide: from flags, from JSON as Chat sends it, or from YAML in the words of the rule language.

use std::{
    fs::File,
    io::{self, Read},
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    facts::{Command, Facts},
    webhook::request::{Body, MAX_NAME_BYTES},
};

/// More than any request of Chat: what is larger is the wrong file.
const MAX_REQUEST_BYTES: u64 = 64 * 1024;

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Who creates
    #[arg(long, required_unless_present = "request")]
    operator: Option<String>,

    /// The name of the topic or group
    #[arg(long, required_unless_present = "request")]
    name: Option<String>,

    /// What is created
    #[arg(long, value_parser = command, value_name = "create_topic|create_group")]
    command: Option<Command>,

    /// The owner of a group
    #[arg(long)]
    owner: Option<String>,

    /// The group type, such as Community
    #[arg(long = "type", value_name = "TYPE")]
    group_type: Option<String>,

    /// The platform, such as Web
    #[arg(long)]
    platform: Option<String>,

    /// The user's address
    #[arg(long, value_name = "ADDRESS")]
    client_ip: Option<IpAddr>,

    /// The SdkAppid
    #[arg(long, value_name = "ID")]
    app: Option<u64>,

    /// A file with the request: the JSON body that Chat sends, or YAML or JSON with the fields by their names in rules,
    /// as in `tests`; `-` reads standard input. Flags win over it
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
}

fn command(word: &str) -> Result<Command, String> {
    let found = Command::ALL.into_iter().find(|command| command.name() == word);
    found.ok_or_else(|| "it is `create_topic` or `create_group`".to_owned())
}

/// A request in the words of the rule language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(super) struct Request {
    command: Option<String>,
    operator: Option<String>,
    name: Option<String>,
    owner: Option<String>,
    #[serde(rename = "type")]
    group_type: Option<String>,
    platform: Option<String>,
    client_ip: Option<IpAddr>,
    app: Option<u64>,
}

/// Reads the file, if there is one, and puts the flags over it.
pub(super) fn read(arguments: Arguments) -> anyhow::Result<Request> {
    let below = match &arguments.request {
        Some(path) => parse(&bytes(path)?).with_context(|| format!("`{}` is not a request", path.display()))?,
        None => Request::default(),
    };
    Ok(Request {
        command: arguments.command.map(|command| command.name().to_owned()).or(below.command),
        operator: arguments.operator.or(below.operator),
        name: arguments.name.or(below.name),
        owner: arguments.owner.or(below.owner),
        group_type: arguments.group_type.or(below.group_type),
        platform: arguments.platform.or(below.platform),
        client_ip: arguments.client_ip.or(below.client_ip),
        app: arguments.app.or(below.app),
    })
}

fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limited = |reader: &mut dyn Read, bytes: &mut Vec<u8>| reader.take(MAX_REQUEST_BYTES + 1).read_to_end(bytes);
    let read = match path.to_str() {
        Some("-") => limited(&mut io::stdin().lock(), &mut bytes),
        _ => File::open(path).and_then(|mut file| limited(&mut file, &mut bytes)),
    };
    read.with_context(|| format!("cannot read `{}`", path.display()))?;
    if bytes.len() as u64 > MAX_REQUEST_BYTES {
        bail!("`{}` is larger than {MAX_REQUEST_BYTES} bytes", path.display());
    }
    Ok(bytes)
}

/// Chat writes its fields with capitals, rules write theirs small: one such field tells which it is.
fn parse(bytes: &[u8]) -> anyhow::Result<Request> {
    let options =
        serde_yaml::options! { strict_booleans: true, leading_zero_numbers_as_strings: true, with_snippet: false };
    match (serde_yaml::from_slice_with_options::<Request>(bytes, options), Body::parse(bytes)) {
        (Ok(own), _) => Ok(own),
        (Err(_), Ok(body)) if body.operator.is_some() || body.command.is_some() => of_chat(&body),
        (Err(error), _) => Err(error.into()),
    }
}

fn of_chat(body: &Body<'_>) -> anyhow::Result<Request> {
    let command = match body.command.as_deref() {
        None | Some("Group.CallbackBeforeCreateTopic") => Command::CreateTopic,
        Some("Group.CallbackBeforeCreateGroup") => Command::CreateGroup,
        Some(other) => bail!("`{other}` is always answered with OK: rules decide topic and group creation only"),
    };
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
    Ok(Request {
        command: Some(command.name().to_owned()),
        operator: owned(&body.operator),
        name: owned(&body.name),
        owner: owned(&body.owner),
        group_type: owned(&body.group_type),
        ..Request::default()
    })
}

impl Request {
    /// What rules see of it.
    pub(super) fn facts(&self, at: Timestamp) -> anyhow::Result<Facts<'_>> {
        let operator = self.operator.as_deref().context("the request has no operator: give --operator")?;
        let name = self.name.as_deref().context("the request has no name: give --name")?;
        if name.len() > MAX_NAME_BYTES {
            bail!(
                "the name has {} bytes: from {MAX_NAME_BYTES} on the service does not decide, but answers by `on_error`",
                name.len()
            );
        }
        let word = self.command.as_deref().unwrap_or(Command::CreateTopic.name());
        Ok(Facts {
            command: command(word).map_err(|help| anyhow::anyhow!("there is no command `{word}`: {help}"))?,
            owner: self.owner.as_deref().map(Into::into),
            group_type: self.group_type.as_deref().map(Into::into),
            platform: self.platform.as_deref().map(Into::into),
            client_ip: self.client_ip.map(|address| address.to_canonical()),
            app: self.app,
            ..Facts::topic(operator, name, at)
        })
    }
}
