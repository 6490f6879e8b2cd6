/** Phases of a held position and what is done about it, in plain words. */

const phaseWords: Readonly<Record<string, string>> = {
  young: 'not due',
  grace: 'grace',
  liquidation: 'selling off',
  overdue: 'overdue',
  unknown: 'not known',
  foreign: 'not the bot’s',
  trailing: 'trailing stop',
  paused: 'paused',
};

export const phaseWord = (phase: string): string => phaseWords[phase] ?? phase;

const reasons: Readonly<Record<string, string>> = {
  'younger than aged': 'it is not old enough to be left',
  'in-profit': 'it is in profit',
  'break-even': 'at no loss',
  'tolerated-loss': 'at the loss that its phase allows',
  'would-cross': 'the market is where its limit would be',
  overdue: 'its time is over',
};

/** Its phase stands beside it: what is said is the order, and why. */
export function stepWords(step: string): string {
  const at = step.indexOf(': ');
  if (at < 0) return step;
  const [act, why] = [step.slice(0, at), step.slice(at + 2)];
  const because = reasons[why] ?? why.replace(/^(the book holds .*), the other side of it$/, other);
  return act in phaseWords ? because : `${act}: ${because}`;
}

const other = '$1, and the venue the opposite: not decided before they agree';
