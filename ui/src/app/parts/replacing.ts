/** What takes the place of what, in words, and where it is opened. */
import type { Replacement } from "../../host/generated/contract";
import { showDay } from "../../kit/dates";
import { words } from "../../text";
import type { Place } from "../router.svelte";
import { writePlace } from "../router.svelte";

const say = words.exchange.replacing;

/** A document as it is called beside another: number and day, or that it has none yet. */
function called({ reference, dated, direction }: Replacement): string {
    if (reference === "") return direction === "outgoing" ? say.draft : "";
    return say.called(reference, dated === null ? "" : showDay(dated));
}

/** What this takes the place of. */
export function replacesWords(replaced: Replacement): string {
    const name = called(replaced);
    return name === "" ? say.replacesUnknown : say.replaces(name);
}

/** What takes its place. */
export function replacedWords(by: Replacement): string {
    const name = called(by);
    return name === "" ? say.replacedLater : say.replaced(name);
}

/** Where it is opened; null where it is not on this PC. */
export function placeOf({ document, card, direction }: Replacement): Place | null {
    if (card !== null) return { screen: "tray", id: card, ask: {} };
    return document === null ? null : { screen: direction, id: document, ask: {} };
}

/** The same as an address. */
export function addressOf(other: Replacement): string | null {
    const place = placeOf(other);
    return place === null ? null : writePlace(place);
}
