/** What a tool said of a case, held against its label. */
import { areSame } from './exchange.ts';
import type { Code, Scored, Verdict } from './verdict.ts';

export interface Score {
  /** Null: there was nothing to find. */
  readonly found: boolean | null;
  readonly falseBreaks: number;
  readonly namedRight: boolean | null;
  readonly wrongProven: boolean;
  /** Null: no listed fact tells how to repair it, and none was tried. */
  readonly repairExact: boolean | null;
}

const nothing: readonly Code[] = ['UNEXPLAINED', 'SETTLING'];

export function scoreOf(
  { label, passing, unfinal, truth, shown, provable }: Scored,
  verdict: Verdict,
): Score {
  const { breaks, named, proven, repaired, clean } = verdict;
  if (label === null) {
    return {
      ...{ found: null, falseBreaks: breaks, namedRight: null },
      ...{ wrongProven: proven.size > 0, repairExact: null },
    };
  }
  const said = [...named].filter((code) => !nothing.includes(code));
  const isAllowed = (code: Code): boolean =>
    label.free.has(code) || label.causes.some((codes) => codes.includes(code));
  const isCovered = label.causes.every((codes) => codes.some((code) => said.includes(code)));
  // Proven is right where each cause that fits is called so; without evidence a free one fits.
  const isProven = (code: Code): boolean =>
    (shown === 'all' || provable?.has(code) === true) &&
    label.causes.some((codes) => codes.includes(code));
  return {
    found: passing ? !clean || said.length > 0 : breaks > 0 || (unfinal && !clean),
    falseBreaks: passing ? breaks : (verdict.elsewhere ?? 0),
    namedRight: isCovered && said.every(isAllowed),
    wrongProven: [...proven].some((code) => !isProven(code)),
    repairExact: truth === null ? null : repaired !== null && areSame(repaired, truth),
  };
}
