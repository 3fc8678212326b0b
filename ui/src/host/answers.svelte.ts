/** Asking with types: answers are kept, and asked again when their topics are touched. */
import { createSubscriber } from "svelte/reactivity";

import type { Commands, Done } from "./generated/contract";
import { type Carrier, EVERYTHING, type Failure, failureOf } from "./host";
import { DEPENDS } from "./topics";

export type Name = keyof Commands;
export type Args<N extends Name> = Commands[N]["args"];
export type AnswerOf<N extends Name> = Commands[N]["answer"];

/** More answers than a day's walk through the screens needs. */
const KEPT_MAX = 120;

/** One answer that renews itself while somebody looks at it. */
export class Answer<T> {
    #value = $state.raw<T | undefined>(undefined);
    #failure = $state.raw<Failure | null>(null);
    #stale = true;
    #watched = false;
    #asked = 0;
    #fetch: () => Promise<T>;
    #fallback: Failure;
    #subscribe: () => void;

    constructor(fetch: () => Promise<T>, fallback: Failure) {
        this.#fetch = fetch;
        this.#fallback = fallback;
        this.#subscribe = createSubscriber(() => {
            this.#watched = true;
            if (this.#stale) void this.again();
            return () => {
                this.#watched = false;
            };
        });
    }

    /** The last answer; undefined until the first one is here. */
    get value(): T | undefined {
        this.#subscribe();
        return this.#value;
    }

    get failure(): Failure | null {
        this.#subscribe();
        return this.#failure;
    }

    /** Asks again; the old answer stays until the new one is here. */
    async again(): Promise<void> {
        this.#stale = false;
        const mine = ++this.#asked;
        try {
            const value = await this.#fetch();
            if (mine !== this.#asked) return;
            this.#value = value;
            this.#failure = null;
        } catch (thrown) {
            if (mine !== this.#asked) return;
            this.#failure = failureOf(thrown, this.#fallback);
        }
    }

    /** Says that the answer may have changed. */
    touch(): void {
        this.#stale = true;
        if (this.#watched) void this.again();
    }
}

/** Makes something outside the derived value that asks for it, which watches nothing of its own. */
function apart<T>(make: () => T): T {
    let made: { it: T } | null = null;
    $effect.root(() => {
        made = { it: make() };
    })();
    if (made === null) throw new Error("a root effect runs at once");
    return (made as { it: T }).it;
}

type Touched = (topics: ReadonlySet<string>) => void;

export class Host {
    readonly carrier: Carrier;
    readonly #fallback: Failure;
    readonly #kept = new Map<string, { name: Name; answer: Answer<unknown> }>();
    readonly #listeners = new Set<Touched>();

    constructor(carrier: Carrier, fallback: Failure) {
        this.carrier = carrier;
        this.#fallback = fallback;
    }

    /** Begins to hear what work in the background touches. */
    start(): () => void {
        return this.carrier.tell((topics) => {
            this.touch(topics);
        });
    }

    /** Asks once. */
    async ask<N extends Name>(name: N, args: Args<N>): Promise<AnswerOf<N>> {
        return (await this.carrier.ask(name, args)) as AnswerOf<N>;
    }

    /** An answer that is kept and renews itself. */
    live<N extends Name>(name: N, args: Args<N>): Answer<AnswerOf<N>> {
        const key = `${name} ${JSON.stringify(args)}`;
        const kept = this.#kept.get(key);
        if (kept !== undefined) {
            this.#kept.delete(key);
            this.#kept.set(key, kept);
            return kept.answer as Answer<AnswerOf<N>>;
        }
        const answer = apart(
            () => new Answer<AnswerOf<N>>(() => this.ask(name, args), this.#fallback),
        );
        this.#kept.set(key, { name, answer: answer as Answer<unknown> });
        const oldest = this.#kept.keys().next();
        if (this.#kept.size > KEPT_MAX && !oldest.done) this.#kept.delete(oldest.value);
        return answer;
    }

    /** Drops what depends on these topics, and tells the lists. */
    touch(topics: readonly string[]): void {
        const all = topics.includes(EVERYTHING);
        const touched = new Set(topics);
        for (const { name, answer } of this.#kept.values()) {
            const depends = DEPENDS[name] ?? [];
            if (all || depends.some((topic) => touched.has(topic))) answer.touch();
        }
        for (const listener of this.#listeners) listener(touched);
    }

    /** Hears which topics were touched; the answer stops. */
    onTouch(listener: Touched): () => void {
        this.#listeners.add(listener);
        return () => {
            this.#listeners.delete(listener);
        };
    }

    /** Forgets everything: another officer sits down. */
    forget(): void {
        this.touch([EVERYTHING]);
    }

    failure(thrown: unknown): Failure {
        return failureOf(thrown, this.#fallback);
    }
}

/** Says whether an answer is an act that was done. */
export function isDone(answer: unknown): answer is Done {
    return typeof answer === "object" && answer !== null && "said" in answer && "topics" in answer;
}
