import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { err, ok, type Result } from '@/lib/result';
import generated from '../generated/world.json';
import { parseCustomConfig } from '../model/clb/custom-config';
import { parseCron, parseTimerCron } from '../model/scf/cron';
import type { WorldListener, WorldLoadBalancer } from '../world/clb';
import type { WorldFunction } from '../world/scf';
import { type AccountWorld, type World, worldFormat } from '../world/world';

let compiled: ValidateFunction<World> | undefined;

/** Compiles the schema when first needed: a sandbox without a state file never does. */
function shape(): ValidateFunction<World> {
  compiled ??= new Ajv({ allErrors: false, allowUnionTypes: true }).compile<World>(generated.schema);
  return compiled;
}

/**
 * Parses external sandbox data: checks its format, every field against the data types, and every reference within a
 * load balancer against its target. Invalid data is rejected as a whole.
 * @param value parsed JSON; it becomes the sandbox data, so the caller must not use it afterwards
 * @returns the sandbox data, or the path of the first fault and its description
 */
export function parseWorld(value: unknown): Result<World, string> {
  const { format } = Object(value);
  if (format === undefined) return err('it is no sandbox data: `format` is missing');
  if (format !== worldFormat) {
    const found = JSON.stringify(format).slice(0, 40);
    return err(`its format is ${found}, and this build of Spillway reads only "${worldFormat}"`);
  }
  const isWorld = shape();
  if (!isWorld(value)) return err(findFault(isWorld.errors ?? []));
  const [fault] = inconsistencies(value);
  return fault === undefined ? ok(value) : err(fault);
}

/**
 * Selects the error to report: Ajv lists every failed branch of a union; the one that got furthest is the most useful.
 */
function findFault(errors: readonly ErrorObject[]): string {
  const depth = (error: ErrorObject) => error.instancePath.split('/').length;
  const telling = errors.filter(
    (error) => error.keyword !== 'anyOf' && error.keyword !== 'const' && error.params.type !== 'null',
  );
  const [first] = [...telling].sort((a, b) => depth(b) - depth(a));
  const fault = first ?? errors.at(-1);
  if (!fault) return 'it is no sandbox data';
  const path = fault.instancePath.split('/').slice(1).map(unescaped);
  const extra = fault.keyword === 'additionalProperties' ? `: ${fault.params.additionalProperty}` : '';
  return `${path.join('.') || 'the world'} ${fault.message}${extra}`;
}

/** Unescapes a part of a JSON pointer: https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/**
 * Yields the faults that types can't express: keys must match their entries, ids must be unique, and references within
 * a load balancer must resolve.
 */
function* inconsistencies(world: World): Generator<string> {
  if (!Number.isSafeInteger(world.nextId) || world.nextId < 0) yield 'nextId must be a whole number';
  if (Object.keys(world.accounts).length === 0) yield 'accounts must not be empty';
  const uins = new Set<string>();
  for (const [uin, account] of Object.entries(world.accounts)) {
    const at = `accounts.${uin}`;
    if (account.uin !== uin) yield `${at}.uin must be ${uin}`;
    for (const { uin: each } of [account, ...Object.values(account.users)]) {
      if (uins.has(each)) yield `${at} has the UIN ${each}, which another account or user has, too`;
      uins.add(each);
    }
    yield* strayKeys(at, account);
    for (const [key, fn] of Object.entries(account.functions)) {
      yield* functionFaults(`${at}.functions.${key}`, fn);
    }
    yield* configFaults(at, account);
    for (const loadBalancer of Object.values(account.loadBalancers)) {
      yield* loadBalancerFaults(`${at}.loadBalancers.${loadBalancer.id}`, loadBalancer);
    }
  }
}

/** Yields entries whose key in a table of an account is wrong. */
function* strayKeys(at: string, account: AccountWorld): Generator<string> {
  const tables: Record<string, (readonly [key: string, wanted: string])[]> = {
    users: Object.entries(account.users).map(([key, { name }]) => [key, name]),
    roles: Object.entries(account.roles ?? {}).map(([key, { name }]) => [key, name]),
    policies: Object.entries(account.policies).map(([key, { id }]) => [key, String(id)]),
    loadBalancers: Object.entries(account.loadBalancers).map(([key, { id }]) => [key, id]),
    targetGroups: Object.entries(account.targetGroups).map(([key, { id }]) => [key, id]),
    customConfigs: Object.entries(account.customConfigs).map(([key, { id }]) => [key, id]),
    certificates: Object.entries(account.certificates).map(([key, { id }]) => [key, id]),
    instances: Object.entries(account.instances).map(([key, { id }]) => [key, id]),
    vpcs: Object.entries(account.vpcs).map(([key, { id }]) => [key, id]),
    subnets: Object.entries(account.subnets).map(([key, { id }]) => [key, id]),
    namespaces: Object.entries(account.namespaces).map(([key, { region, name }]) => [
      key,
      `${region}/${name}`,
    ]),
    functions: Object.entries(account.functions).map(([key, { region, namespace, name }]) => [
      key,
      `${region}/${namespace}/${name}`,
    ]),
    zones: Object.entries(account.zones).map(([key, { name }]) => [key, name]),
    tasks: Object.entries(account.tasks).map(([key, { id }]) => [key, id]),
  };
  for (const [table, keys] of Object.entries(tables)) {
    const stray = keys.find(([key, wanted]) => key !== wanted);
    if (stray) yield `${at}.${table}.${stray[0]} holds ${stray[1]}: it must be filed under that`;
  }
}

function* loadBalancerFaults(at: string, { listeners }: WorldLoadBalancer): Generator<string> {
  const twiceListener = twice(listeners.map((listener) => listener.id));
  if (twiceListener !== undefined) yield `${at}.listeners has ${twiceListener} twice`;
  const ruleIds = listeners.flatMap((listener) => listener.rules.map((rule) => rule.id));
  const twiceRule = twice(ruleIds);
  if (twiceRule !== undefined) yield `${at}.listeners has the rule ${twiceRule} twice`;
  const known = new Set(listeners.flatMap((each) => each.rules.map((rule) => `${each.id}/${rule.id}`)));
  for (const listener of listeners) yield* redirectFaults(at, listener, known);
}

function* redirectFaults(at: string, listener: WorldListener, known: ReadonlySet<string>): Generator<string> {
  for (const { id, redirectTo: to } of listener.rules) {
    if (to && !known.has(`${to.listenerId}/${to.ruleId}`)) {
      yield `${at}: the rule ${id} redirects to ${to.listenerId}/${to.ruleId}, which is not there`;
    }
  }
}

function twice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** Yields invalid custom configurations, and target groups that rules name but that don't exist. */
function* configFaults(at: string, account: AccountWorld): Generator<string> {
  for (const { id, content } of Object.values(account.customConfigs)) {
    const parsed = parseCustomConfig(content);
    if (!parsed.ok)
      yield `${at}.customConfigs.${id}.content, line ${parsed.error.line}: ${parsed.error.reason}`;
  }
  for (const { id, listeners } of Object.values(account.loadBalancers)) {
    for (const holder of listeners.flatMap((listener) => [listener, ...listener.rules])) {
      const stray = holder.targetGroups.find(({ groupId }) => !Object.hasOwn(account.targetGroups, groupId));
      if (stray)
        yield `${at}.loadBalancers.${id}: ${holder.id} has the target group ${stray.groupId}, which is not there`;
    }
  }
}

/**
 * Yields the problems of a function that has the right shape: versions that aliases and provisioned instances name must
 * exist, no number may be used twice, and times must be readable.
 * @param at the path of the function
 */
function* functionFaults(at: string, fn: WorldFunction): Generator<string> {
  const versions = fn.versions.map((each) => each.version);
  const highest = Math.max(0, ...versions.map(Number));
  if (!(fn.lastVersion >= highest)) yield `${at}.lastVersion must be at least ${highest}`;
  if (fn.aliases[0]?.name !== '$DEFAULT') yield `${at}.aliases must begin with $DEFAULT`;
  for (const [index, { version, extra, match }] of fn.aliases.entries()) {
    const named = [version, extra?.version, match?.version].filter((each) => each !== undefined);
    const lost = named.find((each) => each !== '$LATEST' && !versions.includes(each));
    if (lost !== undefined) yield `${at}.aliases.${index} names the version ${lost}, which is not there`;
  }
  for (const [index, { cron }] of fn.triggers.entries()) {
    yield* cronFault(`${at}.triggers.${index}.cron`, parseTimerCron(cron));
  }
  for (const [index, setting] of fn.provisioned.entries()) {
    const place = `${at}.provisioned.${index}`;
    if (!versions.includes(setting.qualifier)) {
      yield `${place} names the version ${setting.qualifier}, which is not there`;
    }
    const schedule = setting.kind === 'Default' ? setting.schedule : [];
    for (const [task, { cron }] of schedule.entries()) {
      yield* cronFault(`${place}.schedule.${task}.cron`, parseCron(cron));
    }
  }
}

function* cronFault(place: string, parsed: Result<unknown, string>): Generator<string> {
  if (!parsed.ok) yield `${place} is not a cron expression: ${parsed.error}`;
}
