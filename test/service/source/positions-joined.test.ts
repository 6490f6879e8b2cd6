/** Executions of a book that was listed up to a moment, and what a venue or statement lists. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Fill } from '../../../src/model/fact.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import { section } from '../../reconcile/kit.ts';
import {
  breakIn,
  executions,
  fillOf,
  missed,
  PositionsGround,
  seenAt,
  statement,
} from './positions-kit.ts';

let ground: PositionsGround;

const began = instant('2025-10-12T00:00:00Z');

/** The book has all up to then, as its venue listed it. */
async function listedTo(through: Instant, more: readonly Fill[] = []): Promise<void> {
  const known = executions.filter(({ time }) => time <= through);
  await ground.begin([...known, ...more]);
  const feed = { venue: 'bybit', account: 'main', section: 'executions', cursor: 'there' } as const;
  await ground.writing((writer) =>
    writer.keep([], { feeds: [{ ...feed, since: began, through, unfinished: false }] }),
  );
}

beforeEach(() => {
  ground = new PositionsGround();
});

const bare = statement({ executions: null });

describe('SP3 what a book was not listed for is not complete', () => {
  test('SP3 SP2 a list that ended before the look rules nothing out', async () => {
    await listedTo(instant('2025-10-13T13:30:00Z'));
    const look = await ground.check(bare);
    expect(look.input.truth.fillsCompleteSince).toBeNull();
    const hnt = breakIn(look, 'HNTUSDT')!;
    expect(hnt.confidence).toBe('likely');
    expect(hnt.explanation.candidates).toHaveLength(3);
    expect(hnt.explanation.sentence).toContain('Ambiguous');
  });

  test('SP3 one that reaches the look is complete, though the statement lists none', async () => {
    await listedTo(seenAt);
    const look = await ground.check(bare);
    expect(look.input.truth.fillsCompleteSince).toBe(began);
    expect(breakIn(look, 'HNTUSDT')!.explanation.evidence).toHaveLength(1);
  });

  test('SP3 of facts that no venue listed nobody knows what is missing', async () => {
    await ground.begin(executions);
    const look = await ground.check(bare);
    expect(look.input.truth.fillsCompleteSince).toBeNull();
  });
});

describe('SP3 two lists that meet are one', () => {
  const of = (from: string) => {
    const since = instant(from);
    const items = executions.filter(({ time }) => time >= since);
    return statement({ executions: section(items, { from: since, to: seenAt }) });
  };

  test('SP3 the book has what came before the list of an hour', async () => {
    await listedTo(instant('2025-10-13T13:59:00Z'));
    const { truth } = (await ground.check(of('2025-10-13T13:45:00Z'))).input;
    expect(truth.fillsCompleteSince).toBe(began);
    expect(truth.fills.map(({ executionId }) => executionId).sort()).toEqual(
      executions.map(({ executionId }) => executionId).sort(),
    );
    const look = await ground.check(of('2025-10-13T13:45:00Z'));
    for (const symbol of ['HNTUSDT', 'SCAUSDT', 'AGIUSDT']) {
      expect(breakIn(look, symbol)).toMatchObject({ confidence: 'proven' });
    }
    expect(missed).toHaveLength(3);
  });

  test('SP3 a book that has something wrong is joined to nothing', async () => {
    const extra = fillOf('twice', 'AGIUSDT', 'sell', '500', '0.0447', '2025-10-12 20:00:00');
    await listedTo(instant('2025-10-13T13:59:00Z'), [extra]);
    const look = await ground.check(of('2025-10-13T13:45:00Z'));
    expect(look.input.truth.fillsCompleteSince).toBe(instant('2025-10-13T13:45:00Z'));
  });

  test('SP3 with a hole between them only the newer one counts', async () => {
    await listedTo(instant('2025-10-13T13:30:00Z'));
    const look = await ground.check(of('2025-10-13T13:45:00Z'));
    expect(look.input.truth.fillsCompleteSince).toBe(instant('2025-10-13T13:45:00Z'));
    expect(breakIn(look, 'AGIUSDT')).toMatchObject({ confidence: 'likely' });
  });
});
