import type { Binding } from '../binding.js';

/** A method that takes a stream, which is not served over plain HTTP. */
export function clientStreaming({ method }: Binding): string | undefined {
  return method.clientStream ? 'client streaming is not served over plain HTTP: its route answers 501' : undefined;
}
