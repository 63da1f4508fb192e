import { once } from 'node:events';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { type ConnectionSettings, pemOf } from './connection-settings.ts';
import { serverOf } from './loopback.ts';

const HANDSHAKE_TIMEOUT_MS = 3_000;
/** How long a server may take to refuse a client certificate: it does so after the handshake has succeeded. */
const REFUSAL_TIMEOUT_MS = 500;

/** The preface of HTTP/2 and empty settings: a server of gRPC answers with its own settings. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0', 'latin1');

/** Node's codes for certificates that it does not accept. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_PROBLEMS: Readonly<Record<string, string>> = {
  ...forEach(
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    'The issuer of its certificate is unknown here: set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the certificate of the issuer.',
  ),
  CERT_HAS_EXPIRED: 'Its certificate has expired: renew it.',
  CERT_NOT_YET_VALID: 'Its certificate is not valid yet: check the clocks of both machines.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Its certificate is for another host name: set TEMPORAL_TLS_SERVER_NAME to the name in the certificate.',
};

const SPEAKS_TLS =
  'The server expects TLS, but TLS is off: set TEMPORAL_TLS=true, or TEMPORAL_API_KEY or a client certificate.';
const SPEAKS_PLAINTEXT =
  'The server does not speak TLS, but TLS is on. On a server of your own that is meant so, set TEMPORAL_TLS=false and no key.';
const REFUSES_CLIENT =
  'The server refuses the client certificate, or expects one: set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.';

/**
 * Finds out why TLS is in the way of a connection. The SDK's client only reports that its time is up, so this tries a
 * handshake itself; client and worker then say the same.
 * @returns what is wrong and what to do, or undefined if TLS is not the reason
 */
export async function tlsProblem({ address, options: { tls } }: ConnectionSettings): Promise<string | undefined> {
  if (!tls)
    return (await handshake(address, { rejectUnauthorized: false })).kind === 'connected' ? SPEAKS_TLS : undefined;
  const { serverNameOverride, ...rest } = tls === true ? {} : tls;
  const result = await handshake(address, {
    ...pemOf(rest),
    ...(serverNameOverride && { servername: serverNameOverride }),
  });
  switch (result.kind) {
    case 'connected':
      return undefined;
    case 'refused':
      return `${REFUSES_CLIENT} (${errorMessage(result.error)})`;
    case 'not TLS':
      return SPEAKS_PLAINTEXT;
    case 'failed': {
      const problem = CERTIFICATE_PROBLEMS[errorCode(result.error) ?? ''];
      return problem && `${problem} (${errorMessage(result.error)})`;
    }
  }
}

type Handshake =
  | { readonly kind: 'connected' }
  /** The server did not want this client after the handshake. */
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'not TLS' }
  | { readonly kind: 'failed'; readonly error: unknown };

async function handshake(address: string, options: ConnectionOptions): Promise<Handshake> {
  const { host, port } = serverOf(address);
  const socket = connect({
    host,
    port,
    // An IP address is not a server name.
    ...(isIP(host) === 0 && { servername: host }),
    ALPNProtocols: ['h2'],
    ...options,
  });
  let connected = false;
  socket.on('error', () => undefined);
  socket.once('connect', () => {
    connected = true;
  });
  socket.setTimeout(HANDSHAKE_TIMEOUT_MS, () => socket.destroy(new Error('no response to the TLS handshake')));
  try {
    await once(socket, 'secureConnect');
  } catch (error) {
    return connected && isNotTls(error) ? { kind: 'not TLS' } : { kind: 'failed', error };
  } finally {
    socket.setTimeout(0);
  }
  return await acceptance(socket);
}

async function acceptance(socket: TLSSocket): Promise<Handshake> {
  socket.write(HTTP2_PREFACE);
  try {
    await Promise.race([once(socket, 'data'), pause(REFUSAL_TIMEOUT_MS, undefined, { ref: false })]);
    return { kind: 'connected' };
  } catch (error) {
    return { kind: 'refused', error };
  } finally {
    socket.destroy();
  }
}

/** The server's answer was no TLS, or it closed the connection. */
function isNotTls(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  return code === 'ECONNRESET' || code === 'EPROTO' || /^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|HTTP)/.test(code);
}

function forEach(codes: readonly string[], problem: string): Readonly<Record<string, string>> {
  return Object.fromEntries(codes.map((code) => [code, problem]));
}
