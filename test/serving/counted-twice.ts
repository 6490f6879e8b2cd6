/** A service without a venue, whose books are wrong as the statements of their accounts prove. */
import {
  account,
  balances,
  cash,
  fill,
  held,
  type Json,
  list,
  says,
} from '../service/reconcile/desk.ts';
import { type Served, type ServedOptions, serve } from './served.ts';

/** Its own time, seconds before now. */
const before = (one: Served) => (seconds: number) =>
  new Date(Number(one.of.clock.now() / 1_000_000n) - seconds * 1_000).toISOString();

const tell = async (one: Served, ...facts: readonly Json[]): Promise<void> => {
  const body = facts.map((fact) => JSON.stringify(fact)).join('\n');
  const headers = { 'content-type': 'application/x-ndjson' };
  const { status, text } = await one.ask('POST', '/api/v1/facts', { headers, body });
  if (status !== 200) throw new Error(text);
};

/** The break that the statement is found to be. */
async function hear(one: Served, statement: Json): Promise<string> {
  const { status, text } = await one.post('/api/v1/statements', statement);
  if (status !== 200) throw new Error(text);
  const said = JSON.parse(text) as { accounts: [{ breaks: [{ id: string }] }] };
  return said.accounts[0].breaks[0].id;
}

/** In each of these accounts one fill was counted twice; the breaks, in their order. */
export async function countedTwice(
  names: readonly string[],
  options: ServedOptions = {},
): Promise<{ readonly one: Served; readonly ids: readonly string[] }> {
  const one = await serve({ ...options, venue: false });
  const ago = before(one);
  const range = { from: ago(86_400), to: ago(10) };
  const ids: string[] = [];
  for (const name of names) {
    const of = { account: name, currency: 'USD', venue: 'kraken' };
    const deposit = cash('deposit', `${name}-d`, '1000', { ...of, time: ago(7_200) });
    const trade = (executionId: string, seconds: number) =>
      fill(executionId, {
        ...{ account: name, instrument: 'BTC/USD', quantity: '0.001', price: '61000' },
        ...{ fee: '0', feeCurrency: 'USD', time: ago(seconds) },
      });
    const listed = trade('88231', 600);
    await tell(one, account(of), deposit, trade('TQ7K-88231', 600.8), listed);
    const said = says({
      ...{ account: name, venue: 'kraken', asOf: ago(10) },
      ...{ positions: held([]), orders: held([]) },
      // 1000 - 0.001 x 61000
      balances: balances({ BTC: '0.001', USD: '939' }),
      ...{ executions: list([listed], range), cashFlows: list([deposit], range) },
    });
    ids.push(await hear(one, said));
  }
  return { one, ids };
}

/** An account that lacks what no list explains; its break. */
export async function unexplained(one: Served, name: string): Promise<string> {
  const ago = before(one);
  const of = { account: name, currency: 'USD', venue: 'kraken' };
  const deposit = cash('deposit', `${name}-d`, '1000', { ...of, time: ago(7_200) });
  await tell(one, account(of), deposit);
  const said = { account: name, venue: 'kraken', asOf: ago(10), positions: held([]) };
  return hear(one, says({ ...said, orders: held([]), balances: balances({ USD: '987.65' }) }));
}
