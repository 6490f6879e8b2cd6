/** A part of a page under its heading. */
import type { ComponentChildren } from 'preact';

interface SectionProps {
  readonly title: string;
  readonly id?: string;
  /** Beside the heading: a count, a link, a filter. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Section({ title, id, aside, children }: SectionProps) {
  const name = id ?? title.toLowerCase().replace(/\W+/g, '-');
  return (
    <section class="section" id={name} aria-labelledby={`${name}-title`}>
      <header class="section-head">
        <h2 id={`${name}-title`}>{title}</h2>
        {aside !== undefined && <div class="section-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}
