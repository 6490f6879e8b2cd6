/** Who asks: the key, the time and the signature of a request. */
import type { Ask } from '../door/door.ts';
import { type ApiKey, isSignature } from '../door/keys.ts';
import { BybitRefusal } from './refusal.ts';

/** A request may be ahead of the venue by so much. */
const aheadMs = 1_000;

/** The key that signed it; throws the venue's refusal. */
export function signer(ask: Ask, keys: readonly ApiKey[], nowMs: number): ApiKey {
  const told = ask.header('x-bapi-api-key') ?? '';
  const key = keys.find((one) => one.key === told);
  if (key === undefined) throw new BybitRefusal(10003, 'API key is invalid.');
  const timestamp = ask.header('x-bapi-timestamp') ?? '';
  const window = ask.header('x-bapi-recv-window') ?? '5000';
  const at = /^\d{1,15}$/.test(timestamp) ? Number(timestamp) : NaN;
  if (!(at > nowMs - Number(window) && at < nowMs + aheadMs)) {
    const figures = `req_timestamp[${timestamp}],server_timestamp[${nowMs}],recv_window[${window}]`;
    throw new BybitRefusal(
      10002,
      `invalid request, please check your server timestamp or recv_window param. ${figures}`,
    );
  }
  const sent = ask.method === 'GET' ? ask.query : ask.body;
  const origin = `${timestamp}${told}${window}${sent}`;
  if (!isSignature(ask.header('x-bapi-sign') ?? '', key.secret, origin)) {
    throw new BybitRefusal(10004, `error sign! origin_string[${origin}]`);
  }
  if (key.readOnly && ask.method !== 'GET') {
    throw new BybitRefusal(10005, 'Permission denied, please check your API key permissions.');
  }
  return key;
}

/** What a key says about itself. */
export const keyPayload = ({ key, readOnly, canWithdraw }: ApiKey) => ({
  id: '1',
  note: 'emulator',
  apiKey: key,
  readOnly: readOnly ? 1 : 0,
  secret: '',
  permissions: {
    ContractTrade: readOnly ? [] : ['Order', 'Position'],
    Spot: readOnly ? [] : ['SpotTrade'],
    Wallet: canWithdraw ? ['AccountTransfer', 'SubMemberTransfer', 'Withdraw'] : [],
    Options: [],
    Derivatives: readOnly ? [] : ['DerivativesTrade'],
    Exchange: [],
    NFT: [],
    Affiliate: [],
    Earn: [],
  },
  ips: ['*'],
  type: 1,
  deadlineDay: 90,
  expiredAt: '2099-01-01T00:00:00Z',
  createdAt: '2020-01-01T00:00:00Z',
  unified: 0,
  uta: 1,
  userID: 1,
  inviterID: 0,
  vipLevel: 'No VIP',
  mktMakerLevel: '0',
  affiliateID: 0,
  rsaPublicKey: '',
  isMaster: true,
  parentUid: '0',
});
