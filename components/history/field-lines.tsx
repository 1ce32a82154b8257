'use client';

import { Minus, MoveRight, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { FieldChange } from '@/lib/estate/history/diff-estates';
import { targetText } from '@/lib/estate/target';
import { useAnyKey } from '@/lib/messages/use-any-key';

type Fields = Readonly<Record<string, unknown>>;

/** Formats the fields that qualify an item, besides those that identify it. */
const rest = (item: Fields, said: readonly string[]) =>
  Object.entries(item)
    .filter(([name, value]) => !said.includes(name) && value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);

/** An instant in the estate's format, to the second. */
const instant = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/;

/** Formats values of an estate's fields: a plain value unchanged, a target by its name, anything else by its fields. */
function useValueText(): {
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

/** The change of one field: its old and new value, or the items removed from and added to a list. */
export function FieldLines({ change }: { readonly change: FieldChange }) {
  // A field without a label shows its name.
  const t = useAnyKey('history');
  const key = `field.${change.field}`;
  return (
    <div className="grid gap-x-3 gap-y-0.5 py-0.5 md:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-ink-2">{t.has(key) ? t(key) : change.field}</dt>
      <dd className="min-w-0 break-words">
        {'removed' in change ? <Items {...change} /> : <Values {...change} />}
      </dd>
    </div>
  );
}

function Values({ before, after }: { readonly before?: unknown; readonly after?: unknown }) {
  const t = useTranslations('history');
  const text = useValueText();
  if (before === undefined) return <>{text.value(after)}</>;
  if (after === undefined) return <span className="text-ink-2">{text.value(before)}</span>;
  return (
    <>
      <span className="text-ink-2">
        <span className="sr-only">{t('was')} </span>
        {text.value(before)}
      </span>{' '}
      <MoveRight aria-hidden className="mx-1 inline size-3.5 text-ink-3" />
      <span className="sr-only">{t('is')} </span>
      <span className="font-medium">{text.value(after)}</span>
    </>
  );
}

type ItemsProps = { readonly removed: readonly unknown[]; readonly added: readonly unknown[] };

function Items({ removed, added }: ItemsProps) {
  const t = useTranslations('history.value');
  const text = useValueText();
  return (
    <ul className="grid gap-0.5">
      {removed.map((item) => (
        <li key={`- ${text.item(item)}`} className="text-ink-2">
          <Minus aria-hidden className="mr-1 inline size-3 text-ink-3" />
          <span className="sr-only">{t('gone')}: </span>
          {text.item(item)}
        </li>
      ))}
      {added.map((item) => (
        <li key={`+ ${text.item(item)}`} className="font-medium">
          <Plus aria-hidden className="mr-1 inline size-3 text-ink-3" />
          <span className="sr-only">{t('came')}: </span>
          {text.item(item)}
        </li>
      ))}
    </ul>
  );
}
