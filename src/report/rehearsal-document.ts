/** The JSON of `rehearse`: every step, and every figure beside what it should be. */
export interface RehearsalFigure {
  readonly what: string;
  readonly is: 'money' | 'text';
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
}

export interface RehearsedStep {
  readonly name: string;
  /** The command that does the same; null: somebody else does it. */
  readonly command: string | null;
  readonly says: string;
  readonly figures: readonly RehearsalFigure[];
}

export interface RehearsalResult {
  readonly name: string;
  readonly steps: readonly RehearsedStep[];
  /** How many steps there were to be; fewer were done where one went wrong. */
  readonly planned: number;
}

/** Whether all of it went as it should. */
export const endedTrue = ({ steps, planned }: RehearsalResult): boolean =>
  steps.length === planned && steps.every(({ figures }) => figures.every(({ ok }) => ok));

export type RehearsalDocument = ReturnType<typeof rehearsalDocument>;

/** `kept`: where the database stays as it was at the beginning; null: nowhere. */
export const rehearsalDocument = (result: RehearsalResult, kept: string | null) => ({
  schema: 'trueup.rehearse/1',
  name: result.name,
  verdict: endedTrue(result) ? ('true' as const) : ('break' as const),
  exitCode: endedTrue(result) ? 0 : 1,
  kept,
  planned: result.planned,
  figures: result.steps.reduce((count, { figures }) => count + figures.length, 0),
  steps: result.steps,
});
