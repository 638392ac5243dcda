//! Dates and times as text (XEP-0082 1.1.1).

use causerie_model::Timestamp;

const MILLIS_A_DAY: i64 = 86_400_000;

/// Reads a date and time with its zone, as `2026-11-23T12:00:00.5Z` or `2026-11-23T13:00:00+01:00`.
///
/// `None` for everything else: no zone, no such day, a year that has not four digits, words. A leap second is taken as the
/// second after it.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let (date, time) = text.split_once('T')?;
    let mut date_parts = date.split('-');
    let year = digits(date_parts.next()?, 4)?;
    let month = digits(date_parts.next()?, 2)?;
    let day = digits(date_parts.next()?, 2)?;
    if date_parts.next().is_some() || year < 1 || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let (clock, offset_minutes) = split_zone(time)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut clock_parts = clock.split(':');
    let hour = digits(clock_parts.next()?, 2)?;
    let minute = digits(clock_parts.next()?, 2)?;
    let second = digits(clock_parts.next()?, 2)?;
    if clock_parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let millis = thousandths(fraction)?;
    let of_day = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    let at = days_from_civil(year, month, day) * MILLIS_A_DAY + of_day - offset_minutes * 60_000;
    Some(Timestamp::from_millis(at))
}

/// Writes an instant in UTC, with milliseconds where there are some: `2026-11-23T12:00:00Z`.
pub fn format(at: Timestamp) -> String {
    let millis = at.as_millis();
    let (year, month, day) = civil_from_days(millis.div_euclid(MILLIS_A_DAY));
    let of_day = millis.rem_euclid(MILLIS_A_DAY);
    let (seconds, fraction) = (of_day / 1000, of_day % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:03}") };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Writes an offset from UTC in minutes as `+01:00`.
pub fn format_offset(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The time without its zone, and the zone in minutes.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let (at, sign) = match (time.rfind('+'), time.rfind('-')) {
        (Some(at), _) => (at, 1),
        (None, Some(at)) => (at, -1),
        (None, None) => return None,
    };
    let (clock, zone) = time.split_at_checked(at)?;
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours <= 23 && minutes <= 59).then_some((clock, sign * (hours * 60 + minutes)))
}

/// Exactly so many decimal digits.
fn digits(text: &str, count: usize) -> Option<i64> {
    let valid = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| text.parse().ok())?
}

/// The first three decimal places.
fn thousandths(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    fraction.bytes().chain(*b"000").take(3).try_fold(0, |sum, digit| Some(sum * 10 + i64::from(digit - b'0')))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar, counting years from March so that the leap day is the last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-07-21T02:56:15Z", -14_159_025_000),
            ("2000-02-29T23:59:59.001Z", 951_868_799_001),
            ("2026-11-23T12:00:00Z", 1_795_435_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ] {
            assert_eq!(parse(text), Some(Timestamp::from_millis(millis)), "{text}");
            assert_eq!(format(Timestamp::from_millis(millis)), text);
        }
    }

    #[test]
    fn zones_and_fractions() {
        let noon = parse("2026-11-23T12:00:00Z");
        for same in [
            "2026-11-23T13:00:00+01:00",
            "2026-11-23T06:30:00.000000001-05:30",
            "2026-11-23T11:59:60Z",
            " 2026-11-23T12:00:00.0Z\n",
        ] {
            assert_eq!(parse(same), noon, "{same}");
        }
        assert_eq!(format_offset(90), "+01:30");
        assert_eq!(format_offset(-480), "-08:00");
    }

    #[test]
    fn nonsense_is_nothing() {
        for text in [
            "",
            "T",
            "Z",
            "NaN",
            "2026-11-23",
            "2026-11-23T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-00-01T12:00:00Z",
            "292277026596-12-04T15:30:08Z",
            "0000-01-01T00:00:00Z",
            "-001-01-01T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T12:60:00Z",
            "2026-11-23T12:00:61Z",
            "2026-11-23T12:00Z",
            "2026-11-23T12:00:00.Z",
            "2026-11-23T12:00:00.xZ",
            "2026-11-23T12:00:00+1:00",
            "2026-11-23T12:00:00+24:00",
            "2026-11-23T12:00:00+é0:00",
            "20261123T12:00:00",
            "2026-11-23T12:00:00+0100",
            "2026-11-2éT12:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
