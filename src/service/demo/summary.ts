/** What came of the demo, as the service itself says it. */
import { isExitOrderId } from '../../exits/order-name.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { DemoBot } from './bot.ts';
import type { DemoWorld } from './world.ts';

interface Scope {
  readonly verdict: 'true' | 'break' | 'cannot-say';
  readonly sentence: string;
  readonly accounts: readonly { readonly account: string; readonly verdict: string }[];
}

interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly state: string;
    readonly waitsFor: string;
    readonly title: string;
    readonly account: string;
  }[];
}

export interface DemoSummary {
  readonly verdict: Scope['verdict'];
  readonly sentence: string;
  readonly accounts: Scope['accounts'];
  readonly fills: number;
  readonly orders: number;
  /** Orders that left aged positions. */
  readonly exits: number;
  readonly denied: number;
  readonly mishaps: number;
  readonly faultsApplied: number;
  readonly breaks: { readonly opened: number; readonly closed: number };
  /** Those that wait for a person. */
  readonly waiting: readonly { readonly id: string; readonly title: string }[];
}

/** What the book has of all accounts. */
export function countsIn({ driver }: BookFile): Pick<DemoSummary, 'fills' | 'exits'> {
  const fills = Number(driver.value("SELECT count(*) FROM book_entries WHERE kind = 'fill'"));
  const names = driver.prepare('SELECT client_order_id FROM book_orders').all();
  return { fills, exits: names.filter(([name]) => isExitOrderId(name as string | null)).length };
}

export async function summaryOf(
  world: DemoWorld,
  bots: readonly DemoBot[],
  counted: Pick<DemoSummary, 'mishaps' | 'fills' | 'exits'>,
  ask: (path: string) => Promise<unknown>,
): Promise<DemoSummary> {
  const home = (await ask('/api/v1/home')) as { readonly paper: Scope | null };
  const { items } = (await ask('/api/v1/breaks?state=all&limit=500')) as Listed;
  const closed = items.filter(({ waitsFor }) => waitsFor === 'closed').length;
  const sum = (of: (bot: DemoBot) => number) => bots.reduce((all, bot) => all + of(bot), 0);
  const {
    verdict = 'cannot-say',
    sentence = 'nothing was served',
    accounts = [],
  } = home.paper ?? {};
  return {
    ...{ verdict, sentence },
    accounts: accounts.map(({ account, verdict: own }) => ({ account, verdict: own })),
    ...{ fills: counted.fills, exits: counted.exits },
    orders: sum(({ tally }) => tally.orders),
    denied: sum(({ tally }) => tally.denied),
    mishaps: counted.mishaps,
    faultsApplied: world.venues.reduce((all, { exchange }) => all + exchange.applied.length, 0),
    breaks: { opened: items.length, closed },
    waiting: items
      .filter(({ waitsFor }) => waitsFor === 'person')
      .map(({ id, title }) => ({ id, title })),
  };
}
