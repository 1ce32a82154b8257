'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Autocomplete } from '@/components/ui/autocomplete';
import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { LaneField, type LaneFieldState } from './lane-field';
import { domainOptions } from './lane-options';
import type { LaneName } from './split-draft';

type DomainFieldProps = {
  readonly lane: LaneName;
  readonly estate: Estate;
  readonly value: string;
  readonly state: LaneFieldState;
  readonly onChange: (domain: string) => void;
  readonly onFix: (patch: NonNullable<Fix['patch']>) => void;
};

const quiet: LaneFieldState = { findings: [], errors: [] };

/** The domain of a lane: a name of the account's zones, or any other that is typed. */
export function DomainField({ lane, estate, value, state, onChange, onFix }: DomainFieldProps) {
  const t = useTranslations('diversion');
  const [isTyping, setIsTyping] = useState(false);
  const options = domainOptions(estate).map(({ value, hint }) => ({ value, hint }));
  // Half a name breaks every rule: it is judged once the field is left, or when it is a name of the estate.
  const isJudged = !isTyping || options.some((option) => option.value === value);
  const { findings, errors } = isJudged ? state : quiet;
  return (
    <LaneField
      field={`${lane}.domain`}
      label={t('field.domain')}
      part="record"
      kind={lane === 'laneA' ? 'cvm' : 'scf'}
      findings={findings}
      errors={errors}
      onFix={onFix}
    >
      {(control) => (
        <Autocomplete
          {...control}
          options={options}
          value={value}
          onChange={onChange}
          placeholder={t('choose.domain')}
          emptyText={t('noMatch')}
          openLabel={t('openDomains')}
          onEditing={setIsTyping}
        />
      )}
    </LaneField>
  );
}
