/** How much of the last thirty days was proven true: a bar a day. */
import type { DayTrue, Home } from '../../api/home.ts';
import { Amount } from '../../parts/amount.tsx';
import { Section } from '../../parts/section.tsx';
import { asOf } from '../../state/location.ts';
import { coordinateOf, shownAmount } from '../../words/amounts.ts';
import { spanText } from '../../words/times.ts';
import { minutesTold } from './home-figures.ts';

export function MinutesTrue({ minutes }: { readonly minutes: Home['minutesTrue'] }) {
  const { percent, days, knownSeconds } = minutes;
  const range = `${asOf.value === null ? 'the last ' : ''}${days.length} days${
    asOf.value === null ? '' : ' up to then'
  }`;
  return (
    <Section
      title="Minutes true"
      aside={
        <span>
          <Amount value={percent} cut={1} unit="%" told={() => minutesTold(minutes)} />{' '}
          {percent === null
            ? `nothing is known of ${range}`
            : `of the ${spanText(knownSeconds)} known, in ${range}`}
        </span>
      }
    >
      <ol class="days">
        {days.map((each) => (
          <Day key={each.day} {...each} />
        ))}
      </ol>
    </Section>
  );
}

function Day({ day, percent }: DayTrue) {
  const told = percent === null ? 'nothing could be said' : `${shownAmount(percent)} % true`;
  const share = percent === null ? 100 : Math.max(4, coordinateOf(percent));
  const tone =
    percent === null ? 'unknown' : share >= 100 ? 'whole' : share >= 95 ? 'most' : 'less';
  return (
    <li class={`day day-${tone}`} title={`${day}: ${told}`}>
      <i style={{ height: `${share}%` }} />
      <span class="unseen">
        {day}: {told}
      </span>
    </li>
  );
}
