/** What runs: duties that are run now, paused and resumed; and the stop of repairs. */
import { z } from 'zod';
import { switchRepairs } from '../../policy/standing.ts';
import { writing } from '../anew.ts';
import { dutyChange, policySwitch } from '../documents/changes.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { accountNamed } from '../reads/looks.ts';
import { type Answered, route } from '../route.ts';

const params = z.object({ name: z.string().max(100) });
const duty = { method: 'POST', tag: 'duties', scope: 'admin', params, answer: dutyChange } as const;

const runRoute = route(
  { ...duty, path: '/api/v1/duties/:name/run', summary: 'Run a duty soon, whatever its hours say' },
  (parts, { params: { name }, actor }) => {
    known(parts, name, parts.duties.runNow(name, actor.name));
    return dutyShown(parts, name);
  },
);

const pauseRoute = route(
  {
    ...{ ...duty, path: '/api/v1/duties/:name/pause', summary: 'No run until it is resumed' },
    body: z.strictObject({ reason: z.string().min(1).max(1_000) }),
  },
  (parts, { params: { name }, body: { reason }, actor }) => {
    const pause = { since: parts.clock.now(), by: actor.name, reason };
    known(parts, name, parts.duties.pause(name, pause));
    parts.hub.tell('duty', { name, paused: true });
    return dutyShown(parts, name);
  },
);

const resumeRoute = route(
  { ...duty, path: '/api/v1/duties/:name/resume', summary: 'By its timetable again' },
  (parts, { params: { name }, actor }) => {
    known(parts, name, parts.duties.resume(name, actor.name));
    parts.hub.tell('duty', { name, paused: false });
    return dutyShown(parts, name);
  },
);

function known({ duties }: ServingParts, name: string, isDone: boolean): void {
  if (isDone) return;
  const found = duties.status().find((one) => one.name === name);
  if (found?.standing === true) {
    throw new Problem('conflict', `${name} goes on all the time, and is not run by hours`);
  }
  throw new Problem('unknown', `there is no duty ${name}`, {
    hint: 'GET /api/v1/duties lists them',
  });
}

function dutyShown({ duties }: ServingParts, name: string): Answered {
  const paused = duties.status().find((one) => one.name === name)?.paused != null;
  return { body: { schema: 'trueup.duty-change/1', duty: name, paused } };
}

const policy = { method: 'POST', tag: 'policy', scope: 'admin', answer: policySwitch } as const;

const stopRoute = route(
  {
    ...{ ...policy, path: '/api/v1/policy/stop', summary: 'Repair nothing without a person' },
    body: z.strictObject({ reason: z.string().min(1).max(1_000), account: z.string().optional() }),
  },
  (parts, { body: { reason, account }, actor }) =>
    switched(parts, account, { stopped: true, reason, by: actor.name }),
);

const goRoute = route(
  {
    ...{ ...policy, path: '/api/v1/policy/go', summary: 'Repair what the policy lets again' },
    body: z.strictObject({
      reason: z.string().max(1_000).nullable().default(null),
      account: z.string().optional(),
    }),
  },
  (parts, { body: { reason, account }, actor }) =>
    switched(parts, account, { stopped: false, reason, by: actor.name }),
);

interface Word {
  readonly stopped: boolean;
  readonly reason: string | null;
  readonly by: string;
}

async function switched(
  parts: ServingParts,
  name: string | undefined,
  word: Word,
): Promise<Answered> {
  const { file } = parts.reader;
  const chosen = name === undefined ? file.accounts() : [accountNamed(parts, name)];
  const at = parts.clock.now();
  const accounts = await writing(parts, async (writer) => {
    const done: { readonly account: string; readonly changed: boolean }[] = [];
    for (const account of chosen) {
      const changed = await switchRepairs(file, writer, account, { ...word, at });
      done.push({ account: account.name, changed });
    }
    return done;
  });
  return { body: { schema: 'trueup.policy-switch/1', stopped: word.stopped, accounts } };
}

export const operationRoutes = [runRoute, pauseRoute, resumeRoute, stopRoute, goRoute] as const;
