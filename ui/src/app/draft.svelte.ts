/** A form that keeps itself while it is typed in, and comes back as it was. */
import { untrack } from "svelte";

import type { Failure } from "../host/host";
import type { Desk } from "./desk.svelte";

export class FormDraft<Form extends object> {
    value = $state() as Form;
    failure = $state.raw<Failure | null>(null);
    /** Sent and not yet answered. */
    sending = $state(false);
    /** Brought back from an earlier day or before a power cut. */
    restored = $state(false);
    readonly #name: string;
    readonly #desk: Desk;

    constructor(desk: Desk, name: string, empty: Form) {
        this.#desk = desk;
        this.#name = name;
        const kept = desk.typing.of<Form>(name);
        this.restored = kept !== null;
        this.value = { ...empty, ...(kept ?? {}) };
        let first = true;
        $effect(() => {
            const content = $state.snapshot(this.value);
            if (first) first = false;
            else untrack(() => this.#desk.typing.keep(this.#name, content));
        });
    }

    /** The form as plain values, to be sent. */
    plain(): Form {
        return $state.snapshot(this.value) as Form;
    }

    /** Sends it by `send`; once done, what was typed is forgotten. True when it was done. */
    async send(send: (form: Form) => Promise<unknown>): Promise<boolean> {
        if (this.sending) return false;
        this.sending = true;
        this.failure = null;
        try {
            await send(this.plain());
            this.#desk.typing.forget(this.#name);
            return true;
        } catch (thrown) {
            this.failure = this.#desk.host.failure(thrown);
            this.#desk.announcer.alert(this.failure.what);
            return false;
        } finally {
            this.sending = false;
        }
    }

    /** Throws away what was typed. */
    forget(): void {
        this.#desk.typing.forget(this.#name);
    }

    /** The note of a field: the failure that belongs to it. */
    note(field: string): string | undefined {
        return this.failure?.field === field ? this.failure.what : undefined;
    }
}
