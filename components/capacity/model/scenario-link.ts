import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { routes } from '@/lib/routes';
import { defaultScenario } from './default-scenario';
import { packSeries, unpackSeries } from './pack-series';

/** The maximum length of all scenarios of a link: browsers, servers and chat programs accept addresses of 8 KB. */
export const linkTextMax = 7000;

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The reason for which a link has no scenario. `at` and `rule` name the field and what is wrong with it. */
export type LinkProblem =
  | { readonly why: 'tooLong' | 'damaged' }
  | { readonly why: 'invalid'; readonly at: string; readonly rule: string };

export type LinkedScenario =
  | { readonly ok: true; readonly scenario: CapacityScenario }
  | { readonly ok: false; readonly problem: LinkProblem };

const isObject = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSame = (a: Json, b: Json) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Returns how to make `to` of `from`: a number, a text, true, false or null as it is; a list with one value in place of
 * the old one; or an object with the differences of some fields, or of some places of a list.
 */
function diff(from: Json, to: Json): Json {
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length && from.length < 50)
    return diffEntries(Object.fromEntries(from.entries()), Object.fromEntries(to.entries()));
  const isPatch =
    isObject(from) && isObject(to) && from.kind === to.kind && Object.keys(from).every((key) => key in to);
  if (isPatch) return diffEntries(from, to);
  return typeof to === 'object' && to !== null ? [to] : to;
}

function diffEntries(from: Readonly<Record<string, Json>>, to: Readonly<Record<string, Json>>): Json {
  const changed = Object.entries(to).filter(([key, value]) => !isSame(from[key] ?? null, value));
  return Object.fromEntries(
    changed.map(([key, value]) => [key, key in from ? diff(from[key] ?? null, value) : wrap(value)]),
  );
}

const wrap = (value: Json): Json => (typeof value === 'object' && value !== null ? [value] : value);

function patch(from: Json, by: Json): Json {
  if (Array.isArray(by)) return by[0] ?? null;
  if (!isObject(by)) return by;
  const changed = (key: string, old: Json | undefined) => {
    const value = by[key];
    return value === undefined ? (old ?? null) : patch(old ?? null, value);
  };
  if (Array.isArray(from)) return from.map((old, index) => changed(String(index), old));
  const known = isObject(from) ? from : {};
  const keys = new Set([...Object.keys(known), ...Object.keys(by)]);
  return Object.fromEntries([...keys].map((key) => [key, changed(key, known[key])]));
}

/** Returns data as it is after JSON, without what is undefined; a series is packed, if its numbers have few digits. */
function plain(scenario: CapacityScenario): Json {
  const { demand } = scenario;
  const rps = demand.kind === 'series' ? (packSeries(demand.rps) ?? demand.rps) : null;
  return JSON.parse(
    JSON.stringify(rps === null ? scenario : { ...scenario, demand: { ...scenario.demand, rps } }),
  );
}

/** Separates the JSON of a scenario from its packed series, which would be longer within it. */
const separator = '.';
/** The name of the series of a demand. Its JSON has the number of its points in place of a packed one, as a text. */
const seriesKey = 'rps';

/**
 * Returns a scenario as the text of a link: its differences from another one as JSON, in base64url (RFC 4648), and its packed
 * series. '' = no series. The text can be longer than a link may be: compare with `linkTextMax`.
 * @param from the page's default, or the scenario that it is kept beside
 */
export function writeScenario(scenario: CapacityScenario, from = defaultScenario): string {
  const changes = diff(plain(from), plain(scenario));
  let packed = '';
  const text = JSON.stringify(changes, (key, value) => {
    if (key !== seriesKey || typeof value !== 'string') return value;
    packed = `${separator}${value}`;
    return String(unpackSeries(value)?.length ?? 0);
  });
  if (text === '{}') return '';
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') + packed;
}

/**
 * Reads a scenario from the text of a link. Its length is checked before anything else.
 * @param from the scenario of '', which the text has the differences from
 */
export function readScenario(text: string, from = defaultScenario): LinkedScenario {
  if (text === '') return { ok: true, scenario: from };
  if (text.length > linkTextMax) return { ok: false, problem: { why: 'tooLong' } };
  const [json = '', packed] = text.split(separator, 2);
  const changes = parse(json, packed);
  if (changes === null) return { ok: false, problem: { why: 'damaged' } };
  const parsed = CapacityScenario.safeParse(unpack(patch(plain(from), changes)));
  if (parsed.success) return { ok: true, scenario: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    problem: { why: 'invalid', at: issue?.path.join('.') ?? '', rule: issue?.message ?? '' },
  };
}

/** Returns data whose demand has the numbers of a packed series. */
function unpack(data: Json): Json {
  const demand = isObject(data) ? (data.demand ?? null) : null;
  if (!isObject(data) || !isObject(demand)) return data;
  const packed = demand[seriesKey];
  return typeof packed === 'string'
    ? { ...data, demand: { ...demand, [seriesKey]: unpackSeries(packed) } }
    : data;
}

/**
 * Returns the differences; null = the text is damaged.
 * @param packed the packed series; '' = it has none
 */
function parse(text: string, packed = ''): { readonly [key: string]: Json } | null {
  const isWhole = (points: string) => unpackSeries(packed)?.length === Number(points);
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      (key, each: unknown) => {
        if (key !== seriesKey || typeof each !== 'string') return each;
        if (!isWhole(each)) throw new Error('a part of the series is missing');
        return packed;
      },
    );
    return isObject(value) ? value : null;
  } catch {
    // Not base64, not UTF-8, not JSON, or a series that is cut: the caller says that the link is damaged.
    return null;
  }
}

/** A diversion that the scenario is of, and the account of its editor. */
export type OfDiversion = { readonly diversion: string; readonly connection: string };

/** Returns the address of the capacity page with a scenario, and the diversion that it is of. */
export function scenarioAddress(scenario: CapacityScenario, of: OfDiversion): string {
  return `${routes.capacity()}?${new URLSearchParams({ s: writeScenario(scenario), ...of })}`;
}
