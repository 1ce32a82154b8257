'use server';

import type { CommandRunAction, ReplanRunAction } from '@/lib/client/actions';
import { commandRun as command } from '@/lib/server/runs/command-run';
import { replanRun as replan } from '@/lib/server/runs/replan-run';

export const commandRunAction: CommandRunAction = async (input) => command(input);

export const replanRunAction: ReplanRunAction = async (input) => replan(input);
