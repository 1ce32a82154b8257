'use client';

import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { WallFields } from '@/components/ui/forms/wall-fields';
import { Popover } from '@/components/ui/popover';
import { Time, useViewerZone } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import { ZoneSelect } from '@/components/ui/zone-select';
import { readWall, type WallClock, wallAt, wallNotes } from '@/lib/diversion/wall-clock';

type MomentPickerProps = {
  /** The label of the instant: what it starts, ends or shows. */
  readonly name: string;
  /** ISO instant; null = as described by `none`. */
  readonly value: string | null;
  readonly none: string;
  /** The time zone in which times are shown; null = the browser's own. */
  readonly zone: string | null;
  /** True if a selected instant is unusual here. */
  readonly marked?: boolean;
  readonly onChange: (value: string | null, zone: string | null) => void;
};

/** A button with the selected instant that opens its date, time and zone. */
export function MomentPicker({ name, value, none, zone, marked = false, onChange }: MomentPickerProps) {
  const t = useTranslations('history.moment');
  const [isOpen, setOpen] = useState(false);
  const own = useViewerZone();
  return (
    <Popover
      title={name}
      icon={<History aria-hidden />}
      marked={marked && value !== null}
      label={
        <>
          {name} {value === null ? none : <Time at={value} pageZone={zone} />}
        </>
      }
      open={isOpen}
      onOpenChange={setOpen}
    >
      <MomentForm
        name={name}
        value={value}
        zone={zone ?? own}
        onChange={(at, of) => {
          setOpen(false);
          onChange(at, of === own ? null : of);
        }}
        noneLabel={t('backTo', { none })}
      />
    </Popover>
  );
}

type MomentFormProps = {
  /** The label of the instant: what it starts, ends or shows. */
  readonly name: string;
  /** ISO instant; null = none is chosen. */
  readonly value: string | null;
  readonly zone: string;
  readonly noneLabel: string;
  readonly onChange: (value: string | null, zone: string) => void;
};

/** The date, time and zone of an instant. Mounted when opened: it starts with the displayed instant, or with now. */
function MomentForm({ name, value, zone, noneLabel, onChange }: MomentFormProps) {
  const t = useTranslations('history.moment');
  const message = useMessage('ui.refusal');
  const [place, setPlace] = useState(zone);
  const [wall, setWall] = useState<WallClock>(() =>
    wallAt(value === null ? Date.now() : Date.parse(value), zone),
  );
  const [problem, setProblem] = useState<'invalid' | 'future' | null>(null);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const reading = readWall(wall, place);
        const at = reading.kind === 'instant' ? reading.at : null;
        const found = at === null ? 'invalid' : at > Date.now() ? 'future' : null;
        setProblem(found);
        if (at !== null && found === null) onChange(new Date(at).toISOString(), place);
      }}
    >
      <WallFields
        name={name}
        value={wall}
        onChange={setWall}
        seconds
        error={problem === 'invalid' ? message('instant.invalid') : problem === null ? undefined : t(problem)}
        {...wallNotes(wall, place)}
      />
      <Field label={t('zone')}>
        {(control) => <ZoneSelect {...control} value={place} onChange={setPlace} />}
      </Field>
      <div className="flex gap-2">
        <Button variant="primary" type="submit">
          {t('show')}
        </Button>
        {value === null ? null : <Button onClick={() => onChange(null, place)}>{noneLabel}</Button>}
      </div>
    </form>
  );
}
