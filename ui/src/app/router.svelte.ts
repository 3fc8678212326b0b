/** Where the person stands: a screen, perhaps one thing on it, kept in the address. */

export const SCREENS = [
    "bench",
    "incoming",
    "outgoing",
    "tray",
    "tasks",
    "books",
    "search",
    "line",
    "admin",
] as const;
export type Screen = (typeof SCREENS)[number];

export interface Place {
    screen: Screen;
    /** The thing that is open. */
    id: string | null;
    /** Filters, tabs: small words. */
    ask: Readonly<Record<string, string>>;
}

/** Reads a place from an address; anything unknown leads to the bench. */
export function readPlace(hash: string): Place {
    const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
    const [first = "", id = ""] = path.split("/");
    const screen = SCREENS.find((name) => name === first) ?? "bench";
    return {
        screen,
        id: id === "" ? null : decodeURIComponent(id),
        ask: Object.fromEntries(new URLSearchParams(query)),
    };
}

/** Writes a place as an address. */
export function writePlace(place: Place): string {
    const query = new URLSearchParams(place.ask).toString();
    const id = place.id === null ? "" : `/${encodeURIComponent(place.id)}`;
    return `#/${place.screen}${id}${query === "" ? "" : `?${query}`}`;
}

export class Router {
    place = $state.raw<Place>({ screen: "bench", id: null, ask: {} });
    #moved: (place: Place) => void;

    constructor(moved: (place: Place) => void) {
        this.#moved = moved;
    }

    /** Begins to follow the address; the answer stops. */
    start(first: string | null): () => void {
        if (location.hash === "" && first !== null) history.replaceState(null, "", first);
        const follow = (): void => {
            this.place = readPlace(location.hash);
            this.#moved(this.place);
        };
        follow();
        addEventListener("hashchange", follow);
        return () => {
            removeEventListener("hashchange", follow);
        };
    }

    /**
     * Goes to a place; back leads here again. At once: told by the address, it would come after a
     * row that the old screen lights in that moment, and that row would win.
     */
    go(screen: Screen, id: string | null = null, ask: Record<string, string> = {}): void {
        const next = { screen, id, ask };
        if (writePlace(next) === writePlace(this.place)) return;
        history.pushState(null, "", writePlace(next));
        this.place = next;
        this.#moved(next);
    }

    /** Changes the place without a step in the history: the row under the cursor, a tab. */
    settle(change: Partial<Place>): void {
        const next = { ...this.place, ...change };
        if (writePlace(next) === writePlace(this.place)) return;
        history.replaceState(null, "", writePlace(next));
        this.place = next;
        this.#moved(next);
    }
}
