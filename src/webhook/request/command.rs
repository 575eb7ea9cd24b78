//! The commands that can arrive: one URL receives all that are switched on in the console.

use crate::facts::Command;

/// Labels of commands without rules: those that are documented, `*` for the rest of a family, and `other`.
pub const LABELS: [&str; 29] = [
    "Group.CallbackBeforeApplyJoinGroup",
    "Group.CallbackBeforeInviteJoinGroup",
    "Group.CallbackBeforeSendMsg",
    "Group.CallbackAfterCreateGroup",
    "Group.CallbackAfterNewMemberJoin",
    "Group.CallbackAfterMemberExit",
    "Group.CallbackAfterSendMsg",
    "Group.CallbackAfterRecallMsg",
    "Group.CallbackAfterGroupFull",
    "Group.CallbackAfterGroupDestroyed",
    "Group.CallbackAfterGroupInfoChanged",
    "Group.CallbackAfterCreateTopic",
    "Group.CallbackAfterTopicDestroyed",
    "Group.CallbackAfterTopicInfoChanged",
    "Group.CallbackOnMemberStateChange",
    "C2C.CallbackBeforeSendMsg",
    "C2C.CallbackAfterSendMsg",
    "C2C.CallbackAfterMsgReport",
    "C2C.CallbackAfterMsgWithDraw",
    "Sns.CallbackPrevFriendAdd",
    "Sns.CallbackPrevFriendResponse",
    "Sns.CallbackFriendAdd",
    "Sns.CallbackFriendDelete",
    "Sns.CallbackBlackListAdd",
    "Sns.CallbackBlackListDelete",
    "Profile.CallbackPortraitSet",
    "State.StateChange",
    "OfficialAccount.CallbackBefore*",
    OTHER,
];

const OTHER: &str = "other";

/// The command that rules decide, by its name on the wire.
pub(super) fn decided(name: &str) -> Option<Command> {
    match name {
        "Group.CallbackBeforeCreateTopic" => Some(Command::CreateTopic),
        "Group.CallbackBeforeCreateGroup" => Some(Command::CreateGroup),
        _ => None,
    }
}

/// What to count a command as: a request must not be able to make up labels.
pub(super) fn label(name: &str) -> &'static str {
    let is = |label: &&str| match label.strip_suffix('*') {
        Some(family) => name.starts_with(family),
        None => *label == name,
    };
    LABELS.into_iter().find(is).unwrap_or(OTHER)
}
