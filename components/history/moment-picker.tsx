'use client';

import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { Popover } from '@/components/ui/popover';
import { Skeleton } from '@/components/ui/skeleton';
import { Time, useViewerZone } from '@/components/ui/time';

const form = onDemand(() => import('./moment-form'));

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
  const ui = useTranslations('ui');
  const [isOpen, setOpen] = useState(false);
  const part = usePart(form, isOpen);
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
      {part === null ? (
        <Skeleton className="h-40 w-64" />
      ) : part === 'missing' ? (
        ui('partMissing')
      ) : (
        <part.MomentForm
          name={name}
          value={value}
          zone={zone ?? own}
          onChange={(at, of) => {
            setOpen(false);
            onChange(at, of === own ? null : of);
          }}
          noneLabel={t('backTo', { none })}
        />
      )}
    </Popover>
  );
}
