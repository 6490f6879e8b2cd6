/** No command repeats a password that stood in an address: not printed, not filed, not sent. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { incidentSql } from '../../src/sources/falcon/incident-database.ts';
import { startPostgres, type TestServer } from '../postgres/server.ts';
import { CommandLine, type Ended } from './command-line.ts';

const password = 'M4rker-s3cret';
const temporary = mkdtempSync(join(tmpdir(), 'trueup-secrets-'));
const opened: CommandLine[] = [];
let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  for (const cli of opened) cli.remove();
  rmSync(temporary, { recursive: true, force: true });
});

const grants = (role: string): readonly string[] => [
  `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`,
  `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`,
  `GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
  `GRANT ALL ON SCHEMA public TO ${role}`,
];

/** The incident on a server: its stored total is wrong. The address as it is typed, and shown. */
async function incident(role: string) {
  const cli = new CommandLine();
  opened.push(cli);
  const statements = [...incidentSql('postgresql', 'stored-total'), ...grants(role)];
  const { host, pathname } = new URL(await server.database(statements.join(';')));
  const typed = `postgresql://${role}:${password}@${host}${pathname}`;
  return { cli, typed, shown: `postgresql://${role}@${host}${pathname}` };
}

const zone = '--source-timezone America/New_York';

/** Every file under a folder, as text: also of the book, and of what it keeps beside it. */
const filesOf = (folder: string): readonly (readonly [path: string, text: string])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')]);

function expectNothingOf(secret: string, ended: Ended, folder: string): void {
  expect(ended.out + ended.err).not.toContain(secret);
  for (const [path, text] of filesOf(folder)) expect(text.includes(secret), path).toBe(false);
}

describe('N13 a password in --source', () => {
  test.each([
    ['check', 3],
    ['check --json', 3],
    ['check --no-record', 3],
    ['investigate', 3],
    ['investigate --json', 3],
    ['investigate --report md --out filed.md', 3],
    ['investigate --report html --out filed.html', 3],
    ['update --dry-run', 0],
    ['update --record', 0],
    ['update --json', 0],
    ['performance --json', 0],
    ['balance --check --json', 3],
    ['guard status', 3],
    ['guard install --dry-run', 0],
    ['adopt --dry-run', 0],
    ['doctor', 0],
    ['schedule --once --log-file duties.log', 3],
    ['service unit --out units', 0],
  ])('N13 is nowhere after %s', async (words, code) => {
    const { cli, typed } = await incident(`bot_${opened.length}`);
    const ended = await cli.run(`${words} --source ${typed} ${zone}`);
    expect(ended).toMatchObject({ code });
    expectNothingOf(password, ended, cli.folder);
  });

  test('N13 and the commands that are printed name the user, and so can be run', async () => {
    const { cli, typed, shown } = await incident('printed');
    const { hints } = await cli.json<{ hints: readonly string[] }>(
      `check --source ${typed} ${zone}`,
    );
    expect(hints).toContain(`next: trueup investigate --source ${shown}`);
    expect(hints).toContain(`then: trueup update --record --source ${shown}`);
    const { undo } = await cli.json<{ undo: string }>(`update --source ${typed} ${zone}`);
    expect(undo).toBe(`trueup update --undo 1 --source ${shown}`);
    const environment = { PGPASSWORD: password };
    const undone = await cli.run(`${undo.replace('trueup ', '')} ${zone}`, { environment });
    expect(undone).toMatchObject({ code: 0 });
    expectNothingOf(password, undone, cli.folder);
  });

  test('N4 N13 another user looks at the same database, and no note says otherwise', async () => {
    const { cli, typed } = await incident('one_user');
    expect(await cli.run(`update --record --source ${typed} ${zone}`)).toMatchObject({ code: 0 });
    const owner = typed.replace(`one_user:${password}`, 'falcon:falcon');
    const owners = await cli.run(`check --source ${owner} ${zone}`);
    expect([owners.code, owners.err]).toEqual([0, '']);
  });

  test('N13 is in no alert, and in no memory of the desk', async () => {
    const { cli, typed, shown } = await incident('alerted');
    const bodies: string[] = [];
    const service = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        bodies.push(body);
        response.end();
      });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/alerts`;
    cli.file(
      'trueup.json',
      JSON.stringify({ alerts: { channels: [{ name: 'ops', type: 'webhook', url }] } }),
    );
    const environment = { TRUEUP_SOURCE: typed };
    const ended = await cli.run(`schedule --once ${zone}`, { environment });
    service.close();
    expect(ended.code).toBe(3);
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.join('\n')).not.toContain(password);
    // The command that comes next can be run as it stands there.
    expect(bodies.join('\n')).toContain(` --source ${shown}`);
    expectNothingOf(password, ended, cli.folder);
  });

  test.each([
    'check --surce=ADDRESS',
    'check ADDRESS',
    'ADDRESS',
    'check --source ADDRESS --fail-above ADDRESS',
    'check --source ADDRESS?unknown=1',
    'book --book ADDRESS',
    'config show',
    'config show --json',
  ])('N13 is not repeated by %s', async (words) => {
    const cli = new CommandLine();
    opened.push(cli);
    for (const secret of [password, `p@ss/${password}`]) {
      const address = `postgresql://bot:${secret}@127.0.0.1:1/paper`;
      const environment = { TRUEUP_SOURCE: address };
      const ended = await cli.run(words.replaceAll('ADDRESS', address), { environment });
      expect(ended.out + ended.err).not.toContain(password);
    }
  });
});
