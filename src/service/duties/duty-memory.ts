/** Runs of duties, and those that a person paused, in the service's file. */
import type { ServiceFile } from '../../store/service-file.ts';
import type { DutyMemory, DutyPause } from './control.ts';

/** Runs that are kept: of twenty duties at five minutes about two days. */
const runsMax = 10_000;

export const dutyMemoryIn = ({ driver, write }: ServiceFile): DutyMemory => ({
  pauses() {
    const sql = 'SELECT name, since, by, reason FROM service_duty_pauses';
    const rows = driver.prepare(sql, { bigints: true }).all();
    return new Map(
      rows.map(([name, since, by, reason]): [string, DutyPause] => [
        String(name),
        { since: since as bigint, by: String(by), reason: String(reason) },
      ]),
    );
  },
  paused(name, pause) {
    write(() => {
      driver.prepare('DELETE FROM service_duty_pauses WHERE name = ?').run(name);
      if (pause === null) return;
      const { since, by, reason } = pause;
      const sql = 'INSERT INTO service_duty_pauses (name, since, by, reason) VALUES (?, ?, ?, ?)';
      driver.prepare(sql).run(name, since, by, reason);
    });
  },
  ran(name, { slot, beganAt, endedAt, result, missed, askedBy }) {
    const values = [slot, beganAt, endedAt, result.exitCode, result.sentence] as const;
    write(() => {
      const n = driver
        .prepare(
          `INSERT INTO service_duty_runs
             (name, slot, began_at, ended_at, exit_code, sentence, missed, asked_by)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .insert(name, ...values, missed?.count ?? 0, askedBy);
      driver.prepare('DELETE FROM service_duty_runs WHERE n <= ?').run(n - runsMax);
    });
  },
});
