const REACHABLE = ["a[href]", "button", "input", "select", "textarea", "[tabindex='0']"]
    .map((kind) => `${kind}:not(:disabled, [tabindex='-1'])`)
    .join(", ");

/**
 * Who works by keys does not lose the place when what has the focus goes: a row that is taken off,
 * a box that was saved. What came behind it has the focus then.
 */
export function keepsFocus(root: HTMLElement): () => void {
    let last: Element | null = null;
    let place = 0;
    const reachable = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(REACHABLE)];
    const placeOf = (of: Element): number => reachable().findIndex((one) => one === of);

    function note({ target }: FocusEvent): void {
        last = target as Element;
        place = placeOf(last);
    }
    function goOn(): void {
        if (last === null || last.isConnected || document.activeElement !== document.body) return;
        const all = reachable();
        all[Math.min(Math.max(place, 0), all.length - 1)]?.focus();
    }
    const watch = new MutationObserver(() => {
        if (last?.isConnected === true) place = placeOf(last);
        // Whoever took it away may know better where to go on.
        else setTimeout(goOn);
    });
    root.addEventListener("focusin", note);
    watch.observe(root, { childList: true, subtree: true });
    return () => {
        watch.disconnect();
        root.removeEventListener("focusin", note);
    };
}
