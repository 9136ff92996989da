import { JsonError } from '../../proto/json/codec.js';
import { isEmptyJson } from '../transcode/content.js';
import type { ItemSink, ItemSource } from './items.js';

const NOTHING = new Uint8Array(0);

/** The one item of a client stream whose rule takes no body: of path and query alone. */
export class UrlItem implements ItemSource {
  /** @param body what must hold nothing, if there is a body and it is not ignored */
  constructor(private readonly body: ItemSource | undefined) {}

  start(sink: ItemSink): void {
    const end = () => {
      sink.item(NOTHING);
      sink.end();
    };
    if (this.body === undefined) {
      process.nextTick(end);
      return;
    }
    this.body.start({
      item: (bytes) => {
        if (!isEmptyJson(bytes)) sink.fail(new JsonError('', 'this method takes no request body'));
      },
      end,
      fail: (error) => sink.fail(error),
    });
  }

  pause(): void {
    this.body?.pause();
  }

  resume(): void {
    this.body?.resume();
  }

  stop(): void {
    this.body?.stop();
  }
}
