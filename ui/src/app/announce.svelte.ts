/** What is said aloud without moving the focus; polite, and not twice the same at once. */

export class Announcer {
    polite = $state("");
    urgent = $state("");
    #even = false;

    /** Says it when the person's screen reader has a moment. */
    say(text: string): void {
        this.polite = this.#turn(text);
    }

    /** Says it at once: only for a refusal of what the person is doing now. */
    alert(text: string): void {
        this.urgent = this.#turn(text);
    }

    /** The same words twice are still said twice. */
    #turn(text: string): string {
        this.#even = !this.#even;
        return this.#even ? `${text}\u00a0` : text;
    }
}
