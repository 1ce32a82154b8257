/**
 * Writes lib/sandbox/generated/requests.json and responses.json: JSON Schemas of the requests and responses of every
 * action that the sandbox serves, generated from the type declarations of the installed SDK. The sandbox checks
 * requests; tests check its responses. Runs only when the SDK, the list of actions, the table of numbers, this file or
 * its tsconfig has changed: the result includes the hash of all five.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'lib/sandbox/generated');
const sdk = dirname(
  createRequire(join(root, 'package.json')).resolve('tencentcloud-sdk-nodejs/package.json'),
);

const tsconfig = join(root, 'lib/launch/schemas.tsconfig.json');

const inputs = {
  sdk: readFileSync(join(sdk, 'package.json'), 'utf8'),
  actions: readFileSync(join(root, 'lib/sandbox/world/served-actions.json'), 'utf8'),
  numbers: readFileSync(join(root, 'lib/sandbox/api/number-fields.json'), 'utf8'),
  generator: readFileSync(fileURLToPath(import.meta.url), 'utf8'),
  // Without it, the declarations of the DOM and of every installed @types package are read for each service.
  tsconfig: readFileSync(tsconfig, 'utf8'),
};
const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');

/** @returns {string | null} the hash in the existing file, null when the file is missing or truncated. */
function writtenHash(name) {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')).hash;
  } catch {
    return null;
  }
}

/**
 * Narrows numbers, since the declarations know only `number`: a field is an integer, or listed here as a fraction.
 * Other numbers are refused.
 */
function narrowNumbers(service, name, definition, { integers, fractions }, unknown) {
  for (const [field, schema] of Object.entries(definition.properties ?? {})) {
    for (const part of [schema, schema.items]) {
      // `Array<number | bigint>` is generated as a list of one type.
      if (Array.isArray(part?.type) && part.type.length === 1) part.type = part.type[0];
      if (part?.type !== 'number') continue;
      if (fractions[service]?.includes(`${name}.${field}`)) continue;
      if (integers[service]?.includes(field)) part.type = 'integer';
      else unknown.push(`${service}: ${name}.${field}`);
    }
  }
}

function keepShape(definition) {
  return { ...definition, additionalProperties: false };
}

/** Makes every field nullable: the cloud may return null for any field, and the declarations don't say for which. */
function nullableFields(definition) {
  const properties = Object.entries(definition.properties ?? {}).map(([field, schema]) => [
    field,
    { anyOf: [schema, { type: 'null' }] },
  ]);
  return { ...keepShape(definition), properties: Object.fromEntries(properties) };
}

function requestDefinitions(generator, service, actions, numbers, unknown) {
  const definitions = {};
  for (const action of actions) {
    const type = `${action}Request`;
    // Actions without parameters are declared as `type XRequest = null`, and sent as `{}`.
    Object.assign(definitions, generator.createSchema(type).definitions ?? {});
    if (definitions[type]?.type !== 'object') definitions[type] = { type: 'object', properties: {} };
  }
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === 'object') definitions[name] = keepShape(definition);
    narrowNumbers(service, name, definition, numbers, unknown);
  }
  return definitions;
}

function responseDefinitions(generator, actions) {
  const definitions = {};
  for (const action of actions) {
    Object.assign(definitions, generator.createSchema(`${action}Response`).definitions ?? {});
  }
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === 'object') definitions[name] = nullableFields(definition);
  }
  return definitions;
}

function write(name, schemas) {
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `${name}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify({ hash, schemas })}\n`);
  renameSync(draft, join(folder, name));
}

async function generate() {
  const { createGenerator } = await import('ts-json-schema-generator');
  const numbers = JSON.parse(inputs.numbers);
  const unknown = [];
  const requests = {};
  const responses = {};
  for (const [service, { version, actions }] of Object.entries(JSON.parse(inputs.actions))) {
    const path = join(
      sdk,
      'tencentcloud/services',
      service,
      `v${version.replaceAll('-', '')}`,
      `${service}_models.d.ts`,
    );
    const generator = createGenerator({
      path,
      tsconfig,
      expose: 'export',
      jsDoc: 'none',
      skipTypeCheck: true,
    });
    requests[service] = {
      $id: service,
      definitions: requestDefinitions(generator, service, actions, numbers, unknown),
    };
    responses[service] = { $id: service, definitions: responseDefinitions(generator, actions) };
  }
  if (unknown.length > 0) {
    throw new Error(
      `lib/sandbox/api/number-fields.json does not say whether these are integers or fractions:\n${unknown.join('\n')}`,
    );
  }
  write('responses.json', responses);
  write('requests.json', requests);
}

if (writtenHash('requests.json') !== hash || writtenHash('responses.json') !== hash) await generate();
await import('./generate-world-schema.mjs');
