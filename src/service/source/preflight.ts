/** Whether what commands on a source need is in order: the steps of `doctor --source`. */
import type { Diagnosis, DoctorCheck } from '../../report/doctor-document.ts';
import { failureOf } from '../failure.ts';
import { openSourceDesk, type SourceDeskOptions } from './desk.ts';

/** Each step is tried in a transaction that is rolled back: nothing is changed. */
export async function diagnoseSource(options: SourceDeskOptions): Promise<Diagnosis> {
  try {
    const desk = await openSourceDesk(options);
    try {
      const checks = (await desk.source.preflight()).map(
        ({ name, outcome, detail: found, hint }): DoctorCheck => ({
          ...{ name, status: statuses[outcome], found, hint },
        }),
      );
      const isFaulty = checks.some(({ status }) => status === 'fault');
      const { location: source } = desk.identity;
      return { book: options.book, source, checks, exitCode: isFaulty ? 1 : 0 };
    } finally {
      await desk.close();
    }
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    const { message: found, hint, exitCode } = failure;
    const check = { name: 'source', status: 'fault', found, hint } as const;
    return { book: options.book, checks: [check], exitCode };
  }
}

const statuses = { passed: 'ok', failed: 'fault', skipped: 'warning' } as const;
