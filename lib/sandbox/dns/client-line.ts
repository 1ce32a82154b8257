import { defaultLineId, lineWithId } from '@/lib/sandbox/model/dns/lines';

/**
 * The origin of the sandbox's clients. Real addresses mean nothing on loopback, so a client states its line by an
 * address of the network for benchmarks, which nobody really uses (RFC 2544, https://www.rfc-editor.org/rfc/rfc2544):
 * 198.18.A.B stands for the line `A=B`, thus 198.18.10.1 for `10=1`, China Unicom. It is sent in EDNS Client Subnet
 * (RFC 7871), as with `dig +subnet=198.18.10.1`. All other clients are on the default line.
 */
const clientNetwork = /^198\.18\.(\d+)\.(\d+)$/;

/** The bits of an address that are needed to determine the line. */
const lineBits = 32;

export type ClientSubnet = { readonly ip: string; readonly bits: number };

/**
 * @returns the id of the client's line, and how many bits of its subnet determined it (RFC 7871 §7.2.1; 0 = the answer
 * is the same for everyone).
 */
export function lineOfClient(subnet: ClientSubnet | null): { lineId: string; scopeBits: number } {
  const [, first, second] = clientNetwork.exec(subnet?.ip ?? '') ?? [];
  const line = subnet !== null && subnet.bits === lineBits ? lineWithId(`${first}=${second}`) : null;
  return line === null ? { lineId: defaultLineId, scopeBits: 0 } : { lineId: line.id, scopeBits: lineBits };
}
