/** A pull of its own on the ground of a listener. */
import { Following } from '../../../src/service/listening/following.ts';
import { type Pulled, pull } from '../../../src/service/listening/pull.ts';
import { accountFact, type Ground } from './ground.ts';

/** A pull as a process of its own would do it; time passes until it ends. */
export async function pulled(
  ground: Ground,
  signal = new AbortController().signal,
  since: bigint | null = null,
): Promise<Pulled> {
  const { venue, clock, log, settings, reader } = ground;
  const keeper = ground.held.book;
  const following = new Following({
    ...{ venue, keeper, reader, clock, log, settings, streams: false },
  });
  const parts = { venue, following, keeper, reader, clock, signal, markMaxAgeMs: 86_400_000 };
  let result: Pulled | null = null;
  const run = async () => {
    await following.begin(accountFact, { clock, signal, tries: 3 });
    result = await pull(parts, since);
  };
  const running = run();
  for (let turn = 0; result === null && turn < 200; turn += 1) await ground.pass(1_000);
  await running;
  return result!;
}
