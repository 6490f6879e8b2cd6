/** A service as it runs, with the page, and somebody who looks at it and is signed in. */
import type { Scope } from '../../src/service/serving/access/actor.ts';
import { fillAt } from '../service/listening/ground.ts';
import { type Json, type Served, type ServedOptions, serve } from '../serving/served.ts';
import { type Looking, type Opened, open } from './browser.ts';
import { pageFolder } from './stage.ts';

export async function serveWithPage(options: ServedOptions = {}): Promise<Served> {
  return serve({ ...options, page: await pageFolder() });
}

/** Signs in by the form, as a person does. */
export async function signedIn(
  served: Served,
  looking: Looking = {},
  ...scopes: readonly Scope[]
): Promise<Opened> {
  const opened = await open(looking);
  const { page } = opened;
  await page.goto(served.origin);
  await page
    .getByLabel('Token')
    .fill(served.token(...(scopes.length === 0 ? (['admin'] as const) : scopes)));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
  return opened;
}

interface CheckAnswer {
  readonly accounts: readonly { readonly breaks: readonly { readonly id: string }[] }[];
}

const firstBreak = (body: Json): string =>
  (body as unknown as CheckAnswer).accounts[0]!.breaks[0]!.id;

/**
 * A fill in the book that the venue does not list: it is taken back with an approval. Before it the
 * venue traded, so that its lists say something of the time.
 */
export async function breakThatNeedsApproval(served: Served): Promise<string> {
  const { clock, paper } = served.of;
  clock.pass(600_000);
  const before = clock.now();
  clock.pass(600_000);
  paper.trade('buy', '0.5');
  clock.pass(60_000);
  await served.check('auto');
  await served.record(fillAt('x1', before, { instrument: 'BTC/USDT:USDT' }));
  return firstBreak((await served.post('/api/v1/checks')).body);
}

/** A trade that nobody told the book: proven by the venue's list. */
export async function breakOfMissingFill(served: Served): Promise<string> {
  const { clock, paper } = served.of;
  clock.pass(60_000);
  paper.trade('buy', '0.25');
  clock.pass(1_000);
  return firstBreak((await served.post('/api/v1/checks')).body);
}
