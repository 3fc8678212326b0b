/** How the line is said: its heading, its acts, their signs. */
import type { Gap } from "../../app/line.svelte";
import type {
    LineProgress,
    LineState,
    SendingRow,
    ThingNamed,
} from "../../host/generated/contract";
import type { IconName } from "../../kit/icons";
import type { Screen } from "../../app/router.svelte";
import { words } from "../../text";
import { hourOf, when } from "../../text/dates";

const MINUTE_MS = 60_000;
/** So long a gap is worth telling of after it has ended. */
const GAP_TOLD_MS = 30 * MINUTE_MS;

/** What an act was, in words: "Phân công số đến 1231". */
export function actText(row: SendingRow): string {
    const act = words.line.act[row.act] ?? words.line.someAct;
    return row.of === "" ? act : `${act} ${row.of}`;
}

const SIGNS: readonly (readonly [string, IconName])[] = [
    ["incoming.register", "book"],
    ["outgoing.register", "book"],
    ["document.number", "book"],
    ["document.attach", "clip"],
    ["document.detach", "clip"],
    ["incoming.direct", "users"],
    ["outgoing.send", "upload"],
    ["outgoing.", "draft"],
    ["incoming.edit", "pencil"],
    ["incoming.", "download"],
    ["task.", "tasks"],
    ["lease.", "book"],
    ["book.", "book"],
    ["device.", "pc"],
    ["held.", "warning"],
    ["officer.", "user"],
    ["unit.", "users"],
    ["calendar.", "calendar"],
];

/** The sign of an act. */
export function actSign(row: SendingRow): IconName {
    return SIGNS.find(([begin]) => row.act.startsWith(begin))?.[1] ?? "file";
}

const SCREEN_OF: Partial<Record<string, Screen>> = {
    incoming: "incoming",
    outgoing: "outgoing",
    task: "tasks",
};

/** The screen a thing is opened on. */
export function screenOf(thing: ThingNamed): Screen | null {
    return SCREEN_OF[thing.kind] ?? null;
}

/** "14:02" on the same day, with the day before. */
export function at(instant: number, today: string): string {
    const whole = when(instant, today);
    return whole.endsWith(words.app.today) ? hourOf(instant) : whole;
}

function gapText(gap: Gap): string {
    return words.line.span(Math.floor((gap.to - gap.from) / MINUTE_MS));
}

const shareOf = ({ done, total }: LineProgress): string => words.line.share(done, total);

/** An agency on its way to its server: first all goes up, then all is read back. */
function adopting({ up, down }: LineState): { title: string; note: string } {
    const say = words.line.heading;
    const far =
        up !== null
            ? say.adoptingSent(shareOf(up))
            : down !== null
              ? say.adoptingReads(shareOf(down))
              : "";
    return { title: say.adopting, note: `${far} ${say.adoptingNote}`.trim() };
}

/** What stands over the screen: a sentence of how it goes, and one of what that means. */
export function heading(
    line: LineState,
    gap: Gap | null,
    today: string,
): { title: string; note: string } {
    const say = words.line.heading;
    const since = when(line.since ?? line.met_at ?? 0, today);
    const waits = line.unanswered;
    switch (line.meeting) {
        case "none":
            return { title: words.line.alone.heading, note: words.line.alone.note };
        case "off":
            return { title: say.off(since), note: say.offNote(waits) };
        case "waiting":
            return { title: say.waiting, note: say.waitingNote(waits) };
        case "no_line":
            return { title: say.noLine(since), note: say.noLineNote(waits) };
        case "trouble":
            return { title: say.trouble, note: say.troubleNote(waits) };
        case "shut_out":
            return { title: say.shutOut, note: say.shutOutNote };
        case "talking": {
            if (line.membership === "adopting") return adopting(line);
            if (line.down !== null && line.up === null && gap === null) {
                return { title: say.copying, note: say.copyingNote(shareOf(line.down)) };
            }
            const title = gap === null ? say.talking(since) : say.back(since, gapText(gap));
            return { title, note: say.talkingNote };
        }
        case "met": {
            const told = gap !== null && (line.met_at ?? 0) - gap.to < GAP_TOLD_MS;
            const title = say.met(when(line.met_at ?? line.since ?? 0, today));
            const back = told ? `${say.back(when(gap.to, today), gapText(gap))}. ` : "";
            return { title, note: back + (waits === 0 ? say.metAll : say.metSome(waits)) };
        }
    }
}
