'use server';

import type { CommandRunAction } from '@/lib/client/actions';
import { commandRun as command } from '@/lib/server/command-run';

export const commandRun: CommandRunAction = async (input) => command(input);
