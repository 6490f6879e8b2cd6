/** Where the incident of the stored balance plays: its database, its dates, and a desk. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Decimal, multiply } from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import { instant } from '../../model/instant.ts';
import {
  createIncidentDatabase,
  incidentZone,
  writeAsTheBot,
} from '../../sources/falcon/incident-database.ts';
import {
  openSourceDesk,
  performanceMaxAgeMsDefault,
  type SourceCheck,
  type SourceDesk,
} from '../source/desk.ts';
import { SourceRefused } from '../source/refused.ts';
import { RehearsalClock } from './rehearsal.ts';

/** Half an hour after the exchange closed: 48 days after the only performance record. */
export const begins = instant('2026-01-12T21:30:00Z');
const aFewMinutes = 5 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;
/** As commands have them where nobody says otherwise. */
const markMaxAgeMs = dayMs;

const fileName = 'paper_trading.db';

/** Leaves the database as it was at the beginning; its path. Throws where there is one already. */
export function keepFalconDatabase(folder: string): string {
  const path = join(folder, fileName);
  if (existsSync(path)) {
    throw new SourceRefused({
      code: 'exists',
      message: `${path} is there already`,
      where: { file: path },
      rule: 'a rehearsal replaces nothing',
      hint: 'name another folder, or remove the file',
    });
  }
  mkdirSync(folder, { recursive: true });
  createIncidentDatabase(path);
  return path;
}

/** Where it plays: the bot's file, and the desk that looks after it. */
export class FalconStage {
  readonly path: string;
  readonly desk: SourceDesk;
  readonly #clock: RehearsalClock;
  #aci = decimal('16');

  constructor(path: string, desk: SourceDesk, clock: RehearsalClock) {
    this.path = path;
    this.desk = desk;
    this.#clock = clock;
  }

  static async open(folder: string): Promise<FalconStage> {
    const path = join(folder, fileName);
    createIncidentDatabase(path);
    const clock = new RehearsalClock(begins);
    const desk = await openSourceDesk({
      location: `sqlite:${path}`,
      zone: incidentZone,
      schema: null,
      clock,
      book: join(folder, 'trueup.db'),
      account: null,
      sourceAccount: null,
      currency: null,
      markMaxAgeMs,
      markMaxAgeGiven: false,
      performanceMaxAgeMs: performanceMaxAgeMsDefault,
      programVersion: 'rehearsal',
      strict: false,
      tell: () => undefined,
    });
    return new FalconStage(path, desk, clock);
  }

  check(): Promise<SourceCheck> {
    this.#clock.advance(aFewMinutes);
    return this.desk.check({ record: true, create: true, prices: null });
  }

  update(record: boolean) {
    this.#clock.advance(aFewMinutes);
    return this.desk.update({ record, prices: null, dryRun: false, actor: 'rehearsal' });
  }

  undo() {
    this.#clock.advance(aFewMinutes);
    return this.desk.undo({ auditId: null, actor: 'rehearsal' });
  }

  /** The bot's own price job: 1 % more for ACI, and nothing else is written. */
  raiseAci(): Decimal {
    this.#aci = multiply(this.#aci, decimal('1.01'));
    const price = toText(this.#aci);
    writeAsTheBot(this.path, [
      `UPDATE positions SET current_price = ${price} WHERE symbol = 'ACI'`,
    ]);
    return this.#aci;
  }

  /** The bot writes what it still has in its memory. */
  writeOldTotal(): void {
    writeAsTheBot(this.path, ['UPDATE account SET total_value = 10000.0 WHERE id = 1']);
  }

  close(): Promise<void> {
    return this.desk.close();
  }
}
