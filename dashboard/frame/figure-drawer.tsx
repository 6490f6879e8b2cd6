/** What a figure is made of, or who told it: each part of it opens in turn. */
import { Amount } from '../parts/amount.tsx';
import { Over } from '../parts/over.tsx';
import { Shape } from '../parts/shape.tsx';
import type { FigurePart, FigureTold } from '../state/figure.ts';
import { close, open } from '../state/overlays.ts';
import { compareAmounts, placesOf, sumOf } from '../words/amounts.ts';

export function FigureDrawer({ told }: { readonly told: FigureTold }) {
  const { title, value, unit, signed = false, words, parts = [], whys = [], links = [] } = told;
  const places = placesOf(parts.map((part) => part.value));
  return (
    <Over title="Why this number" kind="drawer" onClose={close}>
      <p class="why-total">
        <span class="quiet">{title}</span>
        <Amount value={value} signed={signed} {...(unit === undefined ? {} : { unit })} />
      </p>
      <p class="why-formula">{words}</p>
      {parts.length > 0 && (
        <dl class="figure-parts">
          {parts.map((part) => (
            <Part key={part.words} part={part} places={places} />
          ))}
        </dl>
      )}
      {told.isSum === true && <Sum value={value} parts={parts} />}
      {whys.length + links.length > 0 && (
        <ul class="figure-links">
          {whys.map(({ words: named, asked }) => (
            <li key={named}>
              <button
                type="button"
                class="entry-link arrow"
                onClick={() => open({ name: 'why', asked })}
              >
                {named}
              </button>
            </li>
          ))}
          {links.map(({ words: named, to }) => (
            <li key={to}>
              <a class="arrow" href={to} onClick={close}>
                {named}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Over>
  );
}

interface PartProps {
  readonly part: FigurePart;
  readonly places: number;
}

function Part({ part: { words, value, unit, signed = false, why }, places }: PartProps) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>
        <Amount {...{ value, places, signed, why }} {...(unit === undefined ? {} : { unit })} />
      </dd>
    </div>
  );
}

/** Added up here, from the texts: what is shown is proven by what is shown. */
function Sum({
  value,
  parts,
}: Pick<FigureTold, 'value'> & { readonly parts: readonly FigurePart[] }) {
  const known = parts.flatMap((part) => part.value ?? []);
  if (value === null || known.length < parts.length) {
    return <p class="quiet">A part is unknown, so nothing is said of the sum.</p>;
  }
  const isExact = compareAmounts(sumOf(known), value) === 0;
  return (
    <p class="quiet">
      <Shape name={isExact ? 'true' : 'cannot-say'} size={12} />{' '}
      {isExact ? 'adds up to the last digit' : 'there is more in it than these parts'}
    </p>
  );
}
