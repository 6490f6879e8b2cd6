/** What is copied are amounts as they were told: no grouping, no true minus; a table as columns. */

export function startCopying(): void {
  document.addEventListener('copy', (event) => {
    const selection = getSelection();
    if (selection === null || selection.isCollapsed || event.clipboardData === null) return;
    const range = selection.getRangeAt(0);
    const { commonAncestorContainer: inside } = range;
    const element = inside instanceof Element ? inside : inside.parentElement;
    if (element?.matches('input, textarea') === true) return;
    const whole = element?.closest<HTMLElement>('[data-raw]');
    const text = whole?.dataset['raw'] ?? rawText(range.cloneContents());
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  });
}

export function rawText(fragment: DocumentFragment): string {
  for (const amount of fragment.querySelectorAll<HTMLElement>('[data-raw]')) {
    amount.textContent = amount.dataset['raw'] ?? '';
  }
  for (const unseen of fragment.querySelectorAll('.unseen, kbd')) unseen.remove();
  for (const cell of fragment.querySelectorAll('td, th')) {
    if (cell.nextElementSibling !== null) cell.append('\t');
  }
  for (const block of fragment.querySelectorAll('tr, p, li, h1, h2, h3, div')) block.append('\n');
  return (fragment.textContent ?? '').replace(/\n{2,}/g, '\n').trim();
}
