import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { instant } from '../../src/model/instant.ts';
import { logForPeople, logTo, logToAll } from '../../src/service/log.ts';
import { LogFile } from '../../src/service/log-file.ts';
import { withoutPassword, withoutSecrets } from '../../src/service/redaction.ts';

const clock = { now: () => instant('2026-01-12T10:05:00.25Z') };
const folder = mkdtempSync(join(tmpdir(), 'trueup-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written() {
  const lines: string[] = [];
  return { lines, write: (line: string) => void lines.push(line) };
}

describe('O16 a log line', () => {
  test('O16 is one JSON object with every member, in our own time, without host or process', () => {
    const { lines, write } = written();
    const log = logTo(write, clock);
    log.warn({
      ...{ event: 'balance.wrong', account: 'falcon', ours: '10000', theirs: '10211.69' },
      ...{ breakId: 'BRK-7Q2M4A', msg: 'Discrepancy: $211.69' },
    });
    log.info({ event: 'schedule.started', msg: 'two\nlines "quoted"' });
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        ...{ level: 'warn', time: '2026-01-12T10:05:00.25Z', event: 'balance.wrong' },
        ...{ account: 'falcon', instrument: null, ours: '10000', theirs: '10211.69' },
        ...{ breakId: 'BRK-7Q2M4A', msg: 'Discrepancy: $211.69' },
      },
      {
        ...{ level: 'info', time: '2026-01-12T10:05:00.25Z', event: 'schedule.started' },
        ...{ account: null, instrument: null, ours: null, theirs: null, breakId: null },
        msg: 'two\nlines "quoted"',
      },
    ]);
  });

  test('O16 is words for a person who looks, and goes wherever it is wanted', () => {
    const [file, screen] = [written(), written()];
    const log = logToAll([logTo(file.write, clock), logForPeople(screen.write, clock)]);
    log.error({ event: 'duty.failed', msg: 'balance failed: why' });
    expect(screen.lines).toEqual(['10:05:00Z error duty.failed        balance failed: why\n']);
    expect(JSON.parse(file.lines[0]!)).toMatchObject({ level: 'error', event: 'duty.failed' });
  });
});

describe('O17 no secret is logged', () => {
  test.each([
    ['postgres://bot:hunter2@db/falcon', 'postgres://***@db/falcon'],
    ['postgresql://bot:p@ss/word@db:5432/falcon', 'postgresql://***@db:5432/falcon'],
    ['host=db password=hunter2 user=bot', 'host=db password=*** user=bot'],
    ['{"token": "abc123"}', '{"token": "***"}'],
    ['https://quotes/x?apikey=abc123&symbols=A', 'https://quotes/x?apikey=***&symbols=A'],
    ['sent Authorization: Bearer abcdef.ghi', 'sent Authorization: Bearer ***'],
    [
      'https://api.telegram.org/bot123456789:AAF-xyz_01234/sendMessage',
      'https://api.telegram.org/bot***/sendMessage',
    ],
    ['https://hooks.slack.com/services/T1/B2/x3', 'https://hooks.slack.com/services/***'],
    ['signed with whsec_MfKQ9r8G', 'signed with whsec_***'],
    // what is none stays as it is
    ['[OK] Balance is accurate', '[OK] Balance is accurate'],
    ['sqlite:paper_trading.db', 'sqlite:paper_trading.db'],
    [
      'password authentication failed for user "bot"',
      'password authentication failed for user "bot"',
    ],
  ])('O17 %s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
    const { lines, write } = written();
    logTo(write, clock).error({ event: 'duty.failed', msg: text, account: text });
    expect(JSON.parse(lines[0]!)).toMatchObject({ msg: shown, account: shown });
  });
});

describe('O17 an address as it is shown', () => {
  test.each([
    ['postgresql://bot:hunter2@db/falcon', 'postgresql://bot@db/falcon'],
    ['postgres://bot:p@ss/hunter2@db/falcon', 'postgres://bot@db/falcon'],
    ['postgresql://bot:my hunter2@db/falcon', 'postgresql://bot@db/falcon'],
    ['postgresql+psycopg2://bot:hunter2@db/x', 'postgresql+psycopg2://***@db/x'],
    ['postgresql://db/x?user=bot&password=hunter2', 'postgresql://db/x?user=bot&password=***'],
    ['postgresql://bot@db/falcon', 'postgresql://bot@db/falcon'],
    ['sqlite:/data/at@home.db', 'sqlite:/data/at@home.db'],
  ])('O17 %s keeps its user, who can type it again', (address, shown) => {
    expect(withoutPassword(address)).toBe(shown);
    // A log that repeats what is shown already takes nothing more away.
    expect(withoutSecrets(shown)).toBe(shown);
  });
});

describe('O18 a log file', () => {
  const told: string[] = [];
  const opened = (path: string): LogFile => {
    told.length = 0;
    const file = LogFile.open(path, (line) => told.push(line));
    if (!file.ok) throw new Error(file.refusal.message);
    return file.value;
  };

  test('O18 is appended to, and opened anew after it was moved away', () => {
    const path = join(folder, 'a.log');
    writeFileSync(path, 'before\n');
    const file = opened(path);
    file.write('one\n');
    renameSync(path, `${path}.1`);
    file.write('two\n');
    file.reopen();
    file.write('three\n');
    file.close();
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('before\none\ntwo\n');
    expect(readFileSync(path, 'utf8')).toBe('three\n');
    expect(told).toEqual([]);
  });

  test('O18 in a folder that is not there is refused, with what to do', () => {
    const path = join(folder, 'none', 'a.log');
    const file = LogFile.open(path, () => undefined);
    expect(file).toMatchObject({
      ok: false,
      refusal: { code: 'log-folder-missing', hint: `make it: mkdir -p ${join(folder, 'none')}` },
    });
    expect(LogFile.open(folder, () => undefined)).toMatchObject({
      ok: false,
      refusal: { code: 'log-unwritable' },
    });
  });

  test('O18 that cannot be written is told once, and once when it can again', () => {
    const path = join(folder, 'b', 'b.log');
    mkdirSync(join(folder, 'b'));
    const file = opened(path);
    rmSync(join(folder, 'b'), { recursive: true });
    file.reopen();
    for (const line of ['one\n', 'two\n', 'three\n']) file.write(line);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/cannot be written: ENOENT.*; the duties go on$/);
    expect(file.lost).toBe(3);
    mkdirSync(join(folder, 'b'));
    file.write('four\n');
    expect(file.fault).toBeNull();
    expect(told[1]).toMatch(/is written again; 3 lines are missing in it$/);
    expect(readFileSync(path, 'utf8')).toBe('four\n');
  });

  const withFullDevice = test.skipIf(!existsSync('/dev/full')); // nothing else plays a full disk
  withFullDevice('O18 on a full disk loses lines, and says so', () => {
    const file = opened('/dev/full');
    file.write('one\n');
    file.write('two\n');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/ENOSPC/);
    expect([file.lost, file.fault === null]).toEqual([2, false]);
  });
});
