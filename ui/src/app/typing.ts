/** Nothing typed is ever lost: every form is kept as it is typed, and given back. */
import type { Host } from "../host/answers.svelte";

/** Short enough that a killed program loses no word. */
export const KEEP_AFTER_MS = 120;

export class Typing {
    readonly #host: Host;
    readonly #waiting = new Map<string, string>();
    readonly #kept = new Map<string, string>();
    #timer: ReturnType<typeof setTimeout> | undefined;
    #sending: Promise<unknown> = Promise.resolve();

    constructor(host: Host) {
        this.#host = host;
    }

    /** Reads what this officer was typing when the program last ended. */
    async read(): Promise<void> {
        this.#kept.clear();
        const { drafts } = await this.#host.ask("typing", {});
        for (const { form, content } of drafts) this.#kept.set(form, content);
    }

    /** What was being typed in a form; null when nothing was. */
    of<Form>(form: string): Form | null {
        const content = this.#waiting.get(form) ?? this.#kept.get(form) ?? "";
        if (content === "") return null;
        try {
            return JSON.parse(content) as Form;
        } catch {
            return null;
        }
    }

    /** Keeps a form; sent together with what else is typed in the same breath. */
    keep(form: string, content: unknown): void {
        this.#waiting.set(form, JSON.stringify(content));
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.flush(), KEEP_AFTER_MS);
    }

    /** Forgets a form: what was in it is done. */
    forget(form: string): void {
        this.#waiting.set(form, "");
        void this.flush();
    }

    /** Sends what waits, now: the hand left the field, or the window closes. */
    flush(): Promise<unknown> {
        clearTimeout(this.#timer);
        for (const [form, content] of this.#waiting) {
            this.#kept.set(form, content);
            this.#sending = this.#sending
                .then(() => this.#host.ask("typing.save", { form, content }))
                .catch(() => {
                    if (!this.#waiting.has(form)) this.#waiting.set(form, content);
                });
        }
        this.#waiting.clear();
        return this.#sending;
    }

    /** Flushes when the hand leaves a field, the page hides or ends. */
    start(): () => void {
        const flush = (): void => {
            if (this.#waiting.size > 0) void this.flush();
        };
        const events = ["focusout", "pagehide", "beforeunload", "visibilitychange"];
        for (const event of events) addEventListener(event, flush, true);
        return () => {
            for (const event of events) removeEventListener(event, flush, true);
        };
    }
}
