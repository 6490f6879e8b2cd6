/** Programs of their own that use the library's call. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createIncidentDatabase } from '../../src/sources/falcon/incident-database.ts';
import { root } from '../house/sources.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trueup-balance-'));
  createIncidentDatabase(join(folder, 'paper_trading.db'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function storedTotal(): unknown {
  const file = new DatabaseSync(join(folder, 'paper_trading.db'), { readOnly: true });
  const row = file.prepare('SELECT total_value AS total FROM account WHERE id = 1').get();
  file.close();
  return row?.['total'];
}

describe('a program', () => {
  const execute = promisify(execFile);
  const library = pathToFileURL(join(root, 'src', 'index.ts')).href;

  /** What a program that uses the library prints; it has to end by itself. */
  async function printed(text: string) {
    const path = join(folder, 'program.mts');
    writeFileSync(path, `import { balance } from '${library}';\n${text}`);
    const { stdout, stderr } = await execute(process.execPath, [path], {
      cwd: folder,
      timeout: 30_000,
    });
    return { stdout, stderr };
  }

  test('I13 I14 that holds no promise ends by itself, after what was asked is done', async () => {
    const { stdout, stderr } = await printed(`
      balance('sqlite:paper_trading.db').update().then(({ status }) => console.log(status));
      balance('sqlite:absent.db').update();
    `);
    expect(stdout).toBe('written\n');
    expect(stderr).toContain('TrueupBalanceWarning: there is no');
    expect(storedTotal()).toBe(10211.69);
  });

  test('I14 outlives the thread that works for it', async () => {
    const { stdout } = await printed(`
      import { Worker } from 'node:worker_threads';
      const post = Worker.prototype.postMessage;
      let thread;
      Worker.prototype.postMessage = function (...message) {
        thread = this;
        return post.apply(this, message);
      };
      const stored = balance('sqlite:paper_trading.db', { onError: () => undefined });
      const first = stored.update();
      await thread.terminate();
      console.log(await first.catch(({ code, retry }) => code + ' ' + retry));
      console.log((await stored.update()).status);
    `);
    expect(stdout).toBe('worker-lost true\nwritten\n');
  });

  test('I14 that asks for nothing ends at once', async () => {
    expect(await printed(`balance('sqlite:paper_trading.db');`)).toEqual({
      stdout: '',
      stderr: '',
    });
  });
});
