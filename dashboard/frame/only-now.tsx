/** In place of what is known of now alone, while another instant is looked at. */
import { Shape } from '../parts/shape.tsx';
import { scopeOf, useHome } from '../state/verdict.ts';

/** What was open or running then is not kept as it was. */
export const knowsPast = (path: string): boolean => /^\/(accounts\/.|equity)/.test(path);

export function OnlyNow() {
  const { data } = useHome();
  const accounts = (data === null ? null : scopeOf(data))?.accounts ?? [];
  return (
    <div class="only-now">
      <h1>
        <Shape name="cannot-say" size={18} /> Only now is known here
      </h1>
      <p>What this page said at that instant was not kept, and figures of now are not those.</p>
      <p>
        As they were: <a href="/equity">Equity</a>
        {accounts.map(({ account }) => (
          <span key={account}>
            {' · '}
            <a href={`/accounts/${encodeURIComponent(account)}`}>{account}</a>
          </span>
        ))}
      </p>
    </div>
  );
}
