'use client';

import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Popover } from '@/components/ui/popover';
import { Time, useViewerZone } from '@/components/ui/time';
import { WallFields } from '@/components/ui/wall-fields';
import { ZoneSelect } from '@/components/ui/zone-select';
import { readWall, type WallClock, wallAt, wallNotes } from '@/lib/diversion/wall-clock';

type MomentPickerProps = {
  /** What begins, ends or is looked at then. */
  readonly name: string;
  /** ISO instant; null = as `none` says. */
  readonly value: string | null;
  readonly none: string;
  /** The zone that times are read in; null = the browser's own. */
  readonly zone: string | null;
  /** Whether a moment that was chosen is out of the ordinary here. */
  readonly marked?: boolean;
  readonly onChange: (value: string | null, zone: string | null) => void;
};

/** A button that says which moment is meant, and opens its date, time and zone. */
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
          {name} {value === null ? none : <Time at={value} zone={zone ?? undefined} />}
        </>
      }
      open={isOpen}
      onOpenChange={setOpen}
    >
      <MomentForm
        name={name}
        value={value}
        none={none}
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

type MomentFormProps = Omit<MomentPickerProps, 'zone' | 'onChange' | 'marked'> & {
  readonly zone: string;
  readonly noneLabel: string;
  readonly onChange: (value: string | null, zone: string) => void;
};

/** Mounted when it is opened: it begins with the moment that is shown, or with now. */
function MomentForm({ name, value, zone, noneLabel, onChange }: MomentFormProps) {
  const t = useTranslations('history.moment');
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
        error={problem === null ? undefined : t(problem)}
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
