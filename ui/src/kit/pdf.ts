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

/** Finds where the text block of a page begins and ends; a scan keeps its whole width. */
export async function textBlock(page: PdfPage): Promise<TextBlock> {
    const items = await textOf(page);
    const { width } = page.getViewport({ scale: 1 });
    const [x0 = 0] = page.view;
    let left = Number.POSITIVE_INFINITY;
    let right = 0;
    for (const item of items) {
        if (!("str" in item) || item.str.trim() === "") continue;
        const at = Number(item.transform[4]) - x0;
        left = Math.min(left, at);
        right = Math.max(right, at + item.width);
    }
    if (right - left < width * 0.4 || page.rotate % 180 !== 0) return { left: 0.03, right: 0.97 };
    return {
        left: Math.max(0, left / width - BREATH),
        right: Math.min(1, right / width + BREATH),
    };
}
