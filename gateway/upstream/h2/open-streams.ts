/** What is kept by its stream identifier. */
export interface OpenStream {
  readonly stream: number;
  /** The next one of the same bucket; written here alone. */
  nextInBucket: this | undefined;
}

const FIRST_BUCKETS = 64;

/**
 * The open streams of a connection. Not a Map: one that entries keep coming to and going from is copied again and again, V8's copies refer to the
 * next ones, and the first that has grown old keeps everything alive that was open at any of these moments, until the old generation is collected.
 */
export class OpenStreams<T extends OpenStream> {
  size = 0;
  private buckets: (T | undefined)[] = emptyBuckets(FIRST_BUCKETS);

  get(stream: number): T | undefined {
    let found = this.buckets[this.bucketOf(stream)];
    while (found !== undefined && found.stream !== stream) found = found.nextInBucket;
    return found;
  }

  /** Adds a stream whose identifier is not in use. */
  add(added: T): void {
    if (this.size >= this.buckets.length) this.grow();
    this.size += 1;
    this.put(added);
  }

  /** Without effect if it is not there. */
  delete(gone: T): void {
    const bucket = this.bucketOf(gone.stream);
    let before: T | undefined;
    let at = this.buckets[bucket];
    while (at !== undefined && at !== gone) {
      before = at;
      at = at.nextInBucket;
    }
    if (at === undefined) return;
    if (before === undefined) this.buckets[bucket] = gone.nextInBucket;
    else before.nextInBucket = gone.nextInBucket;
    gone.nextInBucket = undefined;
    this.size -= 1;
  }

  /** Those that are open now. */
  all(): T[] {
    const all: T[] = [];
    for (const first of this.buckets) {
      for (let at = first; at !== undefined; at = at.nextInBucket) all.push(at);
    }
    return all;
  }

  /** Identifiers of a client's streams are odd. */
  private bucketOf(stream: number): number {
    return (stream >>> 1) & (this.buckets.length - 1);
  }

  private put(added: T): void {
    const bucket = this.bucketOf(added.stream);
    added.nextInBucket = this.buckets[bucket];
    this.buckets[bucket] = added;
  }

  private grow(): void {
    const all = this.all();
    this.buckets = emptyBuckets(2 * this.buckets.length);
    for (const one of all) this.put(one);
  }
}

function emptyBuckets(length: number): undefined[] {
  return new Array<undefined>(length).fill(undefined);
}
