/** A figure: grouped, on its decimal point, whole, and as it was told when it is copied. */
import { useEffect, useRef } from 'preact/hooks';
import { asOf } from '../state/location.ts';
import type { WhyAsked } from '../state/overlays.ts';
import { open } from '../state/overlays.ts';
import { isNegative, isZero, partsOf } from '../words/amounts.ts';

interface AmountProps {
  /** Null: unknown. */
  readonly value: string | null;
  /** Differences and changes: with a sign, always. */
  readonly signed?: boolean;
  /** Digits after the point of the column; absent: it stands alone. */
  readonly places?: number;
  readonly unit?: string;
  /** Coloured by its sign, which it says, too. */
  readonly toned?: boolean;
  readonly why?: WhyAsked | undefined;
}

export function Amount({ value, why, ...rest }: AmountProps) {
  if (value === null) {
    return (
      <span class="amount amount-unknown" title="unknown">
        <span aria-hidden="true">?</span>
        <span class="unseen">unknown</span>
      </span>
    );
  }
  const figure = <Figure value={value} {...rest} />;
  // Why it is so is told of now alone.
  if (why === undefined || asOf.value !== null) return figure;
  return (
    <button
      type="button"
      class="why-button"
      title="Why this number (w)"
      data-why={JSON.stringify(why)}
      onClick={(event) => {
        event.stopPropagation();
        open({ name: 'why', asked: why });
      }}
    >
      {figure}
    </button>
  );
}

function Figure({ value, signed = false, places, unit, toned = false }: Omit<AmountProps, 'why'>) {
  const element = useFlash(value ?? '');
  const { sign, whole, fraction, zeros } = partsOf(value!, signed);
  const own = fraction.length + zeros.length;
  const missing = places === undefined ? 0 : Math.max(0, places - own);
  const tone = !toned || isZero(value!) ? '' : isNegative(value!) ? ' is-less' : ' is-more';
  const pad = missing === 0 ? undefined : { paddingRight: `${missing}ch` };
  const isWhole = own === 0 && missing > 0;
  return (
    <span
      ref={element}
      class={`amount${tone}${isWhole ? ' is-whole' : ''}`}
      data-raw={value}
      style={pad}
    >
      {sign}
      {whole}
      {own > 0 && (fraction === '' ? <span class="zeros">.{zeros}</span> : `.${fraction}`)}
      {fraction !== '' && zeros !== '' && <span class="zeros">{zeros}</span>}
      {unit !== undefined && <span class="unit"> {unit}</span>}
    </span>
  );
}

/** Once, when it is another figure than it was. */
function useFlash(value: string) {
  const element = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    const { current } = element;
    if (current === null) return;
    current.classList.remove('flash');
    // Reading its size begins the animation anew where it still ran.
    current.getBoundingClientRect();
    current.classList.add('flash');
  }, [value]);
  return element;
}
