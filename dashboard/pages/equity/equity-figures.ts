/** What the figures of a curve and of a bridge are made of, and where their entries are. */
import type { Bridge, Equity, EquityPoint } from '../../api/equity.ts';
import type { FigureTold, WhyAsked } from '../../state/figure.ts';
import { accountAddress } from '../../words/addresses.ts';
import type { KindAsked } from '../../words/entry-kinds.ts';

const then = (account: string, time: string) => ({
  words: `${account} as it was at ${time}`,
  to: `${accountAddress(account)}?as_of=${encodeURIComponent(time)}`,
});

export const pointTold = (
  { account, currency }: Pick<Equity, 'account' | 'currency'>,
  { time, total, restated, provisional }: EquityPoint,
  which: 'total' | 'restated',
): FigureTold => ({
  title: `Equity of ${account} at ${time}`,
  ...{ value: which === 'total' ? total : restated, unit: currency },
  words:
    which === 'total'
      ? `cash + value of positions, as it was recorded${provisional ? '; a break was open' : ''}`
      : 'cash + value of positions of that instant, by what is known of it now',
  links: [then(account, time)],
});

export const drawdownTold = (
  { account }: Pick<Equity, 'account'>,
  { time, drawdownPercent }: Pick<EquityPoint, 'time' | 'drawdownPercent'>,
): FigureTold => ({
  ...{ title: `Drawdown of ${account} at ${time}`, value: drawdownPercent, unit: '%' },
  words: 'how far it is below the highest before it; what was paid in or out is no gain or loss',
  links: [then(account, time)],
});

export const deepestTold = ({
  account,
  from,
  to,
  points,
  maxDrawdownPercent,
}: Equity): FigureTold => ({
  ...{ title: `Largest drawdown of ${account}`, value: maxDrawdownPercent, unit: '%' },
  words: `the deepest below a highest before it, from ${from ?? 'the first record'} to ${to}`,
  links: points
    .filter(({ drawdownPercent: one }) => one !== null && one === maxDrawdownPercent)
    .slice(0, 1)
    .map(({ time }) => then(account, time)),
});

interface Cause {
  readonly words: string;
  /** Entries of these kinds made it. */
  readonly kinds?: readonly KindAsked[];
  readonly why?: WhyAsked['what'];
}

/** By the name that the service has for it. */
export const causes: Readonly<Record<string, Cause>> = {
  deposits: { words: 'money and coins that came in', kinds: ['deposit'] },
  withdrawals: { words: 'money and coins that went out', kinds: ['withdrawal'] },
  transfers: { words: 'what came from and went to other accounts', kinds: ['transfer'] },
  realised: { words: 'what reductions brought - what that part had cost', why: 'realised' },
  unrealised: { words: 'unrealised at the end - unrealised at the beginning' },
  fees: { words: 'fees of fills and flows', kinds: ['fee'], why: 'fees' },
  funding: { words: 'funding received - paid', kinds: ['funding'], why: 'funding' },
  interest: { words: 'interest received - paid', kinds: ['interest'] },
  dividends: { words: 'dividends and rewards', kinds: ['dividend'] },
  tax: { words: 'taxes', kinds: ['tax'] },
  revaluation: { words: 'coins whose cost is not known, by what they are worth more or less' },
  adjustments: { words: 'what somebody set, with a reason', kinds: ['adjustment'] },
  unexplained: { words: 'closing - opening - all causes: zero in a book that is whole' },
};

const ofAccount = (account: string, what: WhyAsked['what']): WhyAsked => ({
  ...{ account, what, key: '*', leg: null },
});

const atBothEnds = ': that figure at the end less that at the beginning';

export function stepTold(
  { account, currency, from, to }: Bridge,
  { name, amount }: Bridge['rows'][number],
): FigureTold {
  const cause = causes[name] ?? { words: 'a cause that this page has no words for' };
  const { words, kinds = [], why } = cause;
  const search = (kind: string) => new URLSearchParams({ account, kind });
  return {
    title: `${name.replaceAll('-', ' ')} of ${account}`,
    ...{ value: amount, unit: currency, signed: true },
    words: `${words}, from ${from} to ${to}${why === undefined ? '' : atBothEnds}`,
    whys:
      why === undefined
        ? []
        : [{ words: `${name} of all its time, entry by entry`, asked: ofAccount(account, why) }],
    links: [
      ...kinds.map((kind) => ({ words: `entries: ${kind}`, to: `/audit?${search(kind)}` })),
      ...(kinds.length === 0 && why === undefined ? [then(account, from), then(account, to)] : []),
    ],
  };
}

export const endTold = (
  { account, currency, from, to, opening, closing }: Bridge,
  end: 'opening' | 'closing',
): FigureTold => ({
  title: `${end === 'opening' ? 'Opening' : 'Closing'} equity of ${account}`,
  ...{ value: end === 'opening' ? opening : closing, unit: currency },
  words: `cash + value of positions at ${end === 'opening' ? from : to}`,
  links: [then(account, end === 'opening' ? from : to)],
});
