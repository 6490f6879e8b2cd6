/** performance of another program's database: its history, and a record of what is true now. */
import { sourcePerformanceReport } from '../../report/performance-report.ts';
import { sourcePerformanceDocument } from '../../report/source-performance-document.ts';
import { personName } from '../../service/person.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { Shell } from '../command.ts';
import { countOption } from '../command.ts';
import { usageError } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import { sourcePerformanceLines } from '../render/source-performance-text.ts';
import { updateLines } from '../render/source-update-text.ts';
import { giveReport, reportForm, reportWriters } from '../report-form.ts';
import { refuseOthers } from './check-source.ts';
import { deskOptions, looking, type PricedOptions, pricesOf, withDesk } from './source-options.ts';

export interface PerformanceSourceOptions extends PricedOptions {
  readonly limit: string;
  readonly record?: true;
  readonly from?: string;
  readonly to?: string;
  readonly report?: string;
  readonly out?: string;
}

export function runPerformanceSource(
  shell: Shell,
  options: PerformanceSourceOptions,
): Promise<number> {
  refuseOthers(shell, {}, 'performance');
  for (const name of ['from', 'to'] as const) {
    if (options[name] === undefined) continue;
    const hint = 'leave it out: the bridge is of our own book';
    throw usageError('option-unfit', `performance --source takes no --${name}`, hint, `--${name}`);
  }
  const limit = countOption('--limit', options.limit);
  const shown = () => showHistory(shell, options, limit);
  return options.record === true ? shown() : looking(shown);
}

function showHistory(shell: Shell, options: PerformanceSourceOptions, limit: number) {
  const { performanceMaxAgeMs } = deskOptions(shell, options);
  const form = reportForm(options);
  return withDesk(shell, options, async (desk) => {
    const request = { prices: pricesOf(shell, options), actor: personName() };
    const recorded = options.record === true ? await desk.recordPerformance(request) : null;
    const document = sourcePerformanceDocument({
      source: desk.identity.location,
      now: systemClock.now(),
      maxAgeMs: performanceMaxAgeMs,
      histories: await desk.performance(limit),
      recorded: recorded?.document ?? null,
    });
    const { terminal } = shell;
    const written = recorded === null ? [] : updateLines(terminal, recorded);
    if (form !== null) {
      giveReport(shell, options, reportWriters[form](sourcePerformanceReport(document)));
      if (written.length > 0) terminal.tell(written.join('\n'));
    } else if (shell.globals.json) printDocument(shell, document);
    else {
      const after = written.length === 0 ? [] : ['', ...written];
      terminal.print([...sourcePerformanceLines(terminal, document), ...after].join('\n'));
    }
    return recorded?.exitCode ?? 0;
  });
}
