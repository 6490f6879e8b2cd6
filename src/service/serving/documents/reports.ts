/** Reports of days. */
import { z } from 'zod';
import * as form from './forms.ts';

export const reportsAnswer = form.pageOf(
  'reports',
  z.object({
    day: z.string(),
    /** Null: of every account. */
    account: z.string().nullable(),
    verdict: form.verdict,
    forms: z.array(z.enum(['md', 'html', 'json'])),
  }),
);

/** As `trueup report --json` prints it; docs/reference/documents/report.md has all of it. */
export const reportAnswer = z.looseObject({
  schema: z.literal('trueup.report/1'),
  date: z.string(),
  accounts: z.array(z.looseObject({ account: z.string(), verdict: form.verdict })),
});
