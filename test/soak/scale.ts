/** `scale --positions N --facts N`: the size tests of checking, as large as asked for. */
import { parseArgs } from 'node:util';
import { closeDesks } from '../service/reconcile/desk.ts';
import { repairAllOf, repairOneOf } from '../service/reconcile/large.ts';

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      positions: { type: 'string', default: '100000' },
      facts: { type: 'string', default: '150000' },
    },
  });
  const positions = Number(values.positions);
  const facts = Number(values.facts);
  let started = performance.now();
  const one = await repairOneOf(positions);
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${positions} positions, one execution missing: ${seconds()} s`);
  started = performance.now();
  const all = await repairAllOf(facts);
  console.log(`${facts} missing executions: ${seconds()} s`);
  closeDesks();
  const sound =
    one.exitCode === 0 &&
    one.key === one.last &&
    one.equal === 2 * positions + 1 &&
    all.exitCode === 0 &&
    all.holds['BTC/USDT:USDT'] === String(facts);
  console.log(sound ? 'all as stated' : `WRONG: ${JSON.stringify({ one, holds: all.holds })}`);
  return sound ? 0 : 1;
}
