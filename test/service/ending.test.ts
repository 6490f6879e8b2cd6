import { expect, test } from 'vitest';
import { endEach } from '../../src/service/ending.ts';
import { rememberedLog } from './duties/duty-kit.ts';

test('SV45 what cannot be ended is told, and keeps nothing else from its end', async () => {
  const ended: string[] = [];
  const log = rememberedLog();
  const ends = {
    'the service': () => Promise.reject(new Error('the disk is full')),
    'the lease': async () => void ended.push('lease'),
    'the file': () => {
      throw new Error('it is locked');
    },
    'the log': () => void ended.push('log'),
  };
  expect(await endEach(log, ends)).toBe(false);
  expect(ended).toEqual(['lease', 'log']);
  expect(log.said()).toEqual([
    'end.failed: the service could not be ended: the disk is full',
    'end.failed: the file could not be ended: it is locked',
  ]);
  expect(await endEach(log, { 'the lease': () => undefined })).toBe(true);
});
