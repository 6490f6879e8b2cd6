/** Bybit's lists: page after page by cursor to the end, and no list that does not say it ended. */
import { fromMilliseconds, type Instant } from '../../model/instant.ts';
import { type ExchangeClient, envelope } from './exchange-client.ts';
import { list, PayloadFault, type Raw, text } from './raw.ts';

export interface BybitPage {
  readonly rows: readonly Raw[];
  /** '' at the end. */
  readonly cursor: string;
  readonly at: Instant;
}

type Query = Readonly<Record<string, string | number>>;

const pagesMax = 10_000;

export async function bybitPage(client: ExchangeClient, method: string, query: Query) {
  const { result, time } = envelope(await client.call(method, query));
  if (result['nextPageCursor'] === undefined) {
    throw new PayloadFault('the list does not say whether it goes on (no nextPageCursor)');
  }
  const category = text(result, 'category');
  if (category !== '' && query['category'] !== undefined && category !== query['category']) {
    throw new PayloadFault(`asked for ${query['category']}, answered ${category}`);
  }
  const page: BybitPage = {
    rows: list(result['list'], 'list'),
    cursor: text(result, 'nextPageCursor'),
    at: fromMilliseconds(Number(time)),
  };
  return page;
}

/** All pages. `at` is the earliest of them: what came after it may be missing. */
export async function bybitList(client: ExchangeClient, method: string, query: Query) {
  const rows: Raw[] = [];
  let at: Instant | null = null;
  let cursor = '';
  for (let number = 0; number < pagesMax; number++) {
    const page = await bybitPage(client, method, cursor === '' ? query : { ...query, cursor });
    rows.push(...page.rows);
    at = at === null || page.at < at ? page.at : at;
    // A short list beside a cursor is only the end where the venue says so with an empty page.
    if (page.cursor === '' || page.rows.length === 0) return { rows, at };
    if (page.cursor === cursor) throw new PayloadFault(`the cursor ${cursor} leads to itself`);
    cursor = page.cursor;
  }
  throw new PayloadFault(`more than ${pagesMax} pages`);
}

/** A query for each part, and their answers together. */
export async function bybitLists(
  client: ExchangeClient,
  method: string,
  queries: readonly Query[],
) {
  const answers = [];
  for (const query of queries) answers.push({ query, ...(await bybitList(client, method, query)) });
  const times = answers.map((one) => one.at).filter((at) => at !== null);
  return { answers, at: times.reduce((a, b) => (b < a ? b : a), times[0]!) };
}
