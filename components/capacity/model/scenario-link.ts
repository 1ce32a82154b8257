import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { routes } from '@/lib/routes';
import { defaultScenario } from './default-scenario';

/** The maximum length of a scenario in a link: browsers, servers and chat programs accept addresses of 8 KB. */
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

/** Returns data as it is after JSON: without what is undefined. */
const plain = (scenario: CapacityScenario): Json => JSON.parse(JSON.stringify(scenario));

/**
 * Returns a scenario as the text of a link: its differences from the page's default as JSON, in base64url (RFC 4648).
 * '' = it is the default. The text can be longer than a link may be: compare with `linkTextMax`.
 */
export function writeScenario(scenario: CapacityScenario): string {
  const changes = diff(plain(defaultScenario), plain(scenario));
  const text = JSON.stringify(changes);
  if (text === '{}') return '';
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads a scenario from the text of a link; '' = the default. Its length is checked before anything else. */
export function readScenario(text: string): LinkedScenario {
  if (text === '') return { ok: true, scenario: defaultScenario };
  if (text.length > linkTextMax) return { ok: false, problem: { why: 'tooLong' } };
  const changes = parse(text);
  if (changes === null) return { ok: false, problem: { why: 'damaged' } };
  const parsed = CapacityScenario.safeParse(patch(plain(defaultScenario), changes));
  if (parsed.success) return { ok: true, scenario: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    problem: { why: 'invalid', at: issue?.path.join('.') ?? '', rule: issue?.message ?? '' },
  };
}

/** Returns the differences; null = the text is damaged. */
function parse(text: string): { readonly [key: string]: Json } | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(value) ? value : null;
  } catch {
    // Not base64, not UTF-8 or not JSON: the caller says that the link is damaged.
    return null;
  }
}

/** A diversion that the scenario is of, and the account of its editor. */
export type OfDiversion = { readonly diversion: string; readonly connection: string };

/** Returns the address of the capacity page with a scenario, and the diversion that it is of. */
export function scenarioAddress(scenario: CapacityScenario, of: OfDiversion): string {
  return `${routes.capacity()}?${new URLSearchParams({ s: writeScenario(scenario), ...of })}`;
}
