'use server';

import type { CommandRunAction, ReplanRunAction } from '@/lib/client/actions';
import { commandRun as command } from '@/lib/server/command-run';
import { replanRun as replan } from '@/lib/server/replan-run';

export const commandRun: CommandRunAction = async (input) => command(input);

export const replanRun: ReplanRunAction = async (input) => replan(input);
