import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alertNames } from '../../../src/service/duties/alerting.ts';
import { root } from '../../house/sources.ts';

const sections = new Map(
  readFileSync(join(root, 'docs', 'runbook.md'), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.split('\n', 1)[0]!, text]),
);

test.each(alertNames)('O23 the runbook has a section for %s', (name) => {
  const text = sections.get(name) ?? '';
  for (const part of ['Means', 'The service', 'You']) expect(text).toContain(`- **${part}**: `);
});
