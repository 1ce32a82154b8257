'use client';

import { useTranslations } from 'next-intl';
import { targetText } from '@/lib/estate/target';

type Fields = Readonly<Record<string, unknown>>;

/** Formats the fields that qualify an item, beside the ones that identify it. */
const rest = (item: Fields, said: readonly string[]) =>
  Object.entries(item)
    .filter(([name, value]) => !said.includes(name) && value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);

/** An instant in the estate's format, to the second. */
const instant = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/;

/** Formats values of an estate's fields: a plain value as it is, a target by its name, anything else by its fields. */
export function useValueText(): {
  readonly value: (value: unknown) => string;
  readonly item: (item: unknown) => string;
} {
  const t = useTranslations('history.value');

  const value = (of: unknown): string => {
    if (of === null || of === undefined || of === '') return t('none');
    if (typeof of === 'boolean') return t(of ? 'yes' : 'no');
    if (Array.isArray(of)) return of.length === 0 ? t('none') : of.map(value).join(', ');
    if (typeof of === 'object') return rest(of as Fields, []).join(', ');
    return String(of).replace(instant, '$1 $2 UTC');
  };

  const item = (of: unknown): string => {
    if (typeof of !== 'object' || of === null) return value(of);
    const { instanceId, instanceName, eniIp, kind, port, namespace, name, qualifier, weight } = of as Fields;
    const weighed = typeof weight === 'number' ? [t('weight', { weight })] : [];
    if (typeof eniIp === 'string') {
      const said = ['eniIp', 'instanceName', 'port', 'weight', 'kind', 'privateIp'];
      const called = targetText({ eniIp, port: Number(port) });
      return [`${String(kind)} ${called}`, ...weighed, ...rest(of as Fields, said)].join(', ');
    }
    if (typeof instanceId === 'string') {
      const called = typeof instanceName === 'string' ? `${instanceName} (${instanceId})` : instanceId;
      const said = ['instanceId', 'instanceName', 'port', 'weight', 'kind', 'privateIp'];
      return [`${called}:${String(port)}`, ...weighed, ...rest(of as Fields, said)].join(', ');
    }
    if (typeof namespace === 'string' && typeof qualifier === 'string') {
      const said = ['namespace', 'name', 'qualifier', 'qualifierType', 'weight'];
      return [`${namespace}/${String(name)}:${qualifier}`, ...weighed, ...rest(of as Fields, said)].join(
        ', ',
      );
    }
    return rest(of as Fields, []).join(', ');
  };

  return { value, item };
}
