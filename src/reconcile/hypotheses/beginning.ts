/**
 * By exclusion: complete lists of theirs hold what ours holds, and the difference stands. So it is
 * older than the lists, or theirs does not add up.
 */
import { toText } from '../../decimal/text.ts';
import { type Instant, instantText } from '../../model/instant.ts';
import { type DifferenceFacts, fits, type Hypothesis, type Tried } from './idea.ts';
import { laterMoment } from './later-moment.ts';

export const beginning: Hypothesis = (facts) => {
  const { listedSince = null, opening = null, booked, asOf } = facts;
  if (listedSince === null || facts.unmatched.length > 0) return [];
  // What stamps that differ account for is excluded from nothing.
  if (laterMoment(facts).length > 0) return [];
  const first = booked.find(({ time }) => time <= asOf)?.time ?? null;
  if (opening === null) {
    // Money comes in many ways, and may have been there before: that explains anything.
    if (facts.what === 'balance') return [];
    const covers = first === null || listedSince <= first;
    return [historyGap(listedSince), ...(covers ? [inconsistent(listedSince)] : [])];
  }
  // Between the opening and the lists nobody told what happened.
  if (listedSince > opening.at) return facts.what === 'balance' ? [] : [historyGap(listedSince)];
  return [openingWrong(facts), inconsistent(listedSince)];
};

const historyGap = (since: Instant): Tried =>
  fits(
    'HISTORY_GAP',
    'before the lists',
    `it came before ${instantText(since)}, where the lists begin`,
  );

function openingWrong({ opening }: DifferenceFacts): Tried {
  const { at, quantity } = opening!;
  const said = quantity === null ? '' : ` (it says ${toText(quantity)})`;
  const wrong = `the opening of ${instantText(at)} was wrong${said}`;
  const sentence = `${wrong}: all that is listed since is booked`;
  return fits('OPENING_BALANCE_WRONG', 'opening', sentence);
}

const inconsistent = (since: Instant): Tried =>
  fits(
    'VENUE_INCONSISTENT',
    'lists that do not add up',
    `what theirs lists since ${instantText(since)} does not add up to what it holds`,
  );
