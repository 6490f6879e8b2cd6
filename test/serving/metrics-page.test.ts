/** docs/reference/metrics.md is made from the code. UPDATE_DOCS=1 writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Metrics } from '../../src/service/serving/metrics.ts';
import { root } from '../house/sources.ts';

const path = join(root, 'docs', 'reference', 'metrics.md');

const preamble = `# Metrics

\`GET /metrics\` of [the service](../serve.md), with a token of scope \`read\`, in the format of
Prometheus. Times are seconds, sizes bytes. Labels are names of accounts and of duties, and nothing
that grows. This page is made from the code.

\`\`\`text
scrape_configs:
  - job_name: trueup
    authorization: { credentials_file: /etc/prometheus/trueup.token }
    static_configs: [{ targets: ["127.0.0.1:8787"] }]
\`\`\`
`;

test('SV16 the page of metrics is what the code defines', async () => {
  const found = await new Metrics().registry.getMetricsAsJSON();
  const rows = found
    .map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`)
    .toSorted();
  const page = [preamble, '| metric | type | says |', '|---|---|---|', ...rows, ''].join('\n');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, page);
  expect(readFileSync(path, 'utf8')).toBe(page);
});
