/**
 * Groups of nodes that reach each other, each group after all that its nodes lead to (Tarjan's strongly connected
 * components, without recursion). Nodes that are in no circle are groups of one; the order is that of `nodes` otherwise.
 */
export function groups(nodes: Iterable<string>, next: (node: string) => Iterable<string>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open = new Set<string>();
  const stack: string[] = [];
  const out: string[][] = [];
  const enter = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    open.add(node);
    return { node, ways: next(node)[Symbol.iterator]() };
  };
  const lower = (node: string, to: number) => low.set(node, Math.min(low.get(node)!, to));
  for (const start of nodes) {
    if (index.has(start)) continue;
    const path = [enter(start)];
    while (path.length > 0) {
      const { node, ways } = path.at(-1)!;
      const way = ways.next();
      if (!way.done) {
        if (!index.has(way.value)) path.push(enter(way.value));
        else if (open.has(way.value)) lower(node, index.get(way.value)!);
        continue;
      }
      path.pop();
      if (path.length > 0) lower(path.at(-1)!.node, low.get(node)!);
      if (low.get(node) !== index.get(node)) continue;
      const group: string[] = [];
      for (let member = ''; member !== node; ) {
        member = stack.pop()!;
        open.delete(member);
        group.unshift(member);
      }
      out.push(group);
    }
  }
  return out;
}
