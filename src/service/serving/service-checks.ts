/** What `doctor` says of the service beside a book; nothing where there never was one. */
import { existsSync } from 'node:fs';
import { addMilliseconds, instantText } from '../../model/instant.ts';
import type { DoctorCheck } from '../../report/doctor-document.ts';
import { openServiceFile, type ServiceFile, serviceFilePath } from '../../store/service-file.ts';
import { dutyMemoryIn } from '../duties/duty-memory.ts';
import { failureOf } from '../failure.ts';
import type { WaitingClock } from '../system-clock.ts';
import { type Token, Tokens } from './access/tokens.ts';

const soonMs = 7 * 86_400_000;

export function serviceChecks(book: string, clock: WaitingClock): readonly DoctorCheck[] {
  const path = serviceFilePath(book);
  if (!existsSync(path)) return [];
  try {
    const file = openServiceFile(path);
    try {
      return [tokenCheck(file, clock), pauseCheck(file)];
    } finally {
      file.close();
    }
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    const { message: found, hint } = failure;
    return [{ name: 'service', status: 'fault', found, hint }];
  }
}

function tokenCheck(file: ServiceFile, clock: WaitingClock): DoctorCheck {
  const tokens = new Tokens(file, clock);
  const valid = tokens.list().filter((token) => tokens.isValid(token));
  const found = `${valid.length} of ${tokens.list().length} open something`;
  const check = { name: 'service tokens', found } as const;
  if (!valid.some(({ scopes }) => scopes.includes('admin'))) {
    const hint = 'nobody may do everything: trueup token add ada --scope admin';
    return { ...check, status: 'warning', hint };
  }
  const soon = addMilliseconds(clock.now(), soonMs);
  const ends = ({ expiresAt }: Token) => expiresAt !== null && expiresAt <= soon;
  const next = valid.find(ends);
  if (next === undefined) return { ...check, status: 'ok', hint: null };
  const hint = `${next.name} ends ${instantText(next.expiresAt!)}: make another in time`;
  return { ...check, status: 'warning', hint };
}

function pauseCheck(file: ServiceFile): DoctorCheck {
  const paused = [...dutyMemoryIn(file).pauses()];
  const name = 'service duties';
  if (paused.length === 0) return { name, status: 'ok', found: 'none is paused', hint: null };
  const words = paused.map(([duty, { by, reason }]) => `${duty}, by ${by}: ${reason}`);
  const hint = 'resume them on the page, or POST /api/v1/duties/NAME/resume';
  return { name, status: 'warning', found: `paused: ${words.join('; ')}`, hint };
}
