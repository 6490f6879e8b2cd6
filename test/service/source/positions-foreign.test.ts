/** Rows of positions that the book never traded, and rows that were closed while they were held. */
import { describe, expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { instrumentFromName } from '../../../src/model/instrument.ts';
import type { Statement } from '../../../src/model/statement.ts';
import { section } from '../../reconcile/kit.ts';
import {
  breakIn,
  countsIn,
  executions,
  fillOf,
  heldBut,
  instruments,
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
    const look = await ground.check(
      statement({ balances: section([]), executions: late }),
    );
    // Nine are held and stored; AGI, SCA and HNT in other sizes.
    expect(countsIn(look)).toMatchObject({
      ...{ stored: 9, venue: 9, verified: 6, phantom: 0, different: 3, missing: 0 },
    });
    expect(look.checked.repairs.every(({ needsApproval }) => needsApproval)).toBe(true);
    expect(look.checked.repairs.flatMap(({ changes }) => changes).map(({ close }) => close)).toEqual(
      look.checked.repairs.map(() => undefined),
    );
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
