import type { Incoming, Outgoing } from '../exchange/exchange.js';
import { END_ID, EVENT_STREAM, itemsBefore } from '../transcode/event-stream.js';
import type { ReplyForm } from '../transcode/reply.js';
import type { Route } from './route.js';
import { varyByAccept } from './vary.js';

/** Keeps what is on the way from holding events back, or from keeping them for another client. */
export function keepFlowing(reply: Outgoing): void {
  reply.header('cache-control', 'no-store');
  // What nginx and those that do like it go by.
  reply.header('x-accel-buffering', 'no');
}

/** How many items there were before those of this answer: a number only where the upstream gets the client's `Last-Event-ID`, and can go on from there. */
export function resumedAfter(route: Route, request: Incoming, form: ReplyForm): number {
  return route.resumes && isEvents(form) ? itemsBefore(lastEventIdOf(request)) : 0;
}

/** Whether a client asks again for events of which it has got all. */
export function isComplete(request: Incoming, form: ReplyForm): boolean {
  return isEvents(form) && lastEventIdOf(request) === END_ID;
}

/** Tells a client to ask no more: after 204 an `EventSource` does not connect again. */
export function answerComplete(reply: Outgoing, form: ReplyForm): void {
  if (form.byAccept) varyByAccept(reply);
  keepFlowing(reply);
  reply.code(204);
  reply.send();
}

function isEvents({ raw, contentType }: ReplyForm): boolean {
  return !raw && contentType === EVENT_STREAM;
}

function lastEventIdOf({ headers }: Incoming): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}
