'use client';

import { useTranslations } from 'next-intl';
import type { ComponentProps, ReactNode } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReasonField } from '@/components/shell/reason-field';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import type { useChange } from './use-change';

type ChangeDialogProps = Pick<
  ComponentProps<typeof FormDialog>,
  'title' | 'description' | 'icon' | 'submitLabel' | 'onClose' | 'onSubmit'
> & {
  readonly change: Pick<
    ReturnType<typeof useChange>,
    'reason' | 'setReason' | 'isBusy' | 'fieldError' | 'refusal' | 'isUnknown'
  >;
  /** The fields before the reason. */
  readonly children?: ReactNode;
};

/** The dialog of a function change: its fields, the reason, and the server's refusal. */
export function ChangeDialog({ change, children, ...dialog }: ChangeDialogProps) {
  return (
    <FormDialog {...dialog} isBusy={change.isBusy} below={<ActionFailure action={change} />}>
      {children}
      <ReasonField reason={change.reason} onType={change.setReason} error={change.fieldError('reason')} />
    </FormDialog>
  );
}

type TypedNameProps = {
  readonly name: string;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly error: string | undefined;
};

/** Asks the operator to type the name of the deleted or moved object. */
export function TypedName({ name, typed, onType, error }: TypedNameProps) {
  const t = useTranslations('functions.change');
  return (
    <Field label={t('typeName', { name })} error={error}>
      {(control) => <Input {...control} value={typed} onChange={(event) => onType(event.target.value)} />}
    </Field>
  );
}
