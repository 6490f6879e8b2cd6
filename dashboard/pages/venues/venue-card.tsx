/** One venue: whether it answers, how fresh each of its streams is, what went wrong last. */
import type { Venue, VenueStream } from '../../api/operations.ts';
import { Ago } from '../../parts/ago.tsx';
import { Shape } from '../../parts/shape.tsx';
import { accountAddress } from '../../words/addresses.ts';
import type { ShapeName } from '../../words/break-words.ts';
import { brokeWords, streamWord } from '../../words/stream-words.ts';

export function VenueCard({ venue }: { readonly venue: Venue }) {
  const { name, exchange, account, mode, answering, lastAnswerAt, lastError } = venue;
  const word = answering === null ? 'not asked yet' : answering ? 'answers' : 'does not answer';
  const shape: ShapeName = answering === true ? 'true' : 'cannot-say';
  return (
    <article class={`venue venue-${shape}`}>
      <header>
        <h3>{name}</h3>
        {mode === 'paper' && <b class="paper-word">PAPER</b>}
        <span class="venue-state">
          <Shape name={shape} /> {word}
        </span>
      </header>
      <p class="quiet">
        {exchange} · <a href={accountAddress(account)}>{account}</a>
      </p>
      <dl class="pairs">
        <dt>Last answer</dt>
        <dd>
          <Ago time={lastAnswerAt} />
        </dd>
        <dt>Clock</dt>
        <dd>{clockWords(venue.clockAheadMs)}</dd>
        <dt>Key</dt>
        <dd>{venue.readOnly ? 'reads only' : 'may trade'}</dd>
      </dl>
      <ul class="streams">
        {venue.streams.map((stream) => (
          <Stream key={stream.name} stream={stream} />
        ))}
      </ul>
      {lastError !== null && (
        <p class="venue-error">
          <Ago time={lastError.at} />: {lastError.why}
        </p>
      )}
    </article>
  );
}

const clockWords = (ahead: number | null): string => {
  if (ahead === null) return 'not compared';
  return ahead === 0
    ? 'in step'
    : `${Math.abs(ahead)} ms ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
};

const streamShape: Readonly<Record<VenueStream['state'], ShapeName>> = {
  connected: 'true',
  listed: 'true',
  gap: 'break',
  silent: 'cannot-say',
  'not-listening': 'paused',
};

function Stream({ stream }: { readonly stream: VenueStream }) {
  const { state, lastMessageAt, watermark, reconnects, openGaps } = stream;
  const isListed = state === 'listed';
  return (
    <li>
      <Shape name={streamShape[state]} size={11} /> {streamWord(stream)}
      <span class="quiet">
        {isListed ? 'whole to' : `${state.replace('-', ' ')},`}{' '}
        <Ago time={isListed ? watermark : lastMessageAt} never="no message yet" />
        {reconnects > 0 && `, ${brokeWords(stream)}`}
        {openGaps > 0 && (openGaps === 1 ? ', a gap is open' : `, ${openGaps} gaps are open`)}
      </span>
    </li>
  );
}
