/** F6 walks from one named region to the next, as people who never touch the mouse expect. */

/** Moves the focus to the next or the former pane, and into what is current there. */
export function walkPanes(way: 1 | -1): void {
    const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
        (pane) => pane.offsetParent !== null || pane.getClientRects().length > 0,
    );
    if (panes.length === 0) return;
    const here = panes.findIndex((pane) => pane.contains(document.activeElement));
    const at = here < 0 && way === -1 ? 0 : here;
    const pane = panes[(at + way + panes.length) % panes.length];
    if (pane === undefined) return;
    const inside = pane.querySelector<HTMLElement>(
        "[data-key][tabindex='0'], [role=tab][aria-selected=true], [aria-current], " +
            "[tabindex='0'], input, textarea, select, button",
    );
    (inside ?? pane).focus();
}
