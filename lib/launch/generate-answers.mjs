/**
 * Writes lib/server/api/generated/answers.json: the JSON Schemas of the answers of the API, generated from the types of its
 * verbs and queries. Runs only when a source below lib has changed: the result includes the hash of all of them.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'lib/server/api/generated');
const file = join(folder, 'answers.json');

const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter(
    (name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name) && !/^(?:sandbox|launch|worker)\//.test(name),
  )
  .sort()
  .map((name) => readFileSync(join(root, 'lib', name), 'utf8'));
const hash = createHash('sha256')
  .update(JSON.stringify([sources, readFileSync(fileURLToPath(import.meta.url), 'utf8')]))
  .digest('hex');

/** @returns {string | null} null when there is no file, or a truncated one */
function writtenHash() {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).hash;
  } catch {
    return null;
  }
}

const primitives = ['string', 'number', 'boolean'];

/** Names each definition so that it can be a component: https://spec.openapis.org/oas/v3.1.1.html#components-object */
function nameDefinitions(definitions) {
  const names = new Map();
  const used = new Set();
  for (const name of Object.keys(definitions)) {
    const plain = /^[A-Za-z][A-Za-z0-9]*(_\d+)?$/.test(name) ? name : 'Part';
    let unique = plain;
    for (let count = 1; used.has(unique); count += 1) unique = `${plain}${count}`;
    used.add(unique);
    names.set(name, unique);
  }
  return names;
}

/**
 * Converts a schema of draft 7 to that of 2020-12, with references among components. A branded id is the text that it is.
 * @param names the component of each definition
 */
function convert(schema, names) {
  if (Array.isArray(schema)) return schema.map((each) => convert(each, names));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, allOf, items, additionalItems: _rest, ...rest } = schema;
  const others = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === 'properties'
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, convert(each, names)]))
        : convert(value, names),
    ]),
  );
  if ($ref !== undefined) {
    const name = decodeURIComponent($ref.slice('#/definitions/'.length));
    return { ...others, $ref: `#/components/schemas/${names.get(name)}` };
  }
  if (Array.isArray(allOf)) {
    const primitive = allOf.find(({ type }) => primitives.includes(type));
    return primitive === undefined
      ? { ...others, allOf: convert(allOf, names) }
      : { ...convert(primitive, names), ...others };
  }
  if (Array.isArray(items)) return { ...others, prefixItems: convert(items, names) };
  return items === undefined ? others : { ...others, items: convert(items, names) };
}

async function generate() {
  const { generateSchema, getProgramFromFiles } = await import('typescript-json-schema').then(
    (module) => module.default ?? module,
  );
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    resolveJsonModule: true,
    jsx: 'preserve',
    types: ['node'],
    paths: { '@/*': [join(root, '*')] },
  };
  const program = getProgramFromFiles([join(root, 'lib/server/api/answers.ts')], options, root);
  const settings = { required: true, ignoreErrors: true, strictNullChecks: true };
  const schema = generateSchema(program, 'ApiAnswers', settings);
  if (schema === null) throw new Error('lib/server/api/answers.ts: no schema can be made from ApiAnswers');
  const definitions = schema.definitions ?? {};
  const names = nameDefinitions(definitions);
  const prefixed = new Map([...names].map(([name, unique]) => [name, `Answer_${unique}`]));
  const schemas = Object.fromEntries(
    Object.entries(definitions).map(([name, each]) => [prefixed.get(name), convert(each, prefixed)]),
  );
  const answers = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, each]) => [name, convert(each, prefixed)]),
  );
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ hash, schemas, answers })}\n`);
  renameSync(draft, file);
}

if (writtenHash() !== hash) await generate();
