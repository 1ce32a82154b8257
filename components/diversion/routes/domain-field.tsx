'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { domainOptions } from '@/components/diversion/draft/route-options';
import { Autocomplete } from '@/components/ui/pickers/autocomplete';
import { chooseDomain } from '@/lib/draft/route-choices';
import { RouteFieldFrame, type RouteFieldState } from './route-field';
import type { RouteProps } from './route-form';
import { useMarked } from './use-marked';

const quiet: RouteFieldState = { findings: [], errors: [] };

/** The domain of a route: a name in the account's zones, or any other that is typed. */
export function DomainField({ form, index, route }: RouteProps) {
  const t = useTranslations('diversion');
  const [isTyping, setIsTyping] = useState(false);
  const mark = useMarked();
  const options = mark(domainOptions(form.estate));
  const field = `routes.${index}.domain` as const;
  // An incomplete name breaks every rule, so it is checked once the field loses focus or when it is a name of the
  // estate.
  const isJudged = !isTyping || options.some((option) => option.value === route.domain);
  const state = isJudged ? form.stateOf(field) : quiet;
  const change = (domain: string) =>
    form.changeRoute(index, (now) => chooseDomain(form.estate, now, domain.trim().toLowerCase()));
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.domain')}
      part="record"
      side={route.to}
      onFix={form.fix}
      {...state}
    >
      {(control) => (
        <Autocomplete
          {...control}
          options={options}
          value={route.domain}
          onChange={change}
          placeholder={t('choose.domain')}
          emptyText={t('noMatch')}
          openLabel={t('openDomains')}
          onEditing={setIsTyping}
        />
      )}
    </RouteFieldFrame>
  );
}
