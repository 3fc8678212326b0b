/** How the line is said at the foot of the window. */
import type { LineShort } from "../host/generated/contract";
import type { IconName } from "../kit/icons";
import { words } from "../text";
import { hourOf, when } from "../text/dates";
import type { Gap } from "./line.svelte";

/** A sentence that stands out, one that follows it, and a sign. */
export interface FootLine {
    icon: IconName;
    lead: string;
    rest: string;
    tone: "plain" | "look" | "bad";
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(", ");

function capital(text: string): string {
    return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What is on its way, in numbers. */
function onItsWay({ up, down }: LineShort): string {
    const say = words.line.foot;
    return capital(
        joined([
            up === null ? "" : say.sent(words.line.share(up.done, up.total)),
            down === null ? "" : say.reads(words.line.share(down.done, down.total)),
            words.line.left((down ?? up)?.seconds_left ?? null),
        ]),
    );
}

/** The hour alone for today, with its day before. */
function sinceOf(instant: number | null, today: string): string {
    if (instant === null) return "";
    const whole = when(instant, today);
    return whole.endsWith(words.app.today) ? hourOf(instant) : whole;
}

/** Says how it goes with the server; null when the agency is alone. */
export function footLine(line: LineShort, gap: Gap | null, today: string): FootLine | null {
    const say = words.line.foot;
    const since = sinceOf(line.since, today);
    const stopped = line.down === null ? "" : say.stopped(line.down.total - line.down.done);
    const kept = [say.kept(line.unanswered), stopped].filter((part) => part !== "").join(" ");
    switch (line.meeting) {
        case "none":
            return null;
        case "off":
            return { icon: "noLine", lead: say.off(since), rest: kept, tone: "plain" };
        case "no_line":
            return { icon: "noLine", lead: say.noLine(since), rest: kept, tone: "plain" };
        case "waiting":
            return { icon: "noLine", lead: say.waiting, rest: kept, tone: "plain" };
        case "talking": {
            const lead =
                line.membership === "adopting"
                    ? say.adopting
                    : gap === null
                      ? say.talking
                      : say.back;
            return { icon: "line", lead, rest: onItsWay(line), tone: "plain" };
        }
        case "met": {
            const met = say.synced(sinceOf(line.met_at ?? line.since, today));
            const rest = line.unanswered === 0 ? say.all : say.waits(line.unanswered);
            return { icon: "line", lead: met, rest, tone: "plain" };
        }
        case "trouble":
            return { icon: "warning", lead: line.trouble, rest: kept, tone: "look" };
        case "shut_out":
            return { icon: "ban", lead: say.shutOut(since), rest: "", tone: "bad" };
    }
}
