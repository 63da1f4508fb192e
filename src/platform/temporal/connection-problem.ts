import { once } from 'node:events';
import { connect as connectPlaintext, isIP } from 'node:net';
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

/** Where a frame has its type, and the type of settings. https://www.rfc-editor.org/rfc/rfc9113#section-4.1 */
const HTTP2_TYPE_AT = 3;
const HTTP2_SETTINGS = 4;

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
const CLOSES_HANDSHAKE =
  'It closes the connection during the TLS handshake: it is still starting, or does not speak TLS (then set TEMPORAL_TLS=false and no key).';
const CLOSES_CONNECTION =
  'It closes the connection after the TLS handshake: what is behind it is still starting, or it expects another client certificate.';
const REFUSES_CLIENT =
  'The server refuses the client certificate, or expects one: set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.';

export interface TlsProblem {
  /** What is wrong and what to do. */
  readonly message: string;
  /** Waiting may help: a balancer may close connections until the server behind it has started. */
  readonly mayPass: boolean;
}

/**
 * Finds out why TLS is in the way of a connection. The SDK's client only reports that its time is up, so this tries a
 * handshake itself; client and worker then say the same.
 * @returns undefined if TLS is not the reason
 */
export async function tlsProblem({ address, options: { tls } }: ConnectionSettings): Promise<TlsProblem | undefined> {
  if (!tls) {
    const { kind } = await handshake(address, { rejectUnauthorized: false });
    return kind === 'connected' ? lasting(SPEAKS_TLS) : undefined;
  }
  const { serverNameOverride, ...rest } = tls === true ? {} : tls;
  const result = await handshake(address, {
    ...pemOf(rest),
    ...(serverNameOverride && { servername: serverNameOverride }),
  });
  switch (result.kind) {
    case 'connected':
      return undefined;
    case 'refused':
      return lasting(`${REFUSES_CLIENT} (${errorMessage(result.error)})`);
    case 'not TLS':
      return lasting(SPEAKS_PLAINTEXT);
    case 'closed during handshake':
      if (await speaksPlaintext(address)) return lasting(SPEAKS_PLAINTEXT);
      return { message: CLOSES_HANDSHAKE, mayPass: true };
    case 'closed after handshake':
      return { message: CLOSES_CONNECTION, mayPass: true };
    case 'failed': {
      const problem = CERTIFICATE_PROBLEMS[errorCode(result.error) ?? ''];
      return problem === undefined ? undefined : lasting(`${problem} (${errorMessage(result.error)})`);
    }
  }
}

function lasting(message: string): TlsProblem {
  return { message, mayPass: false };
}

type Handshake =
  | { readonly kind: 'connected' }
  /** The server did not want this client after the handshake. */
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'not TLS' }
  /** Nothing answered: this may be a balancer without a server. */
  | { readonly kind: 'closed during handshake' | 'closed after handshake' }
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
    if (connected && isClosed(error)) return { kind: 'closed during handshake' };
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
    return isClosed(error) ? { kind: 'closed after handshake' } : { kind: 'refused', error };
  } finally {
    socket.destroy();
  }
}

/** A server of gRPC without TLS may close the connection of a client that begins with TLS, but it answers another one. */
async function speaksPlaintext(address: string): Promise<boolean> {
  const socket = connectPlaintext(serverOf(address));
  socket.on('error', () => undefined);
  socket.setTimeout(HANDSHAKE_TIMEOUT_MS, () => socket.destroy());
  socket.write(HTTP2_PREFACE);
  try {
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return Buffer.isBuffer(answer) && answer[HTTP2_TYPE_AT] === HTTP2_SETTINGS;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function isClosed(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** The server's answer was no TLS. */
function isNotTls(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  return code === 'EPROTO' || /^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|HTTP)/.test(code);
}

function forEach(codes: readonly string[], problem: string): Readonly<Record<string, string>> {
  return Object.fromEntries(codes.map((code) => [code, problem]));
}
