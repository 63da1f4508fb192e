import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import { type Authority, authorityOf, readAuthority } from '../../contracts/host-name.ts';
import { quoted } from '../../contracts/secrets.ts';
import { HttpProblem } from './http-problem.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Makes a check that refuses requests which a web page of somebody else may have caused. Listening on loopback does not keep
 * them out: the browser of this machine sends a page's requests to any address (`Origin`, `Sec-Fetch-Site`), and a name
 * that was made to resolve to 127.0.0.1 makes such a page look like one of this service (`Host`, DNS rebinding).
 * @param allowedHosts names of this service besides loopback, in the form of {@link Authority}
 */
export function refuseForeign(allowedHosts: readonly string[]) {
  const isOwn = ({ host }: Authority) => isLoopback(host) || allowedHosts.includes(host);
  const isOwnPage = (origin: Authority | undefined, own: Authority | undefined) =>
    origin !== undefined && (allowedHosts.includes(origin.host) || (isOwn(origin) && origin.port === own?.port));
  const names = ['localhost', '127.0.0.1', '[::1]', ...allowedHosts].join(', ');
  /** Nearly every client names the same host. */
  let lastOwn: string | undefined;

  function isOwnHost(text: string): boolean {
    if (text === lastOwn) return true;
    const authority = readAuthority(text);
    if (authority === undefined || !isOwn(authority)) return false;
    lastOwn = text;
    return true;
  }

  return (raw: IncomingMessage): void => {
    const hosts = hostHeadersOf(raw);
    if (hosts.length === 0 && raw.httpVersion !== '1.0') throw invalidHost('the header Host is missing');
    if (hosts.length > 1) throw invalidHost('the request has several headers Host');
    const given = [...targetOf(raw), ...hosts];
    const foreign = given.find((host) => !isOwnHost(host));
    if (foreign !== undefined) {
      const message = `the host ${quoted(foreign)} is not this service, which is ${names}: add a host of your own to ALLOWED_HOSTS`;
      throw new HttpProblem(403, 'FOREIGN_HOST', message);
    }
    const { origin, 'sec-fetch-site': site } = raw.headers;
    if (origin !== undefined && !isOwnPage(authorityOf(origin), readAuthority(given[0] ?? ''))) {
      const message = `pages of ${quoted(origin)} may not call this service, only its own may (${names}): add a host of your own to ALLOWED_HOSTS`;
      throw new HttpProblem(403, 'FOREIGN_ORIGIN', message);
    }
    if (origin === undefined && site === 'cross-site') {
      throw new HttpProblem(403, 'FOREIGN_ORIGIN', 'pages of other sites may not call this service');
    }
  };
}

/** The host in the target of a request, which is a whole address when the client takes the service for a proxy. */
function targetOf({ url = '' }: IncomingMessage): string[] {
  if (url.startsWith('/')) return [];
  const host = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
  return host === undefined ? [] : [host];
}

/** Node keeps only the first of them in `headers`. */
function hostHeadersOf({ rawHeaders }: IncomingMessage): string[] {
  const hosts: string[] = [];
  for (let index = 1; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index - 1]?.toLowerCase() === 'host') hosts.push(rawHeaders[index] ?? '');
  }
  return hosts;
}

function isLoopback(host: string): boolean {
  // Nearly every request; reading an address takes longer.
  if (host === 'localhost' || host === '127.0.0.1') return true;
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function invalidHost(message: string): HttpProblem {
  return new HttpProblem(400, 'INVALID_REQUEST', message);
}
