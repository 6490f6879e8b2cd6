/** check and investigate of the positions that a bot's database stores. */
import {
  type CheckDocument,
  type CheckOptions,
  checkDocument,
} from '../../report/check-document.ts';
import { investigationHtml, investigationMarkdown } from '../../report/investigation-report.ts';
import { rowsJson, sourceParty, withRows } from '../../report/positions-document.ts';
import type { RowsLook } from '../../service/source/positions-look.ts';
import { noteRows } from '../../service/source/positions-notes.ts';
import { unknownBreak } from '../../service/syncing.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import { durationOption, type Shell } from '../command.ts';
import { refusedInput } from '../command-error.ts';
import { withWriter } from '../open-book.ts';
import { viewOfCheck } from '../render/check-text.ts';
import { printDocument, printLine } from '../render/document.ts';
import { investigationLines } from '../render/investigate-text.ts';
import { rowsCheckLines, rowsVerdictLines } from '../render/positions-text.ts';
import { giveReport, type ReportForm, reportForm } from '../report-form.ts';
import { interrupted, watching } from '../watching.ts';
import {
  type PositionsAt,
  type PositionsOptions,
  type PositionsSeen,
  seenNow,
  withPositions,
} from './positions-options.ts';
import { amountOption, comparedWords } from './reconcile-options.ts';
import { looking } from './source-options.ts';

export interface CheckPositionsOptions extends PositionsOptions {
  readonly record: boolean;
  readonly failAbove?: string;
  readonly watch?: string;
}

export function runCheckPositions(
  shell: Shell,
  options: CheckPositionsOptions,
  open?: OpenVenue,
): Promise<number> {
  const failAbove = amountOption('--fail-above', options.failAbove);
  const { watch, record } = options;
  const everyMs = watch === undefined ? null : durationOption('--watch', watch);
  const stopping = new AbortController();
  const asking = { recorded: false, signal: stopping.signal };
  const how = { ...asking, ...(open === undefined ? {} : { open }) };
  return looking(() =>
    withPositions(shell, options, how, (at) => {
      const round = async (): Promise<number | null> => {
        const asked = await at.comparing.compare();
        if (stopping.signal.aborted) return null;
        const seen = record
          ? await withWriter(shell, 'check', async (writer) => {
              const found = await seenNow(at, asked, writer);
              const looks: RowsLook[] = [];
              for (const one of found.looks) looks.push(await noteRows(at.ground, writer, one));
              return { ...found, looks };
            })
          : await seenNow(at, asked);
        const which = sourceWords(at, options) + comparedWords(options);
        const isBroken = documentOf(at, seen, {}).verdict === 'break';
        const next = [`next: trueup investigate${which}`, `then: trueup sync${which}`];
        const document = documentOf(at, seen, { failAbove, hints: isBroken ? next : [] });
        show(shell, document, seen.looks, everyMs !== null);
        return document.exitCode;
      };
      return everyMs === null
        ? round().then((code) => code ?? interrupted)
        : watching(shell, { everyMs, stopping, round });
    }),
  );
}

/** As the database names itself, and not as it was typed, which may hold a password. */
export const sourceWords = ({ ground }: PositionsAt, { source }: PositionsOptions): string =>
  source === true ? ' --source' : ` --source ${ground.source.identity.location}`;

/** The book and the rows as one document. */
export function documentOf(
  { ground }: PositionsAt,
  { asked, books, looks }: PositionsSeen,
  shown: Partial<CheckOptions>,
): CheckDocument {
  const { strict, clock } = ground.options;
  const rows = looks.map(rowsShown);
  const byAccount = new Map(rows.map((one) => [one.account, one]));
  const accounts = books.map((one) => {
    const own = byAccount.get(one.reconciled.account);
    return own === undefined ? one : withRows(one, { checked: own.checked, strict });
  });
  return checkDocument(accounts, {
    ...{ document: 'check', now: clock.now(), strict, failAbove: null, hints: [], breakId: null },
    parties: ['source', sourceParty(rows)],
    source: rowsJson(rows),
    credentials: asked.credentials,
    ...shown,
  });
}

/** A look as documents show it. */
export const rowsShown = ({ compared, snapshot, checked, input }: RowsLook) => ({
  ...{ account: compared.account.name, snapshot, checked, against: input.truth.party },
});

function show(
  shell: Shell,
  document: CheckDocument,
  looks: readonly RowsLook[],
  isOneOfMany: boolean,
): void {
  const { terminal, globals } = shell;
  if (globals.json) (isOneOfMany ? printLine : printDocument)(shell, document.json);
  else {
    const lines = rowsCheckLines(terminal, document, looks);
    terminal.print([...lines, ...(isOneOfMany ? [''] : [])].join('\n'));
  }
}

export interface InvestigatePositionsOptions extends PositionsOptions {
  readonly report?: string;
  readonly out?: string;
}

const writers: Readonly<Record<ReportForm, (json: CheckDocument['json']) => string>> = {
  md: investigationMarkdown,
  html: investigationHtml,
};

export function runInvestigatePositions(
  shell: Shell,
  options: InvestigatePositionsOptions,
  breakId: string | null,
  open?: OpenVenue,
): Promise<number> {
  const form = reportForm(options);
  const { signal } = new AbortController();
  const how = { recorded: true, signal, ...(open === undefined ? {} : { open }) };
  return looking(() =>
    withPositions(shell, options, how, async (at) => {
      const seen = await seenNow(at, await at.comparing.compare());
      const document = documentOf(at, seen, { document: 'investigate', breakId });
      const view = viewOfCheck(document);
      if (breakId !== null && view.breaks.length + view.accepted.length === 0) {
        throw refusedInput(unknownBreak(breakId));
      }
      const { terminal, globals } = shell;
      if (form !== null) giveReport(shell, options, writers[form](document.json));
      else if (globals.json) printDocument(shell, document.json);
      else {
        const parts = view.breaks.map((one) => investigationLines(terminal, one).join('\n'));
        const last = rowsVerdictLines(terminal, document, seen.looks).join('\n');
        terminal.print([...parts, last].join('\n\n'));
      }
      return document.exitCode;
    }),
  );
}
