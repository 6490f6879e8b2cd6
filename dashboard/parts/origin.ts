/** Whose the numbers are that are shown in a part of the page, where they are not the book's. */
import { createContext } from 'preact';

export interface TheirOrigin {
  /** Above a number that is opened. */
  readonly title: string;
  /** Who told it, of when, and what became of it. */
  readonly words: string;
  readonly links?: readonly { readonly words: string; readonly to: string }[];
}

/** Null: each number says by itself what it opens to. */
export const Origin = createContext<TheirOrigin | null>(null);
