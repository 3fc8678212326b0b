/** A month as weeks of seven days, and which of its days are no working days. */
import type { DayForm, TaskRow } from "../../host/generated/contract";
import { type Day, plusDays, weekdayOf } from "../../kit/dates";

const WEEK = 7;
/** Weekdays count from Monday. */
const FRIDAY = 4;

/** The first day of the month of a day. */
export function monthOf(day: Day): Day {
    return `${day.slice(0, 7)}-01`;
}

/** The first day of a month so many months away. */
export function monthBeside(day: Day, by: 1 | -1): Day {
    const first = monthOf(day);
    return monthOf(plusDays(first, by === 1 ? 31 : -1));
}

/** The weeks that show a month, from Monday; days of its neighbours fill the first and the last. */
export function weeksOf(month: Day): Day[][] {
    const first = monthOf(month);
    const next = monthBeside(month, 1);
    const weeks: Day[][] = [];
    let monday = plusDays(first, -weekdayOf(first));
    while (monday < next) {
        weeks.push(Array.from({ length: WEEK }, (_, at) => plusDays(monday, at)));
        monday = plusDays(monday, WEEK);
    }
    return weeks;
}

/** Why nobody works on a day: the name of the holiday, "" for a weekend; null on a working day. */
export function whyOff(day: Day, decided: ReadonlyMap<Day, DayForm>): string | null {
    const known = decided.get(day);
    if (known?.kind === "makeup_working") return null;
    if (known !== undefined) return known.name;
    return weekdayOf(day) > FRIDAY ? "" : null;
}

/** Tasks by the day of their deadline; those without one stand under "". */
export function tasksByDay(rows: readonly TaskRow[]): Map<Day, TaskRow[]> {
    const byDay = new Map<Day, TaskRow[]>();
    for (const row of rows) {
        const day = row.deadline?.date ?? "";
        byDay.set(day, [...(byDay.get(day) ?? []), row]);
    }
    return byDay;
}
