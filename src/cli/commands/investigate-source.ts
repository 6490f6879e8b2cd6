/** investigate of another program's database, and reports to file. */
import { decimalFaultText, parseDecimal } from '../../decimal/text.ts';
import { sourceInvestigation } from '../../report/source-investigation.ts';
import { type Published, publishedCheck } from '../../report/source-published.ts';
import type { SourceCheck, SourceCheckRequest } from '../../service/source/desk.ts';
import { unknownBreak } from '../../service/syncing.ts';
import type { Shell } from '../command.ts';
import { refusedInput, usageError } from '../command-error.ts';
import { viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { sourceInvestigationLines } from '../render/source-investigate-text.ts';
import { giveReport, type ReportForm, reportForm, reportWriters } from '../report-form.ts';
import { nextOf, refuseOthers } from './check-source.ts';
import { type PricedOptions, pricesOf, withDesk } from './source-options.ts';

export interface InvestigateSourceOptions extends PricedOptions {
  readonly report?: string;
  readonly out?: string;
  readonly published?: string;
  readonly statement?: readonly string[];
  readonly tolerance?: string;
}

export function runInvestigateSource(
  shell: Shell,
  options: InvestigateSourceOptions,
  breakId: string | null,
): Promise<number> {
  refuseOthers(shell, options, 'investigate');
  const form = reportForm(options);
  const published = options.published === undefined ? null : publishedOf(options.published);
  const request: SourceCheckRequest = {
    ...{ document: 'investigate', record: false, breakId },
    prices: pricesOf(shell, options),
  };
  return withDesk(shell, options, async (desk) => {
    const check = await desk.check({ ...request, hints: nextOf(desk, options, 'investigate') });
    const view = viewOfCheck(check.document);
    if (breakId !== null && view.breaks.length + view.accepted.length === 0) {
      throw refusedInput(unknownBreak(breakId));
    }
    if (form !== null) giveReport(shell, options, reportOf(check, form, published));
    else if (shell.globals.json) printDocument(shell, check.document.json);
    else {
      const lines = sourceInvestigationLines(shell.terminal, check, sentencesOf(check, published));
      shell.terminal.print(lines.join('\n'));
    }
    return check.document.exitCode;
  });
}

/** A database that did not answer has nothing that could be filed. */
function reportOf(check: SourceCheck, form: ReportForm, published: Published | null): string {
  if (check.checked !== null) {
    return reportWriters[form](sourceInvestigation(check.document.json, published));
  }
  const [unknown] = viewOfCheck(check.document).unknown;
  throw refusedInput({
    code: 'source-silent',
    message: `there is nothing to report: ${unknown?.why ?? 'the database did not answer'}`,
    where: { field: '--source' },
    rule: 'a report is of what a database says',
    hint: 'try again when it answers',
  });
}

const sentencesOf = ({ sheets }: SourceCheck, published: Published | null): readonly string[] =>
  published === null ? [] : sheets.flatMap((sheet) => publishedCheck(published, sheet).sentences);

const figures = ['cash', 'positions', 'total'] as const;

/** `cash=1058.70,positions=9152.99,total=10211.70`. */
function publishedOf(text: string): Published {
  const parts = new Map(text.split(',').map((part) => split(part.trim())));
  const wrong = [...parts.keys()].find((name) => !(figures as readonly string[]).includes(name));
  const told = `--published ${JSON.stringify(text)}`;
  if (wrong !== undefined) throw badFigures(`${told} names ${JSON.stringify(wrong)}`);
  const figureOf = (name: (typeof figures)[number]) => {
    const value = parts.get(name);
    if (value === undefined) throw badFigures(`${told} has no ${name}`);
    const parsed = parseDecimal(value);
    if (!parsed.ok)
      throw badFigures(`${name} ${JSON.stringify(value)} ${decimalFaultText[parsed.fault]}`);
    return parsed.value;
  };
  return { cash: figureOf('cash'), positions: figureOf('positions'), total: figureOf('total') };
}

function split(part: string): readonly [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}

const badFigures = (said: string) =>
  usageError(
    'published-bad',
    said,
    'write cash=1058.70,positions=9152.99,total=10211.70',
    '--published',
  );
