import { describe, expect, it } from 'vitest';
import { buildMap } from '@/lib/estate/topology/build-map';
import { buildRoutes } from '@/lib/estate/topology/build-routes';
import type { MapView } from '@/lib/estate/topology/map-model';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { layoutGraph } from './layout';
import { getColumn } from './measures';
import { walkGraph } from './walk';

const start: MapView = { search: '', region: null, state: null, focus: [], open: [], page: 0 };
const routes = buildRoutes(testTopologyEstate);
const whole = buildMap(routes, { ...start, open: ['all'] });

describe('layoutGraph', () => {
  it.each([
    ['closed', start],
    ['half open', { ...start, open: ['lb:lb-jkt', 'ls:lbl-web'] }],
    ['whole', { ...start, open: ['all'] }],
  ])('places every node of a %s map without overlap', (_name, view) => {
    const map = buildMap(routes, view);
    const { boxes } = layoutGraph(map);
    expect(boxes.size).toBe(map.nodes.length);
    const all = [...boxes.values()];
    const overlaps = all.flatMap((a, i) =>
      all
        .slice(i + 1)
        .filter(
          (b) => a.y < b.y + b.height && b.y < a.y + a.height && a.x < b.x + b.width && b.x < a.x + a.width,
        ),
    );
    expect(overlaps).toEqual([]);
  });

  it('keeps every node of a region inside its box', () => {
    const layout = layoutGraph(whole);
    for (const node of whole.nodes) {
      if (getColumn(node) === 'host' || !('region' in node)) continue;
      const region = layout.regions.find((each) => each.region === node.region)?.box;
      const box = layout.boxes.get(node.id);
      if (!region || !box) throw new Error(`${node.id} has no place`);
      expect(box.y).toBeGreaterThanOrEqual(region.y);
      expect(box.y + box.height).toBeLessThanOrEqual(region.y + region.height);
    }
  });
});

describe('walkGraph', () => {
  const { boxes } = layoutGraph(whole);
  const lit = new Set(['lb:lb-jkt', 'ru:loc-checkout']);

  it('walks along a route and stays on the highlighted path at a fork', () => {
    expect(walkGraph(whole, boxes, 'host:checkout.example.co.id', 'ArrowRight', lit)).toBe('lb:lb-jkt');
    expect(walkGraph(whole, boxes, 'ls:lbl-web', 'ArrowRight', lit)).toBe('ru:loc-checkout');
    expect(walkGraph(whole, boxes, 'lb:lb-jkt', 'ArrowDown', lit)).toBe('lb:lb-sin');
    expect(walkGraph(whole, boxes, 'be:ap-singapore/flash/voucher', 'ArrowRight', lit)).toBeNull();
  });
});
