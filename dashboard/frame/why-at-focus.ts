/** The key w: the number that has the focus, or the first one of the chosen row. */

const number = '.why-button';

export function openWhyAtFocus(): void {
  const places = [
    document.activeElement?.closest(number),
    document.querySelector(`[data-selected=yes] ${number}`),
    document.querySelector(`tr:hover ${number}`),
  ];
  const found = places.find((place) => place instanceof HTMLElement);
  if (found instanceof HTMLElement) found.click();
}
