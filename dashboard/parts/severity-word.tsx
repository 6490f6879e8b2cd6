/** How grave: a word, louder the graver it is. */
import type { Severity } from '../api/forms.ts';

export function SeverityWord({ severity }: { readonly severity: Severity }) {
  return <span class={`severity severity-${severity}`}>{severity}</span>;
}
