import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { listUnknownFaults } from '@/lib/input/unknown-fields';
import { CliError, exitCodes } from './exit-codes';

/** The most bytes of a scenario file: a series of two weeks by the minute has less. */
const bytesMax = 1_000_000;

/**
 * Parses a scenario of the capacity model.
 * @param of where it is from, for the error
 */
export function toScenario(value: unknown, of: string): CapacityScenario {
  const parsed = CapacityScenario.safeParse(value);
  const unknown = listUnknownFaults(CapacityScenario, value);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const lines = [...unknown, ...(parsed.error?.issues ?? [])].map(
    ({ path, message }) => `${path.join('.') || 'scenario'}: ${message}`,
  );
  throw new CliError(exitCodes.invalid, `${of} has no valid scenario:\n${lines.join('\n')}`);
}

/** Reads a scenario from a JSON file. */
export function readScenarioFile(cwd: string, file: string): CapacityScenario {
  const path = resolve(cwd, file);
  let value: unknown;
  try {
    const { size } = statSync(path);
    if (size > bytesMax)
      throw new CliError(exitCodes.invalid, `${file} has ${size} bytes; a scenario has ${bytesMax} at most.`);
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(exitCodes.invalid, `${file} can’t be read as JSON: ${reason}`);
  }
  return toScenario(value, file);
}
