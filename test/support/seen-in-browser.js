/** What a person would see, asked in the browser: Playwright sends these functions there. */

/** What is cut off or out of sight, in words; `id` is the main button's. */
export function layoutFaults(id) {
  const faults = [];
  const rectOf = (element) => element.getBoundingClientRect();
  const main = document.querySelector(`[data-testid="${id}"]`);
  const { top, bottom } = main === null ? { top: -1, bottom: 0 } : rectOf(main);
  if (top < 0 || bottom > innerHeight)
    faults.push(`${id} is out of sight: ${top} to ${bottom} of ${innerHeight}`);
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways');
  for (const input of document.querySelectorAll('input'))
    if (input.scrollWidth > input.clientWidth + 1) faults.push(`${input.dataset['testid']} hides its end`);
  for (const text of document.querySelectorAll('[aria-hidden="true"] div')) {
    if (text.children.length > 0 || !/^\d$/.test(text.textContent)) continue;
    const [inner, outer] = [rectOf(text), rectOf(text.parentElement)];
    if (inner.width > outer.width || inner.height > outer.height)
      faults.push(`the digit ${text.textContent} is cut off`);
  }
  return faults;
}

/** The digits of the boxes, by where they stand. */
export function digitsFromLeft() {
  return [...document.querySelectorAll('[aria-hidden="true"] div')]
    .filter((text) => text.children.length === 0 && /^\d$/.test(text.textContent))
    .toSorted((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x)
    .map((text) => text.textContent)
    .join('');
}

/** How a field shows its focus: its own outline, and the edge of what stands around it. */
export function focusOf(id) {
  const input = document.querySelector(`[data-testid="${id}"]`);
  const { borderTopWidth, borderTopColor } = getComputedStyle(input.parentElement);
  return { outline: getComputedStyle(input).outlineWidth, edges: [borderTopWidth, borderTopColor] };
}

export function fontSizeOf(element) {
  return getComputedStyle(element).fontSize;
}
