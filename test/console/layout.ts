/*
 * What a person sees at once and a width does not tell. Each function is evaluated in the page, and so holds all that it
 * needs.
 */

/** Texts that lie over each other. What is meant to float, as a message does, is left out. */
export function overlappingTexts(): string[] {
  /** In px: letters reach a little beyond their line. */
  const SLACK = 4;
  const texts: { text: string; at: DOMRect; element: Element }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement as Element;
    const text = node.textContent?.trim() ?? "";
    if (text === "" || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const at = shownPart(rect, element);
      if (at) texts.push({ text, at, element });
    }
  }
  const found = new Set<string>();
  for (const [index, one] of texts.entries())
    for (const other of texts.slice(index + 1)) {
      const width = Math.min(one.at.right, other.at.right) - Math.max(one.at.left, other.at.left);
      const height = Math.min(one.at.bottom, other.at.bottom) - Math.max(one.at.top, other.at.top);
      if (one.element !== other.element && width > SLACK && height > SLACK)
        found.add(`"${one.text.slice(0, 30)}" lies over "${other.text.slice(0, 30)}"`);
    }
  return [...found];

  /** What the elements around it let show of it; `undefined` if that is nothing, or if it floats. */
  function shownPart(rect: DOMRect, inside: Element): DOMRect | undefined {
    let { left, top, right, bottom } = rect;
    for (let around: Element | null = inside; around; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (["fixed", "sticky"].includes(style.position) || style.clipPath !== "none") return undefined;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      if (around === document.documentElement || around === document.body) continue;
      const frame = around.getBoundingClientRect();
      left = Math.max(left, frame.left);
      top = Math.max(top, frame.top);
      right = Math.min(right, frame.right);
      bottom = Math.min(bottom, frame.bottom);
    }
    return right - left > SLACK && bottom - top > SLACK
      ? new DOMRect(left, top, right - left, bottom - top)
      : undefined;
  }
}

/** Words on buttons and in headings that are broken though a line of the page has room for them, or that stick out. */
export function brokenWords(): string[] {
  const found = new Set<string>();
  const room = (document.querySelector("main") ?? document.body).clientWidth;
  for (const element of document.querySelectorAll("button, .button, .brand, h2, h3, dt, label, legend")) {
    // What only a screen reader tells has no width.
    if (element.getBoundingClientRect().width <= 1) continue;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement?.closest(".sr-only")) continue;
      for (const { 0: word, index } of (node.textContent ?? "").matchAll(/[\p{L}\p{N}]+/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = [...range.getClientRects()].filter(({ width }) => width > 0);
        const length = lines.reduce((sum, { width }) => sum + width, 0);
        if (lines.length > 1 && length < room / 2) found.add(`"${word}" is broken`);
        const { left, right } = element.getBoundingClientRect();
        if (lines.some((line) => line.left < left - 1 || line.right > right + 1))
          found.add(`"${word}" sticks out`);
      }
    }
  }
  return [...found];
}
