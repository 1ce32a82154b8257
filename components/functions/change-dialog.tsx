'use client';

import { useTranslations } from 'next-intl';
import type { ComponentProps, ReactNode } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReasonField } from '@/components/shell/reason-field';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
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
      <ReasonField
        reason={change.reason}
        onType={change.setReason}
        error={change.fieldError('reason', change.reason)}
      />
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
  return <TextField label={t('typeName', { name })} error={error} value={typed} onType={onType} />;
}
