import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type JsonExcess, parseBoundedJson } from '@/lib/input/bounded-json';
import { ApiError, missingParameter } from '@/lib/sandbox/model/api-error';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import generated from '../generated/requests.json';

/**
 * Parameters that Tencent's own clients send and the declarations of the SDK lack, by action; they have no effect here.
 * https://github.com/serverless-tencent/tencent-component-toolkit/tree/master/src/modules/scf (2.27.6)
 */
const undeclared: Readonly<Record<string, readonly string[]>> = {
  'scf.GetFunction': ['ShowTriggers'],
  'scf.CreateFunction': ['DeployMode', 'L5Enable', 'DiskSize'],
  'scf.UpdateFunctionConfiguration': ['DiskSize'],
};

function withoutUndeclared({ service, action }: ApiRoute, value: unknown): unknown {
  const names = undeclared[`${service}.${action}`];
  if (names === undefined || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

const ajv = new Ajv({ schemas: generated.schemas, verbose: false });

function errorField(error: ErrorObject, last?: string): string {
  const path = error.instancePath.split('/').slice(1);
  return [...path, ...(last === undefined ? [] : [last])].join('.') || 'the request body';
}

function refusal(error: ErrorObject): ApiError {
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = errorField(error, String(error.params.additionalProperty));
      return new ApiError('UnknownParameter', `The parameter \`${field}\` is not recognized.`);
    }
    case 'required': {
      const field = errorField(error, String(error.params.missingProperty));
      return missingParameter(`The request is missing a required parameter \`${field}\`.`);
    }
    case 'type': {
      const code = error.params.type === 'integer' ? 'InvalidParameterValue' : 'InvalidParameter';
      return new ApiError(
        code,
        `The parameter \`${errorField(error)}\` must be of type ${error.params.type}.`,
      );
    }
    default:
      return new ApiError('InvalidParameter', `The parameter \`${errorField(error)}\` ${error.message}.`);
  }
}

function getValidator({ service, action }: ApiRoute): ValidateFunction {
  const validator = ajv.getSchema(`${service}#/definitions/${action}Request`);
  // The schemas are generated from the same list that dispatch uses.
  if (!validator) throw new Error(`Invariant broken: no request schema for ${service} ${action}`);
  return validator;
}

const decoder = new TextDecoder();

/**
 * The limits of a request in any form. Its size is limited by form (`body-form.ts`). The lists of the actions served
 * here have at most a few thousand items, and their schemas nest less than ten levels.
 */
export const requestLimits = { depth: 32, values: 200_000, members: 100_000 } as const;

/** Returns the error for a request that exceeds a limit of `requestLimits`. */
export function requestExcess({ kind, max }: JsonExcess): ApiError {
  const what = {
    tooLong: `be longer than ${max} characters`,
    tooDeep: `nest lists and objects deeper than ${max} levels`,
    tooMany: `hold more than ${max} values`,
    tooWide: `hold a list or object of more than ${max} members`,
  }[kind];
  return new ApiError('InvalidParameter', `The request must not ${what}.`);
}

/**
 * Parses a request body, whose size is checked already, and validates it against the schema from the SDK's own
 * declarations. An empty body and `null` mean `{}`, because clients send these for actions without parameters.
 * @throws ApiError InvalidParameter, InvalidParameterValue, MissingParameter, UnknownParameter
 */
export function parseBody(route: ApiRoute, body: Uint8Array): unknown {
  const text = decoder.decode(body);
  const parsed = parseBoundedJson(text.trim() === '' ? '{}' : text, {
    ...requestLimits,
    length: text.length,
  });
  if (!parsed.ok) {
    throw parsed.error.kind === 'notJson'
      ? new ApiError('InvalidParameter', 'The request body is not valid JSON.')
      : requestExcess(parsed.error);
  }
  const value = parsed.value ?? {};
  checkShape(route, value);
  return value;
}

/**
 * Validates a parsed request.
 * @throws ApiError as `parseBody`
 */
export function checkShape(route: ApiRoute, value: unknown): void {
  const validator = getValidator(route);
  if (validator(withoutUndeclared(route, value))) return;
  const [first] = validator.errors ?? [];
  throw first ? refusal(first) : new ApiError('InvalidParameter', 'The request body is not valid.');
}
