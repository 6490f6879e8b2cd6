/** The duties that write into the source: `prices` refreshes its prices, `performance` records. */
import { toTextOrNull } from '../../decimal/text.ts';
import type { SourceUpdate } from '../source/desk.ts';
import type { DutyContext, DutyResult } from './duty.ts';

/** Prices and the total that follows from them are written in one transaction. */
export const refreshPrices = (context: DutyContext): Promise<DutyResult> =>
  context.withDesk(async (desk) => {
    const { prices } = context.options;
    const why = `prices refreshed from ${prices?.name}`;
    const request = { record: false, prices, dryRun: false, actor: null, why } as const;
    const update = await desk.update(request);
    return said(context, update, {
      written: ['prices.updated', `Updated prices from ${prices?.name}`],
      nothing: ['prices.unchanged', `Prices from ${prices?.name} are what is stored`],
    });
  });

export const recordPerformance = (context: DutyContext): Promise<DutyResult> =>
  context.withDesk(async (desk) => {
    const { prices, repair } = context.options;
    const used = repair === 'auto' ? null : prices;
    const update = await desk.recordPerformance({ prices: used, actor: null });
    return said(context, update, {
      written: ['performance.recorded', 'Performance recorded'],
      nothing: ['performance.known', 'This instant is recorded already'],
    });
  });

type Words = Readonly<Record<'written' | 'nothing', readonly [event: string, msg: string]>>;

function said({ log }: DutyContext, update: SourceUpdate, words: Words): DutyResult {
  const { status, exitCode, before } = update;
  if (status === 'cannot-say') {
    const parts = before.flatMap(({ unpriced }) => unpriced).map(({ what }) => what);
    const sentence = `CANNOT SAY: nothing was written, unknown: ${parts.join(', ')}`;
    log.warn({ event: 'update.refused', msg: sentence });
    return { exitCode, sentence };
  }
  const [event, msg] = status === 'written' ? words.written : words.nothing;
  const totals = before.map(({ calculated }) => toTextOrNull(calculated)).join(', ');
  const sentence = `${msg}: total ${totals}`;
  log.info({ event, msg: sentence });
  return { exitCode, sentence };
}
