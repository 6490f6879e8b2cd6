import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../house/sources.ts';
import { exampleBars, madeBars } from '../service/executing/made-bars.ts';
import { CommandLine } from './command-line.ts';

const cli = new CommandLine();
beforeAll(() => cpSync(join(root, 'examples'), join(cli.folder, 'examples'), { recursive: true }));
afterAll(() => cli.remove());

const data = '--data examples/ABC_USDT-1h.csv --tick 0.01 --lot 0.001';
const four = '--strategy ma-cross rsi-reversion bollinger-reversion breakout';

interface Printed {
  readonly mode: string;
  readonly verdict: string;
  readonly assumptions: { readonly mode: string; readonly notes: readonly string[] };
  readonly performance: Readonly<Record<string, unknown>>;
  readonly strategies: readonly { readonly name: string; readonly share: string }[];
}

test('ST14 the example is what the test makes, and the strategy what the page shows', () => {
  const example = readFileSync(join(root, 'examples', 'ABC_USDT-1h.csv'), 'utf8');
  expect(example).toBe(madeBars(exampleBars));
  const [, program] = readFileSync(join(root, 'examples', 'strategy.ts'), 'utf8').split('*/\n');
  expect(readFileSync(join(root, 'docs', 'paper.md'), 'utf8')).toContain(program!.trim());
});

describe('paper', () => {
  test('ST11 ST13 shows what was earned, the book, and TRUE, each under PAPER', async () => {
    const { code, out } = await cli.run(`paper ${data} ${four}`);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^PAPER paper · 2026-01-01 00:00:00Z to 2026-01-31 00:00:00Z/);
    expect(lines.at(-1)).toMatch(/^PAPER ✓ TRUE .* the book and the exchange's own statement$/);
    for (const words of ['return ', 'drawdown ', 'trades ', 'unexplained', 'book paper · PAPER']) {
      expect(out).toContain(words);
    }
    expect(out).toContain('mode: PAPER');
    expect(existsSync(join(cli.folder, 'trueup.db'))).toBe(false);
  });

  test('ST12 the same command prints the same bytes', async () => {
    const words = `paper ${data} ${four} --instrument ABC/USDT:USDT --seed 7`;
    const [text, again] = [await cli.run(words), await cli.run(words)];
    expect(again.out).toBe(text.out);
    const [json, twice] = [await cli.run(`${words} --json`), await cli.run(`${words} --json`)];
    expect(json.code).toBe(0);
    expect(twice.out).toBe(json.out);
  });

  test('ST5 ST13 --json is one document, marked PAPER with its assumptions', async () => {
    const printed = await cli.json<Printed>(
      `paper ${data} --strategy ma-cross=0.5 breakout=0.3 --capital 500 --fees 0,0 --latency 0`,
    );
    expect(printed).toMatchObject({
      ...{ schema: 'trueup.paper/1', mode: 'PAPER', verdict: 'true', currency: 'USDT' },
      assumptions: { mode: 'PAPER', latencyMs: 0 },
      performance: { capital: '500', fees: '0' },
    });
    expect(printed.assumptions.notes.length).toBeGreaterThan(3);
    expect(printed.strategies.map(({ share }) => share)).toEqual(['0.5', '0.3']);
  });

  test('ST13 with --book the book stays, as a paper account, and is replaced by none', async () => {
    const words = `--book run.db paper ${data} --strategy breakout`;
    expect((await cli.run(words)).code).toBe(0);
    const book = await cli.json('--book run.db book');
    expect(book).toMatchObject({ account: 'paper', mode: 'paper' });
    expect((await cli.run('--book run.db verify')).code).toBe(0);
    const again = await cli.run(words);
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('run.db is there already');
  });

  test('ST4 a file of one’s own runs, with the library, wherever it lies', async () => {
    cli.file('elsewhere/mine.ts', readFileSync(join(root, 'examples', 'strategy.ts'), 'utf8'));
    const own = await cli.json<Printed>(`paper ${data} --strategy elsewhere/mine.ts`);
    expect(own).toMatchObject({ verdict: 'true', strategies: [{ name: 'mine', share: '1' }] });
  });

  test('ST5 ST11 several files run at once, from one capital', async () => {
    cli.file(
      'DEF_USDT-1h.csv',
      madeBars({ ...exampleBars, seed: 3, startMs: exampleBars.startMs + 60_000 }),
    );
    const printed = await cli.json<Printed>(
      `paper --data examples/ABC_USDT-1h.csv DEF_USDT-1h.csv --tick 0.01 --lot 0.001 ${four}`,
    );
    expect(printed).toMatchObject({ verdict: 'true', data: [{ events: 720 }, { events: 720 }] });
    expect(printed.performance['fills']).toBeGreaterThan(100);
  });

  test('ST16 --funding pays on a perpetual', async () => {
    const times = ['2026-01-01T00:00:00Z', '2026-01-15T00:00:00Z'];
    cli.file('rates.csv', `date,rate\n${times.map((time) => `${time},0.001`).join('\n')}\n`);
    const run = `paper ${data} --strategy ma-cross --instrument ABC/USDT:USDT`;
    const funded = await cli.json<Printed>(`${run} --funding rates.csv`);
    expect(funded.verdict).toBe('true');
    expect(funded.performance['funding']).not.toBe('0');
    expect((await cli.json<Printed>(run)).performance['funding']).toBe('0');
  });

  test.each([
    [`${data} --strategy ma-cros`, 'did you mean ma-cross?'],
    [`${data} --strategy ma-cross=0.7 breakout=0.7`, 'more than 1'],
    [`${data} --strategy ma-cross --capital 0`, '--capital 0 is not greater than 0'],
    [`${data} --strategy ma-cross --fees 5,5`, '5,5 are no fees'],
    [`${data} --strategy ma-cross --seed x`, '--seed x is no number'],
    [`${data} --strategy ma-cross --bar 1x`, '--bar 1x is no length of a bar'],
    [`${data} --strategy ma-cross --instrument ABC`, 'ABC is no instrument'],
    [`${data} --strategy ma-cross --parameter ma-cross.fast=0`, 'counts no bars'],
    ['--data nowhere.csv --strategy ma-cross', 'nowhere.csv does not say of what it is'],
    ['--data NO_USDT-1h.csv --strategy ma-cross', 'NO_USDT-1h.csv cannot be read'],
    ['--strategy ma-cross', "required option '--data"],
    [
      '--data examples/ABC_USDT-1h.csv examples/ABC_USDT-1h.csv --strategy ma-cross',
      'two files are of ABC',
    ],
    [
      '--data examples/ABC_USDT-1h.csv examples/ABC_USDT-1h.csv --strategy ma-cross ' +
        '--instrument ABC/USDT ABC/EUR',
      'settles in USDT and EUR',
    ],
  ])('ST5 ST14 paper %s is refused', async (words, why) => {
    const { code, out, err } = await cli.run(`paper ${words}`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
  });
});
