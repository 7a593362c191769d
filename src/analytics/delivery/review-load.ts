export interface ReviewedChange {
  author?: string | undefined;
  reviewers: readonly string[];
}

export interface ReviewLoad {
  reviewer: string;
  reviews: number;
  /** Of all reviews. */
  share: number;
}

export interface ReviewLoads {
  /** Most reviews first. */
  loads: ReviewLoad[];
  total: number;
  /** Changes nobody but the author looked at. */
  unreviewed: number;
  /** The fewest reviewers who did half of the reviews. */
  halfDoneBy: number;
}

/** Who reviews how much. A review by the author is none; one person counts once per change. */
export function reviewLoads(changes: readonly ReviewedChange[]): ReviewLoads {
  const counts = new Map<string, number>();
  let unreviewed = 0;
  for (const { author, reviewers } of changes) {
    const others = [...new Set(reviewers)].filter((name) => name !== author);
    if (others.length === 0) unreviewed += 1;
    for (const name of others) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const loads = [...counts]
    .map(([reviewer, reviews]) => ({ reviewer, reviews, share: reviews / total }))
    .sort((a, b) => b.reviews - a.reviews || (a.reviewer < b.reviewer ? -1 : 1));
  let sum = 0;
  const half = loads.findIndex(({ reviews }) => {
    sum += reviews;
    return sum * 2 >= total;
  });
  return { loads, total, unreviewed, halfDoneBy: half + 1 };
}
