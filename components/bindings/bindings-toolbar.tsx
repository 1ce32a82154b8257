'use client';

import { Download, MapPin, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { RefObject } from 'react';
import { ButtonLink } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { type BindingQuery, writeBindingQuery } from '@/lib/estate/bindings/binding-query';
import { bindingHealths, bindingKinds } from '@/lib/estate/bindings/bindings';
import { routes } from '@/lib/routes';

type BindingsToolbarProps = {
  readonly query: BindingQuery;
  readonly onChange: (part: Partial<BindingQuery>) => void;
  readonly regions: readonly string[];
  readonly connectionId: string;
  /** The number of bindings shown. */
  readonly count: number;
  readonly searchRef: RefObject<HTMLInputElement | null>;
};

const any = 'any';

/** Filters the bindings and exports them. */
export function BindingsToolbar({
  query,
  onChange,
  regions,
  connectionId,
  count,
  searchRef,
}: BindingsToolbarProps) {
  const t = useTranslations('bindings');
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-2 px-3 py-2 md:px-4">
      <Input
        ref={searchRef}
        type="search"
        aria-label={t('find')}
        aria-keyshortcuts="/"
        placeholder={t('findHint')}
        icon={<Search aria-hidden />}
        value={query.search}
        onChange={(event) => onChange({ search: event.target.value })}
        className="w-64 max-md:w-full"
      />
      <Select
        aria-label={t('region')}
        icon={<MapPin aria-hidden />}
        value={query.region ?? any}
        onChange={(region) => onChange({ region: region === any ? null : region })}
        options={[
          { value: any, label: t('allRegions', { count: regions.length }) },
          ...regions.map((region) => ({ value: region, label: region })),
        ]}
        className="w-40! max-md:flex-1"
      />
      <Select
        aria-label={t('column.kind')}
        value={query.kind ?? any}
        onChange={(chosen) => onChange({ kind: bindingKinds.find((kind) => kind === chosen) ?? null })}
        options={[
          { value: any, label: t('anyKind') },
          ...bindingKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })),
        ]}
        className="w-40! max-md:w-auto! max-md:flex-1"
      />
      <Select
        aria-label={t('column.health')}
        value={query.health ?? any}
        onChange={(chosen) =>
          onChange({ health: bindingHealths.find((health) => health === chosen) ?? null })
        }
        options={[
          { value: any, label: t('anyHealth') },
          ...bindingHealths.map((health) => ({ value: health, label: t(`health.${health}`) })),
        ]}
        className="w-36! max-md:w-auto! max-md:flex-1"
      />
      <span className="ml-auto inline-flex items-center gap-2 max-md:hidden">
        <span className="text-12 text-ink-3 max-xl:hidden">{t('csvNote', { count })}</span>
        <ButtonLink
          href={routes.api.bindingsCsv(connectionId, writeBindingQuery(new URLSearchParams(), query))}
          prefetch={false}
          download
          icon={<Download aria-hidden />}
        >
          {t('csv')}
        </ButtonLink>
      </span>
    </div>
  );
}
