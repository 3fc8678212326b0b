/** Locks the desk when nobody has touched it for a while. */

const CHECK_MS = 15_000;

/** Watches hands and keys; calls `rest` once the minutes have passed. The answer stops. */
export function watchIdle(minutes: () => number, rest: () => void): () => void {
    let last = Date.now();
    const touched = (): void => {
        last = Date.now();
    };
    const events = ["pointerdown", "pointermove", "keydown", "wheel"];
    for (const event of events) addEventListener(event, touched, { passive: true, capture: true });
    const timer = setInterval(() => {
        const limit = minutes();
        if (limit > 0 && Date.now() - last > limit * 60_000) {
            last = Date.now();
            rest();
        }
    }, CHECK_MS);
    return () => {
        clearInterval(timer);
        for (const event of events) removeEventListener(event, touched, true);
    };
}
