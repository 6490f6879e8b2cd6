/** What the newest look says of a line of a source, and how many lines it found right. */
import type { Line } from '../../model/break.ts';
import { lineId } from '../../model/break.ts';
import { parseInstant } from '../../model/instant.ts';
import type { ExplainedCase } from '../explain.ts';
import type { LineVerdict } from '../judge.ts';
import type { SourceContext } from './context.ts';
import { isStaleRecord } from './records.ts';
import type { TotalMatch } from './storage.ts';

/** A total that is not stored any more contradicts nobody, and proves nothing. */
const ofMatch: Readonly<Record<TotalMatch, LineVerdict>> = {
  exact: 'equal',
  nearest: 'equal',
  guarded: 'within-tolerance',
  different: 'different',
  unknown: 'unknown',
  'not-stored': 'unknown',
};

export class LineJudge {
  readonly #context: SourceContext;
  readonly #different: ReadonlySet<string>;

  constructor(context: SourceContext, cases: readonly ExplainedCase[]) {
    this.#context = context;
    this.#different = new Set(cases.flatMap(({ lines }) => lines.map(lineId)));
  }

  verdictOf(line: Line): LineVerdict {
    if (this.#different.has(lineId(line))) return 'different';
    const { sheet, account } = this.#context;
    if (line.what === 'total') return ofMatch[sheet.match];
    if (line.detail === null) return this.#ofHistory();
    // A record that was not looked at is not proven to be right, or gone.
    const time = parseInstant(line.key);
    const oldest = account.performance[0]?.time;
    const all = account.performance.length >= account.performanceCount;
    const seen = all || (time !== null && oldest !== undefined && time >= oldest);
    return seen ? 'equal' : 'unknown';
  }

  /** The total, every priced position, and the history where there is one. */
  counts(): { readonly exact: number; readonly withinTolerance: number } {
    const { sheet } = this.#context;
    const total = ofMatch[sheet.match];
    const priced = sheet.rows.filter(({ value }) => value !== null).length;
    const history = this.#ofHistory() === 'equal' ? 1 : 0;
    return {
      exact: priced + history + (total === 'equal' ? 1 : 0),
      withinTolerance: total === 'within-tolerance' ? 1 : 0,
    };
  }

  #ofHistory(): LineVerdict {
    const { account, historyAt, performanceMaxAgeMs } = this.#context;
    const isStale = isStaleRecord(account.performance, historyAt, performanceMaxAgeMs);
    return isStale === null ? 'unknown' : isStale ? 'different' : 'equal';
  }
}
