/** The schema of settings, beside what reads them and what is written of them. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toText } from '../../src/decimal/text.ts';
import { usualExitRules } from '../../src/exits/rules.ts';
import { defaults } from '../../src/service/config.ts';
import { settingNames } from '../../src/service/config-file.ts';
import { jsonSchema, settingsSchema } from '../../src/service/config-schema.ts';
import { type SettingRow, settingRows } from '../../src/service/config-table.ts';
import { parseSettingsText } from '../../src/service/config-text.ts';
import { variableOf } from '../../src/service/config-variables.ts';
import { durationText } from '../../src/service/duration.ts';
import { blocksOf } from '../house/documents.ts';
import { readRepository, root } from '../house/sources.ts';

const reference = join(root, 'docs', 'reference');

test('CF3 the JSON Schema in the reference is made from the schema that validates', async () => {
  const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(reference, 'trueup.schema.json'));
});

const preamble = `# Settings

[Configuration](../configuration.md) says where they stand and which wins. \`NAME\` stands for any
name, \`[]\` for each place in a list. A variable wins over a file; venues and channels stand in
files alone. \`trueup config schema\` prints the [JSON Schema](trueup.schema.json) of the file, from
which this page is made.

A **duration** is a whole number and \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`. A **decimal** is read
by its digits, quoted or not; an exponent is refused. Lists in variables have commas between their
texts.`;

const cell = (text: string | null): string =>
  text === null || text === '' ? '' : text.replaceAll('|', '\\|');
const code = (text: string | null): string => (text === null ? '' : `\`${text}\``);

const lineOf = ({ path, type, usual, meaning, variable }: SettingRow): string =>
  `| ${code(path)} | ${cell(type)} | ${cell(usual)} | ${cell(meaning)} | ${code(variable)} |`;

test('CF3 the reference of settings is a table of the schema', async () => {
  const head = '| key | type | default | meaning | variable |\n| --- | --- | --- | --- | --- |';
  const page = `${preamble}\n\n${head}\n${settingRows().map(lineOf).join('\n')}\n`;
  await expect(page).toMatchFileSnapshot(join(reference, 'config.md'));
});

describe('CF3 every setting', () => {
  const rows = settingRows();

  test('CF3 has a meaning', () => {
    expect(rows.filter(({ meaning }) => meaning === '')).toEqual([]);
  });

  test('CF3 has a variable where it has one place, and no two have the same', () => {
    const without = rows.filter(({ variable }) => variable === null).map(({ path }) => path);
    expect(without.filter((path) => !/^venues\.NAME|^alerts\.channels/.test(path))).toEqual([]);
    const named = rows.flatMap(({ variable }) => variable ?? []);
    expect(new Set(named).size).toBe(named.length);
    expect(variableOf('policy.rows.repairsPerDay')).toBe('TRUEUP_POLICY_ROWS_REPAIRS_PER_DAY');
  });

  test('CF3 says the default that holds', () => {
    const usual = Object.fromEntries(rows.map((row) => [row.path, row.usual]));
    for (const name of settingNames) {
      if (defaults[name] !== null) expect(usual[name]).toBe(defaults[name]);
    }
    const { usual: rules } = { usual: usualExitRules };
    const exits = (key: string) => usual[`venues.NAME.exits.${key}`];
    expect([exits('limitAge'), exits('grace'), exits('accelerateAfter'), exits('pause')]).toEqual(
      [rules.limitAgeMs, rules.graceMs, rules.accelerateAfterMs, rules.pauseMs].map((ms) =>
        durationText(ms).replace(/^1d$/, '24h'),
      ),
    );
    expect(['lossStep', 'maximumLoss', 'acceleration', 'commission'].map(exits)).toEqual(
      [rules.lossStep, rules.maximumLoss, rules.acceleration, rules.commission].map(toText),
    );
    expect(['requoteAbove', 'crossWithin', 'marketAfter'].map(exits)).toEqual([
      toText(rules.requoteAbove),
      toText(rules.crossWithin),
      durationText(rules.marketAfterMs),
    ]);
  });
});

describe('CF3 what documents show', () => {
  const blocks = readRepository()
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      blocksOf(text)
        .filter(({ file }) => /(^|\/)(trueup|config)\.(yaml|json)$/.test(file ?? ''))
        .map(({ file, line, text: settings }) => ({ path, line, file: file!, settings })),
    );

  test('CF3 there are examples, and each is YAML', () => {
    expect(blocks.length).toBeGreaterThan(4);
    expect(blocks.filter(({ file }) => !file.endsWith('.yaml'))).toEqual([]);
  });

  test.each(blocks)('CF3 $path, line $line', ({ file, settings }) => {
    const read = parseSettingsText(settings, file);
    expect(read.ok && settingsSchema.safeParse(read.value.value).error).toBeUndefined();
    expect(settings).toMatch(/^# yaml-language-server: \$schema=trueup\.schema\.json\n/);
  });
});
