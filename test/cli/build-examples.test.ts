import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createIncidentDatabase,
  writeAsTheBot,
} from '../../src/sources/falcon/incident-database.ts';
import { root } from '../house/sources.ts';
import { CommandLine } from './command-line.ts';
import { hasPytest, hasPython, ran } from './outside-program.ts';

const folders: CommandLine[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

let folder: string;
beforeEach(() => {
  const cli = new CommandLine();
  folders.push(cli);
  ({ folder } = cli);
  createIncidentDatabase(join(folder, 'paper_trading.db'));
});

const repair = () =>
  writeAsTheBot(join(folder, 'paper_trading.db'), [
    'UPDATE account SET total_value = 10211.69',
    `INSERT INTO performance VALUES ('2026-01-12T16:30:00', 10211.69, 1058.70, 9152.99)`,
  ]);

const source = { BALANCE_SOURCE: 'sqlite:paper_trading.db' };

/** A build fails on the database of the incident, and passes once its total is true. */
function expectGate(build: () => { readonly code: number | null; readonly out: string }) {
  const before = build();
  expect(before.code, before.out).not.toBe(0);
  expect(before.out).toContain('stored 10000, truth 10211.69');
  repair();
  const after = build();
  expect(after.code, after.out).toBe(0);
}

const both = ({ code, out, err }: { code: number | null; out: string; err: string }) => ({
  code,
  out: out + err,
});

describe('a build', () => {
  test('I17 by vitest fails until the stored total is true', () => {
    cpSync(join(root, 'examples', 'ci'), folder, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const runner = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    expectGate(() => both(ran(folder, process.execPath, [runner, 'run'], source)));
  });

  const cases = test.skipIf(!hasPython); // python3 is not everywhere
  cases('I17 by unittest fails until the stored total is true', () => {
    cpSync(join(root, 'examples', 'python-bot'), folder, { recursive: true });
    expectGate(() => both(ran(folder, 'python3', ['-m', 'unittest', 'test_balance'], source)));
  });

  const scenario = test.skipIf(!hasPytest); // pytest is not everywhere
  scenario('I17 by pytest fails until the stored total is true', () => {
    cpSync(join(root, 'examples', 'python-bot'), folder, { recursive: true });
    const words = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_balance.py'];
    expectGate(() => both(ran(folder, 'python3', words, source)));
  });
});

describe('the hosted workflow', () => {
  const text = readFileSync(join(root, 'examples', 'ci', 'balance.yml'), 'utf8');

  /** Its steps that run a line, in their order; the installation needs the network. */
  const steps = [...text.matchAll(/- name: (.+)\n(?:\s+if: (.+)\n)?\s+run: (.+)\n/g)].map(
    ([, name, when = 'success()', line]) => ({ name: name!, when, line: line! }),
  );
  const settings = Object.fromEntries(
    [...text.matchAll(/^ {6}(TRUEUP_\w+): (.+)$/gm)].map(([, name, value]) => [name!, value!]),
  );

  /** As the host does it: a step that fails ends the build but for those that ask for it. */
  function build() {
    let code = 0;
    for (const { name, when, line } of steps) {
      if (name === 'install' || (when === 'failure()') !== (code !== 0)) continue;
      const ended = ran(folder, 'bash', ['-eo', 'pipefail', '-c', line], settings);
      if (code === 0) code = ended.code ?? 1;
      else expect(ended.code, ended.err).toBe(0);
    }
    return { code, out: readFileSync(join(folder, 'balance.json'), 'utf8') };
  }

  test('I17 fails with the reason beside it until the stored total is true', () => {
    expect(steps.map(({ name }) => name)).toEqual(['install', 'check', 'say why']);
    expect(build().code).toBe(3);
    expect(readFileSync(join(folder, 'balance.md'), 'utf8')).toContain('10,211.69');
    repair();
    const { code, out } = build();
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'true' });
  });
});

test.each(['ci/balance.test.ts', 'ci/balance.yml', 'python-bot/test_balance.py'])(
  'I17 docs/ci.md shows examples/%s as it is',
  (path) => {
    const page = readFileSync(join(root, 'docs', 'ci.md'), 'utf8');
    expect(page).toContain(`\n${readFileSync(join(root, 'examples', path), 'utf8')}\`\`\`\n`);
  },
);
