/** What a repair wrote can be taken back for as long as the break tells it, and then no more. */
import { afterEach, expect, test } from 'vitest';
import type { Break } from '../../src/model/break.ts';
import { draftsOfBreaks, knownBreaks } from '../../src/service/reconcile-entries.ts';
import { undoableOf } from '../../src/service/serving/reads/undoable.ts';
import { fillAt } from '../service/listening/ground.ts';
import { rowBehind } from './rows-stage.ts';
import { type Served, serve } from './served.ts';
import { serveSource } from './source-stage.ts';

let served: Served;
afterEach(() => served.close());

const get = async <T>(path: string): Promise<T> => (await served.get(path)).body as T;

interface BreakShown {
  readonly id: string;
  readonly state: string;
  readonly undo: readonly number[];
  readonly repair: { readonly planHash: string };
}

const shown = (id: string) => get<BreakShown>(`/api/v1/breaks/${id}`);
const undoOf = async (id: string) => (await shown(id)).undo;

async function firstBreak(where = 'state=open'): Promise<string> {
  const { items } = await get<{ items: readonly BreakShown[] }>(`/api/v1/breaks?${where}`);
  return items[0]!.id;
}

/** Proposed, approved and repaired: the sequences that were written. */
async function repaired(id: string): Promise<readonly number[]> {
  const plan = (await shown(id)).repair.planHash;
  await served.post(`/api/v1/breaks/${id}/propose`);
  await served.post(`/api/v1/breaks/${id}/approve`, { plan });
  const { status, body, text } = await served.post(`/api/v1/breaks/${id}/repair`, { plan });
  expect(status, text).toBe(200);
  return body!['sequences'] as readonly number[];
}

const takeBack = async (account: string, sequence: number) =>
  (await served.post(`/api/v1/entries/${account}/${sequence}/undo`)).status;

test('RD71 a repair of the book can be taken back until it was', async () => {
  served = await serve();
  served.of.paper.trade('buy', '0.5');
  await served.post('/api/v1/checks');
  const id = await firstBreak();
  expect(await undoOf(id)).toEqual([]);
  const sequences = await repaired(id);
  expect(sequences.length).toBeGreaterThan(0);
  // Whoever comes later, and saw no toast.
  expect(await undoOf(id)).toEqual(sequences.toReversed());
  const now = Number(served.of.clock.now() / 1_000_000n);
  served.of.clock.pass(2_000);
  const then = await get<BreakShown>(`/api/v1/breaks/${id}?as_of=${new Date(now).toISOString()}`);
  expect([then.state, then.undo]).toEqual(['VERIFIED', []]);
  expect(await takeBack('main', sequences[0]!)).toBe(200);
  expect(await shown(id)).toMatchObject({ state: 'REOPENED', undo: [] });
  // Found again and repaired again: it is the newer repair that is taken back.
  await served.post('/api/v1/checks');
  const again = await repaired(id);
  expect(again).not.toEqual(sequences);
  expect(await undoOf(id)).toEqual(again.toReversed());
});

test('RD71 what repaired several breaks at once is not taken back through one', async () => {
  served = await serve();
  served.of.paper.trade('buy', '0.5');
  await served.post('/api/v1/checks');
  const id = await firstBreak();
  await repaired(id);
  const { parts } = served;
  const { file } = parts.reader;
  const account = file.accounts()[0]!;
  const { breaks } = knownBreaks(file, account.account);
  const one: Break = { ...breaks.find((each) => each.id === id)!, state: 'REPAIRED' };
  const other: Break = { ...one, id: 'BRK-0THER1' };
  const at = served.of.clock.now();
  const written = async (name: string, steps: readonly Break[]) => {
    const { counts } = knownBreaks(file, account.account);
    const drafts = draftsOfBreaks(steps, at, counts).map((draft) => ({ draft }));
    const entries = [{ fact: fillAt(name, at) }, ...drafts];
    const writer = await parts.writer();
    await writer.apply({ account: account.name, expectedSequence: null, entries });
    await writer.close();
    return file.head(account.account).sequence - drafts.length;
  };
  await written('with another', [one, other]);
  expect(undoableOf(parts, { account }, one)).toEqual([]);
  const alone = await written('alone', [one]);
  expect(undoableOf(parts, { account }, one)).toEqual([alone]);
});

test('RD71 a total that was written into a database, until something else is written', async () => {
  const staged = await serveSource();
  served = staged.served;
  await staged.look();
  const { items } = await get<{ items: readonly (BreakShown & { reason: string })[] }>(
    '/api/v1/breaks',
  );
  const { id } = items.find(({ reason }) => reason === 'TOTAL_STALE')!;
  const other = items.find(({ reason }) => reason === 'PERFORMANCE_STALE')!;
  const [sequence] = await repaired(id);
  expect(await undoOf(id)).toEqual([sequence]);
  const [later] = await repaired(other.id);
  expect([await undoOf(id), await undoOf(other.id)]).toEqual([[], [later]]);
  expect(await takeBack('falcon', later!)).toBe(200);
  expect(await undoOf(other.id)).toEqual([]);
});

test('RD71 a row that was written into a database, until it was taken back', async () => {
  ({ served } = await rowBehind());
  await served.post('/api/v1/checks');
  served.of.clock.pass(3_000);
  const id = await firstBreak();
  const [sequence] = await repaired(id);
  expect(await undoOf(id)).toEqual([sequence]);
  expect(await takeBack('main', sequence!)).toBe(200);
  expect(await undoOf(id)).toEqual([]);
});
