/** Words of the building blocks, in English. */
import type { kit as vi } from "../vi/kit";

export const kit: typeof vi = {
    sure: "sure",
    look: "check",
    none: "empty",
    changed: "changed",
    seen: "seen",
    wrong: "not right",
    suggestions: "Suggestions",
    nothingLike: "Nothing like what was typed",
    takeOff: (what: string) => `Take ${what} off`,
    dateShape: "day/month/year",
    undo: "Undo",
    justDone: "Just done",
    safe: "Still safe",
    todo: "What to do",
    choose: "choose",
    open: "open",
    close: "close",
    page: "Page",
    pageBefore: "Page before",
    pageAfter: "Next page",
    pageComing: (page: number) => `Page ${page}, opening`,
    pageOf: (page: number, count: number) => `Page ${page} of ${count}`,
    fitText: "Fit text",
    wholePage: "Whole page",
    pdfBroken: {
        what: "This file cannot be opened.",
        safe: "The file is kept as it came.",
        todo: "Scan it again, or ask the sender for another PDF.",
    },
};
