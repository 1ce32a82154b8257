import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import generated from '../generated/requests.json';
import { entry } from '../model/entry';

/** The part of JSON Schema that the generated schemas use. */
export type Schema = {
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
};

export type Definitions = Readonly<Record<string, Schema>>;

const services: Readonly<Record<string, { readonly definitions: Definitions }>> = generated.schemas;

/** Returns the types of a service's requests, by their names in the SDK. */
export function getDefinitions(service: string): Definitions {
  return entry(services, service)?.definitions ?? {};
}

/** Returns the schema of an action's request. */
export function requestSchema({ service, action }: ApiRoute): Schema {
  return entry(getDefinitions(service), `${action}Request`) ?? {};
}

/** Returns the schema itself, even if the given one only names a definition. */
export function resolved(schema: Schema, definitions: Definitions): Schema {
  if (schema.$ref === undefined) return schema;
  const name = decodeURIComponent(schema.$ref.split('/').at(-1) ?? '');
  return entry(definitions, name) ?? {};
}
