/** What a recipient's row says: when each step came back, how it stands, what to do. */
import type { Phrase } from "../../app/parts/phrases";
import { replacedWords } from "../../app/parts/replacing";
import type { ParcelRow } from "../../host/generated/contract";
import { type Day, showDay, showShortDay } from "../../kit/dates";
import { words } from "../../text";
import { dayOfInstant, hourOf, when } from "../../text/dates";

const say = words.exchange;

/** The hour of a receipt; its day when it is not today's, its year when it is not this one. */
export interface CellTime {
    hour: string;
    day: string;
    full: string;
    datetime: string;
}

export function cellTime(what: string, at: number, today: Day): CellTime {
    const day = dayOfInstant(at);
    const hour = hourOf(at);
    const sameYear = day.slice(0, 4) === today.slice(0, 4);
    const shown = sameYear ? showShortDay(day) : showDay(day);
    return {
        hour,
        day: day === today ? "" : shown,
        full: say.matrix.at(what, showDay(day), hour),
        datetime: new Date(at).toISOString(),
    };
}

/** One step of a row: a receipt with its hour, a wait, a refusal, or nothing yet. */
export type Cell =
    | { kind: "time"; time: CellTime }
    | { kind: "waits"; text: string }
    | { kind: "bad"; text: string; time: CellTime | null }
    | { kind: "none" };

/** It has not left this PC: nothing that came back says otherwise. */
export function isHere(row: ParcelRow): boolean {
    return row.reach === "here" && row.standing === "sent";
}

/** The five steps of a row, in the order of their columns. */
export function cellsOf(row: ParcelRow, today: Day): Cell[] {
    const { column, refusedCell, lostCell, waits } = say.matrix;
    const step = (what: string, at: number | null): Cell =>
        at === null ? { kind: "none" } : { kind: "time", time: cellTime(what, at, today) };
    const bad = (what: string, text: string, at: number | null): Cell => ({
        kind: "bad",
        text,
        time: at === null ? null : cellTime(what, at, today),
    });
    return [
        isHere(row) ? { kind: "waits", text: waits } : step(column.sent, row.sent_at),
        row.lost === null ? step(column.arrived, row.arrived_at) : bad("", lostCell, null),
        row.refused === ""
            ? step(column.accepted, row.answered_at)
            : bad(refusedCell, refusedCell, row.answered_at),
        step(column.assigned, row.assigned_at),
        step(column.done, row.done_at),
    ];
}

/** What stands in the last column. */
export interface RowWords {
    phrase: Phrase;
    /** Quieter lines below it. */
    notes: string[];
    /** It asks for something: said in bold. */
    strong: boolean;
}

function ofRecall(row: ParcelRow, today: Day): RowWords | null {
    const { recall } = row;
    if (recall === null) return null;
    const instead = recall.replaced_by;
    const reason = [
        say.row.recallReason(recall.reason),
        ...(instead === null ? [] : [replacedWords(instead)]),
    ];
    if (recall.answered_at === null) {
        const phrase: Phrase = { icon: "returned", text: say.row.recallAsked, tone: "soon" };
        return { phrase, notes: reason, strong: false };
    }
    if (!recall.agreed) return null;
    const text = recall.by_itself
        ? say.row.recalledByItself
        : say.row.recalledBy(recall.answered_by, when(recall.answered_at, today));
    return { phrase: { icon: "returned", text, tone: "plain" }, notes: reason, strong: false };
}

function ofWay(row: ParcelRow): RowWords {
    const plain = (text: string): RowWords => ({
        phrase: { icon: "clock", text, tone: "plain" },
        notes: [],
        strong: false,
    });
    if (isHere(row)) return plain(say.row.here);
    if (row.standing === "sent") {
        return row.files_left > 0
            ? { ...plain(say.row.files(row.files_left)), notes: [say.row.filesKeep] }
            : { ...plain(say.row.server), notes: [say.row.serverKeep] };
    }
    return plain(row.fetched_at === null ? say.row.arrived : say.row.fetched);
}

function ofStanding(row: ParcelRow, today: Day): RowWords {
    const number = row.number === "" ? [] : [say.row.number(row.number)];
    const half = (text: string, notes: string[]): RowWords => ({
        phrase: { icon: "half", text, tone: "plain" },
        notes,
        strong: false,
    });
    if (row.lost !== null) {
        const notes = [say.row.lostWhy[row.lost] ?? say.row.lostOther];
        return {
            phrase: { icon: "warning", text: say.row.lost, tone: "late" },
            notes,
            strong: true,
        };
    }
    switch (row.standing) {
        case "refused": {
            const time = row.answered_at === null ? null : cellTime("", row.answered_at, today);
            const at = time === null ? "" : `${time.hour} ${time.day}`.trim();
            const text = say.row.refused(at, row.misaddressed);
            const notes = [say.row.reason(row.refused, row.answered_by)];
            return {
                phrase: { icon: "refused", text, tone: "late" },
                notes,
                strong: true,
            };
        }
        case "accepted":
            return half(say.row.accepted(row.number), []);
        case "assigned":
            return half(say.row.assigned, number);
        case "in_progress":
            return half(say.row.inProgress, number);
        case "done":
            return {
                phrase: { icon: "done", text: say.row.done, tone: "ok" },
                notes: number,
                strong: false,
            };
        case "recall_asked":
        case "recalled":
        case "undeliverable":
        case "arrived":
        case "sent":
            return ofWay(row);
    }
}

/** How a recipient stands and what is to be done about it. */
export function rowWords(row: ParcelRow, today: Day): RowWords {
    const said = ofRecall(row, today) ?? ofStanding(row, today);
    const { recall } = row;
    const notes = [...said.notes];
    if (recall !== null && recall.answered_at !== null && !recall.agreed) {
        notes.push(say.row.recallRefused(recall.answered_by, recall.answer));
    }
    if (row.chased > 0 && row.chased_at !== null) {
        notes.push(say.row.chased(row.chased, when(row.chased_at, today)));
    }
    if (row.reach === "here" && !isHere(row)) notes.push(say.row.hereAlso);
    return { ...said, notes };
}

/** What stands under the name: the code, what it is for, until when. */
export function addressWords(row: ParcelRow, today: Day): string {
    const sameYear = row.due?.slice(0, 4) === today.slice(0, 4);
    const due = row.due === null ? "" : sameYear ? showShortDay(row.due) : showDay(row.due);
    return [row.code, row.purpose, due === "" ? "" : say.matrix.due(due)]
        .filter((part) => part !== "")
        .join(" · ");
}
