import { Archive, FastForward, Pause, Play, Route, Undo2 } from 'lucide-react';
import type { RunCommand } from '@/lib/run/model/model';

/** The icon of each command, the same on its button and in its dialog. */
export const commandIcons: Readonly<Record<RunCommand, typeof Pause>> = {
  pause: Pause,
  continue: Play,
  rollback: Undo2,
  skipBake: FastForward,
  replan: Route,
  leaveAsIs: Archive,
};
