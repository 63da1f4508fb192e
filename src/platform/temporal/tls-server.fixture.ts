import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';

/** Makes certificates with the `openssl` program, all of them by one issuer of its own. */
export async function createIssuer(folder: string) {
  const path = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=issuer');

  return {
    certificate: path('ca.pem'),
    /**
     * Issues a certificate and its key.
     * @param names such as `IP:127.0.0.1,DNS:localhost`
     * @param days how long it is valid; default 2, and it has expired if negative
     */
    async issue(name: string, names: string, days = 2) {
      await writeFile(path(`${name}.ext`), `subjectAltName=${names}\n`);
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      openssl(
        ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
        ...['-out', `${name}.pem`, '-days', String(days), '-extfile', `${name}.ext`],
      );
      return { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
    },
  };
}

/** A server that ends TLS and passes everything on to a plaintext server on this machine. */
export async function startTlsServer(
  { certificate, key }: { readonly certificate: string; readonly key: string },
  backendAddress: string,
  options: TlsOptions = {},
) {
  const sockets = new Set<Socket>();
  const backendPort = Number(backendAddress.split(':')[1]);
  const server = createServer(
    { cert: readFileSync(certificate), key: readFileSync(key), ALPNProtocols: ['h2'], ...options },
    (client) => {
      const backend = connect(backendPort, '127.0.0.1');
      for (const [one, other] of [
        [client, backend],
        [backend, client],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
        one.pipe(other);
      }
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // Node warns of a TLS client that gives an IP address as the name of its server.
    address: `localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
