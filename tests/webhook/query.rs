//! The query, and which commands are decided.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use topicgate::{
    facts::Command,
    webhook::request::{App, MAX_PARAMETERS, Query},
};

use crate::check;

#[test]
fn keys_are_read_in_any_case_and_decoded() {
    let query = "sdkAPPID=1&callbackcommand=A%2eB&CLIENTIP=%3A%3Affff%3A192.0.2.1&OPTPLATFORM=a+b\
        &RequestId=7&SIGN=s&requesttime=01";
    let query = Query::parse(query);
    assert_eq!(query.app, App::Number(1));
    assert_eq!(query.command.as_deref(), Some("A.B"));
    assert_eq!(query.client_ip, Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))));
    assert_eq!(query.platform.as_deref(), Some("a b"));
    assert_eq!(query.request_id.as_deref(), Some("7"));
    assert_eq!((query.sign.as_deref(), query.request_time.as_deref()), (Some("s"), Some("01")));
    assert!(query.conflict.is_none());
}

#[test]
fn a_junk_address_is_absent() {
    for address in ["", "127", "unknown", "1.2.3.4.5", "fe80::1%25eth0", "192.0.2.1:80"] {
        assert_eq!(Query::parse(&format!("ClientIP={address}")).client_ip, None, "{address}");
    }
    assert_eq!(Query::parse("ClientIP=::1").client_ip, Some(IpAddr::V6(Ipv6Addr::LOCALHOST)));
}

#[test]
fn an_app_id_that_is_no_number_is_not_an_absent_one() {
    for app in ["x", "-1", "%2B1", "1.0", "99999999999999999999"] {
        assert_eq!(Query::parse(&format!("SdkAppid={app}")).app, App::Unreadable, "{app}");
    }
    for none in ["a=b", "SdkAppid=", "SdkAppid"] {
        assert_eq!(Query::parse(none).app, App::Absent, "{none}");
    }
}

#[test]
fn a_key_repeated_with_the_same_value_is_no_conflict() {
    assert!(Query::parse("RequestID=1&requestid=1&x=%31&X=1").conflict.is_none());
}

#[test]
fn any_key_repeated_with_another_value_is_a_conflict_after_authentication() {
    let query = Query::parse("Sign=first&sign=second&RequestTime=1&SdkAppid=7&unheard=1&UNHEARD=2");
    assert_eq!(query.sign.as_deref(), Some("first"));
    assert_eq!(query.app, App::Number(7));
    assert_eq!(query.conflict.expect("a conflict").to_string(), "the query repeats `sign` with different values");
}

#[test]
fn a_repeated_key_is_cleaned_and_cut_before_it_is_shown() {
    let key = format!("%0a%e2%80%ae{}", "k".repeat(500));
    let conflict = Query::parse(&format!("{key}=1&{key}=2")).conflict.expect("a conflict");
    assert_eq!(conflict.to_string(), format!("the query repeats `{}` with different values", "k".repeat(64)));
}

#[test]
fn too_many_parameters_are_a_conflict() {
    let query = |count: usize| (0..count).map(|key| format!("k{key}=1&")).collect::<String>();
    assert!(Query::parse(&query(MAX_PARAMETERS)).conflict.is_none());
    assert_eq!(Query::parse(&query(MAX_PARAMETERS + 1)).conflict.expect("a conflict").cause(), "too_many_parameters");
}

const BODY: &str = r#"{"Operator_Account":"a","Name":"x"}"#;

#[test]
fn without_a_command_a_request_is_malformed() {
    check("SdkAppid=1", BODY, "no_command: the request names no command");
    check("SdkAppid=1&CallbackCommand=", BODY, "no_command: the request names no command");
}

#[test]
fn a_command_in_the_body_alone_is_enough() {
    let body = r#"{"CallbackCommand":"Group.CallbackBeforeCreateGroup","Operator_Account":"a","Name":"x"}"#;
    check("SdkAppid=1", body, r#"create_group operator=a name="x""#);
}

#[test]
fn a_real_body_without_an_app_is_malformed() {
    check("CallbackCommand=Group.CallbackBeforeCreateTopic", BODY, "no_app: the request names no app");
    check("CallbackCommand=Group.CallbackBeforeCreateTopic&SdkAppid=x", "", "no_app: the request names no app");
}

#[test]
fn an_unknown_command_is_not_evaluated_whatever_its_body_is() {
    for body in ["{", "[]", BODY, ""] {
        check("SdkAppid=1&CallbackCommand=Group.CallbackBeforeFlying", body, "not evaluated: other");
    }
}

#[test]
fn an_unknown_command_is_not_evaluated_whatever_else_contradicts_itself() {
    let query = "SdkAppid=1&CallbackCommand=Group.CallbackBeforeSendMsg";
    let label = "not evaluated: Group.CallbackBeforeSendMsg";
    check(&format!("{query}&x=1&x=2"), "{}", label);
    check(query, r#"{"CallbackCommand":"Group.CallbackAfterSendMsg"}"#, label);
}

#[test]
fn two_commands_are_no_way_around_the_rules() {
    let [other, topic] = ["Group.CallbackBeforeSendMsg", "Group.CallbackBeforeCreateTopic"];
    let repeated = "repeated_parameter: the query repeats `CallbackCommand` with different values";
    check(&format!("SdkAppid=1&CallbackCommand={other}&CallbackCommand={topic}"), BODY, repeated);
    let body = format!(r#"{{"CallbackCommand":"{topic}"}}"#);
    let two = "two_commands: query and body name different commands";
    check(&format!("SdkAppid=1&CallbackCommand={other}"), body, two);
}

#[test]
fn a_family_of_commands_has_one_label() {
    let query = "SdkAppid=1&CallbackCommand=OfficialAccount.CallbackBeforeFollow";
    check(query, "{}", "not evaluated: OfficialAccount.CallbackBefore*");
}

#[test]
fn both_decided_commands_are_known_to_the_rules() {
    let name = |command| match command {
        Command::CreateTopic => "Group.CallbackBeforeCreateTopic",
        Command::CreateGroup => "Group.CallbackBeforeCreateGroup",
    };
    for command in Command::ALL {
        let query = format!("SdkAppid=1&CallbackCommand={}", name(command));
        check(&query, BODY, &format!(r#"{} operator=a name="x""#, command.name()));
    }
}
