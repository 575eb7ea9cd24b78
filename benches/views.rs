//! What the views of a name cost: `cargo bench --bench views`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use topicgate::text::{fold, lookalike, squeezed};

/// Names of 40 bytes each; the first is only ASCII and folded.
const NAMES: &[(&str, &str)] = &[
    ("ASCII", "weekend hiking tips for the whole family"),
    ("ASCII with capitals and digits", "Weekend Hiking 2026: Tips For The Family"),
    ("Han", "免费领取金币加微信咨询客服x"),
    ("Cyrillic homoglyphs", "Саsіnо Воnus сlub аdmіn раsin"),
    ("full-width", "ＣＡＳＩＮＯ　ａｄｍｉｎ０x"),
    (
        "combining marks",
        "c\u{336}a\u{323}\u{301}s\u{20d2}i\u{302}n\u{308}o\u{315} a\u{30a}d\u{31b}m\u{327}i\u{328}n\u{301}\u{20dd}",
    ),
    ("Hangul", "카지노보너스추천인무료쿠폰x"),
    // Each becomes 18 characters: no name of this length becomes longer.
    (
        "ligatures",
        "\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}x",
    ),
    ("mixed", "🅰dm1n\u{200b}𝖆𝖉賭場Ｇо\u{301}ＯgⅬe"),
];

fn views(criterion: &mut Criterion) {
    for (label, name) in NAMES {
        let folded = fold(name).into_owned();
        let looks = lookalike(&folded).into_owned();
        let mut group = criterion.benchmark_group(*label);
        group.bench_function("name", |it| it.iter(|| fold(black_box(name)).len()));
        group.bench_function("name_lookalike", |it| it.iter(|| lookalike(black_box(&folded)).len()));
        group.bench_function("name_squeezed", |it| it.iter(|| squeezed(black_box(&looks)).len()));
        group.bench_function("together", |it| it.iter(|| squeezed(&lookalike(&fold(black_box(name)))).len()));
        group.finish();
    }
}

criterion_group!(benches, views);
criterion_main!(benches);
