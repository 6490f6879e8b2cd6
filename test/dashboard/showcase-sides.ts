/** The same morning, the book left and the venue right: a fill that was counted twice. */
import type { SidePair, SidesAnswer } from '../../src/service/serving/documents/sides.ts';
import { ago } from './showcase.ts';

const said = (amount: string | null, rest: Partial<NonNullable<SidePair['ours']>> = {}) => ({
  ...{ amount, words: null, time: null, id: null, sequence: null },
  ...rest,
});

const plain = {
  ...{ instrument: null, leg: null, difference: '0', fields: [], note: null, breakId: null },
  ...({ matchedBy: 'name', state: 'equal' } as const),
};

const held = (key: string, ours: string, theirs: string, difference: string): SidePair => ({
  ...{ ...plain, section: 'balances', what: 'balance', key, difference },
  ...{ ours: said(ours), theirs: said(theirs) },
  ...(difference === '0' ? {} : ({ state: 'different', breakId: 'BRK-7Q2M4A' } as const)),
});

const fill = (id: string, sequence: number, seconds: number) => {
  const words = 'buy 0.01240000 BTC/USD @ 61250.00, fee 1.9747 USD';
  const one = { words, time: ago(seconds), id };
  return { ours: said('0.01240000', { ...one, sequence }), theirs: said('0.01240000', one) };
};

const happened = { ...plain, instrument: 'BTC/USD', leg: 'net', matchedBy: 'id' as const };

const order = (id: string, filled: string) =>
  said('0.03000000', {
    words: `buy limit 0.03000000 at 61310.0, ${filled} of it filled, open`,
    ...{ id, time: ago(600) },
  });

const pairs: readonly SidePair[] = [
  {
    ...{ ...happened, section: 'executions', what: 'fill', key: 'TQ7K-88231' },
    ...{ state: 'different', difference: '-0.01240000', breakId: 'BRK-7Q2M4A', matchedBy: null },
    ...{ ours: fill('TQ7K-88231', 20_417, 185).ours, theirs: null },
    note: 'not listed: the same as entry 20419 but for its id',
  },
  {
    ...{ ...happened, section: 'orders', what: 'order', key: 'OXHAND-1', matchedBy: null },
    ...{ state: 'different', difference: '0.5', ours: null, breakId: 'BRK-9AAAA1' },
    theirs: said('0.5', {
      words: 'sell limit 0.5 at 64000.0, 0 of it filled, open',
      ...{ id: 'OXHAND-1', time: ago(4_000) },
    }),
    note: 'not ours: open there, and no id of the book knows it',
  },
  held('BTC', '0.51240000', '0.50000000', '-0.01240000'),
  held('USD', '12406.1153', '13167.5900', '761.4747'),
  {
    ...{ ...happened, section: 'orders', what: 'order', key: 'OQCLML-BW3P3-BUCMWZ' },
    ...{ state: 'settling', difference: '0.01000000' },
    fields: [{ field: 'filled', ours: '0.02000000', theirs: '0.03000000' }],
    ...{ ours: order('OQCLML-BW3P3-BUCMWZ', '0.02000000') },
    theirs: order('OQCLML-BW3P3-BUCMWZ', '0.03000000'),
  },
  {
    ...{ ...plain, section: 'balances', what: 'balance', key: 'XRP', state: 'foreign' },
    ...{ ours: null, theirs: said('25.000000'), difference: '25.000000', matchedBy: null },
    note: 'the book never held it',
  },
  held('ETH', '0.00000042', '0.00000042', '0'),
  {
    ...{ ...happened, section: 'executions', what: 'fill', key: '88231' },
    ...fill('88231', 20_419, 155),
  },
];

const whole = { told: 'whole', why: null, from: null, to: null } as const;

export const sides: SidesAnswer = {
  ...{ schema: 'trueup.side-by-side/1', account: 'kraken-spot', mode: 'live', currency: 'USD' },
  ...{
    items: [...pairs],
    next: null,
    why: null,
    statementAt: ago(2),
    checkedAt: ago(2),
    fresh: true,
  },
  ...{ sequence: 20_430, verdict: 'break', complete: false, party: 'venue' },
  counts: { different: 4, settling: 1, unknown: 0, foreign: 1, 'within-tolerance': 0, equal: 2 },
  sections: [
    { ...whole, section: 'balances', items: 4 },
    { ...whole, section: 'positions', items: 0 },
    { ...whole, section: 'orders', items: 2 },
    {
      ...{ section: 'cashFlows', told: 'part', why: 'the venue has no complete list of them' },
      ...{ items: 0, from: ago(86_400), to: ago(3) },
    },
    { ...whole, section: 'executions', items: 1, from: ago(86_400), to: ago(3) },
  ],
};
