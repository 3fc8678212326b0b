/** Reads dates as hands type them, and writes them as the office does. */

/** A calendar day written 2026-11-18, as the desk sends and takes it. */
export type Day = string;

/** Which way a day without a year leans. */
export type Lean = "past" | "future";

/** The words a date may be typed in, given by the language. */
export interface DateWords {
    today: readonly string[];
    tomorrow: readonly string[];
    afterTomorrow: readonly string[];
    yesterday: readonly string[];
    /** Monday first; each may be written several ways, folded. */
    weekdays: readonly (readonly string[])[];
}

/** Years that may stand on a document; a typed 0026 is a slip of the hand. */
const YEAR_MIN = 1945;
const YEAR_MAX = 2199;
const DAY_MS = 86_400_000;

const two = (value: number): string => String(value).padStart(2, "0");

/** Makes a day when such a day exists; 31/02 gives nothing. */
export function dayOf(year: number, month: number, day: number): Day | null {
    if (year < YEAR_MIN || year > YEAR_MAX) return null;
    const at = new Date(Date.UTC(year, month - 1, day));
    const same = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
    return same ? `${year}-${two(month)}-${two(day)}` : null;
}

function numbers(day: Day): { year: number; month: number; date: number } {
    const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
    return { year, month, date };
}

/** The day some days later, or earlier when negative. */
export function plusDays(day: Day, count: number): Day {
    const { year, month, date } = numbers(day);
    const at = new Date(Date.UTC(year, month - 1, date) + count * DAY_MS);
    return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
}

/** Monday is 0, Sunday is 6. */
export function weekdayOf(day: Day): number {
    const { year, month, date } = numbers(day);
    return (new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7;
}

/** Days from one to the other; negative when the second is earlier. */
export function daysBetween(from: Day, to: Day): number {
    const a = numbers(from);
    const b = numbers(to);
    return Math.round(
        (Date.UTC(b.year, b.month - 1, b.date) - Date.UTC(a.year, a.month - 1, a.date)) / DAY_MS,
    );
}

/** 18/11/2026. */
export function showDay(day: Day): string {
    const [year, month, date] = day.split("-");
    return date === undefined ? day : `${date}/${month}/${year}`;
}

/** 18/11. */
export function showShortDay(day: Day): string {
    const [, month, date] = day.split("-");
    return date === undefined ? day : `${date}/${month}`;
}

function leanYear(month: number, date: number, today: Day, lean: Lean): Day | null {
    const { year } = numbers(today);
    const here = dayOf(year, month, date);
    if (here === null) return dayOf(year + (lean === "past" ? -1 : 1), month, date);
    if (lean === "past" && here > today) return dayOf(year - 1, month, date);
    if (lean === "future" && here < today) return dayOf(year + 1, month, date);
    return here;
}

function wordDay(typed: string, today: Day, words: DateWords): Day | null {
    if (words.today.includes(typed)) return today;
    if (words.tomorrow.includes(typed)) return plusDays(today, 1);
    if (words.afterTomorrow.includes(typed)) return plusDays(today, 2);
    if (words.yesterday.includes(typed)) return plusDays(today, -1);
    const weekday = words.weekdays.findIndex((names) => names.includes(typed));
    if (weekday < 0) return null;
    const ahead = (weekday - weekdayOf(today) + 7) % 7;
    return plusDays(today, ahead === 0 ? 7 : ahead);
}

/** Reads 18/11/2026, 18.11.26, 18/11, 18112026, 2026-11-18, mai, t6. */
export function readDay(typed: string, today: Day, words: DateWords, lean: Lean): Day | null {
    const text = typed.normalize("NFC").trim().toLowerCase();
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
    if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    const full = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})$/.exec(text);
    if (full !== null) {
        const year = Number(full[3]);
        return dayOf(year < 100 ? 2000 + year : year, Number(full[2]), Number(full[1]));
    }
    const packed = /^(\d{2})(\d{2})(\d{4})$/.exec(text);
    if (packed !== null) return dayOf(Number(packed[3]), Number(packed[2]), Number(packed[1]));
    const short = /^(\d{1,2})[/.-](\d{1,2})$/.exec(text);
    if (short !== null) return leanYear(Number(short[2]), Number(short[1]), today, lean);
    return wordDay(text, today, words);
}
