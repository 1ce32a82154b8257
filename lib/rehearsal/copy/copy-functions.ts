import type { FunctionTrigger, ScfFunction } from '@/lib/estate/model';
import { pageHandler, scfFunction, zipSeedFiles } from '@/lib/sandbox/seeds/parts';
import {
  defaultAlias,
  pickSettings,
  type WorldAlias,
  type WorldFunction,
  type WorldTrigger,
  type WorldVersion,
} from '@/lib/sandbox/world/scf';
import { toMs } from './to-ms';

/** A snapshot has no code, and no function of a rehearsal is run. */
const placeholderZip = zipSeedFiles({ 'index.py': pageHandler('Rehearsal') });

const statuses = ['Creating', 'Updating', 'Active', 'CreateFailed', 'UpdateFailed'] as const;

function toAliases(fn: ScfFunction, createdAt: number): WorldAlias[] {
  const named = (fn.aliases ?? []).map(
    ({ name, version, additional }): WorldAlias => ({
      ...defaultAlias(createdAt),
      name,
      description: '',
      version,
      extra: additional === null ? null : { version: additional.version, weight: additional.weight },
    }),
  );
  // The first one is always `$DEFAULT`.
  const own = named.find(({ name }) => name === '$DEFAULT') ?? defaultAlias(createdAt);
  return [own, ...named.filter(({ name }) => name !== '$DEFAULT')];
}

function toTriggers(triggers: readonly FunctionTrigger[], createdAt: number): WorldTrigger[] {
  return triggers
    .filter(({ kind }) => kind === 'timer')
    .map(({ name, enabled, setting, description, qualifier }) => ({
      name,
      type: 'timer',
      cron: setting,
      qualifier: qualifier ?? '$DEFAULT',
      // Its calls would need the code.
      enabled: enabled ?? true,
      customArgument: '',
      description,
      createdAt,
      modifiedAt: createdAt,
    }));
}

/**
 * Copies a function of a snapshot to sandbox data: all its versions have its current settings, because a snapshot has
 * no others.
 * @param now from when on its provisioned instances are counted, in epoch ms
 */
export function copyFunction(fn: ScfFunction, now: number, since: number): WorldFunction {
  const createdAt = Math.min(since, toMs(fn.modifiedAt, since));
  const numbers = fn.versions.filter((version) => version !== '$LATEST');
  const made = scfFunction({
    region: fn.region,
    namespace: fn.namespace,
    name: fn.name,
    zip: placeholderZip,
    type: fn.type,
    runtime: fn.runtime,
    handler: fn.handler,
    memoryMb: fn.memoryMb,
    timeoutS: fn.timeoutS,
    tags: { ...fn.tags },
    status: statuses.find((status) => status === fn.status) ?? 'Active',
    createdAt,
    modifiedAt: toMs(fn.modifiedAt, since),
    aliases: toAliases(fn, createdAt),
    triggers: toTriggers(fn.triggers ?? [], createdAt),
    reservedMb: typeof fn.reservedMb === 'number' ? fn.reservedMb : null,
    provisioned: (fn.provisioned ?? []).map(({ qualifier, allocated, available }) => ({
      qualifier,
      kind: 'Default',
      target: allocated,
      from: available,
      since: now,
      schedule: [],
    })),
  });
  const versions = numbers
    .toSorted((a, b) => Number(a) - Number(b))
    .map((version): WorldVersion => ({ ...pickSettings(made), version, description: '', createdAt }));
  return { ...made, versions, lastVersion: Math.max(0, ...numbers.map(Number)) };
}
