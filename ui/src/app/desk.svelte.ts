/** What every screen reaches for: the host, the way about, keys, what to say, what to undo. */
import { getContext, setContext } from "svelte";

import { Host, isDone, type Name, type Args, type AnswerOf } from "../host/answers.svelte";
import type { Done, Session } from "../host/generated/contract";
import { type Carrier, type Failure, HostFailure } from "../host/host";
import { Toasts } from "../kit/toast.svelte";
import { said, words } from "../text";
import { Announcer } from "./announce.svelte";
import { Commands } from "./commands.svelte";
import { LineWatch } from "./line.svelte";
import { Look } from "./look.svelte";
import { Router, writePlace } from "./router.svelte";
import { Typing } from "./typing";
import { Undo } from "./undo.svelte";

const KEY = Symbol("desk");
/** A place is kept once the person has settled on it. */
const PLACE_AFTER_MS = 400;

export class Desk {
    readonly host: Host;
    readonly router: Router;
    readonly commands = new Commands();
    readonly toasts = new Toasts();
    readonly announcer = new Announcer();
    readonly undo = new Undo();
    readonly line = new LineWatch();
    readonly look: Look;
    readonly typing: Typing;
    /** What could not be done and belongs to no form. */
    trouble = $state.raw<Failure | null>(null);
    /** Which layer of the frame is open. */
    layer = $state<"none" | "palette" | "keys" | "officer">("none");
    #placeTimer: ReturnType<typeof setTimeout> | undefined;

    constructor(carrier: Carrier) {
        this.host = new Host(carrier, words.app.failure);
        this.typing = new Typing(this.host);
        const keep = (): void => this.#keepPlace();
        this.look = new Look(keep);
        this.router = new Router(keep);
    }

    get session(): Session | undefined {
        return this.host.live("session", {}).value;
    }

    get today(): string {
        return this.session?.today ?? "";
    }

    /** Says something, aloud and on the screen. */
    say(text: string): void {
        this.toasts.say(text);
    }

    /** Does something; says it with its way back, or shows why not. Null when it was not done. */
    async act<N extends Name>(name: N, args: Args<N>): Promise<AnswerOf<N> | null> {
        try {
            return await this.try(name, args);
        } catch (thrown) {
            this.show(this.host.failure(thrown));
            return null;
        }
    }

    /** Does something; a failure is thrown, for the form that asked. */
    async try<N extends Name>(name: N, args: Args<N>): Promise<AnswerOf<N>> {
        const answer = await this.host.ask(name, args);
        this.trouble = null;
        if (isDone(answer)) this.#done(answer);
        return answer;
    }

    #done(done: Done): void {
        this.host.touch(done.topics);
        const text = said(done.said.sentence, done.said.with);
        if (done.undo === null) {
            this.toasts.say(text);
            return;
        }
        const { token } = done.undo;
        const step = { text, back: () => this.#takeBack(token) };
        this.undo.push(step);
        this.toasts.say(text, () => void this.undoNow(step));
    }

    async #takeBack(token: string): Promise<void> {
        await this.act("undo", { token });
    }

    /** Takes the last act back, or the one that is given. */
    async undoNow(step = this.undo.next): Promise<void> {
        if (step === undefined) {
            this.say(words.app.nothingToUndo);
            return;
        }
        this.undo.take(step);
        this.toasts.close();
        await step.back();
    }

    /** Shows what could not be done; a locked desk goes to the lock instead. */
    show(failure: Failure): void {
        if (failure.code === "locked") {
            void this.host.live("session", {}).again();
            return;
        }
        this.trouble = failure;
        this.announcer.alert(failure.what);
    }

    /** Shows what the host said no to where nobody waited. Returns the way to stop. */
    hearUnheard(): () => void {
        const hear = (event: PromiseRejectionEvent): void => {
            if (!(event.reason instanceof HostFailure)) return;
            event.preventDefault();
            this.show(event.reason.failure);
        };
        addEventListener("unhandledrejection", hear);
        return () => removeEventListener("unhandledrejection", hear);
    }

    /** Where the person stands and how the window looks to him, for the next start. */
    #keepPlace(): void {
        clearTimeout(this.#placeTimer);
        this.#placeTimer = setTimeout(() => {
            if (this.session?.phase !== "open") return;
            const { place } = this.router;
            const kept = JSON.stringify({ at: writePlace(place), look: this.look.kept });
            void this.host.ask("window.save", { place: kept }).catch(() => undefined);
        }, PLACE_AFTER_MS);
    }
}

export function setDesk(desk: Desk): void {
    setContext(KEY, desk);
}

/** The desk of the page this component stands on. */
export function useDesk(): Desk {
    return getContext<Desk>(KEY);
}
