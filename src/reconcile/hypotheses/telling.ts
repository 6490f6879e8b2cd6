/** What is said of a line that was weighed: several ideas that fit are all told, none is picked. */
import { absolute, compare } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Confidence, RuledOut } from '../../model/break.ts';
import type { Reason } from '../../model/reason.ts';
import type { Weighed } from './idea.ts';

export interface Told {
  /** That of the first candidate; the sentence says where others fit as well. */
  readonly reason: Reason;
  readonly confidence: Confidence;
  readonly sentence: string;
}

/** `deciding`: the data that would decide it, `the executions since 13:08:35Z`; empty: none. */
export function toldOf(weighed: Weighed, deciding: string): Told {
  const { candidates, confidence, gaveUp } = weighed;
  const asked = deciding === '' ? '' : ` What would decide it: ${deciding}.`;
  const ended = gaveUp === null ? '' : ` Not all was tried: ${gaveUp}.`;
  const [first, ...rest] = candidates;
  if (first === undefined) {
    const told = `No cause that is known leaves nothing over.${bestIdea(weighed)}`;
    const sentence = `${told}${ended}${asked}`;
    return { reason: 'UNEXPLAINED', confidence: 'unexplained', sentence };
  }
  const { reason } = first;
  if (confidence === 'proven')
    return { reason, confidence, sentence: `${capital(first.sentence)}.` };
  const told =
    rest.length === 0
      ? `Only one cause that is known leaves nothing over: ${first.sentence}. Nothing proves it.`
      : `Ambiguous: ${candidates.length} causes leave nothing over, and nothing proves one of ` +
        `them: ${candidates.map(({ sentence }) => sentence).join('; or ')}.`;
  return { reason, confidence: 'likely', sentence: `${told}${ended}${asked}` };
}

/** The idea that leaves least, with what it leaves. */
function bestIdea({ ruledOut }: Weighed): string {
  const best = nearestOf(ruledOut);
  return best === null ? '' : ` The best idea leaves ${toText(best.residual!)}: ${best.why}.`;
}

function nearestOf(ruledOut: readonly RuledOut[]): RuledOut | null {
  let best: RuledOut | null = null;
  for (const one of ruledOut) {
    if (one.residual === null) continue;
    const size = absolute(one.residual);
    if (best === null || compare(size, absolute(best.residual!)) < 0) best = one;
  }
  return best;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
