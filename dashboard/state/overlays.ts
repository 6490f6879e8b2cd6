/** What lies over the page: one at a time. */
import { signal } from '@preact/signals';
import type { FigureTold, WhyAsked } from './figure.ts';

export type Overlay =
  | { readonly name: 'palette' }
  | { readonly name: 'keys' }
  | { readonly name: 'as-of' }
  | { readonly name: 'settings' }
  | { readonly name: 'more' }
  | { readonly name: 'why'; readonly asked: WhyAsked }
  | { readonly name: 'figure'; readonly told: FigureTold }
  | { readonly name: 'entry'; readonly account: string; readonly sequence: number };

export const overlay = signal<Overlay | null>(null);

let opener: Element | null = null;

export function open(next: Overlay): void {
  if (overlay.value === null) opener = document.activeElement;
  overlay.value = next;
}

/** The focus goes back to where it was. */
export function close(): void {
  overlay.value = null;
  const back = opener;
  opener = null;
  if (back instanceof HTMLElement && back.isConnected) back.focus();
}
