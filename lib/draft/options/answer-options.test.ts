import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchOption, sortOptions } from '@/components/ui/pickers/picker-option';
import { toDraft } from '@/lib/diversion/to-draft';
import { listChosenOptions } from '@/lib/draft/answers/answer-draft';
import { anticipatedEstate } from '@/lib/draft/anticipated-estate';
import { emptyDraft, type RouteDraft } from '@/lib/draft/draft';
import { sliceEstate } from '@/lib/draft/estate-slice';
import { optionKey } from '@/lib/draft/function-key';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';
import { targetName } from '@/lib/estate/target';
import reasons from '@/lib/messages/en/diversion-ineligible.json';
import { messages } from '@/lib/messages/messages';
import {
  arbitraryEstate,
  testEstate,
  testFunction,
  testInstance,
  testListener,
  testLoadBalancer,
  testRule,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';
import { answerOptions, certificateOptions, type FieldOption, functionOptions } from './answer-options';
import { findChosen } from './find-chosen';
import type { OptionsOf } from './options-question';
import {
  domainOptions,
  instanceOptions,
  listenerOptions,
  loadBalancerOptions,
  type RouteOption,
  ruleOptions,
} from './route-options';

const { creates } = emptyDraft('split', '');
const all = 10_000;
const word = messages.diversion.created.word;
const own = (id: string) => id;

/** Returns the options of a page with the whole estate, on purpose without `listOptions`, which is what is tested. */
function listAll(estate: Estate, of: OptionsOf): readonly RouteOption[] {
  switch (of.kind) {
    case 'domain':
      return domainOptions(estate);
    case 'loadBalancer':
      return loadBalancerOptions(estate, of.to, word);
    case 'listener':
      return listenerOptions(estate, of, word);
    case 'rule':
      return ruleOptions(estate, of);
    case 'function': {
      const balancer = findLoadBalancer(estate, of.loadBalancerId);
      return functionOptions(estate, balancer?.region, getOwner(balancer ?? {}));
    }
    case 'instance': {
      const bound = estate.rules.find(({ id }) => of.rule.kind !== 'new' && id === of.rule.ruleId);
      const region = findLoadBalancer(estate, of.loadBalancerId)?.region;
      return instanceOptions(estate, region, bound?.targets.map(targetName) ?? []);
    }
    case 'certificate':
      return certificateOptions(estate, of.domain);
  }
}

/** Gives options to a list as the picker takes them. */
const toPicker = (options: readonly RouteOption[]) =>
  options.map(({ value, label, hint, problem }) => ({
    value,
    label,
    hint,
    reason: problem === undefined ? undefined : reasons.ineligible[problem],
  }));

const toText = ({ label, hint, reason = '' }: FieldOption) => [label, hint, reason].join(' · ');

const names = ['flash.example.co.id', 'shop.example.co.id'] as const;
const ids = ['lb-cvm', 'lb-scf', 'lb-3'] as const;
const region = fc.constantFrom('ap-singapore', 'ap-jakarta', 'na-ashburn');

/** Estates whose resources are in any state, so that many can't serve. */
const arbitraryAny: fc.Arbitrary<Estate> = fc
  .record({
    estate: arbitraryEstate,
    balancers: fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            name: fc.constantFrom('', 'b', 'a'),
            region,
            generation: fc.constantFrom('clb', 'classic'),
            addressFamily: fc.constantFrom('ipv4', 'ipv6-full-chain'),
            status: fc.constantFrom('running', 'creating'),
            isolated: fc.boolean(),
            blocked: fc.boolean(),
            stopped: fc.constantFrom(null, true, false),
          })
          .map((change) => testLoadBalancer(id, change)),
      ),
    ),
    listeners: fc.array(
      fc
        .record({
          id: fc.constantFrom('lbl-1', 'lbl-2', 'lbl-lb-cvm', 'lbl-lb-scf'),
          of: fc.constantFrom(...ids),
          port: fc.constantFrom(80, 443),
          protocol: fc.constantFrom('HTTP', 'HTTPS', 'TCP'),
          stopped: fc.constantFrom(null, true),
        })
        .map(({ of, ...change }) => testListener(of, change)),
      { maxLength: 6 },
    ),
    rules: fc.array(
      fc
        .record({
          id: fc.constantFrom('loc-1', 'loc-2', 'loc-shop'),
          of: fc.constantFrom(...ids),
          domain: fc.constantFrom(...names),
          targetType: fc.constantFrom('NODE', 'TARGETGROUP'),
          redirectsTo: fc.constantFrom(null, 'loc-9'),
          targets: fc.constantFrom([], [testTarget()]),
        })
        .map(({ id, of, domain, ...change }) => testRule(id, of, domain, change)),
      { maxLength: 6 },
    ),
    functions: fc.array(
      fc
        .record({
          region,
          name: fc.constantFrom('storefront', 'other'),
          type: fc.constantFrom('Event', 'HTTP'),
          status: fc.constantFrom('Active', 'Creating'),
        })
        .map((change) => testFunction(change)),
      { maxLength: 4 },
    ),
    instances: fc.array(
      fc
        .record({
          id: fc.constantFrom('ins-1', 'ins-2'),
          region,
          state: fc.constantFrom('RUNNING', 'STOPPED'),
        })
        .map((change) => testInstance(change)),
      { maxLength: 4 },
    ),
    certificates: fc.array(
      fc.record({
        id: fc.constantFrom('c-1', 'c-2', 'c-3'),
        name: fc.constant('certificate'),
        domains: fc.constantFrom(['*.example.co.id'], ['other.example.com']),
        kind: fc.constantFrom('SVR', 'CA'),
        status: fc.constantFrom('issued', 'expired'),
        notAfter: fc.constantFrom(null, '2027-01-01T00:00:00.000Z'),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ estate, balancers, ...parts }) => testEstate({ ...estate, loadBalancers: balancers, ...parts }));

const to = fc.constantFrom('cvm' as const, 'function' as const);
const loadBalancerId = fc.constantFrom('lb-cvm', 'lb-scf', 'lb-none');
const domain = fc.constantFrom('flash.example.co.id', 'shop.example.co.id', '');
const rule = fc.constantFrom(
  { kind: 'new' as const, url: '/', certificateId: null },
  { kind: 'existing' as const, ruleId: 'loc-shop' },
  { kind: 'swap' as const, ruleId: 'loc-shop' },
);
const arbitraryOf: fc.Arbitrary<OptionsOf> = fc.oneof(
  fc.record({ kind: fc.constant('domain' as const) }),
  fc.record({ kind: fc.constant('loadBalancer' as const), to }),
  fc.record({ kind: fc.constant('listener' as const), loadBalancerId, to }),
  fc.record({
    kind: fc.constant('rule' as const),
    listenerId: fc.constantFrom('lbl-lb-cvm', 'lbl-lb-scf'),
    domain,
    to,
    rule,
  }),
  fc.record({ kind: fc.constant('function' as const), loadBalancerId }),
  fc.record({ kind: fc.constant('instance' as const), loadBalancerId, rule }),
  fc.record({ kind: fc.constant('certificate' as const), domain }),
);
const arbitrarySearch = fc.constantFrom('', 'lb', 'http', 'flash', 'example  co', 'already', 'no such');

describe('the options of a field', () => {
  it('are those of the whole estate, each with its reason, in the order in which a list shows them', () => {
    fc.assert(
      fc.property(arbitraryAny, arbitraryOf, arbitrarySearch, (estate, of, search) => {
        const answer = answerOptions(estate, { of, creates, search, limit: all }, own);
        const expected = sortOptions(toPicker(listAll(estate, of))).filter((option) =>
          matchOption(option, search),
        );
        expect(answer.options.map(({ until: _until, ...option }) => option)).toEqual(expected);
        expect(answer.total).toBe(expected.length);
      }),
    );
  });

  it('come in parts that begin alike, with the number of all', () => {
    fc.assert(
      fc.property(arbitraryAny, arbitraryOf, fc.integer({ min: 1, max: 5 }), (estate, of, limit) => {
        const whole = answerOptions(estate, { of, creates, search: '', limit: all }, own);
        const part = answerOptions(estate, { of, creates, search: '', limit }, own);
        expect(part).toEqual({ options: whole.options.slice(0, limit), total: whole.total });
      }),
    );
  });

  it('are found beyond the first part by what they are called', () => {
    const functions = Array.from({ length: 500 }, (_, n) => testFunction({ name: `function-${n}` }));
    const of = { kind: 'function', loadBalancerId: 'lb-scf' } as const;
    const answer = answerOptions(
      testEstate({ functions }),
      { of, creates, search: '499 $LATEST', limit: 50 },
      own,
    );
    expect(answer.options.map(({ label }) => label)).toEqual(['flash/function-499:$LATEST']);
    expect(answer.total).toBe(1);
  });

  it('that a route has chosen are known without their list', () => {
    const values = ({
      rule,
      ...route
    }: RouteDraft): readonly (readonly [OptionsOf, string | undefined])[] => [
      [{ kind: 'domain' }, route.domain],
      [{ kind: 'loadBalancer', to: route.to }, route.loadBalancerId],
      [{ ...route, kind: 'listener' }, route.listenerId],
      [{ ...route, kind: 'rule', rule }, rule.kind === 'new' ? 'new' : rule.ruleId],
      route.to === 'function'
        ? [{ ...route, kind: 'function' }, optionKey(route.function)]
        : [{ ...route, kind: 'instance', rule }, route.addTargets[0]?.instanceId],
    ];
    const draft = toDraft(testSplit());
    const routes = draft.routes.map((route) =>
      route.to === 'cvm'
        ? { ...route, addTargets: [{ instanceId: 'ins-1', port: 8080, weight: 10 }] }
        : { ...route, rule: { kind: 'swap' as const, ruleId: 'loc-1' } },
    );
    fc.assert(
      fc.property(arbitraryAny, (estate) => {
        const changed = { ...draft, routes };
        const chosen = listChosenOptions(sliceEstate(estate, changed), changed, own);
        for (const [index, route] of routes.entries())
          for (const [of, value] of values(route)) {
            const { options } = answerOptions(estate, { of, creates, search: '', limit: all }, own);
            const listed = options.filter((option) => option.value === value);
            const found = findChosen(chosen, of.kind, { index, value });
            expect(found).toHaveLength(Math.min(listed.length, 1));
            // Resources of one id are listed twice.
            for (const option of found) expect(listed.map(toText)).toContain(toText(option));
          }
      }),
    );
  });

  it('have what the draft creates', () => {
    const made = toDraft(testSplit()).creates;
    const loadBalancers = [
      {
        id: '@lb/new',
        name: 'new',
        region: 'ap-singapore',
        network: 'OPEN' as const,
        vpcId: 'vpc-1',
        subnetId: null,
      },
    ];
    const draft = { creates: { ...made, loadBalancers } };
    const of = { kind: 'loadBalancer', to: 'function' } as const;
    const { options } = answerOptions(testEstate(), { of, ...draft, search: '', limit: all }, own);
    expect(options).toEqual(
      toPicker(loadBalancerOptions(anticipatedEstate(testEstate(), draft), 'function', word)),
    );
    expect(options.find(({ value }) => value === '@lb/new')?.hint).toBe('new, ap-singapore, IPv4');
  });
});
