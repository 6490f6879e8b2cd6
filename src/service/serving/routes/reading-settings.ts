/** What holds: the policy of repairs, settings without secrets, and kinds of problems. */
import { z } from 'zod';
import { policyDocument } from '../../../report/policy-document.ts';
import { settingsInForce } from '../../config-table.ts';
import { automaticOf, stopShown } from '../../policy/standing.ts';
import * as shown from '../documents/settings.ts';
import { Problem, problems } from '../problem.ts';
import { venueSettings } from '../reads/venues.ts';
import { route } from '../route.ts';

const words = { method: 'GET', tag: 'settings', scope: 'read' } as const;

const policy = route(
  {
    ...{ ...words, path: '/api/v1/policy', holdsMs: 5_000 },
    summary: 'What is repaired without a person: the table, the limits, the last 24 hours',
    answer: shown.policyAnswer,
  },
  (parts) => {
    const { reader, clock, configuration } = parts;
    const settings = parts.policy();
    const now = clock.now();
    const accounts = reader.file.accounts().map(({ account, name, currency }) => ({
      ...{ account: name, currency },
      automatic: automaticOf(reader.file, account, now, settings),
      stopped: stopShown(reader.file, account, settings),
    }));
    return { body: policyDocument(settings, configuration.policy?.file ?? null, accounts) };
  },
);

const config = route(
  {
    ...{ ...words, path: '/api/v1/config', holdsMs: null },
    summary: 'Settings in force and where each comes from; no secret is in it',
    answer: shown.configAnswer,
  },
  (parts) => {
    const { configuration, lastRead = () => configuration } = parts;
    const live = lastRead();
    const settings = settingsInForce(configuration, live);
    const venues = venueSettings(parts).map(([name, { exchange, account, mode, readOnly }]) => ({
      ...{ name, exchange, account, mode: mode ?? (exchange === 'paper' ? 'paper' : 'live') },
      readOnly,
    }));
    const told = live.warnings.map(({ message }) => message);
    return { body: { schema: 'trueup.config/1', settings, warnings: told, venues } };
  },
);

const codes = Object.values(problems).map(({ code }) => code);

/** The `type` of a problem is an address: it leads to the same. */
const problemKinds = ['/api/v1/problems/:code', '/problems/:code'].map((path) => problemAt(path));

function problemAt(path: string) {
  return route(
    {
      ...{ ...words, scope: null, path, holdsMs: null },
      summary: 'A kind of problem: what its type means, and what to do',
      params: z.object({ code: z.string().max(60) }),
      answer: shown.problemAnswer,
    },
    (_, { params }) => {
      const one = Object.values(problems).find(({ code }) => code === params.code);
      if (one === undefined) {
        throw new Problem('unknown', `there is no problem ${params.code}`, { codes });
      }
      return {
        body: { schema: 'trueup.problem-kind/1', type: `/problems/${one.code}`, ...one },
      };
    },
  );
}

export const settingRoutes = [policy, config, ...problemKinds];
