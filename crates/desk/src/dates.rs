//! Dates as people type them: `18/11/2026`, `25/11`, `t6`, `mai`, `3`.
use jiff::civil::{Date, Weekday};
use register::Calendar;

/// Characters a typed date may have.
const TYPED_CHARS_MAX: usize = 40;

/// What was typed cannot be read as a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotADate {
    /// Not a form of a date.
    Unreadable,
    /// A form of a date, and there is no such day: 31/02.
    NoSuchDay,
}

impl NotADate {
    /// The reason in words.
    pub fn words(&self, typed: &str) -> String {
        let typed: String = typed.chars().take(TYPED_CHARS_MAX).collect();
        match self {
            NotADate::Unreadable => {
                format!("Không đọc được ngày \"{typed}\". Ghi như 25/11/2026, 25/11, t6, mai.")
            }
            NotADate::NoSuchDay => format!("Không có ngày {typed}."),
        }
    }
}

/// Whether digits alone count working days or name a day of this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// `3` is the third working day from today.
    WorkingDays,
    /// `3` is the third of this month.
    DayOfMonth,
}

/// Reads a typed date. A day and month without a year are the nearest: for a deadline ahead, else
/// behind today.
pub fn read(
    typed: &str,
    today: Date,
    digits: Digits,
    calendar: &Calendar,
) -> Result<Date, NotADate> {
    if typed.chars().count() > TYPED_CHARS_MAX {
        return Err(NotADate::Unreadable);
    }
    let folded = text::fold(typed);
    let plain = folded.trim();
    if let Some(day) = word(plain, today) {
        return Ok(day);
    }
    if let Ok(iso) = plain.parse::<Date>() {
        return Ok(iso);
    }
    let parts: Vec<&str> =
        plain.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| text.parse::<i16>().map_err(|_| NotADate::Unreadable);
    match parts.as_slice() {
        [count] if digits == Digits::WorkingDays => {
            let count = count.parse::<u32>().map_err(|_| NotADate::Unreadable)?;
            Ok(calendar.after(today, count).date)
        }
        [day] => make(number(day)?, i16::from(today.month()), today.year()),
        [day, month] => nearest(number(day)?, number(month)?, today, digits),
        [day, month, year] => {
            let year = number(year)?;
            let year = if year < 100 { year + 2000 } else { year };
            make(number(day)?, number(month)?, year)
        }
        _ => Err(NotADate::Unreadable),
    }
}

fn make(day: i16, month: i16, year: i16) -> Result<Date, NotADate> {
    let (day, month) = (i8::try_from(day), i8::try_from(month));
    match (day, month) {
        (Ok(day), Ok(month)) if (1900..=2200).contains(&year) => {
            Date::new(year, month, day).map_err(|_| NotADate::NoSuchDay)
        }
        _ => Err(NotADate::NoSuchDay),
    }
}

fn nearest(day: i16, month: i16, today: Date, digits: Digits) -> Result<Date, NotADate> {
    let this = make(day, month, today.year());
    match digits {
        Digits::WorkingDays => match this {
            Ok(date) if date >= today => Ok(date),
            Ok(_) | Err(_) => make(day, month, today.year() + 1),
        },
        Digits::DayOfMonth => match this {
            Ok(date) if date <= today => Ok(date),
            Ok(_) => make(day, month, today.year() - 1),
            Err(no) => Err(no),
        },
    }
}

fn word(plain: &str, today: Date) -> Option<Date> {
    let ahead = |days: i64| today.checked_add(jiff::Span::new().days(days)).ok();
    match plain {
        "hom nay" | "nay" => return Some(today),
        "mai" | "ngay mai" => return ahead(1),
        "kia" | "ngay kia" | "mot" => return ahead(2),
        "hom qua" | "qua" => return ahead(-1),
        _ => {}
    }
    let weekday = match plain {
        "t2" | "thu 2" | "thu hai" => Weekday::Monday,
        "t3" | "thu 3" | "thu ba" => Weekday::Tuesday,
        "t4" | "thu 4" | "thu tu" => Weekday::Wednesday,
        "t5" | "thu 5" | "thu nam" => Weekday::Thursday,
        "t6" | "thu 6" | "thu sau" => Weekday::Friday,
        "t7" | "thu 7" | "thu bay" => Weekday::Saturday,
        "cn" | "chu nhat" => Weekday::Sunday,
        _ => return None,
    };
    (1..=7).filter_map(ahead).find(|day| day.weekday() == weekday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use register::Calendar;

    use super::{Digits, NotADate, read};

    #[test]
    fn a_deadline_is_read_as_it_is_typed() {
        let today = date(2026, 11, 18);
        let calendar = Calendar::default();
        let read = |typed: &str| read(typed, today, Digits::WorkingDays, &calendar);
        assert_eq!(read("3"), Ok(date(2026, 11, 23)));
        assert_eq!(read("t6"), Ok(date(2026, 11, 20)));
        assert_eq!(read("Mai"), Ok(date(2026, 11, 19)));
        assert_eq!(read("25/11"), Ok(date(2026, 11, 25)));
        assert_eq!(read("05/01"), Ok(date(2027, 1, 5)));
        assert_eq!(read("31/02/2026"), Err(NotADate::NoSuchDay));
        assert_eq!(read("xyz"), Err(NotADate::Unreadable));
        assert_eq!(read(&"9".repeat(10_000)), Err(NotADate::Unreadable));
    }

    #[test]
    fn the_date_on_a_page_lies_behind_today() {
        let today = date(2026, 1, 5);
        let calendar = Calendar::default();
        let read = |typed: &str| read(typed, today, Digits::DayOfMonth, &calendar);
        assert_eq!(read("30/12"), Ok(date(2025, 12, 30)));
        assert_eq!(read("3"), Ok(date(2026, 1, 3)));
        assert_eq!(read("30.12.25"), Ok(date(2025, 12, 30)));
    }
}
