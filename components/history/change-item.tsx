'use client';

import { useTranslations } from 'next-intl';
import { Chip } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ObjectChangeView } from '@/lib/contract/estate';
import type { EstateChange, FieldChange } from '@/lib/estate/history/diff-estates';
import { routes } from '@/lib/routes';
import { FieldLines } from './field-lines';
import { WhoLines } from './who-lines';

/** The displayed fields of an added or removed object, by its list. */
const telling: Readonly<Record<string, readonly string[]>> = {
  zones: ['enabled'],
  records: ['value', 'ttlS', 'weight', 'enabled'],
  loadBalancers: ['vips', 'type'],
  listeners: ['name', 'targets'],
  rules: ['redirectsTo', 'targets', 'functions'],
  functions: ['runtime', 'versions'],
  instances: ['state'],
  certificates: ['domains', 'notAfter'],
};

const isEmpty = (value: unknown) => value == null || (Array.isArray(value) && value.length === 0);

function isItems(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
}

/** Returns the displayed fields of a change: for an added or removed object, those that describe it. */
function tellingFields(change: EstateChange): readonly FieldChange[] {
  if (change.op === 'changed') return change.fields;
  const object = change.object as Readonly<Record<string, unknown>>;
  const isNew = change.op === 'added';
  return (telling[change.kind] ?? []).flatMap((field): readonly FieldChange[] => {
    const value = object[field];
    if (isEmpty(value)) return [];
    if (isItems(value)) return [{ field, removed: isNew ? [] : value, added: isNew ? value : [] }];
    return [isNew ? { field, after: value } : { field, before: value }];
  });
}

type ChangeItemProps = {
  readonly item: ObjectChangeView;
  readonly connectionId: string;
  readonly zone: string | null;
};

/** The change of one object, the syncs before and after it, and its actor. */
export function ChangeItem({ item, connectionId, zone }: ChangeItemProps) {
  const t = useTranslations('history');
  const { change, after, by } = item;
  const time = (at: string) => <Time at={at} pageZone={zone} />;
  return (
    <li className="grid gap-1.5 border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <Chip tone={change.op === 'changed' ? 'neutral' : 'plan'}>{t(`op.${change.op}`)}</Chip>
        <h3 className="min-w-0 break-all">{item.name || t(`kind.${change.kind}`)}</h3>
        <span className="text-12 text-ink-2">{item.place}</span>
        <span className="text-12 text-ink-2 md:ml-auto">
          {after === null
            ? t.rich('before', { by: () => time(by) })
            : t.rich('between', { after: () => time(after), by: () => time(by) })}
        </span>
        <TextLink className="text-12" href={routes.pastEstate(connectionId, by)} prefetch={false}>
          {t('showThen')}
        </TextLink>
      </div>
      <dl className="text-12 leading-5">
        {tellingFields(change).map((field) => (
          <FieldLines key={field.field} change={field} />
        ))}
        <div className="grid gap-x-3 gap-y-0.5 py-0.5 md:grid-cols-[9rem_minmax(0,1fr)]">
          <dt className="text-ink-2">{t('who')}</dt>
          <dd className="min-w-0">
            <WhoLines who={item.who} measured={item.measured} zone={zone} />
          </dd>
        </div>
      </dl>
    </li>
  );
}
