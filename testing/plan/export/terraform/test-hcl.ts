import { parse } from '@cdktn/hcl2json';
import { expect } from 'vitest';
import { type Documented, documented, metaArguments } from './test-provider';

/* Checks an exported file without Terraform: it is HCL, and the provider documents its arguments. */

type Body = Readonly<Record<string, unknown>>;
export type Parsed = {
  readonly terraform: readonly Body[];
  readonly provider: Readonly<Record<string, readonly Body[]>>;
  readonly variable: Readonly<Record<string, readonly Body[]>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, readonly Body[]>>>>;
  readonly import?: readonly { readonly to: string; readonly id: string }[];
};

/** Parses HCL. @throws Error if it is invalid */
export async function readHcl(text: string): Promise<Parsed> {
  return (await parse('plan.tf', text)) as unknown as Parsed;
}

/** A reference in the parser's output. */
export const ref = (name: string) => `\${${name}}`;

type Found = { readonly type: string; readonly label: string; readonly body: Body };
/** Returns all resources of a file. */
export function resourcesOf({ resource = {} }: Parsed): readonly Found[] {
  return Object.entries(resource).flatMap(([type, labelled]) =>
    Object.entries(labelled).flatMap(([label, bodies]) => bodies.map((body) => ({ type, label, body }))),
  );
}

/** Undocumented arguments and missing required ones. */
function faultsOf(body: Body, { required, optional, blocks }: Documented, path: string): readonly string[] {
  const unknown = Object.keys(body).filter(
    (name) => ![...required, ...optional, ...Object.keys(blocks)].includes(name),
  );
  const missing = required.filter((name) => !(name in body));
  const inner = Object.entries(blocks).flatMap(([name, block]) =>
    ((body[name] ?? []) as readonly Body[]).flatMap((each) => faultsOf(each, block, `${path}.${name}`)),
  );
  return [
    ...unknown.map((name) => `${path} has no argument ${name}`),
    ...missing.map((name) => `${path} wants ${name}`),
    ...inner,
  ];
}

/** Fails for undocumented or missing arguments, invalid import ids, and dangling references. */
export function checkAgainstDocumentation(parsed: Parsed): void {
  const resources = resourcesOf(parsed);
  const faults = resources.flatMap(({ type, label, body }) => {
    const known = documented[type];
    if (known === undefined) return [`${type} is not documented`];
    const optional = [...known.optional, ...metaArguments];
    return faultsOf(body, { ...known, optional }, `${type}.${label}`);
  });
  expect(faults).toEqual([]);
  const addresses = resources.map(({ type, label }) => ref(`${type}.${label}`));
  for (const { to, id } of parsed.import ?? []) {
    expect(addresses).toContain(to);
    expect(id).toMatch(documented[to.slice(2).split('.')[0] ?? '']?.importId ?? /^$/);
  }
  // All references resolve.
  const names = addresses.map((address) => address.slice(2, -1));
  const aliases = (parsed.provider.tencentcloud ?? []).map(({ alias }) => `tencentcloud.${alias}`);
  const text = JSON.stringify(resources.map(({ body }) => body));
  for (const [, reference = ''] of text.matchAll(/\$\{(tencentcloud[\w.]+)(?:\[0\])?\}/g)) {
    const isThere = [...names, ...aliases].some(
      (name) => reference === name || reference.startsWith(`${name}.`),
    );
    expect(isThere, reference).toBe(true);
  }
}
