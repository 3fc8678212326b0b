/** Opens PDF files with pdf.js, fetching only the ranges that are looked at. */
import type * as Pdfjs from "pdfjs-dist";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

export type PdfDocument = Pdfjs.PDFDocumentProxy;
export type PdfPage = Pdfjs.PDFPageProxy;
type Library = typeof Pdfjs;

/** One disk read of the desk; small enough for a page to show early. */
const RANGE_BYTES = 128 * 1024;

let library: Promise<Library> | null = null;

/** The library, fetched when the first document is opened. */
export function pdfjs(): Promise<Library> {
    library ??= import("pdfjs-dist/legacy/build/pdf.mjs").then((loaded) => {
        const ready = loaded as unknown as Library;
        ready.GlobalWorkerOptions.workerSrc = workerUrl;
        return ready;
    });
    return library;
}

/** Opens a document at an address; the caller destroys it. */
export async function openPdf(url: string): Promise<PdfDocument> {
    const { getDocument } = await pdfjs();
    const beside = (folder: string): string => new URL(`pdf/${folder}/`, document.baseURI).href;
    return getDocument({
        url,
        rangeChunkSize: RANGE_BYTES,
        disableAutoFetch: true,
        isEvalSupported: false,
        withCredentials: true,
        wasmUrl: beside("wasm"),
        cMapUrl: beside("cmaps"),
        standardFontDataUrl: beside("standard_fonts"),
        iccUrl: beside("iccs"),
    }).promise;
}

/** The part of a page that has ink or text, as shares of its width. */
export interface TextBlock {
    left: number;
    right: number;
}

/** White left beside the text, as a share of the page's width. */
const BREATH = 0.025;

type TextItems = Awaited<ReturnType<PdfPage["getTextContent"]>>["items"];

/** Reads the text of a page piece by piece: the window's streams know no `for await`. */
async function textOf(page: PdfPage): Promise<TextItems> {
    const reader = (page.streamTextContent() as ReadableStream<{ items: TextItems }>).getReader();
    const items: TextItems = [];
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return items;
        items.push(...value.items);
    }
}

/** A piece of text on the page as it is seen: shares of its width and height. */
interface Box {
    left: number;
    top: number;
    right: number;
    bottom: number;
}

async function boxesOf(page: PdfPage): Promise<Box[]> {
    const viewport = page.getViewport({ scale: 1 });
    const boxes: Box[] = [];
    for (const item of await textOf(page)) {
        if (!("str" in item) || item.str.trim() === "") continue;
        const [, , , , x = 0, y = 0] = item.transform.map(Number);
        const corners = [x, y, x + item.width, y + item.height];
        const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = viewport
            .convertToViewportRectangle(corners)
            .map(Number);
        boxes.push({
            left: Math.min(x1, x2) / viewport.width,
            right: Math.max(x1, x2) / viewport.width,
            top: Math.min(y1, y2) / viewport.height,
            bottom: Math.max(y1, y2) / viewport.height,
        });
    }
    return boxes;
}

/** What a page says about its own layout. */
export interface Layout {
    block: TextBlock;
    /** Where a stamp of the given size covers the least text. */
    spot: Spot;
}

/** A place on the page, as shares of its width and height; `scale` makes a stamp smaller. */
export interface Spot {
    left: number;
    top: number;
    scale: number;
}

/** Points that a stamp takes. */
const STAMP = { width: 136, height: 86 };
/** Where under the letterhead a stamp is looked for: the left column, top to bottom. */
const SPOT = { top: 0.1, bottom: 0.46, step: 0.008, usual: 0.27, wide: 0.3 };
/** On a page that lies across, or a small one, a stamp takes no more of the width than this. */
const STAMP_SHARE_MAX = 0.2;
const A4_WIDTH = 595;

function spotOf(boxes: readonly Box[], block: TextBlock, size: PageSize): Spot {
    const across = size.width > size.height;
    const wish = across ? STAMP_SHARE_MAX * Math.min(size.width, A4_WIDTH) : STAMP.width;
    const scale = Math.min(1, wish / STAMP.width, (size.width * 0.4) / STAMP.width);
    const width = (STAMP.width * scale) / size.width;
    const height = (STAMP.height * scale) / size.height;
    const left = Math.min(block.left + BREATH / 2, 1 - width);
    const usual = { left, top: Math.min(across ? SPOT.wide : SPOT.usual, 1 - height), scale };
    if (boxes.length === 0) return usual;
    // First under the number and "V/v" at the left, then anywhere in that column.
    let best = { covered: Number.POSITIVE_INFINITY, spot: usual };
    const begin = letterheadEnd(boxes);
    for (let step = 0; step * SPOT.step <= SPOT.bottom - SPOT.top; step++) {
        const span = SPOT.bottom - SPOT.top;
        const top = SPOT.top + ((begin - SPOT.top + step * SPOT.step) % span);
        const covered = boxes.filter(
            (box) =>
                box.left < left + width &&
                box.right > left &&
                box.top < top + height &&
                box.bottom > top,
        ).length;
        if (covered < best.covered) best = { covered, spot: { left, top, scale } };
        if (covered === 0) break;
    }
    return best.spot;
}

/** Where the lines of the letterhead's left column end: the first wide gap under them. */
function letterheadEnd(boxes: readonly Box[]): number {
    const column = boxes
        .filter(({ left, bottom }) => left < 0.4 && bottom < SPOT.bottom)
        .toSorted((a, b) => a.top - b.top);
    let end = SPOT.top;
    for (const box of column) {
        if (box.top - end > LETTERHEAD_GAP && end > SPOT.top) break;
        end = Math.max(end, box.bottom);
    }
    return Math.min(end + SPOT.step, SPOT.bottom);
}
/** Lines of a letterhead stand no further apart than this share of the height. */
const LETTERHEAD_GAP = 0.045;

export interface PageSize {
    width: number;
    height: number;
}

/** Reads how a page is laid out; a scan keeps its whole width and the usual place of a stamp. */
export async function layoutOf(page: PdfPage): Promise<Layout> {
    const boxes = await boxesOf(page);
    const { width, height } = page.getViewport({ scale: 1 });
    const block = blockOf(boxes);
    return { block, spot: spotOf(boxes, block, { width, height }) };
}

function blockOf(boxes: readonly Box[]): TextBlock {
    const left = Math.min(1, ...boxes.map((box) => box.left));
    const right = Math.max(0, ...boxes.map((box) => box.right));
    if (right - left < 0.4) return { left: 0.03, right: 0.97 };
    return { left: Math.max(0, left - BREATH), right: Math.min(1, right + BREATH) };
}
