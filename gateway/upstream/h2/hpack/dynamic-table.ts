/** What an entry costs beside its name and value (RFC 7541, 4.1). */
const OVERHEAD = 32;

/** The dynamic table of a decoder (RFC 7541, 2.3.2): first in, first out, bounded in size. */
export class DynamicTable {
  private names: string[] = [];
  private values: string[] = [];
  /** Index of the oldest entry in the arrays; what lies before is gone. */
  private oldest = 0;
  private size = 0;
  /** Changes with every change: what was decoded at the same version decodes to the same again. */
  version = 0;

  constructor(
    /** Largest size in effect, octets. */
    private limit: number,
  ) {}

  /** Number of entries. */
  get length(): number {
    return this.names.length - this.oldest;
  }

  /** Of the `n`th newest entry, from 0; undefined if there is none. */
  name(n: number): string | undefined {
    return n < this.length ? this.names[this.names.length - 1 - n] : undefined;
  }

  /** Of the `n`th newest entry, from 0; undefined if there is none. */
  value(n: number): string | undefined {
    return n < this.length ? this.values[this.values.length - 1 - n] : undefined;
  }

  /** Evicts what has to go, then adds; an entry larger than the table empties it (RFC 7541, 4.4). */
  add(name: string, value: string): void {
    const cost = name.length + value.length + OVERHEAD;
    this.version += 1;
    this.evict(this.limit - cost);
    if (cost > this.limit) return;
    this.names.push(name);
    this.values.push(value);
    this.size += cost;
  }

  /** Sets the largest size, evicting what no longer fits (RFC 7541, 4.3). */
  resize(limit: number): void {
    this.version += 1;
    this.limit = limit;
    this.evict(limit);
  }

  private evict(room: number): void {
    while (this.size > room && this.length > 0) {
      this.size -= (this.names[this.oldest]?.length ?? 0) + (this.values[this.oldest]?.length ?? 0) + OVERHEAD;
      this.oldest += 1;
    }
    if (this.oldest < 64 && this.length > 0) return;
    this.names = this.names.slice(this.oldest);
    this.values = this.values.slice(this.oldest);
    this.oldest = 0;
  }
}
