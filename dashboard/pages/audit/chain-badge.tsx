/** Whether the chain of hashes was verified, up to where, and when. */
import type { Audit } from '../../api/operations.ts';
import { problemFrom } from '../../api/problem.ts';
import { Ago } from '../../parts/ago.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Shape } from '../../parts/shape.tsx';
import { askAll } from '../../state/reading.ts';
import { tellFailed } from '../../state/writing.ts';

/** Recomputes every hash, at the service; the answer comes when it is done. */
async function verifyNow(): Promise<void> {
  const response = await fetch('/api/v1/audit/verify');
  if (!response.ok) tellFailed(await problemFrom(response));
  await askAll();
}

export function ChainBadge({ audit }: { readonly audit: Audit }) {
  const { verified } = audit;
  return (
    <span class="chain">
      {verified === null ? (
        <span class="chip chip-cannot-say">
          <Shape name="cannot-say" /> <span class="chip-word">chain not verified yet</span>
        </span>
      ) : (
        <span
          class={`chip chip-${verified.sound ? 'true' : 'break'}`}
          title={verified.why ?? undefined}
        >
          <Shape name={verified.sound ? 'true' : 'break'} />
          <span class="chip-word">
            {verified.sound ? 'chain verified' : 'chain broken'} to #{verified.sequence}
          </span>
          <span class="chip-note">
            <Ago time={verified.at} />
          </span>
        </span>
      )}
      <HeadOf audit={audit} />
      <button type="button" class="copy" onClick={() => void verifyNow()}>
        verify now
      </button>
      <CopyButton label="copy verify command" text="trueup verify" />
    </span>
  );
}

function HeadOf({ audit: { head } }: { readonly audit: Audit }) {
  if (head === null) return null;
  return <CopyButton label={`head #${head.sequence} ${head.hash.slice(0, 8)}`} text={head.hash} />;
}

/** A chain is verified as it is; the head of then can be found in it. */
export function ChainThen({ audit }: { readonly audit: Audit }) {
  return (
    <span class="chain">
      <span class="quiet">
        What was recorded by then. The chain is verified as it is now
        {audit.head === null ? ': choose an account for its head of then.' : '; its head of then:'}
      </span>
      <HeadOf audit={audit} />
    </span>
  );
}
