import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { toDraft } from '@/lib/diversion/to-draft';
import type { Estate } from '@/lib/estate/model';
import type { Step } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testWaves } from '@/testing/plan/test-estate';
import { generateWaves } from '@/testing/simulation/generate-situation';
import { createRandom } from '@/testing/simulation/random';
import { applyFix } from './apply-fix';
import { asDiversion } from './as-diversion';
import { type Draft, emptyDraft } from './draft';
import { parseNames } from './names/parse-names';
import { dropOwnRoutes, shownWaves } from './shown-waves';
import { addNames, dropLikeRoutes, moveName } from './waves';

const situation = fc
  .integer({ min: 1, max: 2 ** 31 - 1 })
  .map((seed) => ({ ...generateWaves(createRandom(seed)), toString: () => `seed ${seed}` }));

function listSteps(estate: Estate, draft: Draft): readonly Step[] {
  const diversion = SwitchDiversion.parse(asDiversion(draft, estate));
  const planned = createTestPlan({ estate, diversion });
  return planned.steps;
}

/** Returns the places and functions of each name of the diversion that a draft becomes. */
function listPlaces(estate: Estate, draft: Draft): readonly string[] {
  return asDiversion(draft, estate)
    .routes.map(({ domain, to, loadBalancerId, listenerId, ...rest }) =>
      JSON.stringify([domain, to, loadBalancerId, listenerId, 'function' in rest ? rest.function : null]),
    )
    .toSorted();
}

const [flash, shop, pay] = ['flash.example.co.id', 'shop.example.co.id', 'pay.example.co.id'] as const;
const otherFunction = { region: 'ap-singapore', namespace: 'flash', name: 'other', qualifier: '1' };

/** A Switch of three names, of which the shop is routed to another function. */
const differing = SwitchDiversion.parse({
  ...testWaves([[flash], [shop, pay]]),
  routes: testWaves([[flash], [shop, pay]]).routes.map((route) =>
    route.domain === shop && route.to === 'function' ? { ...route, function: otherFunction } : route,
  ),
});

describe('names with routes other than those of the first name', () => {
  it('keep them when a diversion is edited, with the same steps', () => {
    fc.assert(
      fc.property(situation, ({ estate, diversion }) => {
        const planned = createTestPlan({ estate, diversion });
        expect(listSteps(estate, dropLikeRoutes(estate, toDraft(diversion)))).toEqual(planned.steps);
      }),
      { numRuns: 100 },
    );
  });

  it('keep them when another name becomes the first one', () => {
    fc.assert(
      fc.property(situation, ({ estate, diversion }) => {
        const draft = dropLikeRoutes(estate, toDraft(diversion));
        const [first = ''] = shownWaves(draft).flatMap(({ names }) => names);
        const moved = moveName(estate, draft, first, shownWaves(draft).length - 1);
        if (draft.ownRoutes.length === 0) return;
        expect(listPlaces(estate, moved)).toEqual(listPlaces(estate, draft));
      }),
      { numRuns: 100 },
    );
  });

  it('are the only ones with separate routes, until they are set to those of the first name', () => {
    const estate = testEstate();
    const draft = dropLikeRoutes(estate, toDraft(differing));
    expect(new Set(draft.ownRoutes.map(({ domain }) => domain))).toEqual(new Set([shop]));
    const like = dropOwnRoutes(draft, shop);
    expect(like.ownRoutes).toEqual([]);
    expect(listPlaces(estate, like)).toEqual(listPlaces(estate, toDraft(testWaves([[flash], [shop, pay]]))));
  });

  it('are not changed by a fix, which changes the others with the first name', () => {
    const estate = testEstate();
    const draft = dropLikeRoutes(estate, toDraft(differing));
    const at = differing.routes.findIndex(({ domain, to }) => domain === shop && to === 'function');
    expect(applyFix(estate, draft, { field: `routes.${at}.provisioned`, value: '5' })).toEqual(draft);
    const ofPay = differing.routes.findIndex(({ domain, to }) => domain === pay && to === 'function');
    const fixed = asDiversion(
      applyFix(estate, draft, { field: `routes.${ofPay}.provisioned`, value: '5' }),
      estate,
    );
    expect(
      fixed.routes.flatMap((route) => (route.to === 'function' ? [[route.domain, route.provisioned]] : [])),
    ).toEqual([
      [flash, 5],
      [shop, null],
      [pay, 5],
    ]);
  });
});

it('the first name is the same name in any spelling', () => {
  const estate = testEstate();
  const routes = emptyDraft('switch', 'Sale').routes.map((route) => ({
    ...route,
    domain: 'Flash.example.co.id.',
  }));
  const draft: Draft = { ...emptyDraft('switch', 'Sale'), routes };
  const known = shownWaves(draft).flatMap(({ names }) => names);
  const { waves, rejected } = parseNames(`${flash}\n${shop}`, known);
  expect(rejected.map(({ why }) => why)).toEqual(['twice']);
  const added = addNames(estate, draft, waves);
  expect(asDiversion(added, estate)).toMatchObject({ waves: [{ names: [flash, shop] }] });
  const raw: Draft = { ...draft, waves: [{ names: ['Flash.example.co.id.', shop], bakeS: 0 }] };
  expect(asDiversion(raw, estate)).toMatchObject({ waves: [{ names: [flash, shop] }] });
});
