/** What was just done, said once, with its way back; one at a time. */

/** Long enough to read and to reach for Ctrl+Z. */
export const TOAST_MS = 8000;

export interface Said {
    text: string;
    undo?: () => void;
}

export class Toasts {
    current = $state<Said | null>(null);
    #timer: ReturnType<typeof setTimeout> | undefined;

    /** Says it; what was said before is gone from the screen, not from history. */
    say(text: string, undo?: () => void): void {
        this.current = undo === undefined ? { text } : { text, undo };
        this.go();
    }

    /** Holds the words while they are read. */
    hold(): void {
        clearTimeout(this.#timer);
    }

    /** Lets the clock run again. */
    go(): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.current = null;
        }, TOAST_MS);
    }

    close(): void {
        clearTimeout(this.#timer);
        this.current = null;
    }
}
