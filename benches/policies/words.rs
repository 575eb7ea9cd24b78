//! The words that policies and names are made of, and the seeded dice that choose them.

/// The same numbers for the same seed: splitmix64.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    /// One of these; the default of none.
    pub fn one<T: Copy + Default>(&mut self, of: &[T]) -> T {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }

    /// A word of three or four syllables that no ordinary word contains.
    pub fn word(&mut self) -> String {
        loop {
            let syllables = 3 + self.below(3) / 2;
            let mut word: String = (0..syllables).flat_map(|_| [self.one(ONSETS), self.one(VOWELS)]).collect();
            word.push_str(self.one(CODAS));
            if word.len() >= 6 && !ORDINARY.split(' ').any(|ordinary| ordinary.contains(&word)) {
                return word;
            }
        }
    }

    /// So many Chinese characters of those that adverts use.
    pub fn han(&mut self, characters: usize) -> String {
        let all: Vec<char> = HAN.chars().collect();
        (0..characters).map(|_| self.one(&all)).collect()
    }

    /// An account of 20 characters.
    pub fn account(&mut self) -> String {
        let number = self.next();
        format!("u{number:016x}{:03}", self.below(1000))
    }

    /// A name of about 40 bytes that nobody would refuse.
    pub fn name(&mut self) -> String {
        match self.below(20) {
            0..=6 => self.sentence(),
            7..=13 => capitalised(&self.sentence()),
            14..=17 => self.filled(ORDINARY_HAN, ""),
            18 => format!("{}{}", self.word_of(ORDINARY_HAN), self.sentence()),
            _ => format!("{} {}", self.one(ODD), self.sentence()),
        }
    }

    /// A word of ordinary names.
    pub fn ordinary(&mut self) -> &'static str {
        self.word_of(ORDINARY)
    }

    fn sentence(&mut self) -> String {
        self.filled(ORDINARY, " ")
    }

    fn word_of(&mut self, words: &'static str) -> &'static str {
        self.one(&words.split(' ').collect::<Vec<&str>>())
    }

    fn filled(&mut self, words: &'static str, between: &str) -> String {
        let mut name = self.word_of(words).to_owned();
        while name.len() < 36 {
            name.push_str(between);
            name.push_str(self.word_of(words));
        }
        name
    }
}

fn capitalised(sentence: &str) -> String {
    let word = |word: &str| {
        let mut characters = word.chars();
        characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
    };
    sentence.split(' ').map(word).collect::<Vec<String>>().join(" ")
}

const ONSETS: &[&str] = &[
    "b", "br", "c", "d", "dr", "f", "g", "gl", "h", "j", "k", "kl", "l", "m", "n", "p", "pr", "r", "s", "sk", "st",
    "t", "tr", "v", "w", "x", "z",
];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "a", "e", "i", "o", "ai", "ei", "oo"];
const CODAS: &[&str] = &["", "", "", "n", "r", "s", "l", "x", "m"];

/// What ordinary names are made of.
const ORDINARY: &str = "\
    weekend hiking tips for the whole family garden plants and flowers photo walk in old town reading \
    club spring books music from our school band cooking with friends easy recipes board games night \
    travel notes by train running group morning coffee talk about films new members questions answers \
    city cycling routes maps language exchange table tennis beginners advanced design review weekly \
    news lost found pets astronomy winter camp 2026 summer holiday plans local history market handmade \
    gifts pottery course chess puzzle corner home repair tools bird watching river lake swim team help \
    studio open day quiz drawing science project yoga dance choir theatre";

/// What ordinary Chinese names are made of; most of the characters occur in adverts, too.
const ORDINARY_HAN: &str = "\
    周末 徒步 摄影 读书会 家庭 花园 音乐 学校 做饭 朋友 旅行 早晨 咖啡 \
    电影 新人 问答 城市 骑行 语言 交流 乒乓球 设计 宠物 天文 冬令营 \
    假期 计划 本地 历史 手工 礼物 象棋 修理 观鸟 游泳 开放日 科学 项目 \
    瑜伽 舞蹈 合唱团 金色 平台 信息 公司 中国 银行 手机 电话 网站 免费 \
    时间 代表 大学 生活 工作 现场";

/// What makes a name more than ASCII and Chinese.
const ODD: &[&str] = &["🎉", "Café", "ＧＡＭＥ", "Привет", "naïve", "東京", "한국", "☕️", "Ünlü", "𝓐𝓻𝓽"];

/// Characters of adverts, each once.
const HAN: &str = "\
    加微信扣群联系方式免费领取红包金币充值返利代理招商兼职刷单日结佣赚钱投资财股票期货外汇贷款借用卡套现办证发开具真伪公\
    章学历文凭考试答案枪替身份护照签注册账号出售收购买卖黄色情视频约会美女聊天裸同城交友上门服务按摩所赌博彩球大小庄家闲\
    百乐老虎机棋牌娱场平台网站登录官客电话下载安装破解挂辅助脚本游戏备低价优惠券秒杀拍抢药品减肥增高丰胸壮阳迷催毒冰弹军\
    火警棍仿刀窃听监控定位查询个人息记银行流水征逾黑户私侦探讨债保险退薪诚聘打字员淘宝抖音快手粉丝点赞评论关直播间礼物提\
    升排名推广引量营销软件源码搭建租域空器翻墙挖矿虚拟区块链跨境移民留中介过特殊渠道内部额速度稳誉第三付到地址时效全国各\
    通续简当";

/// The literal-free patterns: nothing must occur in what they match but classes of characters. Each with a name.
pub const WITHOUT_LITERAL: &[(&str, &str)] = &[
    ("[a-z]{4,12}[0-9]{6,}", "meet me at coinking778899"),
    ("[0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}", "ring 138 0013 8000 now"),
    ("[bcdfghjkmnpqrstvwxz]{9,}", "qwrtpsdfghjk"),
    ("[0-9a-f]{16,}", "key 00ffee1122334455aa"),
    ("([a-z][._-]){6,}[a-z]", "f-r-e-e-c-o-i-n-s"),
    ("[!?*#~=+]{6,}", "sale!!!!!!!!"),
    ("^[0-9 ]{5,}$", "88 66 99 11"),
    ("[一-鿿]{2}[0-9]{6,}", "咨询8866123"),
    ("[ぁ-ん]{14,}", "ぁぁぁぁぁぁぁぁぁぁぁぁぁぁぁ"),
    ("[a-z0-9]{3,}[.](com|net|top|xyz)[/?]", "visit a12b.top/go"),
];
