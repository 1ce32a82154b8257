'use client';

import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog, type DialogProps } from './dialog';

type FormDialogProps = Omit<DialogProps, 'action' | 'open' | 'onOpenChange'> & {
  readonly open?: boolean;
  readonly onClose: () => void;
  readonly submitLabel: string;
  readonly isBusy?: boolean;
  /** Called by the button, and by Enter in a field. */
  readonly onSubmit: () => void;
  /** The fields. */
  readonly children: ReactNode;
  /** Shown below the fields, outside of the form. */
  readonly below?: ReactNode;
};

/** A dialog with a form that creates or changes something. */
export function FormDialog(props: FormDialogProps) {
  const { open = true, onClose, submitLabel, isBusy = false, onSubmit, children, below, ...dialog } = props;
  return (
    <Dialog
      {...dialog}
      open={open}
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      action={
        <Button variant="primary" busy={isBusy} onClick={onSubmit}>
          {submitLabel}
        </Button>
      }
    >
      <form
        className="grid grid-cols-1 gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
      {below}
    </Dialog>
  );
}
