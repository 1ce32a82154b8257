/**
 * Writes lib/sandbox/generated/requests.json: JSON Schemas of the requests of every action that the sandbox serves,
 * taken from the type declarations of the installed SDK. Runs only when the SDK, the list of actions, the table of
 * numbers or this file has changed: the hash of all four stands in the result.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const output = join(root, 'lib/sandbox/generated/requests.json');
const sdk = dirname(
  createRequire(join(root, 'package.json')).resolve('tencentcloud-sdk-nodejs/package.json'),
);

const inputs = {
  sdk: readFileSync(join(sdk, 'package.json'), 'utf8'),
  actions: readFileSync(join(root, 'lib/sandbox/api/served-actions.json'), 'utf8'),
  numbers: readFileSync(join(root, 'lib/sandbox/api/number-fields.json'), 'utf8'),
  generator: readFileSync(fileURLToPath(import.meta.url), 'utf8'),
};
const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');

/** @returns {string | null} the hash in the file that is there, null when none is there or it is torn. */
function writtenHash() {
  try {
    return JSON.parse(readFileSync(output, 'utf8')).hash;
  } catch {
    return null;
  }
}

/** The declarations know only `number`: a field is an integer, or named here as a fraction. Anything else is refused. */
function narrowNumbers(service, name, definition, { integers, fractions }, unknown) {
  for (const [field, schema] of Object.entries(definition.properties ?? {})) {
    for (const part of [schema, schema.items]) {
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

async function generate() {
  const { createGenerator } = await import('ts-json-schema-generator');
  const numbers = JSON.parse(inputs.numbers);
  const unknown = [];
  const schemas = {};
  for (const [service, { version, actions }] of Object.entries(JSON.parse(inputs.actions))) {
    const folder = `v${version.replaceAll('-', '')}`;
    const path = join(sdk, 'tencentcloud/services', service, folder, `${service}_models.d.ts`);
    const generator = createGenerator({ path, expose: 'export', jsDoc: 'none', skipTypeCheck: true });
    const definitions = {};
    for (const action of actions) {
      const type = `${action}Request`;
      // Actions without parameters are declared as `type XRequest = null`, and sent as `{}`.
      const generated = generator.createSchema(type).definitions ?? {};
      Object.assign(definitions, generated);
      if (definitions[type]?.type !== 'object') definitions[type] = { type: 'object', properties: {} };
    }
    for (const [name, definition] of Object.entries(definitions)) {
      if (definition.type === 'object') definitions[name] = keepShape(definition);
      narrowNumbers(service, name, definition, numbers, unknown);
    }
    schemas[service] = { $id: service, definitions };
  }
  if (unknown.length > 0) {
    throw new Error(
      `lib/sandbox/api/number-fields.json does not say whether these are integers or fractions:\n${unknown.join('\n')}`,
    );
  }
  mkdirSync(dirname(output), { recursive: true });
  const draft = `${output}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ hash, schemas })}\n`);
  renameSync(draft, output);
}

if (writtenHash() !== hash) await generate();
