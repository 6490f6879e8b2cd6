/** Leaving a break alone, knowingly: until a day, or up to a sum, and back. */
import { z } from 'zod';
import { decimal } from '../../../decimal/text.ts';
import { holdScopes } from '../../../model/break.ts';
import { addMilliseconds, type Instant, instant, parseInstant } from '../../../model/instant.ts';
import { parseDuration } from '../../duration.ts';
import { endHold, type HoldingTerms, holdBreak } from '../../policy/holding.ts';
import { allowed, changed, writing } from '../anew.ts';
import { breakChange } from '../documents/changes.ts';
import * as form from '../documents/forms.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { breakNamed } from '../reads/break-history.ts';
import { type Answered, route } from '../route.ts';

const params = z.object({ id: z.string().max(40) });

const terms = {
  until: z.string().max(40).meta({ description: 'A time, or so long from now, such as 2h' }),
  reason: z.string().min(1).max(1_000),
  scope: z
    .enum(holdScopes)
    .default('lines')
    .meta({ description: 'Whether later breaks of the same reason are covered, too' }),
};

const words = { method: 'POST', tag: 'breaks', params, answer: breakChange } as const;

const snoozeRoute = route(
  {
    ...{ ...words, path: '/api/v1/breaks/:id/snooze', scope: 'repair' },
    ...{ summary: 'Look at it later', body: z.strictObject(terms) },
  },
  (parts, { params: { id }, body, actor }) => held(parts, id, { ...body, cap: null }, actor.name),
);

const acceptRoute = route(
  {
    ...{ ...words, path: '/api/v1/breaks/:id/accept', scope: 'approve' },
    summary: 'Live with it, up to a gross value and a day',
    body: z.strictObject({ ...terms, cap: form.amount }),
  },
  (parts, { params: { id }, body, actor }) => {
    const cap = decimal(body.cap);
    return held(parts, id, { ...body, cap }, actor.name);
  },
);

const reopenRoute = route(
  {
    ...{ ...words, path: '/api/v1/breaks/:id/reopen', scope: 'repair' },
    summary: 'Ends a snooze, or that it was accepted, for all that it covered',
  },
  async (parts, { params: { id }, actor }) => {
    const { account } = breakNamed(parts, id);
    const holding = { breakId: id, at: parts.clock.now(), by: actor.name };
    allowed(await writing(parts, (writer) => endHold(parts.reader, writer, account, holding)));
    return changed(parts, account, id);
  },
);

type Told = Omit<HoldingTerms, 'until'> & { readonly until: string };

async function held(
  parts: ServingParts,
  breakId: string,
  told: Told,
  by: string,
): Promise<Answered> {
  const { account } = breakNamed(parts, breakId);
  const at = parts.clock.now();
  const holding = { breakId, at, by, terms: { ...told, until: timeOf(told.until, at) } };
  allowed(await writing(parts, (writer) => holdBreak(parts.reader, writer, account, holding)));
  return changed(parts, account, breakId);
}

function timeOf(text: string, now: Instant): Instant {
  const ms = parseDuration(text);
  const until = ms === null ? parseInstant(text) : addMilliseconds(now, ms);
  if (until !== null && until < tooLate) return until;
  throw new Problem(
    'invalid',
    `until: ${JSON.stringify(text)} is no time to 2261, and no duration`,
    {
      hint: 'write 2026-11-21T00:00:00Z, or 2h',
    },
  );
}

/** Beyond it the book keeps no time. */
const tooLate = instant('2262-01-01T00:00:00Z');

export const holdRoutes = [snoozeRoute, acceptRoute, reopenRoute] as const;
