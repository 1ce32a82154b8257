import { defaultLineId, lineWithId } from './lines';

/**
 * Where clients of the sandbox come from. Real addresses mean nothing on loopback, so a client says its line by an
 * address of the network for benchmarks, which no one really has (RFC 2544, https://www.rfc-editor.org/rfc/rfc2544):
 * 198.18.A.B stands for the line `A=B`, thus 198.18.10.1 for `10=1`, China Unicom. It comes in EDNS Client Subnet
 * (RFC 7871), as `dig +subnet=198.18.10.1` sends it. Everyone else is on the default line.
 */
const clientNetwork = /^198\.18\.(\d+)\.(\d+)$/;

/** Bits of an address that are needed to tell the line. */
const lineBits = 32;

export type ClientSubnet = { readonly ip: string; readonly bits: number };

/**
 * @returns the id of the client's line, and how many bits of its subnet told it (RFC 7871 §7.2.1; 0 = the answer is the
 * same for everyone).
 */
export function lineOfClient(subnet: ClientSubnet | null): { lineId: string; scopeBits: number } {
  const [, first, second] = clientNetwork.exec(subnet?.ip ?? '') ?? [];
  const line = subnet !== null && subnet.bits === lineBits ? lineWithId(`${first}=${second}`) : null;
  return line === null ? { lineId: defaultLineId, scopeBits: 0 } : { lineId: line.id, scopeBits: lineBits };
}
