import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { account, CommandLine, deposit, fill, mark } from './command-line.ts';

let cli: CommandLine;

beforeEach(async () => {
  cli = new CommandLine();
  await cli.book();
});
afterEach(() => cli.remove());

const sound = [account, deposit, fill('e1'), fill('e2', { side: 'sell', price: '61000' })];
const bad = fill('e3', { price: '0' });

interface Imported {
  readonly counts: Readonly<Record<string, number>>;
  readonly files: readonly { readonly written: boolean }[];
  readonly accountsMade: readonly string[];
  readonly warnings: readonly object[];
}

interface Failed {
  readonly code: string;
  readonly where: object;
  readonly details: Imported & { readonly refused: readonly object[] };
}

const entriesIn = async (words = ''): Promise<number> =>
  (await cli.json<{ sequence: number }>(`book ${words}`)).sequence;

describe('a sound file', () => {
  test('X6 is booked once, however often it is imported', async () => {
    cli.file('facts.ndjson', sound);
    expect(await cli.run('import facts.ndjson')).toEqual({
      code: 0,
      out: 'facts.ndjson: 4 booked\n',
      err: '',
    });
    expect((await cli.run('import facts.ndjson')).out).toBe('facts.ndjson: 4 duplicate\n');
  });

  test('X6 is booked whatever the order of its lines: what others need goes first', async () => {
    cli.file('forwards.ndjson', sound);
    cli.file('backwards.ndjson', [...sound].reverse());
    await cli.book([], 'other.db');
    await cli.run('import forwards.ndjson');
    await cli.run('import backwards.ndjson --book other.db');
    const [one, other] = [await cli.json('book'), await cli.json('book --book other.db')];
    expect({ ...other, head: one['head'] }).toEqual(one);
  });

  test('X6 finds what it stands on in another file, whatever the order of the files', async () => {
    const instrument = { kind: 'instrument', venue: 'bybit', instrument: 'ODD', type: 'linear' };
    const terms = { base: 'ODD', quote: 'USDT', settle: 'USDT', multiplier: '10' };
    cli.file('fills.ndjson', [fill('e1', { instrument: 'ODD' })]);
    cli.file('terms.ndjson', [account, { ...instrument, ...terms }]);
    expect((await cli.run('import fills.ndjson terms.ndjson')).code).toBe(0);
  });

  test('comes as CSV or from standard input, too', async () => {
    const csv = [
      'account,instrument,side,quantity,price,fee,executionId,time',
      'main,BTC/USDT:USDT,buy,0.5,60000,0,e1,2026-11-02T09:00:00Z',
    ].join('\n');
    cli.file('fills.csv', csv);
    expect((await cli.run('import fills.csv')).out).toContain('1 booked');
    const piped = await cli.json<Imported>('import -', { input: csv });
    expect(piped.counts).toMatchObject({ booked: 0, duplicate: 1 });
  });

  test('makes the accounts that it names, and says so', async () => {
    cli.file('facts.ndjson', [fill('e1')]);
    const { code, out } = await cli.run('import facts.ndjson');
    expect(code).toBe(0);
    expect(out).toContain('made with the defaults: account main');
  });
});

describe('a file with a bad row', () => {
  test('X5 is not booked at all, and the row is told by place, rule and hint', async () => {
    cli.file('facts.ndjson', [...sound, bad]);
    const failed = await cli.json<Failed>('import facts.ndjson');
    const where = { file: 'facts.ndjson', line: 5, field: 'price', value: '0' };
    expect(failed).toMatchObject({
      schema: 'trueup.error/1',
      exitCode: 2,
      code: 'price-not-positive',
      where,
      retry: false,
    });
    expect(failed.details.refused).toMatchObject([{ where, rule: expect.stringMatching(/^M6/) }]);
    expect(failed.details.files).toMatchObject([{ written: false }]);
    expect((await cli.run('book')).err).toContain('has no account yet');
  });

  test('X5 says the same to people, on standard error', async () => {
    cli.file('facts.ndjson', [...sound, bad]);
    const { code, out, err } = await cli.run('import facts.ndjson');
    expect(code).toBe(2);
    expect(out).toBe('facts.ndjson: nothing booked: 1 refused\n');
    expect(err).toContain('error: facts.ndjson:5: price "0" is not greater than 0');
    expect(err).toContain('hint: ');
  });

  test('X5 does not keep a sound file beside it out', async () => {
    cli.file('sound.ndjson', sound);
    cli.file('bad.ndjson', [fill('e4'), bad]);
    const failed = await cli.json<Failed>('import bad.ndjson sound.ndjson');
    expect(failed.details.files).toMatchObject([{ written: false }, { written: true }]);
    expect(await entriesIn()).toBe(5);
  });

  test('X5 also where only the book can see that it is bad', async () => {
    cli.file('facts.ndjson', [...sound, fill('e3', { instrument: 'NOSUCH' })]);
    const failed = await cli.json<Failed>('import facts.ndjson');
    expect(failed).toMatchObject({
      code: 'instrument-unknown',
      where: { file: 'facts.ndjson', line: 5, field: 'instrument', value: 'NOSUCH' },
    });
    expect((await cli.run('book')).code).toBe(2);
  });

  test('X5 tells every bad row, whoever finds it', async () => {
    cli.file('facts.ndjson', [...sound, bad, fill('e4', { instrument: 'NOSUCH' })]);
    const { details } = await cli.json<Failed>('import facts.ndjson');
    expect(details.refused).toMatchObject([
      { code: 'price-not-positive' },
      { code: 'instrument-unknown' },
    ]);
  });

  test('X5 has its good rows booked with --partial', async () => {
    cli.file('facts.ndjson', [...sound, bad]);
    const { code, err } = await cli.run('import facts.ndjson --partial');
    expect(code).toBe(0);
    expect(err).toContain('price-not-positive');
    expect(await entriesIn()).toBe(5);
  });
});

test('X7 a contradiction is recorded, told and never booked', async () => {
  await cli.book(sound);
  const before = await cli.json<Record<string, object>>('book');
  cli.file('again.ndjson', [fill('e1', { price: '60001' })]);
  const { code, err } = await cli.run('import again.ndjson');
  expect(code).toBe(3);
  expect(err).toContain('again.ndjson:1: fill e1 of main is booked with another price than 60001');
  const after = await cli.json<Record<string, object>>('book');
  expect({ ...after, sequence: 0, head: 0 }).toEqual({ ...before, sequence: 0, head: 0 });
  expect((await cli.run('audit --kind conflict')).out).toContain('contradicts');
});

test('X7 a refused row outranks a conflict', async () => {
  await cli.book(sound);
  cli.file('mixed.ndjson', [fill('e1', { price: '60001' }), bad]);
  expect((await cli.run('import mixed.ndjson')).code).toBe(2);
  expect((await cli.run('import mixed.ndjson --partial')).code).toBe(3);
});

test('X8 a dry run says what would happen and writes nothing', async () => {
  cli.file('facts.ndjson', sound);
  const { code, out, err } = await cli.run('import facts.ndjson --dry-run');
  expect({ code, out }).toEqual({ code: 0, out: 'facts.ndjson: would be 4 booked\n' });
  expect(err).toContain('nothing was written');
  expect((await cli.run('book')).code).toBe(2);
});

test('X9 fields that no fact has are told once, and refused with --strict', async () => {
  const facts = ['e1', 'e2', 'e3'].map((id) => fill(id, { prise: '1' }));
  cli.file('facts.ndjson', [account, ...facts]);
  const { warnings } = await cli.json<Imported>('import facts.ndjson --dry-run');
  expect(warnings).toMatchObject([
    { field: 'prise', line: 2, count: 3, hint: 'did you mean price?' },
  ]);
  expect((await cli.run('import facts.ndjson --strict')).code).toBe(2);
  expect((await cli.run('import facts.ndjson')).err).toContain('3 times');
});

test('an opening is booked before what follows it, and contains what came before it', async () => {
  const opening = { kind: 'opening', account: 'main', time: '2026-11-02T08:30:00Z' };
  const balances = [{ currency: 'USDT', total: '500' }];
  cli.file('facts.ndjson', [account, fill('e1'), deposit, { ...opening, balances, positions: [] }]);
  const { out } = await cli.run('import facts.ndjson');
  expect(out).toBe('facts.ndjson: 3 booked, 1 before the opening\n');
});

test('what cannot be read is refused before anything is written', async () => {
  const { code, err } = await cli.run('import missing.ndjson');
  expect(code).toBe(2);
  expect(err).toContain('file-unreadable');
});

test('marks are booked before what they value', async () => {
  const coin = { kind: 'deposit', account: 'main', currency: 'BTC', amount: '1', id: 'd2' };
  cli.file('facts.ndjson', [
    account,
    { ...coin, time: '2026-11-02T09:00:00Z' },
    mark('BTC/USDT', '60000', '2026-11-02T08:59:00Z'),
  ]);
  await cli.run('import facts.ndjson');
  const book = await cli.json<{ positions: readonly object[] }>('book');
  expect(book.positions).toMatchObject([{ asset: 'BTC', averagePrice: '60000' }]);
});
