/** Cash and positions are the equity, always; what has no price is named, and no total is said. */
import type { Account } from '../../api/account.ts';
import { Amount } from '../../parts/amount.tsx';

export function EquityParts({ one }: { readonly one: Account }) {
  const { equityParts, currency } = one;
  const { total, known, cash, positionsValue, unrealisedPnl, unpriced } = equityParts;
  return (
    <dl class="facts">
      <div class="fact-first">
        <dt>Equity</dt>
        <dd>
          {total === null ? (
            <>
              <Amount value={null} />{' '}
              <span class="quiet">
                known <Amount value={known} unit={currency} />
              </span>
            </>
          ) : (
            <Amount value={total} unit={currency} />
          )}
        </dd>
      </div>
      <div>
        <dt>Cash</dt>
        <dd>
          <Amount
            value={cash}
            why={{ account: one.account, what: 'balance', key: currency, leg: null }}
          />
        </dd>
      </div>
      <div>
        <dt>Positions</dt>
        <dd>
          <Amount value={positionsValue} />
        </dd>
      </div>
      <div>
        <dt>Unrealised</dt>
        <dd>
          <Amount value={unrealisedPnl} signed />
        </dd>
      </div>
      {unpriced.map(({ what, quantity, why }) => (
        <div key={what}>
          <dt>Without a price</dt>
          <dd>
            <Amount value={quantity} unit={what} /> <span class="quiet">{why}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
