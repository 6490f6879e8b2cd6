/** update --venue: what a venue lists into our own book. */
import { pulledDocument } from '../../report/venue-document.ts';
import { openAccount } from '../../service/listening/account-opening.ts';
import { openFollowed } from '../../service/listening/opening.ts';
import { pull } from '../../service/listening/pull.ts';
import { logTo } from '../../service/log.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenedVenue, OpenVenue } from '../../service/venues/opening.ts';
import { type Shell, timeOption } from '../command.ts';
import { usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { Progress } from '../progress.ts';
import { countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';
import { pulledLines } from '../render/venue-text.ts';
import { version } from '../version.ts';
import { withVenue } from './venue-options.ts';

export interface VenueUpdateOptions {
  readonly venue: string;
  readonly since?: string;
  readonly opening?: true;
}

export function runVenueUpdate(
  shell: Shell,
  { venue, since, opening }: VenueUpdateOptions,
  open?: OpenVenue,
): Promise<number> {
  const from = timeOption('--since', since);
  if (opening === true && from !== null) {
    const hint = 'leave --since out: an account that is begun now is listed from now on';
    throw usageError('option-unfit', '--opening takes no --since', hint, '--since');
  }
  const begins = opening === true;
  return withVenue(shell, venue, (opened) => pullInto(shell, opened, from, begins), open);
}

async function pullInto(
  shell: Shell,
  { venue, settings }: OpenedVenue,
  since: ReturnType<typeof timeOption>,
  begins: boolean,
): Promise<number> {
  const { terminal, globals } = shell;
  const { book, markMaxAgeMs } = globals.configuration;
  const progress = new Progress(terminal);
  const { signal } = new AbortController();
  const followed = wanted(
    await openFollowed({
      ...{ venue, settings, book, markMaxAgeMs, signal, streams: false },
      holder: `trueup update of ${venue.name}`,
      programVersion: version(),
      clock: systemClock,
      log: warningsOnly(shell),
      onProgress: (section, facts) => progress.at(`${section}: ${countText(facts)} listed`),
    }),
  );
  try {
    const { following, keeper, reader, account } = followed;
    const patience = { clock: systemClock, signal, tries: 3 };
    const opening = begins ? await openAccount({ venue, keeper, reader, account }, patience) : null;
    await following.begin(account, patience);
    const parts = { venue, following, keeper, reader, clock: systemClock, signal, markMaxAgeMs };
    const pulled = await pull(parts, since);
    progress.end(`listed from ${venue.name}`);
    const { mode } = venue.capabilities;
    const document = pulledDocument({ ...pulled, mode, opening });
    if (globals.json) printDocument(shell, document);
    else terminal.print(pulledLines(terminal, document).join('\n'));
    return pulled.exitCode;
  } finally {
    await followed.close();
  }
}

/** What is pulled is told at the end; what goes wrong meanwhile, at once. */
function warningsOnly({ terminal }: Shell) {
  const log = logTo((line) => terminal.tell(line.trimEnd()), systemClock);
  return { ...log, info: () => undefined };
}
