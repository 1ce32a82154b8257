import { demandPointsMax } from '@/lib/capacity/demand/demand';
import { parseBoundedJson } from '@/lib/input/bounded-json';
import { CapacityScenario } from './scenario';

/** The maximum length of a scenario in a link, in characters: browsers and servers accept addresses of 8,000. */
export const linkLengthMost = 7000;
/** The maximum of a scenario as JSON, which a link unfolds to. */
const jsonBytesMost = 400_000;
const jsonLimits = { length: jsonBytesMost, depth: 12, values: 40_000, members: demandPointsMax };

export type DecodedScenario =
  | { readonly ok: true; readonly scenario: CapacityScenario }
  /** `field` = the path of the first field that is wrong, as `cvm.servers`; '' = the whole. */
  | { readonly ok: false; readonly field: string; readonly message: string };

/**
 * Encodes a scenario for a link: compressed JSON in base64url. A series is thinned, by halves, until it fits.
 * @returns the text, and whether the series was thinned; null = it doesn't fit even so
 */
export async function encodeScenario(
  scenario: CapacityScenario,
): Promise<{ readonly text: string; readonly isThinned: boolean } | null> {
  let of = scenario;
  for (;;) {
    const text = toBase64Url(await deflate(JSON.stringify(of)));
    if (text.length <= linkLengthMost) return { text, isThinned: of !== scenario };
    const { demand } = of;
    if (demand.kind !== 'series' || demand.rps.length < 20) return null;
    of = { ...of, demand: thin(demand) };
  }
}

/** Returns a series with half as many points, the means of two each, with three digits. */
function thin(demand: CapacityScenario['demand'] & { kind: 'series' }): CapacityScenario['demand'] {
  const rps: number[] = [];
  for (let index = 0; index < demand.rps.length; index += 2) {
    const first = demand.rps[index] ?? 0;
    rps.push(Number(((first + (demand.rps[index + 1] ?? first)) / 2).toPrecision(3)));
  }
  const { startS, intervalS } = demand;
  return { ...demand, rps, startS: startS + intervalS / 2, intervalS: intervalS * 2 };
}

/** Decodes a scenario from a link, or from stored JSON of any origin. */
export async function decodeScenario(text: string): Promise<DecodedScenario> {
  if (text.length > linkLengthMost || !/^[\w-]+$/.test(text)) return unreadable;
  const json = await inflate(fromBase64Url(text));
  if (json === null) return unreadable;
  const parsed = parseBoundedJson(json, jsonLimits);
  return parsed.ok ? parseScenario(parsed.value) : unreadable;
}

const unreadable: DecodedScenario = { ok: false, field: '', message: 'The link is incomplete or too long.' };

/** Parses a scenario, with the first field that is wrong. */
export function parseScenario(value: unknown): DecodedScenario {
  const parsed = CapacityScenario.safeParse(value);
  if (parsed.success) return { ok: true, scenario: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, field: issue?.path.join('.') ?? '', message: issue?.message ?? '' };
}

async function deflate(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @returns null for data that is not compressed, or unfolds to too much */
async function inflate(data: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > jsonBytesMost) {
        await reader.cancel();
        return null;
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The data is from an address: what can't be unfolded is not a scenario.
    return null;
  }
}

function toBase64Url(data: Uint8Array): string {
  let binary = '';
  for (const byte of data) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // A length that no base64 has: it unfolds to nothing.
    return new Uint8Array();
  }
}
