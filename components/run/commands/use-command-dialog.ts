import { useState } from 'react';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { RunPageView } from '@/lib/client/views';
import type { RunCommand } from '@/lib/run/model/model';
import { commandOffer } from './run-commands';

/** The breakpoint `md` in app/globals.css: smaller screens are read-only. */
const canAct = () => window.matchMedia('(width >= 45rem)').matches;

/**
 * Tracks the command whose dialog is open, by its button or its key. `count` numbers each opening, so that every dialog
 * starts fresh.
 */
export function useCommandDialog(run: RunPageView) {
  const [shown, setShown] = useState<{ command: RunCommand | null; count: number }>({
    command: null,
    count: 0,
  });
  const [isOpen, setIsOpen] = useState(false);
  const show = (command: RunCommand) => {
    setShown({ command, count: shown.count + 1 });
    setIsOpen(true);
  };
  const byKey = (command: RunCommand) => () => {
    if (!isOpen && canAct() && commandOffer(run, command).can) show(command);
  };
  useShortcuts({ P: byKey('pause'), 'Shift+R': byKey('revert') });
  return { ...shown, isOpen, setIsOpen, show };
}
