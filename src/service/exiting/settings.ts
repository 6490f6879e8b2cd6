/** What `exits` of a venue's settings holds: whether aged positions are left, and by what rules. */
import { z } from 'zod';
import { decimal } from '../../decimal/text.ts';
import { type ExitRules, exitRulesFault, usualExitRules } from '../../exits/rules.ts';
import { parseDuration } from '../duration.ts';
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

const duration = z
  .string('is a text')
  .refine((one) => parseDuration(one) !== null, 'is a duration such as "3h"')
  .transform((one) => parseDuration(one)!);

const number = z
  .string('is a text')
  .regex(/^\d{1,9}(\.\d{1,18})?$/, 'is a decimal text such as "0.005"')
  .transform((one) => decimal(one));

const beginnings = z.array(
  z.string('is a text').min(3, 'is at least three letters of an id'),
  'is a list',
);

const members = {
  enabled: z.boolean('is true or false').default(false),
  limitAge: duration.optional(),
  grace: duration.optional(),
  lossStep: number.optional(),
  maximumLoss: number.optional(),
  accelerateAfter: duration.optional(),
  acceleration: number.optional(),
  marketAfter: duration.optional(),
  commission: number.optional(),
  requoteAbove: number.optional(),
  crossWithin: number.optional(),
  pause: duration.optional(),
  minimumNotional: number.optional(),
  trailingFrom: z.string('is a text').min(1, 'is not empty').optional(),
  ownOrders: z
    .union([z.literal('all'), beginnings], 'is "all", or how client order ids begin')
    .optional(),
  adopts: beginnings.default([]),
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
