'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { clearSent, useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { type DraftFieldsProps, Field } from '@/components/ui/field';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { TextField } from '@/components/ui/forms/text-field';
import { TimeField, WallFields } from '@/components/ui/forms/wall-fields';
import { Segmented } from '@/components/ui/segmented';
import { useViewerZone } from '@/components/ui/time';
import { ZoneSelect } from '@/components/ui/zone-select';
import type { ActionError } from '@/lib/contract/answer';
import type { AddFreezeAction } from '@/lib/contract/schedule';
import { daysOfWeek } from '@/lib/diversion/freeze-times';
import { readWall, type WallClock, wallAt, wallNotes } from '@/lib/diversion/wall-clock';
import { err, ok, type Result } from '@/lib/result';

/** A freeze window while it is being edited. `once` uses the dates, `daily` only the times. */
type FreezeDraft = {
  readonly kind: 'once' | 'daily';
  readonly name: string;
  readonly zone: string;
  readonly from: WallClock;
  readonly to: WallClock;
  /** The days on which it starts, 1 = Monday. */
  readonly weekdays: readonly number[];
};

const hourMs = 3_600_000;

/** Returns a freeze of one hour, starting at the next full hour. */
function firstFreeze(now: number, zone: string): FreezeDraft {
  const from = Math.ceil(now / hourMs) * hourMs;
  const wall = (at: number) => {
    const typed = wallAt(at, zone);
    return { ...typed, time: typed.time.slice(0, 5) };
  };
  return {
    kind: 'once',
    name: '',
    zone,
    from: wall(from),
    to: wall(from + hourMs),
    weekdays: daysOfWeek.map(({ day }) => day),
  };
}

/** Returns the minutes after midnight of `HH:MM`; NaN if it is invalid. */
function parseMinuteOfDay(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

type Freeze = Parameters<AddFreezeAction>[0];

/**
 * Returns the server's input, or the fields whose time occurs twice or is skipped when the clocks change. An invalid time
 * becomes a value that the server rejects by field.
 */
function toFreeze({ kind, name, zone, from, to, weekdays }: FreezeDraft): Result<Freeze, ActionError> {
  if (kind === 'daily')
    return ok({
      name,
      span: {
        kind,
        fromMinute: parseMinuteOfDay(from.time),
        toMinute: parseMinuteOfDay(to.time),
        zone,
        // Every day is the default.
        ...(weekdays.length === daysOfWeek.length ? {} : { weekdays }),
      },
    });
  const fields: Record<string, string[]> = {};
  const instant = (field: string, wall: WallClock) => {
    const reading = readWall(wall, zone);
    if (reading.kind === 'ambiguous' || reading.kind === 'skipped')
      fields[field] = [`instant.${reading.kind}`];
    return reading.kind === 'instant' ? new Date(reading.at).toISOString() : '';
  };
  const span = { kind, from: instant('span.from', from), to: instant('span.to', to) };
  return Object.keys(fields).length === 0 ? ok({ name, span }) : err({ fields, form: null });
}

type AddFreezeProps = {
  readonly addFreeze: AddFreezeAction;
  readonly onAdded: () => void;
  /** The current time in epoch ms when the form opens. */
  readonly now: number;
};

/** The form of a new freeze window: it starts with the next hour, in the time zone of the viewer. */
export function AddFreeze({ addFreeze, onAdded, now }: AddFreezeProps) {
  const t = useTranslations('settings.add');
  const zone = useViewerZone();
  const [draft, setDraft] = useState(() => firstFreeze(now, zone));
  const change = (part: Partial<FreezeDraft>) => setDraft((before) => ({ ...before, ...part }));
  const check = async (given: FreezeDraft) => {
    const freeze = toFreeze(given);
    return freeze.ok ? addFreeze(freeze.value) : freeze;
  };
  const add = useAction(check, (_value, _isHere, sent) => {
    setDraft((now) => ({ ...now, name: clearSent(sent.name)(now.name) }));
    onAdded();
  });
  return (
    <form
      aria-label={t('title')}
      className="grid gap-3 max-md:hidden"
      onSubmit={(event) => {
        event.preventDefault();
        add.send(draft);
      }}
    >
      <h3>{t('title')}</h3>
      <div>
        <Segmented
          label={t('kind')}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          options={[
            { value: 'once', label: t('once') },
            { value: 'daily', label: t('daily') },
          ]}
        />
      </div>
      <div className="grid items-start gap-3 md:grid-cols-2">
        <TextField
          label={t('name')}
          error={add.fieldError('name', draft.name)}
          value={draft.name}
          onType={(name) => change({ name })}
        />
        <Field label={t('zone')} error={add.fieldError('span.zone', draft.zone)}>
          {(control) => (
            <ZoneSelect {...control} value={draft.zone} onChange={(next) => change({ zone: next })} />
          )}
        </Field>
      </div>
      {draft.kind === 'once' ? (
        <div className="grid items-start gap-3 lg:grid-cols-2">
          <WallFields
            name={t('from')}
            value={draft.from}
            onChange={(from) => change({ from })}
            error={add.fieldError('span.from', draft.from)}
            {...wallNotes(draft.from, draft.zone)}
          />
          <WallFields
            name={t('to')}
            value={draft.to}
            onChange={(to) => change({ to })}
            error={add.fieldError('span.to', draft.to)}
            {...wallNotes(draft.to, draft.zone)}
          />
        </div>
      ) : (
        <DailyFields draft={draft} change={change} errorOf={add.fieldError} />
      )}
      <ActionFailure action={add} />
      <div>
        <Button type="submit" busy={add.isBusy} icon={<Plus aria-hidden />}>
          {t('submit')}
        </Button>
      </div>
    </form>
  );
}

function DailyFields({ draft, change, errorOf }: DraftFieldsProps<FreezeDraft>) {
  const t = useTranslations('settings.add');
  const days = useTranslations('schedule.weekday');
  const isOverNight = parseMinuteOfDay(draft.to.time) <= parseMinuteOfDay(draft.from.time);
  return (
    <div className="grid grid-cols-2 items-start gap-3">
      <div className="col-span-2">
        <CheckboxGroup
          label={t('weekdays')}
          options={daysOfWeek.map(({ day, name }) => ({ value: day, label: days(name) }))}
          chosen={draft.weekdays}
          onChange={(weekdays) => change({ weekdays })}
          error={errorOf('span.weekdays', draft.weekdays)}
        />
      </div>
      <TimeField
        label={t('from')}
        error={errorOf('span.fromMinute', draft.from.time)}
        value={draft.from.time}
        onChange={(time) => change({ from: { ...draft.from, time } })}
      />
      <TimeField
        label={t('to')}
        error={errorOf('span.toMinute', draft.to.time)}
        note={isOverNight ? t('overNight') : null}
        value={draft.to.time}
        onChange={(time) => change({ to: { ...draft.to, time } })}
      />
    </div>
  );
}
