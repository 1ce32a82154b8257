'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useOptions } from '@/components/diversion/draft/use-options';
import { Input } from '@/components/ui/input';
import { Autocomplete } from '@/components/ui/pickers/autocomplete';
import { formatNames } from '@/lib/diversion/format-names';
import { findChosen } from '@/lib/draft/options/find-chosen';
import { RouteFieldFrame, type RouteFieldState } from './route-field';
import type { RouteProps } from './route-form';

const quiet: RouteFieldState = { findings: [], errors: [] };

/** The domain of a route: a name in the account's zones, or any other that is typed. */
export function DomainField({ form, index, route }: RouteProps) {
  const names = form.draft.kind === 'switch' ? form.draft.waves.flatMap((wave) => wave.names) : [];
  return names.length > 1 ? (
    <SeveralNames {...{ form, index, route, names }} />
  ) : (
    <OneDomain {...{ form, index, route }} />
  );
}

/** The names of a Switch, which have their own panel; the fields below are for the first one. */
function SeveralNames({ form, index, route, names }: RouteProps & { readonly names: readonly string[] }) {
  const t = useTranslations('diversion');
  const field = `routes.${index}.domain` as const;
  const state = form.stateOf(field);
  const note = t('namesFields', { name: route.domain });
  return (
    <RouteFieldFrame
      {...{ field, note, side: route.to, onFix: form.fix, ...state }}
      label={t('field.domain')}
      isLabelHidden
    >
      {(control) => <Input {...control} readOnly value={formatNames(names)} />}
    </RouteFieldFrame>
  );
}

function OneDomain({ form, index, route }: RouteProps) {
  const t = useTranslations('diversion');
  const [isTyping, setIsTyping] = useState(false);
  const known = findChosen(form.chosen, 'domain', { index, value: route.domain });
  const source = useOptions(form.place, form.draft, { kind: 'domain' });
  const field = `routes.${index}.domain` as const;
  // An incomplete name breaks every rule, so it is checked once the field loses focus or when it is a name of the
  // estate.
  const isJudged = !isTyping || known.length > 0;
  const state = isJudged ? form.stateOf(field) : quiet;
  const change = (domain: string) =>
    form.choose({ kind: 'domain', index, domain: domain.trim().toLowerCase() }, { isTyped: true });
  return (
    <RouteFieldFrame field={field} label={t('field.domain')} isLabelHidden onFix={form.fix} {...state}>
      {(control) => (
        <Autocomplete
          {...control}
          options={known}
          source={source}
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
