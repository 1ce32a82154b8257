'use client';

import { useTranslations } from 'next-intl';
import type { FieldErrorOf } from '@/components/shell/use-action';
import { TextField } from '@/components/ui/forms/text-field';
import type { ConnectionRole } from '@/lib/contract/connection';

/** The role of a connection as it is typed; an empty ARN = none. */
export type RoleDraft = Readonly<Record<'arn' | 'writeArn' | 'session' | 'externalId' | 'durationS', string>>;

/** Returns the draft of a stored role, or an empty one. */
export function toRoleDraft(role: ConnectionRole | null): RoleDraft {
  return {
    arn: role?.arn ?? '',
    writeArn: role?.writeArn ?? '',
    session: role?.session ?? 'spillway',
    externalId: role?.externalId ?? '',
    durationS: String(role?.durationS ?? 7200),
  };
}

/** Returns the input of a draft; null = no role. */
export function toRole({ arn, writeArn, session, externalId, durationS }: RoleDraft): ConnectionRole | null {
  if (arn.trim() === '') return null;
  return {
    arn,
    writeArn: writeArn.trim() === '' ? null : writeArn,
    session,
    externalId: externalId.trim() === '' ? null : externalId,
    durationS: Number(durationS),
  };
}

type RoleFieldsProps = {
  readonly value: RoleDraft;
  readonly onChange: (role: RoleDraft) => void;
  readonly errorOf: FieldErrorOf;
};

/** The role that the keys assume; its other fields appear once it has an ARN. */
export function RoleFields({ value, onChange, errorOf }: RoleFieldsProps) {
  const t = useTranslations('connections');
  const shown =
    value.arn.trim() === ''
      ? (['arn'] as const)
      : (['arn', 'writeArn', 'session', 'externalId', 'durationS'] as const);
  return shown.map((name) => (
    <TextField
      key={name}
      label={t(`role.${name}`)}
      note={t(`roleHint.${name}`)}
      error={errorOf(`role.${name}`, value[name])}
      value={value[name]}
      inputMode={name === 'durationS' ? 'numeric' : 'text'}
      onType={(text) => onChange({ ...value, [name]: text })}
    />
  ));
}
