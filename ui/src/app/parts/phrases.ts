/** How states and deadlines are said: a sign, a word, a tone. */
import type { Deadline, DocumentRow, Reach, TaskRow } from "../../host/generated/contract";
import { showShortDay } from "../../kit/dates";
import type { IconName } from "../../kit/icons";
import type { Tone } from "../../kit/StatePhrase.svelte";
import { words } from "../../text";
import { nearDay } from "../../text/dates";

export interface Phrase {
    icon: IconName;
    text: string;
    tone: Tone;
    hint?: string;
}

/** Within so many working days a deadline asks to be looked at. */
export const SOON_DAYS = 2;

/** Says a deadline; short where the heading already says working days. */
export function deadlinePhrase(
    deadline: Deadline,
    today: string,
    length: "full" | "short" = "full",
): Phrase {
    const say = words.documents.deadline;
    const skipped = deadline.skipped.map(showShortDay).join(", ");
    const hint = [
        deadline.old === null
            ? say.hint(nearDay(deadline.date, today), skipped)
            : say.extended(showShortDay(deadline.date), showShortDay(deadline.old)),
        deadline.provisional ? say.provisional : "",
    ]
        .filter((part) => part !== "")
        .join(". ");
    const { left, late } = deadline;
    if (late !== null) return { icon: "clock", text: say.late(late), tone: "plain", hint };
    const over = length === "full" ? say.over : say.shortOver;
    if (left < 0) return { icon: "warning", text: over(-left), tone: "late", hint };
    if (left === 0) return { icon: "clock", text: say.today, tone: "soon", hint };
    const text = length === "full" ? say.left(left) : say.shortLeft(left);
    return { icon: "clock", text, tone: left <= SOON_DAYS ? "soon" : "plain", hint };
}

const STATE: Record<DocumentRow["state"], { icon: IconName; tone: Tone }> = {
    awaiting_number: { icon: "empty", tone: "soon" },
    to_submit: { icon: "waiting", tone: "plain" },
    awaiting_directive: { icon: "waiting", tone: "act" },
    in_progress: { icon: "half", tone: "plain" },
    awaiting_acceptance: { icon: "waiting", tone: "plain" },
    done: { icon: "done", tone: "ok" },
    draft: { icon: "pencil", tone: "plain" },
    submitted: { icon: "waiting", tone: "act" },
    returned: { icon: "returned", tone: "soon" },
    approved: { icon: "check", tone: "act" },
    to_send: { icon: "send", tone: "act" },
    sent: { icon: "done", tone: "ok" },
    void: { icon: "cross", tone: "late" },
};

/** Where a document stands. */
export function statePhrase(state: DocumentRow["state"]): Phrase {
    return { ...STATE[state], text: words.documents.state[state] };
}

/** The one phrase at the right of a row: the deadline when it presses, else the state. */
export function rowPhrase(row: DocumentRow, today: string): Phrase {
    const { state, deadline, clash } = row;
    if (clash !== null) {
        return { icon: "warning", text: words.line.clash.mark(clash), tone: "late" };
    }
    if (deadline === null) return statePhrase(state);
    const working = state === "in_progress";
    const waiting = state === "awaiting_directive" || state === "to_submit";
    if (working || (waiting && deadline.left <= SOON_DAYS)) return deadlinePhrase(deadline, today);
    if (state === "done" && deadline.late !== null) return deadlinePhrase(deadline, today);
    return statePhrase(state);
}

/** How far a thing has come on its way to others; null when there is nowhere to go. */
export function reachPhrase(reach: Reach): Phrase | null {
    if (reach === "alone") return null;
    const here = reach === "here";
    const text = here ? words.line.reach.here : words.line.reach.server;
    return { icon: here ? "disk" : "server", text, tone: "plain" };
}

const STANDING: Record<TaskRow["standing"], { icon: IconName; tone: Tone }> = {
    not_started: { icon: "empty", tone: "plain" },
    in_progress: { icon: "half", tone: "plain" },
    awaiting_acceptance: { icon: "waiting", tone: "act" },
    returned: { icon: "returned", tone: "plain" },
    done: { icon: "done", tone: "ok" },
    withdrawn: { icon: "returned", tone: "late" },
};

/** Where a task stands. */
export function standingPhrase(standing: TaskRow["standing"]): Phrase {
    return { ...STANDING[standing], text: words.documents.standing[standing] };
}

/** The one phrase of a task: its deadline while it is open, how it ended when it is closed. */
export function taskPhrase(row: TaskRow, today: string, length: "full" | "short"): Phrase {
    const { standing, deadline } = row;
    if (standing === "done") {
        if (deadline === null || deadline.late === null) {
            const text =
                deadline === null ? words.documents.standing.done : words.documents.deadline.onTime;
            return { icon: "done", text, tone: "ok" };
        }
        return deadlinePhrase(deadline, today, length);
    }
    if (standing === "withdrawn") return standingPhrase(standing);
    if (standing === "awaiting_acceptance" && (deadline === null || deadline.left > SOON_DAYS)) {
        return standingPhrase(standing);
    }
    if (deadline === null) {
        return { icon: "waiting", text: words.documents.deadline.none, tone: "plain" };
    }
    return deadlinePhrase(deadline, today, length);
}
