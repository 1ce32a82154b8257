import fc, { type Arbitrary } from 'fast-check';
import {
  type Definitions,
  getDefinitions,
  requestSchema,
  resolved,
  type Schema,
} from '@/lib/sandbox/api/flat-parameters';
import { getValueRules } from '@/lib/sandbox/api/perform';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import type { ValueRule } from '@/lib/sandbox/model/value-rules';
import type { AccountWorld } from '@/lib/sandbox/world/world';

/** Names that exist in the account, by the field that takes them: without these most requests fail early. */
export type Vocabulary = Readonly<Record<string, readonly (string | number)[]>>;

/** Returns consistent vocabularies: the listener belongs to the load balancer, the rule to the listener. */
export function buildScenes(account: AccountWorld): Vocabulary[] {
  const words = buildVocabulary(account);
  const scenes = Object.values(account.loadBalancers).flatMap((balancer) =>
    balancer.listeners.flatMap((listener) =>
      listener.rules.map((rule) => ({
        ...words,
        LoadBalancerId: [balancer.id],
        ListenerId: [listener.id],
        SourceListenerId: [listener.id],
        TargetListenerId: [listener.id],
        LocationId: [rule.id],
        Domain: [rule.domain],
        Url: [rule.url],
      })),
    ),
  );
  return [words, ...scenes];
}

function buildVocabulary(account: AccountWorld): Vocabulary {
  const balancers = Object.values(account.loadBalancers);
  const listeners = balancers.flatMap((balancer) => balancer.listeners);
  const rules = listeners.flatMap((listener) => listener.rules);
  const functions = Object.values(account.functions);
  const instances = Object.values(account.instances);
  const zones = Object.values(account.zones);
  const ids = balancers.map(({ id }) => id);
  const locations = rules.map(({ id }) => id);
  const names = functions.map(({ name }) => name);
  const domains = [...rules.map(({ domain }) => domain), ...zones.map(({ name }) => name)];
  const addresses = instances.map(({ privateIp }) => privateIp);
  const records = zones.flatMap((zone) => zone.records.map(({ id }) => id));
  const listenerIds = listeners.map(({ id }) => id);
  return {
    LoadBalancerId: ids,
    LoadBalancerIds: ids,
    ListenerId: listenerIds,
    ListenerIds: listenerIds,
    SourceListenerId: listenerIds,
    TargetListenerId: listenerIds,
    LocationId: locations,
    LocationIds: locations,
    SourceLocationId: locations,
    TargetLocationId: locations,
    Domain: domains,
    NewDomain: domains,
    Url: ['/', '/a', '~ ^/x', '= /y'],
    Protocol: ['HTTP', 'HTTPS', 'TCP', 'UDP'],
    FunctionName: names,
    FunctionNamespace: ['default'],
    Namespace: ['default'],
    Qualifier: ['$LATEST', '$DEFAULT', '1'],
    FunctionVersion: ['$LATEST', '1'],
    FunctionQualifier: ['$LATEST', '$DEFAULT', '1'],
    InstanceId: instances.map(({ id }) => id),
    InstanceIds: instances.map(({ id }) => id),
    EniIp: addresses,
    BindIP: addresses,
    DomainId: zones.map(({ id }) => id),
    DomainGrade: zones.map(({ grade }) => grade),
    Name: ['live', 'zone', '$DEFAULT'],
    TargetUin: Object.values(account.users).map(({ uin }) => Number(uin)),
    ConfigContent: ['client_max_body_size 222M;'],
    OperationType: ['ADD', 'Start', 'Stop'],
    Handler: ['index.main_handler'],
    TargetGroupType: ['v1', 'v2'],
    ClientContext: ['{}'],
    RecordId: records,
    RecordIdList: records,
    RecordType: ['A', 'CNAME', 'MX', 'TXT'],
    RecordLine: ['默认', 'Default'],
    Value: ['127.0.0.9', 'other.example.com.'],
    CertId: Object.keys(account.certificates),
    VpcId: balancers.map(({ vpcId }) => vpcId),
  };
}

const anyText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', '0', '-1', 'a'.repeat(300), '默认', '__proto__', 'constructor', "'; --", '\u0000'),
);

function arbitraryText(field: string, rules: readonly ValueRule[], words: Vocabulary): Arbitrary<unknown> {
  const known = words[field] ?? [];
  const listed = rules.flatMap((rule) => ('oneOf' in rule ? rule.oneOf.map(String) : []));
  const choices = [...known.map(String), ...listed];
  if (choices.length === 0) return anyText;
  return fc.oneof({ arbitrary: fc.constantFrom(...choices), weight: 6 }, { arbitrary: anyText, weight: 1 });
}

function arbitraryNumber(field: string, rules: readonly ValueRule[], words: Vocabulary): Arbitrary<unknown> {
  const known = (words[field] ?? []).filter((word) => typeof word === 'number');
  const [range] = rules.flatMap((rule) => ('range' in rule ? [rule.range] : []));
  if (known.length > 0) return fc.constantFrom(...known);
  const [min, max] = range ?? [0, 100];
  return fc.oneof(
    { arbitrary: fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, 1e9)) }), weight: 9 },
    { arbitrary: fc.integer(), weight: 1 },
  );
}

type Place = { readonly field: string; readonly path: string };

function arbitraryValue(
  schema: Schema,
  { field, path }: Place,
  context: { definitions: Definitions; rules: readonly ValueRule[]; words: Vocabulary; depth: number },
): Arbitrary<unknown> {
  const { definitions, words, depth } = context;
  const shape = resolved(schema, definitions);
  const rules = context.rules.filter((rule) => rule.field === path);
  const inner = { ...context, depth: depth + 1 };
  switch (shape.type) {
    case 'object': {
      const { properties = {}, required = [] } = shape;
      const fields = Object.entries(properties).map(([name, property]) => {
        const place = { field: name, path: path === '' ? name : `${path}.${name}` };
        return [name, arbitraryValue(property, place, inner)] as const;
      });
      // With deep trees and many options every request would be refused for some unrelated detail.
      const kept = depth < 3 ? fields : fields.filter(([name]) => required.includes(name));
      const sparse = kept.map(([name, value]) => [
        name,
        required.includes(name) ? value : fc.option(value, { freq: 1, nil: undefined }),
      ]);
      return fc.record(Object.fromEntries(sparse)).map(withoutUndefined);
    }
    case 'array': {
      const item = arbitraryValue(shape.items ?? {}, { field, path: `${path}[]` }, inner);
      return fc.oneof(
        { arbitrary: fc.array(item, { minLength: 1, maxLength: 2 }), weight: 9 },
        { arbitrary: fc.array(item, { maxLength: 3 }), weight: 1 },
      );
    }
    case 'integer':
      return arbitraryNumber(field, rules, words);
    case 'number':
      return fc.double({ min: 0, max: 1, noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return arbitraryText(field, rules, words);
  }
}

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Generates requests of the action that have the right shape, with names from the account. */
export function randomRequest(route: ApiRoute, words: Vocabulary): Arbitrary<Record<string, unknown>> {
  const definitions = getDefinitions(route.service);
  const context = { definitions, rules: getValueRules(route), words, depth: 0 };
  return arbitraryValue(requestSchema(route), { field: '', path: '' }, context).filter(isPlain);
}

/**
 * Generates requests of the action whose shape is wrong: a field that doesn't exist, one of a wrong type, or one
 * missing.
 */
export function misshapenRequest(route: ApiRoute, words: Vocabulary): Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [] } = requestSchema(route);
  const valid = randomRequest(route, words);
  const unknown = valid.map((request) => ({ ...request, NoSuchField: 1 }));
  const typed = Object.keys(properties).map((name) =>
    valid.map((request) => ({ ...request, [name]: { NoSuchField: 1 } })),
  );
  const missing = required.map((name) =>
    valid.map((request) => Object.fromEntries(Object.entries(request).filter(([key]) => key !== name))),
  );
  return fc.oneof(unknown, ...typed, ...missing);
}
