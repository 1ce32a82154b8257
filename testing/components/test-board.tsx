import { screen, within } from '@testing-library/react';
import { SwitchboardScreen } from '@/components/switches/switchboard-screen';
import type { MoveSwitchAction, SwitchMoveView } from '@/lib/contract/switch';
import { PlanId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from './test-page';
import { type SwitchChange, testSwitchView } from './test-switch';

type Given = readonly [action: string, input: unknown];

/**
 * Renders the board with one Switch.
 * @returns its row, and the commands sent
 */
export function openBoard(
  change: SwitchChange = {},
  move: MoveSwitchAction = async () => ok({ planId: PlanId.parse('P-0007'), runId: RunId.parse('R-0007') }),
  moves: readonly SwitchMoveView[] = [],
) {
  const board = [testSwitchView(change)];
  const given: Given[] = [];
  const taking =
    <T,>(name: string, value: T) =>
    async (input: unknown) => {
      given.push([name, input]);
      return ok(value);
    };
  const page = renderPage(
    <SwitchboardScreen
      initial={{ now: '2026-12-11T14:32:05.000Z', switches: board, moves }}
      connectionId="test"
      help={null}
      enableFailover={taking('arm', null)}
      disableFailover={taking('disarm', null)}
      removeSwitch={taking('remove', null)}
      moveSwitch={async (input) => {
        given.push(['move', input]);
        return move(input);
      }}
    />,
  );
  return { ...page, given, row: within(screen.getByRole('article', { name: 'checkout.example.co.id' })) };
}
