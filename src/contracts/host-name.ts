/** A host and its port as an address names them. */
export interface Authority {
  /** In its canonical form: lower case, without a dot at the end, an IPv6 address in brackets. */
  readonly host: string;
  /** Empty for the default port. */
  readonly port: string;
}

/** Reads `host` or `host:port`, as the header Host has it; undefined if it is neither. */
export function readAuthority(text: string): Authority | undefined {
  return /^[^\s/\\?#@]+$/.test(text) ? authorityOf(`http://${text}`) : undefined;
}

/** The host and port of an address; undefined if it has none. */
export function authorityOf(address: string): Authority | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, port } = new URL(address);
  return hostname === '' ? undefined : { host: hostname.replace(/\.$/, ''), port };
}
