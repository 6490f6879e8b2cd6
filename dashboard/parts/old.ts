/** Whether what is shown was not confirmed for a while: then no part of it looks like good. */
import { createContext } from 'preact';

export const Old = createContext(false);

/** The code of a failure that is told further up; null: none is. */
export const SaidAbove = createContext<string | null>(null);
