import { findFunction } from '@/lib/estate/look-up';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings(
  'function-reserved',
  'https://tencentcloud.com/document/product/583/39464',
);

/**
 * Checks that the reserved memory allows each function to run: the reservation is also its maximum. 0 MB stops it, and
 * so does less than one instance needs.
 */
export const checkFunctionReserved: Check = (input) =>
  listFunctionRoutes(input).flatMap((resolved): Finding[] => {
    const chosen = findFunction(input.estate, resolved.route.function);
    if (chosen === undefined) return [];
    const { reservedMb, memoryMb } = chosen;
    const name = `${chosen.namespace}/${chosen.name}`;
    const found = { field: routeFieldName(resolved, 'function'), objects: [name] };
    const values = { function: name, memory: memoryMb };
    const stop = isLedTo(input, resolved) ? block : warn;
    if (reservedMb === null) return [unknown({ ...found, why: 'unread', values })];
    if (reservedMb === 'none') return [pass({ ...found, why: 'none', values })];
    if (reservedMb === 0) return [stop({ ...found, why: 'stopped', values })];
    const reserved = { ...values, reserved: reservedMb };
    return [
      reservedMb < memoryMb
        ? stop({ ...found, why: 'small', values: reserved })
        : pass({
            ...found,
            why: 'pass',
            values: { ...reserved, instances: Math.floor(reservedMb / memoryMb) },
          }),
    ];
  });
