/** Whether what commands on a source need is in order: the steps of `doctor --source`. */
import type { Diagnosis, DoctorCheck } from '../../report/doctor-document.ts';
import { failureOf } from '../failure.ts';
import { openSourceDesk, type SourceDeskOptions } from './desk.ts';
import { kindOfSource, openRows } from './positions-opening.ts';

/** Each step is tried in a transaction that is rolled back: nothing is changed. */
export async function diagnoseSource(options: SourceDeskOptions): Promise<Diagnosis> {
  try {
    const { location: source, steps } = await stepsOf(options);
    const checks = steps.map(
      ({ name, outcome, detail: found, hint }): DoctorCheck => ({
        ...{ name, status: statuses[outcome], found, hint },
      }),
    );
    const isFaulty = checks.some(({ status }) => status === 'fault');
    return { book: options.book, source, checks, exitCode: isFaulty ? 1 : 0 };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    const { message: found, hint, exitCode } = failure;
    const check = { name: 'source', status: 'fault', found, hint } as const;
    return { book: options.book, checks: [check], exitCode };
  }
}

async function stepsOf(options: SourceDeskOptions) {
  if ((await kindOfSource(options)) === 'positions') {
    const rows = await openRows(options);
    try {
      return { location: rows.identity.location, steps: await rows.preflight() };
    } finally {
      await rows.close();
    }
  }
  const desk = await openSourceDesk(options);
  try {
    return { location: desk.identity.location, steps: await desk.source.preflight() };
  } finally {
    await desk.close();
  }
}

const statuses = { passed: 'ok', failed: 'fault', skipped: 'warning' } as const;
