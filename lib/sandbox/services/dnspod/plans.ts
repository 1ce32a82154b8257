/** What DescribeDomainList says about a plan; other plans show their code as title. */
export type PlanFacts = { readonly title: string; readonly level: number; readonly paid: boolean };

const plans: Readonly<Record<string, PlanFacts>> = {
  DP_FREE: { title: '免费版', level: 2, paid: false },
  DP_PLUS: { title: '专业版', level: 7, paid: true },
  DP_EXTRA: { title: '企业基础版', level: 8, paid: true },
  DP_EXPERT: { title: '企业版', level: 9, paid: true },
  DP_ULTRA: { title: '尊享版', level: 10, paid: true },
};

export function planFacts(grade: string): PlanFacts {
  return plans[grade] ?? { title: grade, level: 0, paid: !grade.endsWith('FREE') };
}
