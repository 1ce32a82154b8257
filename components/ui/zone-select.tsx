'use client';

import { useTranslations } from 'next-intl';
import type { FieldControl } from './field';
import { Select } from './select';
import { useViewerZone } from './time';

/** What people who run shops across Asia and their colleagues elsewhere read their clocks in. */
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

/** `UTC+7`, as it is now. */
function offsetOf(zone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    timeZoneName: 'shortOffset',
  }).formatToParts();
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC');
}

type ZoneSelectProps = Partial<FieldControl> & {
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly 'aria-label'?: string;
  readonly size?: 'sm' | 'md';
  readonly className?: string;
  /** Words for no zone at all, which `''` then stands for. */
  readonly unset?: string;
};

/** A select knows `''` as nothing chosen yet. */
const noZone = 'none';

/** A time zone: the browser's own first, then common ones. */
export function ZoneSelect({ value, unset, onChange, ...props }: ZoneSelectProps) {
  const t = useTranslations('ui');
  const own = useViewerZone();
  const zones = [...new Set([own, ...(value === '' ? [] : [value]), ...commonZones])];
  const named = zones.map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' '),
    hint: offsetOf(zone),
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
