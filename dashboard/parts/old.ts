/** Whether what is shown was not confirmed for a while: then no part of it looks like good. */
import { createContext } from 'preact';

export const Old = createContext(false);
