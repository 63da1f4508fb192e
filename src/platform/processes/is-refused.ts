import { connect } from 'node:net';
import { errorCode } from '../../contracts/errors.ts';

const WITHIN_MS = 800;

/** The codes by which a machine says that nothing listens there, or that there is no such machine. */
const REFUSALS: readonly (string | undefined)[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * Whether a connection is refused at once, because no program listens at this address or the host does not exist. False
 * if something listens there, or if nothing is known within 0.8 s.
 * @param host a name or an address, an IPv6 address with or without brackets
 */
export function isRefused({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port });
    const end = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    // This process may have been busy all the time: an answer that has come by now counts.
    socket.setTimeout(WITHIN_MS, () => setImmediate(() => end(false)));
    socket.once('connect', () => end(false));
    // A name with several addresses fails with an error for each of them.
    socket.once('error', (error) => {
      const errors = error instanceof AggregateError ? error.errors : [error];
      end(errors.every((each) => REFUSALS.includes(errorCode(each))));
    });
  });
}

/** The same for an http or https address. */
export function isUrlRefused(address: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(address);
  return isRefused({ host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
}
