/** Filters of the trail, kept in the address so that a view can be sent on. */
import type { AuditRow } from '../../api/operations.ts';
import { query, setQuery } from '../../state/location.ts';
import { scopeOf, useHome } from '../../state/verdict.ts';
import { kindsAsked } from '../../words/entry-kinds.ts';

/** The service is asked for the account; the rest is looked for in what was read. */
export function filtersOf(asked: URLSearchParams) {
  const account = asked.get('account');
  const kind = asked.get('kind');
  const text = asked.get('text')?.toLowerCase() ?? '';
  const sequence = asked.get('sequence');
  const search = new URLSearchParams({ limit: '500' });
  if (account !== null) search.set('account', account);
  if (kind !== null) search.set('kind', kind);
  const has = (row: AuditRow): boolean =>
    (kind === null || row.kind === kind) &&
    (sequence === null || String(row.sequence) === sequence) &&
    (text === '' ||
      [row.what, row.id, row.by, row.hash, row.reason].some(
        (each) => each?.toLowerCase().includes(text) === true,
      ));
  return { search, has };
}

export function AuditFilters() {
  const { data } = useHome();
  const accounts = data === null ? [] : (scopeOf(data)?.accounts ?? []);
  const value = (name: string) => query.value.get(name) ?? '';
  const set = (name: string) => (text: string) => setQuery({ [name]: text === '' ? null : text });
  return (
    <>
      <label>
        <span class="unseen">Words</span>
        <input
          type="search"
          data-filter="yes"
          placeholder="Filter: words, id, hash, who  /"
          value={value('text')}
          onInput={({ currentTarget }) => set('text')(currentTarget.value)}
        />
      </label>
      <label>
        <span class="unseen">Account</span>
        <select value={value('account')} onChange={(e) => set('account')(e.currentTarget.value)}>
          <option value="">every account</option>
          {accounts.map(({ account }) => (
            <option key={account}>{account}</option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">Kind</span>
        <select value={value('kind')} onChange={(e) => set('kind')(e.currentTarget.value)}>
          <option value="">every kind</option>
          {kindsAsked.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
      {value('sequence') !== '' && (
        <button type="button" class="copy" onClick={() => setQuery({ sequence: null })}>
          #{value('sequence')} ×
        </button>
      )}
    </>
  );
}
