import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { longestFiles, type ProjectName, projectNames } from './assign-test-files.ts';

/**
 * Orders the files of a run: the longest one, then by project, each with its longest files first, then the largest.
 * Files that start processes come last, because their builds and launchers could make the longest one time out.
 */
export class ProjectSequencer extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const rank = ({ project, moduleId }: TestSpecification) => {
      const place = longestFiles.indexOf(relative(project.config.root, moduleId).replaceAll('\\', '/'));
      if (place === 0) return place;
      const isLast = project.name === 'processes';
      const start = (isLast ? projectNames.length : projectNames.indexOf(project.name as ProjectName)) * 1000;
      return start + (place < 0 ? longestFiles.length : place);
    };
    // Sorting is stable: files of the same rank keep Vitest's order.
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
