/** Text of others on a screen, in JSON and in files. */
import { describe, expect, test } from 'vitest';
import { tableLines } from '../../src/cli/render/table.ts';
import { harmless } from '../../src/cli/terminal.ts';
import { percentText, plainMoney } from '../../src/model/amount.ts';
import { jsonText, visible, visibleIn } from '../../src/model/visible.ts';
import {
  code,
  list,
  reportHtml,
  reportMarkdown,
  section,
  table,
  text,
} from '../../src/report/sections.ts';
import { silentTerminal } from '../cli/silent-terminal.ts';

const forged = 'B\u001b[31mRED\n✓ TRUE';
const shown = 'B\\x1b[31mRED\\n✓ TRUE';

describe('H25 text of others', () => {
  test.each([
    ['colours and lines', forged, shown],
    ['a tab, a return and a bell', 'a\tb\rc\u0007', 'a\\tb\\rc\\x07'],
    ['an escape of one byte', '\u009b2J', '\\x9b2J'],
    ['separators and direction', '\u2028\u202ex\u2069', '\\u2028\\u202ex\\u2069'],
    ['letters of any alphabet', 'Ünïcode 日本 — ✓', 'Ünïcode 日本 — ✓'],
  ])('H25 %s', (_, given, wanted) => expect(visible(given)).toBe(wanted));

  test('H25 of every text inside a document, whatever its shape', () => {
    expect(visibleIn({ [forged]: [forged, null, 1, { a: forged }] })).toEqual({
      [shown]: [shown, null, 1, { a: shown }],
    });
  });

  test('H25 JSON holds none of it and reads the same', () => {
    const value = { symbol: `${forged}\u0085\u009b\u202e` };
    const json = jsonText(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(json.split('\n').map(visible)).toEqual(json.split('\n'));
  });

  test('H25 a cell of a table stays in its cell', () => {
    const lines = tableLines(silentTerminal, ['SYMBOL', 'N'], [[forged, '1']]);
    expect(lines).toEqual([`  SYMBOL${' '.repeat(shown.length - 6)}  N`, `  ${shown}  1`]);
  });

  test('H25 the screen gets our lines and styles, and no other control', () => {
    expect(harmless('\u001b[31ma\u001b[39m\n\tb')).toBe('\u001b[31ma\u001b[39m\n\tb');
    expect(harmless('\u001b[2Ja\u001b]0;x\u0007\r\u009b')).toBe('\\x1b[2Ja\\x1b]0;x\\x07\\r\\x9b');
    expect(harmless('\n[31m')).toBe('\n[31m');
  });

  test('H25 a report keeps its rows, items and headings', () => {
    const report = {
      title: forged,
      sections: [
        section(forged, [text(forged), list([forged]), table([['a'], [forged]]), code('sh', 'x')]),
      ],
    };
    const markdown = reportMarkdown(report);
    expect(markdown.split('\n').filter((line) => line.includes(shown))).toEqual([
      ...[`# ${shown}`, `## ${shown}`, shown, `- ${shown}`, `| ${shown} |`],
    ]);
    expect(markdown).not.toContain('\u001b');
    expect(reportHtml(report)).not.toContain('\u001b');
    expect(reportHtml(report)).toContain(`<td>${shown}</td>`);
  });
});

describe('H21 amounts as people quote them', () => {
  test.each([
    ['2.1169', '+2.12 %'],
    ['-0.6446', '−0.64 %'],
    ['0.0049', '+0.0049 %'],
    ['0.00005', '<0.0001 %'],
    ['-0.00000001', '>−0.0001 %'],
    ['0', '0.00 %'],
  ])('H21 %s is %s', (percent, wanted) => expect(percentText(percent)).toBe(wanted));

  test('H21 money for scripts has its sign before the currency, and every digit', () => {
    expect(plainMoney('-2.089375', 'USD')).toBe('-$2.089375');
    expect(plainMoney('-12345.6', 'EUR')).toBe('-12345.60 EUR');
    expect(plainMoney('0', 'USD')).toBe('$0.00');
  });
});
