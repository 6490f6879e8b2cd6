/** The JSON of `doctor`: one line per thing that was looked at. */

export interface DoctorCheck {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'fault';
  readonly found: string;
  /** What to do; null when nothing is to be done. */
  readonly hint: string | null;
}

export interface Diagnosis {
  readonly book: string;
  readonly checks: readonly DoctorCheck[];
  /** The other program's database that was looked at instead of the book. */
  readonly source?: string;
  /** The venue whose connection was looked at instead of the book. */
  readonly venue?: string;
  readonly mode?: 'live' | 'paper';
  /** What a command on this book would end with. */
  readonly exitCode: number;
}

export const doctorDocument = ({ book, checks, exitCode, source, venue, mode }: Diagnosis) => ({
  schema: 'trueup.doctor/1',
  exitCode,
  book,
  ...(source === undefined ? {} : { source }),
  ...(venue === undefined ? {} : { venue }),
  ...(mode === undefined ? {} : { mode }),
  checks,
});
