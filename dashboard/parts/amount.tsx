/** A figure: grouped, on its decimal point, whole, and as it was told when it is copied. */
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { FigureTold, WhyAsked } from '../state/figure.ts';
import { open } from '../state/overlays.ts';
import { cutText, isNegative, isZero, partsOf } from '../words/amounts.ts';
import { Origin } from './origin.ts';

interface AmountProps {
  /** Null: unknown. */
  readonly value: string | null;
  /** Differences and changes: with a sign, always. */
  readonly signed?: boolean;
  /** Digits after the point of the column; absent: it stands alone. */
  readonly places?: number;
  readonly unit?: string;
  /** So many digits are shown after the point; what is copied is whole. */
  readonly cut?: number;
  /** Coloured by its sign, which it says, too: gains and flows. A difference is no success. */
  readonly toned?: boolean;
  /** Opens to the entries that made it. */
  readonly why?: WhyAsked | undefined;
  /** Opens to what it is made of, or to whose it is. */
  readonly told?: (() => FigureTold) | undefined;
}

export function Amount({ value, why, told, ...rest }: AmountProps) {
  const figure = value === null ? <Unknown /> : <Figure value={value} {...rest} />;
  const origin = useContext(Origin);
  if (why === undefined && told === undefined && origin === null) return figure;
  const { signed = false, unit } = rest;
  const asked = (): FigureTold =>
    told?.() ?? { ...origin!, value, signed, ...(unit === undefined ? {} : { unit }) };
  return (
    <button
      type="button"
      class="why-button"
      title="Why this number (w)"
      data-why={why === undefined ? undefined : JSON.stringify(why)}
      onClick={(event) => {
        event.stopPropagation();
        open(why === undefined ? { name: 'figure', told: asked() } : { name: 'why', asked: why });
      }}
    >
      {figure}
    </button>
  );
}

const Unknown = () => (
  <span class="amount amount-unknown" title="unknown">
    <span aria-hidden="true">?</span>
    <span class="unseen">unknown</span>
  </span>
);

function Figure({
  value,
  signed = false,
  places,
  unit,
  cut,
  toned = false,
}: Omit<AmountProps, 'why' | 'told'>) {
  const element = useFlash(value ?? '');
  const { sign, whole, fraction, zeros } = partsOf(
    cut === undefined ? value! : cutText(value!, cut),
    signed,
  );
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
