/** Cash and positions are the equity, always; what has no price is named, and no total is said. */
import type { Account } from '../../api/account.ts';
import { Amount } from '../../parts/amount.tsx';
import { alikeOf } from '../../words/alike.ts';
import { balanceWhy, equityTold, knownTold, openTold, positionsTold } from './account-figures.ts';

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
              <Amount value={null} told={() => equityTold(one)} />{' '}
              <span class="quiet">
                known <Amount value={known} unit={currency} told={() => knownTold(one)} />
              </span>
            </>
          ) : (
            <Amount value={total} unit={currency} told={() => equityTold(one)} />
          )}
        </dd>
      </div>
      <div>
        <dt>Cash</dt>
        <dd>
          <Amount value={cash} why={balanceWhy(one, currency)} />
        </dd>
      </div>
      <div>
        <dt>Positions</dt>
        <dd>
          <Amount value={positionsValue} told={() => positionsTold(one)} />
        </dd>
      </div>
      <div>
        <dt>Unrealised</dt>
        <dd>
          <Amount value={unrealisedPnl} signed told={() => openTold(one)} />
        </dd>
      </div>
      {alikeOf(unpriced).map(({ whats, why }) => (
        <div key={whats.join()} class="fact-many">
          <dt>Without a price that counts</dt>
          <dd>
            {unpriced
              .filter(({ what }) => whats.includes(what))
              .map(({ what, quantity }) => (
                <Amount key={what} value={quantity} unit={what} />
              ))}
            <span class="quiet">{why}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
