/** The one door to the desk: ask by name, be told which topics were touched, see pages. */

/** What could not be done, in words a person can act on. */
export interface Failure {
    code: string;
    what: string;
    safe: string;
    todo: string;
    /** The form field it belongs to, if it belongs to one. */
    field: string | null;
}

/** A failure on its way to the screen. */
export class HostFailure extends Error {
    readonly failure: Failure;

    constructor(failure: Failure) {
        super(failure.what);
        this.name = "HostFailure";
        this.failure = failure;
    }
}

/** The topic that stands for all of them, when some tells were missed. */
export const EVERYTHING = "*";

/** What a listener is told: the topics whose answers may be stale. */
export type Told = (topics: readonly string[]) => void;

/** The way the page and the desk talk; one for the window, one for a browser. */
export interface Carrier {
    /** Which way this is; some things only a window can do. */
    readonly kind: "window" | "browser" | "fake";
    ask(name: string, args: unknown): Promise<unknown>;
    /** Listens for topics; the answer stops listening. */
    tell(listener: Told): () => void;
    /** Where the bytes of a stored file are read, by ranges. */
    pageUrl(blob: string): string;
    /** Lets the person choose files; the desk knows them by their paths. */
    choose(): Promise<readonly string[]>;
    /** Lets the person choose a folder; null when nothing was chosen or it cannot be. */
    chooseFolder(): Promise<string | null>;
    /** Shows the folder of a file on this PC; whether it could. */
    showFolder(path: string): Promise<boolean>;
    /** Hears of files dropped on the window. */
    onDrop(dropped: (paths: readonly string[]) => void): () => void;
    /** Starts the program again; whether it could. */
    restart(): Promise<boolean>;
    /** Says that the first rows are on the screen. */
    painted(): void;
}

/** Makes a failure of whatever was thrown, without losing what it said. */
export function failureOf(thrown: unknown, fallback: Failure): Failure {
    if (thrown instanceof HostFailure) return thrown.failure;
    return readFailure(thrown) ?? fallback;
}

/** Reads a failure as the desk writes it. */
export function readFailure(value: unknown): Failure | null {
    if (typeof value === "string") {
        try {
            return readFailure(JSON.parse(value) as unknown);
        } catch {
            return null;
        }
    }
    if (typeof value !== "object" || value === null || !("what" in value)) return null;
    const of = (key: string): string => {
        const text = (value as Record<string, unknown>)[key];
        return typeof text === "string" ? text : "";
    };
    return {
        code: of("code"),
        what: of("what"),
        safe: of("safe"),
        todo: of("todo"),
        field: of("field") || null,
    };
}
