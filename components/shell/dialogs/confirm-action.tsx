import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { Answer } from '@/lib/contract/answer';
import { ActionFailure } from '../action-failure';
import { useAction } from '../use-action';
import type { DialogState } from './use-dialog';

type ConfirmActionProps<S, I, T> = {
  readonly dialog: DialogState<S>;
  readonly title: (subject: S) => string;
  /** Says what is lost and what stays. */
  readonly text: string;
  /** The button that performs the action. */
  readonly confirmLabel: string;
  /** The safe button; absent = Cancel. */
  readonly cancelLabel?: string;
  readonly action: (input: I) => Answer<T>;
  readonly input: (subject: S) => I;
  /** Called once the action was accepted, after the dialog is closed. */
  readonly onDone: (subject: S) => void;
};

/** Asks for confirmation before an action that removes something, then performs it. A refusal is shown inside. */
export function ConfirmAction<S, I, T>(props: ConfirmActionProps<S, I, T>) {
  const { key, subject } = props.dialog;
  return subject === null ? null : <Confirmation key={key} {...props} subject={subject} />;
}

type ConfirmationProps<S, I, T> = ConfirmActionProps<S, I, T> & { readonly subject: S };

function Confirmation<S, I, T>(props: ConfirmationProps<S, I, T>) {
  const { dialog, subject, title, text, confirmLabel, cancelLabel, action, input, onDone } = props;
  const sent = useAction(action, () => {
    dialog.close();
    onDone(subject);
  });
  return (
    <Dialog
      open={dialog.isOpen}
      onOpenChange={(open) => (open ? undefined : dialog.close())}
      title={title(subject)}
      description={text}
      {...(cancelLabel !== undefined && { cancelLabel })}
      action={
        <Button variant="dangerSolid" busy={sent.isBusy} onClick={() => sent.send(input(subject))}>
          {confirmLabel}
        </Button>
      }
    >
      <ActionFailure action={sent} />
    </Dialog>
  );
}
