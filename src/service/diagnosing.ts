/** Looks at everything a command on a book needs, and says what is wrong with it. */
import { BatchHasher, canonicalLine, genesisHash } from '../journal/chain.ts';
import { instantText, millisecondsBetween } from '../model/instant.ts';
import type { Diagnosis, DoctorCheck } from '../report/doctor-document.ts';
import type { Account } from '../store/accounts.ts';
import { type BookFile, openBookFile } from '../store/book-file.ts';
import { formatOf } from '../store/migrations.ts';
import { freeBytesAt } from '../store/space.ts';
import { durationText } from './duration.ts';
import { failureOf } from './failure.ts';
import { serviceChecks } from './serving/service-checks.ts';
import type { WaitingClock } from './system-clock.ts';

/** Writes stop at 64 MB; twice that leaves time to act. */
const freeBytesWanted = 128 * 1024 * 1024;
/** Clocks of machines differ by less when they are set at all. */
const skewMaxMs = 1_000;

export function diagnose(path: string, clock: WaitingClock): Diagnosis {
  const checks: DoctorCheck[] = [ok('node', process.versions.node), freeSpace(path)];
  let file: BookFile;
  try {
    file = openBookFile(path, { clock, readOnly: true });
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    checks.push(fault('book', failure.message, failure.hint ?? ''));
    return { book: path, checks, exitCode: failure.exitCode };
  }
  try {
    checks.push(ok('book', `format ${formatOf(file.driver)}, made by ${file.madeBy() || '?'}`));
    checks.push(
      ...fileChecks(file),
      lease(file, clock),
      ...file.accounts().map(accountCheck(file)),
    );
    checks.push(clockCheck(file, clock), ...serviceChecks(path, clock));
  } finally {
    file.close();
  }
  const isFaulty = checks.some((check) => check.status === 'fault');
  return { book: path, checks, exitCode: isFaulty ? 1 : 0 };
}

const ok = (name: string, found: string): DoctorCheck => ({
  name,
  status: 'ok',
  found,
  hint: null,
});

const warning = (name: string, found: string, hint: string): DoctorCheck => ({
  name,
  status: 'warning',
  found,
  hint,
});

const fault = (name: string, found: string, hint: string): DoctorCheck => ({
  name,
  status: 'fault',
  found,
  hint,
});

function freeSpace(path: string): DoctorCheck {
  const free = freeBytesAt(path);
  if (free === null) return warning('free space', 'not known', 'look yourself');
  const found = `${Math.floor(free / 1024 / 1024)} MB`;
  if (free >= freeBytesWanted) return ok('free space', found);
  return fault('free space', found, 'free disk space: writes stop before the disk is full');
}

function fileChecks(file: BookFile): readonly DoctorCheck[] {
  const { driver } = file;
  const mode = String(driver.value('PRAGMA journal_mode'));
  const quick = driver
    .prepare('PRAGMA quick_check(1)')
    .all()
    .map((row) => String(row[0]));
  const damage = [...quick.filter((line) => line !== 'ok'), ...file.schemaFaults()];
  return [
    ok('sqlite', String(driver.value('SELECT sqlite_version()'))),
    mode === 'wal'
      ? ok('journal mode', mode)
      : warning('journal mode', mode, 'the next command that writes sets it to wal'),
    damage.length === 0
      ? ok('file', 'sound')
      : fault('file', damage.join('; '), 'run verify, and restore the newest good backup'),
  ];
}

function lease(file: BookFile, clock: WaitingClock): DoctorCheck {
  const holder = file.leaseHolder();
  if (holder === null) return ok('writer', 'nobody');
  const found = `${holder.holder} (process ${holder.pid}) since ${instantText(holder.takenAt)}`;
  if (holder.expiresAt > clock.now()) return ok('writer', found);
  const hint = 'it ended without saying so; the next writer takes over';
  return warning('writer', `${found}, expired`, hint);
}

/** Only the newest batch: verify looks at all of them. */
const accountCheck =
  (file: BookFile) =>
  ({ account, name }: Account): DoctorCheck => {
    const what = `account ${name}`;
    const { sequence, hash } = file.head(account);
    if (sequence === 0) return ok(what, 'no entries');
    if (newestHash(file, account, name, sequence) === hash) {
      return ok(what, `${sequence} entries, newest batch sound`);
    }
    const hint = 'run verify, and restore the newest good backup';
    return fault(what, `the newest batch of ${sequence} entries was changed`, hint);
  };

function newestHash(file: BookFile, account: number, name: string, sequence: number): string {
  let previousHash = genesisHash;
  for (const batch of file.batches(account, sequence - 1)) {
    const { firstSequence, lastSequence, recordedAt } = batch;
    for (const before of file.batches(account, firstSequence - 2)) {
      if (before.lastSequence === firstSequence - 1) previousHash = before.hash;
      break;
    }
    const header = { previousHash, account: name, firstSequence, lastSequence, recordedAt };
    const hasher = new BatchHasher(header);
    for (const row of file.entries(account, firstSequence - 1, lastSequence)) {
      hasher.add(canonicalLine(row));
    }
    return hasher.digest();
  }
  return genesisHash;
}

/** Recorded times never go back: a clock that is behind them is wrong, or was. */
function clockCheck(file: BookFile, clock: WaitingClock): DoctorCheck {
  const now = clock.now();
  const newest = file
    .accounts()
    .map(({ account }) => file.head(account).recordedAt ?? now)
    .reduce((a, b) => (a > b ? a : b), 0n);
  const ahead = millisecondsBetween(now, newest);
  if (ahead <= skewMaxMs) return ok('clock', instantText(now));
  const found = `${instantText(now)}, ${durationText(ahead)} behind the newest entry`;
  return warning('clock', found, 'set the clock of this machine');
}
