'use client';

import { Download, MapPin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { FilterSelect, SearchInput, Toolbar } from '@/components/ui/toolbar';
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
};

/** Filters the bindings and exports them. */
export function BindingsToolbar({ query, onChange, regions, connectionId, count }: BindingsToolbarProps) {
  const t = useTranslations('bindings');
  return (
    <Toolbar flush>
      <SearchInput
        label={t('find')}
        hint={t('findHint')}
        value={query.search}
        onChange={(search) => onChange({ search })}
      />
      <FilterSelect
        label={t('region')}
        any={t('allRegions', { count: regions.length })}
        icon={<MapPin aria-hidden />}
        values={regions}
        value={query.region}
        onChange={(region) => onChange({ region })}
        className="w-40! max-md:flex-1"
      />
      <FilterSelect
        label={t('column.kind')}
        any={t('anyKind')}
        values={bindingKinds}
        nameOf={(kind) => t(`kind.${kind}`)}
        value={query.kind}
        onChange={(kind) => onChange({ kind })}
        className="w-40! max-md:w-auto! max-md:flex-1"
      />
      <FilterSelect
        label={t('column.health')}
        any={t('anyHealth')}
        values={bindingHealths}
        nameOf={(health) => t(`health.${health}`)}
        value={query.health}
        onChange={(health) => onChange({ health })}
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
    </Toolbar>
  );
}
