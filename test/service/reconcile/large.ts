/** Comparisons of any size: what a few facts are checked by must hold for very many. */
import { balances, cash, fill, held, list, open, openDesk, says } from './desk.ts';

const instrument = (index: number): string => `C${index}/USDT:USDT`;
const chunk = 10_000;

/** Positions with one execution each, the last of which the book lacks; what was found. */
export async function repairOneOf(count: number) {
  const fills = Array.from({ length: count }, (_, index) =>
    fill(`e${index}`, { instrument: instrument(index), fee: '0' }),
  );
  const desk = await openDesk(cash('deposit', 'd1', '5'));
  for (let from = 0; from < count; from += chunk) {
    await desk.tell(...fills.slice(from, Math.min(from + chunk, count - 1)));
  }
  const positions = fills.map((_, index) => ({
    ...{ instrument: instrument(index), leg: 'net', quantity: '1', averagePrice: '100' },
  }));
  const document = says({
    positions: held(positions),
    balances: balances({ USDT: '5' }),
    executions: list(fills),
  });
  const [found] = open(await desk.check(document));
  const { exitCode } = await desk.apply(document);
  const checked = await desk.check(document);
  return {
    reason: found?.reason,
    key: found?.lines[0]?.key,
    last: instrument(count - 1),
    exitCode,
    equal: checked.reconciled.comparison?.counts.equal,
  };
}

/** An empty book, and a statement of very many executions of one contract. */
export async function repairAllOf(count: number) {
  const fills = Array.from({ length: count }, (_, index) => fill(`e${index}`, { fee: '0' }));
  const desk = await openDesk(cash('deposit', 'd1', '5'));
  const quantity = String(count);
  const document = says({
    positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
    balances: balances({ USDT: '5' }),
    executions: list(fills),
  });
  const { exitCode } = await desk.apply(document);
  return { exitCode, holds: desk.holds() };
}
