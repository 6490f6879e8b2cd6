/** What a check that was asked for found. */
import type { Verdict } from '../api/forms.ts';
import { verdictWord } from './break-words.ts';

export interface Checked {
  readonly account: string;
  readonly verdict: Verdict;
  readonly why: string | null;
}

export interface CheckedWords {
  readonly tone: 'done' | 'failed';
  readonly words: string;
  /** Of those that are not true: why. */
  readonly detail: string | null;
}

const worstFirst: readonly Verdict[] = ['break', 'cannot-say', 'true'];

/** A check that cannot say was not done. */
export function checkedWords(accounts: readonly Checked[]): CheckedWords {
  if (accounts.length === 0) {
    return { tone: 'failed', words: 'Nothing was checked: there is no account', detail: null };
  }
  const told = worstFirst.flatMap((verdict) => {
    const names = accounts.filter((one) => one.verdict === verdict).map(({ account }) => account);
    return names.length === 0 ? [] : [`${verdictWord[verdict]}: ${names.join(', ')}`];
  });
  const whys = accounts.flatMap(({ account, why }) => (why === null ? [] : [`${account}: ${why}`]));
  return {
    tone: accounts.some(({ verdict }) => verdict === 'cannot-say') ? 'failed' : 'done',
    words: `Checked. ${told.join(' · ')}`,
    detail: whys.length === 0 ? null : whys.join(' · '),
  };
}
