/** What `exits` of a venue's settings holds: whether aged positions are left, and by what rules. */
import { z } from 'zod';
import { type ExitRules, exitRulesFault, usualExitRules } from '../../exits/rules.ts';
import { duration as durationLike, flag, says, sum, text } from '../config-values.ts';
import type { OwnOrders } from './owned.ts';

export interface ExitSettings {
  /** Without it nothing is ever ordered. */
  readonly enabled: boolean;
  readonly rules: ExitRules;
  /** The bot's database that says which trailing stops are active. */
  readonly trailingFrom?: string;
  /** Absent: what the bot's database knows alone, or what was booked as of a strategy. */
  readonly ownOrders?: OwnOrders;
}

const duration = durationLike('3h');

const beginnings = z.array(
  z.string('is a text').min(3, 'is at least three letters of an id'),
  'is a list',
);

const members = {
  enabled: flag
    .meta(says('with readOnly false, orders are sent; without it nothing is ever ordered'))
    .prefault(false),
  limitAge: duration.optional().meta(says('a position held for longer is to be left', '3h')),
  grace: duration.optional().meta(says('how long an order at break-even rests', '3h')),
  lossStep: sum
    .optional()
    .meta(says('the share of the entry price given up for each hour', '0.005')),
  maximumLoss: sum.optional().meta(says('the largest share of it that is given up', '0.1')),
  accelerateAfter: duration
    .optional()
    .meta(says('after so long of it the loss grows faster', '10h')),
  acceleration: sum.optional().meta(says('by this factor', '1.2')),
  marketAfter: duration.optional().meta(says('so long after grace it is closed at market', '20h')),
  commission: sum.optional().meta(says('a share, for each side', '0.0005')),
  requoteAbove: sum.optional().meta(says('a target that moved by more is quoted anew', '0.005')),
  crossWithin: sum.optional().meta(says('so near the market it crosses', '0.001')),
  pause: duration.optional().meta(says('how long what a venue refuses is left alone', '24h')),
  minimumNotional: sum.optional().meta(says('orders worth less are not sent')),
  trailingFrom: text
    .optional()
    .meta(says("the bot's database that says which trailing stops are active")),
  ownOrders: z
    .union([z.literal('all'), beginnings], 'is "all", or how client order ids begin')
    .optional()
    .meta(says('how client order ids of the bot begin, or all')),
  adopts: beginnings.meta(says('client order ids of exits that are taken over')).prefault([]),
};

export const exitSettingNames = Object.keys(members);

export const exitSettings = z
  .strictObject(members, { error: 'is an object such as {"enabled": true}' })
  .transform((told, context): ExitSettings => {
    const usual = usualExitRules;
    const rules: ExitRules = {
      limitAgeMs: told.limitAge ?? usual.limitAgeMs,
      graceMs: told.grace ?? usual.graceMs,
      lossStep: told.lossStep ?? usual.lossStep,
      maximumLoss: told.maximumLoss ?? usual.maximumLoss,
      accelerateAfterMs: told.accelerateAfter ?? usual.accelerateAfterMs,
      acceleration: told.acceleration ?? usual.acceleration,
      marketAfterMs: told.marketAfter ?? usual.marketAfterMs,
      commission: told.commission ?? usual.commission,
      requoteAbove: told.requoteAbove ?? usual.requoteAbove,
      crossWithin: told.crossWithin ?? usual.crossWithin,
      pauseMs: told.pause ?? usual.pauseMs,
      priceMaxAgeMs: usual.priceMaxAgeMs,
      minimumNotional: told.minimumNotional ?? usual.minimumNotional,
      adopts: told.adopts,
    };
    const fault = exitRulesFault(rules);
    if (fault !== null)
      context.addIssue({ code: 'custom', message: `holds sound rules: ${fault}` });
    const { enabled, trailingFrom, ownOrders } = told;
    return {
      ...{ enabled, rules },
      ...(trailingFrom === undefined ? {} : { trailingFrom }),
      ...(ownOrders === undefined ? {} : { ownOrders }),
    };
  });
