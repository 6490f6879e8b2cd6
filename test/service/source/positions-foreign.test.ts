/** Rows of positions that the book never traded, and rows that were closed while they were held. */
import { describe, expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { section } from '../../reconcile/kit.ts';
import {
  breakIn,
  countsIn,
  executions,
  fillOf,
  heldBut,
  nameOf,
  PositionsGround,
  seenAt,
  statement,
} from './positions-kit.ts';

const balance = (currency: string, total: string) => ({
  ...{ currency, total: decimal(total), available: null, equity: null, borrowed: null },
});

const whole = { from: instant('2025-10-12T00:00:00Z'), to: seenAt };

/** A list that begins after everything was opened, and is empty. */
const late = section([], { from: instant('2025-10-13T15:15:00Z'), to: seenAt });

async function begun(facts: Parameters<PositionsGround['begin']>[0] = []) {
  const ground = new PositionsGround();
  await ground.begin(facts);
  return ground;
}

describe('SP60 what the book never traded, the exchange tells', () => {
  test('SP60 rows of an empty book are held against the exchange that holds them', async () => {
    const ground = await begun();
    const look = await ground.check(statement({ balances: section([]), executions: late }));
    // Nine are held and stored; AGI, SCA and HNT in other sizes.
    expect(countsIn(look)).toMatchObject({
      ...{ stored: 9, venue: 9, verified: 6, phantom: 0, different: 3, missing: 0 },
    });
    expect(look.checked.repairs.every(({ needsApproval }) => needsApproval)).toBe(true);
    expect(
      look.checked.repairs.flatMap(({ changes }) => changes).map(({ close }) => close),
    ).toEqual(look.checked.repairs.map(() => undefined));
  });

  test('SP60 so is one that a book of all others does not know', async () => {
    const others = executions.filter(({ instrument }) => instrument !== nameOf('HNTUSDT'));
    const ground = await begun(others);
    // Ten fees of 0.01, and what the exits lost: 3.14 + 0.394519.
    const look = await ground.check(
      statement({
        balances: section([balance('USDT', '-3.634519')]),
        executions: section(others, whole),
      }),
    );
    expect(look.input.truth.party).toBe('book');
    const hnt = breakIn(look, 'HNTUSDT')!;
    expect(hnt.reason).not.toBe('POSITION_PHANTOM');
    expect(hnt.lines[0]!.theirsParty).toBe('statement');
    expect(toTextOrNull(hnt.lines[0]!.theirs)).toBe('59.88');
    expect(hnt.explanation.sentence).not.toContain('at the book');
  });

  test('SP60 coins that the book calls foreign are there', async () => {
    const ground = await begun();
    ground.bot('DELETE FROM positions WHERE id <> 274');
    ground.bot("UPDATE positions SET symbol = 'HNT/USDT', leverage = 1");
    const look = await ground.check(
      statement({
        ...{ positions: section([]), executions: null },
        balances: section([balance('HNT', '59.88')]),
      }),
    );
    const hnt = look.checked.reconciled.breaks[0]!;
    expect(toText(hnt.lines[0]!.theirs!)).toBe('59.88');
    expect(hnt.reason).not.toBe('POSITION_PHANTOM');
  });
});

describe('SP62 a row that was closed while its position is held', () => {
  const phantoms =
    "UPDATE positions SET status = 'closed', pnl = 0, exit_reason = 'phantom', " +
    "closed_at = '2025-10-13 15:20:00+00:00'";

  test('SP62 nine of them are nine breaks, reopened with what is held', async () => {
    const ground = await begun();
    ground.bot(phantoms);
    const look = await ground.check(statement());
    expect(countsIn(look)).toMatchObject({ stored: 0, venue: 9, missing: 9, foreign: 0 });
    expect(look.checked.reconciled.verdict).toBe('break');
    const hnt = breakIn(look, 'HNTUSDT')!;
    expect(hnt).toMatchObject({ reason: 'POSITION_ORPHAN', confidence: 'proven' });
    expect(hnt.explanation.sentence).toContain('row 274');
    const { status, after } = await ground.apply(statement());
    expect(status).toBe('applied');
    expect(after.checked.reconciled.verdict).toBe('true');
    expect(countsIn(after)).toMatchObject({ stored: 9, verified: 9, missing: 0 });
    expect(ground.row(274)).toMatchObject({
      ...{ status: 'active', quantity: 59.88, closed_at: null, exit_reason: null },
    });
    expect(ground.row(274)['pnl']).not.toBe(0);
  });

  test('SP62 what was reopened is taken back', async () => {
    const ground = await begun();
    ground.bot(`${phantoms} WHERE id = 274`);
    const before = ground.row(274);
    await ground.apply(statement());
    await ground.at(statement(), ({ ground: { source } }) => source.undo(null, 'a test', seenAt));
    expect(ground.row(274)).toEqual(before);
  });

  test('SP62 no second row is added where an id is known', async () => {
    const ground = await begun();
    ground.bot(`${phantoms} WHERE id = 274`);
    ground.bot(
      `INSERT INTO orders (position_id, exchange, symbol, order_id, type, side, size, price, status,
        filled, created_at, updated_at) VALUES ('274', 'bybit', 'HNTUSDT', 'o-open-274', 'market',
        'buy', 60, 2.35, 'filled', 60, '2025-10-13 13:08:34+00:00', '2025-10-13 13:08:35+00:00')`,
    );
    const rows = ground.count('positions');
    await ground.apply(statement());
    expect(ground.count('positions')).toBe(rows);
    expect(ground.row(274)).toMatchObject({ status: 'active', quantity: 59.88 });
  });

  test('SP62 without executions a person decides', async () => {
    const ground = await begun();
    ground.bot(phantoms);
    const look = await ground.check(statement({ executions: null }));
    expect(countsIn(look)).toMatchObject({ missing: 9, foreign: 0 });
    expect(look.checked.repairs).toHaveLength(9);
    expect(look.checked.repairs.every(({ needsApproval }) => needsApproval)).toBe(true);
  });

  test('SP62 what somebody opened after the row was rightly closed is foreign', async () => {
    const ground = await begun();
    ground.bot(`${phantoms} WHERE id = 274`);
    const since = [
      fillOf('out', 'HNTUSDT', 'sell', '59.88', '2.4', '2025-10-13 15:15:00'),
      fillOf('hers', 'HNTUSDT', 'buy', '30', '2.4', '2025-10-13 15:22:00'),
    ];
    const look = await ground.check(
      statement({
        positions: heldBut('HNTUSDT', '30'),
        executions: section([...executions, ...since], whole),
      }),
    );
    expect(countsIn(look)).toMatchObject({ missing: 0, foreign: 1 });
  });

  test('SP62 what was reopened and is closed again is not reopened without a person', async () => {
    const ground = await begun();
    ground.bot(`${phantoms} WHERE id = 274`);
    await ground.apply(statement());
    ground.bot(`${phantoms} WHERE id = 274`);
    const look = await ground.check(statement());
    expect(breakIn(look, 'HNTUSDT')!.reason).toBe('REPAIR_OVERWRITTEN');
    expect(look.checked.repairs).toMatchObject([{ needsApproval: true }]);
  });
});

describe('SP67 symbols of instruments that were never traded', () => {
  test('SP67 a phantom that nobody lists is a break: its symbol is known', async () => {
    const ground = await begun();
    const others = executions.filter(({ instrument }) => instrument !== nameOf('HNTUSDT'));
    const look = await ground.check(
      statement({ positions: heldBut('HNTUSDT', null), executions: section(others, whole) }),
    );
    expect(look.checked.reconciled.unknown).toEqual([]);
    expect(breakIn(look, 'HNTUSDT')).toMatchObject({ reason: 'POSITION_PHANTOM' });
  });
});
