/** The rows of the bench as one walk: sections under each other, arrows over all of them. */
import type { BenchSection } from "../../host/generated/contract";
import type { Screen } from "../../app/router.svelte";

export interface BenchItem {
    id: string;
    kind: "document" | "task";
    screen: Screen;
}

/** Every row of the sections, in the order in which they stand. */
export function itemsOf(sections: readonly BenchSection[]): BenchItem[] {
    return sections.flatMap(({ documents, tasks }) => [
        ...documents.map(({ id, direction }): BenchItem => ({
            id,
            kind: "document",
            screen: direction,
        })),
        ...tasks.map(({ id }): BenchItem => ({ id, kind: "task", screen: "tasks" })),
    ]);
}

/** Where a key leads from a row; null when it leads nowhere. */
export function move(
    items: readonly BenchItem[],
    from: BenchItem | null,
    key: string,
): BenchItem | null {
    const at = items.findIndex(({ id }) => id === from?.id);
    const to: Record<string, number> = {
        ArrowDown: Math.min(items.length - 1, at + 1),
        ArrowUp: Math.max(0, at - 1),
        Home: 0,
        End: items.length - 1,
    };
    return items[to[key] ?? -1] ?? null;
}
