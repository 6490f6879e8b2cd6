/** Breaks as the list, the page of one and the totals show them. Pure. */
import type { z } from 'zod';
import { compare, type Decimal } from '../../../decimal/decimal.ts';
import { decimalOrNull, toTextOrNull } from '../../../decimal/text.ts';
import { type Break, severityRank } from '../../../model/break.ts';
import {
  type Instant,
  instantText,
  instantTextOrNull,
  millisecondsBetween,
} from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { reasonTitles } from '../../../model/reason.ts';
import { explanationJson, holdJson, lineJson } from '../../../report/check-document.ts';
import type { Account } from '../../../store/accounts.ts';
import { repairsWith } from '../../source/repaired.ts';
import type { CursorPlace } from '../cursors.ts';
import type { BreakSummary, explanation, line } from '../documents/breaks.ts';

export type Whose = Pick<Account, 'name' | 'mode' | 'currency'>;

export const secondsSince = (at: Instant, now: Instant): number =>
  Math.max(0, Math.floor(millisecondsBetween(at, now) / 1_000));

export function breakSummary(one: Break, whose: Whose, now: Instant): BreakSummary {
  return {
    ...{ id: one.id, reason: one.reason, title: reasonTitles[one.reason] },
    ...{ confidence: one.confidence, severity: one.severity, state: one.state },
    ...{ account: one.account, mode: whose.mode, currency: whose.currency },
    openedAt: instantText(one.openedAt),
    firstOpenedAt: instantTextOrNull(one.firstOpenedAt ?? null),
    changedAt: instantText(one.changedAt),
    ageSeconds: secondsSince(one.openedAt, now),
    gross: toTextOrNull(one.gross),
    net: toTextOrNull(one.net),
    keys: [...new Set(one.lines.map(({ key }) => key))],
    waitsFor: waitsFor(one),
    hold: one.hold === null ? null : (holdJson(one.hold) as BreakSummary['hold']),
  };
}

/** Of a bot's database: what would be written there by itself is never a break for long. */
const isStored = ({ lines }: Break): boolean => lines[0]!.oursParty === 'source';

/** A bot's database that a person may have set right. */
const isRewritten = (one: Break): boolean =>
  repairsWith('total', one) || repairsWith('record', one);

/** Who has to do something next. */
export function waitsFor(one: Break): BreakSummary['waitsFor'] {
  if (isClosed(one)) return 'closed';
  switch (one.state) {
    case 'SETTLING':
    case 'REPAIRED':
      return 'venue';
    case 'PROPOSED':
      return one.repair?.needsApproval === false && !isStored(one) ? 'policy' : 'person';
    case 'APPROVED':
      return 'policy';
    default:
      // What would be written is not known: there is nothing to agree to.
      if (isRewritten(one) && one.gross === null) return 'nobody';
      if (one.remedy == null) return isRewritten(one) ? 'person' : 'nobody';
      return one.remedy.proven && !one.remedy.worsens && !isStored(one) ? 'policy' : 'person';
  }
}

export const waitsForApproval = ({ state, repair }: Break): boolean =>
  state === 'PROPOSED' && repair?.needsApproval === true;

/** What puts a break where it is in a list. */
type BreakOrder = Pick<Break, 'severity' | 'gross' | 'openedAt' | 'id'>;

/** The most severe first, then the largest, then the oldest. */
export function compareBreaks(a: BreakOrder, b: BreakOrder): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    compareSizes(a.gross, b.gross) ||
    (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.id < b.id ? -1 : 1)
  );
}

export const orderOfBreaks = {
  placeOf: ({ one }: { readonly one: BreakOrder }): CursorPlace<'breaks'> => [
    ...([one.severity, toTextOrNull(one.gross), String(one.openedAt), one.id] as const),
  ],
  isBehind([severity, gross, openedAt, id]: CursorPlace<'breaks'>) {
    const last = { severity, gross: decimalOrNull(gross), openedAt: BigInt(openedAt), id };
    return ({ one }: { readonly one: BreakOrder }): boolean =>
      one.id !== id && compareBreaks(last, one) < 0;
  },
};

/** What has no price may be any size: it comes first. */
function compareSizes(a: Decimal | null, b: Decimal | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return compare(b, a);
}

export const lineShown = (one: Break['lines'][number]): z.infer<typeof line> =>
  lineJson(one) as z.infer<typeof line>;

export const explanationShown = (one: Break): z.infer<typeof explanation> =>
  explanationJson(one) as z.infer<typeof explanation>;
