import { describe, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { runnersOf } from '../../../src/service/executing/load-strategy.ts';
import { ran, written } from './paper-ground.ts';

const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

describe('choices', () => {
  test.each([
    [['ma-cross'], ['1']],
    [
      ['ma-cross', 'breakout', 'rsi-reversion'],
      ['0.3333', '0.3333', '0.3333'],
    ],
    [
      ['ma-cross=0.5', 'breakout', 'rsi-reversion'],
      ['0.5', '0.25', '0.25'],
    ],
    [
      ['ma-cross=0.5', 'breakout=0.3'],
      ['0.5', '0.3'],
    ],
  ])('ST5 %j have shares of %j', async (chosen, shares) => {
    const runners = await runnersOf(chosen, []);
    expect(runners.map(({ share }) => toText(share))).toEqual(shares);
  });

  test.each([
    [['ma-cross=0.7', 'breakout=0.4'], [], 'the shares are 1.1 together, more than 1'],
    [['ma-cross=1', 'breakout'], [], 'leave nothing for the others'],
    [['ma-cross=0'], [], 'ma-cross=0 gives no share'],
    [['ma-cross=much'], [], 'ma-cross=much gives no share'],
    [['ma-cros'], [], 'there is no strategy ma-cros'],
    [['ma-cross', 'ma-cross'], [], 'two strategies are named ma-cross'],
    [['ma-cross'], ['ma-cross.fast=30'], 'ma-cross.slow 30 is not above fast'],
    [['ma-cross'], ['fast=30'], 'fast=30 is no parameter'],
    [['ma-cross'], ['breakout.exit=5'], 'no strategy breakout is run'],
    [['./nowhere.ts'], [], 'there is no file ./nowhere.ts'],
  ])('ST3 ST5 %j with %j is refused: %s', async (chosen, parameters, why) => {
    expect(await code(runnersOf(chosen, parameters))).toContain(why);
  });

  test('ST3 a parameter is set for its strategy', async () => {
    const [runner] = await runnersOf(['ma-cross'], ['ma-cross.fast=5', 'ma-cross.slow=6']);
    expect(Object.values(runner!.parameters).map(toText)).toEqual(['5', '6']);
  });
});

describe('files', () => {
  const flat = `() => ({ want: 'flat', limit: null, why: 'none' })`;

  test.each([
    ['export const one = 1;', 'exports no function'],
    [`export const a = ${flat};\nexport const b = ${flat};`, 'exports 2 functions'],
    ['export const a = (', 'does not load'],
    ["import { missing } from 'trueup';\nexport const a = () => missing;", 'does not load'],
    ["throw new Error('of its own');", 'does not load: of its own'],
  ])('ST4 %j is refused: %s', async (text, why) => {
    expect(await code(runnersOf([written('mine.ts', text)], []))).toContain(why);
  });

  test.each([
    ['() => undefined', 'answered nothing'],
    ['async () => null', 'answered a promise'],
    ["() => 'long'", 'answered a string'],
    ["() => ({ want: 'up', limit: null, why: 'x' })", 'answered want "up"'],
    ["() => ({ want: 'long', limit: 100, why: 'x' })", 'answered limit 100'],
    [
      "() => ({ want: 'long', limit: { coefficient: -1, scale: 0 }, why: 'x' })",
      'answered limit -1',
    ],
    ["() => ({ want: 'long', limit: null })", 'answered no reason'],
    ["() => { throw new Error('lost') }", 'threw "lost"'],
  ])('ST4 %s ends the run, and is said with its bar', async (text, why) => {
    const path = written('mine.mts', `export const mine = ${text};`);
    const said = await code(ran({ strategies: [path] }));
    expect(said).toContain(`strategy-failed: strategy mine ${why}`);
    expect(said).toContain('at the bar that ended 2026-01-01T01:00:00Z');
  });

  test('ST4 one exported function is a strategy, wherever its file lies', async () => {
    const path = written(
      'My Strategy.ts',
      "import type { Seen, Signal } from 'trueup';\n" +
        'const least = 3;\n' +
        'export function follow({ bars }: Seen): Signal | null {\n' +
        '  if (bars.length < least) return null;\n' +
        "  return { want: 'long', limit: null, why: 'always' };\n" +
        '}\n',
    );
    const { document } = await ran({ strategies: [path] });
    expect(document.strategies[0]).toMatchObject({ name: 'my-strategy', from: path, orders: 1 });
    expect(document.verdict).toBe('true');
  });
});
