import { Ajv } from 'ajv';
import generated from '../generated/responses.json';
import documented from './documented-fields.json';
import type { Answer } from './example';

const ajv = new Ajv({ schemas: generated.schemas, allErrors: true });
const fieldsOf: Readonly<Record<string, string | readonly string[]>> = documented;

/** What every answer to the action has, as far as the documents show: its paths, `[]` for the items of a list. */
function documentedFields(service: string, action: string): readonly string[] {
  const fields = fieldsOf[`${service} ${action}`] ?? [];
  return typeof fields === 'string' ? [] : fields;
}

/** Whether the path leads somewhere. What lies below a null or an empty list is not missed. */
function has(value: unknown, path: readonly string[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  const name = step.replace('[]', '');
  if (!Object.hasOwn(value, name)) return false;
  const next = (value as Record<string, unknown>)[name];
  if (!step.endsWith('[]')) return has(next, rest);
  return next === null || (Array.isArray(next) && next.every((item) => has(item, rest)));
}

/**
 * How an answer differs from what is documented: types and unknown fields by the SDK's declarations, missing fields by
 * the official examples. Empty when it does not.
 */
export function shapeProblems(service: string, action: string, answer: Answer): string[] {
  const validate = ajv.getSchema(`${service}#/definitions/${action}Response`);
  if (!validate) return [`no schema of the answer to ${service} ${action}`];
  validate(answer);
  const wrong = (validate.errors ?? [])
    .filter((error) => error.keyword !== 'anyOf')
    .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  const missing = documentedFields(service, action)
    .filter((field) => !has(answer, field.split('.')))
    .map((field) => `${field} is missing`);
  return [...wrong, ...missing];
}
