/** Tasks in the order in which they press, under the headings that say so. */
import { SOON_DAYS } from "../../app/parts/phrases";
import type { TaskRow } from "../../host/generated/contract";
import { words } from "../../text";

export type Press = "over" | "soon" | "later" | "none" | "closed";
/** How tasks are laid out. */
export type Shape = "list" | "board" | "calendar";
const ORDER: readonly Press[] = ["over", "soon", "later", "none", "closed"];

/** How a task presses. */
export function pressOf({ standing, deadline }: TaskRow): Press {
    if (standing === "done" || standing === "withdrawn") return "closed";
    if (deadline === null) return "none";
    if (deadline.left < 0) return "over";
    return deadline.left <= SOON_DAYS ? "soon" : "later";
}

/** The most pressing first; the desk's own order within each heading. */
export function inOrder(rows: readonly TaskRow[]): TaskRow[] {
    const rank = (row: TaskRow): number => ORDER.indexOf(pressOf(row));
    return rows.toSorted((a, b) => rank(a) - rank(b));
}

/** The heading a task stands under. */
export function headingOf(row: TaskRow): string {
    return words.screens.tasks.group[pressOf(row)];
}

/** Where it comes from, in words. */
export function originOf(row: TaskRow): string {
    return row.document === null ? words.screens.tasks.noDocument : row.document[1];
}
