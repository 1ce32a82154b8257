import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { longestFiles, type ProjectName, projectNames } from './assign-test-files.ts';

/** Orders the files of a run by project, each with its longest files first, then the largest. */
export class ProjectSequencer extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const rank = ({ project, moduleId }: TestSpecification) => {
      const place = longestFiles.indexOf(relative(project.config.root, moduleId).replaceAll('\\', '/'));
      return (
        projectNames.indexOf(project.name as ProjectName) * 1000 + (place < 0 ? longestFiles.length : place)
      );
    };
    // Sorting is stable: files of the same rank keep Vitest's order.
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
