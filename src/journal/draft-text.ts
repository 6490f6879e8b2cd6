/** Entry drafts as JSON text: to hand an entry to the process that may append it. */
import type { EntryDraft } from '../model/entry.ts';

export const draftText = (draft: EntryDraft): string =>
  JSON.stringify({ ...draft, effectiveAt: String(draft.effectiveAt) });

/** Throws a SyntaxError when the text is none of `draftText`. */
export function draftFromText(text: string): EntryDraft {
  const draft = JSON.parse(text) as Omit<EntryDraft, 'effectiveAt'> & {
    readonly effectiveAt: string;
  };
  return { ...draft, effectiveAt: BigInt(draft.effectiveAt) };
}
