/** What was booked, in the log: each fact where there are few, else how many. */
import { toText, toTextOrNull } from '../../decimal/text.ts';
import type { Fact, Fill } from '../../model/fact.ts';
import type { Log } from '../log.ts';
import type { Outcome } from '../outcome.ts';
import { factWords, fillWords } from './identity.ts';
import type { OrderProgress } from './order-progress.ts';

const fewFacts = 50;

export function tellFacts(
  log: Log,
  facts: readonly Fact[],
  outcomes: readonly Outcome[],
  progress: OrderProgress,
): void {
  const booked = facts.filter((_, index) => outcomes[index]?.status === 'booked');
  if (booked.length > fewFacts) {
    const fills = booked.filter(({ kind }) => kind === 'fill').length;
    const msg = `Booked ${booked.length} facts, ${fills} fills among them`;
    log.info({ event: 'facts.booked', msg });
  } else for (const fact of booked) tellFact(log, fact, progress);
  for (const [index, fact] of facts.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status !== 'conflict') continue;
    const fields = outcome.fields.join(', ');
    const msg = `Told otherwise than it is booked (${fields}): ${factWords(fact)}`;
    log.warn({ event: 'fact.conflict', msg });
  }
}

function tellFact(log: Log, fact: Fact, progress: OrderProgress): void {
  switch (fact.kind) {
    case 'fill':
      return tellFill(log, fact, progress);
    case 'bust':
    case 'correction': {
      const { account, executionId, kind } = fact;
      return log.warn({ event: `fill.${kind}`, account, msg: `${kind} of ${executionId}` });
    }
    case 'order':
    case 'instrument':
    case 'mark':
      return;
    default:
      return log.info({ event: 'fact.booked', msg: `Booked ${factWords(fact)}` });
  }
}

function tellFill(log: Log, fill: Fill, progress: OrderProgress): void {
  const { account, instrument, orderId } = fill;
  const known = orderId === null ? null : progress.of(instrument, orderId);
  const left = toTextOrNull(known?.remaining ?? null);
  const order =
    known === null
      ? ''
      : `; order ${orderId}: filled ${toText(known.filled)}, remaining ${left ?? 'not known'}`;
  log.info({ event: 'fill.booked', account, instrument, msg: `Filled ${fillWords(fill)}${order}` });
}
