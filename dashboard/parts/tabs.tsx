/** Views of one page, kept in the address. */
import { go, path, query } from '../state/location.ts';

export interface Tab {
  readonly name: string;
  readonly words: string;
  readonly count?: number | null;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
}

export function Tabs({ label, tabs, chosen }: TabsProps) {
  const to = (name: string) => {
    const next = new URLSearchParams(query.value);
    next.set('view', name);
    return `${path.value}?${next}`;
  };
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ name, words, count = null }) => (
        <a
          key={name}
          href={to(name)}
          aria-current={name === chosen ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            go(to(name));
          }}
        >
          {words}
          {count !== null && <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  );
}
