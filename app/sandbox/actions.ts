'use server';

import type { CommandSandboxAction } from '@/lib/client/actions';
import { commandSandbox as command } from '@/lib/server/sandbox/command-sandbox';

export const commandSandboxAction: CommandSandboxAction = async (input) => command(input);
