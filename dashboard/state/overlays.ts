/** What lies over the page: one at a time. */
import { signal } from '@preact/signals';

/** A number that is asked why it is what it is. */
export interface WhyAsked {
  readonly account: string;
  readonly what: 'balance' | 'position' | 'realised' | 'fees';
  readonly key: string;
  readonly leg: string | null;
}

export type Overlay =
  | { readonly name: 'palette' }
  | { readonly name: 'keys' }
  | { readonly name: 'as-of' }
  | { readonly name: 'settings' }
  | { readonly name: 'more' }
  | { readonly name: 'why'; readonly asked: WhyAsked }
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
