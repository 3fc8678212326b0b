(element) => {
    // The accessible name, near enough for a walk: label, aria-label, aria-labelledby, text.
    if (element === null || element === document.body) return "";
    const of = (ids) => ids.split(/\s+/)
        .map((id) => document.getElementById(id)?.innerText ?? "").join(" ");
    const labelled = element.getAttribute("aria-labelledby");
    const label = element.getAttribute("aria-label");
    const labels = [...(element.labels ?? [])].map((one) => one.innerText).join(" ");
    const text = (labelled && of(labelled)) || label || labels || element.innerText ||
        element.getAttribute("placeholder") || element.getAttribute("title") || "";
    return text.trim().replace(/\s+/g, " ");
}
