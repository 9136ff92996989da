import type { FieldChain } from '../../schema.js';
import { emptyPlan, fill } from './compile.js';
import type { PrintField, PrintPlan } from './plan.js';

/**
 * A plan without the fields that are not selected, which makes them unknown fields: nothing in the interpreter knows of selections. Chains lead
 * from the type of the plan; one that goes on behind a repeated or map field selects within each of its values.
 *
 *     [[title], [author, name]]  ->  { title: whole, author: { name: whole } }
 *
 * Built per request, of the few records that are selected.
 */
export function select(plan: PrintPlan, chains: readonly FieldChain[]): PrintPlan {
  if (plan.form !== 'message' || chains.some((chain) => chain.length === 0)) return plan;
  const selected: PrintField[] = [];
  for (const field of plan.fields) {
    const rests = chains.filter((chain) => chain[0]?.number === field.number).map((chain) => chain.slice(1));
    if (rests.length > 0) selected.push(within(field, rests));
  }
  const smaller = emptyPlan(plan.type);
  fill(smaller, selected);
  return smaller;
}

/** The same for a plan that prints one field alone: chains lead from the value that is printed. */
export function selectInner(plan: PrintPlan, chains: readonly FieldChain[]): PrintPlan {
  const smaller = emptyPlan(plan.type);
  fill(
    smaller,
    plan.fields.map((f) => (f.kind === 'inline' && f.plan !== undefined ? { ...f, plan: selectInner(f.plan, chains) } : within(f, chains))),
  );
  return smaller;
}

function within(field: PrintField, chains: readonly FieldChain[]): PrintField {
  const { plan, entry } = field;
  if (plan !== undefined) return { ...field, plan: select(plan, chains) };
  if (entry === undefined) return { ...field };
  // The chain of a map field goes on from its value, or names the value field of the entry first.
  const beyond = chains.map((chain) => (chain[0]?.parent.mapEntry === true ? chain.slice(1) : chain));
  return { ...field, entry: { key: entry.key, value: within(entry.value, beyond) } };
}
