//! Dates, times, numbers and order, by the data of CLDR.

use std::cmp::Ordering;

use causerie_model::Timestamp;
use fluent_bundle::FluentValue;
use fluent_bundle::types::FluentNumberStyle;
use icu::calendar::Gregorian;
use icu::collator::options::{CollatorOptions, Strength};
use icu::collator::{Collator, CollatorBorrowed};
use icu::datetime::fieldsets::{E, MD, MDE, T, YMD, YMDE};
use icu::datetime::input::{Date, Time};
use icu::datetime::{FixedCalendarDateTimeFormatter, NoCalendarFormatter};
use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal;
use icu::locale::{Locale, locale};
use jiff::Zoned;
use jiff::civil;
use jiff::tz::TimeZone;

use super::{I18n, Language};

type DayFormatter<Fields> = Option<FixedCalendarDateTimeFormatter<Gregorian, Fields>>;

/// What is made once a language. Each part is `None` only where the data of the language were not built in, which a
/// test excludes; numbers then are as the computer has them.
pub(super) struct Format {
    time: Option<NoCalendarFormatter<T>>,
    weekday: DayFormatter<E>,
    day: DayFormatter<MDE>,
    day_of_year: DayFormatter<YMDE>,
    short_day: DayFormatter<MD>,
    short_day_of_year: DayFormatter<YMD>,
    number: Option<DecimalFormatter>,
    order: Option<CollatorBorrowed<'static>>,
}

impl Format {
    /// For a language, as people write it in the system's region.
    pub(super) fn new(language: Language, region: Option<&str>) -> Self {
        let neutral = match language {
            // 14:32 and 24 November, as the rest of the world writes English.
            Language::English | Language::Pseudo => locale!("en-GB"),
            Language::French => locale!("fr-FR"),
        };
        let locale = match language {
            Language::Pseudo => neutral,
            Language::English | Language::French => region
                .and_then(|tag| tag.split('.').next()?.replace('_', "-").parse::<Locale>().ok())
                .filter(|locale| locale.id.region.is_some())
                .unwrap_or(neutral),
        };
        let mut order = CollatorOptions::default();
        order.strength = Some(Strength::Tertiary);
        let days = || (&locale).into();
        Self {
            time: NoCalendarFormatter::try_new((&locale).into(), T::hm()).ok(),
            weekday: FixedCalendarDateTimeFormatter::try_new(days(), E::medium()).ok(),
            day: FixedCalendarDateTimeFormatter::try_new(days(), MDE::long()).ok(),
            day_of_year: FixedCalendarDateTimeFormatter::try_new(days(), YMDE::long()).ok(),
            short_day: FixedCalendarDateTimeFormatter::try_new(days(), MD::medium()).ok(),
            short_day_of_year: FixedCalendarDateTimeFormatter::try_new(days(), YMD::short()).ok(),
            number: DecimalFormatter::try_new((&locale).into(), Default::default()).ok(),
            order: Collator::try_new((&locale).into(), order).ok(),
        }
    }

    pub(super) fn compare(&self, a: &str, b: &str) -> Ordering {
        match &self.order {
            Some(order) => order.compare(a, b),
            None => a.cmp(b),
        }
    }
}

impl I18n {
    /// The time of day: “14:32”.
    pub(crate) fn time(&self, at: Timestamp, zone: &TimeZone) -> String {
        let time = zoned(at, zone).time();
        let icu = Time::try_new(time.hour().unsigned_abs(), time.minute().unsigned_abs(), 0, 0).ok();
        match (&self.format.time, icu) {
            (Some(formatter), Some(icu)) => formatter.format(&icu).to_string(),
            _ => time.to_string(),
        }
    }

    /// The day: “Today”, “Yesterday”, “Tuesday 24 November”, and with its year where that is another one.
    pub(crate) fn day(&self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        capitalized(&self.day_within(at, now, zone))
    }

    /// The same within a sentence: “today”, “yesterday”, “Tuesday 24 November”, « mardi 24 novembre ».
    fn day_within(&self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let (day, today) = (zoned(at, zone).date(), zoned(now, zone).date());
        if day == today {
            return self.get("day-today");
        }
        if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
            return self.get("day-yesterday");
        }
        let words = icu_day(day).and_then(|icu| {
            if day.year() == today.year() {
                self.format.day.as_ref().map(|formatter| formatter.format(&icu).to_string())
            } else {
                self.format.day_of_year.as_ref().map(|formatter| formatter.format(&icu).to_string())
            }
        });
        let words = words.unwrap_or_else(|| day.to_string());
        // The first of a month is an ordinal in French, which the data of CLDR do not know.
        match self.language() {
            Language::French if day.day() == 1 => words.replacen(" 1 ", " 1er ", 1),
            _ => words,
        }
    }

    /// The day with its year, and the time: “Tuesday 24 November 2026, 14:32”.
    pub(crate) fn date(&self, at: Timestamp, zone: &TimeZone) -> String {
        let day = zoned(at, zone).date();
        let words = icu_day(day).and_then(|icu| {
            self.format.day_of_year.as_ref().map(|formatter| formatter.format(&icu).to_string())
        });
        format!("{}, {}", words.unwrap_or_else(|| day.to_string()), self.time(at, zone))
    }

    /// When, in the little room of a list: the time today, the day of the week within the last six days, else the date.
    pub(crate) fn short(&self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let (day, today) = (zoned(at, zone).date(), zoned(now, zone).date());
        if day == today {
            return self.time(at, zone);
        }
        let recent =
            today.checked_sub(jiff::Span::new().days(6)).is_ok_and(|first| (first..today).contains(&day));
        let words = icu_day(day).and_then(|icu| {
            if recent {
                self.format.weekday.as_ref().map(|formatter| formatter.format(&icu).to_string())
            } else if day.year() == today.year() {
                self.format.short_day.as_ref().map(|formatter| formatter.format(&icu).to_string())
            } else {
                self.format.short_day_of_year.as_ref().map(|formatter| formatter.format(&icu).to_string())
            }
        });
        words.unwrap_or_else(|| day.to_string())
    }

    /// The day and the time, in full: what a hovered time shows.
    pub(crate) fn moment(&self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let (day, time) = (self.day(at, now, zone), self.time(at, zone));
        self.with("moment", &[("day", day.into()), ("time", time.into())])
    }

    /// The same within a sentence: “today at 14:32”.
    pub(crate) fn moment_within(&self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let (day, time) = (self.day_within(at, now, zone), self.time(at, zone));
        self.with("moment-within", &[("day", day.into()), ("time", time.into())])
    }

    /// A whole number: “12,345”, « 12 345 ».
    pub(crate) fn number(&self, number: u64) -> String {
        match &self.format.number {
            Some(formatter) => formatter.format(&Decimal::from(number)).to_string(),
            None => number.to_string(),
        }
    }
}

/// A number within a message, with the separators of the language.
pub(super) fn plain_number(value: &FluentValue<'_>, language: Language) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    if number.options.style != FluentNumberStyle::Decimal || number.value.fract() != 0.0 {
        return None;
    }
    let locale = match language {
        Language::French => locale!("fr"),
        Language::English | Language::Pseudo => locale!("en"),
    };
    let formatter = DecimalFormatter::try_new(locale.into(), Default::default()).ok()?;
    Some(formatter.format(&Decimal::from(number.value as i64)).to_string())
}

fn zoned(at: Timestamp, zone: &TimeZone) -> Zoned {
    let clamped = at.as_millis().clamp(
        jiff::Timestamp::MIN.as_millisecond() + 86_400_000,
        jiff::Timestamp::MAX.as_millisecond() - 86_400_000,
    );
    jiff::Timestamp::from_millisecond(clamped).unwrap_or_default().to_zoned(zone.clone())
}

fn icu_day(day: civil::Date) -> Option<Date<Gregorian>> {
    Date::try_new_gregorian(i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs()).ok()
}

/// « mardi 24 novembre » opens a line, so « Mardi 24 novembre ».
fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn english() -> I18n {
        I18n::choose(Some("en"), &[])
    }

    fn french() -> I18n {
        I18n::choose(Some("fr"), &[])
    }

    const NOW: &str = "2026-11-24T20:00:00Z";

    #[test]
    fn days_are_named_as_people_name_them() {
        let (utc, now) = (TimeZone::UTC, at(NOW));
        let day = |i18n: &I18n, when| i18n.day(at(when), now, &utc);
        assert_eq!(day(&english(), "2026-11-24T00:00:00Z"), "Today");
        assert_eq!(day(&english(), "2026-11-23T23:59:59Z"), "Yesterday");
        assert_eq!(day(&english(), "2026-11-17T10:00:00Z"), "Tuesday 17 November");
        assert_eq!(day(&english(), "2025-11-17T10:00:00Z"), "Monday, 17 November 2025");
        assert_eq!(day(&french(), "2026-11-24T10:00:00Z"), "Aujourd’hui");
        assert_eq!(day(&french(), "2026-11-17T10:00:00Z"), "Mardi 17 novembre");
        assert_eq!(day(&french(), "2025-12-01T10:00:00Z"), "Lundi 1er décembre 2025");
    }

    #[test]
    fn moments_within_a_sentence_begin_as_the_language_has_it() {
        let within = |i18n: &I18n, when| i18n.moment_within(at(when), at(NOW), &TimeZone::UTC);
        assert_eq!(within(&english(), "2026-11-24T14:32:00Z"), "today at 14:32");
        assert_eq!(within(&english(), "2026-11-17T10:00:00Z"), "Tuesday 17 November at 10:00");
        assert_eq!(within(&french(), "2026-11-23T14:32:00Z"), "hier à 14:32");
        assert_eq!(within(&french(), "2026-11-01T10:00:00Z"), "dimanche 1er novembre à 10:00");
    }

    #[test]
    fn a_list_shows_the_time_today_the_weekday_this_week_the_date_before() {
        let (utc, now) = (TimeZone::UTC, at(NOW));
        let short = |i18n: &I18n, when| i18n.short(at(when), now, &utc);
        assert_eq!(short(&english(), "2026-11-24T14:32:00Z"), "14:32");
        assert_eq!(short(&english(), "2026-11-23T14:32:00Z"), "Mon");
        assert_eq!(short(&french(), "2026-11-23T14:32:00Z"), "lun.");
        assert_eq!(short(&english(), "2026-11-17T14:32:00Z"), "17 Nov");
        assert_eq!(short(&french(), "2026-11-17T14:32:00Z"), "17 nov.");
        assert_eq!(short(&french(), "2024-02-29T14:32:00Z"), "29/02/2024");
        assert_eq!(
            short(&english(), "2026-12-24T14:32:00Z"),
            "24 Dec",
            "a clock that is wrong is not a weekday"
        );
    }

    #[test]
    fn the_zone_decides_what_day_it_is() {
        let paris = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(english().time(at("2026-11-24T23:30:00Z"), &paris), "00:30");
        assert_eq!(english().day(at("2026-11-23T23:30:00Z"), at(NOW), &paris), "Today");
    }

    #[test]
    fn the_region_of_the_system_counts() {
        let american = I18n::choose(None, &["en-US".to_owned()]);
        assert_eq!(american.time(at("2026-11-24T14:32:00Z"), &TimeZone::UTC), "2:32\u{202F}PM");
        assert_eq!(american.day(at("2026-11-17T10:00:00Z"), at(NOW), &TimeZone::UTC), "Tuesday, November 17");
    }

    #[test]
    fn no_instant_is_too_far() {
        for millis in [i64::MIN, i64::MAX, 0, -62_135_596_800_001] {
            let far = Timestamp::from_millis(millis);
            for i18n in [english(), french()] {
                assert!(!i18n.moment(far, at(NOW), &TimeZone::UTC).is_empty());
                assert!(!i18n.short(far, at(NOW), &TimeZone::UTC).is_empty());
            }
        }
    }

    #[test]
    fn numbers_have_the_separators_of_the_language() {
        assert_eq!(english().number(1_234_567), "1,234,567");
        assert_eq!(french().number(1_234_567), "1\u{202F}234\u{202F}567");
    }

    #[test]
    fn names_sort_as_in_a_dictionary() {
        let mut names = ["Zoé", "élodie", "Eric", "alice", "Éric", "Bob"];
        names.sort_by(|a, b| french().compare(a, b));
        assert_eq!(names, ["alice", "Bob", "élodie", "Eric", "Éric", "Zoé"]);
    }
}
