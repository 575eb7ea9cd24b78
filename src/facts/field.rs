//! The fields that conditions can name, and what kind of value each holds.

/// A field of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `operator`
    Operator,
    /// `owner`
    Owner,
    /// `name`
    Name,
    /// `name_raw`
    NameRaw,
    /// `name_lookalike`
    NameLookalike,
    /// `name_squeezed`
    NameSqueezed,
    /// `type`
    Type,
    /// `platform`
    Platform,
    /// `client_ip`
    ClientIp,
    /// `app`
    App,
}

/// What kind of value a field holds, and so which matchers fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Text compared byte for byte.
    Exact,
    /// A prepared view of the name.
    Prepared,
    /// A keyword of the protocol, compared folded and with its aliases.
    Keyword,
    /// An IP address.
    Address,
    /// A number.
    Number,
}

impl Field {
    /// Every field, in the order of the language page.
    pub const ALL: [Field; 10] = [
        Field::Operator,
        Field::Owner,
        Field::Name,
        Field::NameRaw,
        Field::NameLookalike,
        Field::NameSqueezed,
        Field::Type,
        Field::Platform,
        Field::ClientIp,
        Field::App,
    ];

    /// The key in a rule file.
    pub fn name(self) -> &'static str {
        match self {
            Field::Operator => "operator",
            Field::Owner => "owner",
            Field::Name => "name",
            Field::NameRaw => "name_raw",
            Field::NameLookalike => "name_lookalike",
            Field::NameSqueezed => "name_squeezed",
            Field::Type => "type",
            Field::Platform => "platform",
            Field::ClientIp => "client_ip",
            Field::App => "app",
        }
    }

    /// The field of a key.
    pub fn named(key: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name() == key)
    }

    /// What it is, in one sentence.
    pub fn summary(self) -> &'static str {
        match self {
            Field::Operator => "`Operator_Account`: who creates; compared with its case",
            Field::Owner => "`Owner_Account`; Chat sends it with `create_group` only",
            Field::Name => "the name as a person reads it",
            Field::NameRaw => "the name as it was sent",
            Field::NameLookalike => "what the name looks like: look-alikes are one character, digits are letters",
            Field::NameSqueezed => {
                "what the name looks like, without anything but letters and digits, repeats made single"
            }
            Field::Type => "the group type; case makes no difference",
            Field::Platform => "`OptPlatform`; case makes no difference",
            Field::ClientIp => "the user's address",
            Field::App => "`SdkAppid`",
        }
    }

    /// What it holds.
    pub fn holds(self) -> FieldType {
        match self {
            Field::Operator | Field::Owner | Field::NameRaw => FieldType::Exact,
            Field::Name | Field::NameLookalike | Field::NameSqueezed => FieldType::Prepared,
            Field::Type | Field::Platform => FieldType::Keyword,
            Field::ClientIp => FieldType::Address,
            Field::App => FieldType::Number,
        }
    }

    /// Whether a request may come without it.
    pub fn is_optional(self) -> bool {
        matches!(self, Field::Owner | Field::Type | Field::Platform | Field::ClientIp | Field::App)
    }

    /// Whether it is a view of the name.
    pub fn is_name(self) -> bool {
        matches!(self, Field::Name | Field::NameRaw | Field::NameLookalike | Field::NameSqueezed)
    }
}
