/** Whether a selector (`pkg.Name`, `pkg.*`, `*`) covers a full name. */
export function selects(selector: string, name: string): boolean {
  if (selector === '*') return true;
  return selector.endsWith('.*') ? name.startsWith(selector.slice(0, -1)) : name === selector;
}

/** Of two selectors that cover a name the one with the larger number is more specific: `pkg.Name`, then the longest `prefix.*`, then `*`. */
export function specificity(selector: string): number {
  if (selector === '*') return 0;
  return selector.endsWith('.*') ? selector.length : Number.POSITIVE_INFINITY;
}

/** Every selector that covers a name: `a.b.C` -> `a.b.C`, `a.b.*`, `a.*`, `*`. */
export function selectorsOf(name: string): readonly string[] {
  const found = [name];
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) found.push(`${name.slice(0, dot)}.*`);
  found.push('*');
  return found;
}
