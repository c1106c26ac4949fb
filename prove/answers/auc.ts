/**
 * The area under the ROC curve of two samples (Mann and Whitney's U, divided by the number of pairs): how often a value of
 * `left` is below one of `right`, where equal ones count half. At 0.5 the samples cannot be told apart.
 */
export function areaUnderCurve(left: readonly number[], right: readonly number[]): number {
  const all = [
    ...left.map((value) => ({ value, isLeft: true })),
    ...right.map((value) => ({ value, isLeft: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (all[to + 1]?.value === all[from]?.value) to += 1;
    const meanRank = (from + to) / 2 + 1;
    rankSum += meanRank * all.slice(from, to + 1).filter(({ isLeft }) => !isLeft).length;
    from = to + 1;
  }
  return (rankSum - (right.length * (right.length + 1)) / 2) / (left.length * right.length);
}
