import { Archive, CirclePause, FastForward, Pause, Play, RotateCcw, Route, Undo2 } from 'lucide-react';
import type { RunCommand } from '@/lib/run/model/model';

/** The icon of each command, the same on its button and in its dialog. */
export const commandIcons: Readonly<Record<RunCommand, typeof Pause>> = {
  pause: Pause,
  resume: Play,
  retry: RotateCcw,
  rollback: Undo2,
  skipBake: FastForward,
  hold: CirclePause,
  replan: Route,
  abort: Archive,
};
