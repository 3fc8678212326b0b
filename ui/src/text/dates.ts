/** Days and hours as the office says them. */
import { type Day, daysBetween, showDay, showShortDay, weekdayOf } from "../kit/dates";
import { words } from "./index";

/** Every clock of the office stands at this zone. */
const ZONE = "Asia/Ho_Chi_Minh";
/** Within so many days a weekday says more than a year. */
const NEAR_DAYS = 14;

const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
});

function partsOf(instant: number): Record<string, string> {
    return Object.fromEntries(parts.formatToParts(instant).map(({ type, value }) => [type, value]));
}

/** The office's day of an instant. */
export function dayOfInstant(instant: number): Day {
    const { year, month, day } = partsOf(instant);
    return `${year}-${month}-${day}`;
}

/** 14:02. */
export function hourOf(instant: number): string {
    const { hour, minute } = partsOf(instant);
    return `${hour === "24" ? "00" : hour}:${minute}`;
}

/** "hôm nay 14:02", "hôm qua 08:15", "17/11/2026 14:02". */
export function when(instant: number, today: Day): string {
    const day = dayOfInstant(instant);
    const hour = hourOf(instant);
    if (day === today) return `${hour} ${words.app.today}`;
    if (today !== "" && daysBetween(day, today) === 1) return `${hour} ${words.app.yesterday}`;
    return `${hour} ${showDay(day)}`;
}

/** "thứ Sáu 20/11" within a fortnight, else "20/11/2026". */
export function nearDay(day: Day, today: Day): string {
    if (day === "") return "";
    const far = today === "" || Math.abs(daysBetween(today, day)) > NEAR_DAYS;
    return far ? showDay(day) : `${words.app.days[weekdayOf(day)] ?? ""} ${showShortDay(day)}`;
}

/** The heading of a day in a list: "Hôm nay, thứ Tư 18/11". */
export function dayHeading(day: Day, today: Day): string {
    const weekday = words.app.days[weekdayOf(day)] ?? "";
    const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
    if (day === today) return `${capital(words.app.today)}, ${weekday} ${showShortDay(day)}`;
    const behind = today === "" ? -1 : daysBetween(day, today);
    if (behind === 1) return `${capital(words.app.yesterday)}, ${weekday} ${showShortDay(day)}`;
    if (behind > 1 && behind <= NEAR_DAYS) return `${capital(weekday)} ${showShortDay(day)}`;
    return showDay(day);
}
