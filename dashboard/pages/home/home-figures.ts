/** What the figures of the first page are made of, and where more of each is. */
import type { BreakSummary } from '../../api/breaks.ts';
import type { Equity } from '../../api/equity.ts';
import type { AccountSummary, Home, Scope } from '../../api/home.ts';
import type { FigureTold } from '../../state/figure.ts';
import { accountAddress, breakAddress } from '../../words/addresses.ts';

const inbox = { words: 'all breaks', to: '/breaks?view=open' };

interface Stake {
  readonly title: string;
  readonly value: string | null;
  readonly unit: string;
  readonly breaks: readonly BreakSummary[];
  /** How many there are: of many the worst are told. */
  readonly all: number;
}

function stakeOf({ title, value, unit, breaks, all }: Stake, of: 'gross' | 'net'): FigureTold {
  const isGross = of === 'gross';
  const told = breaks.filter(({ state }) => state !== 'SETTLING');
  const isWhole = told.length === all;
  return {
    ...{ title, value, unit, signed: !isGross },
    words: `${
      isGross
        ? 'the size of each difference of each break, whichever way it goes'
        : 'venue - book of each difference of each break: what takes itself away is not seen in it'
    }${isWhole ? '' : `; of ${all} breaks the ${told.length} worst are below`}`,
    parts: told.map((one) => ({
      words: `${one.id} ${one.account}: ${one.title}`,
      ...{ value: one[of], unit: one.currency, signed: !isGross },
    })),
    // What is of several currencies is not added.
    isSum: isWhole && told.every(({ currency }) => currency === unit),
    links: [...told.map(({ id, title: words }) => ({ words, to: breakAddress(id) })), inbox],
  };
}

export const scopeStake = (
  scope: Scope,
  breaks: readonly BreakSummary[],
  of: 'gross' | 'net',
): FigureTold => {
  const { [of]: value, currency, unvalued } = scope.atStake;
  const stake = { title: `At stake, ${of}`, value, unit: currency ?? '', breaks };
  const told = stakeOf({ ...stake, all: scope.breaks }, of);
  const without = unvalued.length === 0 ? '' : `; without ${unvalued.join(', ')}`;
  return { ...told, words: `${told.words}${without}` };
};

export const accountStake = (
  { account, gross, currency, breaks: all }: AccountSummary,
  breaks: readonly BreakSummary[],
): FigureTold => {
  const own = breaks.filter((one) => one.account === account);
  const told = stakeOf(
    { title: `At stake of ${account}`, value: gross, unit: currency, breaks: own, all },
    'gross',
  );
  return { ...told, links: [...(told.links ?? []), toAccount(account)] };
};

const toAccount = (account: string) => ({ words: account, to: accountAddress(account) });

/** Where the whole is not known: what is known of it. */
export const accountEquity = (one: AccountSummary): FigureTold => {
  const { account, currency, equity, equityKnown } = one;
  const isWhole = equity !== null;
  return {
    title: `${isWhole ? 'Equity' : 'What is known'} of ${account}`,
    ...{ value: isWhole ? equity : equityKnown, unit: currency },
    words: isWhole
      ? 'cash + value of positions: the account has both, each down to its entries'
      : 'cash + what has a price; a part has none, so there is no total: the account names it',
    links: [toAccount(account), curveOf(account)],
  };
};

const curveOf = (account: string) => ({
  ...{ words: 'curve and bridge', to: `/equity?account=${encodeURIComponent(account)}` },
});

/** As it was recorded last; the page of the account has it as it is. */
export const recordedEquity = ({ account, currency, points }: Equity): FigureTold => {
  const last = points.at(-1);
  return {
    ...{ title: `Equity of ${account}`, value: last?.total ?? null, unit: currency },
    words: `cash + value of positions, as it was recorded at ${last?.time ?? 'no time'}`,
    links: [
      {
        ...{ words: `${account} as it was then` },
        to: `${accountAddress(account)}?as_of=${encodeURIComponent(last?.time ?? '')}`,
      },
      curveOf(account),
    ],
  };
};

export const unresolvedTold = ({ unresolvedGross, currency }: Equity): FigureTold => ({
  ...{ title: 'Gross unresolved', value: unresolvedGross, unit: currency },
  words: 'the size of each difference that is open: the equity may be wrong by as much',
  links: [inbox],
});

export const minutesTold = ({ percent, of }: Home['minutesTrue']): FigureTold => ({
  ...{ title: `Minutes true of ${of ?? 'no'} accounts`, value: percent, unit: '%' },
  words:
    'minutes that checks proved true ÷ minutes of which anything could be said; ' +
    'of the rest nothing is claimed; of several accounts each counts by itself',
  links: [{ words: 'the checks, each an entry', to: '/audit?kind=statement' }],
});
