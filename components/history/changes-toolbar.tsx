'use client';

import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { RefObject } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import type { ChangesState } from './changes-state';
import { MomentPicker } from './moment-picker';

type ChangesToolbarProps = {
  readonly state: ChangesState;
  readonly onChange: (part: Partial<ChangesState>) => void;
  readonly searchRef: RefObject<HTMLInputElement | null>;
};

const hourMs = 3_600_000;
const spans = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs, month: 30 * 24 * hourMs } as const;
const spanNames = Object.keys(spans) as readonly (keyof typeof spans)[];

/** Selects the two moments and filters the changes. */
export function ChangesToolbar({ state, onChange, searchRef }: ChangesToolbarProps) {
  const t = useTranslations('history');
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-2">
      <MomentPicker
        name={t('from')}
        value={state.from}
        none={t('dayAgo')}
        zone={state.zone}
        onChange={(from, zone) => onChange({ from, zone })}
      />
      <MomentPicker
        name={t('to')}
        value={state.to}
        none={t('now')}
        zone={state.zone}
        onChange={(to, zone) => onChange({ to, zone })}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a border and a legend of its own */}
      <span role="group" aria-label={t('span')} className="inline-flex gap-1">
        {spanNames.map((span) => (
          <Button
            key={span}
            size="sm"
            variant="ghost"
            onClick={() => onChange({ from: new Date(Date.now() - spans[span]).toISOString(), to: null })}
          >
            {t(`spans.${span}`)}
          </Button>
        ))}
      </span>
      <Segmented
        label={t('shown')}
        value={state.all ? 'all' : 'made'}
        onChange={(which) => onChange({ all: which === 'all' })}
        options={[
          { value: 'made', label: t('made') },
          { value: 'all', label: t('all') },
        ]}
      />
      <Input
        ref={searchRef}
        type="search"
        aria-label={t('find')}
        aria-keyshortcuts="/"
        placeholder={t('findHint')}
        icon={<Search aria-hidden />}
        value={state.search}
        onChange={(event) => onChange({ search: event.target.value })}
        className="w-64 max-md:w-full"
      />
    </div>
  );
}
