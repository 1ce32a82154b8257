'use client';

import { useTranslations } from 'next-intl';
import type { FieldControl } from './field';
import { Select } from './select';
import { useZones } from './time';

/** The usual time zones of operators of shops across Asia and of their colleagues elsewhere. */
const commonZones = [
  'UTC',
  'Asia/Jakarta',
  'Asia/Singapore',
  'Asia/Shanghai',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Europe/London',
  'Europe/Berlin',
  'America/Sao_Paulo',
  'America/New_York',
  'America/Los_Angeles',
  'Australia/Sydney',
];

/** Creating one takes longer than rendering the select. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats the current offset as `UTC+7`. */
function formatOffset(zone: string): string {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' });
  formats.set(zone, format);
  const parts = format.formatToParts();
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC');
}

type ZoneSelectProps = Partial<FieldControl> & {
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly 'aria-label'?: string;
  readonly size?: 'sm' | 'md';
  readonly className?: string;
  /** The text for no zone, whose value is then `''`. */
  readonly unset?: string;
};

/** A select treats `''` as nothing selected yet. */
const noZone = 'none';

/** A time zone: the browser's own first, then common ones. */
export function ZoneSelect({ value, unset, onChange, ...props }: ZoneSelectProps) {
  const t = useTranslations('ui');
  const { own, chosen } = useZones();
  const zones = [
    ...new Set([own, ...(chosen === null ? [] : [chosen]), ...(value === '' ? [] : [value]), ...commonZones]),
  ];
  const named = zones.map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' '),
    hint: formatOffset(zone),
    ...(zone === own ? { detail: t('ownZone') } : {}),
  }));
  const options = unset === undefined ? named : [{ value: noZone, label: unset }, ...named];
  return (
    <Select
      {...props}
      value={unset !== undefined && value === '' ? noZone : value}
      onChange={(zone) => onChange(zone === noZone ? '' : zone)}
      options={options}
    />
  );
}
