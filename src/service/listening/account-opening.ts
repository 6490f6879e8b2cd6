/**
 * An account that is older than what its venue remembers begins with what it holds. Two statements
 * in a row have to be whole and the same; everything that moves it is listed from the second on.
 */
import { isZero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { AccountFact, InstrumentFact, Opening } from '../../model/fact.ts';
import { instantText } from '../../model/instant.ts';
import type { Refusal } from '../../model/result.ts';
import type { Statement, StatementSection } from '../../model/statement.ts';
import type { Venue } from '../../venues/venue.ts';
import type { BookReader } from '../reading.ts';
import { coinsHeld } from '../venue-check/known.ts';
import { keyRefused, VenueRefused } from '../venues/refused.ts';
import { asked, type Patience, rest } from './asking.ts';
import type { Keeper } from './fact-desk.ts';
import { sectionNames } from './listing.ts';

export interface AccountOpeningParts {
  readonly venue: Venue;
  readonly keeper: Keeper;
  readonly reader: BookReader;
  readonly account: AccountFact;
}

/** What moves between two statements that are so far apart shows in the second. */
const apartMs = 3_000;
/** A bot that trades all the time has to rest for a moment. */
const rounds = 4;

/**
 * Books the opening, and from where on the venue is listed; `Following.begin` comes after it.
 * Throws a VenueRefused and books nothing where facts are booked already, where the venue does not
 * say all of it, or where the account moves meanwhile.
 */
export async function openAccount(
  parts: AccountOpeningParts,
  patience: Patience,
): Promise<Opening> {
  refuseBooked(parts);
  const { venue, keeper, account } = parts;
  const asking = { venue, coins: coinsHeld(parts.reader, venue) };
  const statement = await settledStatement(asking, patience);
  const opening = openingOf(account.account, statement);
  const instruments = await instrumentsOf(venue, opening, patience);
  const { outcomes } = await keeper.keep([account, ...instruments, opening], {});
  const outcome = outcomes.at(-1)!;
  if (outcome.status === 'refused') throw new VenueRefused(outcome.refusal);
  const at = opening.time;
  // After it: with an opening that was not booked nothing older would ever be listed.
  const feeds = sectionNames.map((section) => ({
    ...{ venue: venue.name, account: venue.account, section, cursor: null },
    ...{ since: at, through: at, unfinished: false },
  }));
  await keeper.keep([], { feeds });
  return opening;
}

function refuseBooked({ reader, venue }: AccountOpeningParts): void {
  const account = reader.file.accountNamed(venue.account);
  if (account === null) return;
  for (const { fact } of reader.factsInForce(account)) {
    const what = fact.kind === 'opening' ? 'has its opening' : 'has facts';
    throw new VenueRefused({
      ...{ code: 'account-begun', where: { field: 'account', value: venue.account } },
      message: `the account ${venue.account} ${what} already, at ${instantText(fact.time)}`,
      rule: 'an opening comes before everything else of its account',
      hint: 'name another account in the settings of the venue, or another book with --book',
    });
  }
}

interface Asking {
  readonly venue: Venue;
  readonly coins: readonly string[];
}

/** Two that are whole and say the same, with nothing that happened between them. */
async function settledStatement(asking: Asking, patience: Patience): Promise<Statement> {
  const { venue } = asking;
  let before = await wholeStatement(asking, patience);
  let moved = '';
  for (let round = 1; round < rounds && !patience.signal.aborted; round += 1) {
    await rest(patience.clock, apartMs, patience.signal);
    const after = await wholeStatement(asking, patience);
    const difference = differenceOf(before, after);
    if (difference === null) return after;
    moved = difference;
    before = after;
  }
  throw notSaid('account-moves', `the account ${venue.account} does not hold still: ${moved}`, {
    rule: 'an opening is what two statements in a row say alike',
    hint: 'let the bot rest for a moment, and begin again',
  });
}

async function wholeStatement({ venue, coins }: Asking, patience: Patience): Promise<Statement> {
  const answer = await asked(() => venue.statement({ coins }), patience);
  if (!answer.ok && answer.credentials) throw keyRefused(venue.name, answer.why);
  const doctor = `trueup doctor --venue ${venue.name} looks at the connection`;
  if (!answer.ok) {
    throw notSaid('statement-failed', `${venue.name} gave no statement: ${answer.why}`, {
      ...{ rule: 'what failed is no answer', hint: doctor },
    });
  }
  for (const section of ['balances', 'positions'] as const) {
    const told: StatementSection<unknown> | null = answer.value[section];
    if (told?.complete === true) continue;
    const why =
      told === null ? 'it says nothing of them' : (told.error ?? 'it lists a part of them');
    throw notSaid('statement-incomplete', `${section} of ${venue.name} are incomplete: ${why}`, {
      ...{ rule: 'an account begins with all that it holds', hint: doctor },
    });
  }
  return answer.value;
}

const notSaid = (code: string, message: string, words: Pick<Refusal, 'rule' | 'hint'>) =>
  new VenueRefused({ code, message, where: {}, ...words }, 5);

/** Null: they say the same, the second later than the first, and nothing happened between. */
function differenceOf(a: Statement, b: Statement): string | null {
  if (b.asOf <= a.asOf) return `its statement is still that of ${instantText(b.asOf)}`;
  const [before, after] = [linesOf(a), linesOf(b)];
  for (const what of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(what) ?? 'none', after.get(what) ?? 'none'];
    if (was !== is) return `${what} was ${was} and is ${is}`;
  }
  const between = [...(b.executions?.items ?? []), ...(b.cashFlows?.items ?? [])].find(
    ({ time }) => time >= a.asOf,
  );
  return between === undefined ? null : `a ${between.kind} at ${instantText(between.time)}`;
}

const linesOf = ({ balances, positions }: Statement): ReadonlyMap<string, string> =>
  new Map([
    ...balances!.items.map(({ currency, total }) => [currency, toText(total)] as const),
    ...positions!.items.map(({ instrument, leg, quantity, averagePrice: price }) => {
      const at = price === null ? 'an unknown price' : toText(price);
      return [`${instrument} ${leg}`, `${toText(quantity)} @ ${at}`] as const;
    }),
  ]);

/** What nobody said stays unknown: coins have no cost, and positions the average that was told. */
const openingOf = (account: string, { asOf, balances, positions }: Statement): Opening => ({
  kind: 'opening',
  account,
  balances: balances!.items
    .filter(({ total }) => !isZero(total))
    .map(({ currency, total }) => ({ currency, total, cost: null, lots: null })),
  positions: positions!.items
    .filter(({ quantity }) => !isZero(quantity))
    .map(({ instrument, leg, quantity, averagePrice }) => ({
      ...{ instrument, leg, quantity, averagePrice, openedAt: null, lots: null },
    })),
  time: asOf,
});

/** As the venue lists them, so that the book knows their steps. */
async function instrumentsOf(
  venue: Venue,
  { positions }: Opening,
  patience: Patience,
): Promise<readonly InstrumentFact[]> {
  const names = new Set(positions.map(({ instrument }) => instrument));
  const listed = await asked(() => venue.instruments(), patience);
  if (!listed.ok) {
    throw notSaid('instruments-unread', `${venue.name} lists no instruments: ${listed.why}`, {
      rule: 'a position is in an instrument that is known',
      hint: 'begin again later',
    });
  }
  return listed.value
    .filter(({ name }) => names.has(name))
    .map((instrument) => ({
      kind: 'instrument',
      instrument: { ...instrument, venue: venue.name },
    }));
}
