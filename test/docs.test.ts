import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf, linksOf, scriptOf } from './house/documents.ts';
import { readRepository, root } from './house/sources.ts';

const documents = readRepository().filter(({ path }) => /^([^/]+|docs\/.*)\.md$/.test(path));

const home = mkdtempSync(join(tmpdir(), 'trueup-docs-'));
const started: number[] = [];

afterAll(() => {
  for (const pid of started) stop(pid);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

describe.each(documents)('$path', ({ path, text }) => {
  const folder = join(home, path.replaceAll(/\W/g, '-'));
  mkdirSync(folder);

  for (const block of blocksOf(text)) {
    if (block.file === undefined && !['sh', 'ts'].includes(block.language)) continue;
    const [what] = block.text.trim().split('\n', 1);
    test(`line ${block.line}: ${what}`, () => follow(block, folder));
  }

  test('links to files that exist', () => {
    const broken = linksOf(text).filter((to) => !existsSync(join(root, dirname(path), to)));
    expect(broken).toEqual([]);
  });
});

/** Does what the block of a document shows; the blocks of one document share a folder. */
async function follow(block: Block, folder: string) {
  if (block.noRun !== undefined) {
    expect(block.noRun, 'no-run needs a reason').not.toBe('');
  } else if (block.file !== undefined) {
    mkdirSync(dirname(join(folder, block.file)), { recursive: true });
    writeFileSync(join(folder, block.file), block.text);
  } else if (block.language === 'ts') {
    const library = pathToFileURL(join(root, 'src', 'index.ts')).href;
    const program = `program-${block.line}.mts`;
    writeFileSync(
      join(folder, program),
      block.text.replaceAll(`from 'trueup'`, `from '${library}'`),
    );
    await run(process.execPath, [program], folder);
  } else {
    await run('sh', ['-exc', scriptOf(block.text)], folder);
  }
}

/** Runs a program in a group of its own: what it leaves in the background ends with the tests. */
async function run(program: string, args: readonly string[], folder: string) {
  const output = join(home, `output-${started.length}.txt`);
  const file = openSync(output, 'w');
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', file, file],
    env: {
      PATH: [join(root, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: folder,
      TMPDIR: home,
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      NO_COLOR: '1',
    },
  });
  closeSync(file);
  if (child.pid) started.push(child.pid);
  const code = await new Promise((resolve, reject) =>
    child.on('error', reject).on('exit', resolve),
  );
  expect(code, readFileSync(output, 'utf8')).toBe(0);
}

function stop(group: number) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

describe('the reader of documents', () => {
  test('reads blocks with what they ask for', () => {
    const markdown = [
      'Text\n',
      '```sh\ntrueup check\n```\n',
      '- a list\n\n  ```json file=a/b.json\n  { "a":\n    1 }\n  ```\n',
      '```sh no-run needs a server\ntrueup start\n```\n',
    ].join('\n');
    expect(blocksOf(markdown)).toEqual([
      { line: 3, language: 'sh', text: 'trueup check\n' },
      { line: 9, language: 'json', file: 'a/b.json', text: '{ "a":\n  1 }\n' },
      { line: 14, language: 'sh', noRun: 'needs a server', text: 'trueup start\n' },
    ]);
  });

  test('takes the typed lines of a session as commands', () => {
    expect(scriptOf('$ trueup check \\\n>   --json\nTRUE\n$ trueup sync\n')).toBe(
      'trueup check --json\ntrueup sync',
    );
  });

  test.each([
    ['true\nfalse # exit 1\nsh -c "exit 3" # exit 3\n', true],
    ['$ true\nwhat it prints\n', true],
    ['cat > note <<END\na line\nEND\ngrep -q "a line" note\n', true],
    ['false\ntrue\n', false],
    ['true # exit 1\n', false],
    ['sh -c "exit 2" # exit 3\n', false],
  ])('runs %j', async (text, well) => {
    const followed = follow({ line: 1, language: 'sh', text }, home);
    await (well ? followed : expect(followed).rejects.toThrow('expected'));
  });

  test('lets a block wait for nothing that an earlier one left in the background', async () => {
    await follow({ line: 1, language: 'sh', text: 'sleep 60 &\n' }, home);
  });

  test('runs a program', async () => {
    const text = `const one: number = 1;\nif (one !== 1) throw new Error('no');\n`;
    await follow({ line: 1, language: 'ts', text }, home);
  });

  test('reads links, but not those inside code', () => {
    const markdown = 'See [a](a.md#top), [b](https://b.org), `[c](c.md)`, ![d](<d.png>), [e](#e).';
    expect(linksOf(markdown)).toEqual(['a.md', 'd.png']);
  });
});
