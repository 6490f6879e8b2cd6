import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lastLine, stepLines } from '../../src/cli/render/rehearse-text.ts';
import { instant } from '../../src/model/instant.ts';
import { rehearsalDocument } from '../../src/report/rehearsal-document.ts';
import {
  type Expectation,
  NotThere,
  RehearsalClock,
  type RehearsalStep,
  rehearse,
} from '../../src/service/rehearsal/rehearsal.ts';
import { SourceError } from '../../src/sources/source-error.ts';

const plain = { style: (_: unknown, text: string) => text };

interface Stage {
  readonly folder: string;
  closed: boolean;
  close(): Promise<void>;
}

const step = (
  name: string,
  run: (stage: Stage) => readonly Expectation[],
): RehearsalStep<Stage> => ({
  ...{ name, command: null, says: `what ${name} does` },
  run: async (stage) => run(stage),
});

async function played(steps: readonly RehearsalStep<Stage>[]) {
  let stage: Stage | null = null;
  const result = await rehearse(
    'test',
    async (folder) => {
      stage = {
        ...{ folder, closed: false },
        async close() {
          this.closed = true;
        },
      };
      return stage;
    },
    steps,
  );
  return { document: rehearsalDocument(result, null), stage: stage! as Stage };
}

const right = step('right', () => [['total', '10211.69', '10211.69', 'money']]);
const wrong = step('wrong', () => [
  ['total', '10211.69', '10211.7', 'money'],
  ['verdict', 'true', 'true'],
]);

describe('a rehearsal', () => {
  test('I2 ends TRUE where every figure is as expected', async () => {
    const { document } = await played([right, right]);
    expect(document).toMatchObject({ verdict: 'true', exitCode: 0, figures: 2 });
    expect(lastLine(document)).toBe('TRUE: 2 steps, 2 figures, all as expected');
    expect(stepLines(plain, 1, document.steps[0]!)).toEqual([
      ' 1 right: what right does',
      '   ok     total  10,211.69',
    ]);
  });

  test('I2 ends at the first step with a wrong figure, and names it', async () => {
    const { document } = await played([right, wrong, right]);
    expect(document).toMatchObject({ verdict: 'break', exitCode: 1, planned: 3 });
    expect(document.steps).toHaveLength(2);
    expect(lastLine(document)).toBe('BREAK: step 2 of 3 (wrong): total is 10211.7, not 10211.69');
    expect(stepLines(plain, 2, document.steps[1]!)).toContain(
      '   WRONG  total    10,211.70, and should be 10,211.69',
    );
  });

  test('I2 takes what a service refuses for a wrong figure', async () => {
    const locked = step('locked', () => {
      throw new SourceError('source-locked', 'the database is locked', 'wait');
    });
    const { document } = await played([locked]);
    expect(lastLine(document)).toContain('carried out is the database is locked, not yes');
  });

  test('I2 takes what a step looked for in vain for a wrong figure', async () => {
    const vain = step('vain', () => {
      throw new NotThere('the check found no break of HNTUSDT');
    });
    const { document } = await played([vain]);
    expect(document).toMatchObject({ verdict: 'break', exitCode: 1 });
    expect(lastLine(document)).toContain('carried out is the check found no break of HNTUSDT');
  });

  test('I3 leaves neither its folder nor anything open, however it ends', async () => {
    const folders: string[] = [];
    const look = step('look', ({ folder }) => [['folder', 'true', String(existsSync(folder))]]);
    for (const steps of [[look], [look, wrong]]) {
      const { document, stage } = await played(steps);
      expect(document.steps[0]!.figures[0]!.ok).toBe(true);
      expect(stage.closed).toBe(true);
      folders.push(stage.folder);
    }
    const broken = step('broken', ({ folder }) => {
      folders.push(folder);
      throw new Error('a fault of ours');
    });
    await expect(played([broken])).rejects.toThrow('a fault of ours');
    expect(folders).toHaveLength(3);
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  });

  test('I2 plays at its own time', () => {
    const clock = new RehearsalClock(instant('2026-01-12T21:30:00Z'));
    clock.advance(90_000);
    expect(clock.now()).toBe(instant('2026-01-12T21:31:30Z'));
  });
});
