import type { Framing } from './framing.js';

export const EVENT_STREAM = 'text/event-stream';

/** The id of the event that says that a stream is complete: who comes back with it as `Last-Event-ID` has got everything. */
export const END_ID = 'end';

/** How server-sent events are written. */
export interface EventOptions {
  /** Items stand in `{"result":...}`. Not needed to tell an error from an item: its event has a name. */
  readonly envelope: boolean;
  /** How long a client shall wait before it connects again, ms; undefined: as it likes. */
  readonly retryMs: number | undefined;
}

const encoder = new TextEncoder();
const OK = '{"code":0,"message":"","details":[]}';

/**
 * Server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html: an event an item, ids that count; how the stream has ended is a
 * last event, so a client can tell one that is cut. While no item comes comments say that the stream lives.
 *
 *     retry: 3000
 *
 *     id: 1
 *     data: {"name":"notes/1"}
 *
 *     :
 *
 *     event: error                                        id: end
 *     data: {"code":15,"message":"lost","details":[]}     event: end
 *                                                         data: {"code":0,"message":"","details":[]}
 */
export function eventStream({ envelope, retryMs }: EventOptions): Framing {
  const data = envelope ? '\ndata: {"result":' : '\ndata: ';
  return {
    opening: encoder.encode(retryMs === undefined ? '' : `retry: ${retryMs}\n\n`),
    before: (items) => Buffer.from(`id: ${items + 1}${data}`, 'latin1'),
    after: encoder.encode(envelope ? '}\n\n' : '\n\n'),
    end: () => `id: ${END_ID}\nevent: end\ndata: ${OK}\n\n`,
    error: (error) => `event: error\ndata: ${error}\n\n`,
    heartbeat: encoder.encode(':\n\n'),
  };
}

const LINE_FEED = 0x0a;

/** An item of several lines as an event holds it. JSON has no line ends but those of indentation. */
export function dataLines(item: Uint8Array): Uint8Array {
  if (!item.includes(LINE_FEED)) return item;
  return encoder.encode(Buffer.from(item.buffer, item.byteOffset, item.length).toString().replaceAll('\n', '\ndata: '));
}

/** Whether a media type is that of server-sent events. */
export function isEventStream(contentType: string): boolean {
  return /^text\/event-stream\s*(?:;|$)/i.test(contentType);
}

/**
 * How many items a client has had of a stream that goes on where it was cut.
 *
 * @param lastEventId what the client says; undefined: nothing
 */
export function itemsBefore(lastEventId: string | undefined): number {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : 0;
}
