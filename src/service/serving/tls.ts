/** Key and certificate, where the service speaks TLS itself. */
import { X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import type { Refusal } from '../../model/result.ts';
import { type Environment, secretFileRefusal } from '../secrets.ts';
import type { ServeSettings } from './settings.ts';

/** Null: both can be read, the key by nobody else; or there are none. Neither is read. */
export function tlsRefusal(
  { tls }: Pick<ServeSettings, 'tls'>,
  environment: Environment,
): Refusal | null {
  if (tls === null) return null;
  const key = secretFileRefusal({ file: tls.key, field: 'serve.tls.key' }, environment);
  return key ?? (isReadable(tls.certificate) ? null : unreadable(tls.certificate));
}

/** Throws where a file cannot be read: nobody listens without encryption by mistake. */
export const tlsOf = ({ tls }: ServeSettings) =>
  tls === null
    ? {}
    : { https: { cert: readFileSync(tls.certificate), key: readFileSync(tls.key) } };

const dnsName = /(?:^|, )DNS:([^,*"]+)(?:,|$)/;

/** The first name that the certificate is for; null: it names none. */
export function certifiedName({ tls }: Pick<ServeSettings, 'tls'>): string | null {
  if (tls === null) return null;
  const { subjectAltName = '' } = new X509Certificate(readFileSync(tls.certificate));
  return dnsName.exec(subjectAltName)?.[1] ?? null;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false; // whatever the reason, nothing can be shown to whoever connects
  }
}

const unreadable = (path: string): Refusal => ({
  code: 'certificate-unreadable',
  message: `the certificate ${path} cannot be read`,
  where: { field: 'serve.tls.certificate', value: path },
  rule: 'the certificate chain is a file that the service may read',
  hint: 'check the path and its permissions',
});
