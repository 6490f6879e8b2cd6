/** The key w: the number that has the focus, or the first one of the chosen row. */
import { open, type WhyAsked } from '../state/overlays.ts';

export function openWhyAtFocus(): void {
  const places = [
    document.activeElement?.closest('[data-why]'),
    document.querySelector('[data-selected=yes] [data-why]'),
    document.querySelector('tr:hover [data-why]'),
  ];
  const found = places.find((place) => place instanceof HTMLElement);
  const told = found instanceof HTMLElement ? found.dataset['why'] : undefined;
  if (told !== undefined) open({ name: 'why', asked: JSON.parse(told) as WhyAsked });
}
