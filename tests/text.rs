//! The laws of prepared texts, on texts that are made to break them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "laws/folding.rs"]
mod folding;

use std::{borrow::Cow, collections::BTreeSet};

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};
use icu_properties::{
    CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint, VariationSelector},
};
use proptest::prelude::*;
use topicgate::text::{Trace, clean, fold, graphemes, keyword, set::TextSet, visible, word};

/// Characters that behave differently from their neighbours when a text is folded.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "a", "o", "K", "I", "α", "Ω", "ά", "И", "q", "9", "_", " ", "  ", "\t", "\u{a0}", "\u{3000}", "\u{2028}", "\r\n",
    // marks of several classes, in any order
    "\u{300}", "\u{301}", "\u{302}", "\u{308}", "\u{323}", "\u{327}", "\u{338}", "\u{344}", "\u{345}", "\u{5b0}",
    "\u{5bc}", "\u{c56}", "\u{f71}", "\u{f73}", "\u{3099}", "\u{309a}", "\u{1d165}", "\u{1d16e}", "\u{20e3}",
    // what changes its length
    "ß", "ẞ", "İ", "ı", "ŉ", "ǰ", "ΐ", "ᾳ", "ᾼ", "ᾴ", "ῼ", "և", "ﬃ", "ﬅ", "ſ", "ẛ", "ς", "ϴ", "\u{212b}", "\u{2126}",
    "Ꭰ", "ꭰ", "ᏸ", "¨", "῁", "℡", "㍿", "①", "²", "…", "½", "ﷺ", "ﻻ", "ﺎ", "ﹰ", "\u{1d5d4}", "Ｆ", "ｒ", "！", "é", "ậ",
    // Hangul and Kana in parts
    "\u{1100}", "\u{1161}", "\u{11a8}", "\u{11a7}", "가", "각", "ㄱ", "ㅏ", "카", "지", "ㅈ", "ㅣ", "ﾡ", "ￂ", "ﾠ", "\u{115f}", "\u{3164}", "ｶ", "ﾊ",
    "ﾞ", "ﾟ", "が", "か", "ー",
    // what cannot be seen
    "\u{200b}", "\u{200c}", "\u{200d}", "\u{ad}", "\u{34f}", "\u{61c}", "\u{180b}", "\u{202e}", "\u{2066}", "\u{2800}",
    "\u{fe0f}", "\u{feff}", "\u{fff9}", "\u{e0041}", "\u{e0100}", "\0", "\u{7f}", "\u{85}", "\u{9b}", "\u{fffd}",
    // starters that combine with what stands before
    "\u{9c7}", "\u{9be}", "\u{1025}", "\u{102e}", "\u{11131}", "\u{11127}",
    // what looks like something else, and repeats of it
    "0", "1", "l", "|", "!", "@", "$", "+", "€", "а", "і", "н", "й", "Ꭺ", "ꓐ", "🅰", "⓿", "ɢ", "ł", "ø", "賭", "賭", "薴",
    "≮", "ᚲ", "ـ", "شَ", "שָׁ", "हि", "न्", "ที่", "ᄀ", ".", "-", "aa", "oo", "🅰\u{fe0f}",
    "微", "信", "👩‍👩‍👧", "🇨🇳", "❤️", "کا", "ไป",
];

/// Syllables, and the parts that they are put together from; few, so that they meet.
const PARTS: &[&str] = &["가", "각", "ㄱ.", "ㅏ", ".\u{11a8}", "지", "ㅈ.", "ㅣ", "ー", "か.", "\u{3099}", "a"];

/// Marks in scripts where they tell words apart, with marks that are ornament between them.
const MARKS: &[&str] =
    &["न", "か", "ก", "\u{93c}", "\u{94d}", "\u{e31}", "\u{3099}", "\u{20e3}", "\u{301}", "\u{334}", "\u{323}", "a"];

fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(ODD).prop_map(str::to_owned);
    let part = prop_oneof![8 => odd, 1 => any::<char>().prop_map(String::from), 1 => "[ -~]{0,4}"];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn is_invisible(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || CodePointSetData::new::<BidiControl>().contains(character)
        || (character.is_control() && !character.is_whitespace())
        || ('\u{fff9}'..='\u{fffb}').contains(&character)
        || character == '\u{2800}'
}

/// The language page word by word, on whole strings.
fn reference(raw: &str) -> String {
    let seen = |text: &str| text.chars().filter(|c| !is_invisible(*c)).collect::<String>();
    let mut text = seen(raw);
    loop {
        let decomposed = DecomposingNormalizer::new_nfkd().normalize(&text).into_owned();
        let folded = seen(&CaseMapper::new().fold_string(&decomposed));
        let next = ComposingNormalizer::new_nfkc().normalize(&folded).into_owned();
        if next == text {
            return text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        text = next;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_does_what_the_language_says(raw in text()) {
        prop_assert_eq!(fold(&raw), reference(&raw));
    }

    #[test]
    fn folding_is_idempotent_and_borrows_what_is_folded(raw in text()) {
        let folded = fold(&raw).into_owned();
        prop_assert!(matches!(fold(&folded), Cow::Borrowed(same) if same == folded));
    }

    #[test]
    fn equivalent_texts_fold_alike(raw in text()) {
        let decomposed = DecomposingNormalizer::new_nfd().normalize(&raw);
        let composed = ComposingNormalizer::new_nfc().normalize(&raw);
        prop_assert_eq!(fold(&decomposed), fold(&raw));
        prop_assert_eq!(fold(&composed), fold(&raw));
    }

    #[test]
    fn every_view_obeys_its_laws(raw in text()) {
        folding::check(&raw);
    }

    #[test]
    fn every_view_obeys_its_laws_in_korean_and_japanese(parts in prop::collection::vec(prop::sample::select(PARTS), 0..8)) {
        folding::check(&parts.concat());
    }

    #[test]
    fn every_view_obeys_its_laws_where_marks_tell_words_apart(parts in prop::collection::vec(prop::sample::select(MARKS), 0..8)) {
        folding::check(&parts.concat());
    }

    #[test]
    fn any_range_leads_into_the_raw_text(raw in text(), start in 0..80usize, end in 0..80usize) {
        prop_assert!(raw.get(Trace::of(&raw).raw_range(start..end)).is_some());
    }

    #[test]
    fn a_wider_range_leads_to_a_wider_one(raw in text(), places in prop::array::uniform4(0..60usize)) {
        let mut places = places;
        places.sort_unstable();
        let [a, b, c, d] = places;
        let trace = Trace::of(&raw);
        let (inner, outer) = (trace.raw_range(b..c), trace.raw_range(a..d));
        prop_assert!(inner.is_empty() || (outer.start <= inner.start && inner.end <= outer.end));
    }

    #[test]
    fn a_clean_text_hides_nothing_but_joiners_and_selectors(raw in text()) {
        let cleaned = clean(&raw).into_owned();
        let selectors = CodePointSetData::new::<VariationSelector>();
        let kept = |c| matches!(c, '\u{200c}' | '\u{200d}') || selectors.contains(c);
        let hidden = |c: char| is_invisible(c) || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        prop_assert_eq!(cleaned.chars().find(|c| hidden(*c) && !kept(*c)), None);
        prop_assert!(matches!(clean(&cleaned), Cow::Borrowed(_)));
    }

    #[test]
    fn a_shown_text_hides_nothing(raw in text()) {
        prop_assert!(!visible(&raw).contains(|c| is_invisible(c) || (c != ' ' && c.is_whitespace())));
    }

    #[test]
    fn a_keyword_is_stable(raw in text()) {
        let canonical = keyword::platform(&raw).into_owned();
        prop_assert_eq!(keyword::platform(&canonical), &*canonical);
    }

    #[test]
    fn lengths_and_words_are_total(raw in text(), start in 0..80usize, end in 0..80usize) {
        prop_assert!(graphemes(&raw) <= raw.chars().count());
        word::holds_word(&raw, start..end);
        prop_assert!(word::holds_word(&raw, 0..raw.len()));
    }

    #[test]
    fn a_text_set_agrees_with_a_tree_set(texts in prop::collection::vec(text(), 0..40)) {
        let mut set = TextSet::default();
        let mut tree = BTreeSet::new();
        for text in &texts {
            prop_assert_eq!(set.insert(text), tree.insert(text.as_str()));
        }
        prop_assert_eq!(set.len(), tree.len());
        prop_assert_eq!(set.iter().collect::<BTreeSet<_>>(), tree);
    }
}

#[test]
fn every_character_alone_folds_as_the_language_says() {
    for character in '\0'..=char::MAX {
        let raw = character.to_string();
        assert_eq!(fold(&raw), reference(&raw), "{}", character.escape_unicode());
        if folding::look(&raw) != raw {
            folding::check(&raw);
        }
    }
}

#[test]
fn a_mark_in_another_order_changes_nothing() {
    assert_eq!(fold("α\u{345}\u{323}"), fold("α\u{323}\u{345}"));
    assert_eq!(fold("ᾳ\u{323}"), "α\u{323}ι");
}

#[test]
fn four_kilobytes_of_marks_are_folded() {
    let raw = "\u{323}\u{301}".repeat(1000);
    assert_eq!(fold(&raw).chars().count(), 2000);
}
