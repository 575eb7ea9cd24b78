//! The codes of all findings: stable, unique, explained.

use crate::diagnostic::Severity;

/// Declares the codes: variant, the word that users see, severity, summary. Each has a page in `explain/`.
macro_rules! codes {
    ($($variant:ident $word:literal $severity:ident $summary:literal;)*) => {
        /// Names a kind of finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The word for it, such as `duplicate-rule-id`.
            pub fn word(self) -> &'static str {
                match self { $(Code::$variant => $word,)* }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// What it means, in one sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }

            /// The long text: why, a wrong example and a right one.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("explain/", $word, ".md")),)* }
            }
        }
    };
}

codes! {
    // files and directories
    NoRuleFiles "no-rule-files" Error "a path has no rule file";
    UnreadableFile "unreadable-file" Error "a rule file or directory cannot be read";
    FileTwice "file-twice" Error "a file is reached by two of the given paths";
    TooLarge "too-large" Error "a file or the set is over a limit";
    NotUtf8 "not-utf8" Error "a file is not UTF-8";
    MixedPrefixes "mixed-prefixes" Warning "numeric prefixes of different length do not sort as they read";
    // YAML
    InvalidYaml "invalid-yaml" Error "the text is not YAML";
    EmptyFile "empty-file" Error "a file has no content";
    SecondDocument "second-document" Error "a file has more than one YAML document";
    TooDeep "too-deep" Error "the text is nested too deeply";
    AnchorOrAlias "anchor-or-alias" Error "anchors, aliases and merge keys are not part of the language";
    YamlTag "yaml-tag" Error "YAML tags are not part of the language";
    DuplicateKey "duplicate-key" Error "a mapping has the same key twice";
    // shape
    UnknownKey "unknown-key" Error "a key means nothing here";
    MissingKey "missing-key" Error "a required key is missing";
    WrongType "wrong-type" Error "a value is of another kind than the key wants";
    QuoteIt "quote-it" Error "an unquoted text that YAML reads as something else";
    InvalidValue "invalid-value" Error "a value that the key does not take";
    EmptyValue "empty-value" Error "a condition, test or list without content";
    UnsupportedVersion "unsupported-version" Error "a version of the format that this program does not know";
    NoRules "no-rules" Error "the set has no rules";
    // the set
    DeclaredTwice "declared-twice" Error "something is declared twice in the set";
    DuplicateRuleId "duplicate-rule-id" Error "two rules have the same id";
    UnknownList "unknown-list" Error "a list that no file declares";
    UnknownCode "unknown-code" Error "a code that is not in the register";
    UnknownRule "unknown-rule" Error "a rule id that no rule has";
    UnknownException "unknown-exception" Error "an exception that the rule does not have";
    MessageWithoutCode "message-without-code" Warning "a message that may not reach the user";
    MessageTooLong "message-too-long" Warning "a message that is cut";
    InvalidPlaceholder "invalid-placeholder" Error "a placeholder that does not exist or cannot be filled";
    OwnerWithoutGroup "owner-without-group" Warning "`owner` in a rule that is not for group creation";
    // the life of a rule
    RolloutOnAllow "rollout-on-allow" Warning "an allow rule that is for a share of the operators only";
    ExpiresSoon "expires-soon" Warning "an exception or a rule that ends within 14 days";
    ExceptionExpired "exception-expired" Warning "an exception that no longer holds";
    ExceptionOverdue "exception-overdue" Error "an exception that expired 30 days ago; `check` alone says so";
    RuleEnded "rule-ended" Warning "a rule that can never apply again";
    ReviewDue "review-due" Warning "a rule that is to be reviewed within 14 days, or was";
    UnusedAccept "unused-accept" Warning "an accepted finding that there is not";
    // tests of fields
    MatcherNotForField "matcher-not-for-field" Error "a matcher that does not fit the field";
    EmptyLiteral "empty-literal" Error "a literal or a pattern that is found in every text";
    OddPunctuation "odd-punctuation" Warning "an unquoted text with Chinese commas or quotes";
    IgnoringWithoutEffect "ignoring-without-effect" Warning "an ignored text that changes nothing, or too much";
    OuterSpace "outer-space" Error "white space at an end of a literal on a prepared field";
    DigitsAreLetters "digits-are-letters" Error "a text without letters on a view where digits and signs are letters";
    LiteralTooShort "literal-too-short" Error "a text too short for `name_squeezed`";
    UnknownPlatform "unknown-platform" Warning "a platform that Chat does not document";
    UnknownGroupType "unknown-group-type" Warning "a group type that Chat does not document";
    InvalidPattern "invalid-pattern" Error "a regular expression that cannot be read";
    PatternTooLarge "pattern-too-large" Error "a regular expression with too many states";
    PatternWithoutText "pattern-without-text" Note "a regular expression that is run on every request";
    PatternNeverMatches "pattern-never-matches" Error "a pattern with text that the field cannot contain";
    PatternNeedsCase "pattern-needs-case" Error "a pattern on a folded field that depends on case";
    WordBoundaryWithHan "word-boundary-with-han" Note "`\\b` does not separate Latin from Han";
    LooseAllow "loose-allow" Warning "an allow rule or an exception that lets more accounts pass than it names";
    UnanchoredAllow "unanchored-allow" Error "an allow rule or an exception with an unanchored pattern on an account";
    InvalidAddress "invalid-address" Error "not an address or a network";
    // lists
    UnreadableList "unreadable-list" Error "a list file cannot be used";
    ListTooShort "list-too-short" Error "a list has fewer entries than it must";
    ListTooLong "list-too-long" Error "a list has more entries than its use allows";
    SuspiciousEntry "suspicious-entry" Warning "a list entry that looks like a mistake";
    EntryNeverMatches "entry-never-matches" Warning "an entry of a test that nothing else of the rule lets match";
    UnusedList "unused-list" Note "a list that nothing uses";
    UnusedCode "unused-code" Note "a declared code that no rule uses";
    DuplicateEntry "duplicate-entry" Warning "a list has the same entry twice, or a network inside another";
    // proofs
    ExampleFailed "example-failed" Error "an example is not what the rule does";
    MissNowMatches "miss-now-matches" Warning "a known miss that the rule now matches";
    TestFailed "test-failed" Error "a test expects something else than the rules decide";
    GuaranteeBroken "guarantee-broken" Error "a guarantee that does not hold for a request";
    GuaranteeNotProved "guarantee-not-proved" Error "a guarantee that may not hold; `check` alone says so";
    GuaranteeAboutNothing "guarantee-about-nothing" Warning "a guarantee that is about no request";
    RuleNeverDecides "rule-never-decides" Warning "a rule that earlier rules leave nothing to decide";
    RuleNeverMatches "rule-never-matches" Warning "a condition that no request can pass";
    RuleAlwaysMatches "rule-always-matches" Warning "a condition that every request passes";
    RulesOverlap "rules-overlap" Note "two rules with different outcomes match the same name";
    NotProved "not-proved" Note "it is not known whether a rule can decide, or overlaps with another";
    // settings
    InvalidSettings "invalid-settings" Error "a setting is wrong or missing";
    UnknownVariable "unknown-variable" Warning "a variable that is called like a setting and is none";
    UnusableToken "unusable-token" Error "a token file or variable cannot be used";
    UnusableCertificate "unusable-certificate" Error "a certificate or its key cannot be used";
    CertificateNotValid "certificate-not-valid" Warning "a certificate has expired, or is not valid yet";
    PublicKeyFile "public-key-file" Warning "a private key that everybody on the machine may read";
    ClosedAdmin "closed-admin" Note "nobody can read the metrics and the status";
}

impl Code {
    /// The code of a word.
    pub fn named(word: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.word() == word)
    }
}
