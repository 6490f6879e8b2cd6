/** What happens between two steps of an exit, and answers that are lost. */
import { describe, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { planOnly, runExits } from '../../../src/service/exiting/run.ts';
import { allowed, Ground, type Hook, lost, refuses } from './double.ts';

/** A short of 4160 at 0.05, with our limit at break-even: 0.05 x 0.999 = 0.04995. */
async function quoted(how: { readonly amend?: boolean } = {}): Promise<Ground> {
  const ground = new Ground('-4160', how);
  ground.wait(3);
  await runExits(ground.parts(), allowed);
  expect(ground.open()).toEqual(['buy 4160 of 4160 @ 0.04995']);
  ground.calls.length = 0;
  ground.placed.length = 0;
  return ground;
}

const outcomes = async (ground: Ground) => {
  const { deeds } = await runExits(ground.parts(), allowed);
  return deeds.map(({ what, outcome }) => `${what} ${outcome}`);
};

/** The market trades at our price, as much as is said, before the call goes on. */
const fills =
  (ground: Ground, quantity: string): Hook =>
  (go) => {
    ground.trade('0.0499', quantity, 'sell');
    ground.touch('0.0505', '0.05051');
    return go();
  };

describe('an exit is quoted, and anew as the loss grows', () => {
  test('EX15 grace, liquidation and the market, amended in place', async () => {
    const ground = await quoted();
    ground.wait(1);
    expect(await outcomes(ground)).toEqual([]); // the same price
    ground.wait(3); // 7 h: 0.05 x 1.005
    expect(await outcomes(ground)).toEqual(['amend amended']);
    expect(ground.open()).toEqual(['buy 4160 of 4160 @ 0.05025']);
    ground.wait(19, '0.06', '0.06001'); // 26 h
    expect(await outcomes(ground)).toEqual(['cancel cancelled', 'create filled']);
    expect([ground.left(), ground.open()]).toEqual(['0', []]);
    expect(await outcomes(ground)).toEqual([]);
  });

  test('EX15 without amending: cancelled, looked at, and made for what is left', async () => {
    const ground = await quoted({ amend: false });
    ground.trade('0.0499', '1000', 'sell');
    ground.wait(4);
    expect(await outcomes(ground)).toEqual(['cancel cancelled', 'create placed']);
    expect(ground.open()).toEqual(['buy 3160 of 3160 @ 0.05025']);
    expect(ground.left()).toBe('-3160');
  });

  test('EX15 a long leg of hedge mode is sold', async () => {
    const ground = new Ground('4160', { leg: 'long' });
    ground.wait(3, '0.049', '0.04901');
    expect(await outcomes(ground)).toEqual(['create placed']);
    // Entered at the ask: 0.05001 x 1.001 = 0.05006001, up to the tick
    expect(ground.open()).toEqual(['sell 4160 of 4160 @ 0.05007']);
    expect(ground.placed[0]).toMatchObject({ leg: 'long', reduceOnly: true });
  });
});

interface Race {
  readonly what: string;
  readonly amend: boolean;
  readonly hooks: (ground: Ground) => Readonly<Record<string, Hook>>;
  readonly deeds: readonly string[];
  readonly open: readonly string[];
  readonly left: string;
}

const races: readonly Race[] = [
  {
    what: 'filled wholly before the amend arrives',
    amend: true,
    hooks: (ground) => ({ 'amend 1': fills(ground, '4160') }),
    ...{ deeds: ['amend filled'], open: [], left: '0' },
  },
  {
    what: 'filled in part before the amend arrives',
    amend: true,
    hooks: (ground) => ({ 'amend 1': fills(ground, '1000') }),
    deeds: ['amend amended'],
    open: ['buy 3160 of 4160 @ 0.05025'],
    left: '-3160',
  },
  {
    what: 'the answer to the amend is lost, and it was done',
    amend: true,
    hooks: () => ({ 'amend 1': lost(true) }),
    deeds: ['amend amended'],
    open: ['buy 4160 of 4160 @ 0.05025'],
    left: '-4160',
  },
  {
    what: 'the amend is lost, and was not done: told, and done by the next run',
    amend: true,
    hooks: () => ({ 'amend 1': lost(false) }),
    deeds: ['amend unknown'],
    open: ['buy 4160 of 4160 @ 0.04995'],
    left: '-4160',
  },
  {
    what: 'filled wholly before the cancel arrives',
    amend: false,
    hooks: (ground) => ({ 'cancel 1': fills(ground, '4160') }),
    ...{ deeds: ['cancel filled'], open: [], left: '0' },
  },
  {
    what: 'filled in part before the cancel arrives',
    amend: false,
    hooks: (ground) => ({ 'cancel 1': fills(ground, '1000') }),
    deeds: ['cancel cancelled', 'create placed'],
    open: ['buy 3160 of 3160 @ 0.05025'],
    left: '-3160',
  },
  {
    what: 'the answer to the cancel is lost, and it was done after a part filled',
    amend: false,
    hooks: (ground) => ({
      'cancel 1': (go) => {
        ground.trade('0.0499', '1000', 'sell');
        return lost(true)(go);
      },
    }),
    deeds: ['cancel cancelled', 'create placed'],
    open: ['buy 3160 of 3160 @ 0.05025'],
    left: '-3160',
  },
  {
    what: 'the cancel is lost: no second order beside the first',
    amend: false,
    hooks: () => ({ 'cancel 1': lost(false) }),
    deeds: ['cancel unknown'],
    open: ['buy 4160 of 4160 @ 0.04995'],
    left: '-4160',
  },
  {
    what: 'the answer to the order is lost, and it was taken',
    amend: false,
    hooks: () => ({ 'place 2': lost(true) }),
    deeds: ['cancel cancelled', 'create placed'],
    open: ['buy 4160 of 4160 @ 0.05025'],
    left: '-4160',
  },
  {
    what: 'the order is lost: looked for, not there, and sent again by the same name',
    amend: false,
    hooks: () => ({ 'place 2': lost(false) }),
    deeds: ['cancel cancelled', 'create ended', 'create placed'],
    open: ['buy 4160 of 4160 @ 0.05025'],
    left: '-4160',
  },
  {
    what: 'the venue cannot say what became of the order',
    amend: false,
    hooks: () => {
      const mute: Hook = () => ({
        status: 'failed',
        why: 'down',
        retry: false,
        credentials: false,
      });
      // Of the first order 2 looks, of the second its name; then what became of it.
      return { 'place 2': lost(true), 'order 5': mute };
    },
    deeds: ['cancel cancelled', 'create unknown'],
    open: ['buy 4160 of 4160 @ 0.05025'],
    left: '-4160',
  },
  {
    what: 'positions lag behind a cancel that came too late for a part',
    amend: false,
    hooks: (ground) => {
      let stale: unknown = null;
      const remember: Hook = async (go) => {
        stale = await go();
        return stale;
      };
      const old: Hook = async (go) => {
        const now = (await go()) as { value: object };
        const { positions } = (stale as { value: { positions: unknown } }).value;
        return { ...now, value: { ...now.value, positions } };
      };
      // The first two looks of the run before; here the third sees it, the fourth is behind.
      return { 'statement 3': remember, 'cancel 1': fills(ground, '1000'), 'statement 4': old };
    },
    deeds: ['cancel cancelled', 'create placed'],
    open: ['buy 3160 of 3160 @ 0.05025'],
    left: '-3160',
  },
];

describe('races', () => {
  test.each(races)('EX16 EX17 $what', async ({ amend, hooks, deeds, open, left }) => {
    const ground = new Ground('-4160', { amend });
    ground.wait(3);
    await runExits(ground.parts(), allowed);
    ground.wait(4);
    ground.hooks = hooks(ground);
    expect(await outcomes(ground)).toEqual(deeds);
    expect([ground.open(), ground.left()]).toEqual([open, left]);
    // Whatever happened, the next run ends with one order for what is left.
    ground.hooks = {};
    await runExits(ground.parts(), allowed);
    const rest =
      left === '0' ? [] : [expect.stringMatching(`^buy ${left.slice(1)} of .* @ 0.05025$`)];
    expect([ground.open(), ground.left()]).toEqual([rest, left]);
    expect(await outcomes(ground)).toEqual([]);
  });

  test('EX16 a part that fills before a market order is sent is not closed twice', async () => {
    const ground = await quoted();
    ground.wait(23, '0.06', '0.06001');
    ground.hooks = { 'cancel 1': fills(ground, '1000') };
    await runExits(ground.parts(), allowed);
    expect(ground.placed.map(({ quantity }) => toText(quantity))).toEqual(['3160']);
    expect(ground.left()).toBe('0');
  });
});

describe('an order that the list does not show yet', () => {
  test('EX16 is found by its name, and not sent again', async () => {
    const ground = await quoted();
    const hides: Hook = async (go) => {
      const told = (await go()) as { value: { orders: object } };
      const orders = { ...told.value.orders, items: [] };
      return { ...told, value: { ...told.value, orders } };
    };
    ground.hooks = { 'statement 1': hides };
    expect(await outcomes(ground)).toEqual(['create placed']);
    expect([ground.placed, ground.open()]).toEqual([[], ['buy 4160 of 4160 @ 0.04995']]);
  });
});

describe('a thin market', () => {
  test('EX16 what found nobody to trade with is ordered once more, then left', async () => {
    const ground = new Ground('-4160');
    ground.wait(26);
    ground.touch('0.0505', '0.05051', '1000');
    const { deeds, stopped } = await runExits(ground.parts(), allowed);
    expect(deeds.map(({ outcome, filled }) => [outcome, toText(filled!)])).toEqual([
      ['ended', '1000'],
      ['ended', '0'],
    ]);
    expect([stopped, ground.left()]).toEqual([null, '-3160']);
    ground.touch('0.0505', '0.05051', '5000');
    await runExits(ground.parts(), allowed);
    expect(ground.left()).toBe('0');
  });
});

describe('what a venue refuses', () => {
  const grace = () => {
    const ground = new Ground('-4160');
    ground.wait(3);
    return ground;
  };

  test.each([
    ['170209', 'This trading pair is not available in your region', 'paused'],
    ['110003', 'Order price exceeds the allowable range.', 'paused'],
    ['-4024', 'Limit price cannot be lower than 0.04.', 'paused'],
    ['x', 'Buy order price cannot be higher than 0.04USDT.', 'paused'],
    ['110017', 'current position is zero, cannot fix reduce-only order qty', 'flat'],
    ['-2022', 'ReduceOnly Order is rejected.', 'flat'],
    ['110094', 'Order does not meet minimum order value 5USDT', 'dust'],
    ['110007', 'ab not enough for new order', 'refused'],
  ])('EX18 %s, %s: %s', async (code, why, outcome) => {
    const ground = grace();
    ground.hooks = { 'place 1': refuses(code, why) };
    const { deeds, after, stopped } = await runExits(ground.parts(), allowed);
    expect(deeds.map((deed) => [deed.outcome, deed.code])).toEqual([[outcome, code]]);
    expect([ground.open(), stopped]).toEqual([[], null]);
    // Sent once in this run; a pause keeps it from the next one, and from no later one.
    expect(after!.lines[0]!.standing).toBe(outcome === 'paused' ? 'paused' : 'due');
    ground.wait(23);
    const again = await outcomes(ground);
    expect(again.length === 0).toBe(outcome === 'paused');
    ground.wait(1);
    if (outcome === 'paused') expect(await outcomes(ground)).toEqual(['create filled']);
  });

  test('EX18 one position that is refused keeps no other from being left', async () => {
    const ground = grace();
    const parts = ground.parts();
    ground.hooks = { 'place 1': refuses('10024', 'compliance rules') };
    const { deeds } = await runExits(parts, allowed);
    expect(deeds).toMatchObject([{ outcome: 'paused', code: '10024' }]);
    const [line] = (await planOnly(parts)).plan.lines;
    expect(line!.why).toBe('until 2026-01-06T12:00:00Z: compliance rules (10024)');
  });
});

describe('what stops it', () => {
  test('EX17 nothing is sent where the gate denies; it is asked where there is work', async () => {
    const ground = new Ground('-4160');
    let asked = 0;
    const denying = async () => {
      asked += 1;
      return '2 breaks open';
    };
    const young = await runExits(ground.parts(), denying);
    expect([young.stopped, asked]).toEqual([null, 0]);
    ground.wait(3);
    const run = await runExits(ground.parts(), denying);
    expect(run.stopped).toEqual({ code: 'gate-denies', why: '2 breaks open' });
    expect([run.deeds, ground.placed, asked]).toEqual([[], [], 1]);
  });

  test('EX17 a venue without an answer, or with half of one, gets nothing', async () => {
    const ground = await quoted();
    ground.wait(4);
    const mute: Hook = () => ({ status: 'failed', why: 'down', retry: false, credentials: false });
    const part: Hook = async (go) => {
      const told = (await go()) as { value: { positions: object } };
      const positions = { ...told.value.positions, complete: false, items: [] };
      return { ...told, value: { ...told.value, positions } };
    };
    ground.hooks = { 'statement 4': mute, 'statement 5': part };
    ground.calls.push('statement', 'statement', 'statement');
    const silent = await runExits(ground.parts(), allowed);
    expect(silent.stopped).toEqual({ code: 'no-answer', why: 'down' });
    const cut = await runExits(ground.parts(), allowed);
    expect(cut.plan.unknown).toMatchObject([{ what: 'positions' }]);
    expect(ground.open()).toEqual(['buy 4160 of 4160 @ 0.04995']);
    expect([silent.deeds, cut.deeds]).toEqual([[], []]);
  });
});
