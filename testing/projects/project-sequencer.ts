import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { longestFiles, type ProjectName, projectNames } from './assign-test-files.ts';

/** Orders the files of a run: the longest ones first, then the others by project. */
export class ProjectSequencer extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const rank = ({ project, moduleId }: TestSpecification) => {
      const place = longestFiles.indexOf(relative(project.config.root, moduleId).replaceAll('\\', '/'));
      return place < 0 ? longestFiles.length + projectNames.indexOf(project.name as ProjectName) : place;
    };
    // Sorting is stable: files of the same rank keep Vitest's order.
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
